/* SPDX-License-Identifier: Apache-2.0 */
/* Normal forms, stable hashes and the keys of payments: the same input gives the same bytes on every platform, in every run. */
#include "match/prepare.h"

o2c_str
o2c__number_normal(o2c__arena *arena, o2c_str number)
{
    char *out = o2c__arena_alloc(arena, number.len);
    size_t len = 0;
    for (size_t i = 0; out && i < number.len; i++)
        if (number.ptr[i] != ' ')
            out[len++] = number.ptr[i] >= 'a' && number.ptr[i] <= 'z' ? (char)(number.ptr[i] - 'a' + 'A') : number.ptr[i];
    return (o2c_str){ out, len };
}

/* A fixed key: these hashes stand in keys that hosts store. They are not used where a chosen collision could hurt. */
uint64_t
o2c__stable_hash(uint64_t hash, o2c_str text)
{
    uint64_t key[2] = { hash, UINT64_C(0x6F3263207061796D) };
    uint64_t out = o2c__siphash24(key, text.len ? text.ptr : "", text.len);
    return out ? out : 1;
}

static size_t
write_number(uint64_t value, char *out)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    return count;
}

static size_t
write_hash(uint64_t hash, char *out)
{
    for (int i = 0; i < 16; i++)
        out[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    return 16;
}

/* A prefix that leaves no room is cut at 28 bytes and gets a hash of the whole: 28 + "/#" + 16 + "/" + 10 digits + "~" + 5. */
size_t
o2c__payment_key(o2c_str prefix, uint32_t ordinal, uint32_t copy, char out[O2C_KEY_BYTES_MAX])
{
    char tail[24] = "/";
    size_t tail_len = 1 + write_number(ordinal, tail + 1), len = prefix.len;
    if (copy) {
        tail[tail_len++] = '~';
        tail_len += write_number(copy, tail + tail_len);
    }
    if (len + tail_len <= O2C_KEY_BYTES_MAX) {
        memcpy(out, prefix.ptr, len);
    } else {
        len = O2C_KEY_BYTES_MAX - tail_len < 46 ? O2C_KEY_BYTES_MAX - tail_len - 18 : 28;
        while (len && ((uint8_t)prefix.ptr[len] & 0xC0) == 0x80)
            len--; /* never inside a code point */
        memcpy(out, prefix.ptr, len);
        memcpy(out + len, "/#", 2);
        len += 2 + write_hash(o2c__stable_hash(0, prefix), out + len + 2);
    }
    memcpy(out + len, tail, tail_len);
    return len + tail_len;
}
