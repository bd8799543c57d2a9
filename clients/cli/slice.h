/* SPDX-License-Identifier: MIT */
#ifndef CLI_SLICE_H
#define CLI_SLICE_H

/*
 * One picture out of an array of many: the axes that animation_frame, facet_row and facet_col name, then
 * leading axes until a picture is left.
 *
 *     struct slice slice;
 *     if (slice_take(&array, &map, "3", &slice, &err)) ...
 *     if (slice.is_chosen_for_you) ...
 *     ims_array_finish(&slice.picture);
 */

#include <imshow/array.h>

struct slice {
    struct ims_array picture; /* (h, w), or (h, w, 3 or 4) */
    int named, leading;       /* axes that were sliced, by parameter and without one */
    bool is_chosen_for_you;   /* an index that was not given is 0 */
};

/* `indices` is "2" or "2,0" or NULL, `params` the map of px.imshow's parameters. Fails: INVALID. */
IMS_NODISCARD enum ims_result slice_take(const struct ims_array *array,
                                         const struct ims_value *params,
                                         const char *indices, struct slice *out,
                                         struct ims_error *err);

#endif
