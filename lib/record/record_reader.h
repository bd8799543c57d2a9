/* SPDX-License-Identifier: MIT */
#ifndef IMS_RECORD_READER_H
#define IMS_RECORD_READER_H

/*
 * What the files of the reader of recordings share.
 *
 *     struct ims__part *part = ims__record_part(reader, stream, kind);
 *     if (ims__part_cursor(reader, part, &cursor, &err)) ...
 */

#include "frame_message.h"

#include <imshow/record.h>

enum { IMS__RECORD_LABELS = IMS_RECORD_KINDS, IMS__RECORD_PARTS };

/* The channels of one kind of a stream. */
struct ims__part {
    uint16_t *channels;
    struct ims__frame_channel *how; /* of frames, one a channel */
    size_t count;
    struct ims_mcap_cursor *cursor; /* made when it is first used */
};

struct ims__slot {
    struct ims_record_stream stream;
    struct ims__part parts[IMS__RECORD_PARTS];
    struct ims_labels *labels; /* the ones that were read last */
    uint64_t labels_number;
};

struct ims_record_reader {
    struct ims_mcap_reader *mcap;
    struct ims__slot *slots; /* the first one is of the whole recording */
    size_t count;
};

/* The slot of a stream; NULL, with an error: there is none. */
struct ims__slot *ims__record_slot(struct ims_record_reader *r, size_t stream,
                                   struct ims_error *err);
enum ims_result ims__part_cursor(struct ims_record_reader *r, struct ims__part *part,
                                 struct ims_mcap_cursor **out, struct ims_error *err);
/* Sorts the file's channels into slots. */
enum ims_result ims__record_sort(struct ims_record_reader *r, struct ims_error *err);

#endif
