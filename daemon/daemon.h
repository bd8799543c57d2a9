/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_H
#define DAEMON_H

/*
 * The daemon put together: what starts in which order, and stops in the other.
 *
 *     if (daemon_create(&loop, &line, &options, &daemon, &err)) ...   // bound and answering
 *     daemon_stop(daemon);                                     // from a signal; the loop then runs out
 *     uv_run(&loop, UV_RUN_DEFAULT);
 *     daemon_finish(daemon);
 */

#include "options.h"

#include <uv.h>

struct daemon;

/* Whether all streams can be made at all, sources and figures. Fails: INVALID, with the place if a file has it. */
IMS_NODISCARD enum ims_result daemon_check_streams(const struct options *options,
                                                   struct ims_error *err);
/* Whether the access rules and the certificate can be read. Fails: as access_rules_load, INVALID. */
IMS_NODISCARD enum ims_result daemon_check_access(const struct options *options,
                                                  struct ims_error *err);
/* Whether all plans of what is recorded from the start can be read. Fails: INVALID. */
IMS_NODISCARD enum ims_result daemon_check_plans(const struct options *options,
                                                 struct ims_error *err);
void daemon_print_sources(FILE *file);

/* Borrows the command line until daemon_finish, and takes the options over (zeros then), also on failure. Fails: INVALID, IO with
 * what to do. What was begun is stopped then, the loop must still be run out. */
IMS_NODISCARD enum ims_result daemon_create(uv_loop_t *loop, const struct options *line,
                                            struct options *options, struct daemon **out,
                                            struct ims_error *err);
const char *daemon_url(const struct daemon *daemon);
void daemon_stop(struct daemon *daemon);
/* After the loop has run out. */
void daemon_finish(struct daemon *daemon);

#endif
