/* SPDX-License-Identifier: MIT */
/* A camera's frames from the driver's buffers up to the stream. */
#include "v4l2_private.h"

#include <errno.h>

static void take_next(struct v4l2 *v);

static void queue(struct v4l2 *v, const struct shot *shot)
{
    v4l2_device_queue(&v->session->device, shot->filled.index);
}

static void do_copy(struct work *work)
{
    struct v4l2 *v = work->data;
    v4l2_copy_run(&v->copy);
}

/* The watchdog hears every frame; one that is broken now and then is only counted, but a camera that gives no
 * other shows nothing, as one that gives none. */
static void count_broken(struct v4l2 *v)
{
    uint64_t now = uv_now(source_loop(v->source));
    uint64_t patience = uv_timer_get_repeat(&v->watchdog);
    stream_dropped(source_stream(v->source), STREAM_DROP_BROKEN, 1);
    if (!v->has_broken)
        v->broken_since_ms = now;
    v->has_broken = true;
    if (now - v->broken_since_ms >= patience)
        source_lost(v->source,
                    "%.160s: only broken pictures for %llu s: check cable and power, or "
                    "lower resolution or rate",
                    v->session->device.path, (unsigned long long)patience / 1000);
}

/* Comparing reads two pictures where copying reads one: the longer a scene has moved, the rarer it is tried. */
static void learn(struct v4l2 *v)
{
    if (v->copy.is_like) {
        v->unlike = v->alone = 0;
    } else if (v->copy.like) {
        v->unlike += v->unlike < V4L2_UNLIKE_MAX;
        v->alone = (1 << v->unlike) - 1;
    }
}

static void keep_last(struct v4l2 *v, const struct ims_frame *frame)
{
    ims_buffer_unref(&v->last);
    if (frame->pixel_format != IMS_PIX_MJPEG) /* two JPEGs of a camera are hardly equal */
        v->last = ims_buffer_ref(frame->buffer ? frame->buffer : frame->array.buffer);
}

static void publish(struct v4l2 *v)
{
    struct stream *stream = source_stream(v->source);
    struct ims_frame *frame = NULL;
    if (v->copy.size == 0) {
        v4l2_copy_drop(&v->copy);
        count_broken(v);
        return;
    }
    learn(v);
    if (v4l2_copy_frame(&v->copy, &frame)) {
        stream_dropped(stream, STREAM_DROP_MEMORY, 1);
        return;
    }
    keep_last(v, frame);
    v->has_broken = false;
    frame->time_us = v->copied.time_us;
    frame->grab_ns = v->copied.grab_ns;
    uint64_t left_out = v->copied.number - v->published - 1;
    v->published = v->copied.number;
    v->has_shown = true;
    stream_publish(stream, frame, left_out);
}

/* Whether frames are wanted: not while the source stops, rests or changes its signal. */
static bool takes_frames(const struct v4l2 *v)
{
    return v->streaming && !v->stopping && !v->resting && !v->renewing;
}

static void on_copied(struct work *work, int status)
{
    struct v4l2 *v = work->data;
    v->copying = false;
    if (v->streaming && !v->stopping)
        queue(v, &v->copied);
    if (status || !takes_frames(v)) {
        v4l2_copy_drop(&v->copy);
        v4l2__advance(v);
        return;
    }
    publish(v);
    if (takes_frames(v)) /* a viewer's wish may have ended the source within publish */
        take_next(v);
    else
        v4l2__advance(v);
}

static void fill_copy(struct v4l2 *v)
{
    const struct v4l2_filled *f = &v->copied.filled;
    const struct v4l2_mapping *map = &v->session->device.map[f->index];
    v->copy = (struct v4l2_copy){.form = v->session->device.form};
    for (int i = 0; i < V4L2_FORM_PLANES; i++) {
        if (map->plane[i].data)
            v->copy.from[i] = map->plane[i].data + f->from[i];
        v->copy.used[i] = f->used[i];
    }
    if (v->last && v->alone == 0)
        v->copy.like = ims_buffer_ref(v->last);
    v->alone -= v->alone > 0;
}

/* One copy at a time: the newest frame waits, older ones have given way in on_frame. */
static void take_next(struct v4l2 *v)
{
    if (v->copying || !v->has_waiting)
        return;
    struct stream *stream = source_stream(v->source);
    v->has_waiting = false;
    v->copied = v->waiting;
    fill_copy(v);
    v->work.data = v;
    v->work.kind = WORK_CAPTURE;
    bool queued =
        !ims_pool_get(stream_pool(stream), v4l2_copy_room(&v->copy), &v->copy.to) &&
        !work_queue(source_loop(v->source), &v->work, do_copy, on_copied);
    v->copying = queued;
    if (queued)
        return;
    v4l2_copy_drop(&v->copy);
    stream_dropped(stream, STREAM_DROP_MEMORY, 1);
    queue(v, &v->copied);
}

static struct shot shot_of(const struct v4l2_filled *f)
{
    int64_t now = stream_mono_ns(), stamp = now;
    if ((f->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        stamp = f->stamp_ns;
    return (struct shot){.filled = *f,
                         .time_us = v4l2_capture_time_us(stamp, now, stream_now_us()),
                         .grab_ns = now};
}

static void count_frame(struct v4l2 *v, uint32_t sequence)
{
    uint32_t missed = v->has_sequence ? v4l2_frames_missed(v->sequence, sequence) : 0;
    v->has_sequence = true;
    v->sequence = sequence;
    v->number += 1 + (uint64_t)missed;
    stream_dropped(source_stream(v->source), STREAM_DROP_LOST, missed);
}

/* The driver's numbers are not believed: what they name must lie within what is mapped. */
static bool is_broken(const struct v4l2 *v, const struct v4l2_filled *f)
{
    const struct v4l2_device *d = &v->session->device;
    for (uint32_t i = 0; i < d->form.plane_count; i++) {
        size_t size = d->map[f->index].plane[i].size;
        if (f->from[i] > size || f->used[i] > size - f->from[i] ||
            f->used[i] > STREAM_FRAME_BYTES_MAX)
            return true;
    }
    return f->flags & V4L2_BUF_FLAG_ERROR || !v4l2_form_is_whole(&d->form, f->used);
}

static bool is_unwanted(struct v4l2 *v)
{
    if (v->warm_up > 0) {
        v->warm_up--;
        return true;
    }
    return v->has_shown && !source_is_watched(v->source);
}

static void on_frame(struct v4l2 *v, const struct v4l2_filled *f)
{
    struct stream *stream = source_stream(v->source);
    count_frame(v, f->sequence);
    if (is_broken(v, f)) {
        v4l2_device_queue(&v->session->device, f->index);
        count_broken(v);
        return;
    }
    if (is_unwanted(v)) {
        v->has_broken = false;
        v4l2_device_queue(&v->session->device, f->index);
        stream_skip(stream);
        return;
    }
    if (v->has_waiting) {
        stream_dropped(stream, STREAM_DROP_BUSY, 1);
        queue(v, &v->waiting);
    }
    v->has_waiting = true;
    v->waiting = shot_of(f);
    v->waiting.number = v->number;
}

bool v4l2__take_frames(struct v4l2 *v, bool is_broken_poll)
{
    /* one round of the buffers at most, so that a fast camera leaves the loop to others */
    for (uint32_t i = 0; i < v->session->device.count && takes_frames(v); i++) {
        struct v4l2_filled f;
        int error = v4l2_device_dequeue(&v->session->device, &f);
        if (error == EAGAIN && !is_broken_poll)
            break;
        if (error) {
            /* POLLERR and no word from the driver */
            v4l2__lose(v, error == EAGAIN ? EIO : error);
            return false;
        }
        uv_timer_again(&v->watchdog);
        on_frame(v, &f);
    }
    if (takes_frames(v))
        take_next(v);
    return true;
}

void v4l2__forget_frames(struct v4l2 *v)
{
    if (v->has_waiting && v->streaming && !v->stopping)
        queue(v, &v->waiting);
    v->has_waiting = false;
    v->has_sequence = false;
    v->has_broken = false;
    v->unlike = v->alone = 0;
    ims_buffer_unref(&v->last);
}
