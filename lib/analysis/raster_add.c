/* SPDX-License-Identifier: MIT */
#include "raster_impl.h"

#include <math.h>
#include <string.h>

/* Grids above this do not stay in a processor's own cache: then cells are asked for ahead of their use. */
enum { PREFETCH_CELLS = 1 << 15, PREFETCH_AHEAD = 16 };

/* ---- one block of points into one grid ---- */

struct block {
    size_t count;
    double weight;
    int32_t cells[IMS__BLOCK + PREFETCH_AHEAD]; /* the tail repeats the last cell */
    double x[IMS__BLOCK], y[IMS__BLOCK], value[IMS__BLOCK];
};

static void add_counts(const struct block *b, uint32_t *grid)
{
    for (size_t i = 0; i < b->count; i++) {
        uint32_t *at = &grid[b->cells[i]];
        *at += *at != UINT32_MAX;
    }
}

static void add_counts_ahead(const struct block *b, uint32_t *grid)
{
    for (size_t i = 0; i < b->count; i++) {
        uint32_t *at = &grid[b->cells[i]];
        __builtin_prefetch(&grid[b->cells[i + PREFETCH_AHEAD]], 1);
        *at += *at != UINT32_MAX;
    }
}

static void add_weights(const struct block *b, double *grid)
{
    for (size_t i = 0; i < b->count; i++)
        grid[b->cells[i]] += b->weight;
}

static void add_sums(const struct block *b, double *grid)
{
    for (size_t i = 0; i < b->count; i++) {
        __builtin_prefetch(&grid[b->cells[i + PREFETCH_AHEAD]], 1);
        grid[b->cells[i]] += b->value[i] * b->weight;
    }
}

/* A cell without a point is NaN, which no comparison holds for. */
static void add_least(const struct block *b, double *grid)
{
    for (size_t i = 0; i < b->count; i++) {
        double *at = &grid[b->cells[i]];
        *at = *at <= b->value[i] ? *at : b->value[i];
    }
}

static void add_greatest(const struct block *b, double *grid)
{
    for (size_t i = 0; i < b->count; i++) {
        double *at = &grid[b->cells[i]];
        *at = *at >= b->value[i] ? *at : b->value[i];
    }
}

static void add_last(const struct block *b, double *grid)
{
    for (size_t i = 0; i < b->count; i++)
        grid[b->cells[i]] = b->value[i];
}

static void add_block(const struct ims_raster *r, const struct block *b,
                      const struct ims__layer *layer)
{
    static void (*const add_values[IMS_RASTER_AGG_COUNT])(const struct block *,
                                                          double *) = {
        [IMS_RASTER_SUM] = add_sums,  [IMS_RASTER_MEAN] = add_sums,
        [IMS_RASTER_MIN] = add_least, [IMS_RASTER_MAX] = add_greatest,
        [IMS_RASTER_LAST] = add_last,
    };

    if (layer->counts && r->cells > PREFETCH_CELLS)
        add_counts_ahead(b, layer->counts);
    else if (layer->counts)
        add_counts(b, layer->counts);
    if (layer->weights)
        add_weights(b, layer->weights);
    if (layer->values)
        add_values[r->options.agg](b, layer->values);
}

/* ---- batches ---- */

static void load(enum ims_dtype dtype, const void *items, size_t from, size_t count,
                 double *out)
{
    const uint8_t *at = items;

    if (dtype == IMS_F64) {
        memcpy(out, at + from * sizeof(double), count * sizeof(double));
        return;
    }
    at += from * sizeof(float);
    for (size_t i = 0; i < count; i++) {
        float v;
        memcpy(&v, at + i * sizeof v, sizeof v);
        out[i] = (double)v;
    }
}

static void fill_block(const struct ims_raster *r, const struct ims_points *p,
                       size_t from, struct block *b)
{
    const int32_t outside = (int32_t)r->cells;

    load(p->dtype, p->x, from, b->count, b->x);
    load(p->dtype, p->y, from, b->count, b->y);
    ims__bins_cells(&r->x, &r->y, b->x, b->y, b->count, outside, b->cells);
    if (ims_raster_needs_value(r->options.agg)) {
        load(p->dtype, p->value, from, b->count, b->value);
        for (size_t i = 0; i < b->count; i++)
            if (!isfinite(b->value[i]))
                b->cells[i] = outside;
    }
    for (size_t i = 0; i < PREFETCH_AHEAD; i++)
        b->cells[b->count + i] = b->cells[b->count - 1];
}

static uint64_t count_outside(const struct block *b, int32_t outside)
{
    uint32_t n = 0;

    for (size_t i = 0; i < b->count; i++)
        n += b->cells[i] == outside;
    return n;
}

/* The layer of now, empty if its last use was in another turn of the window. */
static struct ims__layer *layer_of_now(struct ims_raster *r)
{
    int64_t slice = r->slice_us > 0 ? r->now_us / r->slice_us : 0;
    struct ims__layer *layer = &r->layers[slice % r->layer_count];

    if (layer->slice != slice)
        ims__layer_clear(r, layer);
    layer->slice = slice;
    return layer;
}

/* Weights grow with time instead of all cells shrinking; before they grow out of hand the cells shrink
 * once for all. What has faded to nothing becomes zero, since a processor is slow at tiny numbers. */
static void fade(struct ims_raster *r)
{
    enum { GAIN_MAX = 1 << 20 };
    double gain = ims__raster_gain(r);
    double *grids[2] = {r->layers[0].weights, r->layers[0].values};

    if (gain < GAIN_MAX)
        return;
    for (int g = 0; g < 2; g++) {
        for (size_t i = 0; grids[g] && i < r->cells; i++) {
            double v = grids[g][i] / gain;
            grids[g][i] = fabs(v) < 1e-200 ? 0 : v;
        }
    }
    r->faded_us = r->now_us;
}

void ims_raster_add(struct ims_raster *raster, const struct ims_points *points,
                    int64_t now_us)
{
    struct block b;
    bool is_first = raster->added == 0;

    (void)ims__raster_now(raster, now_us);
    if (is_first)
        raster->faded_us = raster->now_us;
    if (raster->options.decay_s > 0)
        fade(raster);
    const struct ims__layer *layer = layer_of_now(raster);
    b.weight = ims__raster_gain(raster);
    for (size_t at = 0; at < points->count; at += b.count) {
        size_t left = points->count - at;
        b.count = left < IMS__BLOCK ? left : IMS__BLOCK;
        fill_block(raster, points, at, &b);
        raster->outside += count_outside(&b, (int32_t)raster->cells);
        add_block(raster, &b, layer);
    }
    raster->added += points->count;
}
