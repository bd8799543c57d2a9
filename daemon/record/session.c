/* SPDX-License-Identifier: MIT */
/* One session: when a part begins and ends, and the session itself. */
#include "session_private.h"

#include <imshow/wire.h>
#include <stdlib.h>

#define S_NS ((int64_t)1000000000)
enum { MARKER_BYTES_MAX = 2 * MARKER_TEXT_MAX + 64 };

const char *session_name(const struct session *session)
{
    return session->plan.name;
}

double session__seconds(const struct session *session)
{
    double now =
        session->is_running ? (double)(stream_mono_ns() - session->running_ns) / 1e9 : 0;
    return session->ran_s + now;
}

/* ---- parts ---- */

static void settle_all(struct session *session)
{
    for (int i = 0; i < session->plan.stream_count; i++)
        track_settle(&session->tracks[i]);
}

static void run(struct session *session)
{
    session->is_running = true;
    session->running_ns = stream_mono_ns();
    tape_begin(session->tape);
    tracks_begin(session);
    recordings__changed(session->recordings);
}

static void rest(struct session *session)
{
    session->ran_s = session__seconds(session);
    session->is_running = false;
    session->is_fired = false;
    tape_end(session->tape);
    settle_all(session);
    recordings__changed(session->recordings);
}

static bool should_run(const struct session *session)
{
    const struct plan *plan = &session->plan;
    bool is_held_by_trigger =
        plan->trigger && !(session->is_fired && stream_mono_ns() < session->until_ns);
    return !session->is_stopping && !is_held_by_trigger &&
           library_folder(session->recordings->library) &&
           schedule_is_open_now(&plan->schedule);
}

void session__tick(struct session *session)
{
    double most_s = session->plan.duration_s;
    if (should_run(session) != session->is_running) {
        if (session->is_running)
            rest(session);
        else
            run(session);
    }
    settle_all(session);
    if (most_s > 0 && session__seconds(session) >= most_s && !session->is_stopping)
        session_stop(session, NULL);
}

/* Again while it records: the time after it begins anew. */
void session__fire(struct session *session)
{
    session->is_fired = true;
    session->until_ns = stream_mono_ns() + (int64_t)(session->plan.post_s * 1e9);
    if (!session->is_running && should_run(session))
        run(session);
}

enum ims_result session_trigger(struct session *session, struct ims_error *err)
{
    if (!session->plan.trigger)
        return ims_fail(err, IMS_ERR_INVALID,
                        "recording '%s' has no trigger: it records as it is",
                        session->plan.name);
    session__fire(session);
    return IMS_OK;
}

/* ---- markers ---- */

bool session_mark(struct session *session, const char *text)
{
    struct ims_bytes map = {.limit = MARKER_BYTES_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    struct ims_buffer *buffer;
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "text");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
    if (map.result || ims_buffer_wrap(map.data, map.size, free, map.data, &buffer)) {
        ims_bytes_finish(&map);
        return false;
    }
    bool is_put =
        tape_map(session->tape, IMS_RECORD_MARKERS, -1, stream_now_us(), buffer);
    ims_buffer_unref(&buffer);
    return is_put;
}

/* ---- the end ---- */

void session_stop(struct session *session, struct session_stop *stop)
{
    if (stop) {
        stop->next = session->stops;
        session->stops = stop;
    }
    if (session->is_stopping)
        return;
    session->is_stopping = true;
    if (session->is_running)
        rest(session);
    tape_close(session->tape);
    recordings__changed(session->recordings);
}

void session_stop_cancel(struct session *session, struct session_stop *stop)
{
    for (struct session_stop **at = &session->stops; *at; at = &(*at)->next)
        if (*at == stop) {
            *at = stop->next;
            return;
        }
}

void session__free(struct session *session)
{
    for (struct session_stop *stop = session->stops, *next; stop; stop = next) {
        next = stop->next;
        stop->on_stopped(stop, session);
    }
    for (int i = 0; i < session->plan.stream_count; i++)
        track_finish(&session->tracks[i]);
    tape_free(session->tape);
    free(session);
}
