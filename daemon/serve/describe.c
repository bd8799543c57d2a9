/* SPDX-License-Identifier: MIT */
#include "describe.h"

#include "../capture/recording.h"
#include "options_formats.h"

static void put_key_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_key_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_shape(struct ims_sink *sink, const struct ims_frame *frame)
{
    ims_put_key(sink, "shape");
    struct ims_extent extent;
    bool is_picture = frame->pixel_format != IMS_PIX_ARRAY || frame->mosaic;
    if (is_picture && !ims_frame_extent(frame, &extent, NULL)) {
        ims_put_list(sink, 3);
        ims_put_u64(sink, extent.height);
        ims_put_u64(sink, extent.width);
        ims_put_u64(sink, 3);
    } else {
        ims_put_list(sink, (size_t)frame->array.ndim);
        for (int i = 0; i < frame->array.ndim; i++)
            ims_put_u64(sink, frame->array.shape[i]);
    }
    ims_put_end(sink);
}

struct code_text {
    char text[5];
};

/* V4L2's four letters; the flag of big-endian codes is no part of them. */
static struct code_text code_text(uint32_t f)
{
    return (struct code_text){
        {(char)f, (char)(f >> 8), (char)(f >> 16), (char)(f >> 24 & 0x7f), 0}};
}

static const char *const mosaic_names[] = {
    [IMS_MOSAIC_RGGB] = "RGGB",
    [IMS_MOSAIC_GRBG] = "GRBG",
    [IMS_MOSAIC_GBRG] = "GBRG",
    [IMS_MOSAIC_BGGR] = "BGGR",
};

/* What the camera sends, and what has become of it here. */
static void put_camera(struct ims_sink *sink, const struct ims_frame *frame)
{
    uint32_t f = frame->pixel_format;
    const char *name = pixel_format_name(frame->camera_format);
    ims_put_key(sink, "camera");
    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_text(sink, "format", name ? name : code_text(frame->camera_format).text);
    put_key_text(sink, "became",
                 f == IMS_PIX_ARRAY ? ims_dtype_str(frame->array.dtype)
                                    : code_text(f).text);
    if (frame->bits)
        put_key_u64(sink, "bits", (uint64_t)frame->bits);
    if (frame->mosaic)
        put_key_text(sink, "mosaic", mosaic_names[frame->mosaic]);
    ims_put_end(sink);
}

void describe_form(struct ims_sink *sink, const struct ims_frame *frame)
{
    bool is_array = frame->pixel_format == IMS_PIX_ARRAY && !frame->mosaic;
    uint32_t code = frame->camera_format ? frame->camera_format : frame->pixel_format;
    put_key_u64(sink, "epoch", frame->epoch);
    put_shape(sink, frame);
    put_key_text(sink, "dtype",
                 is_array ? ims_dtype_str(frame->array.dtype) : code_text(code).text);
    if (frame->camera_format)
        put_camera(sink, frame);
}

static void put_form(struct ims_sink *sink, const struct stream *stream)
{
    struct ims_frame *frame = stream_newest(stream);
    if (frame) {
        describe_form(sink, frame);
    } else {
        put_key_u64(sink, "epoch", 0);
        ims_put_key(sink, "shape");
        ims_put_list(sink, 0);
        ims_put_end(sink);
        put_key_text(sink, "dtype", "");
    }
    ims_frame_unref(&frame);
}

static void put_counters(struct ims_sink *sink, const struct stream *stream)
{
    const struct stream_stats *stats = stream_stats(stream);
    ims_put_key(sink, "fps");
    ims_put_f64(sink, stream_fps(stream));
    put_key_u64(sink, "watchers", stream_watchers(stream));
    put_key_u64(sink, "captured", stats->captured);
    put_key_u64(sink, "published", stats->published);
    put_key_u64(sink, "lost", stats->dropped[STREAM_DROP_LOST]);
    put_key_u64(sink, "busy", stats->dropped[STREAM_DROP_BUSY]);
    put_key_u64(sink, "broken", stats->dropped[STREAM_DROP_BROKEN]);
    put_key_u64(sink, "no_memory", stats->dropped[STREAM_DROP_MEMORY]);
    put_key_u64(sink, "encodes", stats->encodes);
    put_key_u64(sink, "encoded_bytes", stats->encoded_bytes);
}

static void put_size(struct ims_sink *sink, const char *key, uint32_t width,
                     uint32_t height, double fps)
{
    ims_put_key(sink, key);
    ims_put_map(sink, 3);
    put_key_u64(sink, "width", width);
    put_key_u64(sink, "height", height);
    ims_put_key(sink, "fps");
    ims_put_f64(sink, fps);
    ims_put_end(sink);
}

/* Of sources that negotiate: what was asked for, and what it became. */
static void put_settled(struct ims_sink *sink, const struct stream *stream)
{
    const struct stream_settled *s = stream_settled(stream);
    if (!s->width)
        return;
    put_size(sink, "asked", s->asked_width, s->asked_height, s->asked_fps);
    put_size(sink, "got", s->width, s->height, s->fps);
}

static void put_stream(struct ims_sink *sink, const struct stream *stream,
                       struct recordings *recordings)
{
    put_key_text(sink, "name", stream_name(stream));
    put_key_text(sink, "state", stream_state_names[stream_state(stream)]);
    put_key_text(sink, "reason", stream_reason(stream));
    ims_put_key(sink, "since_us");
    ims_put_i64(sink, stream_since_us(stream));
    put_key_text(sink, "source", stream_origin(stream));
    put_form(sink, stream);
    put_settled(sink, stream);
    describe_recording(sink, stream);
    put_counters(sink, stream);
    ims_put_key(sink, "recordings");
    recordings_put_of_stream(recordings, stream, sink);
}

void describe_stream(struct ims_sink *sink, const struct stream *stream,
                     struct recordings *recordings)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_stream(sink, stream, recordings);
    ims_put_end(sink);
}

void describe_stream_and_figure(struct ims_sink *sink, const struct stream *stream,
                                struct recordings *recordings)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_stream(sink, stream, recordings);
    ims_put_key(sink, "figure");
    recipe_put(stream_recipe(stream), sink);
    ims_put_end(sink);
}

void describe_streams(struct ims_sink *sink, const struct streams *streams,
                      struct recordings *recordings, const struct gate *gate,
                      const struct access_caller *who)
{
    ims_put_list(sink, IMS_COUNT_LATER);
    for (const struct stream *s = streams_first(streams); s; s = stream_next(s))
        if (gate_may(gate, who, RIGHT_VIEW, stream_name(s)))
            describe_stream(sink, s, recordings);
    ims_put_end(sink);
}

/* ---- view keys ---- */

static void put_limit(struct ims_sink *sink, const char *key, const double *v,
                      int channels)
{
    ims_put_key(sink, key);
    if (channels <= 1) {
        ims_put_f64(sink, v[0]);
        return;
    }
    ims_put_list(sink, (size_t)channels);
    for (int i = 0; i < channels; i++)
        ims_put_f64(sink, v[i]);
    ims_put_end(sink);
}

static void put_limits(struct ims_sink *sink, const struct ims_limits_policy *policy)
{
    if (policy->kind == IMS_LIMITS_MINMAX || policy->kind == IMS_LIMITS_INFER)
        put_key_text(sink, "contrast_rescaling",
                     policy->kind == IMS_LIMITS_MINMAX ? "minmax" : "infer");
    if (policy->has_lo)
        put_limit(sink, "zmin", policy->lo, policy->channels);
    if (policy->has_hi)
        put_limit(sink, "zmax", policy->hi, policy->channels);
}

static void put_slice(struct ims_sink *sink, const struct ims_view_spec *spec)
{
    ims_put_key(sink, "slice");
    ims_put_list(sink, (size_t)spec->slice_count);
    for (int i = 0; i < spec->slice_count; i++)
        ims_put_u64(sink, spec->slice[i]);
    ims_put_end(sink);
}

static void put_region(struct ims_sink *sink, const struct ims_view_spec *spec)
{
    ims_put_key(sink, "region");
    ims_put_list(sink, 4);
    for (int i = 0; i < 4; i++)
        ims_put_f64(sink, spec->region[i]);
    ims_put_end(sink);
}

void describe_spec(struct ims_sink *sink, const struct ims_view_spec *spec)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    if (spec->timeline)
        put_key_u64(sink, "timeline", spec->timeline);
    if (spec->slice_count)
        put_slice(sink, spec);
    if (spec->has_region)
        put_region(sink, spec);
    put_key_u64(sink, "width", spec->width);
    put_key_u64(sink, "height", spec->height);
    if (spec->interpolation != IMS_INTERPOLATION_NONE)
        put_key_text(sink, "interpolation", ims_interpolation_name(spec->interpolation));
    put_limits(sink, &spec->limits);
    if (spec->colorscale[0])
        put_key_text(sink, "color_continuous_scale", spec->colorscale);
    if (spec->transform != IMS_TRANSFORM_LINEAR)
        put_key_text(sink, "transform", ims_transform_name(spec->transform));
    if (spec->transform == IMS_TRANSFORM_GAMMA) {
        ims_put_key(sink, "gamma");
        ims_put_f64(sink, spec->gamma);
    }
    put_key_text(sink, "codec", ims_codec_name(spec->codec));
    if (spec->codec == IMS_CODEC_JPEG)
        put_key_u64(sink, "quality", (uint64_t)spec->quality);
    if (spec->codec == IMS_CODEC_PNG)
        put_key_u64(sink, "level", (uint64_t)spec->level);
    ims_put_end(sink);
}
