/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_FORMAT_H
#define CAPTURE_V4L2_FORMAT_H

/*
 * Which of a camera's pixel formats is taken, and what a frame of it looks like in memory. No I/O.
 *
 *     uint32_t fourcc = v4l2_format_choose(settings->pixel_format, offered, count);
 *     struct v4l2_form form;
 *     if (v4l2_form_check(&answer, &form, &err)) ...
 *
 * Those that are taken stand in v4l2_kind.h.
 */

#include <imshow/error.h>
#include <linux/videodev2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { V4L2_SIDE_MAX = 16384, V4L2_FORMATS_MAX = 128, V4L2_FORM_PLANES = 3 };

/* What was negotiated, by either API. A single-planar buffer holds the whole picture in plane[0], also where
 * chroma follows the luma in it (NV12); the planes of NV12M and its kind are memory of their own. */
struct v4l2_form {
    uint32_t pixel_format; /* the camera's own code */
    uint32_t width, height;
    uint32_t plane_count; /* of memory; 1 to V4L2_FORM_PLANES */
    bool limited;         /* of YUV: 16 to 235 and not 0 to 255, v4l2_range.h */
    struct v4l2_plane_form {
        size_t stride; /* bytes from row to row in the driver's memory; 0 for MJPEG */
        size_t size;   /* bytes that a whole picture has at least; 1 for MJPEG */
    } plane[V4L2_FORM_PLANES];
};

/* "YUYV", from the code's four letters. */
struct v4l2_fourcc_name {
    char text[5];
};
struct v4l2_fourcc_name v4l2_fourcc_name(uint32_t fourcc);

bool v4l2_format_is_taken(uint32_t fourcc);
/* `wanted`, or the same format by another code (v4l2_kind_same), if it is offered and taken; with 0 what is
 * cheapest to show, and of that the first in the driver's order: v4l2_kind.h has the order and its reason.
 * 0: there is none. */
uint32_t v4l2_format_choose(uint32_t wanted, const uint32_t *offered, size_t count);

/* Reads the driver's answer to S_FMT, which nobody else has checked. Fails: UNSUPPORTED, LIMIT. */
IMS_NODISCARD enum ims_result v4l2_form_check(const struct v4l2_pix_format *pix,
                                              struct v4l2_form *out,
                                              struct ims_error *err);
/* The same by the multi-planar API, whose single-planar formats have one plane there as well. */
IMS_NODISCARD enum ims_result
v4l2_form_check_planes(const struct v4l2_pix_format_mplane *pix, struct v4l2_form *out,
                       struct ims_error *err);
/* Where a part of the picture (v4l2_kind.h) begins in its plane. */
size_t v4l2_form_offset(const struct v4l2_form *form, int part);
/* Whether so many bytes of each plane can hold a frame; for MJPEG only its content tells. */
bool v4l2_form_is_whole(const struct v4l2_form *form,
                        const size_t used[V4L2_FORM_PLANES]);

/* Frames between two of the driver's sequence numbers that never came; a number that does not rise says
 * nothing, since some drivers never count. */
uint32_t v4l2_frames_missed(uint32_t last, uint32_t now);

/* When a frame was captured, µs since 1970. `stamp_ns` is the driver's time on CLOCK_MONOTONIC; a stamp
 * of the future or older than V4L2_STAMP_AGE_MAX_NS is a driver's mistake, and the frame counts as
 * captured now. */
#define V4L2_STAMP_AGE_MAX_NS ((int64_t)10 * 1000 * 1000 * 1000)
int64_t v4l2_capture_time_us(int64_t stamp_ns, int64_t mono_now_ns, int64_t real_now_us);

#endif
