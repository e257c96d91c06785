/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 20 items that fits for a named cause: meet in the middle (halves.c). The same walk runs over open amounts, over
 * amounts less earned discount, less any discount, and less withholding. An amount above half of the pool is searched as what is left out.
 */
#include "match/explain.h"
#include "match/halves.h"

struct meet {
    struct o2c__job *job;
    struct o2c__view *view;
    uint32_t slots[O2C__FULL_SLOTS];
    uint32_t count, debits, low_count; /* many credits stand behind the debits and are searched like them */
    struct o2c__halves halves;
    bool turned; /* the sets are what is left out */
    int64_t total;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected;
    const struct o2c__selection *selection;
};

/* Without the item, whole, or less its discount: each of the three lists ascends. */
static bool
half_choose(struct meet *meet, struct o2c__half *half, const int64_t choices[2], uint64_t bit)
{
    struct o2c__half to = meet->halves.spare;
    uint32_t at[3] = { 0, 0, 0 };
    if (3 * half->count > meet->halves.room)
        return false;
    for (uint32_t i = 0; i < 3 * half->count; i++) {
        uint32_t best = O2C__NONE;
        int64_t least = 0;
        for (uint32_t c = 0; c < 3; c++) {
            int64_t sum = at[c] < half->count ? half->sums[at[c]] + (c ? choices[c - 1] : 0) : 0;
            if (at[c] < half->count && (best == O2C__NONE || sum < least)) {
                best = c;
                least = sum;
            }
        }
        to.sums[i] = least;
        to.masks[i] = half->masks[at[best]++] | (best ? bit : 0);
    }
    to.count = 3 * half->count;
    to.sums[to.count] = O2C__NO_SUM;
    meet->halves.spare = *half;
    *half = to;
    return true;
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

/* Every set with least ≤ sum ≤ most. */
static void
find_between(struct meet *meet, int64_t least, int64_t most)
{
    const struct o2c__half *low = &meet->halves.low, *high = &meet->halves.high;
    struct o2c__pairs pairs;
    o2c__pairs_start(&meet->halves, meet->turned ? meet->total - most : least, meet->turned ? meet->total - least : most, &pairs);
    if (!o2c__work(meet->job, low->count + high->count))
        return;
    while (o2c__pairs_next(&meet->halves, &pairs) && o2c__work(meet->job, 1)) {
        uint32_t mask = (uint32_t)(low->masks[pairs.low] | high->masks[pairs.high] << meet->low_count);
        try_mask(meet, meet->turned ? ((1u << meet->count) - 1) & ~mask : mask);
    }
}

static void
half_fill(struct meet *meet, struct o2c__half *half, uint32_t first, uint32_t count, const int64_t *amounts, const int64_t *others)
{
    uint32_t order[O2C__FULL_SLOTS]; /* largest first: the lists stay short until the end */
    for (uint32_t n = 0; n < count; n++) {
        uint32_t at = n;
        for (; at > 0 && amounts[order[at - 1]] < amounts[first + n]; at--)
            order[at] = order[at - 1];
        order[at] = first + n;
    }
    o2c__half_start(half);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t i = order[n];
        uint64_t bit = UINT64_C(1) << (i - first);
        int64_t choices[2] = { amounts[i], others ? others[i] : amounts[i] };
        if (choices[0] != choices[1])
            half_choose(meet, half, choices, bit);
        else
            o2c__half_grow(&meet->halves, half, amounts[i], bit);
    }
    o2c__work(meet->job, half->count * 2);
}

/* What the windows of this walk ask for: nothing below `least` and nothing above `most`. With credits among the items, or discounts to
 * choose, no sum may be left out. */
static void
load(struct meet *meet, const int64_t *amounts, const int64_t *others, int64_t least, int64_t most)
{
    bool any = others != NULL;
    meet->total = 0;
    for (uint32_t i = 0; i < meet->count; i++) {
        meet->total += amounts[i];
        any = any || amounts[i] < 0;
    }
    meet->turned = !any && least > meet->total / 2;
    meet->halves.most = any ? O2C__NO_SUM - 1 : meet->turned ? meet->total - least : most;
    half_fill(meet, &meet->halves.low, 0, meet->low_count, amounts, others);
    half_fill(meet, &meet->halves.high, meet->low_count, meet->count - meet->low_count, amounts, others);
}

static int64_t
tolerance_of(const struct o2c__job *job)
{
    const o2c_match_policy *policy = job->solve->policy;
    int64_t share = (int64_t)o2c__muldiv_floor((uint64_t)job->amount + (uint64_t)policy->tolerance_minor, policy->tolerance_ppm, 1000000);
    return share < policy->tolerance_minor ? share : policy->tolerance_minor;
}

static int64_t
most_kept_back(const struct o2c__job *job, const struct o2c__differs *differs, int64_t tolerance)
{
    int64_t low, high;
    const o2c_match_policy *policy = job->solve->policy;
    int64_t most = job->charge > tolerance ? job->charge : tolerance;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        most = policy->fees[i] > most ? policy->fees[i] : most;
    for (uint32_t i = 0; i < differs->count; i++)
        if (o2c__differs_window(differs, i, job->amount, &low, &high))
            most = high > most ? high : most;
    return most;
}

/* Smallest and largest target of the credit selections. */
static void
targets_of(const struct meet *meet, int64_t *out_least, int64_t *out_most)
{
    *out_least = *out_most = meet->job->amount - meet->selections[0].sum;
    for (uint32_t i = 1; i < meet->selected; i++) {
        int64_t target = meet->job->amount - meet->selections[i].sum;
        *out_least = target < *out_least ? target : *out_least;
        *out_most = target > *out_most ? target : *out_most;
    }
}

/* Open amounts: exact, small difference, charge, listed fee, or what this customer is known to keep back. */
static void
meet_open(struct meet *meet)
{
    const struct o2c__differs *differs = &meet->view->differs;
    int64_t low, high;
    const o2c_match_policy *policy = meet->job->solve->policy;
    int64_t target = meet->job->amount - meet->selection->sum, tolerance = tolerance_of(meet->job);
    find_between(meet, target - tolerance, target + tolerance);
    if (meet->job->charge > tolerance)
        find_between(meet, target + meet->job->charge, target + meet->job->charge);
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != meet->job->charge)
            find_between(meet, target + policy->fees[i], target + policy->fees[i]);
    for (uint32_t i = 0; i < differs->count; i++)
        if (o2c__differs_window(differs, i, meet->job->amount, &low, &high))
            find_between(meet, target + low, target + high);
}

/* Amounts less something that comes per item. */
static void
meet_less(struct meet *meet, const int64_t *amounts, const int64_t *others, int64_t slack)
{
    int64_t least, most;
    targets_of(meet, &least, &most);
    load(meet, amounts, others, least - slack, most + slack);
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
    if (count == 0 || count > O2C__FULL_SLOTS)
        return;
    take_items(&meet, slots, count);
    meet.low_count = meet.count / 2;
    uint32_t larger = meet.count - meet.low_count;
    uint32_t room = larger <= O2C__LOOSE_SLOTS / 2 ? 729 : 1u << larger; /* 3^6: without, whole, discounted */
    if (!o2c__halves_alloc(&job->solve->arena, &meet.halves, room)) {
        job->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < meet.count; i++)
        amounts[i] = view->slots[meet.slots[i]].open;
    int64_t least, most, tolerance = tolerance_of(job);
    targets_of(&meet, &least, &most);
    load(&meet, amounts, NULL, least - tolerance, most + most_kept_back(job, &view->differs, tolerance));
    for (uint32_t i = 0; i < meet.selected; i++) {
        meet.selection = &meet.selections[i];
        meet_open(&meet);
    }
    view->habits_found = view->habits_found || count == view->debits;
    meet_discounts(&meet, amounts, less);
    meet_withholding(&meet, less);
    meet_coded(&meet, less);
}
