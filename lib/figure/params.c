/* SPDX-License-Identifier: MIT */
#include "params.h"

#include "node.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ims_figure_params {
    atomic_int refs;
    struct ims__tree
        tree; /* a copy of the map: it outlives the message that it came in */
    struct ims_value map;
};

static const char *const known_params[] = {
    "zmin",
    "zmax",
    "origin",
    "labels",
    "x",
    "y",
    "animation_frame",
    "facet_col",
    "facet_row",
    "facet_col_wrap",
    "facet_col_spacing",
    "facet_row_spacing",
    "color_continuous_scale",
    "color_continuous_midpoint",
    "range_color",
    "title",
    "width",
    "height",
    "template",
    "aspect",
    "contrast_rescaling",
    "binary_string",
    "binary_backend",
    "binary_compression_level",
    "binary_format",
    "text_auto",
};

static enum ims_result check_entry(const struct ims_entry *e, struct ims_error *err)
{
    for (size_t i = 0; i < sizeof known_params / sizeof *known_params; i++)
        if (strlen(known_params[i]) == e->key_size &&
            memcmp(known_params[i], e->key, e->key_size) == 0)
            return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID, "%.*s: px.imshow has no such parameter",
                    e->key_size > 64 ? 64 : (int)e->key_size, e->key);
}

static enum ims_result check_labels(const struct ims_value *labels, struct ims_error *err)
{
    if (ims_value_is_null(labels))
        return IMS_OK;
    if (labels->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "labels: must be a map of texts");
    for (size_t i = 0; i < labels->as.map.count; i++) {
        const struct ims_entry *e = &labels->as.map.entries[i];
        if (e->value.kind != IMS_TEXT && e->value.kind != IMS_NULL)
            return ims_fail(err, IMS_ERR_INVALID, "labels: %.*s must be a text or null",
                            e->key_size > 64 ? 64 : (int)e->key_size, e->key);
    }
    return IMS_OK;
}

static enum ims_result check_map(const struct ims_value *map, struct ims_error *err)
{
    if (map->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "parameters must be a map by name");
    for (size_t i = 0; i < map->as.map.count; i++) {
        enum ims_result r = check_entry(&map->as.map.entries[i], err);
        if (r)
            return r;
    }
    return check_labels(ims_value_get(map, "labels"), err);
}

enum ims_result ims_figure_params_parse(const struct ims_value *map,
                                        struct ims_figure_params **out,
                                        struct ims_error *err)
{
    static const struct ims_value empty = {.kind = IMS_MAP};
    if (ims_value_is_null(map))
        map = &empty;
    enum ims_result r = check_map(map, err);
    if (r)
        return r;
    struct ims_figure_params *params = calloc(1, sizeof *params);
    if (!params)
        return IMS_ERR_NOMEM;
    atomic_init(&params->refs, 1);
    r = ims__tree_init(&params->tree);
    if (!r) {
        params->map = ims__keep_value(&params->tree, map);
        r = params->tree.result;
    }
    if (r == IMS_ERR_LIMIT)
        ims_fail(err, r, "parameters nest too deeply");
    if (r)
        ims_figure_params_unref(&params);
    else
        *out = params;
    return r;
}

struct ims_figure_params *ims_figure_params_ref(struct ims_figure_params *params)
{
    atomic_fetch_add_explicit(&params->refs, 1, memory_order_relaxed);
    return params;
}

void ims_figure_params_unref(struct ims_figure_params **params)
{
    struct ims_figure_params *p = *params;
    *params = NULL;
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
        return;
    ims__tree_finish(&p->tree);
    free(p);
}

const struct ims_value *ims__param_raw(const struct ims_figure_params *params,
                                       const char *name)
{
    return params ? ims_value_get(&params->map, name) : NULL;
}

const struct ims_value *ims__param(const struct ims_figure_params *params,
                                   const char *name)
{
    const struct ims_value *v = ims__param_raw(params, name);
    return ims_value_is_null(v) ? NULL : v;
}

bool ims__param_is(const struct ims_figure_params *params, const char *name,
                   const char *text)
{
    return ims_value_is_text(ims__param(params, name), text);
}

bool ims__param_label(const struct ims_figure_params *params, const char *key,
                      struct ims__text *out)
{
    const struct ims_value *v = ims_value_get(ims__param(params, "labels"), key);
    if (ims_value_is_null(v) || v->kind != IMS_TEXT)
        return false;
    *out = (struct ims__text){v->as.text.data, v->as.text.size};
    return true;
}
