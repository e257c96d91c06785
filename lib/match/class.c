/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often a class of lines was wrong beyond what the posterior had announced: at the host, at the segment, at the customer, each level
 * shrunk to the one above (MATCHER 11.3). Counts forget with a half-life; they are brought forward when they are touched or asked for.
 */
#include "match/learn.h"

#define ROOM_FIRST 64u
#define ROOM_MAX (UINT32_C(1) << 30)

/* floor(2^32 · 2^(−day ÷ 180)) */
static const uint64_t fade[O2C__HALF_LIFE] = {
    UINT64_C(4294967296), 4278459963u, 4262016076u, 4245635389u, 4229317659u, 4213062646u, 4196870107u, 4180739803u,
    4164671494u, 4148664942u, 4132719910u, 4116836162u, 4101013461u, 4085251574u, 4069550266u, 4053909304u,
    4038328457u, 4022807494u, 4007346184u, 3991944299u, 3976601609u, 3961317888u, 3946092908u, 3930926444u,
    3915818271u, 3900768165u, 3885775903u, 3870841262u, 3855964021u, 3841143960u, 3826380858u, 3811674497u,
    3797024658u, 3782431125u, 3767893681u, 3753412110u, 3738986198u, 3724615731u, 3710300495u, 3696040279u,
    3681834871u, 3667684059u, 3653587636u, 3639545390u, 3625557115u, 3611622602u, 3597741646u, 3583914040u,
    3570139579u, 3556418059u, 3542749276u, 3529133028u, 3515569113u, 3502057330u, 3488597478u, 3475189358u,
    3461832771u, 3448527518u, 3435273404u, 3422070230u, 3408917801u, 3395815923u, 3382764401u, 3369763041u,
    3356811651u, 3343910038u, 3331058011u, 3318255380u, 3305501955u, 3292797547u, 3280141967u, 3267535027u,
    3254976541u, 3242466323u, 3230004186u, 3217589947u, 3205223420u, 3192904424u, 3180632774u, 3168408289u,
    3156230789u, 3144100091u, 3132016016u, 3119978386u, 3107987021u, 3096041744u, 3084142378u, 3072288745u,
    3060480672u, 3048717981u, 3037000499u, 3025328053u, 3013700468u, 3002117574u, 2990579196u, 2979085166u,
    2967635312u, 2956229465u, 2944867455u, 2933549113u, 2922274273u, 2911042767u, 2899854428u, 2888709090u,
    2877606589u, 2866546759u, 2855529437u, 2844554458u, 2833621661u, 2822730884u, 2811881964u, 2801074741u,
    2790309054u, 2779584745u, 2768901653u, 2758259621u, 2747658491u, 2737098105u, 2726578307u, 2716098941u,
    2705659852u, 2695260884u, 2684901884u, 2674582698u, 2664303173u, 2654063156u, 2643862495u, 2633701041u,
    2623578640u, 2613495145u, 2603450404u, 2593444269u, 2583476593u, 2573547226u, 2563656021u, 2553802833u,
    2543987515u, 2534209920u, 2524469906u, 2514767326u, 2505102037u, 2495473896u, 2485882759u, 2476328486u,
    2466810933u, 2457329961u, 2447885427u, 2438477193u, 2429105119u, 2419769065u, 2410468894u, 2401204467u,
    2391975647u, 2382782297u, 2373624281u, 2364501463u, 2355413708u, 2346360881u, 2337342848u, 2328359474u,
    2319410628u, 2310496175u, 2301615985u, 2292769924u, 2283957863u, 2275179670u, 2266435216u, 2257724370u,
    2249047003u, 2240402987u, 2231792193u, 2223214495u, 2214669764u, 2206157874u, 2197678698u, 2189232112u,
    2180817989u, 2172436206u, 2164086636u, 2155769158u,
};

uint64_t
o2c__decay(uint64_t value, int64_t days)
{
    uint64_t high, low;
    if (days <= 0 || value == 0)
        return value;
    if (days / O2C__HALF_LIFE >= 64)
        return 0;
    o2c__multiply_wide(value, fade[days % O2C__HALF_LIFE], &high, &low);
    return (high << 32 | low >> 32) >> (days / O2C__HALF_LIFE);
}

/* The key is fixed: these numbers stand in the model's bytes, which are the same on every machine. */
uint64_t
o2c__owner_customer(o2c_str account)
{
    static const uint64_t key[2] = { UINT64_C(0x6f3263206f776e65), UINT64_C(0x7220637573746f6d) };
    return o2c__siphash24(key, account.ptr, account.len) | UINT64_C(1) << 63;
}

static uint32_t
slot_of(const struct o2c__class_table *table, uint64_t owner, uint32_t line_class)
{
    uint32_t mask = table->room - 1, at = (uint32_t)o2c__mix(owner, line_class) & mask;
    while (table->slots[at].line_class && (table->slots[at].line_class != line_class || table->slots[at].owner != owner))
        at = (at + 1) & mask;
    return at;
}

const struct o2c__class_count *
o2c__class_find(const struct o2c__class_table *table, uint64_t owner, uint32_t line_class)
{
    if (table->count == 0)
        return NULL;
    const struct o2c__class_count *slot = &table->slots[slot_of(table, owner, line_class)];
    return slot->line_class ? slot : NULL;
}

static bool
grow(struct o2c__class_table *table, o2c__memory *memory)
{
    struct o2c__class_table wider = { NULL, table->room ? table->room * 2 : ROOM_FIRST, table->count };
    if (table->room >= ROOM_MAX || !(wider.slots = o2c__alloc_zero(memory, wider.room, sizeof *wider.slots)))
        return false;
    for (uint32_t i = 0; i < table->room; i++) {
        const struct o2c__class_count *old = &table->slots[i];
        if (old->line_class)
            wider.slots[slot_of(&wider, old->owner, old->line_class)] = *old;
    }
    o2c__release(memory, table->slots, (size_t)table->room * sizeof *table->slots);
    *table = wider;
    return true;
}

struct o2c__class_count *
o2c__class_put(struct o2c__class_table *table, o2c__memory *memory, uint64_t owner, uint32_t line_class)
{
    uint32_t at = table->room ? slot_of(table, owner, line_class) : 0;
    if (table->room && table->slots[at].line_class)
        return &table->slots[at];
    if (table->count >= table->room / 3 * 2) {
        if (!grow(table, memory))
            return NULL;
        at = slot_of(table, owner, line_class);
    }
    table->slots[at] = (struct o2c__class_count){ .owner = owner, .line_class = line_class };
    table->count++;
    return &table->slots[at];
}

void
o2c__class_age(struct o2c__class_count *count, int32_t day)
{
    if (day <= count->day)
        return;
    count->judged = o2c__decay(count->judged, (int64_t)day - count->day);
    count->wrong = o2c__decay(count->wrong, (int64_t)day - count->day);
    count->expected = o2c__decay(count->expected, (int64_t)day - count->day);
    count->day = day;
}

/* numerator · 10^9 ÷ denominator, rounded up. */
static uint32_t
share_up(uint64_t numerator, uint64_t denominator)
{
    uint64_t share = o2c__muldiv_floor(numerator, O2C__LINE_UNIT, denominator);
    if (share >= O2C__LINE_UNIT)
        return (uint32_t)O2C__LINE_UNIT;
    /* the rest is below the divisor, so its low word says whether there is one */
    return (uint32_t)(share + (share * denominator != numerator * O2C__LINE_UNIT));
}

/*
 * One level. A wrong line that the posteriors had announced proves nothing for the class, so it does not count as evidence either: the
 * divisor has the right lines and the excess. With it a right line never raises the error and a wrong one never lowers it.
 */
static uint32_t
shrink(uint32_t above_ppb, uint32_t k, const struct o2c__class_count *count, int32_t day)
{
    struct o2c__class_count now;
    if (!count)
        return above_ppb;
    now = *count;
    o2c__class_age(&now, day);
    uint64_t excess = now.wrong > now.expected ? now.wrong - now.expected : 0;
    uint64_t right = now.judged > now.wrong ? now.judged - now.wrong : 0;
    excess = excess < O2C__COUNT_MAX ? excess : O2C__COUNT_MAX;
    right = right < O2C__COUNT_MAX ? right : O2C__COUNT_MAX;
    return share_up((uint64_t)k * above_ppb + excess, k * O2C__LINE_UNIT + right + excess);
}

uint32_t
o2c__class_host_ppb(const o2c_match_model *model, uint32_t k, uint32_t line_class, uint32_t start_ppm)
{
    const struct o2c__memories *memories = model->learned;
    uint32_t start = start_ppm * 1000;
    return memories ? shrink(start, k, o2c__class_find(&memories->classes, O2C__OWNER_HOST, line_class), memories->day) : start;
}

uint32_t
o2c__class_error_ppb(const o2c_match_model *model, uint32_t k, uint32_t line_class, int32_t tier, o2c_str account, uint32_t start_ppm)
{
    const struct o2c__memories *memories = model->learned;
    const struct o2c__class_count *host = memories ? o2c__class_find(&memories->classes, O2C__OWNER_HOST, line_class) : NULL;
    uint32_t error = start_ppm * 1000;
    if (!host) /* every line counts at the host: what he has not seen nobody has */
        return error;
    error = shrink(error, k, host, memories->day);
    error = shrink(error, k, o2c__class_find(&memories->classes, o2c__owner_segment(tier), line_class), memories->day);
    if (account.len == 0)
        return error;
    return shrink(error, k, o2c__class_find(&memories->classes, o2c__owner_customer(account), line_class), memories->day);
}
