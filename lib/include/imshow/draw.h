/* SPDX-License-Identifier: MIT */
#ifndef IMS_DRAW_H
#define IMS_DRAW_H

/*
 * From a frame and a settled view to an encoded picture: crop, scale, limits, colours, codec.
 *
 *     struct ims_drawer *drawer;
 *     if (ims_drawer_create(&drawer)) ...
 *     struct ims_picture p;
 *     if (ims_draw(drawer, frame, &spec, &p, &err)) ...
 *     send(p.data, p.size);                      // belongs to the drawer until the next call
 *     ims_drawer_destroy(drawer);
 *
 * A drawer keeps encoders and scratch memory; one thread at a time, but for ims_draw_part. It settles a copy of the spec itself, so
 * that an unsettled one draws as well.
 */

#include <imshow/view.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ims_picture {
    enum ims_codec codec; /* never AUTO */
    uint32_t width, height;
    const char *dtype; /* RAW: NumPy's type string of the items; else NULL */
    struct ims_limits
        limits; /* that were used, resolved within the whole slice that the frame shows
                                 (neither zoom nor size moves the colours); channels 0: none applied */
    double region[4]; /* x0, y0, x1, y1 of the picture's outer edges in frame pixels */
    int level_count;  /* 0: the scale is linear; else the values at its even places */
    double levels[IMS_TRANSFORM_LEVELS];
    uint32_t
        tile; /* 0: the whole picture; else the data are tiles of so many pixels a side, one below the
                      other, edge tiles padded */
    uint32_t tile_count;
    const uint8_t *tiles; /* column and row of each, 16 bits little-endian */
    const uint8_t *data;
    size_t size;
};

struct ims_drawer;

/* A drawer that has drawn nothing yet. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_drawer_create(struct ims_drawer **out);
void ims_drawer_destroy(struct ims_drawer *drawer); /* NULL is fine */

/* Bytes that a drawer of this view, settled for frames of this form, takes at most, together with copies of the pictures
 * that it made last. 0: it is no frame. */
uint64_t ims_draw_bytes_max(const struct ims_view_spec *spec,
                            const struct ims_frame *frame);

/* One picture. `out` points into the drawer, or into the frame (passthrough, raw): keep both until it is
 * used up. Fails: INVALID (frame and spec do not fit, a camera's broken JPEG), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_draw(struct ims_drawer *drawer, struct ims_frame *frame,
                                       const struct ims_view_spec *spec,
                                       struct ims_picture *out, struct ims_error *err);

/* ---- a picture that goes on ----
 *
 * A drawer keeps one picture, cut into tiles, each with the number of the update at which it last changed.
 * Whoever has the picture of update `base` needs the tiles above it, whatever it has skipped:
 *
 *     ims_draw_update(drawer, frame, &spec, &(struct ims_draw_update){.number = n}, &news, &err);
 *     if (news.changed)
 *         ims_draw_since(drawer, &spec, base, spec.quality, &p, &err);
 *
 * Lossless codecs compare exactly; JPEG compares with what was taken over last, beyond noise, so that slow
 * drift is sent in the end. `spec` is settled and the same in all calls. */

enum {
    IMS_DRAW_TILES_MAX = 512
}; /* of one picture; where more changed, the whole goes */

struct ims_draw_update {
    uint64_t
        number; /* of the picture, should it change; rises from call to call, from 1 */
    bool
        refine; /* JPEG: if nothing changes, take over all tiles above `refined` as they are now */
    uint64_t refined; /* the number of the last update that did */
};
struct ims_draw_news {
    bool changed; /* the kept picture is another and has the number */
    bool refined; /* by refining: it wants a better quality */
};

/* Brings the kept picture to this frame. Fails, leaving the picture as it was: as ims_draw. */
IMS_NODISCARD enum ims_result
ims_draw_update(struct ims_drawer *drawer, struct ims_frame *frame,
                const struct ims_view_spec *spec, const struct ims_draw_update *update,
                struct ims_draw_news *out, struct ims_error *err);
/* What someone with the picture of update `base` lacks (0: the whole), or the whole where most of it
 * changed; out->tile tells. `quality` is for JPEG. `out` points into the drawer until the next call. Fails:
 * INVALID (nothing was drawn so far), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result
ims_draw_since(struct ims_drawer *drawer, const struct ims_view_spec *spec, uint64_t base,
               int quality, struct ims_picture *out, struct ims_error *err);

/* ---- a large picture on several threads ----
 *
 * What ims_draw_since is going to encode can be encoded beforehand, each part on a thread of its own:
 *
 *     int parts = ims_draw_parts(drawer, &spec, base, quality);
 *     for (int i = 0; i < parts; i++)
 *         ims_draw_part(drawer, i);                  // any order, any thread, all at the same time
 *     ims_draw_since(drawer, &spec, base, quality, &p, &err);    // joins them: the same pixels
 *
 * A part that failed is encoded by ims_draw_since, which says what is wrong. */

enum {
    IMS_DRAW_PARTS_MAX = 2,
    /* Pixels that have to be encoded; less is not worth a second thread. A PNG takes longer for as many. */
    IMS_DRAW_PARTS_PX = 3 << 20,
    IMS_DRAW_PARTS_PNG_PX = 1 << 20,
};

/* How many parts the picture has that someone at `base` lacks; 0: it is not worth it. Ends what an earlier call
 * planned; so does ims_draw_update. */
int ims_draw_parts(struct ims_drawer *drawer, const struct ims_view_spec *spec,
                   uint64_t base, int quality);
/* Encodes part `part` < ims_draw_parts. Until all have returned nothing else may be done with the drawer. */
void ims_draw_part(struct ims_drawer *drawer, int part);

/* The real value of pixel (x, y) at full depth: one value for scalars, channels for colour (a YUYV or
 * MJPEG pixel as the RGB it is shown as; bool as 0 or 255, px.imshow's reading). `slice` as in the view.
 * Fails: INVALID when outside. */
IMS_NODISCARD enum ims_result ims_pick(struct ims_frame *frame,
                                       const struct ims_view_spec *spec, uint32_t x,
                                       uint32_t y, struct ims_value out[4], int *count,
                                       struct ims_error *err);

/* The frame as an array: itself for array frames (no copy), (h, w, 3) u8 for camera pictures. */
IMS_NODISCARD enum ims_result
ims_frame_to_array(struct ims_frame *frame, struct ims_array *out, struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
