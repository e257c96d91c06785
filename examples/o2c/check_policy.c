/* SPDX-License-Identifier: Apache-2.0 */
/* o2c check-policy: files of policy, general first, as the matcher would take them; what the linter finds in each. */
#include "tool.h"

#include <stdlib.h>

struct layer {
    const char *path;
    o2c_formats_policy *policy;
    o2c_match_policy match;
};

static int
layer_read(const char *path, struct layer *out)
{
    struct bytes bytes;
    o2c_error err = { 0 };
    out->path = path;
    int code = input_read(path, &bytes);
    if (code)
        return code;
    o2c_status status = o2c_formats_read_policy(NULL, bytes.data, bytes.size, &out->policy, &err);
    input_free(&bytes);
    if (status)
        return problem_report(path, &err, "Correct the file; docs/formats/policy.md lists the fields.");
    out->match.struct_size = sizeof(out->match);
    o2c_formats_policy_match(out->policy, &out->match);
    return EXIT_DONE;
}

static void
finding_text(const struct layer *layer, const o2c_formats_finding *row, o2c_str heap)
{
    put_terminal(stdout, str_of(layer->path));
    if (row->line)
        printf(":%u", row->line);
    printf(": %s: ", o2c_code_name(O2C_TABLE_FINDING, row->severity));
    put_terminal(stdout, ref_in(&heap, row->field));
    fputs(": ", stdout);
    put_terminal(stdout, ref_in(&heap, row->text));
    fputc('\n', stdout);
}

static void
finding_json(const struct layer *layer, const o2c_formats_finding *row, o2c_str heap)
{
    bool first = true;
    fputc('{', stdout);
    json_text(stdout, &first, "file", str_of(layer->path));
    json_text(stdout, &first, "severity", str_of(o2c_code_name(O2C_TABLE_FINDING, row->severity)));
    json_text(stdout, &first, "field", ref_in(&heap, row->field));
    json_number(stdout, &first, "line", row->line);
    json_text(stdout, &first, "text", ref_in(&heap, row->text));
    fputs("}\n", stdout);
}

static uint64_t
findings_write(const struct options *options, const struct layer *layer)
{
    const o2c_formats_finding *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_policy_findings(layer->policy, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++) {
        if (options->shape == SHAPE_JSON)
            finding_json(layer, &rows[i], heap);
        else
            finding_text(layer, &rows[i], heap);
    }
    return count;
}

/* The layers together, as o2c_match_rules_new() takes them: it is what refuses bars that cross. */
static int
layers_resolve(const struct layer *layers, uint32_t count)
{
    const o2c_match_policy *list[FILES_MAX];
    o2c_match_rules *rules = NULL;
    o2c_error err = { 0 };
    for (uint32_t i = 0; i < count; i++)
        list[i] = &layers[i].match;
    o2c_status status = o2c_match_rules_new(NULL, list, count, &rules, &err);
    o2c_match_rules_free(rules);
    return status ? problem_report("policy", &err, "Correct the field in the last file that sets it.") : EXIT_DONE;
}

static void
verdict_write(const struct options *options, uint32_t files, uint64_t findings, bool accepted)
{
    bool first = true;
    if (options->shape != SHAPE_JSON) {
        printf("%u %s, %llu %s: %s\n", files, files == 1 ? "file" : "files", (unsigned long long)findings,
               findings == 1 ? "finding" : "findings", accepted ? "the policy is accepted" : "the policy is refused");
        return;
    }
    fputc('{', stdout);
    json_number(stdout, &first, "files", files);
    json_number(stdout, &first, "findings", findings);
    json_field(stdout, &first, "accepted");
    fputs(accepted ? "true}\n" : "false}\n", stdout);
}

int
check_policy_run(const struct options *options)
{
    uint32_t count = 0;
    uint64_t findings = 0;
    int code = EXIT_DONE;
    struct layer *layers = calloc(FILES_MAX, sizeof(*layers));
    if (!layers)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    for (; !code && count < options->statements.count; count++) {
        code = layer_read(options->statements.values[count], &layers[count]);
        if (!code)
            findings += findings_write(options, &layers[count]);
    }
    if (!code) {
        fflush(stdout); /* what was found stands above what is refused, also where both go to one place */
        code = layers_resolve(layers, count);
        code = code == EXIT_USAGE ? EXIT_REFUSED : code;
        verdict_write(options, count, findings, !code);
    }
    for (uint32_t i = 0; i < count; i++)
        o2c_formats_policy_free(layers[i].policy);
    free(layers);
    int closed = output_close(stdout, "standard output");
    return code ? code : closed;
}
