/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

/*
 * Checks of the plain multi-threaded test programs: Criterion does not start under ThreadSanitizer.
 *
 *     check(frame->seq >= last, "the newest frame went backwards");
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "failed: %s\n", what);
    abort();
}

#endif
