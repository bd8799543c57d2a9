/* SPDX-License-Identifier: MIT */
#include "session_private.h"

#include "../log.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LOOK_EVERY_S = 60, /* for retention, and for what others put into the folder */
    OPEN_AGAIN_S = 2,  /* a folder that a session waits for */
};
#define S_NS ((int64_t)1000000000)

void recordings__changed(struct recordings *r)
{
    if (r->on_change && !r->is_closing)
        r->on_change(r->on_change_user);
}

void recordings_on_change(struct recordings *r, void (*on_change)(void *user), void *user)
{
    r->on_change = on_change;
    r->on_change_user = user;
}

struct library *recordings_library(struct recordings *r)
{
    return r->library;
}

/* ---- sessions ---- */

static struct session *find(struct recordings *r, const char *name)
{
    for (struct session *s = r->first; s; s = s->next)
        if (strcmp(s->plan.name, name) == 0)
            return s;
    return NULL;
}

static struct session *find_writing(struct recordings *r, const char *name)
{
    for (struct session *s = r->first; s; s = s->next)
        if (strcmp(s->status.file, name) == 0 && s->status.state == TAPE_RECORDING)
            return s;
    return NULL;
}

struct session *recordings_session(struct recordings *r, const char *name)
{
    struct session *session = find(r, name);
    return session ? session : find_writing(r, name);
}

struct recordings_totals recordings_totals(const struct recordings *r)
{
    return r->totals;
}

size_t recordings_queue_bytes(struct recordings *r)
{
    return recorder_queue_bytes(r->recorder);
}

int64_t recordings_cpu_ns(const struct recordings *r)
{
    return recorder_cpu_ns(r->recorder);
}

bool recordings_is_written(struct recordings *r, const char *name)
{
    return find_writing(r, name) != NULL;
}

static void set_pace(struct recordings *r);

static void remove_session(struct recordings *r, struct session *session)
{
    for (struct session **at = &r->first; *at; at = &(*at)->next)
        if (*at == session) {
            *at = session->next;
            break;
        }
    r->count--;
    log_info(log_of_recording(session->plan.name), "stopped: %llu frames, %llu bytes",
             (unsigned long long)session->status.frames,
             (unsigned long long)session->status.bytes);
    session__free(session);
    if (!r->first)
        set_pace(r);
    recordings__changed(r);
}

/* ---- news of the recorder ---- */

static void tell_state(const struct session *s, enum tape_state old)
{
    if (s->status.state == TAPE_HELD && old != TAPE_HELD)
        log_warning(log_of_recording(s->plan.name), "held: %s", s->status.reason);
    if (s->status.state == TAPE_RECORDING && old == TAPE_HELD)
        log_info(log_of_recording(s->plan.name), "goes on in %s", s->status.file);
}

/* A file may end a little smaller than it was thought to be. */
static void count_written(struct recordings_totals *totals, const struct tape_status *old,
                          const struct tape_status *now)
{
    uint64_t before = old->bytes + old->file_bytes, after = now->bytes + now->file_bytes;
    totals->bytes += after > before ? after - before : 0;
    totals->frames += now->frames - old->frames;
    totals->missed += now->missed - old->missed;
}

static void take_status(struct recordings *r, struct session *s)
{
    struct tape_status old = s->status;
    s->status = tape_status(s->tape);
    tell_state(s, old.state);
    count_written(&r->totals, &old, &s->status);
    if (s->status.parts != old.parts || strcmp(s->status.file, old.file) != 0)
        library_look(r->library);
    if (s->status.state != old.state)
        recordings__changed(r);
    if (s->status.state == TAPE_CLOSED)
        remove_session(r, s);
}

static void on_news(void *user)
{
    struct recordings *r = user;
    for (struct session *s = r->first, *next; s; s = next) {
        next = s->next;
        take_status(r, s);
    }
}

static void on_looked(void *user)
{
    struct recordings *r = user;
    recorder_set_folder(r->recorder, library_folder(r->library));
    if (r->first && !*library_reason(r->library)) /* it was not there, and is wanted */
        library_open(r->library, true);
    for (struct session *s = r->first; s; s = s->next)
        session__tick(s);
    recordings__changed(r);
}

/* ---- time ---- */

static void on_timer(uv_timer_t *timer)
{
    struct recordings *r = timer->data;
    int64_t now = stream_mono_ns();
    for (struct session *s = r->first, *next; s; s = next) {
        next = s->next;
        session__tick(s);
    }
    if (library_folder(r->library) && now - r->looked_ns > LOOK_EVERY_S * S_NS) {
        r->looked_ns = now;
        library_look(r->library);
    }
    if (r->first && now - r->opened_ns > OPEN_AGAIN_S * S_NS) {
        r->opened_ns = now;
        library_open(r->library, true);
    }
}

/* Without a session nothing is in a hurry, and nobody is to be woken. */
static void set_pace(struct recordings *r)
{
    uint64_t ms = r->first ? SESSION_TICK_MS : LOOK_EVERY_S * 1000;
    uv_timer_start(r->timer, on_timer, ms, ms);
}

/* ---- starting ---- */

static void on_stream_state(struct stream_listener *listener, struct stream *stream)
{
    struct recordings *r =
        (struct recordings *)((char *)listener - offsetof(struct recordings, listener));
    for (struct session *s = r->first; s; s = s->next)
        for (int i = 0; i < s->plan.stream_count; i++)
            if (!s->tracks[i].stream && !s->is_stopping &&
                strcmp(s->plan.streams[i], stream_name(stream)) == 0)
                track_attach(&s->tracks[i], stream);
}

static bool is_taken(struct recordings *r, const char *name)
{
    return find(r, name) || library_item(r->library, name);
}

/* "door-20260726-081500", and if there is one already, "-2" and so on. */
static void make_name(struct recordings *r, struct plan *plan)
{
    char base[RECORDING_NAME_MAX + 1];
    struct tm local;
    time_t now = time(NULL);
    char when[32] = "";
    if (localtime_r(&now, &local))
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local);
    snprintf(base, sizeof base, "%.60s-%s", plan->streams[0], when);
    memcpy(plan->name, base, sizeof base);
    for (int n = 2; is_taken(r, plan->name) && n < SESSIONS_MAX + 100; n++)
        snprintf(plan->name, sizeof plan->name, "%.88s-%d", base, n);
}

static enum ims_result check_streams(const struct recordings *r, const struct plan *plan,
                                     struct start_fault *fault, struct ims_error *err)
{
    for (int i = 0; i < plan->stream_count; i++)
        if (!streams_find(r->streams, plan->streams[i])) {
            fault->is_missing = true;
            return ims_fail(err, IMS_ERR_INVALID,
                            "there is no stream '%s': /api/v1/streams lists all",
                            plan->streams[i]);
        }
    return IMS_OK;
}

/* What was wrong with it the last time is told; it is tried again, so that the next wish may find it well. */
static enum ims_result check_folder(struct recordings *r, struct ims_error *err)
{
    ims_error_set(err, "%s", library_reason(r->library));
    bool was_wrong = *library_reason(r->library);
    library_open(r->library, true);
    return was_wrong ? IMS_ERR_IO : IMS_OK;
}

static enum ims_result check(struct recordings *r, const struct plan *plan,
                             bool must_exist, struct start_fault *fault,
                             struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    if (r->count == SESSIONS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%d recordings run already, the most",
                        SESSIONS_MAX);
    if (must_exist)
        result = check_streams(r, plan, fault, err);
    if (result == IMS_OK && check_folder(r, err) && must_exist)
        result = IMS_ERR_IO;
    fault->is_taken = result == IMS_OK && *plan->name && is_taken(r, plan->name);
    if (fault->is_taken && must_exist)
        return ims_fail(err, IMS_ERR_INVALID,
                        "there is a recording '%s' already: choose another name",
                        plan->name);
    return result;
}

static struct session *create(struct recordings *r, const struct plan *plan)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->recordings = r;
    s->plan = *plan;
    s->since_us = stream_now_us();
    if (!*s->plan.name)
        make_name(r, &s->plan);
    const struct tape_settings settings = {
        .name = s->plan.name,
        .stream_count = plan->stream_count,
        .streams = s->plan.streams,
        .part_bytes = plan->part_bytes,
        .part_s = plan->part_s,
    };
    if (recorder_tape(r->recorder, &settings, &s->tape)) {
        free(s);
        return NULL;
    }
    for (int i = 0; i < plan->stream_count; i++)
        track_init(&s->tracks[i], s, i);
    return s;
}

enum ims_result recordings_start(struct recordings *r, const struct plan *plan,
                                 bool must_exist, struct session **out,
                                 struct start_fault *fault, struct ims_error *err)
{
    *fault = (struct start_fault){0};
    enum ims_result result = check(r, plan, must_exist, fault, err);
    if (result)
        return result;
    struct session *s = create(r, plan);
    if (!s)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to record");
    s->next = r->first;
    r->first = s;
    if (r->count++ == 0)
        set_pace(r);
    for (int i = 0; i < plan->stream_count; i++) {
        struct stream *stream = streams_find(r->streams, plan->streams[i]);
        if (stream)
            track_attach(&s->tracks[i], stream);
    }
    log_info(log_of_recording(s->plan.name), "%s",
             plan->trigger || plan->schedule.is_set ? "armed" : "started");
    session__tick(s);
    recordings__changed(r);
    *out = s;
    return IMS_OK;
}

/* ---- the whole ---- */

enum ims_result recordings_create(uv_loop_t *loop, struct streams *streams,
                                  const struct recordings_settings *settings,
                                  struct recordings **out)
{
    struct recordings *r = calloc(1, sizeof *r);
    uv_timer_t *timer = calloc(1, sizeof *timer);
    if (!r || !timer)
        goto failed;
    r->loop = loop;
    r->streams = streams;
    r->settings = settings->library;
    r->pre_bytes = settings->recorder.queue_bytes / 2;
    r->path = settings->folder ? strdup(settings->folder) : NULL;
    r->settings.path = r->path;
    if ((settings->folder && !r->path) ||
        library_create(loop, &r->settings, on_looked, r, &r->library) ||
        recorder_create(loop, &settings->recorder, on_news, r, &r->recorder))
        goto failed;
    r->timer = timer;
    uv_timer_init(loop, timer);
    timer->data = r;
    set_pace(r);
    r->listener = (struct stream_listener){.on_state = on_stream_state};
    streams_listen(streams, &r->listener);
    library_open(r->library, false);
    *out = r;
    return IMS_OK;
failed:
    if (r) {
        library_close(r->library);
        free(r->path);
    }
    free(r);
    free(timer);
    return IMS_ERR_NOMEM;
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

/* When the thread has written all and no job of a trigger is out. */
void recordings__maybe_closed(struct recordings *r)
{
    if (!r->is_recorder_closed || r->jobs)
        return;
    void (*on_closed)(void *) = r->on_closed;
    void *user = r->on_closed_user;
    library_close(r->library);
    free(r->path);
    free(r);
    on_closed(user);
}

static void on_recorder_closed(void *user)
{
    struct recordings *r = user;
    r->is_recorder_closed = true;
    recordings__maybe_closed(r);
}

/* The sessions go at once, their tapes with the recorder, which writes what it was given. */
void recordings_close(struct recordings *r, void (*on_closed)(void *user), void *user)
{
    r->is_closing = true;
    r->on_closed = on_closed;
    r->on_closed_user = user;
    streams_unlisten(r->streams, &r->listener);
    uv_close((uv_handle_t *)r->timer, on_timer_closed);
    while (r->first) {
        struct session *s = r->first;
        r->first = s->next;
        for (int i = 0; i < s->plan.stream_count; i++)
            track_finish(&s->tracks[i]);
        free(s);
    }
    recorder_close(r->recorder, on_recorder_closed, r);
}
