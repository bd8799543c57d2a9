/* SPDX-License-Identifier: MIT */
#include "rows.h"
#include "transform_impl.h"

#include <stdlib.h>

static size_t bin_of(double u)
{
    size_t bin = (size_t)(u * IMS_EQUALIZE_BINS);
    return bin < IMS_EQUALIZE_BINS ? bin : IMS_EQUALIZE_BINS - 1;
}

static void count_items(struct ims__cdf *cdf, const double *v, size_t count, double lo,
                        double hi)
{
    for (size_t i = 0; i < count; i++) {
        double u = (v[i] - lo) / (hi - lo);
        if (u >= 0 && u <= 1)
            cdf->upto[bin_of(u)]++;
    }
}

struct ims__cdf *ims__cdf_create(const struct ims_array *slice, double lo, double hi)
{
    struct ims__cdf *cdf = calloc(1, sizeof *cdf);
    struct ims__rows rows = ims__rows(slice);
    struct ims__row row;
    double v[IMS__CHUNK];

    while (cdf && ims__rows_next(&rows, &row)) {
        for (size_t at = 0, n; at < row.count; at += n) {
            n = row.count - at < IMS__CHUNK ? row.count - at : IMS__CHUNK;
            ims__load_f64(slice->dtype, row.data + (ptrdiff_t)at * row.stride, row.stride,
                          n, v);
            count_items(cdf, v, n, lo, hi);
        }
    }
    for (size_t i = 0; cdf && i < IMS_EQUALIZE_BINS; i++) {
        cdf->total += cdf->upto[i];
        cdf->upto[i] = cdf->total;
        if (cdf->first == 0)
            cdf->first = cdf->total;
    }
    return cdf;
}

static double place(const struct ims__cdf *cdf, size_t bin)
{
    uint32_t upto = cdf->upto[bin];
    if (cdf->total == cdf->first || upto <= cdf->first)
        return 0;
    return (double)(upto - cdf->first) / (cdf->total - cdf->first);
}

double ims__cdf_at(const struct ims__cdf *cdf, double u)
{
    return place(cdf, bin_of(u));
}

double ims__cdf_find(const struct ims__cdf *cdf, double q)
{
    size_t low = 0, high = IMS_EQUALIZE_BINS;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (place(cdf, middle) >= q)
            high = middle;
        else
            low = middle + 1;
    }
    return (double)low / IMS_EQUALIZE_BINS;
}
