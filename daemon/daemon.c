/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include "capture/errand.h"
#include "capture/push_socket.h"
#include "capture/sources.h"
#include "capture/v4l2.h"
#include "serve/server.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Which cameras there are; the thread's own until it has come back. */
struct search {
    struct daemon *daemon;
    struct v4l2_path paths[OPTIONS_SOURCES_MAX];
    size_t count;
};

struct daemon {
    uv_loop_t *loop;
    const struct options *options;
    struct errand *search; /* NULL: none under way */
    struct streams *streams;
    struct stream_listener log_listener;
    struct source *sources[OPTIONS_SOURCES_MAX];
    int source_count;
    struct pushes *pushes;
    struct push_socket *push_doors[2]; /* Unix, TCP */
    struct views *views;
    struct hub *hub;
    struct server *server;
    uv_signal_t signals[2];
    bool stopping;
};

/* ---- the log tells of streams ---- */

static void on_stream_state(struct stream_listener *listener, struct stream *stream)
{
    (void)listener;
    switch (stream_state(stream)) {
    case STREAM_WAITING:
        /* its origin is set later */
        log_info("stream %s: %s", stream_name(stream),
                 *stream_reason(stream) ? stream_reason(stream) : "new");
        break;
    case STREAM_LIVE:
        log_info("stream %s: live, epoch %u", stream_name(stream), stream_epoch(stream));
        break;
    case STREAM_LOST:
        log_warning("stream %s: %s", stream_name(stream), stream_reason(stream));
        break;
    }
}

static void on_stream_end(struct stream_listener *listener, struct stream *stream)
{
    (void)listener;
    log_info("stream %s: removed", stream_name(stream));
}

/* ---- sources ---- */

/* "v4l2:/dev/video0?fps=5" is called video0, "v4l2:name=Webcam" Webcam, "test:lab" lab. */
static void name_of_uri(const char *uri, char out[STREAM_NAME_MAX + 1])
{
    const char *start = strchr(uri, ':') + 1;
    const char *end = start + strcspn(start, "?");
    for (const char *c = start; c + 1 < end; c++)
        if (*c == '/' || *c == '=')
            start = c + 1;
    size_t size = 0;
    for (const char *c = start; c < end && size < STREAM_NAME_MAX; c++)
        out[size++] = isalnum((unsigned char)*c) || strchr("._-", *c) ? *c : '-';
    out[size] = 0;
    if (!isalnum((unsigned char)out[0]))
        out[0] = 's';
}

static void on_watched(void *user, bool watched)
{
    source_set_watched(user, watched);
}

static enum ims_result add_source(struct daemon *daemon, const struct options *options,
                                  const char *name, const char *uri,
                                  struct ims_error *err)
{
    char made[STREAM_NAME_MAX + 1], shown[SOURCE_SHOWN_BYTES];
    struct stream *stream;
    struct source *source;
    source_shown(uri, shown);
    if (!name) {
        name_of_uri(shown, made);
        name = made;
    }
    enum ims_result result = streams_add(daemon->streams, name, &stream, err);
    if (result)
        return result;
    result = source_create(daemon->loop, stream, uri, &options->capture, &source, err);
    if (result)
        return result;
    stream_set_origin(stream, shown);
    stream_set_source(stream, source);
    stream_on_watched(stream, on_watched, source);
    daemon->sources[daemon->source_count++] = source;
    source_start(source);
    return IMS_OK;
}

static enum ims_result add_found_sources(struct daemon *daemon,
                                         const struct search *search,
                                         struct ims_error *err)
{
    char uri[V4L2_PATH_SIZE + 8];
    if (search->count == 0)
        return add_source(daemon, daemon->options, NULL, "test:lab", err);
    enum ims_result result = IMS_OK;
    for (size_t i = 0; i < search->count && result == IMS_OK; i++) {
        snprintf(uri, sizeof uri, "v4l2:%s", search->paths[i].text);
        result = add_source(daemon, daemon->options, NULL, uri, err);
    }
    return result;
}

static void do_search(void *user)
{
    struct search *search = user;
    search->count = v4l2_find("/dev", search->paths, OPTIONS_SOURCES_MAX);
}

static void on_searched(void *user)
{
    struct search *search = user;
    struct ims_error err = {0};
    search->daemon->search = NULL;
    if (add_found_sources(search->daemon, search, &err))
        log_error("%s", err.text);
    free(search);
}

/* Without a word from the user: every camera, or the demo. To look for them is to open them, and a driver that
 * hangs then is not to keep pushers and viewers waiting. */
static enum ims_result start_search(struct daemon *daemon, struct ims_error *err)
{
    struct search *search = calloc(1, sizeof *search);
    if (search) {
        search->daemon = daemon;
        if (errand_start(daemon->loop, do_search, on_searched, free, search,
                         &daemon->search) == IMS_OK)
            return IMS_OK;
    }
    free(search);
    return ims_fail(err, IMS_ERR_NOMEM, "no memory to look for cameras");
}

static enum ims_result add_sources(struct daemon *daemon, const struct options *options,
                                   struct ims_error *err)
{
    if (options->source_count == 0)
        return start_search(daemon, err);
    enum ims_result result = IMS_OK;
    for (int i = 0; i < options->source_count && result == IMS_OK; i++)
        result = add_source(daemon, options, options->sources[i].name,
                            options->sources[i].uri, err);
    return result;
}

static enum ims_result check_source(const struct options_source *source,
                                    struct ims_error *err)
{
    if (source->name && stream_name_check(source->name, err))
        return IMS_ERR_INVALID;
    return source_check(source->uri, err);
}

enum ims_result daemon_check_sources(const struct options *options, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (int i = 0; i < options->source_count && result == IMS_OK; i++)
        result = check_source(&options->sources[i], err);
    return result;
}

void daemon_print_sources(FILE *file)
{
    fputs("\nSources:\n", file);
    for (const struct source_impl *const *i = source_impls; *i; i++)
        fprintf(file, "  %s:%-22s %s\n", (*i)->name, (*i)->address, (*i)->summary);
    fputs("Each may be given a name: NAME=SOURCE. Without any, every camera that is "
          "found, or\n"
          "test:lab where there is none. Streams also appear when a client pushes.\n",
          file);
}

/* ---- starting ---- */

static void on_signal(uv_signal_t *signal, int number)
{
    log_info("%s: stopping", number == SIGINT ? "SIGINT" : "SIGTERM");
    daemon_stop(signal->data);
}

static void start_signals(struct daemon *daemon)
{
    static const int numbers[] = {SIGTERM, SIGINT};
    for (int i = 0; i < 2; i++) {
        uv_signal_init(daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

static enum ims_result start_core(struct daemon *daemon, const struct options *options,
                                  struct ims_error *err)
{
    if (streams_create(&daemon->streams) ||
        views_create(daemon->loop, daemon->streams, &daemon->views) ||
        hub_create(daemon->loop, daemon->streams, daemon->views, &daemon->hub) ||
        pushes_create(daemon->loop, daemon->streams, &daemon->pushes))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to start");
    daemon->hub->quality = (int)options->quality;
    daemon->log_listener =
        (struct stream_listener){.on_state = on_stream_state, .on_end = on_stream_end};
    streams_listen(daemon->streams, &daemon->log_listener);
    return IMS_OK;
}

static enum ims_result open_push_tcp(struct daemon *daemon, const struct options *options,
                                     struct ims_error *err)
{
    if (!guard_is_loopback(options->push_tcp_host) && !options->insecure)
        return ims_fail(err, IMS_ERR_INVALID,
                        "refused to take frames on %s: anybody there could push; say "
                        "--insecure if that is wanted",
                        options->push_tcp_host);
    return push_socket_open_tcp(daemon->loop, daemon->pushes, options->push_tcp_host,
                                (int)options->push_tcp_port, &daemon->push_doors[1], err);
}

static enum ims_result start_push_doors(struct daemon *daemon,
                                        const struct options *options,
                                        struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    if (options->push_unix)
        result = push_socket_open_unix(daemon->loop, daemon->pushes, options->push_unix,
                                       &daemon->push_doors[0], err);
    if (result == IMS_OK && options->push_tcp_host)
        result = open_push_tcp(daemon, options, err);
    for (int i = 0; i < 2; i++)
        if (daemon->push_doors[i])
            log_info("frames are taken on %s", push_socket_url(daemon->push_doors[i]));
    return result;
}

static enum ims_result start_doors(struct daemon *daemon, const struct options *options,
                                   struct ims_error *err)
{
    const struct server_parts parts = {
        .streams = daemon->streams,
        .views = daemon->views,
        .hub = daemon->hub,
        .pushes = daemon->pushes,
    };
    const struct server_settings settings = {
        .host = options->host,
        .port = (int)options->port,
        .unix_path = options->unix_path,
        .insecure = options->insecure,
    };
    enum ims_result result =
        server_create(daemon->loop, &parts, &settings, &daemon->server, err);
    return result ? result : start_push_doors(daemon, options, err);
}

enum ims_result daemon_create(uv_loop_t *loop, const struct options *options,
                              struct daemon **out, struct ims_error *err)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to start");
    daemon->loop = loop;
    daemon->options = options;
    start_signals(daemon);
    enum ims_result result = start_core(daemon, options, err);
    if (result == IMS_OK)
        result = start_doors(daemon, options, err);
    if (result == IMS_OK)
        result = add_sources(daemon, options, err);
    *out = daemon; /* also a half-built one: the caller stops it and runs the loop out */
    return result;
}

const char *daemon_url(const struct daemon *daemon)
{
    return server_url(daemon->server);
}

/* ---- stopping: doors first, then what they stood on; each step's end is the loop's running out ---- */

static void on_part_closed(void *user)
{
    (void)user;
}

void daemon_stop(struct daemon *daemon)
{
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    if (daemon->search)
        errand_abandon(&daemon->search);
    for (int i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    if (daemon->server)
        server_close(daemon->server); /* all viewers are gone when this returns */
    for (int i = 0; i < 2; i++)
        push_socket_close(daemon->push_doors[i]);
    if (daemon->pushes)
        pushes_close(daemon->pushes, on_part_closed, NULL);
    if (daemon->hub)
        hub_close(daemon->hub, on_part_closed, NULL);
    if (daemon->views)
        views_close(daemon->views, on_part_closed, NULL);
    for (int i = 0; i < daemon->source_count; i++) {
        stream_on_watched(source_stream(daemon->sources[i]), NULL, NULL);
        stream_set_source(source_stream(daemon->sources[i]), NULL);
        source_close(daemon->sources[i], on_part_closed, NULL);
    }
}

void daemon_finish(struct daemon *daemon)
{
    server_finish(daemon->server);
    if (daemon->streams)
        streams_unlisten(daemon->streams, &daemon->log_listener);
    streams_destroy(daemon->streams);
    free(daemon);
}
