/* SPDX-License-Identifier: MIT */
#ifndef IMS_JPEG_BANDS_H
#define IMS_JPEG_BANDS_H

/*
 * A JPEG in bands of 64 rows with a restart marker between them, so that a band is encoded by itself:
 * again only where the picture changed, and on any thread.
 *
 *     struct ims__jpeg_bands bands = {0};
 *     struct ims__jpeg_coder coder = {0};                                  // one a thread
 *     if (ims__jpeg_bands_reserve(&bands, &planes, 80, &err)) ...
 *     for (uint32_t i = 0; i < bands.count; i++)
 *         if (!bands.band[i].size || has_changed(i))
 *             ims__jpeg_band_encode(&bands, &coder, i, &planes, &err);     // different bands: any thread
 *     ims__jpeg_bands_join(&bands, &bytes, &size, &err);
 *
 * The decoded picture equals that of one encode of the whole: an MCU depends on no other but for the
 * DC prediction, which a restart marker resets (ITU-T T.81, E.1.4 and F.1.1.5.1). It costs two bytes a band.
 */

#include <imshow/jpeg.h>

enum {
    IMS__JPEG_BAND_ROWS = 64,
    IMS__JPEG_HEAD_BYTES_MAX = 1024, /* of JFIF, tables and frame header */
};

struct ims__jpeg_coder { /* zeroed at first */
    void *tj;
    uint8_t *scratch;
    size_t capacity;
};

struct ims__jpeg_band {
    uint8_t *data;
    size_t size, capacity; /* size 0: not encoded so far */
};

struct ims__jpeg_bands { /* zeroed at first */
    uint32_t width, height;
    enum ims_chroma chroma;
    int quality;
    uint32_t count;
    struct ims__jpeg_band *band;
    uint8_t *out;
    size_t capacity;
    uint8_t head
        [IMS__JPEG_HEAD_BYTES_MAX]; /* up to the restart interval, written by band 0 */
    size_t head_size;
    uint8_t scan[16]; /* the scan's header */
    size_t scan_size;
};

/* Whether a JPEG can be made of this at all. Fails: INVALID (quality, no pixels, short rows), LIMIT. */
IMS_NODISCARD enum ims_result ims__jpeg_check(const struct ims_planes *planes,
                                              int quality, struct ims_error *err);

void ims__jpeg_coder_finish(struct ims__jpeg_coder *coder);

/* Room for pictures of this form; another form or quality than before forgets the bands. Fails:
 * INVALID (quality, size, strides), LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result ims__jpeg_bands_reserve(struct ims__jpeg_bands *bands,
                                                      const struct ims_planes *planes,
                                                      int quality, struct ims_error *err);
void ims__jpeg_bands_finish(struct ims__jpeg_bands *bands);
/* Encodes band `index` of the picture, of the form that was reserved. Fails: NOMEM, INVALID. */
IMS_NODISCARD enum ims_result ims__jpeg_band_encode(struct ims__jpeg_bands *bands,
                                                    struct ims__jpeg_coder *coder,
                                                    uint32_t index,
                                                    const struct ims_planes *planes,
                                                    struct ims_error *err);
/* The picture of all bands, each of which must have been encoded; valid until the next join. */
IMS_NODISCARD enum ims_result ims__jpeg_bands_join(struct ims__jpeg_bands *bands,
                                                   const uint8_t **out, size_t *size,
                                                   struct ims_error *err);

#endif
