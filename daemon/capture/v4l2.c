/* SPDX-License-Identifier: MIT */
#include "v4l2.h"

#include "sources.h"
#include "stream.h"
#include "v4l2_copy.h"
#include "v4l2_device.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { STALL_MS = 5000 };

/* A frame that still lies in the driver's memory. */
struct shot {
    uint32_t index; /* of the mapped buffer */
    size_t used;
    int64_t time_us, grab_ns;
    uint64_t number; /* of the frame, see struct v4l2 */
};

struct v4l2 {
    struct source *source;
    struct v4l2_device device;
    uv_poll_t poll;
    uv_timer_t watchdog;
    int open_handles;
    bool stopping;

    bool
        has_waiting; /* `waiting` is the newest frame, taken when the copy under way has ended */
    struct shot waiting;

    bool copying; /* `work`, `copy` and `copied` belong to the job */
    uv_work_t work;
    struct v4l2_copy copy;
    struct shot copied;

    bool has_shown; /* a frame went up since the start: viewers know the form */
    bool has_sequence;
    uint32_t sequence;  /* the driver's last */
    uint64_t number;    /* frames since the start, lost ones included */
    uint64_t published; /* the number of the one that went up last; 0: none */
};

/* ---- frames ---- */

static void take_next(struct v4l2 *v);

static void do_copy(uv_work_t *work)
{
    struct v4l2 *v = work->data;
    v4l2_copy_run(&v->copy);
}

static void publish(struct v4l2 *v)
{
    struct stream *stream = source_stream(v->source);
    struct ims_frame *frame = NULL;
    bool broken = v->copy.size == 0;
    if (v4l2_copy_frame(&v->copy, &frame)) {
        stream_dropped(stream, broken ? STREAM_DROP_BROKEN : STREAM_DROP_MEMORY, 1);
        return;
    }
    frame->time_us = v->copied.time_us;
    frame->grab_ns = v->copied.grab_ns;
    uint64_t left_out = v->copied.number - v->published - 1;
    v->published = v->copied.number;
    v->has_shown = true;
    stream_publish(stream, frame, left_out);
}

static void finish_stop(struct v4l2 *v)
{
    if (v->open_handles || v->copying)
        return;
    v4l2_device_close(&v->device);
    source_stopped(v->source);
}

static void on_copied(uv_work_t *work, int status)
{
    struct v4l2 *v = work->data;
    v->copying = false;
    if (v->stopping || status) {
        ims_buffer_unref(&v->copy.to);
        if (v->stopping)
            finish_stop(v);
        return;
    }
    v4l2_device_queue(&v->device, v->copied.index);
    publish(v);
    if (!v->stopping) /* a viewer's wish may have ended the source within publish */
        take_next(v);
}

/* One copy at a time: the newest frame waits, older ones have given way in on_frame. */
static void take_next(struct v4l2 *v)
{
    if (v->copying || !v->has_waiting)
        return;
    struct stream *stream = source_stream(v->source);
    v->has_waiting = false;
    v->copied = v->waiting;
    v->copy = (struct v4l2_copy){.form = v->device.form,
                                 .from = {v->device.map[v->copied.index].data},
                                 .used = {v->copied.used}};
    v->work.data = v;
    bool queued =
        !ims_pool_get(stream_pool(stream), v4l2_copy_room(&v->copy), &v->copy.to) &&
        !uv_queue_work(source_loop(v->source), &v->work, do_copy, on_copied);
    v->copying = queued;
    if (queued)
        return;
    ims_buffer_unref(&v->copy.to);
    stream_dropped(stream, STREAM_DROP_MEMORY, 1);
    v4l2_device_queue(&v->device, v->copied.index);
}

static struct shot shot_of(const struct v4l2_buffer *b)
{
    int64_t now = stream_mono_ns(), stamp = now;
    if ((b->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        stamp = (int64_t)b->timestamp.tv_sec * 1000000000 + b->timestamp.tv_usec * 1000;
    return (struct shot){.index = b->index,
                         .used = b->bytesused,
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

static bool is_broken(const struct v4l2 *v, const struct v4l2_buffer *b)
{
    const size_t used[V4L2_FORM_PLANES] = {b->bytesused};
    return b->flags & V4L2_BUF_FLAG_ERROR ||
           b->bytesused > v->device.map[b->index].size ||
           b->bytesused > STREAM_FRAME_BYTES_MAX ||
           !v4l2_form_is_whole(&v->device.form, used);
}

static void on_frame(struct v4l2 *v, const struct v4l2_buffer *b)
{
    struct stream *stream = source_stream(v->source);
    count_frame(v, b->sequence);
    if (is_broken(v, b)) {
        stream_dropped(stream, STREAM_DROP_BROKEN, 1);
        v4l2_device_queue(&v->device, b->index);
        return;
    }
    if (v->has_shown && !source_is_watched(v->source)) {
        v4l2_device_queue(&v->device, b->index);
        stream_skip(stream);
        return;
    }
    if (v->has_waiting) {
        stream_dropped(stream, STREAM_DROP_BUSY, 1);
        v4l2_device_queue(&v->device, v->waiting.index);
    }
    v->has_waiting = true;
    v->waiting = shot_of(b);
    v->waiting.number = v->number;
}

/* ---- the device's news ---- */

static void lose(struct v4l2 *v, int error)
{
    source_lost(v->source, "%.160s: %s", source_address(v->source),
                v4l2_error_text(error));
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct v4l2 *v = poll->data;
    (void)events;
    /* one round of the buffers at most, so that a fast camera leaves the loop to others */
    for (uint32_t i = 0; i < v->device.count && !v->stopping; i++) {
        struct v4l2_buffer b;
        int error = v4l2_device_dequeue(&v->device, &b);
        if (error == EAGAIN && !status)
            break;
        if (error) {
            lose(v,
                 error == EAGAIN ? EIO : error); /* POLLERR and no word from the driver */
            return;
        }
        uv_timer_again(&v->watchdog);
        on_frame(v, &b);
    }
    if (!v->stopping)
        take_next(v);
}

static void on_stall(uv_timer_t *timer)
{
    struct v4l2 *v = timer->data;
    source_lost(v->source,
                "%.160s: no frame for %llu s: check cable and power, or lower the rate",
                source_address(v->source),
                (unsigned long long)uv_timer_get_repeat(timer) / 1000);
}

/* ---- the source ---- */

static enum ims_result v4l2_check(const char *address, struct ims_error *err)
{
    if (address[0] == '/' && strlen(address) < PATH_MAX)
        return IMS_OK;
    return ims_fail(
        err, IMS_ERR_INVALID,
        "source 'v4l2:%.100s': name a device by its whole path, as v4l2:/dev/video0",
        address);
}

static enum ims_result v4l2_start(struct source *source, struct ims_error *err)
{
    struct v4l2 *v = source_state(source);
    *v = (struct v4l2){.source = source};
    const char *path = source_address(source);
    enum ims_result result =
        v4l2_device_open(&v->device, path, source_settings(source), err);
    if (result)
        return result;
    int status = uv_poll_init(source_loop(source), &v->poll, v->device.fd);
    if (status) {
        v4l2_device_close(&v->device);
        return ims_fail(err, IMS_ERR_IO, "%.160s: poll: %s", path, uv_strerror(status));
    }
    uv_timer_init(source_loop(source), &v->watchdog);
    v->poll.data = v->watchdog.data = v;
    v->open_handles = 2;
    /* a camera with long exposures is not stalled between two of them */
    uint64_t patience = (uint64_t)v->device.interval_ms * 3;
    if (patience < STALL_MS)
        patience = STALL_MS;
    uv_timer_start(&v->watchdog, on_stall, patience, patience);
    /* should polling not start, then the watchdog reports it as a camera without frames */
    (void)uv_poll_start(&v->poll, UV_READABLE, on_readable);
    return IMS_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct v4l2 *v = handle->data;
    v->open_handles--;
    finish_stop(v);
}

static void v4l2_stop(struct source *source)
{
    struct v4l2 *v = source_state(source);
    v->stopping = true;
    v->has_waiting = false;
    uv_poll_stop(&v->poll);
    v4l2_device_stop(&v->device);
    uv_close((uv_handle_t *)&v->poll, on_closed);
    uv_close((uv_handle_t *)&v->watchdog, on_closed);
}

const struct source_impl source_v4l2 = {
    .name = "v4l2",
    .summary =
        "a camera; YUYV, GREY, Y16 or MJPEG, the first that it lists unless -m says",
    .address = "/dev/video0",
    .size = sizeof(struct v4l2),
    .check = v4l2_check,
    .start = v4l2_start,
    .stop = v4l2_stop,
};
