/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_CONTROL_H
#define CAPTURE_V4L2_CONTROL_H

/*
 * A camera's controls as the kernel has them.
 *
 *     struct control_list *list = v4l2_controls_read(fd);     // NULL: no memory
 *     if (v4l2_controls_set(fd, changes, &err)) ...
 *     v4l2_controls_subscribe(fd, list);                      // V4L2_EVENT_CTRL from here on
 *
 * USB cameras answer slowly, or not at all: in an errand.
 */

#include "control.h"

/* All controls with their values; what cannot be read has its default for a value. */
struct control_list *v4l2_controls_read(int fd);
/* All in one call where the driver takes that, so that one that is refused changes nothing; else one by one, as
 * drivers without that do. Fails: INVALID (refused by the driver), IO. */
IMS_NODISCARD enum ims_result
v4l2_controls_set(int fd, const struct control_changes *changes, struct ims_error *err);
void v4l2_controls_subscribe(int fd, const struct control_list *list);
/* Sets one that was saved, unless it has no effect now or cannot be set. Returns 0 or an errno. */
IMS_NODISCARD int v4l2_control_restore(int fd, const struct control_change *change);

#endif
