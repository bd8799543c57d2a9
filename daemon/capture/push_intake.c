/* SPDX-License-Identifier: MIT */
#include "push_intake.h"

#include <imshow/wire.h>
#include <string.h>

enum { ALIGN = 64 };

void push_intake_init(struct push_intake *intake, size_t *large_bytes)
{
    *intake = (struct push_intake){
        .inlet = {.max_bytes = PUSH_MESSAGE_BYTES_MAX},
        .large_bytes = large_bytes,
    };
}

static void release(struct push_intake *intake)
{
    if (intake->is_large)
        *intake->large_bytes -= intake->buffer->size;
    intake->is_large = false;
    ims_buffer_unref(&intake->buffer);
}

void push_intake_finish(struct push_intake *intake)
{
    release(intake);
    intake->at = intake->size = 0;
}

static const uint8_t *bytes_of(const struct push_intake *intake)
{
    return intake->buffer ? intake->buffer->data + intake->at : NULL;
}

/* Everything that is there goes to `buffer`, which is consumed. */
static void move_to(struct push_intake *intake, struct ims_buffer *buffer, size_t at)
{
    if (intake->size)
        memcpy(buffer->data + at, bytes_of(intake), intake->size);
    release(intake);
    intake->buffer = buffer;
    intake->at = at;
}

/* ---- room ---- */

static enum ims_result fail_no_memory(size_t size, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for a message of %zu bytes", size);
}

/* The bin that the message breaks off in is what its items are in: they shall lie aligned. */
static size_t lead_of(const struct push_intake *intake)
{
    if (intake->is_large)
        return intake->at;
    if (intake->inlet.kind != IMS_INLET_MSGPACK)
        return 0;
    size_t offset = ims_msgpack_payload(bytes_of(intake), intake->size);
    return (ALIGN - offset % ALIGN) % ALIGN;
}

/* For what is wanted, and a chunk more. What does not say its length at first grows by doubling. */
static size_t large_size(const struct push_intake *intake)
{
    size_t size = intake->need > intake->size ? intake->need : intake->size + 1;
    if (intake->is_large && size < 2 * intake->size)
        size = 2 * intake->size;
    return size + PUSH_CHUNK_BYTES;
}

static enum ims_result make_large(struct push_intake *intake, struct ims_pool *pool,
                                  struct ims_error *err)
{
    size_t lead = lead_of(intake), size = lead + large_size(intake);
    struct ims_buffer *buffer;
    if (size > PUSH_INTAKE_BYTES_MAX - *intake->large_bytes)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "too much is being sent at once for a message of %zu bytes: try "
                        "again, or send smaller frames",
                        size);
    if (pool ? ims_pool_get(pool, size, &buffer) : ims_buffer_create(size, &buffer))
        return fail_no_memory(size, err);
    move_to(intake, buffer, lead);
    intake->is_large = true;
    *intake->large_bytes += size;
    return IMS_OK;
}

/* A chunk with room behind what is there, which is less than a chunk. */
static enum ims_result make_chunk(struct push_intake *intake, struct ims_error *err)
{
    struct ims_buffer *buffer;
    if (ims_buffer_create(2 * PUSH_CHUNK_BYTES, &buffer))
        return fail_no_memory(PUSH_CHUNK_BYTES, err);
    move_to(intake, buffer, 0);
    return IMS_OK;
}

/* Not farther than a chunk behind what is wanted, so that what follows a large piece is small. */
static size_t room_of(const struct push_intake *intake)
{
    if (!intake->buffer)
        return 0;
    size_t room = intake->buffer->size - intake->at - intake->size;
    size_t want = intake->need > intake->size ? intake->need - intake->size : 0;
    return room < want + PUSH_CHUNK_BYTES ? room : want + PUSH_CHUNK_BYTES;
}

static enum ims_result make_room(struct push_intake *intake, struct ims_pool *pool,
                                 struct ims_error *err)
{
    size_t missing = intake->need > intake->size ? intake->need - intake->size : 1;
    if (room_of(intake) >= missing)
        return IMS_OK;
    if (intake->need > PUSH_CHUNK_BYTES || intake->size >= PUSH_CHUNK_BYTES)
        return make_large(intake, pool, err);
    if (!intake->buffer || intake->is_large)
        return make_chunk(intake, err);
    memmove(intake->buffer->data, bytes_of(intake), intake->size);
    intake->at = 0;
    return IMS_OK;
}

enum ims_result push_intake_room(struct push_intake *intake, struct ims_pool *pool,
                                 uint8_t **out, size_t *size, struct ims_error *err)
{
    enum ims_result result = make_room(intake, pool, err);
    if (result)
        return result;
    *out = intake->buffer->data + intake->at + intake->size;
    *size = room_of(intake);
    return IMS_OK;
}

void push_intake_got(struct push_intake *intake, size_t size)
{
    intake->size += size;
}

/* ---- pieces ---- */

enum ims_result push_intake_next(struct push_intake *intake,
                                 struct ims_inlet_piece *piece, struct ims_error *err)
{
    size_t need = 0;
    enum ims_result result = IMS_ERR_TRUNCATED;
    *piece = (struct ims_inlet_piece){.kind = IMS_INLET_NONE};
    if (intake->is_broken)
        return fail_no_memory(intake->size, err);
    while (intake->size && intake->size >= intake->need) {
        result = ims_inlet_next(&intake->inlet, bytes_of(intake), intake->size, piece,
                                &need, err);
        intake->need = result == IMS_OK || result == IMS_ERR_TRUNCATED ? need : 0;
        if (result || piece->kind != IMS_INLET_NONE)
            return result;
        push_intake_drop(intake);
    }
    return IMS_ERR_TRUNCATED;
}

/* What follows a large piece is small, and moves: the buffer belongs to the frame now, or is given back. */
void push_intake_drop(struct push_intake *intake)
{
    intake->at += intake->need;
    intake->size -= intake->need;
    intake->dropped += intake->need;
    intake->need = 0;
    if (intake->size == 0 && intake->is_large)
        release(intake);
    if (intake->size == 0)
        intake->at = 0;
    else if (intake->is_large && intake->size <= PUSH_CHUNK_BYTES)
        intake->is_broken = make_chunk(intake, NULL) != IMS_OK;
}

struct ims_buffer *push_intake_buffer(const struct push_intake *intake)
{
    bool is_alone = intake->is_large && intake->size - intake->need <= PUSH_CHUNK_BYTES;
    return is_alone ? intake->buffer : NULL;
}
