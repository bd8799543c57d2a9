#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes text_font_data.c from the public domain font misc-fixed 8x13 (Debian: xfonts-base).

    python3 make_text_font.py > text_font_data.c
"""
import gzip
import struct

FONT = '/usr/share/fonts/X11/misc/8x13.pcf.gz'
WIDTH, HEIGHT = 8, 13
METRICS, BITMAPS, ENCODINGS = 1 << 2, 1 << 3, 1 << 5  # tables of a PCF file
MSB_BYTE, COMPRESSED = 1 << 2, 1 << 8  # bits of a table's format
MORE = 'αβγδεθλμπρστφωΔΣΩ–—‘’“”•…€←↑→↓−√∞≈≠≤≥�'


class Font:
    def __init__(self, data):
        self.data = data
        count, = struct.unpack_from('<I', data, 4)
        tables = (struct.unpack_from('<4I', data, 8 + 16 * i) for i in range(count))
        self.tables = {kind: offset for kind, _, _, offset in tables}

    def table(self, kind):
        """Where the table's content starts, its byte order and its format."""
        at = self.tables[kind]
        form, = struct.unpack_from('<I', self.data, at)
        return at + 4, '>' if form & MSB_BYTE else '<', form

    def glyph_of(self, code):
        at, order, _ = self.table(ENCODINGS)
        col0, col1, row0, row1, default = struct.unpack_from(order + '5H', self.data, at)
        row, col = divmod(code, 256)
        if not (row0 <= row <= row1 and col0 <= col <= col1):
            return None
        i = (row - row0) * (col1 - col0 + 1) + col - col0
        glyph, = struct.unpack_from(order + 'H', self.data, at + 10 + 2 * i)
        return None if glyph == 0xffff else glyph

    def metrics(self, glyph):
        """left, right, ascent, descent in pixels from the origin on the base line."""
        at, order, form = self.table(METRICS)
        if form & COMPRESSED:
            left, right, _, up, down = (b - 128 for b in self.data[at + 2 + 5 * glyph:][:5])
        else:
            left, right, _, up, down, _ = struct.unpack_from(order + '6h', self.data,
                                                             at + 4 + 12 * glyph)
        return left, right, up, down

    def rows(self, glyph, ascent):
        """One byte a row of the whole cell, the leftmost pixel in the highest bit."""
        at, order, form = self.table(BITMAPS)
        count, = struct.unpack_from(order + 'I', self.data, at)
        offset, = struct.unpack_from(order + 'I', self.data, at + 4 + 4 * glyph)
        bits = at + 4 + 4 * count + 16 + offset
        assert form & 8, 'the highest bit is expected to be the leftmost pixel'
        left, right, up, down = self.metrics(glyph)
        pad = 1 << (form & 3)
        stride = -(-(right - left) // (8 * pad)) * pad
        cell = [0] * HEIGHT
        for y in range(up + down):
            unit = self.data[bits + y * stride:][:stride]
            cell[ascent - up + y] = unit[0] >> left & 0xff
        return cell


def main():
    with gzip.open(FONT) as file:
        font = Font(file.read())
    codes = [*range(0x20, 0x7f), *range(0xa0, 0x100), *sorted(map(ord, MORE))]
    print('/* SPDX-License-Identifier: MIT */')
    print('/* Made by make_text_font.py from misc-fixed 8x13, which is in the public domain: change that, not'
          '\n * this. */')
    print('#include "text_font.h"\n')
    print('const struct text_glyph ims__text_font[] = {')
    total = 0
    for code in codes:
        glyph = font.glyph_of(code)
        if glyph is None:
            continue
        total += 1
        rows = ', '.join(f'0x{row:02x}' for row in font.rows(glyph, 11))
        print(f'    {{0x{code:04x},\n     {{{rows}}}}},')
    print('};')
    print(f'const size_t ims__text_font_count = {total};')


main()
