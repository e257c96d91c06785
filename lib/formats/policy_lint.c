/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy allows and its author hardly meant: settings without effect, bars that contradict each other, doors that stand open.
 * One rule, one function, one row of the table; a finding never refuses the policy.
 */
#include <stdio.h>

#include "formats/policy.h"

struct lint {
    struct o2c_formats_policy *policy;
    const o2c_match_policy *match;
    bool failed; /* no memory */
};

static bool
is_set(const struct lint *lint, uint64_t bit)
{
    return (lint->match->present & bit) != 0;
}

static void
add(struct lint *lint, int32_t severity, const char *field, const char *text)
{
    struct o2c_formats_policy *policy = lint->policy;
    o2c_formats_finding *row = o2c__vector_add(&policy->findings);
    if (!row || !o2c__text_heap_add(&policy->heap, field, strlen(field), &row->field) ||
        !o2c__text_heap_add(&policy->heap, text, strlen(text), &row->text)) {
        lint->failed = true;
        return;
    }
    row->severity = severity;
    row->at = o2c__policy_place(policy, field, &row->line);
}

/* The value in force when no layer below says otherwise. */
static int64_t
in_force(const struct lint *lint, const char *name)
{
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (strcmp(field->name, name) == 0)
            return lint->match->present >> field->bit & 1 ? o2c__policy_get(lint->match, field) : field->fallback;
    }
    return 0;
}

static void
lint_bars(struct lint *lint)
{
    if (in_force(lint, "show_ppm") >= in_force(lint, "auto_ppm"))
        add(lint, O2C_FINDING_ERROR, is_set(lint, O2C_POLICY_MATCH_SHOW_PPM) ? "show_ppm" : "auto_ppm",
            "show_ppm must be below auto_ppm: with the defaults for what is absent, this policy will be refused.");
    if (in_force(lint, "auto_ppm") < 990000)
        add(lint, O2C_FINDING_WARNING, "auto_ppm", "Lines may post themselves although more than one in a hundred may be wrong.");
    if (in_force(lint, "auto_ppm") > 999990)
        add(lint, O2C_FINDING_WARNING, "auto_ppm", "Hardly any line reaches this bar: even a released class keeps an error of some ppm.");
    if (in_force(lint, "max_error_ppm") > 10000)
        add(lint, O2C_FINDING_WARNING, "max_error_ppm", "Classes are released although more than one line in a hundred may be wrong.");
}

static void
lint_tolerance(struct lint *lint)
{
    int64_t absolute = in_force(lint, "tolerance_minor"), share = in_force(lint, "tolerance_ppm");
    if (absolute == 0 && share != 0 && is_set(lint, O2C_POLICY_MATCH_TOLERANCE_PPM))
        add(lint, O2C_FINDING_WARNING, "tolerance_ppm", "Has no effect: the lower of both tolerances wins, and tolerance_minor is 0.");
    if (share == 0 && absolute != 0 && is_set(lint, O2C_POLICY_MATCH_TOLERANCE_MINOR))
        add(lint, O2C_FINDING_WARNING, "tolerance_minor", "Has no effect: the lower of both tolerances wins, and tolerance_ppm is 0.");
    if (share > 20000)
        add(lint, O2C_FINDING_WARNING, "tolerance_ppm",
            "Two per cent is as much as a usual cash discount: unearned discounts would pass as small differences.");
}

static void
lint_fees(struct lint *lint)
{
    int64_t tolerance = in_force(lint, "tolerance_minor");
    for (uint64_t i = 0; i < lint->match->fees_count; i++) {
        if (lint->match->fees[i] <= tolerance) {
            add(lint, O2C_FINDING_NOTE, "fees", "A fee within the tolerance is explained twice; the fee is taken first.");
            return;
        }
    }
}

static void
lint_doors(struct lint *lint)
{
    static const struct {
        const char *field, *text;
        int64_t value;
        int32_t severity;
    } rows[] = {
        { "cross_company", "Payments may clear items of another company: somebody must post the intercompany pair.", 1,
          O2C_FINDING_WARNING },
        { "split_naked", "Certain lines of a set found by its sum alone may post while the rest waits; the sum was their only evidence.", 1,
          O2C_FINDING_WARNING },
        { "auto_limit_minor", "Switches automatic posting off: no payment is below 0.", 0, O2C_FINDING_WARNING },
        { "deduction_limit_minor", "No line with a deduction posts itself.", 0, O2C_FINDING_NOTE },
        { "closed_lookback_days", "Double payments without a reference are not found.", 0, O2C_FINDING_NOTE },
        { "audit_sample_ppm", "No line is held back for review: precision cannot be measured. Switching that off needs two people.", 0,
          O2C_FINDING_WARNING },
    };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        for (uint32_t k = 0; k < o2c__policy_match_field_count; k++) {
            const struct o2c__policy_field *field = &o2c__policy_match_fields[k];
            if (strcmp(field->name, rows[i].field) == 0 && lint->match->present >> field->bit & 1 &&
                o2c__policy_get(lint->match, field) == rows[i].value)
                add(lint, rows[i].severity, rows[i].field, rows[i].text);
        }
    }
}

static void
lint_budget(struct lint *lint)
{
    int64_t budget = in_force(lint, "operations_max");
    if (budget > 20000000)
        add(lint, O2C_FINDING_WARNING, "operations_max", "One payment may take 50 ms and more; the default ends within about 5 ms.");
    if (budget < 100000)
        add(lint, O2C_FINDING_WARNING, "operations_max", "Payments without a reference will often end as SEARCH_CUT_SHORT.");
}

/* A value that stands twice in a list, and a setting that says what the default says. */
static void
lint_repeats(struct lint *lint)
{
    for (uint32_t k = 0; k < o2c__policy_match_field_count; k++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[k];
        bool set = lint->match->present >> field->bit & 1, twice = false;
        if (!set)
            continue;
        if (!field->count_offset) {
            if (o2c__policy_get(lint->match, field) == field->fallback)
                add(lint, O2C_FINDING_NOTE, field->name, "Says what the default says: harmless, and it hides a layer below.");
            continue;
        }
        uint64_t count = o2c__policy_count(lint->match, field);
        for (uint64_t i = 0; field->spelling != O2C__SPELL_KEY && i < count && !twice; i++)
            for (uint64_t j = 0; j < i && !twice; j++)
                twice = o2c__policy_element(lint->match, field, i) == o2c__policy_element(lint->match, field, j);
        if (twice)
            add(lint, O2C_FINDING_WARNING, field->name, "A value stands twice.");
    }
}

/* Why a class can never be automatic, or needs no release; NULL = it can. */
static const char *
class_problem(uint32_t line_class)
{
    int32_t label = (int32_t)(line_class & 0xFF), payer = (int32_t)(line_class >> 8 & 0xFF), scope = (int32_t)(line_class >> 16 & 0xFF);
    int32_t certificate = (int32_t)(line_class >> 24);
    if (certificate == O2C_CERTIFICATE_SEARCH_CUT_SHORT || certificate == O2C_CERTIFICATE_NONE)
        return "A class without a certificate, or with a search cut short, never posts itself.";
    if (label == O2C_LABEL_M22 || label == O2C_LABEL_NONE || label == O2C_LABEL_M21)
        return "Lines of this label are never posted: they are no application, or a double payment.";
    if (payer == O2C_PAYER_NONE || payer == O2C_PAYER_NAME)
        return "Gate NO_IDENTITY holds lines whose payer is known by name alone, or not at all.";
    if (label >= O2C_LABEL_M13 && label <= O2C_LABEL_M18 && payer == O2C_PAYER_CITED)
        return "A payment without a reference has no cited payer: no line is of this class.";
    if (label <= O2C_LABEL_M03 && scope == O2C_SCOPE_OWN && (payer == O2C_PAYER_KNOWN || payer == O2C_PAYER_CITED) &&
        certificate != O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE)
        return "Is on the shipped list: it needs no release.";
    return NULL;
}

static void
lint_classes(struct lint *lint)
{
    for (uint32_t k = 0; k < o2c__policy_match_field_count; k++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[k];
        if (field->spelling != O2C__SPELL_CLASS)
            continue;
        for (uint64_t i = 0; i < o2c__policy_count(lint->match, field); i++) {
            uint32_t line_class = (uint32_t)o2c__policy_element(lint->match, field, i);
            const char *problem = class_problem(line_class);
            char name[O2C_LINE_CLASS_MAX], text[256];
            if (!problem)
                continue;
            o2c_line_class_write(line_class, name);
            snprintf(text, sizeof text, "%s: %s", name, problem);
            add(lint, O2C_FINDING_WARNING, field->name, text);
        }
    }
}

bool
o2c__policy_lint(struct o2c_formats_policy *policy)
{
    static void (*const checks[])(struct lint *) = { lint_bars,   lint_tolerance, lint_fees,    lint_doors,
                                                     lint_budget, lint_repeats,   lint_classes };
    struct lint lint = { policy, &policy->match, false };
    for (size_t i = 0; i < O2C__COUNT(checks) && !lint.failed; i++)
        checks[i](&lint);
    return !lint.failed;
}
