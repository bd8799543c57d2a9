/* SPDX-License-Identifier: MIT */
#ifndef RECORD_RECORDINGS_H
#define RECORD_RECORDINGS_H

/*
 * All that is recorded: sessions that record streams, the recorder that writes, the library of what is there.
 *
 *     if (recordings_create(loop, streams, &settings, &recordings)) ...
 *     if (recordings_start(recordings, &plan, &session, &err)) ...      // by a name that is free
 *     session_stop(session, on_stopped, user);
 *     recordings_close(recordings, on_closed, user);                    // before the streams go
 *
 * Loop thread only. How it fits together: docs/adr/0024-recorder.md.
 */

#include "library.h"
#include "recorder.h"

enum {
    SESSIONS_MAX = 64,
    SESSION_STOPS_MAX = 16, /* who wait for the end of one session */
};

struct recordings_settings {
    const char *folder; /* NULL: there is none */
    struct recorder_settings recorder;
    struct library_settings library; /* its path is set from `folder` */
};

struct recordings;
struct session;

IMS_NODISCARD enum ims_result
recordings_create(uv_loop_t *loop, struct streams *streams,
                  const struct recordings_settings *settings, struct recordings **out);
/* Stops all sessions, as well as the disk lets it. */
void recordings_close(struct recordings *recordings, void (*on_closed)(void *user),
                      void *user);
struct library *recordings_library(struct recordings *recordings);

/* Begins to record by the plan; without a name in it one is made. Streams that are not there are waited for unless
 * `must_exist`. Fails: INVALID with `*is_missing` (no such stream), with *is_taken (the name is in use), LIMIT
 * (SESSIONS_MAX), IO (the folder cannot be used: why), NOMEM. */
struct start_fault {
    bool is_missing, is_taken;
};
IMS_NODISCARD enum ims_result
recordings_start(struct recordings *recordings, const struct plan *plan, bool must_exist,
                 struct session **out, struct start_fault *fault, struct ims_error *err);
/* The session of that name, or the one that writes the part of that name; NULL: none. */
struct session *recordings_session(struct recordings *recordings, const char *name);
/* The file of that name is being written. */
bool recordings_is_written(struct recordings *recordings, const char *name);
/* Who asks: sessions and recordings with a stream that he may not see are not told. */
struct recordings_reader {
    bool (*may)(void *user, const char *stream);
    void *user;
};
/* Whether he may that with all streams of the recording `name` and of its session; true when there are neither. */
bool recordings_may(struct recordings *recordings, const char *name,
                    const struct recordings_reader *reader);
/* {"folder": {...}, "sessions": [...], "recordings": [...]} */
void recordings_put(struct recordings *recordings, const struct recordings_reader *reader,
                    struct ims_sink *sink);
/* The names and states of sessions that have this stream, as a list; `recordings` may be NULL. */
void recordings_put_of_stream(struct recordings *recordings, const struct stream *stream,
                              struct ims_sink *sink);
/* How many sessions are in each state; `stream`: those that have it, NULL: all. `recordings` may be NULL. */
enum session_state {
    SESSION_STARTING,  /* the folder is being opened */
    SESSION_ARMED,     /* its time or its trigger has not come */
    SESSION_RECORDING, /* writes */
    SESSION_HELD,      /* should write and cannot */
    SESSION_FINISHING, /* was stopped, its file is not whole yet */
    SESSION_DONE,
    SESSION_STATES,
};
extern const char *const session_state_names[SESSION_STATES];
void recordings_count(struct recordings *recordings, const struct stream *stream,
                      uint32_t out[SESSION_STATES]);
/* What was written since the start, by sessions that have ended too; none of it ever falls. */
struct recordings_totals {
    uint64_t bytes, frames;
    uint64_t dropped; /* frames for which the queue had no room */
    uint64_t missed;  /* frames that came while the disk took none */
};
struct recordings_totals recordings_totals(const struct recordings *recordings);
/* The thread that writes: bytes that wait for it, and the CPU time that it took. */
size_t recordings_queue_bytes(struct recordings *recordings);
int64_t recordings_cpu_ns(const struct recordings *recordings);
/* Called whenever what recordings_put_of_stream says has changed. */
void recordings_on_change(struct recordings *recordings, void (*on_change)(void *user),
                          void *user);

/* ---- one session ---- */

const char *session_name(const struct session *session);
/* Ends it; on_stopped(user, sink_of) comes when its files are closed, with the session's last map: `put` writes it.
 * The session is gone afterwards. on_stopped NULL: nobody waits. LIMIT: too many wait already. */
struct session_stop {
    void (*on_stopped)(struct session_stop *stop, const struct session *session);
    struct session_stop *next;
};
void session_stop(struct session *session, struct session_stop *stop);
/* The one who waits has gone. */
void session_stop_cancel(struct session *session, struct session_stop *stop);
/* False: the queue is full. */
bool session_mark(struct session *session, const char *text);
/* Fires its trigger, whichever that is. INVALID: it has none. */
IMS_NODISCARD enum ims_result session_trigger(struct session *session,
                                              struct ims_error *err);
/* A map. */
void session_put(const struct session *session, struct ims_sink *sink);

#endif
