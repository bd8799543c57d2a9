/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_SESSION_H
#define CAPTURE_V4L2_SESSION_H

/*
 * The part of a camera that its errands work on: the open device, its controls, what users set. One call at a
 * time, each of which may hang; the loop looks at it between them (and takes frames beside v4l2_session_control,
 * which leaves the device alone).
 *
 *     struct v4l2_session *s = v4l2_session_create(&address);
 *     v4l2_session_open(s);                          // in an errand
 *     if (s->result) ... s->err.text ...             // on the loop, afterwards
 */

#include "control_store.h"
#include "v4l2_device.h"

struct v4l2_session {
    void *owner; /* who is told, for the loop */
    struct v4l2_address address;
    struct v4l2_device device; /* fd -1: not open */
    struct control_list *list; /* NULL: not open */
    struct control_store store;
    /* of the last call */
    enum ims_result result;
    struct ims_error err;
    struct ims_error warning;   /* what went wrong beside, and cost nothing else */
    struct control_list *fresh; /* the controls as they are now; the loop takes it */
    struct control_changes
        *changes; /* for v4l2_session_control, freed by it; NULL: only read */
};

/* NULL: no memory. */
struct v4l2_session *v4l2_session_create(const struct v4l2_address *address);
/* Closes and frees. */
void v4l2_session_destroy(void *session);

/* The errands: `void (*run)(void *user)`. */
void v4l2_session_open(
    void *session); /* finds, opens, restores controls, begins to stream */
void v4l2_session_begin(void *session); /* streams again */
void v4l2_session_renew(void *session); /* ends, and begins with another signal */
void v4l2_session_end(void *session);   /* stops streaming, stays open */
void v4l2_session_close(void *session);
void v4l2_session_control(void *session); /* changes, then reads, then saves */

#endif
