/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_UNIX_H
#define CAPTURE_PUSH_UNIX_H

/*
 * Pushers on a Unix socket: msgpack maps back to back (docs/protocol.md section 9).
 *
 *     push_unix_open(loop, pushes, "/run/imshowd/push", &door, &err)
 *     push_unix_close(door, on_closed, user)
 *
 * A bad message costs its sender the connection, with an error that says why. Loop thread only.
 */

#include "push.h"

enum {
    PUSH_CONNECTIONS_MAX = 64,
    PUSH_CHUNK_BYTES = 64 * 1024, /* read at once while a message's length is unknown */
    PUSH_HELLO_TIMEOUT_MS = 10000,
};
/* A frame and its head. */
#define PUSH_MESSAGE_BYTES_MAX (STREAM_FRAME_BYTES_MAX + 4096)

struct push_unix;

IMS_NODISCARD enum ims_result push_unix_open(uv_loop_t *loop, struct pushes *pushes,
                                             const char *path, struct push_unix **out,
                                             struct ims_error *err);
/* NULL is fine: on_closed is called at once. */
void push_unix_close(struct push_unix *door, void (*on_closed)(void *user), void *user);

#endif
