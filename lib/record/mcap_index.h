/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_INDEX_H
#define IMS_MCAP_INDEX_H

/*
 * What a summary says: schemas, channels, where chunks, attachments and metadata lie, and counts. The writer, the
 * reader and recovery keep one each.
 *
 *     struct ims__mcap_index index = {0};
 *     if (ims__mcap_index_add(&index, op, body, size, &err)) ...    // records of a summary, or of a file
 *     ims__mcap_index_put(&index, at, &out);                        // the summary that goes to byte `at` of the file
 *     ims__mcap_index_finish(&index);
 *
 * Bounds are those of mcap.h, checked by whatever adds.
 */

#include "mcap_format.h"

/* Messages of one channel in one chunk. */
struct ims__mcap_use {
    uint32_t index_at; /* its MessageIndex record, from the end of the chunk on */
    uint32_t count;
    uint16_t channel;
};

struct ims__mcap_chunk {
    uint64_t start_ns, end_ns;
    uint64_t offset, length; /* of the record */
    uint64_t stored, unpacked;
    uint32_t
        index_bytes; /* of the MessageIndex records behind it; 0: it has none, or is loose */
    uint32_t first_use, uses; /* in uses[] */
    uint8_t compression;
    bool
        is_loose; /* no chunk: records of the data section itself, `length` bytes from `offset` on */
};

struct ims__mcap_extra {
    uint64_t offset, length;
};

/* A list that doubles. */
struct ims__mcap_list {
    void *items;
    size_t count, capacity;
};

struct ims__mcap_raw {
    uint8_t *record; /* as it is written, head and all */
    size_t size;
};

struct ims__mcap_index {
    struct ims__mcap_list schemas;           /* struct ims_mcap_schema, by id */
    struct ims__mcap_list schema_raws;       /* struct ims__mcap_raw, in the same order */
    struct ims__mcap_list channels;          /* struct ims_mcap_channel, by id */
    struct ims__mcap_list channel_raws;      /* struct ims__mcap_raw */
    struct ims__mcap_list chunks;            /* struct ims__mcap_chunk */
    struct ims__mcap_list uses;              /* struct ims__mcap_use */
    struct ims__mcap_list attachments;       /* struct ims_mcap_attachment */
    struct ims__mcap_list attachment_places; /* struct ims__mcap_extra */
    struct ims__mcap_list metadata;          /* char *: names */
    struct ims__mcap_list metadata_places;   /* struct ims__mcap_extra */
    struct ims_mcap_counts counts;           /* counted as things are added */
    size_t raw_bytes;                        /* of schemas and channels */
    /* Of a summary that was read: what its Statistics claim. */
    bool has_statistics;
    struct ims_mcap_counts claimed;
};

void ims__mcap_index_finish(struct ims__mcap_index *index);

/* Room for one more item; NULL: no memory. */
void *ims__mcap_list_add(struct ims__mcap_list *list, size_t item_size);

/* Adds a record by its body: schema, channel, chunk index, attachment index, metadata index, statistics; other
 * opcodes are not looked at. A schema or channel that is there already must be the same. `end`: chunks and the like
 * must end before that byte. Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__mcap_index_add(struct ims__mcap_index *index,
                                                  uint8_t op, const uint8_t *body,
                                                  size_t size, uint64_t end,
                                                  struct ims_error *err);
/* Adds all records between `data` and `data` + size, as of a summary. */
IMS_NODISCARD enum ims_result ims__mcap_index_parse(struct ims__mcap_index *index,
                                                    const uint8_t *data, size_t size,
                                                    uint64_t end, struct ims_error *err);
/* A chunk and its uses (`chunk->first_use` is set here). Nothing is kept of one that fails: LIMIT, NOMEM, INVALID
 * (a channel that is not there). */
IMS_NODISCARD enum ims_result ims__mcap_index_chunk(struct ims__mcap_index *index,
                                                    const struct ims__mcap_chunk *chunk,
                                                    const struct ims__mcap_use *uses,
                                                    struct ims_error *err);
/* Whether one more chunk of so many channels fits. */
IMS_NODISCARD enum ims_result ims__mcap_index_room(const struct ims__mcap_index *index,
                                                   size_t uses, struct ims_error *err);
IMS_NODISCARD enum ims_result
ims__mcap_index_attachment(struct ims__mcap_index *index,
                           const struct ims_mcap_attachment *attachment, uint64_t offset,
                           uint64_t length, struct ims_error *err);
IMS_NODISCARD enum ims_result ims__mcap_index_metadata(struct ims__mcap_index *index,
                                                       const char *name, uint64_t offset,
                                                       uint64_t length,
                                                       struct ims_error *err);

struct ims_mcap_schema *ims__mcap_index_schema(const struct ims__mcap_index *index,
                                               uint16_t id);
/* Its place in channels, or SIZE_MAX. */
size_t ims__mcap_index_channel(const struct ims__mcap_index *index, uint16_t id);
const struct ims__mcap_chunk *ims__mcap_index_chunks(const struct ims__mcap_index *index);
const struct ims__mcap_use *ims__mcap_index_uses(const struct ims__mcap_index *index,
                                                 const struct ims__mcap_chunk *chunk);

/* Appends summary, summary offsets, footer and magic; `at` is where in the file they will lie. */
void ims__mcap_index_put(const struct ims__mcap_index *index, uint64_t at,
                         struct ims_bytes *out);

#endif
