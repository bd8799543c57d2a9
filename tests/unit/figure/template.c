/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/view.h>
#include <stdio.h>
#include <string.h>

static struct made look(const char *params)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    struct made made = figure_of(&a, params);
    ims_array_finish(&a);
    return made;
}

Test(figure_template, is_plotly_when_none_is_named)
{
    struct made made = look("{}");
    cr_assert(says(&made, "layout.template.layout.plot_bgcolor", "'#E5ECF6'"));
    cr_assert(says(&made, "layout.template.layout.title.x", "0.05"));
    cr_assert(says(&made, "layout.template.data.heatmap.0.type", "'heatmap'"));
    cr_assert(says(&made, "layout.template.layout.colorway.0", "'#636efa'"));
    cr_assert(says(&made, "layout.template.layout.xaxis.automargin", "true"));
    finish(&made);
}

Test(figure_template, knows_all_eleven_names)
{
    static const char *const names[] = {"ggplot2",      "seaborn",      "simple_white",
                                        "plotly",       "plotly_white", "plotly_dark",
                                        "presentation", "xgridoff",     "ygridoff",
                                        "gridon",       "none"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[64];
        snprintf(text, sizeof text, "{'template': '%s'}", names[i]);
        struct made made = look(text);
        cr_expect_eq(made.result, IMS_OK, "%s: %s", names[i], made.err.text);
        finish(&made);
    }
}

Test(figure_template, none_is_a_point_trace_and_nothing_else)
{
    struct made made = look("{'template': 'none'}");
    cr_assert(
        says(&made, "layout.template", "{'data': {'scatter': [{'type': 'scatter'}]}}"));
    cr_assert(says(&made, "layout.coloraxis.colorscale.0", "[0.0, '#440154']"),
              "Viridis, since the template has no scale");
    finish(&made);
}

Test(figure_template, adds_names_from_left_to_right)
{
    struct made made = look("{'template': 'plotly_white+xgridoff'}");
    cr_assert(says(&made, "layout.template.layout.xaxis.showgrid", "false"));
    cr_assert(says(&made, "layout.template.layout.plot_bgcolor", "'white'"));
    cr_assert(says(&made, "layout.template.layout.xaxis.zerolinewidth", "2"));
    finish(&made);
}

Test(figure_template, refuses_names_that_it_does_not_know)
{
    static const char *const looks[] = {"'nope'",   "'plotly+'", "''",
                                        "'Plotly'", "5",         "[]"};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        char text[64];
        snprintf(text, sizeof text, "{'template': %s}", looks[i]);
        struct made made = look(text);
        cr_expect_eq(made.result, IMS_ERR_INVALID, "%s", looks[i]);
        finish(&made);
    }
}

Test(figure_template, as_an_object_gives_scale_margin_and_types)
{
    struct made made =
        look("{'template': {'layout': {'margin': {'t': 33}, 'title': 'T', 'colorscale': "
             "{'sequential': [[0, 'red'], [0.2, 'white'], [1, 'blue']]}}, "
             "'data': {'heatmap': [{'zsmooth': 'best'}]}}}");
    cr_assert(lacks(&made, "layout.margin"));
    cr_assert(says(&made, "layout.coloraxis.colorscale",
                   "[[0.0, 'red'], [0.5, 'white'], [1.0, 'blue']]"));
    cr_assert(says(&made, "layout.template.data.heatmap",
                   "[{'zsmooth': 'best', 'type': 'heatmap'}]"));
    cr_assert(says(&made, "layout.template.layout.title", "{'text': 'T'}"));
    finish(&made);
}

Test(figure_template, spreads_the_positions_of_its_scale_again)
{
    struct made made = look("{'template': 'seaborn'}");
    cr_assert(says(&made, "layout.template.layout.colorscale.sequential.1",
                   "[0.06274509803921569, 'rgb(24,15,41)']"));
    cr_assert(says(&made, "layout.coloraxis.colorscale.1", "[0.0625, 'rgb(24,15,41)']"));
    finish(&made);
}

Test(figure_template, gives_a_live_figure_its_scale_where_the_view_can_paint_it)
{
    static const struct {
        const char *params, *scale, *first;
    } rows[] = {
        {"{'template': 'simple_white'}", "Viridis", "'#440154'"},
        {"{'template': 'ggplot2'}", "Plasma", "'#0d0887'"},
        {"{'template': 'simple_white', 'color_continuous_scale': 'gray'}", "gray",
         "'rgb(0, 0, 0)'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ims_view_spec spec = {0};
        struct ims_figure_params *params = params_of(rows[i].params);
        ims_figure_view_defaults(params, &spec);
        ims_figure_params_unref(&params);
        cr_expect_str_eq(spec.colorscale, rows[i].scale);
        struct made made = live_of(counting(IMS_U8, 2, (size_t[]){2, 2}), rows[i].params);
        cr_expect(says(&made, "layout.coloraxis.colorscale.0.1", rows[i].first));
        cr_expect(!lacks(&made, "layout.template"));
        finish(&made);
    }
}

Test(figure_live, says_dates_that_stand_twice_as_tick_texts)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){1, 2});
    label(&a, "{'dims': ['y', 't'], 'coords': {'t': {'dtype': 'datetime64[D]', 'data': "
              "['2020-01-01', '2020-01-01']}}}");
    struct made made = live_of(a, "{}");
    cr_assert(says(&made, "layout.xaxis.tickvals", "[0, 1]"));
    cr_assert(says(&made, "layout.xaxis.ticktext", "['2020-01-01', '2020-01-01']"));
    cr_assert(lacks(&made, "layout.template"));
    finish(&made);
}
