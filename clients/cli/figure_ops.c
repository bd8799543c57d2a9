/* SPDX-License-Identifier: MIT */
#include "figure_ops.h"

#include "json_arg.h"

#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>

/* ---- from options to ops ---- */

static const char *key_of(const char *option)
{
    return strcmp(option, "add-trace") == 0 ? "trace" : "args";
}

/* "update-layout" is the op "update_layout". */
static void put_name(const char *option, struct ims_sink *sink)
{
    char name[32];
    snprintf(name, sizeof name, "%s", option);
    for (char *c = name; *c; c++)
        if (*c == '-')
            *c = '_';
    ims_put_key(sink, "op");
    ims_put_text(sink, name);
}

/* True for {"args": {...}} with nothing but what says where. */
static bool names_a_cell(const char *option, const struct ims_value *map)
{
    static const char *const others[] = {"row", "col", "selector"};
    const struct ims_value *args = ims_value_get(map, key_of(option));
    size_t known = 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        known += ims_value_get(map, others[i]) != NULL;
    return args && args->kind == IMS_MAP && known == map->as.map.count;
}

static void put_op(const char *option, const struct ims_value *map, struct ims_sink *sink)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_name(option, sink);
    if (names_a_cell(option, map)) {
        for (size_t i = 0; i < map->as.map.count; i++) {
            ims_put_key_n(sink, map->as.map.entries[i].key,
                          map->as.map.entries[i].key_size);
            ims_put_value(sink, &map->as.map.entries[i].value);
        }
    } else {
        ims_put_key(sink, key_of(option));
        ims_put_value(sink, map);
    }
    ims_put_end(sink);
}

static enum ims_result parse(const struct ims_bytes *text, struct ims_document **out,
                             struct ims_error *err)
{
    if (text->result)
        return ims_fail(err, text->result, "%s", ims_result_name(text->result));
    return ims_json_parse((const char *)text->data, text->size, out, err);
}

static enum ims_result read_args(const char *option, const char *value,
                                 struct ims_document **out, struct ims_error *err)
{
    struct ims_document *args = NULL;
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    enum ims_result r = json_arg_read(option, value, &args, err);
    if (!r)
        r = json_expect_map(option, args, err);
    if (!r)
        put_op(option, &args->root, &sink);
    if (!r)
        r = parse(&text, out, err);
    ims_bytes_finish(&text);
    ims_document_destroy(args);
    return r;
}

/* PATH=VALUE, the value JSON or bare text. */
static enum ims_result read_set(const char *value, struct ims_document **out,
                                struct ims_error *err)
{
    const char *equals = strchr(value, '=');
    if (!equals)
        return ims_fail(err, IMS_ERR_INVALID,
                        "--set '%.60s': give PATH=VALUE, such as layout.title.text=x",
                        value);
    struct ims_document *doc = NULL;
    struct ims_bytes text = {0};
    struct ims_sink sink = ims_json_sink(&text);
    ims_put_map(&sink, 3);
    ims_put_key(&sink, "op"), ims_put_text(&sink, "set");
    ims_put_key(&sink, "path"), ims_put_text_n(&sink, value, (size_t)(equals - value));
    ims_put_key(&sink, "value");
    if (ims_json_parse(equals + 1, strlen(equals + 1), &doc, NULL))
        ims_put_text(&sink, equals + 1);
    else
        ims_put_value(&sink, &doc->root);
    ims_put_end(&sink);
    enum ims_result r = parse(&text, out, err);
    ims_bytes_finish(&text);
    ims_document_destroy(doc);
    return r;
}

enum ims_result figure_ops_read(const struct option_list *list, struct figure_ops *out,
                                struct ims_error *err)
{
    *out = (struct figure_ops){0};
    for (int i = 0; i < list->count; i++) {
        const char *option = list->items[i].name, *value = list->items[i].value;
        struct ims_document *doc = NULL;
        enum ims_result r = strcmp(option, "set") == 0
                                ? read_set(value, &doc, err)
                                : read_args(option, value, &doc, err);
        if (r) {
            figure_ops_finish(out);
            return r;
        }
        out->items[out->count].option = option;
        out->items[out->count++].doc = doc;
    }
    return IMS_OK;
}

void figure_ops_finish(struct figure_ops *ops)
{
    for (int i = 0; i < ops->count; i++)
        ims_document_destroy(ops->items[i].doc);
    ops->count = 0;
}

/* ---- references to the input ---- */

/* Channel `k` of the last axis, one row. */
static enum ims_result channel_of(const struct ims_array *array, size_t k,
                                  struct ims_array *out, struct ims_error *err)
{
    struct ims_array plane, items;
    enum ims_result r = ims_array_slice(array, -1, k, &plane, err);
    if (r)
        return r;
    r = ims_array_c_ordered(&plane, &items, err);
    ims_array_finish(&plane);
    if (r)
        return r;
    size_t count = ims_array_count(&items);
    if (items.buffer)
        r = ims_array_over(items.buffer, (size_t)(items.data - items.buffer->data),
                           items.dtype, 1, &count, out, err);
    else
        r = ims_fail(err, IMS_ERR_INVALID, "an array without memory of its own");
    ims_array_finish(&items);
    return r;
}

static enum ims_result bind_channel(struct ims_figure *figure, const char *name,
                                    const struct ims_array *array, struct ims_error *err)
{
    static const char head[] = "$input[...,";
    bool is_channel = strncmp(name, head, sizeof head - 1) == 0;
    const char *digits = name + (is_channel ? sizeof head - 1 : 0);
    char *end = NULL;
    unsigned long k = strtoul(digits, &end, 10);
    struct ims_array row;
    if (!is_channel || *digits < '0' || *digits > '9' || strcmp(end, "].ravel") != 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "'%.60s': the input is named $input, $input:png or "
                        "$input[...,k].ravel",
                        name);
    enum ims_result r = channel_of(array, k, &row, err);
    if (r)
        return r;
    r = ims_figure_bind(figure, name, &row, err);
    ims_array_finish(&row);
    return r;
}

static enum ims_result bind_name(struct ims_figure *figure, const char *name,
                                 const struct ims_array *array, struct ims_error *err)
{
    if (strcmp(name, "$input") == 0)
        return ims_figure_bind(figure, name, array, err);
    if (strcmp(name, "$input:png") == 0)
        return ims_figure_bind_picture(figure, name, array, err);
    return bind_channel(figure, name, array, err);
}

static enum ims_result bind_names(struct ims_figure *figure, const struct ims_value *v,
                                  const struct ims_array *array, struct ims_error *err)
{
    char text[64];
    enum ims_result r = IMS_OK;
    if (ims_value_as_text(v, text, sizeof text) && strncmp(text, "$input", 6) == 0)
        return bind_name(figure, text, array, err);
    /* a parsed tree is at most 32 deep */
    for (size_t i = 0; !r && v->kind == IMS_MAP && i < v->as.map.count; i++)
        r = bind_names(figure, &v->as.map.entries[i].value, array, err);
    for (size_t i = 0; !r && v->kind == IMS_LIST && i < v->as.list.count; i++)
        r = bind_names(figure, &v->as.list.items[i], array, err);
    return r;
}

enum ims_result figure_ops_apply(const struct figure_ops *ops,
                                 const struct ims_array *array, struct ims_figure *figure,
                                 struct ims_error *err)
{
    for (int i = 0; i < ops->count; i++) {
        struct ims_error why = {0};
        enum ims_result r = bind_names(figure, &ops->items[i].doc->root, array, &why);
        if (!r)
            r = ims_figure_apply(figure, &ops->items[i].doc->root, &why);
        if (r)
            return ims_fail(err, r, "--%s: %s", ops->items[i].option,
                            *why.text ? why.text : ims_result_name(r));
    }
    return IMS_OK;
}
