/* SPDX-License-Identifier: MIT */
#include "mcap_load.h"

#include <errno.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 128 << 10 }; /* stays in a core's own cache */

/* ---- input ---- */

static enum ims_result read_fd(void *user, uint64_t offset, void *data, size_t size,
                               struct ims_error *err)
{
    uint8_t *at = data;

    while (size) {
        const ssize_t n = pread((int)(intptr_t)user, at, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ims_fail(err, IMS_ERR_IO, "cannot read the recording: %s",
                            strerror(errno));
        if (n == 0)
            return ims_fail(err, IMS_ERR_TRUNCATED,
                            "the recording became shorter while it was read");
        at += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return IMS_OK;
}

enum ims_result ims_mcap_input_fd(int fd, struct ims_mcap_input *out,
                                  struct ims_error *err)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return ims_fail(err, IMS_ERR_IO, "cannot read the recording: %s",
                        strerror(errno));
    if (!S_ISREG(st.st_mode))
        return ims_fail(err, IMS_ERR_INVALID, "a recording is a regular file");
    *out = (struct ims_mcap_input){read_fd, (void *)(intptr_t)fd, (uint64_t)st.st_size};
    return IMS_OK;
}

enum ims_result ims__input_read(const struct ims_mcap_input *input, uint64_t offset,
                                void *data, size_t size, struct ims_error *err)
{
    if (offset > input->bytes || size > input->bytes - offset)
        return ims_fail(err, IMS_ERR_TRUNCATED,
                        "mcap: the file ends at byte %" PRIu64 ", within a record",
                        input->bytes);
    return size ? input->read(input->user, offset, data, size, err) : IMS_OK;
}

enum ims_result ims__input_crc(const struct ims_mcap_input *input, uint64_t offset,
                               uint64_t size, struct ims__room *piece, uint32_t *crc,
                               struct ims_error *err)
{
    enum ims_result r = ims__room_for(piece, PIECE_BYTES)
                            ? IMS_OK
                            : ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    uint32_t value = 0;

    while (!r && size) {
        const size_t n = size < PIECE_BYTES ? (size_t)size : PIECE_BYTES;
        r = ims__input_read(input, offset, piece->data, n, err);
        if (!r)
            value = libdeflate_crc32(value, piece->data, n);
        offset += n;
        size -= n;
    }
    if (!r)
        *crc = value;
    return r;
}

/* ---- records in memory ---- */

bool ims__next_record(const uint8_t *data, size_t size, struct ims__record *record)
{
    const size_t at = record->next;

    if (size - at < IMS__MCAP_HEAD_BYTES)
        return false;
    const struct ims__mcap_head head = ims__mcap_head(data + at);
    if (head.length > size - at - IMS__MCAP_HEAD_BYTES)
        return false;
    *record = (struct ims__record){
        .op = head.op,
        .body = data + at + IMS__MCAP_HEAD_BYTES,
        .size = (size_t)head.length,
        .at = at,
        .next = at + IMS__MCAP_HEAD_BYTES + (size_t)head.length,
    };
    return true;
}

bool ims__read_message(const struct ims__record *record, struct ims_mcap_message *out)
{
    struct ims__take in = {record->body, record->size, false};

    out->channel = ims__take_u16(&in);
    out->sequence = ims__take_u32(&in);
    out->log_ns = ims__take_u64(&in);
    out->publish_ns = ims__take_u64(&in);
    out->data = in.data;
    out->size = in.left;
    return record->op == IMS__OP_MESSAGE && !in.failed;
}

/* ---- chunks ---- */

bool ims__room_for(struct ims__room *room, size_t size)
{
    enum { SMALL = 4 << 20 };

    if (room->size >= size && (room->size <= SMALL || room->size / 4 <= size))
        return true;
    free(room->data);
    room->data = malloc(size ? size : 1);
    room->size = room->data ? size : 0;
    return room->data != NULL;
}

void ims__loaded_finish(struct ims__loaded *loaded)
{
    free(loaded->stored.data);
    free(loaded->unpacked.data);
    *loaded = (struct ims__loaded){0};
}

void ims__loader_finish(struct ims__loader *loader)
{
    ZSTD_freeDCtx(loader->zstd);
    loader->zstd = NULL;
}

static enum ims_result broken(const struct ims__mcap_chunk *chunk, const char *why,
                              struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "mcap: the chunk at byte %" PRIu64 " %s",
                    chunk->offset, why);
}

static enum ims_result unpack(struct ims__loader *loader,
                              const struct ims__mcap_chunk *chunk,
                              const struct ims__mcap_chunk_head *head,
                              const uint8_t *stored, struct ims__loaded *loaded,
                              struct ims_error *err)
{
    if (head->compression == IMS__MCAP_PLAIN) {
        loaded->records = stored;
        loaded->size = (size_t)head->stored;
        return IMS_OK;
    }
    if (head->compression != IMS__MCAP_ZSTD)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "mcap: chunks compressed by %s are not read: compress it by zstd",
                        head->compression == IMS__MCAP_LZ4 ? "lz4" : "an unknown method");
    const size_t size = (size_t)head->unpacked;
    if (!loader->zstd)
        loader->zstd = ZSTD_createDCtx();
    if (!loader->zstd || !ims__room_for(&loaded->unpacked, size))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk of %zu bytes", size);
    const size_t n = ZSTD_decompressDCtx(loader->zstd, loaded->unpacked.data, size,
                                         stored, (size_t)head->stored);
    if (ZSTD_isError(n) || n != size)
        return broken(chunk, "is broken: zstd does not unpack it", err);
    loaded->records = loaded->unpacked.data;
    loaded->size = size;
    return IMS_OK;
}

static enum ims_result check_size(const struct ims__loader *loader,
                                  const struct ims__mcap_chunk *chunk, uint64_t size,
                                  struct ims_error *err)
{
    return size <= loader->chunk_max
               ? IMS_OK
               : ims_fail(err, IMS_ERR_LIMIT,
                          "mcap: the chunk at byte %" PRIu64 " has %" PRIu64
                          " bytes, at most %zu are read",
                          chunk->offset, size, loader->chunk_max);
}

static enum ims_result load(struct ims__loader *loader,
                            const struct ims_mcap_input *input,
                            const struct ims__mcap_chunk *chunk,
                            struct ims__loaded *loaded, struct ims_error *err)
{
    struct ims__mcap_chunk_head head;
    enum ims_result r = check_size(loader, chunk, chunk->length, err);

    if (!r && !ims__room_for(&loaded->stored, (size_t)chunk->length))
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory for a chunk of %" PRIu64 " bytes",
                     chunk->length);
    if (!r)
        r = ims__input_read(input, chunk->offset, loaded->stored.data,
                            (size_t)chunk->length, err);
    if (r)
        return r;
    loaded->records = loaded->stored.data;
    loaded->size = (size_t)chunk->length;
    if (chunk->is_loose)
        return IMS_OK;
    const uint8_t *body = loaded->stored.data + IMS__MCAP_HEAD_BYTES;
    const uint64_t length = chunk->length - IMS__MCAP_HEAD_BYTES;
    const struct ims__mcap_head record = ims__mcap_head(loaded->stored.data);
    if (record.op != IMS__OP_CHUNK || record.length != length ||
        !ims__mcap_chunk_head(body, (size_t)length, length, &head))
        return broken(chunk, "is no chunk", err);
    r = check_size(loader, chunk, head.unpacked, err);
    if (!r)
        r = unpack(loader, chunk, &head, body + head.records, loaded, err);
    if (!r && head.crc && libdeflate_crc32(0, loaded->records, loaded->size) != head.crc)
        r = broken(chunk, "is damaged: its CRC is wrong", err);
    return r;
}

enum ims_result ims__load_chunk(struct ims__loader *loader,
                                const struct ims_mcap_input *input,
                                const struct ims__mcap_chunk *chunk,
                                struct ims__loaded *loaded, struct ims_error *err)
{
    enum ims_result r = load(loader, input, chunk, loaded, err);

    if (r) {
        loaded->records = NULL;
        loaded->size = 0;
    }
    return r;
}
