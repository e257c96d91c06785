/* SPDX-License-Identifier: Apache-2.0 */
/* Fixture F1: three customers, six open items and one deposit request, as the cases CA-01 … CA-53 use them. */
#ifndef O2C_TEST_F1_H
#define O2C_TEST_F1_H
#include "support/build.h"

#define F1_C1_IBAN "DE02120300000000202051"
#define F1_C3_IBAN "DE02500105170137075030"

static inline void
f1_terms(struct desk *desk, o2c_open_item *item, const char *until)
{
    (void)desk;
    item->discount[0] = (o2c_discount){ desk_day(until), O2C_DISCOUNT_PPM, 20000 };
}

static inline void
f1_items(struct desk *desk)
{
    f1_terms(desk, desk_item(desk, "I1", "C1", "INV-100234", 100000, "2026-01-05", "2026-02-04"), "2026-01-15");
    f1_terms(desk, desk_item(desk, "I2", "C1", "INV-100235", 25000, "2026-01-07", "2026-02-06"), "2026-01-17");
    f1_terms(desk, desk_item(desk, "I3", "C1", "INV-100236", 50000, "2026-01-20", "2026-02-19"), "2026-01-30");
    desk_item(desk, "CM1", "C1", "CRN-7001", -10000, "2026-01-15", NULL);
    f1_terms(desk, desk_item(desk, "I4", "C2", "INV-100240", 100000, "2026-01-10", "2026-02-09"), "2026-01-20");
    desk_item(desk, "I5", "C3", "INV-200001", 749999, "2026-01-02", "2026-02-01");
    desk_item(desk, "SO", "C1", "SO-555", 30000, "2026-01-25", NULL)->kind = O2C_ITEM_DEPOSIT_REQUEST;
}

static inline void
f1_open(struct desk *desk)
{
    desk_open(desk);
    f1_items(desk);
    desk_reference(desk, "I2", O2C_REFERENCE_DELIVERY, "DN-90017");
    desk_reference(desk, "I2", O2C_REFERENCE_STATEMENT, "ST-88");
    desk_reference(desk, "I3", O2C_REFERENCE_STATEMENT, "ST-88");
    desk_reference(desk, "I3", O2C_REFERENCE_PURCHASE_ORDER, "4711");
    desk_reference(desk, "I3", O2C_REFERENCE_STRUCTURED, "RF98INV2026000123")->scheme = O2C_SCHEME_RF;
    desk_account(desk, "C1", "Acme Tools GmbH");
    desk_account(desk, "C2", "Acme Parts");
    desk_account(desk, "C3", "Fairchild Tires");
    desk_bank_account(desk, "C1", F1_C1_IBAN);
    desk_bank_account(desk, "C3", F1_C3_IBAN);
    desk_tie(desk, "C1", "C2", O2C_TIE_RECIPROCAL);
}

/* The item of F1 with this key, to be changed before solving. */
static inline o2c_open_item *
f1_item(struct desk *desk, uint32_t index)
{
    return &desk->items[index]; /* order of f1_items: 0 I1, 1 I2, 2 I3, 3 CM1, 4 I4, 5 I5, 6 SO */
}
#endif
