/* SPDX-License-Identifier: MIT */
#include "record/schedule.h"

#include <criterion/criterion.h>

enum { SUN, MON, TUE, WED, THU, FRI, SAT };

static bool is_open(const char *text, int day, int hour, int minute)
{
    struct schedule s;
    struct ims_error err = {0};
    const struct tm local = {.tm_wday = day, .tm_hour = hour, .tm_min = minute};
    cr_assert_eq(schedule_parse(text, &s, &err), IMS_OK, "%s: %s", text, err.text);
    return schedule_is_open(&s, &local);
}

Test(schedule, is_open_from_its_first_minute_until_its_last)
{
    cr_assert(!is_open("08:00-18:30", WED, 7, 59));
    cr_assert(is_open("08:00-18:30", WED, 8, 0));
    cr_assert(is_open("08:00-18:30", SUN, 18, 29));
    cr_assert(!is_open("08:00-18:30", WED, 18, 30));
    cr_assert(is_open("00:00-24:00", SAT, 23, 59) && is_open("00:00-24:00", SUN, 0, 0));
}

Test(schedule, keeps_to_its_days)
{
    cr_assert(is_open("mon-fri 08:00-18:00", FRI, 9, 0));
    cr_assert(!is_open("mon-fri 08:00-18:00", SAT, 9, 0));
    cr_assert(is_open("sat,sun 08:00-18:00", SUN, 9, 0));
    cr_assert(!is_open("sat,sun 08:00-18:00", MON, 9, 0));
    cr_assert(is_open("fri-mon,wed 08:00-18:00", MON, 9, 0), "over the week's end");
    cr_assert(is_open("Fri-Mon,Wed 08:00-18:00", WED, 9, 0));
    cr_assert(!is_open("fri-mon,wed 08:00-18:00", THU, 9, 0));
}

Test(schedule, over_midnight_belongs_to_the_day_on_which_it_begins)
{
    cr_assert(is_open("22:00-06:00", TUE, 23, 0) && is_open("22:00-06:00", TUE, 5, 59));
    cr_assert(!is_open("22:00-06:00", TUE, 6, 0) && !is_open("22:00-06:00", TUE, 21, 59));
    cr_assert(is_open("fri 22:00-06:00", SAT, 3, 0));
    cr_assert(!is_open("fri 22:00-06:00", FRI, 3, 0));
    cr_assert(!is_open("fri 22:00-06:00", SAT, 22, 30));
}

Test(schedule, without_a_window_is_always_open)
{
    const struct schedule none = {0};
    cr_assert(schedule_is_open_now(&none));
}

Test(schedule, refuses_what_is_no_window)
{
    static const char *const bad[] = {
        "",
        "08:00",
        "8:00-18:00",
        "08:00-18:00 ",
        "08:60-09:00",
        "24:30-25:00",
        "08:00-08:00",
        "monday 08:00-18:00",
        "mon 08:00",
        "mon-08:00-18:00",
        "mon,,tue 08:00-18:00",
        "* * * * *",
        "24:00-06:00",
        "-1:00-06:00",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct schedule s = {.from_minute = 7};
        struct ims_error err = {0};
        cr_assert_eq(schedule_parse(bad[i], &s, &err), IMS_ERR_INVALID, "'%s'", bad[i]);
        cr_assert(*err.text && s.from_minute == 7, "'%s'", bad[i]);
    }
}
