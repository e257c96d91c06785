/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Supersets of a selection, counted exactly. Taken and skipped places cut the order of the pool into stretches of free places. In a
 * stretch of g places e of them in s segments can be chosen in C(e − 1, s − 1)·C(g − e − 1, gaps − 1) ways; a segment that touches a taken
 * neighbor adds no run, and one that fills the whole stretch between two taken neighbors takes a run away. Stretches are then multiplied
 * out by (others, change of runs, oldest), so the work grows with the cited items, not with the pool.
 */
#include "match/explain.h"

#define MANY 4 /* taken places above which only two others are counted one by one */
#define TWICE 45426 /* ln 2 */

/* count of sets by (oldest is among them, others, change of runs): only the cells of extra_max are used. */
struct ways {
    uint64_t count[2 * (O2C__EXTRA_MAX + 1) * (2 * O2C__EXTRA_MAX + 1)];
    uint32_t extra_max;
    uint32_t reach; /* others of any set so far, at most */
};
struct stretch {
    uint32_t length;
    bool first;              /* begins at the oldest place */
    bool taken_before, taken_behind;
    bool apart;              /* not filled whole where that joins runs, or joins the first of them to the oldest place */
};

static bool
may_fill(const struct stretch *stretch)
{
    return !stretch->apart || !(stretch->taken_before || stretch->first) || !stretch->taken_behind;
}

static void
ways_init(struct ways *ways, uint32_t extra_max)
{
    ways->extra_max = extra_max;
    ways->reach = 0;
    memset(ways->count, 0, 2 * (size_t)(extra_max + 1) * (2 * extra_max + 1) * sizeof ways->count[0]);
}

/* e others change the runs by e at most, either way: −extra_max … extra_max. */
static uint64_t *
cell(struct ways *ways, uint32_t oldest, uint32_t others, int32_t change)
{
    uint32_t row = oldest * (ways->extra_max + 1) + others, changes = 2 * ways->extra_max + 1;
    return &ways->count[row * changes + (uint32_t)((int32_t)ways->extra_max + change)];
}

/* n ≤ 5,000 and k ≤ 5: the products fit, and no divisor is asked of the machine. */
static uint64_t
choose(uint32_t n, uint32_t k)
{
    uint64_t m = n;
    if (k > n)
        return 0;
    switch (k) {
    case 0:
        return 1;
    case 1:
        return m;
    case 2:
        return m * (m - 1) / 2;
    case 3:
        return m * (m - 1) * (m - 2) / 6;
    case 4:
        return m * (m - 1) * (m - 2) * (m - 3) / 24;
    default:
        return m * (m - 1) * (m - 2) * (m - 3) * (m - 4) / 120;
    }
}

/* So many others in a stretch, by segments and by the ends they touch. */
static void
count_others(const struct stretch *stretch, uint32_t others, struct ways *out)
{
    uint64_t gaps_filled[O2C__EXTRA_MAX + 1];
    uint32_t free_places = stretch->length - others;
    if (free_places == 0) {
        *cell(out, stretch->first, others, 1 - stretch->taken_before - stretch->taken_behind) += may_fill(stretch);
        return;
    }
    for (uint32_t k = 0; k <= others; k++)
        gaps_filled[k] = choose(free_places - 1, k);
    for (uint32_t segments = 1; segments <= others; segments++) {
        uint64_t cuts = choose(others - 1, segments - 1);
        for (uint32_t ends = 0; ends < 4; ends++) {
            uint32_t left = ends & 1, right = ends >> 1;
            int32_t joined = (left && stretch->taken_before) + (int32_t)(right && stretch->taken_behind);
            if (segments + 1 > left + right)
                *cell(out, left && stretch->first, others, (int32_t)segments - joined) += cuts * gaps_filled[segments - left - right];
        }
    }
}

static void
count_stretch(const struct stretch *stretch, struct ways *out)
{
    *cell(out, 0, 0, 0) = 1;
    for (uint32_t others = 1; others <= out->extra_max && others <= stretch->length; others++)
        count_others(stretch, others, out);
}

/* Changes of runs stand side by side, so that a product moves a whole row of them. Only the first stretch holds the oldest place. */
static void
add_products(struct ways *out, struct ways *a, struct ways *b, uint32_t extra, uint32_t others, bool first)
{
    int32_t most = (int32_t)extra, least = -(int32_t)others;
    const uint64_t *without = cell(b, 0, others, least), *with = cell(b, 1, others, least);
    for (uint32_t oldest = 0; oldest < 2; oldest++)
        for (int32_t x = -most; x <= most; x++) {
            uint64_t have = *cell(a, oldest, extra, x);
            if (!have)
                continue;
            uint64_t *to = cell(out, oldest, extra + others, x + least);
            for (uint32_t y = 0; y <= 2 * others; y++)
                to[y] += have * without[y];
            to = cell(out, 1, extra + others, x + least);
            for (uint32_t y = 0; first && y <= 2 * others; y++)
                to[y] += have * with[y];
        }
}

static void
multiply(struct ways *ways, const struct stretch *stretch)
{
    struct ways with, out;
    if (stretch->length == 0)
        return;
    ways_init(&with, ways->extra_max);
    ways_init(&out, ways->extra_max);
    count_stretch(stretch, &with);
    for (uint32_t extra = 0; extra <= ways->reach; extra++)
        for (uint32_t others = 0; extra + others <= ways->extra_max && others <= stretch->length; others++)
            add_products(&out, ways, &with, extra, others, stretch->first);
    ways->reach = ways->extra_max - ways->reach < stretch->length ? ways->extra_max : ways->reach + stretch->length;
    memcpy(ways->count, out.count, 2 * (size_t)(out.extra_max + 1) * (2 * out.extra_max + 1) * sizeof out.count[0]);
}

/* ---- two others at most and nothing skipped, the usual question: the same counts in closed form */
struct few {
    uint64_t one[2][3], two[2][5]; /* [oldest is among them][change of runs + 1, + 2] */
};

/* One other item, or two side by side, or two apart, in a stretch of free places. */
static void
count_few(const struct stretch *stretch, struct few *out)
{
    uint64_t length = stretch->length;
    uint32_t left = !stretch->taken_before, right = !stretch->taken_behind, first = stretch->first;
    memset(out, 0, sizeof *out);
    if (length == 1) {
        out->one[first][left + right] += may_fill(stretch);
        return;
    }
    out->one[first][1 + left]++;
    out->one[0][1 + right]++;
    out->one[0][2] += length - 2;
    if (length == 2) {
        out->two[first][1 + left + right] += may_fill(stretch);
        return;
    }
    out->two[first][2 + left]++;
    out->two[0][2 + right]++;
    out->two[0][3] += length - 3;
    out->two[first][2 + left + right]++;
    out->two[first][3 + left] += length - 3;
    out->two[0][3 + right] += length - 3;
    out->two[0][4] += choose((uint32_t)length - 3, 2);
}

/* Others in this stretch and in those before it; the oldest place is in the first stretch only. */
static void
add_few(struct few *all, const struct stretch *stretch)
{
    struct few here;
    if (stretch->length == 0)
        return;
    count_few(stretch, &here);
    for (uint32_t oldest = 0; oldest < 2; oldest++) {
        for (uint32_t x = 0; x < 3; x++)
            for (uint32_t y = 0; y < 3; y++)
                all->two[oldest][x + y] += all->one[oldest][x] * here.one[0][y];
        for (uint32_t i = 0; i < 5; i++)
            all->two[oldest][i] += here.two[oldest][i];
        for (uint32_t i = 0; i < 3; i++)
            all->one[oldest][i] += here.one[oldest][i];
    }
}

static uint32_t
count_all_few(const struct o2c__places *places, bool apart, struct ways *ways)
{
    struct few all;
    uint32_t at = 0, runs = 0, oldest = places->taken_count > 0 && places->taken[0] == 0;
    memset(&all, 0, sizeof all);
    for (uint32_t i = 0; i < places->taken_count; i++) {
        add_few(&all, &(struct stretch){ places->taken[i] - at, at == 0, i > 0, true, apart });
        runs += i == 0 || places->taken[i] > at;
        at = places->taken[i] + 1;
    }
    add_few(&all, &(struct stretch){ places->n - at, at == 0, at > 0, false, apart });
    *cell(ways, oldest, 0, 0) = 1;
    for (uint32_t i = 0; i < 2; i++) {
        for (int32_t change = -1; change <= 1; change++)
            *cell(ways, oldest | i, 1, change) += all.one[i][change + 1];
        for (int32_t change = -2; change <= 2; change++)
            *cell(ways, oldest | i, 2, change) += all.two[i][change + 2];
    }
    return runs;
}

/* ---- any question */

/* Walks taken and skipped places in order; out: ways, and the runs of the taken ones. */
static uint32_t
count_all(const struct o2c__places *places, bool apart, struct ways *ways)
{
    uint32_t t = 0, s = 0, at = 0, runs = 0;
    bool before = false;
    *cell(ways, places->taken_count > 0 && places->taken[0] == 0, 0, 0) = 1;
    while (t < places->taken_count || s < places->skipped_count) {
        bool take = s == places->skipped_count || (t < places->taken_count && places->taken[t] < places->skipped[s]);
        uint32_t next = take ? places->taken[t++] : places->skipped[s++];
        multiply(ways, &(struct stretch){ next - at, at == 0, before, take, apart });
        runs += take && (!before || next > at);
        before = take;
        at = next + 1;
    }
    multiply(ways, &(struct stretch){ places->n - at, at == 0, before, false, apart });
    return runs;
}

/* So many sets of one shape, by the prior that is asked and by the cold one. */
static void
add_sets(const struct o2c__prior_row *row, uint32_t runs, bool oldest, int64_t ln_sets, int64_t *ln, int64_t *cold)
{
    int32_t prior = o2c__prior_row_cold(row, runs, oldest);
    if (prior == INT32_MIN)
        return;
    *cold = o2c__ln_add(*cold, prior + ln_sets);
    *ln = row->prior ? o2c__ln_add(*ln, o2c__prior_row_at(row, runs, oldest) + ln_sets) : *cold;
}

/* apart: only those that join no two runs of the taken places; answers the runs of the taken ones. */
static uint32_t
count_ways(const struct o2c__places *places, uint32_t extra_max, bool apart, struct ways *out)
{
    ways_init(out, extra_max);
    return extra_max == 2 && places->skipped_count == 0 ? count_all_few(places, apart, out) : count_all(places, apart, out);
}

/* Sets that hold other items besides those that are counted: these have joined so many runs, and a run to the oldest place. */
struct joined {
    uint32_t others, runs;
    bool oldest;
};

static void
add_row(const struct o2c__places *places, struct ways *ways, uint32_t extra, int32_t runs, struct joined joined, int64_t *ln, int64_t *cold)
{
    struct o2c__prior_row row;
    uint32_t k = places->taken_count + joined.others + extra;
    if (k == 0 || k > places->n)
        return;
    o2c__prior_row_init(&row, places->prior, places->n, k);
    runs -= (int32_t)joined.runs;
    for (int32_t change = -(int32_t)extra; change <= (int32_t)extra; change++)
        for (uint32_t oldest = 0; oldest < 2; oldest++) {
            uint64_t count = *cell(ways, oldest, extra, change);
            int64_t ways_ln = count ? o2c__ln_u64(count) + (int64_t)extra * O2C__LN_MISS : 0;
            if (count && runs + change > 0)
                add_sets(&row, (uint32_t)(runs + change), oldest || joined.oldest, ways_ln, ln, cold);
        }
}

static uint32_t
supersets(const struct o2c__places *places, struct ways *ways, bool apart, uint32_t extra_max, struct o2c__supersets *out)
{
    uint32_t runs = count_ways(places, extra_max, apart, ways);
    for (uint32_t extra = 0; extra <= extra_max; extra++) {
        out->ln[extra] = out->cold[extra] = O2C__NEVER;
        add_row(places, ways, extra, (int32_t)runs, (struct joined){ 0, 0, false }, &out->ln[extra], &out->cold[extra]);
    }
    return runs;
}

void
o2c__ln_supersets(const struct o2c__places *places, uint32_t extra_max, struct o2c__supersets *out)
{
    struct ways ways;
    (void)supersets(places, &ways, false, extra_max, out);
}

int64_t
o2c__ln_neighbor(const struct o2c__places *places, int step)
{
    struct o2c__prior_row row;
    int64_t best = O2C__NEVER;
    uint32_t runs = 0, k = places->taken_count + (uint32_t)step;
    if (k == 0 || k > places->n)
        return best;
    for (uint32_t i = 0; i < places->taken_count; i++)
        runs += i == 0 || places->taken[i] != places->taken[i - 1] + 1;
    o2c__prior_row_init(&row, places->prior, places->n, k);
    for (uint32_t r = runs > 1 ? runs - 1 : 1; r <= runs + 1; r++)
        for (int oldest = 0; oldest < 2; oldest++) {
            int32_t prior = o2c__prior_row_at(&row, r, oldest != 0);
            best = prior != INT32_MIN && prior > best ? prior : best;
        }
    return best;
}

/* Lengths of the stretches between taken places that others could fill, ascending; answers how many. */
static uint32_t
inner_stretches(const struct o2c__places *places, uint32_t *out)
{
    uint32_t count = 0, s = 0;
    for (uint32_t i = 1; i < places->taken_count; i++) {
        uint32_t length = places->taken[i] - places->taken[i - 1] - 1, at = count;
        while (s < places->skipped_count && places->skipped[s] < places->taken[i - 1])
            s++;
        if (length == 0 || (s < places->skipped_count && places->skipped[s] < places->taken[i]))
            continue;
        for (; at > 0 && out[at - 1] > length; at--)
            out[at] = out[at - 1];
        out[at] = length;
        count++;
    }
    return count;
}

/* ln Σ MISS^others over the choices of m stretches filled whole: by m and others, the last cell for more others than that. */
#define FILLED_MAX 40 /* so many misses weigh nothing in any posterior */
#define EXACT 15
struct filled {
    int64_t ln[FILLED_MAX + 1][EXACT + 2];
    uint32_t lengths[O2C__SET_MAX], count, most;
};

static uint32_t
with_others(uint32_t others, uint32_t more)
{
    return more > EXACT || others + more > EXACT ? EXACT + 1 : others + more;
}

static void
fill_one(struct filled *filled, uint32_t length)
{
    for (uint32_t m = filled->most; m > 0; m--)
        for (uint32_t others = 0; others <= EXACT + 1; others++) {
            int64_t before = filled->ln[m - 1][others], *to = &filled->ln[m][with_others(others, length)];
            if (before != O2C__NEVER)
                *to = o2c__ln_add(*to, before + (int64_t)length * O2C__LN_MISS);
        }
}

static void
fill_all(const struct o2c__places *places, struct filled *out)
{
    uint32_t others = 0;
    out->count = inner_stretches(places, out->lengths);
    for (out->most = 0; out->most < out->count && others < FILLED_MAX; out->most++)
        others += out->lengths[out->most];
    for (uint32_t m = 0; m <= out->most; m++)
        for (uint32_t i = 0; i <= EXACT + 1; i++)
            out->ln[m][i] = m + i ? O2C__NEVER : 0;
    for (uint32_t i = 0; i < out->count; i++)
        fill_one(out, out->lengths[i]);
}

/* Places before the first taken one, if others could fill them; 0 = none, or not all of them. */
static uint32_t
to_oldest(const struct o2c__places *places)
{
    if (places->taken_count == 0 || (places->skipped_count && places->skipped[0] < places->taken[0]))
        return 0;
    return places->taken[0];
}

struct bridges {
    struct o2c__places cold;
    struct ways *ways;
    struct filled filled;
    uint32_t runs, extra_max;
    int64_t sum;
};

/* m stretches filled, and so many places down to the oldest one. */
static void
add_bridges(struct bridges *all, uint32_t m, uint32_t least, uint32_t oldest)
{
    for (uint32_t i = 0; i <= EXACT + 1; i++) {
        int64_t ln = O2C__NEVER, same = O2C__NEVER, filled = all->filled.ln[m][i];
        uint32_t others = (i > EXACT && least > i ? least : i) + oldest;
        if (filled == O2C__NEVER)
            continue;
        add_row(&all->cold, all->ways, others > all->extra_max ? 0 : all->extra_max + 1 - others, (int32_t)all->runs,
                (struct joined){ others, m, oldest > 0 }, &ln, &same);
        if (ln != O2C__NEVER)
            all->sum = o2c__ln_add(all->sum, ln + filled + (int64_t)oldest * O2C__LN_MISS + TWICE);
    }
}

/*
 * Sets in which runs have grown together, or down to the oldest place, with more others than were counted. Those that join nothing come
 * on top: they stand where they could stand without the joining ones, so that the same counts hold for them. The first row beyond is added
 * up like that; each row behind it is worth half of the one before at most.
 */
static int64_t
ln_bridged(const struct o2c__places *places, struct ways *ways, uint32_t runs, uint32_t extra_max)
{
    struct bridges all = { .cold = *places, .ways = ways, .runs = runs, .extra_max = extra_max, .sum = O2C__NEVER };
    uint32_t least = 0, oldest = to_oldest(places);
    all.cold.prior = NULL;
    fill_all(places, &all.filled);
    for (uint32_t m = 0; m <= all.filled.most; m++) {
        if (m)
            add_bridges(&all, m, least += all.filled.lengths[m - 1], 0);
        if (oldest)
            add_bridges(&all, m, least, oldest);
    }
    return all.sum;
}

static int64_t
ln_size_step(const struct o2c__places *places, uint32_t extra)
{
    uint32_t k = places->taken_count + extra;
    return k > 1 ? o2c__ln_set_size(NULL, places->n, k) - o2c__ln_set_size(NULL, places->n, k - 1) : 0;
}

/*
 * What the rows behind the last one that was counted add up to, all of the same kind. A row changes by the step of the weights of sizes,
 * which may be steep and is taken out, and by a ratio that falls from row to row; false = that is not half at most. Beside a skipped place
 * a run cannot grow, so the first rows may be all new runs: one that grows costs a miss only, at any of the ends.
 */
static bool
ln_series(const struct o2c__places *places, const int64_t *rows, uint32_t runs, uint32_t extra_max, int64_t *out)
{
    *out = O2C__NEVER;
    if (rows[extra_max] == O2C__NEVER || rows[extra_max - 1] == O2C__NEVER)
        return rows[extra_max] == O2C__NEVER;
    int64_t ratio = rows[extra_max] - rows[extra_max - 1] - ln_size_step(places, extra_max);
    int64_t beside = o2c__ln_u64(runs + 1) + O2C__LN_MISS;
    if (places->skipped_count && ratio < beside)
        ratio = beside < O2C__LN_HALF ? beside : O2C__LN_HALF;
    *out = rows[extra_max] + ratio + ln_size_step(places, extra_max + 1) + TWICE;
    return ratio <= O2C__LN_HALF;
}

/* The whole pool is paid more often than the sets of nearly all of it. */
static int64_t
ln_whole(const struct o2c__places *places)
{
    if (places->skipped_count)
        return O2C__NEVER;
    return o2c__ln_set_prior(places->prior, places->n, places->n, 1, true) + (int64_t)(places->n - places->taken_count) * O2C__LN_MISS;
}

/*
 * Sets with as many runs as there are places that they leave free, or one more: of those there are so few that each has much of the prior.
 * All of them are added up, those that hold no taken place too, until what follows weighs little whatever its prior.
 */
static int64_t
ln_dense(const struct o2c__places *places, uint32_t runs, uint32_t from, int64_t series)
{
    uint32_t n = places->n, left = n - places->taken_count - places->skipped_count, close = places->taken_count + runs;
    uint32_t others = n > close && (n - close + 1) / 2 > from ? (n - close + 1) / 2 : from;
    for (; others <= left && places->taken_count + others < n; others++) {
        uint32_t k = places->taken_count + others, most = k < n - k + 1 ? k : n - k + 1;
        int64_t flat = (int64_t)others * O2C__LN_MISS;
        if (series != O2C__NEVER && flat < series + O2C__LN_MISS)
            return o2c__ln_add(series, flat);
        for (uint32_t r = n - k; r <= most && r <= runs + others; r++)
            series = o2c__ln_add(series, flat + o2c__ln_set_size(NULL, n, k) + o2c__ln_set_runs(n, k, r));
    }
    return series;
}

/* The rows that are left are few: they are counted too. */
static int64_t
ln_rest(const struct o2c__places *places, uint32_t extra_max, uint32_t left)
{
    struct o2c__supersets rows;
    int64_t ln = O2C__NEVER;
    o2c__ln_supersets(places, left, &rows);
    for (uint32_t extra = extra_max + 1; extra <= left; extra++)
        ln = o2c__ln_add(ln, rows.ln[extra]);
    return ln;
}

/*
 * ln Σ beyond the counted ones, each kind of set by itself. Others that join no runs change the cold mass by a ratio, a geometric series;
 * those that do start a series of their own with every choice of stretches that they fill. Where the ratio is not small every item beyond
 * costs a miss, and the prior adds up to at most 1. A learned prior has steps, so what lies beyond is the cold mass raised by twice as much
 * as habits may raise it.
 */
int64_t
o2c__ln_beyond(const struct o2c__places *places, const struct o2c__supersets *counted, uint32_t extra_max)
{
    int64_t flat = (extra_max + 1) * (int64_t)O2C__LN_MISS;
    uint32_t left = places->n - places->taken_count - places->skipped_count;
    struct o2c__supersets rows;
    struct ways ways;
    if (left <= extra_max || counted->cold[extra_max] == O2C__NEVER)
        return O2C__NEVER;
    if (left <= O2C__EXTRA_MAX)
        return ln_rest(places, extra_max, left);
    uint32_t runs = supersets(places, &ways, true, extra_max, &rows);
    int64_t series;
    if (!ln_series(places, rows.cold, runs, extra_max, &series))
        return flat;
    series = o2c__ln_add(series, ln_bridged(places, &ways, runs, extra_max));
    series = ln_dense(places, runs, extra_max + 1, series);
    int64_t most = o2c__ln_learned_most(places->prior, places->n);
    series = o2c__ln_add(series == O2C__NEVER || !most ? series : series + most + TWICE, ln_whole(places));
    return series < flat ? series : flat;
}

void
o2c__ln_extended(const struct o2c__places *places, struct o2c__extended *out)
{
    struct o2c__supersets rows;
    uint32_t extra_max = places->taken_count <= 1 ? O2C__EXTRA_MAX : places->taken_count <= MANY ? 3 : 2;
    o2c__ln_supersets(places, extra_max, &rows);
    out->itself = rows.ln[0];
    out->two = o2c__ln_beyond(places, &rows, extra_max);
    for (uint32_t i = 2; i <= extra_max; i++)
        out->two = o2c__ln_add(out->two, rows.ln[i]);
    out->one = o2c__ln_add(out->two, rows.ln[1]);
}
