/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

static int
by_key(const void *a, const void *b)
{
    const struct found *left = a, *right = b;
    size_t shared = left->key.len < right->key.len ? left->key.len : right->key.len;
    int order = shared ? memcmp(left->key.ptr, right->key.ptr, shared) : 0;
    return order ? order : (left->key.len > right->key.len) - (left->key.len < right->key.len);
}

/* A key in two files would make the second silently replace the first. */
static int
refuse_repeated(const struct job *job)
{
    for (uint64_t i = 1; i < job->items_count; i++) {
        if (by_key(&job->items[i - 1], &job->items[i]) == 0) {
            char reason[160];
            snprintf(reason, sizeof(reason), "item %.*s stands in two of the files", (int)(job->items[i].key.len),
                     job->items[i].key.ptr);
            return problem_plain("--items", reason, "Give each item once, or give each row its own key.", EXIT_REFUSED);
        }
    }
    return EXIT_DONE;
}

static void
fill(struct job *job)
{
    uint64_t items = 0, accounts = 0;
    for (uint32_t m = 0; m < job->lists_count; m++) {
        const o2c_master *master = &job->masters[m];
        for (uint64_t i = 0; i < master->items_count; i++)
            job->items[items++] = (struct found){ ref_in(&master->heap, master->items[i].key), &master->items[i], master };
        for (uint64_t i = 0; i < master->accounts_count; i++)
            if (master->accounts[i].name.len)
                job->accounts[accounts++] = (struct found){ ref_in(&master->heap, master->accounts[i].key), &master->accounts[i],
                                                            master };
    }
    job->accounts_count = accounts;
}

int
lookup_build(struct job *job)
{
    for (uint32_t m = 0; m < job->lists_count; m++) {
        job->items_count += job->masters[m].items_count;
        job->accounts_count += job->masters[m].accounts_count;
    }
    job->items = calloc(job->items_count + 1, sizeof(*job->items));
    job->accounts = calloc(job->accounts_count + 1, sizeof(*job->accounts));
    if (!job->items || !job->accounts)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    fill(job);
    qsort(job->items, job->items_count, sizeof(*job->items), by_key);
    qsort(job->accounts, job->accounts_count, sizeof(*job->accounts), by_key);
    return refuse_repeated(job);
}

const o2c_open_item *
lookup_item(const struct job *job, o2c_str key, const o2c_master **out_master)
{
    struct found wanted = { key, NULL, NULL };
    const struct found *found = bsearch(&wanted, job->items, job->items_count, sizeof(*job->items), by_key);
    if (!found)
        return NULL;
    *out_master = found->master;
    return found->row;
}

o2c_str
lookup_customer(const struct job *job, o2c_str key)
{
    struct found wanted = { key, NULL, NULL };
    const struct found *found = bsearch(&wanted, job->accounts, job->accounts_count, sizeof(*job->accounts), by_key);
    if (!found)
        return str_of(NULL);
    return ref_in(&found->master->heap, ((const o2c_account *)found->row)->name);
}

/* The number people know an item by: its document, else its key. */
o2c_str
lookup_document(const struct job *job, o2c_str key)
{
    const o2c_master *master = NULL;
    const o2c_open_item *item = lookup_item(job, key, &master);
    o2c_str document = item ? ref_in(&master->heap, item->document) : str_of(NULL);
    return document.len ? document : key;
}
