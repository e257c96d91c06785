/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Do our lines say what people cleared? A line agrees when it puts the same money on the same document, or on one that no posting can
 * tell from it. Both sides are sorted once and walked together, so that long advices cost no more than their length.
 */
#include "match/backtest.h"

/* One side of a comparison: an item with what was put on it. */
struct side {
    const o2c_open_item *item;
    int64_t open, paid;
    int64_t discount, differences; /* ours: the discount alone, and all that came off; theirs: both the same */
    uint32_t account, row, flags;
    int32_t close;
    bool told;                     /* the discount is known */
};

struct bench {
    const struct o2c__replay *replay;
    struct side *sides;
};

static int
compare_i64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int
compare_tiers(const o2c_open_item *a, const o2c_open_item *b)
{
    int order = 0;
    for (int i = 0; i < 2 && !order; i++) {
        order = compare_i64(a->discount[i].set, b->discount[i].set);
        if (!order)
            order = compare_i64(a->discount[i].until_day, b->discount[i].until_day);
        if (!order)
            order = compare_i64(a->discount[i].value, b->discount[i].value);
    }
    /* a share of the original amount is worth as much as that amount */
    if (!order && a->discount[0].set)
        order = compare_i64(a->original_minor, b->original_minor);
    return order;
}

/* A list of today calls closed what was an invoice or a credit then. */
static int32_t
kind_then(const o2c_open_item *item)
{
    if (item->kind != O2C_ITEM_CLOSED)
        return item->kind;
    return item->original_minor < 0 ? O2C_ITEM_CREDIT_MEMO : O2C_ITEM_INVOICE;
}

/* Zero for documents that no posting can tell apart (MATCHER 5.7), and that got the same money. */
static int
compare_twins(const void *self, uint32_t x, uint32_t y)
{
    const struct bench *bench = self;
    const struct side *a = &bench->sides[x], *b = &bench->sides[y];
    o2c_str heap = bench->replay->master.heap;
    int order = compare_i64(a->account, b->account);
    if (!order)
        order = compare_i64(a->open, b->open);
    if (!order)
        order = compare_i64(a->paid, b->paid);
    if (!order)
        order = memcmp(a->item->currency, b->item->currency, 4);
    if (!order)
        order = o2c__str_compare(o2c__ref_str(a->item->company, heap), o2c__ref_str(b->item->company, heap));
    if (!order)
        order = compare_i64(kind_then(a->item), kind_then(b->item));
    if (!order && a->item->dimension_set != b->item->dimension_set)
        order = a->item->dimension_set < b->item->dimension_set ? -1 : 1;
    if (!order)
        order = compare_i64(a->item->flags & O2C_ITEM_FLAG_WITHHOLDING, b->item->flags & O2C_ITEM_FLAG_WITHHOLDING);
    return order ? order : compare_tiers(a->item, b->item);
}

static int
compare_rows(const void *self, uint32_t x, uint32_t y)
{
    const struct bench *bench = self;
    return compare_i64(bench->sides[x].row, bench->sides[y].row);
}

/*
 * What we take off an item must be what people took off. Where we take nothing off and leave the rest open, nothing is given away: a
 * person still sees it, so the line agrees and is counted apart. agreed is the verdict of lines that say the same.
 */
static uint8_t
money_verdict(const struct side *ours, const struct side *theirs, uint8_t agreed)
{
    bool closes = ours->close == O2C_CLOSE_FULL || ours->close == O2C_CLOSE_RESIDUAL;
    bool told = theirs->told && theirs->discount != ours->discount && theirs->discount != ours->differences;
    if (ours->paid != theirs->paid || (told && ours->differences) || (theirs->flags & O2C_CLEARING_REST_STAYS && closes))
        return O2C_AGREEMENT_DIFFERENT;
    return told || (theirs->flags & O2C_CLEARING_CLOSES && !closes) ? O2C_AGREEMENT_LEFT_OPEN : agreed;
}

/* ---- the two sides */
static void
fill_ours(const struct o2c__replay *replay, const o2c_line *line, struct side *to)
{
    uint32_t item = (uint32_t)line->host_ref;
    *to = (struct side){ &replay->master.items[item], line->expect_open_minor, line->paid_minor, 0, 0, replay->items[item].account, item, 0,
                         line->close, true };
    to->discount = line->discount_minor + line->discount_tolerance_minor;
    to->differences = line->cleared_minor - line->paid_minor;
}

/* Rows of one item are one side: they stand together. Answers how many sides. */
static uint32_t
fill_theirs(const struct o2c__replay *replay, uint32_t payment, int32_t limit, struct side *to)
{
    uint32_t count = 0;
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        const struct o2c__truth *row = &replay->truth[i];
        if (row->known > limit)
            continue;
        if (count == 0 || to[count - 1].row != row->item || row->item == O2C__NONE) {
            bool here = row->item != O2C__NONE;
            to[count++] = (struct side){ here ? &replay->master.items[row->item] : NULL, row->open, 0, 0, 0,
                                         here ? replay->items[row->item].account : O2C__NONE, row->item, 0, 0, true };
        }
        struct side *side = &to[count - 1];
        o2c__report_add(&side->paid, row->applied);
        o2c__report_add(&side->discount, row->discount);
        side->flags |= row->flags;
        side->told = !(side->flags & O2C_CLEARING_DISCOUNT_UNKNOWN);
    }
    return count;
}

/* Walks two sorted lists together; what pairs gets its verdict and leaves both lists. */
static void
pair(struct bench *bench, uint32_t *ours, uint32_t *ours_count, uint32_t *theirs, uint32_t *theirs_count,
     int (*compare)(const void *self, uint32_t a, uint32_t b), uint8_t agreed, uint8_t *verdicts)
{
    uint32_t a = 0, b = 0, ours_left = 0, theirs_left = 0;
    while (a < *ours_count && b < *theirs_count) {
        int order = compare(bench, ours[a], theirs[b]);
        if (order < 0) {
            ours[ours_left++] = ours[a++];
        } else if (order > 0) {
            theirs[theirs_left++] = theirs[b++];
        } else {
            uint8_t verdict = money_verdict(&bench->sides[ours[a]], &bench->sides[theirs[b]], agreed);
            if (verdict != O2C_AGREEMENT_DIFFERENT || agreed == O2C_AGREEMENT_SAME)
                verdicts[ours[a]] = verdict;
            else
                ours[ours_left++] = ours[a], theirs[theirs_left++] = theirs[b];
            a++, b++;
        }
    }
    for (; a < *ours_count; a++)
        ours[ours_left++] = ours[a];
    for (; b < *theirs_count; b++)
        theirs[theirs_left++] = theirs[b];
    *ours_count = ours_left;
    *theirs_count = theirs_left;
}

/* Only documents that stood open on the day can take the place of one another. */
static uint32_t
keep_open(const struct o2c__replay *replay, const struct bench *bench, uint32_t payment, uint32_t *theirs, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct side *side = &bench->sides[theirs[i]];
        bool stood = false;
        for (uint32_t k = replay->truth_at[payment]; side->item && !stood && k < replay->truth_at[payment + 1]; k++)
            stood = replay->truth[k].item == side->row && replay->truth[k].stood;
        if (stood)
            theirs[kept++] = theirs[i];
    }
    return kept;
}

static void
compare_sides(struct bench *bench, uint32_t payment, uint32_t *numbers, uint32_t *scratch, uint32_t ours, uint32_t theirs,
              uint8_t *verdicts, struct o2c__judged *out)
{
    uint32_t *left = numbers, *right = numbers + ours, lines = ours;
    for (uint32_t i = 0; i < ours + theirs; i++)
        numbers[i] = i;
    o2c__sort(left, scratch, ours, compare_rows, bench); /* theirs stand by row already */
    pair(bench, left, &ours, right, &theirs, compare_rows, O2C_AGREEMENT_SAME, verdicts);
    out->whole = theirs == 0;
    if (ours && theirs) {
        uint32_t before = theirs;
        theirs = keep_open(bench->replay, bench, payment, right, theirs);
        uint32_t foreign = before - theirs;
        o2c__sort(left, scratch, ours, compare_twins, bench);
        o2c__sort(right, scratch, theirs, compare_twins, bench);
        pair(bench, left, &ours, right, &theirs, compare_twins, O2C_AGREEMENT_INTERCHANGEABLE, verdicts);
        out->whole = theirs + foreign == 0;
    }
    for (uint32_t i = 0; i < ours; i++)
        verdicts[left[i]] = O2C_AGREEMENT_DIFFERENT;
    for (uint32_t i = 0; i < lines; i++) {
        out->right += verdicts[i] != O2C_AGREEMENT_DIFFERENT;
        out->twins += verdicts[i] == O2C_AGREEMENT_INTERCHANGEABLE;
        out->left_open += verdicts[i] == O2C_AGREEMENT_LEFT_OPEN;
    }
    out->whole = out->whole && out->right == lines;
}

bool
o2c__replay_judge(struct o2c__replay *replay, uint32_t payment, const o2c_line *lines, uint32_t count, int32_t limit, uint8_t *verdicts,
                  struct o2c__judged *out)
{
    uint32_t most = count + (replay->truth_at[payment + 1] - replay->truth_at[payment]);
    struct bench bench = { replay, o2c__arena_alloc(&replay->arena, (most + 1) * sizeof *bench.sides) };
    uint32_t *numbers = o2c__arena_alloc(&replay->arena, (most + 1) * 2 * sizeof *numbers);
    memset(out, 0, sizeof *out);
    if (!bench.sides || !numbers)
        return false;
    for (uint32_t i = 0; i < count; i++)
        fill_ours(replay, &lines[i], &bench.sides[i]);
    out->truths = fill_theirs(replay, payment, limit, bench.sides + count);
    compare_sides(&bench, payment, numbers, numbers + most + 1, count, out->truths, verdicts, out);
    return true;
}
