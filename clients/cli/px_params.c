/* SPDX-License-Identifier: MIT */
#include "px_params.h"

#include <imshow/figure.h>
#include <imshow/json.h>
#include <string.h>

static const struct {
    const char *param, *option, *value, *help;
} params[PX_PARAMS_COUNT] = {
    {"zmin", "zmin", "V", "lower limit: a number, or a list of 1, 3 or 4"},
    {"zmax", "zmax", "V", "upper limit"},
    {"range_color", "range-color", "LIST", "both limits, [lower, upper]"},
    {"contrast_rescaling", "contrast-rescaling", "NAME", "minmax or infer"},
    {"color_continuous_scale", "color-continuous-scale", "NAME", "a colour scale's name"},
    {"color_continuous_midpoint", "color-continuous-midpoint", "N",
     "value of its middle"},
    {"origin", "origin", "NAME", "upper, or lower: row 0 at the bottom"},
    {"aspect", "aspect", "NAME", "equal or auto"},
    {"x", "x", "LIST", "coordinates of the columns"},
    {"y", "y", "LIST", "coordinates of the rows"},
    {"labels", "labels", "MAP", "{\"x\": ..., \"y\": ..., \"color\": ...}"},
    {"title", "title", "TEXT", "above the figure"},
    {"width", "width", "PX", "of the figure"},
    {"height", "height", "PX", "of the figure"},
    {"text_auto", "text-auto", "V", "true or a number format: values as text"},
    {"binary_string", "binary-string", "BOOL", "send a picture, not values"},
    {"binary_format", "binary-format", "NAME", "png or jpg"},
    {"binary_backend", "binary-backend", "NAME", "auto, pil or pypng"},
    {"binary_compression_level", "binary-compression-level", "N", "PNG, 0 to 9"},
};

void px_params_rows(size_t offset, struct option_row *rows)
{
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++)
        rows[i] = (struct option_row){
            .name = params[i].option,
            .value = params[i].value,
            .type = OPTION_TEXT,
            .offset =
                offset + offsetof(struct px_params, text) + i * sizeof(const char *),
            .help = params[i].help,
        };
}

const char *px_params_name(size_t i)
{
    return params[i].param;
}

static void put_text_or_json(const char *text, struct ims_sink *sink)
{
    struct ims_document *doc;
    if (ims_json_parse(text, strlen(text), &doc, NULL)) {
        ims_put_text(sink, text);
        return;
    }
    ims_put_value(sink, &doc->root);
    ims_document_destroy(doc);
}

void px_params_put(const struct px_params *px, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++) {
        if (!px->text[i])
            continue;
        ims_put_key(sink, params[i].param);
        put_text_or_json(px->text[i], sink);
    }
    ims_put_end(sink);
}

enum ims_result px_params_check(const struct px_params *px, struct ims_error *err)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    px_params_put(px, &sink);
    struct ims_document *doc = NULL;
    struct ims_figure_params *parsed = NULL;
    enum ims_result r = text.result;
    if (!r)
        r = ims_json_parse((const char *)text.data, text.size, &doc, err);
    if (!r)
        r = ims_figure_params_parse(&doc->root, &parsed, err);
    ims_figure_params_unref(&parsed);
    ims_document_destroy(doc);
    ims_bytes_finish(&text);
    return r;
}
