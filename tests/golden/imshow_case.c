/* SPDX-License-Identifier: MIT */

/*
 * Runs one case of tests/golden/imshow: input, parameters and ops to a figure, or to {"error": "..."}.
 *
 *     imshow-case DIR -o OUT.json
 *
 * Exit status: 0 written (an error that the library words counts as an answer), 1 the case cannot be
 * read, 2 usage, 3 the case asks for something that this version does not do; nothing is written then.
 */

#include <imshow/figure.h>
#include <imshow/json.h>
#include <imshow/npy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 1 << 24 };

struct run {
    const char *dir;
    struct ims_document *doc; /* case.json; text points nowhere else */
    struct ims_bytes text;
    struct ims_array array, mask;
    struct ims_figure_params *params;
    struct ims_figure *figure;
    struct ims_error err;
};

static enum ims_result read_file(struct run *run, const char *name, struct ims_bytes *out)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", run->dir, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return ims_fail(&run->err, IMS_ERR_IO, "%s: cannot be opened", path);
    out->limit = MAX_FILE;
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(out, chunk, n);
    fclose(file);
    return out->result;
}

/* ---- the corpus's notation for numpy's types, in the library's ---- */

/* {"dtype", "values"}: texts are a list, all else keeps its type. */
static void put_ndarray(struct ims_sink *sink, const struct ims_value *array)
{
    if (ims_value_is_text(ims_value_get(array, "dtype"), "str")) {
        ims_put_value(sink, ims_value_get(array, "values"));
        return;
    }
    ims_put_map(sink, 2);
    ims_put_key(sink, "dtype");
    ims_put_value(sink, ims_value_get(array, "dtype"));
    ims_put_key(sink, "data");
    ims_put_value(sink, ims_value_get(array, "values"));
    ims_put_end(sink);
}

static void put_param(struct ims_sink *sink, const struct ims_value *v)
{
    if (ims_value_get(v, "ndarray")) {
        put_ndarray(sink, ims_value_get(v, "ndarray"));
    } else if (ims_value_get(v, "datetime")) {
        ims_put_value(sink, ims_value_get(v, "datetime"));
    } else if (v->kind == IMS_LIST) {
        ims_put_list(sink, v->as.list.count);
        for (size_t i = 0; i < v->as.list.count; i++)
            put_param(sink, &v->as.list.items[i]);
        ims_put_end(sink);
    } else {
        ims_put_value(sink, v);
    }
}

/* A map of things that put_param or put_ndarray write. */
static void put_map(struct ims_sink *sink, const struct ims_value *map,
                    void (*put)(struct ims_sink *, const struct ims_value *))
{
    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t i = 0; map && i < map->as.map.count; i++) {
        const struct ims_entry *e = &map->as.map.entries[i];
        ims_put_key_n(sink, e->key, e->key_size);
        put(sink, &e->value);
    }
    ims_put_end(sink);
}

/* Parses what was written into `text` and frees it. */
static enum ims_result read_back(struct run *run, struct ims_bytes *text,
                                 struct ims_document **doc)
{
    enum ims_result r = text->result;
    if (!r)
        r = ims_json_parse((char *)text->data, text->size, doc, &run->err);
    ims_bytes_finish(text);
    return r;
}

static enum ims_result read_params(struct run *run)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    put_map(&sink, ims_value_get(&run->doc->root, "params"), put_param);
    struct ims_document *doc = NULL;
    enum ims_result r = read_back(run, &text, &doc);
    if (!r)
        r = ims_figure_params_parse(&doc->root, &run->params, &run->err);
    ims_document_destroy(doc);
    return r;
}

/* ---- labels ---- */

static void put_coord(struct ims_sink *sink, const struct ims_value *coord)
{
    ims_put_map(sink, 2);
    ims_put_key(sink, "dtype");
    ims_put_value(sink, ims_value_get(coord, "dtype"));
    ims_put_key(sink, "data");
    ims_put_value(sink, ims_value_get(coord, "values"));
    ims_put_end(sink);
}

/* The input's description as xarray's to_dict() would give it. */
static void put_labelled(struct ims_sink *sink, const struct ims_value *input)
{
    static const char *const same[] = {"dims", "name", "attrs"};
    ims_put_map(sink, 4);
    for (int i = 0; i < 3; i++) {
        ims_put_key(sink, same[i]);
        ims_put_value(sink, ims_value_get(input, same[i]));
    }
    ims_put_key(sink, "coords");
    put_map(sink, ims_value_get(input, "coords"), put_coord);
    ims_put_end(sink);
}

/* The form of pandas' to_dict("tight"). */
static void put_table(struct ims_sink *sink, const struct ims_value *input)
{
    static const char *const sides[][3] = {{"columns", "columns_name", "column_names"},
                                           {"index", "index_name", "index_names"}};
    ims_put_map(sink, 4);
    for (int i = 0; i < 2; i++) {
        ims_put_key(sink, sides[i][0]);
        put_coord(sink, ims_value_get(input, sides[i][0]));
        ims_put_key(sink, sides[i][2]);
        ims_put_list(sink, 1);
        ims_put_value(sink, ims_value_get(input, sides[i][1]));
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static enum ims_result read_labels(struct run *run, const struct ims_value *input,
                                   void (*put)(struct ims_sink *,
                                               const struct ims_value *))
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    put(&sink, input);
    struct ims_document *doc = NULL;
    enum ims_result r = read_back(run, &text, &doc);
    if (!r)
        r = ims_labels_parse(&doc->root, &run->array.labels, &run->err);
    if (!r)
        r = ims_labels_fit(run->array.labels, run->array.ndim, run->array.shape,
                           &run->err);
    ims_document_destroy(doc);
    return r;
}

static enum ims_result read_npy(struct run *run, const char *name, struct ims_array *out)
{
    struct ims_bytes file = {0};
    enum ims_result r = read_file(run, name, &file);
    if (!r)
        r = ims_npy_read(file.data, file.size, MAX_FILE, out, &run->err);
    ims_bytes_finish(&file);
    return r;
}

static bool is_kind(const struct run *run, const char *kind)
{
    return ims_value_is_text(
        ims_value_get(ims_value_get(&run->doc->root, "input"), "kind"), kind);
}

static enum ims_result read_input(struct run *run)
{
    const struct ims_value *input = ims_value_get(&run->doc->root, "input");
    enum ims_result r = read_npy(run, "input.npy", &run->array);
    if (!r && is_kind(run, "masked"))
        r = read_npy(run, "mask.npy", &run->mask);
    if (!r && is_kind(run, "xarray"))
        r = read_labels(run, input, put_labelled);
    if (!r && is_kind(run, "dataframe"))
        r = read_labels(run, input, put_table);
    return r;
}

/* ---- the figure ---- */

static enum ims_result call(struct run *run)
{
    const struct ims_value *root = &run->doc->root, *name = ims_value_get(root, "call");
    struct ims_figure_input input = {.array = &run->array,
                                     .mask = run->mask.ndim ? &run->mask : NULL,
                                     .is_list = is_kind(run, "list")};
    if (ims_value_is_text(name, "subplots"))
        return ims_figure_create_subplots(ims_value_get(root, "subplots"), &run->figure,
                                          &run->err);
    if (ims_value_is_text(name, "figure"))
        return ims_figure_create_plain(NULL, &run->figure, &run->err);
    enum ims_result r = read_params(run);
    return r ? r : ims_figure_create(&input, run->params, &run->figure, &run->err);
}

/* "$input[...,1].ravel": one channel as a list of its samples. */
static enum ims_result bind_channel(struct run *run, size_t channel)
{
    char name[40];
    struct ims_array slice, flat = {0};
    snprintf(name, sizeof name, "$input[...,%zu].ravel", channel);
    enum ims_result r = ims_array_slice(&run->array, -1, channel, &slice, &run->err);
    if (r)
        return r;
    size_t count = ims_array_count(&slice);
    r = ims_array_create(slice.dtype, 1, &count, &flat, &run->err);
    for (size_t i = 0; !r && i < count; i++) {
        size_t index[] = {i / slice.shape[1], i % slice.shape[1]};
        size_t size = ims_dtype_size(slice.dtype);
        memcpy(flat.data + i * size, ims_array_at(&slice, index), size);
    }
    if (!r)
        r = ims_figure_bind(run->figure, name, &flat, &run->err);
    ims_array_finish(&flat);
    ims_array_finish(&slice);
    return r;
}

static enum ims_result bind(struct run *run)
{
    const struct ims_array *a = &run->array;
    bool is_picture = a->dtype == IMS_U8 && a->ndim == 3 && a->shape[2] <= 4;
    enum ims_result r = ims_figure_bind(run->figure, "$input", a, &run->err);
    if (!r && is_picture)
        r = ims_figure_bind_picture(run->figure, "$input:png", a, &run->err);
    for (size_t i = 0; !r && a->ndim == 3 && a->shape[2] <= 4 && i < a->shape[2]; i++)
        r = bind_channel(run, i);
    return r;
}

/* The traces of a plain figure are maps, those of subplots say where they stand. */
static enum ims_result add_trace(struct run *run, const struct ims_value *v)
{
    struct ims_entry entries[] = {
        {"op", 2, {.kind = IMS_TEXT, .as.text = {"add_trace", 9}}},
        {"trace", 5, *(ims_value_get(v, "trace") ? ims_value_get(v, "trace") : v)},
        {"row", 3, {.kind = IMS_NULL}},
        {"col", 3, {.kind = IMS_NULL}},
    };
    for (int i = 2; i < 4; i++)
        if (ims_value_get(v, entries[i].key))
            entries[i].value = *ims_value_get(v, entries[i].key);
    struct ims_value op = {.kind = IMS_MAP, .as.map = {entries, 4}};
    return ims_figure_apply(run->figure, &op, &run->err);
}

static enum ims_result change(struct run *run)
{
    const struct ims_value *root = &run->doc->root;
    const struct ims_value *traces =
        ims_value_get(ims_value_get(root, "figure"), "traces");
    const struct ims_value *ops = ims_value_get(root, "ops");
    enum ims_result r = bind(run);
    for (size_t i = 0; !r && traces && i < traces->as.list.count; i++)
        r = add_trace(run, &traces->as.list.items[i]);
    for (size_t i = 0; !r && ops && i < ops->as.list.count; i++)
        r = ims_figure_apply(run->figure, &ops->as.list.items[i], &run->err);
    return r;
}

/* ---- the case ---- */

static enum ims_result read_case(struct run *run)
{
    enum ims_result r = read_file(run, "case.json", &run->text);
    if (!r)
        r = ims_json_parse((char *)run->text.data, run->text.size, &run->doc, &run->err);
    return r;
}

static void put_error(struct ims_bytes *out, const char *text)
{
    ims_bytes_finish(out);
    *out = (struct ims_bytes){0};
    struct ims_sink sink = ims_json_sink(out);
    ims_put_map(&sink, 1);
    ims_put_key(&sink, "error");
    ims_put_text(&sink, text);
    ims_put_end(&sink);
}

static enum ims_result run_case(struct run *run, struct ims_bytes *out)
{
    struct ims_sink sink = ims_json_sink(out);
    enum ims_result r = call(run);
    if (!r)
        r = change(run);
    if (!r) {
        ims_figure_put(run->figure, &sink);
        r = out->result;
    }
    if (r == IMS_ERR_INVALID)
        put_error(out, run->err.text);
    return r == IMS_ERR_INVALID ? out->result : r;
}

static int write_out(const char *path, const struct ims_bytes *out)
{
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(out->data, 1, out->size, file) == out->size;
    if (file && fclose(file))
        ok = false;
    if (!ok)
        fprintf(stderr, "imshow-case: %s: cannot be written\n", path);
    return ok ? 0 : 1;
}

static int say(const struct run *run, enum ims_result r)
{
    fprintf(stderr, "imshow-case: %s: %s\n", run->dir,
            *run->err.text ? run->err.text : ims_result_name(r));
    return r == IMS_ERR_UNSUPPORTED ? 3 : 1;
}

static int run_to(struct run *run, const char *path)
{
    enum ims_result r = read_case(run);
    if (!r)
        r = read_input(run);
    if (r)
        return say(run, r);
    struct ims_bytes out = {0};
    r = run_case(run, &out);
    int status = r ? say(run, r) : write_out(path, &out);
    ims_bytes_finish(&out);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 4 || strcmp(argv[2], "-o") != 0) {
        fprintf(stderr, "usage: imshow-case DIR -o OUT.json\n");
        return 2;
    }
    struct run run = {.dir = argv[1]};
    int status = run_to(&run, argv[3]);
    ims_figure_destroy(run.figure);
    ims_figure_params_unref(&run.params);
    ims_array_finish(&run.mask);
    ims_array_finish(&run.array);
    ims_document_destroy(run.doc);
    ims_bytes_finish(&run.text);
    return status;
}
