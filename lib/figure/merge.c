/* SPDX-License-Identifier: MIT */
#include "merge.h"

#include "color.h"
#include "params.h"
#include "path.h"
#include "template.h"

#include <string.h>

enum { MERGE_DEPTH = IMS_SINK_DEPTH };

static enum ims_result merge_map(struct ims__edit *edit, struct ims__node *node,
                                 const struct ims_value *patch, int depth);

/* Where one value goes: under a key of a map, or an item of a list. */
struct target {
    struct ims__node *parent;
    struct ims__step step;
};

static bool is_named(const struct target *t, const char *name)
{
    return !t->step.is_index && t->step.size == strlen(name) &&
           memcmp(t->step.text, name, t->step.size) == 0;
}

/* What the reader of a figure puts there is nobody's property: it is taken as it is. */
static bool is_opaque(const struct target *t)
{
    return is_named(t, "meta") || is_named(t, "customdata") || is_named(t, "args") ||
           is_named(t, "args2");
}

static struct ims__node *node_of(struct ims__edit *edit, const struct target *t)
{
    return ims__walk_step(edit->tree, t->parent, &t->step);
}

static enum ims_result refuse_place(struct ims__edit *edit, const struct ims__step *step)
{
    return ims_fail(edit->err, IMS_ERR_INVALID, "the figure has no item %.*s",
                    step->size > 64 ? 64 : (int)step->size, step->text);
}

static enum ims_result replace(struct ims__edit *edit, const struct target *t,
                               struct ims_value v)
{
    struct ims__node *node = node_of(edit, t);
    if (!node)
        return refuse_place(edit, &t->step);
    node->kind = IMS__NODE_VALUE;
    node->as.value = v;
    return edit->tree->result;
}

static enum ims_result remove_at(struct ims__edit *edit, const struct target *t)
{
    if (ims__is_list(t->parent))
        return replace(edit, t, (struct ims_value){.kind = IMS_NULL});
    ims__remove(edit->tree, t->parent, t->step.text, t->step.size);
    return IMS_OK;
}

/* ---- what plotly.py makes of a value ---- */

static bool bind(struct ims__edit *edit, const struct target *t,
                 const struct ims_value *v)
{
    for (const struct ims__binding *b = edit->bindings; b; b = b->next) {
        if (!ims_value_is_text(v, b->name))
            continue;
        struct ims__node *node = node_of(edit, t);
        if (!node)
            return false;
        node->kind = b->picture ? IMS__NODE_PICTURE : IMS__NODE_ARRAY;
        if (b->picture)
            node->as.picture = b->picture;
        else
            node->as.array = b->array;
        return true;
    }
    return false;
}

static bool is_scale_key(const struct target *t)
{
    return is_named(t, "colorscale") || is_named(t, "sequential") ||
           is_named(t, "sequentialminus") || is_named(t, "diverging");
}

static enum ims_result set_scale(struct ims__edit *edit, const struct target *t,
                                 const struct ims_value *v)
{
    struct ims__scale scale;
    enum ims_result r = ims__scale_resolve(v, "colorscale", &scale, edit->err);
    if (r)
        return r;
    struct ims_value pairs = ims__scale_value(edit->tree, &scale);
    return replace(edit, t, ims__keep_value(edit->tree, &pairs));
}

static struct ims_value as_text(struct ims__edit *edit, const struct ims_value *v)
{
    char number[32];
    if (!ims__is_number(v))
        return ims__keep_value(edit->tree, v);
    size_t size = (size_t)ims__format_number(v, number);
    return ims__text_value(ims__keep_text(edit->tree, number, size), size);
}

static enum ims_result set_title(struct ims__edit *edit, const struct target *t,
                                 const struct ims_value *v)
{
    struct ims_value text = as_text(edit, v);
    struct ims__node *node = node_of(edit, t);
    if (!node)
        return refuse_place(edit, &t->step);
    node->kind = IMS__NODE_MAP;
    memset(&node->as, 0, sizeof node->as);
    ims__set_value(edit->tree, node, "text", &text);
    return edit->tree->result;
}

static enum ims_result set_template(struct ims__edit *edit, const struct target *t,
                                    const struct ims_value *v)
{
    struct ims__node *node = ims__set_map(edit->tree, t->parent, "template");
    return ims__template_make(edit->tree, node, v, edit->err);
}

static enum ims_result set_scalar(struct ims__edit *edit, const struct target *t,
                                  const struct ims_value *v)
{
    bool is_word = v->kind == IMS_TEXT || ims__is_number(v);
    if (v->kind == IMS_TEXT && bind(edit, t, v))
        return IMS_OK;
    if (v->kind == IMS_TEXT && t->parent == edit->layout && is_named(t, "template"))
        return set_template(edit, t, v);
    if (v->kind == IMS_TEXT && is_scale_key(t))
        return set_scale(edit, t, v);
    if (is_word && is_named(t, "title"))
        return set_title(edit, t, v);
    if (is_word && (is_named(t, "text") || is_named(t, "name")))
        return replace(edit, t, as_text(edit, v));
    return replace(edit, t, ims__keep_value(edit->tree, v));
}

/* ---- maps and lists ---- */

static bool all_maps(const struct ims_value *list)
{
    for (size_t i = 0; i < list->as.list.count; i++)
        if (list->as.list.items[i].kind != IMS_MAP)
            return false;
    return list->as.list.count > 0;
}

static bool has_maps(struct ims__edit *edit, struct ims__node *list)
{
    return ims__is_list(list) && ims__count(list) > 0 &&
           ims__is_map(ims__item(edit->tree, list, 0));
}

/* As plotly.py: a patch that is shorter than the list begins again from its first item. */
static enum ims_result merge_items(struct ims__edit *edit, struct ims__node *list,
                                   const struct ims_value *patch, int depth)
{
    size_t have = has_maps(edit, list) ? ims__count(list) : 0;
    size_t count = patch->as.list.count, most = have > count ? have : count;
    if (!have) {
        list->kind = IMS__NODE_LIST;
        memset(&list->as, 0, sizeof list->as);
    }
    for (size_t i = 0; i < most; i++) {
        struct ims__node *item =
            i < have ? ims__item(edit->tree, list, i) : ims__append_map(edit->tree, list);
        enum ims_result r =
            merge_map(edit, item, &patch->as.list.items[i % count], depth + 1);
        if (r)
            return r;
    }
    return edit->tree->result;
}

static enum ims_result set_list(struct ims__edit *edit, const struct target *t,
                                const struct ims_value *v, int depth)
{
    struct ims__node *node = node_of(edit, t);
    if (!node)
        return refuse_place(edit, &t->step);
    if (all_maps(v))
        return merge_items(edit, node, v, depth);
    if (is_scale_key(t) && v->as.list.count && v->as.list.items[0].kind == IMS_TEXT)
        return set_scale(edit, t, v);
    return replace(edit, t, ims__keep_value(edit->tree, v));
}

static enum ims_result set_map(struct ims__edit *edit, const struct target *t,
                               const struct ims_value *v, int depth)
{
    struct ims__node *node = node_of(edit, t);
    if (!node)
        return refuse_place(edit, &t->step);
    if (ims_value_get(v, "bdata")) /* a typed array, not an object with properties */
        return replace(edit, t, ims__keep_value(edit->tree, v));
    return merge_map(edit, node, v, depth + 1);
}

static enum ims_result set_target(struct ims__edit *edit, const struct target *t,
                                  const struct ims_value *v, int depth)
{
    if (v->kind == IMS_NULL)
        return remove_at(edit, t);
    if (is_opaque(t))
        return replace(edit, t, ims__keep_value(edit->tree, v));
    if (v->kind == IMS_MAP)
        return set_map(edit, t, v, depth);
    return v->kind == IMS_LIST ? set_list(edit, t, v, depth) : set_scalar(edit, t, v);
}

static enum ims_result merge_path(struct ims__edit *edit, struct ims__node *node,
                                  struct ims__path path, const struct ims_value *v,
                                  int depth)
{
    struct target t = {.parent = node};
    struct ims__step next;
    if (!ims__path_next(&path, &t.step))
        return ims_fail(edit->err, IMS_ERR_INVALID, "a path is empty");
    for (; ims__path_next(&path, &next); t.step = next) {
        if (is_opaque(&t) || ++depth > MERGE_DEPTH)
            return ims_fail(edit->err, IMS_ERR_INVALID, "a path goes too far");
        t.parent = ims__walk_step(edit->tree, t.parent, &t.step);
        if (!t.parent)
            return refuse_place(edit, &t.step);
        if (!ims__is_list(t.parent))
            ims__become(edit->tree, t.parent, IMS__NODE_MAP);
    }
    return set_target(edit, &t, v, depth);
}

static enum ims_result merge_map(struct ims__edit *edit, struct ims__node *node,
                                 const struct ims_value *patch, int depth)
{
    if (depth > MERGE_DEPTH)
        return ims_fail(edit->err, IMS_ERR_LIMIT, "values nest deeper than %d",
                        MERGE_DEPTH);
    ims__become(edit->tree, node, IMS__NODE_MAP);
    for (size_t i = 0; i < patch->as.map.count; i++) {
        const struct ims_entry *e = &patch->as.map.entries[i];
        enum ims_result r =
            merge_path(edit, node, (struct ims__path){e->key, e->key + e->key_size},
                       &e->value, depth);
        if (r)
            return r;
    }
    return edit->tree->result;
}

enum ims_result ims__merge(struct ims__edit *edit, struct ims__node *node,
                           const struct ims_value *patch)
{
    return merge_map(edit, node, patch, 0);
}

enum ims_result ims__merge_at(struct ims__edit *edit, struct ims__node *node,
                              const char *path, size_t path_size,
                              const struct ims_value *v)
{
    enum ims_result r =
        merge_path(edit, node, (struct ims__path){path, path + path_size}, v, 0);
    return r ? r : edit->tree->result;
}
