/* SPDX-License-Identifier: MIT */
#include "push.h"

#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct push {
    struct pushes *pushes;
    struct push *next;
    struct stream *stream;
    struct push_owner *owner; /* NULL: the pusher is gone, or it comes by POST */
    struct ims_labels *labels;
    uint64_t last_ms; /* of a frame, or when the pusher left */
};

struct pushes {
    uv_loop_t *loop;
    struct streams *streams;
    struct push *first;
    uv_timer_t timer; /* removes what lingered long enough */
    int jobs;
    bool timer_is_closed;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

enum { SWEEP_MS = 10 * 1000 };

/* ---- the set ---- */

static void push_free(struct push *push)
{
    ims_labels_unref(&push->labels);
    free(push);
}

static void remove_lingering(struct pushes *pushes)
{
    uint64_t now = uv_now(pushes->loop);
    for (struct push **at = &pushes->first; *at;) {
        struct push *push = *at;
        if (push->owner || stream_is_watched(push->stream) ||
            now - push->last_ms < PUSH_LINGER_MS) {
            at = &push->next;
            continue;
        }
        *at = push->next;
        streams_remove(pushes->streams, push->stream);
        push_free(push);
    }
}

static void on_sweep(uv_timer_t *timer)
{
    remove_lingering(timer->data);
}

enum ims_result pushes_create(uv_loop_t *loop, struct streams *streams,
                              struct pushes **out)
{
    struct pushes *pushes = calloc(1, sizeof *pushes);
    if (!pushes)
        return IMS_ERR_NOMEM;
    pushes->loop = loop;
    pushes->streams = streams;
    uv_timer_init(loop, &pushes->timer);
    pushes->timer.data = pushes;
    uv_timer_start(&pushes->timer, on_sweep, SWEEP_MS, SWEEP_MS);
    *out = pushes;
    return IMS_OK;
}

static void finish_when_idle(struct pushes *pushes)
{
    if (!pushes->on_closed || !pushes->timer_is_closed || pushes->jobs)
        return;
    void (*on_closed)(void *) = pushes->on_closed;
    void *user = pushes->on_closed_user;
    while (pushes->first) {
        struct push *push = pushes->first;
        pushes->first = push->next;
        push_free(push);
    }
    free(pushes);
    on_closed(user);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct pushes *pushes = handle->data;
    pushes->timer_is_closed = true;
    finish_when_idle(pushes);
}

void pushes_close(struct pushes *pushes, void (*on_closed)(void *user), void *user)
{
    pushes->on_closed = on_closed;
    pushes->on_closed_user = user;
    uv_close((uv_handle_t *)&pushes->timer, on_timer_closed);
}

static struct push *push_find(const struct pushes *pushes, const char *name)
{
    for (struct push *p = pushes->first; p; p = p->next)
        if (strcmp(stream_name(p->stream), name) == 0)
            return p;
    return NULL;
}

static enum ims_result push_create(struct pushes *pushes, const char *name,
                                   struct push **out, struct ims_error *err)
{
    if (streams_find(pushes->streams, name))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "stream '%s' comes from a source of the server: choose another name", name);
    struct push *push = calloc(1, sizeof *push);
    if (!push)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for stream '%s'", name);
    enum ims_result result = streams_add(pushes->streams, name, &push->stream, err);
    if (result) {
        free(push);
        return result;
    }
    stream_set_origin(push->stream, "push");
    push->pushes = pushes;
    push->last_ms = uv_now(pushes->loop);
    push->next = pushes->first;
    pushes->first = push;
    *out = push;
    return IMS_OK;
}

static enum ims_result push_find_or_create(struct pushes *pushes, const char *name,
                                           struct push **out, struct ims_error *err)
{
    struct push *push = push_find(pushes, name);
    if (!push)
        return push_create(pushes, name, out, err);
    *out = push;
    return IMS_OK;
}

static enum ims_result fail_in_use(const char *name, struct ims_error *err)
{
    return ims_fail(
        err, IMS_ERR_INVALID,
        "stream '%s' is being pushed by another connection: choose another name, "
        "or say takeover",
        name);
}

/* ---- connections ---- */

enum ims_result push_open(struct pushes *pushes, const char *name,
                          struct ims_figure_params *params, struct ims_labels *labels,
                          bool takeover, struct push_owner *owner, struct push **out,
                          struct ims_error *err)
{
    struct push *push = NULL;
    enum ims_result result = push_find_or_create(pushes, name, &push, err);
    if (result)
        return result;
    if (push->owner && !takeover)
        return fail_in_use(name, err);
    if (push->owner)
        push->owner->on_taken(push->owner);
    push->owner = owner;
    ims_labels_unref(&push->labels);
    push->labels = labels ? ims_labels_ref(labels) : NULL;
    if (params)
        stream_set_params(push->stream, params);
    *out = push;
    return IMS_OK;
}

void push_leave(struct push *push, struct push_owner *owner, const char *reason)
{
    if (push->owner != owner)
        return; /* somebody took over */
    push->owner = NULL;
    push->last_ms = uv_now(push->pushes->loop);
    stream_set_lost(push->stream, reason);
}

static uint64_t publish(struct push *push, struct ims_frame *frame)
{
    push->last_ms = uv_now(push->pushes->loop);
    frame->time_us = stream_now_us();
    frame->grab_ns = stream_mono_ns();
    stream_publish(push->stream, frame, 0);
    struct ims_frame *newest = stream_newest(push->stream);
    uint64_t seq = newest->seq;
    ims_frame_unref(&newest);
    return seq;
}

/* The items are copied once more, into memory of the stream's pool: they lie unaligned behind a msgpack
 * head, and the connection reads its next message into the same place. */
static enum ims_result array_of(struct push *push, const struct ims_wire_frame *in,
                                struct ims_array *out, struct ims_error *err)
{
    struct ims_buffer *buffer;
    if (ims_pool_get(stream_pool(push->stream), in->size, &buffer))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame of %zu bytes",
                        in->size);
    memcpy(buffer->data, in->data, in->size);
    size_t item = ims_dtype_size(in->dtype);
    if (in->swapped)
        ims_swap_bytes(buffer->data, in->size / item, item);
    enum ims_result result =
        ims_array_over(buffer, 0, in->dtype, in->ndim, in->shape, out, err);
    ims_buffer_unref(&buffer);
    return result;
}

/* Consumes the array. */
static enum ims_result frame_of(struct ims_array *array, struct ims_labels *labels,
                                struct ims_frame **out, struct ims_error *err)
{
    struct ims_extent extent;
    struct ims_frame *frame = NULL;
    enum ims_result result =
        labels ? ims_labels_fit(labels, array->ndim, array->shape, err) : IMS_OK;
    if (result == IMS_OK && ims_frame_create(&frame))
        result = ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    if (result) {
        ims_array_finish(array);
        return result;
    }
    frame->array = *array;
    if (labels) {
        ims_labels_unref(&frame->array.labels);
        frame->array.labels = ims_labels_ref(labels);
    }
    result = ims_frame_extent(frame, &extent, err);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}

enum ims_result push_frame(struct push *push, const struct ims_wire_frame *in,
                           struct ims_error *err)
{
    struct ims_array array;
    struct ims_frame *frame = NULL;
    enum ims_result result = array_of(push, in, &array, err);
    if (result == IMS_OK)
        result = frame_of(&array, push->labels, &frame, err);
    if (result)
        return result;
    frame->source_time_us = in->time_us;
    publish(push, frame);
    return IMS_OK;
}

/* ---- bodies of POST ---- */

enum body_kind { BODY_NPY, BODY_PNG, BODY_JPEG, BODY_UNKNOWN };

struct body_job {
    uv_work_t work;
    struct pushes *pushes;
    enum body_kind kind;
    struct ims_buffer *body;
    struct ims_figure_params *params;
    char name[STREAM_NAME_MAX + 1];
    struct ims_array array;
    enum ims_result result;
    struct ims_error err;
    void (*on_done)(void *user, const struct push_done *done);
    void *user;
};

static enum body_kind body_kind(const struct ims_buffer *body)
{
    static const struct {
        const char *magic;
        size_t size;
    } kinds[] = {
        [BODY_NPY] = {"\x93NUMPY", 6},
        [BODY_PNG] = {"\x89PNG\r\n\x1a\n", 8},
        [BODY_JPEG] = {"\xff\xd8\xff", 3},
    };
    for (int i = 0; i < BODY_UNKNOWN; i++)
        if (body->size >= kinds[i].size &&
            memcmp(body->data, kinds[i].magic, kinds[i].size) == 0)
            return (enum body_kind)i;
    return BODY_UNKNOWN;
}

static void do_decode(uv_work_t *work)
{
    struct body_job *job = work->data;
    const uint8_t *data = job->body->data;
    size_t size = job->body->size, max = STREAM_FRAME_BYTES_MAX;
    if (job->kind == BODY_NPY)
        job->result = ims_npy_read(data, size, max, &job->array, &job->err);
    else if (job->kind == BODY_PNG)
        job->result = ims_png_decode(data, size, max, &job->array, &job->err);
    else
        job->result = ims_jpeg_decode(data, size, max, &job->array, &job->err);
}

/* Publishes what was decoded; the name may have been taken meanwhile. */
static enum ims_result job_publish(struct body_job *job, struct push_done *done)
{
    struct push *push = NULL;
    struct ims_frame *frame = NULL;
    enum ims_result result = frame_of(&job->array, NULL, &frame, &job->err);
    if (result)
        return result;
    result = push_find_or_create(job->pushes, job->name, &push, &job->err);
    if (result == IMS_OK && push->owner)
        result = fail_in_use(job->name, &job->err);
    if (result) {
        ims_frame_unref(&frame);
        return result;
    }
    if (job->params)
        stream_set_params(push->stream, job->params);
    done->seq = publish(push, frame);
    done->epoch = stream_epoch(push->stream);
    return IMS_OK;
}

static void on_decoded(uv_work_t *work, int status)
{
    struct body_job *job = work->data;
    struct pushes *pushes = job->pushes;
    struct push_done done = {.name = job->name};
    (void)status;
    pushes->jobs--;
    if (job->result == IMS_OK && pushes->on_closed) {
        ims_array_finish(&job->array);
        job->result = ims_fail(&job->err, IMS_ERR_IO, "the server is stopping");
    }
    if (job->result == IMS_OK)
        job->result = job_publish(job, &done);
    done.result = job->result;
    done.text = job->err.text;
    job->on_done(job->user, &done);
    ims_buffer_unref(&job->body);
    ims_figure_params_unref(&job->params);
    free(job);
    finish_when_idle(pushes);
}

enum ims_result push_body(struct pushes *pushes, const char *name,
                          struct ims_buffer **body, struct ims_figure_params *params,
                          void (*on_done)(void *user, const struct push_done *done),
                          void *user, struct ims_error *err)
{
    enum body_kind kind = body_kind(*body);
    if (kind == BODY_UNKNOWN)
        return ims_fail(
            err, IMS_ERR_UNSUPPORTED,
            "the body is no npy, PNG or JPEG: its first bytes say none of these");
    if (strlen(name) > STREAM_NAME_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a stream's name has at most %d characters",
                        STREAM_NAME_MAX);
    struct body_job *job = pushes->jobs < PUSH_JOBS_MAX ? calloc(1, sizeof *job) : NULL;
    if (!job)
        return ims_fail(err, IMS_ERR_IO,
                        "%d frames are being decoded already: send more slowly",
                        PUSH_JOBS_MAX);
    job->work.data = job;
    job->pushes = pushes;
    job->kind = kind;
    job->body = *body;
    job->params = params ? ims_figure_params_ref(params) : NULL;
    snprintf(job->name, sizeof job->name, "%s", name);
    job->on_done = on_done;
    job->user = user;
    *body = NULL;
    pushes->jobs++;
    uv_queue_work(pushes->loop, &job->work, do_decode, on_decoded);
    return IMS_OK;
}
