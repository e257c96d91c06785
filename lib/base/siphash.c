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

static inline void
rounds(struct sip *s, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        sip_round(s);
}

/* Little-endian by definition; compilers turn it into one load where the machine is. */
static inline uint64_t
word_at(const unsigned char *bytes)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

static inline uint64_t
siphash(const uint64_t key[2], const unsigned char *bytes, size_t len, unsigned compress, unsigned finish)
{
    struct sip s = { key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                     key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573) };
    size_t whole = len / 8 * 8;
    for (size_t at = 0; at < whole; at += 8) {
        uint64_t word = word_at(bytes + at);
        s.v3 ^= word;
        rounds(&s, compress);
        s.v0 ^= word;
    }
    uint64_t last = (uint64_t)len << 56;
    for (size_t at = whole; at < len; at++)
        last |= (uint64_t)bytes[at] << (8 * (at - whole));
    s.v3 ^= last;
    rounds(&s, compress);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    rounds(&s, finish);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t
o2c__siphash24(const uint64_t key[2], const void *bytes, size_t len)
{
    return siphash(key, bytes, len, 2, 4);
}

uint64_t
o2c__siphash13(const uint64_t key[2], const void *bytes, size_t len)
{
    return siphash(key, bytes, len, 1, 3);
}
