/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <string.h>

struct ims_value ims__text_value(const char *text, size_t size)
{
    return (struct ims_value){.kind = IMS_TEXT, .as.text = {text, size}};
}

struct ims_value ims__real_value(double v)
{
    return (struct ims_value){.kind = IMS_REAL, .as.real = v};
}

struct ims_value ims__integer_value(int64_t v)
{
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = v};
}

/* `node` is a list when there is no key. */
static struct ims__node *place(struct ims__tree *tree, struct ims__node *node,
                               const char *key)
{
    return key ? ims__child(tree, node, key, strlen(key)) : ims__append(tree, node);
}

static void set(struct ims__tree *tree, struct ims__node *node, const char *key,
                struct ims_value v)
{
    struct ims__node *at = place(tree, node, key);
    at->kind = IMS__NODE_VALUE;
    at->as.value = v;
}

static struct ims__node *set_empty(struct ims__tree *tree, struct ims__node *node,
                                   const char *key, enum ims__node_kind kind)
{
    struct ims__node *at = place(tree, node, key);
    at->kind = kind;
    memset(&at->as, 0, sizeof at->as);
    return at;
}

struct ims__node *ims__set_map(struct ims__tree *tree, struct ims__node *node,
                               const char *key)
{
    return set_empty(tree, node, key, IMS__NODE_MAP);
}

struct ims__node *ims__set_list(struct ims__tree *tree, struct ims__node *node,
                                const char *key)
{
    return set_empty(tree, node, key, IMS__NODE_LIST);
}

struct ims__node *ims__append_map(struct ims__tree *tree, struct ims__node *list)
{
    return set_empty(tree, list, NULL, IMS__NODE_MAP);
}

void ims__set_text_n(struct ims__tree *tree, struct ims__node *node, const char *key,
                     const char *text, size_t size)
{
    set(tree, node, key, ims__text_value(ims__keep_text(tree, text, size), size));
}

void ims__set_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                   const char *text)
{
    ims__set_text_n(tree, node, key, text, strlen(text));
}

void ims__set_real(struct ims__tree *tree, struct ims__node *node, const char *key,
                   double v)
{
    set(tree, node, key, ims__real_value(v));
}

void ims__set_integer(struct ims__tree *tree, struct ims__node *node, const char *key,
                      int64_t v)
{
    set(tree, node, key, ims__integer_value(v));
}

void ims__set_bool(struct ims__tree *tree, struct ims__node *node, const char *key,
                   bool v)
{
    set(tree, node, key, (struct ims_value){.kind = IMS_BOOLEAN, .as.boolean = v});
}

void ims__set_value(struct ims__tree *tree, struct ims__node *node, const char *key,
                    const struct ims_value *v)
{
    set(tree, node, key, *v);
}

void ims__set_array(struct ims__tree *tree, struct ims__node *node, const char *key,
                    const struct ims_array *array)
{
    struct ims__node *at = set_empty(tree, node, key, IMS__NODE_ARRAY);
    at->as.array = array;
}

void ims__set_picture(struct ims__tree *tree, struct ims__node *node, const char *key,
                      const struct ims__picture *picture)
{
    struct ims__node *at = set_empty(tree, node, key, IMS__NODE_PICTURE);
    at->as.picture = picture;
}
