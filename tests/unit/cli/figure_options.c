/* SPDX-License-Identifier: MIT */
#include "figure_options.h"

#include <criterion/criterion.h>
#include <string.h>

static int count_of(const struct option_row *rows, const char *name)
{
    int count = 0;
    for (; rows->name; rows++)
        count += rows->type != OPTION_GROUP && strcmp(rows->name, name) == 0;
    return count;
}

Test(figure_options, have_every_parameter_of_imshow_once)
{
    struct option_row rows[FIGURE_ROWS_MAX], px[PX_ROWS_COUNT];
    figure_options_rows(rows);
    px_params_rows(0, px);
    for (int i = 0; i < PX_ROWS_COUNT; i++)
        cr_assert_eq(count_of(rows, px[i].name), 1, "--%s", px[i].name);
}

Test(figure_options, say_what_each_is_for)
{
    struct option_row rows[FIGURE_ROWS_MAX];
    figure_options_rows(rows);
    for (const struct option_row *row = rows; row->name; row++) {
        cr_assert_not_null(row->help, "%s", row->name);
        cr_assert(row->type == OPTION_GROUP || count_of(rows, row->name) == 1, "--%s",
                  row->name);
    }
}

Test(figure_options, give_the_example_of_a_group_in_its_help)
{
    struct option_row rows[FIGURE_ROWS_MAX];
    int groups = 0;
    figure_options_rows(rows);
    for (const struct option_row *row = rows; row->name; row++) {
        if (row->type != OPTION_GROUP)
            continue;
        groups++;
        cr_assert_eq(strncmp(row->help, "imshow figure ", 14), 0, "%s", row->help);
        cr_assert_neq(row[1].type, OPTION_GROUP, "%s has options", row->name);
    }
    cr_assert_geq(groups, 10);
}
