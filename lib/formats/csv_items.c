/* SPDX-License-Identifier: Apache-2.0 */
/* The list of open and closed items. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum {
    CUSTOMER, DOCUMENT, CURRENCY, OPEN_AMOUNT, DUE_DATE, KEY, COMPANY, KIND, CLOSED_ON, ORIGINAL_AMOUNT, DOCUMENT_DATE, DISCOUNT1_UNTIL,
    DISCOUNT1_PERCENT, DISCOUNT2_UNTIL, DISCOUNT2_PERCENT, REFERENCES, PO, ORDER, DELIVERY, STATEMENT, DISPUTED, COLUMNS
};

static const struct o2c__csv_column columns[COLUMNS] = {
    { "customer", true, false },
    { "document", true, false },
    { "currency", true, false },
    { "open_amount", true, false },
    { "due_date", true, true },
    { "key", false, false },
    { "company", false, false },
    { "kind", false, false },
    { "closed_on", false, true },
    { "original_amount", false, false },
    { "document_date", false, true },
    { "discount1_until", false, true },
    { "discount1_percent", false, false },
    { "discount2_until", false, true },
    { "discount2_percent", false, false },
    { "references", false, false },
    { "po", false, false },
    { "order", false, false },
    { "delivery", false, false },
    { "statement", false, false },
    { "disputed", false, false },
};

#define COMPANY_BYTES_MAX 8
#define REFERENCE_BYTES_MAX 64

/* What the end needs of a row: the texts that make groups. */
struct more {
    o2c_ref order, statement;
};

static o2c_status
refuse(const struct o2c__csv_list *list, uint32_t column, const char *reason, o2c_error *err)
{
    return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, reason, err);
}

/* Percent as parts per million: four decimals are exact, a fifth is refused, never rounded. */
static o2c_status
percent(struct o2c__csv_list *list, uint32_t column, int64_t *out_ppm, o2c_error *err)
{
    bool more_digits = false;
    o2c_status status = o2c__csv_money(&list->table, column, 4, out_ppm, &more_digits, err);
    if (status != O2C_OK)
        return status;
    if (more_digits)
        return refuse(list, column, "has more than four decimals", err);
    if (*out_ppm <= 0 || *out_ppm >= 1000000)
        return refuse(list, column, "is not between 0 and 100", err);
    return O2C_OK;
}

static o2c_status
discount(struct o2c__csv_list *list, uint32_t until, uint32_t rate, o2c_discount *out, o2c_error *err)
{
    bool has_until = o2c__csv_given(&list->table, until), has_rate = o2c__csv_given(&list->table, rate);
    if (!has_until && !has_rate)
        return O2C_OK;
    if (!has_until || !has_rate)
        return refuse(list, has_until ? rate : until, "is empty, but its discount has the other half", err);
    o2c_status status = o2c__csv_day(&list->table, until, &out->until_day, err);
    if (status == O2C_OK)
        status = percent(list, rate, &out->value, err);
    out->set = O2C_DISCOUNT_PPM;
    return status;
}

/* The better tier stands first, whichever columns it came in. */
static o2c_status
discounts(struct o2c__csv_list *list, o2c_open_item *item, o2c_error *err)
{
    o2c_discount tiers[2] = { { 0 }, { 0 } };
    o2c_status status = discount(list, DISCOUNT1_UNTIL, DISCOUNT1_PERCENT, &tiers[0], err);
    if (status == O2C_OK)
        status = discount(list, DISCOUNT2_UNTIL, DISCOUNT2_PERCENT, &tiers[1], err);
    int first = tiers[1].value > tiers[0].value;
    item->discount[0] = tiers[first];
    item->discount[1] = tiers[!first];
    return status;
}

static o2c_status
names(struct o2c__csv_list *list, o2c_open_item *item, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    o2c_status status = o2c__csv_text(table, CUSTOMER, O2C_KEY_BYTES_MAX, &item->account, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, DOCUMENT, REFERENCE_BYTES_MAX, &item->document, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, KEY, O2C_KEY_BYTES_MAX, &item->key, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, COMPANY, COMPANY_BYTES_MAX, &item->company, err);
    if (status != O2C_OK)
        return status;
    if (item->account.len == 0)
        return refuse(list, CUSTOMER, "is empty", err);
    if (item->key.len == 0)
        item->key = item->document;
    return item->key.len ? O2C_OK : refuse(list, DOCUMENT, "is empty, and the row has no key either", err);
}

static o2c_status
amounts(struct o2c__csv_list *list, o2c_open_item *item, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    int32_t exponent = 0;
    o2c_status status = o2c__csv_currency(table, CURRENCY, item->currency, &exponent, err);
    if (status == O2C_OK && !o2c__csv_given(table, OPEN_AMOUNT))
        status = refuse(list, OPEN_AMOUNT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, OPEN_AMOUNT, exponent, &item->open_minor, NULL, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, ORIGINAL_AMOUNT, exponent, &item->original_minor, NULL, err);
    if (status == O2C_OK && item->open_minor && item->original_minor && (item->open_minor < 0) != (item->original_minor < 0))
        status = refuse(list, ORIGINAL_AMOUNT, "has not the sign of open_amount", err);
    return status;
}

/* Without a kind the sign says it: what we owe is a credit memo. */
static o2c_status
kind(struct o2c__csv_list *list, o2c_open_item *item, o2c_error *err)
{
    item->kind = item->open_minor < 0 ? O2C_ITEM_CREDIT_MEMO : O2C_ITEM_INVOICE;
    o2c_status status = o2c__csv_code(&list->table, KIND, O2C_TABLE_ITEM_KIND, &item->kind, err);
    if (status != O2C_OK)
        return status;
    bool closed = item->kind == O2C_ITEM_CLOSED;
    if (item->open_minor > 0 && (item->kind == O2C_ITEM_CREDIT_MEMO || item->kind == O2C_ITEM_ON_ACCOUNT))
        return refuse(list, OPEN_AMOUNT,
                      "is positive, but a credit memo or payment on account is what we owe: write it with a minus", err);
    if (item->open_minor < 0 && item->kind != O2C_ITEM_CREDIT_MEMO && item->kind != O2C_ITEM_ON_ACCOUNT && !closed)
        return refuse(list, OPEN_AMOUNT,
                      "is negative, but an item of this kind is what the customer owes; a credit is a credit_memo", err);
    if (item->open_minor == 0 && !closed)
        return refuse(list, OPEN_AMOUNT, "is zero; only an item of kind closed may be", err);
    if (item->open_minor != 0 && closed)
        return refuse(list, OPEN_AMOUNT, "is not zero, but the item is closed; its amount belongs in original_amount", err);
    if (!closed && o2c__csv_given(&list->table, CLOSED_ON))
        return refuse(list, CLOSED_ON, "is given for an item that is not of kind closed", err);
    return o2c__csv_day(&list->table, CLOSED_ON, &item->closed_day, err);
}

/* A payable document has a due date; credits, payments on account and closed documents may do without. */
static o2c_status
days(struct o2c__csv_list *list, o2c_open_item *item, o2c_error *err)
{
    o2c_status status = o2c__csv_day(&list->table, DUE_DATE, &item->due_day, err);
    if (status == O2C_OK)
        status = o2c__csv_day(&list->table, DOCUMENT_DATE, &item->document_day, err);
    if (status == O2C_OK && item->due_day == 0 && item->open_minor > 0)
        status = refuse(list, DUE_DATE, "is empty", err);
    return status;
}

/* ---- references */

static o2c_status
add_reference(struct o2c__csv_list *list, const o2c_open_item *item, uint32_t column, o2c_str text, int32_t reference_kind,
              o2c_error *err)
{
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&list->table, column, text.ptr, text.len, REFERENCE_BYTES_MAX, &ref, err);
    if (status != O2C_OK)
        return status;
    o2c_reference *row = o2c__vector_add(&list->file->references);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a reference");
    row->item = item->key;
    row->text = ref;
    row->kind = reference_kind;
    o2c_str stored = o2c__csv_list_str(list, ref);
    if (reference_kind == O2C_REFERENCE_OWN)
        row->scheme = o2c__reference_guess(stored.ptr, stored.len); /* its check digits prove that it is one */
    if (row->scheme != O2C_SCHEME_NONE)
        row->kind = O2C_REFERENCE_STRUCTURED;
    return O2C_OK;
}

static o2c_status
references(struct o2c__csv_list *list, const o2c_open_item *item, o2c_error *err)
{
    static const struct {
        uint32_t column;
        int32_t kind;
    } given[] = { { REFERENCES, O2C_REFERENCE_OWN }, { PO, O2C_REFERENCE_PURCHASE_ORDER }, { ORDER, O2C_REFERENCE_ORDER },
                  { DELIVERY, O2C_REFERENCE_DELIVERY }, { STATEMENT, O2C_REFERENCE_STATEMENT } };
    for (size_t i = 0; i < O2C__COUNT(given); i++) {
        o2c_str text;
        for (size_t at = 0; o2c__csv_next(&list->table, given[i].column, &at, &text);) {
            o2c_status status = add_reference(list, item, given[i].column, text, given[i].kind, err);
            if (status != O2C_OK)
                return status;
        }
    }
    return O2C_OK;
}

/* ---- rows */

static o2c_status
keep(struct o2c__csv_list *list, const o2c_open_item *item, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    o2c_open_item *row = o2c__vector_add(&list->file->items);
    struct more *more = o2c__vector_add(&list->more);
    if (!row || !more || !o2c__csv_list_line(list))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an item");
    *row = *item;
    o2c_status status = o2c__csv_text(table, o2c__csv_given(table, ORDER) ? ORDER : PO, 0, &more->order, err);
    return status == O2C_OK ? o2c__csv_text(table, STATEMENT, 0, &more->statement, err) : status;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    o2c_open_item item = { 0 };
    bool disputed = false;
    (void)record;
    if (list->file->items.count >= UINT32_MAX - 1)
        return o2c__fail(err, O2C_E_LIMIT, "items", "more items than a list can count");
    o2c_status status = names(list, &item, err);
    if (status == O2C_OK)
        status = amounts(list, &item, err);
    if (status == O2C_OK)
        status = kind(list, &item, err);
    if (status == O2C_OK)
        status = days(list, &item, err);
    if (status == O2C_OK)
        status = discounts(list, &item, err);
    if (status == O2C_OK)
        status = o2c__csv_flag(&list->table, DISPUTED, &disputed, err);
    item.flags = disputed ? O2C_ITEM_FLAG_DISPUTED : 0;
    if (status == O2C_OK)
        status = references(list, &item, err);
    return status == O2C_OK ? keep(list, &item, err) : status;
}

/* ---- the end: keys are unique, items of one customer with one text share a group */

/* Items of one customer with one text: the group is the number of the first of them, from 1. */
static o2c_status
group(struct o2c__csv_list *list, o2c__map *map, o2c__vector *keys, bool by_order, o2c_error *err)
{
    for (size_t i = 0; i < list->file->items.count; i++) {
        o2c_open_item *item = &O2C__AT(&list->file->items, o2c_open_item, i);
        const struct more *more = &O2C__AT(&list->more, struct more, i);
        o2c_str account = o2c__csv_list_str(list, item->account), text = o2c__csv_list_str(list, by_order ? more->order : more->statement);
        uint32_t first, *to = by_order ? &item->order_group : &item->statement_group;
        if (text.len == 0)
            continue;
        char *key = (char *)keys->rows + keys->count; /* reserved by the caller: keys do not move */
        memcpy(key, account.ptr, account.len);
        key[account.len] = '\n';
        memcpy(key + account.len + 1, text.ptr, text.len);
        o2c_str joined = { key, account.len + 1 + text.len };
        keys->count += joined.len;
        if (!o2c__map_put(map, joined, (uint32_t)i + 1, &first))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the groups of items");
        *to = first;
    }
    return O2C_OK;
}

static size_t
group_bytes(const struct o2c__csv_list *list, bool by_order)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->file->items.count; i++) {
        const struct more *more = &O2C__AT(&list->more, struct more, i);
        bytes += O2C__AT(&list->file->items, o2c_open_item, i).account.len + 1 + (by_order ? more->order : more->statement).len;
    }
    return bytes;
}

static o2c_status
groups(struct o2c__csv_list *list, bool by_order, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    o2c__map map;
    o2c__vector keys;
    o2c__map_init(&map, &context->memory, context->key);
    o2c__vector_init(&keys, &context->memory, 1);
    o2c_status status = O2C_OK;
    if (list->file->items.count == 0)
        return O2C_OK;
    if (o2c__vector_reserve(&keys, group_bytes(list, by_order)))
        status = group(list, &map, &keys, by_order, err);
    else
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the groups of items");
    o2c__map_free(&map);
    o2c__vector_free(&keys);
    return status;
}

static o2c_status
end(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    const o2c_open_item *items = list->file->items.rows;
    o2c__map map;
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = O2C_OK;
    if (items)
        status = o2c__csv_list_index(list, &items->key, sizeof *items, list->file->items.count, "key", &map, err);
    o2c__map_free(&map);
    if (status == O2C_OK)
        status = groups(list, true, err);
    return status == O2C_OK ? groups(list, false, err) : status;
}

static const struct o2c__csv_kind items_kind = { columns, COLUMNS, sizeof(struct more), "The caller asked for a list of items.",
                                                 take,    end, NULL };

o2c_status
o2c_formats_read_items(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                       o2c_formats_file **out_file,
                       o2c_error *err)
{
    return o2c__csv_list_read(env, bytes, size, options, &items_kind, out_file, err);
}
