/* SPDX-License-Identifier: MIT */
#include "capture/latency.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(latency, counts_a_time_in_the_first_bucket_that_it_fits)
{
    struct latency l = {0};
    latency_add(&l, 0);
    latency_add(&l, latency_bounds[0].ns);
    latency_add(&l, latency_bounds[0].ns + 1);
    latency_add(&l, latency_bounds[LATENCY_BOUNDS - 1].ns);
    latency_add(&l, latency_bounds[LATENCY_BOUNDS - 1].ns + 1);
    cr_assert_eq(l.buckets[0], 2);
    cr_assert_eq(l.buckets[1], 1);
    cr_assert_eq(l.buckets[LATENCY_BOUNDS - 1], 1);
    cr_assert_eq(l.buckets[LATENCY_BOUNDS], 1);
    cr_assert_eq(l.count, 5);
    cr_assert_eq(l.sum_ns, 2 * latency_bounds[0].ns + 1 +
                               2 * latency_bounds[LATENCY_BOUNDS - 1].ns + 1);
}

Test(latency, takes_a_clock_that_went_back_for_no_time)
{
    struct latency l = {0};
    latency_add(&l, -1);
    cr_assert_eq(l.buckets[0], 1);
    cr_assert_eq(l.sum_ns, 0);
}

Test(latency, has_bounds_that_rise_and_say_what_they_are)
{
    for (int i = 0; i < LATENCY_BOUNDS; i++) {
        double seconds = (double)latency_bounds[i].ns / 1e9;
        cr_assert_float_eq(strtod(latency_bounds[i].text, NULL), seconds, 1e-12);
        cr_assert(i == 0 || latency_bounds[i].ns > latency_bounds[i - 1].ns);
    }
}
