/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <criterion/criterion.h>

Test(progress, shows_how_much_is_done)
{
    char text[128];
    struct progress bar = {.what = "loading", .total = 4, .done = 2};
    progress_text(&bar, text);
    cr_assert_str_eq(text, "loading [###############...............] 2/4");
    bar.done = 9;
    progress_text(&bar, text);
    cr_assert_str_eq(text, "loading [##############################] 9/4");
}

Test(progress, counts_where_the_end_is_unknown)
{
    char text[128];
    struct progress bar = {.what = "film.y4m", .done = 7};
    progress_text(&bar, text);
    cr_assert_str_eq(text, "film.y4m 7");
}
