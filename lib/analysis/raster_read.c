/* SPDX-License-Identifier: MIT */
#include "../array/array_impl.h"
#include "raster_impl.h"

#include <math.h>
#include <string.h>

/* The layers that count now, oldest first, and the cells that are put together at once. */
struct reading {
    enum ims_raster_agg agg;
    double gain; /* what fading weights are divided by */
    int count;
    const struct ims__layer *layers[IMS_RASTER_SLICES];
};

struct part {
    size_t from, count;
    double weights[IMS__BLOCK], values[IMS__BLOCK];
};

static struct reading reading_of(const struct ims_raster *r)
{
    struct reading reading = {.agg = r->options.agg, .gain = ims__raster_gain(r)};
    int64_t newest = r->slice_us > 0 ? r->now_us / r->slice_us : 0;

    for (int64_t s = newest - r->layer_count + 1; s <= newest; s++) {
        const struct ims__layer *layer = s >= 0 ? &r->layers[s % r->layer_count] : NULL;
        if (layer && layer->slice == s)
            reading.layers[reading.count++] = layer;
    }
    return reading;
}

/* ---- u32 counts ---- */

static void read_counts(const struct reading *reading, size_t cells, uint32_t *out)
{
    memset(out, 0, cells * sizeof *out);
    for (int l = 0; l < reading->count; l++) {
        const uint32_t *grid = reading->layers[l]->counts;
        for (size_t i = 0; i < cells; i++) {
            uint32_t sum = out[i] + grid[i];
            out[i] = sum >= grid[i] ? sum : UINT32_MAX;
        }
    }
}

/* ---- f64 ---- */

static void add_weights(struct part *p, const struct ims__layer *layer)
{
    for (size_t i = 0; layer->counts && i < p->count; i++)
        p->weights[i] += layer->counts[p->from + i];
    for (size_t i = 0; layer->weights && i < p->count; i++)
        p->weights[i] += layer->weights[p->from + i];
}

static void add_values(struct part *p, const double *grid)
{
    for (size_t i = 0; i < p->count; i++)
        p->values[i] += grid[i];
}

static void take_least(struct part *p, const double *grid)
{
    for (size_t i = 0; i < p->count; i++)
        p->values[i] = fmin(p->values[i], grid[i]);
}

static void take_greatest(struct part *p, const double *grid)
{
    for (size_t i = 0; i < p->count; i++)
        p->values[i] = fmax(p->values[i], grid[i]);
}

static void take_last(struct part *p, const double *grid)
{
    for (size_t i = 0; i < p->count; i++)
        p->values[i] = isnan(grid[i]) ? p->values[i] : grid[i];
}

static void join(const struct reading *reading, struct part *p)
{
    static void (*const take[IMS_RASTER_AGG_COUNT])(struct part *, const double *) = {
        [IMS_RASTER_SUM] = add_values, [IMS_RASTER_MEAN] = add_values,
        [IMS_RASTER_MIN] = take_least, [IMS_RASTER_MAX] = take_greatest,
        [IMS_RASTER_LAST] = take_last,
    };
    const double nothing = reading->agg > IMS_RASTER_MEAN ? NAN : 0;

    for (size_t i = 0; i < p->count; i++) {
        p->weights[i] = 0;
        p->values[i] = nothing;
    }
    for (int l = 0; l < reading->count; l++) {
        add_weights(p, reading->layers[l]);
        if (reading->layers[l]->values)
            take[reading->agg](p, reading->layers[l]->values + p->from);
    }
}

static void finish(const struct reading *reading, struct part *p, double *out)
{
    for (size_t i = 0; i < p->count; i++) {
        switch (reading->agg) {
        case IMS_RASTER_COUNT: out[i] = p->weights[i] / reading->gain; break;
        case IMS_RASTER_SUM: out[i] = p->values[i] / reading->gain; break;
        case IMS_RASTER_MEAN:
            out[i] = p->weights[i] > 0 ? p->values[i] / p->weights[i] : NAN;
            break;
        default: out[i] = p->values[i]; break;
        }
    }
}

static void read_reals(const struct reading *reading, size_t cells, double *out)
{
    struct part p;

    for (p.from = 0; p.from < cells; p.from += p.count) {
        p.count = cells - p.from < IMS__BLOCK ? cells - p.from : IMS__BLOCK;
        join(reading, &p);
        finish(reading, &p, out + p.from);
    }
}

enum ims_result ims_raster_read(struct ims_raster *raster, int64_t now_us,
                                struct ims_array *out, struct ims_error *err)
{
    const struct ims_raster_options *o = &raster->options;
    const bool whole = o->agg == IMS_RASTER_COUNT && o->decay_s == 0;
    const size_t shape[2] = {o->height, o->width};
    struct ims_array a;
    enum ims_result result =
        ims_array_create(whole ? IMS_U32 : IMS_F64, 2, shape, &a, err);

    if (result)
        return result;
    (void)ims__raster_now(raster, now_us);
    const struct reading reading = reading_of(raster);
    if (whole)
        read_counts(&reading, raster->cells, (uint32_t *)(void *)a.data);
    else
        read_reals(&reading, raster->cells, (double *)(void *)a.data);
    a.labels = ims_labels_ref(raster->labels);
    *out = a;
    return IMS_OK;
}

/* ---- labels ---- */

static double edge(const struct ims__bins *b, size_t i)
{
    return (double)i <= b->last ? (double)i * b->step + b->lo : b->hi;
}

static enum ims_result name_axis(const struct ims__bins *b, const char *name,
                                 struct ims_dim *dim)
{
    const size_t count = (size_t)b->last + 1;
    enum ims_result r = ims_array_create(IMS_F64, 1, &count, &dim->coords, NULL);

    if (r)
        return r;
    for (size_t i = 0; i < count; i++) {
        double middle = (edge(b, i) + edge(b, i + 1)) / 2;
        memcpy(dim->coords.data + i * sizeof middle, &middle, sizeof middle);
    }
    dim->name = strdup(name);
    return dim->name ? IMS_OK : IMS_ERR_NOMEM;
}

enum ims_result ims__raster_labels(const struct ims_raster *raster,
                                   struct ims_labels **out)
{
    struct ims_labels *l = ims__labels_create(2);

    if (!l)
        return IMS_ERR_NOMEM;
    l->name = strdup(ims_raster_agg_name(raster->options.agg));
    enum ims_result r = l->name ? IMS_OK : IMS_ERR_NOMEM;
    if (!r)
        r = name_axis(&raster->y, "y", &l->dims[0]);
    if (!r)
        r = name_axis(&raster->x, "x", &l->dims[1]);
    if (r)
        ims_labels_unref(&l);
    else
        *out = l;
    return r;
}
