/* SPDX-License-Identifier: MIT */
#include "../../../lib/array/date.h"

#include <criterion/criterion.h>
#include <string.h>

static enum ims_date_unit unit_of(const char *text)
{
    enum ims_date_unit unit = IMS_DATE_NONE;
    cr_assert(ims__date_unit_parse(text, &unit), "%s", text);
    return unit;
}

static void goes_round(const char *unit_text, const char *from, int64_t count,
                       const char *to)
{
    char text[IMS__DATE_SIZE];
    int64_t have = 0;
    enum ims_date_unit unit = unit_of(unit_text);
    cr_expect(ims__date_parse(from, strlen(from), unit, &have), "%s", from);
    cr_expect_eq(have, count, "%s is %ld", from, (long)have);
    cr_expect_eq((size_t)ims__date_format(have, unit, text), strlen(to));
    cr_expect_str_eq(text, to);
}

Test(date, counts_in_every_unit_of_numpy)
{
    goes_round("datetime64[Y]", "2013", 43, "2013");
    goes_round("M8[M]", "1969-11", -2, "1969-11");
    goes_round("<M8[D]", "2000-02-29", 11016, "2000-02-29");
    goes_round("datetime64[h]", "1970-01-02T03", 27, "1970-01-02T03");
    goes_round("datetime64[m]", "1970-01-01 00:01Z", 1, "1970-01-01T00:01");
    goes_round("datetime64[s]", "1969-12-31T23:59:59", -1, "1969-12-31T23:59:59");
    goes_round("datetime64[ms]", "1970-01-01T00:00:00.5", 500, "1970-01-01T00:00:00.500");
    goes_round("datetime64[us]", "1970-01-01", 0, "1970-01-01T00:00:00.000000");
    goes_round("datetime64[ns]", "2013-01-01T06:00", INT64_C(1357020000000000000),
               "2013-01-01T06:00:00.000000000");
    goes_round("datetime64[D]", "NaT", INT64_MIN, "NaT");
}

Test(date, refuses_what_is_no_date)
{
    static const char *const texts[] = {
        "",          "20", "2020-13-01",    "2021-02-29",       "2020-01-0",
        "2020-1-1",  "x",  "2020-01-01T24", "2020-01-01T00:60", "2020-01-01T00:00:00.",
        "1900-02-29"};
    int64_t count = 7;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(!ims__date_parse(texts[i], strlen(texts[i]), IMS_DATE_NS, &count), "%s",
                  texts[i]);
    cr_expect(!ims__date_parse("2500-01-01", 10, IMS_DATE_NS, &count), "does not fit");
    cr_expect_eq(count, 7);
}

Test(date, refuses_units_that_are_none)
{
    static const char *const texts[] = {
        "",      "datetime64", "datetime64[]",   "datetime64[W]",
        "M8[ns", "float64",    "datetime64[nss]"};
    enum ims_date_unit unit;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(!ims__date_unit_parse(texts[i], &unit), "%s", texts[i]);
}

Test(date, formats_the_ends_of_the_range)
{
    char text[IMS__DATE_SIZE];
    for (int unit = IMS_DATE_Y; unit <= IMS_DATE_NS; unit++) {
        cr_expect_gt(ims__date_format(INT64_MAX, (enum ims_date_unit)unit, text), 0);
        cr_expect_gt(ims__date_format(INT64_MIN + 1, (enum ims_date_unit)unit, text), 0);
    }
}

Test(date, a_moment_is_a_count_or_a_text)
{
    static const struct {
        const char *text;
        int64_t time_us;
    } good[] = {
        {"1700000000123456", 1700000000123456},
        {"-5", -5},
        {"1970-01-01T00:00:01.5", 1500000},
        {"1970-01-02 00:00:00Z", 86400000000},
        {"2023-11-14T22:13:20.123456Z", 1700000000123456},
    };
    static const char *const bad[] = {"", "now", "NaT", "12:00", "99999999999999999999"};
    int64_t t = 7;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(ims_time_parse(good[i].text, &t), "%s", good[i].text);
        cr_expect_eq(t, good[i].time_us, "%s: %lld", good[i].text, (long long)t);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect(!ims_time_parse(bad[i], &t), "%s", bad[i]);
    char text[IMS_TIME_SIZE];
    ims_time_format(1700000000123456, text);
    cr_expect_str_eq(text, "2023-11-14T22:13:20.123456Z");
    cr_expect(ims_time_parse(text, &t));
    cr_expect_eq(t, 1700000000123456);
}
