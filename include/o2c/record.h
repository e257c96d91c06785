/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Record: money, dates, references, and the shapes that cross doors.
 *
 * Owns: the shapes statement, entry, payment, remittance, open item, proposal, line.   Never: compares a payment with an item.
 * Sources: ISO 4217 list one of 2024-06-25 (currencies), ISO 11649 (creditor reference), Unicode 15 (folding tables).
 *
 * Units, everywhere: *minor* = minor units of the currency beside it (cents, yen, fils), int64, magnitude at most 10^15 by
 * default. *day* = days since 1970-01-01; 0 = not given (dates run from 1970-01-02, day 1, to 2199-12-31, day 84005).
 * *ppm* = parts per million. Strings are #o2c_ref into the heap that is handed over with the array, UTF-8, empty = not given.
 * All records are frozen: sizes and offsets never change; reserved fields are zero.
 */
#ifndef O2C_RECORD_H
#define O2C_RECORD_H
#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/status.h>
O2C_BEGIN_DECLS

/** Last day of the calendar: 2199-12-31. Day 0 means: not given. */
#define O2C_DAY_MAX 84005
/** Largest key a host may give a row, in bytes. */
#define O2C_KEY_BYTES_MAX 64

/** Money. Frozen record, 16 bytes. */
typedef struct o2c_money {
    int64_t minor;
    char currency[4];  /**< three capital letters and a NUL */
    uint32_t reserved; /**< zero */
} o2c_money;

/* ---------------------------------------------------------------- money, dates, references as calls */

/** Exponent of a currency in @p out_digits: 2 for EUR, 0 for JPY, 3 for KWD.
 * @param currency  three letters, any case
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_RECORD_CURRENCY (unknown, or without minor units such as XAU)
 * Thread: any. Cost: O(log n). @since 0.1 */
O2C_API o2c_status o2c_currency_digits(const o2c_str *currency, int32_t *out_digits, o2c_error *err);
/** 1 if the code was withdrawn from ISO 4217 (readable, never for new documents), else 0, also for unknown codes. Thread: any.
 *  @since 0.1 */
O2C_API int32_t o2c_currency_historic(const o2c_str *currency);
/**
 * Reads a plain decimal ("-1234.50", "+7", ".5", "10.") into minor units of @p currency. No blanks, no thousands sign. Digits
 * beyond the exponent must be zero. Never rounds.
 * @param amount_max  largest magnitude accepted; 0 = 10^15
 * @param out_money   set on status 0
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_RECORD_CURRENCY; #O2C_E_RECORD_AMOUNT (no number, non-zero excess digit, too
 *         large; error.offset = byte in @p text)
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_money_read(const o2c_str *text, const o2c_str *currency, int64_t amount_max, o2c_money *out_money, o2c_error *err);
/**
 * Writes @p money as a plain decimal with as many digits as its currency has, NUL-terminated.
 * @param buffer  @p size bytes; 24 are always enough
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_RECORD_CURRENCY; #O2C_E_ARG (buffer too small)
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_money_write(const o2c_money *money, char *buffer, size_t size, o2c_error *err);
/** Reads an ISO date "2026-02-03" into a day. @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_RECORD_DATE. Thread: any. @since 0.1 */
O2C_API o2c_status o2c_date_read(const o2c_str *text, int32_t *out_day, o2c_error *err);
/** Writes a day as "2026-02-03" and a NUL, 11 bytes. @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_RECORD_DATE (day < 1 or >
 *  #O2C_DAY_MAX). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_date_write(int32_t day, char buffer[11], o2c_error *err);
/**
 * Checks a structured payment reference and writes its canonical form (blanks and signs removed, capitals).
 * @param scheme      O2C_SCHEME_RF, _QRR, _OGM, _VIITE, _KID or _OCR
 * @param text        as printed; borrowed
 * @param buffer      @p size bytes for the canonical form and a NUL; 36 are always enough; may be NULL
 * @return #O2C_OK; #O2C_E_MISUSE (text NULL); #O2C_E_ARG (scheme, buffer too small); #O2C_E_RECORD_REFERENCE
 * Source: docs/rooms/record.md; RF rejects check digits 00, 01 and 99. Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_reference_check(int32_t scheme, const o2c_str *text, char *buffer, size_t size, o2c_error *err);
/**
 * Makes a structured payment reference: adds the check digits to @p body.
 * @param buffer  @p size bytes for the reference and a NUL; 36 are always enough
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (scheme, buffer too small); #O2C_E_RECORD_REFERENCE (body of a wrong shape)
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_reference_make(int32_t scheme, const o2c_str *body, char *buffer, size_t size, o2c_error *err);
/** Bytes that the text of a class needs, its NUL included. */
#define O2C_LINE_CLASS_MAX 64
/**
 * Reads the class of a line (o2c_line.line_class) as people write it: "M13/KNOWN/OWN/ONLY_FIT" = label / payer / scope / certificate,
 * in either case.
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (not four words of the tables LABEL, PAYER_CLASS, SCOPE, CERTIFICATE).
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_line_class_read(const o2c_str *text, uint32_t *out_class, o2c_error *err);
/** Writes a class of a line in that form, capitals, with a NUL; "?" for a part that no table knows. Thread: any. @since 0.1 */
O2C_API void o2c_line_class_write(uint32_t line_class, char out_text[O2C_LINE_CLASS_MAX]);
/**
 * Folds a name to its key: compatibility forms, case, umlauts (two keys: ä → ae and ä → a), accents, punctuation, legal forms.
 * @param variant  0: umlauts to two letters; 1: umlauts to one letter
 * @param buffer   @p size bytes for the key and a NUL
 * @param out_len  bytes needed without the NUL; set on status 0 and on #O2C_E_ARG (buffer too small)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG; #O2C_E_RECORD_TEXT (not UTF-8)
 * Thread: any. Cost: O(len). @since 0.1
 */
O2C_API o2c_status o2c_name_fold(const o2c_str *name, int32_t variant, char *buffer, size_t size, size_t *out_len, o2c_error *err);

/* ---------------------------------------------------------------- items and who owes them */

/** One tier of cash discount. Frozen record, 16 bytes. */
typedef struct o2c_discount {
    int32_t until_day; /**< last day on which it is earned, inclusive; the value day decides */
    int32_t set;       /**< O2C_DISCOUNT_… ; 0 = no tier, the rest is zero */
    int64_t value;     /**< ppm of the original amount, or minor units; what is left after a part payment keeps its share */
} o2c_discount;

/** An open item: one receivable document, or one instalment of it. Frozen record, 176 bytes. */
typedef struct o2c_open_item {
    o2c_ref key;            /**< the host's key, 1 … 64 opaque bytes, unique; echoed byte for byte */
    o2c_ref document;       /**< number the payer sees; empty = none. Indexed as a reference of kind OWN */
    o2c_ref account;        /**< key of the account that owes */
    o2c_ref company;        /**< our company, at most 8 bytes; empty = the one company */
    uint64_t host_ref;      /**< the host's number, echoed */
    uint64_t version;       /**< what the host calls the state that was read; echoed as expect_version */
    char currency[4];       /**< ISO 4217 and a NUL */
    int32_t kind;           /**< O2C_ITEM_… */
    int64_t open_minor;     /**< + owes, − credit; 0 only for kind CLOSED */
    /** amount of the document, same sign; 0 = as open_minor. Give it for kind CLOSED: without it no amount proves a double
     *  payment */
    int64_t original_minor;
    int64_t earmarked_minor;/**< reserved by proposals that are not posted; 0 ≤ earmarked ≤ |open| */
    int32_t document_day;   /**< 0 = not known */
    int32_t due_day;        /**< 0 = not known: takes document_day for the order of the pool */
    int32_t closed_day;     /**< kind CLOSED: when; else 0 */
    uint32_t flags;         /**< O2C_ITEM_FLAG_… */
    o2c_discount discount[2];/**< best tier first */
    uint32_t terms_group;   /**< items of one payment term; 0 = none */
    uint32_t order_group;   /**< items of one order; 0 = none */
    uint32_t statement_group;/**< items of one statement or consolidated bill; 0 = none */
    uint32_t reserved;      /**< zero */
    uint64_t dimension_set; /**< hash of dimensions and tax code: items with different sets are not interchangeable */
    o2c_ref earmarked_by;   /**< key of the payment that holds the earmark; empty = none */
    o2c_ref cleared_by;     /**< kind CLOSED: key of the payment that cleared it; empty = not known */
    uint64_t reserved2;     /**< zero */
} o2c_open_item;

/** A number by which a payer may cite an item. Several items may share one text: then it cites all of them. Frozen record, 32 bytes. */
typedef struct o2c_reference {
    o2c_ref item;     /**< key of the item */
    o2c_ref text;     /**< 1 … 64 bytes as printed */
    int32_t kind;     /**< O2C_REFERENCE_… */
    int32_t scheme;   /**< kind STRUCTURED: O2C_SCHEME_…; else 0 */
    uint64_t reserved;/**< zero */
} o2c_reference;

/** A customer account. Frozen record, 48 bytes. */
typedef struct o2c_account {
    o2c_ref key;       /**< 1 … 64 bytes, unique; also taken as the customer number */
    o2c_ref name;      /**< empty = not known */
    o2c_ref group;     /**< policy group; empty = none. Carried, decides nothing in 0.1 */
    uint64_t host_ref; /**< echoed */
    int32_t tier;      /**< segment tier, 0 = none. Carried, decides nothing in 0.1 */
    uint32_t flags;    /**< O2C_ACCOUNT_FLAG_… */
    uint64_t reserved; /**< zero */
} o2c_account;

/** Another name or number of an account. Frozen record, 32 bytes. */
typedef struct o2c_alias {
    o2c_ref account;  /**< key of the account */
    o2c_ref text;     /**< the name or number as written; folded by the library */
    int32_t kind;     /**< O2C_ALIAS_… */
    uint32_t count;   /**< how often it was seen or confirmed */
    uint64_t row;     /**< the host's number of this learned row, echoed in evidence; 0 = none */
} o2c_alias;

/** A bank account a customer pays from. Two rows with one number and two accounts make it shared. Frozen record, 32 bytes. */
typedef struct o2c_bank_account {
    o2c_ref account;  /**< key of the account */
    o2c_ref number;   /**< IBAN, or routing + number; blanks and case do not count */
    int32_t state;    /**< O2C_BANK_ACCOUNT_… */
    uint32_t count;   /**< payments seen from it */
    uint64_t row;     /**< the host's number of this row, echoed in evidence; 0 = none */
} o2c_bank_account;

/** Who may pay for whom. Frozen record, 32 bytes. */
typedef struct o2c_tie {
    o2c_ref payer;      /**< key of the account that pays */
    o2c_ref owner;      /**< key of the account that owes */
    int32_t kind;       /**< O2C_TIE_… ; RECIPROCAL works both ways from one row */
    int32_t valid_from; /**< day, 0 = always */
    int32_t valid_to;   /**< last day, 0 = always */
    uint32_t reserved;  /**< zero */
} o2c_tie;

/**
 * Money that somebody said would come: a promise, an advice, a deposit or an order to be paid. Rows of one call with one key are one
 * expected payment for several items: the first says everything but the item. Frozen record, 80 bytes.
 */
typedef struct o2c_expected {
    o2c_ref key;         /**< 1 … 64 bytes; the host's */
    o2c_ref account;     /**< key of the account that will pay */
    o2c_ref item;        /**< key of an item it is for; empty = reference says which */
    o2c_ref reference;   /**< number of an order or document, at most 64 bytes: all open items of the account that it cites; empty = item */
    uint64_t host_ref;   /**< the host's number. Carried, decides nothing */
    int64_t amount_minor;/**< > 0 */
    char currency[4];    /**< ISO 4217 and a NUL */
    int32_t day;         /**< expected on, 0 = not said. Carried, decides nothing in 0.1: it waits until it is dropped */
    int32_t origin;      /**< O2C_EXPECTED_… */
    uint32_t reserved;   /**< zero */
    uint64_t reserved2[2];/**< zero */
} o2c_expected;

/* ---------------------------------------------------------------- what a bank file says */

/**
 * A string of a file: where it stands in the heap, and which bytes of the input it came from. Frozen record, 16 bytes.
 * Input bytes are counted after inflating and before transcoding; @p from counts from the at of the record it stands in.
 */
typedef struct o2c_field {
    o2c_ref text;
    uint32_t from; /**< first byte, counted from the record's at */
    uint32_t span; /**< bytes of the input; 0 = not from the file */
} o2c_field;

/** One piece of text, or one structured reference, of an entry or payment. Frozen record, 32 bytes. */
typedef struct o2c_text {
    o2c_ref text;
    uint64_t at;        /**< first byte in the input; without meaning when span is 0 */
    uint32_t span;      /**< bytes of the input; 0 = not from a file */
    uint32_t trust_ppm; /**< 0 = 1,000,000: as the bank sent it; less where others read it (OCR, mail) */
    int32_t scheme;     /**< structured reference: O2C_SCHEME_…; plain text: 0 */
    uint32_t reserved;  /**< zero */
} o2c_text;

/** A statement, report or notification of one account. Frozen record, 224 bytes. */
typedef struct o2c_statement {
    uint64_t at, span;       /**< bytes of the input */
    o2c_field id;            /**< Stmt/Id, :20: */
    o2c_field account;       /**< our account: IBAN or other number */
    o2c_field number;        /**< ElctrncSeqNb, LglSeqNb or :28C: */
    o2c_field message;       /**< MsgId of the file */
    char currency[4];
    int32_t kind;            /**< O2C_STATEMENT_… */
    int32_t format;          /**< O2C_FORMAT_… */
    int32_t version;         /**< message version, 8 for camt.053.001.08; 0 = none */
    int64_t opening_minor;   /**< valid if has & 1 */
    int64_t closing_minor;   /**< valid if has & 2 */
    int64_t sum_minor;       /**< Σ booked entries, credits + debits − */
    int64_t credit_minor;    /**< Σ booked credits */
    int64_t debit_minor;     /**< Σ booked debits, ≥ 0 */
    uint32_t has;            /**< O2C_STATEMENT_HAS_… */
    int32_t tie;             /**< O2C_TIE_RESULT_… */
    int32_t opening_day, closing_day;
    int32_t from_day, to_day;/**< period, 0 = not given */
    uint32_t entries_at;     /**< first row in the entries array */
    uint32_t entries_count;  /**< rows, details and residuals included */
    uint32_t booked_count;   /**< rows of level BOOKED */
    uint32_t balances_at;    /**< first row in the balances array */
    uint32_t balances_count;
    uint32_t flags;          /**< O2C_STATEMENT_FLAG_… */
    uint32_t page;           /**< page or part number, 0 = not given */
    uint32_t reserved[3];    /**< zero */
    uint64_t reserved2[3];   /**< zero */
} o2c_statement;

/** A balance as the file gives it. Frozen record, 48 bytes. */
typedef struct o2c_balance {
    uint64_t at;            /**< byte of the input */
    char code[8];           /**< "OPBD", "CLBD", … ; MT: "60F", "62M", "64", … */
    char currency[4];
    int32_t day;
    int64_t minor;          /**< credit +, debit − */
    uint32_t span;
    uint32_t reserved;      /**< zero */
    uint64_t reserved2;     /**< zero */
} o2c_balance;

/**
 * A line of a statement. Rows stand in file order; a BOOKED row with details is followed by exactly details_count rows of level
 * DETAIL and at most one RESIDUAL (counted in details_count); their amounts add up to the BOOKED row's. Frozen record, 416 bytes.
 */
typedef struct o2c_entry {
    uint64_t at, span;          /**< bytes of the input; a RESIDUAL has those of its entry */
    uint32_t statement;         /**< index of the statement in its array */
    uint32_t ordinal;           /**< 0-based place in the statement */
    int32_t level;              /**< O2C_ENTRY_… */
    int32_t status;             /**< O2C_ENTRY_STATUS_… */
    int64_t amount_minor;       /**< money in +, money out −, in currency */
    char currency[4];
    uint32_t flags;             /**< O2C_ENTRY_FLAG_… */
    int32_t value_day, booking_day;
    uint32_t amount_from, value_day_from, booking_day_from; /**< bytes from at; 0 = not from the file */
    uint32_t details_count;     /**< level BOOKED: rows that follow and belong to it */
    int64_t charges_minor;      /**< bank charges stated for it, ≥ 0, in charges_currency */
    int64_t instructed_minor;   /**< amount the payer ordered, 0 = not given */
    char charges_currency[4], instructed_currency[4];
    int32_t bearer;             /**< O2C_BEARER_… */
    uint32_t batch_count;       /**< transactions it says it stands for, 0 = not said */
    o2c_field entry_ref;        /**< NtryRef */
    o2c_field bank_ref;         /**< AcctSvcrRef; MT940: after // */
    o2c_field customer_ref;     /**< MT940 :61: customer reference */
    o2c_field end_to_end_id;    /**< empty when NOTPROVIDED */
    o2c_field transaction_id;   /**< TxId, else InstrId */
    o2c_field uetr;
    o2c_field mandate;
    o2c_field cheque;
    o2c_field batch_id;         /**< PmtInfId or MsgId of the batch */
    o2c_field code;             /**< bank transaction code: "PMNT/RCDT/ESCT", "NTRF", proprietary code */
    o2c_field other_name;       /**< the other side: debtor of money in, creditor of money out */
    o2c_field other_account;
    o2c_field other_bank;
    o2c_field other_ultimate;   /**< ultimate debtor or creditor */
    o2c_field return_reason;
    o2c_field purpose;
    o2c_field note;             /**< AddtlTxInf, AddtlNtryInf, supplementary line */
    uint32_t texts_at, texts_count;             /**< unstructured text pieces, in the texts array */
    uint32_t structured_at, structured_count;   /**< structured references, in the texts array */
    uint32_t lines_at, lines_count;             /**< remittance lines, in the lines array */
    uint64_t reserved[2];       /**< zero */
} o2c_entry;

/** One line of a remittance advice: one document. Frozen record, 160 bytes. */
typedef struct o2c_remittance_line {
    uint64_t at, span;        /**< bytes of the input */
    o2c_ref document;         /**< number of the document named */
    o2c_ref reference;        /**< structured creditor reference, or empty */
    o2c_ref reason;           /**< the payer's code of the adjustment, verbatim */
    o2c_ref words;            /**< the payer's words */
    int32_t kind;             /**< O2C_REMITTANCE_… */
    int32_t scheme;           /**< of reference */
    uint32_t has;             /**< O2C_HAS_… : which amounts were given */
    uint32_t ordinal;
    int64_t gross_minor;      /**< amount of the document */
    int64_t discount_minor;   /**< ≥ 0 */
    int64_t deduction_minor;  /**< adjustment that lowers the payment, ≥ 0; one that raises it is negative */
    int64_t credit_minor;     /**< credit note amount, ≥ 0 */
    int64_t tax_minor;        /**< ≥ 0 */
    int64_t paid_minor;       /**< remitted */
    char currency[4];
    int32_t document_day;
    uint32_t trust_ppm;       /**< 0 = 1,000,000 */
    uint32_t check;           /**< 1 = the line's own arithmetic does not hold (a finding, not a failure) */
    o2c_ref kind_text;        /**< document type as written */
    uint64_t reserved[3];     /**< zero */
} o2c_remittance_line;

/* ---------------------------------------------------------------- what the matcher takes */

/** A payment. Rows with a route other than CUSTOMER are answered, not matched. Frozen record, 240 bytes. */
typedef struct o2c_payment {
    o2c_ref key;              /**< 1 … 64 bytes, unique; echoed */
    uint64_t host_ref;        /**< echoed */
    o2c_ref statement;        /**< id of the statement it stands in */
    o2c_ref company;          /**< our company, at most 8 bytes; empty = the one company */
    o2c_ref our_account;      /**< account the money arrived on */
    char currency[4];
    int32_t stage;            /**< O2C_STAGE_…; zero means booked: set PREVIEW for intraday lines */
    int32_t route;            /**< O2C_ROUTE_…; zero means customer money */
    uint32_t ordinal;         /**< place in its statement: two equal lines are two payments */
    uint64_t at;              /**< bytes of the input; without meaning when span is 0 */
    uint64_t span;
    int64_t amount_minor;     /**< > 0 for route CUSTOMER; money out is negative */
    int64_t charges_minor;    /**< charges the bank stated, ≥ 0, in the payment's currency; charges in another one are not carried */
    int32_t bearer;           /**< O2C_BEARER_… */
    int32_t value_day;        /**< decides discounts; 0 = as booking_day */
    int32_t booking_day;
    uint32_t route_rule;      /**< number of the routing rule that fired, 0 = none; text: docs/rooms/match.md */
    o2c_ref payer_account;
    o2c_ref payer_name;
    o2c_ref ultimate_payer;
    o2c_ref customer_number;  /**< from a structured field or virtual account */
    o2c_ref mandate;
    o2c_ref cheque;
    o2c_ref end_to_end_id;
    o2c_ref bank_ref;
    uint32_t structured_at, structured_count; /**< structured references, rows of the texts array */
    uint32_t texts_at, texts_count;           /**< text pieces, rows of the texts array */
    o2c_ref batch_id;         /**< joins an entry with details that come later */
    o2c_ref code;             /**< bank transaction code */
    o2c_ref duplicate_of;     /**< route DUPLICATE: key of the payment that came first */
    int64_t instructed_minor; /**< what the payer ordered in another currency, ≥ 0; 0 = the file does not say, or it is the same currency */
    char instructed_currency[4]; /**< of instructed_minor; empty when that is 0 */
    uint32_t reserved2;       /**< zero */
    uint64_t reserved[2];     /**< zero */
} o2c_payment;

/** A remittance advice. Frozen record, 96 bytes. */
typedef struct o2c_remittance {
    o2c_ref key;              /**< 1 … 64 bytes, unique */
    o2c_ref payment;          /**< key of the payment it came with; empty = on its own (decoupled) */
    o2c_ref payment_reference;/**< trace or end-to-end id of the payment it announces; empty = none */
    o2c_ref payer;            /**< account key, customer number or name of the payer; empty = not said */
    int64_t total_minor;      /**< announced total; 0 = Σ paid of the lines, which is the same for one that nets to zero */
    char currency[4];
    int32_t day;
    uint32_t lines_at, lines_count; /**< rows of the lines array */
    o2c_ref source;           /**< file or channel, for people */
    uint64_t reserved[4];     /**< zero */
} o2c_remittance;

/* ---------------------------------------------------------------- what the matcher answers */

/** What the matcher says of one payment. Frozen record, 256 bytes. */
typedef struct o2c_proposal {
    o2c_ref payment;         /**< key of the payment */
    uint64_t host_ref;       /**< of the payment */
    o2c_ref account;         /**< payer, empty = not known */
    char currency[4];
    int32_t kind;            /**< O2C_KIND_… */
    int32_t band;            /**< O2C_BAND_… ; AUTO if every line is AUTO */
    int32_t label;           /**< O2C_LABEL_… of the weakest line */
    int32_t certificate;     /**< O2C_CERTIFICATE_… of the weakest line */
    uint32_t outcome_ppm;    /**< posterior of the whole outcome; information, decides nothing */
    uint32_t confidence_ppm; /**< of the weakest line; 0 without lines */
    uint32_t row;            /**< index of the payment in the request */
    int32_t payer_class;     /**< O2C_PAYER_… */
    int32_t payer_evidence;  /**< 1 … 6 = P1 … P6, 0 = none */
    int64_t amount_minor;    /**< the payment's */
    int64_t applied_minor;   /**< Σ paid of the lines, payment currency */
    int64_t on_account_minor;
    int64_t refund_minor;    /**< refund requested */
    int64_t unapplied_minor;
    int64_t charge_in_file_minor; /**< charge the file states, grosses the payment up */
    uint64_t operations;     /**< spent on it */
    uint32_t bound_ppb;      /**< share of explanations that were bounded, not listed */
    int32_t complete;        /**< 1 search complete, 0 cut short or bounded */
    uint32_t lines_at, lines_count;
    uint32_t evidence_at, evidence_count;
    uint32_t alternatives_at, alternatives_count;
    uint32_t reasons_at, reasons_count;
    uint32_t gates;          /**< O2C_GATE_… of all lines together, and of the payment */
    uint32_t rules;          /**< number of the decision tables; raised whenever a result could change */
    uint8_t model_hash[32];  /**< digest of the model: o2c_match_model_hash() */
    uint8_t policy_hash[32]; /**< SHA-256 of the resolved policy's canonical bytes */
    o2c_ref text;            /**< the payment's text pieces joined by LF: evidence spans count its bytes */
    uint64_t reserved[2];    /**< zero */
} o2c_proposal;

/**
 * One line of a proposal: what one posting needs, nothing left to compute. Frozen record, 272 bytes.
 *
 * cleared = paid + discount + discount_tolerance + tolerance + charge + withholding + rounding + deduction (item currency,
 * credits negative); remaining = expect_open − cleared.
 */
typedef struct o2c_line {
    o2c_ref item;            /**< key of the item */
    o2c_ref document;        /**< its number */
    o2c_ref account;         /**< key of the account that owes it */
    o2c_ref company;         /**< company the money arrived at */
    o2c_ref item_company;    /**< company of the item */
    uint64_t host_ref;       /**< of the item */
    uint64_t expect_version; /**< version it was computed on */
    int64_t expect_open_minor;/**< open amount it was computed on; another value at posting = stale */
    int64_t paid_minor;      /**< in the item's currency */
    int64_t paid_currency_minor; /**< in the payment's currency; equal when the currencies are */
    int64_t discount_minor;
    int64_t discount_tolerance_minor;
    int64_t tolerance_minor;
    int64_t charge_minor;
    int64_t withholding_minor;
    int64_t rounding_minor;
    int64_t deduction_minor;
    int64_t fx_minor;        /**< what it brought more (+) or less (−) than at the host's rate, payment's currency; 0 without such a rate */
    int64_t rate_numerator, rate_denominator; /**< minor units of the payment's currency for those of the item's; 0 = same currency */
    int64_t cleared_minor;
    int64_t remaining_minor;
    o2c_ref claim;           /**< key of the closed document a deduction is about */
    o2c_ref words;           /**< the payer's code or words for the deduction */
    char currency[4];        /**< of the item */
    int32_t deduction_reason;/**< O2C_DEDUCTION_… */
    int32_t close;           /**< O2C_CLOSE_… */
    int32_t band;            /**< O2C_BAND_… */
    int32_t label;           /**< O2C_LABEL_… */
    int32_t certificate;     /**< O2C_CERTIFICATE_… */
    uint32_t line_class;     /**< label | payer class << 8 | scope << 16 | certificate << 24 */
    uint32_t confidence_ppm; /**< the one number */
    uint32_t error_ppb;      /**< 10^9 · (1 − p), rounded up; before calibration */
    uint32_t class_error_ppm;/**< error to assume for the class beyond p */
    uint32_t gates;          /**< O2C_GATE_… */
    uint32_t proposal;       /**< index of its proposal */
    int32_t arithmetic;      /**< O2C_ARITHMETIC_… */
    int32_t scope;           /**< O2C_SCOPE_… */
    uint32_t would_auto;     /**< 1: everything was met but the release itself, and the draw of the audit sample */
    uint32_t reserved;       /**< zero */
    uint64_t reserved2[2];   /**< zero */
} o2c_line;

/**
 * What people cleared: so much of this item with this payment. Rows of one payment and item add up. Frozen record, 64 bytes.
 * Amounts have the sign of the item (credits negative); one of the other sign takes an earlier clearing back.
 */
typedef struct o2c_clearing {
    o2c_ref payment;          /**< key of the payment */
    o2c_ref item;             /**< key of the item */
    int64_t applied_minor;    /**< money, in the item's currency */
    int64_t discount_minor;   /**< discount and whatever else came off with it */
    int32_t cleared_day;      /**< posting day, 0 = not said */
    int32_t known_day;        /**< day from which it was known; 0 = cleared_day, without one the day of the payment */
    uint32_t flags;           /**< O2C_CLEARING_… */
    uint32_t reserved;        /**< zero */
    uint64_t reserved2[2];    /**< zero */
} o2c_clearing;

/**
 * What a person said of one disagreement: whose answer was right. Only those drawn count, in the order of the draw and without a gap, so
 * that nobody can pick what he judges. Frozen record, 32 bytes.
 */
typedef struct o2c_judgment {
    o2c_ref payment;         /**< key */
    int32_t verdict;         /**< O2C_POSSIBLE_OURS, _THEIRS, _BOTH or _NEITHER; all but OURS count against us */
    uint32_t reserved;       /**< zero */
    uint64_t reserved2[2];   /**< zero */
} o2c_judgment;
/* ---------------------------------------------------------------- what became of it */

/**
 * One judged line, or one judged payment. Frozen record, 192 bytes.
 *
 * Feedback of one day counts the same in any order. Rows of the verdicts POSTED, REFUSED_TECHNICAL and EXPIRED teach nothing: that
 * nobody complained proves nothing.
 */
typedef struct o2c_feedback {
    o2c_ref payment;         /**< key of the payment, 1 … 64 bytes */
    o2c_ref item;            /**< key of the item; empty = the payment as a whole */
    o2c_ref account;         /**< customer it counts at: the payer, else who owes; at most 64 bytes, empty = none */
    o2c_ref bank_account;    /**< the payer's account as the payment gave it; empty = teaches none */
    o2c_ref name;            /**< the payer's name as the payment gave it, at most 512 bytes; empty = teaches none */
    int32_t verdict;         /**< O2C_VERDICT_… */
    int32_t right;           /**< verdicts MODIFIED and HISTORY: 1 the line was right, 0 wrong; else 0 */
    int32_t source;          /**< O2C_FEEDBACK_… */
    int32_t day;             /**< day of the verdict, > 0 */
    int32_t tier;            /**< tier of the account: its segment */
    uint32_t line_class;     /**< of the line; 0 = counts at no class */
    uint32_t error_ppb;      /**< of the line, 0 … 10^9 */
    uint32_t confidence_ppm; /**< of the line, 0 … 10^6 */
    uint32_t would_auto;     /**< 1: everything was met but the release itself; only such lines count towards a bound */
    int32_t pool_count;      /**< habit: debit items open in the payer's pool; 0 = teaches none */
    int32_t set_count;       /**< habit: how many of them were paid, 1 … pool_count */
    int32_t runs;            /**< habit: in how many runs of neighbors, 1 … set_count */
    uint64_t learned_row;    /**< evidence row it relied on; 0 = none */
    uint32_t oldest;         /**< habit: 1 = the oldest item was among them */
    int32_t ended;           /**< difference: O2C_ARITHMETIC_X0 … X8, how it ended: taken off (X1 … X6), or open or claimed (X7) */
    o2c_ref text;            /**< shape: what the payment said, at most 4,096 bytes; empty = teaches none */
    o2c_ref document;        /**< shape: number of the item as printed, at most 64 bytes; empty = teaches none */
    int64_t owed_minor;      /**< difference: Σ open of what was paid, > 0; 0 = teaches none */
    int64_t differed_minor;  /**< difference: owed less what was paid for it, −2^62 … owed; < 0 was paid too much */
    o2c_ref code;            /**< the payer's own code for it, at most 64 bytes; empty = teaches none */
    int32_t reason;          /**< O2C_DEDUCTION_…: our reason for the code; 0 = none */
    char currency[4];        /**< of the difference: three capital letters and a zero byte, or all zero */
    uint64_t reserved2[5];   /**< zero */
} o2c_feedback;

/* ---------------------------------------------------------------- arrays that travel together (options structs) */

/** Statements with everything they point into. Borrowed arrays. */
typedef struct o2c_statements {
    uint32_t struct_size;
    uint32_t reserved;
    const o2c_statement *rows;
    uint64_t count;
    const o2c_entry *entries;
    uint64_t entries_count;
    const o2c_balance *balances;
    uint64_t balances_count;
    const o2c_text *texts;
    uint64_t texts_count;
    const o2c_remittance_line *lines;
    uint64_t lines_count;
    o2c_str heap;
} o2c_statements;

/** Payments with their text pieces. Borrowed arrays. */
typedef struct o2c_payments {
    uint32_t struct_size;
    uint32_t reserved;
    const o2c_payment *rows;
    uint64_t count;
    const o2c_text *texts;
    uint64_t texts_count;
    o2c_str heap;
} o2c_payments;

/** Remittances with their lines. Borrowed arrays. */
typedef struct o2c_remittances {
    uint32_t struct_size;
    uint32_t reserved;
    const o2c_remittance *rows;
    uint64_t count;
    const o2c_remittance_line *lines;
    uint64_t lines_count;
    o2c_str heap;
} o2c_remittances;

/** Items and customers as a file gives them. Borrowed arrays. */
typedef struct o2c_master {
    uint32_t struct_size;
    uint32_t reserved;
    const o2c_open_item *items;
    uint64_t items_count;
    const o2c_reference *references;
    uint64_t references_count;
    const o2c_account *accounts;
    uint64_t accounts_count;
    const o2c_alias *aliases;
    uint64_t aliases_count;
    const o2c_bank_account *bank_accounts;
    uint64_t bank_accounts_count;
    const o2c_tie *ties;
    uint64_t ties_count;
    o2c_str heap;
} o2c_master;

O2C_END_DECLS
#endif
