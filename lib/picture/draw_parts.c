/* SPDX-License-Identifier: MIT */
/*
 * A large picture encoded in parts, before ims_draw_since asks for it: JPEG by the bands that changed, PNG by
 * strips. Nothing depends on a part: what ims_draw_since does not find done it does itself.
 */
#include "draw_impl.h"

void ims__parts_finish(struct ims__parts *parts)
{
    for (int i = 0; i < IMS_DRAW_PARTS_MAX; i++)
        ims_bytes_finish(&parts->piece[i].bytes);
    for (int i = 0; i < IMS_DRAW_PARTS_MAX - 1; i++) {
        ims__jpeg_coder_finish(&parts->coder[i]);
        ims__png_worker_finish(&parts->png[i]);
    }
}

/* ---- what there is to do ---- */

/* Bands are as high as tiles; the last may be lower, which does not matter here. */
static int plan_bands(struct ims__parts *parts, struct ims__kept *kept, int quality)
{
    if (ims__bands_reserve(kept, quality, NULL))
        return 0;
    parts->is_png = false;
    parts->bands = 0;
    for (uint32_t i = 0; i < kept->bands.count; i++)
        if (ims__band_is_stale(kept, i))
            parts->band[parts->bands++] = (uint16_t)i;
    uint64_t pixels = (uint64_t)parts->bands * IMS__JPEG_BAND_ROWS * kept->bands.width;
    return parts->bands > 1 && pixels >= IMS_DRAW_PARTS_PX ? IMS_DRAW_PARTS_MAX : 0;
}

static int plan_strips(struct ims_drawer *d, const struct ims_view_spec *spec)
{
    struct ims__parts *parts = &d->parts;
    struct ims_png_image image = ims__png_of(&d->kept.painting, spec, parts->colors);

    if (ims__png_begin(&d->png, &image, spec->level, IMS_DRAW_PARTS_MAX, &parts->plan,
                       NULL))
        return 0;
    parts->is_png = true;
    for (int i = 0; i < IMS_DRAW_PARTS_MAX; i++)
        parts->is_done[i] = false;
    return parts->plan.strips > 1 ? parts->plan.strips : 0;
}

static int plan(struct ims_drawer *d, const struct ims_view_spec *spec, int quality)
{
    const struct ims__painting *p = &d->kept.painting;

    uint64_t pixels = (uint64_t)p->surface.width * p->surface.height;
    switch (p->kind) {
    case IMS__PAINT_PLANES:
        return pixels < IMS_DRAW_PARTS_PX ? 0 : plan_bands(&d->parts, &d->kept, quality);
    case IMS__PAINT_INDEX:
    case IMS__PAINT_RGB: return pixels < IMS_DRAW_PARTS_PNG_PX ? 0 : plan_strips(d, spec);
    default: return 0;
    }
}

int ims_draw_parts(struct ims_drawer *drawer, const struct ims_view_spec *spec,
                   uint64_t base, int quality)
{
    uint32_t count;

    drawer->parts.count = 0;
    if (drawer->kept.has_picture && ims__is_whole(&drawer->kept, base, &count))
        drawer->parts.count = plan(drawer, spec, quality);
    return drawer->parts.count;
}

/* ---- on any thread ---- */

void ims_draw_part(struct ims_drawer *drawer, int part)
{
    struct ims__parts *parts = &drawer->parts;
    struct ims__jpeg_coder *coder = part ? &parts->coder[part - 1] : &drawer->coder;
    struct ims__png_worker *png = part ? &parts->png[part - 1] : &drawer->png;

    if (parts->is_png) {
        struct ims__png_piece *piece = &parts->piece[part];
        piece->bytes.size = 0;
        piece->bytes.result = IMS_OK;
        parts->is_done[part] =
            ims__png_strip(png, &parts->plan, part, piece, NULL) == IMS_OK;
        return;
    }
    for (uint32_t i = (uint32_t)part; i < parts->bands; i += (uint32_t)parts->count)
        if (ims__band_update(&drawer->kept, parts->band[i], coder, NULL))
            return;
}

/* ---- the whole ---- */

enum ims_result ims__parts_join(struct ims_drawer *d, struct ims_picture *out,
                                bool *joined, struct ims_error *err)
{
    const struct ims__parts *parts = &d->parts;

    *joined = parts->count > 0 && parts->is_png;
    for (int i = 0; i < parts->count; i++)
        *joined &= parts->is_done[i];
    if (!*joined)
        return IMS_OK;
    d->bytes.size = 0;
    d->bytes.result = IMS_OK;
    enum ims_result r = ims__png_join(&parts->plan, parts->piece, &d->bytes, err);
    if (r)
        return r;
    out->data = d->bytes.data;
    out->size = d->bytes.size;
    out->tile = out->tile_count = 0;
    out->tiles = NULL;
    return IMS_OK;
}
