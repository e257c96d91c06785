/* SPDX-License-Identifier: Apache-2.0 */
/* What a freeze by changes knows while it runs: freeze_patch.c says where everything goes, freeze_merge.c brings it there. */
#ifndef O2C__MATCH_FREEZE_PATCH_H
#define O2C__MATCH_FREEZE_PATCH_H
#include "match/index.h"
#include "match/pool.h"

/* Columns that lived on side by side; open and closed ones never in one run. */
struct o2c__run {
    uint32_t from, to, count;
};

struct o2c__patch {
    o2c_match_pool *pool;
    struct o2c__freezer *freezer;
    /* the columns that were, and what the rows know of them */
    struct o2c_match_pool was;
    uint32_t *closed_combo;
    uint32_t discounts_frozen, relatives_count;
    uint32_t *combo_of;  /* item account that was → pair of company and currency, interned */
    struct o2c__run *runs;
    uint32_t runs_count, runs_room;
    uint32_t added;      /* rows that are new and live: freezer->order */
};

/* The first dead column at or behind this one, before end. */
static inline uint32_t
o2c__next_dead(const uint64_t *dead, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint64_t word = dead[at / 64] >> at % 64;
        if (word) {
            at += (uint32_t)__builtin_ctzll(word);
            return at < end ? at : end;
        }
        at = (at / 64 + 1) * 64;
    }
    return end;
}

/* Columns; then what few items have. */
bool o2c__merge_columns(struct o2c__patch *patch);
o2c_status o2c__merge_earmarks(struct o2c__patch *patch, o2c_error *err);
o2c_status o2c__merge_groups(struct o2c__patch *patch, o2c_error *err);
#endif
