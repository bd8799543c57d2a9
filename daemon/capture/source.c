/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include "../build.h"
#include "stream.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct source_impl *const source_impls[] = {&source_v4l2,
                                                  &source_test,
                                                  &source_http,
                                                  &source_https,
                                                  &source_exec,
                                                  &source_dir,
#if IMSHOWD_RECORDING
                                                  &source_replay,
#endif
                                                  NULL};

enum source_phase {
    SOURCE_IDLE,     /* not started, or closed */
    SOURCE_RUNNING,  /* started */
    SOURCE_STOPPING, /* stop was called, source_stopped has not come yet */
    SOURCE_PAUSING,  /* waiting for the next try */
};

struct source {
    const struct source_impl *impl;
    uv_loop_t *loop;
    struct stream *stream;
    struct source_settings settings;
    char *uri;
    const char *address; /* in uri */
    enum source_phase phase;
    bool watched, closing;
    uint64_t back_off_ms, started_ms;
    uv_timer_t retry;
    void (*on_closed)(void *user);
    void *on_closed_user;
    alignas(max_align_t) unsigned char state[]; /* impl->size bytes */
};

/* ---- plain things to ask ---- */

void *source_state(struct source *source)
{
    return source->state;
}

uv_loop_t *source_loop(struct source *source)
{
    return source->loop;
}

struct stream *source_stream(struct source *source)
{
    return source->stream;
}

const char *source_address(const struct source *source)
{
    return source->address;
}

const struct source_settings *source_settings(const struct source *source)
{
    return &source->settings;
}

const char *source_uri(const struct source *source)
{
    return source->uri;
}

bool source_is_watched(const struct source *source)
{
    return source->watched;
}

bool source_is_closing(const struct source *source)
{
    return source->closing;
}

bool source_has_controls(const struct source *source)
{
    return source->impl->control != NULL;
}

const struct control_list *source_controls(struct source *source)
{
    bool has = source->phase == SOURCE_RUNNING && source->impl->controls;
    return has ? source->impl->controls(source) : NULL;
}

enum ims_result source_control(struct source *source, struct control_request *request,
                               struct ims_error *err)
{
    if (!source->impl->control)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "stream '%s' has no controls",
                        stream_name(source->stream));
    if (!source_controls(source))
        return ims_fail(err, IMS_ERR_IO, "stream '%s' has no controls now: %s",
                        stream_name(source->stream), stream_reason(source->stream));
    return source->impl->control(source, request, err);
}

void source_set_watched(struct source *source, bool watched)
{
    source->watched = watched;
    if (source->phase == SOURCE_RUNNING && source->impl->watched)
        source->impl->watched(source, watched);
}

/* ---- showing ---- */

static void show_url(const char *uri, char out[SOURCE_SHOWN_BYTES])
{
    const char *host = strstr(uri, "://") + 3;
    size_t size = strcspn(host, "/?#");
    const char *path = host + size;
    for (size_t i = 0; i < size; i++) /* a password may have an @ of its own */
        if (host[i] == '@') {
            host += i + 1;
            size -= i + 1;
            i = (size_t)-1;
        }
    size_t shown = strcspn(path, "?#");
    snprintf(out, SOURCE_SHOWN_BYTES, "%.*s%.*s%.*s%s", (int)strcspn(uri, "/") + 2, uri,
             (int)(size < 100 ? size : 100), host, (int)(shown < 120 ? shown : 120), path,
             path[shown] ? "?..." : "");
}

/* The program's name and no more: arguments may be secrets too. */
static void show_command(const char *uri, char out[SOURCE_SHOWN_BYTES])
{
    const char *command = uri + strcspn(uri, ":") + 1;
    command += strspn(command, " \t");
    size_t size = strcspn(command, " \t\n;|&<>()");
    snprintf(out, SOURCE_SHOWN_BYTES, "exec:%.*s%s", (int)(size < 200 ? size : 200),
             command, command[size] ? " ..." : "");
}

void source_shown(const char *uri, char out[SOURCE_SHOWN_BYTES])
{
    if (strncmp(uri, "exec:", 5) == 0)
        show_command(uri, out);
    else if (strstr(uri, "://") && strncmp(uri, "http", 4) == 0)
        show_url(uri, out);
    else
        snprintf(out, SOURCE_SHOWN_BYTES, "%s", uri);
}

/* ---- making ---- */

static enum ims_result fail_unknown(const char *uri, struct ims_error *err)
{
    char known[160] = "";
    const struct feature *missing = build_missing(uri);
    if (missing)
        return ims_fail(err, IMS_ERR_INVALID,
                        "source '%.*s': there is no %s in this build (CMake's %s)",
                        (int)strcspn(uri, ":") + 1, uri, missing->name, missing->option);
    for (const struct source_impl *const *i = source_impls; *i; i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s:%s", used ? ", " : "",
                 (*i)->name, (*i)->address);
    }
    return ims_fail(err, IMS_ERR_INVALID, "source '%.*s': unknown kind; known are %s",
                    (int)strcspn(uri, ":") + 1, uri, known);
}

static const struct source_impl *find_impl(const char *uri)
{
    size_t size = strcspn(uri, ":");
    for (const struct source_impl *const *i = source_impls; uri[size] && *i; i++)
        if (strlen((*i)->name) == size && memcmp((*i)->name, uri, size) == 0)
            return *i;
    return NULL;
}

enum ims_result source_check(const char *uri, struct ims_error *err)
{
    const struct source_impl *impl = find_impl(uri);
    return impl ? impl->check(uri + strlen(impl->name) + 1, err) : fail_unknown(uri, err);
}

enum ims_result source_create(uv_loop_t *loop, struct stream *stream, const char *uri,
                              const struct source_settings *settings, struct source **out,
                              struct ims_error *err)
{
    enum ims_result result = source_check(uri, err);
    if (result)
        return result;
    const struct source_impl *impl = find_impl(uri);
    struct source *source = calloc(1, sizeof *source + impl->size);
    char *copy = strdup(uri);
    if (!source || !copy) {
        free(source);
        free(copy);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a source");
    }
    source->impl = impl;
    source->loop = loop;
    source->stream = stream;
    source->settings = *settings;
    source->uri = copy;
    source->address = copy + strlen(impl->name) + 1;
    uv_timer_init(loop, &source->retry);
    source->retry.data = source;
    *out = source;
    return IMS_OK;
}

/* ---- start, retry, stop ---- */

static void on_retry(uv_timer_t *timer);

/* Shows the reason and tries again later, each time twice as late up to the bound. */
static void pause_and_retry(struct source *source)
{
    source->phase = SOURCE_PAUSING;
    uv_timer_start(&source->retry, on_retry, source->back_off_ms, 0);
    source->back_off_ms *= 2;
    if (source->back_off_ms > SOURCE_RETRY_MAX_MS)
        source->back_off_ms = SOURCE_RETRY_MAX_MS;
}

static void try_start(struct source *source)
{
    struct ims_error err = {0};
    source->phase = SOURCE_RUNNING;
    source->started_ms = uv_now(source->loop);
    if (source->impl->start(source, &err) == IMS_OK)
        return;
    stream_set_lost(source->stream, err.text);
    pause_and_retry(source);
}

static void on_retry(uv_timer_t *timer)
{
    try_start(timer->data);
}

void source_start(struct source *source)
{
    source->back_off_ms = SOURCE_RETRY_MIN_MS;
    try_start(source);
}

static void stop(struct source *source)
{
    source->phase = SOURCE_STOPPING;
    source->impl->stop(source);
}

void source_lost(struct source *source, const char *fmt, ...)
{
    if (source->phase != SOURCE_RUNNING)
        return;
    char reason[320];
    va_list args;
    va_start(args, fmt);
    vsnprintf(reason, sizeof reason, fmt, args);
    va_end(args);
    stream_set_lost(source->stream, reason);
    if (uv_now(source->loop) - source->started_ms > SOURCE_STEADY_MS)
        source->back_off_ms = SOURCE_RETRY_MIN_MS;
    stop(source);
}

static void on_retry_closed(uv_handle_t *handle)
{
    struct source *source = handle->data;
    void (*on_closed)(void *) = source->on_closed;
    void *user = source->on_closed_user;
    if (source->impl->finish)
        source->impl->finish(source);
    free(source->uri);
    free(source);
    if (on_closed)
        on_closed(user);
}

static void finish(struct source *source)
{
    source->phase = SOURCE_IDLE;
    uv_close((uv_handle_t *)&source->retry, on_retry_closed);
}

void source_stopped(struct source *source)
{
    if (source->closing)
        finish(source);
    else
        pause_and_retry(source);
}

void source_close(struct source *source, void (*on_closed)(void *user), void *user)
{
    source->closing = true;
    source->on_closed = on_closed;
    source->on_closed_user = user;
    if (source->phase == SOURCE_RUNNING)
        stop(source);
    else if (source->phase != SOURCE_STOPPING)
        finish(source);
}
