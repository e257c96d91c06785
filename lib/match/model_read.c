/* SPDX-License-Identifier: Apache-2.0 */
/* A model from bytes that anybody may have written: every number is checked, every order, and the name at the end. */
#include "match/learn.h"
#include "match/shape.h"

struct reader {
    const unsigned char *bytes;
    size_t len, at;
    bool failed;
};

static uint64_t
number(struct reader *reader, unsigned width)
{
    uint64_t value = 0;
    if (reader->failed || reader->len - reader->at < width) {
        reader->failed = true;
        return 0;
    }
    for (unsigned i = 0; i < width; i++)
        value |= (uint64_t)reader->bytes[reader->at++] << (8 * i);
    return value;
}

static uint32_t
word(struct reader *reader)
{
    return (uint32_t)number(reader, 4);
}

static o2c_str
text(struct reader *reader, size_t max)
{
    uint32_t len = word(reader);
    if (reader->failed || len > max || reader->len - reader->at < len) {
        reader->failed = true;
        return (o2c_str){ "", 0 };
    }
    reader->at += len;
    return (o2c_str){ (const char *)reader->bytes + reader->at - len, len };
}

/* A count of rows of at least width bytes each: no array is made for rows that cannot be there. */
static uint32_t
rows_count(struct reader *reader, size_t width)
{
    uint32_t count = word(reader);
    if (!reader->failed && count > (reader->len - reader->at) / width)
        reader->failed = true;
    return reader->failed ? 0 : count;
}

static bool
refuse(struct reader *reader, bool wrong)
{
    reader->failed = reader->failed || wrong;
    return !reader->failed;
}

/* true = all read, or reader->failed; false = no memory. The other readers of tables likewise. */
static bool
read_series(struct reader *reader, o2c_match_model *model)
{
    model->accounts = number(reader, 8);
    uint32_t count = rows_count(reader, 36);
    if (count && !(model->series = o2c__alloc_array(&model->context.memory, count, sizeof *model->series)))
        return false;
    model->series_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct o2c__series *row = &model->series[i];
        row->shape = number(reader, 8);
        row->low = number(reader, 8);
        row->high = number(reader, 8);
        row->open = word(reader);
        row->seen = word(reader);
        row->ln_range = (int32_t)word(reader);
        bool ordered = i == 0 || row->shape > model->series[i - 1].shape;
        refuse(reader, !ordered || row->low > row->high || row->open > row->seen || row->ln_range < 0);
    }
    return refuse(reader, model->accounts == 0) || true;
}

static void
read_numbers(struct reader *reader, uint32_t *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = word(reader);
}

static void
read_release(struct reader *reader, struct o2c__release_row *row)
{
    row->suspended = word(reader);
    row->period = (int32_t)word(reader);
    row->history_lines = number(reader, 8);
    row->history_wrong = number(reader, 8);
    read_numbers(reader, row->sample_lines, O2C__PERIODS);
    read_numbers(reader, row->sample_wrong, O2C__PERIODS);
    read_numbers(reader, row->corrections, O2C__PERIODS);
    read_numbers(reader, row->posted, O2C__PERIODS);
    bool wrong = row->suspended > 1 || row->period < 0 || row->history_wrong > row->history_lines || row->history_lines > UINT64_C(1) << 62;
    for (uint32_t i = 0; i < O2C__PERIODS; i++)
        wrong = wrong || row->sample_wrong[i] > row->sample_lines[i];
    if (refuse(reader, wrong))
        o2c__release_bounds(row);
}

static bool
read_small(struct reader *reader, struct o2c__memories *memories, o2c__memory *memory)
{
    struct o2c__habits *habits = &memories->habits;
    uint32_t before = 0;
    memories->cal.day = (int32_t)word(reader);
    refuse(reader, memories->cal.day < 0 || memories->cal.day > memories->day);
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++) {
        memories->cal.judged[i] = number(reader, 8);
        memories->cal.wrong[i] = number(reader, 8);
        refuse(reader, memories->cal.wrong[i] > memories->cal.judged[i] || memories->cal.judged[i] > O2C__COUNT_MAX);
    }
    read_numbers(reader, &habits->sizes[0][0], O2C__HABIT_POOLS * O2C__HABIT_SIZES);
    read_numbers(reader, &habits->runs[0][0][0], O2C__HABIT_POOLS * O2C__HABIT_SIZES * O2C__HABIT_SIZES);
    read_numbers(reader, &habits->oldest[0][0], O2C__HABIT_POOLS * 2);
    uint32_t count = rows_count(reader, 28 + 16 * O2C__PERIODS);
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        uint32_t line_class = word(reader);
        bool ordered = refuse(reader, line_class <= before);
        struct o2c__release_row *row = ordered ? o2c__release_put(&memories->releases, memory, line_class) : NULL;
        if (!reader->failed && !row)
            return false;
        if (row)
            read_release(reader, row);
        before = line_class;
    }
    if (!reader->failed)
        o2c__cal_fit(&memories->cal);
    return true;
}

static bool
read_counts(struct reader *reader, struct o2c__memories *memories, o2c__memory *memory)
{
    uint32_t count = rows_count(reader, 40), class_before = 0;
    uint64_t owner_before = 0;
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        uint64_t owner = number(reader, 8);
        uint32_t line_class = word(reader);
        struct o2c__class_count row = { .owner = owner, .line_class = line_class, .day = (int32_t)word(reader) };
        row.judged = number(reader, 8);
        row.wrong = number(reader, 8);
        row.expected = number(reader, 8);
        bool ordered = i == 0 || owner > owner_before || (owner == owner_before && line_class > class_before);
        refuse(reader, !ordered || line_class == 0 || row.day <= 0 || row.day > memories->day || row.judged > O2C__COUNT_MAX ||
                           row.wrong > row.judged || row.expected > O2C__COUNT_MAX);
        struct o2c__class_count *to = reader->failed ? NULL : o2c__class_put(&memories->classes, memory, owner, line_class);
        if (!reader->failed && !to)
            return false;
        if (to) {
            *to = row;
            to->touched = 1;
        }
        owner_before = owner;
        class_before = line_class;
    }
    return true;
}

/* Does a row stand behind the one before it? */
static bool
habit_follows(const struct o2c__habit_row *row, const struct o2c__habit_row *before)
{
    if (row->owner != before->owner)
        return row->owner > before->owner;
    return row->kind != before->kind ? row->kind > before->kind : row->key > before->key;
}

static bool
read_habits(struct reader *reader, struct o2c__memories *memories, o2c__memory *memory)
{
    uint32_t count = rows_count(reader, 40);
    struct o2c__habit_row before = { 0 };
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        struct o2c__habit_row row = { .owner = number(reader, 8) };
        uint32_t kind = word(reader);
        row.kind = (uint16_t)kind;
        row.key = number(reader, 8);
        row.day = (int32_t)word(reader);
        row.seen = number(reader, 8);
        row.asked = number(reader, 8);
        row.touched = 1;
        refuse(reader, !o2c__habit_known(kind) || !habit_follows(&row, &before) || row.day <= 0 ||
                           row.day > memories->day || row.seen > O2C__COUNT_MAX || row.asked > O2C__COUNT_MAX);
        struct o2c__habit_row *to = reader->failed ? NULL : o2c__habit_put(&memories->rows, memory, row.owner, kind, row.key);
        if (!reader->failed && !to)
            return false;
        if (to)
            *to = row;
        before = row;
    }
    return true;
}

static bool
wrong_learned(const struct o2c__learned *row, uint64_t number_said, uint64_t before, int32_t day)
{
    if (row->row != number_said || number_said <= before || row->exact > 1)
        return true;
    if (row->kind < O2C_LEARNED_BANK_ACCOUNT || row->kind > O2C_LEARNED_REFERENCE_SHAPE || row->state < O2C_LEARNED_STATE_OBSERVED ||
        row->state > O2C_LEARNED_STATE_REVOKED)
        return true;
    bool days = row->first_day > 0 && row->last_day >= row->first_day && row->last_day <= day;
    return !days || row->persons > row->seen || row->revoked_day < 0 || row->revoked_day > day || row->text.len == 0 ||
           row->account.len == 0;
}

static bool
read_learned(struct reader *reader, o2c_match_model *model)
{
    uint32_t count = rows_count(reader, 39);
    uint64_t before = 0;
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        uint64_t said = number(reader, 8);
        struct o2c__learned row = { .kind = (uint8_t)number(reader, 1), .state = (uint8_t)number(reader, 1) };
        row.exact = (uint8_t)number(reader, 1);
        row.seen = word(reader);
        row.persons = word(reader);
        row.first_day = (int32_t)word(reader);
        row.last_day = (int32_t)word(reader);
        row.revoked_day = (int32_t)word(reader);
        o2c_str account = text(reader, 64), name = text(reader, 3 * 512);
        bool fresh;
        if (reader->failed)
            break;
        uint32_t at = o2c__learned_put(model, row.kind, name, account, row.first_day, &fresh);
        if (at == O2C__NONE)
            return false;
        struct o2c__learned *to = &O2C__AT(&model->learned->learned.rows, struct o2c__learned, at);
        row.row = to->row;
        row.text = to->text;
        row.account = to->account;
        bool nameless = row.kind == O2C_LEARNED_REFERENCE_SHAPE && o2c__shape_named(name) == O2C__SHAPES;
        refuse(reader, !fresh || nameless || wrong_learned(&row, said, before, model->learned->day));
        *to = row;
        to->touched = 1;
        before = said;
    }
    return true;
}

static bool
read_memories(struct reader *reader, o2c_match_model *model)
{
    o2c__memory *memory = &model->context.memory;
    if (!(model->learned = o2c__memories_new(memory)))
        return false;
    model->learned->day = (int32_t)word(reader);
    refuse(reader, model->learned->day <= 0);
    if (!read_small(reader, model->learned, memory) || !read_counts(reader, model->learned, memory) || !read_learned(reader, model) ||
        !read_habits(reader, model->learned, memory))
        return false;
    if (!reader->failed)
        o2c__digest_touched(model->learned);
    return true;
}

static bool
read_model(struct reader *reader, o2c_match_model *model)
{
    o2c_str magic = text(reader, 32);
    refuse(reader, !o2c__str_equal(magic, o2c__str(O2C__MODEL_MAGIC)));
    refuse(reader, word(reader) != O2C__MODEL_VERSION);
    refuse(reader, word(reader) != O2C__RULES);
    refuse(reader, word(reader) != O2C__FOLD_VERSION);
    if (!read_series(reader, model))
        return false;
    uint8_t learned = (uint8_t)number(reader, 1);
    if (!refuse(reader, learned > 1) || !learned)
        return true;
    return read_memories(reader, model);
}

o2c_status
o2c_match_model_read(const o2c_env *env, const o2c_str *bytes, o2c_match_model **out_model, o2c_error *err)
{
    o2c__context context;
    o2c_match_model *model;
    if (!bytes || (bytes->len && !bytes->ptr) || !out_model)
        return o2c__fail(err, O2C_E_MISUSE, NULL, "bytes or out_model is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status)
        return status;
    if (!(model = o2c__model_alloc(&context)))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a model");
    struct reader reader = { (const unsigned char *)bytes->ptr, bytes->len, 0, false };
    if (!read_model(&reader, model) || (!reader.failed && !o2c__model_settle(model)))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a model");
    else if (reader.failed || reader.len - reader.at != sizeof model->hash)
        status = o2c__fail_at(err, O2C_E_MATCH_MODEL, NULL, reader.at, 0, "these bytes are not a model of this library");
    else if (memcmp(reader.bytes + reader.at, model->hash, sizeof model->hash) != 0)
        status = o2c__fail_at(err, O2C_E_MATCH_MODEL, NULL, reader.at, 0, "the model was changed: its digest does not hold");
    if (status)
        o2c_match_model_free(model);
    else
        *out_model = model;
    return status;
}
