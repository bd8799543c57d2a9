/* SPDX-License-Identifier: MIT */
#include "figure_file.h"

#include "assets.h"
#include "file.h"

#include <imshow/html.h>
#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BESIDE "plotly.min.js"

static bool is_beside(const char *plotlyjs)
{
    return plotlyjs && strcmp(plotlyjs, "beside") == 0;
}

enum ims_result figure_file_check(const char *plotlyjs, struct ims_error *err)
{
    if (plotlyjs && strcmp(plotlyjs, "inline") != 0 && !is_beside(plotlyjs))
        return ims_fail(err, IMS_ERR_INVALID, "--plotlyjs '%.60s': give inline or beside",
                        plotlyjs);
    return IMS_OK;
}

enum ims_result figure_file_json(const struct ims_figure *figure, struct ims_bytes *text,
                                 struct ims_error *err)
{
    struct ims_sink sink = ims_json_sink(text);
    ims_figure_put(figure, &sink);
    ims_bytes_append(text, "\n", 1);
    return text->result ? ims_fail(err, text->result, "%s", ims_result_name(text->result))
                        : IMS_OK;
}

/* plotly.js into the folder of the page. */
static enum ims_result write_beside(const char *page, struct ims_error *err)
{
    char *path = NULL;
    const char *slash = strrchr(page, '/');
    int folder = slash ? (int)(slash - page) + 1 : 0;
    if (asprintf(&path, "%.*s" BESIDE, folder, page) < 0)
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    enum ims_result r = file_write(path, assets[0].data, assets[0].size, err);
    free(path);
    return r;
}

enum ims_result figure_file_html(const struct ims_figure *figure,
                                 const struct figure_file *how, struct ims_bytes *text,
                                 struct ims_error *err)
{
    const struct ims_value *title = ims_value_get(how->params, "title");
    bool beside = is_beside(how->plotlyjs);
    char name[256];
    struct ims_html_options html = {
        .plotly_js = beside ? NULL : (const char *)assets[0].data,
        .plotly_js_size = assets[0].size,
        .plotly_url = BESIDE,
        .title = ims_value_as_text(title, name, sizeof name) ? name : NULL,
        .config = how->config,
        .is_paused = how->is_paused,
    };
    enum ims_result r = ims_html_write(figure, &html, text, err);
    return r || !beside ? r : write_beside(how->out, err);
}
