/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A desk from a seed where payments meet: shared bank accounts and names, ties, equal amounts, credits, closed documents, damaged
 * references, advices, and items that several payments want. Public calls and integers only: every build of the library makes the
 * same one, and steady_digest() says whether it answered the same.
 */
#ifndef O2C_TEST_STEADY_H
#define O2C_TEST_STEADY_H
#include <o2c/o2c.h>

#define STEADY_ACCOUNTS 160u
#define STEADY_ITEMS 480u
#define STEADY_PAYMENTS 240u
#define STEADY_ADVICES 12u

struct steady {
    uint64_t state;
    o2c_heap *heap;
    o2c_open_item items[STEADY_ITEMS];
    o2c_reference references[STEADY_ITEMS];
    o2c_account accounts[STEADY_ACCOUNTS];
    o2c_alias aliases[STEADY_ACCOUNTS];
    o2c_bank_account bank_accounts[STEADY_ACCOUNTS];
    o2c_tie ties[STEADY_ACCOUNTS];
    o2c_payment payments[STEADY_PAYMENTS];
    o2c_text texts[STEADY_PAYMENTS];
    o2c_remittance advices[STEADY_ADVICES];
    o2c_remittance_line lines[STEADY_ADVICES * 4];
    uint32_t references_count, aliases_count, ties_count, texts_count, lines_count;
    o2c_match_pool *pool;
    o2c_match_model *model;
};

uint32_t steady_draw(struct steady *steady, uint32_t sides); /* 0 … sides − 1 */
void steady_make(struct steady *steady, uint64_t seed);
/* Every array of the master data in another order. */
void steady_shuffle(struct steady *steady, uint64_t seed);
void steady_master(const struct steady *steady, o2c_master *out);
/* Pool and measured model; again at each call. A refused call ends the program. */
void steady_build(struct steady *steady);
/* These payments with all advices; executor may be NULL. */
o2c_match_solution *steady_solve(const struct steady *steady, const o2c_payment *payments, uint64_t count, const o2c_match_executor *executor);
void steady_free(struct steady *steady);
/* Every byte of every array of a solution. */
uint64_t steady_digest(const o2c_match_solution *solution);
/* One proposal with its lines, evidence, alternatives and reasons; without indexes, places in the heap and hashes of model and policy. */
uint64_t steady_proposal(const o2c_match_solution *solution, uint32_t proposal);
#endif
