/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

static struct made of_stack(const char *params)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){3, 2, 4});
    struct made made = figure_of(&a, params);
    ims_array_finish(&a);
    return made;
}

Test(figure_facets, refuses_one_axis_for_two_things)
{
    struct made made = of_stack("{'facet_col': 0, 'animation_frame': -3}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
}

Test(figure_facets, refuses_a_name_without_labels_and_an_axis_that_is_no_whole_number)
{
    struct made made = of_stack("{'facet_col': 'z'}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
    made = of_stack("{'facet_col': 0.0}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
}

Test(figure_facets, refuses_to_slice_a_nested_list)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){3, 2, 4});
    struct ims_figure_params *params = params_of("{'facet_col': 0}");
    struct ims_figure_input input = {.array = &a, .is_list = true};
    struct ims_figure *figure = NULL;
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_ERR_INVALID);
    cr_assert_null(figure);
    ims_figure_params_unref(&params);
    ims_array_finish(&a);
}

Test(figure_facets, cuts_fractions_of_the_wrap)
{
    struct made made = of_stack("{'facet_col': 0, 'facet_col_wrap': 2.9}");
    cr_assert(says(&made, "layout.xaxis4.anchor", "'y4'"));
    cr_assert(lacks(&made, "layout.xaxis5"));
    cr_assert(says(&made, "data.0.xaxis", "'x3'"));
    cr_assert(says(&made, "data.2.xaxis", "'x'"));
    finish(&made);
}

Test(figure_facets, says_which_space_is_out_of_range)
{
    struct made made = of_stack("{'facet_col': 0, 'facet_col_spacing': 1.5}");
    cr_assert_str_eq(made.err.text, "Horizontal spacing must be between 0 and 1.\n"
                                    "Use the facet_col_spacing argument to adjust this "
                                    "spacing.");
    finish(&made);
}

Test(figure_facets, looks_at_the_trace_before_the_spaces)
{
    struct made made = of_stack("{'facet_col': 0, 'facet_col_spacing': 1.5, 'x': [1]}");
    cr_assert_not_null(strstr(made.err.text, "The length of the x vector"));
    finish(&made);
}

Test(figure_facets, refuses_more_slices_than_a_figure_takes)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){70000, 1, 1});
    struct made made = figure_of(&a, "{'animation_frame': 0}");
    cr_assert_eq(made.result, IMS_ERR_LIMIT);
    finish(&made);
    ims_array_finish(&a);
    a = counting(IMS_U8, 3, (size_t[]){5000, 1, 1});
    made = figure_of(&a, "{'facet_col': 0, 'facet_col_spacing': 1e-9}");
    cr_assert_eq(made.result, IMS_ERR_LIMIT);
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_facets, refuses_an_axis_without_items)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){0, 2, 3});
    struct made made = figure_of(&a, "{'facet_col': 0}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_facets, says_dates_bools_and_texts_in_titles)
{
    struct ims_array a = counting(IMS_U8, 4, (size_t[]){2, 2, 2, 3});
    label(&a, "{'dims': ['t', 'on', 'y', 'x'], 'coords': {"
              "'t': {'dtype': 'datetime64[m]', 'data': ['2020-02-29T23:59', 'NaT']},"
              "'on': {'data': [true, false]}}}");
    struct made made = figure_of(&a, "{'facet_col': 't', 'facet_row': 'on'}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "layout.annotations.0.text", "'t=2020-02-29T23:59'"));
    cr_assert(says(&made, "layout.annotations.1.text", "'t=NaT'"));
    cr_assert(says(&made, "layout.annotations.2.text", "'on=False'"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_frames, shares_the_layout_and_counts_traces_through)
{
    struct ims_array a = counting(IMS_U8, 4, (size_t[]){2, 2, 2, 3});
    struct made made = figure_of(&a, "{'animation_frame': 0, 'facet_col': 1}");
    cr_assert(says(&made, "frames.1.data.0.name", "'2'"));
    cr_assert(says(&made, "frames.1.layout.yaxis",
                   "{'constrain': 'domain', 'autorange': 'reversed'}"));
    cr_assert(lacks(&made, "frames.0.layout.template"));
    cr_assert(says(&made, "layout.sliders.0.steps.1.args.0", "['1']"));
    cr_assert(lacks(&made, "frames.2"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_masked, leaves_masked_items_out_of_the_limits)
{
    struct ims_array a = counting(IMS_F64, 2, (size_t[]){2, 3});
    struct ims_array mask = counting(IMS_U8, 2, (size_t[]){2, 3});
    memcpy(mask.data, (uint8_t[]){1, 0, 0, 0, 0, 1}, 6);
    struct ims_figure_params *params = params_of("{'binary_string': true}");
    struct ims_figure_input input = {.array = &a, .mask = &mask};
    struct ims_figure *figure = NULL;
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_OK);
    ims_figure_destroy(figure);
    struct ims_array wrong = counting(IMS_U8, 2, (size_t[]){3, 2});
    input.mask = &wrong;
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_ERR_INVALID);
    memset(mask.data, 1, 6);
    input.mask = &mask;
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_ERR_INVALID,
                 "nothing is left to take the limits from");
    ims_figure_params_unref(&params);
    ims_array_finish(&wrong);
    ims_array_finish(&mask);
    ims_array_finish(&a);
}

Test(figure_table, takes_names_and_labels_of_rows_and_columns)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 3});
    label(&a, "{'index': [10, 20], 'columns': ['a', 'b', 'c'], 'index_names': ['rows'], "
              "'column_names': [null]}");
    struct made made = figure_of(&a, "{}");
    cr_assert(says(&made, "data.0.x", "['a', 'b', 'c']"));
    cr_assert(says(&made, "data.0.y", "{'dtype': 'i1', 'bdata': 'ChQ='}"));
    cr_assert(says(&made, "layout.yaxis.title.text", "'rows'"));
    cr_assert(lacks(&made, "layout.xaxis.title"));
    cr_assert(says(&made, "layout.xaxis.scaleanchor", "'y'"));
    finish(&made);
    made = figure_of(&a, "{'binary_string': true}");
    cr_assert_str_eq(made.err.text, "Binary strings cannot be used with pandas arrays");
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_dates, are_written_with_the_digits_of_their_unit)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){1, 2});
    struct made made = figure_of(&a, "{'x': {'dtype': 'datetime64[ms]', 'data': "
                                     "['2020-01-01', -1]}}");
    cr_assert(says(&made, "data.0.x",
                   "['2020-01-01T00:00:00.000', '1969-12-31T23:59:59.999']"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_memory, holds_the_pixels_only_by_reference)
{
    size_t shape[] = {64, 64, 64};
    struct ims_array a;
    cr_assert_eq(ims_array_create(IMS_U8, 3, shape, &a, NULL), IMS_OK);
    memset(a.data, 0, 64 * 64 * 64);
    struct ims_figure_params *params = params_of("{'animation_frame': 0}");
    struct ims_figure_input input = {.array = &a};
    struct ims_figure *figure = NULL;
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_OK);
    memset(a.data, 255, 64 * 64 * 64); /* seen by the figure: it has no copy */
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_figure_put_part(figure, "frames", &sink);
    cr_assert_eq(text.result, IMS_OK);
    cr_assert_not_null(memmem(text.data, text.size, "/////////", 9));
    cr_assert_null(memmem(text.data, text.size, "AAAAAAAAA", 9));
    ims_bytes_finish(&text);
    ims_figure_destroy(figure);
    ims_figure_params_unref(&params);
    ims_array_finish(&a);
}

Test(figure_write, passes_the_limit_of_the_sink_on_in_the_midst_of_pictures)
{
    struct ims_array a = counting(IMS_U8, 4, (size_t[]){2, 16, 16, 3});
    struct ims_figure_params *params = params_of("{'facet_col': 0}");
    struct ims_bytes text = {.limit = 300};
    struct ims_sink sink = ims_json_sink(&text);
    cr_assert_eq(ims_figure_write(&a, params, &sink, NULL), IMS_ERR_LIMIT);
    ims_bytes_finish(&text);
    ims_figure_params_unref(&params);
    ims_array_finish(&a);
}
