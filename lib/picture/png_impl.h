/* SPDX-License-Identifier: MIT */
#ifndef IMS_PNG_IMPL_H
#define IMS_PNG_IMPL_H

/*
 * What the files of the PNG writer share: row filters, and a writer that keeps its memory.
 *
 *     struct ims__png_writer writer = {0};
 *     if (ims__png_write(&writer, &image, 4, &out, &err)) ...      // again and again
 *     ims__png_writer_finish(&writer);
 *
 * One thread at a time.
 */

#include <imshow/png.h>

enum ims__png_filter { /* the filter types of the PNG specification, section 9.2 */
                       IMS__PNG_NONE,
                       IMS__PNG_SUB,
                       IMS__PNG_UP,
                       IMS__PNG_AVERAGE,
                       IMS__PNG_PAETH,
                       IMS__PNG_FILTERS,
                       IMS__PNG_BEST =
                           IMS__PNG_FILTERS, /* whichever has the least sum of absolute values */
};

/* One row of `n` bytes into out[0] = filter type, out[1..n]. `above` is the row before, zeroes at first;
 * `pixel` is the bytes of a pixel, 1..6. `scratch` holds 2 * n bytes for BEST. */
void ims__png_filter_row(enum ims__png_filter filter, const uint8_t *row,
                         const uint8_t *above, size_t n, size_t pixel, uint8_t *scratch,
                         uint8_t *out);

struct libdeflate_compressor;

struct ims__png_writer {
    struct libdeflate_compressor *compressor;
    int level; /* libdeflate's, of the compressor */
    uint8_t *memory;
    size_t capacity;
};

IMS_NODISCARD enum ims_result ims__png_write(struct ims__png_writer *writer,
                                             const struct ims_png_image *image, int level,
                                             struct ims_bytes *out,
                                             struct ims_error *err);
void ims__png_writer_finish(struct ims__png_writer *writer);

#endif
