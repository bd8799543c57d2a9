/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/colorscale.h>
#include <imshow/view.h>
#include <math.h>
#include <string.h>
#include <strings.h>

TestSuite(color);

static void expect_rgb(const char *text, int r, int g, int b)
{
    uint8_t rgb[3];

    cr_assert(ims_color_parse(text, rgb), "%s", text);
    cr_assert(rgb[0] == r && rgb[1] == g && rgb[2] == b, "%s is %d,%d,%d", text, rgb[0],
              rgb[1], rgb[2]);
}

Test(color, texts_of_plotly_become_bytes)
{
    expect_rgb("#440154", 0x44, 0x01, 0x54);
    expect_rgb("#FdE", 0xff, 0xdd, 0xee);
    expect_rgb("rgb(103,0,31)", 103, 0, 31);
    expect_rgb("rgb(1.5, 2.4 , 255)", 2, 2, 255);
}

Test(color, what_is_no_colour_is_refused)
{
    static const char *const bad[] = {"",
                                      "#",
                                      "#12345",
                                      "#12345g",
                                      "rgb(1,2)",
                                      "rgb(1,2,3",
                                      "rgb(1,2,256)",
                                      "rgb(1,2,3)x",
                                      "rgb(-1,2,3)",
                                      "rgb(inf,0,0)",
                                      "rgb(,,)",
                                      "red"};
    uint8_t rgb[3] = {9, 9, 9};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_not(ims_color_parse(bad[i], rgb), "%s", bad[i]);
    cr_assert(rgb[0] == 9 && rgb[1] == 9 && rgb[2] == 9);
}

Test(color, every_scale_parses_and_is_in_alphabetic_order)
{
    uint8_t rgb[3];

    for (const struct ims_colorscale *s = ims_colorscales; s->name != NULL; s++) {
        cr_assert_geq(s->count, 2);
        for (int i = 0; i < s->count; i++)
            cr_assert(ims_color_parse(s->colors[i], rgb), "%s[%d]", s->name, i);
        if (s[1].name != NULL)
            cr_assert_lt(strcasecmp(s->name, s[1].name), 0);
    }
}

Test(color, names_are_found_in_any_case_and_reversed)
{
    const struct ims_colorscale *scale;
    bool reversed;

    cr_assert_eq(ims_colorscale_find("vIRIDIS_R", &scale, &reversed, NULL), IMS_OK);
    cr_assert_str_eq(scale->name, "Viridis");
    cr_assert(reversed);
    cr_assert_eq(ims_colorscale_find("gray", &scale, &reversed, NULL), IMS_OK);
    cr_assert_not(reversed);
    cr_assert_eq(ims_colorscale_find(IMS_COLORSCALE_DEFAULT, &scale, &reversed, NULL),
                 IMS_OK);
}

Test(color, an_unknown_name_is_answered_with_the_nearest)
{
    const struct ims_colorscale *scale = NULL;
    struct ims_error err = {0};
    bool reversed;

    cr_assert_eq(ims_colorscale_find("viridos", &scale, &reversed, &err),
                 IMS_ERR_INVALID);
    cr_assert_not_null(strstr(err.text, "nearest are Viridis"), "%s", err.text);
    cr_assert_null(scale);
    cr_assert_eq(ims_colorscale_find("_r", &scale, &reversed, NULL), IMS_ERR_INVALID);
    cr_assert_eq(ims_colorscale_find("", &scale, &reversed, NULL), IMS_ERR_INVALID);
}

Test(color, a_very_long_name_is_refused)
{
    const struct ims_colorscale *scale;
    char name[5000];
    bool reversed;

    memset(name, 'v', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_assert_eq(ims_colorscale_find(name, &scale, &reversed, NULL), IMS_ERR_INVALID);
}

Test(color, tables_are_linear_between_the_stops)
{
    for (const struct ims_colorscale *s = ims_colorscales; s->name != NULL; s++) {
        uint8_t table[256][3], turned[256][3], a[3], b[3];
        ims_colorscale_table(s, false, 256, table);
        ims_colorscale_table(s, true, 256, turned);
        for (int i = 0; i < 256; i++) {
            double at = (double)i * (s->count - 1) / 255.0;
            int stop = (int)at < s->count - 1 ? (int)at : s->count - 2;
            cr_assert(ims_color_parse(s->colors[stop], a));
            cr_assert(ims_color_parse(s->colors[stop + 1], b));
            for (int c = 0; c < 3; c++) {
                double want = a[c] + (b[c] - a[c]) * (at - stop);
                cr_assert_leq(fabs(table[i][c] - want), 0.5 + 1e-9, "%s[%d]", s->name, i);
                cr_assert_eq(turned[255 - i][c], table[i][c], "%s[%d]", s->name, i);
            }
        }
    }
}

Test(color, the_table_of_a_view_has_a_gap_for_floats_alone)
{
    struct ims_view_spec spec = {.colorscale = "RdBu"};
    uint8_t ints[256][3], floats[256][3];
    bool gap;

    ims_view_colors(&spec, IMS_U16, ints, &gap);
    cr_assert_not(gap);
    cr_assert(ints[0][0] == 103 && ints[255][2] == 97);
    ims_view_colors(&spec, IMS_F32, floats, &gap);
    cr_assert(gap);
    cr_assert(floats[0][0] == 0 && floats[0][1] == 0 && floats[0][2] == 0);
    cr_assert_arr_eq(floats[1], ints[0], 3);
    cr_assert_arr_eq(floats[255], ints[255], 3);
}
