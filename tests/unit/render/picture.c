/* SPDX-License-Identifier: MIT */
#include "render/picture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct picture *pack(const uint8_t *data, size_t size)
{
    struct ims_pool *pool;
    struct picture *picture;
    struct ims_picture encoded = {.codec = IMS_CODEC_JPEG, .data = data, .size = size};
    struct ims_picture_head head = {.view = 3, .picture = 9, .codec = IMS_CODEC_JPEG};
    cr_assert_eq(ims_pool_create(0, &pool), IMS_OK);
    cr_assert_eq(picture_pack(pool, &head, &encoded, &picture), IMS_OK);
    ims_pool_destroy(pool);
    return picture;
}

static void check_whole(size_t size, uint32_t parts)
{
    uint8_t *data = malloc(size + 1), *joined = malloc(size + 1);
    size_t at = 0;
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 31 + i / 251);
    struct picture *p = pack(data, size);
    cr_assert_eq(p->piece_count, parts);
    for (uint32_t i = 0; i < p->piece_count; i++) {
        const struct picture_piece *piece = &p->pieces[i];
        cr_assert_leq(piece->message_size, 64 * 1024);
        cr_assert_eq(piece->payload + piece->payload_size,
                     piece->message + piece->message_size);
        memset(piece->message - PICTURE_HEAD_ROOM, 0xee, PICTURE_HEAD_ROOM);
    }
    for (uint32_t i = 0; i < p->piece_count; i++) {
        memcpy(joined + at, p->pieces[i].payload, p->pieces[i].payload_size);
        at += p->pieces[i].payload_size;
    }
    cr_assert_eq(at, size);
    cr_assert_eq(memcmp(joined, data, size), 0);
    picture_unref(&p);
    free(data);
    free(joined);
}

Test(picture, is_split_into_parts_whose_head_rooms_touch_no_payload)
{
    check_whole(0, 1);
    check_whole(1, 1);
    check_whole(IMS_WIRE_PART_BYTES, 1);
    check_whole(IMS_WIRE_PART_BYTES + 1, 2);
    check_whole(5 * IMS_WIRE_PART_BYTES + 17, 6);
}

Test(picture, carries_heads_that_a_reader_understands)
{
    uint8_t data[] = {1, 2, 3};
    struct picture *p = pack(data, sizeof data);
    struct ims_document *doc;
    struct ims_picture_head head;
    cr_assert_eq(
        ims_msgpack_parse(p->pieces[0].message, p->pieces[0].message_size, &doc, NULL),
        IMS_OK);
    cr_assert_eq(ims_wire_picture_parse(&doc->root, &head, NULL), IMS_OK);
    cr_assert_eq(head.view, 3);
    cr_assert_eq(head.picture, 9);
    cr_assert_eq(head.parts, 1);
    cr_assert_eq(head.size, 3);
    ims_document_destroy(doc);
    picture_unref(&p);
}
