/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_LISTENER_H
#define CAPTURE_LISTENER_H

/*
 * A listening socket on the loop, TCP or Unix, that hands accepted descriptors on.
 *
 *     listener_open_tcp(loop, "127.0.0.1", 8080, on_accept, me, &listener, &err)
 *     listener_close(listener)
 *
 * Our own and not libwebsockets', so that a busy port is an error at once, TCP_NODELAY and
 * TCP_NOTSENT_LOWAT are set on every connection, and port 0 tells its number. Loop thread only.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <uv.h>

enum { LISTENER_URL_MAX = 300 };

struct listener;

/* `on_accept` owns the descriptor (non-blocking, close-on-exec). */
IMS_NODISCARD enum ims_result listener_open_tcp(uv_loop_t *loop, const char *host,
                                                int port,
                                                void (*on_accept)(void *user, int fd),
                                                void *user, struct listener **out,
                                                struct ims_error *err);
/* Takes a stale socket file away, never a live one or another kind of file. */
IMS_NODISCARD enum ims_result listener_open_unix(uv_loop_t *loop, const char *path,
                                                 void (*on_accept)(void *user, int fd),
                                                 void *user, struct listener **out,
                                                 struct ims_error *err);
/* A stream socket that listens already, as systemd hands it over: takes `fd` over, also on failure; its path is not
 * ours to unlink. `may_be_remote`: it may be off loopback. Fails: INVALID (no such socket, or one that others reach). */
IMS_NODISCARD enum ims_result listener_adopt(uv_loop_t *loop, int fd, bool may_be_remote,
                                             void (*on_accept)(void *user, int fd),
                                             void *user, struct listener **out,
                                             struct ims_error *err);
/* Whether only this machine reaches it; false of what is no socket. */
bool listener_is_local(int fd);
/* "http://HOST:PORT" with the real port, or "unix:PATH". */
const char *listener_url(const struct listener *listener);
/* 0 for a Unix socket. */
int listener_port(const struct listener *listener);
/* NULL is fine. The memory goes when the loop has closed the handle; a Unix path is unlinked. */
void listener_close(struct listener *listener);

#endif
