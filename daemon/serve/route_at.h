/* SPDX-License-Identifier: MIT */
#ifndef SERVE_ROUTE_AT_H
#define SERVE_ROUTE_AT_H

/*
 * What stands at a place of a recording, by `t` or `frame` in the query: a timeline for one request.
 *
 *     if (route_asks_place(x))
 *         route_at_start(x, stream, on_there);       // on_there(x, its stream on that timeline)
 *
 * The stream has its frame then, and goes when nobody watches it any more: who needs it longer watches it before
 * on_there returns. Answers itself what is wrong: 400, 503, 504 when the disk does not give the frame in time.
 */

#include "routes.h"
#include "server.h"

bool route_asks_place(const struct exchange *x);
void route_at_start(struct exchange *x, struct stream *stream,
                    void (*on_there)(struct exchange *x, struct stream *stream));

#endif
