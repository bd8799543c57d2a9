/* SPDX-License-Identifier: MIT */
#include "../picture/clones.h"
#include "raster_impl.h"

/* A bin is guessed by one multiplication and set right by its own edges, which are computed as numpy's
 * linspace does; since ims_raster_create refuses bins of a few ulp, the guess is wrong by one at most.
 * All in doubles and without a branch, so that the compiler does four or eight at once; whether a point
 * is inside stays a double too, since masks of another width would undo that. NaN fails every
 * comparison. */
IMS__CLONES
static void find_bins(const struct ims__bins *b, const double *restrict v, size_t count,
                      double *restrict bins, double *restrict inside)
{
    const double lo = b->lo, hi = b->hi, step = b->step, scale = b->scale, last = b->last;

    for (size_t i = 0; i < count; i++) {
        double t = (v[i] - lo) * scale;
        t = t > 0 ? t : 0;
        t = t < last ? t : last;
        double k = (double)(int32_t)t;
        k = v[i] < k * step + lo ? k - 1 : k;
        k = v[i] >= (k + 1) * step + lo ? k + 1 : k;
        bins[i] = k < last ? k : last;
        double above = v[i] >= lo ? 1.0 : 0.0;
        inside[i] = v[i] <= hi ? above : 0.0;
    }
}

IMS__CLONES
static void join_bins(const double *restrict xs, const double *restrict ys,
                      const double *restrict x_in, const double *restrict y_in,
                      size_t count, double width, int32_t outside,
                      int32_t *restrict cells)
{
    const double out = outside;

    for (size_t i = 0; i < count; i++) {
        double cell = ys[i] * width + xs[i];
        cells[i] = (int32_t)(x_in[i] * y_in[i] > 0 ? cell : out);
    }
}

void ims__bins_cells(const struct ims__bins *x, const struct ims__bins *y,
                     const double *px, const double *py, size_t count, int32_t outside,
                     int32_t *cells)
{
    double xs[IMS__BLOCK], ys[IMS__BLOCK], x_in[IMS__BLOCK], y_in[IMS__BLOCK];

    find_bins(x, px, count, xs, x_in);
    find_bins(y, py, count, ys, y_in);
    join_bins(xs, ys, x_in, y_in, count, x->last + 1, outside, cells);
}
