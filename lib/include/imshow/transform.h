/* SPDX-License-Identifier: MIT */
#ifndef IMS_TRANSFORM_H
#define IMS_TRANSFORM_H

/*
 * How values spread over a colour scale where that is not even: from value to colour index through a curve.
 *
 *     double lo = 0, hi = 4095;
 *     ims_transform_limits(IMS_TRANSFORM_LOG, &slice, &lo, &hi);      // log wants limits above 0
 *     struct ims_transform_map map;
 *     if (ims_transform_map(IMS_TRANSFORM_LOG, 0, &slice, lo, hi, &map)) ...
 *     ims_transform_plane(&map, &plane, indices, width);
 *
 * docs/protocol.md section 6 has the formulas. All of them rise, so that a map is the list of the values at
 * which the index steps up, and one search serves them all. A plain value, any thread.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ims_transform {
    IMS_TRANSFORM_LINEAR, /* as struct ims_index_map has it; no map is made of it here */
    IMS_TRANSFORM_LOG,
    IMS_TRANSFORM_SQRT,
    IMS_TRANSFORM_GAMMA, /* the power `gamma` */
    IMS_TRANSFORM_ASINH,
    IMS_TRANSFORM_EQUALIZE, /* as many items of each colour, by the slice's own histogram */
    IMS_TRANSFORM_COUNT,
};

#define IMS_GAMMA_DEFAULT (1 / 2.2)
#define IMS_GAMMA_LEAST   0.05
#define IMS_GAMMA_MOST    20.0

enum {
    IMS_EQUALIZE_BINS = 1 << 16, /* between the limits */
    IMS_TRANSFORM_LEVELS = 9, /* values that tell what a colour bar's even places mean */
};

struct ims_transform_map {
    int first, count; /* indices in use; floats begin at 1, 0 is a gap */
    bool falls;       /* lo > hi */
    double lo, hi;
    /* The least value of each index but the first; behind the last one infinities. Where the map falls
     * the values are those of -v. */
    double steps[256];
};

const char *ims_transform_name(enum ims_transform transform); /* "log" */

/* The limits that a transform really uses: equal ones are widened; log puts the slice's least value above
 * 0, but no less than the other limit's millionth, for one that is not above 0, and 1..10 where there is no such value. */
void ims_transform_limits(enum ims_transform transform, const struct ims_array *slice,
                          double *lo, double *hi);
/* `slice` gives the type, and equalize its histogram; limits are those of ims_transform_limits. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_transform_map(enum ims_transform transform,
                                                double gamma,
                                                const struct ims_array *slice, double lo,
                                                double hi, struct ims_transform_map *out);
/* The index of one value. */
uint8_t ims_transform_index(const struct ims_transform_map *map, double value);
/* A 2-D array of the map's type to indices, `stride` bytes a row. */
void ims_transform_plane(const struct ims_transform_map *map,
                         const struct ims_array *plane, uint8_t *out, size_t stride);
/* The values at 0, 1/8 ... 1 of the colour scale. */
void ims_transform_levels(const struct ims_transform_map *map,
                          double out[IMS_TRANSFORM_LEVELS]);

#ifdef __cplusplus
}
#endif
#endif
