/* SPDX-License-Identifier: Apache-2.0 */
/* The list of customers: accounts, names, bank accounts, and who pays for whom. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum { CUSTOMER, NAME, PARENT, PAYS_FOR, BANK_ACCOUNTS, ALIASES, COLUMNS };

static const struct o2c__csv_column columns[COLUMNS] = {
    { "customer", true, false }, { "name", false, false },          { "parent", false, false },
    { "pays_for", false, false }, { "bank_accounts", false, false }, { "aliases", false, false },
};

/* A tie as the file says it, until all customers are known. */
struct more {
    o2c_ref payer, owner;
    int32_t kind;
    uint32_t line;
    uint64_t at;
    uint32_t payer_row, owner_row;
    bool gone; /* said twice, or part of a pair that pays both ways */
};

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a customer");
}

/* ---- rows */

static o2c_status
add_tie(struct o2c__csv_list *list, uint32_t column, o2c_ref customer, o2c_str other, o2c_error *err)
{
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&list->table, column, other.ptr, other.len, O2C_KEY_BYTES_MAX, &ref, err);
    if (status != O2C_OK)
        return status;
    if (o2c__str_equal(o2c__csv_list_str(list, customer), o2c__csv_list_str(list, ref)))
        return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, "names the customer itself", err);
    struct more *tie = o2c__vector_add(&list->more);
    if (!tie)
        return no_memory(err);
    tie->payer = column == PARENT ? ref : customer;
    tie->owner = column == PARENT ? customer : ref;
    tie->kind = column == PARENT ? O2C_TIE_PAY_BELOW : O2C_TIE_ONE_WAY;
    tie->line = o2c__csv_cell(&list->table, column)->line;
    tie->at = o2c__csv_cell(&list->table, column)->at;
    return O2C_OK;
}

static o2c_status
add_bank_account(struct o2c__csv_list *list, uint32_t column, o2c_ref customer, o2c_str number, o2c_error *err)
{
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&list->table, column, number.ptr, number.len, O2C_KEY_BYTES_MAX, &ref, err);
    if (status != O2C_OK)
        return status;
    o2c_bank_account *row = o2c__vector_add(&list->file->bank_accounts);
    if (!row)
        return no_memory(err);
    row->account = customer;
    row->number = ref;
    row->state = O2C_BANK_ACCOUNT_CONFIRMED;
    return O2C_OK;
}

static o2c_status
add_alias(struct o2c__csv_list *list, uint32_t column, o2c_ref customer, o2c_str text, o2c_error *err)
{
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&list->table, column, text.ptr, text.len, 0, &ref, err);
    if (status != O2C_OK)
        return status;
    o2c_alias *row = o2c__vector_add(&list->file->aliases);
    if (!row)
        return no_memory(err);
    row->account = customer;
    row->text = ref;
    row->kind = O2C_ALIAS_LEARNED; /* a person wrote it into the list: confirmed */
    row->count = 1;
    return O2C_OK;
}

static o2c_status
several(struct o2c__csv_list *list, uint32_t column, o2c_ref customer,
        o2c_status (*add)(struct o2c__csv_list *, uint32_t, o2c_ref, o2c_str, o2c_error *), o2c_error *err)
{
    o2c_str text;
    for (size_t at = 0; o2c__csv_next(&list->table, column, &at, &text);) {
        o2c_status status = add(list, column, customer, text, err);
        if (status != O2C_OK)
            return status;
    }
    return O2C_OK;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    struct o2c__csv_table *table = &list->table;
    o2c_account account = { 0 };
    (void)record;
    o2c_status status = o2c__csv_text(table, CUSTOMER, O2C_KEY_BYTES_MAX, &account.key, err);
    if (status == O2C_OK && account.key.len == 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, CUSTOMER, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, NAME, 0, &account.name, err);
    if (status != O2C_OK)
        return status;
    o2c_account *row = o2c__vector_add(&list->file->accounts);
    if (!row || !o2c__csv_list_line(list))
        return no_memory(err);
    *row = account;
    o2c_str parent = o2c__csv_raw(table, PARENT);
    if (parent.len)
        status = add_tie(list, PARENT, account.key, parent, err);
    if (status == O2C_OK)
        status = several(list, PAYS_FOR, account.key, add_tie, err);
    if (status == O2C_OK)
        status = several(list, BANK_ACCOUNTS, account.key, add_bank_account, err);
    return status == O2C_OK ? several(list, ALIASES, account.key, add_alias, err) : status;
}

/* ---- the end: ties name customers of the list, two that pay for each other become one row */

static o2c_status
resolve(struct o2c__csv_list *list, const o2c__map *customers, o2c_error *err)
{
    for (size_t i = 0; i < list->more.count; i++) {
        struct more *tie = &O2C__AT(&list->more, struct more, i);
        tie->payer_row = o2c__map_get(customers, o2c__csv_list_str(list, tie->payer));
        tie->owner_row = o2c__map_get(customers, o2c__csv_list_str(list, tie->owner));
        if (tie->payer_row != O2C__MAP_NONE && tie->owner_row != O2C__MAP_NONE)
            continue;
        o2c_str name = o2c__csv_list_str(list, tie->payer_row == O2C__MAP_NONE ? tie->payer : tie->owner);
        return o2c__fail_at(err, O2C_E_FORMATS_FIELD, columns[tie->kind == O2C_TIE_PAY_BELOW ? PARENT : PAYS_FOR].name, tie->at,
                            tie->line,
                            "customer '%.*s' is named here and has no row of its own", (int)name.len, name.ptr);
    }
    return O2C_OK;
}

/* Twelve bytes that are equal when the ties are: kind, payer, owner. */
static void
tie_key(int32_t kind, uint32_t payer, uint32_t owner, char key[12])
{
    memcpy(key, &kind, 4);
    memcpy(key + 4, &payer, 4);
    memcpy(key + 8, &owner, 4);
}

static o2c_status
pair(struct o2c__csv_list *list, o2c__map *map, char *keys, o2c_error *err)
{
    for (size_t i = 0; i < list->more.count; i++) {
        struct more *tie = &O2C__AT(&list->more, struct more, i);
        char *key = keys + i * 12, mirror[12];
        uint32_t stands;
        tie_key(tie->kind, tie->payer_row, tie->owner_row, key);
        if (!o2c__map_put(map, (o2c_str){ key, 12 }, (uint32_t)i, &stands))
            return no_memory(err);
        tie->gone = stands != i;
        tie_key(tie->kind, tie->owner_row, tie->payer_row, mirror);
        uint32_t other = o2c__map_get(map, (o2c_str){ mirror, 12 });
        if (tie->gone || other == O2C__MAP_NONE)
            continue;
        if (tie->kind == O2C_TIE_PAY_BELOW)
            return o2c__fail_at(err, O2C_E_FORMATS_FIELD, columns[PARENT].name, tie->at, tie->line,
                                "two customers name each other as parent");
        O2C__AT(&list->more, struct more, other).kind = O2C_TIE_RECIPROCAL;
        tie->gone = true;
    }
    return O2C_OK;
}

static o2c_status
keep_ties(struct o2c__csv_list *list, o2c_error *err)
{
    for (size_t i = 0; i < list->more.count; i++) {
        const struct more *tie = &O2C__AT(&list->more, struct more, i);
        if (tie->gone)
            continue;
        o2c_tie *row = o2c__vector_add(&list->file->ties);
        if (!row)
            return no_memory(err);
        row->payer = tie->payer;
        row->owner = tie->owner;
        row->kind = tie->kind;
    }
    return O2C_OK;
}

static o2c_status
ties(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    o2c__map map;
    if (list->more.count == 0)
        return O2C_OK;
    char *keys = o2c__alloc_array(&context->memory, list->more.count, 12);
    if (!keys)
        return no_memory(err);
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = pair(list, &map, keys, err);
    if (status == O2C_OK)
        status = keep_ties(list, err);
    o2c__map_free(&map);
    o2c__release(&context->memory, keys, list->more.count * 12);
    return status;
}

static o2c_status
end(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    const o2c_account *accounts = list->file->accounts.rows;
    o2c__map map;
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = O2C_OK;
    if (accounts)
        status = o2c__csv_list_index(list, &accounts->key, sizeof *accounts, list->file->accounts.count, "customer", &map, err);
    if (status == O2C_OK)
        status = resolve(list, &map, err);
    o2c__map_free(&map);
    return status == O2C_OK ? ties(list, err) : status;
}

static const struct o2c__csv_kind customers_kind = {
    columns, COLUMNS, sizeof(struct more), "The caller asked for a list of customers.", take, end, NULL };

o2c_status
o2c_formats_read_customers(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                           o2c_formats_file **out_file, o2c_error *err)
{
    return o2c__csv_list_read(env, bytes, size, options, &customers_kind, out_file, err);
}
