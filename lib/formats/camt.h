/* SPDX-License-Identifier: Apache-2.0 */
/*
 * camt.052, .053, .054, every version 001.01 … 001.12 (a later one is read as 12): one walker over local names.
 *
 *   camt_path.c        element path → state: the only place that knows where elements stand
 *   camt.c             the dialect: start, text, end
 *   camt_value.c       text → amount, date, currency, string
 *   camt_statement.c   group header, statement, balances
 *   camt_entry.c       entry, transactions, batches, residual
 *   camt_entry_value.c their values
 *   camt_party.c       the other side of a transaction
 *   camt_remittance.c  free text, structured references, remittance lines
 */
#ifndef O2C__FORMATS_CAMT_H
#define O2C__FORMATS_CAMT_H
#include "formats/formats.h"
#include "formats/sax.h"

/* States of the walker. AT_… hold elements; the others hold a value. Some do both, because versions wrap what others wrote plain.
 */
enum o2c__camt_state {
    CAMT_SKIP, /* nothing of interest below */
    CAMT_SEEK, /* around the Document */
    AT_DOCUMENT,
    AT_MESSAGE,
    AT_GROUP,
    AT_PAGES,
    AT_STATEMENT,
    AT_PERIOD,
    AT_ACCOUNT,
    AT_ACCOUNT_ID,
    AT_BALANCE,
    AT_BALANCE_TYPE,
    AT_BALANCE_SUBTYPE,
    AT_ENTRY,
    AT_CODE,
    AT_CODE_DOMAIN,
    AT_CODE_FAMILY,
    AT_CODE_PROPRIETARY,
    AT_AMOUNTS,
    AT_CHARGES,
    AT_DETAILS,
    AT_BATCH,
    AT_TRANSACTION,
    AT_REFS,
    AT_REF_PROPRIETARY,
    AT_PARTIES,
    AT_DEBTOR,
    AT_CREDITOR,
    AT_DEBTOR_ULTIMATE,
    AT_CREDITOR_ULTIMATE,
    AT_PARTY_AGENT,
    AT_DEBTOR_ACCOUNT,
    AT_CREDITOR_ACCOUNT,
    AT_PARTY_ACCOUNT,
    AT_AGENTS,
    AT_DEBTOR_AGENT,
    AT_CREDITOR_AGENT,
    AT_AGENT,
    AT_AGENT_MEMBER,
    AT_REMITTANCE,
    AT_STRUCTURED,
    AT_DOCUMENT_INFO,
    AT_DOCUMENT_TYPE,
    AT_DOCUMENT_AMOUNTS,
    AT_ADJUSTMENT,
    AT_TYPED,
    AT_TYPED_TYPE,
    AT_CREDITOR_REF,
    AT_CREDITOR_REF_TYPE,
    AT_RETURN,
    AT_OTHER_MESSAGE, /* below a Document, and none of ours */
    CAMT_VALUES,      /* every state from here on takes text */
    CAMT_MESSAGE_ID,
    CAMT_PAGE_NUMBER,
    CAMT_PAGE_LAST,
    CAMT_STATEMENT_ID,
    CAMT_NUMBER_ELECTRONIC,
    CAMT_NUMBER_LEGAL,
    CAMT_COPY,
    CAMT_FROM,
    CAMT_TO,
    CAMT_ACCOUNT,
    CAMT_ACCOUNT_CURRENCY,
    CAMT_BALANCE_CODE,
    CAMT_BALANCE_SUBCODE,
    CAMT_BALANCE_AMOUNT,
    CAMT_BALANCE_SIGN,
    CAMT_BALANCE_DATE,
    CAMT_ENTRY_REF,
    CAMT_AMOUNT,
    CAMT_SIGN,
    CAMT_REVERSAL,
    CAMT_STATUS,
    CAMT_BOOKING,
    CAMT_VALUE_DATE,
    CAMT_BANK_REF,
    CAMT_DOMAIN,
    CAMT_FAMILY,
    CAMT_SUBFAMILY,
    CAMT_PROPRIETARY,
    CAMT_INSTRUCTED,
    CAMT_TRANSACTION_AMOUNT,
    CAMT_COUNTER_AMOUNT,
    CAMT_CHARGES_TOTAL,
    CAMT_CHARGE,
    CAMT_CHARGE_SIGN,
    CAMT_BEARER,
    CAMT_BATCH_MESSAGE,
    CAMT_BATCH_ID,
    CAMT_BATCH_COUNT,
    CAMT_NOTE,
    CAMT_TRANSACTION_NOTE,
    CAMT_REF_PAYMENT,
    CAMT_REF_INSTRUCTION,
    CAMT_REF_END_TO_END,
    CAMT_REF_TRANSACTION,
    CAMT_REF_UETR,
    CAMT_REF_MANDATE,
    CAMT_REF_CHEQUE,
    CAMT_REF_PROPRIETARY,
    CAMT_PURPOSE,
    CAMT_RETURN_CODE,
    CAMT_PARTY_NAME,
    CAMT_PARTY_ACCOUNT,
    CAMT_AGENT_BIC,
    CAMT_AGENT_OTHER,
    CAMT_UNSTRUCTURED,
    CAMT_ADDITIONAL,
    CAMT_DOCUMENT_CODE,
    CAMT_DOCUMENT_NUMBER,
    CAMT_DOCUMENT_DATE,
    CAMT_DUE,
    CAMT_DISCOUNT,
    CAMT_CREDIT_NOTE,
    CAMT_TAX,
    CAMT_REMITTED,
    CAMT_ADJUSTMENT_AMOUNT,
    CAMT_ADJUSTMENT_SIGN,
    CAMT_ADJUSTMENT_REASON,
    CAMT_ADJUSTMENT_WORDS,
    CAMT_TYPED_CODE,
    CAMT_TYPED_AMOUNT,
    CAMT_CREDITOR_REF_CODE,
    CAMT_CREDITOR_REF_NUMBER,
    CAMT_RETURN_WORDS,
    CAMT_STATES
};

/* ---- the automaton (camt_path.c) */
#define O2C__CAMT_NAMES 160u
struct o2c__camt_map {
    uint8_t next[CAMT_STATES][O2C__CAMT_NAMES]; /* as o2c__sax_map wants it */
};
extern const char *const o2c__camt_names[];
extern const uint32_t o2c__camt_names_count;
void o2c__camt_map_init(struct o2c__camt_map *map);

/* ---- what is known so far */
struct o2c__camt_value { /* one element's text: in the heap of the builder, and in the input */
    o2c_ref text;
    uint64_t at;
    uint32_t span;
};
struct o2c__camt_amount {
    int64_t minor;
    char currency[4];
    bool set, digits; /* digits: excess ones, all zero */
    uint64_t at;
};
enum { CAMT_OF_ENTRY, CAMT_OF_TRANSACTION, CAMT_LEVELS };
/* What an entry and a transaction both have. */
struct o2c__camt_level {
    struct o2c__camt_amount amount, instructed, transaction, counter;
    struct o2c__camt_amount charges_total, charges, charge; /* charge: of the record that is open */
    int32_t sign, charge_sign;                              /* +1, −1, 0 = not said */
    int32_t bearer;
    struct o2c__camt_value domain, family, subfamily, proprietary;
    struct o2c__camt_value batch_id, batch_message, bank_ref;
    uint32_t batch_count;
    bool batch;
};
enum { CAMT_DEBTOR, CAMT_CREDITOR, CAMT_SIDES };
struct o2c__camt_party {
    struct o2c__camt_value name, ultimate, account, bank, bank_other;
};
struct o2c__camt_adjustment {
    int64_t minor; /* lowers the payment: + */
    o2c_ref reason, words;
};
/* One Strd element. */
struct o2c__camt_strd {
    uint64_t at;
    size_t first_line, document_line; /* of the builder */
    uint32_t documents;
    o2c_ref type, number;
    int32_t day;
    struct o2c__camt_amount due, discount, credit, tax, remitted, typed;
    struct o2c__camt_amount adjustment;
    int32_t adjustment_sign;
    struct o2c__camt_adjustment open; /* adjustment that is being read */
    o2c_ref typed_code, typed_text, reference_code, additional;
    struct o2c__camt_value reference;
    bool mixed; /* amounts in several currencies */
};

struct o2c__camt {
    o2c__context *context;
    struct o2c__builder *builder;
    struct o2c__sax *sax;
    o2c_formats_options options;
    struct o2c__camt_map map;
    uint8_t marks[CAMT_STATES];
    bool seen_document;
    int32_t kind, format, version;
    /* text of the open element, at the end of the builder's heap */
    size_t text_at;
    bool text_open;
    /* currency whose exponent was looked up last */
    char exponent_currency[4];
    int32_t exponent;
    /* file */
    o2c__vector message; /* bytes of MsgId */
    uint32_t page;
    bool page_partial, statement_page_partial; /* one of several pages */
    uint64_t statements, entries;
    /* statement */
    char account_currency[4];
    struct {
        int64_t minor;
        int32_t day;
        uint32_t rank; /* 0 = none; the larger one wins */
        char currency[4];
    } opening, closing;
    uint32_t interim_count;
    /* balance */
    struct o2c__camt_amount balance;
    int32_t balance_sign, balance_day;
    char balance_code[8], balance_subcode[8];
    uint64_t balance_at;
    /* entry: rows of the builder */
    size_t entry, row;
    uint32_t details, unknown_amounts;
    struct o2c__camt_level level[CAMT_LEVELS];
    uint32_t now; /* CAMT_OF_… */
    struct o2c__camt_party party[CAMT_SIDES];
    uint32_t side;
    bool ultimate;
    o2c__vector plain, structured; /* o2c_text of the transaction that is open */
    o2c__vector adjustments;       /* o2c__camt_adjustment of the Strd that is open */
    struct o2c__camt_strd strd;
};

/* The row that fields go to: the entry, or the transaction that is open. */
static inline o2c_entry *
o2c__camt_row(struct o2c__camt *camt)
{
    return &O2C__AT(&camt->builder->entries, o2c_entry, camt->row);
}
static inline o2c_statement *
o2c__camt_statement(struct o2c__camt *camt)
{
    return &O2C__AT(&camt->builder->statements, o2c_statement, camt->builder->statements.count - 1);
}

/* Each answers false when the file is refused; the error is filled in. */
bool o2c__camt_nomem(struct o2c__camt *camt);
bool o2c__camt_refuse(struct o2c__camt *camt, o2c_status status, const char *field, uint64_t at, const char *why);

/* camt_value.c */
static inline o2c_str
o2c__camt_text(const struct o2c__camt *camt, o2c_ref ref)
{
    return ref.len > 0 ? (o2c_str){ (const char *)camt->builder->heap.bytes.rows + ref.at, ref.len } : (o2c_str){ "", 0 };
}
static inline bool
o2c__camt_is(const struct o2c__camt *camt, const struct o2c__camt_value *value, const char *word)
{
    size_t len = strlen(word);

    return value->text.len == len && memcmp((const char *)camt->builder->heap.bytes.rows + value->text.at, word, len) == 0;
}
void o2c__camt_field(o2c_field *field, const struct o2c__camt_value *value, uint64_t record_at);
bool o2c__camt_amount(struct o2c__camt *camt, const struct o2c__camt_value *value, const char *field, struct o2c__camt_amount *out);
/* Adds b to a when both have one currency; false = they have not, or the sum is beyond the limit. */
bool o2c__camt_add(struct o2c__camt *camt, struct o2c__camt_amount *a, const struct o2c__camt_amount *b);
int32_t o2c__camt_sign(const struct o2c__camt *camt, const struct o2c__camt_value *value);
uint32_t o2c__camt_count(const struct o2c__camt *camt, const struct o2c__camt_value *value);
int32_t o2c__camt_day(const struct o2c__camt *camt, const struct o2c__camt_value *value);
void o2c__camt_code8(const struct o2c__camt *camt, const struct o2c__camt_value *value, char out[8]);

/* camt_statement.c */
bool o2c__camt_message_start(struct o2c__camt *camt, const char *name);
bool o2c__camt_document_start(struct o2c__camt *camt, const char *uri);
bool o2c__camt_statement_start(struct o2c__camt *camt);
bool o2c__camt_statement_end(struct o2c__camt *camt);
void o2c__camt_balance_start(struct o2c__camt *camt);
bool o2c__camt_balance_end(struct o2c__camt *camt);
/* The statement's currency, when an entry must be added before any balance has named one. */
void o2c__camt_settle_currency(struct o2c__camt *camt, const char *entry_currency);
bool o2c__camt_statement_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value);

/* camt_entry.c */
bool o2c__camt_entry_start(struct o2c__camt *camt);
bool o2c__camt_entry_end(struct o2c__camt *camt);
bool o2c__camt_transaction_start(struct o2c__camt *camt);
bool o2c__camt_transaction_end(struct o2c__camt *camt);

/* camt_entry_value.c */
bool o2c__camt_charge_end(struct o2c__camt *camt);
bool o2c__camt_entry_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value);

/* camt_party.c */
bool o2c__camt_party_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value);
void o2c__camt_other_side(struct o2c__camt *camt, o2c_entry *row);

/* camt_remittance.c */
void o2c__camt_strd_start(struct o2c__camt *camt);
bool o2c__camt_strd_end(struct o2c__camt *camt);
bool o2c__camt_document_info_end(struct o2c__camt *camt);
void o2c__camt_adjustment_start(struct o2c__camt *camt);
bool o2c__camt_adjustment_end(struct o2c__camt *camt);
bool o2c__camt_typed_end(struct o2c__camt *camt);
bool o2c__camt_remittance_value(struct o2c__camt *camt, uint32_t state, const struct o2c__camt_value *value);
/* The texts of the transaction become rows of its entry: plain ones first, then structured references. */
bool o2c__camt_texts(struct o2c__camt *camt, o2c_entry *row);

#endif
