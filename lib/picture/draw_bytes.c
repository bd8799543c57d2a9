/* SPDX-License-Identifier: MIT */
/* What a drawer takes: at most, before there is one, and now. */
#include "draw_impl.h"

/* Times the bytes of all pixels: the picture that is kept, what it is painted in, and its encoded forms, which grow by
 * doubling, here and as they are sent. */
enum {
    RAW_COPIES = 3,
    PNG_COPIES = 6,
    PASSTHROUGH_COPIES = 2,
    JPEG_BYTES = 16,       /* a pixel: planes, indices with their colours, bands */
    JPEG_WINDOW_BYTES = 2, /* a pixel of what is scaled: its planes */
    ATLASES = 5,           /* gathered, and for as many bases as are served at once */
    FIXED_BYTES = 2 << 20, /* coders and their tables */
};

static uint64_t unit_of(const struct ims_view_spec *spec, const struct ims_frame *frame,
                        const struct ims_extent *extent)
{
    if (spec->codec == IMS_CODEC_RAW)
        return ims_dtype_size(ims__drawn_dtype(frame->array.dtype));
    return extent->channels == 1 ? 1 : (uint64_t)extent->channels;
}

uint64_t ims_draw_bytes_max(const struct ims_view_spec *spec,
                            const struct ims_frame *frame)
{
    struct ims_extent extent;

    if (ims_frame_extent(frame, &extent, NULL))
        return 0;
    struct ims__window win = ims__view_window(spec, &extent);
    uint64_t pixels = (uint64_t)spec->width * spec->height;
    uint64_t unit = unit_of(spec, frame, &extent);
    uint64_t atlas = (uint64_t)IMS_DRAW_TILES_MAX * IMS__TILE_SIDE * IMS__TILE_SIDE;
    /* more than half of the picture goes whole; a tile of the edge has all of its pixels */
    uint64_t half = pixels / 2 + (spec->width + spec->height) * (uint64_t)IMS__TILE_SIDE;
    atlas = (atlas < half ? atlas : half) * ATLASES;
    switch (spec->codec) {
    case IMS_CODEC_RAW: return FIXED_BYTES + unit * (RAW_COPIES * pixels + atlas);
    case IMS_CODEC_PNG: return FIXED_BYTES + unit * (PNG_COPIES * pixels + atlas);
    case IMS_CODEC_PASSTHROUGH:
        return FIXED_BYTES + PASSTHROUGH_COPIES * (uint64_t)ims_frame_bytes(frame);
    default:
        return FIXED_BYTES + JPEG_BYTES * pixels + 2 * atlas +
               JPEG_WINDOW_BYTES * (uint64_t)win.width * win.height;
    }
}

static size_t bands_bytes(const struct ims__jpeg_bands *bands)
{
    size_t bytes = bands->capacity;

    for (uint32_t i = 0; i < bands->count; i++)
        bytes += bands->band[i].capacity;
    return bytes;
}

static size_t pixels_bytes(const struct ims_array *a)
{
    return a->data ? ims_array_count(a) * ims_dtype_size(a->dtype) : 0;
}

uint64_t ims__drawer_bytes(const struct ims_drawer *d)
{
    size_t bytes = d->scratch_bytes + d->bytes.capacity + d->whole.capacity +
                   d->small.capacity + d->band.capacity + d->kept.tiles.capacity +
                   d->coder.capacity + d->png.capacity + pixels_bytes(&d->pixels) +
                   bands_bytes(&d->kept.bands);

    for (int i = 0; i < IMS_DRAW_PARTS_MAX; i++)
        bytes += d->parts.piece[i].bytes.capacity;
    for (int i = 0; i < IMS_DRAW_PARTS_MAX - 1; i++)
        bytes += d->parts.coder[i].capacity + d->parts.png[i].capacity;
    return bytes;
}
