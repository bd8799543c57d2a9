/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DAY_MINUTES = 24 * 60, ALL_DAYS = 0x7f };

static const char *const day_names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/* The day at *at, which is moved behind it; -1: none. */
static int read_day(const char **at)
{
    for (int day = 0; day < 7; day++)
        if (strncasecmp(*at, day_names[day], 3) == 0) {
            *at += 3;
            return day;
        }
    return -1;
}

/* "mon-fri,sun " */
static bool read_days(const char **at, unsigned *days)
{
    for (;;) {
        int first = read_day(at), last = first;
        if (first < 0)
            return false;
        if (**at == '-') {
            ++*at;
            last = read_day(at);
        }
        if (last < 0)
            return false;
        for (int day = first;; day = (day + 1) % 7) {
            *days |= 1U << day;
            if (day == last)
                break;
        }
        if (**at != ',')
            break;
        ++*at;
    }
    return *(*at)++ == ' ';
}

/* Two digits; -1: they are none. */
static int read_two(const char *at)
{
    bool are_digits = at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9';
    return are_digits ? (at[0] - '0') * 10 + at[1] - '0' : -1;
}

/* "08:30", -1: none. */
static int read_minute(const char **at)
{
    if (strnlen(*at, 5) < 5 || (*at)[2] != ':')
        return -1;
    int hour = read_two(*at), minute = read_two(*at + 3), of_day = hour * 60 + minute;
    *at += 5;
    return hour < 0 || minute < 0 || minute > 59 || of_day > DAY_MINUTES ? -1 : of_day;
}

static bool read_all(const char *at, struct schedule *s)
{
    if (*at < '0' || *at > '9') {
        if (!read_days(&at, &s->days))
            return false;
    } else {
        s->days = ALL_DAYS;
    }
    s->from_minute = read_minute(&at);
    if (s->from_minute < 0 || *at++ != '-')
        return false;
    s->until_minute = read_minute(&at);
    return s->until_minute >= 0 && *at == 0 && s->from_minute != s->until_minute &&
           s->from_minute < DAY_MINUTES;
}

enum ims_result schedule_parse(const char *text, struct schedule *out,
                               struct ims_error *err)
{
    struct schedule s = {.is_set = true};
    if (strlen(text) >= sizeof s.text || !read_all(text, &s))
        return ims_fail(err, IMS_ERR_INVALID,
                        "schedule '%.60s': give a window by local time, such as "
                        "08:00-18:30 or mon-fri,sun 22:00-06:00",
                        text);
    snprintf(s.text, sizeof s.text, "%s", text);
    *out = s;
    return IMS_OK;
}

static bool has_day(const struct schedule *s, int day)
{
    return s->days >> day & 1;
}

bool schedule_is_open(const struct schedule *s, const struct tm *local)
{
    int now = local->tm_hour * 60 + local->tm_min, today = local->tm_wday;
    if (!s->is_set)
        return true;
    if (s->from_minute < s->until_minute)
        return has_day(s, today) && now >= s->from_minute && now < s->until_minute;
    return (has_day(s, today) && now >= s->from_minute) ||
           (has_day(s, (today + 6) % 7) && now < s->until_minute);
}

bool schedule_is_open_now(const struct schedule *schedule)
{
    struct tm local;
    time_t now = time(NULL);
    return !schedule->is_set ||
           (localtime_r(&now, &local) && schedule_is_open(schedule, &local));
}
