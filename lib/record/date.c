/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil dates as days since 1970-01-01, proleptic Gregorian. The calendar is cut into eras of 400 years (146,097 days) that begin
 * on 1 March, so that the leap day is the last of its year. No time zone, no clock: the date as it was written.
 */
#include "record/record.h"

static const int32_t days_in_month[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool
is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool
exists(int32_t year, int32_t month, int32_t day)
{
    if (year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days_in_month[month - 1] + (month == 2 && is_leap(year));
}

int32_t
o2c__day_from_civil(int32_t year, int32_t month, int32_t day)
{
    if (!exists(year, month, day))
        return 0;
    int32_t from_march = month > 2 ? month - 3 : month + 9;
    int32_t y = month > 2 ? year : year - 1;
    int32_t era = y / 400, of_era = y - era * 400;
    int32_t of_year = (153 * from_march + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468; /* 719,468 days from 0000-03-01 to 1970-01-01 */
}

void
o2c__civil_from_day(int32_t day, int32_t *year, int32_t *month, int32_t *day_of_month)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    *day_of_month = (int32_t)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int32_t)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int32_t)(year_of_era + era * 400 + (*month <= 2));
}

/* count digits as a number, or -1. */
static int32_t
digits(const char *text, int count)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* What may follow a date: a time ("T…") or the zone of an XML date ("Z", "+01:00"). Its bytes are checked, its value is not used. */
static bool
tail_is_time(const char *text, size_t len)
{
    if (len == 0)
        return true;
    if (text[0] != 'T' && text[0] != 'Z' && text[0] != '+' && text[0] != '-')
        return false;
    for (size_t i = 1; i < len; i++)
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] && strchr(":.,+-Z", text[i]))))
            return false;
    return len > 1 || text[0] == 'Z';
}

int32_t
o2c__day_read_iso(const char *text, size_t len)
{
    if (len < 10 || len > 40 || text[4] != '-' || text[7] != '-' || !tail_is_time(text + 10, len - 10))
        return 0;
    return o2c__day_from_civil(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2));
}

int32_t
o2c__day_read_yymmdd(const char *text)
{
    int32_t year = digits(text, 2);
    if (year < 0)
        return 0;
    return o2c__day_from_civil(year < 70 ? 2000 + year : 1900 + year, digits(text + 2, 2), digits(text + 4, 2));
}
