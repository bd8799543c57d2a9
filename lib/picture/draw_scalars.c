/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

#include <string.h>

/* A gap in a JPEG, which has no transparency: the background of plotly's template. */
static const uint8_t gap_color[3] = {0xe5, 0xec, 0xf6};

static enum ims_result draw_raw(struct ims_drawer *d, const struct ims_array *plane,
                                struct ims_picture *out, struct ims_error *err)
{
    enum ims_result r = ims_array_c_ordered(plane, &d->raw, err);

    (void)err;
    if (r)
        return r;
    out->size = ims_array_count(&d->raw) * ims_dtype_size(plane->dtype);
    out->data = d->raw.data;
    out->dtype = ims_dtype_str(plane->dtype);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    /* The wire is little-endian. The frame itself must not change: turn a copy. */
    r = ims__drawer_reserve(d, out->size, err);
    if (r)
        return r;
    memcpy(d->scratch, out->data, out->size);
    ims_swap_bytes(d->scratch, ims_array_count(plane), ims_dtype_size(plane->dtype));
    out->data = d->scratch;
    out->dtype = plane->dtype == IMS_U8 ? "|u1" : plane->dtype == IMS_U16 ? "<u2" : "<f4";
#endif
    return IMS_OK;
}

static enum ims_result encode_palette(struct ims_drawer *d,
                                      const struct ims_view_spec *spec,
                                      const uint8_t (*colors)[3], bool gap,
                                      struct ims_picture *out, struct ims_error *err)
{
    struct ims_png_image image = {
        .width = out->width,
        .height = out->height,
        .kind = IMS_PNG_PALETTE,
        .bits = 8,
        .pixels = d->scratch,
        .stride = out->width,
        .palette = colors,
        .palette_size = 256,
        .gap_at_zero = gap,
    };
    enum ims_result r = ims__png_write(&d->png, &image, spec->level, &d->bytes, err);

    if (r)
        return r;
    out->data = d->bytes.data;
    out->size = d->bytes.size;
    return IMS_OK;
}

static enum ims_result encode_colors(struct ims_drawer *d,
                                     const struct ims_view_spec *spec,
                                     const uint8_t (*colors)[3], struct ims_picture *out,
                                     struct ims_error *err)
{
    size_t count = (size_t)out->width * out->height;
    uint8_t *rgb = d->scratch + count;

    for (size_t i = 0; i < count; i++)
        memcpy(rgb + 3 * i, colors[d->scratch[i]], 3);
    return ims_jpeg_encode_rgb(d->jpeg, rgb, 3, out->width, out->height,
                               (size_t)out->width * 3, spec->quality, &out->data,
                               &out->size, err);
}

enum ims_result ims__draw_scalars(struct ims_drawer *d, const struct ims_array *plane,
                                  const struct ims_view_spec *spec,
                                  struct ims_picture *out, struct ims_error *err)
{
    size_t count =
        (size_t)out->width * out->height; /* sides are at most IMS_VIEW_MAX_SIDE */
    uint8_t colors[256][3];
    bool gap;

    if (spec->codec == IMS_CODEC_RAW)
        return draw_raw(d, plane, out, err);
    enum ims_result r =
        ims__drawer_reserve(d, spec->codec == IMS_CODEC_JPEG ? 4 * count : count, err);
    if (r)
        return r;
    struct ims_index_map map =
        ims_index_map(plane->dtype, out->limits.lo[0], out->limits.hi[0]);
    if (spec->transform == IMS_TRANSFORM_LINEAR)
        ims_index_plane(&map, plane, d->scratch, out->width);
    else
        ims_transform_plane(&d->transform, plane, d->scratch, out->width);
    ims_view_colors(spec, plane->dtype, colors, &gap);
    if (spec->codec == IMS_CODEC_PNG)
        return encode_palette(d, spec, (const uint8_t(*)[3])colors, gap, out, err);
    if (gap)
        memcpy(colors[0], gap_color, 3);
    return encode_colors(d, spec, (const uint8_t(*)[3])colors, out, err);
}
