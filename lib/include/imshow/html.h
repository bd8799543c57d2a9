/* SPDX-License-Identifier: MIT */
#ifndef IMS_HTML_H
#define IMS_HTML_H

/*
 * A figure as one HTML file that opens in a browser by itself.
 *
 *     struct ims_bytes out = {0};
 *     struct ims_html_options options = {.plotly_js = text, .plotly_js_size = size};
 *     if (ims_html_write(figure, &options, &out, &err)) ...      // opens offline
 *     ims_bytes_finish(&out);
 *
 * plotly.js is the caller's: its text stands in the file, or the file names a script beside it.
 */

#include <imshow/figure.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_html_options {
    const char *plotly_js; /* the text of plotly.js; NULL: plotly_url is named instead */
    size_t plotly_js_size;
    const char *plotly_url; /* NULL: "plotly.min.js" */
    const char *title;      /* of the page; NULL: "imshow" */
    const struct ims_value
        *config; /* plotly's config object; NULL: {"responsive": true} */
    bool
        is_paused; /* frames wait for the play button, else they run at once as plotly.py's do */
};

/* Appends the file to `out`: newPlot(data, layout, config), then addFrames. Nothing in the figure can
 * end the script that it stands in. Fails: INVALID (a plotly.js that would end its own script, a config
 * that is no map), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_html_write(const struct ims_figure *figure,
                                             const struct ims_html_options *options,
                                             struct ims_bytes *out,
                                             struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
