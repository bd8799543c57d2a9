/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_FRAMES_H
#define IMS_FIGURE_FRAMES_H

/*
 * animation_frame: the frames of a figure, its buttons and its slider.
 *
 *     ims__add_frames(&plan);                 // nothing unless an axis is animated
 */

#include "plan.h"

void ims__add_frames(struct ims__plan *plan);

#endif
