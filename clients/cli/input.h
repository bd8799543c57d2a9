/* SPDX-License-Identifier: MIT */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

/*
 * Frames out of a file or stdin: npy (as many as follow each other), PNG, JPEG, told by the first
 * bytes, or raw frames back to back.
 *
 *     struct input input;
 *     if (input_open("-", &raw, &input, &err)) ...
 *     while (!input_next(&input, &array, &err) && array.data) ...
 *     input_close(&input);
 *
 * One thread. Memory: the bytes of one frame beside the array.
 */

#include "raw.h"

#include <imshow/sink.h>

enum { INPUT_FRAME_MAX = 256 << 20 };

struct input {
    const char *path; /* "-": stdin */
    int fd;
    const struct raw *raw; /* borrowed */
    struct ims_bytes bytes;
    bool at_end;
    uint64_t frames; /* given so far */
};

/* Fails: IO with the path and why. */
IMS_NODISCARD enum ims_result input_open(const char *path, const struct raw *raw,
                                         struct input *out, struct ims_error *err);
/* The next frame; a zeroed array when there is none left, or when pace_is_interrupted(). Fails: IO,
 * INVALID, TRUNCATED, LIMIT, all with the path. */
IMS_NODISCARD enum ims_result input_next(struct input *input, struct ims_array *out,
                                         struct ims_error *err);
void input_close(struct input *input);

#endif
