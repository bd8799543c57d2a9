/* SPDX-License-Identifier: MIT */
#include "duration.h"

#include <ctype.h>
#include <stdlib.h>

bool duration_parse(const char *text, int64_t *out)
{
    static const int64_t longest = (int64_t)3650 * 86400;
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    long long number = strtoll(text, &end, 10);
    int64_t unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86400 : 1;
    if (*end == 's' || unit > 1)
        end++;
    if (*end || number < 1 || number > longest / unit)
        return false;
    *out = number * unit;
    return true;
}
