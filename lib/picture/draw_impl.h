/* SPDX-License-Identifier: MIT */
#ifndef IMS_DRAW_IMPL_H
#define IMS_DRAW_IMPL_H

/*
 * What the files of drawing share: the drawer's memory, the ways from a frame to a painting, which is the
 * picture before it is encoded, and from there to bytes.
 *
 *     ims__paint ─┬─ ims__draw_camera     a camera's picture, without going through RGB
 *                 ├─ ims__draw_mosaic     colours interpolated for the window only, then as colour
 *                 └─ ims__draw_array ─┬─ scalars: raw, or indices for PNG, or planes for JPEG
 *                                     └─ colour: bytes for PNG, or planes for JPEG
 *
 *     ims_draw         = ims__paint, ims__encode_whole
 *     ims_draw_update  = ims__paint, then what changed is taken over into the kept picture
 *     ims_draw_since   = ims__encode_kept, or ims__encode_tiles of the kept picture
 *     ims_draw_part    = ims__band_update, or ims__png_strip, of what ims__encode_kept will find done
 *
 * All but ims_draw_part run on the thread that has the drawer; `spec` is settled.
 */

#include "jpeg_bands.h"
#include "png_impl.h"
#include "tiles.h"
#include "view_impl.h"
#include "yuv.h"

#include <imshow/draw.h>

enum ims__paint_kind {
    IMS__PAINT_DIRECT, /* bytes that are encoded already: a camera's JPEG */
    IMS__PAINT_RAW,    /* items as they go out, little-endian */
    IMS__PAINT_INDEX,  /* colour indices, for a palette PNG */
    IMS__PAINT_RGB,    /* three or four bytes a pixel, for a PNG */
    IMS__PAINT_PLANES, /* 4:2:0, for a JPEG; luma of odd sides completed */
};

/* Points into the drawer or the frame. */
struct ims__painting {
    enum ims__paint_kind kind;
    struct ims__surface surface;
    const uint8_t *data; /* DIRECT */
    size_t size;
    enum ims_dtype dtype; /* INDEX: of the values, which decides about a gap */
};

enum { IMS__DRAW_BANDS_MAX = IMS__TILES_SIDE_MAX / IMS__JPEG_BAND_ROWS };

/* The picture that a view's clients come to, see ims_draw_update. */
struct ims__kept {
    struct ims__painting painting; /* its surface is that of `tiles` */
    struct ims_picture head;       /* all but data, size and tiles */
    struct ims__tiles tiles;
    struct ims_frame *frame; /* DIRECT: whose bytes they are */
    struct ims__jpeg_bands bands;
    uint64_t band_stamp
        [IMS__DRAW_BANDS_MAX]; /* the newest of a band's tiles when it was encoded */
    uint8_t places[4 * IMS_DRAW_TILES_MAX];
    bool has_picture;
};

/* What is encoded before ims_draw_since asks for it. A part touches its own bands, or its own piece and done. */
struct ims__parts {
    int count; /* 0: nothing is planned */
    uint16_t band
        [IMS__DRAW_BANDS_MAX]; /* JPEG: those that changed; part k has every count-th from the k-th */
    uint32_t bands;
    bool is_png;
    struct ims__png_plan plan;
    uint8_t colors[256][3]; /* the plan's palette */
    struct ims__png_piece piece[IMS_DRAW_PARTS_MAX];
    bool is_done[IMS_DRAW_PARTS_MAX];
    struct ims__jpeg_coder coder[IMS_DRAW_PARTS_MAX - 1]; /* part 0 has the drawer's */
    struct ims__png_worker png[IMS_DRAW_PARTS_MAX - 1];
};

/* Rows of a camera's frame. */
struct ims__yuyv {
    const uint8_t *data;
    size_t stride;
};

struct ims_drawer {
    struct ims_jpeg_encoder *jpeg;
    struct ims__png_worker png;
    struct ims_bytes bytes; /* the last PNG */
    struct ims__i420 whole, small, band;
    struct ims__yuyv yuyv; /* what a painting that is made by bands is made of */
    struct ims_array
        pixels;       /* what the painting points into, where that is an array's memory */
    uint8_t *scratch; /* indices, and their colours; an atlas */
    struct ims_transform_map transform; /* of this picture, unless it is linear */
    size_t scratch_bytes;
    struct ims__painting painting;
    struct ims__kept kept;
    struct ims__jpeg_coder coder;
    struct ims__parts parts;
};

/* At least `bytes` in drawer->scratch. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims__drawer_reserve(struct ims_drawer *drawer, size_t bytes,
                                                  struct ims_error *err);

/* What the drawer holds now but for its coders' tables and a frame's own memory: no more than ims_draw_bytes_max. */
uint64_t ims__drawer_bytes(const struct ims_drawer *drawer);

/* Paints the frame: drawer->painting, and all of `out` but data, size and tiles. `spec` is settled here. */
IMS_NODISCARD enum ims_result ims__paint(struct ims_drawer *drawer,
                                         struct ims_frame *frame,
                                         struct ims_view_spec *spec,
                                         struct ims_picture *out, struct ims_error *err);
void ims__paint_planes(struct ims_drawer *drawer, const struct ims_planes *planes);
/* Makes all of a painting that would be made by bands. Fails: NOMEM, LIMIT. */
IMS_NODISCARD enum ims_result ims__paint_complete(struct ims_drawer *drawer,
                                                  struct ims_error *err);
/* The planes as a surface. */
struct ims__surface ims__planes_surface(const struct ims_planes *planes);
/* One plane of `unit` bytes a pixel. */
void ims__paint_pixels(struct ims_drawer *drawer, enum ims__paint_kind kind,
                       const uint8_t *pixels, size_t unit, uint32_t width,
                       uint32_t height);
/* RGB or RGBA bytes as the codec wants them: as they are, or as planes. They must outlive the painting. */
IMS_NODISCARD enum ims_result ims__paint_rgb(struct ims_drawer *drawer,
                                             const uint8_t *rgb, int channels,
                                             const struct ims_view_spec *spec,
                                             const struct ims_picture *out,
                                             struct ims_error *err);

/* Fill out->data and size from a painting of out's size. Quality and level are the spec's but for
 * `quality`. */
IMS_NODISCARD enum ims_result ims__encode_whole(struct ims_drawer *drawer,
                                                const struct ims__painting *painting,
                                                const struct ims_view_spec *spec,
                                                int quality, struct ims_picture *out,
                                                struct ims_error *err);
/* The same from the kept picture: the whole, encoding again only what changed, or the `count` tiles above
 * `base`. */
IMS_NODISCARD enum ims_result ims__encode_kept(struct ims_drawer *drawer,
                                               const struct ims_view_spec *spec,
                                               int quality, struct ims_picture *out,
                                               struct ims_error *err);
IMS_NODISCARD enum ims_result ims__encode_tiles(struct ims_drawer *drawer,
                                                const struct ims_view_spec *spec,
                                                uint64_t base, uint32_t count,
                                                int quality, struct ims_picture *out,
                                                struct ims_error *err);

/* Whether someone at `base` gets the whole picture; else *count tiles. */
bool ims__is_whole(const struct ims__kept *kept, uint64_t base, uint32_t *count);
/* A JPEG of the kept picture's form and quality: room for its bands. Fails as ims__jpeg_bands_reserve. */
IMS_NODISCARD enum ims_result ims__bands_reserve(struct ims__kept *kept, int quality,
                                                 struct ims_error *err);
/* A band is a row of tiles; it is stale when one of them changed after it was encoded. */
bool ims__band_is_stale(const struct ims__kept *kept, uint32_t index);
/* Different bands: any thread, each with a coder of its own. Fails: NOMEM, LIMIT; the band stays stale. */
IMS_NODISCARD enum ims_result ims__band_update(struct ims__kept *kept, uint32_t index,
                                               struct ims__jpeg_coder *coder,
                                               struct ims_error *err);
/* The PNG of a painting in one plane; `colors` is its palette, if it has one, and is borrowed. */
struct ims_png_image ims__png_of(const struct ims__painting *painting,
                                 const struct ims_view_spec *spec,
                                 uint8_t colors[256][3]);
/* Joins the strips that were coded beforehand into drawer->bytes; *joined: there were all. Fails: NOMEM, LIMIT. */
IMS_NODISCARD enum ims_result ims__parts_join(struct ims_drawer *drawer,
                                              struct ims_picture *out, bool *joined,
                                              struct ims_error *err);
void ims__parts_finish(struct ims__parts *parts);

/* Sets *drawn when there was a direct way for this camera's frame; else
 * the caller goes on by way of ims_frame_to_array. */
IMS_NODISCARD enum ims_result ims__draw_camera(struct ims_drawer *drawer,
                                               const struct ims_frame *frame,
                                               const struct ims_view_spec *spec,
                                               const struct ims__window *win, bool *drawn,
                                               struct ims_error *err);
/* `array` is the slice: (h, w), or (h, w, 3 or 4) for colour; `places` (or NULL) are those of a scalar frame. Fills
 * all but the region. */
IMS_NODISCARD enum ims_result
ims__draw_array(struct ims_drawer *drawer, const struct ims_array *array,
                const struct ims_places *places, const struct ims_view_spec *spec,
                const struct ims_extent *extent, struct ims_picture *out,
                struct ims_error *err);
/* A frame with a mosaic. Fills all but the region. */
IMS_NODISCARD enum ims_result
ims__draw_mosaic(struct ims_drawer *drawer, const struct ims_frame *frame,
                 const struct ims_view_spec *spec, const struct ims_extent *extent,
                 struct ims_picture *out, struct ims_error *err);
IMS_NODISCARD enum ims_result ims__draw_scalars(struct ims_drawer *drawer,
                                                const struct ims_array *plane,
                                                const struct ims_view_spec *spec,
                                                struct ims_picture *out,
                                                struct ims_error *err);
IMS_NODISCARD enum ims_result ims__draw_colour(struct ims_drawer *drawer,
                                               const struct ims_array *pixels,
                                               const struct ims_view_spec *spec,
                                               struct ims_picture *out,
                                               struct ims_error *err);

/* To the spec's size. Fails: as ims_scale. */
IMS_NODISCARD enum ims_result ims__resample(const struct ims_array *array,
                                            const struct ims_view_spec *spec,
                                            struct ims_array *out, struct ims_error *err);
/* The slice that a spec chooses. */
IMS_NODISCARD enum ims_result ims__frame_slice(const struct ims_array *array,
                                               const struct ims_view_spec *spec,
                                               const struct ims_extent *extent,
                                               struct ims_array *out,
                                               struct ims_error *err);
/* The same values in the type that they are drawn in (ims__drawn_dtype), bool as 0 and 255. */
IMS_NODISCARD enum ims_result ims__drawn_array(const struct ims_array *array,
                                               struct ims_array *out,
                                               struct ims_error *err);
/* INVALID unless the frame's bytes are there for its size; for MJPEG, unless it is a JPEG of that size. */
IMS_NODISCARD enum ims_result ims__camera_check(const struct ims_frame *frame,
                                                struct ims_error *err);

/* Where the parts of a YUV420 frame lie; luma of odd sides is not completed. */
struct ims_planes ims__camera_planes(const struct ims_frame *frame);
/* Pixels x .. x + count of row y as RGB, of YUYV or YUV420 that have been checked. */
void ims__camera_rgb(const struct ims_frame *frame, uint32_t x, uint32_t y,
                     uint32_t count, uint8_t *rgb);

/* px.imshow's rescaling of colour samples to bytes: a channel's limits go to 0 and 255, cut toward zero. */
void ims__rescale_to_bytes(const struct ims_array *pixels,
                           const struct ims_limits *limits, uint8_t *out);

#endif
