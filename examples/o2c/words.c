/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

o2c_str
str_of(const char *text)
{
    o2c_str str = { text, text ? strlen(text) : 0 };
    return str;
}

o2c_str
ref_in(const o2c_str *heap, o2c_ref ref)
{
    o2c_str str = { NULL, 0 };
    if (ref.len && (uint64_t)ref.at + ref.len <= heap->len) {
        str.ptr = heap->ptr + ref.at;
        str.len = ref.len;
    }
    return str;
}

o2c_str
said(const struct job *job, o2c_ref ref)
{
    return ref_in(&job->heap, ref);
}

const char *
money_plain(int64_t minor, const char currency[4], char buffer[32])
{
    o2c_money money = { .minor = minor };
    memcpy(money.currency, currency, sizeof(money.currency));
    if (o2c_money_write(&money, buffer, 32, NULL) != O2C_OK)
        snprintf(buffer, 32, "%lld", (long long)minor);
    return buffer;
}

/* 1234567.50 → 1,234,567.50: for people; files and JSON get money_plain(). */
const char *
money_grouped(int64_t minor, const char currency[4], char buffer[48])
{
    char plain[32];
    money_plain(minor, currency, plain);
    const char *from = plain;
    char *to = buffer;
    if (*from == '-')
        *to++ = *from++;
    size_t whole = strspn(from, "0123456789");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            *to++ = ',';
        *to++ = from[i];
    }
    strcpy(to, from + whole);
    return buffer;
}

const char *
day_text(int32_t day, char buffer[11])
{
    if (o2c_date_write(day, buffer, NULL) != O2C_OK)
        strcpy(buffer, "-");
    return buffer;
}

const char *
code_upper(int32_t table, int64_t code, char buffer[48])
{
    const char *name = o2c_code_name(table, code);
    size_t i = 0;
    for (; name[i] && i < 47; i++)
        buffer[i] = (char)toupper((unsigned char)name[i]);
    buffer[i] = 0;
    return buffer;
}

/* 997412 ppm → "99.74 %": cut, never rounded up, so that nothing looks surer than it is. */
const char *
percent_text(uint32_t ppm, char buffer[16])
{
    snprintf(buffer, 16, "%u.%02u %%", ppm / 10000, ppm / 100 % 100);
    return buffer;
}

/* A share of something that is only listed because it has one: never "0.00 %". */
const char *
share_text(uint32_t ppm, char buffer[16])
{
    if (ppm >= 100)
        return percent_text(ppm, buffer);
    strcpy(buffer, "< 0.01 %");
    return buffer;
}

static bool
same_items(const struct job *job, const o2c_proposal *proposal, const o2c_match_alternative *row)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < row->items_count; i++) {
        o2c_str item = said(job, job->alternative_items[row->items_at + i]);
        for (uint32_t k = 0; k < proposal->lines_count; k++) {
            o2c_str mine = said(job, job->lines[proposal->lines_at + k].item);
            if (mine.len == item.len && memcmp(mine.ptr, item.ptr, item.len) == 0) {
                found++;
                break;
            }
        }
    }
    return row->items_count && found == row->items_count && found == proposal->lines_count;
}

/* "another set of items", or what is different when the items are the same. */
const char *
alternative_words(const struct job *job, const o2c_proposal *proposal, const o2c_match_alternative *row, char buffer[96])
{
    if (row->kind == O2C_ALTERNATIVE_ITEMS && same_items(job, proposal, row))
        snprintf(buffer, 96, "the same items, %s", o2c_code_text(O2C_TABLE_ARITHMETIC, row->arithmetic));
    else if (row->kind == O2C_ALTERNATIVE_ITEMS && row->arithmetic != O2C_ARITHMETIC_X0)
        snprintf(buffer, 96, "other items, %s", o2c_code_text(O2C_TABLE_ARITHMETIC, row->arithmetic));
    else
        snprintf(buffer, 96, "%s", o2c_code_text(O2C_TABLE_ALTERNATIVE_KIND, row->kind));
    return buffer;
}

int32_t
payment_day(const o2c_payment *payment)
{
    return payment->value_day ? payment->value_day : payment->booking_day;
}

char *
sentence_of(const struct job *job, uint64_t index)
{
    size_t needed = 0;
    if (o2c_match_say(job->solution, index, NULL, 0, &needed, NULL) != O2C_OK && needed == 0)
        return NULL;
    char *buffer = malloc(needed + 1);
    if (buffer && o2c_match_say(job->solution, index, buffer, needed + 1, &needed, NULL) != O2C_OK) {
        free(buffer);
        buffer = NULL;
    }
    return buffer;
}

bool
reason_holds(int32_t reason)
{
    return reason != O2C_REASON_ADVICE_SHARED && reason != O2C_REASON_ADVICES_TOGETHER && reason != O2C_REASON_ADVICE_REST;
}

/* What a person or a host can do so that the next payment of this kind posts itself. */
const char *
reason_remedy(int32_t reason)
{
    switch (reason) {
    case O2C_REASON_BELOW_BAR:
        return "stronger evidence: a document number in the payer's text, or a confirmed bank account of the payer";
    case O2C_REASON_AMBIGUOUS:
        return "a document number in the payer's text, or a remittance advice, that tells the explanations apart";
    case O2C_REASON_CONTESTED:
        return "a decision on the other payment that claims the same item";
    case O2C_REASON_CLASS_NOT_RELEASED:
        return "a release of this kind of evidence, after a back-test on your own history has borne it out";
    case O2C_REASON_AUDIT_SAMPLE:
        return "nothing: it was drawn for the blind audit sample";
    case O2C_REASON_PINNED:
        return "nothing: a person has pinned it";
    case O2C_REASON_SET_NOT_WHOLE:
        return "certainty of every line of the set, or a document number for each";
    case O2C_REASON_CLASS_ERROR:
        return "more judged lines of this kind: a good record lowers the error to assume";
    case O2C_REASON_SHORT:
        return "a reason for the difference in the advice, or the fee or tolerance in the policy";
    case O2C_REASON_SOMEONE_ELSE:
        return "the payer's bank account in the customer list";
    case O2C_REASON_UNENUMERATED:
        return "a document number in the payer's text: too many sets fit this amount";
    case O2C_REASON_DOUBLE_PAYMENT:
        return "a decision of a person: the money is on account, refund it or use it";
    case O2C_REASON_NOTHING_FITS:
        return "the missing document in the item list, or a remittance advice";
    case O2C_REASON_PAYER_UNKNOWN:
        return "the payer's bank account or name in the customer list";
    case O2C_REASON_ADVICE_ASKED:
        return "the payer's answer: which documents the open lines of his advice mean";
    case O2C_REASON_SECOND_OF_EQUALS:
        return "a decision of a person: is it a second payment of the same document?";
    default:
        return NULL;
    }
}

const char *
gate_remedy(uint32_t gate)
{
    switch (gate) {
    case O2C_GATE_NO_IDENTITY:
        return "the payer's bank account, confirmed, in the customer list, or every document cited with its exact amount";
    case O2C_GATE_PAYER_CONFLICT:
        return "a tie in the customer list that lets this payer pay for the owner of the documents";
    case O2C_GATE_ACCOUNT_FLAGGED:
        return "the flag of the account lifted (legal dispute, insolvency, agency)";
    case O2C_GATE_DISPUTED_EXCLUDED:
        return "the dispute or block of the item lifted";
    case O2C_GATE_EARMARKED:
        return "the other proposal decided that reserves the amount";
    case O2C_GATE_CROSS_CURRENCY:
        return "cross_currency in the policy and the amount ordered in the file, or a decision of a person: payment and item are in different currencies";
    case O2C_GATE_CROSS_COMPANY:
        return "a decision of a person: the money arrived at another company";
    case O2C_GATE_OVER_AUTO_LIMIT:
        return "a higher automatic limit in the policy";
    case O2C_GATE_DEDUCTION_OVER_LIMIT:
        return "a higher limit for deductions in the policy";
    case O2C_GATE_PERIOD_CLOSED:
        return "an open period for the booking day";
    case O2C_GATE_REVERSAL_PENDING:
        return "the returned payment of this payer settled";
    case O2C_GATE_STALE_REMITTANCE:
        return "an advice inside the link window";
    case O2C_GATE_PREVIEW:
        return "the booked statement: this line is intraday";
    case O2C_GATE_SEARCH_CUT_SHORT:
        return "a document number in the payer's text, or a larger budget of operations";
    case O2C_GATE_TOLERANCE_CAP:
        return "a person's word, or a higher cap of small differences in the policy";
    case O2C_GATE_SHARED_ADVICE:
        return "the other payments of the advice, or a person's word which of its lines this one pays";
    case O2C_GATE_REVIEW_REQUIRED:
        return "the rule or the account that asks for a person";
    default:
        return NULL;
    }
}
