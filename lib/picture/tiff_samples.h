/* SPDX-License-Identifier: MIT */
#ifndef IMS_TIFF_SAMPLES_H
#define IMS_TIFF_SAMPLES_H

/*
 * From the rows of a TIFF's strip or tile to the items of an array; knows nothing of libtiff.
 *
 *     struct ims__tiff_form form = {.bits = 8, .samples = 1, .dtype = IMS_U8, ...};
 *     ims__tiff_put_row(&form, row, plane, count, items);
 */

#include <imshow/array.h>

enum ims__tiff_meaning {
    IMS__TIFF_PLAIN,
    IMS__TIFF_WHITE_IS_ZERO, /* unsigned integers are turned round */
    IMS__TIFF_PALETTE,       /* one index becomes three bytes */
};

struct ims__tiff_form {
    uint32_t width, height;
    uint16_t bits;    /* a sample in the file: 1, 2, 4, 8, 16, 32, 64 */
    uint16_t samples; /* a pixel in the file */
    bool is_planar; /* the samples of a pixel lie apart: a row holds those of one plane */
    enum ims_dtype dtype; /* of the array's items */
    enum ims__tiff_meaning meaning;
    uint8_t palette[256][3]; /* PALETTE */
};

/* Items of a pixel in the array. */
size_t ims__tiff_items(const struct ims__tiff_form *form);
/* Bytes of `pixels` pixels in a row of the file. */
size_t ims__tiff_row_bytes(const struct ims__tiff_form *form, size_t pixels);
/* `count` pixels of a row to the items from `out` on; `plane` counts when the form is planar. */
void ims__tiff_put_row(const struct ims__tiff_form *form, const uint8_t *row,
                       size_t plane, size_t count, uint8_t *out);

#endif
