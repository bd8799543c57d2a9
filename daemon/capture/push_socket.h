/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_SOCKET_H
#define CAPTURE_PUSH_SOCKET_H

/*
 * Pushers on a Unix socket or on TCP: connections that carry sessions (push_session.h).
 *
 *     push_socket_open_unix(loop, gate, pushes, "/run/imshowd/push", &door, &err)
 *     push_socket_open_tcp(loop, gate, pushes, "127.0.0.1", 9000, &door, &err)
 *     push_socket_close(door)
 *
 * Read by recvmsg on a polled descriptor, since libuv's pipes keep no descriptors that are sent along. A peer on
 * TCP that has gone without a word is found by keepalive. Loop thread only.
 */

#include "push.h"

enum {
    PUSH_OUT_BYTES_MAX = 64 * 1024, /* of answers that the peer does not read */
    PUSH_READS_A_TURN = 16,         /* of one connection, then the others' turn */
    PUSH_KEEPALIVE_IDLE_S = 30,
    PUSH_KEEPALIVE_EVERY_S = 10,
    PUSH_KEEPALIVE_PROBES = 3,
};

struct push_socket;

IMS_NODISCARD enum ims_result
push_socket_open_unix(uv_loop_t *loop, struct gate *gate, struct pushes *pushes,
                      const char *path, struct push_socket **out, struct ims_error *err);
IMS_NODISCARD enum ims_result push_socket_open_tcp(uv_loop_t *loop, struct gate *gate,
                                                   struct pushes *pushes,
                                                   const char *host, int port,
                                                   struct push_socket **out,
                                                   struct ims_error *err);
/* One that listens already; takes `fd` over, also on failure. `may_be_remote`: it may be off loopback. */
IMS_NODISCARD enum ims_result
push_socket_adopt(uv_loop_t *loop, struct gate *gate, struct pushes *pushes, int fd,
                  bool may_be_remote, struct push_socket **out, struct ims_error *err);
/* "tcp://HOST:PORT" with the real port, or "unix:PATH". */
const char *push_socket_url(const struct push_socket *door);
/* Ends every connection; the memory goes when the loop has closed the handles. NULL is fine. */
void push_socket_close(struct push_socket *door);

#endif
