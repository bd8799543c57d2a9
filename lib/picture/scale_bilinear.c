/* SPDX-License-Identifier: MIT */
/* More pixels than there are, between their middles. Rows are widened one after the other and mixed two by two. */
#include "clones.h"
#include "rows.h"

#include <imshow/scale.h>
#include <math.h>
#include <stdlib.h>

/* Of which two items an output item is made, and how much of the second one. */
struct tap {
    size_t a, b;
    double share;
};

struct widening {
    const struct ims_array *in; /* C-ordered */
    struct ims_array *out;
    size_t channels;
    struct tap *across, *down;
    double *narrow;  /* a row of `in` */
    double *wide[2]; /* rows of `in`, as wide as `out` */
    size_t row[2];   /* which ones */
};

static void lay_taps(size_t in, size_t out, struct tap *taps)
{
    for (size_t i = 0; i < out; i++) {
        double at = ((double)i + 0.5) * (double)in / (double)out - 0.5;
        at = at < 0 ? 0 : at;
        at = at > (double)(in - 1) ? (double)(in - 1) : at;
        size_t a = (size_t)at;
        taps[i] = (struct tap){a, a + 1 < in ? a + 1 : a, at - (double)a};
    }
}

/* What is not finite is not mixed: there the nearer one stands. */
static double mixed(double p, double q, double share)
{
    double v = p + (q - p) * share;

    return isfinite(v) ? v : share < 0.5 ? p : q;
}

static const double *wide_row(struct widening *w, size_t y)
{
    size_t columns = w->in->shape[1], width = w->out->shape[1], n = w->channels;
    size_t item = ims_dtype_size(w->in->dtype), k = y % 2;

    if (w->row[k] == y)
        return w->wide[k];
    ims__load_f64(w->in->dtype, w->in->data + y * columns * n * item, (ptrdiff_t)item,
                  columns * n, w->narrow);
    for (size_t x = 0; x < width; x++) {
        const struct tap *tap = &w->across[x];
        for (size_t c = 0; c < n; c++)
            w->wide[k][x * n + c] =
                mixed(w->narrow[tap->a * n + c], w->narrow[tap->b * n + c], tap->share);
    }
    w->row[k] = y;
    return w->wide[k];
}

/* ---- the mixing of two rows: loops that vectorise ---- */

IMS__CLONES
static void mix_u8(const double *p, const double *q, double share, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(int)(p[i] + (q[i] - p[i]) * share + 0.5);
}

IMS__CLONES
static void mix_u16(const double *p, const double *q, double share, size_t n,
                    uint16_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint16_t)(int)(p[i] + (q[i] - p[i]) * share + 0.5);
}

IMS__CLONES
static void mix_f32(const double *p, const double *q, double share, size_t n, float *out)
{
    for (size_t i = 0; i < n; i++) {
        double v = p[i] + (q[i] - p[i]) * share, near = share < 0.5 ? p[i] : q[i];
        out[i] = (float)(v - v == 0 ? v : near);
    }
}

static void mix_any(enum ims_dtype dtype, const double *p, const double *q, double share,
                    size_t n, uint8_t *out)
{
    double v[IMS__CHUNK];

    for (size_t at = 0, some; at < n; at += some) {
        some = n - at < IMS__CHUNK ? n - at : IMS__CHUNK;
        for (size_t i = 0; i < some; i++)
            v[i] = mixed(p[at + i], q[at + i], share);
        ims__store_f64(dtype, v, some, out + at * ims_dtype_size(dtype));
    }
}

static void mix(enum ims_dtype dtype, const double *p, const double *q, double share,
                size_t n, void *out)
{
    switch (dtype) {
    case IMS_U8: mix_u8(p, q, share, n, out); break;
    case IMS_U16: mix_u16(p, q, share, n, out); break;
    case IMS_F32: mix_f32(p, q, share, n, out); break;
    default: mix_any(dtype, p, q, share, n, out); break;
    }
}

/* ---- the whole ---- */

static bool reserve(struct widening *w)
{
    size_t width = w->out->shape[1], height = w->out->shape[0], n = w->channels;

    w->across = malloc(width * sizeof *w->across);
    w->down = malloc(height * sizeof *w->down);
    w->narrow = malloc(w->in->shape[1] * n * sizeof *w->narrow);
    for (int k = 0; k < 2; k++) {
        w->wide[k] = malloc(width * n * sizeof *w->wide[k]);
        w->row[k] = SIZE_MAX;
    }
    return w->across && w->down && w->narrow && w->wide[0] && w->wide[1];
}

static void finish(struct widening *w)
{
    free(w->across);
    free(w->down);
    free(w->narrow);
    free(w->wide[0]);
    free(w->wide[1]);
}

static enum ims_result widen(const struct ims_array *in, struct ims_array *out)
{
    struct widening w = {
        .in = in, .out = out, .channels = in->ndim == 3 ? in->shape[2] : 1};
    size_t row = out->shape[1] * w.channels, item = ims_dtype_size(out->dtype);
    bool has_room = reserve(&w);

    if (has_room) {
        lay_taps(in->shape[1], out->shape[1], w.across);
        lay_taps(in->shape[0], out->shape[0], w.down);
    }
    for (size_t y = 0; has_room && y < out->shape[0]; y++) {
        const double *p = wide_row(&w, w.down[y].a), *q = wide_row(&w, w.down[y].b);
        mix(out->dtype, p, q, w.down[y].share, row, out->data + y * row * item);
    }
    finish(&w);
    return has_room ? IMS_OK : IMS_ERR_NOMEM;
}

enum ims_result ims_scale_bilinear(const struct ims_array *array, uint32_t width,
                                   uint32_t height, struct ims_array *out,
                                   struct ims_error *err)
{
    struct ims_array small = {0}, made = {0};
    uint32_t least_w = width, least_h = height;

    if (array->ndim >= 2) {
        least_w = array->shape[1] < width ? (uint32_t)array->shape[1] : width;
        least_h = array->shape[0] < height ? (uint32_t)array->shape[0] : height;
    }
    enum ims_result r = ims_scale(array, least_w, least_h, &small, err);
    if (r)
        return r;
    if (least_w == width && least_h == height) {
        *out = small;
        return IMS_OK;
    }
    size_t shape[3] = {height, width, small.shape[2]};
    r = ims_array_create(array->dtype, array->ndim, shape, &made, err);
    if (!r && widen(&small, &made)) {
        ims_array_finish(&made);
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory to scale a picture");
    }
    ims_array_finish(&small);
    if (!r)
        *out = made;
    return r;
}
