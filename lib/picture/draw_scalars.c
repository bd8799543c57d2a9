/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

#include <string.h>

/* A gap in a JPEG, which has no transparency: the background of plotly's template. */
static const uint8_t gap_color[3] = {0xe5, 0xec, 0xf6};

static enum ims_result paint_raw(struct ims_drawer *d, const struct ims_array *plane,
                                 struct ims_picture *out, struct ims_error *err)
{
    enum ims_result r = ims_array_c_ordered(plane, &d->pixels, err);

    if (r)
        return r;
    size_t item = ims_dtype_size(plane->dtype);
    const uint8_t *items = d->pixels.data;
    out->dtype = ims_dtype_str(plane->dtype);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    /* The wire is little-endian. The frame itself must not change: turn a copy. */
    size_t count = ims_array_count(plane);
    r = ims__drawer_reserve(d, count * item, err);
    if (r)
        return r;
    memcpy(d->scratch, items, count * item);
    ims_swap_bytes(d->scratch, count, item);
    items = d->scratch;
    out->dtype = plane->dtype == IMS_U8 ? "|u1" : plane->dtype == IMS_U16 ? "<u2" : "<f4";
#endif
    ims__paint_pixels(d, IMS__PAINT_RAW, items, item, out->width, out->height);
    return IMS_OK;
}

static enum ims_result paint_colors(struct ims_drawer *d,
                                    const struct ims_view_spec *spec,
                                    const uint8_t (*colors)[3],
                                    const struct ims_picture *out, struct ims_error *err)
{
    size_t count = (size_t)out->width * out->height;
    uint8_t *rgb = d->scratch + count;

    for (size_t i = 0; i < count; i++)
        memcpy(rgb + 3 * i, colors[d->scratch[i]], 3);
    return ims__paint_rgb(d, rgb, 3, spec, out, err);
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
        return paint_raw(d, plane, out, err);
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
    if (spec->codec == IMS_CODEC_PNG) {
        ims__paint_pixels(d, IMS__PAINT_INDEX, d->scratch, 1, out->width, out->height);
        d->painting.dtype = plane->dtype;
        return IMS_OK;
    }
    ims_view_colors(spec, plane->dtype, colors, &gap);
    if (gap)
        memcpy(colors[0], gap_color, 3);
    return paint_colors(d, spec, (const uint8_t(*)[3])colors, out, err);
}
