/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_H
#define CAPTURE_PUSH_H

/*
 * Streams that are pushed: who owns the name, how long it stays, and frames out of bodies.
 *
 *     push_open(pushes, "photo", recipe, takeover, &owner, &push, &err)
 *     push_publish(push, &frame, labelled, &err)
 *     push_leave(push, &owner, reason)             // the stream stays for PUSH_LINGER_MS
 *
 *     push_body(pushes, "photo", &post, on_done, user, &err)   // a POST: decoded on the pool
 *
 * A name belongs to one connection at a time; POSTs share a name with each other. Loop thread only.
 */

#include "../access/gate.h"
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

IMS_NODISCARD enum ims_result pushes_create(uv_loop_t *loop, struct gate *gate,
                                            struct streams *streams, struct pushes **out);
/* on_closed runs when the last job has come back and the loop has closed the handles. */
void pushes_close(struct pushes *pushes, void (*on_closed)(void *user), void *user);

/* Finds or makes the stream and becomes its owner. `recipe` may be NULL: the stream's stays. Takes its own
 * references. Fails: INVALID (bad name, in use by a camera or another pusher), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result push_open(struct pushes *pushes, const char *name,
                                        struct recipe *recipe, bool takeover,
                                        struct push_owner *owner, struct push **out,
                                        struct ims_error *err);
/* A name that push_open takes without a takeover: "push", or "push-2" and on. Fails: LIMIT. */
IMS_NODISCARD enum ims_result push_free_name(struct pushes *pushes,
                                             char out[STREAM_NAME_MAX + 1],
                                             struct ims_error *err);
struct stream *push_stream(const struct push *push);
/* Labels, checks and publishes a frame that has its array or picture, and takes it over (*frame is NULL then).
 * `labelled` replaces the stream's labels from this frame on; NULL: they stay. Fails: INVALID (px.imshow's
 * parameters or the labels do not fit), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result push_publish(struct push *push, struct ims_frame **frame,
                                           const struct ims_value *labelled,
                                           struct ims_error *err);
void push_leave(struct push *push, struct push_owner *owner, const char *reason);

/* Connections that push, and bytes of large messages that are being read. */
struct pushes_load {
    int connections;
    size_t intake_bytes;
};
struct pushes_load pushes_load(const struct pushes *pushes);

struct push_done {
    enum ims_result result;
    const char *text; /* of what failed */
    const char *name;
    uint64_t seq; /* of the last frame that was published */
    uint32_t epoch;
    uint64_t frames; /* published; also when a later one failed */
};

struct push_post {
    struct ims_buffer
        *body; /* of npy, PNG, JPEG, PNM, y4m or multipart, one frame or more */
    struct recipe *recipe;   /* borrowed; NULL: the stream's stays */
    struct ims_buffer *meta; /* of each frame; NULL: none */
    int64_t time_us;         /* the producer's; 0: none given */
};
/* Takes body and meta over (NULL then) and decodes frame by frame on the pool; on_done runs on the loop, in
 * any case, unless this call itself fails: INVALID (name), IO (PUSH_JOBS_MAX are under way). */
IMS_NODISCARD enum ims_result
push_body(struct pushes *pushes, const char *name, struct push_post *post,
          void (*on_done)(void *user, const struct push_done *done), void *user,
          struct ims_error *err);

#endif
