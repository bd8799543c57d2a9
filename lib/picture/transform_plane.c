/* SPDX-License-Identifier: MIT */
#include "clones.h"
#include "rows.h"

#include <float.h>
#include <imshow/transform.h>
#include <math.h>
#include <stdlib.h>

/* How many steps are not above x, by halving and without a branch: the compiler does several at once. */
IMS__CLONES
static void find_steps(const struct ims_transform_map *map, const double *restrict v,
                       size_t n, uint8_t *restrict out)
{
    const double *steps = map->steps, sign = map->falls ? -1 : 1;
    const int first = map->first;

    for (size_t i = 0; i < n; i++) {
        double x = v[i] * sign;
        int at = 0;
        at += steps[at + 127] <= x ? 128 : 0;
        at += steps[at + 63] <= x ? 64 : 0;
        at += steps[at + 31] <= x ? 32 : 0;
        at += steps[at + 15] <= x ? 16 : 0;
        at += steps[at + 7] <= x ? 8 : 0;
        at += steps[at + 3] <= x ? 4 : 0;
        at += steps[at + 1] <= x ? 2 : 0;
        at += steps[at] <= x ? 1 : 0;
        out[i] = (uint8_t)(fabs(x) <= DBL_MAX ? first + at : 0);
    }
}

uint8_t ims_transform_index(const struct ims_transform_map *map, double value)
{
    uint8_t index;
    find_steps(map, &value, 1, &index);
    return index;
}

static void map_row(const struct ims_transform_map *map, enum ims_dtype dtype,
                    const struct ims__row *row, uint8_t *out)
{
    double v[IMS__CHUNK];

    for (size_t i = 0, n; i < row->count; i += n) {
        n = row->count - i < IMS__CHUNK ? row->count - i : IMS__CHUNK;
        ims__load_f64(dtype, row->data + (ptrdiff_t)i * row->stride, row->stride, n, v);
        find_steps(map, v, n, out + i);
    }
}

/* ---- u8 and u16 by a table of all their values ---- */

static void fill_table(const struct ims_transform_map *map, uint8_t *table, size_t count)
{
    double v[IMS__CHUNK];

    for (size_t at = 0, n; at < count; at += n) {
        n = count - at < IMS__CHUNK ? count - at : IMS__CHUNK;
        for (size_t i = 0; i < n; i++)
            v[i] = (double)(at + i);
        find_steps(map, v, n, table + at);
    }
}

static void look_up(const uint8_t *table, enum ims_dtype dtype,
                    const struct ims__row *row, uint8_t *out)
{
    const uint8_t *src = row->data;

    for (size_t i = 0; i < row->count; i++, src += row->stride)
        out[i] = table[dtype == IMS_U8 ? *src : *(const uint16_t *)(const void *)src];
}

static size_t table_size(const struct ims_array *plane)
{
    if (plane->dtype == IMS_U8)
        return 256;
    bool aligned = (uintptr_t)plane->data % 2 == 0 && plane->strides[0] % 2 == 0 &&
                   plane->strides[1] % 2 == 0;
    bool is_large = plane->shape[0] * plane->shape[1] >= 65536;
    return plane->dtype == IMS_U16 && aligned && is_large ? 65536 : 0;
}

void ims_transform_plane(const struct ims_transform_map *map,
                         const struct ims_array *plane, uint8_t *out, size_t stride)
{
    const size_t size = table_size(plane);
    uint8_t *table = size ? malloc(size) : NULL; /* without it, value by value */

    if (table)
        fill_table(map, table, size);
    for (size_t y = 0; y < plane->shape[0]; y++) {
        struct ims__row row = {plane->data + (ptrdiff_t)y * plane->strides[0],
                               plane->shape[1], plane->strides[1]};
        if (table)
            look_up(table, plane->dtype, &row, out + y * stride);
        else
            map_row(map, plane->dtype, &row, out + y * stride);
    }
    free(table);
}
