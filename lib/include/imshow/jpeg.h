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
/* The same for a picture that is still arriving: nothing is looked at twice. `at` is zeroed before a picture and
 * kept between calls with more of it. OK: `need` is its length. TRUNCATED: at least `need` bytes are wanted.
 * Fails: INVALID where markers should stand. */
struct ims_jpeg_place {
    size_t at;
    bool in_scan;
};
IMS_NODISCARD enum ims_result ims_jpeg_walk(const uint8_t *data, size_t size,
                                            struct ims_jpeg_place *at, size_t *need,
                                            struct ims_error *err);

/* What cameras do to JPEG: padding behind the picture, and Huffman tables left out, which motion JPEG allows
 * when they are the standard ones (ITU-T T.81, K.3); browsers and files want them in. Copies the picture up to
 * its end marker, with the tables put in where there are none, into size + IMS_JPEG_TABLES_BYTES bytes. Returns
 * the bytes written; 0 when it does not begin or end as a JPEG, or has no scan. */
enum { IMS_JPEG_TABLES_BYTES = 420 };
size_t ims_jpeg_copy(const uint8_t *data, size_t size, uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
