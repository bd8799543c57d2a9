/* SPDX-License-Identifier: MIT */
#ifndef RECORD_SCHEDULE_H
#define RECORD_SCHEDULE_H

/*
 * When a recording runs by itself: a window of every day, or of some days of the week, by local time.
 *
 *     struct schedule s;
 *     if (schedule_parse("mon-fri,sun 08:00-18:30", &s, &err)) ...
 *     if (schedule_is_open(&s, &local)) ...
 *
 * "22:00-06:00" goes over midnight and belongs to the day on which it begins; "00:00-24:00" is the whole day. Plain
 * values.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <time.h>

enum { SCHEDULE_TEXT_MAX = 80 };

struct schedule {
    bool is_set;                   /* false: always */
    unsigned days;                 /* bit 0: Sunday, as in struct tm */
    int from_minute, until_minute; /* of the day; until <= from: over midnight */
    char text[SCHEDULE_TEXT_MAX];  /* as it was given */
};

/* Fails: INVALID with what is expected. */
IMS_NODISCARD enum ims_result schedule_parse(const char *text, struct schedule *out,
                                             struct ims_error *err);
bool schedule_is_open(const struct schedule *schedule, const struct tm *local);
/* The same by the clock and the time zone of the daemon. */
bool schedule_is_open_now(const struct schedule *schedule);

#endif
