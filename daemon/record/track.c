/* SPDX-License-Identifier: MIT */
/* One stream of a session: which of its frames go to the tape, and which the trigger looks at. */
#include "session_private.h"

#include "../work.h"

#include <imshow/wire.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    WATCH_ALWAYS_S =
        5,           /* time-lapse: more often, and the source is not let go in between */
    MEASURE_MS = 90, /* between two looks of a trigger */
    STATE_BYTES_MAX = 1024,
    CONTROLS_BYTES_MAX = 64 * 1024,
};
/* A frame in a pusher's slot, which is copied when the disk falls behind; a larger one is left out, since the copy
 * would hold up the loop. */
#define COPY_BYTES_MAX   ((size_t)16 << 20)
#define FIGURE_BYTES_MAX ((size_t)IMS_RECORD_VALUE_BYTES_MAX)

struct measuring {
    struct work work;
    struct recordings *recordings;
    struct track *track; /* NULL: it has gone */
    struct measure measure;
    struct ims_frame *frame; /* NULL: no job is under way */
    bool has_value;
    double value;
};

static struct track *track_of(struct stream_listener *listener)
{
    return (struct track *)((char *)listener - offsetof(struct track, listener));
}

/* ---- maps ---- */

/* Takes the bytes over. False: the queue is full. */
static bool put_map(struct track *track, enum ims_record_kind kind, struct ims_bytes *map)
{
    struct ims_buffer *buffer;
    bool is_put = false;
    if (map->result == IMS_OK &&
        ims_buffer_wrap(map->data, map->size, free, map->data, &buffer) == IMS_OK) {
        *map = (struct ims_bytes){0};
        is_put =
            tape_map(track->session->tape, kind, track->index, stream_now_us(), buffer);
        ims_buffer_unref(&buffer);
    }
    ims_bytes_finish(map);
    return is_put;
}

static void put_figure(struct track *track)
{
    struct ims_bytes map = {.limit = FIGURE_BYTES_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    recipe_put(stream_recipe(track->stream), &sink);
    bool is_too_large = map.result == IMS_ERR_LIMIT;
    track->figure_is_due = !put_map(track, IMS_RECORD_FIGURE, &map) && !is_too_large;
}

static void put_state(struct track *track)
{
    struct ims_bytes map = {.limit = STATE_BYTES_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    ims_put_map(&sink, 2);
    ims_put_key(&sink, "state");
    ims_put_text(&sink, stream_state_names[stream_state(track->stream)]);
    ims_put_key(&sink, "reason");
    ims_put_text(&sink, stream_reason(track->stream));
    ims_put_end(&sink);
    (void)put_map(track, IMS_RECORD_STATE, &map);
}

static void put_controls(struct track *track, const struct stream_controls *controls)
{
    struct ims_bytes map = {.limit = CONTROLS_BYTES_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    ims_put_map(&sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < controls->list->count; i++) {
        if (!controls->changed[i])
            continue;
        ims_put_key(&sink, controls->list->items[i].name);
        control_value_put(&sink, &controls->list->items[i]);
    }
    ims_put_end(&sink);
    (void)put_map(track, IMS_RECORD_CONTROLS, &map);
}

/* ---- frames to the tape ---- */

/* A slot must go back to its pusher soon; so does one frame of it wait, and the others are copied. */
static struct ims_frame *copy_frame(const struct ims_frame *frame)
{
    struct ims_frame *copy;
    struct ims_array array;
    if (frame->pixel_format != IMS_PIX_ARRAY || ims_frame_bytes(frame) > COPY_BYTES_MAX ||
        ims_array_create(frame->array.dtype, frame->array.ndim, frame->array.shape,
                         &array, NULL))
        return NULL;
    if (!ims_array_is_c_ordered(&frame->array) || ims_frame_create(&copy)) {
        ims_array_finish(&array);
        return NULL;
    }
    memcpy(array.data, frame->array.data,
           ims_array_count(&array) * ims_dtype_size(array.dtype));
    array.labels = frame->array.labels ? ims_labels_ref(frame->array.labels) : NULL;
    *copy = (struct ims_frame){.seq = frame->seq,
                               .epoch = frame->epoch,
                               .time_us = frame->time_us,
                               .source_time_us = frame->source_time_us,
                               .grab_ns = frame->grab_ns,
                               .array = array,
                               .mosaic = frame->mosaic,
                               .bits = frame->bits,
                               .camera_format = frame->camera_format,
                               .meta = frame->meta ? ims_buffer_ref(frame->meta) : NULL};
    return copy;
}

static bool put_frame(struct track *track, struct ims_frame *frame)
{
    struct tape *tape = track->session->tape;
    bool is_slot = stream_kept_frames(track->stream) > 0;
    if (!is_slot || tape_waiting(tape, track->index) == 0)
        return tape_frame(tape, track->index, frame);
    struct ims_frame *copy = copy_frame(frame);
    bool is_put = copy && tape_frame(tape, track->index, copy);
    ims_frame_unref(&copy);
    return is_put;
}

static void take(struct track *track, struct ims_frame *frame)
{
    struct session *session = track->session;
    if (session->status.state == TAPE_HELD) {
        track->missed++;
        session->recordings->totals.missed++;
        return;
    }
    if (track->figure_is_due)
        put_figure(track);
    if (put_frame(track, frame))
        return;
    track->dropped++;
    session->recordings->totals.dropped++;
    tape_dropped(session->tape, track->index);
}

/* The first frame at or after its time; what is late does not make the next one early. */
static bool is_due(struct track *track, const struct ims_frame *frame)
{
    int64_t every_us = (int64_t)(track->session->plan.every_s * 1e6);
    if (every_us == 0)
        return true;
    if (frame->time_us < track->next_us && track->next_us - frame->time_us <= every_us)
        return false;
    bool is_late = frame->time_us - track->next_us > every_us || track->next_us == 0;
    track->next_us = (is_late ? frame->time_us : track->next_us) + every_us;
    return true;
}

/* ---- the trigger's look ---- */

static void do_measure(struct work *work)
{
    struct measuring *m = work->data;
    m->has_value = measure_frame(&m->measure, m->frame, &m->value);
}

static void measuring_free(struct measuring *m)
{
    measure_finish(&m->measure);
    free(m);
}

static void on_measured(struct work *work, int status)
{
    struct measuring *m = work->data;
    struct recordings *recordings = m->recordings;
    struct track *track = m->track;
    (void)status;
    ims_frame_unref(&m->frame);
    recordings->jobs--;
    if (!track)
        measuring_free(m);
    else if (m->has_value && m->value > track->session->plan.limit)
        session__fire(track->session);
    recordings__maybe_closed(recordings);
}

static void measure(struct track *track, struct ims_frame *frame)
{
    struct measuring *m = track->measuring;
    int64_t now = stream_mono_ns();
    if (!m || m->frame || now - track->measured_ns < (int64_t)MEASURE_MS * 1000000)
        return;
    track->measured_ns = now;
    m->frame = ims_frame_ref(frame);
    m->recordings->jobs++;
    work_queue(m->recordings->loop, &m->work, do_measure, on_measured);
}

/* ---- what the stream tells ---- */

static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    struct track *track = track_of(listener);
    struct session *session = track->session;
    struct ims_frame *frame = stream_newest(stream);
    if (session->is_running && is_due(track, frame))
        take(track, frame);
    if (schedule_is_open_now(&session->plan.schedule))
        measure(track, frame);
    ims_frame_unref(&frame);
    track_settle(track);
}

static void on_state(struct stream_listener *listener, struct stream *stream)
{
    struct track *track = track_of(listener);
    (void)stream;
    if (track->session->is_running)
        put_state(track);
}

static void on_figure(struct stream_listener *listener, struct stream *stream,
                      const struct recipe *old)
{
    struct track *track = track_of(listener);
    (void)stream, (void)old;
    track->figure_is_due = true;
    if (track->session->is_running)
        put_figure(track);
}

static void on_controls(struct stream_listener *listener, struct stream *stream,
                        const struct stream_controls *controls)
{
    struct track *track = track_of(listener);
    (void)stream;
    if (track->session->is_running)
        put_controls(track, controls);
}

static void on_end(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    track_detach(track_of(listener));
}

/* ---- coming, going, watching ---- */

void track_init(struct track *track, struct session *session, int index)
{
    track->session = session;
    track->index = index;
    track->listener = (struct stream_listener){.on_frame = on_frame,
                                               .on_state = on_state,
                                               .on_figure = on_figure,
                                               .on_controls = on_controls,
                                               .on_end = on_end};
    if (session->plan.trigger <= TRIGGER_CALL)
        return;
    struct measuring *m = calloc(1, sizeof *m);
    if (!m)
        return;
    m->work.data = m;
    m->work.kind = WORK_TRIGGER;
    m->recordings = session->recordings;
    m->track = track;
    m->measure.trigger = session->plan.trigger;
    track->measuring = m;
}

void track_attach(struct track *track, struct stream *stream)
{
    track->stream = stream;
    track->figure_is_due = true;
    stream_listen(stream, &track->listener);
    track_settle(track);
}

static void keep(struct track *track, size_t bytes)
{
    if (bytes == track->kept_bytes)
        return;
    stream_keep_more(track->stream, (ptrdiff_t)bytes - (ptrdiff_t)track->kept_bytes);
    track->kept_bytes = bytes;
}

static void watch(struct track *track, bool is_watching)
{
    if (is_watching == track->is_watching)
        return;
    track->is_watching = is_watching;
    if (is_watching)
        stream_watch(track->stream);
    else
        stream_unwatch(track->stream);
}

void track_detach(struct track *track)
{
    struct measuring *m = track->measuring;
    if (!track->stream)
        return;
    stream_unlisten(track->stream, &track->listener);
    keep(track, 0);
    watch(track, false);
    track->stream = NULL;
    if (m && !m->frame)
        measure_finish(&m->measure);
}

void track_finish(struct track *track)
{
    struct measuring *m = track->measuring;
    track_detach(track);
    track->measuring = NULL;
    if (m && m->frame)
        m->track = NULL;
    else if (m)
        measuring_free(m);
}

void track_settle(struct track *track)
{
    struct session *session = track->session;
    const struct plan *plan = &session->plan;
    bool is_open = schedule_is_open_now(&plan->schedule) && !session->is_stopping;
    bool is_armed = plan->trigger && is_open;
    bool is_lapse = plan->every_s > WATCH_ALWAYS_S;
    bool is_due_now = !is_lapse || stream_now_us() >= track->next_us;
    if (!track->stream)
        return;
    keep(track, is_armed && plan->pre_s > 0 ? session->recordings->pre_bytes : 0);
    watch(track, is_armed || (session->is_running && is_due_now));
}

/* ---- a part begins ---- */

struct earlier {
    struct track *track;
    struct ims_frame *frame;
};

static int compare_times(const void *a, const void *b)
{
    const struct earlier *x = a, *y = b;
    return (x->frame->time_us > y->frame->time_us) -
           (x->frame->time_us < y->frame->time_us);
}

static size_t collect(struct track *track, int64_t since_us, struct earlier *out)
{
    struct ims_frame *frames[STREAM_RING_FRAMES_MAX];
    size_t count = stream_since(track->stream, since_us, frames, STREAM_RING_FRAMES_MAX);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct earlier){track, frames[i]};
    return count;
}

/* Of all streams in order of time. */
static void take_earlier(struct session *session, int64_t since_us)
{
    size_t max = (size_t)session->plan.stream_count * STREAM_RING_FRAMES_MAX, count = 0;
    struct earlier *all = calloc(max, sizeof *all);
    for (int i = 0; all && i < session->plan.stream_count; i++)
        if (session->tracks[i].stream)
            count += collect(&session->tracks[i], since_us, all + count);
    if (count)
        qsort(all, count, sizeof *all, compare_times);
    for (size_t i = 0; i < count; i++) {
        if (is_due(all[i].track, all[i].frame))
            take(all[i].track, all[i].frame);
        ims_frame_unref(&all[i].frame);
    }
    free(all);
}

void tracks_begin(struct session *session)
{
    const struct plan *plan = &session->plan;
    for (int i = 0; i < plan->stream_count; i++) {
        struct track *track = &session->tracks[i];
        track->next_us = 0;
        track_settle(track);
        if (track->stream)
            put_figure(track);
    }
    if (plan->trigger)
        take_earlier(session, stream_now_us() - (int64_t)(plan->pre_s * 1e6));
}
