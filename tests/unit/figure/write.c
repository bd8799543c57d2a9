/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What golden_imshow does not hold: corners, and how a refusal leaves things. */

Test(figure_write, writes_nothing_when_it_refuses)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 3, 5});
    struct made made = figure_of(&a, "{}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    cr_assert_eq(made.text.size, 0);
    cr_assert_not_null(
        strstr(made.err.text, "An image of shape (2, 3, 5) was provided."));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, looks_at_the_limits_before_the_coordinates)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 3, 3});
    struct made made = figure_of(
        &a, "{'zmin': [1, 2.5], 'zmax': 9, 'x': ['a'], 'binary_compression_level': 77}");
    cr_assert_str_eq(made.err.text,
                     "zmax can be a scalar, or an iterable of length 1, 3 or 4. A "
                     "value of [1, 2.5] was passed for zmax.");
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, looks_at_the_level_before_the_format)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 3, 3});
    struct made made =
        figure_of(&a, "{'binary_backend': 'pypng', 'binary_format': 'jpg', "
                      "'binary_compression_level': 1.5}");
    cr_assert_str_eq(made.err.text, "compression level must be between 0 and 9.");
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, does_not_look_at_colours_or_text_of_a_picture)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 3, 3});
    struct made made = figure_of(&a, "{'color_continuous_scale': 'nope', 'text_auto': 7, "
                                     "'color_continuous_midpoint': 'x'}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(lacks(&made, "layout.coloraxis"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, refuses_null_for_text_auto_of_a_heatmap)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 3});
    struct made made = figure_of(&a, "{'text_auto': null}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, keeps_the_largest_integers_exact)
{
    struct ims_array a = counting(IMS_U64, 2, (size_t[]){1, 2});
    ((uint64_t *)a.data)[1] = UINT64_MAX;
    struct made made = figure_of(&a, "{'zmin': 1}");
    const char want[] = "\"cmax\":18446744073709551615";
    cr_assert_not_null(memmem(made.text.data, made.text.size, want, sizeof want - 1));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, makes_both_limits_null_for_a_nan)
{
    struct ims_array a = counting(IMS_F64, 2, (size_t[]){2, 2});
    ((double *)a.data)[2] = NAN;
    struct made made = figure_of(&a, "{'zmin': 0}");
    cr_assert(says(&made, "layout.coloraxis.cmin", "0"));
    cr_assert(says(&made, "layout.coloraxis.cmax", "null"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, takes_steps_in_the_type_of_the_coordinates)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 2, 3});
    struct made made = figure_of(&a, "{'x': {'dtype': 'uint8', 'data': [5, 3]}, "
                                     "'y': {'dtype': '<f4', 'data': [0.1, 0.3]}}");
    cr_assert(says(&made, "data.0.dx", "254"), "unsigned steps wrap around");
    cr_assert(says(&made, "data.0.y0", "0.10000000149011612"));
    cr_assert(says(&made, "data.0.dy", "0.20000001788139343"));
    cr_assert(lacks(&made, "layout.xaxis.autorange"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, reads_coordinates_in_bytes_of_either_order)
{
    static const uint8_t big_endian[] = {1, 0, 1, 4};
    struct ims_entry inner[] = {
        {"dtype", 5, {.kind = IMS_TEXT, .as.text = {">i2", 3}}},
        {"data", 4, {.kind = IMS_BYTES, .as.bytes = {big_endian, 4}}},
    };
    struct ims_entry entry = {"x", 1, {.kind = IMS_MAP, .as.map = {inner, 2}}};
    struct ims_value map = {.kind = IMS_MAP, .as.map = {&entry, 1}};
    struct ims_figure_params *params = NULL;
    cr_assert_eq(ims_figure_params_parse(&map, &params, NULL), IMS_OK);
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){1, 2, 3});
    struct made made = {0};
    struct ims_sink sink = ims_json_sink(&made.text);
    cr_assert_eq(ims_figure_write(&a, params, &sink, &made.err), IMS_OK, "%s",
                 made.err.text);
    cr_assert_not_null(memmem(made.text.data, made.text.size, "\"x0\":256,\"dx\":4", 15));
    finish(&made);
    ims_array_finish(&a);
    ims_figure_params_unref(&params);
}

Test(figure_write, refuses_a_coordinate_that_its_type_cannot_hold)
{
    static const char *const bad[] = {
        "{'x': {'dtype': 'int8', 'data': [128, 0]}}",
        "{'x': {'dtype': 'uint8', 'data': [-1, 0]}}",
        "{'x': {'dtype': 'int16', 'data': ['a', 0]}}",
        "{'x': {'dtype': 'int16'}}",
        "{'x': {'data': [1, 2]}}",
        "{'x': 7}",
    };
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct made made = figure_of(&a, bad[i]);
        cr_assert_eq(made.result, IMS_ERR_INVALID, "%s", bad[i]);
        cr_assert_eq(made.err.text[0], 'x', "%s", made.err.text);
        finish(&made);
    }
    ims_array_finish(&a);
}

Test(figure_write, tells_colours_as_plotly_does)
{
    static const struct {
        const char *text;
        enum ims_result result;
    } cases[] = {
        {"['red', ' Re becca Purple']", IMS_OK},
        {"['#abc', '#A1B2C3']", IMS_OK},
        {"['rgb(1,2,3)', 'hsva(1%,.5,3,4%)']", IMS_OK},
        {"['var(--accent)', 'red']", IMS_OK},
        {"[[1, 'red'], [0, 'blue']]", IMS_OK},
        {"['red', '#abcd']", IMS_ERR_INVALID},
        {"['red', 'rgb(1,2)']", IMS_ERR_INVALID},
        {"['red', 'rgb(1,2,3,4,5)']", IMS_ERR_INVALID},
        {"['red', 'rgb(1,-2,3)']", IMS_ERR_INVALID},
        {"['red', 'var(--']", IMS_ERR_INVALID},
        {"['red', '']", IMS_ERR_INVALID},
        {"[]", IMS_ERR_INVALID},
        {"[[0, 'red', 1], [1, 'blue']]", IMS_ERR_INVALID},
        {"[[-0.1, 'red'], [1, 'blue']]", IMS_ERR_INVALID},
        {"['red', [1, 'blue']]", IMS_ERR_INVALID},
        {"7", IMS_ERR_INVALID},
    };
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char params[128];
        snprintf(params, sizeof params, "{'color_continuous_scale': %s}", cases[i].text);
        struct made made = figure_of(&a, params);
        cr_assert_eq(made.result, cases[i].result, "%s: %s", cases[i].text,
                     made.err.text);
        finish(&made);
    }
    ims_array_finish(&a);
}

Test(figure_write, writes_a_title_that_is_a_number_as_python_would)
{
    static const char *const pairs[][2] = {
        {"5", "'5'"},
        {"2.0", "'2.0'"},
        {"0.1", "'0.1'"},
        {"1e16", "'1e+16'"},
        {"1234567.5", "'1234567.5'"},
        {"0.00001", "'1e-05'"},
    };
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char params[64];
        snprintf(params, sizeof params, "{'title': %s}", pairs[i][0]);
        struct made made = figure_of(&a, params);
        cr_assert(says(&made, "layout.title.text", pairs[i][1]));
        cr_assert(lacks(&made, "layout.margin"));
        finish(&made);
    }
    ims_array_finish(&a);
}

Test(figure_write, shows_values_of_a_view_with_negative_strides)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 3}), flipped = a;
    flipped.data = a.data + 3;
    flipped.strides[0] = -3;
    struct made made =
        figure_of(&flipped, "{'binary_string': true, 'zmin': 0, 'zmax': 255}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "data.0.hovertemplate",
                   "'x: %{x}<br>y: %{y}<br>color: %{z[0]}<extra></extra>'"),
              "0 to 255 changes nothing");
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_write, reports_a_sink_that_is_full)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){20, 20});
    struct ims_bytes out = {.limit = 100};
    struct ims_sink sink = ims_json_sink(&out);
    cr_assert_eq(ims_figure_write(&a, NULL, &sink, NULL), IMS_ERR_LIMIT);
    ims_bytes_finish(&out);
    ims_array_finish(&a);
}
