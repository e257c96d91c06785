/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The amount of a line against the items it may mean: the classes of MATCHER 5.2 for one item, beside "the line speaks of something
 * that is not in our books", whose amount is as likely as any.
 */
#include "match/remit.h"
#include "match/tables.h"

#define LN_UNKNOWN O2C__LN_MISS /* a line about something we do not have, Q16 */
#define DAMAGED_MAX 64u         /* items of one amount that a damaged number is compared with */

struct fit {
    int32_t arithmetic;
    int64_t ln; /* class and density, O2C__NEVER = does not fit */
    uint32_t rate;
};

static void
better(struct fit *fit, int32_t arithmetic, int64_t ln, uint32_t rate)
{
    int64_t whole = ln == O2C__NEVER ? ln : ln + o2c__ln_class[arithmetic];
    if (whole > fit->ln)
        *fit = (struct fit){ arithmetic, whole, rate };
}

static void
fit_discount(const struct o2c__remit *remit, uint32_t item, int64_t difference, struct fit *fit)
{
    const o2c_payment *payment = remit->one->payment;
    struct o2c__discount_worth worth;
    if (remit->solve->pool->discount[item] == 0)
        return;
    o2c__discount_on(remit->solve->pool, item, payment->value_day ? payment->value_day : payment->booking_day,
                     remit->solve->policy->discount_grace_days, &worth);
    if (worth.earned && worth.earned == difference)
        better(fit, O2C_ARITHMETIC_X1, 0, 0);
    if (!worth.earned && worth.unearned && worth.unearned == difference)
        better(fit, O2C_ARITHMETIC_X2, 0, 0);
}

static void
fit_withholding(const struct o2c__remit *remit, uint32_t item, int64_t difference, struct fit *fit)
{
    const o2c_match_policy *policy = remit->solve->policy;
    int64_t tax;
    if (!(remit->solve->pool->flags[item] & O2C_ITEM_FLAG_WITHHOLDING) || difference <= 0)
        return;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++)
        if (o2c__muldiv(remit->solve->pool->open[item], policy->withholding_ppm[i], 1000000, &tax) && tax == difference)
            better(fit, O2C_ARITHMETIC_X4, -(int64_t)o2c__ln_u64(policy->withholding_ppm_count), (uint32_t)i);
}

static void
fit_tolerance(const o2c_match_policy *policy, int64_t open, int64_t difference, struct fit *fit)
{
    int64_t limit;
    if (o2c__tolerated(policy, open, difference, &limit))
        better(fit, O2C_ARITHMETIC_X5, -(int64_t)o2c__ln_u64(2 * (uint64_t)limit), 0);
}

/* A credit memo is used whole, or in part; everything else of the classes is for what is owed. */
static void
fit_open(const struct o2c__remit *remit, const struct o2c__remit_line *line, uint32_t item, struct fit *fit)
{
    int64_t open = remit->solve->pool->open[item], paid = line->paid, difference = open - paid;
    if ((open < 0) != (paid < 0) && paid != 0)
        return;
    if (difference == 0) {
        better(fit, O2C_ARITHMETIC_X0, 0, 0);
        return;
    }
    if (open < 0) {
        if (difference < 0)
            better(fit, O2C_ARITHMETIC_X7, o2c__ln_short(-paid, -open), 0);
        return;
    }
    int64_t coded = line->discount + line->deducted;
    if (paid != 0)
        fit_withholding(remit, item, difference, fit);
    bool tax = fit->arithmetic == O2C_ARITHMETIC_X4 && !o2c__remit_says_why(remit, line); /* foretold to the cent: no other reason */
    if (coded == difference && (line->deducted != 0 || line->discount != 0) && !tax)
        better(fit, O2C_ARITHMETIC_X6, 0, 0);
    fit_discount(remit, item, difference, fit); /* a discount that is due needs no code */
    if (paid == 0)
        return;
    fit_tolerance(remit->solve->policy, open, difference, fit);
    if (difference > 0)
        better(fit, O2C_ARITHMETIC_X7, o2c__ln_short(paid, open), 0);
    else
        better(fit, O2C_ARITHMETIC_X8, o2c__ln_over(paid, open), 0);
}

/* A claim lowers the payment and names a document that is closed, or owed; a second payment names one that was paid. */
static void
fit_other(const struct o2c__remit *remit, const struct o2c__remit_line *line, uint32_t item, struct fit *fit)
{
    const o2c_match_pool *pool = remit->solve->pool;
    bool closed = item >= pool->open_count;
    if (line->paid < 0 && (closed || pool->open[item] > 0))
        better(fit, O2C_ARITHMETIC_X6, 0, 0);
    if (line->paid > 0 && closed && pool->original[item] == line->paid)
        better(fit, O2C_ARITHMETIC_X12, 0, 0);
}

static void
fit_group(const struct o2c__remit *remit, const struct o2c__remit_line *line, const struct o2c__remit_option *option, struct fit *fit)
{
    const uint32_t *members = remit->members + option->group_at;
    int64_t sum = 0;
    for (uint32_t i = 0; i < option->group_count; i++) {
        if (members[i] >= remit->solve->pool->open_count)
            return;
        sum += remit->solve->pool->open[members[i]];
    }
    if (sum == line->paid)
        better(fit, O2C_ARITHMETIC_X0, 0, 0);
}

/* Another currency has no rate: such an item is not offered. */
static bool
same_currency(const struct o2c__remit *remit, uint32_t item)
{
    return memcmp(o2c__pool_currency(remit->solve->pool, item).ptr, remit->one->payment->currency, 3) == 0;
}

static void
weigh_option(const struct o2c__remit *remit, const struct o2c__remit_line *line, struct o2c__remit_option *option)
{
    struct fit fit = { O2C_ARITHMETIC_X0, O2C__NEVER, 0 };
    option->weight = O2C__NEVER;
    if (!same_currency(remit, option->item))
        return;
    if (option->group_count)
        fit_group(remit, line, option, &fit);
    else if (option->item < remit->solve->pool->open_count)
        fit_open(remit, line, option->item, &fit);
    if (!option->group_count && fit.ln == O2C__NEVER)
        fit_other(remit, line, option->item, &fit);
    if (fit.ln == O2C__NEVER)
        return;
    option->arithmetic = fit.arithmetic;
    option->rate = fit.rate;
    option->weight = fit.ln + option->ln_ratio - o2c__ln_u64(remit->pool_count);
}

static int64_t
ln_unknown(const struct o2c__remit_line *line)
{
    int64_t amount = line->paid < 0 ? -line->paid : line->paid;
    return LN_UNKNOWN + O2C__LN_ANY - o2c__ln_u64(amount ? (uint64_t)amount : 1);
}

static bool
taken_by_another(const struct o2c__remit *remit, const struct o2c__remit_option *option)
{
    return option->item < remit->solve->pool->open_count && o2c__is_held(remit->solve, option->item);
}

/* An item that another payment of this run has taken is no reading beside one that is free. */
static void
prefer_free(struct o2c__remit *remit, const struct o2c__remit_line *line)
{
    struct o2c__remit_option *options = remit->options + line->options_at;
    bool free = false;
    for (uint32_t i = 0; i < line->options_count; i++)
        free = free || (options[i].weight != O2C__NEVER && !taken_by_another(remit, &options[i]));
    for (uint32_t i = 0; free && i < line->options_count; i++)
        if (taken_by_another(remit, &options[i]))
            options[i].weight = O2C__NEVER;
}

void
o2c__remit_weigh_line(struct o2c__remit *remit, struct o2c__remit_line *line)
{
    int64_t unknown = ln_unknown(line), most = unknown;
    uint64_t total = 0;
    line->chosen = O2C__NONE;
    for (uint32_t i = line->options_at; i < line->options_at + line->options_count; i++)
        weigh_option(remit, line, &remit->options[i]);
    if (remit->solve->held)
        prefer_free(remit, line);
    for (uint32_t i = line->options_at; i < line->options_at + line->options_count; i++)
        if (remit->options[i].weight > most) {
            most = remit->options[i].weight;
            line->chosen = i;
        }
    for (uint32_t i = line->options_at; i < line->options_at + line->options_count; i++)
        if (remit->options[i].weight != O2C__NEVER)
            total += o2c__exp_q40(remit->options[i].weight - most);
    total += o2c__exp_q40(unknown - most);
    line->error_ppb = line->chosen == O2C__NONE ? 1000000000 : o2c__error_ppb(o2c__exp_q40(0), total);
}

/* ---- a number with an error in it: only an item of the payer with exactly this amount is compared */

static bool
damaged_option(struct o2c__remit *remit, struct o2c__remit_line *line, o2c_str digits, uint32_t item)
{
    const o2c_match_pool *pool = remit->solve->pool;
    struct o2c__remit_option option = { .item = item };
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(pool, pool->echo[item].document), &forms);
    if (pool->item_accounts[pool->item_account[item]].account != remit->account || forms.digits_len == 0)
        return true;
    uint64_t shape = o2c__shape_of((o2c_str){ forms.full, forms.full_len }, forms.digits);
    int32_t range = o2c__model_ln_range(remit->solve->model, shape, forms.digits);
    int32_t damage = o2c__damage(digits, (o2c_str){ forms.full + forms.digits_at, forms.digits_len });
    bool whole = false;
    if (damage == 0)
        damage = o2c__damage_prefix(digits, &forms, &whole, &range);
    if (damage == 0)
        return true;
    option.error = whole ? O2C__REF_NORMALIZED : O2C__REF_DAMAGED;
    option.ln_ratio = damage + range - O2C__LN_TAU_BARE;
    return o2c__remit_option_add(remit, line, &option);
}

static bool
read_damaged(struct o2c__remit *remit, struct o2c__remit_line *line)
{
    const o2c_remittances *remittances = remit->solve->remittances;
    o2c_str text = o2c__ref_str(remittances->lines[line->row].document, remittances->heap);
    const o2c_match_pool *pool = remit->solve->pool;
    struct o2c__forms forms;
    uint32_t count = 0, first = line->paid > 0 ? o2c__index_amount(pool, line->paid, &count) : 0;
    if (text.len == 0 || text.len > O2C__REFERENCE_BYTES || count > DAMAGED_MAX)
        return true;
    o2c__forms(text, &forms);
    line->options_count = 0; /* what its number named does not fit at all */
    for (uint32_t i = first; i < first + count && forms.digits_len >= O2C__SIGNIFICANT_MIN; i++)
        if (!damaged_option(remit, line, (o2c_str){ forms.full + forms.digits_at, forms.digits_len }, pool->index->amounts[i]))
            return false;
    remit->one->operations += count;
    o2c__remit_weigh_line(remit, line);
    return true;
}

bool
o2c__remit_weigh(struct o2c__remit *remit)
{
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        struct o2c__remit_line *line = &remit->lines[i];
        if (line->state == O2C__REMIT_MERGED)
            continue;
        o2c__remit_weigh_line(remit, line);
        if (line->chosen == O2C__NONE && !read_damaged(remit, line))
            return false;
    }
    return true;
}
