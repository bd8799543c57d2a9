/* SPDX-License-Identifier: MIT */
#include "mcap_index.h"

#include <stdlib.h>

/* ---- lists ---- */

static bool grow(struct ims__mcap_list *list, size_t item_size)
{
    const size_t capacity = list->capacity ? 2 * list->capacity : 16;
    void *items = realloc(list->items, capacity * item_size);

    if (!items)
        return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

void *ims__mcap_list_add(struct ims__mcap_list *list, size_t item_size)
{
    if (list->count == list->capacity && !grow(list, item_size))
        return NULL;
    void *item = (uint8_t *)list->items + list->count * item_size;
    memset(item, 0, item_size);
    list->count++;
    return item;
}

static void finish_list(struct ims__mcap_list *list)
{
    free(list->items);
    *list = (struct ims__mcap_list){0};
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

void ims__mcap_index_finish(struct ims__mcap_index *index)
{
    struct ims_mcap_schema *schemas = index->schemas.items;
    struct ims_mcap_channel *channels = index->channels.items;
    struct ims_mcap_attachment *attachments = index->attachments.items;

    for (size_t i = 0; i < index->schemas.count; i++) {
        free_text(schemas[i].name);
        free_text(schemas[i].encoding);
        free(((struct ims__mcap_raw *)index->schema_raws.items)[i].record);
    }
    for (size_t i = 0; i < index->channels.count; i++) {
        free_text(channels[i].topic);
        free_text(channels[i].encoding);
        for (size_t k = 0; k < channels[i].pair_count; k++) {
            free_text(channels[i].pairs[k].key);
            free_text(channels[i].pairs[k].value);
        }
        free((void *)(uintptr_t)channels[i].pairs);
        free(((struct ims__mcap_raw *)index->channel_raws.items)[i].record);
    }
    for (size_t i = 0; i < index->attachments.count; i++) {
        free_text(attachments[i].name);
        free_text(attachments[i].media_type);
    }
    for (size_t i = 0; i < index->metadata.count; i++)
        free_text(((const char **)index->metadata.items)[i]);
    finish_list(&index->schemas), finish_list(&index->schema_raws);
    finish_list(&index->channels), finish_list(&index->channel_raws);
    finish_list(&index->chunks), finish_list(&index->uses);
    finish_list(&index->attachments), finish_list(&index->attachment_places);
    finish_list(&index->metadata), finish_list(&index->metadata_places);
}

/* ---- looking up ---- */

struct ims_mcap_schema *ims__mcap_index_schema(const struct ims__mcap_index *index,
                                               uint16_t id)
{
    struct ims_mcap_schema *schemas = index->schemas.items;
    size_t lo = 0, hi = index->schemas.count;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (schemas[middle].id < id)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < index->schemas.count && schemas[lo].id == id ? &schemas[lo] : NULL;
}

size_t ims__mcap_index_channel(const struct ims__mcap_index *index, uint16_t id)
{
    const struct ims_mcap_channel *channels = index->channels.items;
    size_t lo = 0, hi = index->channels.count;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (channels[middle].id < id)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < index->channels.count && channels[lo].id == id ? lo : SIZE_MAX;
}

const struct ims__mcap_chunk *ims__mcap_index_chunks(const struct ims__mcap_index *index)
{
    return index->chunks.items;
}

const struct ims__mcap_use *ims__mcap_index_uses(const struct ims__mcap_index *index,
                                                 const struct ims__mcap_chunk *chunk)
{
    return (const struct ims__mcap_use *)index->uses.items + chunk->first_use;
}

/* ---- adding ---- */

enum ims_result ims__mcap_index_room(const struct ims__mcap_index *index, size_t uses,
                                     struct ims_error *err)
{
    if (index->chunks.count >= IMS_MCAP_CHUNKS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: more than %d chunks; begin a new file",
                        IMS_MCAP_CHUNKS_MAX);
    if (uses > IMS_MCAP_CHUNK_CHANNELS_MAX - index->uses.count)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "mcap: more than %d channels in all chunks; begin a new file",
                        IMS_MCAP_CHUNK_CHANNELS_MAX);
    return IMS_OK;
}

static void count_chunk(struct ims__mcap_index *index,
                        const struct ims__mcap_chunk *chunk,
                        const struct ims__mcap_use *uses)
{
    struct ims_mcap_channel *channels = index->channels.items;
    struct ims_mcap_counts *counts = &index->counts;

    if (chunk->uses && (!counts->messages || chunk->start_ns < counts->start_ns))
        counts->start_ns = chunk->start_ns;
    if (chunk->uses && chunk->end_ns > counts->end_ns)
        counts->end_ns = chunk->end_ns;
    for (uint32_t i = 0; i < chunk->uses; i++) {
        counts->messages += uses[i].count;
        channels[ims__mcap_index_channel(index, uses[i].channel)].messages +=
            uses[i].count;
    }
    counts->chunks += !chunk->is_loose;
}

enum ims_result ims__mcap_index_chunk(struct ims__mcap_index *index,
                                      const struct ims__mcap_chunk *chunk,
                                      const struct ims__mcap_use *uses,
                                      struct ims_error *err)
{
    const size_t first = index->uses.count;
    enum ims_result r = ims__mcap_index_room(index, chunk->uses, err);

    for (uint32_t i = 0; i < chunk->uses && !r; i++) {
        if (ims__mcap_index_channel(index, uses[i].channel) == SIZE_MAX) {
            r = ims_fail(err, IMS_ERR_INVALID, "mcap: a chunk has channel %u, unknown",
                         uses[i].channel);
            break;
        }
        struct ims__mcap_use *use = ims__mcap_list_add(&index->uses, sizeof *use);
        if (use)
            *use = uses[i];
        else
            r = ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    }
    struct ims__mcap_chunk *added =
        r ? NULL : ims__mcap_list_add(&index->chunks, sizeof *added);
    if (!r && !added)
        r = ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    if (r) {
        index->uses.count = first;
        return r;
    }
    *added = *chunk;
    added->first_use = (uint32_t)first;
    count_chunk(index, added, uses);
    return IMS_OK;
}

static enum ims_result add_place(struct ims__mcap_list *list, uint64_t offset,
                                 uint64_t length, struct ims_error *err)
{
    if (list->count >= IMS_MCAP_EXTRAS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "mcap: more than %d attachments or metadata records",
                        IMS_MCAP_EXTRAS_MAX);
    struct ims__mcap_extra *place = ims__mcap_list_add(list, sizeof *place);
    if (!place)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    *place = (struct ims__mcap_extra){offset, length};
    return IMS_OK;
}

enum ims_result ims__mcap_index_attachment(struct ims__mcap_index *index,
                                           const struct ims_mcap_attachment *attachment,
                                           uint64_t offset, uint64_t length,
                                           struct ims_error *err)
{
    enum ims_result r = add_place(&index->attachment_places, offset, length, err);

    if (r)
        return r;
    struct ims_mcap_attachment *a = ims__mcap_list_add(&index->attachments, sizeof *a);
    if (a) {
        *a = *attachment;
        a->data = NULL;
        a->name = strdup(attachment->name ? attachment->name : "");
        a->media_type = strdup(attachment->media_type ? attachment->media_type : "");
    }
    if (!a || !a->name || !a->media_type)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    index->counts.attachments++;
    return IMS_OK;
}

enum ims_result ims__mcap_index_metadata(struct ims__mcap_index *index, const char *name,
                                         uint64_t offset, uint64_t length,
                                         struct ims_error *err)
{
    enum ims_result r = add_place(&index->metadata_places, offset, length, err);

    if (r)
        return r;
    char **copy = ims__mcap_list_add(&index->metadata, sizeof *copy);
    if (copy)
        *copy = strdup(name ? name : "");
    if (!copy || !*copy)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the index of a recording");
    index->counts.metadata++;
    return IMS_OK;
}
