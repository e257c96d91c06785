/* SPDX-License-Identifier: Apache-2.0 */
/* The camt dialect: follows the elements through the map of camt_path.c, gathers texts, and calls the file that knows the place. */
#include "formats/camt.h"

/* ---- text of the open element, at the end of the heap */
/* Drops text that belongs to no value: white space before a child, or what was read already. */
static void
drop_text(struct o2c__camt *camt)
{
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
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "alloc_bytes_max", o2c__sax_tag_end(camt->sax), "the texts of the file pass 4 GiB");
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
    [CAMT_MESSAGE_ID] = true,       [CAMT_FROM] = true,          [CAMT_TO] = true,
    [CAMT_BALANCE_CODE] = true,     [CAMT_BALANCE_SUBCODE] = true, [CAMT_BALANCE_AMOUNT] = true,
    [CAMT_BALANCE_SIGN] = true,     [CAMT_BALANCE_DATE] = true,  [CAMT_AMOUNT] = true,
    [CAMT_SIGN] = true,             [CAMT_REVERSAL] = true,      [CAMT_STATUS] = true,
    [CAMT_BOOKING] = true,          [CAMT_VALUE_DATE] = true,    [CAMT_INSTRUCTED] = true,
    [CAMT_TRANSACTION_AMOUNT] = true, [CAMT_COUNTER_AMOUNT] = true, [CAMT_CHARGES_TOTAL] = true,
    [CAMT_CHARGE] = true,           [CAMT_CHARGE_SIGN] = true,   [CAMT_BEARER] = true,
    [CAMT_BATCH_COUNT] = true,      [CAMT_DOCUMENT_DATE] = true,
};

static bool
take_value(struct o2c__camt *camt, uint32_t state)
{
    struct o2c__camt_value value;
    size_t heap = camt->text_at;
    bool done;

    if (!take_text(camt, &value)) {
        drop_text(camt);
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

/* ---- elements. Most of them only lead further down: these two tables say where something begins or ends. */
static const bool opens[CAMT_VALUES] = {
    [AT_DOCUMENT] = true,         [AT_MESSAGE] = true,        [AT_STATEMENT] = true,       [AT_BALANCE] = true,
    [AT_ENTRY] = true,            [AT_TRANSACTION] = true,    [AT_STRUCTURED] = true,      [AT_ADJUSTMENT] = true,
    [AT_RETURN] = true,           [AT_BATCH] = true,          [AT_DEBTOR] = true,          [AT_CREDITOR] = true,
    [AT_DEBTOR_ULTIMATE] = true,  [AT_CREDITOR_ULTIMATE] = true, [AT_DEBTOR_ACCOUNT] = true, [AT_CREDITOR_ACCOUNT] = true,
    [AT_DEBTOR_AGENT] = true,     [AT_CREDITOR_AGENT] = true,
};
static const bool closes[CAMT_VALUES] = {
    [AT_STATEMENT] = true, [AT_BALANCE] = true,       [AT_ENTRY] = true,      [AT_TRANSACTION] = true, [AT_CHARGES] = true,
    [AT_STRUCTURED] = true, [AT_DOCUMENT_INFO] = true, [AT_ADJUSTMENT] = true, [AT_TYPED] = true,
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
open_element(struct o2c__camt *camt, uint32_t state, const struct o2c__sax_element *element)
{
    switch (state) {
    case AT_DOCUMENT:
        return o2c__camt_document_start(camt, element);
    case AT_MESSAGE:
        return o2c__camt_message_start(camt, element);
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
    case AT_DEBTOR:
    case AT_CREDITOR:
    case AT_DEBTOR_ULTIMATE:
    case AT_CREDITOR_ULTIMATE:
    case AT_DEBTOR_ACCOUNT:
    case AT_CREDITOR_ACCOUNT:
    case AT_DEBTOR_AGENT:
    case AT_CREDITOR_AGENT:
        open_side(camt, state);
        return true;
    default:
        return true;
    }
}

static bool
close_element(struct o2c__camt *camt, uint32_t state)
{
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
    case AT_TYPED:
        return o2c__camt_typed_end(camt);
    default:
        return true;
    }
}

static void
keep_attribute(struct o2c__camt *camt, const struct o2c__sax_element *element)
{
    size_t len = element->value_len < sizeof camt->attribute_bytes ? element->value_len : sizeof camt->attribute_bytes;

    if (element->value != NULL)
        memcpy(camt->attribute_bytes, element->value, len);
    camt->attribute = (o2c_str){ camt->attribute_bytes, element->value != NULL ? len : 0 };
}

static bool
refuse_message(struct o2c__camt *camt, const struct o2c__sax_element *element)
{
    return o2c__sax_stop(camt->sax,
                         o2c__fail_at(o2c__sax_error(camt->sax), O2C_E_FORMATS_UNKNOWN, "Document", o2c__sax_tag_start(camt->sax),
                                      0, "the Document holds %.40s: neither camt.052 nor camt.053 nor camt.054", element->local));
}

static bool
on_start(void *self, const struct o2c__sax_element *element, bool *out_text)
{
    struct o2c__camt *camt = self;
    uint32_t above = camt->stack[camt->depth], state = *element->memo & 0xFF;

    /* Most names have one place: the last step is noted beside the name, where libxml2 has just brought it into the cache. */
    if (*element->memo >> 8 != above + 1) {
        state = camt->map.next[above][element->name];
        *element->memo = (above + 1) << 8 | state;
    }
    if (camt->depth + 1 >= sizeof camt->stack)
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "depth_max", o2c__sax_tag_start(camt->sax), "elements are nested too deep");
    camt->stack[++camt->depth] = (uint8_t)state;
    if (camt->text_open)
        drop_text(camt);
    *out_text = state > CAMT_VALUES;
    if (state > CAMT_VALUES) {
        keep_attribute(camt, element);
        return true;
    }
    if (state == CAMT_SKIP && above == AT_DOCUMENT)
        return refuse_message(camt, element);
    return !opens[state] || open_element(camt, state, element);
}

static bool
on_end(void *self, bool *out_text)
{
    struct o2c__camt *camt = self;
    uint32_t state = camt->stack[camt->depth];
    bool done = true;

    if (state > CAMT_VALUES)
        done = take_value(camt, state);
    else if (closes[state])
        done = close_element(camt, state);
    camt->depth--;
    *out_text = camt->stack[camt->depth] > CAMT_VALUES;
    return done;
}

static const struct o2c__sax_events events = { on_start, on_text, on_end };

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
    camt->stack[0] = CAMT_SEEK;
    o2c__vector_init(&camt->message, &context->memory, 1);
    o2c__vector_init(&camt->plain, &context->memory, sizeof(o2c_text));
    o2c__vector_init(&camt->structured, &context->memory, sizeof(o2c_text));
    o2c__vector_init(&camt->adjustments, &context->memory, sizeof(struct o2c__camt_adjustment));
    o2c__camt_map_init(&camt->map);
    camt->sax = o2c__sax_open(context, &events, camt, o2c__camt_names, o2c__camt_names_count, "Ccy");
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
