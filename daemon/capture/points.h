/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_POINTS_H
#define CAPTURE_POINTS_H

/*
 * A stream that is made of points: batches of x and y (and a value) gathered on a grid, which is
 * published as frames (docs/protocol.md section 9, "Points").
 *
 *     struct points *points;
 *     if (points_create(loop, push, ims_value_get(hello, "points"), &points, &err)) ...  // "bad-message"
 *     if (points_is_batch(map) && points_add(points, map, on_done, c, &err)) ...         // "bad-frame"
 *     stop reading until on_done(c, text)      // text: NULL, or why the connection must end ("bad-frame")
 *     points_close(&points);                   // on_done is not called any more
 *
 * The connection that has the push owns its points. A batch is copied, so that the message's bytes are
 * free when points_add returns; the grid is filled on the pool, one batch at a time. The loop and the
 * set of pushes are kept until the last job has come back. Loop thread only.
 */

#include "push.h"

struct points;

enum {
    POINTS_FPS_MAX = 60, /* published a second at most */
    POINTS_FPS_DEFAULT = 10,
};

/* `map` is the value of the hello's `points`; `push` is open and has the hello's recipe, under which an
 * empty grid is tried. Fails: INVALID with the key and what it wants, LIMIT (the grid's memory), NOMEM. */
IMS_NODISCARD enum ims_result points_create(uv_loop_t *loop, struct push *push,
                                            const struct ims_value *map,
                                            struct points **out, struct ims_error *err);
/* Whether a message is a batch of points: a map with "x" or "y". */
bool points_is_batch(const struct ims_value *map);
/* Adds a batch. Until on_done no other may be added. `text` is NULL, or one line that says why the
 * points cannot be shown. Fails: INVALID (lengths, dtype, a value that is missing), NOMEM; on_done is not called then. */
IMS_NODISCARD enum ims_result points_add(struct points *points,
                                         const struct ims_value *map,
                                         void (*on_done)(void *user, const char *text),
                                         void *user, struct ims_error *err);
/* Before push_leave. NULL inside is fine. What has been added and not published is published first,
 * unless another pusher has the stream. */
void points_close(struct points **points);

#endif
