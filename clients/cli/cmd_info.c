/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/json.h>
#include <imshow/record.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { JSON_MAX = 64 << 20, MARKERS_MAX = 100000 };

struct info_options {
    bool json;
};

#define AT(member) offsetof(struct info_options, member)

static const struct option_row rows[] = {
    {'j', OPTION_FLAG, "json", NULL, AT(json), 0, 0, "as JSON"},
    {0},
};

static void print_options(FILE *file)
{
    options_print(rows, file);
}

/* ---- as JSON ---- */

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_number(struct ims_sink *sink, const char *key, uint64_t number)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, number);
}

static void put_counts(struct ims_sink *sink, const struct ims_mcap_counts *c)
{
    put_number(sink, "messages", c->messages);
    put_number(sink, "schemas", c->schemas);
    put_number(sink, "channels", c->channels);
    put_number(sink, "chunks", c->chunks);
    put_number(sink, "attachments", c->attachments);
    put_number(sink, "metadata", c->metadata);
    put_number(sink, "start_us", c->start_ns / 1000);
    put_number(sink, "end_us", c->end_ns / 1000);
}

static void put_stream(struct ims_sink *sink, const struct ims_record_stream *s)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text(sink, "name", s->name);
    put_text(sink, "topic", s->topic);
    ims_put_key(sink, "foreign");
    ims_put_bool(sink, s->foreign);
    put_number(sink, "epochs", s->epochs);
    put_number(sink, "first_us", (uint64_t)s->first_us);
    put_number(sink, "last_us", (uint64_t)s->last_us);
    for (int kind = 0; kind < IMS_RECORD_KINDS; kind++)
        put_number(sink, ims_record_kind_name((enum ims_record_kind)kind),
                   s->counts[kind]);
    ims_put_end(sink);
}

static void put_channel(struct ims_sink *sink, const struct ims_mcap_reader *mcap,
                        const struct ims_mcap_channel *channel)
{
    const struct ims_mcap_schema *schema = ims_mcap_reader_schema(mcap, channel->schema);
    ims_put_map(sink, IMS_COUNT_LATER);
    put_number(sink, "id", channel->id);
    put_text(sink, "topic", channel->topic);
    put_text(sink, "encoding", channel->encoding);
    put_text(sink, "schema", schema ? schema->name : "");
    put_number(sink, "messages", channel->messages);
    ims_put_end(sink);
}

/* The text of marker `number`, and when; false: it cannot be read. */
static bool read_marker(struct ims_record_reader *reader, uint64_t number,
                        int64_t *time_us, char *text, size_t size)
{
    struct ims_document *doc = NULL;
    bool has = ims_record_reader_time(reader, IMS_RECORD_WHOLE, IMS_RECORD_MARKERS,
                                      number, time_us, NULL) == IMS_OK &&
               ims_record_reader_value(reader, IMS_RECORD_WHOLE, IMS_RECORD_MARKERS,
                                       number, &doc, NULL) == IMS_OK &&
               ims_value_as_text(ims_value_get(&doc->root, "text"), text, size);
    ims_document_destroy(doc);
    return has;
}

static uint64_t markers_of(const struct ims_record_reader *reader)
{
    const struct ims_record_stream *whole =
        ims_record_reader_stream(reader, IMS_RECORD_WHOLE);
    uint64_t count = whole ? whole->counts[IMS_RECORD_MARKERS] : 0;
    return count < MARKERS_MAX ? count : MARKERS_MAX;
}

static void put_markers(struct ims_sink *sink, struct ims_record_reader *reader)
{
    char text[1024];
    int64_t time_us = 0;
    ims_put_key(sink, "markers");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (uint64_t n = 0; n < markers_of(reader); n++) {
        if (!read_marker(reader, n, &time_us, text, sizeof text))
            continue;
        ims_put_map(sink, 2);
        ims_put_key(sink, "time_us");
        ims_put_i64(sink, time_us);
        put_text(sink, "text", text);
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void put_all(struct ims_sink *sink, const char *path, uint64_t bytes,
                    struct ims_record_reader *reader)
{
    struct ims_mcap_reader *mcap = ims_record_reader_mcap(reader);
    size_t channel_count;
    const struct ims_mcap_channel *channels =
        ims_mcap_reader_channels(mcap, &channel_count);
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text(sink, "file", path);
    put_number(sink, "bytes", bytes);
    put_text(sink, "library", ims_mcap_reader_library(mcap));
    ims_put_key(sink, "is_finished");
    ims_put_bool(sink, ims_mcap_reader_has_summary(mcap));
    put_counts(sink, ims_mcap_reader_counts(mcap));
    ims_put_key(sink, "streams");
    ims_put_list(sink, ims_record_reader_streams(reader));
    for (size_t i = 0; i < ims_record_reader_streams(reader); i++)
        put_stream(sink, ims_record_reader_stream(reader, i));
    ims_put_end(sink);
    ims_put_key(sink, "topics");
    ims_put_list(sink, channel_count);
    for (size_t i = 0; i < channel_count; i++)
        put_channel(sink, mcap, &channels[i]);
    ims_put_end(sink);
    put_markers(sink, reader);
    ims_put_end(sink);
}

static enum ims_result print_json(const char *path, uint64_t bytes,
                                  struct ims_record_reader *reader, struct ims_error *err)
{
    struct ims_bytes out = {.limit = JSON_MAX};
    struct ims_sink sink = ims_json_sink(&out);
    put_all(&sink, path, bytes, reader);
    ims_bytes_append(&out, "\n", 1);
    enum ims_result r = out.result;
    if (r)
        ims_error_set(err, "out of memory");
    else
        fwrite(out.data, 1, out.size, stdout);
    ims_bytes_finish(&out);
    return r;
}

/* ---- as a table ---- */

/* By local time, with milliseconds. */
static void print_time(const char *what, uint64_t us)
{
    char text[64] = "";
    time_t seconds = (time_t)(us / 1000000);
    struct tm local;
    if (localtime_r(&seconds, &local))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    printf("%-10s %s.%03u\n", what, text, (unsigned)(us / 1000 % 1000));
}

/* What a foreign file says must not steer the terminal. */
static const char *plain(char *text)
{
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    return text;
}

static void print_streams(struct ims_record_reader *reader)
{
    printf("%-24s %10s %7s %10s %8s\n", "STREAM", "FRAMES", "EPOCHS", "SECONDS", "FPS");
    for (size_t i = 0; i < ims_record_reader_streams(reader); i++) {
        const struct ims_record_stream *s = ims_record_reader_stream(reader, i);
        double seconds = (double)(s->last_us - s->first_us) / 1e6;
        printf("%-24s %10" PRIu64 " %7u %10.1f %8.2f\n", s->name, s->frames, s->epochs,
               seconds, seconds > 0 ? (double)(s->frames - 1) / seconds : 0);
    }
}

static void print_markers(struct ims_record_reader *reader, uint64_t start_us)
{
    char text[1024];
    int64_t time_us = 0;
    for (uint64_t n = 0; n < markers_of(reader); n++)
        if (read_marker(reader, n, &time_us, text, sizeof text))
            printf("marker at %.3f s: %s\n", (double)(time_us - (int64_t)start_us) / 1e6,
                   plain(text));
}

static void print_table(const char *path, uint64_t bytes,
                        struct ims_record_reader *reader)
{
    const struct ims_mcap_reader *mcap = ims_record_reader_mcap(reader);
    const struct ims_mcap_counts *c = ims_mcap_reader_counts(mcap);
    printf("%-10s %s\n", "file", path);
    printf("%-10s %.1f MB, %" PRIu64 " messages on %u channels in %u chunks%s\n", "holds",
           (double)bytes / 1e6, c->messages, c->channels, c->chunks,
           ims_mcap_reader_has_summary(mcap) ? ""
                                             : "; not finished: imshow recover mends it");
    if (c->messages) {
        print_time("begins", c->start_ns / 1000);
        print_time("ends", c->end_ns / 1000);
        printf("%-10s %.3f s\n", "lasts", (double)(c->end_ns - c->start_ns) / 1e9);
    }
    putchar('\n');
    print_streams(reader);
    print_markers(reader, c->start_ns / 1000);
}

/* ---- the command ---- */

static enum ims_result show(int fd, const char *path, bool json, struct ims_error *err)
{
    struct ims_mcap_input input;
    struct ims_record_reader *reader = NULL;
    struct ims_error why = {0};
    enum ims_result r = ims_mcap_input_fd(fd, &input, &why);
    if (!r)
        r = ims_record_reader_open(&input, NULL, &reader, &why);
    if (r) {
        ims_error_set(err, "%.120s: %s", path, *why.text ? why.text : ims_result_name(r));
        return r;
    }
    if (json)
        r = print_json(path, input.bytes, reader, err);
    else
        print_table(path, input.bytes, reader);
    ims_record_reader_close(reader);
    return r;
}

static enum ims_result run(int argc, char **argv, bool *is_usage, struct ims_error *err)
{
    struct info_options o = {0};
    struct option_args args;
    enum ims_result r = options_parse(rows, argc, argv, &o, &args, err);
    if (!r && args.count != 1)
        r = ims_fail(err, IMS_ERR_INVALID, "give one recording's file");
    if (r) {
        *is_usage = true;
        return r;
    }
    int fd = open(args.values[0], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", args.values[0], strerror(errno));
    r = show(fd, args.values[0], o.json, err);
    close(fd);
    if (!r && fflush(stdout) != 0)
        r = ims_fail(err, IMS_ERR_IO, "stdout cannot be written");
    return r;
}

const struct command command_info = {
    .name = "info",
    .usage = "FILE",
    .summary = "tells what a recording holds",
    .print_options = print_options,
    .run = run,
};
