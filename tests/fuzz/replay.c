/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without a fuzzer: over every seed, over its prefixes and over single changed bytes, each in a block of exactly
 * its size, so that ASan sees one byte too many. Deterministic and bounded; one TAP line for each seed. Arguments: files or folders.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

#define SEEDS_MAX 512u
#define SEED_BYTES_MAX (1u << 20)
#define PREFIXES_MAX 512u      /* for each seed, evenly spread */
#define MUTATED_BYTES_MAX 512u /* for each seed, evenly spread */

static char *paths[SEEDS_MAX];
static size_t paths_count;

static void
give_up(const char *why, const char *path)
{
    printf("Bail out! %s: %s\n", why, path);
    exit(1);
}

static char *
join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        give_up("out of memory", name);
    snprintf(path, size, "%s%s%s", folder, *folder ? "/" : "", name);
    return path;
}

static void
add_path(const char *folder, const char *name)
{
    if (paths_count == SEEDS_MAX)
        give_up("too many seeds", name);
    paths[paths_count++] = join(folder, name);
}

static void
collect(const char *path)
{
    struct stat stat_of;
    if (stat(path, &stat_of) != 0)
        give_up("cannot be read", path);
    if (!S_ISDIR(stat_of.st_mode)) {
        add_path("", path);
        return;
    }
    DIR *folder = opendir(path);
    if (!folder)
        give_up("cannot be read", path);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            add_path(path, entry->d_name);
    closedir(folder);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static uint8_t *
load(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(SEED_BYTES_MAX);
    if (!file || !bytes)
        give_up("cannot be read", path);
    *out_size = fread(bytes, 1, SEED_BYTES_MAX, file);
    fclose(file);
    return bytes;
}

static void
run(const uint8_t *bytes, size_t size)
{
    uint8_t *block = malloc(size ? size : 1);
    if (!block)
        give_up("out of memory", "input");
    if (size)
        memcpy(block, bytes, size);
    LLVMFuzzerTestOneInput(block, size);
    free(block);
}

static unsigned long
run_prefixes(const uint8_t *bytes, size_t size)
{
    size_t step = size / PREFIXES_MAX + 1;
    unsigned long runs = 0;
    for (size_t len = 0; len < size; len += step, runs++)
        run(bytes, len);
    return runs;
}

static unsigned long
run_mutations(uint8_t *bytes, size_t size)
{
    static const uint8_t becomes[] = { 0x00, '0', '9', '-', ',', '<', '"', '\n', 0x80, 0xC3, 0xFF };
    size_t step = size / MUTATED_BYTES_MAX + 1;
    unsigned long runs = 0;
    for (size_t at = 0; at < size; at += step) {
        uint8_t was = bytes[at];
        bytes[at] ^= 1;
        run(bytes, size);
        for (size_t i = runs % 3; i < sizeof becomes; i += 3, runs++) { /* a third of them here, the others at the next bytes */
            bytes[at] = becomes[i];
            run(bytes, size);
        }
        bytes[at] = was;
        runs++;
    }
    return runs;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        collect(argv[i]);
    if (paths_count == 0)
        give_up("no seeds", argc > 1 ? argv[1] : "name a folder");
    qsort(paths, paths_count, sizeof paths[0], by_name);
    printf("1..%zu\n", paths_count);
    for (size_t i = 0; i < paths_count; i++) {
        size_t size;
        uint8_t *bytes = load(paths[i], &size);
        const char *name = strrchr(paths[i], '/');
        run(bytes, size);
        unsigned long runs = 1 + run_prefixes(bytes, size) + run_mutations(bytes, size);
        printf("ok %zu - %s, %lu inputs\n", i + 1, name ? name + 1 : paths[i], runs);
        fflush(stdout);
        free(bytes);
        free(paths[i]);
    }
    return 0;
}
