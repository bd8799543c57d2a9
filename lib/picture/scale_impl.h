/* SPDX-License-Identifier: MIT */
#ifndef IMS_SCALE_IMPL_H
#define IMS_SCALE_IMPL_H

/*
 * What the files of scaling share: where one axis of a picture goes.
 *
 *     struct ims__axis x = ims__axis(1920, 640);
 *     struct ims__reach r = ims__axis_reach(&x, 7);     // input pixels 21..23, each of weight 1
 *
 * Weights are integers: with g = gcd(in, out) an output pixel spans in/g units and an input pixel out/g,
 * so that the share of a cut pixel is exact and rounding half up means what it says.
 */

#include <imshow/array.h>

struct ims__axis {
    size_t in, out;
    uint64_t cell, span; /* units of an input and of an output pixel; up: 1 and 1 */
};

struct ims__reach {
    size_t first, last;              /* input pixels, both included */
    uint64_t w_first, w_mid, w_last; /* weights; w_first counts when first == last */
};

struct ims__axis ims__axis(size_t in, size_t out);
struct ims__reach ims__axis_reach(const struct ims__axis *axis, size_t at);
static inline uint64_t ims__reach_weight(const struct ims__reach *reach, size_t at)
{
    if (at == reach->first)
        return reach->w_first;
    return at == reach->last ? reach->w_last : reach->w_mid;
}

/* One scaling under way. `out` is C-ordered and of the input's type. */
struct ims__scaling {
    const struct ims_array *in;
    struct ims_array *out;
    struct ims__axis x, y;
    size_t channels;
    size_t item; /* bytes */
};

/* The input row `y`, contiguous: in place where it is, else gathered into `scratch`. */
const uint8_t *ims__scaling_row(const struct ims__scaling *s, size_t y, uint8_t *scratch);

/* Each fills `out`. NOMEM when there is no room for a row of sums. */
IMS_NODISCARD enum ims_result ims__scale_nearest(const struct ims__scaling *s);
IMS_NODISCARD enum ims_result ims__scale_area(const struct ims__scaling *s);
/* Integer factors of u8 and u16 alone; ims__scale_is_box says whether this is one. */
bool ims__scale_is_box(const struct ims__scaling *s);
IMS_NODISCARD enum ims_result ims__scale_box(const struct ims__scaling *s);

#endif
