/* SPDX-License-Identifier: MIT */
#ifndef SERVE_RECORDING_ACCESS_H
#define SERVE_RECORDING_ACCESS_H

/* Who may do what with a recording: he needs the right on all of its streams. */

#include "routes.h"
#include "server.h"

/* Asks `x` for its route's right. */
struct recordings_reader recording_reader(struct exchange *x);
/* False: answered already, 404 for who may not view it, 403 for who may. */
bool recording_allowed(struct exchange *x);
void recording_fail_missing(struct exchange *x);

#endif
