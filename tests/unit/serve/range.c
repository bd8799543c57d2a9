/* SPDX-License-Identifier: MIT */
#include "serve/range.h"

#include <criterion/criterion.h>

Test(http_range, is_a_part_of_the_file)
{
    static const struct {
        const char *text;
        uint64_t first, size;
    } parts[] = {
        {"bytes=0-0", 0, 1},     {"bytes=0-99", 0, 100},   {"bytes=10-19", 10, 10},
        {"bytes=99-", 99, 1},    {"bytes=0-1000", 0, 100}, {"bytes=-1", 99, 1},
        {"bytes=-1000", 0, 100}, {"bytes=5-", 5, 95},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t first = 7, size = 7;
        cr_assert_eq(range_read(parts[i].text, 100, &first, &size), RANGE_PART, "%s",
                     parts[i].text);
        cr_assert(first == parts[i].first && size == parts[i].size, "%s", parts[i].text);
    }
}

Test(http_range, that_is_not_understood_asks_for_the_whole)
{
    static const char *const texts[] = {
        "",           "bytes=",        "bytes=-",   "bytes=a-b",
        "bytes=5-2",  "bytes=0-1,5-6", "items=0-1", "bytes=0-99999999999999999999",
        "bytes=1 -2", "bytes=--1",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t first = 7, size = 7;
        cr_assert_eq(range_read(texts[i], 100, &first, &size), RANGE_WHOLE, "%s",
                     texts[i]);
        cr_assert(first == 7 && size == 7);
    }
}

Test(http_range, behind_the_end_is_refused)
{
    uint64_t first, size;
    cr_assert_eq(range_read("bytes=100-", 100, &first, &size), RANGE_OUTSIDE);
    cr_assert_eq(range_read("bytes=0-", 0, &first, &size), RANGE_OUTSIDE);
    cr_assert_eq(range_read("bytes=-0", 100, &first, &size), RANGE_OUTSIDE);
}
