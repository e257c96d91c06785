/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builders: a desk with valid records and good defaults; a test names only what matters to it. Amounts are in minor units,
 * days as "2026-02-03". Everything a builder cannot do aborts the test program: a broken builder must not look like a result.
 */
#ifndef O2C_TEST_BUILD_H
#define O2C_TEST_BUILD_H
#include <o2c/o2c.h>

#define DESK_ROWS_MAX 512
#define DESK_ITEMS_MAX 1024

struct desk {
    o2c_heap *heap;
    o2c_open_item items[DESK_ITEMS_MAX];
    o2c_reference references[DESK_ROWS_MAX];
    o2c_account accounts[DESK_ROWS_MAX];
    o2c_alias aliases[DESK_ROWS_MAX];
    o2c_bank_account bank_accounts[DESK_ROWS_MAX];
    o2c_tie ties[DESK_ROWS_MAX];
    o2c_payment payments[DESK_ROWS_MAX];
    o2c_text texts[DESK_ROWS_MAX];
    o2c_remittance remittances[DESK_ROWS_MAX];
    o2c_remittance_line lines[DESK_ROWS_MAX];
    uint32_t items_count, references_count, accounts_count, aliases_count, bank_accounts_count, ties_count, payments_count, texts_count,
        remittances_count, lines_count;
    o2c_match_pool *pool;
    o2c_match_model *model;
    const o2c_match_model *base; /* what was learned before; NULL = the cold default. Borrowed */
    o2c_match_rules *rules;
    o2c_match_solution *solution;
    o2c_error err;
};

void desk_open(struct desk *desk);
void desk_close(struct desk *desk);
o2c_ref desk_text(struct desk *desk, const char *text);
int32_t desk_day(const char *iso);

/* The row just added, to be adjusted before desk_solve. */
o2c_open_item *desk_item(struct desk *desk, const char *key, const char *account, const char *document, int64_t open, const char *document_day,
                         const char *due_day);
o2c_reference *desk_reference(struct desk *desk, const char *item, int32_t kind, const char *text);
o2c_account *desk_account(struct desk *desk, const char *key, const char *name);
o2c_bank_account *desk_bank_account(struct desk *desk, const char *account, const char *number);
o2c_tie *desk_tie(struct desk *desk, const char *payer, const char *owner, int32_t kind);
/* A booked customer payment of that value day; iban, name and text may be NULL. */
o2c_payment *desk_payment(struct desk *desk, const char *key, int64_t amount, const char *day, const char *iban, const char *text);
o2c_remittance *desk_remittance(struct desk *desk, const char *key, const char *payment);
/* A line of the last remittance. */
o2c_remittance_line *desk_line(struct desk *desk, const char *document, int64_t paid);
/* One policy layer; NULL = the shipped defaults. */
void desk_policy(struct desk *desk, const o2c_match_policy *policy);
/* Builds the pool and the model from the rows (again at each call) and solves all payments. */
o2c_status desk_solve(struct desk *desk);

const o2c_proposal *desk_proposal(const struct desk *desk, uint32_t index);
const o2c_line *desk_lines(const struct desk *desk, uint32_t proposal);
/* "INV-1=100.00 d2.00 o5.00": each line as key=paid with its typed parts; in the order of the lines. buffer is answered. */
const char *desk_render(const struct desk *desk, uint32_t proposal, char *buffer, size_t size);
const char *desk_say(const struct desk *desk, uint32_t proposal, char *buffer, size_t size);
/* 1 when the proposal (or a line of it) has this reason, or this gate. */
int desk_has_reason(const struct desk *desk, uint32_t proposal, int32_t reason);
#endif
