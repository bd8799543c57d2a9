/* SPDX-License-Identifier: MIT */
#include "input_form.h"

#include <imshow/npy.h>
#include <string.h>

enum { HEAD_MAX = 1 << 20 };

static bool is_npy(const uint8_t *data, size_t size)
{
    return size >= 6 && memcmp(data, "\x93NUMPY", 6) == 0;
}

/* Bytes of the head, from its first 12. */
static size_t head_bytes(const uint8_t *p)
{
    if (p[6] == 1)
        return 10 + (size_t)(p[8] | p[9] << 8);
    return 12 +
           ((size_t)p[8] | (size_t)p[9] << 8 | (size_t)p[10] << 16 | (size_t)p[11] << 24);
}

static enum ims_result read_head(struct input *in, struct ims_npy_head *out,
                                 struct ims_error *err)
{
    enum ims_result r = input_fill(in, 12, err);
    if (r)
        return r;
    size_t want = in->bytes.size < 12 ? 12 : head_bytes(in->bytes.data);
    if (want > HEAD_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s: an npy head of %zu bytes", in->path,
                        want);
    r = input_fill(in, want, err);
    if (r)
        return r;
    if (in->bytes.size < want)
        return input_short(in, want, err);
    struct ims_error why = {0};
    r = ims_npy_head_read(in->bytes.data, in->bytes.size, out, &why);
    return r ? input_fail(in, r, &why, err) : IMS_OK;
}

static enum ims_result next_npy(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    struct ims_npy_head head = {0};
    enum ims_result r = read_head(in, &head, err);
    if (r)
        return r;
    if (head.data_bytes > INPUT_FRAME_MAX)
        return input_large(in, err);
    size_t size = head.data_offset + head.data_bytes;
    r = input_fill(in, size, err);
    if (r)
        return r;
    if (in->bytes.size < size)
        return input_short(in, size, err);
    struct ims_error why = {0};
    r = ims_npy_read(in->bytes.data, size, INPUT_FRAME_MAX, out, &why);
    if (r)
        return input_fail(in, r, &why, err);
    input_drop(in, size);
    return IMS_OK;
}

const struct input_form input_form_npy = {is_npy, next_npy};
