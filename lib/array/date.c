/* SPDX-License-Identifier: MIT */
#include "date.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NS_DIGITS = 9 };

static const struct {
    const char *name;
    int64_t per_day; /* 0: a part of the calendar */
    int decimals;
} units[] = {
    [IMS_DATE_Y] = {"Y", 0, 0},
    [IMS_DATE_M] = {"M", 0, 0},
    [IMS_DATE_D] = {"D", 1, 0},
    [IMS_DATE_H] = {"h", 24, 0},
    [IMS_DATE_MIN] = {"m", 1440, 0},
    [IMS_DATE_S] = {"s", 86400, 0},
    [IMS_DATE_MS] = {"ms", INT64_C(86400000), 3},
    [IMS_DATE_US] = {"us", INT64_C(86400000000), 6},
    [IMS_DATE_NS] = {"ns", INT64_C(86400000000000), 9},
};

bool ims__date_unit_parse(const char *text, enum ims_date_unit *out)
{
    text += *text == '<' || *text == '=' || *text == '>';
    size_t head = strncmp(text, "datetime64[", 11) == 0 ? 11
                  : strncmp(text, "M8[", 3) == 0        ? 3
                                                        : 0;
    size_t size = strlen(text);
    if (!head || text[size - 1] != ']')
        return false;
    for (int u = IMS_DATE_Y; u <= IMS_DATE_NS; u++)
        if (strlen(units[u].name) == size - head - 1 &&
            strncmp(text + head, units[u].name, size - head - 1) == 0) {
            *out = (enum ims_date_unit)u;
            return true;
        }
    return false;
}

/* ---- days and dates; the year begins in March, so that the leap day is its last ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t shifted = days + 719468, era = floor_div(shifted, 146097);
    int64_t of_era = shifted - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}

static int days_in(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* ---- reading ---- */

struct reader {
    const char *at, *end;
};

static bool read_digits(struct reader *r, int digits, int64_t *out)
{
    int64_t v = 0;
    if (r->end - r->at < digits)
        return false;
    for (int i = 0; i < digits; i++, r->at++) {
        if (*r->at < '0' || *r->at > '9')
            return false;
        v = v * 10 + (*r->at - '0');
    }
    *out = v;
    return true;
}

static bool skip(struct reader *r, char mark)
{
    bool there = r->at < r->end && (*r->at == mark || (mark == 'T' && *r->at == ' '));
    r->at += there;
    return there;
}

/* Decimals of a second as nanoseconds. */
static bool read_fraction(struct reader *r, int64_t *ns)
{
    int digits = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++, digits++)
        if (digits < NS_DIGITS)
            *ns = *ns * 10 + (*r->at - '0');
    for (int i = digits; i < NS_DIGITS; i++)
        *ns *= 10;
    return digits > 0;
}

struct date {
    int64_t year, month, day, hour, minute, second, ns;
};

static bool read_time(struct reader *r, struct date *d)
{
    if (!read_digits(r, 2, &d->hour))
        return false;
    if (skip(r, ':') && !read_digits(r, 2, &d->minute))
        return false;
    if (skip(r, ':') && !read_digits(r, 2, &d->second))
        return false;
    return !skip(r, '.') || read_fraction(r, &d->ns);
}

static bool read_date(struct reader *r, struct date *d)
{
    *d = (struct date){.month = 1, .day = 1};
    if (!read_digits(r, 4, &d->year))
        return false;
    if (skip(r, '-') && !read_digits(r, 2, &d->month))
        return false;
    if (skip(r, '-') && !read_digits(r, 2, &d->day))
        return false;
    if (skip(r, 'T') && !read_time(r, d))
        return false;
    skip(r, 'Z');
    return r->at == r->end && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= days_in(d->year, (int)d->month) && d->hour < 24 && d->minute < 60 &&
           d->second < 60;
}

bool ims__date_parse(const char *text, size_t size, enum ims_date_unit unit, int64_t *out)
{
    struct reader r = {text, text + size};
    struct date d;
    if (size == 3 && memcmp(text, "NaT", 3) == 0) {
        *out = INT64_MIN;
        return true;
    }
    if (!read_date(&r, &d))
        return false;
    if (unit == IMS_DATE_Y || unit == IMS_DATE_M) {
        *out = d.year - 1970;
        if (unit == IMS_DATE_M)
            *out = *out * 12 + d.month - 1;
        return true;
    }
    int64_t per_day = units[unit].per_day;
    int64_t day_ns = ((d.hour * 60 + d.minute) * 60 + d.second) * 1000000000 + d.ns;
    int64_t rest = day_ns / (units[IMS_DATE_NS].per_day / per_day), count;
    if (__builtin_mul_overflow(days_of(d.year, (int)d.month, (int)d.day), per_day,
                               &count) ||
        __builtin_add_overflow(count, rest, &count))
        return false;
    *out = count;
    return true;
}

/* ---- writing ---- */

static int format_time(int64_t rest, enum ims_date_unit unit, char *out, size_t room)
{
    int64_t per_second = units[unit].per_day / 86400;
    if (unit == IMS_DATE_H)
        return snprintf(out, room, "T%02" PRId64, rest);
    if (unit == IMS_DATE_MIN)
        return snprintf(out, room, "T%02" PRId64 ":%02" PRId64, rest / 60, rest % 60);
    int64_t s = rest / per_second;
    int n = snprintf(out, room, "T%02" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600,
                     s / 60 % 60, s % 60);
    if (units[unit].decimals)
        n += snprintf(out + n, room - (size_t)n, ".%0*" PRId64, units[unit].decimals,
                      rest % per_second);
    return n;
}

int ims__date_format(int64_t count, enum ims_date_unit unit, char out[IMS__DATE_SIZE])
{
    /* The last million counts of both ends would overflow on their way through the calendar. */
    if (count < INT64_MIN + 1000000 || count > INT64_MAX - 1000000)
        return snprintf(out, IMS__DATE_SIZE, "NaT");
    if (unit == IMS_DATE_Y)
        return snprintf(out, IMS__DATE_SIZE, "%04" PRId64, count + 1970);
    if (unit == IMS_DATE_M)
        return snprintf(out, IMS__DATE_SIZE, "%04" PRId64 "-%02" PRId64,
                        floor_div(count, 12) + 1970,
                        count - floor_div(count, 12) * 12 + 1);
    int64_t days = floor_div(count, units[unit].per_day), year;
    int month, day;
    date_of(days, &year, &month, &day);
    int n = snprintf(out, IMS__DATE_SIZE, "%04" PRId64 "-%02d-%02d", year, month, day);
    if (unit == IMS_DATE_D)
        return n;
    return n + format_time(count - days * units[unit].per_day, unit, out + n,
                           IMS__DATE_SIZE - (size_t)n);
}

/* ---- moments ---- */

bool ims_time_parse(const char *text, int64_t *out_us)
{
    char *end;
    errno = 0;
    long long count = strtoll(text, &end, 10);
    if (end != text && !*end) {
        *out_us = count;
        return errno == 0;
    }
    return ims__date_parse(text, strlen(text), IMS_DATE_US, out_us) &&
           *out_us != INT64_MIN;
}

void ims_time_format(int64_t time_us, char out[IMS_TIME_SIZE])
{
    char text[IMS__DATE_SIZE];
    ims__date_format(time_us, IMS_DATE_US, text);
    snprintf(out, IMS_TIME_SIZE, "%.*sZ", IMS_TIME_SIZE - 2, text);
}
