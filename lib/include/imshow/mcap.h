/* SPDX-License-Identifier: MIT */
#ifndef IMS_MCAP_H
#define IMS_MCAP_H

/*
 * MCAP, the container of recordings: messages with times on channels, in chunks that are indexed and checked.
 *
 *     struct ims_mcap_writer *w;                                  // a file that is written
 *     if (ims_mcap_writer_create(&output, NULL, &w, &err)) ...
 *     if (ims_mcap_writer_schema(w, &(struct ims_mcap_schema){.name = "imshow.Array"}, &schema, &err)) ...
 *     if (ims_mcap_writer_channel(w, &(struct ims_mcap_channel){.schema = schema, .topic = "/lab/array",
 *                                    .encoding = "msgpack"}, &channel, &err)) ...
 *     if (ims_mcap_writer_put(w, &message, &err)) ...             // again and again
 *     if (ims_mcap_writer_finish(w, &err)) ...                    // the summary
 *     ims_mcap_writer_destroy(w);
 *
 *     struct ims_mcap_reader *r;                                  // one that is read
 *     if (ims_mcap_input_fd(fd, &input, &err) || ims_mcap_reader_open(&input, NULL, &r, &err)) ...
 *     struct ims_mcap_cursor *c;                                  // all messages of some channels, by number
 *     if (ims_mcap_cursor_create(r, channels, 2, &c, &err)) ...
 *     for (uint64_t n = 0; n < ims_mcap_cursor_count(c); n++)     // or backwards, or anywhere
 *         if (ims_mcap_cursor_read(c, n, &got, &err)) ...
 *
 * Written by the public specification (mcap.dev/spec). It knows nothing of frames: record.h does. No thread of
 * its own; a writer belongs to one thread at a time, and so does a reader with its cursors. Times are ns since
 * 1970 UTC. Counts, lengths and depths of a file that is read are checked against what is left of it, and against
 * the bounds below, before memory is taken.
 */

#include <imshow/error.h>
#include <imshow/sink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A chunk closes when it has so many bytes, or spans so much log time, whichever comes first. */
#define IMS_MCAP_CHUNK_BYTES ((size_t)1 << 20)
#define IMS_MCAP_CHUNK_NS    ((uint64_t)1000000000)
/* Bounds of what is written and read. */
#define IMS_MCAP_MESSAGE_BYTES_MAX                                                       \
    ((size_t)256 << 20) /* of one message, and about of one chunk */
#define IMS_MCAP_SUMMARY_BYTES_MAX ((size_t)256 << 20)
enum {
    IMS_MCAP_CHANNELS_MAX = 4096, /* and schemas, of one file */
    IMS_MCAP_PAIRS_MAX = 256,     /* entries of one metadata map */
    IMS_MCAP_TEXT_MAX = 1 << 16, /* bytes of one name, topic or value of a metadata map */
    IMS_MCAP_CHUNKS_MAX = 1 << 20,
    IMS_MCAP_CHUNK_CHANNELS_MAX =
        1 << 22,                   /* channels with messages, summed over all chunks */
    IMS_MCAP_EXTRAS_MAX = 1 << 16, /* attachments, and as many metadata records */
    IMS_MCAP_CHUNK_MESSAGES_MAX =
        1 << 20, /* in one chunk, or in chunks whose times overlap */
    IMS_MCAP_PARTS_MAX = 8,
};

struct ims_mcap_pair {
    const char *key, *value;
};

struct ims_mcap_schema {
    uint16_t id; /* the file's; given by the writer */
    const char *name;
    const char *encoding; /* "protobuf", or "" or NULL: `data` is empty */
    const uint8_t *data;
    size_t size;
};

struct ims_mcap_channel {
    uint16_t id;     /* the file's; given by the writer */
    uint16_t schema; /* its id; 0: none */
    const char *topic;
    const char *encoding;              /* of the messages: "protobuf", "msgpack" */
    const struct ims_mcap_pair *pairs; /* metadata */
    size_t pair_count;
    bool
        zstd; /* writing: a chunk of which at least half comes from such channels is compressed */
    uint64_t messages; /* reading: how many the file has */
};

/* What a file holds. */
struct ims_mcap_counts {
    uint64_t messages;
    uint64_t start_ns, end_ns; /* least and greatest log time; 0 without messages */
    uint32_t schemas, channels, chunks, attachments, metadata;
};

/* ---- writing ---- */

/* Where bytes go. `write` takes all of them or fails; it is called on the thread that calls the writer. */
struct ims_mcap_output {
    enum ims_result (*write)(void *user, const void *data, size_t size,
                             struct ims_error *err);
    void *user;
};
/* Writes to a descriptor, at its position; interrupted and short writes go on. The descriptor stays the
 * caller's; fsync is the caller's too. */
struct ims_mcap_output ims_mcap_output_fd(int fd);

/* Zeros are the defaults. */
struct ims_mcap_settings {
    size_t chunk_bytes;  /* 0: IMS_MCAP_CHUNK_BYTES */
    uint64_t chunk_ns;   /* 0: IMS_MCAP_CHUNK_NS */
    int zstd_level;      /* 0: 1, the fastest that is worth it */
    const char *profile; /* of the header; NULL: "" */
    const char *library; /* who writes; NULL: "imshow" */
};

struct ims_mcap_writer;

/* Writes magic and header. The output is copied, what it points to must outlive the writer. Fails: NOMEM,
 * INVALID (settings), what the output fails with. */
IMS_NODISCARD enum ims_result
ims_mcap_writer_create(const struct ims_mcap_output *output,
                       const struct ims_mcap_settings *settings,
                       struct ims_mcap_writer **out, struct ims_error *err);
/* Frees it, whatever was written: an unfinished file is for ims_mcap_recover. NULL is fine. */
void ims_mcap_writer_destroy(struct ims_mcap_writer *writer);

/* A schema, copied; one that is there already gives its id again. Fails: LIMIT, NOMEM, or the sticky error. */
IMS_NODISCARD enum ims_result ims_mcap_writer_schema(struct ims_mcap_writer *writer,
                                                     const struct ims_mcap_schema *schema,
                                                     uint16_t *id, struct ims_error *err);
/* A new channel, copied, though all members be those of another. Each chunk repeats the schemas and channels of its
 * messages, so that it can be read whatever happens to the others. Fails: INVALID (no such schema), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result
ims_mcap_writer_channel(struct ims_mcap_writer *writer,
                        const struct ims_mcap_channel *channel, uint16_t *id,
                        struct ims_error *err);

struct ims_mcap_part {
    const void *data;
    size_t size;
};
/* A message in parts that are written one behind the other, so that nobody has to join a head and pixels. */
struct ims_mcap_put {
    uint16_t channel;
    uint32_t sequence;
    uint64_t
        log_ns; /* raised to that of the message before, where it is less: log times never run backwards */
    uint64_t publish_ns;               /* 0: log_ns, as written */
    const struct ims_mcap_part *parts; /* borrowed for the call */
    size_t part_count;                 /* at most IMS_MCAP_PARTS_MAX */
};
/* Adds a message; a full chunk is written before or after it. A message as large as a chunk is written at once, in
 * a chunk of its own and, unless it is compressed, without a copy.
 *
 * Errors are sticky: once the output has failed every call fails with that, till ims_mcap_writer_resume. Memory:
 * two chunks and their index, zstd's, and the index of the file, about 100 bytes a chunk and 10 for each of its
 * channels; compressing a message larger than a chunk takes twice its size. Fails: INVALID (no such channel), LIMIT
 * (message, chunks), NOMEM: the message is not written, the file is well; the output's errors. */
IMS_NODISCARD enum ims_result ims_mcap_writer_put(struct ims_mcap_writer *writer,
                                                  const struct ims_mcap_put *message,
                                                  struct ims_error *err);
/* Writes what was gathered, if anything, as a chunk. To be called a second after the first message of a
 * chunk when none follows, and before fsync. */
IMS_NODISCARD enum ims_result ims_mcap_writer_flush(struct ims_mcap_writer *writer,
                                                    struct ims_error *err);
/* Written at once, outside of the chunks. */
struct ims_mcap_attachment {
    uint64_t log_ns, create_ns; /* 0: unknown */
    const char *name, *media_type;
    const uint8_t *data; /* writing only */
    uint64_t size;
};
IMS_NODISCARD enum ims_result
ims_mcap_writer_attach(struct ims_mcap_writer *writer,
                       const struct ims_mcap_attachment *attachment,
                       struct ims_error *err);
IMS_NODISCARD enum ims_result ims_mcap_writer_metadata(struct ims_mcap_writer *writer,
                                                       const char *name,
                                                       const struct ims_mcap_pair *pairs,
                                                       size_t count,
                                                       struct ims_error *err);
/* Flushes and writes the end of data, the summary with its offsets, the footer and the magic. After it only
 * destroy and the questions below may be called. */
IMS_NODISCARD enum ims_result ims_mcap_writer_finish(struct ims_mcap_writer *writer,
                                                     struct ims_error *err);

/* Bytes of the file up to the end of the last whole chunk or other record. What is gathered is not in it. */
uint64_t ims_mcap_writer_bytes(const struct ims_mcap_writer *writer);
/* When the chunk that is being gathered began, in log time; 0: nothing is gathered. */
uint64_t ims_mcap_writer_pending_ns(const struct ims_mcap_writer *writer);
/* What the file has so far, pending messages not counted. `clamped`: messages whose log time was raised; `lost`:
 * messages that were in a chunk which could not be written. Both may be NULL. */
void ims_mcap_writer_counts(const struct ims_mcap_writer *writer,
                            struct ims_mcap_counts *out, uint64_t *clamped,
                            uint64_t *lost);
/* Clears a sticky error. The caller has cut the output back to ims_mcap_writer_bytes and stands at its end; the
 * messages of the chunk that failed are lost and counted. */
void ims_mcap_writer_resume(struct ims_mcap_writer *writer);
/* Appends the summary as it would be written now, for ims_mcap_reader_open_running: how a file is read while it is
 * written. Costs a copy of the index; the thread that writes calls it. Fails: NOMEM, LIMIT of `out`. */
IMS_NODISCARD enum ims_result
ims_mcap_writer_snapshot(const struct ims_mcap_writer *writer, struct ims_bytes *out);

/* ---- reading ---- */

/* Where bytes come from: `size` bytes from `offset` on, all of them or an error. Asked within `bytes` only. */
struct ims_mcap_input {
    enum ims_result (*read)(void *user, uint64_t offset, void *data, size_t size,
                            struct ims_error *err);
    void *user;
    uint64_t bytes; /* length of the file, as it is when it is opened */
};
/* Reads a descriptor by pread; it stays the caller's and must outlive the reader. Several readers may share one.
 * Fails: IO, INVALID when it is no regular file. */
IMS_NODISCARD enum ims_result ims_mcap_input_fd(int fd, struct ims_mcap_input *out,
                                                struct ims_error *err);

struct ims_mcap_reader_settings {
    size_t
        chunk_bytes_max; /* memory for a chunk, as stored and as unpacked; 0: IMS_MCAP_MESSAGE_BYTES_MAX and 1 MiB */
};

struct ims_mcap_reader;

/* Reads the summary, or where there is none (a file that was not finished, or by another writer) all heads of
 * records: chunks that have no message index are read for it. Memory: the index, two chunks as they are
 * unpacked. Fails: INVALID (no MCAP, broken: the text says where), UNSUPPORTED, LIMIT, TRUNCATED, IO, NOMEM. */
IMS_NODISCARD enum ims_result
ims_mcap_reader_open(const struct ims_mcap_input *input,
                     const struct ims_mcap_reader_settings *settings,
                     struct ims_mcap_reader **out, struct ims_error *err);
/* The same for a file that is being written, by its writer's snapshot, which is not needed afterwards. */
IMS_NODISCARD enum ims_result
ims_mcap_reader_open_running(const struct ims_mcap_input *input,
                             const struct ims_mcap_reader_settings *settings,
                             const uint8_t *snapshot, size_t size,
                             struct ims_mcap_reader **out, struct ims_error *err);
/* Cursors are destroyed before. NULL is fine. */
void ims_mcap_reader_close(struct ims_mcap_reader *reader);

/* What follows is borrowed till the reader is closed. Texts end with a zero byte. */
const struct ims_mcap_counts *
ims_mcap_reader_counts(const struct ims_mcap_reader *reader);
/* About how many bytes of memory a reader of this file holds while it is read: its index, its cursors' and its two
 * largest chunks, packed and unpacked. */
uint64_t ims_mcap_reader_memory(const struct ims_mcap_reader *reader);
/* False: there was no summary; the file was scanned. */
bool ims_mcap_reader_has_summary(const struct ims_mcap_reader *reader);
const char *ims_mcap_reader_profile(const struct ims_mcap_reader *reader);
const char *ims_mcap_reader_library(const struct ims_mcap_reader *reader);
/* In order of their ids. */
const struct ims_mcap_channel *
ims_mcap_reader_channels(const struct ims_mcap_reader *reader, size_t *count);
/* NULL: there is none of this id. */
const struct ims_mcap_schema *ims_mcap_reader_schema(const struct ims_mcap_reader *reader,
                                                     uint16_t id);
/* In order of the file; `data` is NULL, ims_mcap_reader_attached reads it. */
const struct ims_mcap_attachment *
ims_mcap_reader_attachments(const struct ims_mcap_reader *reader, size_t *count);
/* Appends the bytes of attachment `index`, its CRC checked. Fails: INVALID, LIMIT (of `out` too), IO, NOMEM. */
IMS_NODISCARD enum ims_result ims_mcap_reader_attached(struct ims_mcap_reader *reader,
                                                       size_t index,
                                                       struct ims_bytes *out,
                                                       struct ims_error *err);
/* The last metadata record of that name, as pairs that stay till the reader is closed or asked for
 * metadata again; `*pairs` NULL and `*count` 0 when there is none. Fails: INVALID, LIMIT, IO, NOMEM. */
IMS_NODISCARD enum ims_result ims_mcap_reader_metadata(struct ims_mcap_reader *reader,
                                                       const char *name,
                                                       const struct ims_mcap_pair **pairs,
                                                       size_t *count,
                                                       struct ims_error *err);

struct ims_mcap_message {
    uint16_t channel;
    uint32_t sequence;
    uint64_t log_ns, publish_ns;
    const uint8_t
        *data; /* valid till the next call that reads by this reader, whichever cursor */
    size_t size;
};

struct ims_mcap_cursor;

/* The messages of some channels as one list in order of log time, and where that is equal of the file. Memory: 16
 * bytes a chunk, and 24 for each message of the chunk it stands in. `channels` are ids. Fails: INVALID (no such
 * channel), NOMEM. */
IMS_NODISCARD enum ims_result
ims_mcap_cursor_create(struct ims_mcap_reader *reader, const uint16_t *channels,
                       size_t count, struct ims_mcap_cursor **out, struct ims_error *err);
void ims_mcap_cursor_destroy(struct ims_mcap_cursor *cursor); /* NULL is fine */
uint64_t ims_mcap_cursor_count(const struct ims_mcap_cursor *cursor);
/* Message `number`, from 0. The chunk that it is in is read once, its CRC checked, and kept for its neighbours, so
 * that reading on costs little in either direction. Fails: INVALID (number; a chunk that is broken, which leaves the
 * others readable), UNSUPPORTED (compression other than none and zstd), LIMIT, IO, NOMEM. */
IMS_NODISCARD enum ims_result ims_mcap_cursor_read(struct ims_mcap_cursor *cursor,
                                                   uint64_t number,
                                                   struct ims_mcap_message *out,
                                                   struct ims_error *err);
/* Channel and log time alone, from the message index: the chunk is not read. Either may be NULL. */
IMS_NODISCARD enum ims_result ims_mcap_cursor_time(struct ims_mcap_cursor *cursor,
                                                   uint64_t number, uint64_t *log_ns,
                                                   uint16_t *channel,
                                                   struct ims_error *err);
/* How many messages have a log time of at most `log_ns`: less one, the number of the newest at that time; itself,
 * the number of the first after it. */
IMS_NODISCARD enum ims_result ims_mcap_cursor_find(struct ims_mcap_cursor *cursor,
                                                   uint64_t log_ns, uint64_t *out,
                                                   struct ims_error *err);

/* ---- mending ---- */

struct ims_mcap_mended {
    bool
        was_whole; /* nothing had to be done: footer, summary and what was checked are right */
    uint64_t bytes_before, bytes_after;
    uint64_t bytes_cut; /* at the end: torn, zeros, an old summary */
    uint32_t
        damaged; /* places in between that were taken out: chunks, or bytes that are no record */
    struct ims_mcap_counts counts; /* of the file as it is now */
};

/* Makes a file that was not finished, or is damaged, whole again, in place: all chunks are kept whose bytes and
 * message indexes are right; a damaged one becomes a private record that readers pass over; what is torn at the end is
 * cut off; the summary is written anew. Interrupted, it can be done again. `fd` is open for reading and
 * writing; it is locked (flock) meanwhile. A file that is not whole loses nothing by it but what no reader would
 * take. `thorough`: a file that has its summary is checked as well, every byte; else it is left alone.
 * Fails: INVALID when it is no MCAP at all, or empty (it is not touched), or locked, that is being written;
 * UNSUPPORTED, LIMIT, IO, NOMEM. */
IMS_NODISCARD enum ims_result ims_mcap_recover(int fd, bool thorough,
                                               struct ims_mcap_mended *out,
                                               struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
