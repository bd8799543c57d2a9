/* SPDX-License-Identifier: MIT */
#include "figure_patch.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct walk {
    struct ims_sink *sink;
    const struct ims_entry *path[FIGURE_PATCH_DEPTH];
    int depth;
    size_t count;
};

static bool is_equal(const struct ims_value *a, const struct ims_value *b);

static bool lists_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.list.count != b->as.list.count)
        return false;
    for (size_t i = 0; i < a->as.list.count; i++)
        if (!is_equal(&a->as.list.items[i], &b->as.list.items[i]))
            return false;
    return true;
}

static const struct ims_value *find(const struct ims_value *map,
                                    const struct ims_entry *key)
{
    for (size_t i = 0; i < map->as.map.count; i++)
        if (map->as.map.entries[i].key_size == key->key_size &&
            memcmp(map->as.map.entries[i].key, key->key, key->key_size) == 0)
            return &map->as.map.entries[i].value;
    return NULL;
}

static bool maps_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.map.count != b->as.map.count)
        return false;
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct ims_value *other = find(b, &a->as.map.entries[i]);
        if (!other || !is_equal(&a->as.map.entries[i].value, other))
            return false;
    }
    return true;
}

static bool is_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case IMS_NULL: return true;
    case IMS_BOOLEAN: return a->as.boolean == b->as.boolean;
    case IMS_INTEGER: return a->as.integer == b->as.integer;
    case IMS_UNSIGNED: return a->as.unsigned_integer == b->as.unsigned_integer;
    case IMS_REAL:
        return a->as.real == b->as.real || (isnan(a->as.real) && isnan(b->as.real));
    case IMS_TEXT:
    case IMS_BYTES:
        return a->as.text.size == b->as.text.size &&
               memcmp(a->as.text.data, b->as.text.data, a->as.text.size) == 0;
    case IMS_LIST: return lists_equal(a, b);
    case IMS_MAP: return maps_equal(a, b);
    }
    return false;
}

static void put_change(struct walk *walk, const struct ims_value *value)
{
    ims_put_list(walk->sink, 2);
    ims_put_list(walk->sink, (size_t)walk->depth);
    for (int i = 0; i < walk->depth; i++) {
        const struct ims_entry *key = walk->path[i];
        assert(key);
        ims_put_text_n(walk->sink, key->key, key->key_size);
    }
    ims_put_end(walk->sink);
    if (value)
        ims_put_value(walk->sink, value);
    else
        ims_put_null(walk->sink);
    ims_put_end(walk->sink);
    walk->count++;
}

static void walk_maps(struct walk *walk, const struct ims_value *from,
                      const struct ims_value *to);

static void walk_key(struct walk *walk, const struct ims_entry *key,
                     const struct ims_value *from, const struct ims_value *to)
{
    walk->path[walk->depth++] = key;
    bool both_maps = from && to && from->kind == IMS_MAP && to->kind == IMS_MAP;
    if (both_maps && walk->depth < FIGURE_PATCH_DEPTH)
        walk_maps(walk, from, to);
    else if (!from || !to || !is_equal(from, to))
        put_change(walk, to);
    walk->depth--;
}

static void walk_maps(struct walk *walk, const struct ims_value *from,
                      const struct ims_value *to)
{
    for (size_t i = 0; i < to->as.map.count; i++)
        walk_key(walk, &to->as.map.entries[i], find(from, &to->as.map.entries[i]),
                 &to->as.map.entries[i].value);
    for (size_t i = 0; i < from->as.map.count; i++)
        if (!find(to, &from->as.map.entries[i]))
            walk_key(walk, &from->as.map.entries[i], &from->as.map.entries[i].value,
                     NULL);
}

size_t figure_patch_put(struct ims_sink *sink, const struct ims_value *from,
                        const struct ims_value *to)
{
    struct walk walk = {.sink = sink};
    assert(from->kind == IMS_MAP && to->kind == IMS_MAP);
    ims_put_list(sink, IMS_COUNT_LATER);
    walk_maps(&walk, from, to);
    ims_put_end(sink);
    return walk.count;
}
