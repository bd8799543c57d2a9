/* SPDX-License-Identifier: MIT */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

/*
 * "90s", "15m", "12h", "30d", or seconds alone.
 *
 *     int64_t seconds;
 *     if (duration_parse("12h", &seconds)) ...
 */

#include <stdbool.h>
#include <stdint.h>

/* False when it is none, or is not above zero, or is longer than ten years. */
bool duration_parse(const char *text, int64_t *out);

#endif
