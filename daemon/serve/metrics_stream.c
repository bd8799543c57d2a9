/* SPDX-License-Identifier: MIT */
/* What /metrics tells of each stream. Names, labels and values of labels are tables: what there is of them is
 * bounded by STREAM_MAX streams and nothing else that comes from outside. */
#include "metrics.h"
#include "server.h"

#include <string.h>

/* A stream as a family sees it. */
struct told {
    struct stream *stream;
    const struct stream_stats *stats;
    const struct server *server;
    struct ims_extent extent;     /* of the newest frame; zeros: there is none */
    struct metrics_labels labels; /* its name */
};

struct family {
    const char *name, *type, *help;
    void (*put)(struct ims_bytes *out, const char *name, const struct told *told);
};

/* The value of one label more. */
static void put_with(struct ims_bytes *out, const char *name, const struct told *told,
                     const char *label, const char *value, uint64_t v)
{
    struct metrics_labels labels = told->labels;
    metrics_label(&labels, label, value);
    metrics_u64(out, name, &labels, v);
}

/* ---- what it is ---- */

static void put_state(struct ims_bytes *out, const char *name, const struct told *told)
{
    for (int i = 0; i < STREAM_STATES; i++)
        put_with(out, name, told, "state", stream_state_names[i],
                 (int)stream_state(told->stream) == i);
}

static void put_width(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, told->extent.width);
}

static void put_height(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, told->extent.height);
}

static void put_watchers(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, stream_watchers(told->stream));
}

static void put_viewers(struct ims_bytes *out, const char *name, const struct told *told)
{
    int count = views_clients(told->server->parts.views, told->stream);
    metrics_u64(out, name, &told->labels, (uint64_t)count);
}

static void put_ring(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, stream_ring_bytes(told->stream));
}

static void put_memory(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, stream_frame_bytes(told->stream));
}

static void put_recordings(struct ims_bytes *out, const char *name,
                           const struct told *told)
{
    uint32_t counts[SESSION_STATES];
    recordings_count(told->server->parts.recordings, told->stream, counts);
    for (int i = 0; i < SESSION_DONE; i++)
        put_with(out, name, told, "state", session_state_names[i], counts[i]);
}

/* ---- what it counts ---- */

static void put_captured(struct ims_bytes *out, const char *name, const struct told *told)
{
    metrics_u64(out, name, &told->labels, told->stats->captured);
}

static void put_published(struct ims_bytes *out, const char *name,
                          const struct told *told)
{
    metrics_u64(out, name, &told->labels, told->stats->published);
}

static void put_dropped(struct ims_bytes *out, const char *name, const struct told *told)
{
    static const char *const reasons[STREAM_DROP_REASONS] = {
        [STREAM_DROP_LOST] = "lost",
        [STREAM_DROP_BUSY] = "busy",
        [STREAM_DROP_BROKEN] = "broken",
        [STREAM_DROP_MEMORY] = "memory",
    };
    for (int i = 0; i < STREAM_DROP_REASONS; i++)
        put_with(out, name, told, "reason", reasons[i], told->stats->dropped[i]);
}

static void put_by_codec(struct ims_bytes *out, const char *name, const struct told *told,
                         const uint64_t v[IMS_CODEC_COUNT])
{
    for (int i = IMS_CODEC_AUTO + 1; i < IMS_CODEC_COUNT; i++)
        put_with(out, name, told, "codec", ims_codec_name((enum ims_codec)i), v[i]);
}

static void put_encodes(struct ims_bytes *out, const char *name, const struct told *told)
{
    put_by_codec(out, name, told, told->stats->encodes_by);
}

static void put_encoded_bytes(struct ims_bytes *out, const char *name,
                              const struct told *told)
{
    put_by_codec(out, name, told, told->stats->encoded_bytes_by);
}

static void put_by_way(struct ims_bytes *out, const char *name, const struct told *told,
                       const uint64_t v[STREAM_VIAS])
{
    static const char *const ways[STREAM_VIAS] = {
        [VIA_WEBSOCKET] = "websocket",
        [VIA_MJPEG] = "mjpeg",
        [VIA_SNAPSHOT] = "snapshot",
    };
    for (int i = 0; i < STREAM_VIAS; i++)
        put_with(out, name, told, "via", ways[i], v[i]);
}

static void put_sent(struct ims_bytes *out, const char *name, const struct told *told)
{
    put_by_way(out, name, told, told->stats->sent);
}

static void put_sent_bytes(struct ims_bytes *out, const char *name,
                           const struct told *told)
{
    put_by_way(out, name, told, told->stats->sent_bytes);
}

static void put_stages(struct ims_bytes *out, const char *name, const struct told *told)
{
    static const char *const stages[STREAM_STAGES] = {
        [STAGE_CAPTURE] = "capture", [STAGE_WAIT] = "wait",     [STAGE_QUEUE] = "queue",
        [STAGE_DRAW] = "draw",       [STAGE_ENCODE] = "encode", [STAGE_SEND] = "send",
        [STAGE_TOTAL] = "total",
    };
    for (int i = 0; i < STREAM_STAGES; i++) {
        struct metrics_labels labels = told->labels;
        metrics_label(&labels, "stage", stages[i]);
        metrics_latency(out, name, &labels, &told->stats->stages[i]);
    }
}

static const struct family families[] = {
    {"imshowd_stream_state", "gauge", "1 for the state that the stream is in.",
     put_state},
    {"imshowd_stream_width_pixels", "gauge", "Columns of the newest frame.", put_width},
    {"imshowd_stream_height_pixels", "gauge", "Rows of the newest frame.", put_height},
    {"imshowd_stream_viewers", "gauge", "Pictures of the stream that somebody looks at.",
     put_viewers},
    {"imshowd_stream_watchers", "gauge",
     "Who wants frames at all: views, recordings, requests that wait.", put_watchers},
    {"imshowd_stream_ring_bytes", "gauge", "Bytes of the frames that are kept.",
     put_ring},
    {"imshowd_stream_memory_bytes", "gauge",
     "Bytes of all memory that is in use for frames.", put_memory},
    {"imshowd_stream_recordings", "gauge", "Recordings that the stream is in, by state.",
     put_recordings},
    {"imshowd_frames_captured_total", "counter",
     "Whole frames that came, with those that nobody watched.", put_captured},
    {"imshowd_frames_published_total", "counter", "Frames that went into the ring.",
     put_published},
    {"imshowd_frames_dropped_total", "counter", "Frames that did not, by reason.",
     put_dropped},
    {"imshowd_encodes_total", "counter", "Pictures encoded, by codec.", put_encodes},
    {"imshowd_encoded_bytes_total", "counter", "Their bytes.", put_encoded_bytes},
    {"imshowd_pictures_sent_total", "counter", "Pictures that went out whole.", put_sent},
    {"imshowd_sent_bytes_total", "counter",
     "Bytes of pictures that sockets have taken, with their heads.", put_sent_bytes},
    {"imshowd_stage_duration_seconds", "histogram",
     "Where the time of a picture goes: capture, wait, queue, draw, encode, send; total.",
     put_stages},
};

/* ---- all of them ---- */

static void tell(struct told *told, struct stream *stream, const struct server *server)
{
    struct ims_frame *frame = stream_newest(stream);
    told->stream = stream;
    told->stats = stream_stats(stream);
    told->server = server;
    if (!frame || ims_frame_extent(frame, &told->extent, NULL))
        told->extent = (struct ims_extent){0};
    ims_frame_unref(&frame);
    metrics_labels_begin(&told->labels);
    metrics_label(&told->labels, "stream", stream_name(stream));
}

void metrics_put_streams(struct ims_bytes *out, const struct server *server,
                         const struct access_caller *who)
{
    const struct server_parts *parts = &server->parts;
    struct stream *seen[STREAM_MAX];
    int count = 0;
    for (struct stream *s = streams_first(parts->streams); s && count < STREAM_MAX;
         s = stream_next(s))
        if (gate_may(parts->gate, who, RIGHT_VIEW, stream_name(s)))
            seen[count++] = s;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        const struct family *family = &families[i];
        metrics_family(out, family->name, family->type, family->help);
        for (int k = 0; k < count; k++) {
            struct told told;
            tell(&told, seen[k], server);
            family->put(out, family->name, &told);
        }
    }
}
