/* SPDX-License-Identifier: MIT */
#include "dir_file.h"

#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/inlet.h>
#include <imshow/pnm.h>
#include <imshow/tiff.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- bytes ---- */

static bool take_stat(const struct stat *st, const char *name, struct dir_stamp *out)
{
    if (!S_ISREG(st->st_mode) || strlen(name) >= sizeof out->name)
        return false;
    *out = (struct dir_stamp){
        .mtime_ns = st->st_mtim.tv_sec * (int64_t)1000000000 + st->st_mtim.tv_nsec,
        .size = (uint64_t)st->st_size,
        .inode = st->st_ino,
    };
    snprintf(out->name, sizeof out->name, "%s", name);
    return true;
}

bool dir_file_stat(int folder, const char *name, struct dir_stamp *out)
{
    struct stat st;
    return fstatat(folder, name, &st, 0) == 0 && take_stat(&st, name, out);
}

/* Reads to the size that the file had; false: it ended before, or could not be read. */
static bool fill(int fd, struct ims_buffer *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        ssize_t got = read(fd, bytes->data + at, size - at);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        at += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static enum ims_result read_open(int fd, const struct dir_stamp *stamp,
                                 struct ims_buffer **out, struct ims_error *err)
{
    struct dir_stamp after;
    struct ims_buffer *bytes = NULL;
    struct stat st;
    if (stamp->size > DIR_FILE_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%llu bytes, at most %zu",
                        (unsigned long long)stamp->size, DIR_FILE_BYTES_MAX);
    if (stamp->size == 0)
        return ims_fail(err, IMS_ERR_TRUNCATED, "empty");
    if (ims_buffer_create((size_t)stamp->size, &bytes))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for %llu bytes",
                        (unsigned long long)stamp->size);
    bool is_whole = fill(fd, bytes, (size_t)stamp->size);
    bool is_same = is_whole && fstat(fd, &st) == 0 &&
                   take_stat(&st, stamp->name, &after) && dir_stamp_same(stamp, &after);
    if (is_same)
        *out = bytes;
    else
        ims_buffer_unref(&bytes);
    return is_same ? IMS_OK
                   : ims_fail(err, IMS_ERR_TRUNCATED, "changed while it was read");
}

enum ims_result dir_file_read(int folder, const char *name, struct dir_stamp *stamp,
                              struct ims_buffer **out, struct ims_error *err)
{
    struct stat st;
    enum ims_result result = IMS_ERR_IO;
    /* A pipe of that name must not be waited for. */
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s", strerror(errno));
    if (fstat(fd, &st) != 0 || !take_stat(&st, name, stamp))
        result = ims_fail(err, IMS_ERR_IO, "no regular file");
    else
        result = read_open(fd, stamp, out, err);
    close(fd);
    return result;
}

/* ---- the frame ---- */

static enum ims_inlet_kind kind_of(const uint8_t *data, size_t size)
{
    if (size >= 2 && data[0] == 0xff && data[1] == 0xd8)
        return IMS_INLET_JPEG;
    if (size >= 4 && memcmp(data, "\x89PNG", 4) == 0)
        return IMS_INLET_PNG;
    if (size >= 6 && memcmp(data, "\x93NUMPY", 6) == 0)
        return IMS_INLET_NPY;
    return IMS_INLET_NONE;
}

/* What the inlet does not know, since it has no end that could be told in a stream. */
static enum ims_result decode_file(const struct ims_buffer *bytes, struct ims_array *out,
                                   struct ims_error *err)
{
    if (ims_tiff_is(bytes->data, bytes->size))
        return ims_tiff_decode(bytes->data, bytes->size, STREAM_FRAME_BYTES_MAX, out,
                               err);
    if (ims_pnm_is(bytes->data, bytes->size))
        return ims_pnm_decode(bytes->data, bytes->size, STREAM_FRAME_BYTES_MAX, out, err);
    return ims_fail(err, IMS_ERR_UNSUPPORTED,
                    "no PNG, JPEG, TIFF, Netpbm, PFM or npy: its first bytes say none of "
                    "these");
}

enum ims_result dir_file_decode(const struct ims_buffer *bytes, struct ims_frame **out,
                                struct ims_error *err)
{
    const struct ims_inlet_piece piece = {.kind = kind_of(bytes->data, bytes->size),
                                          .data = bytes->data,
                                          .size = bytes->size};
    struct ims_frame *frame = NULL;
    struct ims_extent extent;
    if (piece.kind != IMS_INLET_NONE)
        return ims_inlet_frame(&piece, STREAM_FRAME_BYTES_MAX, NULL, out, err);
    if (ims_frame_create(&frame))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a frame");
    enum ims_result result = decode_file(bytes, &frame->array, err);
    if (!result)
        result = ims_frame_extent(frame, &extent, err);
    if (result)
        ims_frame_unref(&frame);
    else
        *out = frame;
    return result;
}
