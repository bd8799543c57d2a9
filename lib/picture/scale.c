/* SPDX-License-Identifier: MIT */
#include "rows.h"
#include "scale_impl.h"

#include <imshow/scale.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANNELS = 1 << 16 };

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct ims__axis ims__axis(size_t in, size_t out)
{
    uint64_t g = gcd(in, out);

    if (out >= in)
        return (struct ims__axis){in, out, 1, 1};
    return (struct ims__axis){in, out, out / g, in / g};
}

struct ims__reach ims__axis_reach(const struct ims__axis *axis, size_t at)
{
    struct ims__reach r = {.w_first = 1, .w_mid = 1, .w_last = 1};

    if (axis->out >=
        axis->in) { /* the pixel whose cell holds the centre (at + 1/2) in / out */
        r.first = (size_t)((2 * (uint64_t)at + 1) * axis->in / (2 * (uint64_t)axis->out));
        r.last = r.first;
        return r;
    }
    uint64_t from = at * axis->span, to = from + axis->span;
    r.first = (size_t)(from / axis->cell);
    r.last = (size_t)((to - 1) / axis->cell);
    r.w_first = (r.first + 1) * axis->cell - from;
    r.w_mid = axis->cell;
    r.w_last = to - r.last * axis->cell;
    return r;
}

static bool rows_are_packed(const struct ims__scaling *s)
{
    const struct ims_array *a = s->in;
    ptrdiff_t item = (ptrdiff_t)s->item, pixel = item * (ptrdiff_t)s->channels;

    return a->strides[1] == pixel && (a->ndim == 2 || a->strides[2] == item);
}

const uint8_t *ims__scaling_row(const struct ims__scaling *s, size_t y, uint8_t *scratch)
{
    const struct ims_array *a = s->in;
    const uint8_t *row = a->data + (ptrdiff_t)y * a->strides[0];
    size_t pixel = s->item * s->channels;

    if (rows_are_packed(s) && (uintptr_t)row % s->item == 0)
        return row;
    for (size_t x = 0; x < a->shape[1]; x++)
        ims__gather(row + (ptrdiff_t)x * a->strides[1], a->ndim == 2 ? 0 : a->strides[2],
                    s->channels, s->item, scratch + x * pixel);
    return scratch;
}

/* Pixels of a row by a table of what each output column shows; `unit` bytes each. Constant sizes become single
 * moves. */
static inline __attribute__((always_inline)) void take_by(const uint8_t *restrict row,
                                                          const uint32_t *restrict from,
                                                          size_t n, size_t unit,
                                                          uint8_t *restrict out)
{
    for (size_t x = 0; x < n; x++)
        memcpy(out + x * unit, row + (size_t)from[x] * unit, unit);
}

static void take(const uint8_t *row, const uint32_t *from, size_t n, size_t unit,
                 uint8_t *out)
{
    switch (unit) {
    case 1: take_by(row, from, n, 1, out); break;
    case 2: take_by(row, from, n, 2, out); break;
    case 3: take_by(row, from, n, 3, out); break;
    case 4: take_by(row, from, n, 4, out); break;
    case 8: take_by(row, from, n, 8, out); break;
    default: take_by(row, from, n, unit, out); break;
    }
}

/* Rows that show the same input row are copies of one another. */
static void pick(const struct ims__scaling *s, const uint32_t *columns,
                 const uint32_t *rows, uint8_t *scratch)
{
    size_t unit = s->item * s->channels, row_bytes = unit * s->x.out;

    for (size_t y = 0; y < s->y.out; y++) {
        uint8_t *to = s->out->data + y * row_bytes;
        if (y > 0 && rows[y] == rows[y - 1])
            memcpy(to, to - row_bytes, row_bytes);
        else
            take(ims__scaling_row(s, rows[y], scratch), columns, s->x.out, unit, to);
    }
}

static void fill_nearest(const struct ims__axis *axis, uint32_t *from)
{
    for (size_t i = 0; i < axis->out; i++)
        from[i] = (uint32_t)ims__axis_reach(axis, i).first;
}

enum ims_result ims__scale_nearest(const struct ims__scaling *s)
{
    uint32_t *columns = calloc(s->x.out, sizeof(*columns));
    uint32_t *rows = calloc(s->y.out, sizeof(*rows));
    uint8_t *scratch = malloc(s->x.in * s->channels * s->item);
    bool done = columns != NULL && rows != NULL && scratch != NULL;

    if (done) {
        fill_nearest(&s->x, columns);
        fill_nearest(&s->y, rows);
        pick(s, columns, rows, scratch);
    }
    free(scratch);
    free(rows);
    free(columns);
    return done ? IMS_OK : IMS_ERR_NOMEM;
}

/* ---- cells of their own width ---- */

static void fill_cells(const double *edges, size_t cells, uint32_t size, uint32_t *from)
{
    double span = edges[cells] - edges[0];
    size_t at = 0;

    for (uint32_t i = 0; i < size; i++) {
        double middle = edges[0] + span * (((double)i + 0.5) / size);
        while (at + 1 < cells &&
               (span > 0 ? middle >= edges[at + 1] : middle <= edges[at + 1]))
            at++;
        from[i] = (uint32_t)at;
    }
}

/* One axis of ims_scale_cells: by its cells, or else pixel by pixel. */
static void fill_axis(const double *edges, size_t in, uint32_t out, uint32_t *from)
{
    struct ims__axis even = ims__axis(in, out);

    if (edges)
        fill_cells(edges, in, out, from);
    else
        fill_nearest(&even, from);
}

static enum ims_result resample(const struct ims_array *a, const double *x,
                                const double *y, struct ims_array *out)
{
    struct ims__scaling s = {.in = a,
                             .out = out,
                             .x = ims__axis(a->shape[1], out->shape[1]),
                             .y = ims__axis(a->shape[0], out->shape[0]),
                             .channels = 1,
                             .item = ims_dtype_size(a->dtype)};
    uint32_t *columns = malloc((s.x.out + 1) * sizeof(*columns));
    uint32_t *rows = malloc((s.y.out + 1) * sizeof(*rows));
    uint8_t *scratch = malloc(s.x.in * s.item + 1);
    bool done = columns != NULL && rows != NULL && scratch != NULL;

    if (done) {
        fill_axis(x, s.x.in, (uint32_t)s.x.out, columns);
        fill_axis(y, s.y.in, (uint32_t)s.y.out, rows);
        pick(&s, columns, rows, scratch);
    }
    free(scratch);
    free(rows);
    free(columns);
    return done ? IMS_OK : IMS_ERR_NOMEM;
}

static enum ims_result check(const struct ims_array *a, uint32_t width, uint32_t height,
                             struct ims_error *err)
{
    if (a->ndim != 2 && a->ndim != 3)
        return ims_fail(err, IMS_ERR_INVALID,
                        "scaling takes (h, w) or (h, w, c), not %d dimensions", a->ndim);
    if (width == 0 || height == 0 || ims_array_count(a) == 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "a picture without pixels cannot be scaled");
    if (a->shape[0] > INT32_MAX || a->shape[1] > INT32_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a side is longer than %d pixels",
                        INT32_MAX);
    if (a->ndim == 3 && a->shape[2] > MAX_CHANNELS)
        return ims_fail(err, IMS_ERR_INVALID, "a pixel has more than %d samples",
                        MAX_CHANNELS);
    return IMS_OK;
}

static enum ims_result run(const struct ims__scaling *s)
{
    if (s->x.out >= s->x.in && s->y.out >= s->y.in)
        return ims__scale_nearest(s);
    return ims__scale_is_box(s) ? ims__scale_box(s) : ims__scale_area(s);
}

enum ims_result ims_scale(const struct ims_array *array, uint32_t width, uint32_t height,
                          struct ims_array *out, struct ims_error *err)
{
    size_t shape[3] = {height, width, array->ndim == 3 ? array->shape[2] : 1};
    struct ims_array made;
    enum ims_result r = check(array, width, height, err);

    if (r)
        return r;
    if (array->shape[0] == height && array->shape[1] == width)
        return ims_array_c_ordered(array, out, err);
    r = ims_array_create(array->dtype, array->ndim, shape, &made, err);
    if (r)
        return r;
    struct ims__scaling s = {.in = array,
                             .out = &made,
                             .x = ims__axis(array->shape[1], width),
                             .y = ims__axis(array->shape[0], height),
                             .channels = shape[2],
                             .item = ims_dtype_size(array->dtype)};
    r = run(&s);
    if (r) {
        ims_array_finish(&made);
        return ims_fail(err, r, "no memory to scale a picture");
    }
    *out = made;
    return IMS_OK;
}

enum ims_result ims_scale_cells(const struct ims_array *array, const double *x,
                                const double *y, uint32_t width, uint32_t height,
                                struct ims_array *out, struct ims_error *err)
{
    struct ims_array even = {0}, made;
    enum ims_result r = check(array, width, height, err);

    if (!r && array->ndim != 2)
        r = ims_fail(err, IMS_ERR_INVALID, "cells have one value each");
    if (r)
        return r;
    /* An even axis is made smaller by its mean, as ever. */
    uint32_t even_width =
        x || width > array->shape[1] ? (uint32_t)array->shape[1] : width;
    uint32_t even_height =
        y || height > array->shape[0] ? (uint32_t)array->shape[0] : height;
    r = ims_scale(array, even_width, even_height, &even, err);
    if (r)
        return r;
    r = ims_array_create(array->dtype, 2, (size_t[]){height, width}, &made, err);
    if (!r && resample(&even, x, y, &made)) {
        ims_array_finish(&made);
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory to scale a picture");
    }
    ims_array_finish(&even);
    if (!r)
        *out = made;
    return r;
}

/* side * num / den, rounded half up, at least 1. */
static uint32_t share(uint32_t side, uint64_t num, uint64_t den)
{
    uint64_t v = (side * num + den / 2) / den;

    return v > 0 ? (uint32_t)v : 1;
}

void ims_fit(uint32_t width, uint32_t height, uint32_t max_width, uint32_t max_height,
             uint32_t *out_width, uint32_t *out_height)
{
    uint64_t mw = max_width > 0 && max_width < width ? max_width : width;
    uint64_t mh = max_height > 0 && max_height < height ? max_height : height;

    if (mw * height <= mh * width) { /* the width binds */
        *out_width = (uint32_t)mw;
        *out_height = width > 0 ? share(height, mw, width) : height;
    } else {
        *out_height = (uint32_t)mh;
        *out_width = share(width, mh, height);
    }
}
