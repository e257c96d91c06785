/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4, sections 4.1.2, 5.1.1, 5.3.3 and 6.2). */
#include "base/sha256.h"

/* clang does not say yet whether a machine has the instructions. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(O2C_SCALAR)
#define HAS_SHA_INSTRUCTIONS 1
#include <immintrin.h>
#else
#define HAS_SHA_INSTRUCTIONS 0
#endif

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t
rotate(uint32_t word, unsigned by)
{
    return word >> by | word << (32 - by);
}

static void
schedule(uint32_t w[64], const uint8_t block[64])
{
    for (unsigned i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

/* One step on the eight words; the next step names them one further, so that nothing is moved. */
static inline void
step(uint32_t s[8], unsigned at, uint32_t fed)
{
    uint32_t a = s[(0 - at) & 7], b = s[(1 - at) & 7], c = s[(2 - at) & 7];
    uint32_t e = s[(4 - at) & 7], f = s[(5 - at) & 7], g = s[(6 - at) & 7], *d = &s[(3 - at) & 7], *h = &s[(7 - at) & 7];
    uint32_t first = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + fed;
    *d += first;
    *h = first + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
}

void
o2c__sha256_plain(uint32_t state[8], const uint8_t block[64])
{
    uint32_t w[64], s[8];
    schedule(w, block);
    memcpy(s, state, sizeof s);
    for (unsigned i = 0; i < 64; i += 8) {
        step(s, 0, constants[i] + w[i]);
        step(s, 1, constants[i + 1] + w[i + 1]);
        step(s, 2, constants[i + 2] + w[i + 2]);
        step(s, 3, constants[i + 3] + w[i + 3]);
        step(s, 4, constants[i + 4] + w[i + 4]);
        step(s, 5, constants[i + 5] + w[i + 5]);
        step(s, 6, constants[i + 6] + w[i + 6]);
        step(s, 7, constants[i + 7] + w[i + 7]);
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += s[i];
}

#if HAS_SHA_INSTRUCTIONS
/* The words of four steps from those of the sixteen before. */
__attribute__((target("sha,sse4.1"))) static inline __m128i
next_words(const __m128i w[4], unsigned at)
{
    __m128i last = w[(at + 3) & 3], x = _mm_sha256msg1_epu32(w[at & 3], w[(at + 1) & 3]);
    x = _mm_add_epi32(x, _mm_alignr_epi8(last, w[(at + 2) & 3], 4));
    return _mm_sha256msg2_epu32(x, last);
}

/* The instructions want the words of the state as a b e f and c d g h. */
__attribute__((target("sha,sse4.1"))) static void
compress_sha(uint32_t state[8], const uint8_t block[64])
{
    const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i w[4], low = _mm_shuffle_epi32(_mm_loadu_si128((const void *)state), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0), abef_before = abef, cdgh_before = cdgh;
    for (unsigned i = 0; i < 16; i++) {
        w[i & 3] = i < 4 ? _mm_shuffle_epi8(_mm_loadu_si128((const void *)(block + 16 * i)), turn) : next_words(w, i);
        __m128i fed = _mm_add_epi32(w[i & 3], _mm_loadu_si128((const void *)(constants + 4 * i)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, fed);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(fed, 0x0E));
    }
    low = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1B);
    high = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xB1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#endif

void
o2c__sha256_widest(uint32_t state[8], const uint8_t block[64])
{
#if HAS_SHA_INSTRUCTIONS
    if (__builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1")) {
        compress_sha(state, block);
        return;
    }
#endif
    o2c__sha256_plain(state, block);
}

void
o2c__sha256_init(o2c__sha256 *sha)
{
    static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    memset(sha, 0, sizeof *sha);
    memcpy(sha->state, start, sizeof start);
}

void
o2c__sha256_add(o2c__sha256 *sha, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t held = (size_t)(sha->count % 64);
    sha->count += len;
    while (len > 0) {
        size_t part = 64 - held < len ? 64 - held : len;
        memcpy(sha->block + held, at, part);
        at += part;
        len -= part;
        held += part;
        if (held < 64)
            return;
        o2c__sha256_widest(sha->state, sha->block);
        held = 0;
    }
}

void
o2c__sha256_end(o2c__sha256 *sha, uint8_t out[32])
{
    static const uint8_t padding[64] = { 0x80 };
    uint8_t length[8];
    uint64_t bits = sha->count * 8;
    size_t held = (size_t)(sha->count % 64);
    for (unsigned i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    o2c__sha256_add(sha, padding, held < 56 ? 56 - held : 120 - held);
    o2c__sha256_add(sha, length, sizeof length);
    for (unsigned i = 0; i < 32; i++)
        out[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}
