/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

static struct ims_array heat(void)
{
    return counting(IMS_U8, 2, (size_t[]){2, 3});
}

/* What ops make of a heatmap of (2, 3). */
static struct made ops(const char *text)
{
    struct ims_array a = heat();
    struct made made = changed(&a, "{}", text);
    ims_array_finish(&a);
    return made;
}

Test(figure_ops, merges_into_the_layout_key_by_key)
{
    struct made made = ops("[{'op': 'update_layout', 'args': {'xaxis': {'side': 'top'}, "
                           "'margin': {'l': 5}}}]");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "layout.xaxis.side", "'top'"));
    cr_assert(says(&made, "layout.xaxis.scaleanchor", "'y'"));
    cr_assert(says(&made, "layout.margin", "{'t': 60, 'l': 5}"));
    finish(&made);
}

Test(figure_ops, reads_underscores_as_paths_but_in_the_names_that_have_them)
{
    struct made made =
        ops("[{'op': 'update_layout', 'args': {'coloraxis_colorbar_title': 'K', "
            "'plot_bgcolor': 'red', 'xaxis_title_font_size': 9}}]");
    cr_assert(says(&made, "layout.coloraxis.colorbar", "{'title': {'text': 'K'}}"));
    cr_assert(says(&made, "layout.plot_bgcolor", "'red'"));
    cr_assert(says(&made, "layout.xaxis.title", "{'font': {'size': 9}}"));
    cr_assert(lacks(&made, "layout.plot"));
    finish(&made);
}

Test(figure_ops, keeps_the_underscores_of_meta)
{
    struct made made = ops("[{'op': 'update_layout', 'args': {'meta': {'a_b': {'title': "
                           "'x', 'colorscale': 'nope'}}}}]");
    cr_assert(
        says(&made, "layout.meta", "{'a_b': {'title': 'x', 'colorscale': 'nope'}}"));
    finish(&made);
}

Test(figure_ops, makes_stops_of_a_named_scale)
{
    struct made made =
        ops("[{'op': 'update_layout', 'args': {'coloraxis_colorscale': "
            "'Greys_r'}}, {'op': 'add_trace', 'trace': {'type': 'contour', "
            "'colorscale': ['red', 'blue']}}]");
    cr_assert(says(&made, "layout.coloraxis.colorscale.0", "[0.0, 'rgb(0,0,0)']"));
    cr_assert(says(&made, "data.1.colorscale", "[[0.0, 'red'], [1.0, 'blue']]"));
    finish(&made);
    made = ops("[{'op': 'update_traces', 'args': {'colorscale': 'nope'}}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    cr_assert_eq(strncmp(made.err.text, "update_traces: ", 15), 0);
    finish(&made);
}

Test(figure_ops, removes_what_is_set_to_null)
{
    struct made made = ops("[{'op': 'update_layout', 'args': {'margin': null, "
                           "'yaxis_autorange': null}}]");
    cr_assert(lacks(&made, "layout.margin"));
    cr_assert(lacks(&made, "layout.yaxis.autorange"));
    cr_assert(says(&made, "layout.yaxis.constrain", "'domain'"));
    finish(&made);
}

Test(figure_ops, merges_lists_of_objects_item_by_item_and_adds_the_rest)
{
    struct made made =
        ops("[{'op': 'add_shape', 'args': {'type': 'rect'}},"
            "{'op': 'add_shape', 'args': {'type': 'line'}},"
            "{'op': 'update_layout', 'args': {'shapes': [{'x0': 1}]}},"
            "{'op': 'update_layout', 'args': {'shapes': [{}, {'x1': 2}, {'x0': 3}]}}]");
    cr_assert(says(&made, "layout.shapes",
                   "[{'type': 'rect', 'x0': 1}, {'type': 'line', 'x0': 1, 'x1': 2}, "
                   "{'x0': 3}]"));
    finish(&made);
}

Test(figure_ops, replaces_lists_of_plain_values)
{
    struct made made = ops("[{'op': 'update_xaxes', 'args': {'range': [1, 2]}},"
                           "{'op': 'update_xaxes', 'args': {'range': [3]}}]");
    cr_assert(says(&made, "layout.xaxis.range", "[3]"));
    finish(&made);
}

Test(figure_ops, adds_traces_that_refer_to_the_array)
{
    struct made made = ops("[{'op': 'add_trace', 'trace': {'z': '$input', 'type': "
                           "'contour'}}, {'op': 'add_trace', 'trace': {'x': [5]}}]");
    cr_assert(
        says(&made, "data.1.z", "{'dtype': 'u1', 'bdata': 'AAECAwQF', 'shape': '2, 3'}"));
    cr_assert(says(&made, "data.2", "{'type': 'scatter', 'x': [5]}"));
    finish(&made);
}

Test(figure_ops, numbers_rows_of_facets_from_the_bottom)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 2, 3});
    struct made made =
        changed(&a, "{'facet_row': 0}",
                "[{'op': 'add_trace', 'trace': {}, 'row': 1, 'col': 1},"
                "{'op': 'add_shape', 'args': {}, 'row': 2, 'col': 1},"
                "{'op': 'update_yaxes', 'args': {'color': 'red'}, 'row': 2},"
                "{'op': 'update_traces', 'args': {'opacity': 0.5}, 'row': 1, 'col': 1}]");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "data.2",
                   "{'type': 'scatter', 'xaxis': 'x', 'yaxis': 'y', "
                   "'opacity': 0.5}"));
    cr_assert(says(&made, "layout.shapes", "[{'xref': 'x2', 'yref': 'y2'}]"));
    cr_assert(lacks(&made, "layout.yaxis.color"));
    cr_assert(says(&made, "layout.yaxis2.color", "'red'"));
    cr_assert(lacks(&made, "data.0.opacity"));
    cr_assert(says(&made, "data.1.opacity", "0.5"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_ops, refuses_a_cell_that_is_not_there)
{
    struct made made = ops("[{'op': 'add_trace', 'trace': {}, 'row': 2, 'col': 1}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    cr_assert_str_eq(made.err.text, "add_trace: row: the figure has the rows 1 to 1");
    finish(&made);
    made = ops("[{'op': 'add_trace', 'trace': {}, 'row': 1}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
}

Test(figure_ops, changes_selected_traces_only)
{
    struct made made = ops("[{'op': 'add_trace', 'trace': {'type': 'scatter'}},"
                           "{'op': 'update_traces', 'args': {'name': 7}, 'selector': "
                           "{'type': 'scatter'}}]");
    cr_assert(says(&made, "data.0.name", "'0'"));
    cr_assert(says(&made, "data.1.name", "'7'"));
    finish(&made);
}

Test(figure_ops, sets_one_value_by_its_path)
{
    struct made made = ops("[{'op': 'set', 'path': 'data[0].name', 'value': 'a'},"
                           "{'op': 'set', 'path': 'layout.coloraxis.colorbar.title', "
                           "'value': 'T'}]");
    cr_assert(says(&made, "data.0.name", "'a'"));
    cr_assert(says(&made, "layout.coloraxis.colorbar.title.text", "'T'"));
    finish(&made);
}

Test(figure_ops, refuses_paths_that_lead_nowhere)
{
    static const char *const paths[] = {
        "layout", "data", "", "other.x", "data[3].name", "layout.annotations[0].text"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char text[128];
        snprintf(text, sizeof text, "[{'op': 'set', 'path': '%s', 'value': 1}]",
                 paths[i]);
        struct made made = ops(text);
        cr_expect(made.result == IMS_ERR_INVALID || i == 5, "%s", paths[i]);
        finish(&made);
    }
}

Test(figure_ops, refuses_an_op_that_it_does_not_know)
{
    struct made made = ops("[{'op': 'delete'}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    cr_assert_not_null(strstr(made.err.text, "update_layout"));
    finish(&made);
}

Test(figure_ops, refuses_limits_of_an_image_trace_that_are_not_four)
{
    struct made made = ops("[{'op': 'add_trace', 'trace': {'type': 'image', 'zmin': "
                           "[1, 2, 3]}}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
}

Test(figure_ops, refuses_values_that_nest_without_end)
{
    struct ims_array a = heat();
    struct ims_figure *figure = NULL;
    struct ims_figure_input input = {.array = &a};
    cr_assert_eq(ims_figure_create(&input, NULL, &figure, NULL), IMS_OK);
    struct ims_entry chain[64];
    for (int i = 63; i >= 0; i--)
        chain[i] = (struct ims_entry){
            "k", 1,
            i == 63 ? (struct ims_value){.kind = IMS_MAP}
                    : (struct ims_value){.kind = IMS_MAP, .as.map = {&chain[i + 1], 1}}};
    struct ims_entry op[] = {
        {"op", 2, {.kind = IMS_TEXT, .as.text = {"update_layout", 13}}},
        {"args", 4, {.kind = IMS_MAP, .as.map = {chain, 1}}},
    };
    struct ims_value map = {.kind = IMS_MAP, .as.map = {op, 2}};
    cr_assert_eq(ims_figure_apply(figure, &map, NULL), IMS_ERR_LIMIT);
    ims_figure_destroy(figure);
    ims_array_finish(&a);
}

Test(figure_ops, does_not_change_frames)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 2, 3});
    struct made made = changed(&a, "{'animation_frame': 0}",
                               "[{'op': 'update_traces', 'args': {'hovertemplate': 'h'}},"
                               "{'op': 'update_layout', 'args': {'margin_t': 5}},"
                               "{'op': 'set', 'path': 'frames[1].name', 'value': 'b'}]");
    cr_assert(says(&made, "data.0.hovertemplate", "'h'"));
    cr_assert(lacks(&made, "frames.0.data.0.hovertemplate"));
    cr_assert(says(&made, "frames.0.layout.margin.t", "60"));
    cr_assert(says(&made, "layout.margin.t", "5"));
    cr_assert(says(&made, "frames.1.name", "'b'"));
    finish(&made);
    ims_array_finish(&a);
}

Test(figure_ops, takes_another_template_by_name)
{
    struct made made =
        ops("[{'op': 'update_layout', 'args': {'template': 'plotly_dark'}}]");
    cr_assert(says(&made, "layout.template.layout.plot_bgcolor", "'rgb(17,17,17)'"));
    finish(&made);
    made = ops("[{'op': 'update_layout', 'args': {'template': 'nope'}}]");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    finish(&made);
}

Test(figure_plain, has_no_axes_and_no_margin)
{
    struct made made = changed(NULL, "{}",
                               "[{'op': 'add_trace', 'trace': {'type': "
                               "'image', 'z': [[[1, 2, 3]]]}}]");
    cr_assert(says(&made, "data", "[{'type': 'image', 'z': [[[1, 2, 3]]]}]"));
    cr_assert(lacks(&made, "layout.xaxis"));
    cr_assert(lacks(&made, "layout.margin"));
    cr_assert(lacks(&made, "frames"));
    finish(&made);
}

Test(figure_bind, writes_a_picture_as_a_data_uri)
{
    struct ims_array a = counting(IMS_U8, 3, (size_t[]){2, 3, 3});
    struct ims_figure *figure = NULL;
    cr_assert_eq(ims_figure_create_plain(NULL, &figure, NULL), IMS_OK);
    cr_assert_eq(ims_figure_bind_picture(figure, "$p", &a, NULL), IMS_OK);
    struct ims_document *op =
        json_of("{'op': 'add_trace', 'trace': {'type': 'image', 'source': '$p'}}");
    cr_assert_eq(ims_figure_apply(figure, &op->root, NULL), IMS_OK);
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_figure_put_part(figure, "data", &sink);
    static const char want[] = "\"source\":\"data:image\\u002fpng;base64,iVBORw0KGgo";
    static const char plain[] = "\"source\":\"data:image/png;base64,iVBORw0KGgo";
    cr_assert(memmem(text.data, text.size, want, sizeof want - 1) ||
              memmem(text.data, text.size, plain, sizeof plain - 1));
    ims_bytes_finish(&text);
    ims_document_destroy(op);
    ims_figure_destroy(figure);
    struct ims_array f = counting(IMS_F32, 2, (size_t[]){2, 2});
    cr_assert_eq(ims_figure_create_plain(NULL, &figure, NULL), IMS_OK);
    cr_assert_eq(ims_figure_bind_picture(figure, "$p", &f, NULL), IMS_ERR_INVALID);
    ims_figure_destroy(figure);
    ims_array_finish(&f);
    ims_array_finish(&a);
}
