/* SPDX-License-Identifier: MIT */
#ifndef SERVE_CLIENT_PRIVATE_H
#define SERVE_CLIENT_PRIVATE_H

/* What client.c (connection, queue), client_slot.c (views, pace), client_request.c (messages), client_pace.c
 * (size and quality) and client_hover.c (values) share. Loop thread only. */

#include "client.h"
#include "message.h"
#include "pace.h"

struct flight { /* a picture sent and not acknowledged */
    uint64_t picture, seq;
    uint32_t view;
    int64_t begun_ns;
    uint64_t bytes, bytes_ahead; /* with those on the way when it was begun */
};

struct slot { /* a view as one client has it */
    struct client *client;
    struct slot *next;
    struct view_client view_client;
    struct stream *stream;
    uint32_t number; /* of the view; stays after its end, so that late acks are known */
    uint32_t holds;  /* how many watch requests led to this view */
    struct picture *sending; /* being written; NULL: none */
    uint32_t piece;          /* the next part of it */
    uint64_t last_picture;   /* the last one that was begun */
    struct flight flight[CLIENT_WINDOW];
    int flights;
    uint64_t shown_seq;   /* the frame on the client's screen; 0: none */
    uint64_t before_seq;  /* the one before it; 0: none */
    uint64_t advanced_ms; /* when it was last told that its picture still holds */
    struct ims_view_spec asked,
        settled; /* as the viewer gave it, and what that means without any reduction */
    struct pace pace;
    uint32_t old_number;  /* of the view before it was moved; 0: it never was */
    uint64_t whole_bytes; /* of the last whole picture */
    int64_t acked_ns;     /* when the last picture of this view was acknowledged */
    int64_t due_ns;       /* not before, by the rate that the viewer pins */
};

struct queued {
    struct ims_buffer *message;
    struct queued *next;
};

struct client {
    struct hub *hub;
    struct client *next; /* in hub->first */
    struct access_caller who;
    struct hub_seen seen; /* what the list that it was sent last told of */
    struct client_link link;
    void *user;
    struct queued *queue_first, *queue_last;
    size_t queue_bytes;
    struct slot *slots;
    struct slot *turn; /* whose part is being written */
    int slot_count;
    struct hover_job *hovers; /* on the pool */
    int hover_count;
    struct client_timeline *timelines;
    int timeline_count;
    int64_t pinged_ns; /* when the ping was asked for that has no answer yet; 0: none */
    int64_t asked_ns;  /* when one was last asked for while nothing else was on the way */
    int64_t rtt_ns;    /* the shortest round trip so far; 0: not known */
    bool closing;
};

/* Closes the connection once, with a reason. */
void client__fail(struct client *client, int status, const char *reason);
void client__error(struct client *client, const char *code, const char *text,
                   int64_t request);

struct slot *client__slot(struct client *client, uint64_t number);
/* Finds the slot of the client's that already has this view, or makes one. NULL: no memory. */
IMS_NODISCARD enum ims_result slot_watch(struct client *client, struct stream *stream,
                                         const struct ims_view_spec *spec,
                                         const struct pace_bounds *bounds,
                                         struct slot **out, struct ims_error *err);
struct slot *client__slot_of_view(struct client *client, const struct view *view);
void slot_destroy(struct slot *slot);
/* Tells the client that the view is no more, and destroys the slot. */
void slot_end(struct slot *slot, const char *reason);
void slot_pump(struct slot *slot);
/* False when the client acknowledges what it was never sent. `view` is the slot's, or was; `held_ns`: so long the
 * picture lay at the client. */
bool slot_ack(struct slot *slot, uint32_t view, uint64_t picture, int64_t held_ns);
bool slot_next(struct slot *slot, struct client_chunk *out);
void slot_sent(struct slot *slot);
/* Tells of each picture that holds for a newer frame, where it is time to. */
void client__advance(struct client *client);

/* The stream that the key "stream" names, or NULL after the client has been told, in the same words where it may not
 * see it. */
struct stream *client__stream_named(struct client *client, const struct ims_value *map,
                                    int64_t request);

/* client_timeline.c */
/* Steers or closes; false: `map` is no such message. */
bool client__timeline(struct client *client, const struct ims_value *map,
                      int64_t request);
void client__timelines_close(struct client *client);
/* The stream of that timeline which shows what `stream` does on timeline 0; NULL: it has none such. */
struct stream *client__stream_on(struct stream *stream, uint32_t timeline);

/* client_pace.c: a picture is begun, has got another of its parts on its way, is acknowledged. */
void slot_pace_begun(struct slot *slot);
void slot_pace_sent(struct slot *slot);
void slot_pace_acked(struct slot *slot, const struct flight *flight, int64_t held_ns);
bool slot_is_due(struct slot *slot);
void client__ping(struct client *client);
/* Looks after what waits for its time: rates, and pictures at rest that may become better. */
void client__pace(struct client *client);

/* client_figure.c */
void client__figure_changed(struct client *client, struct stream *stream,
                            const struct recipe *old);

void client__hover(struct client *client, const struct ims_value *map, int64_t request);
void client__hovers_abandon(struct client *client);

#endif
