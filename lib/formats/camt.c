/* SPDX-License-Identifier: Apache-2.0 */
/* The camt dialect: follows the elements through the map of camt_path.c, gathers texts, and calls the file that knows the place. */
#include "formats/camt.h"

/* ---- text of the open element, at the end of the heap */
/* Text that belongs to no value: white space before a child, or beside it. */
static void
on_drop(void *self)
{
    struct o2c__camt *camt = self;

    if (camt->text_open)
        camt->builder->heap.bytes.count = camt->text_at;
    camt->text_open = false;
}

static bool
on_text(void *self, const char *bytes, size_t len)
{
    struct o2c__camt *camt = self;
    o2c__vector *heap = &camt->builder->heap.bytes;
    bool first = heap->count == 0;
    char *to;

    if (heap->count + len >= UINT32_MAX - 2)
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "alloc_bytes_max", o2c__sax_tag_end(camt->sax),
                                "the texts of the file pass 4 GiB");
    if (heap->room - heap->count < len + 2 && !o2c__vector_reserve(heap, len + 2))
        return o2c__camt_nomem(camt);
    to = (char *)heap->rows + heap->count;
    if (first) {
        *to++ = '\0';
        heap->count++;
    }
    if (!camt->text_open) {
        camt->text_open = true;
        camt->text_at = heap->count;
    }
    memcpy(to, bytes, len);
    heap->count += len;
    return true;
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* The text without blanks around it. false = there is none. */
static bool
take_text(struct o2c__camt *camt, struct o2c__camt_value *value)
{
    o2c__vector *heap = &camt->builder->heap.bytes;
    const char *bytes = heap->rows;
    size_t from = camt->text_at, to = heap->count;
    uint64_t at, end;

    if (!camt->text_open)
        return false;
    while (to > from && is_blank(bytes[to - 1]))
        to--;
    while (from < to && is_blank(bytes[from]))
        from++;
    if (from == to)
        return false;
    o2c__sax_text_span(camt->sax, &at, &end);
    value->text = (o2c_ref){ (uint32_t)from, (uint32_t)(to - from) };
    value->at = at + (from - camt->text_at);
    end -= heap->count - to;
    value->span = end > value->at && end - value->at <= UINT32_MAX ? (uint32_t)(end - value->at) : 0;
    ((char *)heap->rows)[to] = '\0';
    heap->count = to + 1;
    return true;
}

/* Values that become numbers: their text need not stay in the heap. */
static const bool is_number[CAMT_STATES] = {
    [CAMT_MESSAGE_ID] = true,
    [CAMT_FROM] = true,
    [CAMT_TO] = true,
    [CAMT_BALANCE_CODE] = true,
    [CAMT_BALANCE_SUBCODE] = true,
    [CAMT_BALANCE_AMOUNT] = true,
    [CAMT_BALANCE_SIGN] = true,
    [CAMT_BALANCE_DATE] = true,
    [CAMT_AMOUNT] = true,
    [CAMT_SIGN] = true,
    [CAMT_REVERSAL] = true,
    [CAMT_STATUS] = true,
    [CAMT_BOOKING] = true,
    [CAMT_VALUE_DATE] = true,
    [CAMT_INSTRUCTED] = true,
    [CAMT_TRANSACTION_AMOUNT] = true,
    [CAMT_COUNTER_AMOUNT] = true,
    [CAMT_CHARGES_TOTAL] = true,
    [CAMT_CHARGE] = true,
    [CAMT_CHARGE_SIGN] = true,
    [CAMT_BEARER] = true,
    [CAMT_BATCH_COUNT] = true,
    [CAMT_DOCUMENT_DATE] = true,
};

static bool
take_value(struct o2c__camt *camt, uint32_t state)
{
    struct o2c__camt_value value;
    size_t heap = camt->text_at;
    bool done;

    if (!take_text(camt, &value)) {
        on_drop(camt);
        return true;
    }
    camt->text_open = false;
    if (state <= CAMT_BALANCE_DATE)
        done = o2c__camt_statement_value(camt, state, &value);
    else if (state <= CAMT_RETURN_CODE)
        done = o2c__camt_entry_value(camt, state, &value);
    else if (state <= CAMT_AGENT_OTHER)
        done = o2c__camt_party_value(camt, state, &value);
    else
        done = o2c__camt_remittance_value(camt, state, &value);
    if (is_number[state])
        camt->builder->heap.bytes.count = heap;
    return done;
}

/* ---- elements: those where something begins or ends; the others only lead further down */
static const uint8_t marks[CAMT_STATES] = {
    [AT_DOCUMENT] = O2C__SAX_START,
    [AT_MESSAGE] = O2C__SAX_START,
    [AT_OTHER_MESSAGE] = O2C__SAX_START,
    [AT_RETURN] = O2C__SAX_START,
    [AT_BATCH] = O2C__SAX_START,
    [AT_DEBTOR] = O2C__SAX_START,
    [AT_CREDITOR] = O2C__SAX_START,
    [AT_DEBTOR_ULTIMATE] = O2C__SAX_START,
    [AT_CREDITOR_ULTIMATE] = O2C__SAX_START,
    [AT_DEBTOR_ACCOUNT] = O2C__SAX_START,
    [AT_CREDITOR_ACCOUNT] = O2C__SAX_START,
    [AT_DEBTOR_AGENT] = O2C__SAX_START,
    [AT_CREDITOR_AGENT] = O2C__SAX_START,
    [AT_CHARGES] = O2C__SAX_END,
    [AT_DOCUMENT_INFO] = O2C__SAX_END,
    [AT_TYPED] = O2C__SAX_END,
    [AT_STATEMENT] = O2C__SAX_START | O2C__SAX_END,
    [AT_BALANCE] = O2C__SAX_START | O2C__SAX_END,
    [AT_ENTRY] = O2C__SAX_START | O2C__SAX_END,
    [AT_TRANSACTION] = O2C__SAX_START | O2C__SAX_END,
    [AT_STRUCTURED] = O2C__SAX_START | O2C__SAX_END,
    [AT_ADJUSTMENT] = O2C__SAX_START | O2C__SAX_END,
};

static void
open_side(struct o2c__camt *camt, uint32_t state)
{
    camt->side = state == AT_CREDITOR || state == AT_CREDITOR_ULTIMATE || state == AT_CREDITOR_ACCOUNT || state == AT_CREDITOR_AGENT
                     ? CAMT_CREDITOR
                     : CAMT_DEBTOR;
    camt->ultimate = state == AT_DEBTOR_ULTIMATE || state == AT_CREDITOR_ULTIMATE;
}

static bool
refuse_message(struct o2c__camt *camt, const char *local)
{
    return o2c__sax_stop(camt->sax,
                         o2c__fail_at(o2c__sax_error(camt->sax), O2C_E_FORMATS_UNKNOWN, "Document", o2c__sax_tag_start(camt->sax),
                                      0, "the Document holds %.40s: neither camt.052 nor camt.053 nor camt.054", local));
}

static bool
on_start(void *self, uint32_t state, const char *local, const char *uri)
{
    struct o2c__camt *camt = self;

    switch (state) {
    case AT_DOCUMENT:
        return o2c__camt_document_start(camt, uri);
    case AT_MESSAGE:
        return o2c__camt_message_start(camt, local);
    case AT_OTHER_MESSAGE:
        return refuse_message(camt, local);
    case AT_STATEMENT:
        return o2c__camt_statement_start(camt);
    case AT_BALANCE:
        o2c__camt_balance_start(camt);
        return true;
    case AT_ENTRY:
        return o2c__camt_entry_start(camt);
    case AT_TRANSACTION:
        return o2c__camt_transaction_start(camt);
    case AT_STRUCTURED:
        o2c__camt_strd_start(camt);
        return true;
    case AT_ADJUSTMENT:
        o2c__camt_adjustment_start(camt);
        return true;
    case AT_RETURN:
        o2c__camt_row(camt)->flags |= O2C_ENTRY_FLAG_RETURN;
        return true;
    case AT_BATCH:
        camt->level[camt->now].batch = true;
        return true;
    default:
        open_side(camt, state);
        return true;
    }
}

static bool
on_end(void *self, uint32_t state)
{
    struct o2c__camt *camt = self;

    if (state > CAMT_VALUES)
        return take_value(camt, state);
    switch (state) {
    case AT_STATEMENT:
        return o2c__camt_statement_end(camt);
    case AT_BALANCE:
        return o2c__camt_balance_end(camt);
    case AT_ENTRY:
        return o2c__camt_entry_end(camt);
    case AT_TRANSACTION:
        return o2c__camt_transaction_end(camt);
    case AT_CHARGES:
        return o2c__camt_charge_end(camt);
    case AT_STRUCTURED:
        return o2c__camt_strd_end(camt);
    case AT_DOCUMENT_INFO:
        return o2c__camt_document_info_end(camt);
    case AT_ADJUSTMENT:
        return o2c__camt_adjustment_end(camt);
    default:
        return o2c__camt_typed_end(camt);
    }
}

static const struct o2c__sax_events events = { on_start, on_text, on_drop, on_end };

static struct o2c__sax *
open_sax(struct o2c__camt *camt)
{
    struct o2c__sax_map map = {
        .next = camt->map.next[0],
        .marks = camt->marks,
        .columns = O2C__CAMT_NAMES,
        .first = CAMT_SEEK,
        .names = o2c__camt_names,
        .names_count = o2c__camt_names_count,
        .attribute = "Ccy",
    };

    memcpy(camt->marks, marks, sizeof camt->marks);
    memset(camt->marks + CAMT_VALUES + 1, O2C__SAX_TEXT, sizeof camt->marks - CAMT_VALUES - 1);
    o2c__camt_map_init(&camt->map);
    return o2c__sax_open(camt->context, &map, &events, camt);
}

/* ---- the dialect */
static void
camt_close(void *self)
{
    struct o2c__camt *camt = self;

    o2c__sax_close(camt->sax);
    o2c__vector_free(&camt->message);
    o2c__vector_free(&camt->plain);
    o2c__vector_free(&camt->structured);
    o2c__vector_free(&camt->adjustments);
    o2c__release(&camt->context->memory, camt, sizeof *camt);
}

static void *
camt_open(o2c__context *context, const o2c_formats_options *options, struct o2c__builder *builder, o2c_error *err)
{
    struct o2c__camt *camt = o2c__alloc_zero(&context->memory, 1, sizeof *camt);

    if (camt == NULL) {
        (void)o2c__fail(err, O2C_E_NOMEM, "", "no memory to read camt");
        return NULL;
    }
    camt->context = context;
    camt->builder = builder;
    camt->options = *options;
    o2c__vector_init(&camt->message, &context->memory, 1);
    o2c__vector_init(&camt->plain, &context->memory, sizeof(o2c_text));
    o2c__vector_init(&camt->structured, &context->memory, sizeof(o2c_text));
    o2c__vector_init(&camt->adjustments, &context->memory, sizeof(struct o2c__camt_adjustment));
    camt->sax = open_sax(camt);
    if (camt->sax == NULL) {
        (void)o2c__fail(err, O2C_E_NOMEM, "", "no memory to read XML");
        camt_close(camt);
        return NULL;
    }
    return camt;
}

static o2c_status
camt_push(void *self, const char *bytes, size_t size, o2c_error *err)
{
    struct o2c__camt *camt = self;

    return o2c__sax_push(camt->sax, bytes, size, err);
}

static o2c_status
camt_finish(void *self, o2c_error *err)
{
    struct o2c__camt *camt = self;
    o2c_status status = o2c__sax_finish(camt->sax, err);

    if (status != O2C_OK || camt->statements > 0)
        return status;
    if (camt->kind == 0)
        return o2c__fail_at(err, O2C_E_FORMATS_UNKNOWN, "Document", 0, 0,
                            camt->seen_document ? "the Document is empty" : "no element Document: not a message of ISO 20022");
    return o2c__fail_at(err, O2C_E_FORMATS_EMPTY, "Document", 0, 0, "the message holds no statement, report or notification");
}

const struct o2c__dialect o2c__dialect_camt = { "camt", O2C_FORMAT_CAMT053, camt_open, camt_push, camt_finish, camt_close };
