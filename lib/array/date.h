/* SPDX-License-Identifier: MIT */
#ifndef IMS_ARRAY_DATE_H
#define IMS_ARRAY_DATE_H

/*
 * NumPy's datetime64: a count of a unit since 1970, and the ISO text that numpy writes for it.
 *
 *     enum ims_date_unit unit;
 *     int64_t count;
 *     char text[IMS__DATE_SIZE];
 *     if (ims__date_unit_parse("datetime64[ns]", &unit) &&
 *         ims__date_parse("2013-01-01T06:00", 16, unit, &count))
 *         ims__date_format(count, unit, text);           // "2013-01-01T06:00:00.000000000"
 *
 * The calendar is the Gregorian one in both directions, without time zones and leap seconds. Any
 * thread.
 */

#include <imshow/array.h>

enum { IMS__DATE_SIZE = 48 };

/* "datetime64[D]", "<M8[ns]", "M8[s]"; false when it is none of Y, M, D, h, m, s, ms, us, ns. */
bool ims__date_unit_parse(const char *text, enum ims_date_unit *out);
/* ISO text, shorter forms too ("2013", "2013-01-01 06:00", a Z behind), and "NaT". False when it is no
 * date or its count does not fit; what is finer than the unit is cut off. */
bool ims__date_parse(const char *text, size_t size, enum ims_date_unit unit,
                     int64_t *out);
/* Returns the length. The least count is "NaT". */
int ims__date_format(int64_t count, enum ims_date_unit unit, char out[IMS__DATE_SIZE]);

#endif
