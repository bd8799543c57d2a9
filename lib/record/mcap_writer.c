/* SPDX-License-Identifier: MIT */
#include "mcap_writer.h"

#include <stdlib.h>

enum { LEVEL_DEFAULT = 1, LEVEL_MAX = 19 };

/* ---- create, destroy ---- */

static enum ims_result settle(struct ims_mcap_settings *s, struct ims_error *err)
{
    if (!s->chunk_bytes)
        s->chunk_bytes = IMS_MCAP_CHUNK_BYTES;
    if (!s->chunk_ns)
        s->chunk_ns = IMS_MCAP_CHUNK_NS;
    if (!s->zstd_level)
        s->zstd_level = LEVEL_DEFAULT;
    if (s->chunk_bytes > IMS_MCAP_MESSAGE_BYTES_MAX / 2)
        return ims_fail(err, IMS_ERR_INVALID, "chunks of %zu bytes: at most %zu",
                        s->chunk_bytes, IMS_MCAP_MESSAGE_BYTES_MAX / 2);
    if (s->zstd_level < 1 || s->zstd_level > LEVEL_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "zstd level %d: give 1 to %d",
                        s->zstd_level, LEVEL_MAX);
    return IMS_OK;
}

static enum ims_result write_header(struct ims_mcap_writer *w, struct ims_error *err)
{
    w->small.size = 0;
    ims_bytes_append(&w->small, ims__mcap_magic, IMS__MCAP_MAGIC_BYTES);
    const size_t at = ims__mcap_begin(&w->small, IMS__OP_HEADER);
    ims__put_text(&w->small, w->settings.profile);
    ims__put_text(&w->small, w->settings.library ? w->settings.library : "imshow");
    ims__mcap_end(&w->small, at);
    return ims__writer_small(w, err);
}

enum ims_result ims_mcap_writer_create(const struct ims_mcap_output *output,
                                       const struct ims_mcap_settings *settings,
                                       struct ims_mcap_writer **out,
                                       struct ims_error *err)
{
    struct ims_mcap_settings settled =
        settings ? *settings : (struct ims_mcap_settings){0};
    enum ims_result r = settle(&settled, err);

    if (r)
        return r;
    struct ims_mcap_writer *w = calloc(1, sizeof *w);
    if (!w)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    w->output = *output;
    w->settings = settled;
    r = write_header(w, err);
    w->settings.profile = w->settings.library = NULL; /* the caller's */
    if (r) {
        ims_mcap_writer_destroy(w);
        return r;
    }
    *out = w;
    return IMS_OK;
}

void ims_mcap_writer_destroy(struct ims_mcap_writer *w)
{
    if (!w)
        return;
    ims__mcap_index_finish(&w->index);
    ims__gather_finish(&w->gather);
    ims_bytes_finish(&w->packed);
    ims_bytes_finish(&w->small);
    ZSTD_freeCCtx(w->zstd);
    free(w);
}

/* ---- schemas and channels ---- */

enum ims_result ims__writer_check_text(const char *text, const char *what,
                                       struct ims_error *err)
{
    return text && strlen(text) > IMS_MCAP_TEXT_MAX
               ? ims_fail(err, IMS_ERR_LIMIT, "mcap: %s of more than %d bytes", what,
                          IMS_MCAP_TEXT_MAX)
               : IMS_OK;
}

enum ims_result ims__writer_check_pairs(const struct ims_mcap_pair *pairs, size_t count,
                                        struct ims_error *err)
{
    enum ims_result r = IMS_OK;

    if (count > IMS_MCAP_PAIRS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: %zu metadata entries, at most %d",
                        count, IMS_MCAP_PAIRS_MAX);
    for (size_t i = 0; i < count && !r; i++) {
        r = ims__writer_check_text(pairs[i].key, "a metadata key", err);
        if (!r)
            r = ims__writer_check_text(pairs[i].value, "a metadata value", err);
    }
    return r;
}

/* Adds the record whose body `small` holds; INVALID there is a text that is not UTF-8. */
static enum ims_result add_definition(struct ims_mcap_writer *w, enum ims__op op,
                                      struct ims_error *err)
{
    if (w->small.result) {
        const enum ims_result r = w->small.result;
        w->small.result = IMS_OK;
        return ims_fail(err, r, "no memory for a record");
    }
    return ims__mcap_index_add(&w->index, (uint8_t)op, w->small.data, w->small.size, 0,
                               err);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

enum ims_result ims_mcap_writer_schema(struct ims_mcap_writer *w,
                                       const struct ims_mcap_schema *schema, uint16_t *id,
                                       struct ims_error *err)
{
    const struct ims_mcap_schema *have = w->index.schemas.items;
    enum ims_result r = ims__writer_check(w, err);

    for (size_t i = 0; i < w->index.schemas.count && !r; i++)
        if (same_text(have[i].name, schema->name) &&
            same_text(have[i].encoding, schema->encoding) &&
            have[i].size == schema->size &&
            (!schema->size || !memcmp(have[i].data, schema->data, schema->size))) {
            *id = have[i].id;
            return IMS_OK;
        }
    if (!r)
        r = ims__writer_check_text(schema->name, "a name", err);
    if (r)
        return r;
    const uint16_t next = (uint16_t)(w->index.schemas.count + 1);
    w->small.size = 0;
    ims__put_u16(&w->small, next);
    ims__put_text(&w->small, schema->name);
    ims__put_text(&w->small, schema->encoding);
    ims__put_u32(&w->small, (uint32_t)schema->size);
    ims_bytes_append(&w->small, schema->data, schema->size);
    r = add_definition(w, IMS__OP_SCHEMA, err);
    if (!r)
        *id = next;
    return r;
}

enum ims_result ims_mcap_writer_channel(struct ims_mcap_writer *w,
                                        const struct ims_mcap_channel *channel,
                                        uint16_t *id, struct ims_error *err)
{
    enum ims_result r = ims__writer_check(w, err);

    if (!r)
        r = ims__writer_check_text(channel->topic, "a topic", err);
    if (!r)
        r = ims__writer_check_pairs(channel->pairs, channel->pair_count, err);
    if (r)
        return r;
    const uint16_t next = (uint16_t)(w->index.channels.count + 1);
    w->small.size = 0;
    ims__put_u16(&w->small, next);
    ims__put_u16(&w->small, channel->schema);
    ims__put_text(&w->small, channel->topic);
    ims__put_text(&w->small, channel->encoding);
    ims__put_pairs(&w->small, channel->pairs, channel->pair_count);
    r = add_definition(w, IMS__OP_CHANNEL, err);
    if (r)
        return r;
    struct ims_mcap_channel *channels = w->index.channels.items;
    channels[next - 1].zstd = channel->zstd;
    *id = next;
    return IMS_OK;
}

enum ims_result ims_mcap_writer_flush(struct ims_mcap_writer *w, struct ims_error *err)
{
    enum ims_result r = ims__writer_check(w, err);

    return r || !w->gather.messages ? r : ims__writer_chunk(w, NULL, 0, err);
}

/* ---- messages ---- */

static enum ims_result check_message(const struct ims_mcap_writer *w,
                                     const struct ims_mcap_put *put, size_t *size,
                                     struct ims_error *err)
{
    *size = 0;
    if (put->channel == 0 || put->channel > w->index.channels.count)
        return ims_fail(err, IMS_ERR_INVALID, "mcap: no channel %u", put->channel);
    if (put->part_count > IMS_MCAP_PARTS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "mcap: a message of %zu parts, at most %d",
                        put->part_count, IMS_MCAP_PARTS_MAX);
    for (size_t i = 0; i < put->part_count; i++) {
        if (put->parts[i].size > IMS_MCAP_MESSAGE_BYTES_MAX - *size)
            return ims_fail(err, IMS_ERR_LIMIT, "mcap: a message of more than %zu bytes",
                            IMS_MCAP_MESSAGE_BYTES_MAX);
        *size += put->parts[i].size;
    }
    return IMS_OK;
}

/* Does not fit into the chunk that is open: by its bytes, by its time, or by the count of messages. */
static bool must_close(const struct ims_mcap_writer *w, uint64_t log_ns, size_t size)
{
    const struct ims__gather *g = &w->gather;

    return g->messages && (size >= w->settings.chunk_bytes ||
                           log_ns - g->start_ns >= w->settings.chunk_ns ||
                           g->messages >= IMS_MCAP_CHUNK_MESSAGES_MAX);
}

static void clamp_times(struct ims_mcap_writer *w, struct ims_mcap_put *put)
{
    if (put->log_ns < w->last_ns) {
        put->log_ns = w->last_ns;
        w->clamped++;
    }
    if (put->publish_ns == 0)
        put->publish_ns = put->log_ns;
    w->last_ns = put->log_ns;
}

static enum ims_result add_message(struct ims_mcap_writer *w,
                                   const struct ims_mcap_put *put, size_t size,
                                   struct ims_error *err)
{
    const bool is_large = size >= w->settings.chunk_bytes;

    if (!ims__gather_message(&w->gather, &w->index, put, size, !is_large))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a message");
    if (is_large)
        return ims__writer_chunk(w, put->parts, put->part_count, err);
    return w->gather.records.size >= w->settings.chunk_bytes
               ? ims__writer_chunk(w, NULL, 0, err)
               : IMS_OK;
}

enum ims_result ims_mcap_writer_put(struct ims_mcap_writer *w,
                                    const struct ims_mcap_put *message,
                                    struct ims_error *err)
{
    struct ims_mcap_put put = *message;
    size_t size = 0;
    enum ims_result r = ims__writer_check(w, err);

    if (!r)
        r = check_message(w, &put, &size, err);
    if (!r)
        r = ims__mcap_index_room(&w->index, w->gather.used.count + 1, err);
    if (r)
        return r;
    clamp_times(w, &put);
    if (must_close(w, put.log_ns, size))
        r = ims__writer_chunk(w, NULL, 0, err);
    return r ? r : add_message(w, &put, size, err);
}
