/* SPDX-License-Identifier: MIT */
#include "clones.h"
#include "rows.h"

#include <float.h>
#include <imshow/limits.h>
#include <math.h>

/*
 * Every path below computes (v - lo) * scale + 0.5 in double precision, unfused (the library is
 * compiled with -ffp-contract=off), then clamps to 0..count-1 and cuts. Clamping first makes cutting
 * equal to floor, and turns what the extremes make of the formula (0 times infinity) into 0.
 */

struct ims_index_map ims_index_map(enum ims_dtype dtype, double lo, double hi)
{
    bool gap = ims_dtype_is_float(dtype);
    struct ims_index_map map = {.first = gap ? 1 : 0, .count = gap ? 255 : 256};

    if (lo == hi) {
        lo -= 0.5;
        hi += 0.5;
    }
    map.lo = lo;
    map.scale = (map.count - 1) / (hi - lo);
    return map;
}

static inline int clamp_cut(double t, int last)
{
    t = t > 0 ? t : 0;
    t = t < last ? t : last;
    return (int)t;
}

uint8_t ims_index_of(const struct ims_index_map *map, double value)
{
    if (!isfinite(value))
        return 0;
    return (uint8_t)(map->first +
                     clamp_cut((value - map->lo) * map->scale + 0.5, map->count - 1));
}

IMS__CLONES
static void index_u16(const struct ims_index_map *map, const uint16_t *restrict v,
                      size_t n, uint8_t *restrict out)
{
    const double lo = map->lo, scale = map->scale;
    const int last = map->count - 1, first = map->first;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(first + clamp_cut((v[i] - lo) * scale + 0.5, last));
}

IMS__CLONES
static void index_f32(const struct ims_index_map *map, const float *restrict v, size_t n,
                      uint8_t *restrict out)
{
    const double lo = map->lo, scale = map->scale;
    const int last = map->count - 1, first = map->first;

    for (size_t i = 0; i < n; i++) {
        float x = v[i];
        int at = first + clamp_cut(((double)x - lo) * scale + 0.5, last);
        out[i] = (uint8_t)(fabsf(x) <= FLT_MAX ? at : 0);
    }
}

IMS__CLONES
static void index_f64(const struct ims_index_map *map, const double *restrict v, size_t n,
                      uint8_t *restrict out)
{
    const double lo = map->lo, scale = map->scale;
    const int last = map->count - 1, first = map->first;

    for (size_t i = 0; i < n; i++) {
        double x = v[i];
        int at = first + clamp_cut((x - lo) * scale + 0.5, last);
        out[i] = (uint8_t)(fabs(x) <= DBL_MAX ? at : 0);
    }
}

static void index_any(const struct ims_index_map *map, enum ims_dtype dtype,
                      const struct ims__row *row, uint8_t *out)
{
    double v[IMS__CHUNK];

    for (size_t i = 0, n; i < row->count; i += n) {
        n = row->count - i < IMS__CHUNK ? row->count - i : IMS__CHUNK;
        ims__load_f64(dtype, row->data + (ptrdiff_t)i * row->stride, row->stride, n, v);
        index_f64(map, v, n, out + i);
    }
}

static void index_row(const struct ims_index_map *map, enum ims_dtype dtype,
                      const struct ims__row *row, uint8_t *out)
{
    size_t size = ims_dtype_size(dtype);
    bool plain = row->stride == (ptrdiff_t)size && (uintptr_t)row->data % size == 0;

    if (plain && dtype == IMS_U16)
        index_u16(map, (const void *)row->data, row->count, out);
    else if (plain && dtype == IMS_F32)
        index_f32(map, (const void *)row->data, row->count, out);
    else if (plain && dtype == IMS_F64)
        index_f64(map, (const void *)row->data, row->count, out);
    else
        index_any(map, dtype, row, out);
}

static void index_u8_plane(const struct ims_index_map *map, const struct ims_array *plane,
                           uint8_t *out, size_t stride)
{
    uint8_t table[256];

    for (int i = 0; i < 256; i++)
        table[i] = ims_index_of(map, i);
    for (size_t y = 0; y < plane->shape[0]; y++) {
        const uint8_t *src = plane->data + (ptrdiff_t)y * plane->strides[0];
        uint8_t *to = out + y * stride;
        for (size_t x = 0; x < plane->shape[1]; x++, src += plane->strides[1])
            to[x] = table[*src];
    }
}

void ims_index_plane(const struct ims_index_map *map, const struct ims_array *plane,
                     uint8_t *out, size_t stride)
{
    if (plane->dtype == IMS_U8) {
        index_u8_plane(map, plane, out, stride);
        return;
    }
    for (size_t y = 0; y < plane->shape[0]; y++) {
        struct ims__row row = {plane->data + (ptrdiff_t)y * plane->strides[0],
                               plane->shape[1], plane->strides[1]};
        index_row(map, plane->dtype, &row, out + y * stride);
    }
}
