/* SPDX-License-Identifier: MIT */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

/*
 * Frames out of a file or stdin, told by the first bytes: npy, binary PNM and PFM (as many as follow each
 * other), y4m, PNG, JPEG, TIFF; or raw frames back to back.
 *
 *     struct input input;
 *     if (input_open("-", &raw, &input, &err)) ...
 *     while (!input_next(&input, &array, &err) && array.buffer) ...
 *     input_close(&input);
 *
 * One thread. Memory: the bytes of one frame beside the array.
 */

#include "raw.h"

#include <imshow/sink.h>
#include <imshow/y4m.h>

enum { INPUT_FRAME_MAX = 256 << 20 };

struct input_form;

struct input {
    const char *path; /* "stdin" for "-" */
    int fd;
    const struct raw *raw; /* borrowed */
    struct ims_bytes bytes;
    bool at_end;
    uint64_t frames;               /* given so far */
    const struct input_form *form; /* NULL: the next bytes tell */
    struct ims_y4m_head y4m;       /* zeroed before its head is read */
};

/* Fails: IO with the path and why. */
IMS_NODISCARD enum ims_result input_open(const char *path, const struct raw *raw,
                                         struct input *out, struct ims_error *err);
/* The next frame; a zeroed array when there is none left, or when pace_is_interrupted(). Fails: IO,
 * INVALID, UNSUPPORTED, TRUNCATED, LIMIT, all with the path. */
IMS_NODISCARD enum ims_result input_next(struct input *input, struct ims_array *out,
                                         struct ims_error *err);
/* Frames a second as the file says; 0: it does not, or nothing has been read yet. */
double input_fps(const struct input *input);
void input_close(struct input *input);

#endif
