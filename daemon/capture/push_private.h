/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_PRIVATE_H
#define CAPTURE_PUSH_PRIVATE_H

/* What push.c (names, connections) and push_body.c (POSTs) share. Loop thread only. */

#include "push.h"

struct push {
    struct pushes *pushes;
    struct push *next;
    struct stream *stream;
    struct push_owner *owner; /* NULL: the pusher is gone, or it comes by POST */
    bool is_checked;          /* the newest frame went through recipe_check */
    uint64_t last_ms;         /* of a frame, or when the pusher left */
};

struct pushes {
    uv_loop_t *loop;
    struct gate *gate;
    struct streams *streams;
    struct push *first;
    uv_timer_t timer; /* removes what lingered long enough */
    int jobs;
    int holds; /* points that have not ended: they need the set, but are no POST's job */
    struct push_returns *returns; /* of pools' slots */
    size_t intake_bytes;          /* of large messages that are being read */
    int sessions, resting; /* connections; those that have had their turn for now */
    bool timer_is_closed;
    void (*on_closed)(void *user);
    void *on_closed_user;
};

void pushes__finish_when_idle(struct pushes *pushes);
enum ims_result push__find_or_create(struct pushes *pushes, const char *name,
                                     struct push **out, struct ims_error *err);
enum ims_result push__fail_in_use(const char *name, struct ims_error *err);
/* Puts labels (or NULL) on the frame's array and looks whether it makes a picture. Any thread. */
enum ims_result push__prepare(struct ims_frame *frame, struct ims_labels *labels,
                              struct ims_error *err);
/* A frame of an array, which is consumed, prepared so. */
enum ims_result push__frame_of(struct ims_array *array, struct ims_labels *labels,
                               struct ims_frame **out, struct ims_error *err);
/* Consumes the frame; returns its number. */
uint64_t push__publish(struct push *push, struct ims_frame *frame);

#endif
