/* SPDX-License-Identifier: MIT */
#include <imshow/text.h>

#include "../base/text.h"
#include "text_font.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

_Static_assert((int)IMS_TEXT_WIDTH == (int)TEXT_CELL_WIDTH &&
                   (int)IMS_TEXT_HEIGHT == (int)TEXT_CELL_HEIGHT,
               "the header tells the font's cell");

/* The character at *text, which is moved behind it. */
static uint32_t next_code(const char **text)
{
    const unsigned char *t = (const unsigned char *)*text;
    size_t n = ims__utf8_char(*text, strnlen(*text, 4));
    *text += n ? n : 1;
    switch (n) {
    case 1: return t[0];
    case 2: return (t[0] & 0x1fU) << 6 | (t[1] & 0x3fU);
    case 3: return (t[0] & 0x0fU) << 12 | (t[1] & 0x3fU) << 6 | (t[2] & 0x3fU);
    default: return REPLACEMENT;
    }
}

static const struct text_glyph *find(uint32_t code)
{
    size_t low = 0, high = ims__text_font_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ims__text_font[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    bool has = low < ims__text_font_count && ims__text_font[low].code == code;
    return has ? &ims__text_font[low] : NULL;
}

static const struct text_glyph *glyph_of(uint32_t code)
{
    const struct text_glyph *glyph = find(code);
    return glyph ? glyph : &ims__text_font[ims__text_font_count - 1];
}

static uint32_t settle_scale(uint32_t scale)
{
    if (scale == 0)
        return 1;
    return scale > IMS_TEXT_SCALE_MAX ? IMS_TEXT_SCALE_MAX : scale;
}

/* Counted in 64 bits and cut, so that a very long text is a very wide box. */
static uint32_t cut(uint64_t px)
{
    return px > UINT32_MAX ? UINT32_MAX : (uint32_t)px;
}

void ims_text_size(const char *text, uint32_t scale, uint32_t *width, uint32_t *height)
{
    uint64_t columns = 0, longest = 0, lines = 1;
    scale = settle_scale(scale);
    while (*text) {
        if (next_code(&text) == '\n') {
            columns = 0;
            lines++;
        } else if (++columns > longest) {
            longest = columns;
        }
    }
    *width = cut(longest * IMS_TEXT_WIDTH * scale);
    *height = cut(lines * IMS_TEXT_HEIGHT * scale);
}

/* The part of [from, from + size) that lies within [0, bound). */
struct span {
    uint32_t start, end;
};

static struct span clip(int64_t from, uint32_t size, uint32_t bound)
{
    int64_t end = from + size;
    if (end <= 0 || from >= (int64_t)bound)
        return (struct span){0, 0};
    return (struct span){from < 0 ? 0 : (uint32_t)from,
                         end > (int64_t)bound ? bound : (uint32_t)end};
}

/* One pixel of a letter, which is a square of scale x scale. */
static void draw_square(const struct ims_canvas *canvas, int64_t x, int64_t y,
                        uint32_t scale, const uint8_t *color)
{
    struct span xs = clip(x, scale, canvas->width), ys = clip(y, scale, canvas->height);
    size_t channels = (size_t)canvas->channels, written = channels < 3 ? 1 : 3;
    for (uint32_t row = ys.start; row < ys.end; row++) {
        uint8_t *at = canvas->data + row * canvas->stride + xs.start * channels;
        for (uint32_t column = xs.start; column < xs.end; column++, at += channels)
            memcpy(at, color, written);
    }
}

static void draw_glyph(const struct ims_canvas *canvas, int64_t x, int64_t y,
                       const struct text_glyph *glyph, uint32_t scale,
                       const uint8_t *color)
{
    for (uint32_t row = 0; row < TEXT_CELL_HEIGHT; row++)
        for (uint32_t column = 0; column < TEXT_CELL_WIDTH; column++)
            if (glyph->rows[row] & 0x80U >> column)
                draw_square(canvas, x + column * scale, y + row * scale, scale, color);
}

static bool is_visible(const struct ims_canvas *canvas, int64_t x, int64_t y,
                       uint32_t scale)
{
    struct span xs = clip(x, IMS_TEXT_WIDTH * scale, canvas->width);
    struct span ys = clip(y, IMS_TEXT_HEIGHT * scale, canvas->height);
    return xs.start < xs.end && ys.start < ys.end;
}

/* A place so far outside that nothing of any text could be seen, where sums might overflow. */
static bool is_far(int64_t v)
{
    return v > UINT32_MAX || v < -((int64_t)1 << 48);
}

void ims_text_draw(const struct ims_canvas *canvas, int64_t x, int64_t y,
                   const char *text, uint32_t scale, const uint8_t *color)
{
    int64_t at = x;
    scale = settle_scale(scale);
    while (*text && !is_far(y)) {
        uint32_t code = next_code(&text);
        if (code == '\n') {
            at = x;
            y += (int64_t)IMS_TEXT_HEIGHT * scale;
            continue;
        }
        if (!is_far(at) && is_visible(canvas, at, y, scale))
            draw_glyph(canvas, at, y, glyph_of(code), scale, color);
        if (!is_far(at) || at < 0)
            at += (int64_t)IMS_TEXT_WIDTH * scale;
    }
}
