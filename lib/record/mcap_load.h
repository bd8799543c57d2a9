/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_LOAD_H
#define IMS_MCAP_LOAD_H

/*
 * Bytes of a file: whole reads, records one after the other, chunks unpacked.
 *
 *     struct ims__loader loader = {.chunk_max = max};
 *     if (ims__load_chunk(&loader, input, chunk, &loaded, &err)) ...
 *     struct ims__record record = {0};
 *     while (ims__next_record(loaded.records, loaded.size, &record)) ...
 *     if (record.next != loaded.size) ...                            // something broken is left
 */

#include "mcap_index.h"

#include <zstd.h>

/* Bytes at `offset`; IMS_ERR_TRUNCATED where the file does not have them. */
enum ims_result ims__input_read(const struct ims_mcap_input *input, uint64_t offset,
                                void *data, size_t size, struct ims_error *err);
/* Memory that fits one thing exactly, and is kept while the next is not much smaller. */
struct ims__room {
    uint8_t *data;
    size_t size;
};
bool ims__room_for(struct ims__room *room, size_t size);

/* The CRC of a range, read in pieces into `piece`. */
enum ims_result ims__input_crc(const struct ims_mcap_input *input, uint64_t offset,
                               uint64_t size, struct ims__room *piece, uint32_t *crc,
                               struct ims_error *err);

struct ims__record {
    uint8_t op;
    const uint8_t *body;
    size_t size;
    size_t at, next; /* where it begins, and the next one */
};
/* The record at record->next; false at the end, or when it does not fit into what is left. */
bool ims__next_record(const uint8_t *data, size_t size, struct ims__record *record);

bool ims__read_message(const struct ims__record *record, struct ims_mcap_message *out);

struct ims__loaded {
    struct ims__room stored, unpacked;
    const uint8_t *records;
    size_t size;
    size_t place;  /* of the chunk in its index, by the reader */
    uint64_t used; /* when, by the reader; 0: holds nothing */
};
void ims__loaded_finish(struct ims__loaded *loaded);

struct ims__loader {
    size_t chunk_max;
    ZSTD_DCtx *zstd;
};
void ims__loader_finish(struct ims__loader *loader);
/* Reads a chunk, unpacks it and checks its CRC; the loose records of a range as they are. Fails: INVALID, LIMIT,
 * UNSUPPORTED (compression), TRUNCATED, IO, NOMEM; `loaded` then holds nothing. */
enum ims_result ims__load_chunk(struct ims__loader *loader,
                                const struct ims_mcap_input *input,
                                const struct ims__mcap_chunk *chunk,
                                struct ims__loaded *loaded, struct ims_error *err);

#endif
