/* SPDX-License-Identifier: MIT */
#include "mcap_gather.h"

#include <stdlib.h>

void ims__gather_finish(struct ims__gather *gather)
{
    struct ims_bytes *indexes = gather->indexes.items;

    ims_bytes_finish(&gather->records);
    for (size_t i = 0; i < gather->indexes.count; i++)
        ims_bytes_finish(&indexes[i]);
    free(gather->indexes.items);
    free(gather->used.items);
    *gather = (struct ims__gather){0};
}

void ims__gather_reset(struct ims__gather *gather)
{
    struct ims_bytes *indexes = gather->indexes.items;
    const uint16_t *used = gather->used.items;

    for (size_t i = 0; i < gather->used.count; i++)
        indexes[used[i]].size = 0;
    gather->used.count = 0;
    gather->records.size = 0;
    gather->records.result = IMS_OK;
    gather->start_ns = gather->end_ns = gather->messages = 0;
    gather->zstd_bytes = 0;
}

static struct ims_bytes *index_of(struct ims__gather *gather, size_t place)
{
    while (gather->indexes.count <= place)
        if (!ims__mcap_list_add(&gather->indexes, sizeof(struct ims_bytes)))
            return NULL;
    return (struct ims_bytes *)gather->indexes.items + place;
}

static void append_raw(struct ims_bytes *out, const struct ims__mcap_list *raws, size_t i)
{
    const struct ims__mcap_raw *raw = (const struct ims__mcap_raw *)raws->items + i;

    ims_bytes_append(out, raw->record, raw->size);
}

/* What a reader must have seen before a message of this channel. */
static void append_channel(struct ims_bytes *out, const struct ims__mcap_index *index,
                           size_t place)
{
    const struct ims_mcap_channel *channel =
        (const struct ims_mcap_channel *)index->channels.items + place;
    const struct ims_mcap_schema *schema = ims__mcap_index_schema(index, channel->schema);

    if (schema)
        append_raw(out, &index->schema_raws,
                   (size_t)(schema - (struct ims_mcap_schema *)index->schemas.items));
    append_raw(out, &index->channel_raws, place);
}

static void append_message(struct ims_bytes *out, const struct ims_mcap_put *put,
                           size_t size, bool with_data)
{
    const uint8_t op = IMS__OP_MESSAGE;

    ims_bytes_append(out, &op, 1);
    ims__put_u64(out, IMS__MCAP_MESSAGE_HEAD_BYTES + size);
    ims__put_u16(out, put->channel);
    ims__put_u32(out, put->sequence);
    ims__put_u64(out, put->log_ns);
    ims__put_u64(out, put->publish_ns);
    for (size_t i = 0; i < put->part_count && with_data; i++)
        ims_bytes_append(out, put->parts[i].data, put->parts[i].size);
}

static bool add_used(struct ims__gather *gather, size_t place)
{
    uint16_t *used = ims__mcap_list_add(&gather->used, sizeof *used);

    if (used)
        *used = (uint16_t)place;
    return used != NULL;
}

static void count_message(struct ims__gather *gather, const struct ims_mcap_put *put,
                          size_t size, bool zstd)
{
    if (gather->messages++ == 0)
        gather->start_ns = put->log_ns;
    gather->end_ns = put->log_ns;
    gather->zstd_bytes += zstd ? size : 0;
}

bool ims__gather_message(struct ims__gather *gather, const struct ims__mcap_index *index,
                         const struct ims_mcap_put *put, size_t size, bool with_data)
{
    const size_t place = put->channel - 1u; /* the writer numbers them from 1 */
    const struct ims_mcap_channel *channels = index->channels.items;
    struct ims_bytes *entries = index_of(gather, place);
    struct ims_bytes *records = &gather->records;

    if (!entries)
        return false;
    const size_t before = records->size, entries_before = entries->size;
    const bool is_new = entries_before == 0;
    if (is_new)
        append_channel(records, index, place);
    const size_t at = records->size;
    append_message(records, put, size, with_data);
    ims__put_u64(entries, put->log_ns);
    ims__put_u64(entries, at);
    if (records->result || entries->result || (is_new && !add_used(gather, place))) {
        records->size = before;
        entries->size = entries_before;
        records->result = entries->result = IMS_OK;
        return false;
    }
    count_message(gather, put, size, channels[place].zstd);
    return true;
}

void ims__gather_indexes(const struct ims__gather *gather,
                         const struct ims__mcap_index *index, struct ims_bytes *out,
                         struct ims__mcap_use *uses)
{
    const struct ims_bytes *indexes = gather->indexes.items;
    const struct ims_mcap_channel *channels = index->channels.items;
    const uint16_t *used = gather->used.items;
    const size_t from = out->size;

    for (size_t i = 0; i < gather->used.count; i++) {
        const struct ims_bytes *entries = &indexes[used[i]];
        uses[i] = (struct ims__mcap_use){
            (uint32_t)(out->size - from),
            (uint32_t)(entries->size / IMS__MCAP_INDEX_ENTRY_BYTES),
            channels[used[i]].id};
        const size_t at = ims__mcap_begin(out, IMS__OP_MESSAGE_INDEX);
        ims__put_u16(out, channels[used[i]].id);
        ims__put_u32(out, (uint32_t)entries->size);
        ims_bytes_append(out, entries->data, entries->size);
        ims__mcap_end(out, at);
    }
}
