/* SPDX-License-Identifier: MIT */
/* From a painting, or the tiles of the kept one, to bytes. */
#include "draw_impl.h"

#include <string.h>

/* ---- paintings ---- */

struct ims__surface ims__planes_surface(const struct ims_planes *planes)
{
    struct ims__surface s = {
        .width = planes->width, .height = planes->height, .plane_count = 3};
    uint32_t half_width = (planes->width + 1) / 2, half_height = (planes->height + 1) / 2;

    for (int i = 0; i < 3; i++)
        s.plane[i] = (struct ims__plane){
            .data = planes->plane[i],
            .stride = (size_t)planes->stride[i],
            .row_bytes = i == 0 ? 2 * (size_t)half_width : half_width,
            .rows = i == 0 ? 2 * half_height : half_height,
            .unit = 1,
            .unit_width = 1,
            .shift = i == 0 ? 0 : 1,
        };
    return s;
}

void ims__paint_planes(struct ims_drawer *d, const struct ims_planes *planes)
{
    d->painting = (struct ims__painting){.kind = IMS__PAINT_PLANES,
                                         .surface = ims__planes_surface(planes)};
}

void ims__paint_pixels(struct ims_drawer *d, enum ims__paint_kind kind,
                       const uint8_t *pixels, size_t unit, uint32_t width,
                       uint32_t height)
{
    d->painting = (struct ims__painting){
        .kind = kind,
        .surface = {.width = width,
                    .height = height,
                    .plane_count = 1,
                    .plane = {{.data = pixels,
                               .stride = width * unit,
                               .row_bytes = width * unit,
                               .rows = height,
                               .unit = unit,
                               .unit_width = 1}}},
    };
}

enum ims_result ims__paint_rgb(struct ims_drawer *d, const uint8_t *rgb, int channels,
                               const struct ims_view_spec *spec,
                               const struct ims_picture *out, struct ims_error *err)
{
    if (spec->codec != IMS_CODEC_JPEG) {
        ims__paint_pixels(d, IMS__PAINT_RGB, rgb, (size_t)channels, out->width,
                          out->height);
        return IMS_OK;
    }
    enum ims_result r = ims__i420_reserve(&d->small, out->width, out->height, err);
    if (r)
        return r;
    ims__i420_from_rgb(&d->small, rgb, channels, (size_t)out->width * (size_t)channels);
    ims__paint_planes(d, &d->small.planes);
    return IMS_OK;
}

/* ---- codecs ---- */

static struct ims_planes planes_of(const struct ims__surface *s)
{
    struct ims_planes planes = {
        .width = s->width, .height = s->height, .chroma = IMS_CHROMA_420};

    for (int i = 0; i < 3; i++) {
        planes.plane[i] = s->plane[i].data;
        planes.stride[i] = (int)s->plane[i].stride;
    }
    return planes;
}

/* Rows of pixels, of which a PNG is made, or which go as they are. */
struct sheet {
    const uint8_t *pixels;
    size_t stride, unit;
    uint32_t width, height;
};

static struct ims_png_image png_of(const struct ims__painting *p,
                                   const struct ims_view_spec *spec,
                                   const struct sheet *sheet, uint8_t colors[256][3])
{
    struct ims_png_image image = {
        .width = sheet->width,
        .height = sheet->height,
        .kind = p->kind == IMS__PAINT_INDEX ? IMS_PNG_PALETTE
                : sheet->unit == 4          ? IMS_PNG_RGBA
                                            : IMS_PNG_RGB,
        .bits = 8,
        .pixels = sheet->pixels,
        .stride = sheet->stride,
    };

    if (p->kind == IMS__PAINT_INDEX) {
        ims_view_colors(spec, p->dtype, colors, &image.gap_at_zero);
        image.palette = (const uint8_t(*)[3])colors;
        image.palette_size = 256;
    }
    return image;
}

static enum ims_result encode_png(struct ims_drawer *d, const struct ims__painting *p,
                                  const struct ims_view_spec *spec,
                                  const struct sheet *sheet, struct ims_picture *out,
                                  struct ims_error *err)
{
    uint8_t colors[256][3];
    struct ims_png_image image = png_of(p, spec, sheet, colors);

    d->bytes.size = 0;
    d->bytes.result = IMS_OK;
    enum ims_result r = ims__png_write(&d->png, &image, spec->level, &d->bytes, err);
    if (r)
        return r;
    out->data = d->bytes.data;
    out->size = d->bytes.size;
    return IMS_OK;
}

static enum ims_result encode_sheet(struct ims_drawer *d, const struct ims__painting *p,
                                    const struct ims_view_spec *spec,
                                    const struct sheet *sheet, struct ims_picture *out,
                                    struct ims_error *err)
{
    if (p->kind != IMS__PAINT_RAW)
        return encode_png(d, p, spec, sheet, out, err);
    out->data = sheet->pixels; /* rows lie tight, in a painting and in an atlas */
    out->size = sheet->stride * sheet->height;
    return IMS_OK;
}

static struct sheet sheet_of(const struct ims__surface *s)
{
    const struct ims__plane *p = &s->plane[0];

    return (struct sheet){.pixels = p->data,
                          .stride = p->stride,
                          .unit = p->unit,
                          .width = s->width,
                          .height = s->height};
}

struct ims_png_image ims__png_of(const struct ims__painting *p,
                                 const struct ims_view_spec *spec, uint8_t colors[256][3])
{
    struct sheet sheet = sheet_of(&p->surface);

    return png_of(p, spec, &sheet, colors);
}

enum ims_result ims__encode_whole(struct ims_drawer *d, const struct ims__painting *p,
                                  const struct ims_view_spec *spec, int quality,
                                  struct ims_picture *out, struct ims_error *err)
{
    out->tile = out->tile_count = 0;
    out->tiles = NULL;
    if (p->kind == IMS__PAINT_DIRECT) {
        out->data = p->data;
        out->size = p->size;
        return IMS_OK;
    }
    if (p->kind == IMS__PAINT_PLANES) {
        struct ims_planes planes = planes_of(&p->surface);
        return ims_jpeg_encode(d->jpeg, &planes, quality, &out->data, &out->size, err);
    }
    struct sheet sheet = sheet_of(&p->surface);
    return encode_sheet(d, p, spec, &sheet, out, err);
}

/* ---- the kept picture ---- */

static uint64_t newest_stamp(const struct ims__tiles *tiles, uint32_t row)
{
    const uint64_t *stamps = tiles->stamps + (size_t)row * tiles->columns;
    uint64_t newest = 0;

    for (uint32_t i = 0; i < tiles->columns; i++)
        newest = stamps[i] > newest ? stamps[i] : newest;
    return newest;
}

enum ims_result ims__bands_reserve(struct ims__kept *kept, int quality,
                                   struct ims_error *err)
{
    struct ims_planes planes = planes_of(&kept->tiles.kept);

    return ims__jpeg_bands_reserve(&kept->bands, &planes, quality, err);
}

bool ims__band_is_stale(const struct ims__kept *kept, uint32_t index)
{
    return kept->bands.band[index].size == 0 ||
           kept->band_stamp[index] != newest_stamp(&kept->tiles, index);
}

enum ims_result ims__band_update(struct ims__kept *kept, uint32_t index,
                                 struct ims__jpeg_coder *coder, struct ims_error *err)
{
    struct ims_planes planes = planes_of(&kept->tiles.kept);
    enum ims_result r = ims__jpeg_band_encode(&kept->bands, coder, index, &planes, err);

    if (!r)
        kept->band_stamp[index] = newest_stamp(&kept->tiles, index);
    return r;
}

static enum ims_result encode_bands(struct ims_drawer *d, int quality,
                                    struct ims_picture *out, struct ims_error *err)
{
    struct ims__kept *kept = &d->kept;
    enum ims_result r = ims__bands_reserve(kept, quality, err);

    for (uint32_t i = 0; i < kept->bands.count && !r; i++)
        if (ims__band_is_stale(kept, i))
            r = ims__band_update(kept, i, &d->coder, err);
    return r ? r : ims__jpeg_bands_join(&kept->bands, &out->data, &out->size, err);
}

enum ims_result ims__encode_kept(struct ims_drawer *d, const struct ims_view_spec *spec,
                                 int quality, struct ims_picture *out,
                                 struct ims_error *err)
{
    const struct ims__painting *p = &d->kept.painting;

    if (p->kind == IMS__PAINT_PLANES)
        return encode_bands(d, quality, out, err);
    bool joined;
    enum ims_result r = ims__parts_join(d, out, &joined, err);
    return r || joined ? r : ims__encode_whole(d, p, spec, quality, out, err);
}

static enum ims_result encode_planes_atlas(struct ims_drawer *d, uint8_t *const atlas[3],
                                           uint32_t count, int quality,
                                           struct ims_picture *out, struct ims_error *err)
{
    struct ims_planes planes = {
        .width = IMS__TILE_SIDE,
        .height = IMS__TILE_SIDE * count,
        .chroma = IMS_CHROMA_420,
        .plane = {atlas[0], atlas[1], atlas[2]},
        .stride = {IMS__TILE_SIDE, IMS__TILE_SIDE / 2, IMS__TILE_SIDE / 2},
    };

    return ims_jpeg_encode(d->jpeg, &planes, quality, &out->data, &out->size, err);
}

enum ims_result ims__encode_tiles(struct ims_drawer *d, const struct ims_view_spec *spec,
                                  uint64_t base, uint32_t count, int quality,
                                  struct ims_picture *out, struct ims_error *err)
{
    struct ims__kept *kept = &d->kept;
    size_t bytes[IMS__SURFACE_PLANES] = {0};
    for (int i = 0; i < kept->tiles.kept.plane_count; i++)
        bytes[i] = ims__tiles_atlas_bytes(&kept->tiles, i, count);
    enum ims_result r = ims__drawer_reserve(d, bytes[0] + bytes[1] + bytes[2], err);
    if (r)
        return r;
    uint8_t *atlas[] = {d->scratch, d->scratch + bytes[0],
                        d->scratch + bytes[0] + bytes[1]};
    ims__tiles_gather(&kept->tiles, base, atlas, kept->places);
    out->tile = IMS__TILE_SIDE;
    out->tile_count = count;
    out->tiles = kept->places;
    if (kept->painting.kind == IMS__PAINT_PLANES)
        return encode_planes_atlas(d, atlas, count, quality, out, err);
    size_t unit = kept->tiles.kept.plane[0].unit;
    struct sheet sheet = {.pixels = d->scratch,
                          .stride = unit * IMS__TILE_SIDE,
                          .unit = unit,
                          .width = IMS__TILE_SIDE,
                          .height = IMS__TILE_SIDE * count};
    return encode_sheet(d, &kept->painting, spec, &sheet, out, err);
}
