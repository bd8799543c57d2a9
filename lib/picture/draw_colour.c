/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

#include <string.h>

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

    if (out->limits.channels == 0) {
        ims_array_finish(&d->pixels);
        d->pixels = ims_array_ref(pixels); /* the painting points into it */
        return ims__paint_rgb(d, d->pixels.data, channels, spec, out, err);
    }
    spread(&out->limits, channels);
    r = ims__drawer_reserve(d, ims_array_count(pixels), err);
    if (r)
        return r;
    ims__rescale_to_bytes(pixels, &out->limits, d->scratch);
    return ims__paint_rgb(d, d->scratch, channels, spec, out, err);
}
