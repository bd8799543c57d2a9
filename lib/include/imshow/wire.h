/* SPDX-License-Identifier: MIT */
#ifndef IMS_WIRE_H
#define IMS_WIRE_H

/*
 * The messages of protocol imshow.v1: msgpack maps (docs/protocol.md has every byte).
 *
 *     size_t need;
 *     switch (ims_msgpack_scan(bytes, size, max, &need, &err)) {   // nothing is allocated
 *     case IMS_OK: ims_msgpack_parse(bytes, need, &doc, &err) ...
 *     case IMS_ERR_TRUNCATED: read until at least `need` bytes are there
 *     default: close the connection with err.text
 *     }
 *
 * Every length is checked against the bytes that are really there before memory is taken for it.
 */

#include <imshow/draw.h>
#include <imshow/sink.h>
#include <imshow/value.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IMS_WIRE_SUBPROTOCOL "imshow.v1"
enum {
    IMS_WIRE_VERSION = 1,
    IMS_WIRE_DEPTH = 24,             /* nested lists and maps, at most */
    IMS_WIRE_ITEMS = 1 << 17,        /* values in one message, at most */
    IMS_WIRE_PART_BYTES = 60 * 1024, /* payload of one part: with its head below 64 kB */
    IMS_WIRE_REQUEST_BYTES = 64 * 1024, /* a client's message, frames of a push aside */
    IMS_WIRE_HEAD_BYTES = 512, /* room for the head of a part or a whole picture */
    IMS_WIRE_TILES_MAX =
        512, /* changed tiles in one picture: their places stand in its head */
    IMS_WIRE_PICTURE_HEAD_BYTES = IMS_WIRE_HEAD_BYTES + 4 * IMS_WIRE_TILES_MAX,
};

/* Looks at the value that starts at `data` without taking memory. OK: it is whole, `need` is its length.
 * TRUNCATED: at least `need` bytes are wanted in all. INVALID: not msgpack, or an extension type. LIMIT:
 * longer than `max_bytes`, more than IMS_WIRE_ITEMS keys and values, or deeper than IMS_WIRE_DEPTH; `err`
 * has the numbers. */
IMS_NODISCARD enum ims_result ims_msgpack_scan(const uint8_t *data, size_t size,
                                               size_t max_bytes, size_t *need,
                                               struct ims_error *err);
/* Where the text or bin begins that `data`, the beginning of a value, breaks off in: a reader that knows it can
 * place the rest. 0: it breaks off elsewhere, is whole, or is no msgpack. */
size_t ims_msgpack_payload(const uint8_t *data, size_t size);
/* Parses one whole value (scanned first, within the call). Text and bytes point into `data`. Fails: as the
 * scan; INVALID for keys that are no text, for text that is not UTF-8, for bytes behind the value; NOMEM. */
IMS_NODISCARD enum ims_result ims_msgpack_parse(const uint8_t *data, size_t size,
                                                struct ims_document **out,
                                                struct ims_error *err);
struct ims_sink ims_msgpack_sink(struct ims_bytes *out);

/* ---- the messages of the hot path: heads are written in front of a payload that lies in place ---- */

struct ims_picture_head {
    uint32_t view;    /* the server's number of the view */
    uint64_t picture; /* rises by one per picture of the view */
    uint64_t base;    /* 0: whole; else the picture that this one changes */
    uint64_t seq;     /* of the frame */
    uint32_t epoch;
    int64_t time_us;
    enum ims_codec codec;
    uint32_t width, height;
    const char *dtype;        /* raw only, else NULL */
    struct ims_limits limits; /* channels 0: none */
    int level_count; /* transforms: the values at the scale's even places; 0: none */
    double levels[IMS_TRANSFORM_LEVELS];
    double region[4];     /* x0, y0, x1, y1 in frame pixels */
    uint32_t tile;        /* pixels a side of the changed tiles; 0: a whole picture */
    const uint8_t *tiles; /* column and row of each, 16 bits little-endian; NULL: whole */
    uint32_t tile_count;  /* at most IMS_WIRE_TILES_MAX */
    uint32_t parts;       /* messages that carry the picture, this one included */
    uint64_t size;        /* bytes of the whole payload */
};
/* Writes the head of a `picture` message up to and with the head of its bin of `payload` bytes, which
 * must follow. Returns the length, at most IMS_WIRE_PICTURE_HEAD_BYTES; 0 when the payload has 4 GiB or more. */
size_t ims_wire_picture_head(const struct ims_picture_head *head, size_t payload,
                             uint8_t out[IMS_WIRE_PICTURE_HEAD_BYTES]);
/* The same for a following part; `part` counts from 1 (the picture message is part 0). */
size_t ims_wire_part_head(uint32_t view, uint64_t picture, uint32_t part, size_t payload,
                          uint8_t out[IMS_WIRE_HEAD_BYTES]);
/* Reads a picture message's head back from its parsed map; the payload is its "data", `tiles` points into
 * the message. */
IMS_NODISCARD enum ims_result ims_wire_picture_parse(const struct ims_value *map,
                                                     struct ims_picture_head *out,
                                                     struct ims_error *err);

/* A pushed frame: {"data": bin, "dtype": "<u2", "shape": [...], "time_us": ...}; `slot` uint instead of
 * `data` where the items lie in memory that both sides map. */
struct ims_wire_frame {
    const uint8_t *data; /* NULL: they lie in `slot` */
    uint32_t slot;
    size_t size; /* bytes that dtype and shape make */
    enum ims_dtype dtype;
    bool swapped;
    int ndim;
    size_t shape[IMS_MAX_DIMS];
    int64_t time_us;                         /* the producer's; 0: none given */
    const struct ims_value *meta, *labelled; /* of the map, unchecked; NULL: none given */
};
/* Checks dtype, shape and length against each other. Fails: INVALID with what is wrong, LIMIT. */
IMS_NODISCARD enum ims_result ims_wire_frame_parse(const struct ims_value *map,
                                                   struct ims_wire_frame *out,
                                                   struct ims_error *err);
enum {
    IMS_WIRE_META_ENTRIES = 32,
    IMS_WIRE_META_LIST = 64, /* numbers in one list */
    IMS_WIRE_META_BYTES = 4096,
};
/* A frame's `meta`, checked, as msgpack of its own (struct ims_frame.meta): a map of texts, booleans, numbers or
 * lists of numbers within the bounds above. Fails: INVALID with the key, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_wire_meta_pack(const struct ims_value *meta,
                                                 struct ims_buffer **out,
                                                 struct ims_error *err);
/* Writes it as a value; as null when there is none. */
void ims_wire_meta_put(const struct ims_buffer *meta, struct ims_sink *sink);
/* The head of such a message, the data (C order) following; returns the length (<= IMS_WIRE_HEAD_BYTES), 0
 * when the data have 4 GiB or more. `time_us` 0 is left out. */
size_t ims_wire_frame_head(const struct ims_array *array, int64_t time_us,
                           uint8_t out[IMS_WIRE_HEAD_BYTES]);

#ifdef __cplusplus
}
#endif
#endif
