/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/html.h>
#include <stdlib.h>
#include <string.h>

static struct ims_figure *figure_of(const char *title, bool animated)
{
    struct ims_entry entries[] = {
        {"title", 5, {.kind = IMS_TEXT, .as.text = {title, strlen(title)}}},
        {"animation_frame", 15, {.kind = animated ? IMS_INTEGER : IMS_NULL}},
    };
    struct ims_value map = {.kind = IMS_MAP, .as.map = {entries, 2}};
    struct ims_figure_params *params = NULL;
    struct ims_figure *figure = NULL;
    struct ims_array a;
    cr_assert_eq(ims_figure_params_parse(&map, &params, NULL), IMS_OK);
    cr_assert_eq(
        ims_array_create(IMS_U8, animated ? 3 : 2, (size_t[]){2, 2, 2}, &a, NULL),
        IMS_OK);
    memset(a.data, 1, animated ? 8 : 4);
    struct ims_figure_input input = {.array = &a};
    cr_assert_eq(ims_figure_create(&input, params, &figure, NULL), IMS_OK);
    ims_array_finish(&a);
    ims_figure_params_unref(&params);
    return figure;
}

static char *page(struct ims_figure *figure, const struct ims_html_options *options)
{
    struct ims_bytes out = {0};
    struct ims_error err = {0};
    cr_assert_eq(ims_html_write(figure, options, &out, &err), IMS_OK, "%s", err.text);
    ims_bytes_append(&out, "", 1);
    ims_figure_destroy(figure);
    return (char *)out.data;
}

static int count(const char *text, const char *what)
{
    int n = 0;
    while ((text = strstr(text, what))) {
        n++;
        text += strlen(what);
    }
    return n;
}

Test(html, holds_plotly_or_names_it)
{
    char *text =
        page(figure_of("a", false),
             &(struct ims_html_options){.plotly_js = "P();", .plotly_js_size = 4});
    cr_assert_not_null(strstr(text, "<script>P();</script>"));
    cr_assert_null(strstr(text, "src="));
    cr_assert_not_null(strstr(text, "{\"responsive\":true});"));
    cr_assert_null(strstr(text, "addFrames"));
    free(text);
    text = page(figure_of("a", false), &(struct ims_html_options){0});
    cr_assert_not_null(strstr(text, "<script src=\"plotly.min.js\"></script>"));
    free(text);
}

Test(html, lets_no_text_of_the_figure_end_its_script)
{
    char *text =
        page(figure_of("</script><script>alert(1)<!--", false),
             &(struct ims_html_options){.title = "<b>\"&", .plotly_url = "\"><"});
    cr_assert_eq(count(text, "</script>"), 2);
    cr_assert_eq(count(text, "<script"), 2);
    cr_assert_null(strstr(text, "<!--"));
    cr_assert_not_null(strstr(text, "<title>&lt;b&gt;&quot;&amp;</title>"));
    cr_assert_not_null(strstr(text, "src=\"&quot;&gt;&lt;\""));
    free(text);
}

Test(html, runs_frames_unless_it_is_paused)
{
    char *text = page(figure_of("a", true), &(struct ims_html_options){0});
    cr_assert_not_null(strstr(text, "Plotly.addFrames(figure, [{"));
    cr_assert_not_null(
        strstr(text, "Plotly.animate(figure, null).catch(function (reason)"));
    free(text);
    text = page(figure_of("a", true), &(struct ims_html_options){.is_paused = true});
    cr_assert_not_null(strstr(text, "Plotly.addFrames"));
    cr_assert_null(strstr(text, "Plotly.animate"));
    free(text);
}

Test(html, refuses_a_plotly_that_ends_its_own_script_and_a_config_that_is_no_map)
{
    static const struct ims_value list = {.kind = IMS_LIST};
    static const char js[] = "x = '</SCRIPT>'";
    struct ims_html_options options[] = {
        {.plotly_js = js, .plotly_js_size = sizeof js - 1},
        {.config = &list},
    };
    struct ims_figure *figure = figure_of("a", false);
    for (int i = 0; i < 2; i++) {
        struct ims_bytes out = {0};
        cr_expect_eq(ims_html_write(figure, &options[i], &out, NULL), IMS_ERR_INVALID);
        cr_expect_eq(out.size, 0);
        ims_bytes_finish(&out);
    }
    ims_figure_destroy(figure);
}

Test(html, passes_the_limit_of_the_output_on)
{
    struct ims_figure *figure = figure_of("a", false);
    struct ims_bytes out = {.limit = 800};
    cr_assert_eq(ims_html_write(figure, &(struct ims_html_options){0}, &out, NULL),
                 IMS_ERR_LIMIT);
    ims_bytes_finish(&out);
    ims_figure_destroy(figure);
}
