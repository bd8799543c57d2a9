/* SPDX-License-Identifier: MIT */
/* The messages of some channels as one list in order of time. */
#include "mcap_reader.h"

#include <inttypes.h>
#include <stdlib.h>

struct entry {
    uint64_t log_ns;
    uint32_t at;    /* of the record in the chunk's records */
    uint32_t chunk; /* place in the index */
    uint16_t channel;
};

struct ims_mcap_cursor {
    struct ims_mcap_reader *reader;
    uint16_t *channels; /* ids, ascending */
    size_t channel_count;
    uint64_t *before; /* messages in the groups before this one; one more than groups */
    struct entry *entries;
    size_t entry_count, entry_capacity;
    size_t group; /* whose entries these are; SIZE_MAX: none's */
    struct ims__room indexes;
};

static bool has_channel(const struct ims_mcap_cursor *c, uint16_t channel)
{
    size_t lo = 0, hi = c->channel_count;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (c->channels[middle] < channel)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < c->channel_count && c->channels[lo] == channel;
}

static uint64_t count_chunk(const struct ims_mcap_cursor *c,
                            const struct ims__mcap_chunk *chunk)
{
    const struct ims__mcap_use *uses = ims__mcap_index_uses(&c->reader->index, chunk);
    uint64_t count = 0;

    for (uint32_t i = 0; i < chunk->uses; i++)
        if (has_channel(c, uses[i].channel))
            count += uses[i].count;
    return count;
}

static const struct ims__mcap_chunk *chunk_of(const struct ims_mcap_cursor *c,
                                              const struct ims__group *group, uint32_t i)
{
    return &ims__mcap_index_chunks(&c->reader->index)[c->reader->order[group->first + i]];
}

static void count_groups(struct ims_mcap_cursor *c)
{
    const struct ims_mcap_reader *r = c->reader;

    for (size_t g = 0; g < r->group_count; g++) {
        c->before[g + 1] = c->before[g];
        for (uint32_t i = 0; i < r->groups[g].count; i++)
            c->before[g + 1] += count_chunk(c, chunk_of(c, &r->groups[g], i));
    }
}

static int by_id(const void *a, const void *b)
{
    const uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

    return (x > y) - (x < y);
}

enum ims_result ims_mcap_cursor_create(struct ims_mcap_reader *reader,
                                       const uint16_t *channels, size_t count,
                                       struct ims_mcap_cursor **out,
                                       struct ims_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (ims__mcap_index_channel(&reader->index, channels[i]) == SIZE_MAX)
            return ims_fail(err, IMS_ERR_INVALID, "mcap: no channel %u", channels[i]);
    struct ims_mcap_cursor *c = calloc(1, sizeof *c);
    if (c) {
        c->reader = reader;
        c->group = SIZE_MAX;
        c->channels = calloc(count + 1, sizeof *c->channels);
        c->before = calloc(reader->group_count + 1, sizeof *c->before);
    }
    if (!c || !c->channels || !c->before) {
        ims_mcap_cursor_destroy(c);
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    }
    if (count)
        memcpy(c->channels, channels, count * sizeof *channels);
    c->channel_count = count;
    qsort(c->channels, count, sizeof *c->channels, by_id);
    count_groups(c);
    *out = c;
    return IMS_OK;
}

void ims_mcap_cursor_destroy(struct ims_mcap_cursor *c)
{
    if (!c)
        return;
    free(c->channels);
    free(c->before);
    free(c->entries);
    free(c->indexes.data);
    free(c);
}

uint64_t ims_mcap_cursor_count(const struct ims_mcap_cursor *c)
{
    return c->before[c->reader->group_count];
}

/* ---- the entries of a group ---- */

static enum ims_result broken(const struct ims__mcap_chunk *chunk, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID,
                    "mcap: the message index of the chunk at byte %" PRIu64 " is broken",
                    chunk->offset);
}

static enum ims_result make_room(struct ims_mcap_cursor *c, uint64_t count,
                                 struct ims_error *err)
{
    if (count > IMS_MCAP_CHUNK_MESSAGES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "mcap: %" PRIu64 " messages in chunks whose times overlap, at "
                        "most %d: sort the file",
                        count, IMS_MCAP_CHUNK_MESSAGES_MAX);
    if (count <= c->entry_capacity)
        return IMS_OK;
    struct entry *entries = realloc(c->entries, (size_t)count * sizeof *entries);
    if (!entries)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for an index");
    c->entries = entries;
    c->entry_capacity = (size_t)count;
    return IMS_OK;
}

static void add_entry(struct ims_mcap_cursor *c, uint64_t log_ns, uint64_t at,
                      size_t chunk, uint16_t channel)
{
    if (c->entry_count < c->entry_capacity)
        c->entries[c->entry_count++] =
            (struct entry){log_ns, at < UINT32_MAX ? (uint32_t)at : UINT32_MAX,
                           (uint32_t)chunk, channel};
}

static enum ims_result add_use(struct ims_mcap_cursor *c,
                               const struct ims__mcap_chunk *chunk,
                               const struct ims__mcap_use *use, struct ims_error *err)
{
    const uint64_t offset = chunk->offset + chunk->length + use->index_at;
    const size_t entries = (size_t)use->count * IMS__MCAP_INDEX_ENTRY_BYTES;
    const size_t size = IMS__MCAP_HEAD_BYTES + 6 + entries;
    const size_t place = (size_t)(chunk - ims__mcap_index_chunks(&c->reader->index));

    if (!ims__room_for(&c->indexes, size))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for an index");
    enum ims_result r =
        ims__input_read(&c->reader->input, offset, c->indexes.data, size, err);
    if (r)
        return r;
    const struct ims__mcap_head head = ims__mcap_head(c->indexes.data);
    struct ims__take in = {c->indexes.data + IMS__MCAP_HEAD_BYTES, 6 + entries, false};
    const uint16_t channel = ims__take_u16(&in);
    const uint32_t bytes = ims__take_u32(&in);
    if (head.op != IMS__OP_MESSAGE_INDEX || head.length != 6 + (uint64_t)entries ||
        channel != use->channel || bytes != entries)
        return broken(chunk, err);
    for (uint32_t i = 0; i < use->count; i++) {
        const uint64_t log_ns = ims__take_u64(&in);
        add_entry(c, log_ns, ims__take_u64(&in), place, channel);
    }
    return IMS_OK;
}

/* Without a message index: the chunk itself is looked through. */
static enum ims_result add_unindexed(struct ims_mcap_cursor *c,
                                     const struct ims__mcap_chunk *chunk,
                                     struct ims_error *err)
{
    const size_t place = (size_t)(chunk - ims__mcap_index_chunks(&c->reader->index));
    const struct ims__loaded *loaded;
    struct ims__record record = {0};
    struct ims_mcap_message message;

    enum ims_result r = ims__reader_chunk(c->reader, place, &loaded, err);
    if (r)
        return r;
    while (ims__next_record(loaded->records, loaded->size, &record))
        if (record.op == IMS__OP_MESSAGE && ims__read_message(&record, &message) &&
            has_channel(c, message.channel))
            add_entry(c, message.log_ns, record.at, place, message.channel);
    return IMS_OK;
}

static enum ims_result add_chunk(struct ims_mcap_cursor *c,
                                 const struct ims__mcap_chunk *chunk,
                                 struct ims_error *err)
{
    const struct ims__mcap_use *uses = ims__mcap_index_uses(&c->reader->index, chunk);
    enum ims_result r = IMS_OK;

    if (count_chunk(c, chunk) == 0)
        return IMS_OK;
    if (chunk->index_bytes == 0)
        return add_unindexed(c, chunk, err);
    for (uint32_t i = 0; i < chunk->uses && !r; i++)
        if (has_channel(c, uses[i].channel))
            r = add_use(c, chunk, &uses[i], err);
    return r;
}

/* Chunks of one group are in order of their start; places of records in a chunk rise. */
static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->log_ns != y->log_ns)
        return x->log_ns < y->log_ns ? -1 : 1;
    if (x->chunk != y->chunk)
        return x->chunk < y->chunk ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static bool is_sorted(const struct ims_mcap_cursor *c)
{
    for (size_t i = 1; i < c->entry_count; i++)
        if (by_time(&c->entries[i - 1], &c->entries[i]) > 0)
            return false;
    return true;
}

static enum ims_result load_group(struct ims_mcap_cursor *c, size_t g,
                                  struct ims_error *err)
{
    const struct ims__group *group = &c->reader->groups[g];
    const uint64_t count = c->before[g + 1] - c->before[g];

    if (c->group == g)
        return IMS_OK;
    c->group = SIZE_MAX;
    c->entry_count = 0;
    enum ims_result r = make_room(c, count, err);
    for (uint32_t i = 0; i < group->count && !r; i++)
        r = add_chunk(c, chunk_of(c, group, i), err);
    if (!r && c->entry_count != count)
        r = broken(chunk_of(c, group, 0), err);
    if (r)
        return r;
    if (!is_sorted(c))
        qsort(c->entries, c->entry_count, sizeof *c->entries, by_time);
    c->group = g;
    return IMS_OK;
}

/* The last group before whose end `number` lies. */
static size_t group_of(const struct ims_mcap_cursor *c, uint64_t number)
{
    size_t lo = 0, hi = c->reader->group_count - 1;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (c->before[middle + 1] <= number)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static enum ims_result find_entry(struct ims_mcap_cursor *c, uint64_t number,
                                  const struct entry **out, struct ims_error *err)
{
    if (number >= ims_mcap_cursor_count(c))
        return ims_fail(err, IMS_ERR_INVALID,
                        "mcap: no message %" PRIu64 ": there are %" PRIu64, number,
                        ims_mcap_cursor_count(c));
    const size_t g = group_of(c, number);
    enum ims_result r = load_group(c, g, err);
    if (!r)
        *out = &c->entries[number - c->before[g]];
    return r;
}

/* ---- public ---- */

enum ims_result ims_mcap_cursor_time(struct ims_mcap_cursor *c, uint64_t number,
                                     uint64_t *log_ns, uint16_t *channel,
                                     struct ims_error *err)
{
    const struct entry *entry;
    enum ims_result r = find_entry(c, number, &entry, err);

    if (r)
        return r;
    if (log_ns)
        *log_ns = entry->log_ns;
    if (channel)
        *channel = entry->channel;
    return IMS_OK;
}

enum ims_result ims_mcap_cursor_read(struct ims_mcap_cursor *c, uint64_t number,
                                     struct ims_mcap_message *out, struct ims_error *err)
{
    const struct entry *entry;
    const struct ims__loaded *loaded;
    struct ims_mcap_message message;

    enum ims_result r = find_entry(c, number, &entry, err);
    if (!r)
        r = ims__reader_chunk(c->reader, entry->chunk, &loaded, err);
    if (r)
        return r;
    struct ims__record record = {.next = entry->at};
    if (entry->at > loaded->size ||
        !ims__next_record(loaded->records, loaded->size, &record) ||
        !ims__read_message(&record, &message) || message.channel != entry->channel ||
        message.log_ns != entry->log_ns)
        return broken(&ims__mcap_index_chunks(&c->reader->index)[entry->chunk], err);
    *out = message;
    return IMS_OK;
}

static uint64_t count_until(const struct ims_mcap_cursor *c, uint64_t log_ns)
{
    size_t lo = 0, hi = c->entry_count;

    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (c->entries[middle].log_ns <= log_ns)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

enum ims_result ims_mcap_cursor_find(struct ims_mcap_cursor *c, uint64_t log_ns,
                                     uint64_t *out, struct ims_error *err)
{
    const struct ims__group *groups = c->reader->groups;
    size_t lo = 0, hi = c->reader->group_count;

    /* Groups that begin at that time or before; only the last of them may end after it. */
    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (groups[middle].start_ns <= log_ns)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo == 0 || groups[lo - 1].end_ns <= log_ns ||
        c->before[lo] == c->before[lo - 1]) {
        *out = c->before[lo];
        return IMS_OK;
    }
    enum ims_result r = load_group(c, lo - 1, err);
    if (!r)
        *out = c->before[lo - 1] + count_until(c, log_ns);
    return r;
}
