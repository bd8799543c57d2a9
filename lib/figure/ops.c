/* SPDX-License-Identifier: MIT */
#include "figure_impl.h"
#include "grid.h"
#include "params.h"
#include "picture.h"

#include <ctype.h>
#include <string.h>

struct op {
    struct ims_figure *figure;
    const struct ims_value *map;
    struct ims__edit edit;
    int64_t row, col; /* 0: not given */
};

/* ---- cells ---- */

static enum ims_result take_number(const struct op *op, const char *name, size_t most,
                                   int64_t *out)
{
    const struct ims_value *v = ims_value_get(op->map, name);
    int64_t number = 0;
    if (ims_value_is_null(v))
        return IMS_OK;
    if (!ims_value_as_i64(v, &number) || number < 1 || (uint64_t)number > most)
        return ims_fail(op->edit.err, IMS_ERR_INVALID,
                        "%s: the figure has the %ss 1 to %zu", name, name, most);
    *out = number;
    return IMS_OK;
}

/* The number of the cell's axes; 0 when the op names none. */
static enum ims_result take_cell(struct op *op, size_t *out)
{
    enum ims_result r = take_number(op, "row", op->figure->rows, &op->row);
    if (!r)
        r = take_number(op, "col", op->figure->cols, &op->col);
    if (r)
        return r;
    if (!op->row != !op->col)
        return ims_fail(op->edit.err, IMS_ERR_INVALID,
                        "row and col must be given together");
    *out = op->row ? (size_t)(op->row - 1) * op->figure->cols + (size_t)op->col : 0;
    return IMS_OK;
}

static void set_axes(struct op *op, struct ims__node *node, const char *x_key,
                     const char *y_key, size_t number)
{
    char name[32];
    if (!number)
        return;
    ims__axis_name("x", number, name);
    ims__set_text(&op->figure->tree, node, x_key, name);
    ims__axis_name("y", number, name);
    ims__set_text(&op->figure->tree, node, y_key, name);
}

static enum ims_result take_args(const struct op *op, const char *name,
                                 const struct ims_value **out)
{
    static const struct ims_value empty = {.kind = IMS_MAP};
    const struct ims_value *v = ims_value_get(op->map, name);
    if (!ims_value_is_null(v) && v->kind != IMS_MAP)
        return ims_fail(op->edit.err, IMS_ERR_INVALID, "%s must be a map", name);
    *out = ims_value_is_null(v) ? &empty : v;
    return IMS_OK;
}

/* ---- what is added ---- */

static enum ims_result check_image(const struct op *op, const struct ims_value *trace)
{
    static const char *const names[] = {"zmin", "zmax"};
    for (int i = 0; i < 2; i++) {
        const struct ims_value *v = ims_value_get(trace, names[i]);
        if (!ims_value_is_null(v) && (v->kind != IMS_LIST || v->as.list.count != 4))
            return ims_fail(op->edit.err, IMS_ERR_INVALID,
                            "%s of an image trace must be a list of four", names[i]);
    }
    return IMS_OK;
}

static enum ims_result add_trace(struct op *op)
{
    struct ims__tree *tree = &op->figure->tree;
    const struct ims_value *trace;
    size_t number = 0;
    enum ims_result r = take_args(op, "trace", &trace);
    if (!r)
        r = take_cell(op, &number);
    if (!r && ims_value_is_text(ims_value_get(trace, "type"), "image"))
        r = check_image(op, trace);
    if (r)
        return r;
    if (ims__count(op->figure->data) >= IMS_FIGURE_MAX_PICTURES)
        return ims_fail(op->edit.err, IMS_ERR_LIMIT, "a figure has %d traces at most",
                        IMS_FIGURE_MAX_PICTURES);
    struct ims__node *node = ims__append_map(tree, op->figure->data);
    ims__set_text(tree, node, "type", "scatter");
    r = ims__merge(&op->edit, node, trace);
    if (!r)
        set_axes(op, node, "xaxis", "yaxis", number);
    return r;
}

static enum ims_result add_to_layout(struct op *op, const char *key)
{
    const struct ims_value *args;
    size_t number = 0;
    enum ims_result r = take_args(op, "args", &args);
    if (!r)
        r = take_cell(op, &number);
    if (r)
        return r;
    struct ims__node *list =
        ims__child(&op->figure->tree, op->figure->layout, key, strlen(key));
    struct ims__node *node = ims__append_map(&op->figure->tree, list);
    r = ims__merge(&op->edit, node, args);
    if (!r)
        set_axes(op, node, "xref", "yref", number);
    return r;
}

static enum ims_result add_shape(struct op *op)
{
    return add_to_layout(op, "shapes");
}

static enum ims_result add_annotation(struct op *op)
{
    return add_to_layout(op, "annotations");
}

/* ---- what is changed ---- */

static enum ims_result update_layout(struct op *op)
{
    const struct ims_value *args;
    enum ims_result r = take_args(op, "args", &args);
    return r ? r : ims__merge(&op->edit, op->figure->layout, args);
}

static bool is_same(const struct ims_value *a, const struct ims_value *b)
{
    double x, y;
    if (a && b && b->kind == IMS_TEXT)
        return a->kind == IMS_TEXT && a->as.text.size == b->as.text.size &&
               memcmp(a->as.text.data, b->as.text.data, a->as.text.size) == 0;
    if (a && b && b->kind == IMS_BOOLEAN)
        return a->kind == IMS_BOOLEAN && a->as.boolean == b->as.boolean;
    return ims_value_as_f64(a, &x) && ims_value_as_f64(b, &y) && x == y;
}

static bool is_selected(struct op *op, struct ims__node *trace,
                        const struct ims_value *selector)
{
    for (size_t i = 0; i < selector->as.map.count; i++) {
        const struct ims_entry *e = &selector->as.map.entries[i];
        struct ims__node *n = ims__find(&op->figure->tree, trace, e->key, e->key_size);
        if (!is_same(ims__plain(n), &e->value))
            return false;
    }
    return true;
}

static bool stands_in(struct op *op, struct ims__node *trace, size_t number)
{
    char name[32];
    if (!number)
        return true;
    ims__axis_name("x", number, name);
    struct ims__node *axis = ims__find(&op->figure->tree, trace, "xaxis", 5);
    return axis ? ims_value_is_text(ims__plain(axis), name) : number == 1;
}

static enum ims_result update_traces(struct op *op)
{
    const struct ims_value *args, *selector;
    size_t number = 0;
    enum ims_result r = take_args(op, "args", &args);
    if (!r)
        r = take_args(op, "selector", &selector);
    if (!r)
        r = take_cell(op, &number);
    for (struct ims__node *n = op->figure->data->as.children.first; n && !r; n = n->next)
        if (is_selected(op, n, selector) && stands_in(op, n, number))
            r = ims__merge(&op->edit, n, args);
    return r;
}

/* "xaxis12" of the cell that the op asks for; all cells when it names no row or no column. */
static bool is_axis(const struct op *op, const struct ims__node *n, const char *stem)
{
    size_t size = strlen(stem), number = 0, cols = op->figure->cols;
    if (n->key_size < size || memcmp(n->key, stem, size) != 0)
        return false;
    for (size_t i = size; i < n->key_size; i++) {
        if (!isdigit((unsigned char)n->key[i]) || number > IMS__MAX_CELLS)
            return false;
        number = number * 10 + (size_t)(n->key[i] - '0');
    }
    size_t at = number ? number - 1 : 0;
    return (!op->row || at / cols + 1 == (size_t)op->row) &&
           (!op->col || at % cols + 1 == (size_t)op->col);
}

static enum ims_result update_axes(struct op *op, const char *stem)
{
    const struct ims_value *args;
    enum ims_result r = take_args(op, "args", &args);
    if (!r)
        r = take_number(op, "row", op->figure->rows, &op->row);
    if (!r)
        r = take_number(op, "col", op->figure->cols, &op->col);
    if (r)
        return r;
    ims__grid_axis(&op->figure->tree, op->figure->layout, stem, 1);
    for (struct ims__node *n = op->figure->layout->as.children.first; n && !r;
         n = n->next)
        if (is_axis(op, n, stem))
            r = ims__merge(&op->edit, n, args);
    return r;
}

static enum ims_result update_xaxes(struct op *op)
{
    return update_axes(op, "xaxis");
}

static enum ims_result update_yaxes(struct op *op)
{
    return update_axes(op, "yaxis");
}

/* The three parts of a figure stay what they are: only what is in them is set. */
static enum ims_result set_path(struct op *op)
{
    static const struct ims_value null = {.kind = IMS_NULL};
    const struct ims_value *path = ims_value_get(op->map, "path");
    const struct ims_value *v = ims_value_get(op->map, "value");
    if (!path || path->kind != IMS_TEXT)
        return ims_fail(op->edit.err, IMS_ERR_INVALID, "path must be a text");
    const char *at = path->as.text.data, *end = at + path->as.text.size;
    size_t size = 0;
    while (at + size < end && at[size] != '.' && at[size] != '[')
        size++;
    struct ims__node *part = ims__find(&op->figure->tree, &op->figure->root, at, size);
    if (!part || at + size == end)
        return ims_fail(op->edit.err, IMS_ERR_INVALID,
                        "path must lead into data, layout or frames");
    return ims__merge_at(&op->edit, part, at + size, (size_t)(end - at) - size,
                         v ? v : &null);
}

static const struct {
    const char *name;
    enum ims_result (*run)(struct op *op);
} ops[] = {
    {"add_trace", add_trace},           {"add_shape", add_shape},
    {"add_annotation", add_annotation}, {"update_layout", update_layout},
    {"update_traces", update_traces},   {"update_xaxes", update_xaxes},
    {"update_yaxes", update_yaxes},     {"set", set_path},
};

enum ims_result ims_figure_apply(struct ims_figure *figure, const struct ims_value *op,
                                 struct ims_error *err)
{
    const struct ims_value *name = ims_value_get(op, "op");
    struct ims_error inner = {0};
    struct op run = {.figure = figure,
                     .map = op,
                     .edit = {.tree = &figure->tree,
                              .bindings = figure->bindings,
                              .layout = figure->layout,
                              .err = &inner}};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (!ims_value_is_text(name, ops[i].name))
            continue;
        enum ims_result r = ops[i].run(&run);
        if (!r)
            r = figure->tree.result;
        return r ? ims_fail(err, r, "%s: %s", ops[i].name,
                            *inner.text ? inner.text : ims_result_name(r))
                 : IMS_OK;
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "an op is add_trace, add_shape, add_annotation, update_layout, "
                    "update_traces, update_xaxes, update_yaxes or set");
}

/* ---- names for arrays ---- */

static enum ims_result bind(struct ims_figure *figure, const char *name,
                            const struct ims_array *array,
                            const struct ims__picture *picture)
{
    struct ims__tree *tree = &figure->tree;
    struct ims__binding *binding = ims__tree_alloc(tree, sizeof *binding);
    if (!binding)
        return tree->result;
    *binding = (struct ims__binding){.name = ims__keep_text(tree, name, strlen(name)),
                                     .array = array,
                                     .picture = picture,
                                     .next = figure->bindings};
    if (!tree->result)
        figure->bindings = binding;
    return tree->result;
}

enum ims_result ims_figure_bind(struct ims_figure *figure, const char *name,
                                const struct ims_array *array, struct ims_error *err)
{
    enum ims_result r = bind(figure, name, ims__hold(&figure->tree, array), NULL);
    return r ? ims_fail(err, r, "%s", ims_result_name(r)) : IMS_OK;
}

enum ims_result ims_figure_bind_picture(struct ims_figure *figure, const char *name,
                                        const struct ims_array *array,
                                        struct ims_error *err)
{
    struct ims__encoding encoding;
    if (array->dtype != IMS_U8)
        return ims_fail(err, IMS_ERR_INVALID, "a picture is made of uint8");
    enum ims_result r = ims__encoding_resolve(NULL, array, &encoding, err);
    if (r)
        return r;
    struct ims__picture *picture = ims__tree_alloc(&figure->tree, sizeof *picture);
    if (!picture)
        return figure->tree.result;
    *picture = (struct ims__picture){.array = ims__hold(&figure->tree, array),
                                     .encoding = encoding};
    return bind(figure, name, NULL, picture);
}
