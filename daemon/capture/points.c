/* SPDX-License-Identifier: MIT */
#include "points.h"

#include "../work.h"
#include "push_private.h"

#include <imshow/raster.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One job at a time: it adds a batch, where there is one, and reads the grid, where that is due. The
 * raster is the job's while it runs. A batch that comes meanwhile (a read runs for the timer) waits;
 * there is never more than one, since its sender waits for on_done. */
struct points {
    struct push *push;
    struct pushes *pushes;
    struct ims_raster *raster;
    uv_timer_t timer; /* publishes what came since the last frame */
    struct work work;
    bool working, timer_is_closed, closing, needs_value;
    uint64_t every_ms, published_ms; /* uv_now of the last frame */
    bool has_news;                   /* points came since the grid was read last */

    struct ims_buffer *waiting; /* a batch that no job has so far */
    struct ims_points batch;    /* within `waiting`, later within `adding` */
    void (*on_done)(void *user, const char *text);
    void *user;

    /* the job's own */
    struct ims_buffer *adding;
    bool reads;
    int64_t now_us;
    struct ims_array grid;
    uint64_t outside; /* of the points that the grid was read after */
    enum ims_result result;
    struct ims_error err;
};

/* ---- publishing ---- */

static struct ims_frame *frame_of(struct points *p, struct ims_array *grid,
                                  struct ims_error *err)
{
    struct ims_frame *frame = NULL;
    if (push__frame_of(grid, recipe_labels(stream_recipe(p->push->stream)), &frame, err))
        return NULL;
    return frame;
}

static enum ims_result say_outside(const struct points *p, struct ims_frame *frame,
                                   struct ims_error *err)
{
    const struct ims_entry entry = {
        .key = "outside",
        .key_size = strlen("outside"),
        .value = {.kind = IMS_INTEGER, .as.integer = (int64_t)p->outside}};
    const struct ims_value meta = {.kind = IMS_MAP,
                                   .as.map = {.entries = &entry, .count = 1}};
    return ims_wire_meta_pack(&meta, &frame->meta, err);
}

/* The stream of a pusher that has gone is lost and stays so. */
static void publish_last(struct points *p, struct ims_frame *frame)
{
    char reason[320];
    snprintf(reason, sizeof reason, "%s", stream_reason(p->push->stream));
    push__publish(p->push, frame);
    stream_set_lost(p->push->stream, reason);
}

static enum ims_result publish(struct points *p, struct ims_error *err)
{
    bool is_taken = p->closing && (p->push->owner || p->pushes->on_closed);
    if (is_taken) {
        ims_array_finish(&p->grid);
        return IMS_OK;
    }
    struct ims_frame *frame = frame_of(p, &p->grid, err);
    p->grid = (struct ims_array){0};
    if (!frame)
        return IMS_ERR_INVALID;
    enum ims_result result = say_outside(p, frame, err);
    if (result) {
        ims_frame_unref(&frame);
        return result;
    }
    p->published_ms = uv_now(p->pushes->loop);
    if (p->closing)
        publish_last(p, frame);
    else
        push__publish(p->push, frame);
    return IMS_OK;
}

/* ---- the job ---- */

static void do_work(struct work *work)
{
    struct points *p = work->data;
    if (p->adding)
        ims_raster_add(p->raster, &p->batch, p->now_us);
    if (p->reads)
        p->result = ims_raster_read(p->raster, p->now_us, &p->grid, &p->err);
    p->outside = ims_raster_outside(p->raster);
}

static void on_worked(struct work *work, int status);

static bool is_due(const struct points *p)
{
    return p->closing || uv_now(p->pushes->loop) - p->published_ms >= p->every_ms;
}

static void start_job(struct points *p)
{
    p->adding = p->waiting;
    p->waiting = NULL;
    p->has_news = p->has_news || p->adding;
    p->reads = p->has_news && is_due(p);
    if (p->reads)
        p->has_news = false;
    p->now_us = stream_mono_ns() / 1000;
    p->result = IMS_OK;
    p->working = true;
    work_queue(p->pushes->loop, &p->work, do_work, on_worked);
}

static void free_when_idle(struct points *p)
{
    if (!p->closing || !p->timer_is_closed || p->working)
        return;
    struct pushes *pushes = p->pushes;
    ims_raster_destroy(p->raster);
    ims_buffer_unref(&p->waiting);
    free(p);
    pushes->holds--;
    pushes__finish_when_idle(pushes);
}

static void on_timer(uv_timer_t *timer)
{
    struct points *p = timer->data;
    if (!p->working)
        start_job(p);
}

/* Until the next frame; a job may have taken longer than that. */
static uint64_t wait_ms(const struct points *p)
{
    uint64_t passed_ms = uv_now(p->pushes->loop) - p->published_ms;
    return passed_ms < p->every_ms ? p->every_ms - passed_ms : 0;
}

/* After a job: the rest of what is to be done, by a job at once or by the timer when it is due. */
static void go_on(struct points *p)
{
    if (p->waiting || (p->closing && p->has_news))
        start_job(p);
    else if (p->has_news && !p->closing)
        uv_timer_start(&p->timer, on_timer, wait_ms(p), 0);
}

static void on_worked(struct work *work, int status)
{
    struct points *p = work->data;
    bool added = p->adding;
    (void)status; /* never cancelled */
    p->working = false;
    ims_buffer_unref(&p->adding);
    enum ims_result result = p->result;
    if (result == IMS_OK && p->reads)
        result = publish(p, &p->err);
    if (result)
        stream_dropped(p->push->stream, STREAM_DROP_MEMORY, 1);
    void (*on_done)(void *, const char *) = p->on_done; /* NULL when we are closed */
    void *user = p->user;
    if (result == IMS_OK)
        go_on(p);
    if (on_done && (added || result)) {
        p->on_done = NULL;
        on_done(user, result ? p->err.text : NULL); /* may close us */
        return;
    }
    free_when_idle(p);
}

/* ---- batches ---- */

bool points_is_batch(const struct ims_value *map)
{
    return ims_value_get(map, "x") || ims_value_get(map, "y");
}

static enum ims_result read_dtype(const struct ims_value *map, enum ims_dtype *out,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, "dtype");
    if (ims_value_is_text(v, "<f4"))
        *out = IMS_F32;
    else if (ims_value_is_text(v, "<f8"))
        *out = IMS_F64;
    else
        return ims_fail(err, IMS_ERR_INVALID, "points: dtype must be \"<f4\" or \"<f8\"");
    return IMS_OK;
}

static enum ims_result read_items(const struct ims_value *map, const char *key,
                                  size_t bytes, const void **out, struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, key);
    if (!v || v->kind != IMS_BYTES)
        return ims_fail(err, IMS_ERR_INVALID, "points: %s is missing or no bin", key);
    if (v->as.bytes.size != bytes)
        return ims_fail(err, IMS_ERR_INVALID, "points: x has %zu bytes, %s has %zu",
                        bytes, key, v->as.bytes.size);
    *out = v->as.bytes.data;
    return IMS_OK;
}

static enum ims_result batch_parse(const struct ims_value *map, bool needs_value,
                                   struct ims_points *out, struct ims_error *err)
{
    const struct ims_value *x = ims_value_get(map, "x");
    size_t bytes = x && x->kind == IMS_BYTES ? x->as.bytes.size : 0;
    enum ims_result r = read_dtype(map, &out->dtype, err);
    if (!r)
        r = read_items(map, "x", bytes, &out->x, err);
    if (!r)
        r = read_items(map, "y", bytes, &out->y, err);
    if (!r && needs_value)
        r = read_items(map, "value", bytes, &out->value, err);
    if (r)
        return r;
    size_t item = ims_dtype_size(out->dtype);
    if (bytes % item)
        return ims_fail(err, IMS_ERR_INVALID,
                        "points: x has %zu bytes, which is no whole number of %s", bytes,
                        ims_dtype_str(out->dtype));
    out->count = bytes / item;
    return IMS_OK;
}

/* The message's bytes are the connection's; ours are one behind the other. */
static enum ims_result copy_batch(struct points *p, const struct ims_points *in,
                                  struct ims_error *err)
{
    const void *from[3] = {in->x, in->y, in->value};
    const void **to[3] = {&p->batch.x, &p->batch.y, &p->batch.value};
    size_t bytes = in->count * ims_dtype_size(in->dtype),
           total = bytes * (in->value ? 3 : 2);
    if (ims_pool_get(stream_pool(p->push->stream), total ? total : 1, &p->waiting))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a batch of %zu points",
                        in->count);
    p->batch = *in;
    for (size_t i = 0; i < 3; i++) {
        uint8_t *at = p->waiting->data + i * bytes;
        if (from[i])
            memcpy(at, from[i], bytes);
        *to[i] = from[i] ? at : NULL;
    }
    return IMS_OK;
}

enum ims_result points_add(struct points *points, const struct ims_value *map,
                           void (*on_done)(void *user, const char *text), void *user,
                           struct ims_error *err)
{
    struct ims_points batch = {0};
    if (points->waiting || points->on_done)
        return ims_fail(err, IMS_ERR_INVALID, "points: the batch before is being added");
    enum ims_result r = batch_parse(map, points->needs_value, &batch, err);
    if (!r)
        r = copy_batch(points, &batch, err);
    if (r)
        return r;
    points->on_done = on_done;
    points->user = user;
    if (!points->working)
        start_job(points);
    return IMS_OK;
}

/* ---- coming and going ---- */

static enum ims_result read_fps(const struct ims_value *map, uint64_t *every_ms,
                                struct ims_error *err)
{
    const struct ims_value *v = ims_value_get(map, "fps");
    double fps = POINTS_FPS_DEFAULT;
    if (!ims_value_is_null(v) &&
        (!ims_value_as_f64(v, &fps) || !(fps >= 0.1 && fps <= POINTS_FPS_MAX)))
        return ims_fail(err, IMS_ERR_INVALID,
                        "points: fps must be a number within 0.1..%d", POINTS_FPS_MAX);
    *every_ms = (uint64_t)(1000 / fps);
    return IMS_OK;
}

/* Whether px.imshow takes such grids with the hello's parameters and labels. */
static enum ims_result try_grid(struct points *p, struct ims_error *err)
{
    struct ims_array grid;
    enum ims_result r = ims_raster_read(p->raster, 0, &grid, err);
    if (r)
        return r;
    struct ims_frame *frame = frame_of(p, &grid, err);
    if (!frame)
        return IMS_ERR_INVALID;
    r = recipe_check(stream_recipe(p->push->stream), frame, err);
    ims_frame_unref(&frame);
    return r;
}

enum ims_result points_create(uv_loop_t *loop, struct push *push,
                              const struct ims_value *map, struct points **out,
                              struct ims_error *err)
{
    struct ims_raster_options options;
    struct points *p = calloc(1, sizeof *p);
    if (!p)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for points");
    p->push = push;
    p->pushes = push->pushes;
    enum ims_result r = ims_raster_options_parse(map, &options, err);
    if (!r)
        r = read_fps(map, &p->every_ms, err);
    if (!r)
        r = ims_raster_create(&options, &p->raster, err);
    if (!r)
        r = try_grid(p, err);
    if (r) {
        ims_raster_destroy(p->raster);
        free(p);
        return r;
    }
    p->needs_value = ims_raster_needs_value(options.agg);
    p->work.data = p->timer.data = p;
    p->work.kind = WORK_PUSH;
    uv_timer_init(loop, &p->timer);
    p->pushes->holds++; /* keeps the set until the timer is closed */
    *out = p;
    return IMS_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct points *p = handle->data;
    p->timer_is_closed = true;
    free_when_idle(p);
}

void points_close(struct points **points)
{
    struct points *p = *points;
    *points = NULL;
    if (!p)
        return;
    p->closing = true;
    p->on_done = NULL;
    uv_close((uv_handle_t *)&p->timer, on_closed);
    if (!p->working && (p->waiting || p->has_news))
        start_job(p);
}
