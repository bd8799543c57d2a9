/* SPDX-License-Identifier: MIT */
#ifndef IMS_TYPED_H
#define IMS_TYPED_H

/*
 * Coordinates of a stated type, and differences in that type.
 *
 *     {"dtype": "<f4", "data": [0.1, 0.2, 0.3]}        data may be a msgpack bin of the items
 *     {"dtype": "datetime64[D]", "data": ["2020-01-01", "2020-01-02"]}
 */

#include <imshow/array.h>

/* One dimension; of dates the counts, as i64, with their unit in `dates`, else IMS_DATE_NONE. `name` is
 * the parameter, for the error. Fails: INVALID, UNSUPPORTED, NOMEM. */
IMS_NODISCARD enum ims_result ims__typed_array(const struct ims_value *map,
                                               const char *name, struct ims_array *out,
                                               enum ims_date_unit *dates,
                                               struct ims_error *err);
/* a - b as numpy computes it in the type of both: integers wrap around, f32 stays f32. */
struct ims_value ims__typed_difference(enum ims_dtype dtype, const void *a,
                                       const void *b);

#endif
