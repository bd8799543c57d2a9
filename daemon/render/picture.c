/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <stdlib.h>
#include <string.h>

/* Heads differ in length by a few bytes: each gets the most there can be, so that one pass lays out all.
 * The places of changed tiles stand in the first. */
enum { PIECE_OVERHEAD = PICTURE_HEAD_ROOM + IMS_WIRE_HEAD_BYTES };

static size_t places_bytes(const struct ims_picture_head *head)
{
    return 4 * (size_t)head->tile_count;
}

static size_t head_write(const struct ims_picture_head *head, uint32_t part,
                         size_t payload, uint8_t *out)
{
    if (part == 0)
        return ims_wire_picture_head(head, payload, out);
    return ims_wire_part_head(head->view, head->picture, part, payload, out);
}

static void piece_fill(struct picture *p, uint32_t part,
                       const struct ims_picture *encoded)
{
    size_t offset = (size_t)part * IMS_WIRE_PART_BYTES;
    size_t payload = encoded->size - offset;
    if (payload > IMS_WIRE_PART_BYTES)
        payload = IMS_WIRE_PART_BYTES;
    uint8_t *start = p->buffer->data +
                     (size_t)part * (PIECE_OVERHEAD + IMS_WIRE_PART_BYTES) +
                     (part > 0 ? places_bytes(&p->head) : 0) + PICTURE_HEAD_ROOM;
    size_t head = head_write(&p->head, part, payload, start);
    if (payload)
        memcpy(start + head, encoded->data + offset, payload);
    p->pieces[part] = (struct picture_piece){
        .message = start,
        .message_size = head + payload,
        .payload = start + head,
        .payload_size = payload,
    };
}

enum ims_result picture_pack(struct ims_pool *pool, struct ims_picture_head *head,
                             const struct ims_picture *encoded, struct picture **out)
{
    size_t parts = (encoded->size + IMS_WIRE_PART_BYTES - 1) / IMS_WIRE_PART_BYTES;
    if (parts == 0)
        parts = 1;
    struct picture *p = calloc(1, sizeof *p + parts * sizeof p->pieces[0]);
    if (!p)
        return IMS_ERR_NOMEM;
    if (ims_pool_get(pool,
                     parts * (PIECE_OVERHEAD + IMS_WIRE_PART_BYTES) + places_bytes(head),
                     &p->buffer)) {
        free(p);
        return IMS_ERR_NOMEM;
    }
    p->refs = 1;
    head->parts = (uint32_t)parts;
    head->size = encoded->size;
    p->head = *head;
    p->piece_count = (uint32_t)parts;
    for (uint32_t i = 0; i < p->piece_count; i++)
        piece_fill(p, i, encoded);
    p->head.tiles = NULL; /* the first piece has them; the drawer's may go */
    *out = p;
    return IMS_OK;
}

struct picture *picture_ref(struct picture *picture)
{
    picture->refs++;
    return picture;
}

void picture_unref(struct picture **picture)
{
    struct picture *p = *picture;
    *picture = NULL;
    if (!p || --p->refs)
        return;
    ims_buffer_unref(&p->buffer);
    free(p);
}
