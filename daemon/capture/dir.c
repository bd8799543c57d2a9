/* SPDX-License-Identifier: MIT */
/*
 * dir:PATH: the newest picture of a folder into which some other program writes. inotify says when a file was
 * closed or moved in; a look every second finds what inotify does not tell, as on a network's file system.
 * Files are looked for and read by errands, since a server that is gone lets them hang, and decoded by jobs.
 */
#include "../log.h"
#include "../work.h"
#include "dir_file.h"
#include "dir_look.h"
#include "errand.h"
#include "lines.h"
#include "sources.h"
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    DIR_POLL_MS = 1000,
    DIR_POLL_COST =
        20, /* a look's time is not more than this part of the pause behind it */
    DIR_REPLAY_FPS = 10,
    DIR_EVENT_BYTES = 16 << 10, /* of inotify's, read at a time */
};

struct dir {
    struct source *source;
    struct dir_address address;
    struct dir_look *look; /* the errand's while `errand` */
    struct errand *errand;
    uv_timer_t timer;
    uv_poll_t poll; /* of inotify */
    int inotify;    /* -1: there is none */
    int open_handles;
    bool stopping, has_shown, has_told;
    bool has_pending,
        is_again; /* a file that is known to be whole, the next to be read */
    char pending[DIR_NAME_BYTES];
    bool has_skipped; /* the newest file was only counted */
    char skipped[DIR_NAME_BYTES];
    uint64_t number, published; /* of files since the start */
    int64_t scanned_ms, scan_ms,
        next_ms;        /* the last look, the next one, anything at all */
    size_t at, good;    /* replay: the next of the list, and how many could be shown */
    int64_t frame_ns;   /* replay: when it is due */
    struct lines lines; /* about files that cannot be shown */

    bool decoding; /* what follows belongs to the job */
    struct work work;
    struct dir_stamp stamp;
    struct ims_buffer *bytes;
    struct ims_frame *frame;
    enum ims_result result;
    struct ims_error err;
};

static int64_t now_ms(void)
{
    return stream_mono_ns() / 1000000;
}

static struct stream *dir_stream(const struct dir *d)
{
    return source_stream(d->source);
}

/* ---- the end ---- */

static void finish_stop(struct dir *d)
{
    if (d->open_handles || d->decoding)
        return;
    dir_look_destroy(d->look);
    d->look = NULL;
    source_stopped(d->source);
}

static void on_closed(uv_handle_t *handle)
{
    struct dir *d = handle->data;
    d->open_handles--;
    finish_stop(d);
}

static void dir_stop(struct source *source)
{
    struct dir *d = source_state(source);
    d->stopping = true;
    if (d->errand) {
        errand_abandon(&d->errand);
        d->look = NULL;
    }
    uv_close((uv_handle_t *)&d->timer, on_closed);
    if (d->inotify >= 0)
        uv_close((uv_handle_t *)&d->poll, on_closed);
}

/* ---- what is next ---- */

static void on_time(uv_timer_t *timer);

static int64_t due_ms(const struct dir *d)
{
    if (d->address.replay && d->at < d->look->list.count)
        return d->frame_ns / 1000000;
    if (d->has_pending || d->scan_ms < d->next_ms)
        return d->next_ms;
    return d->scan_ms;
}

static void plan(struct dir *d)
{
    if (d->stopping || d->errand || d->decoding)
        return;
    int64_t left_ms = due_ms(d) - now_ms();
    uv_update_time(source_loop(d->source));
    uv_timer_start(&d->timer, on_time, left_ms > 0 ? (uint64_t)left_ms : 0, 0);
}

/* The next look at the whole folder. */
static void plan_scan(struct dir *d, const struct dir_look *look)
{
    int64_t cost_ms = look->took_ns / 1000000 * DIR_POLL_COST;
    int64_t pause_ms = look->waits             ? DIR_STEADY_MS
                       : cost_ms > DIR_POLL_MS ? cost_ms
                                               : DIR_POLL_MS;
    d->scanned_ms = now_ms();
    d->scan_ms = d->scanned_ms + pause_ms;
}

/* ---- frames ---- */

static void on_line(void *user, const char *line)
{
    struct dir *d = user;
    log_warning(log_of_stream(stream_name(dir_stream(d))), "%s", line);
}

/* Named, counted, and passed over. */
static void refuse(struct dir *d, const struct dir_stamp *stamp, enum ims_result result,
                   const char *why)
{
    bool no_memory = result == IMS_ERR_NOMEM || result == IMS_ERR_LIMIT;
    char text[LINES_BYTES];
    stream_dropped(dir_stream(d), no_memory ? STREAM_DROP_MEMORY : STREAM_DROP_BROKEN, 1);
    lines_take(&d->lines, stamp->name, strlen(stamp->name));
    snprintf(text, sizeof text, " is left out: %s\n", why);
    lines_take(&d->lines, text, strlen(text));
    dir_choice_refuse(&d->look->choice, stamp);
    if (d->has_shown)
        return;
    snprintf(text, sizeof text, "the newest file cannot be shown: %.160s", why);
    stream_set_idle(dir_stream(d), text);
    d->has_told = true;
    d->scan_ms = d->scanned_ms + DIR_STEADY_MS; /* an older one may be good */
}

static void publish(struct dir *d)
{
    struct ims_frame *frame = d->frame;
    uint64_t left_out = d->number - d->published - 1;
    d->frame = NULL;
    d->published = d->number;
    d->has_shown = true;
    d->has_skipped = false;
    d->good++;
    dir_choice_shown(&d->look->choice, &d->stamp);
    frame->time_us = stream_now_us();
    frame->grab_ns = stream_mono_ns();
    frame->source_time_us = d->stamp.mtime_ns / 1000;
    stream_publish(dir_stream(d), frame, left_out);
}

static void do_decode(struct work *work)
{
    struct dir *d = work->data;
    d->err = (struct ims_error){0};
    d->result = dir_file_decode(d->bytes, &d->frame, &d->err);
}

static void on_decoded(struct work *work, int status)
{
    struct dir *d = work->data;
    (void)status; /* never cancelled */
    d->decoding = false;
    ims_buffer_unref(&d->bytes);
    if (d->stopping) {
        ims_frame_unref(&d->frame);
        finish_stop(d);
        return;
    }
    if (d->result)
        refuse(d, &d->stamp, d->result, d->err.text);
    else
        publish(d);
    plan(d);
}

static void decode(struct dir *d, struct dir_look *look)
{
    d->stamp = look->found;
    d->bytes = look->bytes;
    look->bytes = NULL;
    d->decoding = !work_queue(source_loop(d->source), &d->work, do_decode, on_decoded);
    if (d->decoding)
        return;
    ims_buffer_unref(&d->bytes);
    stream_dropped(dir_stream(d), STREAM_DROP_MEMORY, 1);
}

/* Reads what was only counted, once somebody watches: also in place of an older one that is to be read so. */
static void catch_up(struct dir *d)
{
    bool has_newer = d->has_pending && !d->is_again;
    if (!source_is_watched(d->source) || !d->has_skipped || has_newer ||
        d->address.replay)
        return;
    memcpy(d->pending, d->skipped, sizeof d->pending);
    d->has_pending = d->is_again = true;
    d->has_skipped = false;
}

/* Nobody watched when it was looked for. */
static void skip(struct dir *d, struct dir_look *look)
{
    stream_skip(dir_stream(d));
    memcpy(d->skipped, look->found.name, sizeof d->skipped);
    d->has_skipped = true;
    d->good++;
    dir_choice_shown(&look->choice, &look->found);
    catch_up(d);
}

static void take_found(struct dir *d, struct dir_look *look)
{
    if (look->read == IMS_ERR_TRUNCATED) /* it will be closed, or stand still */
        return;
    d->number += !look->is_again;
    if (look->read)
        refuse(d, &look->found, look->read, look->why.text);
    else if (look->wants_bytes)
        decode(d, look);
    else
        skip(d, look);
}

/* ---- looks ---- */

static void tell_empty(struct dir *d, const struct dir_look *look)
{
    char text[320];
    if (d->has_shown || d->has_told || look->has_found || look->waits)
        return;
    snprintf(text, sizeof text, "the folder %.200s has no file to show yet",
             d->address.path);
    stream_set_idle(dir_stream(d), text);
    d->has_told = true;
}

/* A round has ended; the next one plays what is there by now. */
static void begin_round(struct dir *d, struct dir_look *look)
{
    size_t played = d->at;
    look->waits = false;
    plan_scan(d, look);
    if (played && d->good == 0) {
        source_lost(d->source,
                    "none of the %zu files in %.200s can be shown; the last: %s", played,
                    d->address.path, lines_last(&d->lines));
        return;
    }
    d->at = d->good = 0;
    if (look->list.count == 0)
        tell_empty(d, look);
}

static void on_looked(void *user)
{
    struct dir_look *look = user;
    struct dir *d = look->user;
    d->errand = NULL;
    d->next_ms = now_ms() + (d->address.fps ? 1000 / d->address.fps : 0);
    if (look->result) {
        source_lost(d->source, "%s", look->why.text);
        return;
    }
    if (look->task == DIR_LOOK_NEWEST) {
        plan_scan(d, look);
        tell_empty(d, look);
    }
    if (look->task == DIR_LOOK_LIST)
        begin_round(d, look);
    else if (look->has_found)
        take_found(d, look);
    plan(d);
}

static void choose_task(struct dir *d, struct dir_look *look)
{
    if (d->address.replay && d->at < look->list.count) {
        int64_t now_ns = stream_mono_ns(), every_ns = 1000000000 / d->address.fps;
        look->task = DIR_LOOK_FILE;
        snprintf(look->name, sizeof look->name, "%s", look->list.entries[d->at++].name);
        d->frame_ns = d->frame_ns + every_ns < now_ns ? now_ns : d->frame_ns + every_ns;
    } else if (d->address.replay) {
        look->task = DIR_LOOK_LIST;
    } else if (d->has_pending) {
        look->task = DIR_LOOK_FILE;
        memcpy(look->name, d->pending, sizeof look->name);
    } else {
        look->task = DIR_LOOK_NEWEST;
    }
    look->is_again = d->is_again;
    d->has_pending = d->is_again = false;
}

static void on_time(uv_timer_t *timer)
{
    struct dir *d = timer->data;
    struct dir_look *look = d->look;
    choose_task(d, look);
    look->wants_bytes = !d->has_shown || source_is_watched(d->source);
    if (errand_start(source_loop(d->source), dir_look_run, on_looked, dir_look_forget,
                     look, &d->errand) == IMS_OK)
        return;
    stream_dropped(dir_stream(d), STREAM_DROP_MEMORY, 1);
    d->next_ms = d->scan_ms = now_ms() + DIR_POLL_MS;
    plan(d);
}

/* ---- events ---- */

static void count_overtaken(struct dir *d)
{
    if (!d->has_pending)
        return;
    d->number += !d->is_again;
    if (d->has_shown && !source_is_watched(d->source))
        stream_skip(dir_stream(d));
    else
        stream_dropped(dir_stream(d), STREAM_DROP_BUSY, 1);
}

/* In order of names only what stands behind the shown one is newer. */
static bool is_wanted(const struct dir *d, const char *name)
{
    const struct dir_choice *choice = &d->look->choice; /* `shown` is the loop's alone */
    return dir_address_takes(&d->address, name) && strlen(name) < DIR_NAME_BYTES &&
           (d->address.order == DIR_BY_MTIME || !choice->has_shown ||
            strverscmp(name, choice->shown.name) >= 0);
}

static void take_event(struct dir *d, const struct inotify_event *event)
{
    if (!event->len) { /* of the folder itself, or too many to tell */
        int64_t soon_ms = d->scanned_ms + DIR_STEADY_MS;
        d->scan_ms = d->scan_ms < soon_ms ? d->scan_ms : soon_ms;
    } else if (is_wanted(d, event->name)) {
        count_overtaken(d);
        snprintf(d->pending, sizeof d->pending, "%s", event->name);
        d->has_pending = true;
        d->is_again = false;
    }
}

static void on_events(uv_poll_t *poll, int status, int events)
{
    struct dir *d = poll->data;
    _Alignas(struct inotify_event) char bytes[DIR_EVENT_BYTES];
    (void)events;
    ssize_t size = status < 0 ? 0 : read(d->inotify, bytes, sizeof bytes);
    for (ssize_t at = 0; at < size;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        take_event(d, event);
        at += (ssize_t)(sizeof *event + event->len);
    }
    plan(d);
}

/* ---- the source ---- */

static enum ims_result dir_check(const char *address, struct ims_error *err)
{
    struct dir_address parsed;
    return dir_address_parse(address, &parsed, err);
}

static void settle_rate(struct dir *d)
{
    if (!d->address.fps)
        d->address.fps = source_settings(d->source)->fps;
    if (!d->address.fps && d->address.replay)
        d->address.fps = DIR_REPLAY_FPS;
}

static enum ims_result dir_start(struct source *source, struct ims_error *err)
{
    struct dir *d = source_state(source);
    *d = (struct dir){.source = source, .open_handles = 1, .inotify = -1};
    enum ims_result result = dir_address_parse(source_address(source), &d->address, err);
    if (!result)
        result = dir_look_create(&d->address, &d->look, err);
    if (result)
        return result;
    settle_rate(d);
    d->look->user = d;
    d->timer.data = d->poll.data = d->work.data = d;
    d->work.kind = WORK_CAPTURE;
    lines_init(&d->lines, on_line, d);
    uv_timer_init(source_loop(source), &d->timer);
    if (uv_poll_init(source_loop(source), &d->poll, d->look->inotify) == 0) {
        d->inotify = d->look->inotify;
        d->open_handles++;
        uv_poll_start(&d->poll, UV_READABLE, on_events);
    }
    plan(d);
    return IMS_OK;
}

static void dir_watched(struct source *source, bool watched)
{
    struct dir *d = source_state(source);
    (void)watched; /* as source_is_watched says */
    catch_up(d);
    plan(d);
}

const struct source_impl source_dir = {
    .name = "dir",
    .summary = "the newest picture of a folder: "
               "?pattern=*.png&order=mtime|name&fps=N&replay=1",
    .address = "PATH",
    .size = sizeof(struct dir),
    .check = dir_check,
    .start = dir_start,
    .stop = dir_stop,
    .watched = dir_watched,
};
