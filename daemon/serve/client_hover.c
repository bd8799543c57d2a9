/* SPDX-License-Identifier: MIT */
#include "client_private.h"

#include "../work.h"

#include <imshow/draw.h>
#include <imshow/wire.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct hover {
    int64_t request;
    uint64_t picture, seq;
    uint32_t view, x, y;
};

/* A value that has to be decoded first. The job outlives its client: `client` is NULL then. */
struct hover_job {
    struct work work;
    struct hub *hub;
    struct client *client;
    struct hover_job *next; /* in client->hovers */
    struct hover hover;
    struct ims_frame *frame;
    struct ims_view_spec spec;
    struct ims_value values[4];
    int count;
    enum ims_result result;
    struct ims_error err;
};

/* Numbers that JavaScript holds exactly go as numbers; larger integers, NaN and infinities as text. */
static void put_sample(struct ims_sink *sink, const struct ims_value *v)
{
    const int64_t safe = INT64_C(1) << 53;
    char text[32];
    if (v->kind == IMS_UNSIGNED)
        snprintf(text, sizeof text, "%llu", (unsigned long long)v->as.unsigned_integer);
    else if (v->kind == IMS_INTEGER && (v->as.integer > safe || v->as.integer < -safe))
        snprintf(text, sizeof text, "%lld", (long long)v->as.integer);
    else if (v->kind == IMS_REAL && isnan(v->as.real))
        snprintf(text, sizeof text, "NaN");
    else if (v->kind == IMS_REAL && isinf(v->as.real))
        snprintf(text, sizeof text, v->as.real < 0 ? "-Infinity" : "Infinity");
    else {
        ims_put_value(sink, v);
        return;
    }
    ims_put_text(sink, text);
}

static void put_key_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_values(struct ims_sink *sink, const struct ims_value *values, int count)
{
    ims_put_key(sink, "value");
    if (count != 1)
        ims_put_list(sink, (size_t)count);
    for (int i = 0; i < count; i++)
        put_sample(sink, &values[i]);
    if (count != 1)
        ims_put_end(sink);
}

static void post_value(struct client *client, const struct hover *hover,
                       const struct ims_frame *frame, const struct ims_value *values,
                       int count)
{
    struct message m;
    message_begin(&m, "value");
    ims_put_key(&m.sink, "request");
    ims_put_i64(&m.sink, hover->request);
    put_key_u64(&m.sink, "view", hover->view);
    put_key_u64(&m.sink, "seq", hover->seq);
    put_key_u64(&m.sink, "x", hover->x);
    put_key_u64(&m.sink, "y", hover->y);
    put_values(&m.sink, values, count);
    if (frame->meta) {
        ims_put_key(&m.sink, "meta");
        ims_wire_meta_put(frame->meta, &m.sink);
    }
    struct ims_buffer *message = message_end(&m);
    client_post(client, message);
    ims_buffer_unref(&message);
}

static void post_gone(struct client *client, const struct hover *hover)
{
    struct message m;
    message_begin(&m, "gone");
    ims_put_key(&m.sink, "request");
    ims_put_i64(&m.sink, hover->request);
    put_key_u64(&m.sink, "view", hover->view);
    put_key_u64(&m.sink, "picture", hover->picture);
    struct ims_buffer *message = message_end(&m);
    client_post(client, message);
    ims_buffer_unref(&message);
}

/* Consumes the frame. */
static void post_result(struct client *client, const struct hover *hover,
                        struct ims_frame *frame, enum ims_result result,
                        const struct ims_value *values, int count, const char *text)
{
    if (result)
        client__error(client, "bad-message", text, hover->request);
    else
        post_value(client, hover, frame, values, count);
    ims_frame_unref(&frame);
}

/* ---- compressed frames: decoded on the pool ---- */

static void do_pick(struct work *work)
{
    struct hover_job *job = (struct hover_job *)work->data;
    job->result = ims_pick(job->frame, &job->spec, job->hover.x, job->hover.y,
                           job->values, &job->count, &job->err);
}

static void job_unlink(struct hover_job *job)
{
    struct hover_job **at = &job->client->hovers;
    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    job->client->hover_count--;
}

static void on_picked(struct work *work, int status)
{
    struct hover_job *job = (struct hover_job *)work->data;
    struct hub *hub = job->hub;
    (void)status;
    if (job->client) {
        job_unlink(job);
        post_result(job->client, &job->hover, ims_frame_ref(job->frame), job->result,
                    job->values, job->count, job->err.text);
    }
    ims_frame_unref(&job->frame);
    free(job);
    hub_job_done(hub);
}

void client__hovers_abandon(struct client *client)
{
    for (struct hover_job *job = client->hovers; job; job = job->next)
        job->client = NULL;
    client->hovers = NULL;
}

/* Consumes the frame. Past the bound the question is answered like one for a frame that is gone. */
static void pick_later(struct client *client, const struct hover *hover,
                       struct ims_frame *frame, const struct ims_view_spec *spec)
{
    struct hover_job *job =
        client->hover_count < CLIENT_HOVERS_MAX ? calloc(1, sizeof *job) : NULL;
    if (!job) {
        ims_frame_unref(&frame);
        post_gone(client, hover);
        return;
    }
    job->work.data = job;
    job->work.kind = WORK_ANSWER;
    job->hub = client->hub;
    job->client = client;
    job->hover = *hover;
    job->frame = frame;
    job->spec = *spec;
    job->next = client->hovers;
    client->hovers = job;
    client->hover_count++;
    client->hub->jobs++;
    work_queue(client->hub->loop, &job->work, do_pick, on_picked);
}

static void pick_now(struct client *client, const struct hover *hover,
                     struct ims_frame *frame, const struct ims_view_spec *spec)
{
    struct ims_value values[4];
    struct ims_error err = {0};
    int count = 0;
    enum ims_result result =
        ims_pick(frame, spec, hover->x, hover->y, values, &count, &err);
    post_result(client, hover, frame, result, values, count, err.text);
}

/* ---- the question ---- */

static bool read_u32(const struct ims_value *map, const char *key, uint32_t *out)
{
    uint64_t v;
    if (!ims_value_as_u64(ims_value_get(map, key), &v) || v > UINT32_MAX)
        return false;
    *out = (uint32_t)v;
    return true;
}

static bool hover_parse(const struct ims_value *map, int64_t request, struct hover *out)
{
    out->request = request;
    return read_u32(map, "view", &out->view) && read_u32(map, "x", &out->x) &&
           read_u32(map, "y", &out->y) &&
           ims_value_as_u64(ims_value_get(map, "picture"), &out->picture) &&
           ims_value_as_u64(ims_value_get(map, "seq"), &out->seq);
}

void client__hover(struct client *client, const struct ims_value *map, int64_t request)
{
    struct hover hover;
    if (!hover_parse(map, request, &hover)) {
        client__error(client, "bad-message",
                      "\"hover\" needs the numbers view, picture, seq, x and y", request);
        return;
    }
    struct slot *slot = client__slot(client, hover.view);
    struct ims_frame *frame = slot ? stream_find(slot->stream, hover.seq) : NULL;
    struct ims_extent extent;
    if (!frame || ims_frame_extent(frame, &extent, NULL)) {
        ims_frame_unref(&frame);
        post_gone(client, &hover);
        return;
    }
    const struct ims_view_spec *spec = view_spec(slot->view_client.view);
    if (extent.compressed)
        pick_later(client, &hover, frame, spec);
    else
        pick_now(client, &hover, frame, spec);
}
