/* SPDX-License-Identifier: MIT */
#include "tiff_samples.h"

#include <string.h>

size_t ims__tiff_items(const struct ims__tiff_form *form)
{
    return form->meaning == IMS__TIFF_PALETTE ? 3 : form->samples;
}

static size_t samples_of_row(const struct ims__tiff_form *form, size_t pixels)
{
    return form->is_planar ? pixels : pixels * form->samples;
}

size_t ims__tiff_row_bytes(const struct ims__tiff_form *form, size_t pixels)
{
    return (samples_of_row(form, pixels) * form->bits + 7) / 8;
}

/* Sample `i` of a row of samples of up to 8 bits. */
static uint8_t sample_at(const struct ims__tiff_form *form, const uint8_t *row, size_t i)
{
    if (form->bits == 8)
        return row[i];
    size_t per_byte = 8u / form->bits, shift = (per_byte - 1 - i % per_byte) * form->bits;
    return (uint8_t)(row[i / per_byte] >> shift & ((1 << form->bits) - 1));
}

static void put_palette_row(const struct ims__tiff_form *form, const uint8_t *row,
                            size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        memcpy(out + 3 * i, form->palette[sample_at(form, row, i)], 3);
}

static void put_small_row(const struct ims__tiff_form *form, const uint8_t *row,
                          size_t count, size_t step, uint8_t *out)
{
    unsigned greatest = (1u << form->bits) - 1;
    for (size_t i = 0; i < count; i++)
        out[i * step] = (uint8_t)(sample_at(form, row, i) * 255u / greatest);
}

static void put_whole_row(const struct ims__tiff_form *form, const uint8_t *row,
                          size_t count, size_t step, uint8_t *out)
{
    size_t item = ims_dtype_size(form->dtype);
    if (step == 1) {
        memcpy(out, row, count * item);
        return;
    }
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * step * item, row + i * item, item);
}

/* All bits turned: the greatest value less the value, for unsigned integers. */
static void turn(uint8_t *bytes, size_t count, size_t step, size_t item)
{
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < item; b++)
            bytes[i * step * item + b] ^= 0xff;
}

void ims__tiff_put_row(const struct ims__tiff_form *form, const uint8_t *row,
                       size_t plane, size_t count, uint8_t *out)
{
    size_t item = ims_dtype_size(form->dtype), step = form->is_planar ? form->samples : 1;
    size_t samples = samples_of_row(form, count);
    if (form->meaning == IMS__TIFF_PALETTE) {
        put_palette_row(form, row, count, out);
        return;
    }
    if (form->is_planar)
        out += plane * item;
    if (form->bits < 8)
        put_small_row(form, row, samples, step, out);
    else
        put_whole_row(form, row, samples, step, out);
    if (form->meaning == IMS__TIFF_WHITE_IS_ZERO)
        turn(out, samples, step, item);
}
