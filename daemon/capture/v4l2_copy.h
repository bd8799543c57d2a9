/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_COPY_H
#define CAPTURE_V4L2_COPY_H

/*
 * One frame out of the driver's memory into our own, so that its buffer goes back at once: the job.
 *
 *     struct v4l2_copy c = {.form = form, .from = {mapped}, .used = {bytesused}};
 *     if (ims_pool_get(pool, v4l2_copy_room(&c), &c.to)) ...
 *     c.like = ims_buffer_ref(last);                // or NULL
 *     v4l2_copy_run(&c);                            // any thread
 *     if (v4l2_copy_frame(&c, &frame)) ...          // consumes c.to and c.like in any case
 *
 * It brings the picture into one of the forms that all behind it know (v4l2_kind.h): row padding is left behind,
 * packed samples are unpacked, and whatever a camera adds behind a JPEG's end is cut. A picture that is bit for bit
 * the one before is not copied: its frame shares that one's bytes.
 */

#include "v4l2_format.h"

#include <imshow/frame.h>

enum { V4L2_COPY_PROBES = 16 }; /* rows that are compared before all are */

struct v4l2_copy {
    struct v4l2_form form;
    const uint8_t
        *from[V4L2_FORM_PLANES];   /* each plane's first byte: behind data_offset */
    size_t used[V4L2_FORM_PLANES]; /* bytes there */
    struct ims_buffer *to;         /* v4l2_copy_room bytes */
    struct ims_buffer
        *like;    /* the picture before, of the same form, to compare with; NULL: none */
    size_t size;  /* of the picture; 0: it is broken */
    bool is_like; /* it is `like`, and `to` holds nothing */
};

size_t v4l2_copy_room(const struct v4l2_copy *copy);
void v4l2_copy_run(struct v4l2_copy *copy);
/* Lets go of both buffers. */
void v4l2_copy_drop(struct v4l2_copy *copy);
/* The copied picture as a frame. Fails: INVALID (broken), NOMEM. */
IMS_NODISCARD enum ims_result v4l2_copy_frame(struct v4l2_copy *copy,
                                              struct ims_frame **out);

#endif
