/* SPDX-License-Identifier: MIT */
#ifndef IMS_FIGURE_NODE_H
#define IMS_FIGURE_NODE_H

/*
 * The tree of a figure: small values that can be changed, and references to arrays and pictures.
 *
 *     struct ims__tree tree;
 *     if (ims__tree_init(&tree)) ...
 *     struct ims__node *axis = ims__set_map(&tree, layout, "xaxis");
 *     ims__set_text(&tree, axis, "anchor", "y");
 *     ims__set_array(&tree, trace, "z", ims__hold(&tree, &array));
 *     if (tree.result) ...                        // sticky: checked once, at the end
 *     ims__node_put(layout, &sink);
 *     ims__tree_finish(&tree);
 *
 * Nodes live in the tree's arena until it is finished; what a change leaves behind stays there too. A
 * node of kind VALUE holds a whole immutable value, which many nodes may share; it is spread into nodes
 * of its own when something in it is to change.
 */

#include <imshow/array.h>
#include <imshow/sink.h>

struct ims__picture;

enum ims__node_kind {
    IMS__NODE_VALUE,
    IMS__NODE_MAP,
    IMS__NODE_LIST,
    IMS__NODE_ARRAY,
    IMS__NODE_PICTURE,
};

struct ims__node {
    struct ims__node *next; /* in the list or map that holds this one */
    const char *key;        /* in a map; key_size bytes */
    size_t key_size;
    enum ims__node_kind kind;
    union {
        struct ims_value value;
        struct {
            struct ims__node *first, *last;
            size_t count;
        } children; /* MAP, LIST */
        const struct ims_array *array;
        const struct ims__picture *picture;
    } as;
};

struct ims__held_array;

struct ims__tree {
    struct ims_document *doc;     /* the arena */
    struct ims__held_array *held; /* references that are dropped with the tree */
    enum ims_result result;       /* the first failure: NOMEM, or LIMIT of depth */
    struct ims__node scrap;       /* stands in for a node that could not be made */
};

IMS_NODISCARD enum ims_result ims__tree_init(struct ims__tree *tree);
/* A zeroed tree is fine. */
void ims__tree_finish(struct ims__tree *tree);

/* Memory of the tree, zeroed; NULL, and the tree fails, when there is none. */
void *ims__tree_alloc(struct ims__tree *tree, size_t size);
/* A copy that the tree keeps, a zero byte behind it; never NULL. */
const char *ims__keep_text(struct ims__tree *tree, const char *text, size_t size);
/* A deep copy that the tree keeps. */
struct ims_value ims__keep_value(struct ims__tree *tree, const struct ims_value *v);
/* Holds a reference to the array as long as the tree lives; never NULL. */
const struct ims_array *ims__hold(struct ims__tree *tree, const struct ims_array *array);

/* ---- places ---- */

/* The child under `key` of a map, or NULL. Spreads shared values, so the tree is needed. */
struct ims__node *ims__find(struct ims__tree *tree, struct ims__node *map,
                            const char *key, size_t size);
/* Item `i` of a list, or NULL. */
struct ims__node *ims__item(struct ims__tree *tree, struct ims__node *list, size_t i);
/* The child under `key`, made (null) when it is missing. What is no map becomes an empty one. */
struct ims__node *ims__child(struct ims__tree *tree, struct ims__node *map,
                             const char *key, size_t size);
/* A new last item (null). What is no list becomes an empty one. */
struct ims__node *ims__append(struct ims__tree *tree, struct ims__node *list);
void ims__remove(struct ims__tree *tree, struct ims__node *map, const char *key,
                 size_t size);
/* Makes a node a map or a list without content, unless it is one. */
void ims__become(struct ims__tree *tree, struct ims__node *node,
                 enum ims__node_kind kind);
bool ims__is_map(const struct ims__node *node);
bool ims__is_list(const struct ims__node *node);
size_t ims__count(const struct ims__node *node);
/* The value of a node that holds a plain one; NULL for maps, lists and references. */
const struct ims_value *ims__plain(const struct ims__node *node);

/* ---- what is set ---- */

/* `node` is what holds the key; an empty map or list is made under it. */
struct ims__node *ims__set_map(struct ims__tree *tree, struct ims__node *node,
                               const char *key);
struct ims__node *ims__set_list(struct ims__tree *tree, struct ims__node *node,
                                const char *key);
struct ims__node *ims__append_map(struct ims__tree *tree, struct ims__node *list);
void ims__set_text(struct ims__tree *tree, struct ims__node *node, const char *key,
                   const char *text);
void ims__set_text_n(struct ims__tree *tree, struct ims__node *node, const char *key,
                     const char *text, size_t size);
void ims__set_real(struct ims__tree *tree, struct ims__node *node, const char *key,
                   double v);
void ims__set_integer(struct ims__tree *tree, struct ims__node *node, const char *key,
                      int64_t v);
void ims__set_bool(struct ims__tree *tree, struct ims__node *node, const char *key,
                   bool v);
/* The value is shared: it lives as long as the tree (see ims__keep_value). */
void ims__set_value(struct ims__tree *tree, struct ims__node *node, const char *key,
                    const struct ims_value *v);
void ims__set_array(struct ims__tree *tree, struct ims__node *node, const char *key,
                    const struct ims_array *array);
void ims__set_picture(struct ims__tree *tree, struct ims__node *node, const char *key,
                      const struct ims__picture *picture);

struct ims_value ims__text_value(const char *text, size_t size);
struct ims_value ims__real_value(double v);
struct ims_value ims__integer_value(int64_t v);

/* ---- whole trees ---- */

/* The content of a node as one immutable value to be shared; no arrays or pictures may be in it. */
struct ims_value ims__freeze(struct ims__tree *tree, const struct ims__node *node);
void ims__node_put(const struct ims__node *node, struct ims_sink *sink);

#endif
