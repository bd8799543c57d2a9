/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_BUILD_H
#define DAEMON_BUILD_H

/*
 * What a build may be without: its CMake option leaves the source files out, and daemon/absent/ says in their place that
 * there is nothing.
 *
 *     const struct feature *missing = build_missing("/recordings/a.mcap");    // NULL: nothing is missing for it
 *
 * docs/boards.md tells how to build without.
 */

#include <stdbool.h>
#include <stdio.h>

enum { FEATURE_THINGS_MAX = 8 };

struct feature {
    const char *name;
    bool is_in;
    const char *option; /* CMake's */
    const char *things
        [FEATURE_THINGS_MAX]; /* options, paths and sources, as fnmatch(3) has patterns */
};

extern const struct feature features[]; /* ended by a NULL name */

/* The feature that this option, path or source would take and that is not in this build. */
const struct feature *build_missing(const char *thing);
/* "with: …" and "without: …", a line each where there are any. */
void build_print(FILE *file);

#endif
