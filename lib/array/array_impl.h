/* SPDX-License-Identifier: MIT */
#ifndef IMS_ARRAY_IMPL_H
#define IMS_ARRAY_IMPL_H

/*
 * What the array files share with the writers of arrays.
 *
 *     uint8_t *place = ims_bytes_extend(out, ims_array_count(&a) * ims_dtype_size(a.dtype));
 *     if (place)
 *         ims__array_copy_items(&a, place);
 */

#include <imshow/array.h>

/* Writes all items in C order to `out`, which has room for them. */
void ims__array_copy_items(const struct ims_array *array, uint8_t *out);

/* The strides of a C-ordered (or Fortran-ordered) array; the shape has been checked. */
void ims__array_set_strides(struct ims_array *array, bool fortran_order);

/* Labels that say nothing yet, with one reference; NULL when there is no memory. */
struct ims_labels *ims__labels_create(int ndim);
/* Labels without the dimension `axis`; a new reference. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__labels_without(const struct ims_labels *labels,
                                                  int axis, struct ims_labels **out);

#endif
