/* SPDX-License-Identifier: MIT */
#include "clones.h"
#include "rows.h"

#include <float.h>
#include <imshow/limits.h>
#include <math.h>
#include <string.h>

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

/* The formula over bytes and words stays within what an int holds, unless the limits are beyond everything: then
 * whole numbers are clamped, which takes half the time. Cutting is floor but for what is below 0, which is 0. */
static bool is_moderate(const struct ims_index_map *map)
{
    return (fabs(map->lo) + UINT16_MAX) * fabs(map->scale) < 1 << 30;
}

static inline int cut_clamp(double t, int last)
{
    int at = (int)t;

    at = at > 0 ? at : 0;
    return at < last ? at : last;
}

IMS__CLONES
static void index_words(const struct ims_index_map *map, const uint16_t *restrict v,
                        size_t n, uint8_t *restrict out)
{
    const double lo = map->lo, scale = map->scale;
    const int last = map->count - 1;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)cut_clamp((v[i] - lo) * scale + 0.5, last);
}

IMS__CLONES
static void index_bytes(const struct ims_index_map *map, const uint8_t *restrict v,
                        size_t n, uint8_t *restrict out)
{
    const double lo = map->lo, scale = map->scale;
    const int last = map->count - 1;

    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)cut_clamp((v[i] - lo) * scale + 0.5, last);
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

static bool is_plain(const struct ims__row *row, size_t size)
{
    return row->stride == (ptrdiff_t)size && (uintptr_t)row->data % size == 0;
}

static void index_row(const struct ims_index_map *map, enum ims_dtype dtype,
                      const struct ims__row *row, uint8_t *out)
{
    bool plain = is_plain(row, ims_dtype_size(dtype));

    if (plain && dtype == IMS_U16 && is_moderate(map))
        index_words(map, (const void *)row->data, row->count, out);
    else if (plain && dtype == IMS_U16)
        index_u16(map, (const void *)row->data, row->count, out);
    else if (plain && dtype == IMS_F32)
        index_f32(map, (const void *)row->data, row->count, out);
    else if (plain && dtype == IMS_F64)
        index_f64(map, (const void *)row->data, row->count, out);
    else
        index_any(map, dtype, row, out);
}

static struct ims__row row_at(const struct ims_array *plane, size_t y)
{
    return (struct ims__row){plane->data + (ptrdiff_t)y * plane->strides[0],
                             plane->shape[1], plane->strides[1]};
}

static void index_u8_plane(const struct ims_index_map *map, const struct ims_array *plane,
                           uint8_t *out, size_t stride)
{
    bool moderate = is_moderate(map);
    uint8_t table[256];

    bool is_itself =
        true; /* limits of 0 and 255, which bytes have unless others are asked for */

    for (int i = 0; i < 256; i++) {
        table[i] = ims_index_of(map, i);
        is_itself &= table[i] == i;
    }
    for (size_t y = 0; y < plane->shape[0]; y++) {
        struct ims__row row = row_at(plane, y);
        uint8_t *to = out + y * stride;
        if (is_itself && is_plain(&row, 1)) {
            memcpy(to, row.data, row.count);
            continue;
        }
        if (moderate && is_plain(&row, 1)) {
            index_bytes(map, row.data, row.count, to);
            continue;
        }
        for (size_t x = 0; x < row.count; x++, row.data += row.stride)
            to[x] = table[*row.data];
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
        struct ims__row row = row_at(plane, y);
        index_row(map, plane->dtype, &row, out + y * stride);
    }
}
