/* SPDX-License-Identifier: MIT */
/* What viewers are told when a stream's figure changes. */
#include "client_private.h"
#include "figure_patch.h"

#include <imshow/wire.h>

/* A live figure as a tree. */
struct tree {
    struct ims_bytes bytes;
    struct ims_document *doc;
};

static void tree_finish(struct tree *tree)
{
    ims_document_destroy(tree->doc);
    ims_bytes_finish(&tree->bytes);
}

static bool tree_of(const struct recipe *recipe, const struct ims_frame *frame,
                    struct tree *tree)
{
    tree->bytes.limit = MESSAGE_BYTES_MAX;
    struct ims_sink sink = ims_msgpack_sink(&tree->bytes);
    return recipe_put_live(recipe, frame, &sink, NULL) == IMS_OK &&
           ims_msgpack_parse(tree->bytes.data, tree->bytes.size, &tree->doc, NULL) ==
               IMS_OK;
}

/* Whether a view that asks for nothing shows the same picture under both. */
static bool same_defaults(const struct recipe *a, const struct recipe *b,
                          const struct ims_frame *frame)
{
    struct ims_view_spec specs[2] = {ims_view_spec_default(), ims_view_spec_default()};
    recipe_view_defaults(a, &specs[0]);
    recipe_view_defaults(b, &specs[1]);
    for (int i = 0; i < 2; i++)
        if (ims_view_spec_settle(&specs[i], frame, NULL))
            return false;
    return ims_view_spec_equal(&specs[0], &specs[1]);
}

static void post_patch(struct client *client, const struct slot *slot,
                       const struct tree *from, const struct tree *to)
{
    struct message m;
    message_begin(&m, "patch");
    ims_put_key(&m.sink, "view");
    ims_put_u64(&m.sink, slot->number);
    ims_put_key(&m.sink, "patch");
    size_t count = figure_patch_put(&m.sink, &from->doc->root, &to->doc->root);
    struct ims_buffer *message = message_end(&m);
    if (count)
        client_post(client, message);
    ims_buffer_unref(&message);
}

static void patch_slots(struct client *client, struct stream *stream,
                        const struct recipe *old, const struct ims_frame *frame)
{
    struct tree from = {0}, to = {0};
    bool is_small = same_defaults(old, stream_recipe(stream), frame) &&
                    tree_of(old, frame, &from) &&
                    tree_of(stream_recipe(stream), frame, &to);
    for (struct slot *s = client->slots, *next; s; s = next) {
        next = s->next;
        if (s->stream != stream)
            continue;
        if (is_small)
            post_patch(client, s, &from, &to);
        else
            slot_end(s, "the stream's figure has changed");
    }
    tree_finish(&from);
    tree_finish(&to);
}

void client__figure_changed(struct client *client, struct stream *stream,
                            const struct recipe *old)
{
    struct ims_frame *frame = stream_newest(stream);
    if (frame)
        patch_slots(client, stream, old, frame);
    ims_frame_unref(&frame);
}
