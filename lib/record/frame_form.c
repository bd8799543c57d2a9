/* SPDX-License-Identifier: MIT */
/* Which schema a frame goes by, and what of its form stands in the channel's metadata. */
#include "frame_message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ims__raw_array raw_arrays[] = {
    {"mono8", IMS_U8, 1, IMS_MOSAIC_NONE, true, false},
    {"mono16", IMS_U16, 1, IMS_MOSAIC_NONE, true, false},
    {"32FC1", IMS_F32, 1, IMS_MOSAIC_NONE, true, false},
    {"rgb8", IMS_U8, 3, IMS_MOSAIC_NONE, true, false},
    {"rgba8", IMS_U8, 4, IMS_MOSAIC_NONE, true, false},
    {"bayer_rggb8", IMS_U8, 1, IMS_MOSAIC_RGGB, true, false},
    {"bayer_grbg8", IMS_U8, 1, IMS_MOSAIC_GRBG, true, false},
    {"bayer_gbrg8", IMS_U8, 1, IMS_MOSAIC_GBRG, true, false},
    {"bayer_bggr8", IMS_U8, 1, IMS_MOSAIC_BGGR, true, false},
    {"8UC1", IMS_U8, 1, IMS_MOSAIC_NONE, false, false},
    {"16UC1", IMS_U16, 1, IMS_MOSAIC_NONE, false, false},
    {"bgr8", IMS_U8, 3, IMS_MOSAIC_NONE, false, true},
    {"8UC3", IMS_U8, 3, IMS_MOSAIC_NONE, false, true},
    {"bgra8", IMS_U8, 4, IMS_MOSAIC_NONE, false, true},
};
enum { RAW_ARRAYS = sizeof raw_arrays / sizeof raw_arrays[0] };

static const char *const mosaics[] = {"", "RGGB", "GRBG", "GBRG", "BGGR"};
enum { MOSAICS = sizeof mosaics / sizeof mosaics[0] };

const struct ims__raw_array *ims__raw_array_named(const char *encoding)
{
    for (size_t i = 0; i < RAW_ARRAYS; i++)
        if (strcmp(raw_arrays[i].encoding, encoding) == 0)
            return &raw_arrays[i];
    return NULL;
}

static int channels_of(const struct ims_array *a)
{
    if (a->ndim == 2)
        return 1;
    return a->ndim == 3 && (a->shape[2] == 3 || a->shape[2] == 4) ? (int)a->shape[2] : 0;
}

/* Mosaics of 16 bits go as grey: no encoding of RawImage has them, and the channel's metadata tell. */
const struct ims__raw_array *ims__raw_array_of(const struct ims_frame *frame)
{
    const struct ims_array *a = &frame->array;
    const int channels = channels_of(a);
    const enum ims_mosaic mosaic = a->dtype == IMS_U8 ? frame->mosaic : IMS_MOSAIC_NONE;

    if (frame->pixel_format != IMS_PIX_ARRAY || channels == 0 || a->shape[0] == 0 ||
        a->shape[1] == 0 || a->shape[0] > UINT16_MAX || a->shape[1] > UINT16_MAX)
        return NULL;
    for (size_t i = 0; i < RAW_ARRAYS; i++)
        if (raw_arrays[i].is_ours && raw_arrays[i].dtype == a->dtype &&
            raw_arrays[i].channels == channels && raw_arrays[i].mosaic == mosaic)
            return &raw_arrays[i];
    return NULL;
}

enum ims__frame_schema ims__frame_schema_of(const struct ims_frame *frame)
{
    if (frame->pixel_format == IMS_PIX_MJPEG)
        return IMS__SCHEMA_COMPRESSED;
    if (frame->pixel_format == IMS_PIX_YUYV || ims__raw_array_of(frame))
        return IMS__SCHEMA_RAW;
    return IMS__SCHEMA_ARRAY;
}

const char *ims__pixel_format_name(enum ims_pixel_format format)
{
    switch (format) {
    case IMS_PIX_YUYV: return "YUYV";
    case IMS_PIX_MJPEG: return "MJPG";
    case IMS_PIX_YUV420: return "YU12";
    default: return NULL;
    }
}

bool ims__picture_fits(const struct ims_frame *frame, size_t size)
{
    const uint64_t w = frame->width, h = frame->height;
    const uint64_t row = (w + 1) / 2 * 4; /* of YUYV */

    if (w == 0 || h == 0 || w > UINT16_MAX || h > UINT16_MAX)
        return false;
    switch (frame->pixel_format) {
    case IMS_PIX_YUYV:
        return frame->stride >= row && frame->stride * (h - 1) + row <= size;
    case IMS_PIX_YUV420:
        return frame->stride == w && w * h + 2 * ((w + 1) / 2) * ((h + 1) / 2) <= size;
    case IMS_PIX_MJPEG: return size > 0;
    default: return false;
    }
}

/* ---- a channel's metadata ---- */

static char *add_pair(struct ims__frame_pairs *out, const char *key)
{
    char *text = out->texts[out->count];

    out->pairs[out->count++] = (struct ims_mcap_pair){key, text};
    return text;
}

static void add_text(struct ims__frame_pairs *out, const char *key, const char *value)
{
    snprintf(add_pair(out, key), sizeof out->texts[0], "%s", value);
}

static void add_number(struct ims__frame_pairs *out, const char *key, uint64_t value)
{
    snprintf(add_pair(out, key), sizeof out->texts[0], "%" PRIu64, value);
}

static void add_shape(struct ims__frame_pairs *out, const struct ims_array *array)
{
    char *text = add_pair(out, "imshow.shape");
    int at = 0;

    for (int i = 0; i < array->ndim; i++)
        at += snprintf(text + at, sizeof out->texts[0] - (size_t)at, i ? " %zu" : "%zu",
                       array->shape[i]);
}

void ims__frame_pairs_make(const struct ims_frame *frame, const char *stream,
                           struct ims__frame_pairs *out)
{
    *out = (struct ims__frame_pairs){0};
    add_text(out, "imshow.stream", stream);
    add_text(out, "imshow.kind", "frames");
    add_number(out, "imshow.epoch", frame->epoch);
    if (frame->pixel_format == IMS_PIX_ARRAY) {
        add_text(out, "imshow.dtype", ims_dtype_str(frame->array.dtype));
        add_shape(out, &frame->array);
    } else {
        add_text(out, "imshow.pixel_format", ims__pixel_format_name(frame->pixel_format));
        add_number(out, "imshow.width", frame->width);
        add_number(out, "imshow.height", frame->height);
    }
    if (frame->mosaic)
        add_text(out, "imshow.mosaic", mosaics[frame->mosaic]);
    if (frame->bits)
        add_number(out, "imshow.bits", (uint64_t)frame->bits);
    if (frame->camera_format)
        add_number(out, "imshow.camera_format", frame->camera_format);
}

const char *ims__pair(const struct ims_mcap_channel *channel, const char *key)
{
    for (size_t i = 0; i < channel->pair_count; i++)
        if (strcmp(channel->pairs[i].key, key) == 0)
            return channel->pairs[i].value;
    return NULL;
}

/* 0 where it is missing, no number or above `max`. */
static uint32_t number(const struct ims_mcap_channel *channel, const char *key,
                       uint32_t max)
{
    const char *text = ims__pair(channel, key);
    char *end = NULL;

    if (!text || text[0] < '0' || text[0] > '9')
        return 0;
    const unsigned long long v = strtoull(text, &end, 10);
    return *end == '\0' && v <= max ? (uint32_t)v : 0;
}

static bool read_schema(const struct ims_mcap_schema *schema, enum ims__frame_schema *out)
{
    static const char *const names[] = {"foxglove.CompressedImage", "foxglove.RawImage",
                                        "imshow.Array"};

    for (int i = 0; i < 3 && schema; i++)
        if (strcmp(schema->name, names[i]) == 0) {
            *out = (enum ims__frame_schema)i;
            return true;
        }
    return false;
}

bool ims__frame_channel_read(const struct ims_mcap_channel *channel,
                             const struct ims_mcap_schema *schema,
                             struct ims__frame_channel *out)
{
    struct ims__frame_channel how = {0};
    const char *kind = ims__pair(channel, "imshow.kind");
    const char *mosaic = ims__pair(channel, "imshow.mosaic");

    if (!read_schema(schema, &how.schema) || (kind && strcmp(kind, "frames") != 0))
        return false;
    if (strcmp(channel->encoding,
               how.schema == IMS__SCHEMA_ARRAY ? "msgpack" : "protobuf") != 0)
        return false;
    how.is_foreign = !kind || !ims__pair(channel, "imshow.stream");
    if (how.is_foreign && how.schema == IMS__SCHEMA_ARRAY)
        return false;
    how.epoch = number(channel, "imshow.epoch", UINT32_MAX);
    how.width = number(channel, "imshow.width", UINT16_MAX);
    how.height = number(channel, "imshow.height", UINT16_MAX);
    how.bits = (int)number(channel, "imshow.bits", 64);
    how.camera_format = number(channel, "imshow.camera_format", UINT32_MAX);
    for (int i = 1; i < MOSAICS && mosaic; i++)
        if (strcmp(mosaic, mosaics[i]) == 0)
            how.mosaic = (enum ims_mosaic)i;
    *out = how;
    return true;
}
