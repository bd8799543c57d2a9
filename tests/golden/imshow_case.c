/* SPDX-License-Identifier: MIT */

/*
 * Runs one case of tests/golden/imshow: input and parameters to a figure, or to {"error": "..."}.
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
    struct ims_array array;
    struct ims_figure_params *params;
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

/* "2020-01-01" in unit "ns" is "2020-01-01T00:00:00.000000000". */
static void put_date(struct ims_sink *sink, const char *text, const char *unit)
{
    static const char full[] = "2000-01-01T00:00:00.000000000";
    static const struct {
        const char *unit;
        size_t size;
    } units[] = {{"D", 10},  {"h", 13},  {"m", 16}, {"s", 19},
                 {"ms", 23}, {"us", 26}, {"ns", 29}};
    size_t size = sizeof full - 1, have = strlen(text);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, unit) == 0)
            size = units[i].size;
    char out[sizeof full];
    memcpy(out, full, sizeof full);
    memcpy(out, text, have < size ? have : size);
    ims_put_text_n(sink, out, size);
}

static void put_dates(struct ims_sink *sink, const struct ims_value *values,
                      const char *dtype)
{
    char unit[8] = "";
    sscanf(dtype, "datetime64[%7[^]]", unit);
    ims_put_list(sink, values->as.list.count);
    for (size_t i = 0; i < values->as.list.count; i++) {
        char text[64] = "";
        ims_value_as_text(&values->as.list.items[i], text, sizeof text);
        put_date(sink, text, unit);
    }
    ims_put_end(sink);
}

/* {"dtype", "values"}: dates and texts are lists of texts here, numbers keep their type. */
static void put_ndarray(struct ims_sink *sink, const struct ims_value *array)
{
    char dtype[32] = "";
    const struct ims_value *values = ims_value_get(array, "values");
    ims_value_as_text(ims_value_get(array, "dtype"), dtype, sizeof dtype);
    if (strncmp(dtype, "datetime64", 10) == 0) {
        put_dates(sink, values, dtype);
    } else if (strcmp(dtype, "str") == 0) {
        ims_put_value(sink, values);
    } else {
        ims_put_map(sink, 2);
        ims_put_key(sink, "dtype");
        ims_put_text(sink, dtype);
        ims_put_key(sink, "data");
        ims_put_value(sink, values);
        ims_put_end(sink);
    }
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

static enum ims_result read_params(struct run *run)
{
    const struct ims_value *params = ims_value_get(&run->doc->root, "params");
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_put_map(&sink, IMS_COUNT_LATER);
    for (size_t i = 0; params && i < params->as.map.count; i++) {
        const struct ims_entry *e = &params->as.map.entries[i];
        ims_put_key_n(&sink, e->key, e->key_size);
        put_param(&sink, &e->value);
    }
    ims_put_end(&sink);
    struct ims_document *doc = NULL;
    enum ims_result r = text.result;
    if (!r)
        r = ims_json_parse((char *)text.data, text.size, &doc, &run->err);
    if (!r)
        r = ims_figure_params_parse(&doc->root, &run->params, &run->err);
    ims_document_destroy(doc);
    ims_bytes_finish(&text);
    return r;
}

/* ---- labels ---- */

static void put_coords(struct ims_sink *sink, const struct ims_value *coords)
{
    ims_put_map(sink, coords->as.map.count);
    for (size_t i = 0; i < coords->as.map.count; i++) {
        const struct ims_entry *e = &coords->as.map.entries[i];
        char dtype[32] = "";
        ims_value_as_text(ims_value_get(&e->value, "dtype"), dtype, sizeof dtype);
        ims_put_key_n(sink, e->key, e->key_size);
        ims_put_map(sink, 1);
        ims_put_key(sink, "data");
        if (strncmp(dtype, "datetime64", 10) == 0)
            put_dates(sink, ims_value_get(&e->value, "values"), dtype);
        else
            ims_put_value(sink, ims_value_get(&e->value, "values"));
        ims_put_end(sink);
    }
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
    put_coords(sink, ims_value_get(input, "coords"));
    ims_put_end(sink);
}

static enum ims_result read_labels(struct run *run, const struct ims_value *input)
{
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    put_labelled(&sink, input);
    struct ims_document *doc = NULL;
    enum ims_result r = text.result;
    if (!r)
        r = ims_json_parse((char *)text.data, text.size, &doc, &run->err);
    if (!r)
        r = ims_labels_parse(&doc->root, &run->array.labels, &run->err);
    if (!r)
        r = ims_labels_fit(run->array.labels, run->array.ndim, run->array.shape,
                           &run->err);
    ims_document_destroy(doc);
    ims_bytes_finish(&text);
    return r;
}

static enum ims_result read_array(struct run *run)
{
    struct ims_bytes file = {0};
    const struct ims_value *input = ims_value_get(&run->doc->root, "input");
    enum ims_result r = read_file(run, "input.npy", &file);
    if (!r)
        r = ims_npy_read(file.data, file.size, MAX_FILE, &run->array, &run->err);
    ims_bytes_finish(&file);
    if (!r && ims_value_is_text(ims_value_get(input, "kind"), "xarray"))
        r = read_labels(run, input);
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

static bool is_supported(const struct run *run)
{
    const struct ims_value *kind =
        ims_value_get(ims_value_get(&run->doc->root, "input"), "kind");
    return ims_value_is_text(ims_value_get(&run->doc->root, "call"), "imshow") &&
           !ims_value_get(&run->doc->root, "ops") && !ims_value_is_text(kind, "masked") &&
           !ims_value_is_text(kind, "dataframe");
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
    enum ims_result r = read_params(run);
    if (!r)
        r = ims_figure_write(&run->array, run->params, &sink, &run->err);
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
    if (!r && !is_supported(run))
        r = ims_fail(&run->err, IMS_ERR_UNSUPPORTED, "call, ops or kind of input");
    if (!r)
        r = read_array(run);
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
    ims_figure_params_unref(&run.params);
    ims_array_finish(&run.array);
    ims_document_destroy(run.doc);
    ims_bytes_finish(&run.text);
    return status;
}
