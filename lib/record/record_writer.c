/* SPDX-License-Identifier: MIT */
#include "frame_message.h"
#include "labels.h"

#include <imshow/record.h>
#include <imshow/wire.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[IMS_RECORD_KINDS] = {"frames",     "figure",  "controls",
                                                    "statistics", "markers", "state"};
static const char *const schemas[IMS_RECORD_KINDS] = {
    "imshow.Array",      "imshow.Figure",  "imshow.Controls",
    "imshow.Statistics", "imshow.Markers", "imshow.State"};

/* A stream as far as it is written. */
struct track {
    char name[IMS_RECORD_NAME_MAX + 1]; /* "": the whole recording */
    uint16_t
        channels[IMS_RECORD_KINDS]; /* 0: none so far; of frames, the newest epoch's */
    uint32_t sequences[IMS_RECORD_KINDS];
    struct ims_frame
        form; /* of the newest channel of frames: no pixels, its labels and places referenced */
    uint16_t labels_channel;
    uint64_t labels_count;
    struct ims_bytes labels; /* the message that was written last */
    uint64_t
        lost; /* messages that the file had lost by then: the labels may be among them */
};

struct ims_record_writer {
    struct ims_mcap_writer *mcap;
    bool no_zstd;
    struct track *tracks[IMS_RECORD_STREAMS_MAX + 1];
    size_t count;
};

const char *ims_record_kind_name(enum ims_record_kind kind)
{
    return (unsigned)kind < IMS_RECORD_KINDS ? kinds[kind] : "";
}

enum ims_result ims_record_writer_create(const struct ims_mcap_output *output,
                                         const struct ims_record_settings *settings,
                                         struct ims_record_writer **out,
                                         struct ims_error *err)
{
    struct ims_record_writer *w = calloc(1, sizeof *w);

    if (!w)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    w->no_zstd = settings && settings->no_zstd;
    enum ims_result r =
        ims_mcap_writer_create(output, settings ? &settings->mcap : NULL, &w->mcap, err);
    if (r) {
        free(w);
        return r;
    }
    *out = w;
    return IMS_OK;
}

void ims_record_writer_destroy(struct ims_record_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->count; i++) {
        ims_labels_unref(&w->tracks[i]->form.array.labels);
        ims_places_unref(&w->tracks[i]->form.places);
        ims_bytes_finish(&w->tracks[i]->labels);
        free(w->tracks[i]);
    }
    ims_mcap_writer_destroy(w->mcap);
    free(w);
}

struct ims_mcap_writer *ims_record_writer_mcap(struct ims_record_writer *w)
{
    return w->mcap;
}

/* ---- streams ---- */

static bool is_name_char(char c, bool first)
{
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

    return plain || (!first && (c == '.' || c == '_' || c == '-'));
}

static bool is_name(const char *name)
{
    size_t size = 0;

    while (name[size] && size <= IMS_RECORD_NAME_MAX &&
           is_name_char(name[size], size == 0))
        size++;
    return size > 0 && size <= IMS_RECORD_NAME_MAX && name[size] == '\0';
}

static enum ims_result find_track(struct ims_record_writer *w, const char *name,
                                  struct track **out, struct ims_error *err)
{
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->tracks[i]->name, name) == 0) {
            *out = w->tracks[i];
            return IMS_OK;
        }
    if (name[0] && !is_name(name))
        return ims_fail(err, IMS_ERR_INVALID,
                        "recording: a stream's name is 1 to %d of A-Z a-z 0-9 . _ -",
                        IMS_RECORD_NAME_MAX);
    if (w->count > IMS_RECORD_STREAMS_MAX - (size_t)(name[0] != '\0'))
        return ims_fail(err, IMS_ERR_LIMIT, "recording: more than %d streams",
                        IMS_RECORD_STREAMS_MAX);
    struct track *track = calloc(1, sizeof *track);
    if (!track)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a recording");
    snprintf(track->name, sizeof track->name, "%s", name);
    w->tracks[w->count++] = track;
    *out = track;
    return IMS_OK;
}

/* ---- channels ---- */

struct topic {
    char text[IMS_RECORD_NAME_MAX + 16];
};

static struct topic topic_of(const struct track *track, const char *what)
{
    struct topic topic;

    snprintf(topic.text, sizeof topic.text, "%s%s/%s", track->name[0] ? "/" : "",
             track->name, what);
    return topic;
}

static enum ims_result add_channel(struct ims_record_writer *w,
                                   const struct ims_mcap_schema *schema,
                                   struct ims_mcap_channel *channel, uint16_t *id,
                                   struct ims_error *err)
{
    enum ims_result r = ims_mcap_writer_schema(w->mcap, schema, &channel->schema, err);

    return r ? r : ims_mcap_writer_channel(w->mcap, channel, id, err);
}

/* A channel of maps. */
static enum ims_result add_map_channel(struct ims_record_writer *w,
                                       const struct track *track, const char *kind,
                                       const char *schema, uint16_t *id,
                                       struct ims_error *err)
{
    const struct topic topic = topic_of(track, kind);
    const struct ims_mcap_pair pairs[] = {{"imshow.kind", kind},
                                          {"imshow.stream", track->name}};
    struct ims_mcap_channel channel = {.topic = topic.text,
                                       .encoding = "msgpack",
                                       .pairs = pairs,
                                       .pair_count = track->name[0] ? 2 : 1,
                                       .zstd = !w->no_zstd};

    return add_channel(w, &(struct ims_mcap_schema){.name = schema}, &channel, id, err);
}

static enum ims_result add_frame_channel(struct ims_record_writer *w, struct track *track,
                                         const struct ims_frame *frame,
                                         struct ims_error *err)
{
    const struct ims_mcap_schema forms[] = {
        {.name = "foxglove.CompressedImage",
         .encoding = "protobuf",
         .data = ims__foxglove_compressed_image,
         .size = ims__foxglove_compressed_image_size},
        {.name = "foxglove.RawImage",
         .encoding = "protobuf",
         .data = ims__foxglove_raw_image,
         .size = ims__foxglove_raw_image_size},
        {.name = "imshow.Array"},
    };
    static const char *const topics[] = {"compressed", "image", "array"};
    const enum ims__frame_schema schema = ims__frame_schema_of(frame);
    const struct topic topic = topic_of(track, topics[schema]);
    struct ims__frame_pairs pairs;

    ims__frame_pairs_make(frame, track->name, &pairs);
    struct ims_mcap_channel channel = {
        .topic = topic.text,
        .encoding = schema == IMS__SCHEMA_ARRAY ? "msgpack" : "protobuf",
        .pairs = pairs.pairs,
        .pair_count = pairs.count,
        .zstd = !w->no_zstd && frame->pixel_format != IMS_PIX_MJPEG,
    };
    return add_channel(w, &forms[schema], &channel, &track->channels[IMS_RECORD_FRAMES],
                       err);
}

/* The form alone: no pixels are held, so that a paused stream costs nothing. */
static void keep_form(struct track *track, const struct ims_frame *frame)
{
    struct ims_labels *labels = frame->array.labels;

    ims_labels_unref(&track->form.array.labels);
    ims_places_unref(&track->form.places);
    track->form = *frame;
    track->form.buffer = track->form.meta = NULL;
    track->form.array.buffer = NULL;
    track->form.array.data = NULL;
    track->form.array.labels = labels ? ims_labels_ref(labels) : NULL;
    track->form.places = frame->places ? ims_places_ref(frame->places) : NULL;
}

static bool has_channel_for(const struct track *track, const struct ims_frame *frame)
{
    return track->channels[IMS_RECORD_FRAMES] && track->form.epoch == frame->epoch &&
           ims_frame_same_form(&track->form, frame);
}

/* ---- messages ---- */

/* Log times are µs since 1970; what lies before that is as good as 0, and the frame itself has its own. */
static uint64_t to_ns(int64_t time_us)
{
    if (time_us <= 0)
        return 0;
    return (uint64_t)time_us > UINT64_MAX / 1000 ? UINT64_MAX / 1000 * 1000
                                                 : (uint64_t)time_us * 1000;
}

static enum ims_result write_labels(struct ims_record_writer *w, struct track *track,
                                    const struct ims_frame *frame,
                                    const struct ims_bytes *map, struct ims_error *err)
{
    enum ims_result r = track->labels_channel
                            ? IMS_OK
                            : add_map_channel(w, track, "labels", "imshow.Labels",
                                              &track->labels_channel, err);
    const struct ims_mcap_part part = {map->data, map->size};

    if (!r)
        r = ims_mcap_writer_put(
            w->mcap,
            &(struct ims_mcap_put){.channel = track->labels_channel,
                                   .sequence = (uint32_t)track->labels_count,
                                   .log_ns = to_ns(frame->time_us),
                                   .parts = &part,
                                   .part_count = 1},
            err);
    if (!r)
        track->labels_count++;
    return r;
}

static uint64_t count_lost(const struct ims_record_writer *w)
{
    struct ims_mcap_counts counts;
    uint64_t lost;

    ims_mcap_writer_counts(w->mcap, &counts, NULL, &lost);
    return lost;
}

/* Writes the labels when they are others than the last ones, or when those may be lost. */
static enum ims_result settle_labels(struct ims_record_writer *w, struct track *track,
                                     const struct ims_frame *frame, uint64_t *number,
                                     struct ims_error *err)
{
    const struct ims_labels *labels = frame->array.labels;
    struct ims_bytes map = {.limit = IMS_RECORD_VALUE_BYTES_MAX};
    struct ims_sink sink = ims_msgpack_sink(&map);
    const uint64_t lost = count_lost(w);
    const bool kept = track->labels_count && track->lost == lost;

    if (!labels || frame->pixel_format != IMS_PIX_ARRAY) {
        *number = IMS__NO_LABELS;
        return IMS_OK;
    }
    *number = track->labels_count - 1;
    if (kept && labels == track->form.array.labels)
        return IMS_OK;
    ims__labels_put(labels, &sink);
    enum ims_result r = map.result
                            ? ims_fail(err, map.result, "recording: the labels: %s",
                                       ims_result_name(map.result))
                            : IMS_OK;
    const bool same = kept && !r && map.size == track->labels.size &&
                      memcmp(map.data, track->labels.data, map.size) == 0;
    if (!r && !same)
        r = write_labels(w, track, frame, &map, err);
    if (r || same) {
        ims_bytes_finish(&map);
        return r;
    }
    ims_bytes_finish(&track->labels);
    track->labels = map;
    track->lost = lost;
    *number = track->labels_count - 1;
    return IMS_OK;
}

static enum ims_result put_frame(struct ims_record_writer *w, struct track *track,
                                 const struct ims_frame *frame, uint64_t labels,
                                 struct ims_error *err)
{
    struct ims__frame_message m;
    enum ims_result r = ims__frame_message_make(frame, track->name, labels, &m, err);

    if (r)
        return r;
    if (!has_channel_for(track, frame))
        r = add_frame_channel(w, track, frame, err);
    if (!r) {
        keep_form(track, frame);
        const struct ims_mcap_part parts[] = {{m.head.data, m.head.size},
                                              {m.data, m.size}};
        r = ims_mcap_writer_put(
            w->mcap,
            &(struct ims_mcap_put){.channel = track->channels[IMS_RECORD_FRAMES],
                                   .sequence = (uint32_t)frame->seq,
                                   .log_ns = to_ns(frame->time_us),
                                   .publish_ns = to_ns(frame->source_time_us),
                                   .parts = parts,
                                   .part_count = 2},
            err);
    }
    ims__frame_message_finish(&m);
    return r;
}

enum ims_result ims_record_writer_frame(struct ims_record_writer *w, const char *stream,
                                        const struct ims_frame *frame,
                                        struct ims_error *err)
{
    struct track *track;
    uint64_t labels;

    if (!is_name(stream))
        return ims_fail(err, IMS_ERR_INVALID,
                        "recording: a stream's name is 1 to %d of A-Z a-z 0-9 . _ -",
                        IMS_RECORD_NAME_MAX);
    enum ims_result r = find_track(w, stream, &track, err);
    if (!r)
        r = settle_labels(w, track, frame, &labels, err);
    return r ? r : put_frame(w, track, frame, labels, err);
}

static enum ims_result check_map(const uint8_t *map, size_t size, struct ims_error *err)
{
    size_t need;

    if (size == 0 || !((map[0] & 0xf0) == 0x80 || map[0] == 0xde || map[0] == 0xdf))
        return ims_fail(err, IMS_ERR_INVALID, "recording: a map is wanted");
    enum ims_result r =
        ims_msgpack_scan(map, size, IMS_RECORD_VALUE_BYTES_MAX, &need, err);
    if (r == IMS_ERR_TRUNCATED || (!r && need != size))
        return ims_fail(err, IMS_ERR_INVALID, "recording: one whole map is wanted");
    return r;
}

enum ims_result ims_record_writer_put(struct ims_record_writer *w,
                                      enum ims_record_kind kind, const char *stream,
                                      int64_t time_us, const uint8_t *map, size_t size,
                                      struct ims_error *err)
{
    const struct ims_mcap_part part = {map, size};
    struct track *track;

    if ((unsigned)kind >= IMS_RECORD_KINDS || kind == IMS_RECORD_FRAMES)
        return ims_fail(err, IMS_ERR_INVALID, "recording: no such kind of map");
    enum ims_result r = check_map(map, size, err);
    if (!r)
        r = find_track(w, stream ? stream : "", &track, err);
    if (!r && !track->channels[kind])
        r = add_map_channel(w, track, kinds[kind], schemas[kind], &track->channels[kind],
                            err);
    return r ? r
             : ims_mcap_writer_put(
                   w->mcap,
                   &(struct ims_mcap_put){.channel = track->channels[kind],
                                          .sequence = track->sequences[kind]++,
                                          .log_ns = to_ns(time_us),
                                          .parts = &part,
                                          .part_count = 1},
                   err);
}
