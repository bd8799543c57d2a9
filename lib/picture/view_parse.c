/* SPDX-License-Identifier: MIT */
#include <imshow/value.h>
#include <imshow/view.h>
#include <math.h>
#include <string.h>

/* One row per key of a `watch` message. */
struct key {
    const char *name;
    enum ims_result (*read)(const struct ims_value *v, struct ims_view_spec *spec,
                            struct ims_error *err);
};

static enum ims_result refuse(struct ims_error *err, const char *key, const char *allowed)
{
    return ims_fail(err, IMS_ERR_INVALID, "%s: must be %s", key, allowed);
}

/* True for text, copied; names of choices are short. */
static bool as_choice(const struct ims_value *v, const char *const *names, int count,
                      int *out)
{
    for (int i = 0; i < count; i++) {
        if (ims_value_is_text(v, names[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool as_u32(const struct ims_value *v, uint32_t *out)
{
    uint64_t n;

    if (!ims_value_as_u64(v, &n) || n > UINT32_MAX)
        return false;
    *out = (uint32_t)n;
    return true;
}

static bool as_int_within(const struct ims_value *v, int least, int most, int *out)
{
    int64_t n;

    if (!ims_value_as_i64(v, &n) || n < least || n > most)
        return false;
    *out = (int)n;
    return true;
}

static enum ims_result read_timeline(const struct ims_value *v,
                                     struct ims_view_spec *spec, struct ims_error *err)
{
    return as_u32(v, &spec->timeline) ? IMS_OK
                                      : refuse(err, "timeline", "a whole number from 0");
}

static enum ims_result read_slice(const struct ims_value *v, struct ims_view_spec *spec,
                                  struct ims_error *err)
{
    uint32_t slice[IMS_MAX_DIMS] = {0};

    if (v->kind != IMS_LIST || v->as.list.count > IMS_MAX_DIMS)
        return refuse(err, "slice", "a list of at most 8 whole numbers");
    for (size_t i = 0; i < v->as.list.count; i++)
        if (!as_u32(&v->as.list.items[i], &slice[i]))
            return refuse(err, "slice", "a list of whole numbers from 0");
    memcpy(spec->slice, slice, sizeof(slice));
    spec->slice_count = (int)v->as.list.count;
    return IMS_OK;
}

static enum ims_result read_region(const struct ims_value *v, struct ims_view_spec *spec,
                                   struct ims_error *err)
{
    double region[4];

    if (v->kind != IMS_LIST || v->as.list.count != 4)
        return refuse(err, "region", "[x0, y0, x1, y1] in pixels of the frame");
    for (size_t i = 0; i < 4; i++)
        if (!ims_value_as_f64(&v->as.list.items[i], &region[i]) || !isfinite(region[i]))
            return refuse(err, "region", "[x0, y0, x1, y1], four finite numbers");
    memcpy(spec->region, region, sizeof(region));
    spec->has_region = true;
    return IMS_OK;
}

static enum ims_result read_width(const struct ims_value *v, struct ims_view_spec *spec,
                                  struct ims_error *err)
{
    return as_u32(v, &spec->width)
               ? IMS_OK
               : refuse(err, "width", "a whole number of pixels, 0 for the frame's own");
}

static enum ims_result read_height(const struct ims_value *v, struct ims_view_spec *spec,
                                   struct ims_error *err)
{
    return as_u32(v, &spec->height)
               ? IMS_OK
               : refuse(err, "height", "a whole number of pixels, 0 for the frame's own");
}

static enum ims_result read_rescaling(const struct ims_value *v,
                                      struct ims_view_spec *spec, struct ims_error *err)
{
    static const char *const names[] = {"minmax", "infer"};
    int at;

    if (!as_choice(v, names, 2, &at))
        return refuse(err, "contrast_rescaling", "\"minmax\" or \"infer\"");
    spec->limits.kind = at == 0 ? IMS_LIMITS_MINMAX : IMS_LIMITS_INFER;
    return IMS_OK;
}

/* A number or a list of 1, 3 or 4; the count of numbers, 0 when it is neither. */
static int as_vector(const struct ims_value *v, double out[4])
{
    size_t n = v->kind == IMS_LIST ? v->as.list.count : 1;
    const struct ims_value *items = v->kind == IMS_LIST ? v->as.list.items : v;

    if (n != 1 && n != 3 && n != 4)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!ims_value_as_f64(&items[i], &out[i]) || !isfinite(out[i]))
            return 0;
    return (int)n;
}

/* To `to` channels: one number serves the colours, `alpha` is px.imshow's limit of a fourth. */
static void spread(double v[4], int from, int to, double alpha)
{
    for (int i = from; i < to; i++)
        v[i] = i == 3 ? alpha : v[0];
}

/* Both limits get as many channels as the longer of them has. */
static void join(struct ims_limits_policy *p, int lo_count, int hi_count)
{
    p->channels = lo_count > hi_count ? lo_count : hi_count;
    spread(p->lo, lo_count, p->channels, 0);
    spread(p->hi, hi_count, p->channels, 255);
}

static enum ims_result read_zmin(const struct ims_value *v, struct ims_view_spec *spec,
                                 struct ims_error *err)
{
    struct ims_limits_policy *p = &spec->limits;
    double lo[4];
    int n = as_vector(v, lo);

    if (n == 0)
        return refuse(err, "zmin", "a finite number or a list of 1, 3 or 4 of them");
    memcpy(p->lo, lo, (size_t)n * sizeof(lo[0]));
    p->has_lo = true;
    join(p, n, p->has_hi && p->channels > 0 ? p->channels : 1);
    return IMS_OK;
}

static enum ims_result read_zmax(const struct ims_value *v, struct ims_view_spec *spec,
                                 struct ims_error *err)
{
    struct ims_limits_policy *p = &spec->limits;
    double hi[4];
    int n = as_vector(v, hi);

    if (n == 0)
        return refuse(err, "zmax", "a finite number or a list of 1, 3 or 4 of them");
    memcpy(p->hi, hi, (size_t)n * sizeof(hi[0]));
    p->has_hi = true;
    join(p, p->has_lo && p->channels > 0 ? p->channels : 1, n);
    return IMS_OK;
}

static enum ims_result read_transform(const struct ims_value *v,
                                      struct ims_view_spec *spec, struct ims_error *err)
{
    const char *names[IMS_TRANSFORM_COUNT];
    int at;

    for (int i = 0; i < IMS_TRANSFORM_COUNT; i++)
        names[i] = ims_transform_name((enum ims_transform)i);
    if (!as_choice(v, names, IMS_TRANSFORM_COUNT, &at))
        return refuse(err, "transform", "linear, log, sqrt, gamma, asinh or equalize");
    spec->transform = (enum ims_transform)at;
    return IMS_OK;
}

static enum ims_result read_gamma(const struct ims_value *v, struct ims_view_spec *spec,
                                  struct ims_error *err)
{
    double gamma;

    if (!ims_value_as_f64(v, &gamma) ||
        !(gamma >= IMS_GAMMA_LEAST && gamma <= IMS_GAMMA_MOST))
        return refuse(err, "gamma", "a number within 0.05..20");
    spec->gamma = gamma;
    return IMS_OK;
}

/* Looked up by settle, which knows whether colours matter. */
static enum ims_result read_colorscale(const struct ims_value *v,
                                       struct ims_view_spec *spec, struct ims_error *err)
{
    return ims_value_as_text(v, spec->colorscale, sizeof(spec->colorscale))
               ? IMS_OK
               : refuse(err, "color_continuous_scale", "the name of a colour scale");
}

static enum ims_result read_codec(const struct ims_value *v, struct ims_view_spec *spec,
                                  struct ims_error *err)
{
    const char *names[IMS_CODEC_COUNT];
    int at;

    for (int i = 0; i < IMS_CODEC_COUNT; i++)
        names[i] = ims_codec_name((enum ims_codec)i);
    if (!as_choice(v, names, IMS_CODEC_COUNT, &at))
        return refuse(err, "codec", "auto, jpeg, png, raw or passthrough");
    spec->codec = (enum ims_codec)at;
    return IMS_OK;
}

static enum ims_result read_quality(const struct ims_value *v, struct ims_view_spec *spec,
                                    struct ims_error *err)
{
    return as_int_within(v, 1, 100, &spec->quality)
               ? IMS_OK
               : refuse(err, "quality", "a whole number within 1..100");
}

static enum ims_result read_level(const struct ims_value *v, struct ims_view_spec *spec,
                                  struct ims_error *err)
{
    return as_int_within(v, 0, 9, &spec->level)
               ? IMS_OK
               : refuse(err, "level", "a whole number within 0..9");
}

static enum ims_result read_interpolation(const struct ims_value *v,
                                          struct ims_view_spec *spec,
                                          struct ims_error *err)
{
    for (int i = 0; i < IMS_INTERPOLATION_COUNT; i++)
        if (ims_value_is_text(v, ims_interpolation_name((enum ims_interpolation)i))) {
            spec->interpolation = (enum ims_interpolation)i;
            return IMS_OK;
        }
    return refuse(err, "interpolation", "none, nearest or bilinear");
}

static const struct key keys[] = {
    {"timeline", read_timeline},
    {"slice", read_slice},
    {"region", read_region},
    {"width", read_width},
    {"height", read_height},
    {"contrast_rescaling", read_rescaling},
    {"zmin", read_zmin},
    {"zmax", read_zmax},
    {"transform", read_transform},
    {"color_continuous_scale", read_colorscale},
    {"codec", read_codec},
    {"quality", read_quality},
    {"level", read_level},
    {"gamma", read_gamma},
    {"interpolation", read_interpolation},
};

enum ims_result ims_view_spec_parse(const struct ims_value *map,
                                    struct ims_view_spec *spec, struct ims_error *err)
{
    struct ims_view_spec made = *spec;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct ims_value *v = ims_value_get(map, keys[i].name);
        enum ims_result r = ims_value_is_null(v) ? IMS_OK : keys[i].read(v, &made, err);
        if (r)
            return r;
    }
    *spec = made;
    return IMS_OK;
}
