/* SPDX-License-Identifier: Apache-2.0 */
/* One item included in the chances of a stretch of rests: plain, and as wide as the machine can. The integers are the same. */
#include "match/lattice.h"

#if defined(__SSE2__) && !defined(O2C_SCALAR)
#include <immintrin.h>
#endif

static inline uint32_t
include_one(uint32_t stay, uint32_t come, uint32_t without, uint32_t with)
{
    return (uint32_t)(((uint64_t)stay * without + (uint64_t)come * with + UINT32_MAX) >> 32);
}

void
o2c__include_plain(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count, const struct o2c__chances *of)
{
    for (uint32_t x = 0; x < count; x++)
        to[x] = include_one(stay[x], come[x], of->without, of->with);
}

#if defined(__SSE2__) && !defined(O2C_SCALAR)
/* Four rests at a time, two by two in lanes of 64 bits: the same integers. */
static void
include_four(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count, const struct o2c__chances *of)
{
    const __m128i out = _mm_set1_epi64x(of->without), in = _mm_set1_epi64x(of->with), up = _mm_set1_epi64x(UINT32_MAX);
    const __m128i odd = _mm_set1_epi64x((int64_t)0xFFFFFFFF00000000);
    uint32_t x = 0;
    for (; x + 4 <= count; x += 4) {
        __m128i a = _mm_loadu_si128((const void *)(stay + x)), b = _mm_loadu_si128((const void *)(come + x));
        __m128i first = _mm_add_epi64(_mm_add_epi64(_mm_mul_epu32(a, out), _mm_mul_epu32(b, in)), up);
        a = _mm_srli_epi64(a, 32);
        b = _mm_srli_epi64(b, 32);
        __m128i second = _mm_add_epi64(_mm_add_epi64(_mm_mul_epu32(a, out), _mm_mul_epu32(b, in)), up);
        _mm_storeu_si128((void *)(to + x), _mm_or_si128(_mm_srli_epi64(first, 32), _mm_and_si128(second, odd)));
    }
    o2c__include_plain(to + x, stay + x, come + x, count - x, of);
}

/* Eight, where the machine has the instructions. */
__attribute__((target("avx2"))) static void
include_eight(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count, const struct o2c__chances *of)
{
    const __m256i out = _mm256_set1_epi64x(of->without), in = _mm256_set1_epi64x(of->with), up = _mm256_set1_epi64x(UINT32_MAX);
    uint32_t x = 0;
    for (; x + 8 <= count; x += 8) {
        __m256i a = _mm256_loadu_si256((const void *)(stay + x)), b = _mm256_loadu_si256((const void *)(come + x));
        __m256i first = _mm256_add_epi64(_mm256_add_epi64(_mm256_mul_epu32(a, out), _mm256_mul_epu32(b, in)), up);
        a = _mm256_srli_epi64(a, 32);
        b = _mm256_srli_epi64(b, 32);
        __m256i second = _mm256_add_epi64(_mm256_add_epi64(_mm256_mul_epu32(a, out), _mm256_mul_epu32(b, in)), up);
        _mm256_storeu_si256((void *)(to + x), _mm256_blend_epi32(_mm256_srli_epi64(first, 32), second, 0xAA));
    }
    o2c__include_plain(to + x, stay + x, come + x, count - x, of);
}

/* Sixteen: another third off. */
__attribute__((target("avx512f"))) static void
include_sixteen(uint32_t *to, const uint32_t *stay, const uint32_t *come, uint32_t count, const struct o2c__chances *of)
{
    const __m512i out = _mm512_set1_epi64(of->without), in = _mm512_set1_epi64(of->with), up = _mm512_set1_epi64(UINT32_MAX);
    uint32_t x = 0;
    for (; x + 16 <= count; x += 16) {
        __m512i a = _mm512_loadu_si512(stay + x), b = _mm512_loadu_si512(come + x);
        __m512i first = _mm512_add_epi64(_mm512_add_epi64(_mm512_mul_epu32(a, out), _mm512_mul_epu32(b, in)), up);
        a = _mm512_srli_epi64(a, 32);
        b = _mm512_srli_epi64(b, 32);
        __m512i second = _mm512_add_epi64(_mm512_add_epi64(_mm512_mul_epu32(a, out), _mm512_mul_epu32(b, in)), up);
        _mm512_storeu_si512(to + x, _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(first, 32), second));
    }
    o2c__include_plain(to + x, stay + x, come + x, count - x, of);
}
#endif

uint32_t
o2c__include_steps(o2c__include_stretch steps[O2C__INCLUDE_STEPS])
{
    uint32_t count = 0;
    steps[count++] = o2c__include_plain;
#if defined(__SSE2__) && !defined(O2C_SCALAR)
    steps[count++] = include_four;
    if (__builtin_cpu_supports("avx2"))
        steps[count++] = include_eight;
    if (__builtin_cpu_supports("avx512f"))
        steps[count++] = include_sixteen;
#endif
    return count;
}

o2c__include_stretch
o2c__include_widest(void)
{
#if defined(__SSE2__) && !defined(O2C_SCALAR)
    return __builtin_cpu_supports("avx512f") ? include_sixteen : __builtin_cpu_supports("avx2") ? include_eight : include_four;
#else
    return o2c__include_plain;
#endif
}
