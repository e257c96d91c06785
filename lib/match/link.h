/* SPDX-License-Identifier: Apache-2.0 */
/* What link.c and link_total.c hand to each other. */
#ifndef O2C__MATCH_LINK_H
#define O2C__MATCH_LINK_H
#include "match/text.h"

struct o2c__linker {
    struct o2c__solve *solve;
    struct o2c__remitted *links;
    o2c__map keys, traces; /* → payment row */
    uint32_t *last;        /* payment row → its last link */
};
bool o2c__link_attach(struct o2c__linker *linker, uint32_t payment, uint32_t remittance, uint32_t chance_ppm, bool named);
/* Does the advice say which payment it belongs to? */
bool o2c__link_named(const struct o2c__linker *linker, uint32_t remittance);
/* Are both of the same days, as far as the policy's window goes? */
bool o2c__link_day_fits(const struct o2c__linker *linker, const o2c_payment *payment, const o2c_remittance *row);
/* link_total.c: advices that came on their own; and of several that announce the same payment only the newest */
bool o2c__link_totals(struct o2c__linker *linker);
void o2c__link_newest(struct o2c__linker *linker);
#endif
