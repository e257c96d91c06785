/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "tool.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
wants_color(const struct options *options, FILE *out)
{
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: present and not empty */
    return !options->no_color && !(no_color && *no_color) && isatty(fileno(out));
}

static int
match_write(const struct job *job, const struct options *options)
{
    if (options->report) {
        int code = report_write(job, options->report);
        if (code)
            return code;
    }
    if (options->feedback_out) {
        int code = feedback_write(job, options->feedback_out);
        if (code)
            return code;
    }
    if (options->shape == SHAPE_JSON)
        json_write(stdout, job, options->summary);
    else
        text_write(stdout, job, wants_color(options, stdout));
    return output_close(stdout, "standard output");
}

static int
match_run(const struct options *options)
{
    struct job *job = calloc(1, sizeof(*job));
    if (!job)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    int code = job_run(job, options);
    if (!code && options->verb == VERB_EXPLAIN) {
        code = explain_write(stdout, job, wants_color(options, stdout));
        int closed = output_close(stdout, "standard output");
        code = code ? code : closed;
    } else if (!code) {
        code = match_write(job, options);
    }
    job_free(job);
    free(job);
    return code;
}

static int
version_print(void)
{
    printf("o2c %s (libo2c %s)\n", "0.1.0", o2c_version_text());
    printf("License Apache-2.0. This is free software; there is no warranty.\n");
    return output_close(stdout, "standard output");
}

int
main(int argc, char **argv)
{
    struct options *options = calloc(1, sizeof(*options));
    if (!options)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    int code = options_read(argc, argv, options);
    if (!code) {
        switch (options->verb) {
        case VERB_MATCH:
        case VERB_EXPLAIN:
            code = match_run(options);
            break;
        case VERB_CONVERT:
            code = convert_run(options);
            break;
        case VERB_BACKTEST:
            code = backtest_run(options, wants_color(options, stdout));
            break;
        case VERB_LEARN:
            code = learn_run(options);
            break;
        case VERB_CHECK_POLICY:
            code = check_policy_run(options);
            break;
        case VERB_VERSION:
            code = version_print();
            break;
        default:
            help_print(stdout, options->subject);
            code = output_close(stdout, "standard output");
        }
    }
    free(options);
    return code;
}
