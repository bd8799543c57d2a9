/* SPDX-License-Identifier: MIT */
#include "view_impl.h"

#include <imshow/colorscale.h>
#include <math.h>
#include <string.h>

struct ims_view_spec ims_view_spec_default(void)
{
    return (struct ims_view_spec){.level = -1};
}

const char *ims_interpolation_name(enum ims_interpolation interpolation)
{
    static const char *const names[IMS_INTERPOLATION_COUNT] = {
        [IMS_INTERPOLATION_NONE] = "none",
        [IMS_INTERPOLATION_NEAREST] = "nearest",
        [IMS_INTERPOLATION_BILINEAR] = "bilinear",
    };

    return (unsigned)interpolation < IMS_INTERPOLATION_COUNT ? names[interpolation]
                                                             : "unknown";
}

const char *ims_codec_name(enum ims_codec codec)
{
    static const char *const names[IMS_CODEC_COUNT] = {
        [IMS_CODEC_AUTO] = "auto",
        [IMS_CODEC_JPEG] = "jpeg",
        [IMS_CODEC_PNG] = "png",
        [IMS_CODEC_RAW] = "raw",
        [IMS_CODEC_PASSTHROUGH] = "passthrough",
    };

    return (unsigned)codec < IMS_CODEC_COUNT ? names[codec] : "unknown";
}

static bool equal_doubles(const double *a, const double *b, int count)
{
    for (int i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool equal_limits(const struct ims_limits_policy *a,
                         const struct ims_limits_policy *b)
{
    return a->kind == b->kind && a->has_lo == b->has_lo && a->has_hi == b->has_hi &&
           a->channels == b->channels && equal_doubles(a->lo, b->lo, 4) &&
           equal_doubles(a->hi, b->hi, 4);
}

static bool equal_places(const struct ims_view_spec *a, const struct ims_view_spec *b)
{
    return a->timeline == b->timeline && a->slice_count == b->slice_count &&
           memcmp(a->slice, b->slice, (size_t)a->slice_count * sizeof(a->slice[0])) ==
               0 &&
           a->has_region == b->has_region &&
           (!a->has_region || equal_doubles(a->region, b->region, 4)) &&
           a->width == b->width && a->height == b->height &&
           a->interpolation == b->interpolation;
}

bool ims_view_spec_equal(const struct ims_view_spec *a, const struct ims_view_spec *b)
{
    return equal_places(a, b) && equal_limits(&a->limits, &b->limits) &&
           a->transform == b->transform && a->gamma == b->gamma &&
           strcmp(a->colorscale, b->colorscale) == 0 && a->codec == b->codec &&
           a->quality == b->quality && a->level == b->level;
}

struct ims__window ims__view_window(const struct ims_view_spec *spec,
                                    const struct ims_extent *extent)
{
    struct ims__window win = {0, 0, extent->width, extent->height};

    if (spec->has_region) { /* settled: edges lie half a pixel before whole numbers */
        win.x = (uint32_t)(spec->region[0] + 0.5);
        win.y = (uint32_t)(spec->region[1] + 0.5);
        win.width = (uint32_t)(spec->region[2] + 0.5) - win.x;
        win.height = (uint32_t)(spec->region[3] + 0.5) - win.y;
    }
    return win;
}

enum ims_dtype ims__drawn_dtype(enum ims_dtype dtype)
{
    if (dtype == IMS_BOOL)
        return IMS_U8;
    return dtype == IMS_F16 ? IMS_F32 : dtype;
}

bool ims__view_has_limits(const struct ims_view_spec *spec,
                          const struct ims_extent *extent)
{
    return extent->channels == 1 || spec->limits.kind != IMS_LIMITS_AUTO ||
           spec->limits.has_lo || spec->limits.has_hi;
}

void ims_view_colors(const struct ims_view_spec *spec, enum ims_dtype dtype,
                     uint8_t out[256][3], bool *gap)
{
    const struct ims_colorscale *scale;
    bool reversed, floats = ims_dtype_is_float(dtype);

    if (ims_colorscale_find(spec->colorscale, &scale, &reversed, NULL) &&
        ims_colorscale_find(IMS_COLORSCALE_DEFAULT, &scale, &reversed, NULL))
        return; /* not reached: a test looks the default up */
    memset(out[0], 0, 3);
    ims_colorscale_table(scale, reversed, floats ? 255 : 256, out + (floats ? 1 : 0));
    *gap = floats;
}
