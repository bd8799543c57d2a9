/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <string.h>

struct ims__held_array {
    struct ims_array array;
    struct ims__held_array *next;
};

enum ims_result ims__tree_init(struct ims__tree *tree)
{
    *tree = (struct ims__tree){0};
    return ims_document_create(&tree->doc);
}

void ims__tree_finish(struct ims__tree *tree)
{
    for (struct ims__held_array *h = tree->held; h; h = h->next)
        ims_array_finish(&h->array);
    ims_document_destroy(tree->doc);
    *tree = (struct ims__tree){0};
}

void *ims__tree_alloc(struct ims__tree *tree, size_t size)
{
    void *memory = tree->result ? NULL : ims_document_alloc(tree->doc, size);
    if (!memory && !tree->result)
        tree->result = IMS_ERR_NOMEM;
    return memory;
}

const char *ims__keep_text(struct ims__tree *tree, const char *text, size_t size)
{
    char *copy = size < SIZE_MAX ? ims__tree_alloc(tree, size + 1) : NULL;
    if (!copy)
        return "";
    if (size)
        memcpy(copy, text, size);
    return copy;
}

const struct ims_array *ims__hold(struct ims__tree *tree, const struct ims_array *array)
{
    static const struct ims_array none = {0};
    struct ims__held_array *held = ims__tree_alloc(tree, sizeof *held);
    if (!held)
        return &none;
    held->array = ims_array_ref(array);
    held->next = tree->held;
    tree->held = held;
    return &held->array;
}

/* ---- kinds ---- */

bool ims__is_map(const struct ims__node *node)
{
    return node && (node->kind == IMS__NODE_MAP ||
                    (node->kind == IMS__NODE_VALUE && node->as.value.kind == IMS_MAP));
}

bool ims__is_list(const struct ims__node *node)
{
    return node && (node->kind == IMS__NODE_LIST ||
                    (node->kind == IMS__NODE_VALUE && node->as.value.kind == IMS_LIST));
}

size_t ims__count(const struct ims__node *node)
{
    if (node->kind == IMS__NODE_MAP || node->kind == IMS__NODE_LIST)
        return node->as.children.count;
    if (ims__is_list(node))
        return node->as.value.as.list.count;
    return ims__is_map(node) ? node->as.value.as.map.count : 0;
}

const struct ims_value *ims__plain(const struct ims__node *node)
{
    if (!node || node->kind != IMS__NODE_VALUE || ims__is_map(node) || ims__is_list(node))
        return NULL;
    return &node->as.value;
}

static struct ims__node *add(struct ims__tree *tree, struct ims__node *parent,
                             const char *key, size_t key_size, struct ims_value value)
{
    struct ims__node *node = ims__tree_alloc(tree, sizeof *node);
    if (!node || parent == &tree->scrap) {
        tree->scrap = (struct ims__node){0};
        return &tree->scrap;
    }
    node->key = key;
    node->key_size = key_size;
    node->as.value = value;
    if (parent->as.children.last)
        parent->as.children.last->next = node;
    else
        parent->as.children.first = node;
    parent->as.children.last = node;
    parent->as.children.count++;
    return node;
}

void ims__become(struct ims__tree *tree, struct ims__node *node, enum ims__node_kind kind)
{
    if (node->kind == kind)
        return;
    struct ims_value v = {.kind = IMS_NULL};
    if (node->kind == IMS__NODE_VALUE)
        v = node->as.value;
    node->kind = kind;
    memset(&node->as, 0, sizeof node->as);
    for (size_t i = 0; kind == IMS__NODE_MAP && v.kind == IMS_MAP && i < v.as.map.count;
         i++)
        add(tree, node, v.as.map.entries[i].key, v.as.map.entries[i].key_size,
            v.as.map.entries[i].value);
    for (size_t i = 0;
         kind == IMS__NODE_LIST && v.kind == IMS_LIST && i < v.as.list.count; i++)
        add(tree, node, NULL, 0, v.as.list.items[i]);
}

/* ---- places ---- */

static struct ims__node *find_child(const struct ims__node *map, const char *key,
                                    size_t size)
{
    for (struct ims__node *n = map->as.children.first; n; n = n->next)
        if (n->key_size == size && memcmp(n->key, key, size) == 0)
            return n;
    return NULL;
}

struct ims__node *ims__find(struct ims__tree *tree, struct ims__node *map,
                            const char *key, size_t size)
{
    if (!ims__is_map(map))
        return NULL;
    ims__become(tree, map, IMS__NODE_MAP);
    return find_child(map, key, size);
}

struct ims__node *ims__item(struct ims__tree *tree, struct ims__node *list, size_t i)
{
    if (!ims__is_list(list))
        return NULL;
    ims__become(tree, list, IMS__NODE_LIST);
    struct ims__node *n = list->as.children.first;
    while (n && i--)
        n = n->next;
    return n;
}

struct ims__node *ims__child(struct ims__tree *tree, struct ims__node *map,
                             const char *key, size_t size)
{
    ims__become(tree, map, IMS__NODE_MAP);
    struct ims__node *node = find_child(map, key, size);
    if (node)
        return node;
    return add(tree, map, ims__keep_text(tree, key, size), size,
               (struct ims_value){.kind = IMS_NULL});
}

struct ims__node *ims__append(struct ims__tree *tree, struct ims__node *list)
{
    ims__become(tree, list, IMS__NODE_LIST);
    return add(tree, list, NULL, 0, (struct ims_value){.kind = IMS_NULL});
}

void ims__remove(struct ims__tree *tree, struct ims__node *map, const char *key,
                 size_t size)
{
    if (!ims__find(tree, map, key, size))
        return;
    struct ims__node *kept = NULL, **link = &map->as.children.first;
    while (*link) {
        if ((*link)->key_size == size && memcmp((*link)->key, key, size) == 0) {
            *link = (*link)->next;
            map->as.children.count--;
            continue;
        }
        kept = *link;
        link = &kept->next;
    }
    map->as.children.last = kept;
}
