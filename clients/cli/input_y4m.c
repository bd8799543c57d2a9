/* SPDX-License-Identifier: MIT */
#include "input_form.h"

#include "pace.h"

typedef enum ims_result line_fn(struct input *in, size_t *bytes, struct ims_error *why);

static enum ims_result head_line(struct input *in, size_t *bytes, struct ims_error *why)
{
    enum ims_result r = ims_y4m_head_read(in->bytes.data, in->bytes.size, &in->y4m, why);
    *bytes = in->y4m.head_bytes;
    return r;
}

static enum ims_result frame_line(struct input *in, size_t *bytes, struct ims_error *why)
{
    return ims_y4m_frame_head(in->bytes.data, in->bytes.size, bytes, why);
}

/* Reads one line, of which `least` bytes are there at least, and steps over it. */
static enum ims_result read_line(struct input *in, line_fn *line, size_t least,
                                 struct ims_error *err)
{
    for (size_t want = least;; want = in->bytes.size + 1) {
        struct ims_error why = {0};
        size_t bytes = 0;
        enum ims_result r = input_fill(in, want, err);
        if (r)
            return r;
        r = line(in, &bytes, &why);
        if (!r) {
            input_drop(in, bytes);
            return IMS_OK;
        }
        if (r != IMS_ERR_TRUNCATED || in->bytes.size < want)
            return input_fail(in, r, &why, err);
    }
}

static enum ims_result read_frame(struct input *in, struct ims_array *out,
                                  struct ims_error *err)
{
    enum ims_result r = read_line(in, frame_line, 6, err);
    if (!r)
        r = input_fill(in, in->y4m.frame_bytes, err);
    if (r)
        return r;
    if (in->bytes.size < in->y4m.frame_bytes)
        return input_short(in, in->y4m.frame_bytes, err);
    r = ims_y4m_frame_decode(&in->y4m, in->bytes.data, out, err);
    if (!r)
        input_drop(in, in->y4m.frame_bytes);
    return r;
}

static enum ims_result next_y4m(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    if (!in->form)
        r = read_line(in, head_line, 10, err);
    if (r)
        return r;
    in->form = &input_form_y4m;
    if ((size_t)in->y4m.width * in->y4m.height > INPUT_FRAME_MAX / 3)
        return input_large(in, err);
    r = input_fill(in, 1, err);
    if (!r && in->bytes.size == 0 && in->frames == 0 && !pace_is_interrupted())
        return ims_fail(err, IMS_ERR_TRUNCATED, "%s: a y4m without a frame", in->path);
    return r || in->bytes.size == 0 ? r : read_frame(in, out, err);
}

const struct input_form input_form_y4m = {ims_y4m_is, next_y4m};
