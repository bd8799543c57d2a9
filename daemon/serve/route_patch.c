/* SPDX-License-Identifier: MIT */
/* PATCH of a stream: its figure's parameters, labels and changes, for everyone who watches. They are tried
 * on the newest frame first, on the pool, so that a mistake changes nothing. */
#include "route_wait.h"

#include "../work.h"

#include <imshow/json.h>
#include <stdlib.h>

struct patch_job {
    struct work work;
    struct exchange *x; /* NULL: the client has gone; the change is made all the same */
    struct hub *hub;
    char name[STREAM_NAME_MAX + 1];
    struct recipe *recipe;
    struct ims_frame *frame; /* NULL: none so far, nothing to try it on */
    enum ims_result result;
    struct ims_error err;
};

static void do_check(struct work *work)
{
    struct patch_job *job = work->data;
    if (job->frame)
        job->result = recipe_check(job->recipe, job->frame, &job->err);
}

static void reply(struct exchange *x, const struct recipe *recipe)
{
    struct ims_bytes out = {.limit = (size_t)2 * RECIPE_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    recipe_put(recipe, &sink);
    route_reply_json(x, &out);
}

static void on_checked(struct work *work, int status)
{
    struct patch_job *job = work->data;
    struct hub *hub = job->hub;
    struct stream *stream = streams_find(hub->streams, job->name);
    (void)status;
    if (job->result == IMS_OK && stream)
        stream_set_recipe(stream, job->recipe);
    if (job->x && job->result)
        exchange_error(job->x, 400, job->err.text);
    else if (job->x && !stream)
        exchange_error(job->x, 404, "the stream has been removed");
    else if (job->x)
        reply(job->x, job->recipe);
    ims_frame_unref(&job->frame);
    recipe_unref(&job->recipe);
    free(job);
    hub_job_done(hub);
}

static void on_close(struct exchange *x)
{
    struct patch_job *job = x->state;
    job->x = NULL;
}

static void start_check(struct exchange *x, struct stream *stream, struct recipe *recipe)
{
    struct patch_job *job = calloc(1, sizeof *job);
    if (!job) {
        exchange_error(x, 503, "no memory for the change");
        return;
    }
    job->work.data = job;
    job->work.kind = WORK_ANSWER;
    job->x = x;
    job->hub = x->server->parts.hub;
    snprintf(job->name, sizeof job->name, "%s", stream_name(stream));
    job->recipe = recipe_ref(recipe);
    job->frame = stream_newest(stream);
    x->state = job;
    x->on_close = on_close;
    job->hub->jobs++;
    work_queue(job->hub->loop, &job->work, do_check, on_checked);
}

void route_stream_patch(struct exchange *x)
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    struct recipe *recipe = NULL;
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    enum ims_result result =
        ims_json_parse((const char *)x->body->data, x->body->size, &doc, &err);
    if (result == IMS_OK)
        result = recipe_create(stream_recipe(stream), &doc->root, &recipe, &err);
    ims_document_destroy(doc);
    if (result)
        exchange_error(x, result == IMS_ERR_LIMIT ? 413 : 400, err.text);
    else
        start_check(x, stream, recipe);
    recipe_unref(&recipe);
}
