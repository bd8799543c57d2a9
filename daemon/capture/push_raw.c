/* SPDX-License-Identifier: MIT */
#include "push_raw.h"

#include "options_formats.h"
#include "stream.h"
#include "v4l2_copy.h"
#include "v4l2_kind.h"

#include <imshow/value.h>

/* What a camera of this format would answer; the size of its picture without padding. */
static enum ims_result form_of(const struct ims_inlet_raw *raw, struct v4l2_form *out,
                               struct ims_error *err)
{
    const struct v4l2_pix_format pix = {
        .pixelformat = raw->pixel_format, .width = raw->width, .height = raw->height};
    const struct v4l2_kind *kind = v4l2_kind_find(raw->pixel_format);
    if (kind && (kind->layout == V4L2_LAYOUT_JPEG || kind->planes > 1))
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "raw: pixel format %s is not of one plane of a known size",
                        pixel_format_name(raw->pixel_format));
    return v4l2_form_check(&pix, out, err);
}

static bool is_own(const struct ims_inlet_raw *raw)
{
    struct ims_inlet_raw known = *raw;
    return raw->pixel_format && ims_inlet_raw_settle(&known, STREAM_FRAME_BYTES_MAX,
                                                     NULL) == IMS_ERR_UNSUPPORTED;
}

enum ims_result push_raw_parse(const struct ims_value *map, struct ims_inlet_raw *out,
                               struct ims_error *err)
{
    char name[16];
    uint64_t width, height;
    struct v4l2_form form;
    if (!ims_value_as_text(ims_value_get(map, "pixel_format"), name, sizeof name) ||
        !ims_value_as_u64(ims_value_get(map, "width"), &width) || width > V4L2_SIDE_MAX ||
        !ims_value_as_u64(ims_value_get(map, "height"), &height) ||
        height > V4L2_SIDE_MAX || !pixel_format_named(name))
        return ims_inlet_raw_parse(map, STREAM_FRAME_BYTES_MAX, out, err);
    struct ims_inlet_raw raw = {.pixel_format = pixel_format_named(name),
                                .width = (uint32_t)width,
                                .height = (uint32_t)height};
    bool own = is_own(&raw);
    enum ims_result result =
        own ? form_of(&raw, &form, err)
            : ims_inlet_raw_settle(&raw, STREAM_FRAME_BYTES_MAX, err);
    if (result)
        return result;
    if (own)
        raw.bytes = form.plane[0].size;
    *out = raw;
    return IMS_OK;
}

enum ims_result push_raw_frame(const struct ims_inlet_piece *piece, struct ims_pool *pool,
                               struct ims_frame **out, struct ims_error *err)
{
    struct v4l2_copy copy = {.from = {piece->data}, .used = {piece->size}};
    if (piece->kind != IMS_INLET_RAW || !is_own(&piece->raw))
        return ims_inlet_frame(piece, STREAM_FRAME_BYTES_MAX, pool, out, err);
    enum ims_result result = form_of(&piece->raw, &copy.form, err);
    if (result)
        return result;
    if (ims_pool_get(pool, v4l2_copy_room(&copy), &copy.to))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame of %zu bytes",
                        v4l2_copy_room(&copy));
    v4l2_copy_run(&copy);
    result = v4l2_copy_frame(&copy, out);
    return result ? ims_fail(err, result, "raw: %zu bytes make no frame", piece->size)
                  : IMS_OK;
}
