/* SPDX-License-Identifier: MIT */
#ifndef IMS_FRAME_IMPL_H
#define IMS_FRAME_IMPL_H

/*
 * What stands behind a struct ims_frame.
 *
 *     struct ims__frame *f = (struct ims__frame *)frame;
 *     f->next = dropped, dropped = f;      // the ring's list of what it lets go
 *
 * `next` belongs to the ring that holds the frame; a frame is published to one ring at most.
 */

#include <imshow/frame.h>
#include <stdatomic.h>

struct ims__frame {
    struct ims_frame pub; /* first: the public pointer is this one */
    atomic_size_t refs;
    struct ims__frame *next;
};

#endif
