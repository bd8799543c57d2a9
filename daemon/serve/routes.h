/* SPDX-License-Identifier: MIT */
#ifndef SERVE_ROUTES_H
#define SERVE_ROUTES_H

/*
 * The one route table: every path that the daemon answers, with the right that it needs. Tests walk it.
 *
 *     struct route_match m;
 *     if (route_find("GET", "/streams/photo/frame.npy", &m)) ...   // m.argument is "photo"
 */

#include "exchange.h"

/* What the right is asked for, once there are access rules. */
enum route_rule {
    RULE_NONE,   /* nobody has said: refused */
    RULE_PUBLIC, /* for whoever comes */
    RULE_ANY,    /* the right on any stream */
    RULE_STREAM, /* the right on the stream NAME */
    RULE_PICTURE, /* the same; a link for a region of it will do, since the query says the region */
    RULE_FIRST, /* the same, of the first stream that one may view: the path names none */
    RULE_RECORDING, /* on any stream, and then on all streams of the recording NAME: recording_access.h */
};

struct route {
    const char
        *pattern; /* "NAME" stands for one path segment, "NAME.x" for one that ends so */
    enum method method; /* GET serves HEAD too */
    enum right right;
    bool is_socket;                     /* a WebSocket: answered by the upgrade */
    void (*handle)(struct exchange *x); /* NULL for sockets */
    const char *summary;
    size_t body_max; /* bytes of a request's body */
    enum route_rule rule;
};

extern const struct route routes[]; /* ended by a NULL pattern */

enum { ROUTE_ARGUMENT_MAX = 128, ROUTE_PATH_MAX = 160 }; /* of a socket's path */

enum route_result { ROUTE_FOUND, ROUTE_UNKNOWN, ROUTE_METHOD };
/* Copies the NAME segment to `argument` ("" without one). ROUTE_METHOD: the path exists, for others. */
enum route_result route_find(enum method method, const char *path,
                             const struct route **out, char argument[ROUTE_ARGUMENT_MAX]);

/* Answers that this may not be: with the page to log in at for somebody before a browser. */
void route_refuse(struct exchange *x, int status, const char *why); /* route_login.c */

/* Whoever came to a page by a link gets a session for it, since the page asks for more than its address: a header line, or
 * "". */
void route_begin_session(struct exchange *x, char *out, size_t room); /* route_login.c */

/* The handlers, by file. */
void route_index(struct exchange *x);          /* route_page.c */
void route_asset(struct exchange *x);          /* route_page.c */
void route_healthz(struct exchange *x);        /* route_api.c */
void route_streams(struct exchange *x);        /* route_api.c */
void route_stream(struct exchange *x);         /* route_api.c */
void route_controls(struct exchange *x);       /* route_controls.c */
void route_controls_patch(struct exchange *x); /* route_controls.c */
void route_login_form(struct exchange *x);     /* route_login.c */
void route_login(struct exchange *x);          /* route_login.c */
void route_links(struct exchange *x);          /* route_links.c */
void route_session(struct exchange *x);        /* route_login.c */
void route_logout(struct exchange *x);         /* route_login.c */
void route_push(struct exchange *x);           /* route_push.c */
void route_snapshot_jpg(struct exchange *x);   /* route_picture.c */
void route_snapshot_png(struct exchange *x);   /* route_picture.c */
void route_mjpeg(struct exchange *x);          /* route_mjpeg.c */
void route_state(struct exchange *x);          /* route_state.c */
void route_metrics(struct exchange *x);        /* route_metrics.c */
void route_frame_npy(struct exchange *x);      /* route_frame.c */
void route_figure_html(struct exchange *x);    /* route_frame.c */
void route_stream_patch(struct exchange *x);   /* route_patch.c */
void route_figure_json(struct exchange *x);    /* route_frame.c */
void route_recordings(struct exchange *x); /* route_recordings.c, and the next seven */
void route_recording(struct exchange *x);
void route_recording_start(struct exchange *x);
void route_recording_stop(struct exchange *x);
void route_recording_marker(struct exchange *x);
void route_recording_trigger(struct exchange *x);
void route_recording_rename(struct exchange *x);
void route_recording_delete(struct exchange *x);
void route_recording_file(struct exchange *x);    /* route_recording_file.c */
void route_recording_picture(struct exchange *x); /* route_recording_picture.c */

#endif
