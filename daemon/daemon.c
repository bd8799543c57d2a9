/* SPDX-License-Identifier: MIT */
#include "daemon_private.h"

#include "board.h"
#include "capture/listener.h"
#include "log.h"

#include <stdlib.h>
#include <string.h>

/* ---- the log tells of streams ---- */

static void on_stream_state(struct stream_listener *listener, struct stream *stream)
{
    (void)listener;
    switch (stream_state(stream)) {
    case STREAM_WAITING:
        /* its origin is set later */
        log_info(log_of_stream(stream_name(stream)), "%s",
                 *stream_reason(stream) ? stream_reason(stream) : "new");
        break;
    case STREAM_LIVE:
        log_info(log_of_stream(stream_name(stream)), "live, epoch %u",
                 stream_epoch(stream));
        break;
    case STREAM_LOST:
        log_warning(log_of_stream(stream_name(stream)), "%s", stream_reason(stream));
        break;
    }
}

static void on_stream_end(struct stream_listener *listener, struct stream *stream)
{
    (void)listener;
    log_info(log_of_stream(stream_name(stream)), "removed");
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
    if (number == SIGHUP) {
        daemon_reload(signal->data);
        return;
    }
    log_info(log_of("daemon"), "%s: stopping", number == SIGINT ? "SIGINT" : "SIGTERM");
    daemon_stop(signal->data);
}

static void start_signals(struct daemon *daemon)
{
    static const int numbers[DAEMON_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
    for (int i = 0; i < DAEMON_SIGNALS; i++) {
        uv_signal_init(daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

static void on_log_timer(uv_timer_t *timer)
{
    (void)timer;
    log_tick();
}

/* What the log leaves out is told when its time is over, also when nothing more happens. */
static void start_log_timer(struct daemon *daemon)
{
    uv_timer_init(daemon->loop, &daemon->log_timer);
    uv_timer_start(&daemon->log_timer, on_log_timer, DAEMON_LOG_MS, DAEMON_LOG_MS);
    uv_unref((uv_handle_t *)&daemon->log_timer);
}

static bool all_local(const int *fds, int count)
{
    bool is_local = true;
    for (int i = 0; i < count; i++)
        is_local &= listener_is_local(fds[i]);
    return is_local;
}

/* Sockets that were handed over stand for those of the options. */
static bool is_exposed(const struct systemd *systemd, const struct options *options)
{
    bool http_is_local =
        systemd->http_count
            ? all_local(systemd->http, systemd->http_count)
            : options->unix_path || !options->host || guard_is_loopback(options->host);
    bool push_is_local =
        systemd->push_count
            ? all_local(systemd->push, systemd->push_count)
            : !options->push_tcp.host || guard_is_loopback(options->push_tcp.host);
    return !(http_is_local && push_is_local) && !options->insecure;
}

/* Where the rules are; owned, NULL: nowhere, or no memory. */
static char *access_path(const struct options *options)
{
    char *path = NULL;
    if (options->access)
        return strdup(options->access);
    if (options->capture.state_dir &&
        asprintf(&path, "%s/access", options->capture.state_dir) < 0)
        return NULL;
    return path;
}

enum ims_result daemon_check_access(const struct options *options, struct ims_error *err)
{
    struct access_rules rules = {0};
    const struct certificate certificate = {.cert = options->tls_cert,
                                            .key = options->tls_key};
    if (!options->tls_cert != !options->tls_key)
        return ims_fail(err, IMS_ERR_INVALID, "tls-cert and tls-key: give both, or none");
    if (options->tls_cert && certificate_check(&certificate, err))
        return IMS_ERR_INVALID;
    if (guard_check_origins(options->allow_origin, err))
        return IMS_ERR_INVALID;
    char *path = access_path(options);
    enum ims_result result = path ? access_rules_load(path, &rules, err) : IMS_OK;
    access_rules_finish(&rules);
    free(path);
    return result;
}

static enum ims_result start_gate(struct daemon *daemon, const struct options *options,
                                  struct ims_error *err)
{
    daemon->access_path = access_path(options);
    return gate_create(daemon->loop, daemon->access_path,
                       is_exposed(&daemon->systemd, options), &daemon->gate, err);
}

static enum ims_result start_core(struct daemon *daemon, const struct options *options,
                                  struct ims_error *err)
{
    if (streams_create(&daemon->streams) ||
        views_create(daemon->loop, daemon->streams, &daemon->views) ||
        hub_create(daemon->loop, daemon->gate, daemon->streams, daemon->views,
                   &daemon->hub) ||
        pushes_create(daemon->loop, daemon->gate, daemon->streams, &daemon->pushes))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to start");
    streams_keep(daemon->streams, (size_t)options->ring_mb << 20);
    daemon->hub->quality = (int)options->quality;
    if (start_recordings(daemon, options))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to start");
    daemon->log_listener =
        (struct stream_listener){.on_state = on_stream_state, .on_end = on_stream_end};
    streams_listen(daemon->streams, &daemon->log_listener);
    return IMS_OK;
}

static enum ims_result open_push_tcp(struct daemon *daemon, const struct options *options,
                                     struct ims_error *err)
{
    if (!guard_is_loopback(options->push_tcp.host) && !options->insecure &&
        !gate_has_rules(daemon->gate))
        return ims_fail(
            err, IMS_ERR_INVALID,
            "refused to take frames on %s: anybody there could push; add a rule "
            "with imshow access, or say --insecure if that is wanted",
            options->push_tcp.host);
    return push_socket_open_tcp(daemon->loop, daemon->gate, daemon->pushes,
                                options->push_tcp.host, (int)options->push_tcp.port,
                                &daemon->push_doors[1], err);
}

/* What systemd hands over stands for both. */
static enum ims_result adopt_push_doors(struct daemon *daemon, struct ims_error *err)
{
    bool is_guarded = daemon->options.insecure || gate_has_rules(daemon->gate);
    const struct systemd *systemd = &daemon->systemd;
    enum ims_result result = IMS_OK;
    for (int i = 0; i < systemd->push_count && result == IMS_OK; i++)
        result =
            push_socket_adopt(daemon->loop, daemon->gate, daemon->pushes,
                              systemd->push[i], is_guarded, &daemon->push_doors[i], err);
    return result;
}

static enum ims_result open_push_doors(struct daemon *daemon,
                                       const struct options *options,
                                       struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    if (options->push_unix)
        result = push_socket_open_unix(daemon->loop, daemon->gate, daemon->pushes,
                                       options->push_unix, &daemon->push_doors[0], err);
    if (result == IMS_OK && options->push_tcp.host)
        result = open_push_tcp(daemon, options, err);
    return result;
}

static enum ims_result start_push_doors(struct daemon *daemon,
                                        const struct options *options,
                                        struct ims_error *err)
{
    enum ims_result result = daemon->systemd.push_count
                                 ? adopt_push_doors(daemon, err)
                                 : open_push_doors(daemon, options, err);
    for (int i = 0; i < DAEMON_PUSH_DOORS; i++)
        if (daemon->push_doors[i])
            log_info(log_of("push"), "frames are taken on %s",
                     push_socket_url(daemon->push_doors[i]));
    return result;
}

static enum ims_result start_doors(struct daemon *daemon, const struct options *options,
                                   struct ims_error *err)
{
    const struct server_parts parts = {
        .gate = daemon->gate,
        .streams = daemon->streams,
        .views = daemon->views,
        .hub = daemon->hub,
        .pushes = daemon->pushes,
        .recordings = daemon->recordings,
    };
    const struct server_settings settings = {
        .host = options->host ? options->host : "127.0.0.1",
        .port = (int)options->port,
        .unix_path = options->unix_path,
        .insecure = options->insecure,
        .tls_cert = options->tls_cert,
        .tls_key = options->tls_key,
        .allow_origin = options->allow_origin,
        .connections = (int)board_make_room(options->connections),
        .fds = daemon->systemd.http,
        .fd_count = daemon->systemd.http_count,
    };
    enum ims_result result =
        server_create(daemon->loop, &parts, &settings, &daemon->server, err);
    return result ? result : start_push_doors(daemon, options, err);
}

static enum ims_result start_streams(struct daemon *daemon, struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    const struct options *options = &daemon->options;
    if (options->stream_count == 0)
        return search_start(daemon, err);
    for (int i = 0; i < options->stream_count && result == IMS_OK; i++)
        result = configured_add(daemon, &options->streams[i], err);
    return result;
}

enum ims_result daemon_create(uv_loop_t *loop, const struct options *line,
                              struct options *options, struct daemon **out,
                              struct ims_error *err)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to start");
    daemon->loop = loop;
    daemon->line = line;
    daemon->options = *options;
    *options = (struct options){0};
    start_signals(daemon);
    start_log_timer(daemon);
    systemd_open(&daemon->systemd);
    enum ims_result result = systemd_take_sockets(&daemon->systemd, err);
    if (result == IMS_OK)
        result = start_gate(daemon, &daemon->options, err);
    if (result == IMS_OK)
        result = start_core(daemon, &daemon->options, err);
    if (result == IMS_OK)
        result = start_doors(daemon, &daemon->options, err);
    if (result == IMS_OK)
        result = start_streams(daemon, err);
    if (result == IMS_OK)
        result = start_plans(daemon, &daemon->options, err);
    if (result == IMS_OK)
        status_start(daemon);
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
    status_stop(daemon);
    if (daemon->search)
        errand_abandon(&daemon->search);
    for (int i = 0; i < DAEMON_SIGNALS; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    uv_close((uv_handle_t *)&daemon->log_timer, NULL);
    if (daemon->server)
        server_close(daemon->server); /* all viewers are gone when this returns */
    for (int i = 0; i < DAEMON_PUSH_DOORS; i++)
        push_socket_close(daemon->push_doors[i]);
    if (daemon->recordings) /* while the streams are there */
        recordings_close(daemon->recordings, on_part_closed, NULL);
    if (daemon->pushes)
        pushes_close(daemon->pushes, on_part_closed, NULL);
    if (daemon->hub)
        daemon->hub->recordings = NULL;
    if (daemon->hub)
        hub_close(daemon->hub, on_part_closed, NULL);
    if (daemon->views)
        views_close(daemon->views, on_part_closed, NULL);
    configured_close_all(daemon);
    gate_close(daemon->gate);
}

void daemon_finish(struct daemon *daemon)
{
    server_finish(daemon->server);
    if (daemon->streams)
        streams_unlisten(daemon->streams, &daemon->log_listener);
    streams_destroy(daemon->streams);
    configured_finish_all(daemon);
    options_finish(&daemon->options);
    systemd_close(&daemon->systemd);
    free(daemon->access_path);
    free(daemon);
}
