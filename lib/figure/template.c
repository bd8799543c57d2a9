/* SPDX-License-Identifier: MIT */
#include "template.h"

#include "color.h"
#include "merge.h"
#include "path.h"

#include <math.h>
#include <string.h>

/* ---- rows of the table ---- */

/* Positions are spread evenly, or rounded up to whole steps of the way. */
static double position(size_t i, size_t count, double steps)
{
    double last = (double)(count - 1), at = (double)i;
    return steps > 0 ? ceil(at * steps / last) / steps : at / last;
}

/* The parts of "a;b;c": a list of texts, or of [position, text]. */
static struct ims_value list_of(struct ims__tree *tree, const char *text, bool is_scale,
                                double steps)
{
    struct ims__node list = {.kind = IMS__NODE_LIST};
    size_t count = 1, i = 0;
    for (const char *c = text; *c; c++)
        count += *c == ';';
    for (const char *at = text; i < count; i++) {
        size_t size = strcspn(at, ";");
        struct ims__node *to = &list;
        if (is_scale) {
            to = ims__set_list(tree, &list, NULL);
            ims__set_real(tree, to, NULL, position(i, count, steps));
        }
        ims__set_text_n(tree, to, NULL, at, size);
        at += size + (at[size] != 0);
    }
    return ims__freeze(tree, &list);
}

static struct ims_value value_of(struct ims__tree *tree,
                                 const struct ims__template_row *row)
{
    switch (row->kind) {
    case IMS__ROW_NUMBER:
        return row->number == floor(row->number)
                   ? ims__integer_value((int64_t)row->number)
                   : ims__real_value(row->number);
    case IMS__ROW_SWITCH:
        return (struct ims_value){.kind = IMS_BOOLEAN, .as.boolean = row->number != 0};
    case IMS__ROW_COLORS: return list_of(tree, row->text, false, 0);
    case IMS__ROW_SCALE: return list_of(tree, row->text, true, row->number);
    default: return ims__text_value(row->text, strlen(row->text));
    }
}

/* "data.heatmap[0]": the item is made when the list has none. */
static struct ims__node *place(struct ims__tree *tree, struct ims__node *node,
                               const char *path)
{
    struct ims__path steps = {path, path + strlen(path)};
    for (struct ims__step step; ims__path_next(&steps, &step);) {
        if (!step.is_index) {
            node = ims__child(tree, node, step.text, step.size);
            continue;
        }
        ims__become(tree, node, IMS__NODE_LIST);
        struct ims__node *item = ims__item(tree, node, step.index);
        node = item ? item : ims__append_map(tree, node);
    }
    return node;
}

static void add_rows(struct ims__tree *tree, struct ims__node *node,
                     const struct ims__template_row *row)
{
    for (; row && row->path && !tree->result; row++) {
        struct ims__node *at = place(tree, node, row->path);
        at->kind = IMS__NODE_VALUE;
        at->as.value = value_of(tree, row);
    }
}

/* ---- names ---- */

static enum ims_result add_named(struct ims__tree *tree, struct ims__node *node,
                                 const char *name, size_t size, struct ims_error *err)
{
    for (const struct ims__template *t = ims__templates; t->name; t++)
        if (strlen(t->name) == size && memcmp(t->name, name, size) == 0) {
            add_rows(tree, node, t->base);
            add_rows(tree, node, t->rows);
            return tree->result;
        }
    return ims_fail(err, IMS_ERR_INVALID,
                    "template: none is named '%.*s'; there are ggplot2, seaborn, "
                    "simple_white, plotly, plotly_white, plotly_dark, presentation, "
                    "xgridoff, ygridoff, gridon, none",
                    size > 64 ? 64 : (int)size, name);
}

static enum ims_result add_sum(struct ims__tree *tree, struct ims__node *node,
                               const char *names, size_t size, struct ims_error *err)
{
    for (const char *at = names, *end = names + size;;) {
        const char *plus = memchr(at, '+', (size_t)(end - at));
        const char *to = plus ? plus : end;
        enum ims_result r = add_named(tree, node, at, (size_t)(to - at), err);
        if (r || !plus)
            return r;
        at = plus + 1;
    }
}

/* Each trace of a template says its type, which is the name of its list. */
static void add_types(struct ims__tree *tree, struct ims__node *node)
{
    struct ims__node *data = ims__find(tree, node, "data", 4);
    if (!data || !ims__is_map(data))
        return;
    ims__become(tree, data, IMS__NODE_MAP);
    for (struct ims__node *list = data->as.children.first; list; list = list->next)
        for (size_t i = 0; ims__is_list(list) && i < ims__count(list); i++) {
            struct ims__node *trace = ims__item(tree, list, i);
            if (ims__is_map(trace))
                ims__set_text_n(tree, trace, "type", list->key, list->key_size);
        }
}

enum ims_result ims__template_make(struct ims__tree *tree, struct ims__node *node,
                                   const struct ims_value *look, struct ims_error *err)
{
    if (ims_value_is_null(look))
        return add_named(tree, node, "plotly", 6, err);
    if (look->kind == IMS_TEXT)
        return add_sum(tree, node, look->as.text.data, look->as.text.size, err);
    if (look->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "template: must be a name or an object");
    enum ims_result r =
        ims__merge(&(struct ims__edit){.tree = tree, .err = err}, node, look);
    if (!r)
        add_types(tree, node);
    return r ? r : tree->result;
}

/* ---- what px.imshow asks of it ---- */

static struct ims__node *look_up(struct ims__tree *tree, struct ims__node *node,
                                 const char *path)
{
    struct ims__path steps = {path, path + strlen(path)};
    for (struct ims__step step; node && ims__path_next(&steps, &step);)
        node = ims__find(tree, node, step.text, step.size);
    return node;
}

struct ims_value ims__template_scale(struct ims__tree *tree, struct ims__node *node)
{
    struct ims_value none = {.kind = IMS_NULL};
    struct ims__node *pairs = look_up(tree, node, "layout.colorscale.sequential");
    if (!ims__is_list(pairs))
        return none;
    struct ims__node colors = {.kind = IMS__NODE_LIST};
    for (size_t i = 0; i < ims__count(pairs); i++) {
        struct ims__node *pair = ims__item(tree, pairs, i);
        const struct ims_value *color =
            ims__is_list(pair) ? ims__plain(ims__item(tree, pair, 1)) : ims__plain(pair);
        if (color)
            ims__set_value(tree, &colors, NULL, color);
    }
    return ims__count(&colors) ? ims__freeze(tree, &colors) : none;
}

bool ims__template_has_margin(struct ims__tree *tree, struct ims__node *node)
{
    return look_up(tree, node, "layout.margin.t") != NULL;
}
