/* SPDX-License-Identifier: MIT */
#include "v4l2_format.h"

#include "stream.h"
#include "v4l2_kind.h"
#include "v4l2_range.h"

#include <ctype.h>

struct v4l2_fourcc_name v4l2_fourcc_name(uint32_t fourcc)
{
    struct v4l2_fourcc_name name = {{0}};
    for (int i = 0; i < 4; i++) {
        char c = (char)(fourcc >> (8 * i) & 0x7f);
        name.text[i] = isgraph((unsigned char)c) ? c : '\0';
    }
    return name;
}

bool v4l2_format_is_taken(uint32_t fourcc)
{
    return v4l2_kind_find(fourcc) != NULL;
}

static uint32_t choose_wanted(const struct v4l2_kind *wanted, const uint32_t *offered,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (offered[i] == wanted->code)
            return offered[i];
    for (size_t i = 0; i < count; i++) {
        const struct v4l2_kind *kind = v4l2_kind_find(offered[i]);
        if (kind && v4l2_kind_same(kind, wanted))
            return offered[i];
    }
    return 0;
}

uint32_t v4l2_format_choose(uint32_t wanted, const uint32_t *offered, size_t count)
{
    const struct v4l2_kind *best = v4l2_kind_find(wanted);
    if (wanted)
        return best ? choose_wanted(best, offered, count) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct v4l2_kind *kind = v4l2_kind_find(offered[i]);
        if (kind && (!best || v4l2_kind_rank(kind) < v4l2_kind_rank(best)))
            best = kind;
    }
    return best ? best->code : 0;
}

/* What both APIs say, read alike. */
struct answer {
    uint32_t fourcc, width, height, planes;
    bool limited;
    size_t stride[V4L2_FORM_PLANES];
};

static enum ims_result check_answer(const struct answer *a, const struct v4l2_kind *kind,
                                    struct ims_error *err)
{
    struct v4l2_fourcc_name name = v4l2_fourcc_name(a->fourcc);
    if (!kind)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "the driver answered with format %s",
                        name.text);
    if (a->planes != kind->planes)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "%s in %u planes, which has %d: choose another format with -m",
                        name.text, a->planes, kind->planes);
    if (!a->width || !a->height || a->width > V4L2_SIDE_MAX || a->height > V4L2_SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels; at most %dx%d are taken",
                        a->width, a->height, V4L2_SIDE_MAX, V4L2_SIDE_MAX);
    for (uint32_t i = 0; i < a->planes; i++)
        if (a->stride[i] > STREAM_FRAME_BYTES_MAX / a->height)
            return ims_fail(err, IMS_ERR_LIMIT,
                            "rows of %zu bytes; %zu are taken for a whole frame",
                            a->stride[i], STREAM_FRAME_BYTES_MAX);
    if (kind->mosaic && (a->width < 2 || a->height < 2))
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "%s of %ux%u pixels has no colours",
                        name.text, a->width, a->height);
    /* The last pixel of a row shares its chroma with one that is not there. */
    size_t row = v4l2_kind_part(kind, a->width, a->height, 0).row;
    if (kind->layout == V4L2_LAYOUT_PAIRS && a->stride[0] && a->stride[0] < row)
        return ims_fail(
            err, IMS_ERR_UNSUPPORTED,
            "%s with %zu bytes for a row of %u pixels: choose another size with -r",
            name.text, a->stride[0], a->width);
    return IMS_OK;
}

static size_t at_least(size_t n, size_t least)
{
    return n > least ? n : least;
}

/* Drivers may leave bytesperline zero where rows are not padded, and some put there what it is for another
 * format: less than a row's bytes counts as none, and is_whole tells whether the frames bear that out. */
static void lay_planes(const struct answer *a, const struct v4l2_kind *kind,
                       struct v4l2_form *form)
{
    for (int i = 0; i < v4l2_kind_parts(kind); i++) {
        struct v4l2_kind_part part = v4l2_kind_part(kind, a->width, a->height, i);
        struct v4l2_plane_form *plane = &form->plane[kind->planes > 1 ? i : 0];
        size_t stride = v4l2_kind_stride(kind, plane->stride, i);
        if (kind->planes > 1 || i == 0)
            plane->stride = stride = at_least(a->stride[i], part.row);
        size_t bytes = stride * (part.rows - 1) + part.row;
        plane->size = kind->planes > 1 ? bytes : v4l2_form_offset(form, i) + bytes;
    }
}

static enum ims_result settle(const struct answer *a, struct v4l2_form *out,
                              struct ims_error *err)
{
    const struct v4l2_kind *kind = v4l2_kind_find(a->fourcc);
    enum ims_result result = check_answer(a, kind, err);
    if (result)
        return result;
    struct v4l2_form form = {.pixel_format = a->fourcc,
                             .width = a->width,
                             .height = a->height,
                             .plane_count = a->planes,
                             .limited = a->limited,
                             .plane = {{0, 1}}};
    if (kind->layout != V4L2_LAYOUT_JPEG)
        lay_planes(a, kind, &form);
    size_t bytes = v4l2_kind_becomes_bytes(kind, a->width, a->height);
    for (uint32_t i = 0; i < form.plane_count; i++)
        bytes = at_least(bytes, form.plane[i].size);
    if (bytes > STREAM_FRAME_BYTES_MAX)
        return ims_fail(
            err, IMS_ERR_LIMIT,
            "frames of %zu bytes; at most %zu are taken: choose a smaller size "
            "with -r",
            bytes, STREAM_FRAME_BYTES_MAX);
    *out = form;
    return IMS_OK;
}

size_t v4l2_form_offset(const struct v4l2_form *form, int part)
{
    const struct v4l2_kind *kind = v4l2_kind_find(form->pixel_format);
    size_t offset = 0;
    if (kind->planes > 1)
        return 0;
    for (int i = 0; i < part; i++)
        offset += v4l2_kind_stride(kind, form->plane[0].stride, i) *
                  v4l2_kind_part(kind, form->width, form->height, i).rows;
    return offset;
}

enum ims_result v4l2_form_check(const struct v4l2_pix_format *pix, struct v4l2_form *out,
                                struct ims_error *err)
{
    struct answer a = {.fourcc = pix->pixelformat,
                       .width = pix->width,
                       .height = pix->height,
                       .planes = 1,
                       .limited = v4l2_is_limited(pix->colorspace, pix->quantization),
                       .stride = {pix->bytesperline}};
    return settle(&a, out, err);
}

enum ims_result v4l2_form_check_planes(const struct v4l2_pix_format_mplane *pix,
                                       struct v4l2_form *out, struct ims_error *err)
{
    struct answer a = {.fourcc = pix->pixelformat,
                       .width = pix->width,
                       .height = pix->height,
                       .planes = pix->num_planes,
                       .limited = v4l2_is_limited(pix->colorspace, pix->quantization)};
    for (uint32_t i = 0; i < V4L2_FORM_PLANES; i++)
        a.stride[i] = pix->plane_fmt[i].bytesperline;
    return settle(&a, out, err);
}

bool v4l2_form_is_whole(const struct v4l2_form *form, const size_t used[V4L2_FORM_PLANES])
{
    for (uint32_t i = 0; i < form->plane_count; i++)
        if (used[i] < form->plane[i].size)
            return false;
    return true;
}

uint32_t v4l2_frames_missed(uint32_t last, uint32_t now)
{
    uint32_t step = now - last;
    return step && step <= INT32_MAX ? step - 1 : 0;
}

int64_t v4l2_capture_time_us(int64_t stamp_ns, int64_t mono_now_ns, int64_t real_now_us)
{
    if (stamp_ns > mono_now_ns || stamp_ns < mono_now_ns - V4L2_STAMP_AGE_MAX_NS)
        return real_now_us;
    return real_now_us - (mono_now_ns - stamp_ns) / 1000;
}
