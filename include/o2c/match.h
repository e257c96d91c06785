/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Match: which open items does a payment pay, why does the amount differ, how sure are we, may it post itself?
 *
 * Owns: pools, models, solutions.   Reads: what is handed in.   Never: posts, opens a file, looks at a clock, keeps a global.
 * Sources: docs/rooms/match.md (formulas), docs/decisions/.
 *
 * Three calls make an advisor: put items, solve, read the proposals. Every answer is the same for every input order, compiler,
 * instruction set and allocator. When in doubt the matcher says so and abstains.
 *
 *     o2c_match_pool_new → _put_… → _freeze;  o2c_match_model_new → _measure;  o2c_match_prepare → o2c_match_solve
 */
#ifndef O2C_MATCH_H
#define O2C_MATCH_H
#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/policy.h>
#include <o2c/record.h>
#include <o2c/status.h>
O2C_BEGIN_DECLS

/** Open items and who owes them, indexed. Opaque. Read-only and shareable by threads while frozen. */
typedef struct o2c_match_pool o2c_match_pool;
/** What was learned and measured. Opaque and immutable. */
typedef struct o2c_match_model o2c_match_model;
/** A resolved policy. Opaque and immutable. */
typedef struct o2c_match_rules o2c_match_rules;
/** Payments and remittances taken from statements. Opaque. */
typedef struct o2c_match_prepared o2c_match_prepared;
/** Proposals with their lines, evidence, alternatives and reasons. Opaque. */
typedef struct o2c_match_solution o2c_match_solution;
/** What learning changed. Opaque. */
typedef struct o2c_match_changes o2c_match_changes;

/** Options of a pool. {0} = defaults. */
typedef struct o2c_match_pool_options {
    uint32_t struct_size;
    uint32_t reserved;    /**< zero */
    uint64_t items_hint;  /**< how many items will come; saves growth; 0 = not known */
} o2c_match_pool_options;

/**
 * Makes an empty pool.
 * @param options   NULL = defaults
 * @param out_pool  set on status 0; free with o2c_match_pool_free()
 * @return #O2C_OK; #O2C_E_MISUSE (out_pool NULL); #O2C_E_ABI; #O2C_E_NOMEM
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_match_pool_new(const o2c_env *env, const o2c_match_pool_options *options, o2c_match_pool **out_pool, o2c_error *err);
/** Frees a pool; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_pool_free(o2c_match_pool *pool);

/**
 * Inserts items, or replaces those whose key is there. Thaws a frozen pool. The library copies what it keeps.
 * @param rows   @p count rows; borrowed for the call
 * @param heap   the bytes their refs point into
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_MATCH_KEY (empty, longer than 64 bytes, or twice in @p rows); #O2C_E_MATCH_ITEM
 *         (kind, sign, currency, day, earmark, reserved not zero, ref outside the heap); #O2C_E_NOMEM; #O2C_E_LIMIT. error.row
 *         names the row, error.field the field; the pool is as it was
 * Thread: per handle. Cost: O(count). @since 0.1
 */
O2C_API o2c_status o2c_match_pool_put_items(o2c_match_pool *pool, const o2c_open_item *rows, uint64_t count, const o2c_str *heap,
                                            o2c_error *err);
/** Adds references of items; a row that is there already is kept once. The item may be put later; one that is still missing at freeze
 *  is #O2C_E_MATCH_KEY there. Statuses as o2c_match_pool_put_items(). Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put_references(o2c_match_pool *pool, const o2c_reference *rows, uint64_t count,
                                                 const o2c_str *heap, o2c_error *err);
/** Inserts or replaces accounts by key. An account that only items name exists without a name. Statuses as above. Thread: per
 *  handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put_accounts(o2c_match_pool *pool, const o2c_account *rows, uint64_t count, const o2c_str *heap,
                                               o2c_error *err);
/** Adds names and numbers of accounts. Statuses as above. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put_aliases(o2c_match_pool *pool, const o2c_alias *rows, uint64_t count, const o2c_str *heap,
                                              o2c_error *err);
/** Adds bank accounts of payers; a second account under one number makes it shared. Statuses as above. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put_bank_accounts(o2c_match_pool *pool, const o2c_bank_account *rows, uint64_t count,
                                                    const o2c_str *heap, o2c_error *err);
/** Adds ties between accounts. Statuses as above. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put_ties(o2c_match_pool *pool, const o2c_tie *rows, uint64_t count, const o2c_str *heap, o2c_error *err);
/**
 * Puts expected payments; those of a key that the pool has are replaced. An expected payment waits until it is dropped: its arrival
 * is the host's to say. One whose account or items the pool does not have (any more) does not count.
 * @return #O2C_OK; #O2C_E_MISUSE; #O2C_E_MATCH_ITEM (a field, named with its row); #O2C_E_NOMEM. The pool is as it was on failure
 * Thread: per handle. @since 0.1
 */
O2C_API o2c_status o2c_match_pool_put_expected(o2c_match_pool *pool, const o2c_expected *rows, uint64_t count, const o2c_str *heap,
                                               o2c_error *err);
/** Drops expected payments by key; a key that is not there is #O2C_E_MATCH_KEY and drops nothing. Thaws. Statuses else as above. Thread:
 *  per handle. Cost: O(keys · expected payments). @since 0.1 */
O2C_API o2c_status o2c_match_pool_drop_expected(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, const o2c_str *heap,
                                                o2c_error *err);
/** Puts all arrays of @p master, accounts first. Expected payments are put by themselves.
 *  Statuses as above; the pool is as it was on failure. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_put(o2c_match_pool *pool, const o2c_master *master, o2c_error *err);
/** Drops items by key, and their references with them; a key that is not there is #O2C_E_MATCH_KEY and drops nothing. Thaws.
 *  Accounts, aliases, bank accounts and ties cannot be dropped in 0.1: make a new pool. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_match_pool_drop_items(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, const o2c_str *heap,
                                             o2c_error *err);
/**
 * Builds the indexes. From now on the pool is read-only and may be shared by threads; the next put or drop thaws it.
 * @return #O2C_OK; #O2C_E_MISUSE; #O2C_E_MATCH_KEY (a reference, alias, bank account or tie names nothing); #O2C_E_NOMEM; #O2C_E_CANCELED.
 *         On failure the pool stays thawed and whole
 * Thread: per handle. Cost: O(n log n) once; later, when nothing but items of known accounts was put or dropped, the indexes are carried
 * over and only what is new is hashed. @since 0.1
 */
O2C_API o2c_status o2c_match_pool_freeze(o2c_match_pool *pool, o2c_error *err);
/** Items in the pool, closed ones included. Thread: any. @since 0.1 */
O2C_API uint64_t o2c_match_pool_count(const o2c_match_pool *pool);
/** Bytes held: @p out_matched for everything matching reads, @p out_echoed for what is only echoed. Either may be NULL. Thread:
 *  any. @since 0.1 */
O2C_API void o2c_match_pool_bytes(const o2c_match_pool *pool, uint64_t *out_matched, uint64_t *out_echoed);

/** Makes the cold default model: the shipped priors, no history. @return #O2C_OK; #O2C_E_MISUSE; #O2C_E_ABI; #O2C_E_NOMEM.
 *  Thread: any. @since 0.1 */
O2C_API o2c_status o2c_match_model_new(const o2c_env *env, o2c_match_model **out_model, o2c_error *err);
/**
 * Measures number ranges, fill rates and shapes on a whole snapshot, and answers a new model that holds them with all that
 * @p model had learned. Once a day, on all items: never on the part at hand.
 * @param pool  frozen; may be freed afterwards. The new model uses the env of @p model
 * @return #O2C_OK; #O2C_E_MISUSE (NULL, pool not frozen); #O2C_E_NOMEM; #O2C_E_CANCELED
 * Thread: any. Cost: O(items). @since 0.1
 */
O2C_API o2c_status o2c_match_model_measure(const o2c_match_model *model, const o2c_match_pool *pool, o2c_match_model **out_model,
                                           o2c_error *err);
/** Frees a model; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_model_free(o2c_match_model *model);

/**
 * Resolves policy layers field by field: a later layer wins where its presence bit is set.
 * @param layers  @p count pointers, general first; count 0 = the shipped defaults
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ABI; #O2C_E_MATCH_POLICY (field named); #O2C_E_NOMEM
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_match_rules_new(const o2c_env *env, const o2c_match_policy *const *layers, uint64_t count,
                                       o2c_match_rules **out_rules, o2c_error *err);
/** Frees rules; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_rules_free(o2c_match_rules *rules);

/** An account of ours and the company it belongs to. Frozen record, 32 bytes. */
typedef struct o2c_match_our_account {
    o2c_ref number;     /**< IBAN or other number; blanks and case do not count */
    o2c_ref company;    /**< at most 8 bytes */
    uint64_t reserved[2];/**< zero */
} o2c_match_our_account;

/** What to prepare. Options struct. */
typedef struct o2c_match_prepare_request {
    uint32_t struct_size;
    uint32_t accept_mismatch;             /**< 1 = statements that do not tie are taken in */
    const o2c_statements *const *files;   /**< one per file, in order of delivery */
    uint64_t files_count;
    const o2c_payments *history;          /**< payments of earlier deliveries, for duplicates; NULL = none */
    const o2c_remittances *remittances;   /**< advices that came on their own, passed on; NULL = none */
    const o2c_match_our_account *our_accounts; /**< NULL = all accounts are one company; else an account that is not listed is parked */
    uint64_t our_accounts_count;
    o2c_str our_heap;
} o2c_match_prepare_request;

/** A statement that was parked. Frozen record, 128 bytes. */
typedef struct o2c_match_parked {
    uint32_t file, statement; /**< which one */
    int32_t reason;           /**< O2C_PARK_… */
    uint32_t payments;        /**< payments it would have brought */
    int64_t opening_minor, sum_minor, closing_minor;
    int64_t amount_minor;     /**< Σ money in of those payments */
    char currency[4];
    uint32_t payments_before; /**< payments of the answer that stand before it in input order */
    o2c_ref id, account;
    uint64_t reserved[7];     /**< zero */
} o2c_match_parked;

/**
 * Statements and history in; payments and everything else out, each entry of the input exactly once.
 *
 * A statement that does not tie is parked while its neighbors go on. An entry with details gives one payment per detail and one
 * for an unexplained rest; a batch without details waits as AWAITING_DETAIL. Debits, fees, interest, returns … get their route.
 * A statement delivered before, or a line with the bank's identity of an earlier delivery, is a DUPLICATE; content alone never.
 * Copies what it keeps: files and history may be freed afterwards. How keys are made, and that the same delivery gives the same keys:
 * docs/rooms/match.md.
 * @param out_prepared  set on status 0; free with o2c_match_prepared_free()
 * @return #O2C_OK; #O2C_E_MISUSE; #O2C_E_ABI; #O2C_E_MATCH_PAYMENT (an index or ref outside its array); #O2C_E_NOMEM; #O2C_E_CANCELED
 * Thread: any. Cost: O(entries). @since 0.1
 */
O2C_API o2c_status o2c_match_prepare(const o2c_env *env, const o2c_match_prepare_request *request,
                                     o2c_match_prepared **out_prepared, o2c_error *err);
/** Payments in input order, borrowed. The caller sets out->struct_size before (0 = the size at first release). Thread: any. @since 0.1 */
O2C_API void o2c_match_prepared_payments(const o2c_match_prepared *prepared, o2c_payments *out);
/** Remittances: those of the payments, then those handed in. Borrowed; struct_size as above. Thread: any. @since 0.1 */
O2C_API void o2c_match_prepared_remittances(const o2c_match_prepared *prepared, o2c_remittances *out);
/** Parked statements in input order; @p out_heap is what their refs point into. What is NULL is not asked for. Borrowed. Thread: any.
 *  @since 0.1 */
O2C_API void o2c_match_prepared_parked(const o2c_match_prepared *prepared, const o2c_match_parked **out_rows, uint64_t *out_count,
                                       o2c_str *out_heap);
/** Frees it; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_prepared_free(o2c_match_prepared *prepared);

/**
 * Threads that the caller lends to a solve. Options struct.
 *
 * run() calls job(arg, index) once for every index below @p count, on any threads in any order, and comes back when all have come
 * back. Jobs of one run do not wait for each other. The library starts no thread and takes no lock; while run() works, the allocator
 * and the cancel callback of the env are called from its threads, several at a time.
 */
typedef struct o2c_match_executor {
    uint32_t struct_size;
    uint32_t reserved; /**< zero */
    void *self;        /**< handed to run() */
    void (*run)(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg);
} o2c_match_executor;

/** An exchange rate: @p numerator minor units of @p to for @p denominator minor units of @p from. Frozen record, 48 bytes. */
typedef struct o2c_match_exchange {
    char from[4], to[4];    /**< ISO 4217 and a NUL: currency of the items, currency of the payments */
    int64_t numerator, denominator; /**< 1 … 10^15 */
    uint64_t reserved[3];   /**< zero */
} o2c_match_exchange;
/** Most rates in one request. */
#define O2C_MATCH_RATES_MAX 1024

/** What one customer was let off before, in the month that this run posts in. Frozen record, 48 bytes. */
typedef struct o2c_match_given {
    o2c_ref account;       /**< key of the account that owes */
    char currency[4];      /**< ISO 4217 and a NUL */
    uint32_t has;          /**< #O2C_MATCH_GIVEN_CAP or 0 */
    int64_t given_minor;   /**< ≥ 0, small differences already given away */
    int64_t cap_minor;     /**< ≥ 0, cap of this customer, group or user; the lower of it and the policy wins. Valid if has says so */
    uint64_t reserved[2];  /**< zero */
} o2c_match_given;
#define O2C_MATCH_GIVEN_CAP 1u

/** What to solve. Options struct. */
typedef struct o2c_match_request {
    uint32_t struct_size;
    int32_t as_of;                      /**< day of the pool; 0 = not said. Discounts and past due are judged on each payment's value day */
    const o2c_payments *payments;
    const o2c_remittances *remittances; /**< NULL = none */
    const o2c_match_rules *rules;       /**< NULL = the shipped defaults */
    const o2c_match_executor *executor; /**< NULL = on the calling thread; the answer has the same bytes either way */
    /** rates the host vouches for, each pair of currencies once, in any order; NULL = none. With one, a payment whose file says no rate
     *  is compared with items of that currency within fx_window_ppm of the policy */
    const o2c_match_exchange *rates;
    uint64_t rates_count;               /**< at most #O2C_MATCH_RATES_MAX */
    const o2c_match_given *given;       /**< by account in byte order, then currency, each once; NULL = nothing was given away yet */
    uint64_t given_count;
    o2c_str given_heap;                 /**< what the accounts of given point into */
} o2c_match_request;

/**
 * The whole decision for all payments of the request together: retrieve, explain, assign, settle, gate. Copies what it keeps: every
 * input may be freed afterwards. At most 2^32 − 2 payments. With an executor, alloc_bytes_max of the env is divided between the parts
 * that are solved at the same time. Text pieces and lines of advices that no row names are not looked at, so one payment can be handed
 * in with the arrays of a whole day.
 * @param pool    frozen
 * @param model   measured on the whole snapshot; one that was not measured takes each number range as narrow as its length allows,
 *                so references weigh less and fewer lines are automatic
 * @param out_solution  one proposal per payment, in request order; set on status 0; free with o2c_match_solution_free()
 * @return #O2C_OK; #O2C_E_MISUSE (NULL, pool not frozen, an executor that has no run or leaves jobs undone); #O2C_E_ABI;
 *         #O2C_E_LIMIT (too many rows or rates, or strings beyond 4 GiB); #O2C_E_ARG (a rate or a row of given: currencies, numbers,
 *         order, twice; error.row, error.field); #O2C_E_MATCH_PAYMENT (error.row, error.field); #O2C_E_NOMEM; #O2C_E_CANCELED
 * Thread: any; the pool, model and rules may be shared.
 * Cost: bounded per payment by policy operations_max, and a third of all names where a payer is looked for by name. @since 0.1
 */
O2C_API o2c_status o2c_match_solve(const o2c_env *env, const o2c_match_pool *pool, const o2c_match_model *model,
                                   const o2c_match_request *request, o2c_match_solution **out_solution, o2c_error *err);

/**
 * Which payments of a request belong together: those that may want one item, or that one advice may speak of. Payments of different
 * components can be solved apart, each part with the whole pool, model, policy and all remittances: every payment gets the proposal that
 * it gets when all are solved together, except for indexes and refs.
 * @param request        as for o2c_match_solve(); its executor is not used
 * @param out_component  room for one number for each payment, set on status 0: 0 … *out_count − 1, by first payment
 * @return as o2c_match_solve()
 * Thread: any; the pool, model and rules may be shared. Cost: the texts are read as for a solve, nothing is searched. @since 0.1
 */
O2C_API o2c_status o2c_match_components(const o2c_env *env, const o2c_match_pool *pool, const o2c_match_model *model,
                                        const o2c_match_request *request, uint32_t *out_component, uint32_t *out_count, o2c_error *err);

/** A line compared with the pool as it is now. Frozen record, 48 bytes. */
typedef struct o2c_match_freshness {
    uint32_t stale;         /**< 1 = the item has another open amount or version than the line was computed on, or is not there */
    uint32_t known;         /**< 1 = the pool has the item, and it is open */
    int64_t expect_open_minor, open_minor; /**< of the line, of the pool */
    uint64_t expect_version, version;
    uint64_t reserved;      /**< zero */
} o2c_match_freshness;
/**
 * Has an item moved since its line was computed? To be asked with a pool of today, before a line is posted.
 * @param lines     @p count lines; @p heap is what their refs point into; borrowed
 * @param out_rows  room for @p count rows
 * @return #O2C_OK; #O2C_E_MISUSE (NULL, pool not frozen)
 * Thread: any. Cost: O(items of the account) for each line; O(items) for one whose item is not with its account. @since 0.1
 */
O2C_API o2c_status o2c_match_stale(const o2c_match_pool *pool, const o2c_line *lines, uint64_t count, const o2c_str *heap,
                                   o2c_match_freshness *out_rows, o2c_error *err);

/** One piece of evidence for a line or a whole proposal. Frozen record, 48 bytes. */
typedef struct o2c_match_evidence {
    uint32_t proposal;      /**< index of the proposal */
    uint32_t line;          /**< index in the solution's lines, UINT32_MAX = the whole proposal */
    int32_t code;           /**< O2C_EVIDENCE_… */
    int32_t weight_mnat;    /**< milli-nats, may be negative; those of the winner add up to its weight, ± 1 each */
    uint32_t at, len;       /**< bytes of the proposal's text; len 0 = not from the text */
    o2c_ref item;           /**< key of the item it speaks of, or empty */
    uint64_t learned_row;   /**< row of the host it relied on, 0 = none */
    uint64_t number;        /**< ACCIDENTS: so many sets are expected, in thousandths, at most 10^18; else 0 */
} o2c_match_evidence;

/** Another explanation, heaviest first. Frozen record, 48 bytes. */
typedef struct o2c_match_alternative {
    uint32_t proposal;
    int32_t kind;           /**< O2C_ALTERNATIVE_… */
    uint32_t posterior_ppm; /**< rounded down */
    int32_t arithmetic;     /**< O2C_ARITHMETIC_… */
    uint32_t items_at, items_count; /**< item keys: o2c_match_solution_alternative_items() */
    int64_t rest_minor;     /**< payment − Σ of the items: negative = short */
    uint32_t gates;         /**< gates that would hold it */
    uint32_t reserved[3];   /**< zero */
} o2c_match_alternative;

/** Why a line or proposal is not automatic. Frozen record, 32 bytes. */
typedef struct o2c_match_reason {
    uint32_t proposal;
    uint32_t line;          /**< UINT32_MAX = the whole proposal */
    int32_t reason;         /**< O2C_REASON_… ; 0 = a gate, then gate says which */
    uint32_t gate;          /**< one O2C_GATE_… bit, or 0 */
    uint32_t share_ppm;     /**< share it holds, 0 = not a share; CLASS_NOT_RELEASED: bound of its error; ADVICE_SHARED,
                                 ADVICES_TOGETHER, ADVICE_REST: chance of the link */
    /** ROUTED: O2C_ROUTE_… ; CLASS_NOT_RELEASED: lines of that bound; LINE_OPEN: row of the line in its advices, from 1;
     *  ADVICE_ASKED: how many lines, their money is unapplied_minor of the proposal; ADVICE_SHARED, ADVICES_TOGETHER:
     *  100 · place + number, 203 is the second of three; else 0 */
    int32_t argument;
    o2c_ref other;          /**< key of the other payment, document or advice, or empty */
} o2c_match_reason;

/** Proposals in request order. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_proposals(const o2c_match_solution *solution, const o2c_proposal **out_rows, uint64_t *out_count);
/** Lines, proposal by proposal. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_lines(const o2c_match_solution *solution, const o2c_line **out_rows, uint64_t *out_count);
/** Evidence, proposal by proposal. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_evidence(const o2c_match_solution *solution, const o2c_match_evidence **out_rows, uint64_t *out_count);
/** Alternatives, proposal by proposal. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_alternatives(const o2c_match_solution *solution, const o2c_match_alternative **out_rows,
                                             uint64_t *out_count);
/** Item keys of the alternatives. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_alternative_items(const o2c_match_solution *solution, const o2c_ref **out_rows, uint64_t *out_count);
/** Reasons, proposal by proposal. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_reasons(const o2c_match_solution *solution, const o2c_match_reason **out_rows, uint64_t *out_count);
/** The heap that every ref of the solution points into. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_heap(const o2c_match_solution *solution, o2c_str *out_heap);
/** Frees a solution; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_solution_free(o2c_match_solution *solution);

/**
 * Says a proposal in one English sentence (UTF-8, NUL-terminated), from its codes alone.
 * @param proposal    index
 * @param buffer      @p size bytes; may be NULL with size 0 to ask
 * @param out_needed  bytes needed without the NUL; set on status 0 and on #O2C_E_ARG (buffer too small: nothing is written)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (no such proposal, buffer too small)
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_match_say(const o2c_match_solution *solution, uint64_t proposal, char *buffer, size_t size,
                                 size_t *out_needed, o2c_error *err);

/* ---------------------------------------------------------------- learning (docs/rooms/match.md, section 14) */

/** One class of lines and its record at this host. Frozen record, 128 bytes. */
typedef struct o2c_match_class_record {
    uint32_t line_class;       /**< as o2c_line.line_class */
    uint32_t suspended;        /**< 1: not automatic until a person lifts it with o2c_match_model_lift() */
    uint64_t judged, wrong;    /**< lines that were judged, and the wrong ones, in millionths of a line; half-life 180 days */
    uint64_t expected;         /**< wrong lines that their posteriors had announced, in millionths of a line; the same half-life */
    uint64_t history_lines, history_wrong; /**< would-be automatic lines that a replay compared with what people cleared */
    uint64_t sample_lines, sample_wrong;   /**< lines of the audit sample, of the last 365 days at most */
    uint64_t corrections;      /**< postings of the last 365 days at most that were taken back or changed */
    uint32_t error_ppm;        /**< class error at the level of the host, k = 20, rounded up */
    uint32_t bound_ppm;        /**< the lower of the next two */
    uint32_t history_bound_ppm;/**< upper 95 % bound of the error on the replay */
    uint32_t sample_bound_ppm; /**< the same on the sample */
    uint64_t reserved[5];      /**< zero */
} o2c_match_class_record;

/** A bank account, a name, or a way to write our numbers that the model learned of a payer. Frozen record, 64 bytes. */
typedef struct o2c_match_learned {
    uint64_t row;              /**< its number, as in evidence; at least 2^63 */
    int32_t kind;              /**< O2C_LEARNED_… */
    int32_t state;             /**< O2C_LEARNED_STATE_… */
    o2c_ref account;           /**< key of the customer */
    o2c_ref text;              /**< the number without blanks, the folded name, or the shape: "last 4 digits" */
    uint32_t seen;             /**< payments that taught it, since it was last revoked */
    uint32_t persons;          /**< those of them that a person confirmed or answered */
    int32_t first_day, last_day;
    int32_t revoked_day;       /**< 0 = never */
    uint32_t reserved;         /**< zero */
    uint64_t reserved2;        /**< zero */
} o2c_match_learned;

/**
 * What was counted of the habits of one owner: two counters under a kind and a key. Frozen record, 64 bytes. Keys are numbers that the
 * library makes of amounts, shares and codes; equal ones mean the same for every owner.
 */
typedef struct o2c_match_habit {
    uint64_t owner;            /**< 0 = the host; o2c_match_owner_segment(), o2c_match_owner_customer() */
    uint64_t key;
    int32_t kind;              /**< O2C_HABIT_… ; o2c_match_model_forget(): 0 = every row of the owner */
    int32_t day;               /**< when it was last counted */
    uint64_t seen, asked;      /**< in millionths, as of the model's day; half-life 180 days. What they count: O2C_HABIT_… */
    uint64_t reserved[3];      /**< zero */
} o2c_match_habit;

/** One thing that learning changed. Frozen record, 64 bytes. */
typedef struct o2c_match_change {
    int32_t kind;              /**< O2C_CHANGE_… */
    int32_t learned_kind;      /**< O2C_LEARNED_… ; 0 = a class, or a row of the host */
    uint64_t row;              /**< the row; one below 2^63 is the host's own, to be revoked by the host */
    o2c_ref account, text;     /**< as in o2c_match_learned; empty for a class and for a row of the host */
    uint32_t line_class;       /**< SUSPENDED: which class */
    uint32_t bound_ppm;        /**< SUSPENDED: the bound or rate that rose above the maximum */
    int32_t day;
    uint32_t reserved;         /**< zero */
    uint64_t reserved2[2];     /**< zero */
} o2c_match_change;

/**
 * Reads the bytes of a model, every field checked.
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ABI; #O2C_E_MATCH_MODEL (not a model, cut, changed, or of a newer version);
 *         #O2C_E_NOMEM
 * Thread: any. Cost: O(bytes). @since 0.1
 */
O2C_API o2c_status o2c_match_model_read(const o2c_env *env, const o2c_str *bytes, o2c_match_model **out_model, o2c_error *err);
/**
 * Writes a model as one canonical little-endian string of bytes: equal models give equal bytes on every machine. The host keeps it.
 * @param buffer      @p size bytes; may be NULL with size 0 to ask
 * @param out_needed  bytes needed; set on status 0 and on #O2C_E_ARG (buffer too small: nothing is written)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_NOMEM; #O2C_E_ARG
 * Thread: any. Cost: O(rows log rows). @since 0.1
 */
O2C_API o2c_status o2c_match_model_write(const o2c_match_model *model, char *buffer, size_t size, size_t *out_needed, o2c_error *err);
/** The digest that names a model, from SHA-256; stands in every proposal it made. Thread: any. @since 0.1 */
O2C_API void o2c_match_model_hash(const o2c_match_model *model, uint8_t out_hash[32]);
/**
 * Learns from judged lines and answers the next model; the one given stays as it is. Equal feedback gives equal bytes in whatever order
 * it comes within a day; days are taken in their order. Give all rows of a day in one call: what a call learns of a day that an earlier
 * call has passed counts with the weight of its age. How payments chose among what was open (pool_count, set_count, runs, oldest of the
 * rows) is counted for the host and changes what a selection weighs under the next model, once 50 payments of pools of that size were
 * counted: between a fifth and four times the default. Half of that is forgotten at each boundary of 180 days since 1970-01-01.
 * @param rules        the policy that is in force: maximum error, released classes; NULL = the shipped defaults
 * @param rows         @p count rows; borrowed for the call
 * @param heap         the bytes their refs point into
 * @param out_model    set on status 0; uses the env of @p model
 * @param out_changes  NULL = not asked for; set on status 0; free with o2c_match_changes_free()
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_MATCH_FEEDBACK (error.row, error.field); #O2C_E_LIMIT (2^32 − 1 rows or more);
 *         #O2C_E_NOMEM; #O2C_E_CANCELED
 * Thread: any. Cost: O(model + count log count). @since 0.1
 */
O2C_API o2c_status o2c_match_learn(const o2c_match_model *model, const o2c_match_rules *rules, const o2c_feedback *rows, uint64_t count,
                                   const o2c_str *heap, o2c_match_model **out_model, o2c_match_changes **out_changes, o2c_error *err);
/** What changed, by day, then kind, then row. Borrowed from @p changes. Thread: any. @since 0.1 */
O2C_API void o2c_match_changes_rows(const o2c_match_changes *changes, const o2c_match_change **out_rows, uint64_t *out_count,
                                    o2c_str *out_heap);
/** Frees it; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_changes_free(o2c_match_changes *changes);
/**
 * A person lifts the suspension of classes. What counted against them (replay, sample and corrections) starts anew; the class error stays.
 * @param classes  @p count classes; one that is not suspended is left as it is
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_NOMEM
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_match_model_lift(const o2c_match_model *model, const uint32_t *classes, uint64_t count,
                                        o2c_match_model **out_model, o2c_error *err);
/**
 * The record of every class that was ever judged, by class.
 * @param rows       room for @p room rows; may be NULL with room 0 to ask
 * @param out_count  classes there are; set on status 0 and on #O2C_E_ARG (room too small: nothing is written)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_match_model_classes(const o2c_match_model *model, o2c_match_class_record *rows, uint64_t room, uint64_t *out_count,
                                           o2c_error *err);
/** Every bank account, name and shape that the model learned, by row. @p out_heap is what their refs point into, borrowed; else as
 *  o2c_match_model_classes(). @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (room too small); #O2C_E_NOMEM. Thread: any. @since 0.1 */
O2C_API o2c_status o2c_match_model_learned(const o2c_match_model *model, o2c_match_learned *rows, uint64_t room, uint64_t *out_count,
                                           o2c_str *out_heap, o2c_error *err);
/** Number of a segment in o2c_match_habit.owner. Thread: any. @since 0.1 */
O2C_API uint64_t o2c_match_owner_segment(int32_t tier);
/** Number of a customer, from his key; 0 (the host) for NULL or an empty key. Thread: any. @since 0.1 */
O2C_API uint64_t o2c_match_owner_customer(const o2c_str *account);
/** Every row of habits, by owner, kind and key; else as o2c_match_model_classes(). @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (room
 *  too small); #O2C_E_NOMEM. Thread: any. Cost: O(rows log rows). @since 0.1 */
O2C_API o2c_status o2c_match_model_habits(const o2c_match_model *model, o2c_match_habit *rows, uint64_t room, uint64_t *out_count,
                                          o2c_error *err);
/**
 * Forgets rows of habits, as if they had never been counted: a person says that this is no habit, or no longer one. What was not counted is
 * looked for with the shipped default. The model given stays as it is.
 * @param rows  @p count rows: owner, kind and key are read; kind 0 = every row of the owner. One that is not there changes nothing
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_NOMEM
 * Thread: any. Cost: O(model). @since 0.1
 */
O2C_API o2c_status o2c_match_model_forget(const o2c_match_model *model, const o2c_match_habit *rows, uint64_t count,
                                          o2c_match_model **out_model, o2c_error *err);
/**
 * Upper bound of an error rate, in ppm, rounded up: one-sided 95 % Clopper–Pearson, in integers. 0 wrong of 2,995 gives 1,000. No lines
 * give 1,000,000. Above a million wrong lines Hoeffding's bound stands in, which is never lower. Thread: any. Cost: O(wrong). @since 0.1
 */
O2C_API uint32_t o2c_match_bound_ppm(uint64_t wrong, uint64_t lines);

/** What the audit sample proves, and what was taken back later. Frozen record, 64 bytes. */
typedef struct o2c_match_precision {
    uint64_t sample_lines, sample_wrong; /**< n: would-be automatic lines judged without sight of our answer; of them otherwise */
    uint64_t posted, corrected;          /**< lines posted, and those reversed or changed in the host's books later */
    uint32_t precision_ppm;              /**< agreement on the sample, rounded down; 0 without a sample */
    uint32_t bound_ppm;                  /**< 95 % upper bound of the error on the sample: o2c_match_bound_ppm() */
    uint32_t correction_ppm;             /**< corrected ÷ posted, rounded up, 0 = none posted. No precision: it falls when nobody looks */
    uint32_t line_class;                 /**< which class, 0 = all */
    uint64_t reserved[2];                /**< zero */
} o2c_match_precision;
/**
 * Measures precision from the audit sample alone: feedback of source BLIND on lines that would have been automatic. Nothing else moves it,
 * neither confirmations of answers that were shown nor postings that nobody touched.
 * @param rows        @p count rows of feedback of the time in question; borrowed
 * @param heap        the bytes their refs point into
 * @param line_class  only lines of this class; 0 = all
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_MATCH_FEEDBACK (error.row, error.field)
 * Thread: any. Cost: O(count). @since 0.1
 */
O2C_API o2c_status o2c_match_measure_precision(const o2c_feedback *rows, uint64_t count, const o2c_str *heap, uint32_t line_class,
                                               o2c_match_precision *out, o2c_error *err);
/**
 * The same where what differs is not yet known to be wrong: of @p lines, @p different were cleared otherwise by people; of these, @p drawn
 * were drawn blindly and judged by a person, and @p against of them were wrong indeed. Product of the two 97.5 % upper bounds, in ppm,
 * rounded up: 720 of 240,000 and 0 of 60 give 193 (MATCHER 15.2). Never above o2c_match_bound_ppm(different, lines), which it is when
 * nothing was drawn. Thread: any. Cost: O(different). @since 0.1
 */
O2C_API uint32_t o2c_match_judged_bound_ppm(uint64_t different, uint64_t lines, uint64_t against, uint64_t drawn);
/**
 * Which evidence relied on these learned rows: the siblings of a posting that was taken back.
 * @param evidence      @p count rows, of one solution or of many that the host kept
 * @param learned_rows  @p rows_count numbers, for instance from the changes of kind REVOKED
 * @param out_found     indexes into @p evidence, ascending; room for @p room; may be NULL with room 0 to ask
 * @param out_count     how many there are; set on status 0 and on #O2C_E_ARG (room too small: nothing is written)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG
 * Thread: any. Cost: O(count · rows). @since 0.1
 */
O2C_API o2c_status o2c_match_siblings(const o2c_match_evidence *evidence, uint64_t count, const uint64_t *learned_rows, uint64_t rows_count,
                                      uint64_t *out_found, uint64_t room, uint64_t *out_count, o2c_error *err);

O2C_END_DECLS
#endif
