/* SPDX-License-Identifier: MIT */
#ifndef IMS_NPY_H
#define IMS_NPY_H

/*
 * NumPy's .npy files, versions 1 to 3, C and Fortran order, both byte orders.
 *
 *     struct ims_array a;
 *     if (ims_npy_read(bytes, size, 1 << 28, &a, &err)) ...
 *     struct ims_bytes out = {0};
 *     if (ims_npy_write(&a, &out)) ...
 *
 * Format: numpy.lib.format in NumPy's documentation.
 */

#include <imshow/array.h>
#include <imshow/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The head alone: type, shape and where the items begin. `size` may be what has arrived so far. Fails:
 * TRUNCATED (more bytes are needed for the head), INVALID, UNSUPPORTED, LIMIT. */
struct ims_npy_head {
    enum ims_dtype dtype;
    bool swapped, fortran_order;
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    size_t data_offset, data_bytes;
};
IMS_NODISCARD enum ims_result ims_npy_head_read(const uint8_t *data, size_t size,
                                                struct ims_npy_head *out,
                                                struct ims_error *err);
/* Copies the items out of `data` into an array in the machine's byte order (Fortran order becomes
 * strides). Refuses more than `max_bytes` of items before any memory is taken. Fails: as above, NOMEM. */
IMS_NODISCARD enum ims_result ims_npy_read(const uint8_t *data, size_t size,
                                           size_t max_bytes, struct ims_array *out,
                                           struct ims_error *err);
/* Appends the head of a version 1.0 file in C order, whose items the caller writes behind it, in the machine's order of
 * bytes. Fails: NOMEM, LIMIT of `out`. */
IMS_NODISCARD enum ims_result ims_npy_head_write(enum ims_dtype dtype, int ndim,
                                                 const size_t *shape,
                                                 struct ims_bytes *out);
/* Appends a version 1.0 file in C order. Fails: NOMEM, LIMIT of `out`. */
IMS_NODISCARD enum ims_result ims_npy_write(const struct ims_array *array,
                                            struct ims_bytes *out);

#ifdef __cplusplus
}
#endif
#endif
