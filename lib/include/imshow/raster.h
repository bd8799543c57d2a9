/* SPDX-License-Identifier: MIT */
#ifndef IMS_RASTER_H
#define IMS_RASTER_H

/*
 * Points gathered on a grid: how many fell into each bin, or the sum, mean, least, greatest or last of
 * their values.
 *
 *     struct ims_raster_options o = {.x_range = {0, 1}, .y_range = {-1, 1}, .width = 512, .height = 512};
 *     struct ims_raster *raster;
 *     if (ims_raster_create(&o, &raster, &err)) ...
 *     ims_raster_add(raster, &(struct ims_points){.dtype = IMS_F32, .count = n, .x = x, .y = y}, now_us);
 *     struct ims_array grid;
 *     if (ims_raster_read(raster, now_us, &grid, &err)) ...     // (height, width), labelled
 *     ims_raster_destroy(raster);
 *
 * The bins are those of NumPy's histogram2d in double precision: bin i of n begins at i * ((hi - lo) / n) + lo,
 * belongs to itself up to where the next begins, and the last one has its right edge too.
 *
 * A window keeps IMS_RASTER_SLICES grids, each for an equal part of it: no point counts for longer than
 * `window_s`, and each for at least 15/16 of it. Decay is exact: a point that is t old has the weight
 * exp(-t / decay_s). One thread at a time.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    IMS_RASTER_SIDE_MAX = 8192,
    IMS_RASTER_SLICES = 16, /* of a window */
};
/* Bytes of one raster's grids, all slices together. */
#define IMS_RASTER_BYTES_MAX ((size_t)256 << 20)

enum ims_raster_agg {
    IMS_RASTER_COUNT, /* u32, stays at its greatest value; f64 with decay */
    IMS_RASTER_SUM,   /* this and what follows: f64 */
    IMS_RASTER_MEAN,  /* this and what follows: NaN where no point fell */
    IMS_RASTER_MIN,
    IMS_RASTER_MAX,
    IMS_RASTER_LAST, /* the one that was added last */
    IMS_RASTER_AGG_COUNT,
};

struct ims_raster_options {
    double x_range[2], y_range[2]; /* least and greatest */
    uint32_t width, height;        /* bins */
    enum ims_raster_agg agg;
    double window_s; /* only points of the last so many seconds count; 0: all */
    double decay_s;  /* count, sum and mean fade to 1/e in so many seconds; 0: never */
};

/* A batch: `count` items each, of IMS_F32 or IMS_F64, at any address. */
struct ims_points {
    enum ims_dtype dtype;
    size_t count;
    const void *x, *y;
    const void *value; /* unused for count */
};

struct ims_raster;

/* Reads x_range, y_range, width, height (512 each), agg (count), window_s and decay_s (0) of a map;
 * other keys are not looked at. Fails: INVALID with the key and what it wants. */
IMS_NODISCARD enum ims_result ims_raster_options_parse(const struct ims_value *map,
                                                       struct ims_raster_options *out,
                                                       struct ims_error *err);
/* Fails: INVALID (a range that is empty, not finite or too narrow for its bins, both window_s and
 * decay_s, decay of what does not fade), LIMIT (sides, IMS_RASTER_BYTES_MAX), NOMEM. */
IMS_NODISCARD enum ims_result ims_raster_create(const struct ims_raster_options *options,
                                                struct ims_raster **out,
                                                struct ims_error *err);
void ims_raster_destroy(struct ims_raster *raster); /* NULL is fine */

/* True when the aggregation looks at values. */
bool ims_raster_needs_value(enum ims_raster_agg agg);
const char *ims_raster_agg_name(enum ims_raster_agg agg); /* "count" */

/* Adds a batch at `now_us`, of any clock that does not run backwards. Points outside of the ranges, and
 * those with NaN or with a value that is not finite, are counted and left out. Never fails. */
void ims_raster_add(struct ims_raster *raster, const struct ims_points *points,
                    int64_t now_us);
uint64_t ims_raster_added(const struct ims_raster *raster);   /* points, also outside */
uint64_t ims_raster_outside(const struct ims_raster *raster); /* since the beginning */

/* The grid as it is at `now_us`: (height, width), row 0 the least y; labelled with the dimensions y and x,
 * whose coordinates are the bins' middles, and the aggregation's name. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_raster_read(struct ims_raster *raster, int64_t now_us,
                                              struct ims_array *out,
                                              struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
