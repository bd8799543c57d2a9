/* SPDX-License-Identifier: MIT */
#ifndef IMS_LIMITS_H
#define IMS_LIMITS_H

/*
 * Which values are the ends of the colour scale, and the one formula from value to colour index.
 *
 *     struct ims_limits_policy policy = {.kind = IMS_LIMITS_MINMAX};
 *     struct ims_limits limits;
 *     ims_limits_resolve(&policy, &array, &limits);       // of this very array
 *     struct ims_index_map map = ims_index_map(IMS_U16, &limits);
 *     ims_index_rows(&map, &array, indices, width);
 *
 * The formula (docs/protocol.md, "From value to colour"; tests/wire/index.json are its vectors):
 *
 *     lo == hi:  lo -= 0.5, hi += 0.5          (as plotly.js widens an empty range)
 *     integers:  n = 256, first = 0            floats: n = 255, first = 1, index 0 is a gap
 *     index = first + clamp(floor((v - lo) * ((n - 1) / (hi - lo)) + 0.5), 0, n - 1)
 *
 * in double precision; NaN and infinities are gaps.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ims_limits_kind {
    IMS_LIMITS_AUTO,   /* u8: 0..255; other types: minmax */
    IMS_LIMITS_FIXED,  /* lo and hi as given */
    IMS_LIMITS_MINMAX, /* of each frame */
    IMS_LIMITS_INFER,  /* px.imshow's contrast_rescaling="infer": the type's range */
};

struct ims_limits_policy {
    enum ims_limits_kind kind;
    /* FIXED, and halves of the others: a limit that is given wins over the policy. */
    bool has_lo, has_hi;
    int channels; /* 1: lo[0], hi[0] serve all channels; 3, 4: one each */
    double lo[4], hi[4];
};

struct ims_limits {
    int channels; /* 1, 3 or 4 */
    double lo[4], hi[4];
};

/* The limits of one picture. minmax leaves NaN and infinities out (an array without a finite item gives
 * 0..1). The array may be of any dtype and any strides. Never fails. */
void ims_limits_resolve(const struct ims_limits_policy *policy,
                        const struct ims_array *array, struct ims_limits *out);

/* The least and greatest finite item; false when there is none. */
bool ims_minmax(const struct ims_array *array, double *lo, double *hi);

struct ims_index_map {
    double lo, scale; /* index = first + clamp(floor((v - lo) * scale + 0.5)) */
    int first, count; /* 0, 256 or 1, 255 */
};
/* How values between two limits become indices; those of floats begin at 1, since 0 is for what is not
 * finite. docs/protocol.md states the formula. */
struct ims_index_map ims_index_map(enum ims_dtype dtype, double lo, double hi);
/* The index of one value. */
uint8_t ims_index_of(const struct ims_index_map *map, double value);
/* A 2-D array to indices, `stride` bytes a row. */
void ims_index_plane(const struct ims_index_map *map, const struct ims_array *plane,
                     uint8_t *out, size_t stride);

#ifdef __cplusplus
}
#endif
#endif
