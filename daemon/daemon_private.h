/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PRIVATE_H
#define DAEMON_PRIVATE_H

/* What the daemon's files share: daemon.c (start and stop), daemon_wanted.c (what the options ask for, checked),
 * daemon_streams.c (streams that have a source), daemon_search.c (cameras that nobody named), daemon_reload.c, daemon_status.c.
 * Loop thread only. */

#include "daemon.h"

#include "access/gate.h"
#include "capture/errand.h"
#include "capture/push_socket.h"
#include "capture/sources.h"
#include "capture/stream.h"
#include "daemon_watchdog.h"
#include "record/recordings.h"
#include "serve/certificate.h"
#include "serve/server.h"

enum { DAEMON_SIGNALS = 3, DAEMON_PUSH_DOORS = 2, DAEMON_LOG_MS = 5000 };

/* A stream that has a source: of the options, or found. It is there until the source has closed, and a source that
 * is to be another one closes first. */
struct configured {
    struct daemon *daemon;
    struct configured *next;
    char name[STREAM_NAME_MAX + 1];
    struct stream *stream;
    struct source *source;        /* NULL: the one before is closing */
    struct options_stream wanted; /* texts of daemon->options, or found_uri */
    char *found_uri;              /* owned; NULL: it is of the options */
    bool is_closing;
    bool is_unwanted; /* it goes when its source has closed */
};

struct daemon {
    uv_loop_t *loop;
    const struct options *line; /* the command line, for reloads */
    struct options options;     /* as they hold now */
    struct errand *search;      /* NULL: none under way */
    bool search_again;          /* when the one under way has ended */
    struct gate *gate;
    char *access_path; /* owned; NULL: the options' or none */
    struct streams *streams;
    struct stream_listener log_listener;
    struct configured *first; /* in the order of making */
    struct pushes *pushes;
    struct push_socket
        *push_doors[DAEMON_PUSH_DOORS]; /* Unix, TCP; or what was handed over */
    struct views *views;
    struct hub *hub;
    struct recordings *recordings;
    struct server *server;
    uv_signal_t signals[DAEMON_SIGNALS];
    uv_timer_t log_timer;
    struct systemd systemd;
    struct watchdog watchdog;
    char mistake[200]; /* of the last reload; "": none */
    char status[400];  /* as systemd knows it */
    bool stopping;
};

/* ---- daemon_wanted.c ---- */

/* A legal name made of a URI: "v4l2:/dev/video0" becomes video0. */
void wanted_name(const struct options_stream *wanted, char out[STREAM_NAME_MAX + 1]);
/* What its figure is made of; a reference. Fails: INVALID, saying where that was said. */
IMS_NODISCARD enum ims_result wanted_recipe(const struct options_stream *wanted,
                                            struct recipe **out, struct ims_error *err);
/* Whether the figure of both is the same, and whether the source is. */
bool wanted_same_figure(const struct options_stream *a, const struct options_stream *b);
bool wanted_same_source(const struct options_stream *a, const struct options_stream *b);

/* ---- daemon_streams.c ---- */

struct configured *configured_find(const struct daemon *daemon, const char *name);
enum configured_news { CONFIGURED_SAME, CONFIGURED_CHANGED, CONFIGURED_NEW };

/* Makes a stream whose name is free. Fails: INVALID (it is not), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result configured_add(struct daemon *daemon,
                                             const struct options_stream *wanted,
                                             struct ims_error *err);
/* From now on there is to be such a stream; what of it is the same goes on undisturbed. The texts of `wanted` are
 * daemon->options'. Fails: INVALID (somebody pushes under this name), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result configured_want(struct daemon *daemon,
                                              const struct options_stream *wanted,
                                              enum configured_news *news,
                                              struct ims_error *err);
/* The same for a camera that was found: it is as [server] says. */
IMS_NODISCARD enum ims_result configured_want_found(struct daemon *daemon,
                                                    const char *uri,
                                                    enum configured_news *news,
                                                    struct ims_error *err);
/* May free it at once. */
void configured_remove(struct configured *c);
/* The daemon is stopping: all sources close, the streams stay for now. */
void configured_close_all(struct daemon *daemon);
/* After the loop has run out. */
void configured_finish_all(struct daemon *daemon);

/* ---- daemon_recordings.c ---- */

/* Behind the hub. Fails: NOMEM. */
IMS_NODISCARD enum ims_result start_recordings(struct daemon *daemon,
                                               const struct options *options);
/* What the options want recorded from the start; streams that are not there yet are waited for. */
IMS_NODISCARD enum ims_result
start_plans(struct daemon *daemon, const struct options *options, struct ims_error *err);

/* ---- daemon_search.c ---- */

/* Looks for cameras and adds those that are new; test:lab, while there is none. */
IMS_NODISCARD enum ims_result search_start(struct daemon *daemon, struct ims_error *err);

/* ---- daemon_reload.c ---- */

/* Reads the configuration again and applies what can be applied; one with a mistake changes nothing. */
void daemon_reload(struct daemon *daemon);

/* ---- daemon_status.c ---- */

/* Ready, and from now on signs of life and a line of what goes on. */
void status_start(struct daemon *daemon);
void status_stop(struct daemon *daemon);

#endif
