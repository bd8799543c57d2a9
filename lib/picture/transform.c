/* SPDX-License-Identifier: MIT */
#include "transform_impl.h"

#include "rows.h"

#include <float.h>
#include <imshow/transform.h>
#include <math.h>
#include <stdlib.h>

const char *ims_transform_name(enum ims_transform transform)
{
    static const char *const names[IMS_TRANSFORM_COUNT] = {
        [IMS_TRANSFORM_LINEAR] = "linear", [IMS_TRANSFORM_LOG] = "log",
        [IMS_TRANSFORM_SQRT] = "sqrt",     [IMS_TRANSFORM_GAMMA] = "gamma",
        [IMS_TRANSFORM_ASINH] = "asinh",   [IMS_TRANSFORM_EQUALIZE] = "equalize",
    };

    return (unsigned)transform < IMS_TRANSFORM_COUNT ? names[transform] : "unknown";
}

/* ---- limits ---- */

static double least_above_zero(const struct ims_array *slice)
{
    struct ims__rows rows = ims__rows(slice);
    struct ims__row row;
    double least = INFINITY, v[IMS__CHUNK];

    while (ims__rows_next(&rows, &row)) {
        for (size_t at = 0, n; at < row.count; at += n) {
            n = row.count - at < IMS__CHUNK ? row.count - at : IMS__CHUNK;
            ims__load_f64(slice->dtype, row.data + (ptrdiff_t)at * row.stride, row.stride,
                          n, v);
            for (size_t i = 0; i < n; i++)
                least = v[i] > 0 && v[i] < least ? v[i] : least;
        }
    }
    return least;
}

static void log_limits(const struct ims_array *slice, double *lo, double *hi)
{
    double *other = *lo > 0 ? lo : hi, *bad = *lo > 0 ? hi : lo;

    if (*lo > 0 && *hi > 0)
        return;
    double least = *other > 0 ? least_above_zero(slice) : INFINITY;
    if (least > DBL_MAX) {
        *lo = 1;
        *hi = 10;
        return;
    }
    *bad = fmin(fmax(least, *other * 1e-6), *other);
}

void ims_transform_limits(enum ims_transform transform, const struct ims_array *slice,
                          double *lo, double *hi)
{
    bool is_log = transform == IMS_TRANSFORM_LOG;

    if (is_log)
        log_limits(slice, lo, hi);
    if (*lo != *hi)
        return;
    *lo = is_log ? *lo / 2 : *lo - 0.5;
    *hi = is_log ? *hi * 2 : *hi + 0.5;
}

/* ---- curves: from the part of the way between the limits to the part of the scale, and back ---- */

struct curve {
    enum ims_transform transform;
    double gamma, lo, hi;
    int last;                   /* index of the last colour, from 0 */
    const struct ims__cdf *cdf; /* equalize */
};

static const double softening = 0.1; /* of asinh: linear below this part of the way */

static double part_of(const struct curve *c, double v)
{
    double u = (v - c->lo) / (c->hi - c->lo);
    u = u > 0 ? u : 0;
    return u < 1 ? u : 1;
}

static double log_place(const struct curve *c, double v)
{
    double within = fmin(fmax(v, fmin(c->lo, c->hi)), fmax(c->lo, c->hi));
    return log(within / c->lo) / log(c->hi / c->lo);
}

static double place_of(const struct curve *c, double v)
{
    switch (c->transform) {
    case IMS_TRANSFORM_LOG: return log_place(c, v);
    case IMS_TRANSFORM_SQRT: return sqrt(part_of(c, v));
    case IMS_TRANSFORM_GAMMA: return pow(part_of(c, v), c->gamma);
    case IMS_TRANSFORM_ASINH:
        return asinh(part_of(c, v) / softening) / asinh(1 / softening);
    case IMS_TRANSFORM_EQUALIZE: return ims__cdf_at(c->cdf, part_of(c, v));
    default: return part_of(c, v);
    }
}

static int index_from_0(const struct curve *c, double v)
{
    double t = floor(place_of(c, v) * c->last + 0.5);
    return t > 0 ? (int)fmin(t, c->last) : 0;
}

/* Where the place `q` of the scale lies among the values, nearly. */
static double value_at(const struct curve *c, double q)
{
    double u = q;

    switch (c->transform) {
    case IMS_TRANSFORM_LOG: return c->lo * pow(c->hi / c->lo, q);
    case IMS_TRANSFORM_SQRT: u = q * q; break;
    case IMS_TRANSFORM_GAMMA: u = pow(q, 1 / c->gamma); break;
    case IMS_TRANSFORM_ASINH: u = sinh(q * asinh(1 / softening)) * softening; break;
    case IMS_TRANSFORM_EQUALIZE: u = ims__cdf_find(c->cdf, q); break;
    default: break;
    }
    return c->lo + u * (c->hi - c->lo);
}

/* ---- maps ---- */

/* The least x with index_from_0(sign * x) >= index: value_at is off by a few ulp at most. */
static double step_of(const struct curve *c, double sign, int index)
{
    enum { ULPS = 64 };
    double x = sign * value_at(c, (index - 0.5) / c->last);

    for (int i = 0; i < ULPS && index_from_0(c, sign * x) >= index; i++)
        x = nextafter(x, -INFINITY);
    for (int i = 0; i <= ULPS && index_from_0(c, sign * x) < index; i++)
        x = nextafter(x, INFINITY);
    return x;
}

static void set_steps(struct ims_transform_map *map, const struct curve *c)
{
    double sign = map->falls ? -1 : 1;

    for (int i = 0; i < 256; i++)
        map->steps[i] = INFINITY;
    for (int i = 1; i < map->count; i++) {
        double x = step_of(c, sign, i);
        double before = i > 1 ? map->steps[i - 2] : -DBL_MAX;
        map->steps[i - 1] = x > before ? x : before;
    }
}

enum ims_result ims_transform_map(enum ims_transform transform, double gamma,
                                  const struct ims_array *slice, double lo, double hi,
                                  struct ims_transform_map *out)
{
    bool gap = ims_dtype_is_float(slice->dtype);
    struct ims_transform_map map = {.first = gap ? 1 : 0,
                                    .count = gap ? 255 : 256,
                                    .falls = lo > hi,
                                    .lo = lo,
                                    .hi = hi};
    struct curve curve = {transform, gamma, lo, hi, map.count - 1, NULL};
    struct ims__cdf *cdf = NULL;

    if (transform == IMS_TRANSFORM_EQUALIZE) {
        cdf = ims__cdf_create(slice, lo, hi);
        if (!cdf)
            return IMS_ERR_NOMEM;
        curve.cdf = cdf;
    }
    set_steps(&map, &curve);
    free(cdf);
    *out = map;
    return IMS_OK;
}

/* A step stands half a colour before its index; between two of them the way is taken as even. */
void ims_transform_levels(const struct ims_transform_map *map,
                          double out[IMS_TRANSFORM_LEVELS])
{
    const int last = map->count - 1;

    for (int i = 1; i < IMS_TRANSFORM_LEVELS - 1; i++) {
        double at = (double)i * last / (IMS_TRANSFORM_LEVELS - 1) + 0.5;
        const double *step = &map->steps[(int)at - 1];
        double x = step[0] + (step[1] - step[0]) * (at - floor(at));
        out[i] = map->falls ? -x : x;
    }
    out[0] = map->lo;
    out[IMS_TRANSFORM_LEVELS - 1] = map->hi;
}
