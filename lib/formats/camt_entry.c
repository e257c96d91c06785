/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries and their transactions. An entry becomes one BOOKED row; its transactions become DETAIL rows, and what they leave
 * unexplained one RESIDUAL row, so that the parts always add up (banks keep charges outside: 1,526 booked, 1,500 in the only
 * transaction). An entry with exactly one transaction of its own amount stays one row that has the transaction's references.
 */
#include "formats/camt.h"

/* ---- start */
static o2c_entry *
add_row(struct o2c__camt *camt, int32_t level)
{
    o2c_entry *row = o2c__builder_entry(camt->builder);

    if (row == NULL) {
        (void)o2c__camt_nomem(camt);
        return NULL;
    }
    row->level = level;
    if (++camt->entries > camt->context->limits.entries_max) {
        (void)o2c__camt_refuse(camt, O2C_E_LIMIT, "entries_max", o2c__sax_tag_start(camt->sax),
                               "the file has more entries than the limit");
        return NULL;
    }
    return row;
}

bool
o2c__camt_entry_start(struct o2c__camt *camt)
{
    o2c_entry *row = add_row(camt, O2C_ENTRY_BOOKED);

    if (row == NULL)
        return false;
    row->at = o2c__sax_tag_start(camt->sax);
    row->status = O2C_ENTRY_STATUS_BOOKED;
    camt->entry = camt->row = camt->builder->entries.count - 1;
    camt->details = camt->unknown_amounts = 0;
    camt->now = CAMT_OF_ENTRY;
    memset(&camt->level[CAMT_OF_ENTRY], 0, sizeof camt->level[0]);
    return true;
}

bool
o2c__camt_transaction_start(struct o2c__camt *camt)
{
    o2c_entry *row;

    if (++camt->details > camt->context->limits.details_max)
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "details_max", o2c__sax_tag_start(camt->sax),
                                "an entry has more transactions than the limit");
    if (!camt->level[CAMT_OF_ENTRY].amount.set || camt->level[CAMT_OF_ENTRY].sign == 0)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, "Ntry/Amt", o2c__sax_tag_start(camt->sax),
                                "the entry has no amount or no CRDT or DBIT before its transactions");
    row = add_row(camt, O2C_ENTRY_DETAIL);
    if (row == NULL)
        return false;
    row->at = o2c__sax_tag_start(camt->sax);
    camt->builder->transactions++;
    camt->row = camt->builder->entries.count - 1;
    camt->now = CAMT_OF_TRANSACTION;
    memset(&camt->level[CAMT_OF_TRANSACTION], 0, sizeof camt->level[0]);
    memset(camt->party, 0, sizeof camt->party);
    camt->plain.count = camt->structured.count = 0;
    return true;
}

/* ---- what entry and transaction share */
static bool
in_currency(const struct o2c__camt_amount *amount, const char currency[4])
{
    return amount->set && memcmp(amount->currency, currency, 4) == 0;
}

/* "PMNT/RCDT/ESCT"; the bank's own code only where it names no domain. */
static void
set_code(struct o2c__camt *camt, o2c_entry *row, const struct o2c__camt_level *level)
{
    const struct o2c__camt_value *parts[] = { &level->domain, &level->family, &level->subfamily };
    struct o2c__camt_value code = level->domain;
    char joined[3 * 8 + 2];
    size_t len = 0;

    if (level->domain.text.len == 0) {
        if (level->proprietary.text.len > 0)
            o2c__camt_field(&row->code, &level->proprietary, row->at);
        return;
    }
    for (size_t i = 0; i < O2C__COUNT(parts); i++) {
        o2c_str text = o2c__camt_text(camt, parts[i]->text);
        size_t part = text.len < 8 ? text.len : 8; /* codes have four characters */
        if (i > 0)
            joined[len++] = '/';
        memcpy(joined + len, text.ptr, part);
        len += part;
        if (parts[i]->at + parts[i]->span > code.at + code.span)
            code.span = (uint32_t)(parts[i]->at + parts[i]->span - code.at);
    }
    code.text = o2c__builder_string(camt->builder, joined, len);
    o2c__camt_field(&row->code, &code, row->at);
}

static void
set_charges(o2c_entry *row, const struct o2c__camt_level *level)
{
    const struct o2c__camt_amount *charges = level->charges_total.set ? &level->charges_total : &level->charges;

    if (charges->set && charges->minor > 0) {
        row->charges_minor = charges->minor;
        memcpy(row->charges_currency, charges->currency, sizeof row->charges_currency);
    }
    if (level->bearer != O2C_BEARER_UNKNOWN)
        row->bearer = level->bearer;
}

static void
set_instructed(o2c_entry *row, const struct o2c__camt_amount *amount)
{
    if (!amount->set)
        return;
    row->instructed_minor = amount->minor;
    memcpy(row->instructed_currency, amount->currency, sizeof row->instructed_currency);
}

static void
set_batch(o2c_entry *row, const struct o2c__camt_level *level)
{
    const struct o2c__camt_value *id = level->batch_id.text.len > 0 ? &level->batch_id : &level->batch_message;

    if (id->text.len > 0)
        o2c__camt_field(&row->batch_id, id, row->at);
    if (level->bank_ref.text.len > 0)
        o2c__camt_field(&row->bank_ref, &level->bank_ref, row->at);
    row->batch_count = level->batch_count;
}

/* ---- transaction */
/* Amount of a transaction in the entry's currency: its own (mandatory in 001.03 to 06), else what AmtDtls says (001.01, 02, 07 on).
 */
static const struct o2c__camt_amount *
pick_amount(const struct o2c__camt *camt)
{
    const struct o2c__camt_level *level = &camt->level[CAMT_OF_TRANSACTION];
    const struct o2c__camt_amount *choices[] = { &level->amount, &level->transaction, &level->counter, &level->instructed };
    const char *currency = camt->level[CAMT_OF_ENTRY].amount.currency;

    for (size_t i = 0; i < O2C__COUNT(choices); i++) {
        if (in_currency(choices[i], currency))
            return choices[i];
    }
    return NULL;
}

/* What the payer ordered: as stated, else the transaction's amount in his currency. */
static const struct o2c__camt_amount *
ordered(const struct o2c__camt_level *level, const char currency[4])
{
    if (level->instructed.set || in_currency(&level->transaction, currency))
        return &level->instructed;
    if (level->transaction.set)
        return &level->transaction;
    return in_currency(&level->amount, currency) ? &level->instructed : &level->amount;
}

bool
o2c__camt_transaction_end(struct o2c__camt *camt)
{
    struct o2c__camt_level *level = &camt->level[CAMT_OF_TRANSACTION];
    const struct o2c__camt_level *above = &camt->level[CAMT_OF_ENTRY];
    const struct o2c__camt_amount *amount = pick_amount(camt);
    o2c_entry *row = o2c__camt_row(camt);
    int32_t sign = level->sign != 0 ? level->sign : above->sign;

    row->span = o2c__sax_tag_end(camt->sax) - row->at;
    memcpy(row->currency, above->amount.currency, sizeof row->currency);
    if (amount != NULL) {
        row->amount_minor = sign * amount->minor;
        row->amount_from = amount->at - row->at <= UINT32_MAX ? (uint32_t)(amount->at - row->at) : 0;
        row->flags |= amount->digits ? O2C_ENTRY_FLAG_DIGITS : 0;
    } else {
        camt->unknown_amounts++;
    }
    set_instructed(row, ordered(level, above->amount.currency));
    set_charges(row, level);
    set_code(camt, row, level);
    set_batch(row, level);
    if (!o2c__camt_texts(camt, row))
        return false;
    row = o2c__camt_row(camt);
    if (row->amount_minor == 0)
        row->amount_minor = sign; /* only for the question which side pays */
    row->flags |= O2C__AT(&camt->builder->entries, o2c_entry, camt->entry).flags & O2C_ENTRY_FLAG_REVERSAL;
    o2c__camt_other_side(camt, row);
    if (amount == NULL || amount->minor == 0)
        row->amount_minor = 0;
    camt->now = CAMT_OF_ENTRY;
    camt->row = camt->entry;
    return !camt->builder->out_of_memory || o2c__camt_nomem(camt);
}

/* ---- entry */
static o2c_entry *
detail(struct o2c__camt *camt, size_t number)
{
    return &O2C__AT(&camt->builder->entries, o2c_entry, camt->entry + 1 + number);
}

static bool
sum_details(struct o2c__camt *camt, int64_t *out_sum)
{
    *out_sum = 0;
    for (uint32_t i = 0; i < camt->details; i++) {
        if (!o2c__add(*out_sum, detail(camt, i)->amount_minor, out_sum))
            return false;
    }
    return true;
}

/* In a reversal some banks repeat the direction of the first payment below: the entry's own word decides when the amounts say so.
 */
static void
align_signs(struct o2c__camt *camt, int64_t amount, int64_t *sum)
{
    if (*sum == amount || *sum != -amount)
        return;
    for (uint32_t i = 0; i < camt->details; i++)
        detail(camt, i)->amount_minor = -detail(camt, i)->amount_minor;
    *sum = amount;
}

/* What the bank says once for all transactions holds for each of them. from stays 0: the bytes stand in the entry. */
static void
inherit(const o2c_entry *entry, o2c_entry *row)
{
    row->status = entry->status;
    row->value_day = entry->value_day;
    row->booking_day = entry->booking_day;
    row->flags |= entry->flags & (O2C_ENTRY_FLAG_REVERSAL | O2C_ENTRY_FLAG_DATE_DOUBTFUL);
    if (row->code.text.len == 0)
        row->code.text = entry->code.text;
    if (row->batch_id.text.len == 0)
        row->batch_id.text = entry->batch_id.text;
}

static void
move_field(o2c_field *to, const o2c_field *from, uint64_t shift)
{
    if (from->text.len == 0)
        return;
    *to = *from;
    if (to->span > 0 && shift + to->from <= UINT32_MAX)
        to->from += (uint32_t)shift;
    else
        to->from = to->span = 0;
}

/* Both notes are the bank's: the entry's, a line feed, the transaction's. */
static void
join_notes(struct o2c__camt *camt, o2c_entry *entry, const o2c_entry *row)
{
    o2c_str first = o2c__camt_text(camt, entry->note.text), second = o2c__camt_text(camt, row->note.text);
    o2c_ref joined, line, last;

    if (first.len == 0) {
        move_field(&entry->note, &row->note, row->at - entry->at);
        return;
    }
    if (second.len == 0 || o2c__str_equal(first, second))
        return;
    joined = o2c__builder_string(camt->builder, first.ptr, first.len);
    if (camt->builder->out_of_memory)
        return;
    camt->builder->heap.bytes.count = (size_t)joined.at + joined.len; /* without the NUL: the parts stand side by side */
    line = o2c__builder_string(camt->builder, "\n", 1);
    camt->builder->heap.bytes.count = (size_t)line.at + line.len;
    second = o2c__camt_text(camt, row->note.text);
    last = o2c__builder_string(camt->builder, second.ptr, second.len);
    if (!camt->builder->out_of_memory)
        entry->note.text = (o2c_ref){ joined.at, joined.len + line.len + last.len };
}

/* The only transaction and the entry are one and the same payment: one row with the references of both. */
static void
fold(struct o2c__camt *camt)
{
    o2c_entry *entry = o2c__camt_row(camt), *row = detail(camt, 0);
    uint64_t shift = row->at - entry->at;
    static const size_t fields[] = {
        offsetof(o2c_entry, bank_ref),       offsetof(o2c_entry, customer_ref), offsetof(o2c_entry, end_to_end_id),
        offsetof(o2c_entry, transaction_id), offsetof(o2c_entry, uetr),         offsetof(o2c_entry, mandate),
        offsetof(o2c_entry, cheque),         offsetof(o2c_entry, code),         offsetof(o2c_entry, other_name),
        offsetof(o2c_entry, other_account),  offsetof(o2c_entry, other_bank),   offsetof(o2c_entry, other_ultimate),
        offsetof(o2c_entry, return_reason),  offsetof(o2c_entry, purpose),      offsetof(o2c_entry, batch_id),
    };

    for (size_t i = 0; i < O2C__COUNT(fields); i++)
        move_field((o2c_field *)(void *)((char *)entry + fields[i]), (o2c_field *)(void *)((char *)row + fields[i]), shift);
    join_notes(camt, entry, row);
    entry->flags |= row->flags;
    if (row->charges_minor != 0) {
        entry->charges_minor = row->charges_minor;
        memcpy(entry->charges_currency, row->charges_currency, sizeof entry->charges_currency);
    }
    if (row->instructed_minor != 0) {
        entry->instructed_minor = row->instructed_minor;
        memcpy(entry->instructed_currency, row->instructed_currency, sizeof entry->instructed_currency);
    }
    entry->bearer = row->bearer != O2C_BEARER_UNKNOWN ? row->bearer : entry->bearer;
    memcpy(&entry->texts_at, &row->texts_at, 6 * sizeof entry->texts_at); /* texts, structured references, lines */
    camt->builder->entries.count--;
    camt->entries--;
}

static bool
add_residual(struct o2c__camt *camt, int64_t rest)
{
    o2c_entry *row = add_row(camt, O2C_ENTRY_RESIDUAL);
    o2c_entry *entry = o2c__camt_row(camt);

    if (row == NULL)
        return false;
    row->at = entry->at;
    row->span = entry->span;
    row->amount_minor = rest;
    memcpy(row->currency, entry->currency, sizeof row->currency);
    inherit(entry, row);
    entry->details_count++;
    return true;
}

static bool
settle_details(struct o2c__camt *camt)
{
    o2c_entry *entry = o2c__camt_row(camt);
    int64_t sum, rest, amount = entry->amount_minor;

    if (camt->details == 1 && camt->unknown_amounts == 1) {
        fold(camt);
        return true;
    }
    if (!sum_details(camt, &sum) || !o2c__subtract(amount, sum, &rest))
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "amount_max", entry->at,
                                "the sum of the entry's transactions is beyond 64 bits");
    align_signs(camt, amount, &sum);
    if (camt->details == 1 && sum == amount) {
        fold(camt);
        return true;
    }
    for (uint32_t i = 0; i < camt->details; i++)
        inherit(entry, detail(camt, i));
    entry->details_count = camt->details;
    return sum == amount || add_residual(camt, rest);
}

static bool
settle_entry(struct o2c__camt *camt)
{
    const struct o2c__camt_level *level = &camt->level[CAMT_OF_ENTRY];
    o2c_entry *entry = o2c__camt_row(camt);

    if (!level->amount.set)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, "Ntry/Amt", entry->at, "the entry has no amount");
    if (level->sign == 0)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, "Ntry/CdtDbtInd", entry->at, "the entry is neither CRDT nor DBIT");
    entry->span = o2c__sax_tag_end(camt->sax) - entry->at;
    entry->amount_minor = level->sign * level->amount.minor;
    entry->amount_from = level->amount.at - entry->at <= UINT32_MAX ? (uint32_t)(level->amount.at - entry->at) : 0;
    memcpy(entry->currency, level->amount.currency, sizeof entry->currency);
    entry->flags |= level->amount.digits ? O2C_ENTRY_FLAG_DIGITS : 0;
    if (camt->details > 1 || level->batch_count > 1 || (level->batch && camt->details == 0 && level->batch_count == 0))
        entry->flags |= O2C_ENTRY_FLAG_BATCH;
    set_instructed(entry, &level->instructed);
    set_charges(entry, level);
    set_code(camt, entry, level);
    set_batch(entry, level);
    return true;
}

bool
o2c__camt_entry_end(struct o2c__camt *camt)
{
    o2c_status status;

    if (!settle_entry(camt) || (camt->details > 0 && !settle_details(camt)))
        return false;
    if (camt->builder->out_of_memory)
        return o2c__camt_nomem(camt);
    o2c__camt_settle_currency(camt, O2C__AT(&camt->builder->entries, o2c_entry, camt->entry).currency);
    status = o2c__builder_flush(camt->builder, false, o2c__sax_error(camt->sax));
    return status == O2C_OK || o2c__sax_stop(camt->sax, status);
}
