/* SPDX-License-Identifier: Apache-2.0 */
#include "match/naive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const long double PI[13] = { .80L, .06L, .015L, .01L, .005L, .01L, .02L, .05L, .01L, .015L, .005L, .1L / .9L, .002L };
#define G .7L
#define MISS .02L

/* ---- set prior */

static long double
choose(int n, int k)
{
    long double product = 1;
    for (int i = 1; i <= k; i++)
        product = product * (n - k + i) / i;
    return k < 0 || k > n ? 0 : product;
}

static long double
size_weight(int k)
{
    static const long double first[] = { 0, .629L, .163L, .060L, .044L, .034L };
    return k <= 5 ? first[k] : k <= 10 ? .0078L : .0013L;
}

static long double
size_prior(int n, int k)
{
    long double sizes = 0;
    for (int j = 1; j <= n; j++)
        sizes += size_weight(j);
    return .95L * size_weight(k) / sizes + (k == n ? .05L : 0);
}

static long double
runs_prior(int most, int r)
{
    static const long double runs[] = { 0, .63L, .20L, .08L, .03L, .02L, .01L, .01L, .02L };
    long double all_runs = 0;
    for (int j = 1; j <= most; j++)
        all_runs += runs[j];
    return runs[r] / all_runs;
}

/* How many times as often as expected: seen of its bin and in all, and the chance that was expected of the bin. */
static long double
times(uint32_t seen, uint32_t all, long double expected)
{
    return all < 50 ? 1 : (seen / expected + 20) / (all + 20);
}

static long double
within(long double ratio)
{
    return fminl(64, fmaxl(1 / 64.0L, ratio));
}

static long double
shrunk(const uint32_t *of[2], int answer, long double weight, long double above)
{
    return of[0] ? within((of[0][answer] / 1000.0L + weight * above) / (of[1][answer] / 1000.0L + weight)) : above;
}

/* What the segment beside the host, and then the customer, make of the chance of an answer; both chances together stay 1. */
static long double
answer(const uint32_t *of[3][2], long double weight, long double yes, bool is_yes)
{
    long double ratio[2];
    for (int a = 0; a < 2; a++) {
        long double host = shrunk(of[0], a, 20, 1);
        ratio[a] = shrunk(of[2], a, weight, within(shrunk(of[1], a, 20, host) / host));
    }
    return ratio[is_yes] / (yes * ratio[1] + (1 - yes) * ratio[0]);
}

static long double
way(const struct naive_ways *const levels[3], int k, int r, bool oldest, long double one_run, long double from_oldest)
{
    const uint32_t *run[3][2] = { { NULL } }, *first[3][2] = { { NULL } };
    for (int i = 0; i < 3; i++)
        if (levels[i]) {
            run[i][0] = levels[i]->run_seen;
            run[i][1] = levels[i]->run_asked;
            first[i][0] = levels[i]->oldest_seen;
            first[i][1] = levels[i]->oldest_asked;
        }
    long double x = k > 1 ? answer(run, 5, one_run, r == 1) : 1;
    return r == 1 ? x * answer(first, 20, from_oldest, oldest) : x;
}

static long double
habit(const struct naive_habits *habits, const struct naive_ways *const levels[3], int n, int k, int r, bool oldest)
{
    static const int pool_of[] = { 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4 };
    static const int bin_of[] = { 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 7, 7 };
    int pool = pool_of[n], most = k < n - k + 1 ? k : n - k + 1;
    long double size_bin = 0, runs_bin = 0, x;
    uint32_t sizes = 0, runs = 0, counted = 0;
    for (int b = 0; b < 9; b++)
        counted += habits->sizes[pool][b];
    if (counted < 50)
        return 1;
    for (int j = 1; j <= n; j++) {
        size_bin += bin_of[j] == bin_of[k] ? size_prior(n, j) : 0;
        sizes += j == 1 || bin_of[j] != bin_of[j - 1] ? habits->sizes[pool][bin_of[j]] : 0;
    }
    for (int j = 1; j <= most; j++) {
        runs_bin += bin_of[j] == bin_of[r] ? runs_prior(most, j) : 0;
        runs += j == 1 || bin_of[j] != bin_of[j - 1] ? habits->runs[pool][bin_of[k]][bin_of[j]] : 0;
    }
    const uint32_t *first = habits->oldest[pool];
    x = times(habits->sizes[pool][bin_of[k]], sizes, size_bin) * times(habits->runs[pool][bin_of[k]][bin_of[r]], runs, runs_bin);
    x *= r > n - k ? 1 : times(first[oldest], first[0] + first[1], .5L);
    if (k < n && k <= 12) {
        long double one_run = k > 1 ? runs_prior(most, 1) * times(habits->runs[pool][bin_of[k]][0], runs, runs_prior(most, 1)) : 1;
        x *= way(levels, k, r, oldest, one_run, .5L * times(first[1], first[0] + first[1], .5L));
    }
    return .2L + .8L * x < 4 ? .2L + .8L * x : 4;
}

static long double
set_prior(int n, int k, int r, bool oldest)
{
    int most = k < n - k + 1 ? k : n - k + 1;
    long double p = size_prior(n, k) * runs_prior(most, r) / choose(k - 1, r - 1);
    if (k == n)
        return p;
    if (r > n - k)
        return oldest ? p / choose(n - k, r - 1) : 0;
    return oldest ? p * .5L / choose(n - k, r - 1) : p * .5L / choose(n - k, r);
}

/* ---- text */

struct text {
    const struct naive_world *world;
    uint32_t full;
    long double best;
};

static void
assign(struct text *text, int token, uint32_t used, long double factor)
{
    const struct naive_world *w = text->world;
    int next = INT32_MAX;
    for (int h = 0; h < w->hits_count; h++)
        if (w->hits[h].token >= token && w->hits[h].token < next)
            next = w->hits[h].token;
    if (next == INT32_MAX) {
        for (int i = 0; i < w->items_count; i++)
            if ((text->full & ~used) >> i & 1)
                factor *= MISS;
        text->best = factor > text->best ? factor : text->best;
        return;
    }
    assign(text, next + 1, used, factor);
    for (int h = 0; h < w->hits_count; h++) {
        uint32_t bits = 0;
        for (int i = 0; i < w->hits[h].count; i++)
            bits |= 1u << w->hits[h].items[i];
        if (w->hits[h].token == next && (bits & text->full) == bits && !(bits & used))
            assign(text, next + 1, used | bits, factor * expl(w->hits[h].ln_q16 / 65536.0L));
    }
}

static long double
text_factor(const struct naive_world *w, uint32_t full)
{
    struct text text = { w, full, 0 };
    if (w->hits_count == 0)
        return 1;
    assign(&text, 0, 0, 1);
    return 1 - G + G * text.best;
}

/* ---- amounts */

static int64_t
portion(int64_t amount, int64_t ppm)
{
    return (int64_t)llroundl((long double)amount * (long double)ppm / 1e6L);
}

/* What the payer may keep: the tier that is reached, or the best one that has passed. */
static void
discount(const struct naive_world *w, const struct naive_item *item, int64_t *early, int64_t *late)
{
    int64_t passed = 0;
    *early = 0;
    for (int i = 0; i < 2 && item->until[i] && !*early; i++) {
        int64_t worth = portion(item->original ? item->original : item->open, item->ppm[i]);
        if (w->day <= item->until[i] + w->grace)
            *early = worth;
        else if (!passed)
            passed = worth;
    }
    *late = *early ? *early : passed;
}

struct search {
    const struct naive_world *w;
    struct naive_answer *out;
    int payer;
    long double chance;
    uint32_t own, tied, credits;
};

static void
add(struct search *s, uint32_t items, int cause, int rate, long double mass)
{
    struct naive_answer *out = s->out;
    if (mass <= 0)
        return;
    for (int i = 0; i < out->count; i++)
        if (out->rows[i].items == items && out->rows[i].cause == cause && out->rows[i].rate == rate) {
            out->rows[i].mass += mass;
            return;
        }
    if (out->count == NAIVE_ROWS)
        abort();
    out->rows[out->count++] = (struct naive_row){ items, cause, rate, mass };
}

/* Share of the combinations of discounts that give the difference. */
static long double
combinations(struct search *s, uint32_t debits, bool late_ones, int64_t difference)
{
    int64_t worth[NAIVE_ITEMS], all = 0;
    bool passed[NAIVE_ITEMS];
    int count = 0, hits = 0;
    for (int i = 0; i < s->w->items_count; i++) {
        int64_t early, late;
        if (!(debits >> i & 1))
            continue;
        discount(s->w, &s->w->items[i], &early, &late);
        if (late_ones ? late : early) {
            passed[count] = late != early;
            all += worth[count++] = late_ones ? late : early;
        }
    }
    bool any = false;
    for (int i = 0; i < count; i++)
        any = any || passed[i];
    if (count == 0 || (late_ones && !any))
        return 0;
    if (all == difference)
        return count == 1 ? 1 : .9L;
    for (uint32_t mask = 1; count <= 8 && mask + 1 < 1u << count; mask++) {
        int64_t sum = 0;
        bool some = false;
        for (int i = 0; i < count; i++) {
            sum += mask >> i & 1 ? worth[i] : 0;
            some = some || (mask >> i & 1 && passed[i]);
        }
        hits += sum == difference && (some || !late_ones);
    }
    return hits ? .1L * hits / ((1 << count) - 2) : 0;
}

static long double
short_density(int64_t amount, int64_t open)
{
    long double share = (long double)(open - amount) / open;
    bool near = (open - amount) * 200 >= open && (open - amount) * 20 <= open;
    return share <= 0 ? 0 : (near ? .8L / (.045L * open) : 0) + .2L / open;
}

/* A listed fee shares its class with the others, or weighs what was counted of it. */
static long double
fee_share(const struct naive_world *w, int fee)
{
    static const long double times[] = { 1, 4, .5L };
    long double share = times[w->differences ? w->differences->fees[fee] : 0] / w->fees_count;
    return share < 1 ? share : 1;
}

static bool
is_share(int64_t open, int ppm, int64_t difference)
{
    int64_t twice = llabs(2 * open * ppm - 2 * difference * 1000000);
    return twice < 3000000 || (twice == 3000000 && 2 * open * ppm < 2 * difference * 1000000); /* half up */
}

/* A short payment, by what this customer is known to keep back. */
static long double
kept_density(const struct search *s, int64_t open)
{
    const struct naive_world *w = s->w;
    const struct naive_differences *known = w->differences;
    int64_t difference = open - w->amount;
    int account = w->payers[s->payer].account;
    long double cold = short_density(w->amount, open), most = cold;
    if (!known || difference <= 0)
        return cold;
    for (int i = 0; i < w->fees_count; i++)
        if (w->fees[i] == difference && w->charge != difference) {
            long double fee = fee_share(w, i) * PI[3] / PI[7];
            return known->fees[i] == 2 && fee > cold ? fee : cold;
        }
    for (int i = 0; i < known->count[account]; i++)
        if (known->amount[account][i] ? known->amount[account][i] == difference : is_share(open, known->ppm[account][i], difference))
            most = 10 * cold;
    return most;
}

static bool
fees(struct search *s, uint32_t full, int64_t difference, long double b)
{
    bool found = false;
    if (difference <= 0)
        return false;
    if (s->w->charge == difference) {
        add(s, full, 3, -1, b * PI[3]);
        return true;
    }
    for (int i = 0; i < s->w->fees_count; i++) {
        if (s->w->fees[i] != difference)
            continue;
        add(s, full, 3, i, b * PI[3] * fee_share(s->w, i));
        found = true;
    }
    return found;
}

static void
coded(struct search *s, uint32_t full, uint32_t debits, int64_t difference, bool foretold, long double b)
{
    int64_t coded_sum = 0, deducted = 0, early_sum = 0, late_sum = 0;
    for (int i = 0; i < s->w->items_count; i++) {
        int64_t early, late;
        if (!(full >> i & 1))
            continue;
        for (int h = 0; h < s->w->hits_count; h++)
            if (s->w->hits[h].line && s->w->hits[h].count == 1 && s->w->hits[h].items[0] == i) {
                coded_sum += s->w->hits[h].line_discount + s->w->hits[h].line_deduction;
                deducted += s->w->hits[h].line_deduction;
                break;
            }
        if (debits >> i & 1) {
            discount(s->w, &s->w->items[i], &early, &late);
            early_sum += early;
            late_sum += late;
        }
    }
    if (coded_sum && coded_sum == difference && !(deducted && foretold) && (deducted || (coded_sum != early_sum && coded_sum != late_sum)))
        add(s, full, 6, 0, b * PI[6]);
}

static long double
over_density(int64_t amount, int64_t open)
{
    int64_t rest = amount - open;
    return rest <= 0 || rest > open ? 0 : (rest * 20 <= open ? .5L / (.05L * open) : 0) + .5L / open;
}

/* Tax of the whole, or of each document by itself: two amounts at most, each with half of the chance. */
static bool
withheld(struct search *s, uint32_t full, uint32_t debits, int rate, int64_t difference, long double b)
{
    const struct naive_world *w = s->w;
    int64_t taxable = 0, each = 0;
    for (int i = 0; i < w->items_count; i++) {
        int64_t open = debits >> i & 1 && w->items[i].withholding ? w->items[i].open : 0;
        taxable += open;
        each += portion(open, w->rates[rate]);
    }
    int hits = (portion(taxable, w->rates[rate]) == difference) + (each == difference);
    if (!taxable || difference <= 0 || !hits)
        return false;
    add(s, full, 4, rate, b * PI[4] / w->rates_count * hits / 2);
    return true;
}

static void
causes(struct search *s, uint32_t debits, uint32_t full, long double b)
{
    const struct naive_world *w = s->w;
    int64_t open = 0;
    for (int i = 0; i < w->items_count; i++)
        open += full >> i & 1 ? w->items[i].open : 0;
    int64_t difference = open - w->amount;
    if (open <= 0)
        return;
    b *= text_factor(w, full);
    if (difference == 0) {
        add(s, full, 0, 0, b * PI[0]);
        return;
    }
    add(s, full, 1, 0, b * PI[1] * combinations(s, debits, false, difference));
    add(s, full, 2, 0, b * PI[2] * combinations(s, debits, true, difference));
    bool foretold = fees(s, full, difference, b);
    for (int i = 0; i < w->rates_count; i++)
        foretold = withheld(s, full, debits, i, difference, b) || foretold;
    int64_t limit = open * w->tolerance_ppm / 1000000;
    limit = limit < w->tolerance ? limit : w->tolerance;
    if (llabs(difference) <= limit)
        add(s, full, 5, 0, b * PI[5] / (2 * limit));
    coded(s, full, debits, difference, foretold, b);
    add(s, full, 7, 0, b * PI[7] * kept_density(s, open));
    add(s, full, 8, 0, b * PI[8] * over_density(w->amount, open));
}

/* ---- sets */

static int
order(const struct naive_world *w, int a, int b)
{
    return w->items[a].due != w->items[b].due ? w->items[a].due - w->items[b].due : a - b;
}

/* P of the set in a base that holds it: place of each item by (due day, number). */
static long double
prior_in(const struct naive_world *w, int payer, uint32_t base, uint32_t set)
{
    bool cites = w->hits_count > 0; /* then the references decide, and the host's habits do */
    const struct naive_ways *levels[3] = { w->host_ways, cites ? NULL : w->segment_ways, cites ? NULL : w->ways[payer] };
    int n = 0, k = 0, runs = 0, places[NAIVE_ITEMS];
    bool oldest = false, taken[NAIVE_ITEMS];
    for (int i = 0; i < w->items_count; i++) {
        if (!(base >> i & 1))
            continue;
        places[i] = 0;
        for (int j = 0; j < w->items_count; j++)
            places[i] += base >> j & 1 && order(w, j, i) < 0;
        taken[places[i]] = set >> i & 1;
        n++;
        k += set >> i & 1;
    }
    for (int i = 0; i < n; i++)
        runs += taken[i] && (i == 0 || !taken[i - 1]);
    oldest = n > 0 && taken[0];
    return set_prior(n, k, runs, oldest) * (w->habits && k ? habit(w->habits, levels, n, k, runs, oldest) : 1);
}

static int
bits(uint32_t mask)
{
    int count = 0;
    for (; mask; mask &= mask - 1)
        count++;
    return count;
}

static long double
credit_prior(int all, int used)
{
    if (all <= 1)
        return all == 0 ? 1 : used ? .35L : .65L;
    return used == 0 ? .6L : used == all ? .3L : .1L / ((1 << all) - 2);
}

static void
one_set(struct search *s, uint32_t set, const uint32_t *sides, int sides_count)
{
    long double scope = sides_count > 1 ? .03L : 1, p = 0;
    for (int i = 0; i < sides_count && p == 0; i++)
        if ((set & ~sides[i]) == 0) {
            bool own = sides[i] == s->own;
            int relatives = sides_count - (s->own != 0);
            scope = own ? (relatives ? .90L : 1) : .07L / relatives;
            p = prior_in(s->w, s->payer, sides[i], set);
        }
    if (p == 0)
        p = prior_in(s->w, s->payer, s->own | s->tied, set);
    for (uint32_t use = s->credits;; use = (use - 1) & s->credits) {
        causes(s, set, set | use, s->chance * scope * p * credit_prior(bits(s->credits), bits(use)));
        if (use == 0)
            break;
    }
}

static void
special(struct search *s, bool own, int relatives, uint32_t account_items)
{
    const struct naive_world *w = s->w;
    int waiting = 0, closed = 0, lately = 0;
    for (int i = 0; i < w->items_count; i++)
        if (account_items >> i & 1) {
            waiting += w->items[i].deposit;
            closed += w->items[i].closed_day > 0;
            lately += w->items[i].closed_day > 0 && w->items[i].closed_day <= w->day && w->day - w->items[i].closed_day <= w->lookback;
        }
    long double scope = own ? (relatives ? .90L : 1) : .07L / (relatives ? relatives : 1), sum = 0;
    uint32_t named = 0;
    for (int i = 0; i < w->items_count; i++) {
        const struct naive_item *item = &w->items[i];
        bool cited = false, recent = item->closed_day > 0 && item->closed_day <= w->day && w->day - item->closed_day <= w->lookback;
        if (!(account_items >> i & 1))
            continue;
        for (int h = 0; h < w->hits_count; h++)
            for (int m = 0; m < w->hits[h].count; m++)
                cited = cited || w->hits[h].items[m] == i;
        if (own && item->deposit && item->open == w->amount)
            add(s, 1u << i, 11, 0, s->chance * PI[11] * .9L / waiting * text_factor(w, 1u << i));
        if (item->closed_day && cited) {
            named |= 1u << i;
            sum += item->original;
        }
        if (item->closed_day && item->original == w->amount && (cited || recent))
            add(s, 1u << i, 12, 0, s->chance * scope * PI[12] / (cited ? closed : lately) * text_factor(w, 1u << i));
    }
    if (bits(named) >= 2 && sum == w->amount) /* all closed documents that the text names, as often as so many items are paid together */
        add(s, named, 12, 0, s->chance * scope * PI[12] * size_prior(closed, bits(named)) / choose(closed, bits(named)) * text_factor(w, named));
}

static void
one_payer(struct search *s)
{
    const struct naive_world *w = s->w;
    uint32_t debits[NAIVE_ACCOUNTS] = { 0 }, all[NAIVE_ACCOUNTS] = { 0 }, sides[NAIVE_ACCOUNTS];
    int count = 0, relatives = 0;
    s->own = s->tied = s->credits = 0;
    for (int i = 0; i < w->items_count; i++) {
        const struct naive_item *item = &w->items[i];
        all[item->account] |= 1u << i;
        if (item->closed_day || item->deposit)
            continue;
        if (item->open > 0)
            debits[item->account] |= 1u << i;
        else if (item->account == s->payer)
            s->credits |= 1u << i;
    }
    s->own = debits[s->payer];
    if (s->own)
        sides[count++] = s->own;
    for (int a = 0; a < w->accounts_count; a++)
        if (a != s->payer && w->tied[s->payer][a] && debits[a]) {
            sides[count++] = debits[a];
            s->tied |= debits[a];
            relatives++;
        }
    uint32_t union_ = s->own | s->tied;
    for (uint32_t set = union_; set; set = (set - 1) & union_)
        one_set(s, set, sides, count);
    for (int a = 0; a < w->accounts_count; a++)
        if (a == s->payer || w->tied[s->payer][a])
            special(s, a == s->payer, relatives, all[a]);
}

void
naive_solve(const struct naive_world *w, struct naive_answer *out)
{
    struct search s = { .w = w, .out = out };
    long double known = 0, q = 1 / (16.1L * (long double)w->amount) * (w->hits_count ? 1 - G : 1);
    memset(out, 0, sizeof *out);
    out->rows = malloc(NAIVE_ROWS * sizeof *out->rows);
    if (!out->rows)
        abort();
    for (int i = 0; i < w->payers_count; i++)
        known += w->payers[i].ppm / 1e6L;
    for (int i = 0; i < w->payers_count; i++) {
        s.payer = w->payers[i].account;
        s.chance = w->payers[i].ppm ? w->payers[i].ppm / 1e6L : (known > 0 ? 1 - known : 1) / 2 / (w->customers ? w->customers : w->accounts_count);
        one_payer(&s);
        out->on_account += s.chance * PI[9] * q;
    }
    out->someone = (PI[10] + (known > 0 ? 1 - known : .5L)) * q;
    out->total = out->on_account + out->someone;
    for (int i = 0; i < out->count; i++)
        out->total += out->rows[i].mass;
}

void
naive_free(struct naive_answer *answer)
{
    free(answer->rows);
}
