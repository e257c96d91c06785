/* SPDX-License-Identifier: Apache-2.0 */
/* Group header, statement (report, notification) and balances. */
#include "formats/camt.h"

#define LAST_PROVEN_VERSION 12

/* ---- which message */
static int32_t
two_digits(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return 0;
    return 10 * (text[0] - '0') + (text[1] - '0');
}

/* "…camt.053.001.08" anywhere in the namespace: ISO's own, the Swiss one and those of banks all have it. */
bool
o2c__camt_document_start(struct o2c__camt *camt, const char *uri)
{
    const char *at = uri != NULL ? strstr(uri, "camt.05") : NULL;

    camt->seen_document = true;
    camt->version = 0;
    if (at != NULL && strlen(at) >= 15 && memcmp(at + 8, ".001.", 5) == 0)
        camt->version = two_digits(at + 13);
    return true;
}

bool
o2c__camt_message_start(struct o2c__camt *camt, const char *name)
{
    static const struct {
        const char *name; /* 001.01 appends V01 */
        int32_t kind, format;
    } messages[] = {
        { "BkToCstmrStmt", O2C_STATEMENT_BOOKED, O2C_FORMAT_CAMT053 },
        { "BkToCstmrAcctRpt", O2C_STATEMENT_INTRADAY, O2C_FORMAT_CAMT052 },
        { "BkToCstmrDbtCdtNtfctn", O2C_STATEMENT_NOTIFICATION, O2C_FORMAT_CAMT054 },
    };

    for (size_t i = 0; i < O2C__COUNT(messages); i++) {
        if (strncmp(name, messages[i].name, strlen(messages[i].name)) == 0) {
            camt->kind = messages[i].kind;
            camt->format = messages[i].format;
        }
    }
    camt->message.count = 0;
    camt->page = 0;
    camt->page_partial = false;
    if (camt->options.format != O2C_FORMAT_UNKNOWN && camt->options.format != camt->format)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_UNKNOWN, "format", o2c__sax_tag_start(camt->sax),
                                "the file holds another message than named");
    return true;
}

/* ---- statement */
bool
o2c__camt_statement_start(struct o2c__camt *camt)
{
    o2c_statement *statement = o2c__builder_statement(camt->builder);

    if (statement == NULL)
        return o2c__camt_nomem(camt);
    statement->at = o2c__sax_tag_start(camt->sax);
    if (++camt->statements > camt->context->limits.statements_max)
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "statements_max", statement->at, "the file has more statements than the limit");
    statement->kind = camt->kind;
    statement->format = camt->format;
    statement->version = camt->version;
    statement->flags = camt->version > LAST_PROVEN_VERSION ? 2 : 0;
    statement->page = camt->page;
    statement->message.text = o2c__builder_string(camt->builder, camt->message.rows, camt->message.count);
    memset(camt->account_currency, 0, sizeof camt->account_currency);
    memset(&camt->opening, 0, sizeof camt->opening);
    memset(&camt->closing, 0, sizeof camt->closing);
    camt->interim_count = 0;
    camt->statement_page_partial = camt->page_partial;
    return true;
}

/* An opening and a closing balance of intraday kind show that money moved between them, not that every movement is in this report.
 */
static void
settle_interim(struct o2c__camt *camt, o2c_statement *statement)
{
    if (camt->interim_count == 1 && camt->opening.rank == 1 && camt->closing.rank == 1) {
        camt->opening.rank = camt->closing.rank = 0; /* one number cannot be both ends */
    } else if (camt->interim_count == 1 && camt->opening.rank == 1) {
        camt->opening.rank = 0; /* beside a closing balance it stands in the middle */
    }
    if (camt->opening.rank == 1 || camt->closing.rank == 1)
        statement->flags |= 4;
}

static void
pick_currency(struct o2c__camt *camt, o2c_statement *statement, const char *entry_currency)
{
    const char *currency = camt->account_currency;

    if (statement->currency[0] != '\0')
        return;
    if (entry_currency != NULL)
        currency = entry_currency;
    if (camt->closing.rank > 1)
        currency = camt->closing.currency;
    if (camt->opening.rank > 1)
        currency = camt->opening.currency;
    memcpy(statement->currency, currency, 4);
}

void
o2c__camt_settle_currency(struct o2c__camt *camt, const char *entry_currency)
{
    pick_currency(camt, o2c__camt_statement(camt), entry_currency);
}

static void
set_ends(struct o2c__camt *camt, o2c_statement *statement)
{
    if (camt->opening.rank > 0 && memcmp(camt->opening.currency, statement->currency, 4) == 0) {
        statement->opening_minor = camt->opening.minor;
        statement->opening_day = camt->opening.day;
        statement->has |= 1;
    }
    if (camt->closing.rank > 0 && memcmp(camt->closing.currency, statement->currency, 4) == 0) {
        statement->closing_minor = camt->closing.minor;
        statement->closing_day = camt->closing.day;
        statement->has |= 2;
    }
}

bool
o2c__camt_statement_end(struct o2c__camt *camt)
{
    o2c_statement *statement = o2c__camt_statement(camt);
    o2c_status status;

    if (camt->builder->out_of_memory)
        return o2c__camt_nomem(camt);
    statement->span = o2c__sax_tag_end(camt->sax) - statement->at;
    settle_interim(camt, statement);
    if (statement->currency[0] == '\0' && camt->opening.rank + camt->closing.rank > 0 && camt->account_currency[0] == '\0')
        memcpy(camt->account_currency, camt->opening.rank > 0 ? camt->opening.currency : camt->closing.currency, 4);
    pick_currency(camt, statement, NULL);
    set_ends(camt, statement);
    status = o2c__builder_tie(camt->builder, statement, 0, o2c__sax_error(camt->sax));
    if (status != O2C_OK)
        return o2c__sax_stop(camt->sax, status);
    /* One page of several, or intraday balances: what does not add up proves nothing. */
    if (statement->tie == O2C_TIE_RESULT_MISMATCH && (camt->statement_page_partial || (statement->flags & 4u) != 0))
        statement->tie = O2C_TIE_RESULT_NOT_CHECKABLE;
    status = o2c__builder_flush(camt->builder, false, o2c__sax_error(camt->sax));
    return status == O2C_OK || o2c__sax_stop(camt->sax, status);
}

/* ---- balances */
void
o2c__camt_balance_start(struct o2c__camt *camt)
{
    memset(&camt->balance, 0, sizeof camt->balance);
    camt->balance_sign = camt->balance_day = 0;
    memset(camt->balance_code, 0, sizeof camt->balance_code);
    memset(camt->balance_subcode, 0, sizeof camt->balance_subcode);
    camt->balance_at = o2c__sax_tag_start(camt->sax);
}

/* The first opening and the last closing balance of the best kind: OPBD before PRCD before the first ITBD; CLBD before the last
 * ITBD. */
static void
note_balance(struct o2c__camt *camt, const o2c_balance *balance)
{
    bool interim = strcmp(balance->code, "ITBD") == 0;
    uint32_t opens = strcmp(balance->code, "OPBD") == 0 ? 4 : strcmp(balance->code, "PRCD") == 0 ? 3 : interim ? 1 : 0;
    uint32_t closes = strcmp(balance->code, "CLBD") == 0 ? 4 : interim ? 1 : 0;

    camt->interim_count += interim ? 1 : 0;
    if (opens > camt->opening.rank) {
        camt->opening.rank = opens;
        camt->opening.minor = balance->minor;
        camt->opening.day = balance->day;
        memcpy(camt->opening.currency, balance->currency, 4);
    }
    if (closes > 0 && closes >= camt->closing.rank) {
        camt->closing.rank = closes;
        camt->closing.minor = balance->minor;
        camt->closing.day = balance->day;
        memcpy(camt->closing.currency, balance->currency, 4);
    }
}

bool
o2c__camt_balance_end(struct o2c__camt *camt)
{
    o2c_balance *balance;
    uint64_t span = o2c__sax_tag_end(camt->sax) - camt->balance_at;

    if (!camt->balance.set)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, "Bal/Amt", camt->balance_at, "the balance has no amount");
    if (camt->balance_sign == 0)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, "Bal/CdtDbtInd", camt->balance_at,
                                "the balance is neither CRDT nor DBIT");
    balance = o2c__builder_balance(camt->builder);
    if (balance == NULL)
        return o2c__camt_nomem(camt);
    balance->at = camt->balance_at;
    balance->span = span <= UINT32_MAX ? (uint32_t)span : UINT32_MAX;
    memcpy(balance->code, camt->balance_code, sizeof balance->code);
    memcpy(balance->currency, camt->balance.currency, sizeof balance->currency);
    balance->day = camt->balance_day;
    balance->minor = camt->balance_sign * camt->balance.minor;
    if (strcmp(camt->balance_subcode, "INTM") == 0)
        o2c__camt_statement(camt)->flags |= 4;
    note_balance(camt, balance);
    return true;
}

/* ---- values */
static bool
keep_message(struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    o2c_str text = o2c__camt_text(camt, value->text);
    char *copy;

    camt->message.count = 0;
    copy = o2c__vector_add_many(&camt->message, text.len);
    if (copy == NULL)
        return o2c__camt_nomem(camt);
    memcpy(copy, text.ptr, text.len);
    return true;
}

static void
page_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    bool in_group = o2c__sax_above(camt->sax, 2) == AT_GROUP; /* value, AT_PAGES, AT_GROUP or AT_STATEMENT */
    uint32_t number = state == CAMT_PAGE_NUMBER ? o2c__camt_count(camt, value) : 0;
    bool partial = number > 1 || (state == CAMT_PAGE_LAST && o2c__camt_is(camt, value, "false"));

    if (in_group) {
        camt->page = number > 0 ? number : camt->page;
        camt->page_partial = camt->page_partial || partial;
        return;
    }
    if (number > 0)
        o2c__camt_statement(camt)->page = number;
    camt->statement_page_partial = camt->statement_page_partial || partial;
}

static bool
balance_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    if (state == CAMT_BALANCE_AMOUNT)
        return o2c__camt_amount(camt, value, "Bal/Amt", &camt->balance);
    if (state == CAMT_BALANCE_CODE)
        o2c__camt_code8(camt, value, camt->balance_code);
    else if (state == CAMT_BALANCE_SUBCODE)
        o2c__camt_code8(camt, value, camt->balance_subcode);
    else if (state == CAMT_BALANCE_SIGN)
        camt->balance_sign = o2c__camt_sign(camt, value);
    else
        camt->balance_day = o2c__camt_day(camt, value);
    return true;
}

static void
first_field(struct o2c__camt *camt, o2c_field *field, const struct o2c__camt_value *value)
{
    if (field->text.len == 0)
        o2c__camt_field(field, value, o2c__camt_statement(camt)->at);
}

bool
o2c__camt_statement_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    o2c_statement *statement;

    if (state == CAMT_MESSAGE_ID)
        return keep_message(camt, value);
    if (state == CAMT_PAGE_NUMBER || state == CAMT_PAGE_LAST) {
        page_value(camt, state, value);
        return true;
    }
    if (state >= CAMT_BALANCE_CODE)
        return balance_value(camt, state, value);
    statement = o2c__camt_statement(camt);
    if (state == CAMT_STATEMENT_ID)
        first_field(camt, &statement->id, value);
    else if (state == CAMT_NUMBER_ELECTRONIC)
        o2c__camt_field(&statement->number, value, statement->at);
    else if (state == CAMT_NUMBER_LEGAL)
        first_field(camt, &statement->number, value);
    else if (state == CAMT_COPY)
        statement->flags |= 1;
    else if (state == CAMT_FROM)
        statement->from_day = o2c__camt_day(camt, value);
    else if (state == CAMT_TO)
        statement->to_day = o2c__camt_day(camt, value);
    else if (state == CAMT_ACCOUNT)
        first_field(camt, &statement->account, value);
    else if (value->text.len == 3)
        memcpy(camt->account_currency, o2c__camt_text(camt, value->text).ptr, 3);
    return true;
}
