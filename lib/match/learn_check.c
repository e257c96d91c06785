/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of feedback is looked at before anything is learned from it. */
#include "match/learning.h"

#define KEY_MAX 64u
#define NAME_MAX 512u
#define TEXT_MAX 4096u

static const char *
wrong_text(const o2c_feedback *row, o2c_str heap)
{
    if (row->payment.len == 0 || row->payment.len > KEY_MAX || !o2c__ref_inside(row->payment, heap))
        return "payment";
    if (row->item.len > KEY_MAX || !o2c__ref_inside(row->item, heap))
        return "item";
    if (row->account.len > KEY_MAX || !o2c__ref_inside(row->account, heap))
        return "account";
    if (!o2c__ref_inside(row->bank_account, heap))
        return "bank_account";
    if (row->text.len > TEXT_MAX || !o2c__ref_inside(row->text, heap))
        return "text";
    if (row->document.len > KEY_MAX || !o2c__ref_inside(row->document, heap))
        return "document";
    if (row->code.len > KEY_MAX || !o2c__ref_inside(row->code, heap))
        return "code";
    return row->name.len > NAME_MAX || !o2c__ref_inside(row->name, heap) ? "name" : NULL;
}

static const char *
wrong_habit(const o2c_feedback *row)
{
    if (row->pool_count < 0)
        return "pool_count";
    if (row->pool_count == 0)
        return row->set_count ? "set_count" : row->runs ? "runs" : NULL;
    if (row->set_count < 1 || row->set_count > row->pool_count)
        return "set_count";
    int32_t left = row->pool_count - row->set_count + 1;
    return row->runs < 1 || row->runs > row->set_count || row->runs > left ? "runs" : NULL;
}

static bool
reserved_set(const o2c_feedback *row)
{
    uint64_t any = 0;
    for (size_t i = 0; i < O2C__COUNT(row->reserved2); i++)
        any |= row->reserved2[i];
    return any != 0;
}

static bool
is_currency(const char currency[4])
{
    bool letters = true;
    if (memcmp(currency, "\0\0\0", 4) == 0)
        return true;
    for (int i = 0; i < 3; i++)
        letters = letters && currency[i] >= 'A' && currency[i] <= 'Z';
    return letters && currency[3] == 0;
}

static const char *
wrong_difference(const o2c_feedback *row)
{
    if (row->ended < O2C_ARITHMETIC_X0 || row->ended > O2C_ARITHMETIC_X8 || (row->owed_minor == 0 && row->ended))
        return "ended";
    if (row->owed_minor < 0 || row->owed_minor > INT64_MAX / 2)
        return "owed_minor";
    if (row->differed_minor > row->owed_minor || row->differed_minor < -(INT64_MAX / 2) || (row->owed_minor == 0 && row->differed_minor))
        return "differed_minor";
    if (row->reason < O2C_DEDUCTION_NONE || row->reason > O2C_DEDUCTION_OTHER)
        return "reason";
    return is_currency(row->currency) ? NULL : "currency";
}

static const char *
wrong_number(const o2c_feedback *row)
{
    bool says = row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY;
    if (row->verdict < O2C_VERDICT_CONFIRMED || row->verdict > O2C_VERDICT_EXPIRED)
        return "verdict";
    if (row->right < 0 || row->right > says)
        return "right";
    if (row->source < O2C_FEEDBACK_SHOWN || row->source > O2C_FEEDBACK_ERP)
        return "source";
    if (row->day <= 0)
        return "day";
    if (row->line_class && (row->line_class & 255) == 0)
        return "line_class";
    if (row->error_ppb > 1000000000)
        return "error_ppb";
    if (row->confidence_ppm > 1000000)
        return "confidence_ppm";
    if (row->would_auto > 1)
        return "would_auto";
    if (row->oldest > 1)
        return "oldest";
    if (reserved_set(row))
        return "reserved";
    const char *difference = wrong_difference(row);
    return difference ? difference : wrong_habit(row);
}

o2c_status
o2c__feedback_check(const o2c_feedback *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        const char *field = wrong_text(&rows[i], heap);
        field = field ? field : wrong_number(&rows[i]);
        if (field)
            return o2c__fail_row(err, O2C_E_MATCH_FEEDBACK, field, i, "feedback row %llu: %s is out of range", (unsigned long long)i,
                                 field);
    }
    return O2C_OK;
}
