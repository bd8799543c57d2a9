/* SPDX-License-Identifier: MIT */
#include "color.h"
#include "contrast.h"
#include "figure_impl.h"
#include "template.h"

#include <imshow/view.h>

#include <stdio.h>
#include <string.h>

/* Copies a limit's items, one or one a channel; returns how many, 0 when there is no such limit. */
static int take_limit(const struct ims_value *limit, double out[4])
{
    if (ims_value_as_f64(limit, &out[0]))
        return 1;
    if (limit->kind != IMS_LIST)
        return 0;
    size_t count = limit->as.list.count;
    if (count != 1 && count != 3 && count != 4)
        return 0;
    for (size_t i = 0; i < count; i++)
        ims_value_as_f64(&limit->as.list.items[i], &out[i]);
    return (int)count;
}

static void spread(double v[4], int have, int channels)
{
    for (int i = have; have == 1 && i < channels; i++)
        v[i] = v[0];
}

/* Vectors of three and four next to each other: the alpha limit that is missing is px.imshow's. */
static void fill_limits(const struct ims__contrast *given,
                        struct ims_limits_policy *policy)
{
    policy->hi[3] = 255;
    int lo = take_limit(&given->lo, policy->lo), hi = take_limit(&given->hi, policy->hi);
    policy->has_lo = lo > 0;
    policy->has_hi = hi > 0;
    policy->channels = lo > hi ? lo : hi > 0 ? hi : 1;
    spread(policy->lo, lo, policy->channels);
    spread(policy->hi, hi, policy->channels);
}

static void take_policy(const struct ims_figure_params *params,
                        struct ims_limits_policy *policy)
{
    struct ims__contrast given;
    if (!ims__contrast_given(params, &given, NULL))
        fill_limits(&given, policy);
    if (policy->has_lo && policy->has_hi)
        policy->kind = IMS_LIMITS_FIXED;
    else if (ims__param(params, "contrast_rescaling"))
        policy->kind = ims__param_is(params, "contrast_rescaling", "minmax")
                           ? IMS_LIMITS_MINMAX
                           : IMS_LIMITS_INFER;
}

struct ims_value ims__live_scale(const struct ims_figure_params *params,
                                 struct ims_figure *figure)
{
    const struct ims_value *given = ims__param(params, "color_continuous_scale");
    const char *name = IMS_COLORSCALE_DEFAULT;
    if (given)
        return *given;
    struct ims_value colors = ims__template_scale(&figure->tree, figure->template);
    const struct ims_colorscale *named = ims__scale_named(&colors);
    if (named)
        name = named->name;
    return ims__text_value(name, strlen(name));
}

/* Only a stream that names a template or a scale says anything about colours. */
static void take_scale(const struct ims_figure_params *params, struct ims_view_spec *spec)
{
    const struct ims_value *look = ims__param(params, "template");
    char name[IMS_COLORSCALE_NAME];
    struct ims_figure *figure = NULL;
    if (!look && !ims__param(params, "color_continuous_scale"))
        return;
    if (ims__figure_create(look, &figure, NULL))
        return;
    struct ims_value scale = ims__live_scale(params, figure);
    if (ims_value_as_text(&scale, name, sizeof name))
        snprintf(spec->colorscale, sizeof spec->colorscale, "%s", name);
    ims_figure_destroy(figure);
}

void ims_figure_view_defaults(const struct ims_figure_params *params,
                              struct ims_view_spec *spec)
{
    if (ims__param(params, "zmin") || ims__param(params, "zmax") ||
        ims__param(params, "range_color") || ims__param(params, "contrast_rescaling")) {
        spec->limits = (struct ims_limits_policy){0};
        take_policy(params, &spec->limits);
    }
    take_scale(params, spec);
    int64_t level;
    const struct ims_value *v = ims__param(params, "binary_compression_level");
    if (ims_value_as_i64(v, &level) && level >= 0 && level <= 9)
        spec->level = (int)level;
}
