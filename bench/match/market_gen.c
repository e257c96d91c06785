/* SPDX-License-Identifier: Apache-2.0 */
/*
 * o2c-match-gen --seed S --items N [--mix mix | --scenario Sxx] [--out FOLDER] [--clerk PPM] [--no-labels] [--marginals]
 *
 * Writes a market as CSV files and prints the SHA-256 of each, for S36 also bank files of its first days (market_files.h).
 * --marginals prints what it looks like beside a real ledger.
 */
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "market_files.h"

#define FILE_DAYS 60u

static int
usage(void)
{
    fputs("usage: o2c-match-gen --seed S --items N [--mix mix | --scenario S01...S38] [--out FOLDER] [--clerk PPM] [--no-labels] [--marginals]\n",
          stderr);
    return 2;
}

int
main(int argc, char **argv)
{
    struct market_options options = { .seed = 1, .items = 50000 };
    const char *folder = NULL;
    int marginals = 0;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--no-labels") == 0)
            options.no_labels = 1;
        else if (strcmp(argv[i], "--marginals") == 0)
            marginals = 1;
        else if (i + 1 == argc)
            return usage();
        else if (strcmp(argv[i], "--seed") == 0)
            options.seed = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--items") == 0)
            options.items = (uint32_t)strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--mix") == 0 || strcmp(argv[i], "--scenario") == 0)
            options.scenario = market_scenario(value), i++;
        else if (strcmp(argv[i], "--clerk") == 0)
            options.clerk_ppm = (uint32_t)strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--out") == 0)
            folder = value, i++;
        else
            return usage();
        if (options.scenario < 0)
            return usage();
    }
    struct market *market = market_make(&options);
    if (folder)
        market_write(market, folder, stdout);
    if (folder && options.scenario == 36)
        printf("%u bank files\n", market_files(market, folder, FILE_DAYS));
    if (marginals || !folder)
        market_marginals(market, stdout);
    market_free(market);
    return 0;
}
