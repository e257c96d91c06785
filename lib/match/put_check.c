/* SPDX-License-Identifier: Apache-2.0 */
/* What an item must be before a pool takes it. */
#include "match/pool.h"

#define TEXT_BYTES_MAX 64u /* a document number or reference */
#define FLAGS_ALL \
    (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED | O2C_ITEM_FLAG_DIRECT_DEBIT | O2C_ITEM_FLAG_PROMISED | O2C_ITEM_FLAG_WITHHOLDING | \
     O2C_ITEM_FLAG_LEGAL)

o2c_status
o2c__check_key(o2c_ref key, o2c_str heap, const char *field, uint64_t index, o2c_error *err)
{
    if (key.len == 0)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, field, index, "the key is empty");
    if (key.len > O2C_KEY_BYTES_MAX)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, field, index, "the key has %u bytes, more than %d", key.len, O2C_KEY_BYTES_MAX);
    if (!o2c__ref_inside(key, heap))
        return o2c__fail_row(err, O2C_E_MATCH_ITEM, field, index, "the key points outside the heap");
    return O2C_OK;
}

static o2c_status
refuse(o2c_error *err, const char *field, uint64_t index, const char *why)
{
    return o2c__fail_row(err, O2C_E_MATCH_ITEM, field, index, "%s", why);
}

static bool
text_fits(o2c_ref text, o2c_str heap, uint32_t most)
{
    return text.len <= most && o2c__ref_inside(text, heap);
}

static o2c_status
check_texts(const o2c_open_item *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    if (!text_fits(row->document, heap, TEXT_BYTES_MAX))
        return refuse(err, "open_item.document", index, "a document number has at most 64 bytes and stands in the heap");
    if (row->account.len == 0 || !text_fits(row->account, heap, O2C_KEY_BYTES_MAX))
        return refuse(err, "open_item.account", index, "an account has 1 to 64 bytes and stands in the heap");
    if (!text_fits(row->company, heap, 8))
        return refuse(err, "open_item.company", index, "a company has at most 8 bytes and stands in the heap");
    if (!text_fits(row->earmarked_by, heap, O2C_KEY_BYTES_MAX))
        return refuse(err, "open_item.earmarked_by", index, "a payment key has at most 64 bytes and stands in the heap");
    if (!text_fits(row->cleared_by, heap, O2C_KEY_BYTES_MAX))
        return refuse(err, "open_item.cleared_by", index, "a payment key has at most 64 bytes and stands in the heap");
    return O2C_OK;
}

static bool
sign_fits(int32_t kind, int64_t open)
{
    if (kind == O2C_ITEM_CLOSED)
        return true;
    return kind == O2C_ITEM_CREDIT_MEMO || kind == O2C_ITEM_ON_ACCOUNT ? open < 0 : open > 0;
}

static bool
amount_fits(const o2c_match_pool *pool, int64_t amount)
{
    return amount >= -pool->context.limits.amount_max && amount <= pool->context.limits.amount_max;
}

static o2c_status
check_amounts(const o2c_match_pool *pool, const o2c_open_item *row, uint64_t index, o2c_error *err)
{
    int64_t open = row->open_minor;
    if (!amount_fits(pool, open))
        return refuse(err, "open_item.open_minor", index, "the open amount is above limits.amount_max");
    if (!sign_fits(row->kind, open))
        return refuse(err, "open_item.open_minor", index, "what is owed is above zero, a credit below it, only a closed item may be zero");
    if (!amount_fits(pool, row->original_minor) || (row->original_minor < 0 && open > 0) || (row->original_minor > 0 && open < 0))
        return refuse(err, "open_item.original_minor", index, "the original amount has the sign of the open one");
    if (row->earmarked_minor < 0 || row->earmarked_minor > (open < 0 ? -open : open))
        return refuse(err, "open_item.earmarked_minor", index, "an earmark lies between zero and the open amount");
    return O2C_OK;
}

static bool
day_fits(int32_t day)
{
    return day >= 0 && day <= O2C_DAY_MAX;
}

static o2c_status
check_days(const o2c_open_item *row, uint64_t index, o2c_error *err)
{
    if (!day_fits(row->document_day))
        return refuse(err, "open_item.document_day", index, "the day is outside the calendar");
    if (!day_fits(row->due_day))
        return refuse(err, "open_item.due_day", index, "the day is outside the calendar");
    if (!day_fits(row->closed_day) || (row->closed_day != 0 && row->kind != O2C_ITEM_CLOSED))
        return refuse(err, "open_item.closed_day", index, "only a closed item has a day of closing, and the calendar has it");
    return O2C_OK;
}

static o2c_status
check_discounts(const o2c_match_pool *pool, const o2c_open_item *row, uint64_t index, o2c_error *err)
{
    for (int i = 0; i < 2; i++) {
        const o2c_discount *tier = &row->discount[i];
        bool known = tier->set >= O2C_DISCOUNT_NONE && tier->set <= O2C_DISCOUNT_MINOR;
        bool none = tier->set != O2C_DISCOUNT_NONE || (tier->until_day == 0 && tier->value == 0);
        int64_t most = tier->set == O2C_DISCOUNT_PPM ? 1000000 : pool->context.limits.amount_max;
        if (!known || !none || !day_fits(tier->until_day) || tier->value < 0 || tier->value > most)
            return refuse(err, "open_item.discount", index, "a discount tier needs a known form, a day and a value in range");
    }
    return O2C_OK;
}

static bool
currency_fits(const char code[4])
{
    for (int i = 0; i < 3; i++) {
        if (code[i] < 'A' || code[i] > 'Z')
            return false;
    }
    return code[3] == 0 && o2c__currency_exponent(code) >= 0;
}

o2c_status
o2c__check_item(const o2c_match_pool *pool, const o2c_open_item *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    o2c_status status = o2c__check_key(row->key, heap, "open_item.key", index, err);
    if (!status)
        status = check_texts(row, index, heap, err);
    if (status)
        return status;
    if (row->kind < O2C_ITEM_INVOICE || row->kind > O2C_ITEM_CLOSED)
        return refuse(err, "open_item.kind", index, "no such kind of item");
    /* Rows come sorted by currency more often than not: the row before has been through the table. */
    if ((index == 0 || memcmp(row->currency, (row - 1)->currency, 4) != 0) && !currency_fits(row->currency))
        return refuse(err, "open_item.currency", index, "no such currency, or one without minor units");
    if ((row->flags & ~(uint32_t)FLAGS_ALL) != 0)
        return refuse(err, "open_item.flags", index, "a flag that is not known is set");
    if (row->reserved != 0 || row->reserved2 != 0)
        return refuse(err, "open_item.reserved", index, "a reserved field is not zero");
    status = check_amounts(pool, row, index, err);
    if (!status)
        status = check_days(row, index, err);
    return status ? status : check_discounts(pool, row, index, err);
}
