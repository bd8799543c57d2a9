/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

#include <string.h>

static enum ims_result encode_png(struct ims_drawer *d, const uint8_t *pixels,
                                  int channels, const struct ims_view_spec *spec,
                                  struct ims_picture *out, struct ims_error *err)
{
    struct ims_png_image image = {
        .width = out->width,
        .height = out->height,
        .kind = channels == 4 ? IMS_PNG_RGBA : IMS_PNG_RGB,
        .bits = 8,
        .pixels = pixels,
        .stride = (size_t)out->width * (size_t)channels,
    };
    enum ims_result r = ims__png_write(&d->png, &image, spec->level, &d->bytes, err);

    if (r)
        return r;
    out->data = d->bytes.data;
    out->size = d->bytes.size;
    return IMS_OK;
}

static enum ims_result encode(struct ims_drawer *d, const uint8_t *pixels, int channels,
                              const struct ims_view_spec *spec, struct ims_picture *out,
                              struct ims_error *err)
{
    if (spec->codec == IMS_CODEC_PNG)
        return encode_png(d, pixels, channels, spec, out, err);
    return ims_jpeg_encode_rgb(d->jpeg, pixels, channels, out->width, out->height,
                               (size_t)out->width * (size_t)channels, spec->quality,
                               &out->data, &out->size, err);
}

/* As many limits as there are channels: one serves all colours, alpha spans 0..255 unless four are given
 * (px.imshow, whatever the type). */
static void spread(struct ims_limits *limits, int channels)
{
    for (int i = limits->channels; i < channels; i++) {
        limits->lo[i] = i == 3 ? 0 : limits->lo[0];
        limits->hi[i] = i == 3 ? 255 : limits->hi[0];
    }
    for (int i = channels; i < 4; i++)
        limits->lo[i] = limits->hi[i] = 0;
    limits->channels = channels;
}

enum ims_result ims__draw_colour(struct ims_drawer *d, const struct ims_array *pixels,
                                 const struct ims_view_spec *spec,
                                 struct ims_picture *out, struct ims_error *err)
{
    int channels = (int)pixels->shape[2];
    enum ims_result r;

    if (out->limits.channels == 0)
        return encode(d, pixels->data, channels, spec, out, err);
    spread(&out->limits, channels);
    r = ims__drawer_reserve(d, ims_array_count(pixels), err);
    if (r)
        return r;
    ims__rescale_to_bytes(pixels, &out->limits, d->scratch);
    return encode(d, d->scratch, channels, spec, out, err);
}
