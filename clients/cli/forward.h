/* SPDX-License-Identifier: MIT */
#ifndef CLI_FORWARD_H
#define CLI_FORWARD_H

/*
 * A live stream of pictures on stdin, sent on as it is: JPEG (bare or multipart), PNG, raw camera pictures,
 * y4m.
 *
 *     if (forward_is_for(&input, &raw, is_unix, &is, &err) == IMS_OK && is)
 *         r = forward_all(&input, &raw, pusher, &pace, has_rate, &err);
 *
 * Frames go when they come, at their own time, those of a film at its rate or pace->fps (has_rate); they are cut here to be counted, and decoded by the server.
 */

#include "input.h"
#include "pace.h"
#include "push.h"

/* Whether the input is such a stream; reads its first bytes. y4m is one where the connection takes all of its
 * bytes, head and lines too. */
IMS_NODISCARD enum ims_result forward_is_for(struct input *input,
                                             const struct ims_inlet_raw *raw,
                                             bool is_unix, bool *out,
                                             struct ims_error *err);
/* Fails: IO, INVALID, TRUNCATED, LIMIT with the input's name, or the server's words. */
IMS_NODISCARD enum ims_result forward_all(struct input *input,
                                          const struct ims_inlet_raw *raw,
                                          struct pusher *pusher, struct pace *pace,
                                          bool has_rate, struct ims_error *err);

#endif
