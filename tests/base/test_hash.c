/* SPDX-License-Identifier: Apache-2.0 */
/* SipHash and SHA-256 against published vectors, and in every way to cut the input. */
#include "base/base.h"
#include "base/sha256.h"
#include "support/tap.h"

/* The vectors of the SipHash paper and its reference code: key 00 … 0f, message 00 01 02 … of each length. */
static void
siphash24__gives_the_reference_vectors(void)
{
    static const uint64_t key[2] = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
    static const uint64_t expected[] = { UINT64_C(0x726fdb47dd0e0e31), UINT64_C(0x74f839c593dc67fd), UINT64_C(0x0d6c8009d9a94f5a),
                                         UINT64_C(0x85676696d7fb7e2d), UINT64_C(0xcf2794e0277187b7), UINT64_C(0x18765564cd99a68d),
                                         UINT64_C(0xcbc9466e58fee3ce), UINT64_C(0xab0200f58b01d137) };
    unsigned char message[15];
    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    for (size_t len = 0; len < TAP_COUNT(expected); len++)
        CU_ASSERT_EQUAL(o2c__siphash24(key, message, len), expected[len]);
    CU_ASSERT_EQUAL(o2c__siphash24(key, message, 15), UINT64_C(0xa129ca6149be45e5));
    CU_ASSERT_EQUAL(o2c__siphash24(key, NULL, 0), expected[0]);
}

/* CPython 3.11 hashes bytes with SipHash-1-3; PYTHONHASHSEED=0 makes its key zero. */
static void
siphash13__agrees_with_cpython(void)
{
    static const uint64_t key[2] = { 0, 0 };
    static const struct {
        const char *text;
        uint64_t hash;
    } rows[] = {
        { "a", UINT64_C(0x407448d2b89b1813) },         { "1234567", UINT64_C(0xa33d651594fdae81) },
        { "12345678", UINT64_C(0x3489982430560a87) },  { "123456789", UINT64_C(0x0fbc0f0007965fcf) },
        { "an open item", UINT64_C(0xcc9d3ec94523d204) },
    };
    unsigned char bytes[64];
    for (size_t i = 0; i < TAP_COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c__siphash13(key, rows[i].text, strlen(rows[i].text)), rows[i].hash);
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    CU_ASSERT_EQUAL(o2c__siphash13(key, bytes, sizeof bytes), UINT64_C(0x75e05fd5bbc870c6));
}

static void
siphash__depends_on_both_halves_of_the_key(void)
{
    static const uint64_t none[2] = { 0, 0 }, first[2] = { 1, 0 }, second[2] = { 0, 1 };
    uint64_t a = o2c__siphash13(none, "key", 3), b = o2c__siphash13(first, "key", 3), c = o2c__siphash13(second, "key", 3);
    CU_ASSERT(a != b && a != c && b != c);
}

static void
hex(o2c__sha256 *sha, char text[65])
{
    uint8_t sum[32];
    o2c__sha256_end(sha, sum);
    for (int i = 0; i < 32; i++) {
        text[2 * i] = "0123456789abcdef"[sum[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
    }
    text[64] = 0;
}

/* The examples of FIPS 180-4 (NIST, "SHA-256 examples") and the empty message. */
static void
sha256__gives_the_published_vectors(void)
{
    static const struct {
        const char *message, *sum;
    } rows[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
          "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        o2c__sha256 sha;
        char text[65];
        o2c__sha256_init(&sha);
        o2c__sha256_add(&sha, rows[i].message, strlen(rows[i].message));
        hex(&sha, text);
        CU_ASSERT_STRING_EQUAL(text, rows[i].sum);
    }
}

static void
sha256__gives_the_vector_of_a_million_a(void)
{
    char part[1000], text[65];
    o2c__sha256 sha;
    memset(part, 'a', sizeof part);
    o2c__sha256_init(&sha);
    for (int i = 0; i < 1000; i++)
        o2c__sha256_add(&sha, part, sizeof part);
    hex(&sha, text);
    CU_ASSERT_STRING_EQUAL(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* With the machine's instructions or without: the same state after every block. */
static void
sha256__a_block_gives_one_state_on_every_machine(void)
{
    uint32_t plain[8] = { 0 }, widest[8] = { 0 };
    uint8_t block[64];
    uint32_t random = 1;
    for (int round = 0; round < 1000; round++) {
        for (size_t i = 0; i < sizeof block; i++)
            block[i] = (uint8_t)((random = random * 1664525u + 1013904223u) >> 24);
        o2c__sha256_plain(plain, block);
        o2c__sha256_widest(widest, block);
        CU_ASSERT_EQUAL_FATAL(memcmp(plain, widest, sizeof plain), 0);
    }
}

/* Every length around the block and the padding: the sum over all sums was computed with Python's hashlib. */
static void
sha256__is_right_at_every_length(void)
{
    uint8_t message[200], sum[32];
    char text[65];
    o2c__sha256 all, one;
    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(i * 7);
    o2c__sha256_init(&all);
    for (size_t len = 0; len < sizeof message; len++) {
        o2c__sha256_init(&one);
        o2c__sha256_add(&one, message, len / 3);
        o2c__sha256_add(&one, message + len / 3, len - len / 3);
        o2c__sha256_end(&one, sum);
        o2c__sha256_add(&all, sum, sizeof sum);
    }
    hex(&all, text);
    CU_ASSERT_STRING_EQUAL(text, "0a716dcd52ebb45d547cf893c2616d1641ae3c122398e759ddeb1d0698a65c1a");
}

static const struct tap_test tests[] = {
    { "siphash24__gives_the_reference_vectors", siphash24__gives_the_reference_vectors },
    { "siphash13__agrees_with_cpython", siphash13__agrees_with_cpython },
    { "siphash__depends_on_both_halves_of_the_key", siphash__depends_on_both_halves_of_the_key },
    { "sha256__gives_the_published_vectors", sha256__gives_the_published_vectors },
    { "sha256__gives_the_vector_of_a_million_a", sha256__gives_the_vector_of_a_million_a },
    { "sha256__a_block_gives_one_state_on_every_machine", sha256__a_block_gives_one_state_on_every_machine },
    { "sha256__is_right_at_every_length", sha256__is_right_at_every_length },
};
int
main(void)
{
    return tap_run("base/hash", tests, TAP_COUNT(tests));
}
