/* SPDX-License-Identifier: MIT */
#include "node.h"
#include "picture.h"

/* A failure of the tree's own (a picture that cannot be encoded) becomes the sink's. */
static void put_picture(const struct ims__picture *picture, struct ims_sink *sink)
{
    struct ims_bytes file = {0};
    enum ims_result r =
        sink->out->result ? sink->out->result : ims__picture_encode(picture, &file, NULL);
    if (r && !sink->out->result)
        sink->out->result = r;
    ims_put_bytes(sink,
                  picture->encoding.is_jpeg ? "data:image/jpeg;base64,"
                                            : "data:image/png;base64,",
                  file.data, file.size);
    ims_bytes_finish(&file);
}

/* Depth is the sink's matter: beyond its own it stops with a failure. */
static void put_children(const struct ims__node *node, struct ims_sink *sink)
{
    for (const struct ims__node *n = node->as.children.first; n && !sink->out->result;
         n = n->next) {
        if (node->kind == IMS__NODE_MAP)
            ims_put_key_n(sink, n->key, n->key_size);
        ims__node_put(n, sink);
    }
    ims_put_end(sink);
}

void ims__node_put(const struct ims__node *node, struct ims_sink *sink)
{
    switch (node->kind) {
    case IMS__NODE_VALUE: ims_put_value(sink, &node->as.value); break;
    case IMS__NODE_ARRAY: ims_put_array(sink, node->as.array); break;
    case IMS__NODE_PICTURE: put_picture(node->as.picture, sink); break;
    case IMS__NODE_MAP:
        ims_put_map(sink, node->as.children.count);
        put_children(node, sink);
        break;
    case IMS__NODE_LIST:
        ims_put_list(sink, node->as.children.count);
        put_children(node, sink);
        break;
    }
}
