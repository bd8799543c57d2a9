/* SPDX-License-Identifier: MIT */
#include "view_private.h"

#include <stdlib.h>
#include <string.h>

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
    job->head.level_count = encoded.level_count;
    memcpy(job->head.levels, encoded.levels, sizeof encoded.levels);
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

bool view__is_newer(const struct view *view, const struct ims_frame *frame)
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

void canvas__pump(struct canvas *canvas)
{
    struct ims_frame *frame = canvas->stream ? stream_fresh(canvas->stream) : NULL;
    if (!frame)
        return;
    struct view *next;
    for (struct view *v = canvas->first; v && canvas->running < RENDER_JOBS_MAX;
         v = next) {
        next = v->next;
        if (can_start(v) && view__is_newer(v, frame))
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
        view__end(view, job->err.text);
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
    canvas__pump(canvas);
    view__free_when_unused(view);
    views__free_when_idle(views);
}

void view_want(struct view *view)
{
    view->wanted = true;
    canvas__pump(view->canvas);
}
