/* SPDX-License-Identifier: MIT */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

/*
 * A view: one stream as its viewers see it, drawn and encoded once for all of them.
 *
 *     struct view_client me = {.on_picture = ..., .on_end = ...};
 *     if (view_attach(views, stream, &spec, &me, &err)) ...   // me.view is set
 *     view_want(me.view);             // I could take a picture: one is drawn when there is a newer frame
 *     ... on_picture: picture_ref(view_latest(me.view)), send it, view_want again when there is room
 *     view_detach(&me);
 *
 * Equal specs of a stream and epoch give the same view. Nothing is drawn that nobody wants; while one
 * picture is being drawn the frames that come are passed over, and the newest is next. Jobs run on the
 * pool: one at a time a view, RENDER_JOBS_MAX a stream. Loop thread only.
 */

#include "../capture/stream.h"
#include "picture.h"

#include <imshow/view.h>
#include <uv.h>

enum {
    RENDER_JOBS_MAX = 2,   /* drawn at once for one stream */
    VIEWS_PER_STREAM = 32, /* past it the nearest existing view is given */
};

struct view;
struct views;

struct view_client {
    void (*on_picture)(struct view_client *); /* view_latest is new */
    /* The view is no more (epoch, stream removed, the frame cannot be drawn); already detached. */
    void (*on_end)(struct view_client *, const char *reason);
    struct view *view; /* set by view_attach */
    struct view_client *prev, *next;
};

IMS_NODISCARD enum ims_result views_create(uv_loop_t *loop, struct streams *streams,
                                           struct views **out);
/* Ends all views; on_closed runs when the last job has come back. */
void views_close(struct views *views, void (*on_closed)(void *user), void *user);

/* Settles the spec against the stream's newest frame and attaches. Fails: INVALID (spec, or no frame so
 * far), LIMIT (no view that could be shared), NOMEM. */
IMS_NODISCARD enum ims_result view_attach(struct views *views, struct stream *stream,
                                          const struct ims_view_spec *spec,
                                          struct view_client *client,
                                          struct ims_error *err);
/* A client that is not attached is fine. */
void view_detach(struct view_client *client);
void view_want(struct view *view);

/* The newest picture, or NULL; borrowed. */
struct picture *view_latest(const struct view *view);
/* True when the latest picture shows the stream's newest frame. */
bool view_is_current(const struct view *view);
uint32_t view_number(const struct view *view);
struct stream *view_stream(const struct view *view);
const struct ims_view_spec *view_spec(const struct view *view);

#endif
