/* SPDX-License-Identifier: Apache-2.0 */
/* Prints for three desks a digest of all bytes and one of the answers: test_builds.py compiles this in several ways and compares. */
#include <inttypes.h>
#include <stdio.h>

#include "steady.h"

int
main(void)
{
    static struct steady steady;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        steady_make(&steady, seed);
        steady_build(&steady);
        o2c_match_solution *solution = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
        uint64_t answers = 0;
        for (uint32_t i = 0; i < STEADY_PAYMENTS; i++)
            answers = (answers << 1 | answers >> 63) ^ steady_proposal(solution, i);
        printf("%016" PRIx64 " %016" PRIx64 "\n", steady_digest(solution), answers);
        o2c_match_solution_free(solution);
        steady_free(&steady);
    }
    return 0;
}
