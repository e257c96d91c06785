/* SPDX-License-Identifier: Apache-2.0 */
/* A model and its file. */
#include "tool.h"

#include <stdlib.h>

/* What was learned before, or nothing: the shipped priors. */
int
model_read(struct job *job, o2c_match_model **out)
{
    const char *path = job->options->model;
    struct bytes bytes;
    o2c_error err = { 0 };
    if (!path)
        return o2c_match_model_new(&job->env, out, &err) ? problem_report("model", &err, NULL) : EXIT_DONE;
    int code = input_read(path, &bytes);
    if (code)
        return code;
    o2c_str text = { bytes.data, bytes.size };
    o2c_status status = o2c_match_model_read(&job->env, &text, out, &err);
    input_free(&bytes);
    return status ? problem_report(path, &err, NULL) : EXIT_DONE;
}

int
model_write(const o2c_match_model *model, const char *path)
{
    o2c_error err = { 0 };
    size_t size = 0;
    o2c_match_model_write(model, NULL, 0, &size, NULL); /* asks how many bytes it has */
    char *bytes = malloc(size + 1);
    if (!bytes)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    o2c_status status = o2c_match_model_write(model, bytes, size, &size, &err);
    FILE *out = status ? NULL : output_open(path);
    int code = status ? problem_report(path, &err, NULL) : out ? EXIT_DONE : EXIT_RESOURCES;
    if (out) {
        fwrite(bytes, 1, size, out);
        code = output_close(out, path);
        fclose(out);
    }
    free(bytes);
    return code;
}
