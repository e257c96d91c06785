/* SPDX-License-Identifier: Apache-2.0 */
/* Policy layers, discounts, deduction reasons: the small pure parts of the room. */
#include "match/decide.h"

#include "support/faulty.h"
#include "support/tap.h"

static o2c_status
resolve(const o2c_match_policy *a, const o2c_match_policy *b, o2c_match_rules **out, o2c_error *err)
{
    const o2c_match_policy *layers[] = { a, b };
    return o2c_match_rules_new(NULL, layers, b ? 2 : 1, out, err);
}

static void
rules__later_layer_wins_field_by_field(void)
{
    o2c_match_policy company = { .struct_size = sizeof company, .present = O2C_POLICY_MATCH_TOLERANCE_MINOR | O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS,
                                 .tolerance_minor = 500, .discount_grace_days = 3 };
    o2c_match_policy account = { .struct_size = sizeof account, .present = O2C_POLICY_MATCH_TOLERANCE_MINOR, .discount_grace_days = 9 };
    o2c_match_rules *rules = NULL;
    CU_ASSERT_EQUAL_FATAL(resolve(&company, &account, &rules, NULL), O2C_OK);
    CU_ASSERT_EQUAL(rules->policy.tolerance_minor, 0);     /* present and zero: zero is a value */
    CU_ASSERT_EQUAL(rules->policy.discount_grace_days, 3); /* 9 was not present */
    CU_ASSERT_EQUAL(rules->policy.auto_ppm, 995000);
    o2c_match_rules_free(rules);
}

static void
rules__show_must_be_below_auto(void)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_SHOW_PPM, .show_ppm = 995000 };
    o2c_match_rules *rules = NULL;
    o2c_error err;
    CU_ASSERT_EQUAL(resolve(&policy, NULL, &rules, &err), O2C_E_MATCH_POLICY);
    CU_ASSERT_STRING_EQUAL(err.field, "show_ppm");
    CU_ASSERT_PTR_NULL(rules);
}

static void
rules__every_field_is_refused_just_outside_its_range(void)
{
    struct {
        o2c_match_policy policy;
        const char *field;
    } rows[] = {
        { { .present = O2C_POLICY_MATCH_AUTO_PPM, .auto_ppm = 500000 }, "auto_ppm" },
        { { .present = O2C_POLICY_MATCH_AUTO_PPM, .auto_ppm = 1000001 }, "auto_ppm" },
        { { .present = O2C_POLICY_MATCH_TOLERANCE_MINOR, .tolerance_minor = -1 }, "tolerance_minor" },
        { { .present = O2C_POLICY_MATCH_TOLERANCE_PPM, .tolerance_ppm = 1000001 }, "tolerance_ppm" },
        { { .present = O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS, .discount_grace_days = 366 }, "discount_grace_days" },
        { { .present = O2C_POLICY_MATCH_SHORT_PAY, .short_pay = 0 }, "short_pay" },
        { { .present = O2C_POLICY_MATCH_SHORT_PAY, .short_pay = 4 }, "short_pay" },
        { { .present = O2C_POLICY_MATCH_OVER_PAY, .over_pay = 3 }, "over_pay" },
        { { .present = O2C_POLICY_MATCH_OPERATIONS_MAX, .operations_max = 999 }, "operations_max" },
    };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_match_rules *rules = NULL;
        o2c_error err;
        rows[i].policy.struct_size = sizeof rows[i].policy;
        CU_ASSERT_EQUAL(resolve(&rows[i].policy, NULL, &rules, &err), O2C_E_MATCH_POLICY);
        CU_ASSERT_STRING_EQUAL(err.field, rows[i].field);
    }
}

static void
rules__lists_are_copied_and_checked(void)
{
    int64_t fees[] = { 500, 2500 };
    int64_t wrong[] = { 500, 0 };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 2 };
    o2c_match_rules *rules = NULL;
    CU_ASSERT_EQUAL_FATAL(resolve(&policy, &policy, &rules, NULL), O2C_OK);
    fees[0] = 7;
    CU_ASSERT_EQUAL(rules->policy.fees[0], 500);
    CU_ASSERT_EQUAL(rules->policy.fees_count, 2);
    o2c_match_rules_free(rules);
    rules = NULL;
    policy.fees = wrong;
    CU_ASSERT_EQUAL(resolve(&policy, NULL, &rules, NULL), O2C_E_MATCH_POLICY);
    policy.fees = NULL;
    CU_ASSERT_EQUAL(resolve(&policy, NULL, &rules, NULL), O2C_E_MISUSE);
}

static void
rules__hash_names_the_values(void)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_TOLERANCE_MINOR, .tolerance_minor = 100 };
    o2c_match_policy other = policy;
    o2c_match_rules *a = NULL, *b = NULL, *c = NULL;
    other.tolerance_minor = 101;
    CU_ASSERT_EQUAL_FATAL(o2c_match_rules_new(NULL, NULL, 0, &a, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(resolve(&policy, NULL, &b, NULL), O2C_OK); /* says what the default says */
    CU_ASSERT_EQUAL_FATAL(resolve(&other, NULL, &c, NULL), O2C_OK);
    CU_ASSERT_EQUAL(memcmp(a->hash, b->hash, 32), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(b->hash, c->hash, 32), 0);
    o2c_match_rules_free(a);
    o2c_match_rules_free(b);
    o2c_match_rules_free(c);
}

static struct faulty_result
resolve_with(const o2c_env *env, void *self)
{
    static const int64_t fees[] = { 500, 2500 };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 2 };
    const o2c_match_policy *layers[] = { &policy, &policy };
    struct faulty_result result = { 0, 0 };
    o2c_match_rules *rules = NULL;
    (void)self;
    result.status = o2c_match_rules_new(env, layers, 2, &rules, NULL);
    if (result.status == O2C_OK)
        result.digest = faulty_digest(0, rules->hash, sizeof rules->hash);
    o2c_match_rules_free(rules);
    return result;
}

static void
rules__every_allocation_may_fail(void)
{
    faulty_sweep("rules", resolve_with, NULL);
}

static void
deduction_reason__codes_and_names(void)
{
    static const struct {
        const char *code;
        int32_t reason;
    } rows[] = { { "04", O2C_DEDUCTION_DAMAGE },   { "59", O2C_DEDUCTION_SHORTAGE }, { "01", O2C_DEDUCTION_PRICE },    { "00", O2C_DEDUCTION_UNMAPPED },
                 { "74", O2C_DEDUCTION_PRIOR },    { "75", O2C_DEDUCTION_UNMAPPED }, { "99", O2C_DEDUCTION_UNMAPPED }, { "Damage", O2C_DEDUCTION_DAMAGE },
                 { "FREIGHT", O2C_DEDUCTION_FREIGHT }, { "Zq", O2C_DEDUCTION_UNMAPPED }, { "", O2C_DEDUCTION_UNCODED }, { "none", O2C_DEDUCTION_UNMAPPED } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c__deduction_reason(o2c__str(rows[i].code)), rows[i].reason);
}

static void
discount__best_tier_that_has_not_passed(void)
{
    static const o2c_discount tiers[1][2] = { { { 100, O2C_DISCOUNT_PPM, 30000 }, { 110, O2C_DISCOUNT_PPM, 20000 } } };
    static const struct {
        int32_t day;
        uint32_t grace;
        int64_t earned, unearned;
    } rows[] = { { 99, 0, 3000, 0 }, { 100, 0, 3000, 0 }, { 101, 0, 2000, 0 }, { 101, 1, 3000, 0 }, { 110, 0, 2000, 0 }, { 111, 0, 0, 3000 },
                 { 0, 0, 0, 0 } };
    int64_t original[] = { 100000 }, open[] = { 100000 };
    uint32_t discount[] = { 1 };
    o2c_match_pool pool = { .open = open, .original = original, .discount = discount, .discounts = tiers };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        struct o2c__discount_worth worth;
        o2c__discount_on(&pool, 0, rows[i].day, rows[i].grace, &worth);
        CU_ASSERT_EQUAL(worth.earned, rows[i].earned);
        CU_ASSERT_EQUAL(worth.unearned, rows[i].unearned);
        open[0] = 50000; /* half of it was paid: half the discount is left */
        o2c__discount_on(&pool, 0, rows[i].day, rows[i].grace, &worth);
        CU_ASSERT_EQUAL(worth.earned, rows[i].earned / 2);
        CU_ASSERT_EQUAL(worth.unearned, rows[i].unearned / 2);
        open[0] = 100000;
    }
}

static void
shares__round_against_the_claim(void)
{
    CU_ASSERT_EQUAL(o2c__share_ppm(2, 3), 666666);
    CU_ASSERT_EQUAL(o2c__error_ppb(2, 3), 333333334);
    CU_ASSERT_EQUAL(o2c__share_ppm(5, 5), 1000000);
    CU_ASSERT_EQUAL(o2c__error_ppb(5, 5), 0);
    CU_ASSERT_EQUAL(o2c__error_ppb(0, 0), 1000000000);
}

static const struct tap_test tests[] = {
    { "rules__later_layer_wins_field_by_field", rules__later_layer_wins_field_by_field },
    { "rules__show_must_be_below_auto", rules__show_must_be_below_auto },
    { "rules__every_field_is_refused_just_outside_its_range", rules__every_field_is_refused_just_outside_its_range },
    { "rules__lists_are_copied_and_checked", rules__lists_are_copied_and_checked },
    { "rules__hash_names_the_values", rules__hash_names_the_values },
    { "rules__every_allocation_may_fail", rules__every_allocation_may_fail },
    { "deduction_reason__codes_and_names", deduction_reason__codes_and_names },
    { "discount__best_tier_that_has_not_passed", discount__best_tier_that_has_not_passed },
    { "shares__round_against_the_claim", shares__round_against_the_claim },
};

int
main(void)
{
    return tap_run("match/rules", tests, TAP_COUNT(tests));
}
