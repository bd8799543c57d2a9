/* SPDX-License-Identifier: MIT */
/* The newest frame itself: as npy and as px.imshow's figure, made on the pool. */
#include "route_wait.h"

#include <imshow/draw.h>
#include <imshow/json.h>
#include <imshow/npy.h>
#include <stdlib.h>
#include <string.h>

struct frame_job {
    uv_work_t work;
    struct exchange *x; /* NULL: the client has gone */
    struct hub *hub;
    struct ims_frame *frame;
    struct ims_figure_params *params;
    enum ims_result (*write)(const struct ims_array *array,
                             const struct ims_figure_params *params,
                             struct ims_bytes *out, struct ims_error *err);
    const char *type;
    struct ims_bytes out;
    enum ims_result result;
    struct ims_error err;
};

/* base64 and JSON of a frame of the largest size. */
#define ANSWER_BYTES_MAX (STREAM_FRAME_BYTES_MAX * 2)

static enum ims_result write_npy(const struct ims_array *array,
                                 const struct ims_figure_params *params,
                                 struct ims_bytes *out, struct ims_error *err)
{
    (void)params;
    enum ims_result result = ims_npy_write(array, out);
    return result ? ims_fail(err, result, "no memory for the npy file") : IMS_OK;
}

static enum ims_result write_figure(const struct ims_array *array,
                                    const struct ims_figure_params *params,
                                    struct ims_bytes *out, struct ims_error *err)
{
    struct ims_sink sink = ims_json_sink(out);
    enum ims_result result = ims_figure_write(array, params, &sink, err);
    if (result)
        return result;
    return out->result ? ims_fail(err, out->result, "no memory for the figure") : IMS_OK;
}

static void do_write(uv_work_t *work)
{
    struct frame_job *job = work->data;
    struct ims_array array;
    job->out.limit = ANSWER_BYTES_MAX;
    job->result = ims_frame_to_array(job->frame, &array, &job->err);
    if (job->result)
        return;
    job->result = job->write(&array, job->params, &job->out, &job->err);
    ims_array_finish(&array);
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
        exchange_reply(job->x, 200, job->type, body, NULL);
    }
}

static void on_written(uv_work_t *work, int status)
{
    struct frame_job *job = work->data;
    struct hub *hub = job->hub;
    (void)status;
    if (job->x)
        answer(job);
    ims_bytes_finish(&job->out);
    ims_frame_unref(&job->frame);
    ims_figure_params_unref(&job->params);
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
    job->x = x;
    job->hub = x->server->parts.hub;
    job->frame = stream_fresh(stream);
    job->params = ims_figure_params_ref(stream_params(stream));
    return job;
}

static void on_ready(struct exchange *x, struct stream *stream)
{
    struct frame_job *job = job_create(x, stream);
    if (!job) {
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    bool is_npy = x->route->handle == route_frame_npy;
    job->write = is_npy ? write_npy : write_figure;
    job->type = is_npy ? "application/x-npy" : "application/json";
    x->state = job;
    x->on_close = on_close;
    job->hub->jobs++;
    uv_queue_work(job->hub->loop, &job->work, do_write, on_written);
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
