/* SPDX-License-Identifier: MIT */
/* A message is fields: varint (number << 3 | wire type), then what the type says (protobuf.dev, "Encoding"). */
#include "foxglove.h"

#include <string.h>

enum wire { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* Numbers of the fields, by schema. */
struct fields {
    uint32_t timestamp, frame_id, data, encoding, width, height, step;
};
static const struct fields compressed = {1, 4, 2, 3, 0, 0, 0};
static const struct fields raw = {1, 7, 6, 4, 2, 3, 5};

static const struct fields *fields_of(bool is_raw)
{
    return is_raw ? &raw : &compressed;
}

/* ---- writing ---- */

static void put_varint(struct ims_bytes *out, uint64_t v)
{
    do {
        const uint8_t byte = (uint8_t)((v & 0x7f) | (v > 0x7f ? 0x80 : 0));
        ims_bytes_append(out, &byte, 1);
        v >>= 7;
    } while (v);
}

static void put_tag(struct ims_bytes *out, uint32_t number, enum wire wire)
{
    put_varint(out, (uint64_t)number << 3 | wire);
}

static void put_bytes(struct ims_bytes *out, uint32_t number, const void *data,
                      size_t size)
{
    put_tag(out, number, BYTES);
    put_varint(out, size);
    ims_bytes_append(out, data, size);
}

static void put_fixed32(struct ims_bytes *out, uint32_t number, uint32_t v)
{
    const uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
                              (uint8_t)(v >> 24)};

    put_tag(out, number, FIXED32);
    ims_bytes_append(out, bytes, sizeof bytes);
}

/* google.protobuf.Timestamp; the ns are never below 0. */
static void put_time(struct ims_bytes *out, uint32_t number, int64_t time_ns)
{
    enum { SECOND = 1000000000 };
    struct ims_bytes inner = {.data = (uint8_t[32]){0}, .capacity = 32, .limit = 32};
    int64_t seconds = time_ns / SECOND, ns = time_ns % SECOND;

    if (ns < 0) {
        ns += SECOND;
        seconds--;
    }
    put_tag(&inner, 1, VARINT);
    put_varint(&inner, (uint64_t)seconds);
    put_tag(&inner, 2, VARINT);
    put_varint(&inner, (uint64_t)ns);
    put_bytes(out, number, inner.data, inner.size);
}

void ims__image_put(const struct ims__image *image, struct ims_bytes *out)
{
    const struct fields *f = fields_of(image->is_raw);

    put_time(out, f->timestamp, image->time_ns);
    put_bytes(out, f->frame_id, image->frame_id, strlen(image->frame_id));
    put_bytes(out, f->encoding, image->encoding, strlen(image->encoding));
    if (image->is_raw) {
        put_fixed32(out, f->width, image->width);
        put_fixed32(out, f->height, image->height);
        put_fixed32(out, f->step, image->step);
    }
    if (image->extra)
        put_bytes(out, IMS__IMAGE_EXTRA, image->extra, image->extra_size);
    put_tag(out, f->data, BYTES);
    put_varint(out, image->size);
}

/* ---- reading ---- */

struct input {
    const uint8_t *data;
    size_t left;
    bool failed;
};

struct field {
    uint64_t number, value;
    enum wire wire;
    const uint8_t *bytes;
    size_t size;
};

static const uint8_t *take(struct input *in, uint64_t size)
{
    const uint8_t *at = in->data;

    if (in->failed || size > in->left) {
        in->failed = true;
        return NULL;
    }
    in->data += size;
    in->left -= (size_t)size;
    return at;
}

static uint64_t take_varint(struct input *in)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t *byte = take(in, 1);
        if (!byte)
            return 0;
        v |= (uint64_t)(*byte & 0x7f) << shift;
        if (!(*byte & 0x80))
            return v;
    }
    in->failed = true;
    return 0;
}

static uint64_t take_fixed(struct input *in, size_t size)
{
    const uint8_t *at = take(in, size);
    uint64_t v = 0;

    for (size_t i = size; i > 0 && at; i--)
        v = v << 8 | at[i - 1];
    return v;
}

static bool next_field(struct input *in, struct field *out)
{
    if (in->left == 0 || in->failed)
        return false;
    const uint64_t tag = take_varint(in);
    *out = (struct field){.number = tag >> 3, .wire = (enum wire)(tag & 7)};
    switch (tag & 7) {
    case VARINT: out->value = take_varint(in); break;
    case FIXED64: out->value = take_fixed(in, 8); break;
    case FIXED32: out->value = take_fixed(in, 4); break;
    case BYTES:
        out->value = take_varint(in);
        out->bytes = take(in, out->value);
        out->size = (size_t)out->value;
        break;
    default: in->failed = true; break; /* groups are gone from protobuf */
    }
    return !in->failed;
}

static int64_t read_time(const struct field *field)
{
    struct input in = {field->bytes, field->size, false};
    int64_t seconds = 0, ns = 0;
    struct field part;

    while (next_field(&in, &part)) {
        if (part.wire == VARINT && part.number == 1)
            seconds = (int64_t)part.value;
        if (part.wire == VARINT && part.number == 2)
            ns = (int64_t)part.value;
    }
    if (seconds > INT64_MAX / 1000000000 - 1 || seconds < INT64_MIN / 1000000000 + 1 ||
        ns < 0 || ns > 999999999)
        return 0;
    return seconds * 1000000000 + ns;
}

static void read_bytes(const struct field *field, const struct fields *f,
                       struct ims__image *image)
{
    if (field->number == f->timestamp) {
        image->time_ns = read_time(field);
    } else if (field->number == f->data) {
        image->data = field->bytes;
        image->size = field->size;
    } else if (field->number == f->encoding) {
        const size_t size =
            field->size < IMS__IMAGE_TEXT ? field->size : IMS__IMAGE_TEXT - 1;
        memcpy(image->encoding, field->bytes, size);
        image->encoding[size] = '\0';
    } else if (field->number == IMS__IMAGE_EXTRA) {
        image->extra = field->bytes;
        image->extra_size = field->size;
    }
}

static void read_fixed32(const struct field *field, const struct fields *f,
                         struct ims__image *image)
{
    if (field->number == f->width)
        image->width = (uint32_t)field->value;
    else if (field->number == f->height)
        image->height = (uint32_t)field->value;
    else if (field->number == f->step)
        image->step = (uint32_t)field->value;
}

enum ims_result ims__image_read(const uint8_t *data, size_t size, bool is_raw,
                                struct ims__image *out, struct ims_error *err)
{
    const struct fields *f = fields_of(is_raw);
    struct ims__image image = {.is_raw = is_raw, .data = data};
    struct input in = {data, size, false};
    struct field field;

    while (next_field(&in, &field)) {
        if (field.wire == BYTES)
            read_bytes(&field, f, &image);
        else if (field.wire == FIXED32 && is_raw)
            read_fixed32(&field, f, &image);
    }
    if (in.failed)
        return ims_fail(err, IMS_ERR_INVALID,
                        "recording: a message is no foxglove.%s: its protobuf is broken",
                        is_raw ? "RawImage" : "CompressedImage");
    *out = image;
    return IMS_OK;
}
