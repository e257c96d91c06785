/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of an advice become lines of a proposal: every cent typed, per line. A claim on a closed document is a deduction of the line it
 * was kept back from, and carries the key of the document it is about; a difference of the total is split over all lines.
 */
#include "match/pool.h"
#include "match/remit.h"

#define LOOK 64u /* lines before and behind a claim among which its host is looked for */

struct settler {
    struct o2c__remit *remit;
    struct o2c__decision *d;
    uint32_t *line_part; /* line → its part, O2C__NONE = none */
};

static uint32_t
both(uint32_t a_ppb, uint32_t b_ppb)
{
    uint64_t right = (uint64_t)(1000000000 - a_ppb) * (1000000000 - b_ppb) / 1000000000u;
    return (uint32_t)(1000000000 - right);
}

static int32_t
label_of(int32_t arithmetic, uint8_t error)
{
    if (arithmetic == O2C_ARITHMETIC_X6)
        return O2C_LABEL_M09;
    if (arithmetic == O2C_ARITHMETIC_X2 || arithmetic == O2C_ARITHMETIC_X7)
        return O2C_LABEL_M10;
    if (arithmetic == O2C_ARITHMETIC_X8)
        return O2C_LABEL_M11;
    if (error == O2C__REF_DAMAGED)
        return O2C_LABEL_M12;
    if (error == O2C__REF_SECONDARY)
        return O2C_LABEL_M06;
    if (arithmetic == O2C_ARITHMETIC_X1)
        return O2C_LABEL_M04;
    return arithmetic == O2C_ARITHMETIC_X0 ? O2C_LABEL_M02 : O2C_LABEL_M05;
}

/* Label, error and certificate, from which remit.c takes the confidence; called again when a claim or a difference changes the cause. */
static void
judge(const struct o2c__remit *remit, struct o2c__part *part)
{
    part->label = label_of(part->arithmetic, part->error);
    part->error_ppb = both(part->line_error_ppb, remit->link_error_ppb);
    part->share = 1000000000 - part->error_ppb;
    bool clear = part->share / 1000 >= remit->solve->policy->auto_ppm;
    bool only = o2c__named(part->arithmetic) && part->options == 1;
    int32_t alone = part->twin ? O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE : O2C_CERTIFICATE_ONLY_FIT;
    part->certificate = only ? alone : clear ? O2C_CERTIFICATE_CLEAR_FAVORITE : O2C_CERTIFICATE_NONE;
}

static void
type_amounts(const struct settler *s, const struct o2c__remit_line *line, struct o2c__part *part)
{
    const struct o2c__solve *solve = s->remit->solve;
    int64_t difference = part->offered - line->paid;
    part->paid = line->paid;
    switch (part->arithmetic) {
    case O2C_ARITHMETIC_X1:
        part->discount = difference;
        break;
    case O2C_ARITHMETIC_X2:
        part->deduction = difference;
        part->deduction_reason = O2C_DEDUCTION_DISCOUNT_UNEARNED;
        break;
    case O2C_ARITHMETIC_X4:
        part->withholding = difference;
        break;
    case O2C_ARITHMETIC_X5:
        part->tolerance = difference;
        break;
    case O2C_ARITHMETIC_X6:
        part->discount = line->discount;
        part->deduction = line->deducted;
        break;
    case O2C_ARITHMETIC_X7:
        if (solve->policy->short_pay == O2C_SHORT_PAY_RESIDUAL && difference > 0) {
            part->deduction = difference;
            part->deduction_reason = O2C_DEDUCTION_UNCODED;
        } else {
            part->close = O2C_CLOSE_PARTIAL;
        }
        break;
    case O2C_ARITHMETIC_X8:
        part->paid = part->offered;
        break;
    default:
        break;
    }
}

static void
name_deduction(const struct settler *s, uint32_t row, struct o2c__part *part)
{
    const o2c_remittances *remittances = s->remit->solve->remittances;
    const o2c_remittance_line *line = &remittances->lines[row];
    part->words = line->reason.len ? line->reason : line->words;
    uint32_t payer = s->remit->one->payers_count ? s->remit->one->payers[s->remit->payer].account : O2C__NONE;
    part->deduction_reason = o2c__reason_of(s->remit->solve, payer, o2c__ref_str(line->reason, remittances->heap));
}

static struct o2c__part *
add_part(struct settler *s, const struct o2c__remit_line *line, uint32_t item, const struct o2c__remit_option *option)
{
    struct o2c__remit *remit = s->remit;
    const o2c_match_pool *pool = remit->solve->pool;
    struct o2c__part *part = &remit->parts[remit->parts_count++];
    memset(part, 0, sizeof *part);
    part->item = item;
    part->offered = pool->open[item];
    part->arithmetic = option->arithmetic;
    part->error = option->error;
    part->ln_ratio = option->ln_ratio;
    part->options = line->options_count;
    part->twin = line->twin;
    part->line_error_ppb = line->error_ppb;
    part->scope = o2c__pool_account(pool, item) == remit->account ? O2C_SCOPE_OWN : O2C_SCOPE_TIED;
    return part;
}

static void
pay_group(struct settler *s, const struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    for (uint32_t i = 0; i < option->group_count; i++) {
        struct o2c__part *part = add_part(s, line, s->remit->members[option->group_at + i], option);
        part->paid = part->offered;
        part->ln_ratio = i ? 0 : option->ln_ratio; /* one number cites the group once */
        judge(s->remit, part);
    }
}

static void
pay(struct settler *s, struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    struct o2c__part *part = add_part(s, line, option->item, option);
    type_amounts(s, line, part);
    if (part->arithmetic == O2C_ARITHMETIC_X6 && part->deduction)
        name_deduction(s, line->coded_row, part);
    if (part->arithmetic == O2C_ARITHMETIC_X8) {
        int64_t rest = line->paid - part->offered;
        if (s->remit->solve->policy->over_pay == O2C_OVER_PAY_REFUND)
            s->d->refund += rest;
        else
            s->d->on_account += rest;
    }
    judge(s->remit, part);
}

/* What the line would clear: an item stays open in part only where a short payment leaves it so. */
static int64_t
clears(const struct settler *s, const struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    const struct o2c__solve *solve = s->remit->solve;
    bool part = option->arithmetic == O2C_ARITHMETIC_X7 && solve->policy->short_pay != O2C_SHORT_PAY_RESIDUAL;
    return part ? line->paid : solve->pool->open[option->item];
}

static bool
leaves_too_little(const o2c_match_pool *pool, uint32_t item, int64_t held, int64_t wanted)
{
    int64_t open = pool->open[item];
    return held > 0 && (open > 0 ? wanted > open - held : wanted < open + held);
}

/* Another proposal holds so much of the item that the rest does not suffice: the line stays open. What other payments of this run have
 * taken is paid before. */
static uint8_t
state_of_item(const struct settler *s, const struct o2c__remit_line *line, uint32_t item, int64_t wanted)
{
    const struct o2c__solve *solve = s->remit->solve;
    int64_t earmarked = o2c__pool_earmarked(solve->pool, item), taken = solve->held ? solve->held[item] : 0;
    if (leaves_too_little(solve->pool, item, earmarked, wanted))
        return O2C__REMIT_HELD;
    if (leaves_too_little(solve->pool, item, earmarked + taken, wanted))
        return line->paid > 0 ? O2C__REMIT_AGAIN : O2C__REMIT_HELD;
    return O2C__REMIT_PAYS;
}

static uint8_t
state_of_group(const struct settler *s, const struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    uint8_t state = O2C__REMIT_PAYS;
    for (uint32_t i = 0; i < option->group_count && state == O2C__REMIT_PAYS; i++) {
        uint32_t item = s->remit->members[option->group_at + i];
        state = state_of_item(s, line, item, s->remit->solve->pool->open[item]);
    }
    return state;
}

static uint8_t
state_of(const struct settler *s, const struct o2c__remit_line *line)
{
    const o2c_match_pool *pool = s->remit->solve->pool;
    if (line->state == O2C__REMIT_MERGED)
        return O2C__REMIT_MERGED;
    if (line->chosen == O2C__NONE) /* kept back for what nobody here knows: a claim without a document */
        return line->paid < 0 ? O2C__REMIT_CLAIM : O2C__REMIT_OPEN;
    const struct o2c__remit_option *option = &s->remit->options[line->chosen];
    if (line->paid < 0 && (option->item >= pool->open_count || pool->open[option->item] > 0))
        return O2C__REMIT_CLAIM;
    if (option->item >= pool->open_count)
        return O2C__REMIT_AGAIN;
    return option->group_count ? state_of_group(s, line, option) : state_of_item(s, line, option->item, clears(s, line, option));
}

static uint64_t
parts_room(const struct o2c__remit *remit)
{
    uint64_t room = remit->lines_count;
    for (uint32_t i = 0; i < remit->lines_count; i++)
        if (remit->lines[i].chosen != O2C__NONE)
            room += remit->options[remit->lines[i].chosen].group_count;
    return room;
}

static bool
pay_all(struct settler *s)
{
    struct o2c__remit *remit = s->remit;
    remit->parts = o2c__arena_alloc(&remit->solve->arena, parts_room(remit) * sizeof *remit->parts);
    s->line_part = o2c__arena_alloc(&remit->solve->arena, remit->lines_count * sizeof *s->line_part);
    if (!remit->parts || !s->line_part)
        return false;
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        struct o2c__remit_line *line = &remit->lines[i];
        line->state = state_of(s, line);
        s->line_part[i] = O2C__NONE;
        if (line->state == O2C__REMIT_AGAIN)
            s->d->on_account += line->paid;
        if (line->state != O2C__REMIT_PAYS)
            continue;
        const struct o2c__remit_option *option = &remit->options[line->chosen];
        s->line_part[i] = remit->parts_count;
        if (option->group_count)
            pay_group(s, line, option);
        else
            pay(s, line, option);
    }
    return true;
}

/* ---- a charge that the payer split over his lines */

static bool
is_kept_back(const struct o2c__part *part)
{
    return part->arithmetic == O2C_ARITHMETIC_X6 && part->deduction > 0 && part->deduction_reason == O2C_DEDUCTION_UNCODED &&
           part->words.len == 0;
}

/* Deductions without a reason that come to a charge of the bank, all together and to the cent, are that charge. */
static void
name_charges(const struct settler *s)
{
    struct o2c__remit *remit = s->remit;
    int64_t sum = 0;
    for (uint32_t i = 0; i < remit->parts_count; i++)
        if (is_kept_back(&remit->parts[i]) && !o2c__add(sum, remit->parts[i].deduction, &sum))
            return;
    if (!o2c__remit_is_fee(remit->solve, remit->one->payment, sum))
        return;
    for (uint32_t i = 0; i < remit->parts_count; i++) {
        struct o2c__part *part = &remit->parts[i];
        if (!is_kept_back(part))
            continue;
        part->charge += part->deduction;
        part->deduction = 0;
        part->deduction_reason = O2C_DEDUCTION_NONE;
        part->arithmetic = O2C_ARITHMETIC_X3;
        judge(remit, part);
    }
}

/* ---- claims */

static bool
may_host(const struct settler *s, uint32_t line, int64_t claim)
{
    const struct o2c__part *part = s->line_part[line] == O2C__NONE ? NULL : &s->remit->parts[s->line_part[line]];
    return part && part->arithmetic == O2C_ARITHMETIC_X0 && part->paid >= claim && part->deduction == 0;
}

/* The line before the claim that can bear it, else one behind, else the largest of all. */
static uint32_t
host_of(const struct settler *s, uint32_t line, int64_t claim)
{
    const struct o2c__remit *remit = s->remit;
    uint32_t best = O2C__NONE;
    for (uint32_t back = 1; back <= LOOK && back <= line; back++)
        if (may_host(s, line - back, claim))
            return s->line_part[line - back];
    for (uint32_t on = 1; on <= LOOK && line + on < remit->lines_count; on++)
        if (may_host(s, line + on, claim))
            return s->line_part[line + on];
    for (uint32_t i = 0; i < remit->parts_count; i++)
        if (remit->parts[i].paid >= claim && (best == O2C__NONE || remit->parts[i].paid > remit->parts[best].paid))
            best = i;
    return best;
}

/* Several claims on one line: the amounts add up, the first names reason and document; all of them stand in the evidence. */
static bool
host_claim(struct settler *s, uint32_t at)
{
    struct o2c__remit_line *line = &s->remit->lines[at];
    uint32_t host = host_of(s, at, -line->paid);
    if (host == O2C__NONE)
        return false;
    struct o2c__part *part = &s->remit->parts[host];
    bool first = part->deduction == 0;
    part->paid += line->paid;
    part->deduction -= line->paid;
    if (first) {
        name_deduction(s, line->coded_row, part);
        part->claim = line->chosen == O2C__NONE ? 0 : s->remit->options[line->chosen].item + 1;
    }
    if (line->chosen != O2C__NONE)
        part->line_error_ppb = both(part->line_error_ppb, line->error_ppb);
    part->arithmetic = O2C_ARITHMETIC_X6;
    judge(s->remit, part);
    s->line_part[at] = host;
    return true;
}

/* ---- the difference of the total */

struct share {
    uint32_t part;
    uint64_t rest;
};

static int
more_rest(const void *self, uint32_t a, uint32_t b)
{
    const struct share *shares = self;
    if (shares[a].rest != shares[b].rest)
        return shares[a].rest > shares[b].rest ? -1 : 1;
    return shares[a].part < shares[b].part ? -1 : shares[a].part > shares[b].part;
}

static void
bear(const struct o2c__remit *remit, struct o2c__part *part, int64_t amount)
{
    if (amount == 0)
        return;
    part->paid -= amount;
    if (remit->arithmetic == O2C_ARITHMETIC_X3)
        part->charge += amount;
    else
        part->tolerance += amount;
    if (part->arithmetic == O2C_ARITHMETIC_X0)
        part->arithmetic = remit->arithmetic;
}

/* Largest remainder over what the lines pay; ties go to the line that stands first in the advice. */
static bool
split_difference(struct o2c__remit *remit)
{
    uint32_t n = remit->parts_count, count = 0;
    struct share *shares = o2c__arena_alloc(&remit->solve->arena, n * sizeof *shares);
    uint32_t *order = o2c__arena_alloc(&remit->solve->arena, 2 * (size_t)n * sizeof *order);
    int64_t base = 0, left = remit->difference;
    if (!shares || !order)
        return false;
    for (uint32_t i = 0; i < n; i++)
        base += remit->parts[i].paid > 0 ? remit->parts[i].paid : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t paid = remit->parts[i].paid > 0 ? (uint64_t)remit->parts[i].paid : 0;
        if (paid == 0)
            continue;
        uint64_t floor = o2c__muldiv_floor((uint64_t)remit->difference, paid, (uint64_t)base);
        shares[count] = (struct share){ i, (uint64_t)remit->difference * paid - floor * (uint64_t)base };
        order[count] = count;
        count++;
        bear(remit, &remit->parts[i], (int64_t)floor);
        left -= (int64_t)floor;
    }
    o2c__sort(order, order + n, count, more_rest, shares);
    for (uint32_t i = 0; i < count && left > 0; i++, left--)
        bear(remit, &remit->parts[shares[order[i]].part], 1);
    for (uint32_t i = 0; i < n; i++) /* a cause of the whole is one of every line */
        judge(remit, &remit->parts[i]);
    return true;
}

static bool
settle_difference(struct settler *s)
{
    struct o2c__remit *remit = s->remit;
    const o2c_payment *payment = remit->one->payment;
    if (remit->difference <= 0)
        return true;
    if (remit->arithmetic == O2C_ARITHMETIC_X3 && payment->bearer != O2C_BEARER_PAYER && payment->charges_minor == remit->difference) {
        s->d->charge_in_file = remit->difference;
        return true;
    }
    return split_difference(remit);
}

static void
finish(struct o2c__part *part)
{
    if (part->close == O2C_CLOSE_NONE)
        part->close = part->deduction ? O2C_CLOSE_RESIDUAL : O2C_CLOSE_FULL;
}

o2c_status
o2c__remit_settle(struct o2c__remit *remit, struct o2c__decision *d, o2c_error *err)
{
    struct settler s = { .remit = remit, .d = d };
    bool borne = true;
    if (!pay_all(&s))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the lines of an advice");
    name_charges(&s);
    for (uint32_t i = 0; i < remit->lines_count && borne; i++)
        if (remit->lines[i].state == O2C__REMIT_CLAIM)
            borne = host_claim(&s, i);
    if (!borne || !remit->parts_count) { /* nothing that could bear it: a question for the ordinary explanation */
        remit->parts_count = 0;
        return O2C_OK;
    }
    if (!settle_difference(&s))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to split a difference");
    int64_t paid = 0;
    for (uint32_t i = 0; i < remit->parts_count; i++) {
        finish(&remit->parts[i]);
        paid += remit->parts[i].paid;
    }
    d->parts = remit->parts;
    d->parts_count = remit->parts_count;
    d->unapplied = remit->one->payment->amount_minor + d->charge_in_file - paid - d->on_account - d->refund;
    if (d->unapplied < 0) /* lines that were dropped had paid for others */
        remit->parts_count = 0;
    return O2C_OK;
}
