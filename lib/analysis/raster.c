/* SPDX-License-Identifier: MIT */
#include "raster_impl.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const agg_names[IMS_RASTER_AGG_COUNT] = {
    [IMS_RASTER_COUNT] = "count", [IMS_RASTER_SUM] = "sum", [IMS_RASTER_MEAN] = "mean",
    [IMS_RASTER_MIN] = "min",     [IMS_RASTER_MAX] = "max", [IMS_RASTER_LAST] = "last",
};

const char *ims_raster_agg_name(enum ims_raster_agg agg)
{
    return (unsigned)agg < IMS_RASTER_AGG_COUNT ? agg_names[agg] : "unknown";
}

bool ims_raster_needs_value(enum ims_raster_agg agg)
{
    return agg != IMS_RASTER_COUNT;
}

static bool fades(const struct ims_raster_options *o)
{
    return o->decay_s > 0;
}

static bool has_counts(const struct ims_raster_options *o)
{
    return o->agg == IMS_RASTER_COUNT || o->agg == IMS_RASTER_MEAN;
}

/* ---- what may be asked for ---- */

/* Bins of a few ulp have edges that fall together; below 16 the guess of raster_bins.c would be too far
 * off. */
static enum ims_result check_range(const char *key, const double range[2], uint32_t bins,
                                   struct ims_error *err)
{
    double size = range[1] - range[0];
    double far = fmax(fabs(range[0]), fabs(range[1]));

    if (!(isfinite(size) && size > 0))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: must be [least, greatest], two finite numbers", key);
    if (bins < 1 || bins > IMS_RASTER_SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s: must be a whole number within 1..%d",
                        key[0] == 'x' ? "width" : "height", IMS_RASTER_SIDE_MAX);
    if (size / bins < 16 * DBL_EPSILON * far || size / bins < DBL_MIN)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%s: [%.17g, %.17g] is too narrow for %u bins", key, range[0],
                        range[1], bins);
    return IMS_OK;
}

static enum ims_result check_times(const struct ims_raster_options *o,
                                   struct ims_error *err)
{
    const double longest = 1e9; /* seconds: µs of it fit 64 bits many times */

    if (!(o->window_s == 0 || (o->window_s >= 1e-3 && o->window_s <= longest)))
        return ims_fail(err, IMS_ERR_INVALID,
                        "window_s: must be 0 or seconds within 0.001..1e9");
    if (!(o->decay_s == 0 || (o->decay_s >= 1e-3 && o->decay_s <= longest)))
        return ims_fail(err, IMS_ERR_INVALID,
                        "decay_s: must be 0 or seconds within 0.001..1e9");
    if (o->window_s > 0 && o->decay_s > 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "window_s, decay_s: only one of them may be other than 0");
    if (o->decay_s > 0 && o->agg > IMS_RASTER_MEAN)
        return ims_fail(err, IMS_ERR_INVALID,
                        "decay_s: count, sum and mean fade; for %s choose window_s",
                        ims_raster_agg_name(o->agg));
    return IMS_OK;
}

/* Sides are at most 2^13 here, so that nothing overflows. */
static enum ims_result check_bytes(const struct ims_raster_options *o, int layers,
                                   struct ims_error *err)
{
    size_t cell = (has_counts(o) ? (fades(o) ? sizeof(double) : sizeof(uint32_t)) : 0) +
                  (o->agg != IMS_RASTER_COUNT ? sizeof(double) : 0);
    size_t bytes = ((size_t)o->width * o->height + 1) * cell * (size_t)layers;

    if (bytes > IMS_RASTER_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "width, height: %ux%u bins take %zu bytes, at most %zu: choose "
                        "fewer bins%s",
                        o->width, o->height, bytes, IMS_RASTER_BYTES_MAX,
                        layers > 1 ? ", or decay_s for window_s" : "");
    return IMS_OK;
}

static enum ims_result check(const struct ims_raster_options *o, int layers,
                             struct ims_error *err)
{
    enum ims_result r = check_range("x_range", o->x_range, o->width, err);

    if (!r)
        r = check_range("y_range", o->y_range, o->height, err);
    if (!r && (unsigned)o->agg >= IMS_RASTER_AGG_COUNT)
        r = ims_fail(err, IMS_ERR_INVALID, "agg: there is no aggregation %d",
                     (int)o->agg);
    if (!r)
        r = check_times(o, err);
    return r ? r : check_bytes(o, layers, err);
}

/* ---- layers ---- */

static bool layer_create(const struct ims_raster *r, struct ims__layer *layer)
{
    const struct ims_raster_options *o = &r->options;
    const size_t cells = r->cells + 1;

    layer->slice = -1;
    if (has_counts(o) && fades(o))
        layer->weights = malloc(cells * sizeof(double));
    else if (has_counts(o))
        layer->counts = malloc(cells * sizeof(uint32_t));
    if (o->agg != IMS_RASTER_COUNT)
        layer->values = malloc(cells * sizeof(double));
    return (!has_counts(o) || layer->weights || layer->counts) &&
           (o->agg == IMS_RASTER_COUNT || layer->values);
}

void ims__layer_clear(const struct ims_raster *raster, struct ims__layer *layer)
{
    const size_t cells = raster->cells + 1;
    const double nothing = raster->options.agg > IMS_RASTER_MEAN ? NAN : 0;

    if (layer->counts)
        memset(layer->counts, 0, cells * sizeof(uint32_t));
    for (size_t i = 0; layer->weights && i < cells; i++)
        layer->weights[i] = 0;
    for (size_t i = 0; layer->values && i < cells; i++)
        layer->values[i] = nothing;
}

/* ---- rasters ---- */

static struct ims__bins bins_of(const double range[2], uint32_t count)
{
    double size = range[1] - range[0];

    return (struct ims__bins){.lo = range[0],
                              .hi = range[1],
                              .step = size / count,
                              .scale = count / size,
                              .last = (double)(count - 1)};
}

enum ims_result ims_raster_create(const struct ims_raster_options *options,
                                  struct ims_raster **out, struct ims_error *err)
{
    int layers = options->window_s > 0 ? IMS_RASTER_SLICES : 1;
    enum ims_result result = check(options, layers, err);
    struct ims_raster *r = result ? NULL : calloc(1, sizeof *r);

    if (result)
        return result;
    bool ok = r != NULL;
    if (ok) {
        r->options = *options;
        r->x = bins_of(options->x_range, options->width);
        r->y = bins_of(options->y_range, options->height);
        r->cells = (size_t)options->width * options->height;
        r->slice_us = (int64_t)(options->window_s * 1e6 / IMS_RASTER_SLICES);
        r->layer_count = layers;
        ok = ims__raster_labels(r, &r->labels) == IMS_OK;
    }
    for (int i = 0; ok && i < layers; i++)
        ok = layer_create(r, &r->layers[i]);
    if (!ok) {
        ims_raster_destroy(r);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a grid of %ux%u bins",
                        options->width, options->height);
    }
    *out = r;
    return IMS_OK;
}

void ims_raster_destroy(struct ims_raster *raster)
{
    if (!raster)
        return;
    for (int i = 0; i < IMS_RASTER_SLICES; i++) {
        free(raster->layers[i].counts);
        free(raster->layers[i].weights);
        free(raster->layers[i].values);
    }
    ims_labels_unref(&raster->labels);
    free(raster);
}

uint64_t ims_raster_added(const struct ims_raster *raster)
{
    return raster->added;
}

uint64_t ims_raster_outside(const struct ims_raster *raster)
{
    return raster->outside;
}

int64_t ims__raster_now(struct ims_raster *raster, int64_t now_us)
{
    if (now_us > raster->now_us)
        raster->now_us = now_us;
    return raster->now_us;
}

double ims__raster_gain(const struct ims_raster *raster)
{
    double decay_us = raster->options.decay_s * 1e6;
    return decay_us > 0 ? exp((double)(raster->now_us - raster->faded_us) / decay_us) : 1;
}
