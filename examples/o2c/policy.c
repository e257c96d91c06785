/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

/* Amounts on the command line are in the currency of the first item: policy counts minor units. */
static int
read_amount(const struct job *job, const char *name, const char *value, int64_t *out)
{
    o2c_str currency = str_of("EUR"), text = str_of(value);
    for (uint32_t i = 0; i < job->lists_count; i++) {
        if (job->masters[i].items_count) {
            currency = str_of(job->masters[i].items[0].currency);
            break;
        }
    }
    o2c_money money;
    o2c_error err = { 0 };
    if (o2c_money_read(&text, &currency, 0, &money, &err) != O2C_OK)
        return usage_error("%s wants an amount like 12.50, not '%s'", name, value);
    *out = money.minor;
    return EXIT_DONE;
}

static int
read_days(const char *value, uint32_t *out)
{
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 3 || value[digits])
        return usage_error("--grace wants a number of days, not '%s'", value);
    *out = (uint32_t)strtoul(value, NULL, 10);
    return EXIT_DONE;
}

static int
read_short_pay(const char *value, int32_t *out)
{
    static const char *const names[] = { "partial", "residual", "hold" };
    for (int32_t i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            *out = i + O2C_SHORT_PAY_PARTIAL;
            return EXIT_DONE;
        }
    }
    return usage_error("--short-pay wants partial, residual or hold, not '%s'", value);
}

static int
fill(const struct job *job, o2c_match_policy *policy, int64_t fees[FEES_MAX])
{
    const struct options *options = job->options;
    int code = EXIT_DONE;
    if (options->tolerance) {
        policy->present |= O2C_POLICY_MATCH_TOLERANCE_MINOR;
        code = read_amount(job, "--tolerance", options->tolerance, &policy->tolerance_minor);
    }
    if (!code && options->grace) {
        policy->present |= O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS;
        code = read_days(options->grace, &policy->discount_grace_days);
    }
    if (!code && options->short_pay) {
        policy->present |= O2C_POLICY_MATCH_SHORT_PAY;
        code = read_short_pay(options->short_pay, &policy->short_pay);
    }
    for (uint32_t i = 0; i < options->fees.count && !code; i++) {
        policy->present |= O2C_POLICY_MATCH_FEES;
        code = read_amount(job, "--fee", options->fees.values[i], &fees[i]);
    }
    policy->fees = options->fees.count ? fees : NULL;
    policy->fees_count = options->fees.count;
    return code;
}

/* Files of policy, general first; what the command line says stands above them. */
struct stack {
    o2c_formats_policy *files[FILES_MAX];
    o2c_match_policy rows[FILES_MAX + 1];
    const o2c_match_policy *layers[FILES_MAX + 1];
    int64_t fees[FEES_MAX];
};

static int
read_layers(const struct job *job, struct stack *stack)
{
    const struct list *list = &job->options->policies;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        struct bytes bytes;
        o2c_error err = { 0 };
        code = input_read(list->values[i], &bytes);
        if (code)
            return code;
        o2c_status status = o2c_formats_read_policy(&job->env, bytes.data, bytes.size, &stack->files[i], &err);
        input_free(&bytes);
        if (status)
            return problem_report(list->values[i], &err, "Correct the file; o2c check-policy shows all that is in it.");
        stack->rows[i].struct_size = sizeof(stack->rows[i]);
        o2c_formats_policy_match(stack->files[i], &stack->rows[i]);
        stack->layers[i] = &stack->rows[i];
    }
    return code;
}

int
policy_resolve(struct job *job)
{
    uint32_t count = job->options->policies.count;
    o2c_error err = { 0 };
    struct stack *stack = calloc(1, sizeof(*stack));
    if (!stack)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    int code = read_layers(job, stack);
    if (!code) {
        stack->rows[count].struct_size = sizeof(stack->rows[count]);
        stack->layers[count] = &stack->rows[count];
        code = fill(job, &stack->rows[count], stack->fees);
    }
    if (!code && o2c_match_rules_new(&job->env, stack->layers, count + 1, &job->rules, &err))
        code = problem_report("policy", &err, NULL);
    for (uint32_t i = 0; i < count; i++)
        o2c_formats_policy_free(stack->files[i]);
    free(stack);
    return code;
}
