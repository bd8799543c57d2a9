/* SPDX-License-Identifier: MIT */
#ifndef IMS_VALUE_H
#define IMS_VALUE_H

/*
 * A parsed tree of plain values: what a JSON text or a msgpack map says.
 *
 *     struct ims_document *doc;
 *     if (ims_json_parse(text, size, &doc, &err)) ...          // or ims_msgpack_parse
 *     const struct ims_value *zmin = ims_value_get(&doc->root, "zmin");
 *     double lo;
 *     if (ims_value_as_f64(zmin, &lo)) ...
 *     ims_document_destroy(doc);
 *
 * Trees are immutable and live in the document's one arena. Text and bytes of a msgpack document
 * point into the input, which must outlive it; text is not ended by a zero byte unless said. Text and
 * bytes of size 0 have a pointer that is not NULL.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ims_kind {
    IMS_NULL,
    IMS_BOOLEAN,
    IMS_INTEGER,  /* fits int64_t */
    IMS_UNSIGNED, /* above INT64_MAX */
    IMS_REAL,
    IMS_TEXT,  /* UTF-8 */
    IMS_BYTES, /* msgpack only */
    IMS_LIST,
    IMS_MAP,
};

struct ims_entry;

struct ims_value {
    enum ims_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double real;
        struct {
            const char *data;
            size_t size;
        } text;
        struct {
            const uint8_t *data;
            size_t size;
        } bytes;
        struct {
            const struct ims_value *items;
            size_t count;
        } list;
        struct {
            const struct ims_entry *entries;
            size_t count;
        } map;
    } as;
};

struct ims_entry {
    const char *key; /* UTF-8, key_size bytes */
    size_t key_size;
    struct ims_value value;
};

struct ims_document {
    struct ims_value root;
};

/* Memory of the document's arena, zeroed, freed with it; NULL when there is none left. For parsers. */
IMS_NODISCARD enum ims_result ims_document_create(struct ims_document **out);
void *ims_document_alloc(struct ims_document *doc, size_t size);
/* NULL is fine. */
void ims_document_destroy(struct ims_document *doc);

/* The value under `key`, or NULL if `map` is NULL, no map, or has none (the last one wins). */
const struct ims_value *ims_value_get(const struct ims_value *map, const char *key);

/* True when `v` is not NULL and has (or exactly converts to) the asked type; else false, out untouched.
 * A real with an integral value converts to an integer. */
bool ims_value_as_bool(const struct ims_value *v, bool *out);
bool ims_value_as_i64(const struct ims_value *v, int64_t *out);
bool ims_value_as_u64(const struct ims_value *v, uint64_t *out);
bool ims_value_as_f64(const struct ims_value *v, double *out);
/* Copies text with an ending zero; false when it is no text, holds a zero byte or does not fit. */
bool ims_value_as_text(const struct ims_value *v, char *out, size_t out_size);
bool ims_value_is_text(const struct ims_value *v, const char *text);
/* NULL, absent and IMS_NULL alike. */
bool ims_value_is_null(const struct ims_value *v);
/* The same tree: kinds, values bit by bit, and the entries of maps in the same order. */
bool ims_value_equal(const struct ims_value *a, const struct ims_value *b);

#ifdef __cplusplus
}
#endif
#endif
