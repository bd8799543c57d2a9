/* SPDX-License-Identifier: MIT */
#include "sink_impl.h"
#include "text.h"

#include <imshow/value.h>
#include <string.h>

static void fail(struct ims_sink *sink, enum ims_result code)
{
    if (!sink->out->result)
        sink->out->result = code;
}

/* Before each value: counts it in its list, or takes it for its key. False: nothing may be written. */
static bool begin_value(struct ims_sink *sink)
{
    if (sink->out->result)
        return false;
    if (sink->depth == 0)
        return true;
    if (!sink->level[sink->depth - 1].is_map) {
        sink->impl->separate(sink);
        sink->level[sink->depth - 1].count++;
        return true;
    }
    if (!sink->level[sink->depth - 1].has_key)
        fail(sink, IMS_ERR_INVALID);
    sink->level[sink->depth - 1].has_key = false;
    return !sink->out->result;
}

void ims_put_null(struct ims_sink *sink)
{
    if (begin_value(sink))
        sink->impl->null(sink);
}

void ims_put_bool(struct ims_sink *sink, bool v)
{
    if (begin_value(sink))
        sink->impl->boolean(sink, v);
}

void ims_put_i64(struct ims_sink *sink, int64_t v)
{
    if (begin_value(sink))
        sink->impl->i64(sink, v);
}

void ims_put_u64(struct ims_sink *sink, uint64_t v)
{
    if (begin_value(sink))
        sink->impl->u64(sink, v);
}

void ims_put_f64(struct ims_sink *sink, double v)
{
    if (begin_value(sink))
        sink->impl->f64(sink, v);
}

void ims_put_text_n(struct ims_sink *sink, const char *text, size_t size)
{
    if (begin_value(sink))
        sink->impl->text(sink, text, size);
}

void ims_put_text(struct ims_sink *sink, const char *text)
{
    ims_put_text_n(sink, text, strlen(text));
}

static void put_base64(struct ims_sink *sink, const char *prefix, const void *data,
                       size_t size)
{
    const size_t head = strlen(prefix);

    if (size > SIZE_MAX / 2 || head > SIZE_MAX / 8) {
        fail(sink, IMS_ERR_LIMIT);
        return;
    }
    char *place = sink->impl->ascii(sink, head + ims__base64_size(size));
    if (!place)
        return;
    /* A text of the sink, no C string. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
    memcpy(place, prefix, head);
    ims__base64(data, size, place + head);
}

void ims_put_bytes(struct ims_sink *sink, const char *prefix, const void *data,
                   size_t size)
{
    if (!begin_value(sink))
        return;
    if (prefix)
        put_base64(sink, prefix, data, size);
    else
        sink->impl->bytes(sink, data, size);
}

char *ims__put_ascii(struct ims_sink *sink, size_t size)
{
    return begin_value(sink) ? sink->impl->ascii(sink, size) : NULL;
}

static void open_level(struct ims_sink *sink, bool is_map, size_t count)
{
    if (!begin_value(sink)) {
        sink->depth++; /* the ends that follow still match */
        return;
    }
    if (sink->depth >= IMS_SINK_DEPTH) {
        fail(sink, IMS_ERR_LIMIT);
        sink->depth++;
        return;
    }
    sink->level[sink->depth].is_map = is_map;
    sink->level[sink->depth].has_key = false;
    sink->level[sink->depth].declared = count;
    sink->level[sink->depth].count = 0;
    sink->level[sink->depth].at = sink->out->size;
    sink->depth++;
    sink->impl->open(sink, count);
}

void ims_put_list(struct ims_sink *sink, size_t count)
{
    open_level(sink, false, count);
}

void ims_put_map(struct ims_sink *sink, size_t count)
{
    open_level(sink, true, count);
}

void ims_put_key_n(struct ims_sink *sink, const char *key, size_t size)
{
    if (sink->out->result)
        return;
    const int top = sink->depth - 1;
    if (top < 0 || !sink->level[top].is_map || sink->level[top].has_key) {
        fail(sink, IMS_ERR_INVALID);
        return;
    }
    sink->impl->separate(sink);
    sink->level[top].count++;
    sink->level[top].has_key = true;
    sink->impl->key(sink, key, size);
}

void ims_put_key(struct ims_sink *sink, const char *key)
{
    ims_put_key_n(sink, key, strlen(key));
}

void ims_put_end(struct ims_sink *sink)
{
    if (sink->depth == 0) {
        fail(sink, IMS_ERR_INVALID);
        return;
    }
    if (!sink->out->result) {
        const int top = sink->depth - 1;
        const size_t declared = sink->level[top].declared;
        if (sink->level[top].has_key ||
            (declared != IMS_COUNT_LATER && declared != sink->level[top].count))
            fail(sink, IMS_ERR_INVALID);
        else
            sink->impl->close(sink);
    }
    sink->depth--;
}

static void put_list_value(struct ims_sink *sink, const struct ims_value *v)
{
    ims_put_list(sink, v->as.list.count);
    for (size_t i = 0; i < v->as.list.count && !sink->out->result; i++)
        ims_put_value(sink, &v->as.list.items[i]);
    ims_put_end(sink);
}

static void put_map_value(struct ims_sink *sink, const struct ims_value *v)
{
    ims_put_map(sink, v->as.map.count);
    for (size_t i = 0; i < v->as.map.count && !sink->out->result; i++) {
        const struct ims_entry *entry = &v->as.map.entries[i];
        ims_put_key_n(sink, entry->key, entry->key_size);
        ims_put_value(sink, &entry->value);
    }
    ims_put_end(sink);
}

/* Recursion ends with the sink's own depth: past it `result` is set. */
void ims_put_value(struct ims_sink *sink, const struct ims_value *v)
{
    switch (v->kind) {
    case IMS_NULL: ims_put_null(sink); break;
    case IMS_BOOLEAN: ims_put_bool(sink, v->as.boolean); break;
    case IMS_INTEGER: ims_put_i64(sink, v->as.integer); break;
    case IMS_UNSIGNED: ims_put_u64(sink, v->as.unsigned_integer); break;
    case IMS_REAL: ims_put_f64(sink, v->as.real); break;
    case IMS_TEXT: ims_put_text_n(sink, v->as.text.data, v->as.text.size); break;
    case IMS_BYTES: ims_put_bytes(sink, NULL, v->as.bytes.data, v->as.bytes.size); break;
    case IMS_LIST: put_list_value(sink, v); break;
    case IMS_MAP: put_map_value(sink, v); break;
    }
}
