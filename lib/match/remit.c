/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A payment decided by the lines of its advices: read, weighed, and where several want the same item assigned; then settled line by
 * line. What found no document stays an open line, and its money unapplied.
 */
#include "match/remit.h"
#include "match/tables.h"

#define ERRORS (O2C__REF_DAMAGED + 1u)
#define LN_TOTAL_MET (-3362)    /* ln .95: the lines add up to the payment, Q16 */
#define LN_TOTAL_OTHER (-196328) /* ln .05: they do so but for a difference that has a name */

/* ---- do the lines add up? */

int64_t
o2c__remit_paid(const o2c_remittance_line *line)
{
    int64_t paid = 0;
    if (line->has & O2C_HAS_PAID)
        paid = line->paid_minor;
    else if (line->has & O2C_HAS_CREDIT)
        paid = -line->credit_minor;
    else if (line->has & O2C_HAS_GROSS)
        paid = line->gross_minor - (line->has & O2C_HAS_DISCOUNT ? line->discount_minor : 0) -
               (line->has & O2C_HAS_DEDUCTION ? line->deduction_minor : 0);
    return line->kind == O2C_REMITTANCE_CREDIT_MEMO && paid > 0 ? -paid : paid;
}

static bool
add_up(const struct o2c__solve *solve, uint32_t payment, uint32_t *out_lines, int64_t *out_sum)
{
    const struct o2c__remitted *links = solve->remitted;
    *out_lines = 0;
    *out_sum = 0;
    for (const struct o2c__link *link = o2c__link_at(links, links->first[payment]); link; link = o2c__link_at(links, link->next)) {
        const o2c_remittance *row = &solve->remittances->rows[link->remittance];
        uint32_t count = o2c__link_lines(link, row);
        *out_lines += count;
        for (uint32_t i = 0; i < count; i++)
            if (!o2c__add(*out_sum, o2c__remit_paid(&solve->remittances->lines[o2c__link_line(links, link, row, i).row]), out_sum))
                return false;
    }
    return *out_lines > 0;
}

bool
o2c__remit_is_fee(const struct o2c__solve *solve, const o2c_payment *payment, int64_t difference)
{
    if (difference <= 0)
        return false;
    if (payment->bearer != O2C_BEARER_PAYER && payment->charges_minor == difference)
        return true;
    for (uint64_t i = 0; i < solve->policy->fees_count; i++)
        if (solve->policy->fees[i] == difference)
            return true;
    return false;
}

bool
o2c__remit_reconciles(const struct o2c__solve *solve, uint32_t payment, uint32_t *out_lines, int64_t *out_difference,
                      int32_t *out_arithmetic)
{
    const o2c_payment *row = &solve->payments->rows[payment];
    int64_t sum;
    if (!add_up(solve, payment, out_lines, &sum))
        return false;
    int64_t difference = *out_difference = sum - row->amount_minor;
    int64_t limit = (int64_t)o2c__muldiv_floor((uint64_t)row->amount_minor, solve->policy->tolerance_ppm, 1000000);
    limit = limit < solve->policy->tolerance_minor ? limit : solve->policy->tolerance_minor;
    *out_arithmetic = O2C_ARITHMETIC_X0;
    if (difference == 0)
        return true;
    bool fee = o2c__remit_is_fee(solve, row, difference);
    *out_arithmetic = fee ? O2C_ARITHMETIC_X3 : difference < 0 ? O2C_ARITHMETIC_X8 : O2C_ARITHMETIC_X5;
    return *out_arithmetic != O2C_ARITHMETIC_X5 || difference <= limit;
}

bool
o2c__remit_alone(const struct o2c__solve *solve, uint32_t payment)
{
    uint32_t lines;
    int64_t difference;
    int32_t arithmetic;
    bool reconciles = o2c__remit_reconciles(solve, payment, &lines, &difference, &arithmetic);
    const struct o2c__link *link = o2c__link_at(solve->remitted, solve->remitted->first[payment]);
    return lines > O2C__SET_MAX || (reconciles && lines > O2C__REMIT_SHORT) || link->part >= O2C__LINK_SHARE;
}

/* ---- lines */

static bool
list_lines(struct o2c__remit *remit)
{
    struct o2c__solve *solve = remit->solve;
    const struct o2c__remitted *links = solve->remitted;
    remit->lines = o2c__arena_alloc(&solve->arena, remit->lines_count * sizeof *remit->lines);
    if (!remit->lines)
        return false;
    memset(remit->lines, 0, remit->lines_count * sizeof *remit->lines);
    remit->options_room = remit->lines_count; /* one each, as a rule */
    remit->options = o2c__arena_alloc(&solve->arena, remit->options_room * sizeof *remit->options);
    if (!remit->options)
        return false;
    uint32_t count = 0;
    for (const struct o2c__link *link = o2c__link_at(links, links->first[remit->one->row]); link; link = o2c__link_at(links, link->next)) {
        const o2c_remittance *row = &solve->remittances->rows[link->remittance];
        remit->stale = remit->stale || link->stale;
        remit->share = remit->share || link->part >= O2C__LINK_SHARE;
        remit->part = remit->part || link->part >= O2C__LINK_SOME;
        for (uint32_t i = 0; i < o2c__link_lines(link, row); i++) {
            struct o2c__link_line which = o2c__link_line(links, link, row, i);
            const o2c_remittance_line *from = &solve->remittances->lines[which.row];
            struct o2c__remit_line *line = &remit->lines[count++];
            line->row = line->coded_row = which.row;
            line->twin = which.twin;
            line->chosen = O2C__NONE;
            line->paid = o2c__remit_paid(from);
            line->discount = from->has & O2C_HAS_DISCOUNT ? from->discount_minor : 0;
            line->deducted = from->has & O2C_HAS_DEDUCTION ? from->deduction_minor : 0;
        }
    }
    return true;
}

/* The links together: the weakest decides; the totals speak only where the link does not rest on them. */
static void
weigh_link(struct o2c__remit *remit)
{
    const struct o2c__remitted *links = remit->solve->remitted;
    uint32_t chance = 1000000;
    bool named = true;
    for (const struct o2c__link *link = o2c__link_at(links, links->first[remit->one->row]); link; link = o2c__link_at(links, link->next)) {
        chance = link->chance_ppm < chance ? link->chance_ppm : chance;
        named = named && link->named;
    }
    uint32_t rest = chance < 1000000 ? 1000000 - chance : 1;
    int64_t with = o2c__ln_ratio(chance, 1000000), without = o2c__ln_ratio(rest, 1000000);
    if (named) {
        with += remit->arithmetic == O2C_ARITHMETIC_X0 ? LN_TOTAL_MET : LN_TOTAL_OTHER;
        if (remit->arithmetic == O2C_ARITHMETIC_X8) /* money beyond the advice: as likely as any amount */
            with += O2C__LN_ANY - o2c__ln_u64((uint64_t)-remit->difference);
        without += (int64_t)O2C__LN_ANY - o2c__ln_u64((uint64_t)remit->one->payment->amount_minor);
    }
    int64_t most = with > without ? with : without;
    uint64_t mass = o2c__exp_q40(with - most);
    remit->ln_link = with;
    remit->link_error_ppb = o2c__error_ppb(mass, mass + o2c__exp_q40(without - most));
}

/* ---- two lines of one document are one */

static bool
merge_lines(struct o2c__remit *remit)
{
    uint32_t room = 64;
    while (room < 2 * remit->lines_count && room < UINT32_C(1) << 30)
        room *= 2;
    uint32_t *heads = o2c__arena_alloc(&remit->solve->arena, room * sizeof *heads);
    if (!heads)
        return false;
    memset(heads, 0xFF, room * sizeof *heads);
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        struct o2c__remit_line *line = &remit->lines[i];
        if (line->options_count != 1 || remit->options[line->options_at].group_count)
            continue;
        uint32_t item = remit->options[line->options_at].item;
        uint32_t at = (uint32_t)o2c__mix(item, UINT64_C(0x9E3779B97F4A7C15)) & (room - 1);
        while (heads[at] != O2C__NONE && remit->options[remit->lines[heads[at]].options_at].item != item)
            at = (at + 1) & (room - 1);
        if (heads[at] == O2C__NONE) {
            heads[at] = i;
            continue;
        }
        struct o2c__remit_line *first = &remit->lines[heads[at]];
        bool claim = line->paid < 0 && item < remit->solve->pool->open_count && remit->solve->pool->open[item] > 0;
        if (item >= remit->solve->pool->open_count)
            continue; /* of a closed document every line is a matter of its own */
        first->paid += line->paid;
        first->discount += line->discount;
        first->deducted += line->deducted - (claim ? line->paid : 0);
        first->coded_row = claim || line->deducted ? line->row : first->coded_row;
        line->state = O2C__REMIT_MERGED;
    }
    return true;
}

/* ---- who pays */

struct owner {
    uint32_t account, lines;
};

/* Whose document the line names; O2C__NONE = several accounts have that number. */
static uint32_t
account_of(const struct o2c__remit *remit, const struct o2c__remit_line *line)
{
    uint32_t account = o2c__pool_account(remit->solve->pool, remit->options[line->options_at].item);
    for (uint32_t i = line->options_at; i < line->options_at + line->options_count; i++)
        if (o2c__pool_account(remit->solve->pool, remit->options[i].item) != account)
            return O2C__NONE;
    return account;
}

/* The account most of the lines belong to; ties to the lower key. Accounts of an advice are few: the first 64 are counted. */
static uint32_t
owner_of_most(const struct o2c__remit *remit)
{
    struct owner owners[O2C__PAYERS_MAX];
    uint32_t count = 0, best = O2C__NONE, last = 0;
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        const struct o2c__remit_line *line = &remit->lines[i];
        uint32_t account = line->options_count ? account_of(remit, line) : O2C__NONE;
        if (account == O2C__NONE)
            continue;
        if (last >= count || owners[last].account != account)
            for (last = 0; last < count && owners[last].account != account; last++)
                ;
        if (last == count && count == O2C__PAYERS_MAX)
            continue;
        if (last == count)
            owners[count++] = (struct owner){ account, 0 };
        owners[last].lines++;
    }
    for (uint32_t i = 0; i < count; i++) {
        bool more = best == O2C__NONE || owners[i].lines > owners[best].lines ||
                    (owners[i].lines == owners[best].lines && owners[i].account < owners[best].account);
        best = more ? i : best;
    }
    return best == O2C__NONE ? O2C__NONE : owners[best].account;
}

/* Whom evidence names, else the owner of the documents: payer step P3. A shared bank account narrows and never decides. */
static bool
choose_payer(struct o2c__remit *remit)
{
    struct o2c__case *one = remit->one;
    uint32_t owner = owner_of_most(remit), found = O2C__NONE;
    if (owner == O2C__NONE)
        return true;
    for (uint32_t i = 0; i < one->payers_count; i++) {
        const struct o2c__payer *payer = &one->payers[i];
        bool better = payer->evidence && !payer->shared && (found == O2C__NONE || one->payers[found].evidence == 0);
        if (better || (payer->account == owner && found == O2C__NONE))
            found = i;
    }
    if (found != O2C__NONE && (one->payers[found].evidence || one->payers[found].account == owner)) {
        remit->payer = found;
        remit->account = one->payers[found].account;
        return true;
    }
    struct o2c__payer *payers = o2c__arena_alloc(&remit->solve->arena, (one->payers_count + 1) * sizeof *payers);
    if (!payers)
        return false;
    if (one->payers_count)
        memcpy(payers, one->payers, one->payers_count * sizeof *payers);
    payers[one->payers_count] = (struct o2c__payer){ .account = owner };
    one->payers = payers;
    remit->payer = one->payers_count++;
    remit->account = owner;
    return true;
}

static uint32_t
count_items(const struct o2c__remit *remit)
{
    const o2c_match_pool *pool = remit->solve->pool;
    uint32_t count = 0;
    if (remit->account == O2C__NONE)
        return 1;
    const struct o2c__account *account = &pool->accounts[remit->account];
    for (uint32_t i = 0; i < account->item_accounts_count; i++)
        count += pool->item_accounts[account->item_accounts_at + i].count;
    return count ? count : 1;
}

/* ---- is it ours to decide? */

static bool
speaks_of(const struct o2c__remit *remit, uint32_t item)
{
    for (uint32_t i = 0; i < remit->options_count; i++) {
        const struct o2c__remit_option *option = &remit->options[i];
        for (uint32_t k = 0; k < option->group_count; k++)
            if (remit->members[option->group_at + k] == item)
                return true;
        if (option->item == item)
            return true;
    }
    return false;
}

/*
 * A part of an advice is a guess of the sums, the payer's text is his word. Where the text names an open document that is not among the
 * lines of this payment it is not read by them; nor where the part itself is uncertain and the text names anything at all.
 */
static bool
text_says_otherwise(struct o2c__remit *remit)
{
    const struct o2c__case *one = remit->one;
    for (uint32_t i = 0; remit->share && i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        remit->one->operations += remit->options_count;
        if (hit->item == O2C__NONE ? hit->group_count == 0 : hit->item >= remit->solve->pool->open_count)
            continue;
        if (remit->part || (hit->item != O2C__NONE && !speaks_of(remit, hit->item)))
            return true;
    }
    return false;
}

static bool
is_plain(const struct o2c__remit *remit)
{
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        const struct o2c__remit_line *line = &remit->lines[i];
        const struct o2c__remit_option *option = &remit->options[line->options_at];
        if (line->options_count != 1 || option->group_count || line->state == O2C__REMIT_MERGED ||
            option->item >= remit->solve->pool->open_count)
            return false;
        if ((line->paid < 0) != (remit->solve->pool->open[option->item] < 0))
            return false;
    }
    return true;
}

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the lines of an advice");
}

/* The one explanation that stands for all lines: gates and writers read it like any other. */
static bool
explain_lines(struct o2c__remit *remit, struct o2c__explanation *why, struct o2c__decision *d)
{
    struct o2c__solve *solve = remit->solve;
    uint32_t count = remit->parts_count;
    struct o2c__hypothesis *row = o2c__arena_alloc(&solve->arena, sizeof *row);
    why->items = o2c__arena_alloc(&solve->arena, count * sizeof *why->items);
    why->hits = o2c__arena_alloc(&solve->arena, count * sizeof *why->hits);
    struct o2c__hit *hits = o2c__arena_alloc(&solve->arena, ERRORS * sizeof *hits);
    if (!row || !why->items || !why->hits || !hits)
        return false;
    memset(row, 0, sizeof *row);
    *row = (struct o2c__hypothesis){ .payer = remit->payer, .items_count = count, .cited = count, .merged = 1 };
    row->mass = 1000000000 - remit->link_error_ppb;
    for (uint32_t i = 0; i < count; i++) {
        struct o2c__part *part = &remit->parts[i];
        if (part->arithmetic != O2C_ARITHMETIC_X0)
            row->arithmetic = O2C_ARITHMETIC_X6;
        why->items[i] = part->item;
        why->hits[i] = part->hit = part->error;
    }
    memset(hits, 0, ERRORS * sizeof *hits); /* one for each way to be named: nothing reads more of them */
    for (uint8_t i = 0; i < ERRORS; i++)
        hits[i] = (struct o2c__hit){ .item = O2C__NONE, .error = i, .line = 1 };
    remit->one->hits = hits;
    remit->one->hits_count = ERRORS;
    why->rows = row;
    why->count = 1;
    why->items_count = count;
    why->total = 1000000000;
    why->complete = true;
    why->operations = remit->one->operations;
    d->winner = row;
    return true;
}

static void
decide(struct o2c__remit *remit, struct o2c__decision *d)
{
    const struct o2c__payer *payer = &remit->one->payers[remit->payer];
    d->kind = O2C_KIND_APPLY;
    d->payer = remit->account;
    d->payer_evidence = payer->evidence ? payer->evidence : 3;
    d->payer_class = o2c__payer_class(remit->one, d->winner);
    d->outcome_ppm = (1000000000 - remit->link_error_ppb) / 1000;
    d->remit = remit;
    d->confidence_ppm = 1000000;
    for (uint32_t i = 0; i < remit->parts_count; i++) {
        struct o2c__part *part = &remit->parts[i];
        part->line_class = o2c__line_class(part->label, d->payer_class, part->scope, part->certificate);
        o2c__weigh_part(remit->solve, d->payer, part);
        if (part->confidence_ppm < d->confidence_ppm || i == 0) {
            d->confidence_ppm = part->confidence_ppm;
            d->label = part->label;
            d->certificate = part->certificate;
        }
    }
}

static bool
read_all(struct o2c__remit *remit)
{
    if (!list_lines(remit) || !o2c__remit_read(remit))
        return false;
    remit->account = O2C__NONE;
    if (!merge_lines(remit) || !choose_payer(remit))
        return false;
    remit->pool_count = count_items(remit);
    remit->plain = is_plain(remit);
    return true;
}

o2c_status
o2c__remit(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *why, struct o2c__decision *decision,
           bool *out_taken, o2c_error *err)
{
    *out_taken = false;
    if (!solve->remitted || solve->remitted->first[one->row] == O2C__NONE || !solve->pool->index)
        return O2C_OK;
    struct o2c__remit *remit = o2c__arena_alloc(&solve->arena, sizeof *remit);
    if (!remit)
        return no_memory(err);
    *remit = (struct o2c__remit){ .solve = solve, .one = one };
    if (!o2c__remit_reconciles(solve, one->row, &remit->lines_count, &remit->difference, &remit->arithmetic))
        return O2C_OK;
    if (!read_all(remit))
        return no_memory(err);
    bool whole = remit->plain && remit->lines_count <= O2C__REMIT_SHORT && !remit->share;
    if (remit->account == O2C__NONE || whole || text_says_otherwise(remit))
        return O2C_OK;
    weigh_link(remit);
    if (!o2c__remit_weigh(remit) || !o2c__remit_assign(remit))
        return no_memory(err);
    memset(decision, 0, sizeof *decision);
    o2c_status status = o2c__remit_settle(remit, decision, err);
    if (status || remit->parts_count == 0)
        return status;
    if (!explain_lines(remit, why, decision))
        return no_memory(err);
    decide(remit, decision);
    *out_taken = true;
    return O2C_OK;
}
