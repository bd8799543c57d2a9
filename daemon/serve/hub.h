/* SPDX-License-Identifier: MIT */
#ifndef SERVE_HUB_H
#define SERVE_HUB_H

/*
 * All viewers, and what they are told together: the list of streams.
 *
 *     hub_create(loop, streams, views, &hub)
 *     hub_close(hub, on_closed, user)       // after the last client is gone
 *
 * Loop thread only.
 */

#include "../access/gate.h"
#include "../capture/stream.h"
#include "../record/recordings.h"
#include "../render/view.h"

#include <uv.h>

enum {
    HUB_STREAMS_INTERVAL_MS = 200, /* the list goes out at most that often */
    HUB_LISTS_MAX = 16,            /* different lists that are kept while it goes out */
};

struct client;

/* Which streams a client may view: a bit each, in the order of their list. */
struct hub_seen {
    uint64_t bits[STREAM_MAX / 64];
};

struct hub {
    uv_loop_t *loop;
    struct gate *gate;
    struct gate_listener gate_listener;
    struct streams *streams;
    struct views *views;
    struct stream_listener listener;
    uv_timer_t timer;
    uv_timer_t advances; /* until clients may be told of still pictures again */
    uv_timer_t paces; /* until the first client that waits for its time has come to it */
    bool is_dirty;
    int timers;                    /* not closed yet */
    struct client *first;          /* clients, linked by their own next */
    struct recordings *recordings; /* for the list of streams; NULL: none are made */
    int quality; /* JPEG, where a viewer asks for none; 0: the library's */
    int jobs;    /* on the pool for clients, which may be gone by now */
    void (*on_closed)(void *user);
    void *on_closed_user;
};

IMS_NODISCARD enum ims_result hub_create(uv_loop_t *loop, struct gate *gate,
                                         struct streams *streams, struct views *views,
                                         struct hub **out);
void hub_close(struct hub *hub, void (*on_closed)(void *user), void *user);
int hub_viewers(const struct hub *hub);
/* Of all small messages that wait for their viewers. */
size_t hub_queue_bytes(const struct hub *hub);
/* JPEG quality of this stream where a viewer asks for none; 0: the library's. */
int hub_quality(const struct hub *hub, const struct stream *stream);

/* The list of streams says something new; viewers get it soon. */
void hub_streams_changed(struct hub *hub);

/* For client.c. */
void hub_add(struct hub *hub, struct client *client);
void hub_remove(struct hub *hub, struct client *client);
/* The list of what this client may view. */
struct ims_buffer *hub_streams_message(struct hub *hub, struct client *client);
void hub_job_done(struct hub *hub);
/* Calls client__advance for all clients in a while. */
void hub_advance_later(struct hub *hub);
/* Calls client__pace for all clients in so many ms, or sooner where somebody asked for that. */
void hub_pace_later(struct hub *hub, uint64_t delay_ms);

#endif
