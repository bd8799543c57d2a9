/* SPDX-License-Identifier: MIT */
#include "range.h"

#include <stdbool.h>
#include <string.h>

/* Digits at *at, which is moved behind them; false: none, or too many. */
static bool read_number(const char **at, uint64_t *out)
{
    const char *start = *at;
    uint64_t number = 0;
    for (; **at >= '0' && **at <= '9' && *at - start < 18; ++*at)
        number = number * 10 + (uint64_t)(**at - '0');
    *out = number;
    return *at > start && !(**at >= '0' && **at <= '9');
}

/* "bytes=a-b", "bytes=a-", "bytes=-n"; several ranges at once are not served, which is allowed. */
enum range_result range_read(const char *text, uint64_t bytes, uint64_t *first,
                             uint64_t *size)
{
    uint64_t from = 0, to = bytes;
    const char *at = text + 6;
    if (strncmp(text, "bytes=", 6) != 0)
        return RANGE_WHOLE;
    bool has_from = read_number(&at, &from);
    if (*at++ != '-')
        return RANGE_WHOLE;
    bool has_to = read_number(&at, &to);
    if (*at || (!has_from && !has_to) || (has_from && has_to && to < from))
        return RANGE_WHOLE;
    if (!has_from) { /* the last so many */
        from = to < bytes ? bytes - to : 0;
        has_to = false;
    }
    if (from >= bytes)
        return RANGE_OUTSIDE;
    *first = from;
    *size = has_to && to < bytes - 1 ? to - from + 1 : bytes - from;
    return RANGE_PART;
}
