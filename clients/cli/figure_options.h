/* SPDX-License-Identifier: MIT */
#ifndef CLI_FIGURE_OPTIONS_H
#define CLI_FIGURE_OPTIONS_H

/*
 * The options of `imshow figure`, in groups as px.imshow's tutorial goes.
 *
 *     struct option_row rows[FIGURE_ROWS_MAX];
 *     figure_options_rows(rows);
 *     if (options_parse(rows, argc, argv, &options, &args, &err)) ...
 */

#include "px_params.h"

enum { FIGURE_ROWS_MAX = 80 };

struct figure_options {
    const char *out, *slice, *plotlyjs, *config, *mask, *dtype, *shape;
    const char *subplots;
    bool is_plain;
    double frames, quality;
    struct option_list ops;
    struct px_params px;
};

/* Fills the table, its end included. */
void figure_options_rows(struct option_row rows[FIGURE_ROWS_MAX]);

#endif
