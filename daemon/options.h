/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

/*
 * What the command line says: one table gives the flags and --help.
 *
 *     struct options options;
 *     switch (options_parse(argc, argv, &options, &err)) ...
 *     options_finish(&options);
 */

#include "log.h"
#include "settings.h"

#include <imshow/error.h>
#include <stdio.h>

enum { OPTIONS_SOURCES_MAX = 64 };

struct options_source {
    const char *name; /* NULL: made from the source */
    const char *uri;
};

struct options {
    struct source_settings capture;
    char *state_dir; /* owned: the one of capture, unless it was given */
    const char *device;
    const char *host;
    long port;
    const char *unix_path;
    const char *push_unix;
    char *push_tcp_host; /* NULL: not on TCP */
    long push_tcp_port;
    long workers; /* 0: one a core */
    long quality; /* JPEG default; 0: the library's */
    bool insecure;
    const char *log_level_name;
    enum log_level log_level;
    bool help, version;
    struct options_source sources[OPTIONS_SOURCES_MAX];
    int source_count;
    char *owned
        [OPTIONS_SOURCES_MAX]; /* names cut out of NAME=SOURCE, and "v4l2:" + device */
    int owned_count;
};

/* Values point into argv; whether there is such a kind of source is not looked at. Fails: INVALID with what to do; nothing needs finishing then. */
IMS_NODISCARD enum ims_result options_parse(int argc, char **argv, struct options *out,
                                            struct ims_error *err);
void options_finish(struct options *options);
void options_print_help(FILE *file);

#endif
