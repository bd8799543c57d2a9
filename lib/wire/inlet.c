/* SPDX-License-Identifier: MIT */
#include "inlet_impl.h"

#include <imshow/wire.h>
#include <string.h>

/* ---- telling the kinds apart ---- */

static enum ims_inlet_kind kind_of(uint8_t first, uint8_t second)
{
    if (first == 0x89 && second == 'P') /* a map's keys are texts, so this is none */
        return IMS_INLET_PNG;
    if ((first >= 0x80 && first < 0x90) || first == 0xde || first == 0xdf)
        return IMS_INLET_MSGPACK;
    switch (first) {
    case 0x93: return IMS_INLET_NPY;
    case 'Y': return IMS_INLET_Y4M;
    case 0xff: return IMS_INLET_JPEG;
    case 'P':
        return second && strchr("1234567fF", second) ? IMS_INLET_PNM : IMS_INLET_NONE;
    case '-':
    case '\r':
    case '\n': return IMS_INLET_MULTIPART;
    default: return IMS_INLET_NONE;
    }
}

enum ims_result ims__inlet_tell(struct ims__look *look, enum ims_inlet_kind *out)
{
    bool is_short = look->size == 1 && (look->data[0] == 0x89 || look->data[0] == 'P');
    if (look->size == 0 || is_short)
        return ims__look_want(look, look->size + 1);
    *out = kind_of(look->data[0], look->size > 1 ? look->data[1] : 0);
    if (*out == IMS_INLET_NONE)
        return ims_fail(look->err, IMS_ERR_INVALID,
                        "byte 0x%02x begins no form that is read: npy, y4m, JPEG, PNG, "
                        "PNM, multipart and msgpack are",
                        look->data[0]);
    return IMS_OK;
}

const char *ims_inlet_kind_name(enum ims_inlet_kind kind)
{
    static const char *const names[] = {
        [IMS_INLET_NONE] = "unknown",
        [IMS_INLET_MSGPACK] = "msgpack",
        [IMS_INLET_NPY] = "npy",
        [IMS_INLET_Y4M] = "y4m",
        [IMS_INLET_JPEG] = "JPEG",
        [IMS_INLET_PNG] = "PNG",
        [IMS_INLET_PNM] = "PNM",
        [IMS_INLET_RAW] = "raw",
        [IMS_INLET_MULTIPART] = "multipart",
    };
    return names[kind];
}

/* ---- a step ---- */

enum ims_result ims__inlet_skip(struct ims_inlet *in, struct ims__look *look, size_t size)
{
    in->own.skipped += size;
    if (in->own.skipped > IMS_INLET_SKIP_BYTES)
        return ims_fail(look->err, IMS_ERR_LIMIT,
                        "%s: more than %d bytes between two frames",
                        ims_inlet_kind_name(in->kind), IMS_INLET_SKIP_BYTES);
    return ims__look_drop(look, size);
}

static enum ims_result step_raw(struct ims_inlet *in, struct ims__look *look)
{
    if (look->size < in->raw.bytes)
        return ims__look_want(look, in->raw.bytes);
    look->piece->raw = in->raw;
    return ims__look_found(look, IMS_INLET_RAW, 0, in->raw.bytes);
}

static enum ims_result step_msgpack(struct ims_inlet *in, struct ims__look *look)
{
    enum ims_result r =
        ims_msgpack_scan(look->data, look->size, in->max_bytes, &look->need, look->err);
    return r ? r : ims__look_found(look, IMS_INLET_MSGPACK, 0, look->need);
}

enum ims_result ims__inlet_step(struct ims_inlet *in, struct ims__look *look,
                                enum ims_inlet_kind kind)
{
    switch (kind) {
    case IMS_INLET_MSGPACK: return step_msgpack(in, look);
    case IMS_INLET_NPY: return ims__inlet_step_npy(in, look);
    case IMS_INLET_Y4M: return ims__inlet_step_y4m(in, look);
    case IMS_INLET_JPEG: return ims__inlet_step_jpeg(in, look);
    case IMS_INLET_PNG: return ims__inlet_step_png(in, look);
    case IMS_INLET_PNM: return ims__inlet_step_pnm(in, look);
    case IMS_INLET_MULTIPART: return ims__inlet_step_multipart(in, look);
    case IMS_INLET_RAW: return step_raw(in, look);
    case IMS_INLET_NONE: break;
    }
    return ims_fail(look->err, IMS_ERR_INVALID, "an inlet of no kind");
}

static enum ims_result settle_kind(struct ims_inlet *in, struct ims__look *look)
{
    if (in->kind != IMS_INLET_NONE)
        return IMS_OK;
    if (in->raw.bytes == 0)
        return ims__inlet_tell(look, &in->kind);
    in->kind = IMS_INLET_RAW;
    return IMS_OK;
}

static enum ims_result check_limit(const struct ims_inlet *in,
                                   const struct ims__look *look)
{
    if (look->need <= in->max_bytes ||
        (look->need <= look->size && look->piece->kind == IMS_INLET_NONE))
        return IMS_OK;
    look->err->text[0] = '\0'; /* it says that the frame is cut */
    return ims_fail(look->err, IMS_ERR_LIMIT,
                    "%s: a frame of at least %zu bytes, at most %zu",
                    ims_inlet_kind_name(in->kind), look->need, in->max_bytes);
}

static enum ims_result take_step(struct ims_inlet *in, struct ims__look *look)
{
    enum ims_result r = settle_kind(in, look);
    if (!r)
        r = look->size ? ims__inlet_step(in, look, in->kind) : ims__look_want(look, 1);
    if (r && r != IMS_ERR_TRUNCATED)
        return r;
    if (check_limit(in, look))
        return IMS_ERR_LIMIT;
    return r;
}

enum ims_result ims_inlet_next(struct ims_inlet *in, const uint8_t *data, size_t size,
                               struct ims_inlet_piece *piece, size_t *need,
                               struct ims_error *err)
{
    struct ims_inlet_piece found = {0};
    struct ims_error why = {0};
    struct ims__look look = {.data = data, .size = size, .piece = &found, .err = &why};

    if (size < in->own.need) {
        *need = in->own.need;
        return IMS_ERR_TRUNCATED;
    }
    enum ims_result r = take_step(in, &look);
    in->own.need = r == IMS_ERR_TRUNCATED ? look.need : 0;
    if (r && r != IMS_ERR_TRUNCATED)
        return ims_fail(err, r, "%s", why.text);
    *need = look.need;
    if (r)
        return r;
    in->own.at = 0;
    in->own.in_scan = false;
    if (found.kind != IMS_INLET_NONE)
        in->own.skipped = 0;
    *piece = found;
    return IMS_OK;
}

enum ims_result ims_inlet_end(const struct ims_inlet *in, size_t left,
                              struct ims_error *err)
{
    const char *name = ims_inlet_kind_name(in->kind);

    if (left == 0 &&
        (in->kind != IMS_INLET_MULTIPART || ims__inlet_multipart_may_end(in)))
        return IMS_OK;
    if (in->kind == IMS_INLET_NONE)
        return ims_fail(err, IMS_ERR_TRUNCATED, "ends after %zu bytes of no known form",
                        left);
    return ims_fail(err, IMS_ERR_TRUNCATED,
                    "%s: ends within a frame, after %zu bytes of at least %zu", name,
                    left, in->own.need > left ? in->own.need : left + 1);
}
