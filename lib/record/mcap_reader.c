/* SPDX-License-Identifier: MIT */
#include "mcap_reader.h"

#include "mcap_walk.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdlib.h>

static enum ims_result no_memory(struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
}

/* ---- open ---- */

static enum ims_result read_header(struct ims_mcap_reader *r, struct ims_error *err)
{
    enum { HEADER_MAX = 2 * (4 + IMS_MCAP_TEXT_MAX) };
    uint8_t bytes[IMS__MCAP_HEAD_BYTES] = {0};
    size_t profile_size = 0, library_size = 0;
    const char *profile = "", *library = "";

    if (r->input.bytes - IMS__MCAP_MAGIC_BYTES < sizeof bytes)
        return ims_fail(err, IMS_ERR_TRUNCATED, "mcap: the file ends in its header");
    enum ims_result result =
        ims__input_read(&r->input, IMS__MCAP_MAGIC_BYTES, bytes, sizeof bytes, err);
    const struct ims__mcap_head head = ims__mcap_head(bytes);
    if (result)
        return result;
    if (head.op != IMS__OP_HEADER)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: the header is missing");
    if (head.length > HEADER_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: a header of %" PRIu64 " bytes",
                        head.length);
    if (!ims__room_for(&r->record, (size_t)head.length))
        return no_memory(err);
    result = ims__input_read(&r->input, IMS__MCAP_MAGIC_BYTES + IMS__MCAP_HEAD_BYTES,
                             r->record.data, (size_t)head.length, err);
    if (result)
        return result;
    struct ims__take in = {r->record.data, (size_t)head.length, false};
    profile = ims__take_text(&in, &profile_size);
    library = ims__take_text(&in, &library_size);
    r->profile = strndup(profile, profile_size);
    r->library = strndup(library, library_size);
    if (in.failed)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: the header is broken");
    return r->profile && r->library ? IMS_OK : no_memory(err);
}

/* A file that ends in the middle, or in zeros, is read up to there. */
static enum ims_result scan(struct ims_mcap_reader *r, struct ims_error *err)
{
    struct ims__mcap_walk walk;
    enum ims_result result;

    ims__mcap_walk_init(&walk, &r->input, &r->index, r->loader.chunk_max, false);
    do
        result = ims__mcap_walk_step(&walk, err);
    while (!result && walk.step == IMS__STEP_ON);
    if (!result)
        result = ims__mcap_walk_settle(&walk, err);
    ims__mcap_walk_finish(&walk);
    return result;
}

/* A summary that is missing, broken or leaves something out is made up for by a scan. */
static enum ims_result read_index(struct ims_mcap_reader *r, struct ims_error *err)
{
    enum ims_result result = ims__summary_read(&r->input, &r->index, NULL);

    if (result == IMS_OK && ims__summary_is_whole(&r->index)) {
        r->has_summary = true;
        return IMS_OK;
    }
    if (result == IMS_ERR_IO || result == IMS_ERR_NOMEM || result == IMS_ERR_LIMIT)
        return ims_fail(err, result, "mcap: the summary: %s", ims_result_name(result));
    ims__mcap_index_finish(&r->index);
    r->index = (struct ims__mcap_index){0};
    return scan(r, err);
}

static enum ims_result read_snapshot(struct ims_mcap_reader *r, const uint8_t *snapshot,
                                     size_t size, struct ims_error *err)
{
    if (size < IMS__MCAP_TAIL_BYTES)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: no snapshot of an index");
    r->has_summary = true;
    return ims__mcap_index_parse(&r->index, snapshot, size - IMS__MCAP_TAIL_BYTES,
                                 r->input.bytes, err);
}

/* ---- groups of chunks ---- */

struct place {
    uint64_t start_ns, offset;
    uint32_t chunk;
};

static int by_start(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->start_ns != y->start_ns)
        return x->start_ns < y->start_ns ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void group_chunks(struct ims_mcap_reader *r, size_t count)
{
    const struct ims__mcap_chunk *chunks = ims__mcap_index_chunks(&r->index);

    for (size_t i = 0; i < count; i++) {
        const struct ims__mcap_chunk *chunk = &chunks[r->order[i]];
        struct ims__group *last = r->group_count ? &r->groups[r->group_count - 1] : NULL;
        if (last && chunk->start_ns < last->end_ns) {
            last->count++;
            if (chunk->end_ns > last->end_ns)
                last->end_ns = chunk->end_ns;
        } else {
            r->groups[r->group_count++] =
                (struct ims__group){chunk->start_ns, chunk->end_ns, (uint32_t)i, 1};
        }
    }
}

static enum ims_result order_chunks(struct ims_mcap_reader *r, struct ims_error *err)
{
    const struct ims__mcap_chunk *chunks = ims__mcap_index_chunks(&r->index);
    struct place *places = calloc(r->index.chunks.count + 1, sizeof *places);
    size_t count = 0;

    for (size_t i = 0; i < r->index.chunks.count && places; i++)
        if (chunks[i].uses)
            places[count++] =
                (struct place){chunks[i].start_ns, chunks[i].offset, (uint32_t)i};
    r->order = calloc(count + 1, sizeof *r->order);
    r->groups = calloc(count + 1, sizeof *r->groups);
    if (!places || !r->order || !r->groups) {
        free(places);
        return no_memory(err);
    }
    qsort(places, count, sizeof *places, by_start);
    for (size_t i = 0; i < count; i++)
        r->order[i] = places[i].chunk;
    free(places);
    group_chunks(r, count);
    return IMS_OK;
}

/* `snapshot` NULL: the file's own summary. */
static enum ims_result open_reader(const struct ims_mcap_input *input,
                                   const struct ims_mcap_reader_settings *settings,
                                   const uint8_t *snapshot, size_t size,
                                   struct ims_mcap_reader **out, struct ims_error *err)
{
    enum ims_result result = ims__magic_check(input, err);

    if (result)
        return result;
    struct ims_mcap_reader *r = calloc(1, sizeof *r);
    if (!r)
        return no_memory(err);
    r->input = *input;
    r->loader.chunk_max = settings && settings->chunk_bytes_max
                              ? settings->chunk_bytes_max
                              : IMS_MCAP_MESSAGE_BYTES_MAX + IMS_MCAP_CHUNK_BYTES;
    result = read_header(r, err);
    if (!result)
        result = snapshot ? read_snapshot(r, snapshot, size, err) : read_index(r, err);
    if (!result)
        result = order_chunks(r, err);
    if (result)
        ims_mcap_reader_close(r);
    else
        *out = r;
    return result;
}

enum ims_result ims_mcap_reader_open(const struct ims_mcap_input *input,
                                     const struct ims_mcap_reader_settings *settings,
                                     struct ims_mcap_reader **out, struct ims_error *err)
{
    return open_reader(input, settings, NULL, 0, out, err);
}

enum ims_result
ims_mcap_reader_open_running(const struct ims_mcap_input *input,
                             const struct ims_mcap_reader_settings *settings,
                             const uint8_t *snapshot, size_t size,
                             struct ims_mcap_reader **out, struct ims_error *err)
{
    return open_reader(input, settings, snapshot, size, out, err);
}

void ims_mcap_reader_close(struct ims_mcap_reader *r)
{
    if (!r)
        return;
    ims__mcap_index_finish(&r->index);
    ims__loader_finish(&r->loader);
    for (int i = 0; i < IMS__READER_CHUNKS; i++)
        ims__loaded_finish(&r->loaded[i]);
    free(r->record.data);
    free(r->pairs);
    free(r->pair_texts);
    free(r->profile);
    free(r->library);
    free(r->order);
    free(r->groups);
    free(r);
}

/* ---- chunks ---- */

enum ims_result ims__reader_chunk(struct ims_mcap_reader *r, size_t place,
                                  const struct ims__loaded **out, struct ims_error *err)
{
    struct ims__loaded *oldest = &r->loaded[0];

    for (int i = 0; i < IMS__READER_CHUNKS; i++) {
        struct ims__loaded *loaded = &r->loaded[i];
        if (loaded->used && loaded->place == place) {
            loaded->used = ++r->uses;
            *out = loaded;
            return IMS_OK;
        }
        if (loaded->used < oldest->used)
            oldest = loaded;
    }
    oldest->used = 0;
    enum ims_result result = ims__load_chunk(
        &r->loader, &r->input, &ims__mcap_index_chunks(&r->index)[place], oldest, err);
    if (result)
        return result;
    oldest->place = place;
    oldest->used = ++r->uses;
    *out = oldest;
    return IMS_OK;
}

/* ---- what a file holds ---- */

const struct ims_mcap_counts *ims_mcap_reader_counts(const struct ims_mcap_reader *r)
{
    return &r->index.counts;
}

uint64_t ims_mcap_reader_memory(const struct ims_mcap_reader *reader)
{
    enum {
        CURSOR_BYTES = 32
    }; /* a chunk, of the cursors that a recording's reader has */
    const struct ims__mcap_list *chunks = &reader->index.chunks;
    const struct ims__mcap_chunk *items = chunks->items;
    uint64_t stored = 0, unpacked = 0;
    for (size_t i = 0; i < chunks->count; i++) {
        if (items[i].stored > stored)
            stored = items[i].stored;
        if (items[i].unpacked > unpacked)
            unpacked = items[i].unpacked;
    }
    return chunks->count * (sizeof(struct ims__mcap_chunk) + CURSOR_BYTES) +
           reader->index.uses.count * sizeof(struct ims__mcap_use) + stored +
           IMS__READER_CHUNKS * unpacked;
}

bool ims_mcap_reader_has_summary(const struct ims_mcap_reader *r)
{
    return r->has_summary;
}

const char *ims_mcap_reader_profile(const struct ims_mcap_reader *r)
{
    return r->profile;
}

const char *ims_mcap_reader_library(const struct ims_mcap_reader *r)
{
    return r->library;
}

const struct ims_mcap_channel *ims_mcap_reader_channels(const struct ims_mcap_reader *r,
                                                        size_t *count)
{
    *count = r->index.channels.count;
    return r->index.channels.items;
}

const struct ims_mcap_schema *ims_mcap_reader_schema(const struct ims_mcap_reader *r,
                                                     uint16_t id)
{
    return ims__mcap_index_schema(&r->index, id);
}

const struct ims_mcap_attachment *
ims_mcap_reader_attachments(const struct ims_mcap_reader *r, size_t *count)
{
    *count = r->index.attachments.count;
    return r->index.attachments.items;
}
