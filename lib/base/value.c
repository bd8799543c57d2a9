/* SPDX-License-Identifier: MIT */
#include <imshow/value.h>
#include <math.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* An arena: memory is cut from chunks and freed as a whole. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    alignas(max_align_t) uint8_t data[];
};

struct document {
    struct ims_document pub; /* first: the public pointer is this one */
    struct chunk *chunks;    /* the one that is being filled first */
};

enum { CHUNK_MIN = 4096, CHUNK_MAX = 1 << 20 };

enum ims_result ims_document_create(struct ims_document **out)
{
    struct document *doc = calloc(1, sizeof *doc);

    if (!doc)
        return IMS_ERR_NOMEM;
    *out = &doc->pub;
    return IMS_OK;
}

static struct chunk *add_chunk(struct document *doc, size_t size)
{
    size_t room = doc->chunks ? doc->chunks->size * 2 : CHUNK_MIN;

    if (room > CHUNK_MAX)
        room = CHUNK_MAX;
    if (room < size)
        room = size;
    if (room > PTRDIFF_MAX - sizeof(struct chunk))
        return NULL;
    struct chunk *chunk = calloc(1, sizeof *chunk + room);
    if (!chunk)
        return NULL;
    chunk->size = room;
    chunk->next = doc->chunks;
    doc->chunks = chunk;
    return chunk;
}

void *ims_document_alloc(struct ims_document *pub, size_t size)
{
    struct document *doc = (struct document *)pub;
    struct chunk *chunk = doc->chunks;
    const size_t align = alignof(max_align_t);

    if (size > PTRDIFF_MAX - align)
        return NULL;
    size = (size + align - 1) & ~(align - 1);
    if (!chunk || chunk->size - chunk->used < size)
        chunk = add_chunk(doc, size);
    if (!chunk)
        return NULL;
    void *memory = chunk->data + chunk->used;
    chunk->used += size;
    return memory;
}

void ims_document_destroy(struct ims_document *pub)
{
    struct document *doc = (struct document *)pub;

    if (!doc)
        return;
    while (doc->chunks) {
        struct chunk *next = doc->chunks->next;
        free(doc->chunks);
        doc->chunks = next;
    }
    free(doc);
}

const struct ims_value *ims_value_get(const struct ims_value *map, const char *key)
{
    if (!map || map->kind != IMS_MAP)
        return NULL;
    const size_t size = strlen(key);
    for (size_t i = map->as.map.count; i-- > 0;) {
        const struct ims_entry *entry = &map->as.map.entries[i];
        if (entry->key_size == size && !memcmp(entry->key, key, size))
            return &entry->value;
    }
    return NULL;
}

bool ims_value_as_bool(const struct ims_value *v, bool *out)
{
    if (!v || v->kind != IMS_BOOLEAN)
        return false;
    *out = v->as.boolean;
    return true;
}

bool ims_value_as_i64(const struct ims_value *v, int64_t *out)
{
    if (v && v->kind == IMS_INTEGER) {
        *out = v->as.integer;
        return true;
    }
    /* 2^63 is a double, INT64_MAX is not. */
    if (!v || v->kind != IMS_REAL || v->as.real != trunc(v->as.real) ||
        !(v->as.real >= -0x1p63 && v->as.real < 0x1p63))
        return false;
    *out = (int64_t)v->as.real;
    return true;
}

bool ims_value_as_u64(const struct ims_value *v, uint64_t *out)
{
    if (!v)
        return false;
    if (v->kind == IMS_UNSIGNED) {
        *out = v->as.unsigned_integer;
    } else if (v->kind == IMS_INTEGER && v->as.integer >= 0) {
        *out = (uint64_t)v->as.integer;
    } else if (v->kind == IMS_REAL && v->as.real == trunc(v->as.real) &&
               v->as.real >= 0 && v->as.real < 0x1p64) {
        *out = (uint64_t)v->as.real;
    } else {
        return false;
    }
    return true;
}

bool ims_value_as_f64(const struct ims_value *v, double *out)
{
    if (!v)
        return false;
    switch (v->kind) {
    case IMS_INTEGER: *out = (double)v->as.integer; return true;
    case IMS_UNSIGNED: *out = (double)v->as.unsigned_integer; return true;
    case IMS_REAL: *out = v->as.real; return true;
    default: return false;
    }
}

bool ims_value_as_text(const struct ims_value *v, char *out, size_t out_size)
{
    if (!v || v->kind != IMS_TEXT || v->as.text.size >= out_size ||
        memchr(v->as.text.data, 0, v->as.text.size))
        return false;
    memcpy(out, v->as.text.data, v->as.text.size);
    out[v->as.text.size] = '\0';
    return true;
}

bool ims_value_is_text(const struct ims_value *v, const char *text)
{
    const size_t size = strlen(text);

    return v && v->kind == IMS_TEXT && v->as.text.size == size &&
           !memcmp(v->as.text.data, text, size);
}

bool ims_value_is_null(const struct ims_value *v)
{
    return !v || v->kind == IMS_NULL;
}

static bool same_bytes(const void *a, size_t a_size, const void *b, size_t b_size)
{
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

static bool same_lists(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.list.count != b->as.list.count)
        return false;
    for (size_t i = 0; i < a->as.list.count; i++)
        if (!ims_value_equal(&a->as.list.items[i], &b->as.list.items[i]))
            return false;
    return true;
}

static bool same_maps(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.map.count != b->as.map.count)
        return false;
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct ims_entry *x = &a->as.map.entries[i], *y = &b->as.map.entries[i];
        if (!same_bytes(x->key, x->key_size, y->key, y->key_size) ||
            !ims_value_equal(&x->value, &y->value))
            return false;
    }
    return true;
}

bool ims_value_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case IMS_NULL: return true;
    case IMS_BOOLEAN: return a->as.boolean == b->as.boolean;
    case IMS_INTEGER: return a->as.integer == b->as.integer;
    case IMS_UNSIGNED: return a->as.unsigned_integer == b->as.unsigned_integer;
    case IMS_REAL: return memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0;
    case IMS_TEXT:
        return same_bytes(a->as.text.data, a->as.text.size, b->as.text.data,
                          b->as.text.size);
    case IMS_BYTES:
        return same_bytes(a->as.bytes.data, a->as.bytes.size, b->as.bytes.data,
                          b->as.bytes.size);
    case IMS_LIST: return same_lists(a, b);
    case IMS_MAP: return same_maps(a, b);
    }
    return false;
}
