/* SPDX-License-Identifier: Apache-2.0 */
/* What anyone could have known of a payment. */
#include "market_inside.h"

void
market_label(struct making *making)
{
    (void)making;
}
