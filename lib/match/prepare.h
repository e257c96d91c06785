/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of prepare hand to each other: statements become sheets, their lines become drafts of payments, drafts that are
 * told to be the same line are linked, and what remains is written out in input order.
 *
 *   prepare_check → prepare_sheet → prepare_join → prepare_draft (prepare_route) → prepare_duplicates → prepare_write
 */
#ifndef O2C__MATCH_PREPARE_H
#define O2C__MATCH_PREPARE_H
#include "match/match.h"

/* Numbers of the routing rules, in o2c_payment.route_rule. Never reused; the page of the room lists them. */
enum {
    O2C__RULE_ZERO = 1,            /* no money */
    O2C__RULE_STATUS = 2,          /* for information, or of a future day */
    O2C__RULE_RESIDUAL = 3,        /* unexplained rest of a batch */
    O2C__RULE_RETURN_REASON = 4,   /* a return reason is given */
    O2C__RULE_REVERSAL = 5,        /* marked as a reversal */
    O2C__RULE_RETURN_CODE = 6,     /* bank transaction code of a return */
    O2C__RULE_INTEREST_CODE = 7,
    O2C__RULE_FEE_CODE = 8,
    O2C__RULE_TAX_CODE = 9,
    O2C__RULE_TRANSFER_CODE = 10,  /* sweep, pooling, balancing, transfer inside the company */
    O2C__RULE_OWN_ACCOUNT = 11,    /* the other side is an account of ours */
    O2C__RULE_CARD_CODE = 12,      /* settlement of a card acquirer */
    O2C__RULE_MONEY_OUT = 13,      /* no other rule, and the money left */
    O2C__RULE_BATCH = 14,          /* a batch without details */
    O2C__RULE_BARE = 15,           /* a booked line that names nobody and nothing: its details come later */
    O2C__RULE_REST_OF_JOIN = 16,   /* the entry less the details of its notification */
    O2C__RULE_SAME_STATEMENT = 17, /* the whole statement was delivered before */
    O2C__RULE_BANK_REFERENCE = 18, /* key 1: our account, booking day, amount, currency, bank reference */
    O2C__RULE_END_TO_END = 19,     /* key 2: payer's account, amount, value day, end-to-end id */
    O2C__RULE_PREVIEW = 20,        /* an intraday line that was delivered before, or is booked already */
    O2C__RULE_NOTIFIED = 21,       /* a notification without details of an entry that stands in a statement */
    O2C__RULE_KEY = 22             /* same statement and place as a payment of the history */
};

/* A statement of a file on its way. */
struct o2c__sheet {
    uint32_t file, statement;
    uint32_t copy_of;    /* sheet that was delivered before with the same content; O2C__NONE = none */
    uint32_t copies;     /* sheets before it with the same prefix: tells their keys apart */
    int32_t park;        /* O2C_PARK_…, 0 = taken in */
    o2c_ref company;     /* in the heap of the answer */
    o2c_str prefix;      /* of the keys of its payments */
    o2c_str account;     /* normalized */
    uint8_t digest[32];  /* of the content, once has_digest */
    bool has_digest, weak; /* weak: nothing names the statement, only its whole content does */
};

/* A payment on its way. */
struct o2c__draft {
    o2c_payment row;     /* refs into the heap of the answer; duplicate_of is set at the end */
    uint32_t sheet;
    uint32_t entry;      /* row of the file's entries */
    uint32_t instead;    /* who stands for it: the booked line of a preview, the first of a duplicate; O2C__NONE = itself */
    bool dropped;        /* its booked line took over its key */
    bool has_lines;      /* the file gave remittance lines */
};

struct o2c_match_prepared {
    o2c__context context;
    o2c__vector payments, texts, remittances, lines, parked;
    o2c__text_heap heap;
};

struct o2c__prepare {
    o2c_match_prepared *out;
    o2c__memory *memory;
    o2c_match_prepare_request request; /* read by the struct_size rule */
    o2c_statements *files;
    uint32_t files_count;
    o2c_payments history;
    o2c_remittances remittances;
    o2c__arena arena;
    o2c__vector sheets, drafts;
    o2c__map ours;       /* normalized number → row of our_accounts, or of nothing when all accounts are one company */
    o2c__map own;        /* normalized numbers of every account of ours that is known in this run */
    o2c__map prefixes;   /* prefix → sheets that have it */
    uint64_t **joined;   /* file → entry → 1 + (file << 32 | entry) of its other half; NULL = nothing is joined */
    bool has_preview, canceled;
};

#define O2C__SHEET(prepare, i) (&O2C__AT(&(prepare)->sheets, struct o2c__sheet, i))
#define O2C__DRAFT(prepare, i) (&O2C__AT(&(prepare)->drafts, struct o2c__draft, i))
#define O2C__PREPARE_ROWS_MAX (UINT32_C(1) << 31) /* drafts and history rows share 32-bit numbers */

static inline const o2c_statement *
o2c__sheet_row(const struct o2c__prepare *prepare, const struct o2c__sheet *sheet)
{
    return &prepare->files[sheet->file].rows[sheet->statement];
}

/* The number without blanks, in capitals, in the arena; ptr NULL = no memory. */
o2c_str o2c__number_normal(o2c__arena *arena, o2c_str number);
/* FNV-like hash that is equal on every platform; never 0. */
uint64_t o2c__stable_hash(uint64_t hash, o2c_str text);
/* The key of a payment: "<prefix>/<ordinal>" and "~<copy>" when copy is not 0; at most 64 bytes; answers the length. */
size_t o2c__payment_key(o2c_str prefix, uint32_t ordinal, uint32_t copy, char out[O2C_KEY_BYTES_MAX]);

o2c_status o2c__prepare_check(struct o2c__prepare *prepare, o2c_error *err);
o2c_status o2c__prepare_sheets(struct o2c__prepare *prepare, o2c_error *err);
bool o2c__prepare_join(struct o2c__prepare *prepare);
o2c_status o2c__prepare_drafts(struct o2c__prepare *prepare, o2c_error *err);
bool o2c__prepare_duplicates(struct o2c__prepare *prepare);
bool o2c__prepare_write(struct o2c__prepare *prepare);

/* What routing looks at. */
struct o2c__route_facts {
    int64_t amount;
    int32_t level, status;
    uint32_t flags;
    bool has_return_reason, other_is_ours, waits, bare;
    o2c_str code;
};
/* O2C_ROUTE_… and in *rule the rule that fired, 0 = none. */
int32_t o2c__route(const struct o2c__route_facts *facts, uint32_t *rule);
#endif
