/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool as it is put together: rows in order of arrival, and the way from them to columns and back.
 *
 * Items stand as rows until the pool is frozen the first time. Freezing turns them into columns; thawing leaves the columns where they
 * are: row i is column i, and only what is put from then on is a row of its own. The next freeze merges both (freeze_patch.c), or makes
 * rows of all of them where that is not enough. What belongs to accounts (names, bank accounts, ties) and the references stay as they
 * were put: they are few beside the items.
 */
#ifndef O2C__MATCH_POOL_H
#define O2C__MATCH_POOL_H
#include "match/index_slots.h"
#include "match/match.h"

struct o2c__reference_row;

/* As put: of the rows of one key those of the last batch count; amount 0 = dropped. */
struct o2c__expected_row {
    o2c_expected is; /* refs into side */
    uint32_t batch;
};

#define O2C__POOL_ITEMS_MAX ((uint32_t)INT32_MAX - 16) /* columns carry one more bit in the index */
#define O2C__POOL_ACCOUNTS_MAX ((uint32_t)1 << 29)     /* the sort key has 29 bits for them, */
#define O2C__POOL_COMBOS_MAX ((uint32_t)1 << 17)       /* and 17 for company × currency */

/* Strings to numbers in order of first arrival; the bytes stand in the side heap. */
struct o2c__interner {
    struct o2c__slots slots;
    o2c__vector refs; /* of o2c_ref */
    uint32_t last;    /* the number that was asked for last, 0 at first: the next row has the same string more often than not */
};

struct o2c__item_row {
    o2c_ref key, document, earmarked_by, cleared_by; /* in rows->heap */
    uint64_t host_ref, version, dimension_set;
    int64_t open, original, earmarked;
    uint32_t account, combo; /* interned */
    int32_t document_day, due_day, closed_day;
    uint32_t discount;       /* 0 = none, else 1 + interned pair */
    uint16_t kind, flags;
    uint32_t groups;         /* 0 = none, else 1 + interned terms, order and statement group */
    uint32_t replaces;       /* row that this one took the place of, O2C__NONE = none */
    uint16_t dead;           /* 1 = replaced or dropped */
    uint16_t settled;        /* while freezing: the index knows its document number already */
};

struct o2c__pool_rows {
    o2c__text_heap side;     /* strings of everything but items; lives as long as the pool */
    o2c__text_heap heap;     /* strings of item rows; while a patched freeze runs they stand in the heap of the pool already */
    bool strings_moved;      /* that is so */
    o2c__vector items;       /* of struct o2c__item_row: from row base on */
    uint32_t base;           /* thawed: rows before this one are columns, and those of the last freeze stand still; 0 = none */
    const struct o2c__echo *base_echo; /* of these columns */
    uint64_t *base_dead;     /* a bit for each of them: replaced or dropped. NULL = no columns stand, not even of an empty pool */
    struct o2c__slots keys;  /* item key → row, dead ones too: a dead row may be taken over */
    bool thawed_once;        /* then the table of keys outlives a freeze: rows come back as columns, so the numbers hold */
    uint64_t live;
    uint64_t items_hint;
    struct o2c__interner accounts, combos, discounts, groups;
    o2c__vector references, accounts_put, aliases, bank_accounts, ties; /* records as put, refs into side */
    o2c__vector expected; /* of struct o2c__expected_row */
    uint32_t expected_batch;
    /* frozen: what the columns do not say and thawing needs */
    uint32_t *closed_combo;  /* count − open_count rows */
    uint32_t discounts_frozen, relatives_count; /* lengths of columns that carry none */
    /* thawed again: the indexes of the last freeze, for the next one to carry over (index_patch.c) */
    struct o2c__index *kept;
    uint32_t kept_count, kept_open; /* items, open items: rows of items in the order of those columns */
    uint32_t *kept_accounts;        /* accounts of the last freeze as interned, in their order */
    uint32_t kept_accounts_count, kept_accounts_room;
    struct o2c__account *kept_names; /* as many: their keys and names */
    size_t kept_heap;               /* bytes of strings when all was built anew the last time */
    o2c__vector reference_columns;  /* uint32_t, of the references that stood at the last freeze: columns of their items */
    uint32_t patches;               /* how often the indexes were carried over since all was built anew */
    bool side_changed;              /* something else than items and references was put since the last freeze */
};

/* A place to go back to when a put fails half-way. */
struct o2c__pool_mark {
    size_t items, heap, side; /* items: rows, those that are columns among them */
    size_t references, accounts_put, aliases, bank_accounts, ties, expected;
    uint64_t live;
};

/* ---- rows by their number, be they columns still or not */
static inline uint32_t
o2c__pool_rows_count(const o2c_match_pool *pool)
{
    return pool->rows->base + (uint32_t)pool->rows->items.count;
}
/* Of base rows on only. */
static inline struct o2c__item_row *
o2c__pool_item_row(const o2c_match_pool *pool, uint32_t row)
{
    return &O2C__AT(&pool->rows->items, struct o2c__item_row, row - pool->rows->base);
}
static inline bool
o2c__pool_row_dead(const o2c_match_pool *pool, uint32_t row)
{
    const struct o2c__pool_rows *rows = pool->rows;
    return row < rows->base ? rows->base_dead[row / 64] >> row % 64 & 1 : o2c__pool_item_row(pool, row)->dead;
}
static inline void
o2c__pool_row_bury(o2c_match_pool *pool, uint32_t row, bool dead)
{
    struct o2c__pool_rows *rows = pool->rows;
    uint64_t bit = UINT64_C(1) << row % 64;
    if (row >= rows->base)
        o2c__pool_item_row(pool, row)->dead = dead;
    else if (dead)
        rows->base_dead[row / 64] |= bit;
    else
        rows->base_dead[row / 64] &= ~bit;
}

/* ---- pool_rows.c */
bool o2c__intern(o2c_match_pool *pool, struct o2c__interner *interner, o2c_str text, uint32_t *out);
/* The number of an interned string, O2C__NONE = never seen. */
uint32_t o2c__interned(const o2c_match_pool *pool, const struct o2c__interner *interner, o2c_str text);
o2c_str o2c__interned_str(const o2c_match_pool *pool, const struct o2c__interner *interner, uint32_t number);
/* What refs of item rows point into. */
o2c_str o2c__item_strings(const o2c_match_pool *pool);
/* Strings of items change hands between rows and columns without a copy. */
void o2c__strings_swap(o2c_match_pool *pool);
struct o2c__pool_mark o2c__pool_mark(const o2c_match_pool *pool);
/* Back to the mark; never fails. */
void o2c__pool_back(o2c_match_pool *pool, const struct o2c__pool_mark *mark);
void o2c__pool_rows_free(o2c_match_pool *pool, struct o2c__pool_rows *rows);
/* Frees item rows, their strings and their table. */
void o2c__pool_items_free(o2c_match_pool *pool);
/* Row of a key, dead or alive; O2C__NONE = never put. */
uint32_t o2c__pool_row(const o2c_match_pool *pool, o2c_str key);
/* Asks memory for the slot of a key, and answers its hash; the table has room. */
uint64_t o2c__pool_key_ask(const o2c_match_pool *pool, o2c_str key);
/* A key of this hash leads to this row from now on; old: the row before, O2C__NONE = there was none. false: that row is first or behind it,
 * and nothing has changed. */
bool o2c__pool_key_take(o2c_match_pool *pool, o2c_str key, uint64_t hash, uint32_t row, uint32_t first, uint32_t *out_old);
/* Room in the key table for more rows; false = no memory. */
bool o2c__pool_keys_reserve(o2c_match_pool *pool, uint64_t more);
/* Writes the slot of the row's key: takes over the slot that stands there, or a new one. */
void o2c__pool_keys_set(o2c_match_pool *pool, uint32_t row);
/* Every row becomes its column; those that have none are forgotten. */
void o2c__pool_keys_move(o2c_match_pool *pool, const uint32_t *column);

/* ---- pool_thaw.c: frozen columns are rows as well. The pool counts as frozen until o2c__pool_thawed says that the put went well. */
o2c_status o2c__pool_thaw(o2c_match_pool *pool, o2c_error *err);
void o2c__pool_thawed(o2c_match_pool *pool);
/* Columns become rows of their own; a failure leaves everything as it was. */
o2c_status o2c__pool_whole(o2c_match_pool *pool, o2c_error *err);
/* Columns are rows no longer. */
void o2c__pool_base_free(o2c_match_pool *pool);
/* The put failed and the rows are back at their mark: frozen as before. */
void o2c__pool_thaw_undo(o2c_match_pool *pool);
/* Frees columns and indexes. */
void o2c__pool_columns_free(o2c_match_pool *pool);

/* ---- pool_sort.c */
struct o2c__sort_row {
    uint64_t key;
    uint32_t row, reserved;
};
/* Stable sort of n 32-bit numbers by compare; scratch holds n of them. */
void o2c__sort(uint32_t *numbers, uint32_t *scratch, size_t n, int (*compare)(const void *self, uint32_t a, uint32_t b), const void *self);
/* Stable radix sort by key; the sorted rows end in *rows (rows and scratch may change places). */
void o2c__sort_keys(struct o2c__sort_row **rows, struct o2c__sort_row **scratch, size_t n);
/* The same for n words by their upper halves; answers where the sorted ones stand, in rows or in scratch. */
uint64_t *o2c__sort_narrow(uint64_t *rows, uint64_t *scratch, size_t n);

/* ---- freeze.c and its parts: what stands in memory only while a pool freezes */

/* What orders a row: a few bytes of it, side by side, so that whole rows are walked once. */
struct o2c__row_head {
    uint32_t account, combo; /* interned */
    uint32_t due;            /* due day, else document day */
    uint16_t kind, dead;
};
struct o2c__freezer {
    uint32_t first;            /* row: those before it are columns, and in order */
    struct o2c__row_head *heads; /* from row first on */
    uint32_t heads_room;
    uint32_t live;             /* items */
    uint32_t *order;           /* column → row; where columns are merged: rows that are new, in order */
    uint32_t order_room;       /* keys and spare have as much */
    uint32_t *column;          /* row → column, O2C__NONE = dead */
    uint32_t rows_count;
    uint32_t *account_of;      /* interned account → index into accounts, O2C__NONE = not used */
    uint32_t *account_order;   /* index into accounts → interned */
    uint32_t *combo_rank;      /* interned combo → place by (company, currency) */
    uint32_t *combo_company;   /* interned combo → index into companies */
    uint32_t accounts_interned, combos_interned;
    struct o2c__sort_row *keys, *spare;
    const uint64_t *amounts;   /* in their room: open amounts in 32 bits above their columns, in the order of the index; NULL = not so */
    /* at the end 1 for every reference that repeats another; max(items, accounts, combos, rows of any kind) numbers */
    uint32_t *scratch;
    uint32_t scratch_count;
    uint32_t *numbers;         /* as many */
    struct o2c__reference_row *references;
    uint32_t references_count, references_room;
    uint32_t *reference_column; /* parallel to the references put: column of the item, O2C__NONE = dropped */
    uint32_t reference_columns; /* length of it */
    bool patch;                /* columns are merged, the kept indexes are carried over, and the strings with them */
    size_t strings;            /* bytes of them that belong to the rows */
    uint64_t document_bytes;   /* of the document numbers of all columns */
    uint32_t *moved;           /* column of the last freeze → column, O2C__NONE = dropped */
    uint32_t *moved_document;  /* the same; O2C__NONE also where the document number changed */
    uint32_t moved_count;
};
/* freeze.c: sorted = rows that are put in order, of whole rows all that live. On failure what is there is freed by the caller. */
o2c_status o2c__freezer_new(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t first, uint32_t sorted, o2c_error *err);
void o2c__freezer_free(o2c_match_pool *pool, struct o2c__freezer *freezer);
/* What stands beside the columns once they are in order: accounts, relatives, references. */
o2c_status o2c__freeze_sides(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
/* Takes over what the next freeze needs of this one; never fails. */
void o2c__freezer_keep(o2c_match_pool *pool, struct o2c__freezer *freezer);
/* freeze_patch.c: columns and indexes of the last freeze follow what was put and dropped. *out_done false = rows must be made of them. */
o2c_status o2c__freeze_patch(o2c_match_pool *pool, bool *out_done, o2c_error *err);
/* freeze_order.c: accounts, companies and the order of items */
o2c_status o2c__freeze_order(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
/* Its parts: what rows and accounts put use; accounts in order; pairs of company and currency in order; rows from first on in order */
void o2c__freeze_mark(o2c_match_pool *pool, struct o2c__freezer *freezer);
o2c_status o2c__freeze_order_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
o2c_status o2c__freeze_order_combos(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
uint32_t o2c__freeze_order_rows(o2c_match_pool *pool, struct o2c__freezer *freezer);
/* freeze_columns.c */
o2c_status o2c__freeze_columns(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
/* Its parts: empty columns for the items counted; one row into its column; tiers */
bool o2c__columns_new(o2c_match_pool *pool);
bool o2c__columns_gather(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t item, const struct o2c__item_row *row);
o2c_status o2c__columns_discounts(o2c_match_pool *pool, o2c_error *err);
/* freeze_expected.c: when the indexes stand and the rows still do */
o2c_status o2c__freeze_expected(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_error *err);
/* freeze_groups.c: terms, order and statement groups, for the items that have one */
o2c_status o2c__freeze_groups(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_error *err);
struct o2c__groups;
void o2c__groups_read(const o2c_match_pool *pool, uint32_t number, struct o2c__groups *out);
/* freeze_accounts.c: names, flags, item accounts and relatives */
o2c_status o2c__freeze_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
o2c_status o2c__freeze_relatives(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
/* freeze_classes.c: when the index of amounts stands */
void o2c__freeze_classes(o2c_match_pool *pool, struct o2c__freezer *freezer);
/* freeze_references.c: the rows of the reference table, and those that the pool keeps */
o2c_status o2c__freeze_references(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
void o2c__freeze_keep_references(o2c_match_pool *pool, const struct o2c__freezer *freezer);

/* ---- put.c, put_side.c: rows of one kind behind the ones that are there; on failure the caller goes back to its mark */
o2c_status o2c__put_items(o2c_match_pool *pool, const o2c_open_item *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__put_references(o2c_match_pool *pool, const o2c_reference *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__put_accounts(o2c_match_pool *pool, const o2c_account *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__put_aliases(o2c_match_pool *pool, const o2c_alias *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__put_bank_accounts(o2c_match_pool *pool, const o2c_bank_account *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__put_ties(o2c_match_pool *pool, const o2c_tie *rows, uint64_t count, o2c_str heap, o2c_error *err);
/* put_expected.c */
o2c_status o2c__put_expected(o2c_match_pool *pool, const o2c_expected *rows, uint64_t count, o2c_str heap, o2c_error *err);
o2c_status o2c__drop_expected(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, o2c_str heap, o2c_error *err);
/* put_check.c: O2C_OK, or the error with row and field filled. */
o2c_status o2c__check_item(const o2c_match_pool *pool, const o2c_open_item *row, uint64_t index, o2c_str heap, o2c_error *err);
o2c_status o2c__check_key(o2c_ref key, o2c_str heap, const char *field, uint64_t index, o2c_error *err);
#endif
