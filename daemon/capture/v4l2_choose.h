/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_CHOOSE_H
#define CAPTURE_V4L2_CHOOSE_H

/*
 * Which size and rate is nearest to the asked one, among what a driver enumerates: single ones, or ranges in
 * steps (a continuous range has steps of one pixel, and intervals of any length). No I/O.
 *
 *     struct v4l2_size best; bool has_best = false;
 *     v4l2_size_nearer(&enumerated, wanted, &best, &has_best);      // for each that the driver lists
 */

#include <linux/videodev2.h>
#include <stdbool.h>
#include <stdint.h>

struct v4l2_size {
    uint32_t width, height;
};

/* Takes the nearest of this enumeration's sizes when it is nearer to `wanted` than *best, or when there is no
 * best so far. Sizes of zero, and ranges that end before they begin, are a driver's mistake and left out. */
void v4l2_size_nearer(const struct v4l2_frmsizeenum *sizes, struct v4l2_size wanted,
                      struct v4l2_size *best, bool *has_best);

/* The same for intervals between frames, in seconds; `fps` frames a second are wanted. */
void v4l2_interval_nearer(const struct v4l2_frmivalenum *intervals, uint32_t fps,
                          struct v4l2_fract *best, bool *has_best);

/* Frames a second; 0 for what is no interval. */
double v4l2_fps_of(struct v4l2_fract interval);

#endif
