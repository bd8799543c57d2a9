/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_SESSION_PRIVATE_H
#define CAPTURE_PUSH_SESSION_PRIVATE_H

/* What push_session.c (bytes, closing), push_message.c (what they say) and push_decode.c (pictures among
 * them) share. Loop thread only. */

#include "points.h"
#include "push_intake.h"
#include "push_pool.h"
#include "push_private.h"
#include "push_session.h"

enum {
    PUSH_TURN_MS = 4, /* of a round of the loop, for one connection's messages */
    PUSH_RESTS = 2,   /* as long, times those that rest already and itself */
};

struct push_decoding;

/* Descriptors that no message has asked for so far. */
struct push_strays {
    int fds[PUSH_SLOTS_MAX];
    int count;
    bool is_cut;  /* there were more */
    uint64_t end; /* the connection's bytes up to those that they came with */
};

struct push_session {
    struct pushes *pushes;
    const struct push_transport *transport;
    void *user;
    struct access_caller who;
    struct gate_listener listener; /* of the gate */
    uv_timer_t timer; /* until the hello must have come; then until a rest is over */
    char name[STREAM_NAME_MAX + 1]; /* of the path, then of the stream */
    bool has_path_name;
    struct push_owner owner;
    struct push *push; /* NULL until the hello, and when it is over */
    struct push_intake intake;
    uint64_t received; /* bytes of the connection */
    struct push_strays strays;
    struct push_pool *pool;         /* NULL: none */
    struct push_decoding *decoding; /* under way: nothing else is taken meanwhile */
    struct points *points;          /* NULL: it sends frames */
    bool is_gathering;              /* a batch of points is under way */
    uint64_t round_ms; /* of the loop, in which `spent_ns` went into its messages */
    uint64_t spent_ns;
    bool is_resting;
    bool pays_credits;
    bool is_closing;
};

/* Sends an error and closes. */
void push_session__fail(struct push_session *session, const char *code, const char *text);
/* Takes the pieces that are there, unless one is being worked on. */
void push_session__pump(struct push_session *session);
/* Something that reading waited for is done: goes on with what is there, then with reading. */
void push_session__resume(struct push_session *session);
/* One whole piece, msgpack or other; it is dropped by the caller. */
void push_session__message(struct push_session *session,
                           const struct ims_inlet_piece *piece);
/* Becomes the owner of the stream. */
bool push_session__open(struct push_session *session, struct recipe *recipe,
                        bool takeover);
/* Gives back one of `pace: credit`. */
void push_session__credit(struct push_session *session);
void push_session__send(struct push_session *session, struct ims_bytes *bytes);
/* Decodes and publishes; reading pauses meanwhile. */
void push_session__decode(struct push_session *session,
                          const struct ims_inlet_piece *piece);
/* The session goes before its decoding ends. */
void push_decoding__abandon(struct push_decoding *decoding);
void push_strays__close(struct push_strays *strays);

#endif
