/* SPDX-License-Identifier: MIT */
#include "params.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COPY_DEPTH = 32 };

struct ims_figure_params {
    atomic_int refs;
    struct ims_document
        *doc; /* a copy of the map: it outlives the message that it came in */
};

/* facet_col_wrap and the spacings mean nothing without a facet axis, so they are taken. */
static const struct {
    const char *name;
    bool supported;
} known_params[] = {
    {"zmin", true},
    {"zmax", true},
    {"origin", true},
    {"labels", true},
    {"x", true},
    {"y", true},
    {"animation_frame", false},
    {"facet_col", false},
    {"facet_row", false},
    {"facet_col_wrap", true},
    {"facet_col_spacing", true},
    {"facet_row_spacing", true},
    {"color_continuous_scale", true},
    {"color_continuous_midpoint", true},
    {"range_color", true},
    {"title", true},
    {"width", true},
    {"height", true},
    {"template", false},
    {"aspect", true},
    {"contrast_rescaling", true},
    {"binary_string", true},
    {"binary_backend", true},
    {"binary_compression_level", true},
    {"binary_format", true},
    {"text_auto", true},
};

static enum ims_result copy_value(struct ims_document *doc, const struct ims_value *from,
                                  int depth, struct ims_value *to, struct ims_error *err);

static enum ims_result copy_bytes(struct ims_document *doc, const void *from, size_t size,
                                  const char **out)
{
    char *copy = size < SIZE_MAX ? ims_document_alloc(doc, size + 1) : NULL;
    if (!copy)
        return IMS_ERR_NOMEM;
    if (size)
        memcpy(copy, from, size);
    *out = copy;
    return IMS_OK;
}

static enum ims_result copy_list(struct ims_document *doc, const struct ims_value *from,
                                 int depth, struct ims_value *to, struct ims_error *err)
{
    size_t count = from->as.list.count;
    if (count >= SIZE_MAX / sizeof(struct ims_value))
        return ims_fail(err, IMS_ERR_LIMIT, "a list is too long");
    struct ims_value *items = ims_document_alloc(doc, (count + 1) * sizeof *items);
    if (!items)
        return IMS_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        enum ims_result r =
            copy_value(doc, &from->as.list.items[i], depth + 1, &items[i], err);
        if (r)
            return r;
    }
    to->as.list.items = items;
    return IMS_OK;
}

static enum ims_result copy_map(struct ims_document *doc, const struct ims_value *from,
                                int depth, struct ims_value *to, struct ims_error *err)
{
    size_t count = from->as.map.count;
    if (count >= SIZE_MAX / sizeof(struct ims_entry))
        return ims_fail(err, IMS_ERR_LIMIT, "a map is too long");
    struct ims_entry *entries = ims_document_alloc(doc, (count + 1) * sizeof *entries);
    if (!entries)
        return IMS_ERR_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct ims_entry *e = &from->as.map.entries[i];
        enum ims_result r = copy_bytes(doc, e->key, e->key_size, &entries[i].key);
        if (!r)
            r = copy_value(doc, &e->value, depth + 1, &entries[i].value, err);
        if (r)
            return r;
        entries[i].key_size = e->key_size;
    }
    to->as.map.entries = entries;
    return IMS_OK;
}

static enum ims_result copy_value(struct ims_document *doc, const struct ims_value *from,
                                  int depth, struct ims_value *to, struct ims_error *err)
{
    if (depth > COPY_DEPTH)
        return ims_fail(err, IMS_ERR_LIMIT, "parameters nest deeper than %d", COPY_DEPTH);
    *to = *from;
    switch (from->kind) {
    case IMS_TEXT:
        return copy_bytes(doc, from->as.text.data, from->as.text.size, &to->as.text.data);
    case IMS_BYTES:
        return copy_bytes(doc, from->as.bytes.data, from->as.bytes.size,
                          (const char **)&to->as.bytes.data);
    case IMS_LIST: return copy_list(doc, from, depth, to, err);
    case IMS_MAP: return copy_map(doc, from, depth, to, err);
    default: return IMS_OK;
    }
}

static enum ims_result check_entry(const struct ims_entry *e, struct ims_error *err)
{
    for (size_t i = 0; i < sizeof known_params / sizeof *known_params; i++) {
        const char *name = known_params[i].name;
        if (strlen(name) != e->key_size || memcmp(name, e->key, e->key_size) != 0)
            continue;
        if (known_params[i].supported || e->value.kind == IMS_NULL)
            return IMS_OK;
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "%s: not supported by this version; leave it out or give null",
                        name);
    }
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
    r = ims_document_create(&params->doc);
    if (!r)
        r = copy_value(params->doc, map, 0, &params->doc->root, err);
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
    ims_document_destroy(p->doc);
    free(p);
}

const struct ims_value *ims__param_raw(const struct ims_figure_params *params,
                                       const char *name)
{
    return params ? ims_value_get(&params->doc->root, name) : NULL;
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
