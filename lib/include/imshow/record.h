/* SPDX-License-Identifier: MIT */
#ifndef IMS_RECORD_H
#define IMS_RECORD_H

/*
 * A recording: frames of streams, their figures, controls, statistics and markers, in one MCAP file.
 *
 *     struct ims_record_writer *w;
 *     struct ims_mcap_output output = ims_mcap_output_fd(fd);
 *     if (ims_record_writer_create(&output, NULL, &w, &err)) ...
 *     if (ims_record_writer_frame(w, "lab", frame, &err)) ...               // again and again
 *     if (ims_record_writer_put(w, IMS_RECORD_FIGURE, "lab", now_us, map, size, &err)) ...
 *     if (ims_mcap_writer_finish(ims_record_writer_mcap(w), &err)) ...
 *     ims_record_writer_destroy(w);
 *
 *     struct ims_record_reader *r;
 *     if (ims_mcap_input_fd(fd, &input, &err) || ims_record_reader_open(&input, NULL, &r, &err)) ...
 *     const struct ims_record_stream *s = ims_record_reader_stream(r, 0);   // s->name, s->frames ...
 *     if (ims_record_reader_find(r, 0, IMS_RECORD_FRAMES, time_us, &number, &err)) ...
 *     if (ims_record_reader_frame(r, 0, number, &frame, &err)) ...
 *
 * A frame that is read back equals the one that was written, bit for bit. Pictures of a camera and arrays that
 * are plain images go as protobuf messages foxglove.CompressedImage and foxglove.RawImage, which other programs
 * open, everything else as msgpack; docs/recording.md tells every byte. Files of other programs that hold such
 * images open as streams too. A writer, and a reader, belongs to one thread at a time.
 */

#include <imshow/frame.h>
#include <imshow/mcap.h>
#include <imshow/value.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ims_record_kind {
    IMS_RECORD_FRAMES,
    IMS_RECORD_FIGURE, /* {"params", "labelled", "ops", "view"}: from now on the stream's figure is this */
    IMS_RECORD_CONTROLS,   /* {name: value}: what was turned at the camera */
    IMS_RECORD_STATISTICS, /* a map of counts: frames that were dropped and so on */
    IMS_RECORD_MARKERS,    /* {"text": ...}: something happened */
    IMS_RECORD_STATE,      /* {"state": "live" | "waiting" | "lost", "reason": text} */
    IMS_RECORD_KINDS,
};
/* "frames", "figure" ...; static text. */
const char *ims_record_kind_name(enum ims_record_kind kind);

enum {
    IMS_RECORD_STREAMS_MAX = 256,
    IMS_RECORD_NAME_MAX =
        64, /* bytes of a stream's name, [A-Za-z0-9._-], first a letter or digit */
};
#define IMS_RECORD_FRAME_BYTES_MAX ((size_t)128 << 20) /* of one frame's pixels */
#define IMS_RECORD_VALUE_BYTES_MAX ((size_t)8 << 20)   /* of one map */

/* ---- writing ---- */

struct ims_record_settings {
    struct ims_mcap_settings mcap;
    bool no_zstd; /* arrays and raw pictures are stored as they are; JPEG always is */
};

struct ims_record_writer;

/* As ims_mcap_writer_create. */
IMS_NODISCARD enum ims_result
ims_record_writer_create(const struct ims_mcap_output *output,
                         const struct ims_record_settings *settings,
                         struct ims_record_writer **out, struct ims_error *err);
void ims_record_writer_destroy(struct ims_record_writer *writer); /* NULL is fine */
/* The file below: flush, finish, bytes, counts, resume, snapshot, attach and metadata are called on it. Borrowed. */
struct ims_mcap_writer *ims_record_writer_mcap(struct ims_record_writer *writer);

/* Adds a frame; borrowed for the call. Its log time is frame->time_us (never less than that of the message
 * before: the file's order is the order of calls), its publish time frame->source_time_us where there is one. A
 * frame of another form or epoch than the stream's last begins a new channel; labels are written when they
 * change. What a frame read back does not have is grab_ns,
 * and places, which follow from its labels and the figure. Fails: INVALID (name, a frame that is none), LIMIT
 * (pixels, streams, channels), NOMEM: this frame is not written, the file is well; the output's errors, sticky. */
IMS_NODISCARD enum ims_result ims_record_writer_frame(struct ims_record_writer *writer,
                                                      const char *stream,
                                                      const struct ims_frame *frame,
                                                      struct ims_error *err);
/* Adds a map that a msgpack sink wrote. `stream` NULL: it is of the whole recording (statistics, markers, state).
 * Fails: INVALID (kind FRAMES, name, not one whole msgpack map), LIMIT; as above. */
IMS_NODISCARD enum ims_result ims_record_writer_put(struct ims_record_writer *writer,
                                                    enum ims_record_kind kind,
                                                    const char *stream, int64_t time_us,
                                                    const uint8_t *map, size_t size,
                                                    struct ims_error *err);

/* ---- reading ---- */

struct ims_record_stream {
    char name[IMS_RECORD_NAME_MAX +
              1];      /* of a file by others: made of the topic, unique */
    const char *topic; /* of its first channel of frames, or "" */
    bool foreign;      /* by another program: frames only */
    uint64_t frames;
    uint32_t epochs;                   /* channels of frames */
    int64_t first_us, last_us;         /* log times of its frames; 0 without any */
    uint64_t counts[IMS_RECORD_KINDS]; /* messages of each kind; [FRAMES] is `frames` */
};

struct ims_record_reader;

/* As ims_mcap_reader_open. A file without a stream is fine and has none. Streams past IMS_RECORD_STREAMS_MAX are
 * left out. */
IMS_NODISCARD enum ims_result
ims_record_reader_open(const struct ims_mcap_input *input,
                       const struct ims_mcap_reader_settings *settings,
                       struct ims_record_reader **out, struct ims_error *err);
/* A recording that is still being written, by its writer's snapshot (mcap.h). */
IMS_NODISCARD enum ims_result
ims_record_reader_open_running(const struct ims_mcap_input *input,
                               const struct ims_mcap_reader_settings *settings,
                               const uint8_t *snapshot, size_t size,
                               struct ims_record_reader **out, struct ims_error *err);
void ims_record_reader_close(struct ims_record_reader *reader); /* NULL is fine */
/* The container below: counts, channels, attachments. Borrowed. */
struct ims_mcap_reader *ims_record_reader_mcap(struct ims_record_reader *reader);

/* How many streams there are. */
size_t ims_record_reader_streams(const struct ims_record_reader *reader);
/* Borrowed; `stream` counts from 0, in order of the file's channels. IMS_RECORD_WHOLE has what is of the whole
 * recording: no frames, its name is "". */
const struct ims_record_stream *
ims_record_reader_stream(const struct ims_record_reader *reader, size_t stream);
#define IMS_RECORD_WHOLE SIZE_MAX
/* Its place, or IMS_RECORD_WHOLE when there is none of this name. */
size_t ims_record_reader_named(const struct ims_record_reader *reader, const char *name);

/* How many messages of a kind have a log time of at most `time_us`: less one, the number of what held at that time;
 * itself, the number of the next. A stream's frames are numbered through all epochs. */
IMS_NODISCARD enum ims_result ims_record_reader_find(struct ims_record_reader *reader,
                                                     size_t stream,
                                                     enum ims_record_kind kind,
                                                     int64_t time_us, uint64_t *out,
                                                     struct ims_error *err);
/* Its log time, µs, without reading the message. */
IMS_NODISCARD enum ims_result ims_record_reader_time(struct ims_record_reader *reader,
                                                     size_t stream,
                                                     enum ims_record_kind kind,
                                                     uint64_t number, int64_t *out,
                                                     struct ims_error *err);
/* Frame `number` from 0: a new frame with one reference, the caller's. seq, epoch, times, labels, meta and
 * everything that tells its form are what was recorded. Of a file by others: seq is number + 1, epoch the place of
 * its channel from 1, time the log time; a PNG is decoded, JPEG stays. Fails: INVALID (number, a message that does not
 * match its schema), UNSUPPORTED (an encoding of pictures), LIMIT, IO, NOMEM. */
IMS_NODISCARD enum ims_result ims_record_reader_frame(struct ims_record_reader *reader,
                                                      size_t stream, uint64_t number,
                                                      struct ims_frame **out,
                                                      struct ims_error *err);
/* Message `number` of another kind, as a tree whose memory is `*out`'s alone (its texts too) and the caller's to
 * destroy. Fails: INVALID, LIMIT, IO, NOMEM. */
IMS_NODISCARD enum ims_result
ims_record_reader_value(struct ims_record_reader *reader, size_t stream,
                        enum ims_record_kind kind, uint64_t number,
                        struct ims_document **out, struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
