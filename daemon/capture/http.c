/* SPDX-License-Identifier: MIT */
/*
 * http:// and https:// sources: a camera that streams multipart MJPEG, or one that answers a single picture,
 * which then is asked for again at -f's rate.
 */
#include "feed.h"
#include "http_transfer.h"
#include "sources.h"
#include "stream.h"

#include <string.h>
#include <strings.h>

enum { HTTP_POLLS_A_SECOND = 5 }; /* of a single picture, unless -f says */

struct http {
    struct source *source;
    struct feed feed;
    struct http_transfer *transfer;
    uv_timer_t timer; /* the next GET of a single picture */
    int open_parts;
    bool stopping;
    uint64_t asked_ms;
    struct ims_error why; /* the body is no frame */
};

/* ---- the end ---- */

static void on_feed_stopped(struct source *source)
{
    source_stopped(source);
}

static void on_part_closed(struct http *h)
{
    if (--h->open_parts == 0)
        feed_stop(&h->feed, on_feed_stopped);
}

static void on_transfer_closed(void *user)
{
    on_part_closed(user);
}

static void on_timer_closed(uv_handle_t *handle)
{
    on_part_closed(handle->data);
}

static void http_stop(struct source *source)
{
    struct http *h = source_state(source);
    h->stopping = true;
    feed_halt(&h->feed);
    http_transfer_close(h->transfer, on_transfer_closed);
    uv_close((uv_handle_t *)&h->timer, on_timer_closed);
}

/* ---- bodies ---- */

static void lose_body(struct http *h)
{
    const char *type = http_transfer_type(h->transfer);
    source_lost(h->source, "the answer%s%.60s is neither a stream nor a picture: %s",
                *type ? " of type " : "", type, h->why.text);
}

static bool on_bytes(void *user, const uint8_t *data, size_t size)
{
    struct http *h = user;
    if (strncasecmp(http_transfer_type(h->transfer), "multipart/", 10) == 0)
        h->feed.inlet.kind =
            IMS_INLET_MULTIPART; /* also where the first boundary is missing */
    if (feed_copy(&h->feed, data, size, &h->why) == IMS_OK)
        return true;
    lose_body(h);
    return false;
}

/* What ends after one picture is asked for again, what streams is not meant to end. */
static bool is_picture(const struct http *h)
{
    enum ims_inlet_kind kind = h->feed.inlet.kind;
    return kind != IMS_INLET_MULTIPART && kind != IMS_INLET_Y4M;
}

static void on_time(uv_timer_t *timer);

static void ask_again(struct http *h)
{
    uint32_t fps = source_settings(h->source)->fps;
    uint64_t every_ms = 1000 / (fps ? fps : HTTP_POLLS_A_SECOND);
    uint64_t passed_ms = uv_now(source_loop(h->source)) - h->asked_ms;
    uv_timer_start(&h->timer, on_time, passed_ms < every_ms ? every_ms - passed_ms : 0,
                   0);
}

static void on_done(void *user, const char *failure, bool is_same)
{
    struct http *h = user;
    bool again = is_same || is_picture(h),
         is_empty = h->feed.inlet.kind == IMS_INLET_NONE;
    if (failure)
        source_lost(h->source, "%s", failure);
    else if (is_empty && !is_same)
        source_lost(h->source, "the answer is empty");
    else if (feed_end(&h->feed, &h->why))
        source_lost(h->source, "the answer was cut: %s", h->why.text);
    else if (!again)
        source_lost(h->source, "the camera ended its stream");
    else
        ask_again(h);
}

static void ask(struct http *h)
{
    h->asked_ms = uv_now(source_loop(h->source));
    http_transfer_start(h->transfer);
}

static void on_time(uv_timer_t *timer)
{
    ask(timer->data);
}

/* ---- the source ---- */

static enum ims_result http_check(const char *address, struct ims_error *err)
{
    size_t size = strlen(address);
    if (size > 2 && memcmp(address, "//", 2) == 0 && address[2] != '/' && size < 2000)
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "source: give a camera's URL, such as http://HOST/video.mjpg");
}

static enum ims_result http_start(struct source *source, struct ims_error *err)
{
    static const struct http_calls calls = {on_bytes, on_done};
    struct http *h = source_state(source);
    *h = (struct http){.source = source, .open_parts = 2};
    enum ims_result result = http_transfer_create(
        source_loop(source), &calls, source_uri(source), h, &h->transfer, err);
    if (result)
        return result;
    feed_start(&h->feed, source);
    uv_timer_init(source_loop(source), &h->timer);
    h->timer.data = h;
    ask(h);
    return IMS_OK;
}

static void http_watched(struct source *source, bool watched)
{
    struct http *h = source_state(source);
    if (watched)
        feed_watched(&h->feed);
}

const struct source_impl source_http = {
    .name = "http",
    .summary = "a camera's multipart MJPEG, or a single picture, asked for at -f",
    .address = "//HOST/PATH",
    .size = sizeof(struct http),
    .check = http_check,
    .start = http_start,
    .stop = http_stop,
    .watched = http_watched,
};

const struct source_impl source_https = {
    .name = "https",
    .summary = "the same by TLS",
    .address = "//HOST/PATH",
    .size = sizeof(struct http),
    .check = http_check,
    .start = http_start,
    .stop = http_stop,
    .watched = http_watched,
};
