/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_READER_H
#define IMS_MCAP_READER_H

/*
 * What the files of the MCAP reader share.
 *
 *     const struct ims__loaded *loaded;
 *     if (ims__reader_chunk(reader, place, &loaded, &err)) ...     // from the cache, or loaded now
 *
 * Chunks whose log times overlap form a group, in which messages are put in order together; in a file that was
 * written in order of time each chunk is a group of its own.
 */

#include "mcap_load.h"

enum { IMS__READER_CHUNKS = 2 }; /* unpacked at a time: figures and frames alternate */

struct ims__group {
    uint64_t start_ns, end_ns;
    uint32_t first, count; /* in order[] */
};

struct ims_mcap_reader {
    struct ims_mcap_input input;
    struct ims__mcap_index index;
    bool has_summary;
    char *profile, *library;
    uint32_t *order; /* chunks that have messages, by start; places in the index */
    struct ims__group *groups;
    size_t group_count;
    struct ims__loader loader;
    struct ims__loaded loaded[IMS__READER_CHUNKS];
    uint64_t uses;
    struct ims__room record; /* metadata that were asked for */
    struct ims_mcap_pair *pairs;
    size_t pair_count;
    char *pair_texts;
};

/* Chunk `place` of the index, unpacked; borrowed till the next call. */
enum ims_result ims__reader_chunk(struct ims_mcap_reader *reader, size_t place,
                                  const struct ims__loaded **out, struct ims_error *err);
/* Reads the summary of a finished file into the index. Fails: INVALID, LIMIT, TRUNCATED when there is none that can be
 * used; IO, NOMEM. */
enum ims_result ims__summary_read(const struct ims_mcap_input *input,
                                  struct ims__mcap_index *index, struct ims_error *err);
/* Whether the index leaves nothing out, as far as it can tell of itself. */
bool ims__summary_is_whole(const struct ims__mcap_index *index);
/* INVALID unless the file begins as an MCAP file. */
enum ims_result ims__magic_check(const struct ims_mcap_input *input,
                                 struct ims_error *err);

#endif
