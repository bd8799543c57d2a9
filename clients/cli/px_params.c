/* SPDX-License-Identifier: MIT */
#include "px_params.h"

#include "json_arg.h"

#include <imshow/json.h>
#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *param, *option, *value, *help;
} params[PX_PARAMS_COUNT] = {
    {"zmin", "zmin", "V", "lower limit: a number, or a list of 1, 3 or 4"},
    {"zmax", "zmax", "V", "upper limit"},
    {"range_color", "range-color", "LIST", "both limits, [lower, upper]"},
    {"contrast_rescaling", "contrast-rescaling", "NAME", "minmax or infer"},
    {"color_continuous_scale", "color-continuous-scale", "SCALE",
     "a colour scale's name, or a list of colours"},
    {"color_continuous_midpoint", "color-continuous-midpoint", "N",
     "value of its middle"},
    {"origin", "origin", "NAME", "upper, or lower: row 0 at the bottom"},
    {"aspect", "aspect", "NAME", "equal or auto"},
    {"x", "x", "LIST", "coordinates of the columns"},
    {"y", "y", "LIST", "coordinates of the rows"},
    {"labels", "labels", "MAP", "{\"x\": ..., \"y\": ..., \"color\": ...}"},
    {"title", "title", "TEXT", "above the figure"},
    {"template", "template", "NAME", "plotly_white, plotly_dark, ... or several by +"},
    {"width", "width", "PX", "of the figure"},
    {"height", "height", "PX", "of the figure"},
    {"text_auto", "text-auto", "V", "true or a number format: values as text"},
    {"binary_string", "binary-string", "BOOL", "send a picture, not values"},
    {"binary_format", "binary-format", "NAME", "png or jpg"},
    {"binary_backend", "binary-backend", "NAME", "auto, pil or pypng"},
    {"binary_compression_level", "binary-compression-level", "N", "PNG, 0 to 9"},
    {"facet_col", "facet-col", "AXIS", "axis whose items stand side by side"},
    {"facet_row", "facet-row", "AXIS", "axis whose items stand below each other"},
    {"facet_col_wrap", "facet-col-wrap", "N", "columns before a new row begins"},
    {"facet_col_spacing", "facet-col-spacing", "F", "between columns, of the width"},
    {"facet_row_spacing", "facet-row-spacing", "F", "between rows, of the height"},
    {"animation_frame", "animation-frame", "AXIS", "axis that a slider moves along"},
};

static struct option_row row_of(size_t offset, size_t i)
{
    return (struct option_row){
        .name = params[i].option,
        .value = params[i].value,
        .type = OPTION_TEXT,
        .offset = offset + offsetof(struct px_params, text) + i * sizeof(const char *),
        .help = params[i].help,
    };
}

struct option_row px_params_row(size_t offset, const char *option)
{
    size_t i = 0;
    while (strcmp(params[i].option, option) != 0)
        i++;
    return row_of(offset, i);
}

void px_params_default(struct px_params *px, const char *option, const char *text)
{
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++)
        if (strcmp(params[i].option, option) == 0 && !px->text[i])
            px->text[i] = text;
}

void px_params_rows(size_t offset, struct option_row *rows)
{
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++)
        rows[i] = row_of(offset, i);
    rows[PX_PARAMS_COUNT] = (struct option_row){
        .name = "params",
        .value = "FILE",
        .type = OPTION_TEXT,
        .offset = offset + offsetof(struct px_params, params_path),
        .help = "parameters as one JSON object",
    };
    rows[PX_PARAMS_COUNT + 1] = (struct option_row){
        .name = "labelled",
        .value = "FILE",
        .type = OPTION_TEXT,
        .offset = offset + offsetof(struct px_params, labelled_path),
        .help = "names, coordinates, units: xarray's to_dict() as JSON",
    };
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

/* True when an option stands for the entry of the file. */
static bool is_given(const struct px_params *px, const struct ims_entry *entry)
{
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++)
        if (px->text[i] && strlen(params[i].param) == entry->key_size &&
            memcmp(params[i].param, entry->key, entry->key_size) == 0)
            return true;
    return false;
}

static bool has(const struct ims_value *map, const struct ims_entry *entry)
{
    for (size_t i = 0; map && i < map->as.map.count; i++)
        if (map->as.map.entries[i].key_size == entry->key_size &&
            memcmp(map->as.map.entries[i].key, entry->key, entry->key_size) == 0)
            return true;
    return false;
}

/* The entries of `map` that neither an option nor `over` stands for. */
static void put_entries(const struct px_params *px, const struct ims_value *map,
                        const struct ims_value *over, struct ims_sink *sink)
{
    for (size_t i = 0; map && i < map->as.map.count; i++) {
        const struct ims_entry *entry = &map->as.map.entries[i];
        if (is_given(px, entry) || has(over, entry))
            continue;
        ims_put_key_n(sink, entry->key, entry->key_size);
        ims_put_value(sink, &entry->value);
    }
}

static void put_map(const struct px_params *px, const struct ims_value *base,
                    const struct ims_value *file, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_entries(px, base, file, sink);
    put_entries(px, file, NULL, sink);
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++) {
        if (!px->text[i])
            continue;
        ims_put_key(sink, params[i].param);
        put_text_or_json(px->text[i], sink);
    }
    ims_put_end(sink);
}

/* Base, file and options as one text, parsed: what is merged so is a tree of its own. A base may hold bytes, which
 * JSON has not. */
static enum ims_result merge(const struct px_params *px, const struct ims_value *base,
                             const struct ims_value *file, struct px_call *out,
                             struct ims_error *err)
{
    struct ims_bytes *bytes = &out->bytes;
    struct ims_sink sink = base ? ims_msgpack_sink(bytes) : ims_json_sink(bytes);
    put_map(px, base, file, &sink);
    if (bytes->result)
        return ims_fail(err, bytes->result, "out of memory");
    return base ? ims_msgpack_parse(bytes->data, bytes->size, &out->map, err)
                : ims_json_parse((const char *)bytes->data, bytes->size, &out->map, err);
}

static enum ims_result read_map(const struct px_params *px, const struct ims_value *base,
                                struct px_call *out, struct ims_error *err)
{
    struct ims_document *file = NULL;
    enum ims_result r = IMS_OK;
    if (px->params_path)
        r = json_file_read("params", px->params_path, &file, err);
    if (!r && file)
        r = json_expect_map("params", file, err);
    if (!r)
        r = merge(px, base, file ? &file->root : NULL, out, err);
    ims_document_destroy(file);
    return r;
}

static enum ims_result read_labels(const char *path, struct px_call *call,
                                   struct ims_error *err)
{
    struct ims_error why = {0};
    enum ims_result r = json_file_read("labelled", path, &call->labelled, err);
    if (r)
        return r;
    r = ims_labels_parse(&call->labelled->root, &call->labels, &why);
    return r ? ims_fail(err, r, "--labelled: %s: %s", path, why.text) : IMS_OK;
}

enum ims_result px_params_read(const struct px_params *px, struct px_call *out,
                               struct ims_error *err)
{
    return px_params_read_over(px, NULL, out, err);
}

enum ims_result px_params_read_over(const struct px_params *px,
                                    const struct ims_value *base, struct px_call *out,
                                    struct ims_error *err)
{
    struct px_call call = {0};
    enum ims_result r = read_map(px, base, &call, err);
    if (!r)
        r = ims_figure_params_parse(&call.map->root, &call.params, err);
    if (!r && px->labelled_path)
        r = read_labels(px->labelled_path, &call, err);
    if (r)
        px_call_finish(&call);
    else
        *out = call;
    return r;
}

void px_call_finish(struct px_call *call)
{
    ims_labels_unref(&call->labels);
    ims_figure_params_unref(&call->params);
    ims_document_destroy(call->labelled);
    ims_document_destroy(call->map);
    ims_bytes_finish(&call->bytes);
    *call = (struct px_call){0};
}
