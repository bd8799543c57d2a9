/* SPDX-License-Identifier: MIT */
#ifndef IMS_SINK_H
#define IMS_SINK_H

/*
 * Where a tree is written to, one walk, without a tree in memory: JSON text and msgpack are sinks.
 *
 *     struct ims_bytes out = {.limit = 1 << 20};
 *     struct ims_sink sink = ims_msgpack_sink(&out);        // or ims_json_sink(&out)
 *     ims_put_map(&sink, 2);
 *     ims_put_key(&sink, "type"), ims_put_text(&sink, "ack");
 *     ims_put_key(&sink, "view"), ims_put_u64(&sink, 3);
 *     ims_put_end(&sink);
 *     if (out.result) ...                                    // sticky: checked once, at the end
 *     ims_bytes_finish(&out);
 *
 * Counts of lists and maps may be IMS_COUNT_LATER; every list and map is closed by ims_put_end.
 * Nesting deeper than IMS_SINK_DEPTH sets IMS_ERR_LIMIT; a wrong count, a value without its key or a key
 * outside of a map sets IMS_ERR_INVALID.
 */

#include <imshow/array.h>
#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IMS_COUNT_LATER SIZE_MAX
enum { IMS_SINK_DEPTH = 32 };

/* Bytes that grow. `result` is the first failure (NOMEM, or LIMIT past `limit` bytes; 0: none set, the
 * limit is SIZE_MAX); what is appended after it is dropped. */
struct ims_bytes {
    uint8_t *data;
    size_t size, capacity, limit;
    enum ims_result result;
};
void ims_bytes_append(struct ims_bytes *bytes, const void *data, size_t size);
void ims_bytes_printf(struct ims_bytes *bytes, const char *fmt, ...) IMS_PRINTF(2, 3);
/* Room for `size` more bytes at the returned place, counted as appended; NULL on failure. */
uint8_t *ims_bytes_extend(struct ims_bytes *bytes, size_t size);
void ims_bytes_finish(struct ims_bytes *bytes);

struct ims_sink_impl;

struct ims_sink {
    const struct ims_sink_impl *impl;
    struct ims_bytes *out;
    int depth; /* open lists and maps */
    struct {
        bool is_map;
        bool has_key; /* a key was put, its value not yet */
        size_t
            declared; /* as given to ims_put_list or ims_put_map; may be IMS_COUNT_LATER */
        size_t count; /* items or keys so far */
        size_t at;    /* where the head stands in `out` */
    } level[IMS_SINK_DEPTH];
};

/* One value: the item of the open list, or what the last key stands for. */
void ims_put_null(struct ims_sink *sink);
void ims_put_bool(struct ims_sink *sink, bool v);
void ims_put_i64(struct ims_sink *sink, int64_t v);
void ims_put_u64(struct ims_sink *sink, uint64_t v);
/* JSON writes NaN and infinities as null. */
void ims_put_f64(struct ims_sink *sink, double v);
void ims_put_text(struct ims_sink *sink, const char *text);
void ims_put_text_n(struct ims_sink *sink, const char *text, size_t size);
/* Raw bytes: a msgpack bin; in JSON a base64 text. `prefix` ("data:image/png;base64,", plain ASCII that
 * needs no escapes, may be empty) makes both sinks write one text: the prefix and the base64 of the
 * bytes. NULL: none. */
void ims_put_bytes(struct ims_sink *sink, const char *prefix, const void *data,
                   size_t size);
/* A typed array as plotly.js reads it: {"dtype", "bdata", "shape"}, the shape for two or more axes only;
 * bool, f16, i64 and u64 that no 32-bit type holds, and arrays without items become nested lists
 * (reference: plotly.py, to_typed_array_spec). The pixels are encoded into the output without a copy in
 * between. */
void ims_put_array(struct ims_sink *sink, const struct ims_array *array);
/* A whole parsed tree. */
struct ims_value;
void ims_put_value(struct ims_sink *sink, const struct ims_value *v);

/* Opens a list or a map of `count` items or keys; ims_put_key before each value of a map, ims_put_end after
 * the last. */
void ims_put_list(struct ims_sink *sink, size_t count);
void ims_put_map(struct ims_sink *sink, size_t count);
void ims_put_key(struct ims_sink *sink, const char *key);
void ims_put_key_n(struct ims_sink *sink, const char *key, size_t size);
void ims_put_end(struct ims_sink *sink);

/* What a format implements; all members required. Heads of lists and maps are written by `open` and
 * mended by `close` when the count came later. */
struct ims_sink_impl {
    void (*null)(struct ims_sink *);
    void (*boolean)(struct ims_sink *, bool);
    void (*i64)(struct ims_sink *, int64_t);
    void (*u64)(struct ims_sink *, uint64_t);
    void (*f64)(struct ims_sink *, double);
    void (*text)(struct ims_sink *, const char *, size_t);
    /* A text of `size` bytes of ASCII without escapes, which the caller fills in at once; NULL on failure. */
    char *(*ascii)(struct ims_sink *, size_t size);
    void (*bytes)(struct ims_sink *, const uint8_t *, size_t);
    void (*open)(struct ims_sink *, size_t count);
    void (*close)(struct ims_sink *);
    void (*key)(struct ims_sink *, const char *, size_t);
    void (*separate)(struct ims_sink *); /* before each list item and each key */
};

#ifdef __cplusplus
}
#endif
#endif
