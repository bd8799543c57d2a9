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

enum ims_result v4l2_form_check(const struct v4l2_pix_format *pix, struct v4l2_form *out,
                                struct ims_error *err)
{
    const struct taken *t = find(pix->pixelformat);
    if (!t)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "the driver answered with format %s",
                        v4l2_fourcc_name(pix->pixelformat).text);
    if (!pix->width || !pix->height || pix->width > V4L2_SIDE_MAX ||
        pix->height > V4L2_SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u pixels; at most %dx%d are taken",
                        pix->width, pix->height, V4L2_SIDE_MAX, V4L2_SIDE_MAX);
    if (t->as == V4L2_PIX_FMT_YUYV && pix->width % 2)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "YUYV of odd width %u", pix->width);

    struct v4l2_form form = {t->as, pix->width, pix->height, 0, 0, pix->sizeimage};
    form.row = (size_t)t->bytes_a_pixel * pix->width;
    if (form.row) {
        /* drivers may leave bytesperline zero where rows are not padded */
        form.stride = pix->bytesperline > form.row ? pix->bytesperline : form.row;
        form.bytes = form.stride * pix->height;
    }
    if (form.bytes > STREAM_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "frames of %zu bytes; at most %zu are taken",
                        form.bytes, STREAM_FRAME_BYTES_MAX);
    *out = form;
    return IMS_OK;
}

bool v4l2_form_is_whole(const struct v4l2_form *form, size_t used)
{
    if (!form->row)
        return used > 0;
    return used >= form->stride * (form->height - 1) + form->row;
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
