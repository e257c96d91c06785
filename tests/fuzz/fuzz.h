/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every fuzz target shares. A target is one file <target>/target.c with LLVMFuzzerTestOneInput, a folder <target>/seeds and,
 * where words help, <target>/dictionary. To add one: put its name into the list of meson.build.
 */
#ifndef O2C_TEST_FUZZ_H
#define O2C_TEST_FUZZ_H
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold for every input: the fuzzer keeps the bytes that break it. */
#define FUZZ_DEMAND(holds)                                                                                                                 \
    do {                                                                                                                                   \
        if (!(holds)) {                                                                                                                    \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);                                                     \
            abort();                                                                                                                       \
        }                                                                                                                                  \
    } while (0)

/* Input read as a stream of small values; zeros once it is used up. */
struct fuzz_input {
    const uint8_t *data;
    size_t size, at;
};
static inline uint8_t
fuzz_u8(struct fuzz_input *input)
{
    return input->at < input->size ? input->data[input->at++] : 0;
}
static inline uint64_t
fuzz_u64(struct fuzz_input *input)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | fuzz_u8(input);
    return value;
}
static inline const char *
fuzz_rest(const struct fuzz_input *input, size_t *out_len)
{
    *out_len = input->size - input->at;
    return *out_len ? (const char *)input->data + input->at : "";
}
#endif
