/* SPDX-License-Identifier: MIT */
#ifndef CLI_INPUT_FORM_H
#define CLI_INPUT_FORM_H

/*
 * A form of input: a const table, and what all of them read with. For input*.c only.
 *
 *     const struct input_form input_form_npy = {is_npy, next_npy};
 *     if (input_fill(in, 12, err)) ...
 *     input_drop(in, frame_bytes);
 */

#include "input.h"

struct input_form {
    bool (*is)(const uint8_t *data, size_t size); /* of the first bytes, up to nine */
    /* Called with at least one byte there; in->form set: also at the end. */
    enum ims_result (*next)(struct input *in, struct ims_array *out,
                            struct ims_error *err);
};

extern const struct input_form input_form_npy, input_form_y4m, input_form_pnm,
    input_form_png, input_form_jpeg, input_form_tiff;

/* Reads until `want` bytes are there or the input ends; no more, so that a frame in a pipe is not held up by
 * the next one. Fails: IO, LIMIT. */
IMS_NODISCARD enum ims_result input_fill(struct input *in, size_t want,
                                         struct ims_error *err);
/* Reads what is there, 64 kB at most. Fails: IO, LIMIT. */
IMS_NODISCARD enum ims_result input_some(struct input *in, struct ims_error *err);
/* Reads all there is. Fails: IO, LIMIT. */
IMS_NODISCARD enum ims_result input_fill_all(struct input *in, struct ims_error *err);
void input_drop(struct input *in, size_t size);
/* TRUNCATED, with how much is missing. */
enum ims_result input_short(const struct input *in, size_t want, struct ims_error *err);
/* LIMIT: a frame larger than INPUT_FRAME_MAX. */
enum ims_result input_large(const struct input *in, struct ims_error *err);
/* `why` behind the path. */
enum ims_result input_fail(const struct input *in, enum ims_result r,
                           const struct ims_error *why, struct ims_error *err);

#endif
