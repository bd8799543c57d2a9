/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_ADDRESS_H
#define CAPTURE_V4L2_ADDRESS_H

/*
 * What stands behind "v4l2:": which camera, and what this one is asked for beside the common options.
 *
 *     struct v4l2_address a;
 *     if (v4l2_address_parse("/dev/video0?width=640&crop=0,0,320,240", &common, &a, &err)) ...
 *
 * A camera is named by its device's path, or by serial=, name= or bus= as the system has them: then it is
 * looked for at every try, and found again under another number. No I/O.
 */

#include "../settings.h"

#include <imshow/error.h>
#include <stdbool.h>

enum { V4L2_ADDRESS_MAX = 256 }; /* bytes of a path or name */

enum v4l2_by { V4L2_BY_PATH, V4L2_BY_SERIAL, V4L2_BY_NAME, V4L2_BY_BUS };

struct v4l2_part {
    int32_t x, y; /* px of the sensor */
    uint32_t width, height;
};

struct v4l2_address {
    enum v4l2_by by;
    char text[V4L2_ADDRESS_MAX]; /* the path, or what the camera is called */
    char folder
        [V4L2_ADDRESS_MAX]; /* where a camera that is not named by its path is looked for */
    struct source_settings settings; /* the common ones, but for what the address says */
    bool has_crop;
    struct v4l2_part crop;
};

/* Fails: INVALID with the place, what was given and what may be. */
IMS_NODISCARD enum ims_result v4l2_address_parse(const char *text,
                                                 const struct source_settings *common,
                                                 struct v4l2_address *out,
                                                 struct ims_error *err);

#endif
