/* SPDX-License-Identifier: MIT */
#include "input.h"

#include "input_form.h"
#include "pace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 20, SOME_BYTES = 64 << 10, HEAD_BYTES = 9 };

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

double input_fps(const struct input *input)
{
    return input->y4m.fps;
}

/* ---- bytes ---- */

enum ims_result input_large(const struct input *in, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_LIMIT, "%s: a frame is at most %d MiB", in->path,
                    INPUT_FRAME_MAX >> 20);
}

enum ims_result input_fill(struct input *in, size_t want, struct ims_error *err)
{
    while (in->bytes.size < want && !in->at_end && !pace_is_interrupted()) {
        size_t have = in->bytes.size;
        size_t room = want - have < READ_BYTES ? want - have : READ_BYTES;
        uint8_t *to = ims_bytes_extend(&in->bytes, room);
        if (!to)
            return input_large(in, err);
        ssize_t n = read(in->fd, to, room);
        in->bytes.size = have + (n > 0 ? (size_t)n : 0);
        if (n < 0 && errno != EINTR)
            return ims_fail(err, IMS_ERR_IO, "%s: %s", in->path, strerror(errno));
        in->at_end = n == 0;
    }
    return IMS_OK;
}

enum ims_result input_some(struct input *in, struct ims_error *err)
{
    size_t have = in->bytes.size;
    uint8_t *to = ims_bytes_extend(&in->bytes, SOME_BYTES);
    if (!to)
        return input_large(in, err);
    ssize_t n = read(in->fd, to, SOME_BYTES);
    in->bytes.size = have + (n > 0 ? (size_t)n : 0);
    in->at_end = n == 0;
    if (n < 0 && errno != EINTR)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", in->path, strerror(errno));
    return IMS_OK;
}

enum ims_result input_fill_all(struct input *in, struct ims_error *err)
{
    enum ims_result r = input_fill(in, (size_t)INPUT_FRAME_MAX + 1, err);
    if (r)
        return r;
    return in->bytes.size > INPUT_FRAME_MAX ? input_large(in, err) : IMS_OK;
}

void input_drop(struct input *in, size_t size)
{
    memmove(in->bytes.data, in->bytes.data + size, in->bytes.size - size);
    in->bytes.size -= size;
}

enum ims_result input_short(const struct input *in, size_t want, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_TRUNCATED, "%s: ends within a frame: %zu bytes of %zu",
                    in->path, in->bytes.size, want);
}

enum ims_result input_fail(const struct input *in, enum ims_result r,
                           const struct ims_error *why, struct ims_error *err)
{
    return ims_fail(err, r, "%s: %s", in->path,
                    *why->text ? why->text : ims_result_name(r));
}

/* ---- frames ---- */

static enum ims_result next_raw(struct input *in, struct ims_array *out,
                                struct ims_error *err)
{
    const struct raw *raw = in->raw;
    enum ims_result r = input_fill(in, raw->bytes, err);
    if (r || in->bytes.size == 0 || pace_is_interrupted())
        return r;
    if (in->bytes.size < raw->bytes)
        return input_short(in, raw->bytes, err);
    struct ims_array array;
    r = ims_array_create(raw->dtype, raw->ndim, raw->shape, &array, err);
    if (r)
        return r;
    memcpy(array.data, in->bytes.data, raw->bytes);
    if (raw->swapped)
        ims_swap_bytes(array.data, ims_array_count(&array), ims_dtype_size(raw->dtype));
    input_drop(in, raw->bytes);
    *out = array;
    return IMS_OK;
}

static const struct input_form *find_form(const struct input *in)
{
    static const struct input_form *const forms[] = {
        &input_form_npy,  &input_form_png, &input_form_jpeg,
        &input_form_tiff, &input_form_y4m, &input_form_pnm,
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i]->is(in->bytes.data, in->bytes.size))
            return forms[i];
    return NULL;
}

static enum ims_result next_told(struct input *in, struct ims_array *out,
                                 struct ims_error *err)
{
    if (in->form)
        return in->form->next(in, out, err);
    enum ims_result r = input_fill(in, HEAD_BYTES, err);
    if (r || pace_is_interrupted() || (in->bytes.size == 0 && in->frames > 0))
        return r;
    const struct input_form *form = in->bytes.size > 0 ? find_form(in) : NULL;
    if (form)
        return form->next(in, out, err);
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s: %s; npy, PNG, JPEG, TIFF, PNM, PFM and y4m are read; for raw "
                    "frames give --dtype and --shape",
                    in->path, in->bytes.size > 0 ? "an unknown form" : "is empty");
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
