/* SPDX-License-Identifier: MIT */
/* An index as the summary of a file. Records are grouped by opcode, and each group has its offset. */
#include "mcap_index.h"

#include <libdeflate.h>

static void put_raws(const struct ims__mcap_list *list, struct ims_bytes *out)
{
    const struct ims__mcap_raw *raws = list->items;

    for (size_t i = 0; i < list->count; i++)
        ims_bytes_append(out, raws[i].record, raws[i].size);
}

static void put_schemas(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    put_raws(&index->schema_raws, out);
}

static void put_channels(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    put_raws(&index->channel_raws, out);
}

static void put_statistics(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    const struct ims_mcap_counts *counts = &index->counts;
    const struct ims_mcap_channel *channels = index->channels.items;
    const size_t at = ims__mcap_begin(out, IMS__OP_STATISTICS);
    uint32_t used = 0;

    ims__put_u64(out, counts->messages);
    ims__put_u16(out, (uint16_t)counts->schemas);
    ims__put_u32(out, counts->channels);
    ims__put_u32(out, counts->attachments);
    ims__put_u32(out, counts->metadata);
    ims__put_u32(out, counts->chunks);
    ims__put_u64(out, counts->start_ns);
    ims__put_u64(out, counts->end_ns);
    for (size_t i = 0; i < index->channels.count; i++)
        used += channels[i].messages > 0;
    ims__put_u32(out, used * 10);
    for (size_t i = 0; i < index->channels.count; i++)
        if (channels[i].messages) {
            ims__put_u16(out, channels[i].id);
            ims__put_u64(out, channels[i].messages);
        }
    ims__mcap_end(out, at);
}

static void put_chunk(const struct ims__mcap_index *index,
                      const struct ims__mcap_chunk *chunk, struct ims_bytes *out)
{
    const struct ims__mcap_use *uses = ims__mcap_index_uses(index, chunk);
    const size_t at = ims__mcap_begin(out, IMS__OP_CHUNK_INDEX);

    ims__put_u64(out, chunk->start_ns);
    ims__put_u64(out, chunk->end_ns);
    ims__put_u64(out, chunk->offset);
    ims__put_u64(out, chunk->length);
    ims__put_u32(out, chunk->index_bytes ? chunk->uses * 10 : 0);
    for (uint32_t i = 0; i < chunk->uses && chunk->index_bytes; i++) {
        ims__put_u16(out, uses[i].channel);
        ims__put_u64(out, chunk->offset + chunk->length + uses[i].index_at);
    }
    ims__put_u64(out, chunk->index_bytes);
    ims__put_text(out, ims__mcap_compression_name(chunk->compression));
    ims__put_u64(out, chunk->stored);
    ims__put_u64(out, chunk->unpacked);
    ims__mcap_end(out, at);
}

static void put_chunks(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    const struct ims__mcap_chunk *chunks = index->chunks.items;

    for (size_t i = 0; i < index->chunks.count; i++)
        if (!chunks[i].is_loose)
            put_chunk(index, &chunks[i], out);
}

static void put_attachments(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    const struct ims_mcap_attachment *attachments = index->attachments.items;
    const struct ims__mcap_extra *places = index->attachment_places.items;

    for (size_t i = 0; i < index->attachments.count; i++) {
        const size_t at = ims__mcap_begin(out, IMS__OP_ATTACHMENT_INDEX);
        ims__put_u64(out, places[i].offset);
        ims__put_u64(out, places[i].length);
        ims__put_u64(out, attachments[i].log_ns);
        ims__put_u64(out, attachments[i].create_ns);
        ims__put_u64(out, attachments[i].size);
        ims__put_text(out, attachments[i].name);
        ims__put_text(out, attachments[i].media_type);
        ims__mcap_end(out, at);
    }
}

static void put_metadata(const struct ims__mcap_index *index, struct ims_bytes *out)
{
    char *const *names = index->metadata.items;
    const struct ims__mcap_extra *places = index->metadata_places.items;

    for (size_t i = 0; i < index->metadata.count; i++) {
        const size_t at = ims__mcap_begin(out, IMS__OP_METADATA_INDEX);
        ims__put_u64(out, places[i].offset);
        ims__put_u64(out, places[i].length);
        ims__put_text(out, names[i]);
        ims__mcap_end(out, at);
    }
}

static const struct group {
    enum ims__op op;
    void (*put)(const struct ims__mcap_index *, struct ims_bytes *);
} groups[] = {
    {IMS__OP_SCHEMA, put_schemas},
    {IMS__OP_CHANNEL, put_channels},
    {IMS__OP_STATISTICS, put_statistics},
    {IMS__OP_CHUNK_INDEX, put_chunks},
    {IMS__OP_ATTACHMENT_INDEX, put_attachments},
    {IMS__OP_METADATA_INDEX, put_metadata},
};
enum { GROUPS = sizeof groups / sizeof groups[0] };

static void put_footer(struct ims_bytes *out, size_t from, uint64_t start,
                       uint64_t offsets)
{
    const size_t at = ims__mcap_begin(out, IMS__OP_FOOTER);

    ims__put_u64(out, start);
    ims__put_u64(out, offsets);
    ims__put_u32(out, 0);
    ims__mcap_end(out, at);
    /* The CRC is of everything before it, the footer's own head included. */
    if (!out->result)
        ims__store_u32(out->data + out->size - 4,
                       libdeflate_crc32(0, out->data + from, out->size - 4 - from));
}

void ims__mcap_index_put(const struct ims__mcap_index *index, uint64_t at,
                         struct ims_bytes *out)
{
    const size_t from = out->size;
    size_t begins[GROUPS], ends[GROUPS];

    for (size_t i = 0; i < GROUPS; i++) {
        begins[i] = out->size - from;
        groups[i].put(index, out);
        ends[i] = out->size - from;
    }
    const uint64_t offsets = at + (out->size - from);
    for (size_t i = 0; i < GROUPS; i++) {
        if (begins[i] == ends[i])
            continue;
        const size_t record = ims__mcap_begin(out, IMS__OP_SUMMARY_OFFSET);
        const uint8_t op = (uint8_t)groups[i].op;
        ims_bytes_append(out, &op, 1);
        ims__put_u64(out, at + begins[i]);
        ims__put_u64(out, ends[i] - begins[i]);
        ims__mcap_end(out, record);
    }
    put_footer(out, from, at, offsets);
    ims_bytes_append(out, ims__mcap_magic, IMS__MCAP_MAGIC_BYTES);
}
