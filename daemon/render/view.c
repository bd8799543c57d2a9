/* SPDX-License-Identifier: MIT */
#include "view.h"

#include <stdio.h>
#include <stdlib.h>

/* What is drawn for one stream, kept while it has views. */
struct canvas {
    struct views *views;
    struct stream *stream; /* NULL once it is gone */
    struct stream_listener listener;
    struct canvas *next;
    struct view *first;
    int count, running;
    uint32_t epoch;
};

struct view {
    struct canvas *canvas;
    struct view *next;
    uint32_t number;
    struct ims_view_spec spec;
    struct ims_drawer *drawer;
    struct view_client head; /* ring list of clients */
    struct picture *latest;
    uint64_t pictures;  /* the number of the last one */
    uint64_t tried_seq; /* the frame that was drawn last, or failed to be */
    bool wanted, busy, ended;
};

struct views {
    uv_loop_t *loop;
    struct streams *streams;
    struct ims_pool *pool;
    struct canvas *first;
    uint32_t last_number;
    int running; /* jobs */
    bool closing;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

/* Touches nothing but itself while it is on the pool (and the drawer, which is its alone then). */
struct view_job {
    uv_work_t work;
    struct view *view;
    struct ims_drawer *drawer;
    struct ims_pool *pool;
    struct ims_frame *frame;
    struct ims_view_spec spec;
    struct ims_picture_head head;
    struct picture *picture;
    enum ims_result result;
    struct ims_error err;
};

enum { PICTURE_POOL_IDLE_BYTES = 8 << 20 };

enum ims_result views_create(uv_loop_t *loop, struct streams *streams, struct views **out)
{
    struct views *views = calloc(1, sizeof *views);
    if (!views || ims_pool_create(PICTURE_POOL_IDLE_BYTES, &views->pool)) {
        free(views);
        return IMS_ERR_NOMEM;
    }
    views->loop = loop;
    views->streams = streams;
    *out = views;
    return IMS_OK;
}

static void views_free_when_idle(struct views *views)
{
    if (!views->closing || views->running || views->first)
        return;
    void (*on_closed)(void *) = views->on_closed;
    void *user = views->on_closed_user;
    ims_pool_destroy(views->pool);
    free(views);
    on_closed(user);
}

/* ---- making and ending ---- */

static void canvas_free_when_empty(struct canvas *canvas)
{
    if (canvas->first)
        return;
    if (canvas->stream) {
        stream_unlisten(canvas->stream, &canvas->listener);
        stream_unwatch(canvas->stream);
    }
    struct canvas **at = &canvas->views->first;
    while (*at != canvas)
        at = &(*at)->next;
    *at = canvas->next;
    free(canvas);
}

static void view_free_when_unused(struct view *view)
{
    if (view->busy || view->head.next != &view->head)
        return;
    struct canvas *canvas = view->canvas;
    struct view **at = &canvas->first;
    while (*at != view)
        at = &(*at)->next;
    *at = view->next;
    canvas->count--;
    picture_unref(&view->latest);
    ims_drawer_destroy(view->drawer);
    free(view);
    canvas_free_when_empty(canvas);
}

static void client_unlink(struct view_client *client)
{
    client->prev->next = client->next;
    client->next->prev = client->prev;
    client->prev = client->next = NULL;
    client->view = NULL;
}

void view_detach(struct view_client *client)
{
    struct view *view = client->view;
    if (!view)
        return;
    client_unlink(client);
    view_free_when_unused(view);
}

static void view_end(struct view *view, const char *reason)
{
    bool was_busy = view->busy;
    view->ended = view->busy = true; /* holds the view while its clients let go */
    while (view->head.next != &view->head) {
        struct view_client *client = view->head.next;
        client_unlink(client);
        client->on_end(client, reason);
    }
    view->busy = was_busy;
    view_free_when_unused(view);
}

static void canvas_end(struct canvas *canvas, const char *reason)
{
    struct view *next;
    for (struct view *v = canvas->first; v; v = next) {
        bool is_last = !v->next;
        next = v->next;
        if (!v->ended)
            view_end(v, reason); /* the last one may take the canvas with it */
        if (is_last)
            return;
    }
}

void views_close(struct views *views, void (*on_closed)(void *user), void *user)
{
    views->closing = true;
    views->on_closed = on_closed;
    views->on_closed_user = user;
    struct canvas *next;
    for (struct canvas *c = views->first; c; c = next) {
        next = c->next;
        canvas_end(c, "the server is stopping");
    }
    views_free_when_idle(views);
}

/* ---- drawing ---- */

static void do_draw(uv_work_t *work)
{
    struct view_job *job = (struct view_job *)work->data;
    struct ims_picture encoded;
    job->result = ims_draw(job->drawer, job->frame, &job->spec, &encoded, &job->err);
    if (job->result)
        return;
    job->head.codec = encoded.codec;
    job->head.width = encoded.width;
    job->head.height = encoded.height;
    job->head.dtype = encoded.dtype;
    job->head.limits = encoded.limits;
    for (int i = 0; i < 4; i++)
        job->head.region[i] = encoded.region[i];
    job->result = picture_pack(job->pool, &job->head, &encoded, &job->picture);
    if (job->picture)
        job->picture->grab_ns = job->frame->grab_ns;
}

static void on_drawn(uv_work_t *work, int status);

static struct view_job *job_create(struct view *view, struct ims_frame *frame)
{
    struct view_job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->work.data = job;
    job->view = view;
    job->drawer = view->drawer;
    job->pool = view->canvas->views->pool;
    job->frame = ims_frame_ref(frame);
    job->spec = view->spec;
    job->head = (struct ims_picture_head){
        .view = view->number,
        .picture = view->pictures + 1,
        .seq = frame->seq,
        .epoch = frame->epoch,
        .time_us = frame->time_us,
    };
    return job;
}

static bool is_newer(const struct view *view, const struct ims_frame *frame)
{
    return frame->seq > view->tried_seq;
}

static void view_start(struct view *view, struct ims_frame *frame)
{
    struct canvas *canvas = view->canvas;
    struct view_job *job = job_create(view, frame);
    if (!job) {
        stream_dropped(canvas->stream, STREAM_DROP_MEMORY, 0);
        return;
    }
    stream_pin(canvas->stream,
               frame); /* so that viewers find it when the picture is made */
    view->wanted = false;
    view->busy = true;
    view->tried_seq = frame->seq;
    canvas->running++;
    canvas->views->running++;
    uv_queue_work(canvas->views->loop, &job->work, do_draw, on_drawn);
}

static bool can_start(const struct view *view)
{
    return view->wanted && !view->busy && !view->ended;
}

/* Starts what is wanted, as far as the bound of jobs allows; the views take turns, since one that has
 * drawn is moved behind the others. */
static void canvas_pump(struct canvas *canvas)
{
    struct ims_frame *frame = canvas->stream ? stream_fresh(canvas->stream) : NULL;
    if (!frame)
        return;
    struct view *next;
    for (struct view *v = canvas->first; v && canvas->running < RENDER_JOBS_MAX;
         v = next) {
        next = v->next;
        if (can_start(v) && is_newer(v, frame))
            view_start(v, frame);
    }
    ims_frame_unref(&frame);
}

static void canvas_move_last(struct canvas *canvas, struct view *view)
{
    struct view **at = &canvas->first;
    while (*at != view)
        at = &(*at)->next;
    *at = view->next;
    while (*at)
        at = &(*at)->next;
    *at = view;
    view->next = NULL;
}

static void tell_picture(struct view *view)
{
    for (struct view_client *c = view->head.next, *next; c != &view->head; c = next) {
        next = c->next;
        c->on_picture(c);
    }
}

static void take_picture(struct view *view, struct view_job *job)
{
    picture_unref(&view->latest);
    view->latest = job->picture;
    job->picture = NULL;
    view->pictures++;
    stream_encoded(view->canvas->stream, view->latest->head.size);
    tell_picture(view);
}

/* A camera's broken picture costs itself, the next frame is tried; what cannot be drawn though it is
 * whole will not be drawable next time either. */
static void draw_failed(struct view *view, const struct view_job *job)
{
    if (job->frame->pixel_format == IMS_PIX_ARRAY) {
        view_end(view, job->err.text);
        return;
    }
    stream_broken(view->canvas->stream);
    view->wanted = true;
}

static void finish_job(struct view *view, struct view_job *job)
{
    if (view->ended || !view->canvas->stream)
        return;
    if (job->result == IMS_OK)
        take_picture(view, job);
    else
        draw_failed(view, job);
}

static void on_drawn(uv_work_t *work, int status)
{
    struct view_job *job = (struct view_job *)work->data;
    struct view *view = job->view;
    struct canvas *canvas = view->canvas;
    struct views *views = canvas->views;
    (void)status; /* jobs are never cancelled */
    finish_job(view, job);
    if (canvas->stream)
        stream_unpin(canvas->stream, job->frame->seq);
    ims_frame_unref(&job->frame);
    picture_unref(&job->picture);
    free(job);
    view->busy = false;
    canvas->running--;
    views->running--;
    canvas_move_last(canvas, view);
    canvas_pump(canvas);
    view_free_when_unused(view);
    views_free_when_idle(views);
}

void view_want(struct view *view)
{
    view->wanted = true;
    canvas_pump(view->canvas);
}

/* ---- the stream's news ---- */

static struct canvas *canvas_of(struct stream_listener *listener)
{
    return (struct canvas *)((char *)listener - offsetof(struct canvas, listener));
}

static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    canvas_pump(canvas_of(listener));
}

static void on_state(struct stream_listener *listener, struct stream *stream)
{
    struct canvas *canvas = canvas_of(listener);
    if (stream_epoch(stream) != canvas->epoch)
        canvas_end(canvas, "the stream's form has changed");
}

static void on_stream_end(struct stream_listener *listener, struct stream *stream)
{
    struct canvas *canvas = canvas_of(listener);
    stream_unlisten(stream, listener);
    canvas->stream = NULL;
    canvas_end(canvas, "the stream has been removed");
}

/* ---- attaching ---- */

static struct canvas *canvas_find(struct views *views, struct stream *stream)
{
    for (struct canvas *c = views->first; c; c = c->next)
        if (c->stream == stream && c->epoch == stream_epoch(stream))
            return c;
    return NULL;
}

static struct canvas *canvas_create(struct views *views, struct stream *stream)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas)
        return NULL;
    canvas->views = views;
    canvas->stream = stream;
    canvas->epoch = stream_epoch(stream);
    canvas->listener = (struct stream_listener){
        .on_frame = on_frame, .on_state = on_state, .on_end = on_stream_end};
    canvas->next = views->first;
    views->first = canvas;
    stream_listen(stream, &canvas->listener);
    stream_watch(stream);
    return canvas;
}

static struct view *view_create(struct canvas *canvas, const struct ims_view_spec *spec)
{
    struct view *view = calloc(1, sizeof *view);
    if (!view || ims_drawer_create(&view->drawer)) {
        free(view);
        return NULL;
    }
    view->canvas = canvas;
    view->number = ++canvas->views->last_number;
    view->spec = *spec;
    view->head.prev = view->head.next = &view->head;
    view->next = canvas->first;
    canvas->first = view;
    canvas->count++;
    return view;
}

static double area(const struct ims_view_spec *spec)
{
    return (double)spec->width * spec->height;
}

/* The view that differs least: of the same codec if there is one, then nearest in size. */
static struct view *view_nearest(const struct canvas *canvas,
                                 const struct ims_view_spec *spec)
{
    struct view *best = NULL;
    double best_cost = 0;
    for (struct view *v = canvas->first; v; v = v->next) {
        double a = area(&v->spec) + 1, b = area(spec) + 1;
        double cost = (a > b ? a / b : b / a) + (v->spec.codec == spec->codec ? 0 : 1e6);
        if (!v->ended && (!best || cost < best_cost)) {
            best = v;
            best_cost = cost;
        }
    }
    return best;
}

static struct view *view_for(struct canvas *canvas, const struct ims_view_spec *spec)
{
    for (struct view *v = canvas->first; v; v = v->next)
        if (!v->ended && ims_view_spec_equal(&v->spec, spec))
            return v;
    if (canvas->count >= VIEWS_PER_STREAM)
        return view_nearest(canvas, spec);
    return view_create(canvas, spec);
}

static enum ims_result settle(struct stream *stream, struct ims_view_spec *spec,
                              struct ims_error *err)
{
    if (spec->timeline)
        return ims_fail(err, IMS_ERR_INVALID,
                        "timeline %u: stream '%s' is live and has no replay cursor",
                        spec->timeline, stream_name(stream));
    struct ims_frame *frame = stream_newest(stream);
    if (!frame)
        return ims_fail(err, IMS_ERR_INVALID, "stream '%s' has no frame so far: %s",
                        stream_name(stream), stream_reason(stream));
    enum ims_result result = ims_view_spec_settle(spec, frame, err);
    ims_frame_unref(&frame);
    return result;
}

enum ims_result view_attach(struct views *views, struct stream *stream,
                            const struct ims_view_spec *spec, struct view_client *client,
                            struct ims_error *err)
{
    struct ims_view_spec settled = *spec;
    enum ims_result result = settle(stream, &settled, err);
    if (result)
        return result;
    struct canvas *canvas = canvas_find(views, stream);
    if (!canvas)
        canvas = canvas_create(views, stream);
    struct view *view = canvas ? view_for(canvas, &settled) : NULL;
    if (!view) {
        if (canvas)
            canvas_free_when_empty(canvas);
        return ims_fail(err, IMS_ERR_LIMIT, "no room for another view of stream '%s'",
                        stream_name(stream));
    }
    client->view = view;
    client->prev = view->head.prev;
    client->next = &view->head;
    client->prev->next = client->next->prev = client;
    return IMS_OK;
}

/* ---- plain things to ask ---- */

struct picture *view_latest(const struct view *view)
{
    return view->latest;
}

bool view_is_current(const struct view *view)
{
    struct ims_frame *frame = stream_fresh(view->canvas->stream);
    bool is_current = frame && !is_newer(view, frame);
    ims_frame_unref(&frame);
    return is_current;
}

uint32_t view_number(const struct view *view)
{
    return view->number;
}

struct stream *view_stream(const struct view *view)
{
    return view->canvas->stream;
}

const struct ims_view_spec *view_spec(const struct view *view)
{
    return &view->spec;
}
