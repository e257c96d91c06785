/* SPDX-License-Identifier: Apache-2.0 */
/* However many rests move at once, the chances are the same integers. */
#include <string.h>

#include "match/lattice.h"
#include "support/tap.h"

#define RESTS 211u

static uint64_t
draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* Every fourth chance is the largest there is, every fourth none. */
static void
fill(uint32_t rests[RESTS], uint64_t *state)
{
    for (uint32_t i = 0; i < RESTS; i++) {
        uint64_t random = draw(state);
        rests[i] = (random & 3) == 0 ? UINT32_MAX : (random & 3) == 1 ? 0 : (uint32_t)(random >> 32);
    }
}

static void
lattice__wide_steps_give_the_integers_of_single_ones(void)
{
    uint32_t stay[RESTS], come[RESTS], plain[RESTS + 1], wide[RESTS + 1];
    uint64_t state = 20261122;
    o2c__include_stretch steps[O2C__INCLUDE_STEPS];
    uint32_t steps_count = o2c__include_steps(steps);
    CU_ASSERT(steps[steps_count - 1] == o2c__include_widest());
    for (uint32_t count = 0; count <= RESTS; count++) {
        uint32_t with = count % 3 ? (uint32_t)(draw(&state) >> 33) + 1 : UINT32_C(1) << 31;
        struct o2c__chances of = { with, 0 - with };
        fill(stay, &state);
        fill(come, &state);
        memset(plain, 0xA5, sizeof plain);
        o2c__include_plain(plain, stay, come, count, &of);
        for (uint32_t i = 0; i < steps_count; i++) {
            memset(wide, 0xA5, sizeof wide);
            steps[i](wide, stay, come, count, &of);
            CU_ASSERT(memcmp(plain, wide, sizeof plain) == 0);
        }
    }
}

static void
lattice__chances_are_rounded_up(void)
{
    const uint32_t stay[] = { UINT32_MAX, 1, 0, 2, 0, 0, 0, 0 }, come[] = { UINT32_MAX, 0, 0, 2, 3, 1, 2, 4 };
    const uint32_t expected[] = { UINT32_MAX, 1, 0, 2, 1, 1, 1, 1 };
    const struct o2c__chances of = { UINT32_C(1) << 30, UINT32_C(3) << 30 };
    uint32_t to[8];
    o2c__include_plain(to, stay, come, 8, &of);
    CU_ASSERT(memcmp(to, expected, sizeof to) == 0);
    o2c__include_widest()(to, stay, come, 8, &of);
    CU_ASSERT(memcmp(to, expected, sizeof to) == 0);
}

static const struct tap_test tests[] = {
    { "lattice__wide_steps_give_the_integers_of_single_ones", lattice__wide_steps_give_the_integers_of_single_ones },
    { "lattice__chances_are_rounded_up", lattice__chances_are_rounded_up },
};

int
main(void)
{
    return tap_run("match/lattice", tests, TAP_COUNT(tests));
}
