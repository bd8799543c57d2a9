/* SPDX-License-Identifier: MIT */
#ifndef IMS_FOXGLOVE_H
#define IMS_FOXGLOVE_H

/*
 * foxglove.CompressedImage and foxglove.RawImage, as protobuf: the images that other programs open.
 *
 *     struct ims__image image = {.is_raw = true, .width = w, .height = h, .step = 2 * w, .encoding = "mono16",
 *                                .size = bytes_of_pixels, ...};
 *     ims__image_put(&image, &out);                  // all but the pixels, which are written behind it
 *
 *     if (ims__image_read(data, size, is_raw, &image, &err)) ...
 *
 * What a frame has besides lies in a field of its own, IMS__IMAGE_EXTRA, which protobuf's readers pass over as they
 * do with every field that they do not know.
 */

#include <imshow/sink.h>

/* Far from where the schemas grow, and outside of the numbers that protobuf keeps for itself. */
enum { IMS__IMAGE_EXTRA = 30000, IMS__IMAGE_TEXT = 32 };

struct ims__image {
    bool is_raw;
    int64_t time_ns;                /* since 1970 */
    uint32_t width, height, step;   /* raw only */
    char encoding[IMS__IMAGE_TEXT]; /* or, compressed, the format */
    const char *frame_id;           /* writing only */
    const uint8_t *data;            /* reading only */
    size_t size;
    const uint8_t *extra; /* NULL: none */
    size_t extra_size;
};

extern const uint8_t ims__foxglove_compressed_image[];
extern const size_t ims__foxglove_compressed_image_size;
extern const uint8_t ims__foxglove_raw_image[];
extern const size_t ims__foxglove_raw_image_size;

/* Appends the message up to its pixels, of which `size` bytes must follow. */
void ims__image_put(const struct ims__image *image, struct ims_bytes *out);
/* Pointers lead into `data`. Fails: INVALID when that is no such message. */
IMS_NODISCARD enum ims_result ims__image_read(const uint8_t *data, size_t size,
                                              bool is_raw, struct ims__image *out,
                                              struct ims_error *err);

#endif
