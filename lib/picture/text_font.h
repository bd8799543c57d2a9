/* SPDX-License-Identifier: MIT */
#ifndef IMS_TEXT_FONT_H
#define IMS_TEXT_FONT_H

/*
 * The one font of pictures: cells of 8x13 pixels, sorted by character. Constant, for text.c alone.
 *
 *     ims__text_font[i].rows[y] & 0x80 >> x
 */

#include <stddef.h>
#include <stdint.h>

enum { TEXT_CELL_WIDTH = 8, TEXT_CELL_HEIGHT = 13 };

struct text_glyph {
    uint16_t code;                  /* Unicode */
    uint8_t rows[TEXT_CELL_HEIGHT]; /* the leftmost pixel is the highest bit */
};

extern const struct text_glyph ims__text_font[];
extern const size_t ims__text_font_count;

#endif
