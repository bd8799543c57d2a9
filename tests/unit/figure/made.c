/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *quoted(const char *text)
{
    char *copy = strdup(text);
    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    return copy;
}

struct ims_document *json_of(const char *text)
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    char *json = quoted(text);
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, &err), IMS_OK, "%s", err.text);
    free(json);
    return doc;
}

struct ims_figure_params *params_of(const char *text)
{
    struct ims_error err = {0};
    struct ims_figure_params *params = NULL;
    struct ims_document *doc = json_of(text);
    cr_assert_eq(ims_figure_params_parse(&doc->root, &params, &err), IMS_OK, "%s",
                 err.text);
    ims_document_destroy(doc);
    return params;
}

static void store(enum ims_dtype dtype, size_t value, void *item)
{
    switch (dtype) {
    case IMS_F64: *(double *)item = (double)value; break;
    case IMS_F32: *(float *)item = (float)value; break;
    default:
        memcpy(item, &value, ims_dtype_size(dtype));
        break; /* little-endian, wraps */
    }
}

struct ims_array counting(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_array a;
    cr_assert_eq(ims_array_create(dtype, ndim, shape, &a, NULL), IMS_OK);
    for (size_t i = 0; i < ims_array_count(&a); i++)
        store(dtype, i, a.data + i * ims_dtype_size(dtype));
    return a;
}

void label(struct ims_array *array, const char *text)
{
    struct ims_error err = {0};
    struct ims_document *doc = json_of(text);
    cr_assert_eq(ims_labels_parse(&doc->root, &array->labels, &err), IMS_OK, "%s",
                 err.text);
    ims_document_destroy(doc);
}

static void read_back(struct made *made)
{
    if (!made->result)
        cr_assert_eq(ims_json_parse((char *)made->text.data, made->text.size, &made->doc,
                                    &made->err),
                     IMS_OK, "%s", made->err.text);
}

struct made figure_of(const struct ims_array *array, const char *text)
{
    struct made made = {0};
    struct ims_figure_params *params = params_of(text);
    struct ims_sink sink = ims_json_sink(&made.text);
    made.result = ims_figure_write(array, params, &sink, &made.err);
    ims_figure_params_unref(&params);
    read_back(&made);
    return made;
}

/* Applies the ops, writes, and destroys the figure. */
static struct made changed_figure(struct ims_figure *figure, const char *ops)
{
    struct made made = {0};
    struct ims_document *doc = json_of(ops);
    for (size_t i = 0; !made.result && i < doc->root.as.list.count; i++)
        made.result = ims_figure_apply(figure, &doc->root.as.list.items[i], &made.err);
    ims_document_destroy(doc); /* the figure keeps what it needs */
    struct ims_sink sink = ims_json_sink(&made.text);
    if (!made.result) {
        ims_figure_put(figure, &sink);
        made.result = made.text.result;
    }
    ims_figure_destroy(figure);
    read_back(&made);
    return made;
}

struct made changed(const struct ims_array *array, const char *text, const char *ops)
{
    struct made made = {0};
    struct ims_figure *figure = NULL;
    struct ims_figure_params *params = params_of(text);
    struct ims_figure_input input = {.array = array};
    made.result = array ? ims_figure_create(&input, params, &figure, &made.err)
                        : ims_figure_create_plain(NULL, &figure, &made.err);
    ims_figure_params_unref(&params);
    if (!made.result && array)
        made.result = ims_figure_bind(figure, "$input", array, &made.err);
    return made.result ? made : changed_figure(figure, ops);
}

struct made subplots(const char *options, const char *ops)
{
    struct made made = {0};
    struct ims_figure *figure = NULL;
    struct ims_document *doc = json_of(options);
    made.result = ims_figure_create_subplots(&doc->root, &figure, &made.err);
    ims_document_destroy(doc);
    return made.result ? made : changed_figure(figure, ops);
}

struct made live_of(struct ims_array array, const char *text)
{
    struct made made = {0};
    struct ims_figure_params *params = params_of(text);
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    frame->array = array;
    struct ims_sink sink = ims_json_sink(&made.text);
    made.result = ims_figure_write_live(frame, params, &sink, &made.err);
    ims_frame_unref(&frame);
    ims_figure_params_unref(&params);
    read_back(&made);
    return made;
}

static const struct ims_value *find(const struct made *made, const char *path)
{
    const struct ims_value *v = made->doc ? &made->doc->root : NULL;
    char key[64];
    for (int n; v && sscanf(path, "%63[^.]%n", key, &n) == 1;
         path += path[n] ? n + 1 : n) {
        if (!isdigit((unsigned char)*key)) {
            v = ims_value_get(v, key);
            continue;
        }
        size_t i = strtoul(key, NULL, 10);
        v = v->kind == IMS_LIST && i < v->as.list.count ? &v->as.list.items[i] : NULL;
    }
    return v;
}

static struct ims_bytes text_of(const struct ims_value *v)
{
    struct ims_bytes bytes = {0};
    struct ims_sink sink = ims_json_sink(&bytes);
    ims_put_value(&sink, v);
    return bytes;
}

bool says(const struct made *made, const char *path, const char *text)
{
    const struct ims_value *v = find(made, path);
    if (!v)
        return false;
    struct ims_document *doc = json_of(text);
    struct ims_bytes have = text_of(v), want = text_of(&doc->root);
    bool same = have.size == want.size && memcmp(have.data, want.data, have.size) == 0;
    if (!same)
        cr_log_warn("%s is %.*s, not %s", path, (int)have.size, (char *)have.data, text);
    ims_bytes_finish(&have);
    ims_bytes_finish(&want);
    ims_document_destroy(doc);
    return same;
}

bool lacks(const struct made *made, const char *path)
{
    return made->doc && !find(made, path);
}

void finish(struct made *made)
{
    ims_document_destroy(made->doc);
    ims_bytes_finish(&made->text);
}
