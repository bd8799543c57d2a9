/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/view.h>

static struct ims_view_spec spec_of(const char *text)
{
    struct ims_view_spec spec = {.level = -1};
    struct ims_figure_params *params = params_of(text);
    ims_figure_view_defaults(params, &spec);
    ims_figure_params_unref(&params);
    return spec;
}

Test(figure_view_defaults, leaves_open_what_the_parameters_do_not_say)
{
    struct ims_view_spec spec = spec_of("{'title': 'x'}");
    cr_assert_eq(spec.limits.kind, IMS_LIMITS_AUTO);
    cr_assert_eq(spec.level, -1);
    cr_assert_str_eq(spec.colorscale, "");
}

Test(figure_view_defaults, fixes_the_limits_when_both_are_given)
{
    struct ims_view_spec spec = spec_of("{'zmin': -1, 'zmax': 2.5}");
    cr_assert_eq(spec.limits.kind, IMS_LIMITS_FIXED);
    cr_assert_eq(spec.limits.channels, 1);
    cr_assert(spec.limits.lo[0] == -1 && spec.limits.hi[0] == 2.5);
}

Test(figure_view_defaults, keeps_one_limit_beside_a_policy)
{
    struct ims_view_spec spec = spec_of("{'zmax': 9, 'contrast_rescaling': 'minmax'}");
    cr_assert_eq(spec.limits.kind, IMS_LIMITS_MINMAX);
    cr_assert(!spec.limits.has_lo && spec.limits.has_hi && spec.limits.hi[0] == 9);
}

Test(figure_view_defaults, spreads_a_scalar_beside_a_vector)
{
    struct ims_view_spec spec = spec_of("{'zmin': 5, 'zmax': [10, 20, 30]}");
    cr_assert_eq(spec.limits.channels, 3);
    cr_assert(spec.limits.lo[2] == 5 && spec.limits.hi[2] == 30);
}

Test(figure_view_defaults, reads_any_other_policy_as_infer)
{
    cr_assert_eq(spec_of("{'contrast_rescaling': 'other'}").limits.kind,
                 IMS_LIMITS_INFER);
}

Test(figure_view_defaults, takes_scale_and_level)
{
    struct ims_view_spec spec =
        spec_of("{'color_continuous_scale': 'RdBu_r', 'binary_compression_level': 0}");
    cr_assert_str_eq(spec.colorscale, "RdBu_r");
    cr_assert_eq(spec.level, 0);
}
