/* SPDX-License-Identifier: MIT */
#ifndef IMS_FRAME_H
#define IMS_FRAME_H

/*
 * One frame of a stream: an array, or a camera's picture as the camera laid it out.
 *
 *     struct ims_frame *f;
 *     if (ims_frame_create(&f)) ...
 *     f->array = array;                        // consumed: the frame finishes it
 *     f->time_us = now_us();
 *     ims_ring_publish(ring, f);               // immutable from here on
 *
 * A frame is writable while one reference exists and it is unpublished; then it never changes.
 * References may be taken and dropped on any thread.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

/* V4L2's four-character codes, spelled as <linux/videodev2.h> does. */
#define IMS_FOURCC(a, b, c, d)                                                           \
    ((uint32_t)(a) | ((uint32_t)(b) << 8) | ((uint32_t)(c) << 16) | ((uint32_t)(d) << 24))
enum ims_pixel_format {
    IMS_PIX_ARRAY = 0, /* no camera picture: struct ims_frame.array holds all */
    IMS_PIX_YUYV = IMS_FOURCC('Y', 'U', 'Y', 'V'),
    IMS_PIX_MJPEG = IMS_FOURCC('M', 'J', 'P', 'G'),
    /* Y, then U, then V, without padding; chroma of (w + 1) / 2 columns and (h + 1) / 2 rows */
    IMS_PIX_YUV420 = IMS_FOURCC('Y', 'U', '1', '2'),
};

/* The colour filters on a sensor by their first two rows: the colour of a pixel repeats every two rows and
 * columns. Less one, bit 0 is red's column and bit 1 its row. */
enum ims_mosaic {
    IMS_MOSAIC_NONE,
    IMS_MOSAIC_RGGB,
    IMS_MOSAIC_GRBG,
    IMS_MOSAIC_GBRG,
    IMS_MOSAIC_BGGR,
};

/* Where the pixels of a scalar picture stand along axes whose coordinates are not evenly spaced: the edges of its
 * cells, rising or falling. Immutable; any thread. */
enum { IMS_PLACES_MAX = 4096 }; /* cells along an axis */
struct ims_places {
    size_t columns, rows; /* cells; 0: pixels are even along this axis */
    const double *x, *y;  /* columns + 1 and rows + 1 edges; NULL where there are none */
};

/* Copies the edges; one reference. Fails: LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims_places_create(const double *x, size_t columns,
                                                const double *y, size_t rows,
                                                struct ims_places **out);
struct ims_places *ims_places_ref(struct ims_places *places);
/* Drops one reference and nulls the caller's pointer. NULL inside is fine. */
void ims_places_unref(struct ims_places **places);
/* NULL equals NULL alone. */
bool ims_places_equal(const struct ims_places *a, const struct ims_places *b);

struct ims_frame {
    uint64_t seq;   /* rises within a stream; gaps are frames that were lost or dropped */
    uint32_t epoch; /* rises when shape or dtype change */
    int64_t
        time_us; /* the daemon's clock, µs since 1970 UTC: when the frame was captured */
    int64_t source_time_us; /* the producer's own time; 0: it gave none */
    int64_t
        grab_ns; /* CLOCK_MONOTONIC at the moment that the daemon got it, for latency; 0: not known */
    int64_t published_ns; /* the same when it came into its ring */

    /* An array frame: (h, w), (h, w, 3), (h, w, 4) or a volume. Grey, RGB and Bayer cameras make arrays
     * too. */
    struct ims_array array;
    /* The colour filters before an array (h, w) of u8 or u16, whose pictures are (h, w, 3). */
    enum ims_mosaic mosaic;
    /* Significant bits of an integer array's items; 0: all of its type. */
    int bits;
    /* V4L2's code of what the camera sent, whatever became of it; 0: no camera. */
    uint32_t camera_format;

    /* A camera picture; unused for arrays. */
    enum ims_pixel_format pixel_format;
    uint32_t width, height; /* pixels */
    uint32_t stride; /* bytes a row; of luma for YUV420; 0 for compressed formats */
    struct ims_buffer *buffer;
    size_t size; /* bytes of the picture in the buffer */

    struct ims_buffer
        *meta; /* what the producer said of it, a msgpack map; NULL: nothing */
    /* Of a scalar array with uneven coordinates: views are resampled by them. NULL: pixels are even. */
    struct ims_places *places;
};

/* A zeroed frame with one reference. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_frame_create(struct ims_frame **out);
struct ims_frame *ims_frame_ref(struct ims_frame *frame);
/* Drops one reference and nulls the caller's pointer. NULL inside is fine. */
void ims_frame_unref(struct ims_frame **frame);

/* Bytes of pixels that the frame keeps alive. */
size_t ims_frame_bytes(const struct ims_frame *frame);
/* True when two frames have the same form: pixel format, size, dtype, shape, mosaic and bits, what the camera
 * sent, labels that name the same dimensions with the same kind of coordinates (whose values may differ), and the
 * same axes even. */
bool ims_frame_same_form(const struct ims_frame *a, const struct ims_frame *b);

/* True when two frames are known to show the same without a look at their pixels: of one form, over the very same
 * bytes, and at the same places. False says nothing. */
bool ims_frame_same_pixels(const struct ims_frame *a, const struct ims_frame *b);

/* The picture that a viewer sees, before scaling: rows, columns and samples a pixel (1, 3, 4). For
 * volumes the axes before the last two (or three, when `channels` says so) are slicing axes. */
struct ims_extent {
    uint32_t width, height;
    int channels;    /* 1: scalar, through a colour scale; 3, 4: colour */
    int slice_axes;  /* how many leading axes a view must choose an index of */
    bool compressed; /* must be decoded before a pixel can be read */
};
/* A last axis of 3 or 4 behind at least two others is colour: (h,w,3|4), (n,h,w,3|4) and on; else the last
 * two axes are the picture: (h,w), (n,h,w) and on. A mosaic is colour of three channels. Fails: INVALID with the
 * shape (fewer than two axes, an axis of length 0, a mosaic that is none), LIMIT (a side above 16384),
 * UNSUPPORTED (pixel format). */
IMS_NODISCARD enum ims_result ims_frame_extent(const struct ims_frame *frame,
                                               struct ims_extent *out,
                                               struct ims_error *err);

#ifdef __cplusplus
}
#endif
#endif
