/* SPDX-License-Identifier: Apache-2.0 */
/* The clauses of a sentence: references, payer, sum, certificate, rival, why not. */
#include "match/say.h"

#define O2C__SAY_REFERENCES_MAX 3
#define O2C__SAY_TERMS_MAX 6

static const o2c_match_evidence *
evidence_at(const struct o2c__sayer *s, uint32_t i)
{
    return &O2C__AT(&s->solution->evidence, o2c_match_evidence, (size_t)s->proposal->evidence_at + i);
}

static const o2c_line *
line_at(const struct o2c__sayer *s, uint32_t i)
{
    return &O2C__AT(&s->solution->lines, o2c_line, (size_t)s->proposal->lines_at + i);
}

static const char *
how_cited(int32_t code)
{
    switch (code) {
    case O2C_EVIDENCE_REF_NORMALIZED:
        return " written another way";
    case O2C_EVIDENCE_REF_LIST:
        return " from a list";
    case O2C_EVIDENCE_REF_DAMAGED:
        return " with an error in it";
    case O2C_EVIDENCE_REF_STRUCTURED:
        return " by its structured reference";
    default:
        return "";
    }
}

/* A text may hold line ends: in a sentence they are blanks. */
static void
say_quoted(struct o2c__sayer *s, uint32_t at, uint32_t len)
{
    o2c_str text = o2c__ref_str(s->proposal->text, o2c__text_heap_str(&s->solution->heap));
    o2c__say(s, "\"");
    for (uint32_t i = at; i < at + len && i < text.len; i++)
        o2c__say_bytes(s, text.ptr[i] == '\n' ? o2c__str(" ") : (o2c_str){ text.ptr + i, 1 });
    o2c__say(s, "\"");
}

static void
say_reference(struct o2c__sayer *s, const o2c_match_evidence *row)
{
    o2c__say_clause(s);
    say_quoted(s, row->at, row->len);
    o2c__say(s, " at bytes ");
    o2c__say_number(s, row->at);
    o2c__say(s, "–");
    o2c__say_number(s, (uint64_t)row->at + row->len);
    o2c__say(s, row->code == O2C_EVIDENCE_REF_SECONDARY ? " belongs to " : " is ");
    o2c_ref document = { 0, 0 };
    if (row->line != UINT32_MAX)
        document = O2C__AT(&s->solution->lines, o2c_line, row->line).document;
    o2c__say_ref(s, document.len ? document : row->item); /* the number the payer sees, else the host's key */
    o2c__say(s, how_cited(row->code));
}

void
o2c__say_references(struct o2c__sayer *s)
{
    uint32_t said = 0, more = 0;
    for (uint32_t i = 0; i < s->proposal->evidence_count; i++) {
        const o2c_match_evidence *row = evidence_at(s, i);
        if (row->len == 0 || row->item.len == 0)
            continue;
        if (said < O2C__SAY_REFERENCES_MAX)
            say_reference(s, row);
        else
            more++;
        said++;
    }
    if (!more)
        return;
    o2c__say(s, " and ");
    o2c__say_number(s, more);
    o2c__say(s, " more references");
}

void
o2c__say_payer(struct o2c__sayer *s)
{
    static const char *const how[] = { "",
                                       "known by its customer number or mandate",
                                       "known by its bank account",
                                       "owner of what the text cites",
                                       "known by a confirmed name",
                                       "named by its customer number in the text",
                                       "with a similar name" };
    o2c__say_clause(s);
    if (s->proposal->account.len == 0) {
        o2c__say(s, "payer not known");
        return;
    }
    o2c__say(s, "paid by ");
    o2c__say_ref(s, s->proposal->account);
    int32_t evidence = s->proposal->payer_evidence;
    if (evidence >= 1 && evidence <= 6) {
        o2c__say(s, ", ");
        o2c__say(s, how[evidence]);
    }
}

static void
say_part_in(struct o2c__sayer *s, int64_t amount, const char *currency, const char *words)
{
    if (amount == 0)
        return;
    o2c__say(s, ", ");
    o2c__say_amount(s, amount, currency);
    if (memcmp(currency, s->proposal->currency, 3) != 0) { /* two currencies in one sentence: each amount names its own */
        o2c__say(s, " ");
        o2c__say(s, currency);
    }
    o2c__say(s, words);
}

static void
say_part(struct o2c__sayer *s, int64_t amount, const char *words)
{
    say_part_in(s, amount, s->proposal->currency, words);
}

struct totals {
    int64_t discount, tolerance, charge, withholding, deduction, unearned, open;
    int64_t paid;         /* of items in another currency */
    const char *currency; /* of the items */
};

static struct totals
add_up(const struct o2c__sayer *s)
{
    struct totals t = { .currency = s->proposal->currency };
    for (uint32_t i = 0; i < s->proposal->lines_count; i++) {
        const o2c_line *line = line_at(s, i);
        bool late = line->deduction_reason == O2C_DEDUCTION_DISCOUNT_UNEARNED;
        t.discount += line->discount_minor;
        t.tolerance += line->tolerance_minor;
        t.charge += line->charge_minor;
        t.withholding += line->withholding_minor;
        t.unearned += late ? line->deduction_minor : 0;
        t.deduction += late ? 0 : line->deduction_minor;
        t.open += line->remaining_minor;
        t.currency = line->currency;
        t.paid += line->rate_denominator ? line->paid_minor : 0;
    }
    return t;
}

static void
say_terms(struct o2c__sayer *s)
{
    uint32_t count = s->proposal->lines_count;
    if (count > O2C__SAY_TERMS_MAX) {
        o2c__say(s, " for ");
        o2c__say_number(s, count);
        o2c__say(s, " items");
        return;
    }
    o2c__say(s, " for ");
    for (uint32_t i = 0; i < count; i++) {
        const o2c_line *line = line_at(s, i);
        o2c__say(s, i == 0 ? "" : line->expect_open_minor < 0 ? " less " : " + ");
        o2c__say_ref(s, line->document.len ? line->document : line->item);
        o2c__say(s, " ");
        o2c__say_amount(s, line->expect_open_minor < 0 && i ? -line->expect_open_minor : line->expect_open_minor, line->currency);
    }
}

void
o2c__say_sum(struct o2c__sayer *s)
{
    struct totals t = add_up(s);
    o2c__say_clause(s);
    o2c__say_amount(s, s->proposal->amount_minor, s->proposal->currency);
    o2c__say(s, " ");
    o2c__say(s, s->proposal->currency);
    say_terms(s);
    say_part_in(s, t.paid, t.currency, " at the rate of this payment");
    say_part_in(s, t.discount, t.currency, " discount taken in time");
    say_part_in(s, t.unearned, t.currency, " discount taken too late becomes a deduction");
    say_part_in(s, t.charge, t.currency, " bank charge from the fee list");
    say_part(s, s->proposal->charge_in_file_minor, " bank charge stated in the file");
    say_part_in(s, t.withholding, t.currency, " withholding tax");
    say_part_in(s, t.tolerance, t.currency, " small difference");
    say_part_in(s, t.deduction, t.currency, " becomes a deduction");
    say_part_in(s, t.open, t.currency, " stays open");
    say_part(s, s->proposal->on_account_minor, " too much goes on account");
    say_part(s, s->proposal->refund_minor, " too much, refund requested");
    say_part(s, s->proposal->unapplied_minor, " stays unapplied");
}

static const o2c_match_reason *
reason_at(const struct o2c__sayer *s, uint32_t i)
{
    return &O2C__AT(&s->solution->reasons, o2c_match_reason, (size_t)s->proposal->reasons_at + i);
}

static bool
has_reason(const struct o2c__sayer *s, int32_t reason)
{
    for (uint32_t i = 0; i < s->proposal->reasons_count; i++)
        if (reason_at(s, i)->reason == reason)
            return true;
    return false;
}

/* ---- several payments of one advice, several advices of one payment */

static const char *
counted(uint32_t number, bool place)
{
    static const char *const places[] = { "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth" };
    static const char *const numbers[] = { "one", "two", "three", "four", "five", "six", "seven", "eight" };
    uint32_t at = number >= 1 && number <= O2C__COUNT(numbers) ? number - 1 : 0;
    return place ? places[at] : numbers[at];
}

static void
say_shared(struct o2c__sayer *s, const o2c_match_reason *row)
{
    o2c__say(s, "this payment is the ");
    o2c__say(s, counted((uint32_t)row->argument / 100, true));
    o2c__say(s, " of ");
    o2c__say(s, counted((uint32_t)row->argument % 100, false));
    o2c__say(s, " that pay remittance advice ");
    o2c__say_ref(s, row->other);
}

/* "this payment pays 3 remittance advices together: and R-3" */
static void
say_together(struct o2c__sayer *s, const o2c_match_reason *rows, uint32_t count)
{
    o2c__say(s, "this payment pays ");
    o2c__say(s, counted((uint32_t)rows->argument % 100, false));
    o2c__say(s, " remittance advices together: ");
    for (uint32_t i = 0; i < count; i++) {
        o2c__say(s, i == 0 ? "" : i + 1 < count ? ", " : " and ");
        o2c__say_ref(s, rows[i].other);
    }
}

void
o2c__say_advice(struct o2c__sayer *s)
{
    const o2c_match_reason *rows = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->proposal->reasons_count; i++) {
        const o2c_match_reason *row = &O2C__AT(&s->solution->reasons, o2c_match_reason, (size_t)s->proposal->reasons_at + i);
        if (row->reason < O2C_REASON_ADVICE_SHARED || row->reason > O2C_REASON_ADVICE_REST || (rows && row->reason != rows->reason))
            continue;
        rows = rows ? rows : row;
        count++;
    }
    if (!rows)
        return;
    o2c__say_clause(s);
    if (rows->reason == O2C_REASON_ADVICE_SHARED) {
        say_shared(s, rows);
    } else if (rows->reason == O2C_REASON_ADVICES_TOGETHER) {
        say_together(s, rows, count);
    } else {
        o2c__say(s, "this payment pays what earlier ones left of remittance advice ");
        o2c__say_ref(s, rows->other);
    }
}

bool
o2c__say_contested(const struct o2c__sayer *s)
{
    return has_reason(s, O2C_REASON_CONTESTED);
}

void
o2c__say_certificate(struct o2c__sayer *s)
{
    if (o2c__say_contested(s))
        return;
    switch (s->proposal->certificate) {
    case O2C_CERTIFICATE_ONLY_FIT:
        o2c__say_clause(s);
        o2c__say(s, "no other open items of this payer fit");
        break;
    case O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE:
        o2c__say_clause(s);
        o2c__say(s, "the only fit, up to equal items that no posting can tell apart");
        break;
    case O2C_CERTIFICATE_SEARCH_CUT_SHORT:
        o2c__say_clause(s);
        o2c__say(s, "the search was cut short");
        break;
    default:
        break;
    }
}

/* Thousandths to the nearest hundredth, whole from ten on. */
static void
say_thousandths(struct o2c__sayer *s, uint64_t number)
{
    char digits[2];
    uint64_t hundredths = (number + 5) / 10;
    if (hundredths == 0) {
        o2c__say(s, "less than 0.01");
        return;
    }
    o2c__say_number(s, hundredths / 100);
    if (hundredths >= 1000)
        return;
    digits[0] = (char)('0' + hundredths / 10 % 10);
    digits[1] = (char)('0' + hundredths % 10);
    o2c__say(s, ".");
    o2c__say_bytes(s, (o2c_str){ digits, 2 });
}

void
o2c__say_accidents(struct o2c__sayer *s)
{
    for (uint32_t i = 0; i < s->proposal->evidence_count; i++) {
        const o2c_match_evidence *row = evidence_at(s, i);
        if (row->code != O2C_EVIDENCE_ACCIDENTS)
            continue;
        o2c__say_clause(s);
        o2c__say_number(s, s->proposal->lines_count);
        o2c__say(s, " items, and ");
        say_thousandths(s, row->number);
        o2c__say(s, " such sets expected by accident");
        return;
    }
}

#define O2C__SAY_OPEN_LINES_MAX 3

/* What to ask the payer, once for all lines of his advice that name nothing. */
void
o2c__say_question(struct o2c__sayer *s)
{
    uint32_t said = 0, open = 0;
    for (uint32_t i = 0; i < s->proposal->reasons_count; i++) {
        const o2c_match_reason *row = reason_at(s, i);
        open = row->reason == O2C_REASON_ADVICE_ASKED ? (uint32_t)row->argument : open;
    }
    if (open == 0)
        return;
    o2c__say_clause(s);
    o2c__say(s, "ask the payer which documents ");
    o2c__say_number(s, open);
    o2c__say(s, open == 1 ? " line of his advice means" : " lines of his advice mean");
    for (uint32_t i = 0; i < s->proposal->reasons_count && said < O2C__SAY_OPEN_LINES_MAX; i++) {
        const o2c_match_reason *row = reason_at(s, i);
        if (row->reason != O2C_REASON_LINE_OPEN || row->other.len == 0)
            continue;
        o2c__say(s, said++ ? ", " : " (");
        o2c__say_ref(s, row->other);
    }
    o2c__say(s, said == 0 ? "" : said < open ? " …)" : ")");
}

static void
say_alternative_items(struct o2c__sayer *s, const o2c_match_alternative *row)
{
    for (uint32_t i = 0; i < row->items_count && i < O2C__SAY_TERMS_MAX; i++) {
        o2c__say(s, i ? " + " : "");
        o2c__say_ref(s, O2C__AT(&s->solution->alternative_items, o2c_ref, (size_t)row->items_at + i));
    }
    if (row->items_count > O2C__SAY_TERMS_MAX)
        o2c__say(s, " …");
    if (row->arithmetic == O2C_ARITHMETIC_X0)
        return;
    o2c__say(s, " (");
    o2c__say(s, o2c_code_text(O2C_TABLE_ARITHMETIC, row->arithmetic));
    o2c__say(s, ")");
}

void
o2c__say_rival(struct o2c__sayer *s)
{
    if (s->proposal->alternatives_count == 0)
        return;
    const o2c_match_alternative *row = &O2C__AT(&s->solution->alternatives, o2c_match_alternative, s->proposal->alternatives_at);
    if (s->proposal->lines_count == 0 && row->kind != O2C_ALTERNATIVE_ITEMS)
        return;
    o2c__say_clause(s);
    o2c__say(s, s->proposal->lines_count ? "next best " : "nearest ");
    if (row->kind == O2C_ALTERNATIVE_ITEMS)
        say_alternative_items(s, row);
    else
        o2c__say(s, o2c_code_text(O2C_TABLE_ALTERNATIVE_KIND, row->kind));
    o2c__say(s, " ");
    o2c__say_percent(s, row->posterior_ppm);
}

static void
say_reason(struct o2c__sayer *s, const o2c_match_reason *row)
{
    o2c__say(s, row->gate ? o2c_code_text(O2C_TABLE_GATE, row->gate) : o2c_code_text(O2C_TABLE_REASON, row->reason));
    if (row->other.len) {
        o2c__say(s, " (");
        o2c__say_ref(s, row->other);
        o2c__say(s, ")");
    }
    if (row->reason == O2C_REASON_CLASS_NOT_RELEASED && row->argument > 0) {
        o2c__say(s, " (");
        o2c__say_number(s, (uint64_t)row->argument);
        o2c__say(s, " such lines here, error at most ");
        o2c__say_percent(s, row->share_ppm);
        o2c__say(s, ")");
    }
}

/* Said before, as what it is: no reason to hold it. */
static bool
is_of_advice(const o2c_match_reason *row)
{
    return row->reason == O2C_REASON_ADVICE_SHARED || row->reason == O2C_REASON_ADVICES_TOGETHER || row->reason == O2C_REASON_ADVICE_REST;
}

/* What another reason says already, or says better. */
static bool
needless(const struct o2c__sayer *s, const o2c_match_reason *row)
{
    bool asked = row->reason == O2C_REASON_LINE_OPEN || row->reason == O2C_REASON_ADVICE_ASKED; /* said at the end, as a question */
    return row->reason == O2C_REASON_BELOW_BAR || row->reason == O2C_REASON_NOTHING_FITS || asked ||
           (row->reason == O2C_REASON_CLASS_NOT_RELEASED && has_reason(s, O2C_REASON_CLASS_ERROR)) || is_of_advice(row);
}

/* The same reason often holds for several lines: said once. */
static bool
said_before(const o2c_match_reason *rows, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (rows[k].reason == rows[i].reason && rows[k].gate == rows[i].gate)
            return true;
    return false;
}

void
o2c__say_why_not(struct o2c__sayer *s)
{
    if (s->proposal->band == O2C_BAND_AUTO || s->proposal->reasons_count == 0)
        return;
    const o2c_match_reason *rows = &O2C__AT(&s->solution->reasons, o2c_match_reason, s->proposal->reasons_at);
    bool first = true;
    for (uint32_t i = 0; i < s->proposal->reasons_count; i++) {
        if (needless(s, &rows[i]) || said_before(rows, i))
            continue;
        if (first)
            o2c__say_clause(s);
        o2c__say(s, first ? (s->proposal->lines_count ? "not posted by itself: " : "held: ") : ", ");
        say_reason(s, &rows[i]);
        first = false;
    }
}
