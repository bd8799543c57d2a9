/* SPDX-License-Identifier: MIT */
/* The newest frame itself: as npy and as px.imshow's figure, made on the pool. */
#include "route_wait.h"

#include "../work.h"

#include <imshow/draw.h>
#include <imshow/html.h>
#include <imshow/json.h>
#include <imshow/npy.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

/* Appends the answer's body; on the pool. */
typedef enum ims_result (*frame_writer)(const struct ims_array *array,
                                        const struct recipe *recipe,
                                        struct ims_bytes *out, struct ims_error *err);

struct frame_job {
    struct work work;
    struct exchange *x; /* NULL: the client has gone */
    struct hub *hub;
    struct ims_frame *frame;
    struct recipe *recipe;
    frame_writer write;
    const char *type, *headers;
    struct ims_bytes out;
    enum ims_result result;
    struct ims_error err;
};

/* base64 and JSON of a frame of the largest size. */
#define ANSWER_BYTES_MAX (STREAM_FRAME_BYTES_MAX * 2)

static enum ims_result write_npy(const struct ims_array *array,
                                 const struct recipe *recipe, struct ims_bytes *out,
                                 struct ims_error *err)
{
    (void)recipe;
    enum ims_result result = ims_npy_write(array, out);
    return result ? ims_fail(err, result, "no memory for the npy file") : IMS_OK;
}

static enum ims_result write_json(const struct ims_array *array,
                                  const struct recipe *recipe, struct ims_bytes *out,
                                  struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    struct ims_sink sink = ims_json_sink(out);
    enum ims_result result = recipe_figure(recipe, array, &figure, err);
    if (result)
        return result;
    ims_figure_put(figure, &sink);
    ims_figure_destroy(figure);
    return out->result ? ims_fail(err, out->result, "no memory for the figure") : IMS_OK;
}

static enum ims_result write_html(const struct ims_array *array,
                                  const struct recipe *recipe, struct ims_bytes *out,
                                  struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    const struct ims_html_options options = {.plotly_url = "/assets/plotly.js"};
    enum ims_result result = recipe_figure(recipe, array, &figure, err);
    if (result)
        return result;
    result = ims_html_write(figure, &options, out, err);
    ims_figure_destroy(figure);
    return result;
}

static void do_write(struct work *work)
{
    struct frame_job *job = work->data;
    struct ims_array array;
    job->out.limit = ANSWER_BYTES_MAX;
    /* the samples themselves, as the sensor gave them */
    if (job->frame->mosaic && job->write == write_npy)
        array = ims_array_ref(&job->frame->array);
    else
        job->result = ims_frame_to_array(job->frame, &array, &job->err);
    if (job->result)
        return;
    job->result = job->write(&array, job->recipe, &job->out, &job->err);
    ims_array_finish(&array);
}

static void put_time(struct ims_bytes *out, const char *name, int64_t time_us)
{
    if (time_us > 0)
        ims_bytes_printf(out, "%s: %lld.%06lld\r\n", name, (long long)(time_us / 1000000),
                         (long long)(time_us % 1000000));
}

/* Which frame it is, and what its producer said of it; JSON has no line breaks that could end the header. */
static void put_headers(struct ims_bytes *out, const struct frame_job *job)
{
    const struct ims_frame *frame = job->frame;
    struct ims_sink sink = ims_json_sink(out);
    ims_bytes_printf(out, "%sX-Seq: %llu\r\nX-Epoch: %lu\r\n", job->headers,
                     (unsigned long long)frame->seq, (unsigned long)frame->epoch);
    put_time(out, "X-Timestamp", frame->time_us);
    put_time(out, "X-Source-Timestamp", frame->source_time_us);
    if (frame->meta) {
        ims_bytes_printf(out, "X-Meta: ");
        ims_wire_meta_put(frame->meta, &sink);
        ims_bytes_printf(out, "\r\n");
    }
    ims_bytes_append(out, "", 1); /* the ending zero */
}

static void reply(struct frame_job *job, struct ims_buffer *body)
{
    struct ims_bytes headers = {.limit = EXCHANGE_HEADER_MAX};
    char cookie[256] = "";
    if (job->write == write_html) /* which asks for plotly */
        route_begin_session(job->x, cookie, sizeof cookie);
    ims_bytes_printf(&headers, "%s", cookie);
    put_headers(&headers, job);
    exchange_reply(job->x, 200, job->type, body,
                   headers.result ? NULL : (const char *)headers.data);
    ims_bytes_finish(&headers);
}

static void answer(struct frame_job *job)
{
    struct ims_buffer *body = NULL;
    if (job->result)
        exchange_error(job->x, 400, job->err.text);
    else if (ims_buffer_wrap(job->out.data, job->out.size, free, job->out.data, &body))
        exchange_error(job->x, 503, "no memory for the answer");
    else {
        job->out = (struct ims_bytes){0};
        reply(job, body);
    }
}

static void on_written(struct work *work, int status)
{
    struct frame_job *job = work->data;
    struct hub *hub = job->hub;
    (void)status;
    if (job->x)
        answer(job);
    ims_bytes_finish(&job->out);
    ims_frame_unref(&job->frame);
    recipe_unref(&job->recipe);
    free(job);
    hub_job_done(hub);
}

static void on_close(struct exchange *x)
{
    struct frame_job *job = x->state;
    job->x = NULL;
}

static struct frame_job *job_create(struct exchange *x, struct stream *stream)
{
    struct frame_job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->work.data = job;
    job->work.kind = WORK_ANSWER;
    job->x = x;
    job->hub = x->server->parts.hub;
    job->frame = stream_fresh(stream);
    job->recipe = job->frame ? recipe_for(stream_recipe(stream), job->frame)
                             : recipe_ref(stream_recipe(stream));
    return job;
}

#define NOT_KEPT "Cache-Control: no-store, no-cache\r\n"
/* The one script of the page is ours, and no text of a figure can end it (imshow/html.h). */
#define FIGURE_POLICY                                                                    \
    NOT_KEPT                                                                             \
    "Content-Security-Policy: default-src 'none'; script-src 'self' 'unsafe-inline'; "   \
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; "  \
    "form-action 'none'; frame-ancestors 'self'\r\n"

static const struct answer_form {
    void (*handle)(struct exchange *x);
    frame_writer write;
    const char *type, *headers;
} forms[] = {
    {route_frame_npy, write_npy, "application/x-npy", NOT_KEPT},
    {route_figure_json, write_json, "application/json", NOT_KEPT},
    {route_figure_html, write_html, "text/html; charset=utf-8", FIGURE_POLICY},
};

static const struct answer_form *form_of(const struct route *route)
{
    size_t i = 0;
    while (forms[i].handle != route->handle)
        i++;
    return &forms[i];
}

static void on_ready(struct exchange *x, struct stream *stream)
{
    struct frame_job *job = job_create(x, stream);
    if (!job) {
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    const struct answer_form *form = form_of(x->route);
    job->write = form->write;
    job->type = form->type;
    job->headers = form->headers;
    x->state = job;
    x->on_close = on_close;
    job->hub->jobs++;
    work_queue(job->hub->loop, &job->work, do_write, on_written);
}

static void start(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (stream)
        frame_wait_start(x, stream, on_ready);
}

void route_frame_npy(struct exchange *x)
{
    start(x);
}

void route_figure_json(struct exchange *x)
{
    start(x);
}

void route_figure_html(struct exchange *x)
{
    start(x);
}
