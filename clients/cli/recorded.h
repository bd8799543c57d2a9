/* SPDX-License-Identifier: MIT */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

/*
 * The frames of a recording that were asked for: one stream, from, to, every so many.
 *
 *     struct recorded recorded;
 *     if (recorded_open("night.mcap", &recorded, &err)) ...
 *     const struct recorded_part part = {.stream = "lab", .from = "2.5", .every = 10};
 *     if (recorded_choose(&recorded, &part, &err)) ...
 *     for (uint64_t i = 0; i < recorded.count; i++)
 *         if (recorded_array(&recorded, i, &array, &err)) ...
 *     recorded_close(&recorded);
 *
 * One thread. Memory: what the reader takes, and the frame that is read.
 */

#include <imshow/record.h>

struct recorded {
    const char *path; /* borrowed */
    int fd;
    struct ims_record_reader *reader;
    int64_t start_us, end_us; /* of all frames in the file */
    /* what was chosen */
    size_t stream;
    uint64_t first, every, count; /* frames first, first + every ... */
};

struct recorded_part {
    const char *stream; /* NULL: the only one */
    const char *from,
        *to; /* "2.5": seconds from the beginning; a time as 2026-01-31T06:00:00; "#17": a frame. NULL:
                            * all there is; both are within */
    uint64_t every; /* 0: 1 */
};

/* Fails: IO, INVALID, LIMIT, NOMEM; with the path. */
IMS_NODISCARD enum ims_result recorded_open(const char *path, struct recorded *out,
                                            struct ims_error *err);
void recorded_close(struct recorded *recorded);
/* INVALID when that is no frame, saying which streams and times there are. */
IMS_NODISCARD enum ims_result recorded_choose(struct recorded *recorded,
                                              const struct recorded_part *part,
                                              struct ims_error *err);
/* A place as µs since 1970; for "#17" that of the frame of the chosen stream. */
IMS_NODISCARD enum ims_result recorded_time(struct recorded *recorded, const char *place,
                                            int64_t *out, struct ims_error *err);
/* Frame `i` of those chosen, and its time; the caller's. Fails: as ims_record_reader_frame, with the number. */
IMS_NODISCARD enum ims_result recorded_frame(struct recorded *recorded, uint64_t i,
                                             struct ims_frame **out,
                                             struct ims_error *err);
/* The same as px.imshow gets it: a camera's picture as (h, w, 3), or with `is_raw` a mosaic as it was sensed. */
IMS_NODISCARD enum ims_result recorded_array(struct recorded *recorded, uint64_t i,
                                             bool is_raw, struct ims_array *out,
                                             struct ims_error *err);
IMS_NODISCARD enum ims_result recorded_frame_us(struct recorded *recorded, uint64_t i,
                                                int64_t *out, struct ims_error *err);
/* What the stream's figure was at the first frame that was chosen, a map of params, labelled, ops and view; NULL:
 * nothing was recorded. The caller's. */
IMS_NODISCARD enum ims_result recorded_figure(struct recorded *recorded,
                                              struct ims_document **out,
                                              struct ims_error *err);

#endif
