/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_WALK_H
#define IMS_MCAP_WALK_H

/*
 * A file's data section from record to record, into an index: for files without a summary, and for recovery.
 *
 *     struct ims__mcap_walk walk;
 *     ims__mcap_walk_init(&walk, &input, &index, chunk_max, verify);
 *     do r = ims__mcap_walk_step(&walk, &err); while (!r && walk.step == IMS__STEP_ON);
 *     ims__mcap_walk_finish(&walk);
 *
 * Heads are read, not chunks, unless one has no message index, or channels that are not known yet. With `verify` a
 * chunk counts only when its bytes are right: by its seal, or else unpacked and held against its CRC and indexes.
 */

#include "mcap_load.h"

enum ims__step {
    IMS__STEP_ON,  /* a record is behind us */
    IMS__STEP_END, /* the end of data, or of the file, between two records */
    IMS__STEP_BAD, /* what lies at walk.at is no record, or a damaged one */
};

struct ims__mcap_walk {
    const struct ims_mcap_input *input;
    struct ims__mcap_index *index;
    bool verify;
    enum ims__step step;
    uint64_t at;   /* the next record */
    uint64_t good; /* end of the last record that is known to be right */
    struct ims__loader loader;
    struct ims__loaded loaded;
    struct ims__mcap_list uses; /* struct ims__mcap_use of the chunk at hand */
    struct ims__room indexes;   /* its MessageIndex records */
    /* Loose messages that follow each other are gathered into one entry of the index. */
    struct ims__mcap_chunk loose;
    struct ims__mcap_list loose_uses;
    const char *why; /* of BAD, for the error of a reader */
    /* With `verify`: the CRC of the file up to some byte, as far as it came along the way. */
    uint64_t crc_end;
    uint32_t crc;
    struct ims__room piece;
};

void ims__mcap_walk_init(struct ims__mcap_walk *walk, const struct ims_mcap_input *input,
                         struct ims__mcap_index *index, size_t chunk_max, bool verify);
void ims__mcap_walk_finish(struct ims__mcap_walk *walk);
/* One record, or a chunk with what belongs to it. Fails: IO, NOMEM, LIMIT, UNSUPPORTED (a compression that would have
 * to be unpacked). */
enum ims_result ims__mcap_walk_step(struct ims__mcap_walk *walk, struct ims_error *err);
/* The chunk at walk.at, and nothing else. */
enum ims_result ims__mcap_walk_chunk(struct ims__mcap_walk *walk, struct ims_error *err);
/* The CRC of the file's first `end` bytes, in walk->crc; what the walk summed up is not read again. */
enum ims_result ims__mcap_walk_crc(struct ims__mcap_walk *walk, uint64_t end,
                                   struct ims_error *err);
/* Adds what was gathered of loose messages. To be called after the last step. */
enum ims_result ims__mcap_walk_settle(struct ims__mcap_walk *walk, struct ims_error *err);
/* Whether `size` bytes at `data`, of which the file has `left` more, can be the head of a chunk. */
bool ims__mcap_walk_is_chunk(const uint8_t *data, size_t size, uint64_t left);

#endif
