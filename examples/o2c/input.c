/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, LONG_RUN_MS = 1500, TICK_MS = 250 };

FILE *
input_open(const char *path)
{
    return strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
}

static bool
grow(struct bytes *bytes, size_t *room)
{
    size_t size = *room ? *room * 2 : (size_t)CHUNK * 4;
    char *data = size > *room ? realloc(bytes->data, size) : NULL;
    if (!data)
        return false;
    bytes->data = data;
    *room = size;
    return true;
}

static int
read_all(FILE *in, const char *path, struct bytes *out)
{
    size_t room = 0;
    for (;;) {
        if (room - out->size < CHUNK && !grow(out, &room))
            return problem_plain(path, "out of memory", "Give the process more memory, or split the file.", EXIT_RESOURCES);
        size_t got = fread(out->data + out->size, 1, room - out->size, in);
        out->size += got;
        if (got == 0)
            break;
    }
    if (ferror(in))
        return problem_plain(path, strerror(errno), "Check that it is a file that can be read.", EXIT_REFUSED);
    return EXIT_DONE;
}

int
input_read(const char *path, struct bytes *out)
{
    memset(out, 0, sizeof(*out));
    FILE *in = input_open(path);
    if (!in)
        return problem_plain(path, strerror(errno), "Check the path and the permissions of the file.", EXIT_REFUSED);
    int code = read_all(in, path, out);
    if (in != stdin)
        fclose(in);
    if (code)
        input_free(out);
    return code;
}

void
input_free(struct bytes *bytes)
{
    free(bytes->data);
    memset(bytes, 0, sizeof(*bytes));
}

static int64_t
now_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
progress_start(struct progress *progress, const char *doing)
{
    if (!progress->started) {
        progress->started = now_ms();
        progress->terminal = isatty(STDERR_FILENO);
    }
    progress->doing = doing;
    progress->thread = pthread_self();
}

void
progress_end(struct progress *progress)
{
    if (progress->visible)
        fputs("\r\033[K", stderr);
    progress->visible = false;
}

/* The library asks this every 64 KiB or 4,096 operations whether to go on; a long run tells a terminal that it lives. */
int32_t
progress_tick(void *self)
{
    struct progress *progress = self;
    if (!progress->terminal || !pthread_equal(progress->thread, pthread_self()))
        return 0;
    int64_t now = now_ms();
    if (now - progress->started < LONG_RUN_MS || now - progress->shown < TICK_MS)
        return 0;
    progress->shown = now;
    progress->visible = true;
    fprintf(stderr, "\r\033[K%s … %lld s", progress->doing, (long long)((now - progress->started) / 1000));
    fflush(stderr);
    return 0;
}
