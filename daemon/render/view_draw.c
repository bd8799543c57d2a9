/* SPDX-License-Identifier: MIT */
#include "view_private.h"

#include "../work.h"

#include <stdlib.h>
#include <string.h>

/* One of the parts that a large picture is encoded in, see ims_draw_part. */
struct view_part {
    struct work work;
    struct view_job *job; /* whose drawer the parts share; not touched on the pool */
    struct ims_drawer *drawer;
    int index;
};

/* Touches nothing but itself while it is on the pool (and the drawer, which is its alone then). */
struct view_job {
    struct work work;
    struct view *view;
    struct ims_drawer *drawer;
    struct ims_pool *pool;
    struct ims_frame *frame; /* NULL: the picture as it is kept, in another form */
    bool is_drawn;           /* the frame's pixels are those of the kept picture */
    struct ims_view_spec spec;
    struct ims_draw_update update;
    struct ims_picture_head head;
    int64_t grab_ns; /* 0: the frame was there before the view, or was drawn before */
    int64_t queued_ns, begun_ns, drawn_ns, ended_ns; /* CLOCK_MONOTONIC */
    uint64_t base[VIEW_MADE_MAX];                    /* what is asked for; 0: whole */
    bool is_made[VIEW_MADE_MAX]; /* it is there already unless the picture changes */
    int base_count;
    bool may_part; /* a thread of the pool is idle */

    int parts;     /* that are to be encoded before the rest */
    int parts_out; /* of them on the pool; loop thread */
    struct view_part part[IMS_DRAW_PARTS_MAX];
    bool is_fine; /* the kept picture has been refined */
    struct ims_draw_news news;
    struct made made[VIEW_MADE_MAX];
    int made_count;
    enum ims_result result;
    struct ims_error err;
};

/* ---- on the pool ---- */

static bool job_has(const struct view_job *job, uint64_t base)
{
    for (int i = 0; i < job->made_count; i++)
        if (job->made[i].base == base)
            return true;
    return false;
}

static enum ims_result job_pack(struct view_job *job, uint64_t base,
                                const struct ims_picture *encoded)
{
    struct made *made = &job->made[job->made_count];
    struct ims_picture_head head = job->head;

    head.base = base;
    head.codec = encoded->codec;
    head.width = encoded->width;
    head.height = encoded->height;
    head.dtype = encoded->dtype;
    head.limits = encoded->limits;
    head.level_count = encoded->level_count;
    memcpy(head.levels, encoded->levels, sizeof head.levels);
    memcpy(head.region, encoded->region, sizeof head.region);
    head.tile = encoded->tile;
    head.tiles = encoded->tiles;
    head.tile_count = encoded->tile_count;
    enum ims_result result = picture_pack(job->pool, &head, encoded, &made->picture);
    if (result)
        return result;
    made->base = base;
    made->picture->grab_ns = job->grab_ns;
    job->made_count++;
    return IMS_OK;
}

/* What a viewer at `base` lacks; where that is most of the picture, the whole, which serves all. */
static enum ims_result job_encode(struct view_job *job, uint64_t base, int quality)
{
    struct ims_picture encoded;
    enum ims_result result =
        ims_draw_since(job->drawer, &job->spec, base, quality, &encoded, &job->err);

    if (result)
        return result;
    uint64_t made = encoded.tile ? base : 0;
    return job_has(job, made) ? IMS_OK : job_pack(job, made, &encoded);
}

static bool job_lacks(const struct view_job *job, int i)
{
    return job->base[i] < job->head.picture && (job->news.changed || !job->is_made[i]);
}

static int job_quality(const struct view_job *job)
{
    return job->is_fine ? VIEW_FINE_QUALITY : job->spec.quality;
}

static void do_encode(struct work *work)
{
    struct view_job *job = (struct view_job *)work->data;

    for (int i = 0; i < job->base_count && !job->result; i++)
        if (job_lacks(job, i))
            job->result = job_encode(job, job->base[i], job_quality(job));
    job->ended_ns = stream_mono_ns();
}

/* The whole picture is what may be large, whoever lacks it: all of them get the same. */
static int job_parts(const struct view_job *job)
{
    int parts = 0;
    for (int i = 0; i < job->base_count && job->may_part && parts == 0; i++)
        if (job_lacks(job, i))
            parts =
                ims_draw_parts(job->drawer, &job->spec, job->base[i], job_quality(job));
    return parts;
}

static void do_part(struct work *work)
{
    struct view_part *part = (struct view_part *)work->data;

    ims_draw_part(part->drawer, part->index);
}

static void do_draw(struct work *work)
{
    struct view_job *job = (struct view_job *)work->data;

    job->begun_ns = stream_mono_ns();
    if (job->frame && !job->is_drawn)
        job->result = ims_draw_update(job->drawer, job->frame, &job->spec, &job->update,
                                      &job->news, &job->err);
    if (job->news.changed) {
        job->head.picture = job->update.number;
        job->is_fine = job->news.refined;
    }
    job->drawn_ns = stream_mono_ns();
    if (!job->result)
        job->parts = job_parts(job);
    if (job->parts == 0)
        do_encode(work);
}

/* ---- what is asked for ---- */

static uint64_t wanted_base(const struct view_client *client)
{
    return client->whole_only ? 0 : client->base;
}

static struct picture *made_for(const struct view *view, const struct view_client *client)
{
    uint64_t base = wanted_base(client);
    struct picture *whole = NULL;
    for (int i = 0; i < view->made_count; i++) {
        if (view->made[i].base == base)
            return view->made[i].picture;
        if (view->made[i].base == 0)
            whole = view->made[i].picture;
    }
    return whole;
}

static bool lacks(const struct view *view, const struct view_client *client)
{
    return client->wants && client->base < view->pictures && !made_for(view, client);
}

/* A client lacks the picture that is kept, in the form that it needs. Each wish asks: hundreds of clients are gone
 * through only after one of them may have come to lack something. */
static bool is_lacking(struct view *view)
{
    const struct view_client *c = view->may_lack ? view->head.next : &view->head;
    while (c != &view->head && !lacks(view, c))
        c = c->next;
    view->may_lack = c != &view->head;
    return view->may_lack;
}

static void job_add_base(struct view_job *job, uint64_t base)
{
    for (int i = 0; i < job->base_count; i++)
        if (job->base[i] == base)
            return;
    if (job->base_count >= VIEW_BASES_MAX && base != 0) {
        job_add_base(job, 0);
        return;
    }
    job->is_made[job->base_count] = false;
    for (int i = 0; i < job->view->made_count; i++)
        if (job->view->made[i].base == base)
            job->is_made[job->base_count] = true;
    job->base[job->base_count++] = base;
}

/* ---- jobs ---- */

static void on_drawn(struct work *work, int status);

/* Coarse tiles are redrawn once the scene rests, for those who keep the picture. */
static bool is_rested(const struct view *view)
{
    const struct ims_view_spec *spec = &view->spec;
    if (spec->codec != IMS_CODEC_JPEG || spec->quality >= VIEW_FINE_QUALITY ||
        view->pictures == view->refined ||
        uv_now(view->canvas->views->loop) - view->changed_ms < VIEW_REST_MS)
        return false;
    for (const struct view_client *c = view->head.next; c != &view->head; c = c->next)
        if (c->wants && !c->whole_only)
            return true;
    return false;
}

/* A frame that came while the view was there, and is drawn for the first time. */
static bool is_news(const struct view *view, const struct ims_frame *frame)
{
    return frame && view__is_newer(view, frame) && frame->published_ns >= view->since_ns;
}

/* A camera's frame that is the one before shares its bytes: then there is nothing to compare. To draw finer the frame
 * is needed all the same. */
static bool is_drawn(const struct view_job *job)
{
    struct view *view = job->view;
    struct ims_frame *last =
        view->seq ? stream_find(view->canvas->stream, view->seq) : NULL;
    bool same = last && job->frame && ims_frame_same_pixels(last, job->frame);
    ims_frame_unref(&last);
    return same && !job->update.refine;
}

static struct view_job *job_create(struct view *view, struct ims_frame *frame)
{
    struct view_job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->work.data = job;
    job->work.kind = WORK_RENDER;
    job->view = view;
    job->drawer = view->drawer;
    job->pool = view->canvas->views->pool;
    job->frame = frame ? ims_frame_ref(frame) : NULL;
    job->spec = view->spec;
    job->update = (struct ims_draw_update){.number = view->pictures + 1,
                                           .refine = is_rested(view),
                                           .refined = view->refined};
    job->is_drawn = is_drawn(job);
    job->is_fine = view->pictures && view->pictures == view->refined;
    job->grab_ns = is_news(view, frame) ? frame->grab_ns : 0;
    job->head = (struct ims_picture_head){
        .view = view->number,
        .picture = view->pictures,
        .seq = frame ? frame->seq : view->seq,
        .epoch = view->canvas->epoch,
        .time_us = frame ? frame->time_us : view->time_us,
    };
    for (const struct view_client *c = view->head.next; c != &view->head; c = c->next)
        if (c->wants)
            job_add_base(job, wanted_base(c));
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
    if (frame) { /* pinned, so that viewers find it when the picture is made */
        stream_pin(canvas->stream, frame);
        view->tried_seq = frame->seq;
    }
    job->queued_ns = stream_mono_ns();
    job->may_part = canvas->views->running + 1 < canvas->views->threads;
    view->busy = true;
    canvas->running++;
    canvas->views->running++;
    work_queue(canvas->views->loop, &job->work, do_draw, on_drawn);
}

void canvas__pump(struct canvas *canvas)
{
    struct ims_frame *frame = canvas->stream ? stream_fresh(canvas->stream) : NULL;
    struct view *next;
    for (struct view *v = canvas->first; v && canvas->running < RENDER_JOBS_MAX;
         v = next) {
        next = v->next;
        if (v->busy || v->ended || v->wanting == 0)
            continue;
        if (frame && (view__is_newer(v, frame) || is_rested(v)))
            view_start(v, frame);
        else if (canvas->stream && is_lacking(v))
            view_start(v, NULL);
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

/* ---- what came of them ---- */

static void tell_picture(struct view *view)
{
    for (struct view_client *c = view->head.next, *next; c != &view->head; c = next) {
        next = c->next;
        c->on_picture(c);
    }
}

static void tell_still(struct view *view)
{
    for (struct view_client *c = view->head.next, *next; c != &view->head; c = next) {
        next = c->next;
        if (c->on_still)
            c->on_still(c);
    }
}

static void count_times(struct stream *stream, const struct view_job *job)
{
    if (!job->grab_ns)
        return;
    stream_took(stream, STAGE_WAIT, job->queued_ns - job->frame->published_ns);
    stream_took(stream, STAGE_QUEUE, job->begun_ns - job->queued_ns);
    stream_took(stream, STAGE_DRAW, job->drawn_ns - job->begun_ns);
    if (job->made_count)
        stream_took(stream, STAGE_ENCODE, job->ended_ns - job->drawn_ns);
}

static void take_made(struct view *view, struct view_job *job)
{
    for (int i = 0; i < job->made_count; i++) {
        if (view->made_count == VIEW_MADE_MAX) /* of a picture that is kept for long */
            view__forget_made(view);
        view->made[view->made_count++] = job->made[i];
        job->made[i].picture->made_ns = job->ended_ns;
        stream_encoded(view->canvas->stream, job->made[i].picture->head.codec,
                       job->made[i].picture->head.size);
    }
    job->made_count = 0;
}

/* The view keeps the pin of its frame, which is on its viewers' screens. */
static void take_frame(struct view *view, const struct view_job *job)
{
    struct stream *stream = view->canvas->stream;
    if (view->seq)
        stream_unpin(stream, view->seq);
    stream_pin(stream, job->frame);
    view->seq = job->frame->seq;
    view->time_us = job->frame->time_us;
}

static void rest_later(struct views *views)
{
    if (!views->closing && !uv_is_active((uv_handle_t *)&views->rest))
        uv_timer_start(&views->rest, views__on_rest, VIEW_REST_MS + VIEW_REST_MS / 10, 0);
}

static void take_news(struct view *view, struct view_job *job)
{
    view->may_lack = true;
    count_times(view->canvas->stream, job);
    if (job->news.changed) {
        view__forget_made(view);
        view->pictures = job->update.number;
        view->changed_ms = uv_now(view->canvas->views->loop);
        if (job->news.refined)
            view->refined = view->pictures;
        else if (view->spec.codec == IMS_CODEC_JPEG)
            rest_later(view->canvas->views);
    }
    if (job->frame)
        take_frame(view, job);
    bool has_news = job->news.changed || job->made_count > 0;
    take_made(view, job);
    if (has_news)
        tell_picture(view);
    else
        tell_still(view);
}

void views__on_rest(uv_timer_t *timer)
{
    struct views *views = timer->data;
    for (struct canvas *c = views->first; c; c = c->next) {
        for (struct view *v = c->first; v; v = v->next)
            if (v->spec.codec == IMS_CODEC_JPEG && v->pictures != v->refined &&
                v->head.next != &v->head &&
                uv_now(views->loop) - v->changed_ms < VIEW_REST_MS)
                rest_later(views);
        canvas__pump(c);
    }
}

/* A camera's broken picture costs itself, the next frame is tried; what cannot be drawn though it is
 * whole will not be drawable next time either. */
static void draw_failed(struct view *view, const struct view_job *job)
{
    if (!job->frame || job->frame->pixel_format == IMS_PIX_ARRAY)
        view__end(view, job->err.text);
    else
        stream_broken(view->canvas->stream);
}

static bool is_unseen(const struct view *view)
{
    return view->ended || !view->canvas->stream;
}

static void finish_job(struct view *view, struct view_job *job)
{
    if (is_unseen(view))
        return;
    if (job->result == IMS_OK)
        take_news(view, job);
    else
        draw_failed(view, job);
}

static void job_free(struct view_job *job)
{
    for (int i = 0; i < job->made_count; i++)
        picture_unref(&job->made[i].picture);
    ims_frame_unref(&job->frame);
    free(job);
}

/* When the last part is back the job goes on where it stopped, and finds its picture encoded. */
static void on_part(struct work *work, int status)
{
    struct view_job *job = ((struct view_part *)work->data)->job;
    (void)status; /* jobs are never cancelled */
    if (--job->parts_out > 0)
        return;
    job->parts = 0;
    if (is_unseen(job->view))
        on_drawn(&job->work, 0);
    else
        work_queue(job->view->canvas->views->loop, &job->work, do_encode, on_drawn);
}

static void start_parts(struct view_job *job)
{
    struct views *views = job->view->canvas->views;
    views->parted++;
    job->parts_out = job->parts;
    for (int i = 0; i < job->parts; i++) {
        struct view_part *part = &job->part[i];
        *part = (struct view_part){.job = job, .drawer = job->drawer, .index = i};
        part->work.data = part;
        part->work.kind = WORK_RENDER;
        work_queue(views->loop, &part->work, do_part, on_part);
    }
}

static void on_drawn(struct work *work, int status)
{
    struct view_job *job = (struct view_job *)work->data;
    struct view *view = job->view;
    struct canvas *canvas = view->canvas;
    struct views *views = canvas->views;
    (void)status; /* jobs are never cancelled */
    if (job->parts > 0 && !is_unseen(view)) {
        start_parts(job);
        return;
    }
    finish_job(view, job);
    if (canvas->stream && job->frame)
        stream_unpin(canvas->stream, job->frame->seq);
    job_free(job);
    view->busy = false;
    canvas->running--;
    views->running--;
    canvas_move_last(canvas, view);
    canvas__pump(canvas);
    view__free_when_unused(view);
    views__free_when_idle(views);
}

void view_want(struct view_client *client, uint64_t base)
{
    struct view *view = client->view;
    view__set_wants(client, true);
    client->base = base;
    view->may_lack |= lacks(view, client);
    canvas__pump(view->canvas);
}

struct picture *view_picture(struct view_client *client, uint64_t base)
{
    const struct view *view = client->view;
    client->base = base;
    struct picture *picture = base < view->pictures ? made_for(view, client) : NULL;
    if (picture)
        view__set_wants(client, false);
    return picture;
}
