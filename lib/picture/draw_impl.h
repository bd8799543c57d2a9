/* SPDX-License-Identifier: MIT */
#ifndef IMS_DRAW_IMPL_H
#define IMS_DRAW_IMPL_H

/*
 * What the files of drawing share: the drawer's memory and the ways from a frame to an encoded picture.
 *
 *     ims_draw ─┬─ ims__draw_camera     a camera's picture, without going through RGB
 *               ├─ ims__draw_mosaic     colours interpolated for the window only, then as colour
 *               └─ ims__draw_array ─┬─ scalars: raw, or indices as palette PNG or JPEG
 *                                   └─ colour: bytes as JPEG or PNG
 *
 * All run on the thread that has the drawer; `spec` is settled.
 */

#include "png_impl.h"
#include "view_impl.h"
#include "yuv.h"

#include <imshow/draw.h>

struct ims_drawer {
    struct ims_jpeg_encoder *jpeg;
    struct ims__png_worker png;
    struct ims_bytes bytes; /* the last PNG */
    struct ims__i420 whole, small;
    struct ims_array raw;               /* what the last RAW picture points into */
    uint8_t *scratch;                   /* indices, and their colours */
    struct ims_transform_map transform; /* of this picture, unless it is linear */
    size_t scratch_bytes;
};

/* At least `bytes` in drawer->scratch. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__drawer_reserve(struct ims_drawer *drawer, size_t bytes,
                                                  struct ims_error *err);

/* Sets *drawn when there was a direct way for this camera's frame, and fills codec, data and size; else
 * the caller goes on by way of ims_frame_to_array. */
IMS_NODISCARD enum ims_result
ims__draw_camera(struct ims_drawer *drawer, const struct ims_frame *frame,
                 const struct ims_view_spec *spec, const struct ims__window *win,
                 bool *drawn, struct ims_picture *out, struct ims_error *err);
/* `array` is the slice: (h, w), or (h, w, 3 or 4) for colour. Fills all but the region. */
IMS_NODISCARD enum ims_result
ims__draw_array(struct ims_drawer *drawer, const struct ims_array *array,
                const struct ims_view_spec *spec, const struct ims_extent *extent,
                struct ims_picture *out, struct ims_error *err);
/* A frame with a mosaic. Fills all but the region. */
IMS_NODISCARD enum ims_result
ims__draw_mosaic(struct ims_drawer *drawer, const struct ims_frame *frame,
                 const struct ims_view_spec *spec, const struct ims_extent *extent,
                 struct ims_picture *out, struct ims_error *err);
IMS_NODISCARD enum ims_result ims__draw_scalars(struct ims_drawer *drawer,
                                                const struct ims_array *plane,
                                                const struct ims_view_spec *spec,
                                                struct ims_picture *out,
                                                struct ims_error *err);
IMS_NODISCARD enum ims_result ims__draw_colour(struct ims_drawer *drawer,
                                               const struct ims_array *pixels,
                                               const struct ims_view_spec *spec,
                                               struct ims_picture *out,
                                               struct ims_error *err);

/* The slice that a spec chooses. */
IMS_NODISCARD enum ims_result ims__frame_slice(const struct ims_array *array,
                                               const struct ims_view_spec *spec,
                                               const struct ims_extent *extent,
                                               struct ims_array *out,
                                               struct ims_error *err);
/* The same values in the type that they are drawn in (ims__drawn_dtype), bool as 0 and 255. */
IMS_NODISCARD enum ims_result ims__drawn_array(const struct ims_array *array,
                                               struct ims_array *out,
                                               struct ims_error *err);
/* INVALID unless the frame's bytes are there for its size; for MJPEG, unless it is a JPEG of that size. */
IMS_NODISCARD enum ims_result ims__camera_check(const struct ims_frame *frame,
                                                struct ims_error *err);

/* Where the parts of a YUV420 frame lie; luma of odd sides is not completed. */
struct ims_planes ims__camera_planes(const struct ims_frame *frame);
/* Pixels x .. x + count of row y as RGB, of YUYV or YUV420 that have been checked. */
void ims__camera_rgb(const struct ims_frame *frame, uint32_t x, uint32_t y,
                     uint32_t count, uint8_t *rgb);

/* px.imshow's rescaling of colour samples to bytes: a channel's limits go to 0 and 255, cut toward zero. */
void ims__rescale_to_bytes(const struct ims_array *pixels,
                           const struct ims_limits *limits, uint8_t *out);

#endif
