/* SPDX-License-Identifier: MIT */
/* Records of a summary, or of a file's data section, into an index. */
#include "mcap_index.h"

#include <stdlib.h>

#define RAW_BYTES_MAX ((size_t)64 << 20) /* of all schemas and channels of a file */

static enum ims_result broken(const char *what, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "mcap: a broken %s record", what);
}

static enum ims_result no_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
}

/* ---- schemas and channels: kept as they are written, and as their members ---- */

static bool same_raw(const struct ims__mcap_raw *raw, const uint8_t *body, size_t size)
{
    return raw->size == size + IMS__MCAP_HEAD_BYTES &&
           (size == 0 || memcmp(raw->record + IMS__MCAP_HEAD_BYTES, body, size) == 0);
}

static uint8_t *copy_raw(enum ims__op op, const uint8_t *body, size_t size)
{
    uint8_t *raw = malloc(IMS__MCAP_HEAD_BYTES + size);

    if (!raw)
        return NULL;
    raw[0] = (uint8_t)op;
    ims__store_u64(raw + 1, size);
    memcpy(raw + IMS__MCAP_HEAD_BYTES, body, size);
    return raw;
}

/* Moves the item that was added last to `at`. */
static void *settle(struct ims__mcap_list *list, size_t item_size, size_t at)
{
    uint8_t *items = list->items;
    uint8_t *place = items + at * item_size;

    memmove(place + item_size, place, (list->count - 1 - at) * item_size);
    memset(place, 0, item_size);
    return place;
}

/* A zeroed item of both lists at `at`; NULL: no memory, and nothing added. */
static void *add_pair(struct ims__mcap_list *items, size_t item_size,
                      struct ims__mcap_list *raws, size_t at, struct ims__mcap_raw raw)
{
    if (!ims__mcap_list_add(items, item_size))
        return NULL;
    if (!ims__mcap_list_add(raws, sizeof raw)) {
        items->count--;
        return NULL;
    }
    *(struct ims__mcap_raw *)settle(raws, sizeof raw, at) = raw;
    return settle(items, item_size, at);
}

static enum ims_result room_for(struct ims__mcap_index *index, size_t count, size_t size,
                                struct ims_error *err)
{
    if (count >= IMS_MCAP_CHANNELS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: more than %d channels or schemas",
                        IMS_MCAP_CHANNELS_MAX);
    if (size > RAW_BYTES_MAX - index->raw_bytes)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "mcap: schemas and channels of more than %zu bytes",
                        RAW_BYTES_MAX);
    return IMS_OK;
}

static size_t schema_place(const struct ims__mcap_index *index, uint16_t id)
{
    const struct ims_mcap_schema *schemas = index->schemas.items;
    size_t at = index->schemas.count;

    while (at > 0 && schemas[at - 1].id > id)
        at--;
    return at;
}

static size_t channel_place(const struct ims__mcap_index *index, uint16_t id)
{
    const struct ims_mcap_channel *channels = index->channels.items;
    size_t at = index->channels.count;

    while (at > 0 && channels[at - 1].id > id)
        at--;
    return at;
}

static enum ims_result add_schema(struct ims__mcap_index *index, const uint8_t *body,
                                  size_t size, struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    size_t name_size, encoding_size;
    const uint16_t id = ims__take_u16(&in);
    const char *name = ims__take_text(&in, &name_size);
    const char *encoding = ims__take_text(&in, &encoding_size);
    const struct ims__take data = ims__take_inside(&in);

    if (in.failed)
        return broken("schema", err);
    if (id == 0)
        return IMS_OK; /* invalid, and to be ignored, says the specification */
    const struct ims_mcap_schema *old = ims__mcap_index_schema(index, id);
    const struct ims__mcap_raw *raws = index->schema_raws.items;
    if (old)
        return same_raw(&raws[old - (struct ims_mcap_schema *)index->schemas.items], body,
                        size)
                   ? IMS_OK
                   : ims_fail(err, IMS_ERR_INVALID, "mcap: two schemas are number %u",
                              id);
    enum ims_result r = room_for(index, index->schemas.count, size, err);
    if (r)
        return r;
    const struct ims__mcap_raw raw = {copy_raw(IMS__OP_SCHEMA, body, size),
                                      size + IMS__MCAP_HEAD_BYTES};
    struct ims_mcap_schema *s =
        raw.record ? add_pair(&index->schemas, sizeof *s, &index->schema_raws,
                              schema_place(index, id), raw)
                   : NULL;
    if (!s) {
        free(raw.record);
        return no_memory(err);
    }
    s->id = id;
    s->name = strndup(name, name_size);
    s->encoding = strndup(encoding, encoding_size);
    s->data = raw.record + IMS__MCAP_HEAD_BYTES + (data.data - body);
    s->size = data.left;
    index->raw_bytes += size;
    index->counts.schemas++;
    return s->name && s->encoding ? IMS_OK : no_memory(err);
}

static enum ims_result read_pairs(struct ims__take in, struct ims_mcap_channel *channel,
                                  struct ims_error *err)
{
    struct ims_mcap_pair *pairs;
    size_t capacity = 0;

    while (in.left && !in.failed) {
        size_t key_size, value_size;
        const char *key = ims__take_text(&in, &key_size);
        const char *value = ims__take_text(&in, &value_size);
        if (in.failed || channel->pair_count == IMS_MCAP_PAIRS_MAX)
            break;
        pairs = (struct ims_mcap_pair *)(uintptr_t)channel->pairs;
        if (channel->pair_count == capacity) {
            capacity = capacity ? 2 * capacity : 8;
            pairs = realloc(pairs, capacity * sizeof *pairs);
            if (!pairs)
                return no_memory(err);
            channel->pairs = pairs;
        }
        struct ims_mcap_pair *pair = &pairs[channel->pair_count++];
        *pair =
            (struct ims_mcap_pair){strndup(key, key_size), strndup(value, value_size)};
        if (!pair->key || !pair->value)
            return no_memory(err);
    }
    return in.failed || in.left ? broken("channel", err) : IMS_OK;
}

static enum ims_result fill_channel(struct ims_mcap_channel *c, struct ims__take in,
                                    struct ims_error *err)
{
    size_t topic_size, encoding_size;

    c->id = ims__take_u16(&in);
    c->schema = ims__take_u16(&in);
    const char *topic = ims__take_text(&in, &topic_size);
    const char *encoding = ims__take_text(&in, &encoding_size);
    const struct ims__take pairs = ims__take_inside(&in);
    c->topic = strndup(topic, topic_size);
    c->encoding = strndup(encoding, encoding_size);
    if (in.failed)
        return broken("channel", err);
    return c->topic && c->encoding ? read_pairs(pairs, c, err) : no_memory(err);
}

static void drop_channel(struct ims_mcap_channel *c)
{
    for (size_t i = 0; i < c->pair_count; i++) {
        free((void *)(uintptr_t)c->pairs[i].key);
        free((void *)(uintptr_t)c->pairs[i].value);
    }
    free((void *)(uintptr_t)c->pairs);
    free((void *)(uintptr_t)c->topic);
    free((void *)(uintptr_t)c->encoding);
}

static enum ims_result add_channel(struct ims__mcap_index *index, const uint8_t *body,
                                   size_t size, struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    const uint16_t id = ims__take_u16(&in), schema = ims__take_u16(&in);
    const size_t old = ims__mcap_index_channel(index, id);
    const struct ims__mcap_raw *raws = index->channel_raws.items;

    if (in.failed)
        return broken("channel", err);
    if (old != SIZE_MAX)
        return same_raw(&raws[old], body, size)
                   ? IMS_OK
                   : ims_fail(err, IMS_ERR_INVALID, "mcap: two channels are number %u",
                              id);
    if (schema && !ims__mcap_index_schema(index, schema))
        return ims_fail(err, IMS_ERR_INVALID, "mcap: channel %u has schema %u, unknown",
                        id, schema);
    enum ims_result r = room_for(index, index->channels.count, size, err);
    struct ims_mcap_channel channel = {0};
    if (!r)
        r = fill_channel(&channel, (struct ims__take){body, size, false}, err);
    const struct ims__mcap_raw raw = {r ? NULL : copy_raw(IMS__OP_CHANNEL, body, size),
                                      size + IMS__MCAP_HEAD_BYTES};
    struct ims_mcap_channel *c =
        raw.record ? add_pair(&index->channels, sizeof *c, &index->channel_raws,
                              channel_place(index, id), raw)
                   : NULL;
    if (!c) {
        free(raw.record);
        drop_channel(&channel);
        return r ? r : no_memory(err);
    }
    *c = channel;
    index->raw_bytes += size;
    index->counts.channels++;
    return IMS_OK;
}

/* ---- places ---- */

static bool is_within(uint64_t offset, uint64_t length, uint64_t end)
{
    return offset >= IMS__MCAP_MAGIC_BYTES && offset <= end && length <= end - offset &&
           length >= IMS__MCAP_HEAD_BYTES;
}

static int by_place(const void *a, const void *b)
{
    const struct ims__mcap_use *x = a, *y = b;

    return (x->index_at > y->index_at) - (x->index_at < y->index_at);
}

/* The records of a chunk's message indexes follow each other, so that their places tell how many entries each has;
 * the reader holds that against the records when it comes to them. */
static bool count_uses(struct ims__mcap_use *uses, size_t count, uint32_t total)
{
    enum { AROUND = IMS__MCAP_HEAD_BYTES + 6 };

    qsort(uses, count, sizeof *uses, by_place);
    if (count == 0 ? total != 0 : uses[0].index_at != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t next = i + 1 < count ? uses[i + 1].index_at : total;
        const uint32_t bytes = next - uses[i].index_at;
        if (next < uses[i].index_at || bytes <= AROUND ||
            (bytes - AROUND) % IMS__MCAP_INDEX_ENTRY_BYTES != 0)
            return false;
        uses[i].count = (bytes - AROUND) / IMS__MCAP_INDEX_ENTRY_BYTES;
    }
    return true;
}

static bool read_uses(struct ims__take in, uint64_t from, struct ims__mcap_use *uses,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint16_t channel = ims__take_u16(&in);
        const uint64_t at = ims__take_u64(&in);
        if (at < from || at - from > UINT32_MAX)
            return false;
        uses[i] = (struct ims__mcap_use){(uint32_t)(at - from), 0, channel};
    }
    return !in.failed;
}

static enum ims_result add_chunk_index(struct ims__mcap_index *index, const uint8_t *body,
                                       size_t size, uint64_t end, struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    struct ims__mcap_chunk chunk = {0};
    size_t name_size;

    chunk.start_ns = ims__take_u64(&in);
    chunk.end_ns = ims__take_u64(&in);
    chunk.offset = ims__take_u64(&in);
    chunk.length = ims__take_u64(&in);
    const struct ims__take offsets = ims__take_inside(&in);
    const uint64_t index_bytes = ims__take_u64(&in);
    const char *name = ims__take_text(&in, &name_size);
    chunk.compression = (uint8_t)ims__mcap_compression_of(name, name_size);
    chunk.stored = ims__take_u64(&in);
    chunk.unpacked = ims__take_u64(&in);
    if (in.failed || offsets.left % 10 != 0 || index_bytes > UINT32_MAX ||
        chunk.start_ns > chunk.end_ns || !is_within(chunk.offset, chunk.length, end) ||
        index_bytes > end - chunk.offset - chunk.length)
        return broken("chunk index", err);
    const size_t count = offsets.left / 10;
    chunk.index_bytes = (uint32_t)index_bytes;
    chunk.uses = (uint32_t)count;
    enum ims_result r = ims__mcap_index_room(index, count, err);
    struct ims__mcap_use *uses =
        r ? NULL : calloc(count + 1, sizeof *uses); /* never of 0 bytes */
    if (!r && !uses)
        r = no_memory(err);
    if (!r && (!read_uses(offsets, chunk.offset + chunk.length, uses, count) ||
               !count_uses(uses, count, chunk.index_bytes)))
        r = broken("chunk index", err);
    if (!r)
        r = ims__mcap_index_chunk(index, &chunk, uses, err);
    free(uses);
    return r;
}

/* A text of a record with a zero byte behind it, as long as `room` allows. */
static bool take_name(struct ims__take *in, char **out)
{
    size_t size;
    const char *text = ims__take_text(in, &size);

    *out = strndup(text, size);
    return *out != NULL;
}

static enum ims_result add_attachment_index(struct ims__mcap_index *index,
                                            const uint8_t *body, size_t size,
                                            uint64_t end, struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    char *name = NULL, *media_type = NULL;
    struct ims_mcap_attachment a = {0};
    const uint64_t offset = ims__take_u64(&in), length = ims__take_u64(&in);

    a.log_ns = ims__take_u64(&in);
    a.create_ns = ims__take_u64(&in);
    a.size = ims__take_u64(&in);
    enum ims_result r =
        take_name(&in, &name) && take_name(&in, &media_type) ? IMS_OK : no_memory(err);
    if (!r && (in.failed || !is_within(offset, length, end) || a.size > length))
        r = broken("attachment index", err);
    a.name = name;
    a.media_type = media_type;
    if (!r)
        r = ims__mcap_index_attachment(index, &a, offset, length, err);
    free(name);
    free(media_type);
    return r;
}

static enum ims_result add_metadata_index(struct ims__mcap_index *index,
                                          const uint8_t *body, size_t size, uint64_t end,
                                          struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    const uint64_t offset = ims__take_u64(&in), length = ims__take_u64(&in);
    char *name = NULL;

    if (!take_name(&in, &name))
        return no_memory(err);
    enum ims_result r = in.failed || !is_within(offset, length, end)
                            ? broken("metadata index", err)
                            : ims__mcap_index_metadata(index, name, offset, length, err);
    free(name);
    return r;
}

static enum ims_result read_statistics(struct ims__mcap_index *index, const uint8_t *body,
                                       size_t size, struct ims_error *err)
{
    struct ims__take in = {body, size, false};
    struct ims_mcap_counts *claimed = &index->claimed;

    claimed->messages = ims__take_u64(&in);
    claimed->schemas = ims__take_u16(&in);
    claimed->channels = ims__take_u32(&in);
    claimed->attachments = ims__take_u32(&in);
    claimed->metadata = ims__take_u32(&in);
    claimed->chunks = ims__take_u32(&in);
    claimed->start_ns = ims__take_u64(&in);
    claimed->end_ns = ims__take_u64(&in);
    index->has_statistics = !in.failed;
    return in.failed ? broken("statistics", err) : IMS_OK;
}

enum ims_result ims__mcap_index_add(struct ims__mcap_index *index, uint8_t op,
                                    const uint8_t *body, size_t size, uint64_t end,
                                    struct ims_error *err)
{
    switch (op) {
    case IMS__OP_SCHEMA: return add_schema(index, body, size, err);
    case IMS__OP_CHANNEL: return add_channel(index, body, size, err);
    case IMS__OP_CHUNK_INDEX: return add_chunk_index(index, body, size, end, err);
    case IMS__OP_ATTACHMENT_INDEX:
        return add_attachment_index(index, body, size, end, err);
    case IMS__OP_METADATA_INDEX: return add_metadata_index(index, body, size, end, err);
    case IMS__OP_STATISTICS: return read_statistics(index, body, size, err);
    default: return IMS_OK;
    }
}

enum ims_result ims__mcap_index_parse(struct ims__mcap_index *index, const uint8_t *data,
                                      size_t size, uint64_t end, struct ims_error *err)
{
    struct ims__take in = {data, size, false};

    while (in.left) {
        const uint8_t *at = ims__take_bytes(&in, IMS__MCAP_HEAD_BYTES);
        const struct ims__mcap_head head =
            at ? ims__mcap_head(at) : (struct ims__mcap_head){0};
        const uint8_t *body = ims__take_bytes(&in, head.length);
        if (!body)
            return broken("summary", err);
        enum ims_result r =
            ims__mcap_index_add(index, head.op, body, (size_t)head.length, end, err);
        if (r)
            return r;
    }
    return IMS_OK;
}
