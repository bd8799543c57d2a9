/* SPDX-License-Identifier: MIT */
#ifndef CLI_FIGURE_FILE_H
#define CLI_FIGURE_FILE_H

/*
 * A figure as a file: plotly's JSON, or one HTML page that opens without a network.
 *
 *     const struct figure_file how = {.out = "night.html", .params = map};
 *     if (figure_file_html(figure, &how, &text, &err)) ...
 */

#include <imshow/figure.h>

struct figure_file {
    const char *out; /* where the page is to lie */
    const char
        *plotlyjs; /* NULL or "inline"; "beside": plotly.min.js is written beside it */
    const struct ims_value *params; /* px.imshow's, whose title is the page's too */
    const struct ims_value *config; /* plotly's; NULL: the usual */
    bool is_paused;                 /* frames wait for the play button */
};

/* INVALID unless it is a choice for `plotlyjs`. */
IMS_NODISCARD enum ims_result figure_file_check(const char *plotlyjs,
                                                struct ims_error *err);
/* Appends to `text`. Fails: LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result figure_file_json(const struct ims_figure *figure,
                                               struct ims_bytes *text,
                                               struct ims_error *err);
/* Appends to `text`. Fails: LIMIT, NOMEM, IO. */
IMS_NODISCARD enum ims_result figure_file_html(const struct ims_figure *figure,
                                               const struct figure_file *how,
                                               struct ims_bytes *text,
                                               struct ims_error *err);

#endif
