/* SPDX-License-Identifier: MIT */
#include "input_form.h"

#include <imshow/jpeg.h>
#include <imshow/png.h>
#include <imshow/pnm.h>
#include <imshow/tiff.h>
#include <string.h>

typedef enum ims_result decode_fn(const uint8_t *data, size_t size, size_t max_bytes,
                                  struct ims_array *out, struct ims_error *err);

static enum ims_result next_whole(struct input *in, decode_fn *decode,
                                  struct ims_array *out, struct ims_error *err)
{
    struct ims_error why = {0};
    enum ims_result r = input_fill_all(in, err);
    if (r)
        return r;
    r = decode(in->bytes.data, in->bytes.size, INPUT_FRAME_MAX, out, &why);
    if (r)
        return input_fail(in, r, &why, err);
    in->bytes.size = 0;
    return IMS_OK;
}

static bool is_png(const uint8_t *data, size_t size)
{
    return size >= 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static enum ims_result next_png(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    return next_whole(in, ims_png_decode, out, err);
}

static bool is_jpeg(const uint8_t *data, size_t size)
{
    return size >= 2 && memcmp(data, "\xff\xd8", 2) == 0;
}

static enum ims_result next_jpeg(struct input *in, struct ims_array *out,
                                 struct ims_error *err)
{
    return next_whole(in, ims_jpeg_decode, out, err);
}

static enum ims_result next_tiff(struct input *in, struct ims_array *out,
                                 struct ims_error *err)
{
    return next_whole(in, ims_tiff_decode, out, err);
}

/* ---- PNM: where it is binary, the next picture may follow ---- */

static enum ims_result read_head(struct input *in, struct ims_pnm_head *out,
                                 struct ims_error *err)
{
    for (;;) {
        struct ims_error why = {0};
        enum ims_result r = ims_pnm_head_read(in->bytes.data, in->bytes.size, out, &why);
        if (!r || r != IMS_ERR_TRUNCATED || in->at_end)
            return r ? input_fail(in, r, &why, err) : IMS_OK;
        size_t have = in->bytes.size;
        r = input_fill(in, have + 1, err);
        if (r)
            return r;
        if (in->bytes.size == have && !in->at_end)
            return input_short(in, have + 1, err); /* interrupted */
    }
}

static enum ims_result next_pnm(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    struct ims_pnm_head head;
    struct ims_error why = {0};
    enum ims_result r = read_head(in, &head, err);
    if (r)
        return r;
    if (!head.data_bytes)
        return next_whole(in, ims_pnm_decode, out, err);
    if (head.data_bytes > INPUT_FRAME_MAX)
        return input_large(in, err);
    size_t size = head.data_offset + head.data_bytes;
    r = input_fill(in, size, err);
    if (r)
        return r;
    if (in->bytes.size < size)
        return input_short(in, size, err);
    r = ims_pnm_decode(in->bytes.data, size, INPUT_FRAME_MAX, out, &why);
    if (r)
        return input_fail(in, r, &why, err);
    input_drop(in, size);
    return IMS_OK;
}

const struct input_form input_form_png = {is_png, next_png};
const struct input_form input_form_jpeg = {is_jpeg, next_jpeg};
const struct input_form input_form_tiff = {ims_tiff_is, next_tiff};
const struct input_form input_form_pnm = {ims_pnm_is, next_pnm};
