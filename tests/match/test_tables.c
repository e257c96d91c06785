/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a build and its look-ups fast against the plain way: slots several at a time, forms of short numbers, amounts in 32 bits. */
#include <stdio.h>
#include <string.h>

#include "match/index.h"
#include "match/pool.h"
#include "match/text_class.h"
#include "support/tap.h"

#define ROWS 600u

static uint64_t
draw(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

static void
tables__four_slots_at_once_say_what_each_of_them_says(void)
{
    uint64_t state = 1;
    const uint32_t tags[] = { 0, 1, 0x7FFFFFFF, 0x80000000, UINT32_MAX }, values[] = { 0, 5, 0x80000001, UINT32_MAX, UINT32_MAX };
    for (uint32_t round = 0; round < 20000; round++) {
        struct o2c__slot rows[O2C__SLOTS_STEP];
        uint32_t tag = tags[draw(&state, O2C__COUNT(tags))], empty = 99, plain_empty = 77;
        for (uint32_t i = 0; i < O2C__SLOTS_STEP; i++)
            rows[i] = (struct o2c__slot){ tags[draw(&state, O2C__COUNT(tags))], values[draw(&state, O2C__COUNT(values))] };
        uint32_t found = o2c__slots_look(rows, tag, &empty), plain = o2c__slots_look_plain(rows, tag, &plain_empty);
        CU_ASSERT_EQUAL_FATAL(found, plain);
        CU_ASSERT_EQUAL_FATAL(empty, plain_empty);
        for (uint32_t i = 0; i < O2C__SLOTS_STEP; i++) {
            CU_ASSERT_EQUAL_FATAL(found >> i & 1, rows[i].tag == tag);
            CU_ASSERT_EQUAL_FATAL(empty >> i & 1, rows[i].value == O2C__MAP_NONE);
        }
    }
}

static void
tables__words_are_sorted_by_their_upper_halves_and_equal_ones_stay_in_order(void)
{
    uint64_t state = 2, rows[ROWS], scratch[ROWS];
    const uint64_t most[] = { 2, 300, 70000, UINT64_C(1) << 32 };
    for (uint32_t round = 0; round < 200; round++) {
        uint32_t n = (uint32_t)draw(&state, ROWS + 1);
        for (uint32_t i = 0; i < n; i++)
            rows[i] = draw(&state, most[round % O2C__COUNT(most)]) << 32 | i;
        const uint64_t *sorted = o2c__sort_narrow(rows, scratch, n);
        for (uint32_t i = 1; i < n; i++) /* numbers of rows ascend, so the order of whole words is the stable one */
            CU_ASSERT_FATAL(sorted[i - 1] < sorted[i]);
    }
}

/* ---- forms of a number against one character after the other */
static void
plain_forms(const char *bytes, uint32_t len, struct o2c__forms *out)
{
    bool apart = false, leading = true;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < len && i < O2C__REFERENCE_BYTES; i++) {
        char c = o2c__text_fold(bytes[i]);
        if (c && apart && out->full_len)
            out->cuts |= UINT64_C(1) << out->full_len;
        if (c)
            out->full[out->full_len++] = c;
        out->digits += c && c <= '9';
        apart = !c;
    }
    out->letters = out->full_len - out->digits;
    for (uint32_t i = 0; i < out->full_len; i++) {
        bool digit = out->full[i] <= '9';
        if (digit && out->digits_len == 0)
            out->digits_at = i;
        if (digit && out->digits_len && out->digits_at + out->digits_len != i) {
            out->digits_at = out->digits_len = 0; /* a letter between them */
            return;
        }
        out->digits_len += digit;
    }
    while (out->zeros < out->digits_len && out->full[out->digits_at + out->zeros] == '0')
        out->zeros++;
    uint32_t end = out->digits_at + out->digits_len, dropped = 0;
    for (uint32_t i = out->digits_at + out->zeros; i < end && out->cuts; i++) {
        bool last = i + 1 == end || (out->cuts >> (i + 1) & 1);
        leading = leading || (out->cuts >> i & 1);
        if (leading && !last && out->full[i] == '0') {
            dropped++;
            continue;
        }
        leading = false;
        out->loose[out->loose_len++] = out->full[i];
    }
    out->loose_len = dropped && out->loose_len >= O2C__SIGNIFICANT_MIN ? out->loose_len : 0;
}

static void
tables__forms_of_a_number_are_those_of_its_characters_one_by_one(void)
{
    static const char *const alphabets[] = { "00123 -", "0 ", "0A1-", "R7/0 .", "9Zz0-\n" };
    uint64_t state = 4;
    uint32_t loose = 0;
    for (uint32_t round = 0; round < 60000; round++) {
        const char *alphabet = alphabets[round % O2C__COUNT(alphabets)];
        char bytes[O2C__REFERENCE_BYTES];
        uint32_t len = (uint32_t)draw(&state, round % 7 ? 24 : sizeof bytes); /* at 64 characters a cut behind the last would not fit */
        for (uint32_t i = 0; i < len; i++)
            bytes[i] = alphabet[draw(&state, strlen(alphabet))];
        struct o2c__forms forms, plain;
        o2c__forms((o2c_str){ bytes, len }, &forms);
        plain_forms(bytes, len, &plain);
        CU_ASSERT_EQUAL_FATAL(forms.full_len, plain.full_len);
        CU_ASSERT_FATAL(memcmp(forms.full, plain.full, plain.full_len) == 0);
        CU_ASSERT_EQUAL_FATAL(forms.cuts, plain.cuts);
        CU_ASSERT_FATAL(forms.digits == plain.digits && forms.letters == plain.letters);
        CU_ASSERT_EQUAL_FATAL(forms.digits_len, plain.digits_len);
        CU_ASSERT_FATAL(plain.digits_len == 0 || (forms.digits_at == plain.digits_at && forms.zeros == plain.zeros));
        CU_ASSERT_EQUAL_FATAL(forms.loose_len, plain.loose_len);
        CU_ASSERT_FATAL(memcmp(forms.loose, plain.loose, plain.loose_len) == 0);
        loose += plain.loose_len > 0;
    }
    CU_ASSERT(loose > 1000); /* there was something to compare */
}

static void
tables__a_copy_is_exact_for_every_length(void)
{
    char from[80], to[100], plain[100];
    for (uint32_t i = 0; i < sizeof from; i++)
        from[i] = (char)(i + 1);
    for (uint32_t len = 0; len <= sizeof from; len++) {
        memset(to, 0, sizeof to);
        memset(plain, 0, sizeof plain);
        o2c__text_copy_exact(to + 8, from, len);
        memcpy(plain + 8, from, len);
        CU_ASSERT(memcmp(to, plain, sizeof to) == 0);
    }
}

/* ---- a pool whose amounts fit 32 bits, and the same with one item more that does not */
struct twin {
    o2c_heap *heap;
    o2c_open_item items[ROWS + 1];
};

static o2c_ref
text(struct twin *twin, const char *bytes)
{
    o2c_ref ref;
    o2c_str str = { bytes, strlen(bytes) };
    CU_ASSERT_EQUAL_FATAL(o2c_heap_add(twin->heap, &str, &ref, NULL), O2C_OK);
    return ref;
}

static int64_t
amount_of(uint64_t *state, uint32_t kind)
{
    static const int64_t edges[] = { INT32_MAX, INT32_MAX - 1, -INT32_MAX, 1, -1, 255, 256, 65536, -65536 };
    if (kind == 0)
        return 1 + (int64_t)draw(state, 40);
    if (kind == 1)
        return edges[draw(state, O2C__COUNT(edges))];
    return (draw(state, 9) ? 1 : -1) * (1 + (int64_t)draw(state, 2000000));
}

static void
fill(struct twin *twin, uint64_t *state, uint32_t kind)
{
    char name[24];
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &twin->heap, NULL), O2C_OK);
    for (uint32_t i = 0; i <= ROWS; i++) {
        o2c_open_item *item = &twin->items[i];
        int64_t amount = i < ROWS ? amount_of(state, kind) : (int64_t)INT32_MAX + 1;
        snprintf(name, sizeof name, "K%04u", (unsigned)o2c__mix(i, 3) % 9000 * 1000 + i);
        *item = (o2c_open_item){ .key = text(twin, name), .currency = "EUR", .host_ref = i, .open_minor = amount, .original_minor = amount };
        snprintf(name, sizeof name, i < ROWS ? "C%02u" : "Z%02u", (unsigned)draw(state, 12));
        item->account = text(twin, name);
        item->kind = amount < 0 ? O2C_ITEM_CREDIT_MEMO : O2C_ITEM_INVOICE;
        item->due_day = 20500 + (int32_t)draw(state, 5);
        item->flags = draw(state, 4) ? 0 : O2C_ITEM_FLAG_DISPUTED;
    }
}

static o2c_match_pool *
frozen(const struct twin *twin, uint32_t count)
{
    o2c_match_pool *pool;
    o2c_error err = { 0 };
    o2c_str heap;
    o2c_heap_bytes(twin->heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &pool, &err), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_items(pool, twin->items, count, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    return pool;
}

static void
compare(const o2c_match_pool *narrow, const o2c_match_pool *wide)
{
    uint32_t at = 0;
    CU_ASSERT_EQUAL_FATAL(narrow->open_count + 1, wide->open_count);
    CU_ASSERT_EQUAL_FATAL(narrow->item_accounts_count + 1, wide->item_accounts_count);
    for (uint32_t i = 0; i < narrow->open_count; i++) {
        CU_ASSERT_EQUAL(narrow->open[i], wide->open[i]);
        CU_ASSERT_EQUAL(narrow->interchange[i], wide->interchange[i]);
        at += wide->index->amounts[at] == narrow->open_count; /* the one that is more */
        CU_ASSERT_EQUAL(narrow->index->amounts[i], wide->index->amounts[at++]);
    }
    for (uint32_t i = 0; i < narrow->item_accounts_count; i++)
        CU_ASSERT_EQUAL(narrow->item_accounts[i].gap, wide->item_accounts[i].gap);
}

static void
tables__amounts_of_32_bits_are_indexed_like_wider_ones(void)
{
    static struct twin twin;
    uint64_t state = 3;
    uint32_t classes = 0;
    for (uint32_t round = 0; round < 12; round++) {
        fill(&twin, &state, round % 3);
        o2c_match_pool *narrow = frozen(&twin, ROWS), *wide = frozen(&twin, ROWS + 1);
        compare(narrow, wide);
        for (uint32_t i = 0; i < narrow->open_count; i++)
            classes += narrow->interchange[i] == i;
        o2c_match_pool_free(narrow);
        o2c_match_pool_free(wide);
        o2c_heap_free(twin.heap);
    }
    CU_ASSERT(classes > 100); /* there was something to find */
}

static const struct tap_test tests[] = {
    { "tables__four_slots_at_once_say_what_each_of_them_says", tables__four_slots_at_once_say_what_each_of_them_says },
    { "tables__words_are_sorted_by_their_upper_halves_and_equal_ones_stay_in_order",
      tables__words_are_sorted_by_their_upper_halves_and_equal_ones_stay_in_order },
    { "tables__forms_of_a_number_are_those_of_its_characters_one_by_one", tables__forms_of_a_number_are_those_of_its_characters_one_by_one },
    { "tables__a_copy_is_exact_for_every_length", tables__a_copy_is_exact_for_every_length },
    { "tables__amounts_of_32_bits_are_indexed_like_wider_ones", tables__amounts_of_32_bits_are_indexed_like_wider_ones },
};

int
main(void)
{
    return tap_run("match/tables", tests, TAP_COUNT(tests));
}
