/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

int
usage_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("o2c: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputs("\n  remedy  See 'o2c help', or 'o2c help match' for examples.\n", stderr);
    return EXIT_USAGE;
}

int
problem_code(o2c_status status)
{
    switch (status) {
    case O2C_OK:
        return EXIT_DONE;
    case O2C_E_NOMEM:
    case O2C_E_CANCELED:
    case O2C_E_INVARIANT:
    case O2C_E_MISUSE:
    case O2C_E_ABI:
        return EXIT_RESOURCES;
    case O2C_E_MATCH_POLICY:
    case O2C_E_ARG:
        return EXIT_USAGE;
    default:
        return EXIT_REFUSED;
    }
}

/* Line, byte, row and field, as far as they are known. */
static void
print_place(const o2c_error *err)
{
    if (!err->line && err->offset == O2C_NOWHERE && err->row == O2C_NOWHERE && !err->field[0])
        return;
    const char *glue = "  where   ";
    if (err->line) {
        fprintf(stderr, "%sline %" PRIu32, glue, err->line);
        glue = ", ";
    }
    if (err->offset != O2C_NOWHERE) {
        fprintf(stderr, "%sbyte %" PRIu64, glue, err->offset);
        glue = ", ";
    }
    if (err->row != O2C_NOWHERE) {
        fprintf(stderr, "%srow %" PRIu64, glue, err->row);
        glue = ", ";
    }
    if (err->field[0]) {
        fprintf(stderr, "%sfield ", glue);
        put_terminal(stderr, str_of(err->field));
    }
    fputc('\n', stderr);
}

int
problem_report(const char *where, const o2c_error *err, const char *remedy)
{
    fputs("o2c: ", stderr);
    put_terminal(stderr, str_of(where));
    fprintf(stderr, ": %s (%s)\n", o2c_status_text(err->status), o2c_status_name(err->status));
    print_place(err);
    fputs("  reason  ", stderr);
    put_terminal(stderr, str_of(err->message[0] ? err->message : o2c_status_cause(err->status)));
    fprintf(stderr, "\n  remedy  %s\n", remedy ? remedy : o2c_status_remedy(err->status));
    return problem_code(err->status);
}

int
problem_plain(const char *where, const char *reason, const char *remedy, int code)
{
    fputs("o2c: ", stderr);
    put_terminal(stderr, str_of(where));
    fputs(": ", stderr);
    put_terminal(stderr, str_of(reason));
    fprintf(stderr, "\n  remedy  %s\n", remedy);
    return code;
}

FILE *
output_open(const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        problem_plain(path, strerror(errno), "Name a file that can be written.", EXIT_RESOURCES);
    return out;
}

/* A full disk or a closed pipe must not look like success. */
int
output_close(FILE *out, const char *name)
{
    if (fflush(out) == 0 && !ferror(out))
        return EXIT_DONE;
    if (errno == EPIPE)
        return EXIT_RESOURCES;
    return problem_plain(name, errno ? strerror(errno) : "write failed", "Make room, or write elsewhere.", EXIT_RESOURCES);
}
