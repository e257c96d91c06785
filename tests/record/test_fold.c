/* SPDX-License-Identifier: Apache-2.0 */
/* Folding of names and reference texts (PTY-05), UTF-8, and the similarity of names. */
#include "record/record.h"
#include "support/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

static void
fold(const char *name, int32_t variant, char *out, size_t size)
{
    o2c_str text = o2c__str(name);
    size_t len = 0;
    CU_ASSERT_EQUAL(o2c_name_fold(&text, variant, out, size, &len, NULL), O2C_OK);
    CU_ASSERT_EQUAL(len, strlen(out));
}

static bool
key_equal(const char *a, const char *b)
{
    char of_a[256], of_b[256];
    for (int32_t i = 0; i < 2; i++) {
        for (int32_t j = 0; j < 2; j++) {
            fold(a, i, of_a, sizeof of_a);
            fold(b, j, of_b, sizeof of_b);
            if (of_a[0] && strcmp(of_a, of_b) == 0)
                return true;
        }
    }
    return false;
}

static void
trap_t05_umlauts_joiners_and_legal_forms_give_one_key(void)
{
    CU_ASSERT_TRUE(key_equal("MUELLER GMBH", "M\u00fcller GmbH"));
    CU_ASSERT_TRUE(key_equal("MULLER", "M\u00fcller GmbH"));
    CU_ASSERT_TRUE(key_equal("SMITH AND SONS LIMITED", "Smith & Sons Ltd"));
    CU_ASSERT_TRUE(key_equal("The Acme Company", "ACME Co."));
}

static void
trap_t04_a_part_of_a_token_is_no_key(void)
{
    CU_ASSERT_FALSE(key_equal("PAYMENT PLACMENT CO", "ACME"));
    CU_ASSERT_FALSE(key_equal("Acme", "MACMEDIA GMBH"));
    CU_ASSERT_FALSE(key_equal("GmbH", "AG")); /* nothing is left of either: empty is never equal */
}

static void
pty_05__names_fold_to_their_two_keys(void)
{
    static const struct {
        const char *name, *two, *one; /* umlauts to two letters, to one */
    } rows[] = {
        { "M\u00fcller GmbH", "MUELLER", "MULLER" },
        { "Mu\u0308ller", "MUELLER", "MULLER" }, /* the accent as its own code point */
        { "A\u030alesund \u00c5s", "AALESUND AAS", "ALESUND" }, /* \u00c5s as AS is a legal form */
        { "\u00c6r\u00f8", "AEROE", "AERO" },
        { "Stra\u00dfe \u1e9e", "STRASSE SS", "STRASSE SS" },
        { "Nestl\u00e9 S.A.", "NESTLE", "NESTLE" },
        { "\u0141\u00f3d\u017a", "LODZ", "LODZ" },
        { "\uff21\uff22\uff23\uff11\uff12", "ABC12", "ABC12" },
        { "\ufb01rm \u2460", "FIRM 1", "FIRM 1" },
        { "O'Brien O\u2019Brien O\u00b4Brien", "OBRIEN OBRIEN OBRIEN", "OBRIEN OBRIEN OBRIEN" },
        { "A.B.C. D-E/F", "ABC D E F", "ABC D E F" },
        { "THE THE SHOP THE", "SHOP THE", "SHOP THE" },
        { "and & und, et", "", "" },
        { "a\u200bc\u202eme\ufeff", "ACME", "ACME" },
        { "\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ae", "\u0395\u039b\u039b\u0397\u039d\u0399\u039a\u0397",
          "\u0395\u039b\u039b\u0397\u039d\u0399\u039a\u0397" },
        { "\u042f\u0440\u043e\u0441\u043b\u0430\u0432\u043b\u044c", "\u042f\u0420\u041e\u0421\u041b\u0410\u0412\u041b\u042c",
          "\u042f\u0420\u041e\u0421\u041b\u0410\u0412\u041b\u042c" },
        { "\u0661\u0662\u0663", "123", "123" },
        { "INCORPORATEDX Incorporated", "INCORPORATEDX", "INCORPORATEDX" },
        { "", "", "" },
    };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        char key[256];
        fold(rows[i].name, 0, key, sizeof key);
        CU_ASSERT_STRING_EQUAL(key, rows[i].two);
        fold(rows[i].name, 1, key, sizeof key);
        CU_ASSERT_STRING_EQUAL(key, rows[i].one);
    }
}

static void
pty_05__a_key_folds_to_itself_for_every_code_point(void)
{
    uint32_t wrong = 0;
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        char text[8] = "X", key[32], again[128];
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        size_t len = 1 + o2c__utf8_encode(code, text + 1);
        text[len++] = 'y';
        for (int32_t variant = 0; variant < 2; variant++) {
            size_t count = o2c__fold_name(text, len, variant, key);
            size_t same = o2c__fold_name(key, count, variant, again);
            wrong += count > 3 * len || same != count || memcmp(key, again, count) != 0;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void
name__a_small_buffer_says_what_it_needs(void)
{
    o2c_str name = o2c__str("M\u00fcller GmbH"), broken = { "a\xff", 2 }, control = { "a\x01", 2 };
    char key[16] = "untouched";
    size_t needed = 0;
    o2c_error err = { 0 };
    CU_ASSERT_EQUAL(o2c_name_fold(&name, 0, key, 7, &needed, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(needed, 7);
    CU_ASSERT_STRING_EQUAL(key, "untouched");
    CU_ASSERT_EQUAL(o2c_name_fold(&name, 0, key, 8, &needed, NULL), O2C_OK);
    CU_ASSERT_STRING_EQUAL(key, "MUELLER");
    CU_ASSERT_EQUAL(o2c_name_fold(&name, 0, NULL, 0, &needed, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_name_fold(&name, 2, key, 16, &needed, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_name_fold(NULL, 0, key, 16, &needed, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_name_fold(&broken, 0, key, 16, &needed, &err), O2C_E_RECORD_TEXT);
    CU_ASSERT_EQUAL(err.offset, 1);
    CU_ASSERT_EQUAL(o2c_name_fold(&control, 0, key, 16, &needed, NULL), O2C_E_RECORD_TEXT);
}

static void
reference_text__spans_map_back_to_their_bytes(void)
{
    static const char text[] = "Re\u00e4 \uff11\uff12\u00df-\xff" "7\u00bd";
    static const char folded[] = "REA 12S  7 ";
    static const uint32_t places[] = { 0, 1, 2, 4, 5, 8, 11, 13, 14, 15, 16 };
    char out[sizeof text];
    uint32_t map[sizeof text];
    size_t count = o2c__fold_reference(text, sizeof text - 1, out, map);
    CU_ASSERT_EQUAL_FATAL(count, sizeof folded - 1);
    CU_ASSERT_EQUAL(memcmp(out, folded, count), 0);
    CU_ASSERT_EQUAL(memcmp(map, places, sizeof places), 0);
}

static void
utf8__only_the_shortest_form_is_taken(void)
{
    static const struct {
        const char *bytes;
        size_t len, bad;
    } rows[] = { { "abc\t\r\n", 6, SIZE_MAX },   { "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9, SIZE_MAX }, { "a\xc0\x80", 3, 1 }, { "\xe0\x80\xaf", 3, 0 },
                 { "\xf0\x80\x80\x80", 4, 0 },   { "\xed\xa0\x80", 3, 0 },     { "\xf4\x90\x80\x80", 4, 0 },  { "\xf4\x8f\xbf\xbf", 4, SIZE_MAX },
                 { "ab\xc3", 3, 2 },             { "\x80", 1, 0 },             { "a\0b", 3, 1 },              { "a\x7f", 2, 1 },
                 { "\x1f", 1, 0 },               { "\xf8\x88\x80\x80\x80", 5, 0 }, { "\xff", 1, 0 },          { "", 0, SIZE_MAX } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c__utf8_bad(rows[i].bytes, rows[i].len), rows[i].bad);
}

static void
utf8__every_code_point_comes_back(void)
{
    uint32_t wrong = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        uint32_t back = 0, len = o2c__utf8_encode(code, bytes);
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        wrong += surrogate ? o2c__utf8_decode(bytes, len, 0, &back) != 0 : o2c__utf8_decode(bytes, len, 0, &back) != len || back != code;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void
jaro_winkler__has_the_published_values(void)
{
    static const struct {
        const char *a, *b;
        uint32_t percent; /* hundredths, half up */
    } rows[] = { { "DUNNINGHAM", "CUNNIGHAM", 8963 }, { "ABROMS", "ABRAMS", 9222 }, { "LAMPLEY", "CAMPLEY", 9048 }, { "MARHTA", "MARTHA", 9611 },
                 { "JONATHON", "JONATHAN", 9500 }, { "JERALDINE", "GERALDINE", 9259 }, { "ACME", "ACME", 10000 }, { "ACME", "XYZ", 0 },
                 { "", "ACME", 0 }, { "", "", 0 }, { "A", "A", 10000 }, { "AB", "BA", 0 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_str a = o2c__str(rows[i].a), b = o2c__str(rows[i].b);
        CU_ASSERT_EQUAL((o2c__jaro_winkler_ppm(a, b) + 50) / 100, rows[i].percent);
    }
}

/* The definition byte by byte, for names of at most 80 bytes. */
static uint32_t
straight_ppm(o2c_str a, o2c_str b)
{
    bool in_a[80] = { false }, in_b[80] = { false };
    size_t longest = a.len > b.len ? a.len : b.len, window = longest / 2 > 1 ? longest / 2 - 1 : 0, k = 0;
    uint64_t m = 0, swapped = 0, prefix = 0;
    for (size_t i = 0; i < a.len; i++) {
        for (size_t j = i > window ? i - window : 0; !in_a[i] && j < b.len && j <= i + window; j++) {
            in_a[i] = !in_b[j] && a.ptr[i] == b.ptr[j];
            in_b[j] = in_b[j] || in_a[i];
            m += in_a[i];
        }
    }
    for (size_t i = 0; i < a.len; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[k])
            k++;
        swapped += a.ptr[i] != b.ptr[k++];
    }
    while (prefix < 4 && prefix < a.len && prefix < b.len && a.ptr[prefix] == b.ptr[prefix])
        prefix++;
    if (m == 0)
        return 0;
    uint64_t over = 2 * m * m * (a.len + b.len) + (2 * m - swapped) * a.len * b.len, under = 6 * m * a.len * b.len;
    return (uint32_t)(1000000 * (over * 10 + prefix * (under - over)) / (10 * under));
}

static void
jaro_winkler__places_in_a_word_find_what_the_definition_finds(void)
{
    char bytes[2][80];
    uint32_t wrong = 0, state = 1;
    for (uint32_t round = 0; round < 20000; round++) {
        o2c_str name[2];
        for (size_t side = 0; side < 2; side++) {
            state = state * 1664525u + 1013904223u;
            name[side] = (o2c_str){ bytes[side], (state >> 16) % (round % 2 ? 20 : 71) };
            for (size_t i = 0; i < name[side].len; i++) {
                state = state * 1664525u + 1013904223u;
                bytes[side][i] = (char)('A' + (state >> 16) % (2 + round % 9));
            }
        }
        wrong += o2c__jaro_winkler_ppm(name[0], name[1]) != straight_ppm(name[0], name[1]);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void
jaro_winkler__long_names_are_compared_by_their_first_256_bytes(void)
{
    char a[258], b[258];
    for (size_t i = 0; i < sizeof a; i++)
        a[i] = b[i] = (char)('A' + i % 26);
    b[256] = '#';
    CU_ASSERT_EQUAL(o2c__jaro_winkler_ppm((o2c_str){ a, 257 }, (o2c_str){ b, 257 }), 1000000);
    b[255] = '#';
    CU_ASSERT(o2c__jaro_winkler_ppm((o2c_str){ a, 257 }, (o2c_str){ b, 257 }) < 1000000);
    CU_ASSERT(o2c__jaro_winkler_ppm((o2c_str){ a, 255 }, (o2c_str){ b, 255 }) == 1000000);
}

static void
run_generator(const char *name)
{
    char command[1200];
    const char *source = getenv("O2C_SOURCE");
    snprintf(command, sizeof command, "python3 '%s/lib/record/%s' --check >/dev/null 2>&1", source ? source : ".", name);
    int answer = system(command);
    if (answer != -1 && WIFEXITED(answer) && (WEXITSTATUS(answer) == 77 || WEXITSTATUS(answer) == 127)) {
        tap_skip("python3 is missing, or carries other Unicode data than the committed table");
        return;
    }
    CU_ASSERT_EQUAL(answer, 0);
}

static void
fold_table__is_what_the_generator_writes(void)
{
    run_generator("generate_fold.py");
}

static void
currency_table__is_what_the_generator_writes(void)
{
    run_generator("generate_currency.py");
}

static const struct tap_test tests[] = {
    { "trap_t05_umlauts_joiners_and_legal_forms_give_one_key", trap_t05_umlauts_joiners_and_legal_forms_give_one_key },
    { "trap_t04_a_part_of_a_token_is_no_key", trap_t04_a_part_of_a_token_is_no_key },
    { "pty_05__names_fold_to_their_two_keys", pty_05__names_fold_to_their_two_keys },
    { "pty_05__a_key_folds_to_itself_for_every_code_point", pty_05__a_key_folds_to_itself_for_every_code_point },
    { "name__a_small_buffer_says_what_it_needs", name__a_small_buffer_says_what_it_needs },
    { "reference_text__spans_map_back_to_their_bytes", reference_text__spans_map_back_to_their_bytes },
    { "utf8__only_the_shortest_form_is_taken", utf8__only_the_shortest_form_is_taken },
    { "utf8__every_code_point_comes_back", utf8__every_code_point_comes_back },
    { "jaro_winkler__has_the_published_values", jaro_winkler__has_the_published_values },
    { "jaro_winkler__places_in_a_word_find_what_the_definition_finds", jaro_winkler__places_in_a_word_find_what_the_definition_finds },
    { "jaro_winkler__long_names_are_compared_by_their_first_256_bytes", jaro_winkler__long_names_are_compared_by_their_first_256_bytes },
    { "fold_table__is_what_the_generator_writes", fold_table__is_what_the_generator_writes },
    { "currency_table__is_what_the_generator_writes", currency_table__is_what_the_generator_writes },
};

int
main(void)
{
    return tap_run("record/fold", tests, TAP_COUNT(tests));
}
