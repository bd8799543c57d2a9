/* SPDX-License-Identifier: MIT */
#ifndef IMS_ROWS_H
#define IMS_ROWS_H

/*
 * An array as a series of rows, whatever its strides, and rows of any type as doubles.
 *
 *     struct ims__rows rows = ims__rows(&array);
 *     struct ims__row row;
 *     double v[IMS__CHUNK];
 *     while (ims__rows_next(&rows, &row))
 *         ims__load_f64(array.dtype, row.data, row.stride, n, v);
 *
 * A C-ordered array is one single row of all its items. Nothing is copied or owned.
 */

#include <imshow/array.h>

enum { IMS__CHUNK = 512 }; /* items that a loop converts on its stack at a time */

struct ims__row {
    const uint8_t *data;
    size_t count;
    ptrdiff_t stride; /* bytes from item to item */
};

struct ims__rows {
    const struct ims_array *array;
    const uint8_t *data;
    size_t index[IMS_MAX_DIMS];
    bool flat, done;
};

struct ims__rows ims__rows(const struct ims_array *array);
bool ims__rows_next(struct ims__rows *rows, struct ims__row *out);

/* Items as doubles; i64 and u64 round. */
void ims__load_f64(enum ims_dtype dtype, const uint8_t *src, ptrdiff_t stride,
                   size_t count, double *out);
/* Doubles as contiguous items: integers round half up and saturate (NaN: 0), floats round to nearest. */
void ims__store_f64(enum ims_dtype dtype, const double *v, size_t count, void *out);
uint16_t ims__f64_to_f16(double v);
/* Items of `size` bytes moved together. */
void ims__gather(const uint8_t *src, ptrdiff_t stride, size_t count, size_t size,
                 uint8_t *out);

#endif
