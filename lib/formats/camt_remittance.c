/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the payer says he pays. RfrdDocAmt has had four shapes in the schemas; all become the same remittance line:
 *   0  001.01   a choice, repeated; plain amounts
 *   1  001.02   one group of plain amounts, adjustments
 *   2  03 … 11  discount and tax with a type
 *   3  12       typed amounts only; a type that nobody mapped is kept as words and never taken for the amount paid
 * Soft check: paid = gross − discounts − credit note + CRDT adjustments − DBIT adjustments; a mismatch is a finding, not a failure.
 */
#include "formats/camt.h"

/* ---- texts */
static bool
add_text(struct o2c__camt *camt, o2c__vector *texts, const struct o2c__camt_value *value, int32_t scheme)
{
    o2c_text *text = o2c__vector_add(texts);

    if (text == NULL)
        return o2c__camt_nomem(camt);
    text->text = value->text;
    text->at = value->at;
    text->span = value->span;
    text->scheme = scheme;
    return true;
}

/* "?REJECT?0" is the acceptance code of a Swiss terminal, not something the payer wrote. */
static bool
is_reject_code(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    static const char word[] = "?REJECT?";
    o2c_str text = o2c__camt_text(camt, value->text);

    return text.len >= sizeof word - 1 && memcmp(text.ptr, word, sizeof word - 1) == 0;
}

static bool
copy_texts(struct o2c__camt *camt, const o2c__vector *texts, uint32_t *out_at, uint32_t *out_count)
{
    *out_at = (uint32_t)(camt->builder->text_base + camt->builder->texts.count);
    for (size_t i = 0; i < texts->count; i++) {
        o2c_text *text = o2c__builder_text(camt->builder);
        if (text == NULL)
            return o2c__camt_nomem(camt);
        *text = O2C__AT(texts, o2c_text, i);
    }
    *out_count = (uint32_t)texts->count;
    return true;
}

bool
o2c__camt_texts(struct o2c__camt *camt, o2c_entry *row)
{
    row->lines_count = (uint32_t)(camt->builder->line_base + camt->builder->lines.count - row->lines_at);
    return copy_texts(camt, &camt->plain, &row->texts_at, &row->texts_count) &&
           copy_texts(camt, &camt->structured, &row->structured_at, &row->structured_count);
}

/* ---- structured reference */
/* The code names a scheme only loosely (SCOR stands before Finnish references too): check digits decide. */
static int32_t
scheme_of(const struct o2c__camt *camt, o2c_ref code, o2c_ref reference)
{
    static const struct {
        const char *word;
        int32_t scheme;
    } words[] = {
        { "QRR", O2C_SCHEME_QRR }, { "ISR Reference", O2C_SCHEME_QRR }, { "KID", O2C_SCHEME_KID }, { "OCR", O2C_SCHEME_OCR },
        { "RF", O2C_SCHEME_RF },
    };
    o2c_str name = o2c__camt_text(camt, code), text = o2c__camt_text(camt, reference);
    o2c_str account =
        o2c__camt_text(camt, O2C__AT(&camt->builder->statements, o2c_statement, camt->builder->statements.count - 1).account.text);
    char canonical[36];
    int32_t guess;

    for (size_t i = 0; i < O2C__COUNT(words); i++) {
        if (o2c__str_equal(name, o2c__str(words[i].word)) &&
            o2c__reference_canonical(words[i].scheme, text.ptr, text.len, canonical))
            return words[i].scheme;
    }
    guess = o2c__reference_guess(text.ptr, text.len);
    if (guess != O2C_SCHEME_NONE)
        return guess;
    if (account.len > 2 && memcmp(account.ptr, "FI", 2) == 0 &&
        o2c__reference_canonical(O2C_SCHEME_VIITE, text.ptr, text.len, canonical))
        return O2C_SCHEME_VIITE;
    return O2C_SCHEME_OTHER;
}

/* ---- documents */
static int32_t
kind_of(const struct o2c__camt *camt, o2c_ref type)
{
    static const struct {
        const char *code; /* ISO 20022 DocumentType6Code */
        int32_t kind;
    } kinds[] = {
        { "CINV", O2C_REMITTANCE_INVOICE },     { "MSIN", O2C_REMITTANCE_INVOICE },     { "SBIN", O2C_REMITTANCE_INVOICE },
        { "CREN", O2C_REMITTANCE_CREDIT_MEMO }, { "CNFA", O2C_REMITTANCE_CREDIT_MEMO }, { "DEBN", O2C_REMITTANCE_DEBIT_MEMO },
        { "DNFA", O2C_REMITTANCE_DEBIT_MEMO },  { "PUOR", O2C_REMITTANCE_ORDER },
    };
    o2c_str text = o2c__camt_text(camt, type);

    for (size_t i = 0; i < O2C__COUNT(kinds); i++) {
        if (o2c__str_equal(text, o2c__str(kinds[i].code)))
            return kinds[i].kind;
    }
    return text.len > 0 ? O2C_REMITTANCE_OTHER : O2C_REMITTANCE_UNKNOWN;
}

void
o2c__camt_strd_start(struct o2c__camt *camt)
{
    memset(&camt->strd, 0, sizeof camt->strd);
    camt->strd.at = o2c__sax_tag_start(camt->sax);
    camt->strd.first_line = camt->builder->lines.count;
    camt->adjustments.count = 0;
}

static o2c_remittance_line *
add_line(struct o2c__camt *camt)
{
    const o2c_entry *row = o2c__camt_row(camt);
    o2c_remittance_line *line = o2c__builder_line(camt->builder);

    if (line == NULL) {
        (void)o2c__camt_nomem(camt);
        return NULL;
    }
    line->at = camt->strd.at;
    line->ordinal = (uint32_t)(camt->builder->line_base + camt->builder->lines.count - 1 - row->lines_at);
    return line;
}

static o2c_remittance_line *
add_document(struct o2c__camt *camt)
{
    o2c_remittance_line *line = add_line(camt);

    if (line == NULL)
        return NULL;
    line->document = camt->strd.number;
    line->kind_text = camt->strd.type;
    line->kind = kind_of(camt, camt->strd.type);
    line->document_day = camt->strd.day;
    return line;
}

/* A document without number or date says nothing; its type alone is kept for the line of the amounts. */
bool
o2c__camt_document_info_end(struct o2c__camt *camt)
{
    if (camt->strd.number.len == 0 && camt->strd.day == 0)
        return true;
    camt->strd.document_line = camt->builder->lines.count;
    camt->strd.documents++;
    if (add_document(camt) == NULL)
        return false;
    camt->strd.number = camt->strd.type = (o2c_ref){ 0, 0 };
    camt->strd.day = 0;
    return true;
}

/* ---- amounts */
static void
set_amount(struct o2c__camt *camt, o2c_remittance_line *line, const struct o2c__camt_amount *amount, int64_t *to, uint32_t has)
{
    if (!amount->set)
        return;
    if (line->currency[0] == '\0')
        memcpy(line->currency, amount->currency, sizeof line->currency);
    if (memcmp(line->currency, amount->currency, sizeof line->currency) != 0) {
        camt->strd.mixed = true;
        return;
    }
    *to = amount->minor;
    line->has |= has;
}

static bool
same_reason(const struct o2c__camt *camt, o2c_ref a, o2c_ref b)
{
    return o2c__str_equal(o2c__camt_text(camt, a), o2c__camt_text(camt, b));
}

static bool
sum_add(struct o2c__camt *camt, int64_t *sum, int64_t more)
{
    if (o2c__add(*sum, more, sum))
        return true;
    return o2c__camt_refuse(camt, O2C_E_LIMIT, "amount_max", camt->strd.at, "the sum of the adjustments is beyond 64 bits");
}

void
o2c__camt_adjustment_start(struct o2c__camt *camt)
{
    camt->strd.adjustment.set = false;
    camt->strd.adjustment_sign = -1; /* CdtDbtInd is optional: payers adjust to pay less */
    memset(&camt->strd.open, 0, sizeof camt->strd.open);
}

bool
o2c__camt_adjustment_end(struct o2c__camt *camt)
{
    struct o2c__camt_strd *strd = &camt->strd;
    struct o2c__camt_adjustment *adjustment = NULL;

    if (!strd->adjustment.set)
        return true;
    strd->open.minor = -strd->adjustment_sign * strd->adjustment.minor;
    for (size_t i = 0; i < camt->adjustments.count; i++) {
        if (same_reason(camt, O2C__AT(&camt->adjustments, struct o2c__camt_adjustment, i).reason, strd->open.reason))
            adjustment = &O2C__AT(&camt->adjustments, struct o2c__camt_adjustment, i);
    }
    if (adjustment != NULL)
        return sum_add(camt, &adjustment->minor, strd->open.minor);
    adjustment = o2c__vector_add(&camt->adjustments);
    if (adjustment == NULL)
        return o2c__camt_nomem(camt);
    *adjustment = strd->open;
    return true;
}

/* 001.12: meaning by type. Prtry "InvoiceAmount" is in the one sample known; the others are the elements of earlier versions. */
static struct o2c__camt_amount *
typed_amount(struct o2c__camt *camt)
{
    static const struct {
        const char *word;
        size_t amount;
    } types[] = {
        { "InvoiceAmount", offsetof(struct o2c__camt_strd, due) },
        { "DuePyblAmt", offsetof(struct o2c__camt_strd, due) },
        { "DscntApldAmt", offsetof(struct o2c__camt_strd, discount) },
        { "CdtNoteAmt", offsetof(struct o2c__camt_strd, credit) },
        { "TaxAmt", offsetof(struct o2c__camt_strd, tax) },
        { "RmtdAmt", offsetof(struct o2c__camt_strd, remitted) },
        { "RemittedAmount", offsetof(struct o2c__camt_strd, remitted) },
    };
    o2c_str code = o2c__camt_text(camt, camt->strd.typed_code);

    for (size_t i = 0; i < O2C__COUNT(types); i++) {
        if (o2c__str_equal(code, o2c__str(types[i].word)))
            return (struct o2c__camt_amount *)(void *)((char *)&camt->strd + types[i].amount);
    }
    return NULL;
}

static bool
keep_unmapped(struct o2c__camt *camt)
{
    o2c_str code = o2c__camt_text(camt, camt->strd.typed_code), amount = o2c__camt_text(camt, camt->strd.typed_text);
    o2c__vector *heap = &camt->builder->heap.bytes;
    size_t len = code.len + amount.len + 5, start = heap->count;
    char *words;
    o2c_remittance_line *line = add_line(camt);

    if (line == NULL)
        return false;
    words = o2c__vector_add_many(heap, len);
    if (words == NULL || start + len >= UINT32_MAX)
        return o2c__camt_nomem(camt);
    code = o2c__camt_text(camt, camt->strd.typed_code);
    amount = o2c__camt_text(camt, camt->strd.typed_text);
    memcpy(words, code.ptr, code.len);
    words[code.len] = ' ';
    memcpy(words + code.len + 1, amount.ptr, amount.len);
    words[code.len + 1 + amount.len] = ' ';
    memcpy(words + code.len + amount.len + 2, camt->strd.typed.currency, 3);
    line->words = (o2c_ref){ (uint32_t)start, (uint32_t)len };
    line->kind = O2C_REMITTANCE_OTHER;
    if (camt->strd.documents == 1)
        line->document = O2C__AT(&camt->builder->lines, o2c_remittance_line, camt->strd.document_line).document;
    memcpy(line->currency, camt->strd.typed.currency, sizeof line->currency);
    return true;
}

bool
o2c__camt_typed_end(struct o2c__camt *camt)
{
    struct o2c__camt_strd *strd = &camt->strd;
    struct o2c__camt_amount *to = typed_amount(camt);
    bool done = true;

    if (strd->typed.set && to == NULL)
        done = keep_unmapped(camt);
    else if (strd->typed.set && !o2c__camt_add(camt, to, &strd->typed))
        strd->mixed = true;
    memset(&strd->typed, 0, sizeof strd->typed);
    strd->typed_code = strd->typed_text = (o2c_ref){ 0, 0 };
    return done;
}

static bool
soft_check(struct o2c__camt *camt, const o2c_remittance_line *line, uint32_t *out_check)
{
    int64_t expected = line->gross_minor;

    *out_check = camt->strd.mixed ? 1 : 0;
    if ((line->has & (O2C_HAS_GROSS | O2C_HAS_PAID)) != (O2C_HAS_GROSS | O2C_HAS_PAID))
        return true;
    if (!sum_add(camt, &expected, -line->discount_minor) || !sum_add(camt, &expected, -line->credit_minor))
        return false;
    for (size_t i = 0; i < camt->adjustments.count; i++) {
        if (!sum_add(camt, &expected, -O2C__AT(&camt->adjustments, struct o2c__camt_adjustment, i).minor))
            return false;
    }
    if (expected != line->paid_minor)
        *out_check = 1;
    return true;
}

/* One deduction has one reason: each further reason is a line of its own for the same document. */
static bool
add_deductions(struct o2c__camt *camt, size_t line_index, o2c_ref document)
{
    for (size_t i = 0; i < camt->adjustments.count; i++) {
        const struct o2c__camt_adjustment *adjustment = &O2C__AT(&camt->adjustments, struct o2c__camt_adjustment, i);
        o2c_remittance_line *line = i == 0 ? &O2C__AT(&camt->builder->lines, o2c_remittance_line, line_index) : add_line(camt);
        if (line == NULL)
            return false;
        if (line->currency[0] == '\0')
            memcpy(line->currency, camt->strd.adjustment.currency, sizeof line->currency);
        line->document = document;
        line->deduction_minor = adjustment->minor;
        line->has |= O2C_HAS_DEDUCTION;
        line->reason = adjustment->reason;
        line->words = adjustment->words;
    }
    return true;
}

static bool
fill_line(struct o2c__camt *camt, size_t index)
{
    o2c_remittance_line *line = &O2C__AT(&camt->builder->lines, o2c_remittance_line, index);
    const struct o2c__camt_strd *strd = &camt->strd;
    uint32_t check;

    set_amount(camt, line, &strd->remitted, &line->paid_minor, O2C_HAS_PAID);
    set_amount(camt, line, &strd->due, &line->gross_minor, O2C_HAS_GROSS);
    set_amount(camt, line, &strd->discount, &line->discount_minor, O2C_HAS_DISCOUNT);
    set_amount(camt, line, &strd->credit, &line->credit_minor, O2C_HAS_CREDIT);
    set_amount(camt, line, &strd->tax, &line->tax_minor, O2C_HAS_TAX);
    if (strd->adjustment.set && line->currency[0] != '\0' && memcmp(line->currency, strd->adjustment.currency, 4) != 0)
        camt->strd.mixed = true;
    line->words = strd->additional;
    if (strd->reference.text.len > 0) {
        line->reference = strd->reference.text;
        line->scheme = scheme_of(camt, strd->reference_code, strd->reference.text);
    }
    if (!soft_check(camt, line, &check))
        return false;
    line->check = check;
    return add_deductions(camt, index, line->document);
}

static bool
has_amounts(const struct o2c__camt *camt)
{
    const struct o2c__camt_strd *strd = &camt->strd;

    return strd->due.set || strd->discount.set || strd->credit.set || strd->tax.set || strd->remitted.set ||
           camt->adjustments.count > 0;
}

/* Amounts of one document belong to its line; amounts of several stand on a line that names none of them. */
static bool
settle_lines(struct o2c__camt *camt)
{
    if (camt->strd.documents == 1) {
        o2c_remittance_line *line = &O2C__AT(&camt->builder->lines, o2c_remittance_line, camt->strd.document_line);
        if (line->document_day == 0)
            line->document_day = camt->strd.day; /* 001.01 has the date beside the document */
        return fill_line(camt, camt->strd.document_line);
    }
    if (!has_amounts(camt))
        return true;
    return add_document(camt) != NULL && fill_line(camt, camt->builder->lines.count - 1);
}

bool
o2c__camt_strd_end(struct o2c__camt *camt)
{
    struct o2c__camt_strd *strd = &camt->strd;
    uint64_t span = o2c__sax_tag_end(camt->sax) - strd->at;
    size_t i;

    if (strd->reference.text.len > 0 &&
        !add_text(camt, &camt->structured, &strd->reference, scheme_of(camt, strd->reference_code, strd->reference.text)))
        return false;
    if (!settle_lines(camt))
        return false;
    for (i = strd->first_line; i < camt->builder->lines.count; i++)
        O2C__AT(&camt->builder->lines, o2c_remittance_line, i).span = span;
    return true;
}

/* ---- values */
static bool
sum_value(struct o2c__camt *camt, const struct o2c__camt_value *value, const char *field, struct o2c__camt_amount *to)
{
    struct o2c__camt_amount amount = { 0 };

    if (!o2c__camt_amount(camt, value, field, &amount))
        return false;
    if (!o2c__camt_add(camt, to, &amount))
        camt->strd.mixed = true;
    return true;
}

static bool
document_amount(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    struct o2c__camt_strd *strd = &camt->strd;

    switch (state) {
    case CAMT_DUE:
        return sum_value(camt, value, "RfrdDocAmt/DuePyblAmt", &strd->due);
    case CAMT_DISCOUNT:
        return sum_value(camt, value, "RfrdDocAmt/DscntApldAmt", &strd->discount);
    case CAMT_CREDIT_NOTE:
        return sum_value(camt, value, "RfrdDocAmt/CdtNoteAmt", &strd->credit);
    case CAMT_TAX:
        return sum_value(camt, value, "RfrdDocAmt/TaxAmt", &strd->tax);
    case CAMT_REMITTED:
        return sum_value(camt, value, "RfrdDocAmt/RmtdAmt", &strd->remitted);
    case CAMT_TYPED_AMOUNT:
        strd->typed_text = value->text;
        return o2c__camt_amount(camt, value, "RfrdDocAmt/RmtAmtAndTp", &strd->typed);
    default:
        return o2c__camt_amount(camt, value, "AdjstmntAmtAndRsn", &strd->adjustment);
    }
}

static void
document_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    struct o2c__camt_strd *strd = &camt->strd;

    switch (state) {
    case CAMT_DOCUMENT_CODE:
        strd->type = value->text;
        break;
    case CAMT_DOCUMENT_NUMBER:
        strd->number = value->text;
        break;
    case CAMT_DOCUMENT_DATE:
        strd->day = o2c__camt_day(camt, value);
        break;
    case CAMT_ADJUSTMENT_SIGN:
        strd->adjustment_sign = o2c__camt_sign(camt, value) > 0 ? 1 : -1;
        break;
    case CAMT_ADJUSTMENT_REASON:
        strd->open.reason = value->text;
        break;
    case CAMT_ADJUSTMENT_WORDS:
        strd->open.words = value->text;
        break;
    case CAMT_TYPED_CODE:
        strd->typed_code = value->text;
        break;
    case CAMT_CREDITOR_REF_CODE:
        strd->reference_code = value->text;
        break;
    default:
        strd->reference = *value;
        break;
    }
}

bool
o2c__camt_remittance_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value)
{
    switch (state) {
    case CAMT_UNSTRUCTURED:
    case CAMT_ADDITIONAL:
    case CAMT_RETURN_WORDS:
        if (is_reject_code(camt, value))
            return true;
        if (state == CAMT_ADDITIONAL && camt->strd.additional.len == 0)
            camt->strd.additional = value->text;
        return add_text(camt, &camt->plain, value, O2C_SCHEME_NONE);
    case CAMT_DUE:
    case CAMT_DISCOUNT:
    case CAMT_CREDIT_NOTE:
    case CAMT_TAX:
    case CAMT_REMITTED:
    case CAMT_TYPED_AMOUNT:
    case CAMT_ADJUSTMENT_AMOUNT:
        return document_amount(camt, state, value);
    default:
        document_value(camt, state, value);
        return true;
    }
}
