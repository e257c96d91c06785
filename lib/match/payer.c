/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who pays: the ladder P1 … P7 (docs/rooms/match.md). Every step that names somebody is a candidate; what an earlier step has taken
 * of the probability is not there for a later one, so that the chances never pass one.
 */
#include "match/payer.h"
#include "match/pool.h"
#include "match/text.h"

#define CHANCE_SURE 999500u    /* one would leave nothing for somebody else */
#define CHANCE_OBSERVED 920000u
#define CHANCE_ALIAS 900000u
#define CHANCE_NUMBER 850000u
#define AMOUNTS_MAX 4096u      /* items of one amount that are looked through */

struct ladder {
    struct o2c__reader *reader;
    struct o2c__reading *reading;
    struct o2c__payer payers[O2C__PAYERS_MAX];
    uint32_t count;
    uint32_t taken; /* Σ chance */
};

static struct o2c__payer *
find(struct ladder *ladder, uint32_t account)
{
    for (uint32_t i = 0; i < ladder->count; i++) {
        if (ladder->payers[i].account == account)
            return &ladder->payers[i];
    }
    return NULL;
}

/* An earlier step keeps its word about the same account. */
static void
add(struct ladder *ladder, const struct o2c__payer *payer)
{
    if (find(ladder, payer->account) || ladder->count == O2C__PAYERS_MAX)
        return;
    struct o2c__payer *to = &ladder->payers[ladder->count++];
    uint32_t left = 1000000 - ladder->taken;
    *to = *payer;
    to->chance_ppm = to->chance_ppm < left ? to->chance_ppm : left;
    ladder->taken += to->chance_ppm;
}

static o2c_str
field(const struct ladder *ladder, o2c_ref ref)
{
    return o2c__ref_str(ref, ladder->reader->solve->payments->heap);
}

static void
by_number(struct ladder *ladder)
{
    const o2c_match_pool *pool = ladder->reader->solve->pool;
    const o2c_payment *payment = ladder->reading->one->payment;
    const o2c_ref from[] = { payment->customer_number, payment->mandate };
    for (size_t i = 0; i < O2C__COUNT(from); i++) {
        uint32_t number = from[i].len ? o2c__index_number(pool, field(ladder, from[i])) : O2C__NONE;
        if (number == O2C__NONE)
            continue;
        const struct o2c__number *row = &O2C__AT(&pool->index->numbers, struct o2c__number, number);
        add(ladder,
            &(struct o2c__payer){
                .account = row->account, .chance_ppm = CHANCE_SURE, .evidence = 1, .confirmed = 1, .learned_row = row->row });
    }
}

/* What the master data and the model know of one number. Where both name a customer the stronger word counts. */
static uint32_t
bank_owners(const struct ladder *ladder, struct o2c__payer_known out[2 * O2C__DISTINCTIVE])
{
    const o2c_match_pool *pool = ladder->reader->solve->pool;
    const struct o2c__bank_lookup *lookup = &ladder->reading->bank;
    const struct o2c__bank *bank = o2c__bank_end(pool, lookup);
    struct o2c__payer_known learned[O2C__DISTINCTIVE];
    uint32_t count = 0;
    uint32_t more = o2c__payer_known(ladder->reader->solve, O2C_LEARNED_BANK_ACCOUNT, (o2c_str){ lookup->key, lookup->len }, learned);
    if ((bank && bank->count > O2C__DISTINCTIVE) || more == O2C__NONE)
        return 0;
    for (uint32_t i = 0; bank && i < bank->count; i++) {
        const struct o2c__bank_row *row = &O2C__AT(&pool->index->bank_rows, struct o2c__bank_row, bank->first + i);
        out[count++] = (struct o2c__payer_known){ row->account, row->state == O2C_BANK_ACCOUNT_CONFIRMED, row->row };
    }
    for (uint32_t i = 0, given = count; i < more; i++) {
        uint32_t at = 0;
        while (at < given && out[at].account != learned[i].account)
            at++;
        if (at == given)
            out[count++] = learned[i];
        else if (learned[i].confirmed && !out[at].confirmed)
            out[at] = learned[i];
    }
    return count > O2C__DISTINCTIVE ? 0 : count;
}

/* A bank account of several customers narrows and never decides. */
static void
by_bank(struct ladder *ladder)
{
    struct o2c__payer_known owners[2 * O2C__DISTINCTIVE];
    uint32_t count = ladder->reading->bank.len ? bank_owners(ladder, owners) : 0;
    for (uint32_t i = 0; i < count; i++) {
        bool shared = count > 1, confirmed = owners[i].confirmed;
        struct o2c__payer payer = { .account = owners[i].account, .evidence = 2, .learned_row = owners[i].row };
        payer.shared = shared;
        payer.confirmed = confirmed && !shared;
        payer.chance_ppm = shared ? CHANCE_SURE / count : confirmed ? CHANCE_SURE : CHANCE_OBSERVED;
        add(ladder, &payer);
    }
}

/* The one account that a person gave this name; several are as good as none. */
static const struct o2c__name *
learned(const o2c_match_pool *pool, o2c_str folded)
{
    uint32_t count, first = o2c__index_name(pool, folded, &count);
    const struct o2c__name *found = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__name *name = &O2C__AT(&pool->index->names, struct o2c__name, first + i);
        if (name->kind != O2C_ALIAS_LEARNED)
            continue;
        if (found && found->account != name->account)
            return NULL;
        found = found ? found : name;
    }
    return found;
}

/* The same from the model: a name that payments have proved, of one customer alone. */
static void
by_learned_name(struct ladder *ladder, o2c_str folded)
{
    struct o2c__payer_known known[O2C__DISTINCTIVE];
    uint32_t count = o2c__payer_known(ladder->reader->solve, O2C_LEARNED_NAME, folded, known);
    if (count == 1 && known[0].confirmed)
        add(ladder, &(struct o2c__payer){
                        .account = known[0].account, .chance_ppm = CHANCE_ALIAS, .evidence = 4, .learned_row = known[0].row });
}

static bool
by_alias(struct ladder *ladder, o2c_ref ref)
{
    struct o2c__solve *solve = ladder->reader->solve;
    o2c_str name = field(ladder, ref);
    if (name.len == 0 || (solve->pool->index->names.count == 0 && !solve->model->learned))
        return true;
    char *folded = o2c__arena_alloc(&solve->arena, 3 * name.len + 1);
    if (!folded)
        return false;
    for (int32_t variant = 0; variant < 2; variant++) {
        size_t len = o2c__fold_name(name.ptr, name.len, variant, folded);
        const struct o2c__name *found = len && solve->pool->index->names.count ? learned(solve->pool, (o2c_str){ folded, len }) : NULL;
        if (found)
            add(ladder, &(struct o2c__payer){
                            .account = found->account, .chance_ppm = CHANCE_ALIAS, .evidence = 4, .learned_row = found->row });
        else if (len && variant == 0)
            by_learned_name(ladder, (o2c_str){ folded, len });
    }
    return true;
}

/* Customer numbers in the text; two different ones share the chance. */
static void
by_text(struct ladder *ladder)
{
    const o2c__vector *numbers = &ladder->reader->solve->pool->index->numbers;
    uint32_t different = 0;
    for (const struct o2c__named *a = ladder->reading->named; a; a = a->next) {
        uint32_t account = O2C__AT(numbers, struct o2c__number, a->number).account;
        bool again = false;
        for (const struct o2c__named *b = a->next; b && !again; b = b->next)
            again = O2C__AT(numbers, struct o2c__number, b->number).account == account;
        different += !again;
        if (different > O2C__DISTINCTIVE)
            return;
    }
    for (const struct o2c__named *named = ladder->reading->named; named; named = named->next) {
        const struct o2c__number *row = &O2C__AT(numbers, struct o2c__number, named->number);
        add(ladder, &(struct o2c__payer){ .account = row->account, .chance_ppm = CHANCE_NUMBER / different, .evidence = 5, .at = named->at,
                                          .len = named->len, .learned_row = row->row });
    }
}

static bool
by_name(struct ladder *ladder)
{
    const o2c_payment *payment = ladder->reading->one->payment;
    const o2c_ref from[] = { payment->payer_name, payment->ultimate_payer };
    for (size_t i = 0; i < O2C__COUNT(from); i++) {
        if (from[i].len == 0)
            continue;
        struct o2c__alike alike = o2c__payer_by_name(ladder->reader->solve, field(ladder, from[i]));
        ladder->reading->one->names_visited += alike.visited;
        if (alike.failed)
            return false;
        if (alike.account != O2C__NONE)
            add(ladder, &(struct o2c__payer){ .account = alike.account, .chance_ppm = (uint32_t)(alike.ppm * 85ull / 100), .evidence = 6,
                                              .learned_row = alike.row });
    }
    return true;
}

/* ---- owners of what the text cites: candidates without evidence of their own */
struct owner {
    uint32_t account;
    int32_t best;
};

static int
compare_accounts(const void *self, uint32_t a, uint32_t b)
{
    const struct owner *x = (const struct owner *)self + a, *y = (const struct owner *)self + b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return x->best > y->best ? -1 : x->best < y->best;
}

static int
compare_best(const void *self, uint32_t a, uint32_t b)
{
    const struct owner *x = (const struct owner *)self + a, *y = (const struct owner *)self + b;
    if (x->best != y->best)
        return x->best > y->best ? -1 : 1;
    return x->account < y->account ? -1 : x->account > y->account;
}

/* Distinct owners of the hits, the best cited first. */
static struct owner *
owners_of(struct ladder *ladder, uint32_t *out_count)
{
    const struct o2c__case *one = ladder->reading->one;
    o2c__arena *arena = &ladder->reader->solve->arena;
    uint32_t n = one->hits_count, count = 0;
    if (n == 1) {
        struct owner *one_owner = o2c__arena_alloc(arena, sizeof *one_owner);
        uint32_t item = one->hits[0].item != O2C__NONE ? one->hits[0].item : one->members[one->hits[0].group_at];
        if (one_owner)
            *one_owner = (struct owner){ o2c__pool_account(ladder->reader->solve->pool, item), one->hits[0].ln_ratio };
        *out_count = 1;
        return one_owner;
    }
    struct owner *all = o2c__arena_alloc(arena, 2 * (size_t)n * sizeof *all), *out = all ? all + n : NULL;
    uint32_t *order = o2c__arena_alloc(arena, 2 * (size_t)n * sizeof *order);
    if (!all || !order)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t item = one->hits[i].item != O2C__NONE ? one->hits[i].item : one->members[one->hits[i].group_at];
        all[i] = (struct owner){ o2c__pool_account(ladder->reader->solve->pool, item), one->hits[i].ln_ratio };
        order[i] = i;
    }
    o2c__sort(order, order + n, n, compare_accounts, all);
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || all[order[i]].account != all[order[i - 1]].account)
            out[count++] = all[order[i]];
    }
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    o2c__sort(order, order + n, count, compare_best, out);
    for (uint32_t i = 0; i < count; i++)
        all[i] = out[order[i]];
    *out_count = count;
    return all;
}

static bool
by_hits(struct ladder *ladder, uint32_t *out_owners)
{
    *out_owners = 0;
    if (ladder->reading->one->hits_count == 0)
        return true;
    struct owner *owners = owners_of(ladder, out_owners);
    for (uint32_t i = 0; owners && i < *out_owners; i++) {
        ladder->reading->one->stray_tokens |= ladder->count == O2C__PAYERS_MAX && !find(ladder, owners[i].account);
        add(ladder, &(struct o2c__payer){ .account = owners[i].account });
    }
    return owners != NULL;
}

/* The one payer that is known owns all that is cited, and no number of a customer stands in the text: nobody else comes to mind. */
static bool
is_settled(const struct ladder *ladder)
{
    const struct o2c__case *one = ladder->reading->one;
    bool own = ladder->count == 1 && ladder->taken && !ladder->reading->named && one->hits_count;
    for (uint32_t i = 0; own && i < one->hits_count; i++) {
        uint32_t item = one->hits[i].item != O2C__NONE ? one->hits[i].item : one->members[one->hits[i].group_at];
        own = o2c__pool_account(ladder->reader->solve->pool, item) == ladder->payers[0].account;
    }
    return own;
}

/* ---- owners of an item of this very amount, when nothing else speaks */
static bool
hits_explain(const struct ladder *ladder)
{
    const struct o2c__case *one = ladder->reading->one;
    const o2c_match_pool *pool = ladder->reader->solve->pool;
    int64_t sum = 0;
    for (uint32_t i = 0; i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        const uint32_t *items = hit->item != O2C__NONE ? &hit->item : one->members + hit->group_at;
        int64_t group = 0;
        for (uint32_t k = 0; k < (hit->item != O2C__NONE ? 1 : hit->group_count); k++)
            group += pool->open[items[k]];
        if (group == one->payment->amount_minor)
            return true;
        if (!o2c__add(sum, group, &sum))
            return false;
    }
    return sum == one->payment->amount_minor;
}

static void
by_amount(struct ladder *ladder)
{
    const o2c_match_pool *pool = ladder->reader->solve->pool;
    const o2c_payment *payment = ladder->reading->one->payment;
    uint32_t accounts[O2C__DISTINCTIVE], different = 0, count = 0;
    uint32_t first = payment->amount_minor > 0 ? o2c__index_amount(pool, payment->amount_minor, &count) : 0;
    if (count > AMOUNTS_MAX)
        return;
    for (uint32_t i = first; i < first + count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[pool->item_account[pool->index->amounts[i]]];
        if (memcmp(in->currency, payment->currency, 3) != 0 || (different && accounts[different - 1] == in->account))
            continue;
        if (different == O2C__DISTINCTIVE)
            return;
        accounts[different++] = in->account;
    }
    for (uint32_t i = 0; i < different; i++)
        add(ladder, &(struct o2c__payer){ .account = accounts[i] });
}

/* By chance, then account: accounts stand in the order of their keys. */
static bool
keep(struct ladder *ladder)
{
    struct o2c__case *one = ladder->reading->one;
    one->payers = o2c__arena_alloc(&ladder->reader->solve->arena, ladder->count * sizeof *one->payers);
    if (!one->payers)
        return false;
    for (uint32_t i = 0; i < ladder->count; i++) {
        struct o2c__payer payer = ladder->payers[i];
        uint32_t at = one->payers_count++;
        for (; at > 0; at--) {
            const struct o2c__payer *before = &one->payers[at - 1];
            if (before->chance_ppm > payer.chance_ppm || (before->chance_ppm == payer.chance_ppm && before->account < payer.account))
                break;
            one->payers[at] = *before;
        }
        one->payers[at] = payer;
    }
    return true;
}

/*
 * P3, the owner of the references, comes before names in the ladder: when the text cites the items of one account alone, names are
 * not asked. P7 is asked only when no step names anybody and what is cited does not explain the amount.
 */
bool
o2c__payers(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct ladder ladder;
    uint32_t owners;
    ladder.reader = reader;
    ladder.reading = reading;
    ladder.count = ladder.taken = 0;
    by_number(&ladder);
    by_bank(&ladder);
    if (is_settled(&ladder))
        return keep(&ladder);
    bool decided = ladder.count == 1;
    if (!decided && !(by_alias(&ladder, reading->one->payment->payer_name) && by_alias(&ladder, reading->one->payment->ultimate_payer)))
        return false;
    by_text(&ladder);
    uint32_t named = ladder.count;
    if (!by_hits(&ladder, &owners))
        return false;
    if (named == 0 && owners != 1 && !by_name(&ladder))
        return false;
    if (ladder.taken == 0 && !hits_explain(&ladder))
        by_amount(&ladder);
    return keep(&ladder);
}
