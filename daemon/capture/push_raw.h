/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_RAW_H
#define CAPTURE_PUSH_RAW_H

/*
 * Raw pictures of a pusher in a camera's pixel format: all that capture takes of cameras and that has a size.
 *
 *     if (push_raw_parse(map, &inlet.raw, &err)) ...            // a hello's "raw"
 *     if (push_raw_frame(&piece, pool, &frame, &err)) ...       // any thread; as ims_inlet_frame
 *
 * Formats that the library reads itself stay with it. Rows have no padding; YUV is of full range.
 */

#include <imshow/inlet.h>

/* As ims_inlet_raw_parse; "pixel_format" is V4L2's name or its four letters. Fails: INVALID, UNSUPPORTED, LIMIT. */
IMS_NODISCARD enum ims_result push_raw_parse(const struct ims_value *map,
                                             struct ims_inlet_raw *out,
                                             struct ims_error *err);
/* Makes a frame of any piece; consumes nothing. */
IMS_NODISCARD enum ims_result push_raw_frame(const struct ims_inlet_piece *piece,
                                             struct ims_pool *pool,
                                             struct ims_frame **out,
                                             struct ims_error *err);

#endif
