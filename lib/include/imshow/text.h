/* SPDX-License-Identifier: MIT */
#ifndef IMS_PICTURE_TEXT_H
#define IMS_PICTURE_TEXT_H

/*
 * Letters in pixels: a fixed font of 8x13 cells, magnified by whole numbers.
 *
 *     struct ims_canvas canvas = {pixels, 640, 480, 640 * 3, 3};       // (h, w, 3) of u8
 *     uint32_t w, h;
 *     ims_text_size("no signal", 2, &w, &h);
 *     ims_text_draw(&canvas, (640 - (int64_t)w) / 2, 100, "no signal", 2, (uint8_t[]){255, 255, 255});
 *
 * ASCII, Latin-1, some Greek letters, arrows and signs; what the font does not have, and what is no UTF-8,
 * becomes a replacement mark. A newline begins a new line. What lies outside of the canvas is left out.
 * Nothing is kept and nothing can fail; any thread.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    IMS_TEXT_WIDTH = 8,      /* px of a letter's cell at scale 1 */
    IMS_TEXT_HEIGHT = 13,    /* px of a line at scale 1 */
    IMS_TEXT_SCALE_MAX = 64, /* a larger scale is drawn as this one */
};

/* Pixels of the caller's: rows of `stride` bytes, from the top. */
struct ims_canvas {
    uint8_t *data;
    uint32_t width, height; /* px */
    size_t stride;
    int channels; /* 1: grey; 3 or 4: colour, of which the first three are written */
};

/* The box that the text fills, in px: the longest line by the number of lines. */
void ims_text_size(const char *text, uint32_t scale, uint32_t *width, uint32_t *height);

/* Draws the text with its box's upper left corner at (x, y), which may lie outside. `color` is R, G and B, or
 * one grey value for a canvas of one channel; what is not a letter's pixel stays as it is. */
void ims_text_draw(const struct ims_canvas *canvas, int64_t x, int64_t y,
                   const char *text, uint32_t scale, const uint8_t *color);

#ifdef __cplusplus
}
#endif
#endif
