/* SPDX-License-Identifier: MIT */
#include "v4l2_format.h"

#include "stream.h"

#include <ctype.h>

static const struct taken {
    uint32_t fourcc, as;
    uint32_t bytes_a_pixel; /* 0: compressed */
} taken[] = {
    {V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_YUYV, 2},
    {V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_GREY, 1},
    {V4L2_PIX_FMT_Y16, V4L2_PIX_FMT_Y16, 2},
    {V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_MJPEG, 0},
    {V4L2_PIX_FMT_JPEG, V4L2_PIX_FMT_MJPEG, 0},
};

static const struct taken *find(uint32_t fourcc)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (taken[i].fourcc == fourcc)
            return &taken[i];
    return NULL;
}

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
    return find(fourcc) != NULL;
}

static bool is_same_format(uint32_t a, uint32_t b)
{
    const struct taken *x = find(a), *y = find(b);
    return x && y && x->as == y->as;
}

uint32_t v4l2_format_choose(uint32_t wanted, const uint32_t *offered, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (wanted ? is_same_format(offered[i], wanted)
                   : v4l2_format_is_taken(offered[i]))
            return offered[i];
    return 0;
}

/* What both APIs say, read alike. */
struct answer {
    uint32_t fourcc, width, height, planes;
    size_t stride[V4L2_FORM_PLANES];
};

static enum ims_result check_answer(const struct answer *a, const struct taken *t,
                                    struct ims_error *err)
{
    if (!t)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "the driver answered with format %s",
                        v4l2_fourcc_name(a->fourcc).text);
    if (a->planes != 1)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "%s in %u planes",
                        v4l2_fourcc_name(a->fourcc).text, a->planes);
    if (!a->width || !a->height || a->width > V4L2_SIDE_MAX || a->height > V4L2_SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels; at most %dx%d are taken",
                        a->width, a->height, V4L2_SIDE_MAX, V4L2_SIDE_MAX);
    if (t->as == V4L2_PIX_FMT_YUYV && a->width % 2)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "YUYV of odd width %u", a->width);
    return IMS_OK;
}

static enum ims_result settle(const struct answer *a, struct v4l2_form *out,
                              struct ims_error *err)
{
    const struct taken *t = find(a->fourcc);
    enum ims_result result = check_answer(a, t, err);
    if (result)
        return result;
    struct v4l2_form form = {.pixel_format = a->fourcc,
                             .width = a->width,
                             .height = a->height,
                             .plane_count = a->planes};
    form.plane[0].size = 1;
    size_t row = (size_t)t->bytes_a_pixel * a->width;
    if (row) {
        /* drivers may leave bytesperline zero where rows are not padded */
        form.plane[0].stride = a->stride[0] > row ? a->stride[0] : row;
        form.plane[0].size = form.plane[0].stride * (a->height - 1) + row;
    }
    if (form.plane[0].size > STREAM_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "frames of %zu bytes; at most %zu are taken",
                        form.plane[0].size, STREAM_FRAME_BYTES_MAX);
    *out = form;
    return IMS_OK;
}

enum ims_result v4l2_form_check(const struct v4l2_pix_format *pix, struct v4l2_form *out,
                                struct ims_error *err)
{
    struct answer a = {.fourcc = pix->pixelformat,
                       .width = pix->width,
                       .height = pix->height,
                       .planes = 1,
                       .stride = {pix->bytesperline}};
    return settle(&a, out, err);
}

enum ims_result v4l2_form_check_planes(const struct v4l2_pix_format_mplane *pix,
                                       struct v4l2_form *out, struct ims_error *err)
{
    struct answer a = {.fourcc = pix->pixelformat,
                       .width = pix->width,
                       .height = pix->height,
                       .planes = pix->num_planes};
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
