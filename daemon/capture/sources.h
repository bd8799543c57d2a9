/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_SOURCES_H
#define CAPTURE_SOURCES_H

/* The kinds of source; source.c lists them in source_impls[]. */

#include "source.h"

extern const struct source_impl source_v4l2;
extern const struct source_impl source_test;
extern const struct source_impl source_http;
extern const struct source_impl source_https;
extern const struct source_impl source_exec;
extern const struct source_impl source_dir;
extern const struct source_impl source_replay;

/* The daemon's own program under this name, with a command behind it, becomes a program of exec: main calls exec_become,
 * which returns an exit code where there is no shell. */
#define EXEC_CHILD "imshowd-exec"
int exec_become(const char *command);

#endif
