/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_H
#define CAPTURE_PUSH_H

/*
 * Streams that are pushed: who owns the name, how long it stays, and frames out of bodies.
 *
 *     push_open(pushes, "photo", recipe, takeover, &owner, &push, &err)
 *     push_frame(push, &wire_frame, &err)          // copies, publishes
 *     push_leave(push, &owner)                     // the stream stays for PUSH_LINGER_MS
 *
 *     push_body(pushes, "photo", &body, recipe, on_done, user, &err)   // a POST: decoded on the pool
 *
 * A name belongs to one connection at a time; POSTs share a name with each other. Loop thread only.
 */

#include "stream.h"

#include <imshow/wire.h>
#include <uv.h>

/* An unwatched stream without its pusher, or without a POST for that long, is removed. */
enum { PUSH_LINGER_MS = 10 * 60 * 1000, PUSH_JOBS_MAX = 8 };

struct push;
struct pushes;

/* The connection that owns a push; told when another takes over. */
struct push_owner {
    void (*on_taken)(struct push_owner *owner);
};

IMS_NODISCARD enum ims_result pushes_create(uv_loop_t *loop, struct streams *streams,
                                            struct pushes **out);
/* on_closed runs when the last job has come back and the loop has closed the handles. */
void pushes_close(struct pushes *pushes, void (*on_closed)(void *user), void *user);

/* Finds or makes the stream and becomes its owner. `recipe` may be NULL: the stream's stays. Takes its own
 * references. Fails: INVALID (bad name, in use by a camera or another pusher), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result push_open(struct pushes *pushes, const char *name,
                                        struct recipe *recipe, bool takeover,
                                        struct push_owner *owner, struct push **out,
                                        struct ims_error *err);
/* Copies the frame's items and publishes. Fails: INVALID (px.imshow's parameters or the
 * labels do not fit), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result
push_frame(struct push *push, const struct ims_wire_frame *frame, struct ims_error *err);
void push_leave(struct push *push, struct push_owner *owner, const char *reason);

struct push_done {
    enum ims_result result;
    const char *text; /* of what failed */
    const char *name;
    uint64_t seq;
    uint32_t epoch;
};
/* Takes *body over (NULL then) and decodes npy, PNG or JPEG on the pool; on_done runs on the loop, in any
 * case, unless this call itself fails: INVALID (name, unknown kind of body), IO (PUSH_JOBS_MAX are under way). */
IMS_NODISCARD enum ims_result push_body(struct pushes *pushes, const char *name,
                                        struct ims_buffer **body, struct recipe *recipe,
                                        void (*on_done)(void *user,
                                                        const struct push_done *done),
                                        void *user, struct ims_error *err);

#endif
