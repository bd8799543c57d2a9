/* SPDX-License-Identifier: MIT */
#include "recipe.h"

#include <imshow/wire.h>
#include <stdlib.h>
#include <string.h>

/* The three keys are kept as one msgpack map of our own, which params, labels and ops point into. */
struct recipe {
    uint32_t refs;
    struct ims_bytes bytes;
    struct ims_document *doc;
    struct ims_figure_params *params;
    struct ims_labels *labels;
    const struct ims_value *ops; /* a list, or NULL */
};

static const struct ims_value *get(const struct recipe *recipe, const char *key)
{
    return recipe ? ims_value_get(&recipe->doc->root, key) : NULL;
}

static void put_entry(struct ims_sink *sink, const struct ims_entry *entry)
{
    ims_put_key_n(sink, entry->key, entry->key_size);
    ims_put_value(sink, &entry->value);
}

static bool has_entry(const struct ims_value *map, const struct ims_entry *entry)
{
    for (size_t i = 0; map && map->kind == IMS_MAP && i < map->as.map.count; i++)
        if (map->as.map.entries[i].key_size == entry->key_size &&
            memcmp(map->as.map.entries[i].key, entry->key, entry->key_size) == 0)
            return true;
    return false;
}

/* Parameter by parameter: those of `over` that are not null, then those of `base` that it leaves alone. */
static void put_params(struct ims_sink *sink, const struct ims_value *base,
                       const struct ims_value *over)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t i = 0; over && i < over->as.map.count; i++)
        if (over->as.map.entries[i].value.kind != IMS_NULL)
            put_entry(sink, &over->as.map.entries[i]);
    for (size_t i = 0; base && i < base->as.map.count; i++)
        if (!has_entry(over, &base->as.map.entries[i]))
            put_entry(sink, &base->as.map.entries[i]);
    ims_put_end(sink);
}

/* What the map says, or else what the base had; null in the map takes it away. */
static void put_replaced(struct ims_sink *sink, const char *key,
                         const struct recipe *base, const struct ims_value *map)
{
    const struct ims_value *value = ims_value_get(map, key);
    if (!value)
        value = get(base, key);
    if (ims_value_is_null(value))
        return;
    ims_put_key(sink, key);
    ims_put_value(sink, value);
}

static bool is_key(const struct ims_entry *entry, const char *key)
{
    return entry->key_size == strlen(key) &&
           memcmp(entry->key, key, entry->key_size) == 0;
}

/* What is a viewer's own, its size and slice, is no stream's; limits and colours are parameters. */
static enum ims_result check_view(const struct ims_value *view, struct ims_error *err)
{
    struct ims_view_spec spec = ims_view_spec_default();
    if (ims_value_is_null(view))
        return IMS_OK;
    if (view->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "view: a map of view keys is wanted");
    for (size_t i = 0; i < view->as.map.count; i++) {
        const struct ims_entry *e = &view->as.map.entries[i];
        if (!is_key(e, "transform") && !is_key(e, "gamma"))
            return ims_fail(err, IMS_ERR_INVALID,
                            "view: '%.*s' is no default of a stream: transform and "
                            "gamma are",
                            e->key_size < 60 ? (int)e->key_size : 60, e->key);
    }
    return ims_view_spec_parse(view, &spec, err);
}

static enum ims_result check_kinds(const struct ims_value *map, struct ims_error *err)
{
    const struct ims_value *params = ims_value_get(map, "params");
    const struct ims_value *ops = ims_value_get(map, "ops");
    if (map && map->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "a map with params, labelled and ops is wanted");
    if (!ims_value_is_null(params) && params->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID,
                        "params: a map of px.imshow's parameters is wanted");
    if (!ims_value_is_null(ops) && ops->kind != IMS_LIST)
        return ims_fail(err, IMS_ERR_INVALID, "ops: a list of changes is wanted");
    if (!ims_value_is_null(ops) && ops->as.list.count > RECIPE_OPS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "ops: more than %d changes", RECIPE_OPS_MAX);
    return check_view(ims_value_get(map, "view"), err);
}

static const struct ims_value *params_of(const struct ims_value *map)
{
    const struct ims_value *params = ims_value_get(map, "params");
    return ims_value_is_null(params) ? NULL : params;
}

static void write_merged(struct recipe *recipe, const struct recipe *base,
                         const struct ims_value *map)
{
    recipe->bytes.limit = RECIPE_BYTES_MAX;
    struct ims_sink sink = ims_msgpack_sink(&recipe->bytes);
    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "params");
    put_params(&sink, get(base, "params"), params_of(map));
    put_replaced(&sink, "labelled", base, map);
    put_replaced(&sink, "ops", base, map);
    put_replaced(&sink, "view", base, map);
    ims_put_end(&sink);
}

static enum ims_result read_parts(struct recipe *recipe, struct ims_error *err)
{
    enum ims_result result = recipe->bytes.result;
    if (result)
        return ims_fail(err, result, "the figure's parameters take more than %d bytes",
                        RECIPE_BYTES_MAX);
    result = ims_msgpack_parse(recipe->bytes.data, recipe->bytes.size, &recipe->doc, err);
    if (result == IMS_OK)
        result = ims_figure_params_parse(get(recipe, "params"), &recipe->params, err);
    if (result == IMS_OK && get(recipe, "labelled"))
        result = ims_labels_parse(get(recipe, "labelled"), &recipe->labels, err);
    if (result == IMS_OK)
        recipe->ops = get(recipe, "ops");
    return result;
}

enum ims_result recipe_create(const struct recipe *base, const struct ims_value *map,
                              struct recipe **out, struct ims_error *err)
{
    enum ims_result result = check_kinds(map, err);
    struct recipe *recipe = result ? NULL : calloc(1, sizeof *recipe);
    if (!result && !recipe)
        result = ims_fail(err, IMS_ERR_NOMEM, "no memory for the figure's parameters");
    if (result)
        return result;
    recipe->refs = 1;
    write_merged(recipe, base, map);
    result = read_parts(recipe, err);
    if (result)
        recipe_unref(&recipe);
    else
        *out = recipe;
    return result;
}

struct recipe *recipe_ref(struct recipe *recipe)
{
    recipe->refs++;
    return recipe;
}

void recipe_unref(struct recipe **recipe)
{
    struct recipe *r = *recipe;
    *recipe = NULL;
    if (!r || --r->refs)
        return;
    ims_labels_unref(&r->labels);
    ims_figure_params_unref(&r->params);
    ims_document_destroy(r->doc);
    ims_bytes_finish(&r->bytes);
    free(r);
}

struct ims_labels *recipe_labels(const struct recipe *recipe)
{
    return recipe->labels;
}

const struct ims_value *recipe_labelled(const struct recipe *recipe)
{
    return get(recipe, "labelled");
}

struct ims_figure_params *recipe_params(const struct recipe *recipe)
{
    return recipe->params;
}

void recipe_view_defaults(const struct recipe *recipe, struct ims_view_spec *spec)
{
    ims_figure_view_defaults(recipe->params, spec);
    if (get(recipe, "view")) /* checked when the recipe was made */
        (void)!ims_view_spec_parse(get(recipe, "view"), spec, NULL);
}

struct recipe *recipe_for(struct recipe *recipe, const struct ims_frame *frame)
{
    const struct ims_value *params = get(recipe, "params");
    struct recipe *own = NULL;
    if (!frame->mosaic || frame->bits <= 0 || frame->bits > 16 ||
        ims_value_get(params, "zmax") || ims_value_get(params, "contrast_rescaling"))
        return recipe_ref(recipe);
    const struct ims_entry zmax = {
        "zmax", 4, {.kind = IMS_INTEGER, .as.integer = (1 << frame->bits) - 1}};
    const struct ims_entry over = {
        "params", 6, {.kind = IMS_MAP, .as.map = {.entries = &zmax, .count = 1}}};
    const struct ims_value map = {.kind = IMS_MAP,
                                  .as.map = {.entries = &over, .count = 1}};
    return recipe_create(recipe, &map, &own, NULL) ? recipe_ref(recipe) : own;
}

/* ---- figures ---- */

static enum ims_result apply_ops(const struct recipe *recipe, struct ims_figure *figure,
                                 struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    for (size_t i = 0; recipe->ops && i < recipe->ops->as.list.count && !result; i++)
        result = ims_figure_apply(figure, &recipe->ops->as.list.items[i], err);
    return result;
}

/* The array under the recipe's labels where it has some: a frame may be older than they. */
static enum ims_result relabel(const struct recipe *recipe, const struct ims_array *array,
                               struct ims_array *out, struct ims_error *err)
{
    if (recipe->labels) {
        enum ims_result result =
            ims_labels_fit(recipe->labels, array->ndim, array->shape, err);
        if (result)
            return result;
    }
    *out = ims_array_ref(array);
    if (recipe->labels) {
        ims_labels_unref(&out->labels);
        out->labels = ims_labels_ref(recipe->labels);
    }
    return IMS_OK;
}

static enum ims_result make_figure(const struct recipe *recipe,
                                   const struct ims_array *array, struct ims_figure **out,
                                   struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    const struct ims_figure_input input = {.array = array};
    enum ims_result result = ims_figure_create(&input, recipe->params, &figure, err);
    if (result)
        return result;
    result = ims_figure_bind(figure, "$input", array, err);
    if (result == IMS_OK)
        result = apply_ops(recipe, figure, err);
    if (result)
        ims_figure_destroy(figure);
    else
        *out = figure;
    return result;
}

enum ims_result recipe_figure(const struct recipe *recipe, const struct ims_array *array,
                              struct ims_figure **out, struct ims_error *err)
{
    struct ims_array labelled;
    enum ims_result result = relabel(recipe, array, &labelled, err);
    if (result)
        return result;
    result = make_figure(recipe, &labelled, out, err);
    ims_array_finish(&labelled);
    return result;
}

static bool is_live_op(const struct ims_value *op)
{
    static const char *const names[] = {"add_trace",     "add_shape",    "add_annotation",
                                        "update_layout", "update_xaxes", "update_yaxes"};
    const struct ims_value *name = ims_value_get(op, "op");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (ims_value_is_text(name, names[i]))
            return true;
    return false;
}

enum ims_result recipe_places(const struct recipe *recipe, const struct ims_frame *frame,
                              struct ims_places **out)
{
    struct ims_frame shown = *frame; /* read only; its items under other labels */
    enum ims_result result = relabel(recipe, &frame->array, &shown.array, NULL);
    if (result)
        return result;
    result = ims_figure_places(&shown, recipe->params, out, NULL);
    ims_array_finish(&shown.array);
    return result;
}

enum ims_result recipe_put_live(const struct recipe *recipe,
                                const struct ims_frame *frame, struct ims_sink *sink,
                                struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    struct ims_frame shown = *frame; /* read only; its items under other labels */
    enum ims_result result = relabel(recipe, &frame->array, &shown.array, err);
    if (result)
        return result;
    result = ims_figure_create_live(&shown, recipe->params, &figure, err);
    ims_array_finish(&shown.array);
    if (result)
        return result;
    for (size_t i = 0; recipe->ops && i < recipe->ops->as.list.count && !result; i++)
        if (is_live_op(&recipe->ops->as.list.items[i]))
            result = ims_figure_apply(figure, &recipe->ops->as.list.items[i], err);
    if (result == IMS_OK)
        ims_figure_put(figure, sink);
    ims_figure_destroy(figure);
    return result;
}

static enum ims_result try_figure(const struct recipe *recipe,
                                  const struct ims_array *array, struct ims_error *err)
{
    struct ims_figure *figure = NULL;
    enum ims_result result = make_figure(recipe, array, &figure, err);
    if (result == IMS_OK)
        ims_figure_destroy(figure);
    return result;
}

/* The first plane along the leading axes. */
static enum ims_result try_plane(const struct recipe *recipe,
                                 const struct ims_array *array, int slice_axes)
{
    struct ims_array plane = ims_array_ref(array), inner;
    enum ims_result result = IMS_OK;
    for (int i = 0; i < slice_axes && result == IMS_OK; i++) {
        result = ims_array_slice(&plane, 0, 0, &inner, NULL);
        if (result)
            break;
        ims_array_finish(&plane);
        plane = inner;
    }
    if (result == IMS_OK)
        result = try_figure(recipe, &plane, NULL);
    ims_array_finish(&plane);
    return result;
}

enum ims_result recipe_check(const struct recipe *recipe, const struct ims_frame *frame,
                             struct ims_error *err)
{
    struct ims_extent extent = {0};
    struct ims_array labelled;
    if (recipe_is_plain(recipe) || frame->pixel_format != IMS_PIX_ARRAY)
        return IMS_OK;
    enum ims_result result = relabel(recipe, &frame->array, &labelled, err);
    if (result)
        return result;
    struct ims_error first = {0};
    result = try_figure(recipe, &labelled, &first);
    if (result && ims_frame_extent(frame, &extent, NULL) == IMS_OK &&
        extent.slice_axes > 0 &&
        try_plane(recipe, &labelled, extent.slice_axes) == IMS_OK)
        result = IMS_OK;
    ims_array_finish(&labelled);
    return result ? ims_fail(err, result, "%s", first.text) : IMS_OK;
}

bool recipe_is_plain(const struct recipe *recipe)
{
    const struct ims_value *params = get(recipe, "params");
    return params->as.map.count == 0 && !recipe->labels &&
           (!recipe->ops || recipe->ops->as.list.count == 0);
}

void recipe_put(const struct recipe *recipe, struct ims_sink *sink)
{
    ims_put_value(sink, &recipe->doc->root);
}
