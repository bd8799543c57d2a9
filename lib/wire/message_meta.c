/* SPDX-License-Identifier: MIT */
/* What a producer says of one frame beside its items: kept as msgpack, since most of it is never looked at. */
#include <imshow/wire.h>
#include <string.h>

static bool is_number(const struct ims_value *v)
{
    return v->kind == IMS_INTEGER || v->kind == IMS_UNSIGNED || v->kind == IMS_REAL;
}

static bool is_list_of_numbers(const struct ims_value *v)
{
    if (v->kind != IMS_LIST || v->as.list.count > IMS_WIRE_META_LIST)
        return false;
    for (size_t i = 0; i < v->as.list.count; i++)
        if (!is_number(&v->as.list.items[i]))
            return false;
    return true;
}

static enum ims_result check_entry(const struct ims_entry *e, struct ims_error *err)
{
    const struct ims_value *v = &e->value;

    if (v->kind == IMS_TEXT || v->kind == IMS_BOOLEAN || v->kind == IMS_NULL ||
        is_number(v) || is_list_of_numbers(v))
        return IMS_OK;
    return ims_fail(err, IMS_ERR_INVALID,
                    "meta: '%.*s': give a text, a number or a list of at most %d numbers",
                    e->key_size < 60 ? (int)e->key_size : 60, e->key, IMS_WIRE_META_LIST);
}

static enum ims_result check(const struct ims_value *meta, struct ims_error *err)
{
    if (meta->kind != IMS_MAP)
        return ims_fail(err, IMS_ERR_INVALID, "meta: a map is wanted");
    if (meta->as.map.count > IMS_WIRE_META_ENTRIES)
        return ims_fail(err, IMS_ERR_LIMIT, "meta: %zu entries, at most %d",
                        meta->as.map.count, IMS_WIRE_META_ENTRIES);
    enum ims_result r = IMS_OK;
    for (size_t i = 0; i < meta->as.map.count && !r; i++)
        r = check_entry(&meta->as.map.entries[i], err);
    return r;
}

enum ims_result ims_wire_meta_pack(const struct ims_value *meta, struct ims_buffer **out,
                                   struct ims_error *err)
{
    struct ims_bytes bytes = {.limit = IMS_WIRE_META_BYTES};
    struct ims_sink sink = ims_msgpack_sink(&bytes);
    struct ims_buffer *buffer = NULL;

    enum ims_result r = check(meta, err);
    if (r)
        return r;
    ims_put_value(&sink, meta);
    r = bytes.result;
    if (r)
        (void)ims_fail(err, r, "meta: more than %d bytes", IMS_WIRE_META_BYTES);
    else if (ims_buffer_create(bytes.size, &buffer))
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory for meta");
    if (!r) {
        memcpy(buffer->data, bytes.data, bytes.size);
        *out = buffer;
    }
    ims_bytes_finish(&bytes);
    return r;
}

void ims_wire_meta_put(const struct ims_buffer *meta, struct ims_sink *sink)
{
    struct ims_document *doc;

    if (!meta || ims_msgpack_parse(meta->data, meta->size, &doc, NULL)) {
        ims_put_null(sink);
        return;
    }
    ims_put_value(sink, &doc->root);
    ims_document_destroy(doc);
}
