/* SPDX-License-Identifier: MIT */
#include "fakecam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pixel_format *format_named(const char *name, size_t size)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strlen(pixel_formats[i].name) == size &&
            !memcmp(pixel_formats[i].name, name, size))
            return &pixel_formats[i];
    return NULL;
}

static void read_format_list(struct cam *cam, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        const struct pixel_format *f = format_named(list, n);
        if (f && cam->format_count < FORMAT_COUNT)
            cam->offered[cam->format_count++] = f;
        list += n + (list[n] == ',');
    }
}

/* In the order of the list; without one those that have footage, or else YUYV. */
static void read_formats(struct cam *cam)
{
    const char *list = setting(cam, "FORMATS");
    if (list) {
        read_format_list(cam, list);
        return;
    }
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (setting(cam, pixel_formats[i].name))
            cam->offered[cam->format_count++] = &pixel_formats[i];
    if (!cam->format_count)
        cam->offered[cam->format_count++] = format_named("YUYV", 4);
}

static bool is_side(int from, int to, int step)
{
    return from > 0 && from <= to && to <= 16384 && step > 0 && step <= to;
}

static void read_range(struct cam *cam, struct size from, struct size to,
                       struct size step)
{
    if (!is_side(from.width, to.width, step.width) ||
        !is_side(from.height, to.height, step.height))
        return;
    cam->sizes[0] = from;
    cam->sizes[1] = to;
    cam->size_count = 2;
    cam->step = step;
}

static void read_sizes(struct cam *cam)
{
    const char *s = setting(cam, "SIZES");
    char *end = NULL;
    struct size from, to, step;
    if (s && sscanf(s, "%dx%d-%dx%d/%dx%d", &from.width, &from.height, &to.width,
                    &to.height, &step.width, &step.height) == 6) {
        read_range(cam, from, to, step);
        return;
    }
    for (s = s ? s : "640x480"; *s && cam->size_count < LIST_MAX;
         s = end + (*end == ',')) {
        long w = strtol(s, &end, 10);
        if (*end != 'x')
            return;
        long h = strtol(end + 1, &end, 10);
        if (w <= 0 || h <= 0 || w > 16384 || h > 16384)
            return;
        cam->sizes[cam->size_count++] = (struct size){(int)w, (int)h};
    }
}

static void read_rates(struct cam *cam)
{
    const char *s = setting(cam, "FPS");
    char *end = NULL;
    for (s = s ? s : "30"; *s && cam->rate_count < LIST_MAX; s = end + (*end == ',')) {
        long fps = strtol(s, &end, 10);
        if (fps <= 0 || fps > 1000)
            return;
        cam->rates[cam->rate_count++] = (int)fps;
    }
}

bool offer_read(struct cam *cam)
{
    read_formats(cam);
    read_sizes(cam);
    read_rates(cam);
    return cam->format_count && cam->size_count && cam->rate_count;
}

static int step_side(int from, int to, int step, uint32_t wanted)
{
    if (wanted <= (uint32_t)from)
        return from;
    int side = wanted < (uint32_t)to ? (int)wanted : to;
    return from + (side - from) / step * step;
}

/* The largest of the range that is no larger. */
static struct size step_size(const struct cam *cam, uint32_t width, uint32_t height)
{
    const struct size *from = &cam->sizes[0], *to = &cam->sizes[1];
    return (struct size){step_side(from->width, to->width, cam->step.width, width),
                         step_side(from->height, to->height, cam->step.height, height)};
}

bool offer_has(const struct cam *cam, uint32_t fourcc, struct size size)
{
    bool has_format = false, has_size = !size.width;
    for (int i = 0; i < cam->format_count; i++)
        has_format |= cam->offered[i]->fourcc == fourcc;
    if (cam->step.width) {
        struct size near = step_size(cam, (uint32_t)size.width, (uint32_t)size.height);
        has_size |= near.width == size.width && near.height == size.height;
    }
    for (int i = 0; i < cam->size_count; i++)
        has_size |=
            cam->sizes[i].width == size.width && cam->sizes[i].height == size.height;
    return has_format && has_size;
}

static int64_t distance(const struct v4l2_pix_format *pix, struct size size)
{
    return llabs((int64_t)pix->width - size.width) +
           llabs((int64_t)pix->height - size.height);
}

/* Bytes behind the pixels of each row. */
static uint32_t padding(const struct cam *cam)
{
    const char *s = setting(cam, "PADDING");
    long n = s ? strtol(s, NULL, 10) : 0;
    return n > 0 && n <= 4096 ? (uint32_t)n : 0;
}

void offer_settle(struct cam *cam, struct v4l2_pix_format *pix, bool apply)
{
    struct size best = cam->sizes[0];
    const struct pixel_format *format = cam->offered[0];
    for (int i = 1; i < cam->size_count; i++)
        if (distance(pix, cam->sizes[i]) < distance(pix, best))
            best = cam->sizes[i];
    if (cam->step.width)
        best = step_size(cam, pix->width, pix->height);
    for (int i = 0; i < cam->format_count; i++)
        if (cam->offered[i]->fourcc == pix->pixelformat)
            format = cam->offered[i];
    uint32_t w = (uint32_t)best.width, h = (uint32_t)best.height;
    uint32_t stride = format_row(format, w);
    if (stride)
        stride += padding(cam);
    *pix = (struct v4l2_pix_format){
        .width = w,
        .height = h,
        .pixelformat = format->fourcc,
        .field = V4L2_FIELD_NONE,
        .bytesperline = stride,
        .sizeimage = format_bytes(format, stride, w, h),
        .colorspace = V4L2_COLORSPACE_SRGB,
        .quantization = V4L2_QUANTIZATION_FULL_RANGE,
    };
    if (!apply)
        return;
    cam->format = format;
    cam->size = best;
    cam->stride = stride;
    cam->image_bytes = pix->sizeimage;
    cam->span = (cam->image_bytes + 4095) & ~(size_t)4095;
}

int offer_rate(const struct cam *cam, int wanted)
{
    int best = cam->rates[0];
    for (int i = 1; i < cam->rate_count; i++)
        if (abs(cam->rates[i] - wanted) < abs(best - wanted))
            best = cam->rates[i];
    return best;
}
