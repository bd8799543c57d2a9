/* SPDX-License-Identifier: MIT */
#ifndef IMS_FRAME_MESSAGE_H
#define IMS_FRAME_MESSAGE_H

/*
 * A frame as a message of a recording, and back.
 *
 *     struct ims__frame_message m;
 *     if (ims__frame_message_make(frame, "lab", labels_number, &m, &err)) ...
 *     the message is m.head, then m.size bytes at m.data
 *     ims__frame_message_finish(&m);
 *
 *     struct ims__frame_channel how;
 *     if (ims__frame_channel_read(channel, schema, &how)) ...
 *     if (ims__frame_message_read(&how, &message, &frame, &labels, &err)) ...
 *
 * What holds for all frames of a channel stands in its metadata, what is each frame's own in its message.
 */

#include "foxglove.h"

#include <imshow/frame.h>
#include <imshow/mcap.h>

enum ims__frame_schema {
    IMS__SCHEMA_COMPRESSED, /* foxglove.CompressedImage */
    IMS__SCHEMA_RAW,        /* foxglove.RawImage */
    IMS__SCHEMA_ARRAY,      /* imshow.Array: everything else */
};
enum ims__frame_schema ims__frame_schema_of(const struct ims_frame *frame);

/* Nothing of labels: a frame has none. */
#define IMS__NO_LABELS UINT64_MAX

struct ims__frame_message {
    struct ims_bytes head;
    const uint8_t *data;
    size_t size;
    struct ims_array ordered; /* holds what data points into, if it is a copy */
};
/* `labels` is the number of the stream's message that has them. Fails: INVALID (a frame that is none), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__frame_message_make(const struct ims_frame *frame,
                                                      const char *stream, uint64_t labels,
                                                      struct ims__frame_message *out,
                                                      struct ims_error *err);
void ims__frame_message_finish(struct ims__frame_message *message);

/* The metadata of a channel of frames like this one; texts lie in `out`. */
enum { IMS__FRAME_PAIRS = 12 };
struct ims__frame_pairs {
    struct ims_mcap_pair pairs[IMS__FRAME_PAIRS];
    size_t count;
    char texts[IMS__FRAME_PAIRS][IMS_MAX_DIMS * 22];
};
void ims__frame_pairs_make(const struct ims_frame *frame, const char *stream,
                           struct ims__frame_pairs *out);
/* The value of a channel's metadata, or NULL. */
const char *ims__pair(const struct ims_mcap_channel *channel, const char *key);

struct ims__frame_channel {
    enum ims__frame_schema schema;
    bool is_foreign;
    uint32_t epoch, width, height, camera_format;
    int bits;
    enum ims_mosaic mosaic;
};
/* False: it has no frames. `schema` may be NULL. */
bool ims__frame_channel_read(const struct ims_mcap_channel *channel,
                             const struct ims_mcap_schema *schema,
                             struct ims__frame_channel *out);
/* A new frame, one reference; `labels` gets the number of its labels or IMS__NO_LABELS. seq of a foreign one is left 0. Fails:
 * INVALID, UNSUPPORTED, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result
ims__frame_message_read(const struct ims__frame_channel *how,
                        const struct ims_mcap_message *message, struct ims_frame **out,
                        uint64_t *labels, struct ims_error *err);

/* Whether `size` bytes hold a camera's picture of that form. */
bool ims__picture_fits(const struct ims_frame *frame, size_t size);
const char *ims__pixel_format_name(enum ims_pixel_format format); /* NULL: unknown */

/* Encodings of RawImage that are arrays. */
struct ims__raw_array {
    const char *encoding;
    enum ims_dtype dtype;
    int channels;
    enum ims_mosaic mosaic;
    bool is_ours;  /* written; the others are read only */
    bool swaps_rb; /* blue first */
};
/* NULL: it is none of them. */
const struct ims__raw_array *ims__raw_array_named(const char *encoding);
const struct ims__raw_array *ims__raw_array_of(const struct ims_frame *frame);

#endif
