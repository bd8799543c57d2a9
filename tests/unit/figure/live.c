/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

static struct ims_array heat(void)
{
    return counting(IMS_U16, 2, (size_t[]){3, 4});
}

Test(figure_live, says_what_plotly_would_work_out_from_a_trace)
{
    struct made made = live_of(heat(), "{}");
    cr_assert(says(&made, "data", "[]"));
    cr_assert(says(&made, "layout.xaxis.range", "[-0.5,3.5]"));
    cr_assert(says(&made, "layout.yaxis.range", "[2.5,-0.5]"));
    cr_assert(says(&made, "layout.xaxis.scaleanchor", "'y'"));
    cr_assert(says(&made, "layout.yaxis.constrain", "'domain'"));
    cr_assert(says(&made, "layout.meta.place", "[0.0,1.0,0.0,1.0]"));
    cr_assert(says(&made, "layout.meta.labels", "{'x':'x','y':'y','color':'color'}"));
    cr_assert(says(&made, "layout.coloraxis.colorscale.0", "[0.0,'#0d0887']"));
    cr_assert(lacks(&made, "layout.coloraxis.cmin"));
    cr_assert(says(&made, "config", "{}"));
    finish(&made);
}

Test(figure_live, turns_the_y_axis_for_a_lower_origin)
{
    struct made made = live_of(heat(), "{'origin': 'lower'}");
    cr_assert(says(&made, "layout.yaxis.range", "[-0.5,2.5]"));
    finish(&made);
}

Test(figure_live, has_the_limits_that_the_parameters_fix)
{
    struct made made = live_of(heat(), "{'range_color': [2, null], 'zmax': 7}");
    cr_assert(says(&made, "layout.coloraxis.cmin", "2"));
    cr_assert(lacks(&made, "layout.coloraxis.cmax"), "range_color comes before zmax");
    finish(&made);
}

Test(figure_live, places_evenly_spaced_coordinates_by_their_step)
{
    struct made made = live_of(
        heat(), "{'x': [10, 10.5, 11, 11.5], 'y': [6, 4, 2], 'labels': {'x': 'mm'}}");
    cr_assert(says(&made, "layout.meta.place", "[10.0,0.5,6.0,-2.0]"));
    cr_assert(says(&made, "layout.xaxis.range", "[9.75,11.75]"));
    cr_assert(says(&made, "layout.yaxis.range", "[7.0,1.0]"));
    cr_assert(says(&made, "layout.xaxis.title.text", "'mm'"));
    cr_assert(lacks(&made, "layout.xaxis.tickvals"));
    finish(&made);
}

Test(figure_live, puts_uneven_coordinates_and_texts_at_their_pixels)
{
    struct made made = live_of(heat(), "{'x': [0, 1, 10, 100], 'y': ['a', 'b', 'c']}");
    cr_assert(says(&made, "layout.meta.place", "[0.0,1.0,0.0,1.0]"));
    cr_assert(says(&made, "layout.xaxis.tickvals", "[0,1,2,3]"));
    cr_assert(says(&made, "layout.xaxis.ticktext", "[0,1,10,100]"));
    cr_assert(says(&made, "layout.yaxis.ticktext", "['a','b','c']"));
    cr_assert(says(&made, "layout.meta.texts", "{'x':[0,1,10,100],'y':['a','b','c']}"));
    finish(&made);
}

Test(figure_live, leaves_out_of_dates_what_says_nothing)
{
    struct made made = live_of(
        heat(), "{'x': {'dtype': 'datetime64[ns]', 'data': ['2024-03-01', '2024-03-02', "
                "'2024-03-03', '2024-03-04']}, 'y': {'dtype': 'datetime64[ms]', 'data': "
                "['2024-03-01', '2024-03-01T06:30', '2024-03-01T12:00:00.500']}}");
    cr_assert(says(&made, "layout.xaxis.ticktext",
                   "['2024-03-01','2024-03-02','2024-03-03','2024-03-04']"));
    cr_assert(says(&made, "layout.yaxis.ticktext",
                   "['2024-03-01T00:00:00.0','2024-03-01T06:30:00.0',"
                   "'2024-03-01T12:00:00.5']"));
    finish(&made);
}

Test(figure_live, bounds_the_number_of_ticks)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){1, 1000});
    char params[8192] = "{'x': [";
    for (int i = 0; i < 1000; i++)
        snprintf(params + strlen(params), sizeof params - strlen(params), "%s%d",
                 i ? "," : "", i == 999 ? 5 : i);
    strcat(params, "]}");
    struct made made = live_of(a, params);
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(lacks(&made, "layout.xaxis.tickvals.12"));
    cr_assert(says(&made, "layout.xaxis.tickvals.11", "924"));
    finish(&made);
}

Test(figure_live, refuses_coordinates_of_another_length)
{
    struct made made = live_of(heat(), "{'x': [1, 2]}");
    cr_assert_eq(made.result, IMS_ERR_INVALID);
    cr_assert_str_eq(made.err.text, "x: 2 coordinates for 4 pixels");
    cr_assert_eq(made.text.size, 0);
    finish(&made);
}

Test(figure_live, takes_a_scale_by_name_only)
{
    struct made made = live_of(heat(), "{'color_continuous_scale': ['red', 'blue']}");
    cr_assert_eq(made.result, IMS_ERR_UNSUPPORTED);
    finish(&made);
    made = live_of(heat(), "{'color_continuous_scale': 'viridis_r'}");
    cr_assert(says(&made, "layout.coloraxis.colorscale.0", "[0.0,'#fde725']"));
    finish(&made);
}

Test(figure_live, has_no_colour_axis_for_colour_pictures)
{
    struct made made = live_of(counting(IMS_U8, 3, (size_t[]){3, 4, 3}), "{'x': [5, 3]}");
    cr_assert(lacks(&made, "layout.coloraxis"));
    cr_assert(says(&made, "layout.xaxis.range", "[6.0,-2.0]"),
              "falling steps turn the axis");
    cr_assert(says(&made, "layout.xaxis.scaleanchor", "'y'"));
    finish(&made);
}

Test(figure_live, takes_labels_of_the_last_two_axes_of_a_volume)
{
    struct ims_array a = counting(IMS_F32, 3, (size_t[]){5, 2, 6});
    label(
        &a,
        "{'dims': ['t', 'lat', 'lon'], 'coords': {'lon': {'data': [0, 2, 4, 6, 8, 10]}}, "
        "'attrs': {'units': 'K'}, 'name': 'air'}");
    struct made made = live_of(a, "{}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "layout.xaxis.title.text", "'lon'"));
    cr_assert(says(&made, "layout.yaxis.title.text", "'lat'"));
    cr_assert(says(&made, "layout.coloraxis.colorbar.title.text", "'air [K]'"));
    cr_assert(says(&made, "layout.meta.place", "[0.0,2.0,0.0,1.0]"));
    cr_assert(lacks(&made, "layout.xaxis.scaleanchor"), "labelled arrays fill the paper");
    finish(&made);
}

Test(figure_live, tells_the_units_of_coordinates_unless_the_axis_is_named)
{
    static const char labels[] =
        "{'dims': ['lat', 'lon'], 'coords': {'lon': {'data': [0, 1, 2], 'attrs': "
        "{'units': "
        "'km'}}, 'lat': {'data': [0, 1], 'attrs': {'units': 'm'}}}}";
    struct ims_array a = counting(IMS_F32, 2, (size_t[]){2, 3});
    label(&a, labels);
    struct made made = live_of(a, "{'labels': {'y': 'north'}}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    cr_assert(says(&made, "layout.xaxis.title.text", "'lon [km]'"));
    cr_assert(says(&made, "layout.meta.labels.x", "'lon [km]'"));
    cr_assert(says(&made, "layout.yaxis.title.text", "'north'"));
    finish(&made);
}

Test(figure_live, serves_camera_pictures)
{
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    frame->pixel_format = IMS_PIX_YUYV;
    frame->width = 640;
    frame->height = 480;
    frame->stride = 1280;
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    cr_assert_eq(ims_figure_write_live(frame, NULL, &sink, NULL), IMS_OK);
    cr_assert_not_null(memmem(out.data, out.size, "[-0.5,639.5]", 12));
    ims_bytes_finish(&out);
    ims_frame_unref(&frame);
}
