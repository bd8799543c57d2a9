/* SPDX-License-Identifier: MIT */
/* What can be turned at a stream's source: GET lists it, PATCH turns it and lists what became of it. */
#include "route_wait.h"

#include "../capture/source.h"

#include <imshow/json.h>
#include <stdlib.h>

enum { JSON_BYTES_MAX = 4 << 20 };

struct controls_job {
    struct control_request request;
    struct exchange *x; /* NULL: the client has gone; the change is made all the same */
};

static int status_of(enum ims_result result)
{
    switch (result) {
    case IMS_ERR_INVALID: return 400;
    case IMS_ERR_UNSUPPORTED: return 404;
    default: return 503;
    }
}

static void reply(struct exchange *x, const struct control_list *list)
{
    struct ims_bytes out = {.limit = JSON_BYTES_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "controls");
    if (list) {
        control_list_put(&sink, list);
    } else {
        ims_put_list(&sink, 0);
        ims_put_end(&sink);
    }
    ims_put_end(&sink);
    route_reply_json(x, &out);
}

static void on_done(struct control_request *request, const struct control_list *list,
                    enum ims_result result, const char *why)
{
    struct controls_job *job = (struct controls_job *)request;
    struct exchange *x = job->x;
    free(request->changes);
    free(job);
    if (!x)
        return;
    x->state = NULL;
    x->on_close = NULL;
    if (result)
        exchange_error(x, status_of(result), why);
    else
        reply(x, list);
}

static void on_close(struct exchange *x)
{
    struct controls_job *job = x->state;
    job->x = NULL;
}

/* Takes `changes` over; NULL: only to read. */
static void ask(struct exchange *x, struct source *source,
                struct control_changes *changes)
{
    struct ims_error err = {0};
    struct controls_job *job = calloc(1, sizeof *job);
    if (!job) {
        free(changes);
        exchange_error(x, 503, "no memory for the answer");
        return;
    }
    *job = (struct controls_job){{NULL, changes, on_done}, x};
    x->state = job;
    x->on_close = on_close;
    enum ims_result result = source_control(source, &job->request, &err);
    if (result)
        on_done(&job->request, NULL, result, err.text);
}

void route_controls(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    struct source *source = stream_source(stream);
    if (source && source_has_controls(source))
        ask(x, source, NULL);
    else
        reply(x, NULL);
}

static enum ims_result read_changes(const struct exchange *x, struct source *source,
                                    struct control_changes **out, struct ims_error *err)
{
    struct ims_document *doc;
    const struct control_list *list = source_controls(source);
    if (!x->body)
        return ims_fail(err, IMS_ERR_INVALID, "give a body, as {\"brightness\": 100}");
    enum ims_result result =
        ims_json_parse((const char *)x->body->data, x->body->size, &doc, err);
    if (result)
        return result == IMS_ERR_NOMEM ? result : IMS_ERR_INVALID;
    /* without a list there is nothing to read against; the source then says why */
    if (list)
        result = control_changes_parse(list, &doc->root, out, err);
    ims_document_destroy(doc);
    return result;
}

void route_controls_patch(struct exchange *x)
{
    struct ims_error err = {0};
    struct control_changes *changes = NULL;
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    struct source *source = stream_source(stream);
    if (!source || !source_has_controls(source)) {
        exchange_error(x, 404, "this stream has no controls");
        return;
    }
    enum ims_result result = read_changes(x, source, &changes, &err);
    if (result)
        exchange_error(x, result == IMS_ERR_LIMIT ? 413 : status_of(result), err.text);
    else
        ask(x, source, changes);
}
