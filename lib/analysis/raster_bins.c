/* SPDX-License-Identifier: MIT */
#include "../picture/clones.h"
#include "raster_impl.h"

/* A bin is guessed by one multiplication and set right by its own edges, which are computed as numpy's
 * linspace does; since ims_raster_create refuses bins of a few ulp, the guess is wrong by one at most.
 * All in doubles and without a branch, so that the compiler can do four or eight at once. NaN fails
 * every comparison. */
static inline double bin_of(const struct ims__bins *b, double v)
{
    double t = (v - b->lo) * b->scale;
    t = t > 0 ? t : 0;
    t = t < b->last ? t : b->last;
    double k = (double)(int32_t)t;
    k -= v < k * b->step + b->lo ? 1 : 0;
    k += v >= (k + 1) * b->step + b->lo ? 1 : 0;
    return k < b->last ? k : b->last;
}

IMS__CLONES
void ims__bins_cells(const struct ims__bins *x, const struct ims__bins *y,
                     const double *restrict px, const double *restrict py, size_t count,
                     int32_t outside, int32_t *restrict cells)
{
    const struct ims__bins bx = *x, by = *y;
    const double width = bx.last + 1;

    for (size_t i = 0; i < count; i++) {
        int inside =
            (px[i] >= bx.lo) & (px[i] <= bx.hi) & (py[i] >= by.lo) & (py[i] <= by.hi);
        double cell = bin_of(&by, py[i]) * width + bin_of(&bx, px[i]);
        cells[i] = inside ? (int32_t)cell : outside;
    }
}
