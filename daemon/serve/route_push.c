/* SPDX-License-Identifier: MIT */
#include "routes.h"
#include "server.h"

#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>

/* The decoder comes back with `x`, or without it when the client has gone: a POST whose sender left is
 * published all the same. */
struct posted {
    struct exchange *x;
};

static int status_of(enum ims_result result)
{
    switch (result) {
    case IMS_ERR_LIMIT: return 413;
    case IMS_ERR_UNSUPPORTED: return 415;
    case IMS_ERR_NOMEM:
    case IMS_ERR_IO: return 503;
    default: return 400;
    }
}

static void reply_published(struct exchange *x, const struct push_done *done)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "name");
    ims_put_text(&sink, done->name);
    ims_put_key(&sink, "seq");
    ims_put_u64(&sink, done->seq);
    ims_put_key(&sink, "epoch");
    ims_put_u64(&sink, done->epoch);
    ims_put_end(&sink);
    ims_bytes_append(&out, "\n", 2); /* and the ending zero */
    if (out.result)
        exchange_error(x, 503, "no memory for the answer");
    else
        exchange_reply_text(x, 200, "application/json", (const char *)out.data);
    ims_bytes_finish(&out);
}

static void on_done(void *user, const struct push_done *done)
{
    struct posted *posted = user;
    struct exchange *x = posted->x;
    free(posted);
    if (!x)
        return;
    if (done->result)
        exchange_error(x, status_of(done->result), done->text);
    else
        reply_published(x, done);
}

static void on_close(struct exchange *x)
{
    struct posted *posted = x->state;
    posted->x = NULL;
}

/* The query's parameters; without any the stream keeps what it has, and *out stays NULL. */
static enum ims_result read_recipe(const struct exchange *x, struct recipe **out,
                                   struct ims_error *err)
{
    const struct ims_entry entry = {
        .key = "params", .key_size = strlen("params"), .value = *x->query};
    const struct ims_value map = {.kind = IMS_MAP,
                                  .as.map = {.entries = &entry, .count = 1}};
    return x->query->as.map.count == 0 ? IMS_OK : recipe_create(NULL, &map, out, err);
}

void route_push(struct exchange *x)
{
    struct ims_error err = {0};
    struct recipe *recipe = NULL;
    enum ims_result result = read_recipe(x, &recipe, &err);
    if (result) {
        exchange_error(x, 400, err.text);
        return;
    }
    struct posted *posted = malloc(sizeof *posted);
    if (!posted) {
        recipe_unref(&recipe);
        exchange_error(x, 503, "no memory for the frame");
        return;
    }
    posted->x = x;
    size_t size = x->body->size;
    result = push_body(x->server->parts.pushes, x->argument, &x->body, recipe, on_done,
                       posted, &err);
    recipe_unref(&recipe);
    if (result) {
        free(posted);
        exchange_error(x, status_of(result), err.text);
        return;
    }
    x->server->body_bytes -=
        size; /* the decoder has it now, PUSH_JOBS_MAX of them at most */
    x->state = posted;
    x->on_close = on_close;
}
