/* SPDX-License-Identifier: MIT */
/* What the library says: hello and frames (docs/protocol.md section 9). */
#include "push_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- hello ---- */

static void put_entry(struct push_bytes *out, const char *key, const char *text)
{
    ims__push_put_key(out, key);
    ims__push_put_key(out, text);
}

enum ims_push_result ims__push_put_hello(struct push_bytes *out,
                                         const struct ims_push_options *options,
                                         struct ims_push_error *err)
{
    const struct {
        const char *key, *json;
        char first;
    } parts[] = {{"params", options->params, '{'},
                 {"labelled", options->labelled, '{'},
                 {"ops", options->ops, '['}};
    const char *name = options->name ? options->name : "array";
    const char *token = options->token ? options->token : getenv("IMSHOW_TOKEN");
    uint32_t count = token && *token ? 6 : 5;
    if (!*name || strlen(name) > IMS_PUSH_NAME_MAX)
        return ims__push_fail(err, IMS_PUSH_INVALID, "name: 1 to %d bytes are wanted",
                              IMS_PUSH_NAME_MAX);
    for (size_t i = 0; i < 3; i++)
        count += parts[i].json != NULL;
    ims__push_put_map(out, count);
    put_entry(out, "type", "hello");
    ims__push_put_key(out, "version");
    ims__push_put_integer(out, 1);
    put_entry(out, "name", name);
    put_entry(out, "pace", "credit");
    if (token && *token)
        put_entry(out, "token", token);
    ims__push_put_key(out, "takeover");
    ims__push_put_bool(out, options->takeover);
    for (size_t i = 0; i < 3; i++) {
        if (!parts[i].json)
            continue;
        ims__push_put_key(out, parts[i].key);
        enum ims_push_result r =
            ims__push_put_json(out, parts[i].json, parts[i].first, parts[i].key, err);
        if (r)
            return r;
    }
    return out->result ? ims__push_fail(err, out->result, "no memory for the hello")
                       : IMS_PUSH_OK;
}

/* ---- frames ---- */

/* Bytes of an item by NumPy's type string; 0: it is none that the protocol has. */
static size_t item_size(const char *dtype)
{
    static const char *const forms[] = {"b1", "i1", "u1", "i2", "u2", "i4",
                                        "u4", "i8", "u8", "f2", "f4", "f8"};
    if (!dtype || !*dtype || !strchr("<>|=", *dtype))
        return 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(dtype + 1, forms[i]) == 0 && (*dtype != '|' || dtype[2] == '1'))
            return (size_t)(dtype[2] - '0');
    return 0;
}

enum ims_push_result ims__push_frame_bytes(const struct ims_push_frame *frame,
                                           size_t *out, struct ims_push_error *err)
{
    size_t bytes = item_size(frame->dtype);
    if (bytes == 0)
        return ims__push_fail(err, IMS_PUSH_INVALID,
                              "dtype '%.20s': give NumPy's type string, as in \"<u2\"",
                              frame->dtype ? frame->dtype : "");
    if (frame->ndim < 1 || frame->ndim > IMS_PUSH_DIMS_MAX)
        return ims__push_fail(err, IMS_PUSH_INVALID, "ndim %d: 1 to %d are allowed",
                              frame->ndim, IMS_PUSH_DIMS_MAX);
    for (int i = 0; i < frame->ndim; i++)
        if (__builtin_mul_overflow(bytes, frame->shape[i], &bytes) ||
            bytes > IMS_PUSH_FRAME_BYTES_MAX)
            return ims__push_fail(err, IMS_PUSH_INVALID,
                                  "shape: a frame has at most %zu bytes",
                                  IMS_PUSH_FRAME_BYTES_MAX);
    *out = bytes;
    return IMS_PUSH_OK;
}

static void put_form(struct push_bytes *out, const struct ims_push_frame *frame)
{
    put_entry(out, "dtype", frame->dtype);
    ims__push_put_key(out, "shape");
    ims__push_put_list(out, (uint32_t)frame->ndim);
    for (int i = 0; i < frame->ndim; i++)
        ims__push_put_unsigned(out, frame->shape[i]);
    if (frame->time_us) {
        ims__push_put_key(out, "time_us");
        ims__push_put_integer(out, frame->time_us);
    }
}

static enum ims_push_result put_texts(struct push_bytes *out,
                                      const struct ims_push_frame *frame,
                                      struct ims_push_error *err)
{
    const char *const keys[] = {"meta", "labelled"};
    const char *const texts[] = {frame->meta, frame->labelled};
    for (size_t i = 0; i < 2; i++) {
        if (!texts[i])
            continue;
        ims__push_put_key(out, keys[i]);
        enum ims_push_result r = ims__push_put_json(out, texts[i], '{', keys[i], err);
        if (r)
            return r;
    }
    return IMS_PUSH_OK;
}

enum ims_push_result ims__push_put_frame(struct push_bytes *out,
                                         const struct ims_push_frame *frame, int slot,
                                         size_t bytes, struct ims_push_error *err)
{
    uint32_t count = 3;
    count += frame->time_us != 0;
    count += frame->meta != NULL;
    count += frame->labelled != NULL;
    ims__push_put_map(out, count);
    put_form(out, frame);
    enum ims_push_result r = put_texts(out, frame, err);
    if (r)
        return r;
    if (slot >= 0) {
        ims__push_put_key(out, "slot");
        ims__push_put_integer(out, slot);
    } else {
        ims__push_put_key(out, "data");
        ims__push_put_bin_head(out, (uint32_t)bytes);
    }
    return out->result ? ims__push_fail(err, out->result, "no memory for a frame's head")
                       : IMS_PUSH_OK;
}
