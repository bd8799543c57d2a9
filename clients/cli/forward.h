/* SPDX-License-Identifier: MIT */
#ifndef CLI_FORWARD_H
#define CLI_FORWARD_H

/*
 * A live stream of pictures on stdin, sent on as it is: JPEG (bare or multipart), PNG, raw camera pictures.
 *
 *     if (forward_is_for(&input, &raw)) r = forward_all(&input, &raw, pusher, &pace, &err);
 *
 * Frames go when they come, at their own time; they are cut here to be counted, and decoded by the server.
 */

#include "input.h"
#include "pace.h"
#include "push.h"

/* Whether the input is such a stream; reads its first bytes. */
IMS_NODISCARD enum ims_result forward_is_for(struct input *input,
                                             const struct ims_inlet_raw *raw, bool *out,
                                             struct ims_error *err);
/* Fails: IO, INVALID, TRUNCATED, LIMIT with the input's name, or the server's words. */
IMS_NODISCARD enum ims_result forward_all(struct input *input,
                                          const struct ims_inlet_raw *raw,
                                          struct pusher *pusher, struct pace *pace,
                                          struct ims_error *err);

#endif
