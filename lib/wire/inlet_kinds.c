/* SPDX-License-Identifier: MIT */
/* Where a frame of each kind ends. What is known of a length is asked for as a whole. */
#include "inlet_impl.h"

#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/pnm.h>
#include <string.h>

/* LIMIT instead of a sum that overflows: no frame is that long. */
static enum ims_result want_sum(struct ims__look *look, enum ims_inlet_kind kind,
                                size_t head, size_t body)
{
    size_t all;

    if (__builtin_add_overflow(head, body, &all))
        return ims_fail(look->err, IMS_ERR_LIMIT, "%s: a frame longer than the memory",
                        ims_inlet_kind_name(kind));
    if (look->size < all)
        return ims__look_want(look, all);
    return ims__look_found(look, kind, 0, all);
}

/* ---- npy: magic (6), version (2), length of the header (2 or 4), header, items ---- */

enum { NPY_PRELUDE = 12 };

static size_t npy_head_bytes(const uint8_t *data)
{
    size_t length = (size_t)data[8] | (size_t)data[9] << 8;

    if (data[6] == 1)
        return 10 + length;
    return NPY_PRELUDE + (length | (size_t)data[10] << 16 | (size_t)data[11] << 24);
}

enum ims_result ims__inlet_step_npy(struct ims_inlet *in, struct ims__look *look)
{
    struct ims_npy_head head;
    enum ims_result r;

    (void)in;
    if (look->size < NPY_PRELUDE)
        return ims__look_want(look, NPY_PRELUDE);
    r = ims_npy_head_read(look->data, look->size, &head, look->err);
    if (r == IMS_ERR_TRUNCATED)
        return ims__look_want(look, npy_head_bytes(look->data));
    return r ? r : want_sum(look, IMS_INLET_NPY, head.data_offset, head.data_bytes);
}

/* ---- y4m: its head once, then a line and the planes a frame ---- */

static enum ims_result y4m_head(struct ims_inlet *in, struct ims__look *look)
{
    enum ims_result r = ims_y4m_head_read(look->data, look->size, &in->y4m, look->err);

    if (r == IMS_ERR_TRUNCATED)
        return ims__look_want(look, look->size + 1);
    if (r)
        return r;
    if (in->y4m.frame_bytes > in->max_bytes)
        return ims_fail(look->err, IMS_ERR_LIMIT, "y4m: frames of %zu bytes, at most %zu",
                        in->y4m.frame_bytes, in->max_bytes);
    return ims__look_drop(look, in->y4m.head_bytes);
}

enum ims_result ims__inlet_step_y4m(struct ims_inlet *in, struct ims__look *look)
{
    size_t line = 0;

    if (in->y4m.width == 0)
        return y4m_head(in, look);
    enum ims_result r = ims_y4m_frame_head(look->data, look->size, &line, look->err);
    if (r == IMS_ERR_TRUNCATED)
        return ims__look_want(look, look->size + 1);
    if (r)
        return r;
    if (look->size - line < in->y4m.frame_bytes)
        return ims__look_want(look, line + in->y4m.frame_bytes);
    look->piece->y4m = in->y4m;
    return ims__look_found(look, IMS_INLET_Y4M, line, line + in->y4m.frame_bytes);
}

/* ---- JPEG: padding, then the picture up to its end marker ---- */

/* Bytes that cameras and muxers leave between pictures; an FF may be the picture's own. */
static size_t padding_bytes(const uint8_t *data, size_t size)
{
    size_t n = 0;

    while (n < size && (data[n] == 0 || data[n] == '\r' || data[n] == '\n' ||
                        (data[n] == 0xff && n + 1 < size && data[n + 1] == 0xff)))
        n++;
    return n;
}

enum ims_result ims__inlet_step_jpeg(struct ims_inlet *in, struct ims__look *look)
{
    struct ims_jpeg_place place = {in->own.at, in->own.in_scan};
    size_t padding = place.at ? 0 : padding_bytes(look->data, look->size);

    if (padding)
        return ims__inlet_skip(in, look, padding);
    enum ims_result r =
        ims_jpeg_walk(look->data, look->size, &place, &look->need, look->err);
    in->own.at = place.at;
    in->own.in_scan = place.in_scan;
    return r ? r : ims__look_found(look, IMS_INLET_JPEG, 0, look->need);
}

/* ---- PNG: a signature, then chunks of length (4), type (4), data, sum (4), up to IEND ---- */

enum { PNG_SIGNATURE = 8, PNG_CHUNK = 12 };

static size_t read_u32(const uint8_t *p)
{
    return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

enum ims_result ims__inlet_step_png(struct ims_inlet *in, struct ims__look *look)
{
    static const char signature[] = "\x89PNG\r\n\x1a\n";

    if (look->size < PNG_SIGNATURE + PNG_CHUNK)
        return ims__look_want(look, PNG_SIGNATURE + PNG_CHUNK);
    if (memcmp(look->data, signature, PNG_SIGNATURE) != 0)
        return ims_fail(look->err, IMS_ERR_INVALID, "PNG: the signature is broken");
    if (in->own.at == 0)
        in->own.at = PNG_SIGNATURE;
    while (look->size - in->own.at >= PNG_CHUNK) {
        const uint8_t *chunk = look->data + in->own.at;
        size_t length = read_u32(chunk), end = in->own.at + PNG_CHUNK + length;
        bool is_last = memcmp(chunk + 4, "IEND", 4) == 0;
        if (length > INT32_MAX)
            return ims_fail(look->err, IMS_ERR_INVALID, "PNG: a chunk of %zu bytes",
                            length);
        if (end > look->size) /* behind it there is another one, at the least the last */
            return ims__look_want(look, end + (is_last ? 0 : PNG_CHUNK));
        if (is_last)
            return ims__look_found(look, IMS_INLET_PNG, 0, end);
        in->own.at = end;
    }
    return ims__look_want(look, in->own.at + PNG_CHUNK);
}

/* ---- PNM: a head of text, then as many bytes as it says ---- */

static enum ims_result pnm_want_head(struct ims__look *look)
{
    look->err->text[0] = '\0'; /* it says that the head is cut */
    if (look->size >= IMS_INLET_HEAD_BYTES)
        return ims_fail(look->err, IMS_ERR_LIMIT, "PNM: a head of more than %d bytes",
                        IMS_INLET_HEAD_BYTES);
    return ims__look_want(look, look->size + 1);
}

enum ims_result ims__inlet_step_pnm(struct ims_inlet *in, struct ims__look *look)
{
    struct ims_pnm_head head;
    enum ims_result r = ims_pnm_head_read(look->data, look->size, &head, look->err);

    (void)in;
    if (r == IMS_ERR_TRUNCATED)
        return pnm_want_head(look);
    if (r)
        return r;
    if (head.data_bytes == 0)
        return ims_fail(
            look->err, IMS_ERR_UNSUPPORTED,
            "PNM: a plain one (P%c) has no length: send the binary form (P%c)", head.kind,
            head.kind + 3);
    return want_sum(look, IMS_INLET_PNM, head.data_offset, head.data_bytes);
}
