/* SPDX-License-Identifier: MIT */
#include "input.h"

#include "pace.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20, HEAD_BYTES = 8 };

enum ims_result input_open(const char *path, const struct raw *raw, struct input *out,
                           struct ims_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", path, strerror(errno));
    *out = (struct input){
        .path = is_stdin ? "stdin" : path,
        .fd = fd,
        .raw = raw,
        .bytes = {.limit = (size_t)INPUT_FRAME_MAX + READ_BYTES},
    };
    return IMS_OK;
}

void input_close(struct input *input)
{
    ims_bytes_finish(&input->bytes);
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    input->fd = -1;
}

/* ---- bytes ---- */

/* Reads until `want` bytes are there or the input ends. */
static enum ims_result fill(struct input *in, size_t want, struct ims_error *err)
{
    while (in->bytes.size < want && !in->at_end && !pace_is_interrupted()) {
        size_t have = in->bytes.size;
        size_t room = want - have < READ_BYTES ? want - have : READ_BYTES;
        uint8_t *to = ims_bytes_extend(&in->bytes, room);
        if (!to)
            return ims_fail(err, in->bytes.result, "%s: a frame is at most %d MiB",
                            in->path, INPUT_FRAME_MAX >> 20);
        ssize_t n = read(in->fd, to, room);
        in->bytes.size = have + (n > 0 ? (size_t)n : 0);
        if (n < 0 && errno != EINTR)
            return ims_fail(err, IMS_ERR_IO, "%s: %s", in->path, strerror(errno));
        in->at_end = n == 0;
    }
    return IMS_OK;
}

static void drop(struct input *in, size_t size)
{
    memmove(in->bytes.data, in->bytes.data + size, in->bytes.size - size);
    in->bytes.size -= size;
}

static enum ims_result fail_short(const struct input *in, size_t want,
                                  struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_TRUNCATED, "%s: ends within a frame: %zu bytes of %zu",
                    in->path, in->bytes.size, want);
}

/* ---- forms ---- */

static enum ims_result next_raw(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    const struct raw *raw = in->raw;
    enum ims_result r = fill(in, raw->bytes, err);
    if (r || in->bytes.size == 0 || pace_is_interrupted())
        return r;
    if (in->bytes.size < raw->bytes)
        return fail_short(in, raw->bytes, err);
    struct ims_array array;
    r = ims_array_create(raw->dtype, raw->ndim, raw->shape, &array, err);
    if (r)
        return r;
    memcpy(array.data, in->bytes.data, raw->bytes);
    if (raw->swapped)
        ims_swap_bytes(array.data, ims_array_count(&array), ims_dtype_size(raw->dtype));
    drop(in, raw->bytes);
    *out = array;
    return IMS_OK;
}

/* Bytes of the head, from its first 12: no more is read, so that a frame in a pipe is not held up by
 * the next one. */
static size_t npy_head_bytes(const uint8_t *p)
{
    if (p[6] == 1)
        return 10 + (size_t)(p[8] | p[9] << 8);
    return 12 +
           ((size_t)p[8] | (size_t)p[9] << 8 | (size_t)p[10] << 16 | (size_t)p[11] << 24);
}

static enum ims_result npy_head(struct input *in, struct ims_npy_head *out,
                                struct ims_error *err)
{
    enum ims_result r = fill(in, 12, err);
    if (r)
        return r;
    size_t want = in->bytes.size < 12 ? 12 : npy_head_bytes(in->bytes.data);
    if (want > READ_BYTES)
        return ims_fail(err, IMS_ERR_LIMIT, "%s: an npy head of %zu bytes", in->path,
                        want);
    r = fill(in, want, err);
    if (r)
        return r;
    if (in->bytes.size < want)
        return fail_short(in, want, err);
    struct ims_error why = {0};
    r = ims_npy_head_read(in->bytes.data, in->bytes.size, out, &why);
    return r ? ims_fail(err, r, "%s: %s", in->path, why.text) : r;
}

static enum ims_result next_npy(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    struct ims_npy_head head = {0};
    enum ims_result r = npy_head(in, &head, err);
    if (r)
        return r;
    if (head.data_bytes > INPUT_FRAME_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s: a frame is at most %d MiB", in->path,
                        INPUT_FRAME_MAX >> 20);
    size_t size = head.data_offset + head.data_bytes;
    r = fill(in, size, err);
    if (r)
        return r;
    if (in->bytes.size < size)
        return fail_short(in, size, err);
    struct ims_error why = {0};
    r = ims_npy_read(in->bytes.data, size, INPUT_FRAME_MAX, out, &why);
    if (r)
        return ims_fail(err, r, "%s: %s", in->path, why.text);
    drop(in, size);
    return IMS_OK;
}

static enum ims_result next_picture(struct input *in, bool is_png, struct ims_array *out,
                                    struct ims_error *err)
{
    enum ims_result r = fill(in, (size_t)INPUT_FRAME_MAX + 1, err);
    if (r)
        return r;
    if (in->bytes.size > INPUT_FRAME_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%s: a file is at most %d MiB", in->path,
                        INPUT_FRAME_MAX >> 20);
    struct ims_error why = {0};
    r = is_png
            ? ims_png_decode(in->bytes.data, in->bytes.size, INPUT_FRAME_MAX, out, &why)
            : ims_jpeg_decode(in->bytes.data, in->bytes.size, INPUT_FRAME_MAX, out, &why);
    if (r)
        return ims_fail(err, r, "%s: %s", in->path, why.text);
    in->bytes.size = 0;
    return IMS_OK;
}

static bool starts_with(const struct input *in, const char *magic, size_t size)
{
    return in->bytes.size >= size && memcmp(in->bytes.data, magic, size) == 0;
}

static enum ims_result next_told(struct input *in, struct ims_array *out,
                                 struct ims_error *err)
{
    enum ims_result r = fill(in, HEAD_BYTES, err);
    if (r || pace_is_interrupted() || (in->bytes.size == 0 && in->frames > 0))
        return r;
    if (starts_with(in, "\x93NUMPY", 6))
        return next_npy(in, out, err);
    if (starts_with(in, "\x89PNG\r\n\x1a\n", 8))
        return next_picture(in, true, out, err);
    if (starts_with(in, "\xff\xd8", 2))
        return next_picture(in, false, out, err);
    return ims_fail(
        err, IMS_ERR_INVALID,
        "%s: neither npy, PNG nor JPEG; for raw frames give --dtype and --shape",
        in->path);
}

enum ims_result input_next(struct input *input, struct ims_array *out,
                           struct ims_error *err)
{
    struct ims_array array = {0};
    enum ims_result r = input->raw->is_given ? next_raw(input, &array, err)
                                             : next_told(input, &array, err);
    if (r && pace_is_interrupted()) {
        array = (struct ims_array){0};
        r = IMS_OK;
    }
    if (r)
        return r;
    input->frames += array.buffer != NULL;
    *out = array;
    return IMS_OK;
}
