/* SPDX-License-Identifier: MIT */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

/*
 * A view: one stream as its viewers see it, drawn and encoded once for all of them.
 *
 *     struct view_client me = {.on_picture = ..., .on_end = ...};
 *     if (view_attach(views, stream, &spec, &me, &err)) ...   // me.view is set
 *     view_want(&me, base);           // I have picture `base` (0: none): a newer one, when there is one
 *     ... on_picture: struct picture *p = view_picture(&me, base); // whole, or what changed since
 *                     if (p) send(picture_ref(p)), and view_want again when there is room
 *     view_detach(&me);
 *
 * A view keeps the picture that all its viewers come to, and for each tile the number of the picture at
 * which it last changed; so a viewer who skipped gets what it lacks and nothing else. Pictures have a
 * number of their own, which rises only when something changed. Equal specs of a stream and epoch give the same view. Nothing is
 * drawn that nobody wants; while one picture is being drawn the frames that come are passed over, and
 * the newest is next. Jobs run on the pool: one at a time a view, RENDER_JOBS_MAX a stream; one may encode
 * a large picture in parts. Loop thread only.
 */

#include "../capture/stream.h"
#include "picture.h"

#include <imshow/view.h>
#include <uv.h>

/* What views may take, as ims_draw_bytes_max has it, of one stream and of all. Past it the nearest existing view is
 * given if it shows all that was asked for, else the request is refused. */
#define VIEWS_STREAM_BYTES_MAX ((uint64_t)1 << 30)
#define VIEWS_BYTES_MAX        ((uint64_t)2 << 30)
enum {
    RENDER_JOBS_MAX = 2,   /* drawn at once for one stream */
    VIEWS_PER_STREAM = 32, /* past it the nearest existing view is given */
    VIEW_BASES_MAX = 4, /* pictures of changed tiles made at once; others get the whole */
    VIEW_REST_MS = 500, /* a lossy picture that rested so long is drawn finer */
    VIEW_FINE_QUALITY = 92,
};

struct view;
struct views;

struct view_client {
    void (*on_picture)(struct view_client *); /* view_picture may have one */
    /* Optional. A newer frame came and its picture is the same: view_seq and view_time_us moved. */
    void (*on_still)(struct view_client *);
    /* The view is no more (epoch, stream removed, the frame cannot be drawn); already detached. */
    void (*on_end)(struct view_client *, const char *reason);
    struct view *view; /* set by view_attach */
    bool whole_only;   /* takes no changed tiles */
    bool wants;        /* by view_want, until view_picture gave one */
    uint64_t base;     /* the picture that it has */
    int64_t since_ns;  /* when it was attached; CLOCK_MONOTONIC */
    struct view_client *prev, *next;
};

IMS_NODISCARD enum ims_result views_create(uv_loop_t *loop, struct streams *streams,
                                           struct views **out);
/* Ends all views; on_closed runs when the last job has come back. */
void views_close(struct views *views, void (*on_closed)(void *user), void *user);

/* Settles the spec against the stream's newest frame and attaches. Fails: INVALID (spec, or no frame so
 * far), LIMIT (past the bounds, and no view that could be shared), NOMEM. */
IMS_NODISCARD enum ims_result view_attach(struct views *views, struct stream *stream,
                                          const struct ims_view_spec *spec,
                                          struct view_client *client,
                                          struct ims_error *err);
/* Attaches another client to the view that this one has. */
void view_share(const struct view_client *client, struct view_client *other);
/* A client that is not attached is fine. */
void view_detach(struct view_client *client);
/* The client has picture `base` (0: none, or it takes whole ones only) and room for a newer one. */
void view_want(struct view_client *client, uint64_t base);
/* What may be sent to a client that has picture `base` now, or NULL: whole, or the tiles that changed since;
 * it wants no more then. Borrowed. */
struct picture *view_picture(struct view_client *client, uint64_t base);
/* A picture has gone out to this client, all of it. */
void view_sent(const struct view_client *client, const struct picture *picture);
/* The newest picture, whole, if it was made so, or NULL; borrowed. */
struct picture *view_whole(const struct view *view);
/* The same if it shows the stream's newest frame. */
struct picture *view_current(const struct view *view);
/* The frame that the newest picture holds for, which may be newer than that of its making. */
uint64_t view_seq(const struct view *view);
int64_t view_time_us(const struct view *view);
uint64_t view_pictures(const struct view *view); /* the number of the newest; 0: none */
uint32_t view_number(const struct view *view);
/* Clients of all views of this stream. */
int views_clients(const struct views *views, const struct stream *stream);
/* What all views may take, as it is held against VIEWS_BYTES_MAX. */
uint64_t views_bytes(const struct views *views);
/* Threads of the pool. */
int views_threads(const struct views *views);
/* Pictures that were encoded by two of them. */
uint64_t views_parted(const struct views *views);
struct stream *view_stream(const struct view *view);
const struct ims_view_spec *view_spec(const struct view *view);

#endif
