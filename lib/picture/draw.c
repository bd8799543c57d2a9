/* SPDX-License-Identifier: MIT */
#include "draw_impl.h"

#include <stdlib.h>
#include <string.h>

enum ims_result ims_drawer_create(struct ims_drawer **out)
{
    struct ims_drawer *drawer = calloc(1, sizeof(*drawer));

    if (drawer == NULL)
        return IMS_ERR_NOMEM;
    if (ims_jpeg_encoder_create(&drawer->jpeg)) {
        free(drawer);
        return IMS_ERR_NOMEM;
    }
    *out = drawer;
    return IMS_OK;
}

void ims_drawer_destroy(struct ims_drawer *drawer)
{
    if (drawer == NULL)
        return;
    ims_jpeg_encoder_destroy(drawer->jpeg);
    ims__png_worker_finish(&drawer->png);
    ims_bytes_finish(&drawer->bytes);
    ims__i420_finish(&drawer->whole);
    ims__i420_finish(&drawer->small);
    ims__i420_finish(&drawer->band);
    ims_array_finish(&drawer->pixels);
    ims__tiles_finish(&drawer->kept.tiles);
    ims__jpeg_bands_finish(&drawer->kept.bands);
    ims__jpeg_coder_finish(&drawer->coder);
    ims__parts_finish(&drawer->parts);
    ims_frame_unref(&drawer->kept.frame);
    free(drawer->scratch);
    free(drawer);
}

enum ims_result ims__drawer_reserve(struct ims_drawer *drawer, size_t bytes,
                                    struct ims_error *err)
{
    if (bytes <= drawer->scratch_bytes)
        return IMS_OK;
    uint8_t *grown = malloc(bytes); /* nothing in it is worth a copy */
    if (grown == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to draw %zu bytes", bytes);
    free(drawer->scratch);
    drawer->scratch = grown;
    drawer->scratch_bytes = bytes;
    return IMS_OK;
}

static enum ims_result draw_as_array(struct ims_drawer *drawer, struct ims_frame *frame,
                                     const struct ims_view_spec *spec,
                                     const struct ims_extent *extent,
                                     struct ims_picture *out, struct ims_error *err)
{
    struct ims_array whole = {0}, slice = {0};
    enum ims_result r = ims_frame_to_array(frame, &whole, err);

    if (!r)
        r = ims__frame_slice(&whole, spec, extent, &slice, err);
    if (!r)
        r = ims__draw_array(drawer, &slice, frame->places, spec, extent, out, err);
    ims_array_finish(&slice);
    ims_array_finish(&whole);
    return r;
}

static void place(const struct ims__window *win, struct ims_picture *out)
{
    out->region[0] = win->x - 0.5;
    out->region[1] = win->y - 0.5;
    out->region[2] = win->x + (double)win->width - 0.5;
    out->region[3] = win->y + (double)win->height - 0.5;
}

static enum ims_result paint_settled(struct ims_drawer *drawer, struct ims_frame *frame,
                                     const struct ims_view_spec *spec,
                                     struct ims_picture *out, struct ims_error *err)
{
    struct ims_extent extent;
    bool drawn = false;
    enum ims_result r = ims_frame_extent(frame, &extent, err);

    if (r)
        return r;
    struct ims__window win = ims__view_window(spec, &extent);
    *out = (struct ims_picture){
        .codec = spec->codec, .width = spec->width, .height = spec->height};
    place(&win, out);
    if (frame->pixel_format != IMS_PIX_ARRAY && !ims__view_has_limits(spec, &extent))
        r = ims__draw_camera(drawer, frame, spec, &win, &drawn, err);
    if (frame->mosaic)
        return ims__draw_mosaic(drawer, frame, spec, &extent, out, err);
    if (!r && !drawn)
        r = draw_as_array(drawer, frame, spec, &extent, out, err);
    return r;
}

enum ims_result ims__paint(struct ims_drawer *drawer, struct ims_frame *frame,
                           struct ims_view_spec *spec, struct ims_picture *out,
                           struct ims_error *err)
{
    /* settling twice changes nothing and checks the fit */
    enum ims_result r = ims_view_spec_settle(spec, frame, err);

    ims_array_finish(&drawer->pixels);
    return r ? r : paint_settled(drawer, frame, spec, out, err);
}

enum ims_result ims_draw(struct ims_drawer *drawer, struct ims_frame *frame,
                         const struct ims_view_spec *spec, struct ims_picture *out,
                         struct ims_error *err)
{
    struct ims_view_spec settled = *spec;
    struct ims_picture picture;
    enum ims_result r = ims__paint(drawer, frame, &settled, &picture, err);

    if (!r)
        r = ims__paint_complete(drawer, err);
    if (!r)
        r = ims__encode_whole(drawer, &drawer->painting, &settled, settled.quality,
                              &picture, err);
    if (!r)
        *out = picture;
    return r;
}
