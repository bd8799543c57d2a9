/* SPDX-License-Identifier: MIT */
/*
 * stream.mjpg: JPEG pictures one after the other for ever, as IP cameras and mjpg-streamer have it. The
 * newest picture goes when the socket has taken the last one whole; what comes between is skipped. While
 * nothing changes the same picture goes once a second, so that whoever reads knows that the stream lives. While the
 * stream is lost a notice goes instead, once a second, since who shows nothing else can be told in no other way.
 */
#include "dropin.h"
#include "notice.h"
#include "route_wait.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUNDARY "boundarydonotcross"

enum { NOTICE_MS = 1000, STILL_MS = 1000, HEAD_MAX = 512 };

struct mjpeg {
    struct exchange *x;
    struct stream *stream;
    struct stream_listener listener;
    struct view_client client; /* no view before there is a frame */
    bool is_watching;          /* by ourselves, while there is no view */
    struct picture *sending;
    char head[HEAD_MAX];
    size_t head_size, sent; /* bytes of head, pieces and boundary that are out */
    bool has_begun;         /* the first boundary is out */
    uint64_t last_picture;
    uint64_t sent_ms; /* when the last one was begun */
    bool is_repeated; /* it has gone again, since nothing changed */
    bool is_news;     /* it had not gone before */
    struct dropin_reader reader;

    struct notice *drawing;
    struct ims_buffer *notice; /* NULL: none is due; else it goes each NOTICE_MS */
    bool notice_due;
    uv_timer_t *timer; /* closes by itself, later than this struct */
};

static void mjpeg_free(struct mjpeg *m);

static struct mjpeg *mjpeg_of(struct view_client *client)
{
    return (struct mjpeg *)((char *)client - offsetof(struct mjpeg, client));
}

static struct mjpeg *listening(struct stream_listener *listener)
{
    return (struct mjpeg *)((char *)listener - offsetof(struct mjpeg, listener));
}

/* ---- pictures ---- */

static void mjpeg_send(struct mjpeg *m, struct picture *picture)
{
    m->sending = picture_ref(picture);
    m->is_news = picture->head.picture != m->last_picture;
    m->last_picture = picture->head.picture;
    m->sent_ms = uv_now(m->x->server->loop);
    m->is_repeated = false;
    dropin_reader_count(&m->reader, m->sent_ms);
    m->head_size = m->sent = 0;
    exchange_want_write(m->x);
}

static void mjpeg_pump(struct mjpeg *m)
{
    if (m->sending || !m->client.view)
        return;
    struct picture *picture = view_picture(&m->client, m->last_picture);
    if (picture)
        mjpeg_send(m, picture);
    else
        view_want(&m->client, m->last_picture);
}

static void on_picture(struct view_client *client)
{
    mjpeg_pump(mjpeg_of(client));
}

static void on_still(struct view_client *client)
{
    struct mjpeg *m = mjpeg_of(client);
    struct picture *picture = view_whole(client->view);
    bool is_due = uv_now(m->x->server->loop) - m->sent_ms >= STILL_MS ||
                  (m->reader.wish.dual_final_frames && !m->is_repeated);
    if (!picture || m->sending || !is_due)
        return;
    mjpeg_send(m, picture);
    m->is_repeated = true;
}

/* What ustreamer adds for its own clients; the size only where a picture has one. */
static void print_extra(const struct mjpeg *m, const struct ims_picture_head *h,
                        char out[HEAD_MAX / 2])
{
    bool online = stream_state(m->stream) == STREAM_LIVE;
    int n = snprintf(out, HEAD_MAX / 2,
                     "X-UStreamer-Online: %s\r\nX-UStreamer-Client-FPS: %u\r\n",
                     online ? "true" : "false",
                     dropin_reader_fps(&m->reader, uv_now(m->x->server->loop)));
    if (h)
        snprintf(out + n, (size_t)(HEAD_MAX / 2 - n),
                 "X-UStreamer-Width: %u\r\nX-UStreamer-Height: %u\r\n", h->width,
                 h->height);
}

static int print_head(struct mjpeg *m, size_t size, int64_t time_us,
                      const struct ims_picture_head *h, char head[HEAD_MAX])
{
    char extra[HEAD_MAX / 2] = "";
    if (m->reader.wish.extra_headers)
        print_extra(m, h, extra);
    int n =
        snprintf(head, HEAD_MAX,
                 "%sContent-Type: image/jpeg\r\nContent-Length: %zu\r\n"
                 "X-Timestamp: %lld.%06lld\r\n%s\r\n",
                 m->has_begun ? "" : "--" BOUNDARY "\r\n", size,
                 (long long)(time_us / 1000000), (long long)(time_us % 1000000), extra);
    m->has_begun = true;
    return n;
}

static const char tail[] = "\r\n--" BOUNDARY "\r\n";

static void make_head(struct mjpeg *m)
{
    const struct ims_picture_head *h = &m->sending->head;
    const struct view *view = m->client.view;
    bool still = view && view_pictures(view) == h->picture;
    m->head_size =
        (size_t)print_head(m, m->reader.wish.zero_data ? 0 : (size_t)h->size,
                           still ? view_time_us(view) : h->time_us, h, m->head);
}

/* The boundary follows its picture at once, not with the next one's head: browsers show a picture when
 * they have read the boundary behind it. */
static struct exchange_part part_at(const struct mjpeg *m, uint32_t i)
{
    bool is_empty = m->reader.wish.zero_data && i > 0 && i <= m->sending->piece_count;
    if (i == 0)
        return (struct exchange_part){m->head, m->head_size};
    if (i > m->sending->piece_count)
        return (struct exchange_part){tail, sizeof tail - 1};
    if (is_empty)
        return (struct exchange_part){0};
    const struct picture_piece *piece = &m->sending->pieces[i - 1];
    return (struct exchange_part){piece->payload, piece->payload_size};
}

/* What is left of the picture, from `sent` on; 0: nothing. */
static int gather(const struct mjpeg *m, struct exchange_part out[EXCHANGE_PARTS_MAX])
{
    size_t skip = m->sent;
    int count = 0;
    for (uint32_t i = 0; i < m->sending->piece_count + 2 && count < EXCHANGE_PARTS_MAX;
         i++) {
        struct exchange_part part = part_at(m, i);
        if (skip >= part.size) {
            skip -= part.size;
            continue;
        }
        out[count++] =
            (struct exchange_part){(const char *)part.data + skip, part.size - skip};
        skip = 0;
    }
    return count;
}

/* True when the picture is out. */
static bool send_picture(struct mjpeg *m)
{
    struct exchange_part parts[EXCHANGE_PARTS_MAX];
    if (m->head_size == 0)
        make_head(m);
    ssize_t n = exchange_send(m->x, parts, gather(m, parts));
    if (n > 0)
        m->sent += (size_t)n;
    bool is_last = gather(m, parts) == 0;
    stream_sent(m->stream, VIA_MJPEG, n > 0 ? (size_t)n : 0, is_last);
    return is_last;
}

/* ---- notices ---- */

/* Head, picture and boundary in one: a notice is small. */
static void write_notice(struct mjpeg *m)
{
    char head[HEAD_MAX];
    int head_size = print_head(m, m->notice->size, stream_now_us(), NULL, head);
    struct ims_bytes all = {0};
    ims_bytes_append(&all, head, (size_t)head_size);
    ims_bytes_append(&all, m->notice->data, m->notice->size);
    ims_bytes_append(&all, tail, sizeof tail - 1);
    m->notice_due = false;
    if (!all.result)
        (void)exchange_write(m->x, all.data, all.size);
    ims_bytes_finish(&all);
}

static void on_timer(uv_timer_t *timer)
{
    struct mjpeg *m = timer->data;
    m->notice_due = m->notice != NULL;
    if (m->notice_due && !m->sending)
        exchange_want_write(m->x);
}

static void on_notice(void *user, struct ims_buffer *jpeg)
{
    struct mjpeg *m = user;
    m->drawing = NULL;
    if (!jpeg || stream_state(m->stream) != STREAM_LOST)
        return;
    ims_buffer_unref(&m->notice);
    m->notice = ims_buffer_ref(jpeg);
    uv_timer_start(m->timer, on_timer, 0, NOTICE_MS);
}

static void notice_stop(struct mjpeg *m)
{
    notice_abandon(&m->drawing);
    ims_buffer_unref(&m->notice);
    m->notice_due = false;
    uv_timer_stop(m->timer);
}

static void notice_start(struct mjpeg *m)
{
    char text[NOTICE_TEXT_MAX];
    const struct stream_settled *settled = stream_settled(m->stream);
    struct picture *last = m->client.view ? view_whole(m->client.view) : NULL;
    notice_abandon(&m->drawing);
    snprintf(text, sizeof text, "%s: %s", stream_name(m->stream),
             stream_reason(m->stream));
    m->drawing = notice_draw(m->x->server->parts.hub, last, settled->width,
                             settled->height, text, on_notice, m);
}

/* ---- what happens to the stream ---- */

static void on_writable(struct exchange *x)
{
    struct mjpeg *m = x->state;
    if (!m->sending && m->notice_due)
        write_notice(m);
    if (!m->sending)
        return;
    if (!send_picture(m)) {
        exchange_want_write(x);
        return;
    }
    if (m->is_news)
        view_sent(&m->client, m->sending);
    picture_unref(&m->sending);
    mjpeg_pump(m);
    if (m->notice_due)
        exchange_want_write(x);
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

static void end(struct mjpeg *m)
{
    struct exchange *x = m->x;
    mjpeg_free(m);
    exchange_end(x);
}

/* The first frame of a stream that was lost from its beginning. */
static void on_frame(struct stream_listener *listener, struct stream *stream)
{
    struct mjpeg *m = listening(listener);
    if (m->client.view)
        return;
    if (mjpeg_attach(m, NULL)) {
        end(m);
        return;
    }
    if (m->is_watching)
        stream_unwatch(stream);
    m->is_watching = false;
    mjpeg_pump(m);
}

static void on_state(struct stream_listener *listener, struct stream *stream)
{
    struct mjpeg *m = listening(listener);
    if (stream_state(stream) == STREAM_LOST)
        notice_start(m);
    else
        notice_stop(m);
}

static void on_stream_end(struct stream_listener *listener, struct stream *stream)
{
    (void)stream;
    end(listening(listener));
}

/* A new form of the stream is a new view; anything else ends the answer. */
static void on_end(struct view_client *client, const char *reason)
{
    struct mjpeg *m = mjpeg_of(client);
    struct exchange *x = m->x;
    (void)reason;
    bool lives = streams_find(x->server->parts.streams, x->argument) == m->stream;
    if (lives && !x->server->closing && mjpeg_attach(m, NULL) == IMS_OK)
        mjpeg_pump(m);
    else
        end(m);
}

/* ---- beginning and end ---- */

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

static void mjpeg_free(struct mjpeg *m)
{
    notice_stop(m);
    uv_close((uv_handle_t *)m->timer, on_timer_closed);
    stream_unlisten(m->stream, &m->listener);
    dropin_reader_remove(&m->reader);
    view_detach(&m->client);
    if (m->is_watching)
        stream_unwatch(m->stream);
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

static struct mjpeg *mjpeg_create(struct exchange *x, struct stream *stream)
{
    struct mjpeg *m = calloc(1, sizeof *m);
    uv_timer_t *timer = calloc(1, sizeof *timer);
    if (!m || !timer) {
        free(m);
        free(timer);
        return NULL;
    }
    m->x = x;
    m->stream = stream;
    m->client = (struct view_client){.on_picture = on_picture,
                                     .on_still = on_still,
                                     .on_end = on_end,
                                     .whole_only = true};
    m->listener = (struct stream_listener){
        .on_frame = on_frame, .on_state = on_state, .on_end = on_stream_end};
    m->reader = (struct dropin_reader){
        .stream = stream, .wish = dropin_wish(x->query), .id = ++x->server->reader_ids};
    dropin_reader_add(&x->server->readers, &m->reader);
    m->timer = timer;
    timer->data = m;
    uv_timer_init(x->server->loop, timer);
    stream_listen(stream, &m->listener);
    return m;
}

static void begin(struct mjpeg *m)
{
    struct exchange *x = m->x;
    x->state = m;
    x->on_close = on_close;
    x->on_writable = on_writable;
    char headers[256] =
        "Cache-Control: no-store, no-cache, must-revalidate\r\nPragma: no-cache\r\n";
    size_t at = strlen(headers);
    if (m->reader.wish.key[0]) /* whereby a page finds itself in /state */
        snprintf(headers + at, sizeof headers - at,
                 "Set-Cookie: stream_client=%s/%016llx; Path=/; Max-Age=30\r\n",
                 m->reader.wish.key, (unsigned long long)m->reader.id);
    exchange_begin(x, "multipart/x-mixed-replace;boundary=" BOUNDARY, headers);
    if (x->method == METHOD_HEAD) {
        end(m);
        return;
    }
    mjpeg_pump(m);
    if (stream_state(m->stream) == STREAM_LOST)
        notice_start(m);
}

static void on_ready(struct exchange *x, struct stream *stream)
{
    struct ims_error err = {0};
    struct mjpeg *m = mjpeg_create(x, stream);
    if (!m) {
        exchange_error(x, 503, "no memory for the stream");
        return;
    }
    enum ims_result result = mjpeg_attach(m, &err);
    if (!result) {
        begin(m);
        return;
    }
    mjpeg_free(m);
    exchange_error(x, result == IMS_ERR_LIMIT ? 503 : 400, err.text);
}

static void start_lost(struct exchange *x, struct stream *stream)
{
    struct mjpeg *m = mjpeg_create(x, stream);
    if (!m) {
        exchange_error(x, 503, "no memory for the stream");
        return;
    }
    m->is_watching = true;
    stream_watch(stream);
    begin(m);
}

void route_mjpeg(struct exchange *x)
{
    struct stream *stream = route_stream_named(x);
    if (!stream)
        return;
    struct ims_frame *newest = stream_newest(stream);
    if (!newest && stream_state(stream) == STREAM_LOST)
        start_lost(x, stream);
    else
        frame_wait_start(x, stream, on_ready);
    ims_frame_unref(&newest);
}
