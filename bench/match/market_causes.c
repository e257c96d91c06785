/* SPDX-License-Identifier: Apache-2.0 */
/* The generator's own chances of paying another amount than what is owed, as market_amount.c draws them. */
#include "market_inside.h"

/* Per million of payments that cite, by cause; those of a trait among its customers only. */
#define PPM(x) ((uint64_t)(x) * (ONE / 1000000))

/* A cut of a round amount, of half per cents, or anything from half to five per cent; and what nobody can explain. */
uint64_t
market_short(int64_t full, int64_t paid)
{
    int64_t cut = full - paid, step = full > 1000000 ? 5000 : full > 100000 ? 1000 : 100;
    uint64_t p = 0;
    if (cut <= 0)
        return 0;
    if (cut % step == 0 && cut / step <= 60)
        p += PPM(300000) / 60;
    for (int64_t half = 1; half <= 10; half++)
        p += full * half * 5 / 1000 == cut ? PPM(400000) / 10 : 0;
    int64_t low = full * 500 / 100000, high = full * 5000 / 100000 + 99;
    if (cut >= low && cut <= high)
        p += PPM(300000) / (uint64_t)(high - low + 1);
    return p;
}

static uint64_t
over(int64_t full, int64_t paid)
{
    int64_t more = paid - full;
    uint64_t p = 0;
    if (more <= 0)
        return 0;
    if (more % 1000 == 0 && more <= 50000)
        p += PPM(500000) / 50;
    if (more >= full / 1000 && more <= full / 20 + 1)
        p += PPM(500000) / (uint64_t)(full * 49 / 1000 + 1);
    return p;
}

/* What nobody can explain: between a tenth and seven tenths are missing. */
static uint64_t
unexplained(int64_t full, int64_t paid)
{
    int64_t cut = full - paid;
    return cut >= full / 10 && cut <= full * 7 / 10 + 99 ? ONE / (uint64_t)(full * 6 / 10 + 1) : 0;
}

void
market_causes(const struct owed *owed, int64_t paid, uint64_t out[CAUSES])
{
    static const int64_t fees[] = { 500, 1000, 1500, 2500, 3500 };
    static const uint32_t rates[3] = { 1, 2, 1 };
    for (int i = 0; i < CAUSES; i++)
        out[i] = 0;
    out[CAUSE_EXACT] = paid == owed->full ? PPM(660000) : 0;
    for (int i = 0; i < 5; i++)
        out[CAUSE_FEE] += owed->full - paid == fees[i] ? PPM(20000) / 5 : 0;
    for (int i = 0; i < 3 && owed->trait == TRAIT_WITHHOLDING; i++)
        out[CAUSE_TAX] += owed->taxed[i] == paid ? PPM(250000) / 4 * rates[i] : 0;
    if (owed->trait == TRAIT_DISCOUNT && owed->net < owed->full && owed->net == paid)
        out[CAUSE_DISCOUNT] = PPM(240000);
    out[CAUSE_SHORT] = market_times(PPM(36000), market_short(owed->full, paid)) + market_times(PPM(5000), unexplained(owed->full, paid));
    out[CAUSE_OVER] = market_times(PPM(10000), over(owed->full, paid));
}
