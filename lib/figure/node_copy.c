/* SPDX-License-Identifier: MIT */
#include "node.h"

enum { COPY_DEPTH = IMS_SINK_DEPTH };

static struct ims_value copy(struct ims__tree *tree, const struct ims_value *from,
                             int depth);

static void *copy_room(struct ims__tree *tree, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        tree->result = IMS_ERR_LIMIT;
        return NULL;
    }
    return ims__tree_alloc(tree, bytes ? bytes : 1);
}

static struct ims_value copy_list(struct ims__tree *tree, const struct ims_value *from,
                                  int depth)
{
    size_t count = from->as.list.count;
    struct ims_value *items = copy_room(tree, count, sizeof *items);
    for (size_t i = 0; items && i < count; i++)
        items[i] = copy(tree, &from->as.list.items[i], depth + 1);
    return (struct ims_value){.kind = IMS_LIST, .as.list = {items, items ? count : 0}};
}

static struct ims_value copy_map(struct ims__tree *tree, const struct ims_value *from,
                                 int depth)
{
    size_t count = from->as.map.count;
    struct ims_entry *entries = copy_room(tree, count, sizeof *entries);
    for (size_t i = 0; entries && i < count; i++) {
        const struct ims_entry *e = &from->as.map.entries[i];
        entries[i].key = ims__keep_text(tree, e->key, e->key_size);
        entries[i].key_size = e->key_size;
        entries[i].value = copy(tree, &e->value, depth + 1);
    }
    return (struct ims_value){.kind = IMS_MAP, .as.map = {entries, entries ? count : 0}};
}

static struct ims_value copy(struct ims__tree *tree, const struct ims_value *from,
                             int depth)
{
    struct ims_value v = *from;
    if (depth > COPY_DEPTH && !tree->result)
        tree->result = IMS_ERR_LIMIT;
    if (tree->result)
        return (struct ims_value){.kind = IMS_NULL};
    switch (from->kind) {
    case IMS_TEXT:
        v.as.text.data = ims__keep_text(tree, v.as.text.data, v.as.text.size);
        return v;
    case IMS_BYTES:
        v.as.bytes.data = (const uint8_t *)ims__keep_text(
            tree, (const char *)v.as.bytes.data, v.as.bytes.size);
        return v;
    case IMS_LIST: return copy_list(tree, from, depth);
    case IMS_MAP: return copy_map(tree, from, depth);
    default: return v;
    }
}

struct ims_value ims__keep_value(struct ims__tree *tree, const struct ims_value *v)
{
    return copy(tree, v, 0);
}

/* ---- frozen trees ---- */

static struct ims_value freeze_list(struct ims__tree *tree, const struct ims__node *node)
{
    size_t i = 0;
    struct ims_value *items = copy_room(tree, ims__count(node), sizeof *items);
    for (struct ims__node *n = node->as.children.first; items && n; n = n->next)
        items[i++] = ims__freeze(tree, n);
    return (struct ims_value){.kind = IMS_LIST, .as.list = {items, i}};
}

static struct ims_value freeze_map(struct ims__tree *tree, const struct ims__node *node)
{
    size_t i = 0;
    struct ims_entry *entries = copy_room(tree, ims__count(node), sizeof *entries);
    for (struct ims__node *n = node->as.children.first; entries && n; n = n->next)
        entries[i++] = (struct ims_entry){n->key, n->key_size, ims__freeze(tree, n)};
    return (struct ims_value){.kind = IMS_MAP, .as.map = {entries, i}};
}

struct ims_value ims__freeze(struct ims__tree *tree, const struct ims__node *node)
{
    switch (node->kind) {
    case IMS__NODE_VALUE: return node->as.value;
    case IMS__NODE_MAP: return freeze_map(tree, node);
    case IMS__NODE_LIST: return freeze_list(tree, node);
    default: return (struct ims_value){.kind = IMS_NULL};
    }
}
