/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_PUSH_INTAKE_H
#define CAPTURE_PUSH_INTAKE_H

/*
 * What arrives on a pushing connection, cut into pieces: msgpack messages, or pictures of another kind.
 *
 *     uint8_t *at = push_intake_room(&intake, pool, &size, &err);    // read up to `size` bytes to there
 *     push_intake_got(&intake, size_read);
 *     while (push_intake_next(&intake, &piece, &err) == IMS_OK) {
 *         ... piece.kind, piece.data, piece.size ...
 *         push_intake_drop(&intake);
 *     }
 *
 * Small pieces lie in one chunk, one behind the other. A large one is read into a buffer of its own, out of the
 * stream's pool, so that its items end up 64-byte aligned: a frame may keep that buffer
 * (push_intake_buffer) and nothing is copied but the first chunk. Loop thread only.
 */

#include "stream.h"

#include <imshow/inlet.h>

/* A piece above that gets a buffer of its own; so much is read ahead of it at most. */
enum { PUSH_CHUNK_BYTES = 64 * 1024 };
/* A frame and its head. */
#define PUSH_MESSAGE_BYTES_MAX (STREAM_FRAME_BYTES_MAX + 64 * 1024)
/* Of large pieces that are being read, by all connections together. */
#define PUSH_INTAKE_BYTES_MAX ((size_t)512 << 20)

struct push_intake {
    struct ims_inlet inlet;
    size_t *large_bytes;       /* counts those of all intakes */
    struct ims_buffer *buffer; /* the chunk, or one large piece and what follows it */
    bool is_large;
    bool is_broken;   /* no memory was left for what had come */
    size_t at, size;  /* in the buffer: what has come and was not dropped */
    size_t need;      /* of it, the first piece wants at least that much */
    uint64_t dropped; /* bytes, of all that came */
};

void push_intake_init(struct push_intake *intake, size_t *large_bytes);
void push_intake_finish(struct push_intake *intake);
/* Where to read to, at least one byte. `pool` for a large piece, or NULL. Fails: LIMIT
 * (PUSH_INTAKE_BYTES_MAX), NOMEM. */
IMS_NODISCARD enum ims_result push_intake_room(struct push_intake *intake,
                                               struct ims_pool *pool, uint8_t **out,
                                               size_t *size, struct ims_error *err);
void push_intake_got(struct push_intake *intake, size_t size);
/* The piece that comes first; it stays until it is dropped. TRUNCATED: read on. Else as ims_inlet_next. */
IMS_NODISCARD enum ims_result push_intake_next(struct push_intake *intake,
                                               struct ims_inlet_piece *piece,
                                               struct ims_error *err);
void push_intake_drop(struct push_intake *intake);
/* The buffer that the first piece lies in, if it has one of its own, else NULL; borrowed. Who wants it takes
 * a reference before the piece is dropped, and then owns its bytes. */
struct ims_buffer *push_intake_buffer(const struct push_intake *intake);

#endif
