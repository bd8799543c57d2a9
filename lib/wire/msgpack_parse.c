/* SPDX-License-Identifier: MIT */
/*
 * From msgpack-c's objects to our tree. The scan goes first: msgpack-c takes memory for as many values as a
 * head claims (five bytes can claim gigabytes).
 */
#include "../base/text.h"

#include <imshow/wire.h>
#include <msgpack.h>

static enum ims_result convert(struct ims_document *doc, const msgpack_object *from,
                               struct ims_value *out, struct ims_error *err);

static enum ims_result no_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for a message");
}

static enum ims_result convert_text(const msgpack_object *from, struct ims_value *out,
                                    struct ims_error *err)
{
    if (!ims__utf8_valid(from->via.str.ptr, from->via.str.size))
        return ims_fail(err, IMS_ERR_INVALID, "msgpack: a text is not UTF-8");
    /* msgpack-c leaves NULL for an empty text; ours may always be handed to memcmp and the like. */
    *out = (struct ims_value){
        .kind = IMS_TEXT,
        .as.text = {from->via.str.size ? from->via.str.ptr : "", from->via.str.size}};
    return IMS_OK;
}

static enum ims_result convert_list(struct ims_document *doc, const msgpack_object *from,
                                    struct ims_value *out, struct ims_error *err)
{
    const size_t count = from->via.array.size;
    struct ims_value *items = ims_document_alloc(doc, count * sizeof *items);

    if (!items)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        enum ims_result r = convert(doc, &from->via.array.ptr[i], &items[i], err);
        if (r)
            return r;
    }
    *out = (struct ims_value){.kind = IMS_LIST, .as.list = {items, count}};
    return IMS_OK;
}

static enum ims_result convert_entry(struct ims_document *doc,
                                     const msgpack_object_kv *from, struct ims_entry *out,
                                     struct ims_error *err)
{
    struct ims_value key = {0};

    if (from->key.type != MSGPACK_OBJECT_STR)
        return ims_fail(err, IMS_ERR_INVALID, "msgpack: a key is not a text");
    enum ims_result r = convert_text(&from->key, &key, err);
    if (r)
        return r;
    out->key = key.as.text.data;
    out->key_size = key.as.text.size;
    return convert(doc, &from->val, &out->value, err);
}

static enum ims_result convert_map(struct ims_document *doc, const msgpack_object *from,
                                   struct ims_value *out, struct ims_error *err)
{
    const size_t count = from->via.map.size;
    struct ims_entry *entries = ims_document_alloc(doc, count * sizeof *entries);

    if (!entries)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        enum ims_result r = convert_entry(doc, &from->via.map.ptr[i], &entries[i], err);
        if (r)
            return r;
    }
    *out = (struct ims_value){.kind = IMS_MAP, .as.map = {entries, count}};
    return IMS_OK;
}

static struct ims_value convert_bytes(const msgpack_object *from)
{
    const char *data = from->via.bin.size ? from->via.bin.ptr : "";

    return (struct ims_value){.kind = IMS_BYTES,
                              .as.bytes = {(const uint8_t *)data, from->via.bin.size}};
}

static struct ims_value convert_unsigned(uint64_t v)
{
    if (v > INT64_MAX)
        return (struct ims_value){.kind = IMS_UNSIGNED, .as.unsigned_integer = v};
    return (struct ims_value){.kind = IMS_INTEGER, .as.integer = (int64_t)v};
}

static enum ims_result convert(struct ims_document *doc, const msgpack_object *from,
                               struct ims_value *out, struct ims_error *err)
{
    switch (from->type) {
    case MSGPACK_OBJECT_NIL: *out = (struct ims_value){.kind = IMS_NULL}; break;
    case MSGPACK_OBJECT_BOOLEAN:
        *out = (struct ims_value){.kind = IMS_BOOLEAN, .as.boolean = from->via.boolean};
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER: *out = convert_unsigned(from->via.u64); break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        *out = (struct ims_value){.kind = IMS_INTEGER, .as.integer = from->via.i64};
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        *out = (struct ims_value){.kind = IMS_REAL, .as.real = from->via.f64};
        break;
    case MSGPACK_OBJECT_STR: return convert_text(from, out, err);
    case MSGPACK_OBJECT_BIN: *out = convert_bytes(from); break;
    case MSGPACK_OBJECT_ARRAY: return convert_list(doc, from, out, err);
    case MSGPACK_OBJECT_MAP: return convert_map(doc, from, out, err);
    case MSGPACK_OBJECT_EXT:
        return ims_fail(err, IMS_ERR_INVALID, "msgpack: extensions are not used here");
    }
    return IMS_OK;
}

static enum ims_result unpack(const uint8_t *data, size_t size, struct ims_document *doc,
                              struct ims_error *err)
{
    msgpack_unpacked unpacked;
    size_t offset = 0;
    enum ims_result r;

    msgpack_unpacked_init(&unpacked);
    const msgpack_unpack_return got =
        msgpack_unpack_next(&unpacked, (const char *)data, size, &offset);
    if (got == MSGPACK_UNPACK_SUCCESS)
        r = convert(doc, &unpacked.data, &doc->root, err);
    else if (got == MSGPACK_UNPACK_NOMEM_ERROR)
        r = no_memory(err);
    else
        r = ims_fail(err, IMS_ERR_INVALID, "msgpack: not a value");
    msgpack_unpacked_destroy(&unpacked);
    return r;
}

enum ims_result ims_msgpack_parse(const uint8_t *data, size_t size,
                                  struct ims_document **out, struct ims_error *err)
{
    struct ims_document *doc;
    size_t need = 0;
    enum ims_result r = ims_msgpack_scan(data, size, SIZE_MAX, &need, err);

    if (r == IMS_ERR_TRUNCATED)
        return ims_fail(err, r, "msgpack: %zu bytes of at least %zu", size, need);
    if (r)
        return r;
    if (need != size)
        return ims_fail(err, IMS_ERR_INVALID, "msgpack: %zu bytes stand behind the value",
                        size - need);
    if (ims_document_create(&doc))
        return no_memory(err);
    r = unpack(data, size, doc, err);
    if (r) {
        ims_document_destroy(doc);
        return r;
    }
    *out = doc;
    return IMS_OK;
}
