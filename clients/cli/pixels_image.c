/* SPDX-License-Identifier: MIT */
/*
 * px.imshow's own way from values to bytes is the library's: the picture is made as a figure with a binary
 * string, which is read back.
 */
#include "pixels.h"

#include <imshow/json.h>
#include <imshow/limits.h>
#include <imshow/png.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "data:image/png;base64,";

static int digit_of(char c)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Stops at the padding. */
static void decode_base64(const char *text, size_t size, struct ims_bytes *out)
{
    uint32_t bits = 0;
    int have = 0, digit;
    for (size_t i = 0; i < size && (digit = digit_of(text[i])) >= 0; i++) {
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        uint8_t byte = (uint8_t)(bits >> have);
        ims_bytes_append(out, &byte, 1);
    }
}

/* ---- the call ---- */

/* What px.imshow would take from the whole array, where the picture is a slice of it. */
static bool find_limits(const struct ims_value *params, const struct ims_array *picture,
                        const struct ims_array *whole, struct ims_limits *out)
{
    const struct ims_value *mode = ims_value_get(params, "contrast_rescaling");
    bool minmax =
        ims_value_is_null(mode) ? picture->ndim == 2 : ims_value_is_text(mode, "minmax");
    struct ims_limits_policy policy = {.kind =
                                           minmax ? IMS_LIMITS_MINMAX : IMS_LIMITS_INFER};
    if (whole == picture || whole->ndim == picture->ndim || whole->dtype == IMS_BOOL ||
        (!minmax && whole->dtype == IMS_U8))
        return false;
    ims_limits_resolve(&policy, whole, out);
    return true;
}

static bool is_kept(const struct ims_entry *e)
{
    static const char *const kept[] = {"zmin", "zmax", "range_color",
                                       "contrast_rescaling"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (strlen(kept[i]) == e->key_size && memcmp(kept[i], e->key, e->key_size) == 0)
            return true;
    return false;
}

static void put_limit(const struct ims_value *params, const char *key, double v,
                      struct ims_sink *sink)
{
    if (!ims_value_is_null(ims_value_get(params, key)))
        return;
    ims_put_key(sink, key);
    ims_put_f64(sink, v);
}

/* A limit that was given stays; null ones are left out, for the one that is put in their place. */
static void put_params(const struct ims_value *params, const struct ims_limits *limits,
                       struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t i = 0; i < params->as.map.count; i++) {
        const struct ims_entry *e = &params->as.map.entries[i];
        if (!is_kept(e) || ims_value_is_null(&e->value))
            continue;
        ims_put_key_n(sink, e->key, e->key_size);
        ims_put_value(sink, &e->value);
    }
    if (limits && ims_value_is_null(ims_value_get(params, "range_color"))) {
        put_limit(params, "zmin", limits->lo[0], sink);
        put_limit(params, "zmax", limits->hi[0], sink);
    }
    ims_put_key(sink, "binary_string"), ims_put_bool(sink, true);
    ims_put_key(sink, "binary_compression_level"), ims_put_i64(sink, 0);
    ims_put_end(sink);
}

static enum ims_result make_params(const struct ims_value *params,
                                   const struct ims_limits *limits,
                                   struct ims_figure_params **out, struct ims_error *err)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    struct ims_document *doc = NULL;
    put_params(params, limits, &sink);
    enum ims_result r = text.result;
    if (!r)
        r = ims_json_parse((const char *)text.data, text.size, &doc, err);
    if (!r)
        r = ims_figure_params_parse(&doc->root, out, err);
    ims_document_destroy(doc);
    ims_bytes_finish(&text);
    return r;
}

/* ---- the answer ---- */

static enum ims_result read_source(const struct ims_value *figure, struct ims_array *out,
                                   struct ims_error *err)
{
    const struct ims_value *data = ims_value_get(figure, "data");
    const struct ims_value *source = data && data->kind == IMS_LIST && data->as.list.count
                                         ? ims_value_get(data->as.list.items, "source")
                                         : NULL;
    size_t skip = sizeof prefix - 1;
    if (!source || source->kind != IMS_TEXT || source->as.text.size < skip ||
        memcmp(source->as.text.data, prefix, skip) != 0)
        return ims_fail(err, IMS_ERR_INVALID, "the figure holds no picture");
    struct ims_bytes png = {0};
    decode_base64(source->as.text.data + skip, source->as.text.size - skip, &png);
    enum ims_result r = png.result;
    if (!r)
        r = ims_png_decode(png.data, png.size, SIZE_MAX, out, err);
    ims_bytes_finish(&png);
    return r;
}

static enum ims_result write_figure(const struct ims_array *picture,
                                    const struct ims_figure_params *params,
                                    struct ims_document **out, struct ims_error *err)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    struct ims_array plain = ims_array_ref(picture);
    ims_labels_unref(&plain.labels); /* coordinates are no matter of the pixels */
    enum ims_result r = ims_figure_write(&plain, params, &sink, err);
    ims_array_finish(&plain);
    if (!r)
        r = text.result;
    if (!r)
        r = ims_json_parse((const char *)text.data, text.size, out, err);
    ims_bytes_finish(&text);
    return r;
}

enum ims_result pixels_of_image(const struct ims_value *params,
                                const struct ims_array *picture,
                                const struct ims_array *whole, struct ims_array *out,
                                struct ims_error *err)
{
    struct ims_limits limits;
    struct ims_figure_params *binary = NULL;
    struct ims_document *figure = NULL;
    bool has_limits = find_limits(params, picture, whole, &limits);
    enum ims_result r = make_params(params, has_limits ? &limits : NULL, &binary, err);
    if (!r)
        r = write_figure(picture, binary, &figure, err);
    if (!r)
        r = read_source(&figure->root, out, err);
    ims_document_destroy(figure);
    ims_figure_params_unref(&binary);
    return r;
}
