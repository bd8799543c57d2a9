/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

/*
 * What the command line and the configuration files say, together; the line's word counts more.
 *
 *     if (options_parse(argc, argv, &line, &err)) ...      // exit code 2
 *     if (options_load(&line, &options, &err)) ...         // exit code 78; again for each reload
 *     options_finish(&options);
 *     options_finish(&line);
 */

#include "config_table.h"
#include "log.h"
#include "settings.h"

#include <imshow/error.h>
#include <stdio.h>

enum { OPTIONS_SOURCES_MAX = 64 };

#define OPTIONS_CONFIG_PATH "/etc/imshowd/imshowd.conf"

/* Where something was said; file NULL: on the command line. */
struct options_place {
    const char *file;
    int line;
};

/* What recipe.h makes a figure of. */
enum options_figure_key {
    OPTIONS_PARAMS,
    OPTIONS_LABELLED,
    OPTIONS_OPS,
    OPTIONS_VIEW,
    OPTIONS_FIGURE_KEYS,
};

/* A stream that is made at the start. */
struct options_stream {
    const char *name; /* NULL: made from the source */
    char *source;     /* NULL: none was given */
    struct source_settings capture;
    uint32_t quality;                  /* JPEG; 0: the server's */
    char *figure[OPTIONS_FIGURE_KEYS]; /* JSON texts; NULL: none */
    struct options_place place;        /* of the section, or of the line */
    struct options_place source_place; /* of its source */
    struct options_place figure_place[OPTIONS_FIGURE_KEYS];
};

struct config_address {
    char *host; /* NULL: none */
    uint32_t port;
};

struct options {
    struct source_settings capture;
    char *device;
    char *host;
    uint32_t port;
    char *unix_path;
    char *push_unix;
    struct config_address push_tcp;
    uint32_t connections; /* at once */
    uint32_t workers;
    uint32_t ring_mb;         /* frames that a stream keeps */
    uint32_t quality;         /* JPEG default; 0: the library's */
    char *tls_cert, *tls_key; /* both or none */
    char *allow_origin;       /* several, by blanks; NULL: none */
    char *access;             /* file of rules; NULL: in the state folder */
    char *recordings;         /* folder; NULL: in the state folder */
    uint32_t recordings_reserve_mb, recordings_queue_mb;
    uint32_t recordings_days, recordings_mb, recordings_free_mb; /* retention; 0: none */
    char *record; /* plans, a ';' between; NULL: none */
    bool insecure;
    enum log_level log_level;
    enum log_format log_format;
    char *config; /* NULL: OPTIONS_CONFIG_PATH, if it is there */
    bool check_config, help, version;
    struct options_stream streams[OPTIONS_SOURCES_MAX];
    int stream_count;
    int argc; /* borrowed: what was parsed */
    char **argv;
    struct config_texts texts; /* what all the above points into */
};

/* The command line alone. Whether there is such a kind of source is not looked at. Fails: INVALID with what to do;
 * nothing needs finishing then. */
IMS_NODISCARD enum ims_result options_parse(int argc, char **argv, struct options *out,
                                            struct ims_error *err);
/* Files, then the line over them. Reads files. Fails: INVALID as "FILE:LINE: [section].key: value: why", IO; nothing
 * needs finishing then. */
IMS_NODISCARD enum ims_result options_load(const struct options *line,
                                           struct options *out, struct ims_error *err);
/* For a reload: gives `next` what runs of that which only a restart changes, and tells each key that differs. Fails: NOMEM. */
IMS_NODISCARD enum ims_result
options_keep_running(const struct options *running, struct options *next,
                     void (*on_kept)(const char *section, const char *key),
                     struct ims_error *err);
/* Also of zeros. */
void options_finish(struct options *options);
void options_print_help(FILE *file);

#endif
