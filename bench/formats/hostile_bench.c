/* SPDX-License-Identifier: Apache-2.0 */
/* Milliseconds of the reader until each hostile file is refused; goal < 50. Median of five; one JSON line for each. */
#include "hostile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define ROUNDS 5

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

int
main(void)
{
    struct rusage usage;
    double worst = 0;

    for (size_t i = 0; i < hostile_count; i++) {
        double times[ROUNDS];
        struct hostile_cost cost = { 0, 0 };
        for (int round = 0; round < ROUNDS; round++) {
            if (hostile_push(&hostile_files[i], NULL, &cost, NULL) != hostile_files[i].status) {
                fprintf(stderr, "hostile_bench: %s is not refused as it should be\n", hostile_files[i].name);
                return 1;
            }
            times[round] = (double)cost.nanoseconds * 1e-6;
        }
        qsort(times, ROUNDS, sizeof times[0], by_value);
        worst = times[ROUNDS / 2] > worst ? times[ROUNDS / 2] : worst;
        printf("{\"bench\":\"hostile\",\"file\":\"%s\",\"pushed\":%" PRIu64 ",\"ms\":%.3f}\n", hostile_files[i].name, cost.pushed,
               times[ROUNDS / 2]);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"hostile\",\"file\":\"worst\",\"ms\":%.3f,\"peak_kib\":%ld}\n", worst, usage.ru_maxrss);
    return 0;
}
