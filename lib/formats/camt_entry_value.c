/* SPDX-License-Identifier: Apache-2.0 */
/* Values of an entry or of a transaction: the same elements mean the same on both levels. */
#include "formats/camt.h"

/* One charge: Chrgs itself in 001.01 and 02, a record of it later. CRDT gives money back. */
bool
o2c__camt_charge_end(struct o2c__camt *camt)
{
    struct o2c__camt_level *level = &camt->level[camt->now];

    if (level->charge.set) {
        level->charge.minor = level->charge_sign > 0 ? -level->charge.minor : level->charge.minor;
        (void)o2c__camt_add(camt, &level->charges, &level->charge); /* another currency: the first one is told */
    }
    memset(&level->charge, 0, sizeof level->charge);
    level->charge_sign = 0;
    return true;
}

static int32_t
status_of(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    if (o2c__camt_is(camt, value, "BOOK"))
        return O2C_ENTRY_STATUS_BOOKED;
    if (o2c__camt_is(camt, value, "INFO"))
        return O2C_ENTRY_STATUS_INFO;
    if (o2c__camt_is(camt, value, "FUTR"))
        return O2C_ENTRY_STATUS_FUTURE;
    return O2C_ENTRY_STATUS_PENDING; /* PDNG; a word we do not know is not taken for booked */
}

static int32_t
bearer_of(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    static const struct {
        const char *code;
        int32_t bearer;
    } bearers[] = { { "DEBT", O2C_BEARER_PAYER },
                    { "CRED", O2C_BEARER_PAYEE },
                    { "SHAR", O2C_BEARER_SHARED },
                    { "SLEV", O2C_BEARER_SERVICE_LEVEL } };

    for (size_t i = 0; i < O2C__COUNT(bearers); i++) {
        if (o2c__camt_is(camt, value, bearers[i].code))
            return bearers[i].bearer;
    }
    return O2C_BEARER_UNKNOWN;
}

/* The local date as written, with or without a time; no time zone is applied. */
static void
date_value(struct o2c__camt *camt, o2c_entry *row, const struct o2c__camt_value *value, bool booking)
{
    int32_t day = o2c__camt_day(camt, value);
    uint32_t from = value->at - row->at <= UINT32_MAX ? (uint32_t)(value->at - row->at) : 0;

    if (day == 0)
        row->flags |= O2C_ENTRY_FLAG_DATE_DOUBTFUL;
    *(booking ? &row->booking_day : &row->value_day) = day;
    *(booking ? &row->booking_day_from : &row->value_day_from) = from;
}

static bool
amount_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    struct o2c__camt_level *level = &camt->level[camt->now];
    bool entry = camt->now == CAMT_OF_ENTRY;

    switch (state) {
    case CAMT_AMOUNT:
        return o2c__camt_amount(camt, value, entry ? "Ntry/Amt" : "TxDtls/Amt", &level->amount);
    case CAMT_INSTRUCTED:
        return o2c__camt_amount(camt, value, "AmtDtls/InstdAmt", &level->instructed);
    case CAMT_TRANSACTION_AMOUNT:
        return o2c__camt_amount(camt, value, "AmtDtls/TxAmt", &level->transaction);
    case CAMT_COUNTER_AMOUNT:
        return o2c__camt_amount(camt, value, "AmtDtls/CntrValAmt", &level->counter);
    case CAMT_CHARGES_TOTAL:
        return o2c__camt_amount(camt, value, "Chrgs/TtlChrgsAndTaxAmt", &level->charges_total);
    default:
        return o2c__camt_amount(camt, value, "Chrgs/Amt", &level->charge);
    }
}

static void
level_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    struct o2c__camt_level *level = &camt->level[camt->now];
    uint32_t count;

    switch (state) {
    case CAMT_SIGN:
        level->sign = o2c__camt_sign(camt, value);
        break;
    case CAMT_BANK_REF:
        level->bank_ref = *value;
        break;
    case CAMT_DOMAIN:
        level->domain = *value;
        break;
    case CAMT_FAMILY:
        level->family = *value;
        break;
    case CAMT_SUBFAMILY:
        level->subfamily = *value;
        break;
    case CAMT_PROPRIETARY:
        level->proprietary = *value;
        break;
    case CAMT_CHARGE_SIGN:
        level->charge_sign = o2c__camt_sign(camt, value);
        break;
    case CAMT_BEARER:
        level->bearer = bearer_of(camt, value);
        break;
    case CAMT_BATCH_MESSAGE:
        level->batch_message = *value;
        break;
    case CAMT_BATCH_ID:
    case CAMT_REF_PAYMENT:
        level->batch_id = *value;
        break;
    case CAMT_BATCH_COUNT:
        count = o2c__camt_count(camt, value); /* an entry may have several batches */
        level->batch_count = count > UINT32_MAX - level->batch_count ? UINT32_MAX : level->batch_count + count;
        break;
    default:
        break;
    }
    if (state >= CAMT_BATCH_MESSAGE && state <= CAMT_BATCH_COUNT)
        level->batch = true;
}

static void
row_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    o2c_entry *row = o2c__camt_row(camt);

    switch (state) {
    case CAMT_ENTRY_REF:
        o2c__camt_field(&row->entry_ref, value, row->at);
        break;
    case CAMT_REVERSAL:
        if (o2c__camt_is(camt, value, "true") || o2c__camt_is(camt, value, "1"))
            row->flags |= O2C_ENTRY_FLAG_REVERSAL;
        break;
    case CAMT_STATUS:
        row->status = status_of(camt, value);
        break;
    case CAMT_NOTE:
    case CAMT_TRANSACTION_NOTE:
        o2c__camt_field(&row->note, value, row->at);
        break;
    case CAMT_REF_INSTRUCTION:
        if (row->transaction_id.text.len == 0)
            o2c__camt_field(&row->transaction_id, value, row->at);
        break;
    case CAMT_REF_END_TO_END:
        if (!o2c__camt_is(camt, value, "NOTPROVIDED")) /* the word banks put where the payer gave none */
            o2c__camt_field(&row->end_to_end_id, value, row->at);
        break;
    case CAMT_REF_TRANSACTION:
        o2c__camt_field(&row->transaction_id, value, row->at);
        break;
    case CAMT_REF_UETR:
        o2c__camt_field(&row->uetr, value, row->at);
        break;
    case CAMT_REF_MANDATE:
        o2c__camt_field(&row->mandate, value, row->at);
        break;
    case CAMT_REF_CHEQUE:
        o2c__camt_field(&row->cheque, value, row->at);
        break;
    case CAMT_REF_PROPRIETARY:
        o2c__camt_field(&row->customer_ref, value, row->at);
        break;
    case CAMT_PURPOSE:
        o2c__camt_field(&row->purpose, value, row->at);
        break;
    default:
        o2c__camt_field(&row->return_reason, value, row->at);
        break;
    }
}

bool
o2c__camt_entry_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    switch (state) {
    case CAMT_AMOUNT:
    case CAMT_INSTRUCTED:
    case CAMT_TRANSACTION_AMOUNT:
    case CAMT_COUNTER_AMOUNT:
    case CAMT_CHARGES_TOTAL:
    case CAMT_CHARGE:
        return amount_value(camt, state, value);
    case CAMT_BOOKING:
    case CAMT_VALUE_DATE:
        date_value(camt, o2c__camt_row(camt), value, state == CAMT_BOOKING);
        return true;
    case CAMT_SIGN:
    case CAMT_BANK_REF:
    case CAMT_DOMAIN:
    case CAMT_FAMILY:
    case CAMT_SUBFAMILY:
    case CAMT_PROPRIETARY:
    case CAMT_CHARGE_SIGN:
    case CAMT_BEARER:
    case CAMT_BATCH_MESSAGE:
    case CAMT_BATCH_ID:
    case CAMT_REF_PAYMENT:
    case CAMT_BATCH_COUNT:
        level_value(camt, state, value);
        return true;
    default:
        row_value(camt, state, value);
        return true;
    }
}
