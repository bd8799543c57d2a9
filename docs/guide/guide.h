/* SPDX-License-Identifier: MIT */
#ifndef GUIDE_H
#define GUIDE_H

/*
 * What the snippets of docs/guide-imshow.md call, so that each shows only what it is about. These are
 * short programs: a failure ends them with a line that says why. A library or a daemon hands the result
 * on instead.
 *
 *     struct ims_array array = load("elevation.npy");
 *     struct ims_figure *figure = imshow(&array, JSON({"color_continuous_scale": "Viridis"}));
 *     change(figure, JSON({"op": "update_layout", "args": {"width": 400}}));
 *     save(figure, "colours.json");
 *     ims_figure_destroy(figure);
 *     ims_array_finish(&array);
 */

#include <imshow/figure.h>
#include <imshow/json.h>
#include <imshow/npy.h>
#include <imshow/png.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* JSON as it is written, without a backslash before each quote. */
#define JSON(...) #__VA_ARGS__

enum { GUIDE_MAX_BYTES = 1 << 26 };

static inline void check(enum ims_result r, const struct ims_error *err)
{
    if (!r)
        return;
    fprintf(stderr, "%s\n", *err->text ? err->text : ims_result_name(r));
    exit(1);
}

static inline struct ims_bytes read_file(const char *path)
{
    struct ims_bytes out = {.limit = GUIDE_MAX_BYTES};
    struct ims_error err = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        check(ims_fail(&err, IMS_ERR_IO, "%s cannot be opened", path), &err);
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(&out, chunk, n);
    fclose(file);
    check(out.result, &err);
    return out;
}

/* An array from a .npy or a .png file. */
static inline struct ims_array load(const char *path)
{
    struct ims_bytes file = read_file(path);
    struct ims_error err = {0};
    struct ims_array array = {0};
    bool is_png = file.size > 4 && memcmp(file.data, "\x89PNG", 4) == 0;
    check(is_png ? ims_png_decode(file.data, file.size, GUIDE_MAX_BYTES, &array, &err)
                 : ims_npy_read(file.data, file.size, GUIDE_MAX_BYTES, &array, &err),
          &err);
    ims_bytes_finish(&file);
    return array;
}

static inline struct ims_document *parse(const char *json, size_t size)
{
    struct ims_document *doc = NULL;
    struct ims_error err = {0};
    check(ims_json_parse(json, size, &doc, &err), &err);
    return doc;
}

/* The same with the names, coordinates and units of a JSON file in the form of xarray's to_dict(). */
static inline struct ims_array load_labelled(const char *path, const char *labels_path)
{
    struct ims_array array = load(path);
    struct ims_bytes file = read_file(labels_path);
    struct ims_document *doc = parse((const char *)file.data, file.size);
    struct ims_error err = {0};
    check(ims_labels_parse(&doc->root, &array.labels, &err), &err);
    check(ims_labels_fit(array.labels, array.ndim, array.shape, &err), &err);
    ims_document_destroy(doc);
    ims_bytes_finish(&file);
    return array;
}

/* Channel `index` of a picture as one row of values. */
static inline struct ims_array channel(const struct ims_array *picture, size_t index)
{
    struct ims_array plane = {0}, items = {0}, row = {0};
    struct ims_error err = {0};
    check(ims_array_slice(picture, -1, index, &plane, &err), &err);
    check(ims_array_c_ordered(&plane, &items, &err), &err);
    size_t count = ims_array_count(&items);
    check(ims_array_over(items.buffer, 0, items.dtype, 1, &count, &row, &err), &err);
    ims_array_finish(&items);
    ims_array_finish(&plane);
    return row;
}

/* px.imshow(array, **params). */
static inline struct ims_figure *imshow(const struct ims_array *array, const char *params)
{
    struct ims_document *doc = parse(params, strlen(params));
    struct ims_figure_params *parsed = NULL;
    struct ims_figure *figure = NULL;
    struct ims_error err = {0};
    check(ims_figure_params_parse(&doc->root, &parsed, &err), &err);
    check(ims_figure_create(&(struct ims_figure_input){.array = array}, parsed, &figure,
                            &err),
          &err);
    ims_figure_params_unref(&parsed);
    ims_document_destroy(doc);
    return figure;
}

/* go.Figure(), or make_subplots(**options) where options are given. */
static inline struct ims_figure *empty_figure(const char *options)
{
    struct ims_figure *figure = NULL;
    struct ims_error err = {0};
    if (!options) {
        check(ims_figure_create_plain(NULL, &figure, &err), &err);
        return figure;
    }
    struct ims_document *doc = parse(options, strlen(options));
    check(ims_figure_create_subplots(&doc->root, &figure, &err), &err);
    ims_document_destroy(doc);
    return figure;
}

/* One change: {"op": "update_layout", "args": {...}}. */
static inline void change(struct ims_figure *figure, const char *op)
{
    struct ims_document *doc = parse(op, strlen(op));
    struct ims_error err = {0};
    check(ims_figure_apply(figure, &doc->root, &err), &err);
    ims_document_destroy(doc);
}

static inline void write_file(const char *path, const struct ims_bytes *out)
{
    struct ims_error err = {0};
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(out->data, 1, out->size, file) == out->size;
    if (file && fclose(file))
        ok = false;
    if (!ok)
        check(ims_fail(&err, IMS_ERR_IO, "%s cannot be written", path), &err);
}

static inline void save(const struct ims_figure *figure, const char *path)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    ims_figure_put(figure, &sink);
    check(out.result, &(struct ims_error){0});
    write_file(path, &out);
    ims_bytes_finish(&out);
}

#endif
