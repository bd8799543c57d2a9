/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_H
#define CAPTURE_V4L2_H

/*
 * Video4Linux cameras: `v4l2:/dev/video0`. The source itself is source_v4l2 in sources.h.
 *
 *     struct v4l2_path paths[8];
 *     size_t count = v4l2_find("/dev", paths, 8);    // what there is to watch
 *     if (v4l2_resolve(&address, &path, &err)) ...   // the device that is called so now
 *
 * Opens devices, which may hang: in an errand.
 */

#include "v4l2_address.h"

#include <stddef.h>

enum { V4L2_PATH_SIZE = 256, V4L2_DEVICES_MAX = 64 };

struct v4l2_path {
    char text[V4L2_PATH_SIZE];
};

/* The capture devices among `folder`/video*, by their numbers; at most `room`. A device that cannot be
 * opened now, or that captures no frames (a camera's metadata node), is left out. */
size_t v4l2_find(const char *folder, struct v4l2_path *out, size_t room);

/* The path of the camera that the address names: the first capture device whose serial number, name or bus is
 * just so. Fails: IO with those that there are. */
IMS_NODISCARD enum ims_result v4l2_resolve(const struct v4l2_address *address,
                                           struct v4l2_path *out, struct ims_error *err);

/* The serial number of the USB device behind an open video device, or "". */
void v4l2_serial(int fd, char *out, size_t size);

#endif
