/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The indexes of the last freeze, carried over to this one: nothing that stayed is hashed or folded again.
 *
 * Thawing leaves column i as row i, and the strings where they were. When the accounts are the same and nothing but items
 * and references was put or dropped since, names, customer numbers and bank accounts stand as they are; slots and crowds get the
 * new columns of their items; what is gone leaves a slot that leads to an empty text; documents that are new are put in. What was
 * found stays the same: a property test compares with a pool that is built anew.
 */
#include "match/index.h"
#include "match/pool.h"

#define LOAD_TENTHS 8u /* of the slots may be in use */

void
o2c__index_drop_kept(o2c_match_pool *pool)
{
    struct o2c__pool_rows *rows = pool->rows;
    struct o2c__index *hold = pool->index;
    uint32_t open_count = pool->open_count;
    pool->index = rows->kept;
    pool->open_count = rows->kept_open;
    o2c__index_free(pool);
    pool->index = hold;
    pool->open_count = open_count;
    o2c__release(&pool->context.memory, rows->kept_accounts, rows->kept_accounts_room * sizeof *rows->kept_accounts);
    o2c__release(&pool->context.memory, rows->kept_names, rows->kept_accounts_count * sizeof *rows->kept_names);
    rows->kept = NULL;
    rows->kept_accounts = NULL;
    rows->kept_names = NULL;
    rows->kept_count = rows->kept_open = rows->kept_accounts_count = rows->kept_accounts_room = 0;
}

bool
o2c__index_may_patch(const o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    const struct o2c__pool_rows *rows = pool->rows;
    if (!rows->kept || rows->side_changed || freezer->live == 0 || rows->kept_accounts_count != pool->accounts_count)
        return false;
    /* Strings of what is gone stay behind: once they may be half of all, it is time to build anew. */
    if (freezer->strings / 2 > rows->kept_heap)
        return false;
    return memcmp(rows->kept_accounts, freezer->account_order, pool->accounts_count * sizeof *rows->kept_accounts) == 0;
}

/* ------------------------------------------------------------------ where the columns went */

/* A row that took the place of another one: it inherits references, and the document where the number stayed. */
static void
move_replaced(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t column)
{
    o2c_str heap = o2c__item_strings(pool);
    const struct o2c__echo *old = &pool->rows->base_echo[column];
    uint32_t heir = o2c__pool_row(pool, o2c__ref_str(old->key, heap));
    freezer->moved[column] = freezer->moved_document[column] = O2C__NONE;
    if (heir == O2C__NONE || o2c__pool_row_dead(pool, heir))
        return;
    struct o2c__item_row *row = o2c__pool_item_row(pool, heir);
    freezer->moved[column] = freezer->column[heir];
    if (!o2c__str_equal(o2c__ref_str(old->document, heap), o2c__ref_str(row->document, heap)))
        return;
    row->document = old->document;
    row->settled = 1;
    freezer->moved_document[column] = freezer->column[heir];
}

bool
o2c__index_moves(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    uint32_t n = freezer->moved_count = pool->rows->kept_count;
    freezer->moved = o2c__alloc_array(&pool->context.memory, n + 1u, sizeof *freezer->moved);
    freezer->moved_document = o2c__alloc_array(&pool->context.memory, n + 1u, sizeof *freezer->moved_document);
    if (!freezer->moved || !freezer->moved_document)
        return false;
    for (uint32_t i = n; i < freezer->rows_count; i++)
        o2c__pool_item_row(pool, i)->settled = 0;
    memcpy(freezer->moved, freezer->column, n * sizeof *freezer->moved);
    memcpy(freezer->moved_document, freezer->column, n * sizeof *freezer->moved_document);
    for (size_t word = 0; word < o2c__bit_words(n); word++)
        for (uint64_t dead = pool->rows->base_dead[word]; dead; dead &= dead - 1)
            move_replaced(pool, freezer, (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(dead));
    return true;
}

/* ------------------------------------------------------------------ references */

/* A crowd of one row without a text: no key is found there. */
static uint32_t
nobody(o2c_match_pool *pool)
{
    o2c__vector *crowds = &pool->index->crowds, *cited = &pool->index->cited;
    uint32_t at = (uint32_t)cited->count;
    struct o2c__cited *row = o2c__vector_add(cited);
    struct o2c__crowd *crowd = row ? o2c__vector_add(crowds) : NULL;
    if (!crowd)
        return O2C__NONE;
    row->next = O2C__NONE;
    row->kind = O2C_REFERENCE_OWN;
    *crowd = (struct o2c__crowd){ .first = at, .last = at, .count = 0 };
    return O2C__INDEX_CROWD | (uint32_t)(crowds->count - 1);
}

/* No branch asks what a slot holds: half of them are empty, and nothing foretells which. Crowds and empty slots stay as they are. */
static void
move_slots(struct o2c__slots *slots, const uint32_t *moved, uint32_t gone)
{
    for (uint32_t i = 0; i < slots->room; i++) {
        uint32_t value = slots->rows[i].value, stays = 0u - (value >> 31);
        uint32_t to = moved[value & ~stays], none = 0u - (uint32_t)(to == O2C__NONE);
        slots->rows[i].value = (value & stays) | (~stays & ((to & ~none) | (gone & none)));
    }
}

static bool
is_document(const struct o2c__cited *row, o2c_ref document)
{
    return row->kind == O2C_REFERENCE_OWN && row->text.len && row->text.at == document.at;
}

/* row->text of what is gone becomes empty; the crowd is put in order later. */
static void
move_cited(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    o2c__vector *cited = &pool->index->cited;
    for (size_t i = 0; i < cited->count; i++) {
        struct o2c__cited *row = &O2C__AT(cited, struct o2c__cited, i);
        if (row->kind == O2C__CITED_NUMBER || row->text.len == 0)
            continue;
        bool own = is_document(row, pool->rows->base_echo[row->target].document);
        uint32_t to = own ? freezer->moved_document[row->target] : freezer->moved[row->target];
        if (to == O2C__NONE)
            row->text = (o2c_ref){ 0, 0 };
        row->target = to == O2C__NONE ? 0 : to;
    }
}

/* Documents first, then references by kind, item and text, then customer numbers: the order in which they are put into a new index. */
static int
compare_cited(const o2c_match_pool *pool, const struct o2c__cited *a, const struct o2c__cited *b)
{
    int phase_a = a->kind == O2C__CITED_NUMBER ? 2 : !is_document(a, pool->echo[a->target].document);
    int phase_b = b->kind == O2C__CITED_NUMBER ? 2 : !is_document(b, pool->echo[b->target].document);
    if (phase_a != phase_b)
        return phase_a - phase_b;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    int order = o2c__str_compare(o2c__pool_str(pool, a->text), o2c__pool_str(pool, b->text));
    return order ? order : a->scheme < b->scheme ? -1 : a->scheme > b->scheme;
}

static uint32_t
home_of(const o2c_match_pool *pool, const struct o2c__cited *row)
{
    return row->kind == O2C__CITED_NUMBER ? row->target : pool->item_account[row->target];
}

/* Living rows of a crowd into order; answers how many. The sort is stable and knows that little has moved. */
static uint32_t
gather_crowd(const o2c_match_pool *pool, const struct o2c__crowd *crowd, struct o2c__cited *rows)
{
    uint32_t n = 0;
    for (uint32_t at = crowd->first; at != O2C__NONE;) {
        struct o2c__cited row = O2C__AT(&pool->index->cited, struct o2c__cited, at);
        uint32_t k = n;
        at = row.next;
        if (row.text.len == 0)
            continue;
        for (; k > 0 && compare_cited(pool, &rows[k - 1], &row) > 0; k--)
            rows[k] = rows[k - 1];
        rows[k] = row;
        n++;
    }
    return n;
}

/* Rows go back into the chain they came from; what repeats one before it is left out, and an end that is not needed is cut off. */
static void
order_crowd(o2c_match_pool *pool, struct o2c__crowd *crowd, struct o2c__cited *rows)
{
    uint32_t n = gather_crowd(pool, crowd, rows), at = crowd->first, last = crowd->first;
    crowd->count = crowd->groups = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool again = i > 0 && rows[i - 1].target == rows[i].target && rows[i - 1].kind == rows[i].kind;
        if (again)
            continue;
        crowd->groups += i == 0 || rows[i - 1].kind != rows[i].kind || home_of(pool, &rows[i - 1]) != home_of(pool, &rows[i]);
        struct o2c__cited *to = &O2C__AT(&pool->index->cited, struct o2c__cited, at);
        uint32_t next = to->next;
        *to = rows[i];
        to->next = next;
        last = at;
        at = next;
        crowd->count++;
    }
    struct o2c__cited *end = &O2C__AT(&pool->index->cited, struct o2c__cited, last);
    if (crowd->count == 0)
        *end = (struct o2c__cited){ .next = O2C__NONE, .kind = O2C_REFERENCE_OWN };
    end->next = O2C__NONE;
    crowd->last = last;
}

static bool
order_crowds(o2c_match_pool *pool)
{
    struct o2c__index *index = pool->index;
    size_t room = index->cited.count + 1;
    struct o2c__cited *rows = o2c__alloc_array(&pool->context.memory, room, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < index->crowds.count; i++)
        order_crowd(pool, &O2C__AT(&index->crowds, struct o2c__crowd, i), rows);
    o2c__release(&pool->context.memory, rows, room * sizeof *rows);
    return true;
}

/* A crowd that nobody is in any more. */
static bool
is_gone(const struct o2c__index *index, uint32_t value)
{
    return value & O2C__INDEX_CROWD && O2C__AT(&index->crowds, struct o2c__crowd, value & ~O2C__INDEX_CROWD).count == 0;
}

/* Where slots run short for what is new: a wider table, without the slots of what is gone. A tag says where its walk begins. */
static bool
make_room(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    const struct o2c__pool_rows *rows = pool->rows;
    struct o2c__slots *slots = &pool->index->references, wider;
    uint64_t more = (uint64_t)freezer->rows_count - rows->kept_count + rows->references.count - rows->reference_columns.count;
    if ((slots->count + 3 * more) * 10 <= (uint64_t)slots->room * LOAD_TENTHS)
        return true;
    if (!o2c__slots_new(&wider, &pool->context.memory, slots->count + 3 * more))
        return false;
    for (uint32_t i = 0; i < slots->room; i++) {
        uint32_t value = slots->rows[i].value;
        if (value == O2C__MAP_NONE || is_gone(pool->index, value))
            continue;
        o2c__slots_add(&wider, slots->rows[i].tag, value);
    }
    o2c__slots_free(slots, &pool->context.memory);
    *slots = wider;
    return true;
}

static bool
put_new_documents(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    uint32_t n = 0;
    for (uint32_t i = pool->rows->kept_count; i < freezer->rows_count; i++) {
        const struct o2c__item_row *row = o2c__pool_item_row(pool, i);
        if (!row->dead && !row->settled && row->document.len)
            freezer->numbers[n++] = freezer->column[i];
    }
    return n == 0 || o2c__index_put_documents(pool, freezer->numbers, n);
}

/* ------------------------------------------------------------------ amounts */

/* What stayed is in order still; what is new is sorted and merged in. */
static bool
patch_amounts(o2c_match_pool *pool, struct o2c__freezer *freezer, const uint32_t *old, uint32_t old_count)
{
    uint32_t n = 0, at = 0, to = 0;
    uint32_t *amounts = pool->open_count ? o2c__alloc_array(&pool->context.memory, pool->open_count, sizeof *amounts) : NULL;
    pool->index->amounts = amounts;
    if (!amounts)
        return pool->open_count == 0;
    for (uint32_t i = pool->rows->kept_count; i < freezer->rows_count; i++) {
        uint32_t column = freezer->column[i];
        if (column < pool->open_count)
            freezer->keys[n++] = (struct o2c__sort_row){ (uint64_t)pool->open[column], column, 0 };
    }
    for (uint32_t i = 1; i < n; i++) { /* arrival is no order: equal amounts stand by column */
        struct o2c__sort_row row = freezer->keys[i];
        uint32_t k = i;
        for (; k > 0 && freezer->keys[k - 1].row > row.row; k--)
            freezer->keys[k] = freezer->keys[k - 1];
        freezer->keys[k] = row;
    }
    o2c__sort_keys(&freezer->keys, &freezer->spare, n);
    for (uint32_t i = 0; i < old_count; i++) {
        uint32_t column = freezer->column[old[i]];
        if (column == O2C__NONE)
            continue;
        uint64_t amount = (uint64_t)pool->open[column];
        while (at < n && (freezer->keys[at].key < amount || (freezer->keys[at].key == amount && freezer->keys[at].row < column)))
            amounts[to++] = freezer->keys[at++].row;
        amounts[to++] = column;
    }
    while (at < n)
        amounts[to++] = freezer->keys[at++].row;
    return true;
}

/* ------------------------------------------------------------------ */

static bool
patch(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    struct o2c__index *index = pool->index;
    uint32_t *old = index->amounts, old_count = pool->rows->kept_open, gone = nobody(pool);
    bool whole = patch_amounts(pool, freezer, old, old_count);
    o2c__release(&pool->context.memory, old, old_count * sizeof *old);
    if (!whole || gone == O2C__NONE)
        return false;
    move_slots(&index->references, freezer->moved_document, gone);
    move_cited(pool, freezer);
    index->document_bytes = freezer->document_bytes;
    /* A crowd is known by its first row: what is gone leaves it before new rows look for theirs. */
    return order_crowds(pool) && make_room(pool, freezer) && put_new_documents(pool, freezer) &&
           o2c__index_put_references(pool, freezer->references, freezer->references_count) && order_crowds(pool);
}

bool
o2c__index_patch(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    pool->index = pool->rows->kept;
    pool->rows->kept = NULL;
    bool whole = patch(pool, freezer);
    if (!whole)
        o2c__index_free(pool);
    return whole;
}
