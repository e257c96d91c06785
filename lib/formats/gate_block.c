/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 64 bytes at once. One bit per byte says where '<', '>', quotes and slashes stand; whether tags and text alternate, how many
 * elements open and close, and how long the runs are then follow from a few operations on 64-bit words. Everything unusual
 * (references, comments, '>' in text, single quotes, a limit that might be passed) answers 0: the byte-wise gate looks again.
 *
 * A block starts in text. One that ends inside a tag is cut before that tag, so the next starts in text too and nothing about a
 * half-read tag has to be remembered.
 */
#include "formats/gate.h"

#define BLOCK 64u

bool
o2c__gate_has_blocks(const o2c_limits *limits)
{
#ifdef __SSE2__
    /* Inside one block no name, tag or text can then pass its limit. */
    return limits->name_bytes_max >= BLOCK && limits->tag_bytes_max >= BLOCK && limits->text_bytes_max >= BLOCK;
#else
    (void)limits;
    return false;
#endif
}

#ifdef __SSE2__
#include <emmintrin.h>

struct block {
    __m128i part[4];
};
struct marks {
    uint64_t open, close, quotes, slashes; /* '<' '>' '"' '/' */
};

static uint64_t
find(const struct block *block, char byte)
{
    __m128i wanted = _mm_set1_epi8(byte);
    uint64_t a = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block->part[0], wanted));
    uint64_t b = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block->part[1], wanted));
    uint64_t c = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block->part[2], wanted));
    uint64_t d = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block->part[3], wanted));

    return a | b << 16 | c << 32 | d << 48;
}

static __m128i
rare_bytes(__m128i part)
{
    return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('&')), _mm_cmpeq_epi8(part, _mm_set1_epi8('\''))),
                        _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('!')), _mm_cmpeq_epi8(part, _mm_set1_epi8('?'))));
}

static bool
any_rare(const struct block *block)
{
    __m128i all = _mm_or_si128(_mm_or_si128(rare_bytes(block->part[0]), rare_bytes(block->part[1])),
                               _mm_or_si128(rare_bytes(block->part[2]), rare_bytes(block->part[3])));
    return _mm_movemask_epi8(all) != 0;
}

/* Bits set. The builtin would call a function where the compiler may not use the instruction. */
static inline uint32_t
count_bits(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (uint32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* Bit i of the answer: parity of the bits 0 … i. Turns marks at both ends of a stretch into the stretch. */
static uint64_t
stretches(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

/* false: references, single quotes in a tag, comments, sections or instructions. */
static bool
rare_is_harmless(const struct block *block, uint64_t open, uint64_t inside)
{
    uint64_t bang = find(block, '!') | find(block, '?');

    return find(block, '&') == 0 && (find(block, '\'') & inside) == 0 && (bang & open << 1) == 0;
}

static void
cut(struct marks *marks, uint32_t size)
{
    uint64_t keep = ((uint64_t)1 << size) - 1;

    marks->open &= keep;
    marks->close &= keep;
    marks->quotes &= keep;
    marks->slashes &= keep;
}

/* Tags and text alternate, quotes stand in tags only and hold no '<' or '>'. Answers the bytes that hold whole tags, 0 = unusual.
 */
static uint32_t
whole_tags(const struct block *block, struct marks *marks)
{
    uint64_t both = marks->open | marks->close;
    uint64_t inside = stretches(both);
    uint32_t size = BLOCK;

    if ((inside & marks->open) != marks->open || (inside & marks->close) != 0)
        return 0;
    if (marks->quotes != 0 && ((marks->quotes & ~inside) != 0 || (stretches(marks->quotes) & both) != 0))
        return 0;
    if (any_rare(block) && !rare_is_harmless(block, marks->open, inside))
        return 0;
    if (inside >> 63 != 0) {
        size = 63u - (uint32_t)__builtin_clzll(marks->open);
        cut(marks, size);
    }
    return size;
}

/* Deepest level that the tags of this block reach, one tag after the other. */
static uint32_t
deepest_level(const struct marks *marks, uint64_t ends, uint64_t empties, uint32_t depth)
{
    uint32_t deepest = 0;

    for (uint64_t rest = marks->open; rest != 0; rest &= rest - 1) {
        uint64_t tag = rest & (0 - rest);
        uint64_t behind = rest ^ tag;
        uint64_t until = behind != 0 ? (behind & (0 - behind)) - 1 : UINT64_MAX;
        if (((tag << 1) & ends) != 0) {
            depth--;
            continue;
        }
        depth++;
        deepest = depth > deepest ? depth : deepest;
        if ((empties & until & ~(tag - 1)) != 0)
            depth--;
    }
    return deepest;
}

static bool
count_tags(struct o2c__gate *gate, const struct marks *marks)
{
    uint64_t ends = marks->slashes & marks->open << 1;
    uint64_t empties = marks->slashes << 1 & marks->close;
    uint32_t opened = count_bits(marks->open & ~(ends >> 1));
    uint32_t closed = count_bits(ends) + (empties != 0 ? count_bits(empties) : 0);
    uint32_t attributes = marks->quotes != 0 ? count_bits(marks->quotes) / 2 : 0;

    if ((ends != 0 && empties != 0) || closed > gate->depth || attributes > gate->limits.attributes_max)
        return false;
    if (gate->elements + opened > gate->limits.elements_max)
        return false;
    if (gate->depth + opened > gate->deepest) {
        uint32_t deepest = deepest_level(marks, ends, empties, gate->depth);
        if (deepest > gate->limits.depth_max)
            return false;
        gate->deepest = deepest > gate->deepest ? deepest : gate->deepest;
    }
    gate->elements += opened;
    gate->attributes += attributes;
    gate->depth += opened - closed;
    return true;
}

size_t
o2c__gate_block(struct o2c__gate *gate, const char *bytes)
{
    struct block block;
    struct marks marks;
    uint32_t size, first;

    for (size_t i = 0; i < 4; i++)
        block.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
    marks = (struct marks){ find(&block, '<'), find(&block, '>'), find(&block, '"'), find(&block, '/') };
    size = whole_tags(&block, &marks);
    if (size == 0)
        return 0;
    first = marks.open != 0 ? (uint32_t)__builtin_ctzll(marks.open) : size;
    if (gate->run + first > gate->limits.text_bytes_max || !count_tags(gate, &marks))
        return 0;
    gate->run = marks.close != 0 ? size - (64u - (uint32_t)__builtin_clzll(marks.close)) : gate->run + first;
    return size;
}
#else
size_t
o2c__gate_block(struct o2c__gate *gate, const char *bytes)
{
    (void)gate;
    (void)bytes;
    return 0;
}
#endif
