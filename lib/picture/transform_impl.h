/* SPDX-License-Identifier: MIT */
#ifndef IMS_TRANSFORM_IMPL_H
#define IMS_TRANSFORM_IMPL_H

/*
 * How the items of a slice are distributed between two limits, in IMS_EQUALIZE_BINS bins of one width.
 *
 *     struct ims__cdf *cdf = ims__cdf_create(&slice, lo, hi);       // free() when done
 *     double place = ims__cdf_at(cdf, u);                           // u from 0 to 1 between the limits
 *
 * Only finite items within the limits count.
 */

#include <imshow/transform.h>

struct ims__cdf {
    uint32_t first, total;            /* items in the first bin that has some; in all */
    uint32_t upto[IMS_EQUALIZE_BINS]; /* items in this bin and before */
};

/* NULL when there is no memory. */
struct ims__cdf *ims__cdf_create(const struct ims_array *slice, double lo, double hi);
/* 0 for the first bin that has items, 1 from the last one on. */
double ims__cdf_at(const struct ims__cdf *cdf, double u);
/* Where the first bin begins whose place is at least `q`. */
double ims__cdf_find(const struct ims__cdf *cdf, double q);

#endif
