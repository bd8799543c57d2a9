/* SPDX-License-Identifier: MIT */
/* A camera's life: it opens, streams, rests, loses its signal, is pulled out. Whatever may hang in a driver is an
 * errand, one at a time; v4l2__advance decides what is next. */
#include "v4l2.h"

#include "../log.h"
#include "sources.h"
#include "v4l2_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct stream *stream_of(const struct v4l2 *v)
{
    return source_stream(v->source);
}

static const char *path_of(const struct v4l2 *v)
{
    const char *path = v->session->device.path;
    return path[0] ? path : source_address(v->source);
}

void v4l2__lose(struct v4l2 *v, int error)
{
    source_lost(v->source, "%.160s: %s", path_of(v), v4l2_error_text(error));
}

/* ---- frames and events ---- */

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct v4l2 *v = poll->data;
    /* a device that is gone shows as urgent news of which there are none: its frames say so */
    bool has_news = events & UV_PRIORITIZED && v4l2__take_events(v);
    if (status || events & UV_READABLE || !has_news)
        if (!v4l2__take_frames(v, status != 0))
            return;
    v4l2__advance(v);
}

static void on_stall(uv_timer_t *timer)
{
    struct v4l2 *v = timer->data;
    source_lost(v->source,
                "%.160s: no frame for %llu s: check cable and power, or lower the rate",
                path_of(v), (unsigned long long)uv_timer_get_repeat(timer) / 1000);
}

static void watch_frames(struct v4l2 *v)
{
    /* a camera with long exposures is not stalled between two of them */
    uint64_t patience = (uint64_t)v->session->device.interval_ms * 3;
    if (patience < V4L2_STALL_MS)
        patience = V4L2_STALL_MS;
    uv_timer_start(&v->watchdog, on_stall, patience, patience);
    /* should polling not start, then the watchdog reports it as a camera without frames */
    (void)uv_poll_start(&v->poll, UV_READABLE | UV_PRIORITIZED, on_readable);
    v->streaming = true;
    v4l2__forget_frames(v);
}

static void stop_frames(struct v4l2 *v)
{
    uv_poll_stop(&v->poll);
    uv_timer_stop(&v->watchdog);
    v4l2__forget_frames(v);
}

/* ---- errands ---- */

/* An errand that does not come back is waited for, since nothing else can be done with the camera; at the end
 * of the daemon it is given up. */
static void on_patience(uv_timer_t *timer)
{
    struct v4l2 *v = timer->data;
    if (!v->errand)
        return;
    if (source_is_closing(v->source)) {
        log_warning(log_of_stream(stream_name(stream_of(v))),
                    "the camera's driver does not answer: given up");
        errand_abandon(&v->errand);
        v->session = NULL;
        v4l2__advance(v);
    } else if (++v->answers_missed == V4L2_ANSWERS_MISSED) {
        char reason[320];
        snprintf(reason, sizeof reason,
                 "%.160s: the driver does not answer: unplug the camera and plug it in "
                 "again",
                 source_address(v->source));
        stream_set_lost(stream_of(v), reason);
    }
}

static void on_patience_closed(uv_handle_t *handle)
{
    struct v4l2 *v = handle->data;
    source_stopped(v->source);
}

static void tell_settled(const struct v4l2 *v)
{
    const struct v4l2_device *d = &v->session->device;
    const struct source_settings *asked = &v->session->address.settings;
    struct stream_settled settled = {asked->width,  asked->height,  asked->fps,
                                     d->form.width, d->form.height, d->fps};
    stream_set_settled(stream_of(v), &settled);
    char wish[64] = "";
    if (asked->width || asked->height || asked->fps)
        snprintf(wish, sizeof wish, "; asked were %ux%u at %u (0: any)", asked->width,
                 asked->height, asked->fps);
    log_info(log_of_stream(stream_name(stream_of(v))),
             "%s (%s) gives %s, %ux%u at %.4g fps%s", d->path, d->card,
             v4l2_fourcc_name(d->form.pixel_format).text, d->form.width, d->form.height,
             d->fps, wish);
}

/* Once, however often the camera is started again. */
static void warn(struct v4l2 *v)
{
    const char *text = v->session->warning.text;
    if (!text[0] || strcmp(text, v->warned) == 0)
        return;
    snprintf(v->warned, sizeof v->warned, "%s", text);
    log_warning(log_of_stream(stream_name(stream_of(v))), "%s", text);
}

static void start_polling(struct v4l2 *v)
{
    struct v4l2_session *s = v->session;
    if (!v->has_poll) {
        int status = uv_poll_init(source_loop(v->source), &v->poll, s->device.fd);
        if (status) {
            source_lost(v->source, "%.160s: poll: %s", path_of(v), uv_strerror(status));
            return;
        }
        v->poll.data = v;
        v->has_poll = true;
        v->open_handles++;
    }
    tell_settled(v);
    watch_frames(v);
}

static void start_resting_later(struct v4l2 *v);

static void on_started(struct v4l2 *v)
{
    if (v->session->result) {
        source_lost(v->source, "%s", v->session->err.text);
        return;
    }
    v->warm_up = v->errand_kind == ERRAND_BEGIN ? V4L2_WARM_UP_FRAMES : 0;
    v->renewing = false;
    start_polling(v);
    start_resting_later(v);
}

static void on_errand_done(void *user)
{
    struct v4l2_session *s = user;
    struct v4l2 *v = s->owner;
    v->errand = NULL;
    v->answers_missed = 0;
    uv_timer_stop(&v->patience);
    v4l2__take_controls(v);
    warn(v);
    if (v->errand_kind == ERRAND_CONTROL)
        v4l2__answer(v);
    else if (v->errand_kind == ERRAND_END && !v->stopping)
        stream_set_idle(stream_of(v), "idle: starts when somebody watches");
    else if (v->errand_kind != ERRAND_CLOSE && !v->stopping)
        on_started(v);
    v4l2__advance(v);
}

void v4l2__errand(struct v4l2 *v, enum v4l2_errand kind)
{
    static void (*const runs[])(void *) = {
        [ERRAND_OPEN] = v4l2_session_open,   [ERRAND_BEGIN] = v4l2_session_begin,
        [ERRAND_RENEW] = v4l2_session_renew, [ERRAND_END] = v4l2_session_end,
        [ERRAND_CLOSE] = v4l2_session_close, [ERRAND_CONTROL] = v4l2_session_control};
    v->errand_kind = kind;
    v->session->owner = v;
    if (errand_start(source_loop(v->source), runs[kind], on_errand_done,
                     v4l2_session_destroy, v->session, &v->errand) == IMS_OK) {
        uv_timer_start(&v->patience, on_patience, V4L2_ANSWER_MS, V4L2_ANSWER_MS);
        return;
    }
    /* no thread is left in the machine: then here, on the loop, since a camera must at least be closed */
    runs[kind](v->session);
    on_errand_done(v->session);
}

/* ---- what is next ---- */

static void advance_stop(struct v4l2 *v)
{
    if (v->open_handles)
        return;
    if (v->session && v->session->device.fd >= 0)
        v4l2__errand(v, ERRAND_CLOSE);
    else if (!uv_is_closing((uv_handle_t *)&v->patience))
        uv_close((uv_handle_t *)&v->patience, on_patience_closed);
}

static void control(struct v4l2 *v)
{
    v->serving = v->requests != NULL;
    if (v->serving) {
        v->session->changes = v->requests->changes;
        v->requests->changes = NULL;
    }
    v->refresh = false;
    v4l2__errand(v, ERRAND_CONTROL);
}

void v4l2__advance(struct v4l2 *v)
{
    if (v->streaming && (v->renewing || v->resting))
        stop_frames(v); /* at once, also when the errand for it has to wait */
    /* the copy under way reads the driver's memory, which these take away */
    bool waits_for_copy = v->copying && (v->stopping || v->renewing || v->resting);
    if (v->errand || waits_for_copy)
        return;
    if (v->stopping) {
        advance_stop(v);
    } else if (v->renewing && v->streaming) {
        v->streaming = false;
        v4l2__errand(v, ERRAND_RENEW);
    } else if (v->resting && v->streaming) {
        v->streaming = false;
        v4l2__errand(v, ERRAND_END);
    } else if (v->has_poll && !v->streaming && source_is_watched(v->source)) {
        v->resting = false;
        v4l2__errand(v, ERRAND_BEGIN);
    } else if (v->has_poll && (v->requests || v->refresh)) {
        control(v);
    }
}

/* ---- rest ---- */

static void on_idle(uv_timer_t *timer)
{
    struct v4l2 *v = timer->data;
    v->resting = true;
    v4l2__advance(v);
}

static void start_resting_later(struct v4l2 *v)
{
    uint64_t seconds = v->session->address.settings.idle_stop_s;
    if (seconds && v->streaming && !v->stopping && !source_is_watched(v->source))
        uv_timer_start(&v->idle, on_idle, seconds * 1000, 0);
}

static void v4l2_watched(struct source *source, bool watched)
{
    struct v4l2 *v = source_state(source);
    if (v->stopping)
        return;
    uv_timer_stop(&v->idle);
    if (watched && v->streaming && v->resting) {
        v->resting = false; /* it had not begun to rest */
        watch_frames(v);
    }
    if (!watched)
        start_resting_later(v);
    else if (!v->errand)
        v4l2__advance(v);
}

/* ---- the source ---- */

static enum ims_result v4l2_check(const char *address, struct ims_error *err)
{
    struct v4l2_address parsed;
    return v4l2_address_parse(address, &(struct source_settings){0}, &parsed, err);
}

static enum ims_result make_session(struct v4l2 *v, struct ims_error *err)
{
    struct v4l2_address address;
    enum ims_result result = v4l2_address_parse(
        source_address(v->source), source_settings(v->source), &address, err);
    if (result)
        return result;
    v->session = v4l2_session_create(&address);
    return v->session ? IMS_OK : ims_fail(err, IMS_ERR_NOMEM, "no memory for a camera");
}

static enum ims_result v4l2_start(struct source *source, struct ims_error *err)
{
    struct v4l2 *v = source_state(source);
    struct v4l2_session *session = v->session;
    char warned[sizeof v->warned];
    memcpy(warned, v->warned, sizeof warned);
    *v = (struct v4l2){.source = source, .session = session};
    memcpy(v->warned, warned, sizeof warned);
    enum ims_result result = session ? IMS_OK : make_session(v, err);
    if (result)
        return result;
    uv_timer_t *const timers[] = {&v->patience, &v->watchdog, &v->idle};
    for (int i = 0; i < 3; i++) {
        uv_timer_init(source_loop(source), timers[i]);
        timers[i]->data = v;
    }
    v->open_handles = 2;
    v4l2__errand(v, ERRAND_OPEN);
    return IMS_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct v4l2 *v = handle->data;
    v->open_handles--;
    v4l2__advance(v);
}

static void v4l2_stop(struct source *source)
{
    struct v4l2 *v = source_state(source);
    v->stopping = true;
    v->streaming = false;
    v4l2__forget_frames(v);
    v4l2__answer_all(v, IMS_ERR_IO, "the camera is lost");
    if (v->has_poll)
        uv_close((uv_handle_t *)&v->poll, on_closed);
    uv_close((uv_handle_t *)&v->watchdog, on_closed);
    uv_close((uv_handle_t *)&v->idle, on_closed);
}

static void v4l2_finish(struct source *source)
{
    struct v4l2 *v = source_state(source);
    v4l2_session_destroy(v->session);
}

const struct source_impl source_v4l2 = {
    .name = "v4l2",
    .summary = "a camera; the format that is cheapest to show unless -m says another",
    .address = "/dev/video0",
    .size = sizeof(struct v4l2),
    .check = v4l2_check,
    .start = v4l2_start,
    .stop = v4l2_stop,
    .watched = v4l2_watched,
    .controls = v4l2__controls,
    .control = v4l2__control,
    .finish = v4l2_finish,
};
