/* SPDX-License-Identifier: MIT */
#include "facets.h"
#include "frames.h"
#include "layout.h"
#include "template.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

enum ims_result ims__figure_create(const struct ims_value *look, struct ims_figure **out,
                                   struct ims_error *err)
{
    struct ims_figure *figure = calloc(1, sizeof *figure);
    if (!figure)
        return IMS_ERR_NOMEM;
    struct ims__tree *tree = &figure->tree;
    enum ims_result r = ims__tree_init(tree);
    if (!r) {
        figure->root.kind = IMS__NODE_MAP;
        figure->data = ims__set_list(tree, &figure->root, "data");
        figure->layout = ims__set_map(tree, &figure->root, "layout");
        figure->template = ims__set_map(tree, figure->layout, "template");
        r = ims__template_make(tree, figure->template, look, err);
    }
    if (r)
        ims_figure_destroy(figure);
    else
        *out = figure;
    return r;
}

enum ims_result ims_figure_create_plain(const struct ims_value *look,
                                        struct ims_figure **out, struct ims_error *err)
{
    return ims__figure_create(look, out, err);
}

void ims__plan_build(struct ims__plan *plan)
{
    ims__add_traces(plan);
    ims__set_layout(plan);
    ims__add_facet_titles(plan);
    ims__add_frames(plan);
}

/* The parameters may go before the figure does: what it shares with them is copied. */
static enum ims_result build(const struct ims_figure_input *input,
                             const struct ims_figure_params *params,
                             struct ims_figure *figure, struct ims_error *err)
{
    struct ims__plan plan;
    enum ims_result r = ims__plan_make(input, params, figure, &plan, err);
    if (r)
        return r;
    ims__plan_build(&plan);
    ims__plan_finish(&plan);
    return figure->tree.result;
}

enum ims_result ims_figure_create(const struct ims_figure_input *input,
                                  const struct ims_figure_params *params,
                                  struct ims_figure **out, struct ims_error *err)
{
    struct ims_figure *figure;
    enum ims_result r = ims__figure_create(ims__param(params, "template"), &figure, err);
    if (r)
        return r;
    r = build(input, params, figure, err);
    if (r)
        ims_figure_destroy(figure);
    else
        *out = figure;
    return r;
}

void ims_figure_destroy(struct ims_figure *figure)
{
    if (!figure)
        return;
    ims__tree_finish(&figure->tree);
    free(figure);
}

void ims_figure_put(const struct ims_figure *figure, struct ims_sink *sink)
{
    ims__node_put(&figure->root, sink);
}

void ims_figure_put_part(const struct ims_figure *figure, const char *part,
                         struct ims_sink *sink)
{
    for (const struct ims__node *n = figure->root.as.children.first; n; n = n->next)
        if (strlen(part) == n->key_size && memcmp(n->key, part, n->key_size) == 0) {
            ims__node_put(n, sink);
            return;
        }
    ims_put_null(sink);
}

bool ims_figure_has_frames(const struct ims_figure *figure)
{
    return figure->frames != NULL;
}

enum ims_result ims_figure_write(const struct ims_array *array,
                                 const struct ims_figure_params *params,
                                 struct ims_sink *sink, struct ims_error *err)
{
    struct ims_figure *figure;
    enum ims_result r = ims_figure_create(&(struct ims_figure_input){.array = array},
                                          params, &figure, err);
    if (r)
        return r;
    ims_figure_put(figure, sink);
    ims_figure_destroy(figure);
    return sink->out->result;
}
