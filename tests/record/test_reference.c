/* SPDX-License-Identifier: Apache-2.0 */
/* Structured references: the vectors of ISO 11649 (REF-01) and of the national schemes (REF-02), both directions. */
#include "record/record.h"
#include "support/tap.h"

static o2c_status
check(int32_t scheme, const char *text, char out[36])
{
    o2c_str str = o2c__str(text);
    return o2c_reference_check(scheme, &str, out, 36, NULL);
}

static o2c_status
make(int32_t scheme, const char *body, char out[36])
{
    o2c_str str = o2c__str(body);
    return o2c_reference_make(scheme, &str, out, 36, NULL);
}

static void
ref_01__a_valid_reference_is_its_own_remake(void)
{
    static const char *const rows[] = { "RF18539007547034", "RF185390075470Y", "RF45G72UUR", "RF6518K5", "RF485000056789012345", "RF1310023",
                                        "RF98INV2026000123", "RF684377", "RF74000000001" };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        char out[36];
        CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, rows[i], out), O2C_OK);
        CU_ASSERT_STRING_EQUAL(out, rows[i]);
        CU_ASSERT_EQUAL(make(O2C_SCHEME_RF, rows[i] + 4, out), O2C_OK);
        CU_ASSERT_STRING_EQUAL(out, rows[i]);
        CU_ASSERT_EQUAL(o2c__reference_guess(rows[i], strlen(rows[i])), O2C_SCHEME_RF);
    }
}

static void
ref_01__wrong_digits_and_shapes_are_refused(void)
{
    static const char *const rows[] = { "RF17539007547034", "RF35C4", "RF214377", "RF18", "RF", "", "XF18539007547034", "RFA8539007547034",
                                        "RF18-5390-0754-7034", "RF18539007547034\xC3\xA4", "RF001234567890123456789012" };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        char out[36] = "untouched";
        CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, rows[i], out), O2C_E_RECORD_REFERENCE);
        CU_ASSERT_STRING_EQUAL(out, "untouched");
    }
}

/* 97, 98 and 02 have twins with the same residue that no generator writes. */
static void
ref_01__check_digits_00_01_and_99_are_refused(void)
{
    int seen = 0;
    for (int body = 0; body < 1000; body++) {
        static const char *const twins[3][2] = { { "97", "00" }, { "98", "01" }, { "02", "99" } };
        char text[4] = { (char)('0' + body / 100), (char)('0' + body / 10 % 10), (char)('0' + body % 10), 0 }, out[36];
        CU_ASSERT_EQUAL(make(O2C_SCHEME_RF, text, out), O2C_OK);
        CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, out, out), O2C_OK);
        for (int i = 0; i < 3; i++) {
            if (memcmp(out + 2, twins[i][0], 2) != 0)
                continue;
            char twin[36];
            memcpy(twin, out, 36);
            memcpy(twin + 2, twins[i][1], 2);
            CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, twin, out), O2C_E_RECORD_REFERENCE);
            seen |= 1 << i;
        }
    }
    CU_ASSERT_EQUAL(seen, 7);
}

static void
ref_01__blanks_and_case_do_not_count(void)
{
    char out[36];
    CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, "rf98 inv2 0260 0012 3", out), O2C_OK);
    CU_ASSERT_STRING_EQUAL(out, "RF98INV2026000123");
    CU_ASSERT_EQUAL(make(O2C_SCHEME_RF, "inv 2026 000123", out), O2C_OK);
    CU_ASSERT_STRING_EQUAL(out, "RF98INV2026000123");
}

static void
ref_01__a_changed_digit_never_passes(void)
{
    char text[] = "RF98INV2026000123", out[36];
    for (size_t at = 2; at < sizeof text - 1; at++) {
        char was = text[at];
        for (char digit = '0'; digit <= '9'; digit++) {
            text[at] = digit;
            CU_ASSERT_EQUAL(check(O2C_SCHEME_RF, text, out), digit == was ? O2C_OK : O2C_E_RECORD_REFERENCE);
        }
        text[at] = was;
    }
}

static void
ref_02__national_schemes_both_directions(void)
{
    static const struct {
        int32_t scheme;
        const char *body, *whole, *printed;
    } rows[] = { { O2C_SCHEME_QRR, "21000000000313947143000901", "210000000003139471430009017", "21 00000 00003 13947 14300 09017" },
                 { O2C_SCHEME_OGM, "0909337554", "090933755493", "+++090/9337/55493+++" },
                 { O2C_SCHEME_OGM, "0909337554", "090933755493", "***090/9337/55493***" },
                 { O2C_SCHEME_OGM, "0000000097", "000000009797", "000/0000/09797" },
                 { O2C_SCHEME_VIITE, "123", "1232", "1232" },
                 { O2C_SCHEME_VIITE, "123456", "1234561", "1 23456 1" },
                 { O2C_SCHEME_OCR, "1234567890", "12345678903", "1234 5678 903" },
                 { O2C_SCHEME_OCR, "7992739871", "79927398713", "79927398713" },
                 { O2C_SCHEME_KID, "1234567890", "12345678903", "12345678903" },
                 { O2C_SCHEME_KID, "7992739871", "79927398713", "79927398713" } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        char out[36];
        CU_ASSERT_EQUAL(make(rows[i].scheme, rows[i].body, out), O2C_OK);
        CU_ASSERT_STRING_EQUAL(out, rows[i].whole);
        CU_ASSERT_EQUAL(check(rows[i].scheme, rows[i].printed, out), O2C_OK);
        CU_ASSERT_STRING_EQUAL(out, rows[i].whole);
    }
}

static void
ref_02__kid_takes_modulo_eleven_too(void)
{
    char out[36];
    CU_ASSERT_EQUAL(check(O2C_SCHEME_KID, "12345678903", out), O2C_OK);   /* both */
    CU_ASSERT_EQUAL(check(O2C_SCHEME_KID, "1234567890125", out), O2C_OK); /* modulo 11 only */
    CU_ASSERT_EQUAL(check(O2C_SCHEME_OCR, "1234567890125", out), O2C_E_RECORD_REFERENCE);
    CU_ASSERT_EQUAL(check(O2C_SCHEME_KID, "1234567890124", out), O2C_E_RECORD_REFERENCE);
    CU_ASSERT_EQUAL(check(O2C_SCHEME_KID, "6-", out), O2C_OK); /* 2·6 = 12: rest 1, and 10 is written "-" */
    CU_ASSERT_STRING_EQUAL(out, "6-");
}

static void
ref_02__lengths_and_zeros_are_refused(void)
{
    static const struct {
        int32_t scheme;
        const char *text;
    } rows[] = { { O2C_SCHEME_QRR, "000000000000000000000000000" }, { O2C_SCHEME_QRR, "21000000000313947143000901" },
                 { O2C_SCHEME_QRR, "210000000003139471430009018" }, { O2C_SCHEME_OGM, "090933755494" },
                 { O2C_SCHEME_OGM, "09093375549" },                 { O2C_SCHEME_OGM, "0909337554930" },
                 { O2C_SCHEME_VIITE, "132" },                       { O2C_SCHEME_VIITE, "0000" },
                 { O2C_SCHEME_VIITE, "123456789012345678901" },     { O2C_SCHEME_OCR, "00" },
                 { O2C_SCHEME_OCR, "1" },                           { O2C_SCHEME_KID, "" },
                 { O2C_SCHEME_OGM, "000000000097" },                { O2C_SCHEME_OGM, "09093375549X" },
                 { O2C_SCHEME_OCR, "12345678901234567890123456" },  { O2C_SCHEME_KID, "-" } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        char out[36];
        CU_ASSERT_EQUAL(check(rows[i].scheme, rows[i].text, out), O2C_E_RECORD_REFERENCE);
    }
}

static void
ref_02__longest_and_shortest_bodies(void)
{
    static const struct {
        int32_t scheme;
        size_t shortest, longest;
    } rows[] = { { O2C_SCHEME_RF, 1, 21 }, { O2C_SCHEME_QRR, 26, 26 }, { O2C_SCHEME_OGM, 10, 10 }, { O2C_SCHEME_VIITE, 3, 19 },
                 { O2C_SCHEME_KID, 1, 24 }, { O2C_SCHEME_OCR, 1, 24 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        for (size_t len = 0; len < 32; len++) {
            char body[33] = { 0 }, out[36];
            memset(body, '7', len);
            bool fits = len >= rows[i].shortest && len <= rows[i].longest;
            CU_ASSERT_EQUAL(make(rows[i].scheme, body, out), fits ? O2C_OK : O2C_E_RECORD_REFERENCE);
            CU_ASSERT(!fits || check(rows[i].scheme, out, out) == O2C_OK);
        }
    }
}

static void
reference__arguments_are_checked_in_order(void)
{
    o2c_str text = o2c__str("RF684377");
    char out[36];
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_RF, NULL, out, 36, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_OTHER, &text, out, 36, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_NONE, &text, out, 36, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_RF, &text, out, 8, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_RF, &text, out, 9, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_reference_check(O2C_SCHEME_RF, &text, NULL, 0, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_reference_make(O2C_SCHEME_RF, &text, NULL, 0, NULL), O2C_E_MISUSE);
}

static void
reference__only_strong_schemes_are_guessed(void)
{
    CU_ASSERT_EQUAL(o2c__reference_guess("210000000003139471430009017", 27), O2C_SCHEME_QRR);
    CU_ASSERT_EQUAL(o2c__reference_guess("+++090/9337/55493+++", 20), O2C_SCHEME_OGM);
    CU_ASSERT_EQUAL(o2c__reference_guess("1232", 4), O2C_SCHEME_NONE);
    CU_ASSERT_EQUAL(o2c__reference_guess("79927398713", 11), O2C_SCHEME_NONE);
}

static void
reference__ibans_are_told_by_their_check_digits(void)
{
    static const struct {
        const char *text;
        bool valid;
    } rows[] = { { "DE89 3704 0044 0532 0130 00", true }, { "gb82west12345698765432", true }, { "NO9386011117947", true },
                 { "DE88370400440532013000", false },     { "DE8937040044053201300", false }, { "8937040044053201300DE0", false },
                 { "DE00370400440532013000", false },     { "", false },                      { "INV100234", false } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c__iban_valid(rows[i].text, strlen(rows[i].text)), rows[i].valid);
}

static const struct tap_test tests[] = {
    { "ref_01__a_valid_reference_is_its_own_remake", ref_01__a_valid_reference_is_its_own_remake },
    { "ref_01__wrong_digits_and_shapes_are_refused", ref_01__wrong_digits_and_shapes_are_refused },
    { "ref_01__check_digits_00_01_and_99_are_refused", ref_01__check_digits_00_01_and_99_are_refused },
    { "ref_01__blanks_and_case_do_not_count", ref_01__blanks_and_case_do_not_count },
    { "ref_01__a_changed_digit_never_passes", ref_01__a_changed_digit_never_passes },
    { "ref_02__national_schemes_both_directions", ref_02__national_schemes_both_directions },
    { "ref_02__kid_takes_modulo_eleven_too", ref_02__kid_takes_modulo_eleven_too },
    { "ref_02__lengths_and_zeros_are_refused", ref_02__lengths_and_zeros_are_refused },
    { "ref_02__longest_and_shortest_bodies", ref_02__longest_and_shortest_bodies },
    { "reference__arguments_are_checked_in_order", reference__arguments_are_checked_in_order },
    { "reference__only_strong_schemes_are_guessed", reference__only_strong_schemes_are_guessed },
    { "reference__ibans_are_told_by_their_check_digits", reference__ibans_are_told_by_their_check_digits },
};

int
main(void)
{
    return tap_run("record/reference", tests, TAP_COUNT(tests));
}
