/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_H
#define CAPTURE_V4L2_H

/*
 * Video4Linux cameras: `v4l2:/dev/video0`. The source itself is source_v4l2 in sources.h.
 *
 *     struct v4l2_path paths[8];
 *     size_t count = v4l2_find("/dev", paths, 8);    // what there is to watch
 *
 * Loop thread.
 */

#include <stddef.h>

enum { V4L2_PATH_SIZE = 128 };

struct v4l2_path {
    char text[V4L2_PATH_SIZE];
};

/* The capture devices among `folder`/video*, by their numbers; at most `room`. A device that cannot be
 * opened now, or that captures no frames (a camera's metadata node), is left out. */
size_t v4l2_find(const char *folder, struct v4l2_path *out, size_t room);

#endif
