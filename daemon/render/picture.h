/* SPDX-License-Identifier: MIT */
#ifndef RENDER_PICTURE_H
#define RENDER_PICTURE_H

/*
 * An encoded picture as it goes out: made once, sent many times.
 *
 *     struct picture *p = picture_ref(view_picture(&client, base));
 *     for (uint32_t i = 0; i < p->piece_count; i++)
 *         send(p->pieces[i].message, p->pieces[i].message_size);   // a viewer: head and payload
 *     picture_unref(&p);
 *
 * One buffer holds, for each part, PICTURE_HEAD_ROOM spare bytes (the socket writes its frame header
 * there, the same bytes for every client), the msgpack head and the payload. HTTP clients send the
 * payloads alone. Packed by a pool job, then immutable but for the head rooms; references are taken and
 * dropped on the loop thread only.
 */

#include <imshow/wire.h>

enum { PICTURE_HEAD_ROOM = 32 };

struct picture_piece {
    uint8_t *message; /* head and payload; PICTURE_HEAD_ROOM bytes before it are free */
    size_t message_size;
    const uint8_t *payload; /* within the message, to its end */
    size_t payload_size;
};

struct picture {
    uint32_t refs;
    struct ims_picture_head head;
    int64_t grab_ns; /* CLOCK_MONOTONIC when the frame was got; 0: it is no new frame's */
    int64_t made_ns; /* the same when it was packed */
    struct ims_buffer *buffer;
    uint32_t piece_count;
    struct picture_piece pieces[];
};

/* Copies an encoded picture into parts. head->parts and head->size are filled in here. Any thread.
 * Fails: NOMEM. */
IMS_NODISCARD enum ims_result picture_pack(struct ims_pool *pool,
                                           struct ims_picture_head *head,
                                           const struct ims_picture *encoded,
                                           struct picture **out);
struct picture *picture_ref(struct picture *picture);
void picture_unref(struct picture **picture); /* NULL inside is fine */

#endif
