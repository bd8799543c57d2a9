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

#endif
