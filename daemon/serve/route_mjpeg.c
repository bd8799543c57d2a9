/* SPDX-License-Identifier: MIT */
/*
 * stream.mjpg: JPEG pictures one after the other for ever, as IP cameras and mjpg-streamer have it. The
 * newest picture goes when the socket has taken the last one whole; what comes between is skipped.
 */
#include "route_wait.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define BOUNDARY "boundarydonotcross"

struct mjpeg {
    struct exchange *x;
    struct stream *stream;
    struct view_client client;
    struct picture *sending;
    uint32_t step;  /* 0: head, then the pieces, then the boundary */
    bool has_begun; /* the first boundary is out */
    uint64_t last_picture;
};

static struct mjpeg *mjpeg_of(struct view_client *client)
{
    return (struct mjpeg *)((char *)client - offsetof(struct mjpeg, client));
}

static void mjpeg_pump(struct mjpeg *m)
{
    struct view *view = m->client.view;
    if (m->sending || !view)
        return;
    struct picture *latest = view_latest(view);
    if (!latest || latest->head.picture <= m->last_picture) {
        view_want(view);
        return;
    }
    m->sending = picture_ref(latest);
    m->last_picture = latest->head.picture;
    m->step = 0;
    exchange_want_write(m->x);
}

static void on_picture(struct view_client *client)
{
    mjpeg_pump(mjpeg_of(client));
}

static bool write_head(struct mjpeg *m)
{
    char head[256];
    const struct ims_picture_head *h = &m->sending->head;
    int size =
        snprintf(head, sizeof head,
                 "%sContent-Type: image/jpeg\r\nContent-Length: %llu\r\n"
                 "X-Timestamp: %lld.%06lld\r\n\r\n",
                 m->has_begun ? "" : "--" BOUNDARY "\r\n", (unsigned long long)h->size,
                 (long long)(h->time_us / 1000000), (long long)(h->time_us % 1000000));
    m->has_begun = true;
    return exchange_write(m->x, head, (size_t)size);
}

/* The boundary follows its picture at once, not with the next one's head: browsers show a picture when
 * they have read the boundary behind it. */
static bool write_step(struct mjpeg *m)
{
    static const char tail[] = "\r\n--" BOUNDARY "\r\n";
    uint32_t step = m->step++;
    if (step == 0)
        return write_head(m);
    if (step > m->sending->piece_count)
        return exchange_write(m->x, tail, sizeof tail - 1);
    const struct picture_piece *piece = &m->sending->pieces[step - 1];
    return exchange_write(m->x, piece->payload, piece->payload_size);
}

static void on_writable(struct exchange *x)
{
    struct mjpeg *m = x->state;
    if (!m->sending || !write_step(m))
        return;
    if (m->step < m->sending->piece_count + 2) {
        exchange_want_write(x);
        return;
    }
    picture_unref(&m->sending);
    mjpeg_pump(m);
}

static void mjpeg_free(struct mjpeg *m)
{
    view_detach(&m->client);
    picture_unref(&m->sending);
    m->x->state = NULL;
    m->x->on_close = NULL;
    m->x->on_writable = NULL;
    free(m);
}

static void on_close(struct exchange *x)
{
    mjpeg_free(x->state);
}

static enum ims_result mjpeg_attach(struct mjpeg *m, struct ims_error *err)
{
    struct ims_view_spec spec;
    enum ims_result result = route_view_spec(m->x, m->stream, IMS_CODEC_JPEG, &spec, err);
    if (result)
        return result;
    m->last_picture = 0;
    return view_attach(m->x->server->parts.views, m->stream, &spec, &m->client, err);
}

/* A new form of the stream is a new view; anything else ends the answer. */
static void on_end(struct view_client *client, const char *reason)
{
    struct mjpeg *m = mjpeg_of(client);
    struct exchange *x = m->x;
    (void)reason;
    bool lives = streams_find(x->server->parts.streams, x->argument) == m->stream;
    if (lives && !x->server->closing && mjpeg_attach(m, NULL) == IMS_OK) {
        mjpeg_pump(m);
        return;
    }
    mjpeg_free(m);
    exchange_end(x);
}

static void on_ready(struct exchange *x, struct stream *stream)
{
    struct ims_error err = {0};
    struct mjpeg *m = calloc(1, sizeof *m);
    if (!m) {
        exchange_error(x, 503, "no memory for the stream");
        return;
    }
    m->x = x;
    m->stream = stream;
    m->client = (struct view_client){.on_picture = on_picture, .on_end = on_end};
    if (mjpeg_attach(m, &err)) {
        free(m);
        exchange_error(x, 400, err.text);
        return;
    }
    x->state = m;
    x->on_close = on_close;
    x->on_writable = on_writable;
    exchange_begin(
        x, "multipart/x-mixed-replace;boundary=" BOUNDARY,
        "Cache-Control: no-store, no-cache, must-revalidate\r\nPragma: no-cache\r\n");
    if (x->method == METHOD_HEAD) {
        mjpeg_free(m);
        exchange_end(x);
    } else {
        mjpeg_pump(m);
    }
}

void route_mjpeg(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (stream)
        frame_wait_start(x, stream, on_ready);
}
