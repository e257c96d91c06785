/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which scenario a payment is. The habits of customers decide which items are paid; the scenario says how it looks: what the text
 * cites, and why the amount differs. Shares hold over the mix; a scenario that needs a particular customer (discount terms, a parent)
 * is that much more frequent with those.
 */
#include <string.h>

#include "market_inside.h"

enum { SINGLE = 1, RUN = 2, SCATTERED = 4, ANY = 7 };

struct share {
    uint32_t per_mille10; /* of all payments, in units of 1 / 10,000 */
    uint32_t shapes;
    enum trait trait;     /* TRAIT_PLAIN: anybody */
};
static const struct share shares[39] = {
    [1] = { 1600, ANY, TRAIT_PLAIN },   [2] = { 1700, ANY, TRAIT_PLAIN },   [3] = { 150, ANY, TRAIT_PLAIN },
    [4] = { 100, ANY, TRAIT_PLAIN },    [5] = { 50, ANY, TRAIT_PLAIN },     [6] = { 250, ANY, TRAIT_PLAIN },
    [7] = { 400, ANY, TRAIT_PLAIN },    [8] = { 400, ANY, TRAIT_PLAIN },    [9] = { 200, RUN | SCATTERED, TRAIT_PLAIN },
    [10] = { 500, ANY, TRAIT_STRUCTURED }, [12] = { 1000, SINGLE, TRAIT_PLAIN }, [13] = { 800, RUN, TRAIT_PLAIN },
    [14] = { 300, SCATTERED, TRAIT_PLAIN }, [15] = { 500, ANY, TRAIT_PLAIN },   [16] = { 600, ANY, TRAIT_DISCOUNT },
    [17] = { 200, ANY, TRAIT_PLAIN },   [18] = { 150, SINGLE, TRAIT_FOREIGN }, [19] = { 100, ANY, TRAIT_WITHHOLDING },
    [20] = { 50, SINGLE, TRAIT_PLAIN }, [21] = { 200, ANY, TRAIT_CHILD },   [22] = { 100, ANY, TRAIT_PLAIN },
    [23] = { 200, SINGLE, TRAIT_PLAIN }, [24] = { 200, ANY, TRAIT_CREDITS }, [25] = { 100, ANY, TRAIT_PLAIN },
    [27] = { 100, SINGLE, TRAIT_PLAIN }, [28] = { 50, SINGLE, TRAIT_PLAIN }, [31] = { 50, SINGLE, TRAIT_PLAIN },
    [34] = { 30, SINGLE, TRAIT_PLAIN }, [35] = { 50, SINGLE, TRAIT_PLAIN },
};
/* Share of payments by shape, and of payments by customers of a trait; of 10,000. */
static const uint32_t shape_share[3] = { 6290, 2340, 1370 };
static const uint32_t trait_share[TRAITS] = { [TRAIT_STRUCTURED] = 1500, [TRAIT_DISCOUNT] = 2000, [TRAIT_FOREIGN] = 500,
                                              [TRAIT_WITHHOLDING] = 400, [TRAIT_CHILD] = 800,     [TRAIT_CREDITS] = 1000 };

static void
scale_columns(struct market_fit *fit)
{
    for (int s = 1; s < 39; s++) {
        uint64_t sum = fit->weight[0][s] + fit->weight[1][s] + fit->weight[2][s];
        for (int shape = 0; shape < 3 && sum; shape++)
            fit->weight[shape][s] = fit->weight[shape][s] * shares[s].per_mille10 * 100000 / sum;
    }
}

static void
scale_rows(struct market_fit *fit)
{
    for (int shape = 0; shape < 3; shape++) {
        uint64_t sum = 0;
        for (int s = 1; s < 39; s++)
            sum += fit->weight[shape][s];
        for (int s = 1; s < 39; s++)
            fit->weight[shape][s] = fit->weight[shape][s] * shape_share[shape] * 100000 / sum;
    }
}

/* Shares of the scenarios open to everybody, fitted to the shapes: rows add up to the shapes, columns to the scenarios. */
void
market_scenario_fit(struct market_fit *fit)
{
    memset(fit, 0, sizeof *fit);
    for (int s = 1; s < 39; s++) {
        for (int shape = 0; shape < 3 && shares[s].trait == TRAIT_PLAIN; shape++)
            fit->weight[shape][s] = shares[s].shapes >> shape & 1 ? (uint64_t)shares[s].per_mille10 * shape_share[shape] : 0;
    }
    for (int round = 0; round < 24; round++) {
        scale_columns(fit);
        scale_rows(fit);
    }
}

static int32_t
trait_scenario(enum trait trait)
{
    for (int32_t s = 1; s < 39; s++) {
        if (trait != TRAIT_PLAIN && shares[s].per_mille10 && shares[s].trait == trait)
            return s;
    }
    return 0;
}

bool
market_scenario_alone(int32_t scenario, int *out_shape, enum trait *out_trait)
{
    *out_shape = shares[scenario].shapes == SINGLE ? 0 : shares[scenario].shapes == RUN ? 1 : shares[scenario].shapes == SCATTERED ? 2 :
                 shares[scenario].shapes == (RUN | SCATTERED) ? 1 : -1;
    *out_trait = shares[scenario].trait == TRAIT_PLAIN ? TRAITS : shares[scenario].trait;
    return *out_shape >= 0;
}

static bool
fits_shape(int32_t scenario, int shape)
{
    return shares[scenario].shapes >> shape & 1;
}

static int32_t
draw_common(struct market_random *random, int shape, const struct market_fit *fit)
{
    uint64_t sum = 0, at;
    for (int s = 1; s < 39; s++)
        sum += fit->weight[shape][s];
    at = market_below(random, sum);
    for (int32_t s = 1; s < 39; s++) {
        if (at < fit->weight[shape][s])
            return s;
        at -= fit->weight[shape][s];
    }
    return 1;
}

int32_t
market_scenario_draw(struct market_random *random, const struct making *making, const struct profile *profile, int shape)
{
    int32_t own = trait_scenario(profile->trait), alone = making->options->scenario;
    if (alone == 26 || alone == 33)
        return 1;
    if (alone == 11 || alone == 29 || alone == 30 || alone == 32 || alone == 38)
        return alone;
    if (alone > 0 && alone < 37 && shares[alone].per_mille10)
        return fits_shape(alone, shape) && (shares[alone].trait == TRAIT_PLAIN || shares[alone].trait == profile->trait) ? alone : 1;
    if (own && fits_shape(own, shape)) {
        uint64_t share = (uint64_t)shares[own].per_mille10 * 1000000 / trait_share[profile->trait];
        share = shares[own].shapes == SINGLE ? share * 10000 / shape_share[0] : share;
        if (market_chance(random, (uint32_t)share))
            return own;
    }
    return draw_common(random, shape, &making->fit);
}

int32_t
market_scenario(const char *name)
{
    int32_t number = 0;
    if (strcmp(name, "mix") == 0 || strcmp(name, "MIX") == 0)
        return 0;
    if (*name != 'S' && *name != 's')
        return -1;
    for (const char *at = name + 1; *at; at++) {
        if (*at < '0' || *at > '9' || number > 38)
            return -1;
        number = number * 10 + (*at - '0');
    }
    return number >= 1 && number <= 38 ? number : -1;
}
