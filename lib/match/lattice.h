/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loop of the lattice walk (bound_lattice.c). */
#ifndef O2C__MATCH_LATTICE_H
#define O2C__MATCH_LATTICE_H
#include "base/base.h"

/* Of one item, in Q32: with + without = 2^32, with at most a half. */
struct o2c__chances {
    uint32_t with, without;
};

/* to[x] = stay[x] · without + come[x] · with in Q32, rounded up, as long as that stays below 2^32. to overlaps nothing. */
typedef void (*o2c__include_stretch)(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count,
                                     const struct o2c__chances *of);
void o2c__include_plain(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count, const struct o2c__chances *of);
/* Those that this machine can run, each wider than the one before; answers how many. */
#define O2C__INCLUDE_STEPS 4
uint32_t o2c__include_steps(o2c__include_stretch steps[O2C__INCLUDE_STEPS]);
/* The fastest of this machine. */
o2c__include_stretch o2c__include_widest(void);
#endif
