/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What habits of differences make of two densities.
 *
 * Chance that a payment of this customer is short by d (or pays a listed fee of d), three levels, each shrunk to the one above:
 *
 *     r_host = (n + 200·cold) ÷ (N + 200)     r_segment = (n + 20·r_host) ÷ (N + 20)     r = (n + 20·r_segment) ÷ (N + 20)
 *
 * n of N payments of that level; of host and segment those that owed an amount of as many digits. cold of a fee is its share of π, cold
 * of a short payment how often amounts as round stay short at the host. A listed fee weighs what was counted, between half and four times
 * its share of π; a short payment by just that amount weighs the fee times r_short ÷ r_fee, never more than the fee and never less than
 * cold. An amount or ratio that a customer kept back twice weighs r ÷ π as a short payment, between cold and ten times that.
 */
#include "match/difference.h"
#include "match/learn.h"
#include "match/pool.h"
#include "match/tables.h"

#define HOST_WEIGHT 200u /* payments that the cold default weighs */
#define SHRINK 20u        /* payments that the level above weighs */
#define TWICE_SEEN (O2C__LINE_UNIT * 5 / 4) /* two payments, one of them two half-lives ago */
#define LN2 ((int64_t)(O2C__LN2_Q40 >> 24))
#define AMOUNT_BITS 43 /* eighty thousand million units of a hundred */
#define GAMMA 37828u /* Euler's constant, Q16 */
#define FEE_PPB UINT64_C(10000000) /* π of X3 */

/* ---- keys */

uint32_t
o2c__differ_decade(int64_t amount)
{
    uint32_t digits = 0;
    for (; amount > 0; amount /= 10)
        digits++;
    return digits;
}

uint64_t
o2c__differ_cause_key(uint32_t cause, uint32_t decade)
{
    return (uint64_t)decade << 8 | cause;
}

uint64_t
o2c__differ_amount_key(const char *currency, int64_t amount, uint32_t decade)
{
    uint64_t letters = 0;
    if (amount <= 0 || amount >> AMOUNT_BITS)
        return 0;
    for (int i = 0; i < 3; i++) {
        if (currency[i] < 'A' || currency[i] > 'Z')
            return 0;
        letters = letters << 5 | (uint64_t)(currency[i] - 'A' + 1);
    }
    return (letters << 5 | decade) << AMOUNT_BITS | (uint64_t)amount;
}

/* 0 = to the cent, 4 = of fifty units of a hundred. */
static const int64_t rounds[] = { 1, 100, 500, 1000, 5000 };

static uint32_t
round_of(int64_t amount)
{
    uint32_t round = O2C__COUNT(rounds) - 1;
    while (amount % rounds[round])
        round--;
    return round;
}

uint64_t
o2c__differ_round_key(int64_t amount, uint32_t decade)
{
    return (uint64_t)round_of(amount) << 8 | decade;
}

/*
 * The share of one amount among all that are as round: they are spread evenly over their logarithm. Multiples m of a step that are none of
 * the next one up to M weigh 1 ÷ m, together (1 − 1 ÷ t)·(ln M + γ) + ln t ÷ t, where t steps make the next. Q16.
 */
static uint64_t
share_of(int64_t amount, uint32_t decade)
{
    uint32_t round = round_of(amount);
    uint64_t step = (uint64_t)rounds[round], most = 1, ln;
    for (uint32_t i = 0; i < decade; i++)
        most *= 10;
    ln = (uint64_t)o2c__ln_u64(most / step > 2 ? most / step : 2) + GAMMA;
    if (round + 1 < O2C__COUNT(rounds)) {
        uint64_t times = (uint64_t)rounds[round + 1] / step;
        ln = ln * (times - 1) / times + (uint64_t)o2c__ln_u64(times) / times;
    }
    return o2c__muldiv_floor(step << 16, 65536, (uint64_t)amount) / (ln ? ln : 1);
}

static bool
gives(int64_t owed, uint32_t ppm, int64_t difference)
{
    int64_t share;
    return o2c__muldiv(owed, ppm, 1000000, &share) && share - difference <= 1 && difference - share <= 1;
}

/* A grid says something when few amounts lie on it: its steps are thirty units and more. */
uint64_t
o2c__differ_ratio_key(int64_t owed, int64_t difference)
{
    static const uint32_t grids[] = { 50000, 10000, 5000, 2500, 1000 };
    if (owed <= 0 || difference <= 0 || difference > owed / 2 || owed >> AMOUNT_BITS)
        return 0;
    for (size_t i = 0; i < O2C__COUNT(grids); i++) {
        uint64_t steps = o2c__muldiv_floor((uint64_t)difference, UINT64_C(1000000), (uint64_t)owed) + grids[i] / 2;
        uint32_t ppm = (uint32_t)(steps / grids[i] * grids[i]);
        if (ppm && owed >= 30 * (1000000 / (int64_t)grids[i]) && gives(owed, ppm, difference))
            return ppm;
    }
    return 0;
}

uint64_t
o2c__differ_code_key(o2c_str code, int32_t reason)
{
    static const uint64_t key[2] = { UINT64_C(0x6f326320636f6465), UINT64_C(0x207265736f6c7665) };
    return (o2c__siphash24(key, code.ptr, code.len) & ~UINT64_C(255)) | (uint64_t)reason;
}

/* ---- out of the table */

static int
compare_atoms(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__differ_atom *x = (const struct o2c__differ_atom *)self + a, *y = (const struct o2c__differ_atom *)self + b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->asked != y->asked)
        return x->asked > y->asked ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static uint64_t
asked_now(const struct o2c__habit_row *row, int32_t day)
{
    return o2c__decay(row->asked, (int64_t)day - row->day);
}

static bool
is_atom(const struct o2c__habit_row *row, int32_t day)
{
    return (row->kind == O2C__DIFFER_AMOUNT || row->kind == O2C__DIFFER_RATIO) && row->owner >> 63 && asked_now(row, day) >= TWICE_SEEN;
}

static size_t
size_of(uint32_t atoms)
{
    return sizeof(struct o2c__differ) + atoms * sizeof(struct o2c__differ_atom);
}

static void
gather(const struct o2c__memories *memories, struct o2c__differ *out)
{
    for (uint32_t i = 0; i < memories->rows.room; i++) {
        const struct o2c__habit_row *row = &memories->rows.slots[i];
        if (is_atom(row, memories->day))
            out->atoms[out->count++] = (struct o2c__differ_atom){ row->owner, row->key, asked_now(row, memories->day), row->kind, 0 };
    }
}

/* At most eight of a kind, whatever a model holds. */
static bool
order_atoms(o2c__memory *memory, struct o2c__differ *differ)
{
    size_t bytes = 2 * (size_t)differ->count * sizeof(uint32_t);
    uint32_t *order = o2c__alloc_array(memory, (size_t)differ->count + 1, 2 * sizeof *order), kept = 0, same = 0;
    struct o2c__differ_atom *copy = o2c__alloc_array(memory, (size_t)differ->count + 1, sizeof *copy);
    for (uint32_t i = 0; order && copy && i < differ->count; i++)
        order[i] = i;
    if (order && copy) {
        o2c__sort(order, order + differ->count, differ->count, compare_atoms, differ->atoms);
        memcpy(copy, differ->atoms, differ->count * sizeof *copy);
        for (uint32_t i = 0; i < differ->count; i++) {
            const struct o2c__differ_atom *atom = &copy[order[i]], *before = kept ? &differ->atoms[kept - 1] : NULL;
            same = before && before->owner == atom->owner && before->kind == atom->kind ? same + 1 : 0;
            if (same < O2C__DIFFER_TOP)
                differ->atoms[kept++] = *atom;
        }
        differ->count = kept;
    }
    bool whole = order && copy;
    o2c__release(memory, order, bytes + 2 * sizeof *order);
    o2c__release(memory, copy, ((size_t)differ->room + 1) * sizeof *copy);
    return whole;
}

void
o2c__differ_free(o2c_match_model *model)
{
    if (model->differ)
        o2c__release(&model->context.memory, model->differ, size_of(model->differ->room));
    model->differ = NULL;
}

bool
o2c__differ_learn(o2c_match_model *model)
{
    const struct o2c__memories *memories = model->learned;
    uint32_t atoms = 0;
    bool any = false;
    o2c__differ_free(model);
    for (uint32_t i = 0; memories && i < memories->rows.room; i++) {
        const struct o2c__habit_row *row = &memories->rows.slots[i];
        any = any || row->kind == O2C__DIFFER_AMOUNT || row->kind == O2C__DIFFER_RATIO;
        atoms += is_atom(row, memories->day);
    }
    if (!any)
        return true;
    model->differ = o2c__alloc_zero(&model->context.memory, 1, size_of(atoms));
    if (!model->differ)
        return false;
    model->differ->room = atoms;
    gather(memories, model->differ);
    return order_atoms(&model->context.memory, model->differ);
}

/* ---- one payer */

void
o2c__differs_of(const o2c_match_model *model, o2c_str account, int32_t tier, struct o2c__differs *out)
{
    memset(out, 0, sizeof *out);
    if (!model->differ)
        return;
    uint32_t low = 0, high = model->differ->count;
    *out = (struct o2c__differs){ .model = model, .owners = { O2C__OWNER_HOST, o2c__owner_segment(tier), o2c__owner_customer(account) } };
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->differ->atoms[middle].owner < out->owners[2])
            low = middle + 1;
        else
            high = middle;
    }
    out->atoms = model->differ->atoms + low;
    while (low + out->count < model->differ->count && out->atoms[out->count].owner == out->owners[2])
        out->count++;
}

void
o2c__differs_at(const struct o2c__solve *solve, uint32_t account, struct o2c__differs *out)
{
    const struct o2c__account *at = &solve->pool->accounts[account];
    if (solve->model->differ)
        o2c__differs_of(solve->model, o2c__pool_str(solve->pool, at->key), at->tier, out);
    else
        memset(out, 0, sizeof *out);
}

/* How often payments differ by it, in ppb: asked = all, shorts = those that stayed short, off = those where it was taken off. */
struct rate {
    uint64_t shorts, off, asked;
};

/* What is asked of every level; host and segment know the decade of what was owed. */
struct question {
    uint32_t kind;
    uint64_t keys[3], payments[3];
};

static uint64_t
counted(const struct o2c__differs *differs, uint32_t level, uint32_t kind, uint64_t key, uint64_t *out_seen)
{
    const struct o2c__memories *memories = differs->model->learned;
    const struct o2c__habit_row *row = o2c__habit_find(&memories->rows, differs->owners[level], kind, key);
    uint64_t asked = row ? asked_now(row, memories->day) : 0;
    *out_seen = row ? o2c__decay(row->seen, (int64_t)memories->day - row->day) : 0;
    *out_seen = *out_seen < asked ? *out_seen : asked;
    return asked;
}

static struct rate
rate_of(const struct o2c__differs *differs, const struct question *question, struct rate rate)
{
    for (uint32_t level = 0; level < 3; level++) {
        uint64_t weight = level ? SHRINK : HOST_WEIGHT, shorts, ignored;
        uint64_t asked = counted(differs, level, question->kind, question->keys[level], &shorts);
        uint64_t payments = counted(differs, level, O2C__DIFFER_CAUSE, question->payments[level], &ignored);
        uint64_t whole = (payments > asked ? payments : asked) + weight * O2C__LINE_UNIT;
        rate.shorts = o2c__muldiv_floor(shorts + weight * rate.shorts, O2C__LINE_UNIT, whole);
        rate.off = o2c__muldiv_floor(asked - shorts + weight * rate.off, O2C__LINE_UNIT, whole);
        rate.asked = o2c__muldiv_floor(asked + weight * rate.asked, O2C__LINE_UNIT, whole);
    }
    return rate;
}

static struct question
ask(uint32_t kind, uint64_t wide, uint64_t own, uint32_t decade)
{
    uint64_t all = o2c__differ_cause_key(O2C__DIFFER_ALL, decade);
    return (struct question){ kind, { wide, wide, own }, { all, all, o2c__differ_cause_key(O2C__DIFFER_ALL, 0) } };
}

/* Before anything is counted of just this amount: how often one as round as it stays short, shared by all of them. */
static uint64_t
round_ppb(const struct o2c__differs *differs, int64_t difference, uint32_t decade)
{
    uint64_t shorts, ignored;
    (void)counted(differs, 0, O2C__DIFFER_ROUND, o2c__differ_round_key(difference, decade), &shorts);
    uint64_t payments = counted(differs, 0, O2C__DIFFER_CAUSE, o2c__differ_cause_key(O2C__DIFFER_ALL, decade), &ignored);
    uint64_t whole = (payments > shorts ? payments : shorts) + HOST_WEIGHT * O2C__LINE_UNIT;
    return o2c__muldiv_floor(o2c__muldiv_floor(shorts, O2C__LINE_UNIT, whole), share_of(difference, decade), 65536);
}

/* ---- densities */

static bool
is_listed(const struct o2c__kept *kept)
{
    int64_t difference = kept->open - kept->amount;
    for (uint64_t i = 0; kept->policy && difference != kept->charge && i < kept->policy->fees_count; i++)
        if (kept->policy->fees[i] == difference)
            return true;
    return false;
}

static int64_t
clip(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Both densities of a listed fee; of the short payment relative to the prior of its class. */
static int64_t
fee_and_short(const struct o2c__differs *differs, const struct o2c__kept *kept, int64_t *out_short)
{
    int64_t difference = kept->open - kept->amount, cold = o2c__ln_short(kept->amount, kept->open);
    uint64_t fees = kept->policy->fees_count;
    uint32_t decade = o2c__differ_decade(kept->open);
    uint64_t own = o2c__differ_amount_key(kept->currency, difference, 0);
    int64_t ln = -(int64_t)o2c__ln_u64(fees);
    *out_short = cold;
    if (!differs->model || !own)
        return ln;
    struct question question = ask(O2C__DIFFER_AMOUNT, o2c__differ_amount_key(kept->currency, difference, decade), own, decade);
    struct rate rate = rate_of(differs, &question, (struct rate){ round_ppb(differs, difference, decade), FEE_PPB / fees, 0 });
    ln += clip((int64_t)o2c__ln_ratio(rate.off * fees + 1, FEE_PPB), -LN2, 2 * LN2);
    ln = ln < 0 ? ln : 0;
    int64_t odds = clip((int64_t)o2c__ln_ratio(rate.shorts + 1, rate.off + 1), INT32_MIN, 0);
    int64_t as_short = ln + o2c__ln_class[O2C_ARITHMETIC_X3] - o2c__ln_class[O2C_ARITHMETIC_X7] + odds;
    *out_short = as_short > cold ? as_short : cold;
    return ln;
}

int64_t
o2c__differs_fee(const struct o2c__differs *differs, const struct o2c__kept *kept)
{
    int64_t ln_short;
    return fee_and_short(differs, kept, &ln_short);
}

/* ln of what an amount or ratio of this customer weighs; O2C__NEVER = it is not just that. */
static int64_t
ln_atom(const struct o2c__differs *differs, const struct o2c__kept *kept, const struct o2c__differ_atom *atom)
{
    int64_t difference = kept->open - kept->amount;
    bool ratio = atom->kind == O2C__DIFFER_RATIO;
    uint32_t decade = o2c__differ_decade(kept->open);
    if (ratio ? !gives(kept->open, (uint32_t)atom->key, difference)
              : atom->key != o2c__differ_amount_key(kept->currency, difference, 0))
        return O2C__NEVER;
    uint64_t wide = ratio ? atom->key : o2c__differ_amount_key(kept->currency, difference, decade);
    struct question question = ask(atom->kind, wide, atom->key, ratio ? 0 : decade);
    uint64_t asked = rate_of(differs, &question, (struct rate){ 0, 0, 0 }).asked;
    return (int64_t)o2c__ln_ratio(asked + 1, O2C__LINE_UNIT) - o2c__ln_class[O2C_ARITHMETIC_X7] - (ratio ? LN2 : 0);
}

static int64_t
ln_atoms(const struct o2c__differs *differs, const struct o2c__kept *kept)
{
    int64_t most = O2C__NEVER;
    for (uint32_t i = 0; i < differs->count; i++) {
        int64_t ln = ln_atom(differs, kept, &differs->atoms[i]);
        most = ln > most ? ln : most;
    }
    return most;
}

int64_t
o2c__differs_short(const struct o2c__differs *differs, const struct o2c__kept *kept)
{
    int64_t cold = o2c__ln_short(kept->amount, kept->open), ln_short;
    if (!differs->model)
        return cold;
    if (is_listed(kept)) {
        (void)fee_and_short(differs, kept, &ln_short);
        return ln_short;
    }
    int64_t ln = differs->count ? ln_atoms(differs, kept) : O2C__NEVER;
    return ln == O2C__NEVER ? cold : clip(ln, cold, cold + O2C__LN_DIFFER_MOST);
}

bool
o2c__differs_knows(const struct o2c__differs *differs, const struct o2c__kept *kept)
{
    if (!differs->model || kept->open <= kept->amount)
        return false;
    return is_listed(kept) || (differs->count && ln_atoms(differs, kept) != O2C__NEVER);
}

/* Rounding moves what was owed by a unit or two. */
bool
o2c__differs_window(const struct o2c__differs *differs, uint32_t i, int64_t amount, int64_t *out_least, int64_t *out_most)
{
    const struct o2c__differ_atom *atom = &differs->atoms[i];
    int64_t kept;
    if (atom->kind == O2C__DIFFER_AMOUNT) {
        *out_least = *out_most = (int64_t)(atom->key & ((UINT64_C(1) << AMOUNT_BITS) - 1));
        return *out_most > 0;
    }
    if (atom->key == 0 || atom->key > 500000 || !o2c__muldiv(amount, (int64_t)atom->key, 1000000 - (int64_t)atom->key, &kept))
        return false;
    *out_least = kept > 4 ? kept - 4 : 1;
    *out_most = kept + 4;
    return true;
}

/* ---- codes */

int32_t
o2c__differs_reason(const o2c_match_model *model, o2c_str account, o2c_str code)
{
    const struct o2c__memories *memories = model->learned;
    uint64_t owner, all = 0, most = 0;
    int32_t best = O2C_DEDUCTION_NONE;
    if (!memories || memories->rows.count == 0 || code.len == 0)
        return best;
    owner = o2c__owner_customer(account);
    for (int32_t reason = O2C_DEDUCTION_PRICE; reason <= O2C_DEDUCTION_OTHER; reason++) {
        const struct o2c__habit_row *row = o2c__habit_find(&memories->rows, owner, O2C__DIFFER_CODE, o2c__differ_code_key(code, reason));
        uint64_t asked = row ? asked_now(row, memories->day) : 0;
        all += asked / 32;
        if (asked > most) {
            most = asked;
            best = reason;
        }
    }
    return most >= TWICE_SEEN && most / 32 >= all / 4 * 3 ? best : O2C_DEDUCTION_NONE;
}
