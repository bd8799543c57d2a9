/* SPDX-License-Identifier: MIT */
/* Copies of every format: random bytes in memory of the very size that the form asks for, so that a sanitizer
 * sees what is read beyond, against plain code that finds each sample by itself. */
#include "capture/v4l2_copy.h"
#include "capture/v4l2_kind.h"
#include "capture/v4l2_range.h"
#include "options_formats.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct scene {
    const struct v4l2_kind *kind;
    struct v4l2_copy copy;
    uint8_t *memory[V4L2_FORM_PLANES];
};

static void set_up(struct scene *s, const struct v4l2_kind *kind, uint32_t width,
                   uint32_t height, uint32_t padding)
{
    struct v4l2_pix_format_mplane pix = {.pixelformat = kind->code,
                                         .width = width,
                                         .height = height,
                                         .num_planes = kind->planes};
    struct ims_error err = {0};
    *s = (struct scene){.kind = kind};
    for (int i = 0; i < kind->planes; i++)
        pix.plane_fmt[i].bytesperline =
            (uint32_t)v4l2_kind_part(kind, width, height, i).row + padding;
    cr_assert_eq(v4l2_form_check_planes(&pix, &s->copy.form, &err), IMS_OK, "%s",
                 err.text);
    for (uint32_t i = 0; i < kind->planes; i++) {
        size_t size = s->copy.form.plane[i].size;
        uint8_t *bytes = s->memory[i] = malloc(size);
        for (size_t k = 0; k < size; k++)
            bytes[k] = (uint8_t)rand();
        s->copy.from[i] = bytes;
        s->copy.used[i] = size;
    }
    cr_assert_eq(ims_buffer_create(v4l2_copy_room(&s->copy), &s->copy.to), IMS_OK);
}

static void tear_down(struct scene *s)
{
    for (int i = 0; i < V4L2_FORM_PLANES; i++)
        free(s->memory[i]);
}

/* Byte `i` of row `y` of a part. */
static int byte_at(const struct scene *s, int part, size_t y, size_t i)
{
    const struct v4l2_form *form = &s->copy.form;
    if (s->kind->planes > 1)
        return s->memory[part][y * form->plane[part].stride + i];
    size_t stride = v4l2_kind_stride(s->kind, form->plane[0].stride, part);
    return s->memory[0][v4l2_form_offset(form, part) + y * stride + i];
}

static int bit_at(const struct scene *s, size_t y, size_t i)
{
    return byte_at(s, 0, y, i / 8) >> (7 - i % 8) & 1;
}

static int sample_at(const struct scene *s, size_t y, size_t x)
{
    int v = 0;
    switch (s->kind->layout) {
    case V4L2_LAYOUT_8: return byte_at(s, 0, y, x);
    case V4L2_LAYOUT_16:
        return byte_at(s, 0, y, 2 * x) + 256 * byte_at(s, 0, y, 2 * x + 1);
    case V4L2_LAYOUT_16_BE:
        return byte_at(s, 0, y, 2 * x + 1) + 256 * byte_at(s, 0, y, 2 * x);
    case V4L2_LAYOUT_10B:
        for (size_t i = 0; i < 10; i++)
            v = 2 * v + bit_at(s, y, 10 * x + i);
        return v;
    case V4L2_LAYOUT_10P:
        v = byte_at(s, 0, y, x / 4 * 5 + 4) >> x % 4 * 2 & 3;
        return 4 * byte_at(s, 0, y, x / 4 * 5 + x % 4) + v;
    default:
        v = byte_at(s, 0, y, x / 2 * 3 + 2) >> x % 2 * 4 & 15;
        return 16 * byte_at(s, 0, y, x / 2 * 3 + x % 2) + v;
    }
}

static void check_samples(const struct scene *s, const struct ims_frame *f)
{
    bool is_deep = s->kind->bits > 8;
    cr_assert_eq(f->array.dtype, is_deep ? IMS_U16 : IMS_U8);
    cr_assert_eq(f->array.ndim, 2);
    for (size_t y = 0; y < f->array.shape[0]; y++)
        for (size_t x = 0; x < f->array.shape[1]; x++) {
            size_t i = y * f->array.shape[1] + x;
            int got = is_deep ? ((const uint16_t *)f->array.data)[i] : f->array.data[i];
            cr_assert_eq(got, sample_at(s, y, x), "%zu, %zu", x, y);
        }
}

/* Channel c by the name of the format: the place of the letter among the bytes. */
static int rgb_at(const struct scene *s, const char *name, size_t y, size_t x, int c)
{
    size_t bytes = strstr(name, "32") ? 4 : 3;
    if (s->kind->layout == V4L2_LAYOUT_RGB)
        return byte_at(s, 0, y, x * bytes + s->kind->order[c]);
    int low = byte_at(s, 0, y, 2 * x), high = byte_at(s, 0, y, 2 * x + 1);
    int v = strchr(name, 'X') ? low * 256 + high : high * 256 + low;
    static const int shift[] = {11, 5, 0}, top[] = {31, 63, 31};
    return ((v >> shift[c] & top[c]) * 255 * 2 + top[c]) / (2 * top[c]);
}

static void check_rgb(const struct scene *s, const struct ims_frame *f, const char *name)
{
    cr_assert_eq(f->array.ndim, 3);
    for (size_t y = 0; y < f->array.shape[0]; y++)
        for (size_t x = 0; x < f->array.shape[1]; x++)
            for (int c = 0; c < 3; c++) {
                int got = f->array.data[(y * f->array.shape[1] + x) * 3 + (size_t)c];
                int want = rgb_at(s, name, y, x, c);
                cr_assert_leq(abs(got - want), s->kind->layout == V4L2_LAYOUT_RGB565,
                              "%zu, %zu: %d, not %d", x, y, got, want);
            }
}

/* U (0) or V (1) of a pixel. */
static int chroma_at(const struct scene *s, size_t y, size_t x, int c)
{
    const uint8_t *order = s->kind->order;
    switch (s->kind->layout) {
    case V4L2_LAYOUT_PAIRS: return byte_at(s, 0, y, x / 2 * 4 + order[1 + 2 * c]);
    case V4L2_LAYOUT_SEMI_422: return byte_at(s, 1, y, x / 2 * 2 + order[c]);
    case V4L2_LAYOUT_SEMI_420: return byte_at(s, 1, y / 2, x / 2 * 2 + order[c]);
    default: return byte_at(s, 1 + order[c], y / 2, x / 2);
    }
}

static void check_yuv(const struct scene *s, const struct ims_frame *f)
{
    bool is_pairs = s->kind->layout == V4L2_LAYOUT_PAIRS;
    const uint8_t *at = f->buffer->data;
    size_t w = f->width, h = f->height, half = (w + 1) / 2;
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++) {
            int luma = is_pairs ? byte_at(s, 0, y, x / 2 * 4 + s->kind->order[x % 2 * 2])
                                : byte_at(s, 0, y, x);
            int u = chroma_at(s, y, x, 0), v = chroma_at(s, y, x, 1);
            if (f->pixel_format == IMS_PIX_YUYV) {
                const uint8_t *group = at + y * f->stride + x / 2 * 4;
                cr_assert_eq(group[x % 2 * 2], luma);
                cr_assert_eq(group[1], u);
                cr_assert_eq(group[3], v);
            } else {
                size_t i = y / 2 * half + x / 2;
                cr_assert_eq(at[y * w + x], luma);
                cr_assert_eq(at[w * h + i], u);
                cr_assert_eq(at[w * h + half * ((h + 1) / 2) + i], v);
            }
        }
}

static void check(const struct v4l2_kind *kind, uint32_t width, uint32_t height,
                  uint32_t padding)
{
    struct scene s;
    struct ims_frame *frame;
    const char *name = pixel_format_name(kind->code);
    set_up(&s, kind, width, height, padding);
    v4l2_copy_run(&s.copy);
    cr_assert_eq(v4l2_copy_frame(&s.copy, &frame), IMS_OK, "%s", name);
    cr_assert_eq(frame->camera_format, kind->code);
    cr_assert_eq(frame->mosaic, kind->mosaic);
    if (frame->pixel_format != IMS_PIX_ARRAY)
        check_yuv(&s, frame);
    else if (frame->array.ndim == 3)
        check_rgb(&s, frame, name);
    else
        check_samples(&s, frame);
    ims_frame_unref(&frame);
    tear_down(&s);
}

Test(v4l2_copy, brings_every_format_into_its_form_whatever_width_and_padding)
{
    static const uint32_t sizes[][2] = {{8, 4}, {2, 2}, {3, 3}, {5, 3}, {6, 5}, {67, 9}};
    const struct v4l2_kind *kind;
    for (size_t i = 0; (kind = v4l2_kind_at(i)); i++)
        for (size_t k = 0; k < 6 && kind->layout != V4L2_LAYOUT_JPEG; k++)
            for (uint32_t padding = 0; padding < 10; padding += 3)
                check(kind, sizes[k][0], sizes[k][1], padding);
}

/* Nothing is written either: the frame is broken before a byte of it is looked at. */
Test(v4l2_copy, takes_no_picture_that_is_a_byte_short_in_any_plane)
{
    const struct v4l2_kind *kind;
    for (size_t i = 0; (kind = v4l2_kind_at(i)); i++)
        for (int plane = 0; plane < kind->planes; plane++) {
            struct scene s;
            struct ims_frame *frame = NULL;
            set_up(&s, kind, 13, 7, 5);
            if (kind->layout == V4L2_LAYOUT_JPEG)
                s.copy.used[0] = 0;
            else
                s.copy.used[plane]--;
            v4l2_copy_run(&s.copy);
            cr_expect_eq(v4l2_copy_frame(&s.copy, &frame), IMS_ERR_INVALID, "%s",
                         pixel_format_name(kind->code));
            cr_expect_null(frame);
            tear_down(&s);
        }
}

Test(v4l2_copy, takes_rows_that_are_told_to_be_shorter_than_their_pixels_as_unpadded)
{
    struct v4l2_pix_format pix = {.pixelformat = V4L2_PIX_FMT_SRGGB10,
                                  .width = 64,
                                  .height = 4,
                                  .bytesperline = 64};
    struct v4l2_form form;
    cr_assert_eq(v4l2_form_check(&pix, &form, NULL), IMS_OK);
    cr_assert_eq(form.plane[0].stride, 128);
    cr_assert_not(v4l2_form_is_whole(&form, (size_t[3]){64 * 4}));
}

/* ---- the same as the frame before ---- */

/* Copies what the scene's camera sees now, comparing with the frame before. */
static struct ims_frame *frame_after(struct scene *s, const struct ims_frame *last)
{
    struct ims_frame *frame;
    struct ims_buffer *pixels = last->buffer ? last->buffer : last->array.buffer;
    cr_assert_eq(ims_buffer_create(v4l2_copy_room(&s->copy), &s->copy.to), IMS_OK);
    s->copy.like = ims_buffer_ref(pixels);
    v4l2_copy_run(&s->copy);
    cr_assert_eq(v4l2_copy_frame(&s->copy, &frame), IMS_OK);
    cr_assert_null(s->copy.like);
    return frame;
}

/* Alpha is in no picture. */
static bool is_shown(const struct v4l2_kind *kind, size_t i)
{
    const uint8_t *order = kind->order;
    if (kind->layout != V4L2_LAYOUT_RGB)
        return true;
    size_t byte = i % order[3];
    return byte == order[0] || byte == order[1] || byte == order[2];
}

/* Another value in the last byte of a part. */
static void change_part(const struct scene *s, int part)
{
    const struct v4l2_form *form = &s->copy.form;
    struct v4l2_kind_part p = v4l2_kind_part(s->kind, form->width, form->height, part);
    size_t y = p.rows - 1, i = p.row - 1;
    while (!is_shown(s->kind, i))
        i--;
    if (s->kind->planes > 1)
        s->memory[part][y * form->plane[part].stride + i] ^= 0xff;
    else
        s->memory[0][v4l2_form_offset(form, part) +
                     y * v4l2_kind_stride(s->kind, form->plane[0].stride, part) + i] ^=
            0xff;
}

static void check_like(const struct v4l2_kind *kind, bool is_limited)
{
    struct scene s;
    struct ims_frame *first, *again, *other;
    const char *name = pixel_format_name(kind->code);
    set_up(&s, kind, 68, 40, 6);
    s.copy.form.limited = is_limited;
    v4l2_copy_run(&s.copy);
    cr_assert_eq(v4l2_copy_frame(&s.copy, &first), IMS_OK);
    again = frame_after(&s, first);
    cr_expect(ims_frame_same_pixels(first, again), "%s", name);
    for (int part = 0; part < v4l2_kind_parts(kind); part++) {
        change_part(&s, part);
        other = frame_after(&s, again);
        cr_expect_not(ims_frame_same_pixels(again, other), "%s, part %d", name, part);
        if (!is_limited && other->pixel_format != IMS_PIX_ARRAY)
            check_yuv(&s, other);
        ims_frame_unref(&again);
        again = other;
    }
    ims_frame_unref(&first);
    ims_frame_unref(&again);
    tear_down(&s);
}

Test(v4l2_copy, shares_the_pixels_of_the_frame_before_only_if_all_are_the_same)
{
    const struct v4l2_kind *kind;
    for (size_t i = 0; (kind = v4l2_kind_at(i)); i++)
        for (int is_limited = 0; is_limited < 2; is_limited++)
            if (kind->layout != V4L2_LAYOUT_JPEG)
                check_like(kind, is_limited);
}

/* Row by row as the whole: luma and chroma each by its own table. */
Test(v4l2_copy, widens_limited_values_where_they_come_to_lie)
{
    const struct v4l2_kind *kind;
    for (size_t i = 0; (kind = v4l2_kind_at(i)); i++) {
        struct scene s;
        struct ims_frame *plain, *wide;
        if (kind->layout < V4L2_LAYOUT_PLANAR_420 || kind->layout > V4L2_LAYOUT_SEMI_422)
            continue;
        set_up(&s, kind, 67, 9, 3);
        v4l2_copy_run(&s.copy);
        cr_assert_eq(v4l2_copy_frame(&s.copy, &plain), IMS_OK);
        s.copy.form.limited = true;
        wide = frame_after(&s, plain);
        size_t luma = 67 * 9;
        if (plain->pixel_format == IMS_PIX_YUYV) {
            v4l2_widen_yuyv(plain->buffer->data, plain->size);
        } else {
            v4l2_widen_luma(plain->buffer->data, luma);
            v4l2_widen_chroma(plain->buffer->data + luma, plain->size - luma);
        }
        cr_expect_arr_eq(wide->buffer->data, plain->buffer->data, plain->size, "%s",
                         pixel_format_name(kind->code));
        ims_frame_unref(&plain);
        ims_frame_unref(&wide);
        tear_down(&s);
    }
}
