/* SPDX-License-Identifier: MIT */
#include "array_impl.h"

#include <imshow/npy.h>
#include <stdio.h>
#include <string.h>

enum ims_result ims_npy_read(const uint8_t *data, size_t size, size_t max_bytes,
                             struct ims_array *out, struct ims_error *err)
{
    struct ims_npy_head head;
    struct ims_array array;
    enum ims_result result = ims_npy_head_read(data, size, &head, err);

    if (result)
        return result;
    if (head.data_bytes > max_bytes)
        return ims_fail(err, IMS_ERR_LIMIT, "npy: %zu bytes of items, at most %zu",
                        head.data_bytes, max_bytes);
    if (head.data_bytes > size - head.data_offset)
        return ims_fail(err, IMS_ERR_TRUNCATED,
                        "npy: %zu bytes of items, but %zu are there", head.data_bytes,
                        size - head.data_offset);
    result = ims_array_create(head.dtype, head.ndim, head.shape, &array, err);
    if (result)
        return result;
    if (head.data_bytes)
        memcpy(array.data, data + head.data_offset, head.data_bytes);
    if (head.swapped)
        ims_swap_bytes(array.data, ims_array_count(&array), ims_dtype_size(array.dtype));
    ims__array_set_strides(&array, head.fortran_order);
    *out = array;
    return IMS_OK;
}

/* NumPy pads with blanks, so that the items start at a multiple of 64. */
static size_t write_head(enum ims_dtype dtype, int ndim, const size_t *shape,
                         char out[512])
{
    static const char magic[8] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0};
    size_t at = 10;

    at += (size_t)snprintf(out + at, 512 - at,
                           "{'descr': '%s', 'fortran_order': False, 'shape': (",
                           ims_dtype_str(dtype));
    for (int i = 0; i < ndim; i++)
        at += (size_t)snprintf(out + at, 512 - at, i ? ", %zu" : "%zu", shape[i]);
    at += (size_t)snprintf(out + at, 512 - at, ndim == 1 ? ",), }" : "), }");
    const size_t total = (at + 64) / 64 * 64;
    memset(out + at, ' ', total - 1 - at);
    out[total - 1] = '\n';
    memcpy(out, magic, sizeof magic);
    out[8] = (char)((total - 10) & 0xff);
    out[9] = (char)((total - 10) >> 8);
    return total;
}

enum ims_result ims_npy_head_write(enum ims_dtype dtype, int ndim, const size_t *shape,
                                   struct ims_bytes *out)
{
    char head[512]; /* 8 lengths of up to 20 digits and 80 letters */

    ims_bytes_append(out, head, write_head(dtype, ndim, shape, head));
    return out->result;
}

enum ims_result ims_npy_write(const struct ims_array *array, struct ims_bytes *out)
{
    enum ims_result r = ims_npy_head_write(array->dtype, array->ndim, array->shape, out);

    if (r)
        return r;
    uint8_t *place =
        ims_bytes_extend(out, ims_array_count(array) * ims_dtype_size(array->dtype));
    if (place)
        ims__array_copy_items(array, place);
    return out->result;
}
