/* SPDX-License-Identifier: MIT */
#include "routes.h"
#include "server.h"

#include <imshow/json.h>
#include <imshow/wire.h>
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
    ims_put_map(&sink, 4);
    ims_put_key(&sink, "name");
    ims_put_text(&sink, done->name);
    ims_put_key(&sink, "seq");
    ims_put_u64(&sink, done->seq);
    ims_put_key(&sink, "epoch");
    ims_put_u64(&sink, done->epoch);
    ims_put_key(&sink, "frames");
    ims_put_u64(&sink, done->frames);
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

static bool is_key(const struct ims_entry *entry, const char *key)
{
    return entry->key_size == strlen(key) &&
           memcmp(entry->key, key, entry->key_size) == 0;
}

/* Without any parameter and labels the stream keeps what it has, and *out stays NULL. */
static enum ims_result read_recipe(const struct ims_value *query, struct recipe **out,
                                   struct ims_error *err)
{
    struct ims_entry params[EXCHANGE_QUERY_MAX], keys[2];
    size_t param_count = 0, key_count = 0;
    for (size_t i = 0; i < query->as.map.count && i < EXCHANGE_QUERY_MAX; i++) {
        const struct ims_entry *entry = &query->as.map.entries[i];
        if (is_key(entry, "labelled"))
            keys[key_count++] = *entry;
        else if (!is_key(entry, "meta") && !is_key(entry, "time_us"))
            params[param_count++] = *entry;
        if (key_count == 2)
            return ims_fail(err, IMS_ERR_INVALID, "labelled is given twice");
    }
    if (param_count)
        keys[key_count++] = (struct ims_entry){
            .key = "params",
            .key_size = strlen("params"),
            .value = {.kind = IMS_MAP, .as.map = {params, param_count}}};
    const struct ims_value map = {.kind = IMS_MAP, .as.map = {keys, key_count}};
    return key_count ? recipe_create(NULL, &map, out, err) : IMS_OK;
}

static enum ims_result read_post(const struct ims_value *query, struct push_post *out,
                                 struct ims_error *err)
{
    const struct ims_value *meta = ims_value_get(query, "meta");
    const struct ims_value *time_us = ims_value_get(query, "time_us");
    if (!ims_value_is_null(time_us) && !ims_value_as_i64(time_us, &out->time_us))
        return ims_fail(err, IMS_ERR_INVALID,
                        "time_us: give microseconds since 1970, an integer");
    enum ims_result result = read_recipe(query, &out->recipe, err);
    if (result == IMS_OK && !ims_value_is_null(meta))
        result = ims_wire_meta_pack(meta, &out->meta, err);
    return result;
}

/* What is not taken over is released. */
static enum ims_result post(struct exchange *x, struct push_post *post,
                            struct posted *posted, struct ims_error *err)
{
    enum ims_result result = read_post(x->query, post, err);
    if (result == IMS_OK) {
        post->body = x->body;
        result =
            push_body(x->server->parts.pushes, x->argument, post, on_done, posted, err);
        x->body = post->body;
    }
    ims_buffer_unref(&post->meta);
    recipe_unref(&post->recipe);
    return result;
}

void route_push(struct exchange *x)
{
    struct ims_error err = {0};
    struct push_post parts = {0};
    struct posted *posted = malloc(sizeof *posted);
    if (!posted) {
        exchange_error(x, 503, "no memory for the frame");
        return;
    }
    posted->x = x;
    size_t size = x->body->size;
    enum ims_result result = post(x, &parts, posted, &err);
    if (result) {
        free(posted);
        exchange_error(x, status_of(result), err.text);
        return;
    }
    /* the decoder has it now, PUSH_JOBS_MAX of them at most */
    x->server->body_bytes -= size;
    x->state = posted;
    x->on_close = on_close;
}
