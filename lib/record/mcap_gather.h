/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_GATHER_H
#define IMS_MCAP_GATHER_H

/*
 * The chunk that is being gathered: its records, and the index of its messages by channel.
 *
 *     if (ims__gather_message(&gather, &index, &put, size, true)) ...
 *     ims__gather_indexes(&gather, channels, &out, uses);      // what stands behind the chunk
 *     ims__gather_reset(&gather);                              // memory is kept for the next one
 *
 * The writer's own; nobody else has one.
 */

#include "mcap_index.h"

struct ims__gather {
    struct ims_bytes records;
    struct ims__mcap_list
        indexes; /* struct ims_bytes: one a channel of the file, its MessageIndex entries */
    struct ims__mcap_list
        used; /* uint16_t: places of the channels that have messages here */
    uint64_t start_ns, end_ns;
    uint64_t messages;
    size_t zstd_bytes; /* of messages whose channels want it */
};

void ims__gather_finish(struct ims__gather *gather);
void ims__gather_reset(struct ims__gather *gather);
/* Appends the schema and channel, the first time that one is seen in this chunk, and a message of `size` bytes;
 * `with_data` false: its head alone, the data are written from where they are. False: no memory; the gathering is as
 * it was. */
bool ims__gather_message(struct ims__gather *gather, const struct ims__mcap_index *index,
                         const struct ims_mcap_put *put, size_t size, bool with_data);
/* Appends the MessageIndex records and fills `uses`, one for each of gather->used. */
void ims__gather_indexes(const struct ims__gather *gather,
                         const struct ims__mcap_index *index, struct ims_bytes *out,
                         struct ims__mcap_use *uses);

#endif
