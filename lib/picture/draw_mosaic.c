/* SPDX-License-Identifier: MIT */
#include "demosaic.h"
#include "draw_impl.h"

#include <imshow/scale.h>

/* A view of half the size or less needs no interpolated colours: two by two samples are a pixel. */
static bool is_half(const struct ims__window *win, const struct ims_view_spec *spec)
{
    return win->width % 2 == 0 && win->height % 2 == 0 && spec->width <= win->width / 2 &&
           spec->height <= win->height / 2;
}

enum ims_result ims__draw_mosaic(struct ims_drawer *drawer, const struct ims_frame *frame,
                                 const struct ims_view_spec *spec,
                                 const struct ims_extent *extent, struct ims_picture *out,
                                 struct ims_error *err)
{
    struct ims__window win = ims__view_window(spec, extent);
    struct ims_array pixels = {0}, small = {0};

    /* Interpolated values lie between those of the samples: the mosaic has the limits of the whole. */
    if (ims__view_has_limits(spec, extent))
        ims_limits_resolve(&spec->limits, &frame->array, &out->limits);
    enum ims_result r =
        is_half(&win, spec)
            ? ims__demosaic_half(&frame->array, frame->mosaic, &win, &pixels, err)
            : ims__demosaic(&frame->array, frame->mosaic, &win, &pixels, err);
    if (!r)
        r = ims__resample(&pixels, spec, &small, err);
    if (!r)
        r = ims__draw_colour(drawer, &small, spec, out, err);
    ims_array_finish(&small);
    ims_array_finish(&pixels);
    return r;
}
