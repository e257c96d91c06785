/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One advice over several payments. Payments of its payer, its currency and its days (or those that carry its trace) that add up to it are
 * a hypothesis; the other story is that the sum ties by accident, which sets of payments do more often than one. Then its lines are divided
 * over them. Only one division, up to lines that say the same: each payment has its own part of the advice. Several: what all of them
 * give a payment is its own, the rest is a person's. What closed documents show as paid is left out first: an earlier payment took it.
 */
#include "match/few.h"
#include "match/link.h"
#include "match/pool.h"
#include "match/remit.h"
#include "match/tables.h"

#define SETS_MAX 16u         /* sets of payments that add up: more of them say nothing */
#define PARTS_MAX 16u        /* payments of which each is held against parts of the advice */
#define SET_STEPS 1000000u
#define DIVIDE_STEPS 400000u /* over all divisions of one advice */
#define LN_SPLIT (-192982)   /* ln (.05 ÷ .95): a line is split over two payments, or an advice is paid in parts, Q16 */
#define TRACE_PPM 999000u
#define TWIN 16u             /* mark of a line that another payment might have as well */

struct shares {
    struct o2c__severals *all;
    const struct o2c__pending *pending;
    const o2c_remittance *row;
    uint32_t rows[O2C__SEVERAL_ROWS], count; /* payments in question, smallest first */
    int64_t amounts[O2C__SEVERAL_ROWS];
    int64_t total;      /* of the lines that nothing has paid yet */
    uint32_t *lines;    /* their rows, those that say the same side by side */
    uint32_t lines_count;
    bool rest;          /* some lines were paid before */
    bool divisible;     /* its lines are of one currency, add up to it, and are of few enough kinds */
    uint32_t sets[SETS_MAX][O2C__DIVIDE_PAYMENTS], sizes[SETS_MAX], sets_count;
    uint64_t steps;
    bool many;          /* so many sets that none is meant, or the search ended first */
};

static const o2c_payment *
payment_at(const struct shares *s, uint32_t row)
{
    return &s->all->linker->solve->payments->rows[row];
}

/* ---- lines */

static int
compare_amounts(const o2c_remittance_line *a, const o2c_remittance_line *b)
{
    const int64_t x[] = { a->has, a->kind, a->gross_minor, a->discount_minor, a->deduction_minor, a->credit_minor, a->paid_minor };
    const int64_t y[] = { b->has, b->kind, b->gross_minor, b->discount_minor, b->deduction_minor, b->credit_minor, b->paid_minor };
    for (size_t i = 0; i < O2C__COUNT(x); i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* Largest first, so that a division fails early; then whatever a line says beside its document. */
static int
compare_kinds(const o2c_remittances *remittances, uint32_t a, uint32_t b)
{
    const o2c_remittance_line *x = &remittances->lines[a], *y = &remittances->lines[b];
    int64_t p = o2c__remit_paid(x), q = o2c__remit_paid(y), p_size = p < 0 ? -p : p, q_size = q < 0 ? -q : q;
    if (p_size != q_size)
        return p_size > q_size ? -1 : 1;
    if (p != q)
        return p > q ? -1 : 1;
    int order = compare_amounts(x, y);
    order = order ? order : o2c__str_compare(o2c__ref_str(x->reason, remittances->heap), o2c__ref_str(y->reason, remittances->heap));
    return order ? order : o2c__str_compare(o2c__ref_str(x->words, remittances->heap), o2c__ref_str(y->words, remittances->heap));
}

static int
by_kind(const void *self, uint32_t a, uint32_t b)
{
    int order = compare_kinds(self, a, b);
    return order ? order : a < b ? -1 : a > b;
}

static bool
is_paid_before(const struct o2c__solve *solve, const o2c_remittance_line *line)
{
    if (o2c__remit_paid(line) <= 0)
        return false;
    uint32_t item = o2c__link_document(solve->pool, o2c__ref_str(line->document, solve->remittances->heap));
    return item != O2C__NONE && item >= solve->pool->open_count;
}

/* The lines that wait for money, and their sum; false = no memory. */
static bool
list_lines(struct shares *s)
{
    struct o2c__solve *solve = s->all->linker->solve;
    const o2c_remittance *row = s->row;
    int64_t all = 0;
    s->lines = o2c__arena_alloc(&solve->arena, 2 * (size_t)row->lines_count * sizeof *s->lines);
    if (!s->lines)
        return false;
    s->divisible = true;
    for (uint32_t i = row->lines_at; i < row->lines_at + row->lines_count; i++) {
        const o2c_remittance_line *line = &solve->remittances->lines[i];
        int64_t paid = o2c__remit_paid(line);
        bool foreign = line->currency[0] && memcmp(line->currency, row->currency, 3) != 0;
        s->divisible = s->divisible && !foreign && o2c__add(all, paid, &all);
        if (!s->divisible)
            return true;
        if (paid == 0)
            continue;
        if (is_paid_before(solve, line)) {
            s->rest = true;
            continue;
        }
        s->lines[s->lines_count++] = i;
        s->total += paid;
    }
    s->divisible = s->total > 0 && (row->total_minor == 0 || row->total_minor == all);
    o2c__sort(s->lines, s->lines + row->lines_count, s->lines_count, by_kind, solve->remittances);
    return true;
}

/* Kinds of lines for the division; false = too many of them, or amounts beyond what can be counted. */
static bool
list_kinds(const struct shares *s, struct o2c__divide *d)
{
    const o2c_remittances *remittances = s->all->linker->solve->remittances;
    d->kinds = 0;
    for (uint32_t i = 0; i < s->lines_count; i++) {
        if (i && compare_kinds(remittances, s->lines[i - 1], s->lines[i]) == 0) {
            d->counts[d->kinds - 1]++;
            continue;
        }
        if (d->kinds == O2C__DIVIDE_KINDS)
            return false;
        d->counts[d->kinds] = 1;
        d->amounts[d->kinds++] = o2c__remit_paid(&remittances->lines[s->lines[i]]);
    }
    return d->kinds > 0;
}

/* ---- payments */

static bool
is_free(const struct shares *s, uint32_t payment)
{
    const struct o2c__remitted *links = s->all->linker->links;
    return links->first[payment] == O2C__NONE || payment == s->pending->named;
}

static bool
may_belong(const struct shares *s, uint32_t payment)
{
    const o2c_payment *row = payment_at(s, payment);
    return is_free(s, payment) && memcmp(row->currency, s->row->currency, 3) == 0 && row->amount_minor > 0 && row->amount_minor <= s->total;
}

static void
take_payment(struct shares *s, uint32_t payment)
{
    if (s->count == O2C__SEVERAL_ROWS) {
        s->many = true;
        return;
    }
    s->rows[s->count++] = payment;
}

static void
take_payer(struct shares *s)
{
    const struct o2c__linker *linker = s->all->linker;
    uint32_t count, first = o2c__paid_by(&s->all->paid, s->pending->account, &count);
    for (uint32_t i = first; i < first + count && !s->many; i++) {
        uint32_t payment = O2C__AT(&s->all->paid.rows, struct o2c__paid_row, s->all->paid.order[i]).payment;
        if (may_belong(s, payment) && o2c__link_day_fits(linker, payment_at(s, payment), s->row))
            take_payment(s, payment);
    }
}

/* All that carry the trace, or none: of two payers, or of one that another advice names, it is nobody's. */
static void
take_carriers(struct shares *s)
{
    const struct o2c__linker *linker = s->all->linker;
    uint32_t payer = s->pending->account;
    for (uint32_t slot = s->pending->slot; slot != O2C__NONE && !s->many; slot = linker->carriers[slot]) {
        uint32_t payment = slot / 2, who = o2c__link_payer(linker->solve, payment_at(s, payment));
        bool again = false;
        for (uint32_t i = 0; i < s->count; i++)
            again = again || s->rows[i] == payment;
        s->many = !may_belong(s, payment) || (who != O2C__NONE && payer != O2C__NONE && who != payer) ||
                  (!again && s->count == O2C__DIVIDE_PAYMENTS);
        payer = who == O2C__NONE ? payer : who;
        if (!again && !s->many)
            take_payment(s, payment);
    }
}

static int
compare_payers(const o2c_payments *payments, const o2c_payment *x, const o2c_payment *y)
{
    if (x->amount_minor != y->amount_minor)
        return x->amount_minor < y->amount_minor ? -1 : 1;
    if (x->value_day != y->value_day)
        return x->value_day < y->value_day ? -1 : 1;
    if (x->booking_day != y->booking_day)
        return x->booking_day < y->booking_day ? -1 : 1;
    int order = o2c__str_compare(o2c__ref_str(x->payer_account, payments->heap), o2c__ref_str(y->payer_account, payments->heap));
    return order ? order : o2c__str_compare(o2c__ref_str(x->payer_name, payments->heap), o2c__ref_str(y->payer_name, payments->heap));
}

/* Smallest first; those that no posting can tell apart side by side, in the order of their days. */
static int
by_payment(const void *self, uint32_t a, uint32_t b)
{
    const o2c_payments *payments = self;
    int order = compare_payers(payments, &payments->rows[a], &payments->rows[b]);
    return order ? order : o2c__link_order(payments, a, b);
}

static void
list_payments(struct shares *s)
{
    uint32_t scratch[O2C__SEVERAL_ROWS];
    if (s->pending->named != O2C__NONE && may_belong(s, s->pending->named))
        take_payment(s, s->pending->named);
    else if (s->pending->traced)
        take_carriers(s);
    else if (s->pending->named == O2C__NONE)
        take_payer(s);
    o2c__sort(s->rows, scratch, s->count, by_payment, s->all->linker->solve->payments);
    for (uint32_t i = 0; i < s->count; i++)
        s->amounts[i] = payment_at(s, s->rows[i])->amount_minor;
}

/* ---- sets of payments that add up */

static bool
found_set(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    struct shares *s = self;
    const o2c_payments *payments = s->all->linker->solve->payments;
    (void)sum;
    for (uint32_t i = 1; i < width; i++)
        if (!o2c__str_equal(o2c__ref_str(payments->rows[s->rows[at[i]]].company, payments->heap),
                            o2c__ref_str(payments->rows[s->rows[at[0]]].company, payments->heap)))
            return true; /* an advice is paid to one company */
    s->many = s->sets_count == SETS_MAX;
    if (s->many)
        return false;
    for (uint32_t i = 0; i < width; i++) /* rows come largest first */
        s->sets[s->sets_count][width - 1 - i] = s->rows[at[i]];
    s->sizes[s->sets_count++] = width;
    return true;
}

/* Of one payment only where something was paid before: else it would have been found by its total. */
static void
find_sets(struct shares *s, uint32_t most)
{
    int64_t prefix[O2C__SEVERAL_ROWS + 1] = { 0 };
    struct o2c__few few = { .amounts = s->amounts, .prefix = prefix, .count = s->count, .least = s->total, .most = s->total,
                            .steps_max = SET_STEPS, .self = s, .found = found_set };
    for (uint32_t i = 0; i < s->count; i++)
        if (!o2c__add(prefix[i], s->amounts[i], &prefix[i + 1])) {
            s->many = true;
            return;
        }
    uint32_t least = s->rest ? 1 : 2;
    if (s->pending->traced) /* all of them */
        least = most = s->count;
    for (uint32_t width = least; width <= most && !s->many; width++)
        s->many = !o2c__few_sets(&few, width) || s->many;
}

/* ---- a division */

/* What is left of the lines for payments that have not come: the last target, if there is one. */
static bool
divide(struct shares *s, const uint32_t *set, uint32_t size)
{
    struct o2c__divide *d = s->all->divide;
    int64_t left = s->total;
    const o2c_payments *payments = s->all->linker->solve->payments;
    d->payments = size;
    for (uint32_t i = 0; i < size; i++) {
        d->targets[i] = payment_at(s, set[i])->amount_minor;
        d->twins[i] = i && compare_payers(payments, payment_at(s, set[i - 1]), payment_at(s, set[i])) == 0;
        left -= d->targets[i];
    }
    d->asked = size;
    if (left) {
        d->twins[size] = false;
        d->targets[d->payments++] = left;
    }
    d->steps = s->steps;
    d->steps_max = DIVIDE_STEPS;
    d->found = 0;
    d->complete = false;
    if (!s->divisible || !o2c__divide_holds(d))
        return false;
    o2c__divide(d);
    s->steps = d->steps;
    return d->found > 0;
}

/* ---- a reading */

static void
order_by_days(const struct shares *s, const uint32_t *set, uint32_t size, uint32_t *out_at)
{
    const o2c_payments *payments = s->all->linker->solve->payments;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t k = i;
        for (; k > 0 && o2c__link_order(payments, set[i], set[out_at[k - 1]]) < 0; k--)
            out_at[k] = out_at[k - 1];
        out_at[k] = i;
    }
}

/* Deals the lines: of those that say the same the first ones to the earliest payment. False = no memory. */
static bool
deal(struct shares *s, const uint32_t *at, uint32_t size, o2c__dealt dealt, struct o2c__several *reading)
{
    const struct o2c__divide *d = s->all->divide;
    o2c__vector *lines = &s->all->linker->links->lines;
    uint8_t *owner = o2c__arena_alloc(&s->all->linker->solve->arena, s->row->lines_count);
    if (!owner)
        return false;
    memset(owner, 0, s->row->lines_count);
    for (uint32_t kind = 0, line = 0; kind < d->kinds; line += d->counts[kind++])
        for (uint32_t place = 0, next = line; place < size; place++)
            for (uint32_t i = 0; i < dealt[at[place]][kind]; i++)
                owner[s->lines[next++] - s->row->lines_at] = (uint8_t)(place + 1 + (dealt[at[place]][kind] < d->counts[kind] ? TWIN : 0));
    for (uint32_t place = 0; place < size; place++) {
        reading->lines_at[place] = (uint32_t)lines->count;
        for (uint32_t i = 0; i < s->row->lines_count; i++) {
            if (owner[i] % TWIN != place + 1)
                continue;
            struct o2c__link_line *to = o2c__vector_add(lines);
            if (!to)
                return false;
            *to = (struct o2c__link_line){ s->row->lines_at + i, owner[i] >= TWIN };
            reading->lines_count[place]++;
        }
    }
    return true;
}

/* The payments of a set in the order of their days, without lines as yet. */
static void
start_reading(const struct shares *s, const uint32_t *set, uint32_t size, uint32_t *out_at, struct o2c__several *out)
{
    *out = (struct o2c__several){ .one = s->pending->remittance, .count = size, .part = O2C__LINK_UNCLEAR };
    out->named = s->pending->traced || s->pending->named != O2C__NONE;
    order_by_days(s, set, size, out_at);
    for (uint32_t i = 0; i < size; i++)
        out->many[i] = set[out_at[i]];
}

/* Lines that every division gives a payment may be few, or none. */
static bool
add_reading(struct shares *s, const uint32_t *at, uint8_t part, struct o2c__several *reading)
{
    struct o2c__divide *d = s->all->divide;
    uint32_t lines = 0;
    if (part != O2C__LINK_UNCLEAR && !deal(s, at, reading->count, part == O2C__LINK_SOME ? d->least : d->first, reading))
        return false;
    for (uint32_t i = 0; i < reading->count; i++)
        lines += reading->lines_count[i];
    reading->part = lines ? part : O2C__LINK_UNCLEAR;
    return reading->chance_ppm < s->all->linker->solve->policy->show_ppm || o2c__link_add(s->all, reading);
}

static int64_t
ln_accident(const struct shares *s, int64_t ln_sets)
{
    if (s->pending->traced || s->pending->named != O2C__NONE)
        return o2c__ln_ratio(1000000 - TRACE_PPM, TRACE_PPM);
    return ln_sets + o2c__ln_u64(o2c__link_divisor(s->amounts, s->count, s->total)) + O2C__LN_ANY - o2c__ln_u64((uint64_t)s->total);
}

static int64_t
ln_stand_in(const struct shares *s, int64_t amount, uint32_t others)
{
    const struct o2c__divide *d = s->all->divide;
    uint32_t own = 0;
    for (uint32_t i = 0; i < d->kinds && s->divisible; i++)
        own += d->amounts[i] == amount ? d->counts[i] : 0;
    return o2c__link_ln_stand_in(s->all->linker->solve->pool, s->pending->account, amount, own, others);
}

/* Several sets could be meant: nobody knows which, and a person looks at all of them. */
static bool
add_unclear(struct shares *s, const bool *divided, bool any, int64_t accident)
{
    uint32_t at[O2C__DIVIDE_PAYMENTS];
    const int64_t ln[] = { 0, accident };
    for (uint32_t i = 0; i < s->sets_count; i++) {
        struct o2c__several reading;
        if (any && !divided[i])
            continue;
        start_reading(s, s->sets[i], s->sizes[i], at, &reading);
        reading.chance_ppm = o2c__link_chance(ln, 2);
        if (!add_reading(s, at, O2C__LINK_UNCLEAR, &reading))
            return false;
    }
    return true;
}

static bool
read_sets(struct shares *s, int64_t ln_sets)
{
    bool divided[SETS_MAX] = { false };
    uint32_t at[O2C__DIVIDE_PAYMENTS], count = 0, best = 0;
    struct o2c__divide *d = s->all->divide;
    struct o2c__several reading;
    int64_t accident = ln_accident(s, ln_sets), of_lines;
    for (uint32_t i = 0; i < s->sets_count; i++) {
        divided[i] = divide(s, s->sets[i], s->sizes[i]);
        count += divided[i];
        best = divided[i] ? i : best;
    }
    if (count > 1 || (count == 0 && s->sets_count > 1))
        return add_unclear(s, divided, count > 0, accident);
    if (s->sets_count > 1)
        count = divide(s, s->sets[best], s->sizes[best]);
    bool exact = count && d->found == 1 && d->complete;
    of_lines = exact ? o2c__divide_ln_accident(d) : O2C__NEVER;
    int64_t ln[4 + O2C__DIVIDE_PAYMENTS] = { 0, accident, s->sets_count > 1 ? LN_SPLIT + o2c__ln_u64(s->sets_count - 1) : O2C__NEVER,
                                             of_lines == O2C__NEVER ? O2C__NEVER : LN_SPLIT + (of_lines < 0 ? of_lines : 0) };
    start_reading(s, s->sets[best], s->sizes[best], at, &reading);
    for (uint32_t i = 0; i < reading.count; i++)
        ln[4 + i] = ln_stand_in(s, payment_at(s, reading.many[i])->amount_minor, s->count - reading.count + 1);
    reading.chance_ppm = o2c__link_chance(ln, 4 + reading.count);
    uint8_t known = exact ? (s->rest ? O2C__LINK_REST : O2C__LINK_SHARE) : O2C__LINK_SOME;
    return add_reading(s, at, count && d->complete ? known : O2C__LINK_UNCLEAR, &reading);
}

/* ---- the others have not come yet */

/* One line alone is found by its amount as well: an advice that was not meant adds nothing. */
static void
drop_single_lines(const struct shares *s, struct o2c__several *reading)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < reading->count; i++) {
        if (reading->lines_count[i] < 2 && !reading->named)
            continue;
        reading->many[kept] = reading->many[i];
        reading->lines_at[kept] = reading->lines_at[i];
        reading->lines_count[kept++] = reading->lines_count[i];
    }
    reading->count = kept;
    (void)s;
}

static bool
read_parts(struct shares *s)
{
    uint32_t set[PARTS_MAX], at[O2C__DIVIDE_PAYMENTS], count = 0;
    struct o2c__divide *d = s->all->divide;
    struct o2c__several reading;
    for (uint32_t i = 0; i < s->count && s->count <= PARTS_MAX; i++) {
        if (s->amounts[i] < s->total && divide(s, &s->rows[i], 1))
            set[count++] = s->rows[i];
        if (d->steps > d->steps_max)
            return true;
    }
    if (count == 0 || count >= O2C__DIVIDE_PAYMENTS || !divide(s, set, count) || d->found > 1 || !d->complete)
        return true;
    int64_t of_lines = o2c__divide_ln_accident(d);
    start_reading(s, set, count, at, &reading);
    const int64_t ln[] = { 0, (reading.named ? 0 : -LN_SPLIT) + (of_lines < 0 ? of_lines : 0) + o2c__ln_u64(s->count),
                           reading.named ? ln_accident(s, 0) : O2C__NEVER };
    reading.chance_ppm = o2c__link_chance(ln, O2C__COUNT(ln));
    reading.part = O2C__LINK_PART;
    if (reading.chance_ppm < s->all->linker->solve->policy->show_ppm)
        return true;
    if (!deal(s, at, count, d->first, &reading))
        return false;
    drop_single_lines(s, &reading);
    return reading.count == 0 || o2c__link_add(s->all, &reading);
}

bool
o2c__link_share(struct o2c__severals *all, const struct o2c__pending *pending)
{
    struct shares s = { .all = all, .pending = pending };
    uint32_t most, payments = 0, advices = 0;
    s.row = &all->linker->solve->remittances->rows[pending->remittance];
    if (pending->account != O2C__NONE)
        o2c__paid_by(&all->paid, pending->account, &payments);
    bool traced = pending->traced || pending->named != O2C__NONE;
    o2c__link_advices_of(all, pending->account, &advices);
    if (!traced && (payments == 0 || advices > O2C__SEVERAL_ROWS))
        return true;
    o2c__arena_reset(&all->linker->solve->arena);
    if (!list_lines(&s))
        return false;
    if (s.total <= 0 || (list_payments(&s), s.count == 0) || s.many)
        return true;
    s.divisible = s.divisible && list_kinds(&s, all->divide);
    int64_t ln_sets = o2c__link_ln_sets(s.count, s.rest ? 1 : 2, &most);
    find_sets(&s, most);
    if (s.many)
        return true;
    return s.sets_count ? read_sets(&s, ln_sets) : read_parts(&s);
}
