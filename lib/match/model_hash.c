/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The number that names a model. Rows of the three large tables go into it as a sum of their digests, which does not depend on the order
 * of rows and is kept up to date row by row: naming a model costs what the day changed, not what the years learned.
 */
#include "match/learn.h"

static void
put_number(unsigned char *to, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (unsigned char)(number >> (8 * i));
}

static void
sum_row(struct o2c__digest_sum *sum, const o2c__sha256 *row, bool plus)
{
    o2c__sha256 sha = *row;
    uint8_t digest[32];
    uint64_t carry = 0;
    o2c__sha256_end(&sha, digest);
    for (unsigned i = 0; i < 4; i++) {
        uint64_t word = 0, before = sum->words[i];
        for (unsigned k = 0; k < 8; k++)
            word |= (uint64_t)digest[8 * i + k] << (8 * k);
        uint64_t step = word + carry;
        uint64_t over = step < carry;
        sum->words[i] = plus ? before + step : before - step;
        carry = over + (plus ? sum->words[i] < before : sum->words[i] > before);
    }
}

void
o2c__digest_class(struct o2c__digest_sum *sum, const struct o2c__class_count *row, bool plus)
{
    unsigned char bytes[40];
    o2c__sha256 sha;
    put_number(bytes, row->owner, 8);
    put_number(bytes + 8, row->line_class, 4);
    put_number(bytes + 12, (uint32_t)row->day, 4);
    put_number(bytes + 16, row->judged, 8);
    put_number(bytes + 24, row->wrong, 8);
    put_number(bytes + 32, row->expected, 8);
    o2c__sha256_init(&sha);
    o2c__sha256_add(&sha, bytes, sizeof bytes);
    sum_row(sum, &sha, plus);
}

void
o2c__digest_habit(struct o2c__digest_sum *sum, const struct o2c__habit_row *row, bool plus)
{
    unsigned char bytes[40];
    o2c__sha256 sha;
    put_number(bytes, row->owner, 8);
    put_number(bytes + 8, row->key, 8);
    put_number(bytes + 16, row->kind, 4);
    put_number(bytes + 20, (uint32_t)row->day, 4);
    put_number(bytes + 24, row->seen, 8);
    put_number(bytes + 32, row->asked, 8);
    o2c__sha256_init(&sha);
    o2c__sha256_add(&sha, bytes, sizeof bytes);
    sum_row(sum, &sha, plus);
}

/* The number of the row is a hash of its text and account: with their lengths it stands for both. */
void
o2c__digest_learned(struct o2c__digest_sum *sum, const struct o2c__learned *row, o2c_str heap, bool plus)
{
    unsigned char bytes[40];
    o2c__sha256 sha;
    put_number(bytes, row->row, 8);
    bytes[8] = row->kind;
    bytes[9] = row->state;
    bytes[10] = row->exact;
    bytes[11] = 0;
    put_number(bytes + 12, row->seen, 4);
    put_number(bytes + 16, row->persons, 4);
    put_number(bytes + 20, (uint32_t)row->first_day, 4);
    put_number(bytes + 24, (uint32_t)row->last_day, 4);
    put_number(bytes + 28, (uint32_t)row->revoked_day, 4);
    put_number(bytes + 32, row->text.len, 4);
    put_number(bytes + 36, row->account.len, 4);
    o2c__sha256_init(&sha);
    o2c__sha256_add(&sha, bytes, sizeof bytes);
    o2c__sha256_add(&sha, heap.ptr + row->text.at, row->text.len);
    o2c__sha256_add(&sha, heap.ptr + row->account.at, row->account.len);
    sum_row(sum, &sha, plus);
}

void
o2c__digest_touched(struct o2c__memories *memories)
{
    for (uint32_t i = 0; i < memories->classes.room; i++) {
        struct o2c__class_count *row = &memories->classes.slots[i];
        if (row->touched) {
            row->touched = 0;
            o2c__digest_class(&memories->classes_sum, row, true);
        }
    }
    for (uint32_t i = 0; i < memories->rows.room; i++) {
        struct o2c__habit_row *row = &memories->rows.slots[i];
        if (row->touched) {
            row->touched = 0;
            o2c__digest_habit(&memories->rows_sum, row, true);
        }
    }
    for (size_t i = 0; i < memories->learned.rows.count; i++) {
        struct o2c__learned *row = &O2C__AT(&memories->learned.rows, struct o2c__learned, i);
        if (row->touched) {
            row->touched = 0;
            o2c__digest_learned(&memories->learned_sum, row, o2c__text_heap_str(&memories->learned.heap), true);
        }
    }
}

static void
write_sum(o2c__writer *writer, const struct o2c__digest_sum *sum)
{
    for (unsigned i = 0; i < 4; i++)
        o2c__write_u64(writer, sum->words[i]);
}

/* Everything but the large tables, and their sums. */
static void
write_memories(o2c__writer *writer, const struct o2c__memories *memories)
{
    o2c__write_u32(writer, (uint32_t)memories->day);
    write_sum(writer, &memories->classes_sum);
    write_sum(writer, &memories->learned_sum);
    write_sum(writer, &memories->rows_sum);
    o2c__write_memories_small(writer, memories);
}

static void
write_head(o2c__writer *writer, const o2c_match_model *model)
{
    o2c__write_str(writer, o2c__str("o2c model"));
    o2c__write_u32(writer, O2C__RULES);
    o2c__write_u32(writer, O2C__FOLD_VERSION);
    o2c__write_model_series(writer, model);
    o2c__write_u8(writer, model->learned != NULL);
    if (model->learned)
        write_memories(writer, model->learned);
}

bool
o2c__model_hash(o2c_match_model *model)
{
    o2c__writer writer;
    o2c__sha256 sha;
    o2c__writer_init(&writer, &model->context.memory);
    write_head(&writer, model);
    bool whole = !writer.failed;
    if (whole) {
        o2c__sha256_init(&sha);
        o2c__sha256_add(&sha, writer.bytes.rows, writer.bytes.count);
        o2c__sha256_end(&sha, model->hash);
    }
    o2c__writer_free(&writer);
    return whole;
}
