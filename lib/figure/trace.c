/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include <stdio.h>
#include <string.h>

void ims__set_number_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                          size_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    ims__set_text(tree, node, key, text);
}

void ims__set_built_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                         struct ims_bytes *text)
{
    if (text->result && !tree->result)
        tree->result = text->result;
    ims__set_text_n(tree, node, key, (const char *)text->data, text->size);
    ims_bytes_finish(text);
}

/* ---- hover ---- */

static void add(struct ims_bytes *out, const char *text)
{
    ims_bytes_append(out, text, strlen(text));
}

static void add_caption(struct ims_bytes *out, struct ims__text caption,
                        const char *unnamed)
{
    if (caption.size)
        ims_bytes_append(out, caption.data, caption.size);
    else
        add(out, unnamed);
}

/* Goes by the whole array, slicing axes included, as px.imshow does. */
static const char *value_template(const struct ims__plan *p)
{
    if (!p->is_image)
        return "%{z}";
    if (p->array.ndim == 2)
        return "%{z[0]}";
    if (p->array.ndim == 3 && p->array.shape[2] == 3)
        return "[%{z[0]}, %{z[1]}, %{z[2]}]";
    return "%{z}";
}

/* Where a rescaled picture stands, its values are not the data: no value is shown then. */
static struct ims_value make_hover(struct ims__plan *p)
{
    struct ims__tree *tree = &p->figure->tree;
    struct ims_bytes text = {0};
    add_caption(&text, p->captions.x, "x");
    add(&text, ": %{x}<br>");
    add_caption(&text, p->captions.y, "y");
    add(&text, ": %{y}");
    if (!(p->is_binary && p->rescaled)) {
        add(&text, "<br>");
        add_caption(&text, p->captions.color, "color");
        add(&text, ": ");
        add(&text, value_template(p));
    }
    add(&text, "<extra></extra>");
    if (text.result && !tree->result)
        tree->result = text.result;
    const char *kept = ims__keep_text(tree, (const char *)text.data, text.size);
    struct ims_value hover = ims__text_value(kept, tree->result ? 0 : text.size);
    ims_bytes_finish(&text);
    return hover;
}

/* ---- traces ---- */

static struct ims__node *add_trace(struct ims__plan *p, struct ims__node *list,
                                   size_t flat)
{
    struct ims__node *trace = ims__append_map(&p->figure->tree, list);
    if (p->is_image)
        ims__set_image(p, trace, flat);
    else
        ims__set_heatmap(p, trace, flat);
    return trace;
}

static void place_trace(struct ims__plan *p, struct ims__node *trace, size_t i)
{
    struct ims__tree *tree = &p->figure->tree;
    char name[32];
    size_t row, col;
    ims__plan_cell(p, i, &row, &col);
    size_t number = ims__grid_number(&p->grid, row, col);
    ims__axis_name("x", number, name);
    ims__set_text(tree, trace, "xaxis", name);
    ims__axis_name("y", number, name);
    ims__set_text(tree, trace, "yaxis", name);
    ims__set_value(tree, trace, "hovertemplate", &p->hover);
}

/* Empty cells of a wrapped grid take slices of the frames to come, as in plotly.py. */
void ims__add_traces(struct ims__plan *plan)
{
    size_t cells = plan->grid.rows * plan->grid.cols;
    size_t slices = ims__plan_cells(plan) * plan->slicing.axes[IMS__ANIMATION].length;
    plan->hover = make_hover(plan);
    for (size_t i = 0; i < cells && i < slices && !plan->figure->tree.result; i++)
        place_trace(plan, add_trace(plan, plan->figure->data, i), i);
}

void ims__add_frame_traces(struct ims__plan *plan, struct ims__node *list, size_t frame)
{
    size_t cells = ims__plan_cells(plan);
    for (size_t i = 0; i < cells && !plan->figure->tree.result; i++)
        add_trace(plan, list, frame * cells + i);
}
