/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_SESSION_H
#define CAPTURE_PUSH_SESSION_H

/*
 * One pushing connection, apart from what carries it: bytes in, messages out (docs/protocol.md section 9).
 *
 *     push_session_create(pushes, "", &transport, me, &session, &err)
 *     uint8_t *at = push_session_room(session, &size);     // read up to `size` bytes to there
 *     push_session_got(session, size_read);
 *     push_session_destroy(session, "the pusher has gone")
 *
 * A session asks its transport to send, to stop reading for a while, and to close; after that it does nothing
 * but wait to be destroyed. Loop thread only.
 */

#include "push.h"

enum {
    PUSH_SESSIONS_MAX = 64, /* on all transports together */
    PUSH_HELLO_TIMEOUT_MS = 10000,
    PUSH_CREDITS = 2, /* frames that may be sent ahead with `pace: credit` */
};

struct push_session;

/* What carries a session; `user` is what push_session_create was given. */
struct push_transport {
    /* Sends one small message, or closes the connection when the peer does not read what it asked for. */
    void (*send)(void *user, const uint8_t *data, size_t size);
    /* Reads nothing more while `on`. */
    void (*brake)(void *user, bool on);
    /* Closes behind what has been sent and then destroys the session, not from within this call. */
    void (*close)(void *user, const char *reason);
};

/* `name` is the stream's, where the path says it, or "". `who` may push to what the rules say, and may show a token in
 * his hello. Fails: LIMIT (PUSH_SESSIONS_MAX), INVALID
 * (a longer name than there is), NOMEM. */
IMS_NODISCARD enum ims_result push_session_create(struct pushes *pushes, const char *name,
                                                  const struct access_caller *who,
                                                  const struct push_transport *transport,
                                                  void *user, struct push_session **out,
                                                  struct ims_error *err);
/* The stream, if it has one, is lost for `reason`, unless an error of the session's own said so before. */
void push_session_destroy(struct push_session *session, const char *reason);

/* Where to read to; NULL when the session is closing. */
uint8_t *push_session_room(struct push_session *session, size_t *size);
void push_session_got(struct push_session *session, size_t size);
/* The same for a transport that has the bytes already. */
void push_session_feed(struct push_session *session, const uint8_t *data, size_t size);
/* Descriptors that came with the bytes that push_session_got is told of next; the session owns them. `is_cut`:
 * there were more, which the kernel has closed. */
void push_session_descriptors(struct push_session *session, const int *descriptors,
                              int count, bool is_cut);

#endif
