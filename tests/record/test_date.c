/* SPDX-License-Identifier: Apache-2.0 */
/* Dates: every day of the calendar there and back, and what is no date. */
#include "record/record.h"
#include "support/tap.h"

static void
date__known_days(void)
{
    static const struct {
        const char *text;
        int32_t day;
    } rows[] = { { "1970-01-02", 1 },     { "2000-02-29", 11016 }, { "2000-03-01", 11017 }, { "2026-02-03", 20487 },
                 { "2100-02-28", 47540 }, { "2100-03-01", 47541 }, { "2199-12-31", O2C_DAY_MAX } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_str text = o2c__str(rows[i].text);
        int32_t day = 0;
        char back[11];
        CU_ASSERT_EQUAL(o2c_date_read(&text, &day, NULL), O2C_OK);
        CU_ASSERT_EQUAL(day, rows[i].day);
        CU_ASSERT_EQUAL(o2c_date_write(day, back, NULL), O2C_OK);
        CU_ASSERT_STRING_EQUAL(back, rows[i].text);
    }
}

static void
date__every_day_comes_back_and_follows_the_one_before(void)
{
    int32_t year = 1970, month = 1, of_month = 1;
    for (int32_t day = 1; day <= O2C_DAY_MAX; day++) {
        int32_t y, m, d;
        o2c__civil_from_day(day, &y, &m, &d);
        bool next_day = y == year && m == month && d == of_month + 1, next_month = y == year && m == month + 1 && d == 1;
        bool next_year = y == year + 1 && m == 1 && d == 1 && month == 12 && of_month == 31;
        if (!(next_day || next_month || next_year) || o2c__day_from_civil(y, m, d) != day) {
            CU_ASSERT_EQUAL_FATAL(day, 0);
        }
        year = y;
        month = m;
        of_month = d;
    }
    CU_ASSERT(year == 2199 && month == 12 && of_month == 31);
}

static void
date__what_no_calendar_has_is_refused(void)
{
    static const char *const rows[] = { "2026-02-29", "2100-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",
                                        "1970-01-01", "1969-12-31", "2200-01-01", "0000-00-00", "2026-2-3", "26-02-03", "2026/02/03", "20260203",
                                        "2026-02-03 ", " 2026-02-03", "2026-02-0x", "", "-026-02-03", "2026-02-03T10:00:00" };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_str text = o2c__str(rows[i]);
        int32_t day = -7;
        CU_ASSERT_EQUAL(o2c_date_read(&text, &day, NULL), O2C_E_RECORD_DATE);
        CU_ASSERT_EQUAL(day, -7);
    }
}

static void
date__limits_at_the_ends_of_the_calendar(void)
{
    static const struct {
        int32_t day;
        o2c_status status;
    } rows[] = { { 0, O2C_E_RECORD_DATE }, { 1, O2C_OK }, { 2, O2C_OK }, { O2C_DAY_MAX - 1, O2C_OK }, { O2C_DAY_MAX, O2C_OK },
                 { O2C_DAY_MAX + 1, O2C_E_RECORD_DATE }, { -1, O2C_E_RECORD_DATE }, { INT32_MIN, O2C_E_RECORD_DATE }, { INT32_MAX, O2C_E_RECORD_DATE } };
    char buffer[11];
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c_date_write(rows[i].day, buffer, NULL), rows[i].status);
    CU_ASSERT_EQUAL(o2c_date_write(1, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_date_read(NULL, NULL, NULL), O2C_E_MISUSE);
}

static void
date__a_time_or_zone_behind_it_never_moves_the_day(void)
{
    static const struct {
        const char *text;
        int32_t day;
    } rows[] = { { "2026-02-03T23:59:59+14:00", 20487 }, { "2026-02-03T00:00:00.123Z", 20487 }, { "2026-02-03+01:00", 20487 }, { "2026-02-03Z", 20487 },
                 { "2026-02-03T", 0 }, { "2026-02-03+", 0 }, { "2026-02-03 10:00", 0 }, { "2026-02-03Tnoon", 0 },
                 { "2026-02-03T00:00:00.0000000000000000000000000000000", 0 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c__day_read_iso(rows[i].text, strlen(rows[i].text)), rows[i].day);
}

static void
date__two_digit_years_turn_at_seventy(void)
{
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("260203"), 20487);
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("700102"), 1);
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("991231"), 10956);
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("691231"), 36524);
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("260230"), 0);
    CU_ASSERT_EQUAL(o2c__day_read_yymmdd("2602 3"), 0);
}

static const struct tap_test tests[] = {
    { "date__known_days", date__known_days },
    { "date__every_day_comes_back_and_follows_the_one_before", date__every_day_comes_back_and_follows_the_one_before },
    { "date__what_no_calendar_has_is_refused", date__what_no_calendar_has_is_refused },
    { "date__limits_at_the_ends_of_the_calendar", date__limits_at_the_ends_of_the_calendar },
    { "date__a_time_or_zone_behind_it_never_moves_the_day", date__a_time_or_zone_behind_it_never_moves_the_day },
    { "date__two_digit_years_turn_at_seventy", date__two_digit_years_turn_at_seventy },
};

int
main(void)
{
    return tap_run("record/date", tests, TAP_COUNT(tests));
}
