/* SPDX-License-Identifier: MIT */
#ifndef RECORD_SESSION_PRIVATE_H
#define RECORD_SESSION_PRIVATE_H

/* What recordings.c (all of them), session.c (one, and its states), track.c (one stream of it) and session_put.c share.
 * Loop thread only. */

#include "measure.h"
#include "recordings.h"

enum { SESSION_TICK_MS = 200 };

/* A trigger's look at frames, on the pool; lives on until its job has come back. */
struct measuring;

struct track {
    struct session *session;
    int index;             /* in the plan and on the tape */
    struct stream *stream; /* NULL: it is not there now */
    struct stream_listener listener;
    bool is_watching;
    size_t
        kept_bytes; /* asked of the ring beyond its own, for what was before a trigger */
    bool figure_is_due;          /* not on the tape so far */
    int64_t next_us;             /* time-lapse: of the next frame; 0: the first */
    int64_t measured_ns;         /* CLOCK_MONOTONIC */
    uint64_t dropped;            /* the queue was full */
    uint64_t missed;             /* the disk could not take them */
    struct measuring *measuring; /* NULL: the trigger does not measure */
};

struct session {
    struct recordings *recordings;
    struct plan plan;
    struct tape *tape;
    struct tape_status status; /* the tape's, as of the last news */
    struct track tracks[PLAN_STREAMS_MAX];
    bool is_running; /* a part is wanted */
    bool is_stopping;
    bool is_fired;      /* the trigger was, and until_ns is when it ends */
    int64_t until_ns;   /* CLOCK_MONOTONIC */
    int64_t since_us;   /* CLOCK_REALTIME, of the session's start */
    int64_t running_ns; /* when is_running became true */
    double ran_s;       /* before that */
    struct session_stop *stops;
    struct session *next;
};

struct recordings {
    uv_loop_t *loop;
    struct streams *streams;
    struct stream_listener listener; /* streams that come */
    struct library *library;
    struct recorder *recorder;
    struct library_settings settings;
    char *path; /* of the folder; NULL: none */
    size_t pre_bytes;
    struct session *first;
    int count;
    uv_timer_t *timer;
    int64_t looked_ns, opened_ns;
    int jobs; /* on the pool */
    struct recordings_totals totals;
    bool is_closing, is_recorder_closed;
    void (*on_change)(void *user);
    void *on_change_user;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

/* recordings.c */
void recordings__changed(struct recordings *recordings);
void recordings__maybe_closed(struct recordings *recordings);

/* session.c */
void session__tick(struct session *session);
void session__fire(struct session *session);
void session__free(struct session *session);
double session__seconds(const struct session *session);

/* track.c */
void track_init(struct track *track, struct session *session, int index);
void track_attach(struct track *track, struct stream *stream);
void track_detach(struct track *track);
void track_finish(struct track *track);
/* Watches and keeps what the session's state asks for. */
void track_settle(struct track *track);
/* A new part, or the first: the figure, and with a trigger what was before it. */
void tracks_begin(struct session *session);

#endif
