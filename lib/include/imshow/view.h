/* SPDX-License-Identifier: MIT */
#ifndef IMS_VIEW_H
#define IMS_VIEW_H

/*
 * What one viewer wants to see of a stream: the view key of docs/protocol.md.
 *
 *     struct ims_view_spec spec = {.width = 640, .codec = IMS_CODEC_JPEG, .quality = 80};
 *     if (ims_view_spec_settle(&spec, frame, &err)) ...    // fills in what zero left open
 *     if (ims_view_spec_equal(&spec, &other)) ...          // equal keys share one picture
 *
 * A plain value: zero-initialised means the whole frame at its own size, automatic limits, the default
 * colour scale, a codec that fits the stream.
 */

#include <imshow/frame.h>
#include <imshow/limits.h>
#include <imshow/transform.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ims_codec {
    IMS_CODEC_AUTO, /* passthrough of a whole MJPEG frame, JPEG for colour, raw or PNG for scalars */
    IMS_CODEC_JPEG,
    IMS_CODEC_PNG,
    IMS_CODEC_RAW,         /* u8, u16 or f32 items as they are, C order, little-endian */
    IMS_CODEC_PASSTHROUGH, /* the camera's own JPEG */
    IMS_CODEC_COUNT,
};
enum {
    IMS_COLORSCALE_NAME = 32,
    IMS_RAW_MAX_BYTES = 1 << 21, /* AUTO sends raw up to here, palette PNG above */
    IMS_VIEW_MAX_SIDE = 16384,
    IMS_VIEW_MAX_PIXELS = 1 << 26, /* of a picture; what has more is shown smaller */
};

/* How a picture comes to have more pixels than its region. */
enum ims_interpolation {
    IMS_INTERPOLATION_NONE, /* it never has */
    IMS_INTERPOLATION_NEAREST,
    IMS_INTERPOLATION_BILINEAR,
    IMS_INTERPOLATION_COUNT,
};

struct ims_view_spec {
    uint32_t timeline; /* 0: live; else a replay cursor's number */
    int slice_count;   /* indices for the leading axes of a volume */
    uint32_t slice[IMS_MAX_DIMS];
    bool has_region;
    double region
        [4]; /* x0, y0, x1, y1 in pixels of the frame, edges at -0.5; snapped by settle */
    uint32_t width,
        height; /* pixels of the picture at most; 0: the region's own; snapped by settle */
    enum ims_interpolation
        interpolation; /* width and height may be larger than the region; settled: they are */
    struct ims_limits_policy limits;
    enum ims_transform transform; /* of scalars */
    double gamma;                 /* of IMS_TRANSFORM_GAMMA; 0: IMS_GAMMA_DEFAULT */
    char
        colorscale[IMS_COLORSCALE_NAME]; /* "": IMS_COLORSCALE_DEFAULT; none for colour */
    enum ims_codec codec;
    int quality; /* JPEG 1..100; 0: 80 */
    int level;   /* PNG 0..9; -1: 4 -- note that 0 is a level */
};

/* A spec that leaves everything open. */
struct ims_view_spec ims_view_spec_default(void);

/* Reads the keys of a `watch` message or a query: slice, region, width, height, limits ("minmax",
 * "infer" as contrast_rescaling), zmin, zmax, color_continuous_scale, transform, gamma, interpolation, codec, quality, level.
 * `spec` holds the defaults before. Fails: INVALID with key, value and what is allowed. */
IMS_NODISCARD enum ims_result ims_view_spec_parse(const struct ims_value *map,
                                                  struct ims_view_spec *spec,
                                                  struct ims_error *err);
/* Makes a spec exact for frames of this form: defaults filled in, size put on the ladder (the frame's
 * size divided by 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and on, at most IMS_VIEW_MAX_PIXELS), region clipped to whole pixels, fields
 * that do not matter for the codec zeroed, so that equal views compare equal byte by byte. Fails: INVALID (slice out
 * of range, region outside, a codec that cannot serve this frame). */
IMS_NODISCARD enum ims_result ims_view_spec_settle(struct ims_view_spec *spec,
                                                   const struct ims_frame *frame,
                                                   struct ims_error *err);
bool ims_view_spec_equal(const struct ims_view_spec *a, const struct ims_view_spec *b);

/* The `colors` table of docs/protocol.md, section 6, for scalars of this type: the colour of every index.
 * `gap` says that index 0 is a gap (floats); its entry is zero then. */
void ims_view_colors(const struct ims_view_spec *spec, enum ims_dtype dtype,
                     uint8_t out[256][3], bool *gap);

const char *ims_interpolation_name(enum ims_interpolation interpolation); /* "bilinear" */
const char *ims_codec_name(enum ims_codec codec);                         /* "jpeg" */

#ifdef __cplusplus
}
#endif
#endif
