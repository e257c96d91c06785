/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says a proposal in one English sentence, from its codes and arguments alone: nothing is stored as text. English is the fallback
 * that every host has; other languages are catalogs over the same codes. The clauses: say_clauses.c.
 */
#include "match/say.h"

void
o2c__say_bytes(struct o2c__sayer *s, o2c_str text)
{
    if (s->buffer && s->needed + text.len < s->size)
        memcpy(s->buffer + s->needed, text.ptr, text.len);
    s->needed += text.len;
    s->clause = true;
}

void
o2c__say(struct o2c__sayer *s, const char *text)
{
    o2c__say_bytes(s, o2c__str(text));
}

void
o2c__say_number(struct o2c__sayer *s, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    o2c__say_bytes(s, (o2c_str){ digits + at, sizeof digits - at });
}

void
o2c__say_percent(struct o2c__sayer *s, uint32_t ppm)
{
    char digits[2];
    o2c__say_number(s, ppm / 10000);
    digits[0] = (char)('0' + ppm / 1000 % 10);
    digits[1] = (char)('0' + ppm / 100 % 10);
    o2c__say(s, ".");
    o2c__say_bytes(s, (o2c_str){ digits, 2 });
    o2c__say(s, " %");
}

void
o2c__say_amount(struct o2c__sayer *s, int64_t minor, const char *currency)
{
    char plain[24];
    int32_t exponent = o2c__currency_exponent(currency);
    size_t len = o2c__decimal_write(minor, exponent < 0 ? 0 : exponent, plain);
    size_t whole = exponent > 0 ? len - (size_t)exponent - 1 : len, first = plain[0] == '-';
    for (size_t i = 0; i < len; i++) {
        if (i > first && i < whole && (whole - i) % 3 == 0)
            o2c__say(s, ",");
        o2c__say_bytes(s, (o2c_str){ plain + i, 1 });
    }
}

void
o2c__say_ref(struct o2c__sayer *s, o2c_ref ref)
{
    o2c__say_bytes(s, o2c__ref_str(ref, o2c__text_heap_str(&s->solution->heap)));
}

void
o2c__say_clause(struct o2c__sayer *s)
{
    if (s->clause)
        o2c__say(s, "; ");
    s->clause = false;
}

static const o2c_match_reason *
first_reason(const struct o2c__sayer *s)
{
    return s->proposal->reasons_count ? &O2C__AT(&s->solution->reasons, o2c_match_reason, s->proposal->reasons_at) : NULL;
}

static void
say_routed(struct o2c__sayer *s)
{
    const o2c_match_reason *reason = first_reason(s);
    if (s->proposal->kind == O2C_KIND_DUPLICATE) {
        o2c__say(s, "DUPLICATE: this line was delivered before");
        if (reason && reason->other.len) {
            o2c__say(s, ", as payment ");
            o2c__say_ref(s, reason->other);
        }
        return;
    }
    if (s->proposal->kind == O2C_KIND_AWAITING_DETAIL) {
        o2c__say(s, "AWAITING DETAIL: a batch whose single payments come in another file; it is not matched as one");
        return;
    }
    o2c__say(s, "NOT RECEIVABLES: ");
    o2c__say(s, o2c_code_text(O2C_TABLE_PAYMENT_ROUTE, reason ? reason->argument : -1));
}

static void
say_second_payment(struct o2c__sayer *s)
{
    const o2c_match_reason *reason = first_reason(s);
    o2c__say(s, "SECOND PAYMENT: ");
    s->clause = false;
    o2c__say_references(s);
    if (reason && reason->other.len) {
        o2c__say_clause(s);
        o2c__say(s, reason->reason == O2C_REASON_SECOND_OF_EQUALS ? "an equal payment came first, " : "this document was paid before: ");
        o2c__say_ref(s, reason->other);
    }
    o2c__say_clause(s);
    o2c__say_amount(s, s->proposal->on_account_minor, s->proposal->currency);
    o2c__say(s, " ");
    o2c__say(s, s->proposal->currency);
    o2c__say(s, " goes on account, and the customer should be told");
}

static void
say_no_items(struct o2c__sayer *s)
{
    bool known = s->proposal->kind == O2C_KIND_ON_ACCOUNT;
    o2c__say(s, known ? "ON ACCOUNT: " : "UNIDENTIFIED: ");
    s->clause = false;
    if (known)
        o2c__say_payer(s);
    else
        o2c__say(s, "nothing names the payer for sure");
    o2c__say_clause(s);
    bool lost = o2c__say_contested(s);
    if (s->proposal->gates & O2C_GATE_CROSS_CURRENCY) {
        o2c__say(s, "the items it would pay are in another currency, and the file gives no rate");
        o2c__say_rival(s);
        return;
    }
    o2c__say(s, lost ? "the items that explain " : "no open items explain ");
    o2c__say_amount(s, s->proposal->amount_minor, s->proposal->currency);
    o2c__say(s, " ");
    o2c__say(s, s->proposal->currency);
    o2c__say(s, lost ? " are wanted by another payment with a better claim" : " well enough");
    o2c__say_rival(s);
    o2c__say_why_not(s);
}

static void
say_items(struct o2c__sayer *s)
{
    o2c__say(s, s->proposal->band == O2C_BAND_AUTO ? "AUTO " : "PROPOSE ");
    o2c__say_percent(s, s->proposal->confidence_ppm);
    o2c__say(s, ": ");
    s->clause = false;
    o2c__say_references(s);
    o2c__say_advice(s);
    o2c__say_payer(s);
    o2c__say_sum(s);
    o2c__say_certificate(s);
    o2c__say_accidents(s);
    o2c__say_rival(s);
    o2c__say_why_not(s);
    o2c__say_question(s);
}

static void
say_proposal(struct o2c__sayer *s)
{
    int32_t kind = s->proposal->kind;
    if (kind == O2C_KIND_NOT_AR || kind == O2C_KIND_DUPLICATE || kind == O2C_KIND_AWAITING_DETAIL)
        say_routed(s);
    else if (s->proposal->lines_count)
        say_items(s);
    else if (s->proposal->label == O2C_LABEL_M21)
        say_second_payment(s);
    else
        say_no_items(s);
    o2c__say(s, ".");
}

o2c_status
o2c_match_say(const o2c_match_solution *solution, uint64_t proposal, char *buffer, size_t size, size_t *out_needed, o2c_error *err)
{
    if (!solution || !out_needed || (size && !buffer))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "solution, buffer or out_needed is NULL");
    if (proposal >= solution->proposals.count)
        return o2c__fail(err, O2C_E_ARG, "proposal", "the solution has %llu proposals", (unsigned long long)solution->proposals.count);
    struct o2c__sayer ask = { .solution = solution, .proposal = &O2C__AT(&solution->proposals, o2c_proposal, proposal) };
    say_proposal(&ask);
    *out_needed = ask.needed;
    if (ask.needed >= size)
        return o2c__fail(err, O2C_E_ARG, "size", "the sentence needs %zu bytes and a NUL", ask.needed);
    struct o2c__sayer tell = { .solution = solution, .proposal = ask.proposal, .buffer = buffer, .size = size };
    say_proposal(&tell);
    buffer[tell.needed] = 0;
    return O2C_OK;
}
