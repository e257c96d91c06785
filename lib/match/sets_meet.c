/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 20 items that fits for a named cause: meet in the middle (Horowitz and Sahni). The subset sums of each half
 * are grown in order by merging, so nothing is sorted; two pointers then find every pair inside a window around the target.
 * The same walk runs over open amounts, over amounts less earned discount, less any discount, and less withholding.
 */
#include "match/explain.h"

struct half {
    int64_t *sums;  /* ascending */
    uint16_t *masks;
    uint32_t count;
};
struct meet {
    struct o2c__job *job;
    struct o2c__view *view;
    uint32_t slots[O2C__FULL_SLOTS];
    uint32_t count, debits, low_count; /* many credits stand behind the debits and are searched like them */
    struct half low, high;
    int64_t *spare_sums;
    uint16_t *spare_masks;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected;
    const struct o2c__selection *selection;
};

static bool
half_alloc(struct o2c__job *job, struct half *half, uint32_t items)
{
    size_t rows = items <= O2C__LOOSE_SLOTS / 2 ? 729 : (size_t)1 << items; /* 3^6: without, whole, discounted */
    half->sums = o2c__arena_alloc(&job->solve->arena, rows * sizeof *half->sums);
    half->masks = o2c__arena_alloc(&job->solve->arena, rows * sizeof *half->masks);
    return half->sums && half->masks;
}

/* Sums without the item and sums with it (whole, or less a discount) are each ascending: one merge makes the next list. */
static void
half_grow(struct meet *meet, struct half *half, const int64_t *choices, uint32_t choices_count, uint16_t bit)
{
    uint32_t at[3] = { 0, 0, 0 }, count = half->count;
    memcpy(meet->spare_sums, half->sums, count * sizeof *half->sums);
    memcpy(meet->spare_masks, half->masks, count * sizeof *half->masks);
    for (uint32_t i = 0; i < count * (choices_count + 1); i++) {
        uint32_t best = O2C__NONE;
        int64_t least = 0;
        for (uint32_t c = 0; c <= choices_count; c++) {
            int64_t sum = at[c] < count ? meet->spare_sums[at[c]] + (c ? choices[c - 1] : 0) : 0;
            if (at[c] < count && (best == O2C__NONE || sum < least)) {
                best = c;
                least = sum;
            }
        }
        half->sums[i] = least;
        half->masks[i] = (uint16_t)(meet->spare_masks[at[best]++] | (best ? bit : 0));
    }
    half->count = count * (choices_count + 1);
}

static void
half_fill(struct meet *meet, struct half *half, uint32_t first, uint32_t count, const int64_t *amounts, const int64_t *others)
{
    half->sums[0] = 0;
    half->masks[0] = 0;
    half->count = 1;
    for (uint32_t i = first; i < first + count; i++) {
        int64_t choices[2] = { amounts[i], others ? others[i] : 0 };
        half_grow(meet, half, choices, others && others[i] != amounts[i] ? 2 : 1, (uint16_t)(1u << (i - first)));
    }
    o2c__work(meet->job, half->count * 2);
}

static void
try_mask(struct meet *meet, uint32_t mask)
{
    struct o2c__set *set = &meet->job->set;
    set->debits = set->count = 0;
    for (uint32_t i = 0; i < meet->count; i++)
        if (mask >> i & 1) {
            set->slots[set->count++] = meet->slots[i];
            set->debits += i < meet->debits;
        }
    if (set->debits == 0)
        return;
    set->count += o2c__selection_slots(meet->view, meet->selection, set->slots + set->count, O2C__SET_MAX - set->count);
    o2c__try_set(meet->job, meet->view, set, O2C__TRY_NAMED);
}

/* Every pair of halves with low ≤ sum ≤ high. */
static void
find_between(struct meet *meet, int64_t low, int64_t high)
{
    uint32_t end = meet->high.count;
    if (!o2c__work(meet->job, meet->low.count + meet->high.count))
        return;
    for (uint32_t i = 0; i < meet->low.count && !meet->job->cut_short; i++) {
        int64_t sum = meet->low.sums[i];
        while (end > 0 && sum + meet->high.sums[end - 1] > high)
            end--;
        for (uint32_t k = end; k > 0 && sum + meet->high.sums[k - 1] >= low && o2c__work(meet->job, 1); k--)
            try_mask(meet, meet->low.masks[i] | (uint32_t)meet->high.masks[k - 1] << meet->low_count);
    }
}

static void
load(struct meet *meet, const int64_t *amounts, const int64_t *others)
{
    half_fill(meet, &meet->low, 0, meet->low_count, amounts, others);
    half_fill(meet, &meet->high, meet->low_count, meet->count - meet->low_count, amounts, others);
}

static int64_t
tolerance_of(const struct o2c__job *job)
{
    const o2c_match_policy *policy = job->solve->policy;
    int64_t share = (int64_t)o2c__muldiv_floor((uint64_t)job->amount + (uint64_t)policy->tolerance_minor, policy->tolerance_ppm, 1000000);
    return share < policy->tolerance_minor ? share : policy->tolerance_minor;
}

/* Open amounts: exact, small difference, charge or listed fee. */
static void
meet_open(struct meet *meet)
{
    const o2c_match_policy *policy = meet->job->solve->policy;
    int64_t target = meet->job->amount - meet->selection->sum, tolerance = tolerance_of(meet->job);
    find_between(meet, target - tolerance, target + tolerance);
    if (meet->job->charge > tolerance)
        find_between(meet, target + meet->job->charge, target + meet->job->charge);
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != meet->job->charge)
            find_between(meet, target + policy->fees[i], target + policy->fees[i]);
}

/* Amounts less something that comes per item. */
static void
meet_less(struct meet *meet, const int64_t *amounts, const int64_t *others, int64_t slack)
{
    load(meet, amounts, others);
    for (uint32_t i = 0; i < meet->selected; i++) {
        meet->selection = &meet->selections[i];
        int64_t target = meet->job->amount - meet->selection->sum;
        find_between(meet, target - slack, target + slack);
    }
}

/* Up to 12 items each of them may be discounted or not; above that all eligible ones are. */
static void
meet_discounts(struct meet *meet, const int64_t *open, int64_t *amounts)
{
    bool early = false, late = false;
    const int64_t *others = meet->count <= O2C__LOOSE_SLOTS ? open : NULL;
    for (uint32_t i = 0; i < meet->count; i++) {
        const struct o2c__slot *slot = &meet->view->slots[meet->slots[i]];
        amounts[i] = slot->open - slot->early;
        early = early || slot->early;
        late = late || slot->late != slot->early;
    }
    if (early)
        meet_less(meet, amounts, others, 0);
    if (!late)
        return;
    for (uint32_t i = 0; i < meet->count; i++)
        amounts[i] = meet->view->slots[meet->slots[i]].open - meet->view->slots[meet->slots[i]].late;
    meet_less(meet, amounts, others, 0);
}

/* Tax is rounded once for the whole set, here per item: the window holds the difference. */
static void
meet_withholding(struct meet *meet, int64_t *amounts)
{
    const o2c_match_policy *policy = meet->job->solve->policy;
    for (uint64_t rate = 0; rate < policy->withholding_ppm_count; rate++) {
        bool any = false;
        for (uint32_t i = 0; i < meet->count; i++) {
            const struct o2c__slot *slot = &meet->view->slots[meet->slots[i]];
            int64_t tax = 0;
            if (slot->withholding && i < meet->debits)
                any = o2c__muldiv(slot->open, policy->withholding_ppm[rate], 1000000, &tax) || any;
            amounts[i] = slot->open - tax;
        }
        if (any)
            meet_less(meet, amounts, NULL, meet->count / 2 + 1);
    }
}

/* The advice says per line what was kept back. */
static void
meet_coded(struct meet *meet, int64_t *amounts)
{
    bool any = false;
    for (uint32_t i = 0; i < meet->count; i++) {
        const struct o2c__slot *slot = &meet->view->slots[meet->slots[i]];
        any = any || slot->coded;
        amounts[i] = slot->open - slot->coded;
    }
    if (any)
        meet_less(meet, amounts, NULL, 0);
}

/* Few credits are tried selection by selection; many are items of the search, when all together are few enough. */
static void
take_items(struct meet *meet, const uint32_t *slots, uint32_t count)
{
    const struct o2c__view *view = meet->view;
    meet->count = meet->debits = count;
    memcpy(meet->slots, slots, count * sizeof *slots);
    meet->selected = o2c__selections(view, meet->selections);
    if (!o2c__credits_searched(view, count))
        return;
    for (uint32_t i = 0; i < view->credits; i++)
        meet->slots[meet->count++] = view->debits + i;
    meet->selections[0] = (struct o2c__selection){ 0, 0, 0 };
    meet->selected = 1;
}

void
o2c__sets_meet(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count)
{
    struct meet meet = { .job = job, .view = view };
    int64_t amounts[O2C__FULL_SLOTS], less[O2C__FULL_SLOTS];
    struct half spare;
    if (count == 0 || count > O2C__FULL_SLOTS)
        return;
    take_items(&meet, slots, count);
    meet.low_count = meet.count / 2;
    uint32_t larger = meet.count - meet.low_count;
    if (!half_alloc(job, &meet.low, meet.low_count) || !half_alloc(job, &meet.high, larger) || !half_alloc(job, &spare, larger)) {
        job->no_memory = true;
        return;
    }
    meet.spare_sums = spare.sums;
    meet.spare_masks = spare.masks;
    for (uint32_t i = 0; i < meet.count; i++)
        amounts[i] = view->slots[meet.slots[i]].open;
    load(&meet, amounts, NULL);
    for (uint32_t i = 0; i < meet.selected; i++) {
        meet.selection = &meet.selections[i];
        meet_open(&meet);
    }
    meet_discounts(&meet, amounts, less);
    meet_withholding(&meet, less);
    meet_coded(&meet, less);
}
