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

Test(figure_live, puts_texts_and_what_neither_rises_nor_falls_at_their_pixels)
{
    struct made made = live_of(heat(), "{'x': [0, 10, 1, 100], 'y': ['a', 'b', 'c']}");
    cr_assert(says(&made, "layout.meta.place", "[0.0,1.0,0.0,1.0]"));
    cr_assert(says(&made, "layout.xaxis.tickvals", "[0,1,2,3]"));
    cr_assert(says(&made, "layout.xaxis.ticktext", "[0,10,1,100]"));
    cr_assert(says(&made, "layout.yaxis.ticktext", "['a','b','c']"));
    cr_assert(says(&made, "layout.meta.texts", "{'x':[0,10,1,100],'y':['a','b','c']}"));
    cr_assert(lacks(&made, "layout.meta.coords"));
    finish(&made);
}

/* plotly.js' edges of [0, 1, 10, 100] are -0.5, 0.5, 5.5, 55, 145. */
Test(figure_live, puts_uneven_coordinates_where_they_are)
{
    struct made made = live_of(heat(), "{'x': [0, 1, 10, 100], 'y': [9, 4, 3]}");
    cr_assert(says(&made, "layout.xaxis.range", "[-0.5,145.0]"));
    cr_assert(says(&made, "layout.yaxis.range", "[11.5,2.5]"));
    cr_assert(says(&made, "layout.meta.place", "[17.6875,36.375,10.0,-3.0]"),
              "from edge to edge");
    cr_assert(says(&made, "layout.meta.coords",
                   "{'x':[0.0,1.0,10.0,100.0],'y':[9.0,4.0,3.0]}"));
    cr_assert(lacks(&made, "layout.xaxis.tickvals"));
    cr_assert(lacks(&made, "layout.meta.texts"));
    finish(&made);
}

static struct ims_places *places_of(struct ims_array a, const char *params_text)
{
    struct ims_figure_params *params = params_of(params_text);
    struct ims_places *places = NULL;
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    frame->array = a;
    cr_assert_eq(ims_figure_places(frame, params, &places, NULL), IMS_OK);
    ims_frame_unref(&frame);
    ims_figure_params_unref(&params);
    return places;
}

Test(figure_places, are_the_edges_of_uneven_axes_alone)
{
    static const double x[] = {-0.5, 0.5, 5.5, 55, 145}, y[] = {11.5, 6.5, 3.5, 2.5};
    struct ims_places *p = places_of(heat(), "{'x': [0, 1, 10, 100], 'y': [9, 4, 3]}");
    cr_assert(p->columns == 4 && memcmp(p->x, x, sizeof x) == 0);
    cr_assert(p->rows == 3 && memcmp(p->y, y, sizeof y) == 0);
    struct ims_places *same = places_of(heat(), "{'x': [0, 1, 10, 100], 'y': [9, 4, 3]}");
    struct ims_places *other =
        places_of(heat(), "{'x': [0, 1, 10, 101], 'y': [9, 4, 3]}");
    cr_assert(ims_places_equal(p, same) && !ims_places_equal(p, other));
    ims_places_unref(&other);
    ims_places_unref(&same);
    ims_places_unref(&p);
    p = places_of(heat(), "{'x': [0, 1, 2, 3], 'y': [9, 4, 3]}");
    cr_assert(!p->x && p->columns == 0 && p->rows == 3);
    cr_assert(!ims_places_equal(p, NULL));
    ims_places_unref(&p);
}

Test(figure_places, are_none_of_even_axes_texts_other_lengths_and_colours)
{
    static const char *const none[] = {
        "{}",
        "{'x': [0, 2, 4, 6], 'y': [3, 2, 1]}",
        "{'x': ['a', 'b', 'c', 'd']}",
        "{'x': [0, 10, 1, 100]}",
        "{'x': [0, 1, 1, 100]}",
        "{'x': [0, 1, null, 100]}",
        "{'x': [0, 1, 2, 1e308]}",
        "{'x': [0, 1]}",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert_null(places_of(heat(), none[i]), "%s", none[i]);
    cr_assert_null(
        places_of(counting(IMS_U8, 3, (size_t[]){3, 4, 3}), "{'x': [0, 1, 10, 100]}"));
}

Test(figure_live, places_dates_on_an_axis_of_dates)
{
    struct made made = live_of(
        heat(), "{'x': {'dtype': 'datetime64[ns]', 'data': ['2024-03-01', '2024-03-02', "
                "'2024-03-03', '2024-03-04']}, 'y': {'dtype': 'datetime64[M]', 'data': "
                "['1970-01', '1970-02', '1970-03']}}");
    cr_assert(says(&made, "layout.xaxis.type", "'date'"));
    cr_assert(says(&made, "layout.xaxis.range",
                   "['2024-02-29T12:00:00.000000','2024-03-04T12:00:00.000000']"));
    cr_assert(says(&made, "layout.meta.coords", "{'y':[0.0,2678400000.0,5097600000.0]}"),
              "months are uneven");
    cr_assert(says(&made, "layout.meta.place.0", "1709251200000.0"));
    cr_assert(says(&made, "layout.meta.place.1", "86400000.0"));
    cr_assert(lacks(&made, "layout.xaxis.ticktext"));
    cr_assert(lacks(&made, "layout.xaxis.scaleanchor"),
              "a day is as long as nothing else");
    finish(&made);
}

Test(figure_live, leaves_out_of_dates_what_says_nothing)
{
    struct made made = live_of(
        heat(), "{'x': {'dtype': 'datetime64[ns]', 'data': ['2024-03-01', '2024-03-03', "
                "'2024-03-02', '2024-03-04']}, 'y': {'dtype': 'datetime64[ms]', 'data': "
                "['2024-03-01', '2024-03-01T12:00:00.500', '2024-03-01T06:30']}}");
    cr_assert(says(&made, "layout.xaxis.ticktext",
                   "['2024-03-01','2024-03-03','2024-03-02','2024-03-04']"));
    cr_assert(says(&made, "layout.yaxis.ticktext",
                   "['2024-03-01T00:00:00.0','2024-03-01T12:00:00.5',"
                   "'2024-03-01T06:30:00.0']"));
    finish(&made);
}

Test(figure_live, bounds_the_number_of_ticks)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){1, 1000});
    char params[8192] = "{'x': [";
    for (int i = 0; i < 1000; i++)
        snprintf(params + strlen(params), sizeof params - strlen(params), "%s%d",
                 i ? "," : "", i == 999 ? 5 : i); /* falls back */
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
