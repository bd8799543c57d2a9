/* SPDX-License-Identifier: MIT */
#include <imshow/html.h>

#include <imshow/json.h>
#include <imshow/value.h>

#include <string.h>
#include <strings.h>

static void add(struct ims_bytes *out, const char *text)
{
    ims_bytes_append(out, text, strlen(text));
}

/* A text inside an element or between double quotes. */
static void add_escaped(struct ims_bytes *out, const char *text)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (; *text; text++) {
        size_t i = 0, count = sizeof entities / sizeof *entities;
        while (i < count && entities[i].c != *text)
            i++;
        if (i < count)
            add(out, entities[i].entity);
        else
            ims_bytes_append(out, text, 1);
    }
}

/* A script's text ends at "</script" in any case, and "<!--" makes the browser read it otherwise. */
static bool ends_script(const char *text, size_t size)
{
    for (const char *end = text + size; (text = memchr(text, '<', (size_t)(end - text)));
         text++) {
        size_t left = (size_t)(end - text);
        if (left >= 8 && strncasecmp(text, "</script", 8) == 0)
            return true;
        if (left >= 4 && memcmp(text, "<!--", 4) == 0)
            return true;
    }
    return false;
}

static enum ims_result check(const struct ims_html_options *options,
                             struct ims_error *err)
{
    if (options->plotly_js && ends_script(options->plotly_js, options->plotly_js_size))
        return ims_fail(err, IMS_ERR_INVALID,
                        "html: the text of plotly.js would end its own script");
    if (options->config && options->config->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "html: config must be a map");
    return IMS_OK;
}

static void add_plotly(const struct ims_html_options *options, struct ims_bytes *out)
{
    if (options->plotly_js) {
        add(out, "<script>");
        ims_bytes_append(out, options->plotly_js, options->plotly_js_size);
        add(out, "</script>\n");
        return;
    }
    add(out, "<script src=\"");
    add_escaped(out, options->plotly_url ? options->plotly_url : "plotly.min.js");
    add(out, "\"></script>\n");
}

static void add_head(const struct ims_html_options *options, struct ims_bytes *out)
{
    add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>");
    add_escaped(out, options->title ? options->title : "imshow");
    add(out, "</title>\n<style>html, body { height: 100%; margin: 0; } "
             "#figure { width: 100%; height: 100%; }</style>\n");
    add_plotly(options, out);
    add(out, "</head>\n<body>\n<div id=\"figure\"></div>\n<script>\n");
}

/* JSON that our sink writes has no "<", so nothing in it ends the script. */
static void add_part(const struct ims_figure *figure, const char *part,
                     struct ims_bytes *out)
{
    struct ims_sink sink = ims_json_sink(out);
    ims_figure_put_part(figure, part, &sink);
}

static void add_config(const struct ims_html_options *options, struct ims_bytes *out)
{
    if (!options->config) {
        add(out, "{\"responsive\":true}");
        return;
    }
    struct ims_sink sink = ims_json_sink(out);
    ims_put_value(&sink, options->config);
}

/* plotly tells that an animation which a button started was cut short by a rejection without a reason, which nobody
 * can catch. */
static void add_patience(struct ims_bytes *out)
{
    add(out, "addEventListener('unhandledrejection', function (event) {"
             " if (!event.reason) event.preventDefault(); });\n");
}

static void add_frames(const struct ims_figure *figure,
                       const struct ims_html_options *options, struct ims_bytes *out)
{
    add(out, ".then(function () { return Plotly.addFrames(figure, ");
    add_part(figure, "frames", out);
    add(out, "); })");
    if (options->is_paused)
        return;
    /* Whoever presses stop cuts this short; plotly tells that by a rejection without a reason. */
    add(out, ".then(function () { return Plotly.animate(figure, null)"
             ".catch(function (reason) { if (reason) throw reason; }); })");
}

enum ims_result ims_html_write(const struct ims_figure *figure,
                               const struct ims_html_options *options,
                               struct ims_bytes *out, struct ims_error *err)
{
    enum ims_result r = check(options, err);
    if (r)
        return r;
    add_head(options, out);
    add(out, "var figure = document.getElementById('figure');\n");
    if (ims_figure_has_frames(figure))
        add_patience(out);
    add(out, "Plotly.newPlot(figure, ");
    add_part(figure, "data", out);
    add(out, ", ");
    add_part(figure, "layout", out);
    add(out, ", ");
    add_config(options, out);
    add(out, ")");
    if (ims_figure_has_frames(figure))
        add_frames(figure, options, out);
    add(out, ";\n</script>\n</body>\n</html>\n");
    return out->result
               ? ims_fail(err, out->result, "html: %s", ims_result_name(out->result))
               : IMS_OK;
}
