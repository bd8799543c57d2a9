/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <string.h>

Test(figure_subplots, numbers_cells_from_the_top_left)
{
    struct made made = subplots("{'rows': 2, 'cols': 2}",
                                "[{'op': 'add_trace', 'trace': {'type': 'histogram'}, "
                                "'row': 2, 'col': 1}]");
    cr_assert(
        says(&made, "data.0", "{'type': 'histogram', 'xaxis': 'x3', 'yaxis': 'y3'}"));
    cr_assert(says(&made, "layout.yaxis.domain", "[0.575, 1.0]"));
    cr_assert(says(&made, "layout.yaxis3.domain", "[0.0, 0.425]"));
    cr_assert(says(&made, "layout.xaxis2.domain", "[0.55, 1.0]"));
    finish(&made);
}

Test(figure_subplots, shares_all_axes_with_the_bottom_left_cell)
{
    struct made made = subplots(
        "{'rows': 2, 'cols': 2, 'shared_xaxes': 'all', 'shared_yaxes': 'all'}", "[]");
    cr_assert(says(&made, "layout.xaxis.matches", "'x3'"));
    cr_assert(says(&made, "layout.xaxis.showticklabels", "false"));
    cr_assert(lacks(&made, "layout.xaxis3.matches"));
    cr_assert(says(&made, "layout.xaxis4.matches", "'x3'"));
    cr_assert(lacks(&made, "layout.xaxis4.showticklabels"));
    cr_assert(says(&made, "layout.yaxis4.showticklabels", "false"));
    finish(&made);
}

Test(figure_subplots, refuses_what_it_does_not_know_and_what_does_not_fit)
{
    static const char *const options[] = {
        "{'row': 2}",
        "{'rows': 0}",
        "{'cols': 1.5}",
        "{'cols': 2, 'column_widths': [1]}",
        "{'cols': 2, 'column_widths': [1, -1]}",
        "{'subplot_titles': 'a'}",
        "{'shared_xaxes': 'both'}",
        "{'cols': 3, 'horizontal_spacing': 0.6}",
        "[]",
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct made made = subplots(options[i], "[]");
        cr_expect_eq(made.result, IMS_ERR_INVALID, "%s", options[i]);
        finish(&made);
    }
    struct made made = subplots("{'rows': 4096, 'cols': 2, 'vertical_spacing': 0}", "[]");
    cr_assert_eq(made.result, IMS_ERR_LIMIT);
    finish(&made);
}

Test(figure_subplots, words_the_spacing_without_the_facets_parameter)
{
    struct made made = subplots("{'cols': 3, 'horizontal_spacing': 0.6}", "[]");
    cr_assert_str_eq(made.err.text,
                     "Horizontal spacing cannot be greater than (1 / (cols - 1)) = "
                     "0.500000.\nThe resulting plot would have 3 columns (cols=3).");
    finish(&made);
}
