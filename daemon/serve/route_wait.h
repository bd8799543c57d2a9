/* SPDX-License-Identifier: MIT */
#ifndef SERVE_ROUTE_WAIT_H
#define SERVE_ROUTE_WAIT_H

/*
 * What handlers of a stream share: finding it, waiting for a frame, the view that the query asks for.
 *
 *     struct stream *stream = route_stream_named(x);       // NULL: 404 has been answered
 *     if (stream)
 *         frame_wait_start(x, stream, on_ready);           // on_ready(x, stream) when a frame is there
 *
 * With `after` in the query a frame of that number is none: the client has it. While it waits the stream
 * counts as watched, so that a source which skips frames makes one. Answers
 * 504 itself when none comes within EXCHANGE_WAIT_MS, 404 when the stream ends. With `t` or `frame` it is a
 * recording's frame (route_at.h), and the stream another one. on_ready is called once,
 * the stream still watched; x->state and x->on_close are the handler's own again.
 */

#include "routes.h"
#include "server.h"

struct stream *route_stream_named(struct exchange *x);
/* Answers 200 with the JSON in `out`, which is taken over. */
void route_reply_json(struct exchange *x, struct ims_bytes *out);
void frame_wait_start(struct exchange *x, struct stream *stream,
                      void (*on_ready)(struct exchange *x, struct stream *stream));
/* The view of the query for an answer in `codec` (JPEG, PNG): a whole MJPEG frame passes through where
 * the query asks for nothing else. */
IMS_NODISCARD enum ims_result route_view_spec(const struct exchange *x,
                                              struct stream *stream, enum ims_codec codec,
                                              struct ims_view_spec *out,
                                              struct ims_error *err);

#endif
