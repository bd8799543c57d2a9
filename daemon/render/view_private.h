/* SPDX-License-Identifier: MIT */
#ifndef RENDER_VIEW_PRIVATE_H
#define RENDER_VIEW_PRIVATE_H

/* What view.c (who sees what) and view_draw.c (jobs) share. Loop thread only. */

#include "view.h"

/* What is drawn for one stream, kept while it has views. */
struct canvas {
    struct views *views;
    struct stream *stream; /* NULL once it is gone */
    struct stream_listener listener;
    struct canvas *next;
    struct view *first;
    int count, running;
    uint64_t bytes; /* that its views take at most */
    uint32_t epoch;
};

/* The newest picture in the forms that were asked for: whole, or as what changed since a base. */
struct made {
    uint64_t base; /* 0: whole */
    struct picture *picture;
};
enum { VIEW_MADE_MAX = VIEW_BASES_MAX + 1 };

struct view {
    struct canvas *canvas;
    struct view *next;
    uint32_t number;
    struct ims_view_spec spec;
    uint64_t bytes; /* that it takes at most */
    struct ims_drawer *drawer;
    struct view_client head; /* ring list of clients */
    struct made made[VIEW_MADE_MAX];
    int made_count;
    uint64_t pictures;   /* the number of the newest picture */
    uint64_t refined;    /* the last number that left nothing coarse; lossy codecs */
    uint64_t changed_ms; /* when the picture last changed, by the loop's clock */
    uint64_t seq;        /* the frame that the newest picture holds for */
    int64_t time_us;
    int64_t since_ns;   /* when it was made; CLOCK_MONOTONIC */
    uint64_t tried_seq; /* the frame that was drawn last, or failed to be */
    int wanting;        /* clients that want a picture */
    bool may_lack;      /* one of them may lack what is kept */
    bool busy, ended;
};

struct views {
    uv_loop_t *loop;
    struct streams *streams;
    struct ims_pool *pool;
    struct canvas *first;
    uint32_t last_number;
    uint64_t bytes;  /* that all views take at most */
    int running;     /* jobs */
    int threads;     /* of the pool */
    uint64_t parted; /* jobs whose picture was encoded in parts */
    uv_timer_t
        rest; /* runs while a lossy picture may have come to rest without another frame */
    bool closing, timer_is_closed;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

/* Newer than what was drawn, or tried, last. */
bool view__is_newer(const struct view *view, const struct ims_frame *frame);
void view__set_wants(struct view_client *client, bool wants);
void view__forget_made(struct view *view);
void views__on_rest(uv_timer_t *timer);
/* Starts what is wanted, as far as the bound of jobs allows; the views take turns, since one that has
 * drawn is moved behind the others. */
void canvas__pump(struct canvas *canvas);
/* Tells the clients and detaches them; the view goes when its job has come back. */
void view__end(struct view *view, const char *reason);
void view__free_when_unused(struct view *view);
void views__free_when_idle(struct views *views);

#endif
