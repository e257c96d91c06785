/* SPDX-License-Identifier: Apache-2.0 */
/* SipHash-2-4 and SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). */
#include "base/base.h"

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static inline void
sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

/* Little-endian by definition; compilers turn it into one load where the machine is. */
static inline uint64_t
half_at(const unsigned char *bytes)
{
    return bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24;
}

static inline uint64_t
word_at(const unsigned char *bytes)
{
    return half_at(bytes) | half_at(bytes + 4) << 32;
}

/* The last zero to seven bytes, as a word with the length on top. */
static inline uint64_t
last_word(const unsigned char *bytes, size_t len)
{
    uint64_t word = (uint64_t)len << 56;
    size_t rest = len % 8;
    bytes += len - rest;
    /* Two halves that may overlap in place of a loop: most keys are short, so this is most of the work. */
    if (rest >= 4) {
        uint64_t low = half_at(bytes), high = half_at(bytes + rest - 4);
        return word | low | high << (8 * (rest - 4));
    }
    if (rest > 0)
        word |= bytes[0] | (uint64_t)bytes[rest / 2] << (8 * (rest / 2)) | (uint64_t)bytes[rest - 1] << (8 * (rest - 1));
    return word;
}

static inline uint64_t
siphash(const uint64_t key[2], const void *message, size_t len, bool twice, bool four)
{
    const unsigned char *bytes = message;
    struct sip s = { key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                     key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573) };
    for (size_t at = 0; len - at >= 8; at += 8) {
        uint64_t word = word_at(bytes + at);
        s.v3 ^= word;
        sip_round(&s);
        if (twice)
            sip_round(&s);
        s.v0 ^= word;
    }
    uint64_t last = last_word(bytes, len);
    s.v3 ^= last;
    sip_round(&s);
    if (twice)
        sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    if (four)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t
o2c__siphash24(const uint64_t key[2], const void *bytes, size_t len)
{
    return siphash(key, bytes ? bytes : "", len, true, true);
}

uint64_t
o2c__siphash13(const uint64_t key[2], const void *bytes, size_t len)
{
    return siphash(key, bytes ? bytes : "", len, false, false);
}
