/* SPDX-License-Identifier: MIT */
#include "array_impl.h"

#include <string.h>

bool ims_shape_bytes(enum ims_dtype dtype, int ndim, const size_t *shape, size_t *out)
{
    size_t bytes = ims_dtype_size(dtype);
    bool empty = false;

    if (ndim < 0 || ndim > IMS_MAX_DIMS)
        return false;
    /* A zero hides an overflow of the others, but strides are made from them all the same. */
    for (int i = 0; i < ndim; i++) {
        empty |= shape[i] == 0;
        if (shape[i] && __builtin_mul_overflow(bytes, shape[i], &bytes))
            return false;
        if (bytes > PTRDIFF_MAX)
            return false;
    }
    *out = empty ? 0 : bytes;
    return true;
}

void ims__array_set_strides(struct ims_array *array, bool fortran_order)
{
    ptrdiff_t stride = (ptrdiff_t)ims_dtype_size(array->dtype);

    for (int i = 0; i < array->ndim; i++) {
        const int axis = fortran_order ? i : array->ndim - 1 - i;
        array->strides[axis] = stride;
        if (array->shape[axis])
            stride *= (ptrdiff_t)array->shape[axis];
    }
}

static enum ims_result fail_shape(int ndim, struct ims_error *err)
{
    if (ndim < 0 || ndim > IMS_MAX_DIMS)
        ims_fail(err, IMS_ERR_LIMIT, "an array has 0 to %d dimensions, not %d",
                 IMS_MAX_DIMS, ndim);
    else
        ims_fail(err, IMS_ERR_LIMIT, "the array's size overflows");
    return IMS_ERR_LIMIT;
}

/* Consumes nothing: `buffer` is stored as it is. */
static struct ims_array make_array(struct ims_buffer *buffer, size_t offset,
                                   enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_array a = {
        .dtype = dtype, .ndim = ndim, .data = buffer->data + offset, .buffer = buffer};

    if (ndim > 0)
        memcpy(a.shape, shape, (size_t)ndim * sizeof shape[0]);
    ims__array_set_strides(&a, false);
    return a;
}

enum ims_result ims_array_create(enum ims_dtype dtype, int ndim, const size_t *shape,
                                 struct ims_array *out, struct ims_error *err)
{
    struct ims_buffer *buffer;
    size_t bytes;

    if (!ims_shape_bytes(dtype, ndim, shape, &bytes))
        return fail_shape(ndim, err);
    if (ims_buffer_create(bytes, &buffer)) {
        ims_fail(err, IMS_ERR_NOMEM, "no memory for an array of %zu bytes", bytes);
        return IMS_ERR_NOMEM;
    }
    *out = make_array(buffer, 0, dtype, ndim, shape);
    return IMS_OK;
}

enum ims_result ims_array_over(struct ims_buffer *buffer, size_t offset,
                               enum ims_dtype dtype, int ndim, const size_t *shape,
                               struct ims_array *out, struct ims_error *err)
{
    size_t bytes;

    if (!ims_shape_bytes(dtype, ndim, shape, &bytes))
        return fail_shape(ndim, err);
    if (offset > buffer->size || bytes > buffer->size - offset)
        return ims_fail(err, IMS_ERR_TRUNCATED,
                        "an array of %zu bytes at %zu does not fit into %zu bytes", bytes,
                        offset, buffer->size);
    *out = make_array(ims_buffer_ref(buffer), offset, dtype, ndim, shape);
    return IMS_OK;
}

struct ims_array ims_array_ref(const struct ims_array *array)
{
    struct ims_array copy = *array;

    if (copy.buffer)
        ims_buffer_ref(copy.buffer);
    if (copy.labels)
        ims_labels_ref(copy.labels);
    return copy;
}

void ims_array_finish(struct ims_array *array)
{
    ims_buffer_unref(&array->buffer);
    ims_labels_unref(&array->labels);
    *array = (struct ims_array){0};
}

size_t ims_array_count(const struct ims_array *array)
{
    size_t count = 1;

    for (int i = 0; i < array->ndim; i++)
        if (array->shape[i] == 0)
            return 0;
    for (int i = 0; i < array->ndim; i++)
        count *= array->shape[i];
    return count;
}

bool ims_array_is_c_ordered(const struct ims_array *array)
{
    ptrdiff_t stride = (ptrdiff_t)ims_dtype_size(array->dtype);

    if (ims_array_count(array) == 0)
        return true;
    for (int i = array->ndim - 1; i >= 0; i--) {
        if (array->shape[i] != 1 && array->strides[i] != stride)
            return false;
        stride *= (ptrdiff_t)array->shape[i];
    }
    return true;
}

const uint8_t *ims_array_at(const struct ims_array *array, const size_t *index)
{
    const uint8_t *at = array->data;

    for (int i = 0; i < array->ndim; i++)
        at += (ptrdiff_t)index[i] * array->strides[i];
    return at;
}

static uint8_t *copy_row(const struct ims_array *array, const uint8_t *row, uint8_t *out)
{
    const size_t size = ims_dtype_size(array->dtype);
    const int last = array->ndim - 1;

    if (array->strides[last] == (ptrdiff_t)size) {
        memcpy(out, row, array->shape[last] * size);
        return out + array->shape[last] * size;
    }
    for (size_t i = 0; i < array->shape[last]; i++, out += size)
        memcpy(out, row + (ptrdiff_t)i * array->strides[last], size);
    return out;
}

void ims__array_copy_items(const struct ims_array *array, uint8_t *out)
{
    const size_t count = ims_array_count(array);
    size_t index[IMS_MAX_DIMS] = {0};

    if (count == 0)
        return;
    if (ims_array_is_c_ordered(array)) {
        memcpy(out, array->data, count * ims_dtype_size(array->dtype));
        return;
    }
    for (int axis = 0; axis >= 0;) { /* an odometer over all axes but the last */
        out = copy_row(array, ims_array_at(array, index), out);
        for (axis = array->ndim - 2; axis >= 0; axis--) {
            if (++index[axis] < array->shape[axis])
                break;
            index[axis] = 0;
        }
    }
}

enum ims_result ims_array_c_ordered(const struct ims_array *array, struct ims_array *out,
                                    struct ims_error *err)
{
    struct ims_array copy = {0};

    if (ims_array_is_c_ordered(array)) {
        *out = ims_array_ref(array);
        /* Strides of axes of length 1 may be anything; the copy's are what users compute with. */
        ims__array_set_strides(out, false);
        return IMS_OK;
    }
    enum ims_result r =
        ims_array_create(array->dtype, array->ndim, array->shape, &copy, err);
    if (r)
        return r;
    ims__array_copy_items(array, copy.data);
    copy.labels = array->labels ? ims_labels_ref(array->labels) : NULL;
    *out = copy;
    return IMS_OK;
}

enum ims_result ims_array_slice(const struct ims_array *array, int axis, size_t index,
                                struct ims_array *out, struct ims_error *err)
{
    const int at = axis < 0 ? axis + array->ndim : axis;
    struct ims_labels *labels = NULL;

    if (at < 0 || at >= array->ndim)
        return ims_fail(err, IMS_ERR_INVALID, "axis %d of an array of %d dimensions",
                        axis, array->ndim);
    if (index >= array->shape[at])
        return ims_fail(err, IMS_ERR_INVALID, "index %zu of an axis of length %zu", index,
                        array->shape[at]);
    if (array->labels && ims__labels_without(array->labels, at, &labels))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the labels of a slice");

    struct ims_array slice = *array;
    const size_t rest = (size_t)(array->ndim - 1 - at);
    slice.data += (ptrdiff_t)index * array->strides[at];
    memmove(&slice.shape[at], &array->shape[at + 1], rest * sizeof slice.shape[0]);
    memmove(&slice.strides[at], &array->strides[at + 1], rest * sizeof slice.strides[0]);
    slice.ndim--;
    slice.shape[slice.ndim] = 0;
    slice.strides[slice.ndim] = 0;
    slice.labels = labels;
    if (slice.buffer)
        ims_buffer_ref(slice.buffer);
    *out = slice;
    return IMS_OK;
}
