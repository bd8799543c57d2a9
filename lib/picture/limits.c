/* SPDX-License-Identifier: MIT */
#include <imshow/limits.h>
#include <math.h>

struct pair {
    double lo, hi;
};

static struct pair minmax_of(const struct ims_array *array)
{
    struct pair p = {0, 1};

    (void)ims_minmax(array, &p.lo, &p.hi);
    return p;
}

/* px.imshow's choice for floats: the least usual white above the greatest finite item, with 5 % of
 * tolerance. Its last step is 2^32, not 2^32 - 1. */
static double infer_float(const struct ims_array *array)
{
    static const double white[] = {1, 255, 65535};
    double lo, hi;

    if (!ims_minmax(array, &lo, &hi))
        return 1;
    for (size_t i = 0; i < sizeof(white) / sizeof(white[0]); i++)
        if (hi <= white[i] * 1.05)
            return white[i];
    return 4294967296.0;
}

static struct pair infer(const struct ims_array *array)
{
    static const double white[IMS_DTYPE_COUNT] = {
        [IMS_BOOL] = 1,
        [IMS_I8] = INT8_MAX,
        [IMS_U8] = UINT8_MAX,
        [IMS_I16] = INT16_MAX,
        [IMS_U16] = UINT16_MAX,
        [IMS_I32] = INT32_MAX,
        [IMS_U32] = UINT32_MAX,
        [IMS_I64] = (double)INT64_MAX,
        [IMS_U64] = (double)UINT64_MAX,
    };

    if (ims_dtype_is_float(array->dtype))
        return (struct pair){0, infer_float(array)};
    return (struct pair){0, white[array->dtype]};
}

static struct pair by_policy(const struct ims_limits_policy *policy,
                             const struct ims_array *array)
{
    bool given = policy->has_lo && policy->has_hi;

    if (given || policy->kind == IMS_LIMITS_FIXED)
        return (struct pair){0, 0}; /* both are replaced: spare the pass over the items */
    if (policy->kind == IMS_LIMITS_INFER)
        return infer(array);
    if (policy->kind == IMS_LIMITS_AUTO && array->dtype == IMS_U8)
        return (struct pair){0, 255};
    return minmax_of(array);
}

void ims_limits_resolve(const struct ims_limits_policy *policy,
                        const struct ims_array *array, struct ims_limits *out)
{
    bool fixed = policy->kind == IMS_LIMITS_FIXED;
    bool has_lo = policy->has_lo || fixed, has_hi = policy->has_hi || fixed;
    int channels = (has_lo || has_hi) && policy->channels > 1 ? policy->channels : 1;
    struct pair p = by_policy(policy, array);

    *out = (struct ims_limits){.channels = channels};
    for (int i = 0; i < channels; i++) {
        out->lo[i] = has_lo ? policy->lo[i] : p.lo;
        out->hi[i] = has_hi ? policy->hi[i] : p.hi;
    }
}
