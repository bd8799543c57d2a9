/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_WRITER_H
#define IMS_MCAP_WRITER_H

/*
 * What the files of the MCAP writer share: the struct, and units, which are written whole or not at all.
 *
 *     struct ims__unit unit = ims__unit_begin(w);
 *     ims__unit_emit(&unit, head, head_size);
 *     ims__unit_emit(&unit, data, data_size);
 *     return ims__unit_end(&unit, err);           // counted only when all is out; else the error sticks
 */

#include "mcap_gather.h"

#include <zstd.h>

struct ims_mcap_writer {
    struct ims_mcap_output output;
    struct ims_mcap_settings settings;
    struct ims__mcap_index index;
    struct ims__gather gather;
    struct ims_bytes packed; /* a compressed chunk */
    struct ims_bytes small;  /* heads and indexes of chunks, other records */
    ZSTD_CCtx *zstd;
    uint64_t last_ns, clamped, lost;
    uint64_t bytes; /* of whole records */
    uint32_t crc;   /* of these bytes */
    bool is_finished;
    enum ims_result result; /* sticky */
    struct ims_error error;
};

struct ims__unit {
    struct ims_mcap_writer *writer;
    uint64_t bytes; /* of the file, with what is out of this unit */
    uint32_t crc;   /* of this unit */
    enum ims_result result;
};

struct ims__unit ims__unit_begin(struct ims_mcap_writer *w);
void ims__unit_emit(struct ims__unit *unit, const void *data, size_t size);
/* The same, its CRC left to the caller. */
void ims__unit_emit_bare(struct ims__unit *unit, const void *data, size_t size);
enum ims_result ims__unit_end(struct ims__unit *unit, struct ims_error *err);
/* Writes what w->small holds, as a unit. */
enum ims_result ims__writer_small(struct ims_mcap_writer *w, struct ims_error *err);
/* The sticky error, if there is one, or INVALID when the file is finished. */
enum ims_result ims__writer_check(struct ims_mcap_writer *w, struct ims_error *err);
/* INVALID or LIMIT unless they can be written. */
enum ims_result ims__writer_check_text(const char *text, const char *what,
                                       struct ims_error *err);
enum ims_result ims__writer_check_pairs(const struct ims_mcap_pair *pairs, size_t count,
                                        struct ims_error *err);
/* Writes what was gathered as a chunk, with the parts of one more message behind it whose head is there already. */
enum ims_result ims__writer_chunk(struct ims_mcap_writer *w,
                                  const struct ims_mcap_part *parts, size_t count,
                                  struct ims_error *err);

#endif
