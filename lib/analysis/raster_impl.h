/* SPDX-License-Identifier: MIT */
#ifndef IMS_RASTER_IMPL_H
#define IMS_RASTER_IMPL_H

/*
 * What the files of rasters share: a raster is a few layers, each the grids of one slice of time.
 *
 *     ims_raster_add:  points -> cells (raster_bins.c) -> the layer of now
 *     ims_raster_read: layers -> one array (raster_read.c)
 *
 * Without a window there is one layer.
 */

#include <imshow/raster.h>

/* Bins along one axis. */
struct ims__bins {
    double lo, hi, step; /* bin i begins at i * step + lo */
    double scale;        /* bins a unit: a first guess */
    double last;         /* number of the last bin */
};

/* Grids have one cell more than the raster, behind the others: what points outside of it fall into. */
struct ims__layer {
    int64_t slice; /* which slice of time it holds; -1: none so far */
    uint32_t *counts;
    double *weights; /* counts that fade */
    double *values;
};

struct ims_raster {
    struct ims_raster_options options;
    struct ims__bins x, y;
    size_t cells;
    struct ims_labels *labels;
    uint64_t added, outside;
    int64_t now_us;   /* the latest time that was named */
    int64_t slice_us; /* of a window; 0: none */
    int64_t faded_us; /* decay: when a new point's weight was 1 */
    int layer_count;
    struct ims__layer layers[IMS_RASTER_SLICES];
};

enum {
    IMS__BLOCK = 1024
}; /* points that are worked on at once: they stay in the cache */

/* The cells of up to IMS__BLOCK points; those outside, and NaN, get `outside`. */
void ims__bins_cells(const struct ims__bins *x, const struct ims__bins *y,
                     const double *px, const double *py, size_t count, int32_t outside,
                     int32_t *cells);

/* Names and coordinates of the grid, made once. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__raster_labels(const struct ims_raster *raster,
                                                 struct ims_labels **out);
/* Sets all cells of a layer to nothing. */
void ims__layer_clear(const struct ims_raster *raster, struct ims__layer *layer);
/* The raster's time: `now_us`, but never before what was named already. */
int64_t ims__raster_now(struct ims_raster *raster, int64_t now_us);
/* exp of the age that weights of a new point have, `now_us`. */
double ims__raster_gain(const struct ims_raster *raster);

#endif
