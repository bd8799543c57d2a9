/* SPDX-License-Identifier: MIT */
#include "http.h"
#include "push.h"

#include <imshow/json.h>
#include <imshow/npy.h>
#include <stdlib.h>

struct push_http {
    struct pusher pusher; /* first: the public pointer is this one */
    struct http *http;
    struct ims_bytes url, body;
};

static void finish(struct pusher *pusher)
{
    struct push_http *p = (struct push_http *)pusher;
    http_destroy(p->http);
    ims_bytes_finish(&p->url);
    ims_bytes_finish(&p->body);
    free(p);
}

static enum ims_result send_frame(struct pusher *pusher, const struct ims_array *array,
                                  struct ims_error *err)
{
    struct push_http *p = (struct push_http *)pusher;
    p->body.size = 0;
    enum ims_result r = ims_npy_write(array, &p->body);
    if (r)
        return ims_fail(err, r, "no memory for a frame of %zu items",
                        ims_array_count(array));
    return http_post(p->http, (const char *)p->url.data, p->body.data, p->body.size, err);
}

static enum ims_result forward(struct pusher *pusher, const uint8_t *data, size_t size,
                               const struct ims_inlet_piece *piece, struct ims_error *err)
{
    struct push_http *p = (struct push_http *)pusher;
    (void)data;
    (void)size;
    if (piece->kind == IMS_INLET_NONE)
        return IMS_OK;
    return http_post(p->http, (const char *)p->url.data, piece->data, piece->size, err);
}

/* Key and value of one parameter, the value as JSON. */
static void put_entry(const struct ims_entry *entry, struct ims_bytes *url)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_put_value(&sink, &entry->value);
    ims_bytes_append(&text, "", 1);
    ims_bytes_append(url, entry->key, entry->key_size);
    ims_bytes_append(url, "=", 1);
    if (text.result)
        url->result = text.result;
    else
        http_escape((const char *)text.data, url);
    ims_bytes_finish(&text);
}

static void build_url(const struct push_how *how, struct ims_bytes *url)
{
    const struct ims_value *map = &how->px->map->root;
    ims_bytes_printf(url, "%s/push/", how->server->base);
    http_escape(how->name, url);
    for (size_t i = 0; i < map->as.map.count; i++) {
        ims_bytes_append(url, i ? "&" : "?", 1);
        put_entry(&map->as.map.entries[i], url);
    }
    ims_bytes_append(url, "", 1);
}

enum ims_result push_http_open(const struct push_how *how, struct pusher **out,
                               struct ims_error *err)
{
    static const struct pusher_impl impl = {send_frame, forward, finish};
    struct push_http *p = calloc(1, sizeof *p);
    if (!p)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    p->pusher.impl = &impl;
    build_url(how, &p->url);
    enum ims_result r = p->url.result;
    if (!r)
        r = http_create(how->server, &p->http);
    if (r) {
        finish(&p->pusher);
        return ims_fail(err, r, "out of memory");
    }
    *out = &p->pusher;
    return IMS_OK;
}
