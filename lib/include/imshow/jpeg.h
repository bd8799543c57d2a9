/* SPDX-License-Identifier: MIT */
#ifndef IMS_JPEG_H
#define IMS_JPEG_H

/*
 * JPEG by quality from planes, and back.
 *
 *     struct ims_jpeg_encoder *enc;
 *     if (ims_jpeg_encoder_create(&enc)) ...
 *     if (ims_jpeg_encode(enc, &planes, 80, &bytes, &size, &err)) ...   // bytes belong to enc
 *     ims_jpeg_encoder_destroy(enc);
 *
 * An encoder or decoder serves one thread at a time and keeps its memory between pictures.
 */

#include <imshow/array.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IMS_JPEG_QUALITY_DEFAULT = 80, IMS_JPEG_MAX_SIDE = 65500 };

enum ims_chroma { IMS_CHROMA_GREY, IMS_CHROMA_420, IMS_CHROMA_422, IMS_CHROMA_444 };

/* Full-range (JFIF) planes; the chroma planes are unused for grey. Where chroma is halved along an axis, the
 * luma plane has an even number of pixels along it: the last of an odd side is there twice. */
struct ims_planes {
    uint32_t width, height;
    enum ims_chroma chroma;
    const uint8_t *plane[3];
    int stride[3];
};

struct ims_jpeg_encoder;

/* An encoder for one thread at a time; it keeps the memory of its last picture. Fails: NOMEM. */
IMS_NODISCARD enum ims_result ims_jpeg_encoder_create(struct ims_jpeg_encoder **out);
void ims_jpeg_encoder_destroy(struct ims_jpeg_encoder *enc); /* NULL is fine */

/* quality 1..100. `out` is valid until the next call. Fails: INVALID (quality, size), LIMIT (a side
 * above IMS_JPEG_MAX_SIDE), NOMEM. */
IMS_NODISCARD enum ims_result ims_jpeg_encode(struct ims_jpeg_encoder *enc,
                                              const struct ims_planes *planes,
                                              int quality, const uint8_t **out,
                                              size_t *out_size, struct ims_error *err);
/* The same from packed YUYV (limited range BT.601 as cameras send it is taken as it is: the JPEG then
 * shows what ustreamer and the camera's own JPEG show) and from RGB or RGBA rows (alpha dropped). The
 * conversion to 4:2:0 planes is part of the call. width/height in pixels, stride in bytes. */
IMS_NODISCARD enum ims_result
ims_jpeg_encode_yuyv(struct ims_jpeg_encoder *enc, const uint8_t *yuyv, uint32_t width,
                     uint32_t height, size_t stride, int quality, const uint8_t **out,
                     size_t *out_size, struct ims_error *err);
IMS_NODISCARD enum ims_result
ims_jpeg_encode_rgb(struct ims_jpeg_encoder *enc, const uint8_t *rgb, int channels,
                    uint32_t width, uint32_t height, size_t stride, int quality,
                    const uint8_t **out, size_t *out_size, struct ims_error *err);

/* Size and components from the head alone, < 1 µs. Fails: INVALID, TRUNCATED. */
IMS_NODISCARD enum ims_result ims_jpeg_head(const uint8_t *data, size_t size,
                                            uint32_t *width, uint32_t *height,
                                            int *components, struct ims_error *err);
/* Decodes to a (h, w, 3) u8 array, or (h, w) for a grey JPEG. Refuses more than `max_bytes` of pixels
 * before memory is taken. A picture cut short is TRUNCATED or INVALID, never half grey. */
IMS_NODISCARD enum ims_result ims_jpeg_decode(const uint8_t *data, size_t size,
                                              size_t max_bytes, struct ims_array *out,
                                              struct ims_error *err);
/* Bytes up to and with the EOI marker of the first picture (cameras pad behind it); 0 when there is none. */
size_t ims_jpeg_length(const uint8_t *data, size_t size);

#ifdef __cplusplus
}
#endif
#endif
