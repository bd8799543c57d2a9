/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_PRIVATE_H
#define OPTIONS_PRIVATE_H

/* What options.c (the command line) and options_load.c (the files under it) share. */

#include "options.h"

/* What holds where nothing is said. */
struct options options__standard(int argc, char **argv);
/* Lays the command line over what is there. Fails as options_parse. */
IMS_NODISCARD enum ims_result
options__read_line(int argc, char **argv, struct options *options, struct ims_error *err);
/* Copies the stream to the end. Fails: LIMIT. */
IMS_NODISCARD enum ims_result options__add_stream(struct options *options,
                                                  const struct options_stream *stream,
                                                  struct ims_error *err);
/* NULL: there is none, or the name is. */
struct options_stream *options__stream_named(struct options *options, const char *name);
IMS_NODISCARD enum ims_result options__fail_memory(struct ims_error *err);

#endif
