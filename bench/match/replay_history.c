/* SPDX-License-Identifier: Apache-2.0 */
/* What a host knows before the first scored day: its policy, and what the back-test of its history has proved. */
#include "replay.h"

/* The fees and rates this market knows, as a host would list them; customers of it take their discount up to three days late. */
static const int64_t fees[] = { 500, 1000, 1500, 2500, 3500 };
static const uint32_t withholding[] = { 50000, 100000, 150000 };

static o2c_match_policy
policy_of_the_market(void)
{
    o2c_match_policy policy = { .struct_size = sizeof policy };
    policy.present = O2C_POLICY_MATCH_FEES | O2C_POLICY_MATCH_WITHHOLDING_PPM | O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS;
    policy.discount_grace_days = 3;
    policy.fees = fees;
    policy.fees_count = sizeof fees / sizeof fees[0];
    policy.withholding_ppm = withholding;
    policy.withholding_ppm_count = sizeof withholding / sizeof withholding[0];
    return policy;
}

void
replay_history(struct replay *replay)
{
    o2c_match_policy policy = policy_of_the_market();
    const o2c_match_policy *layers[] = { &policy };
    o2c_error err = { 0 };
    replay_must(o2c_match_rules_new(NULL, layers, 1, &replay->rules, &err), &err, "rules");
}
