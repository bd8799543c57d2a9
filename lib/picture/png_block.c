/* SPDX-License-Identifier: MIT */
#include "png_block.h"

enum { STORED = 0, DYNAMIC = 2 }; /* kinds of a block */
enum {
    REPEAT = 16,
    ZEROS = 17,
    MANY_ZEROS = 18,
    LENGTH_SYMBOLS = 19
}; /* of code lengths */
enum { LENGTH_LIMIT = 7, DISTANCE_LIMIT = 15 };

static uint32_t pack(uint32_t code, uint32_t bits)
{
    return code << 8 | bits;
}

static void pack_lengths(struct ims__codes *codes)
{
    for (unsigned length = IMS__MATCH_MIN; length <= IMS__MATCH_MAX; length++) {
        unsigned symbol = IMS__SYMBOL_LENGTH + ims__length_symbol(length);
        unsigned extra = ims__length_extra(length), bits = codes->symbol_bits[symbol];
        uint32_t rest = (length - IMS__MATCH_MIN) & ((1U << extra) - 1);
        codes->length[length] =
            pack(codes->symbol_code[symbol] | rest << bits, bits + extra);
    }
}

void ims__codes_make(const struct ims__counts *counts, struct ims__codes *out)
{
    uint16_t distance_code[IMS__DISTANCES];

    ims__huffman_lengths(counts->symbol, IMS__SYMBOLS, IMS__LITERAL_BITS,
                         out->symbol_bits);
    ims__huffman_codes(out->symbol_bits, IMS__SYMBOLS, out->symbol_code);
    ims__huffman_lengths(counts->distance, IMS__DISTANCES, DISTANCE_LIMIT,
                         out->distance_bits);
    ims__huffman_codes(out->distance_bits, IMS__DISTANCES, distance_code);
    for (int i = 0; i < 256; i++)
        out->literal[i] = pack(out->symbol_code[i], out->symbol_bits[i]);
    for (int i = 0; i < IMS__DISTANCES; i++)
        out->distance[i] = pack(distance_code[i], out->distance_bits[i]);
    pack_lengths(out);
}

/* The lengths of both codes as one row, runs made short (RFC 1951, section 3.2.7). */
struct short_lengths {
    uint8_t symbol[IMS__SYMBOLS + IMS__DISTANCES], extra[IMS__SYMBOLS + IMS__DISTANCES];
    int size;
    uint32_t count[LENGTH_SYMBOLS];
};

static void add(struct short_lengths *s, int symbol, int extra)
{
    s->symbol[s->size] = (uint8_t)symbol;
    s->extra[s->size++] = (uint8_t)extra;
    s->count[symbol]++;
}

static void add_run(struct short_lengths *s, uint8_t length, int run)
{
    int first = length == 0 ? 0 : 1; /* a length stands before its repeats */

    if (run < 3 + first) {
        while (run-- > 0)
            add(s, length, 0);
        return;
    }
    if (first)
        add(s, length, 0), run--;
    while (run >= 3) {
        int most = length ? 6 : 138, part = run < most ? run : most;
        if (length)
            add(s, REPEAT, part - 3);
        else if (part < 11)
            add(s, ZEROS, part - 3);
        else
            add(s, MANY_ZEROS, part - 11);
        run -= part;
    }
    while (run-- > 0)
        add(s, length, 0);
}

static void shorten(const uint8_t *length, int size, struct short_lengths *out)
{
    for (int i = 0, run; i < size; i += run) {
        for (run = 1; i + run < size && length[i + run] == length[i]; run++)
            continue;
        add_run(out, length[i], run);
    }
}

static int used(const uint8_t *length, int size, int least)
{
    while (size > least && length[size - 1] == 0)
        size--;
    return size;
}

static void write_lengths(const struct short_lengths *s, struct ims__bits *bits)
{
    static const uint8_t order[LENGTH_SYMBOLS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                  11, 4,  12, 3, 13, 2, 14, 1, 15};
    static const uint8_t extra_bits[LENGTH_SYMBOLS] = {
        [REPEAT] = 2, [ZEROS] = 3, [MANY_ZEROS] = 7};
    uint8_t length[LENGTH_SYMBOLS];
    uint16_t code[LENGTH_SYMBOLS];
    unsigned sent = LENGTH_SYMBOLS;

    ims__huffman_lengths(s->count, LENGTH_SYMBOLS, LENGTH_LIMIT, length);
    ims__huffman_codes(length, LENGTH_SYMBOLS, code);
    while (sent > 4 && length[order[sent - 1]] == 0)
        sent--;
    ims__bits_put(bits, sent - 4, 4);
    for (unsigned i = 0; i < sent; i++) {
        ims__bits_flush(bits);
        ims__bits_put(bits, length[order[i]], 3);
    }
    for (int i = 0; i < s->size; i++) {
        ims__bits_flush(bits);
        ims__bits_put(bits, code[s->symbol[i]], length[s->symbol[i]]);
        ims__bits_put(bits, s->extra[i], extra_bits[s->symbol[i]]);
    }
    ims__bits_flush(bits);
}

void ims__codes_write(const struct ims__codes *codes, bool is_last,
                      struct ims__bits *bits)
{
    struct short_lengths lengths = {0};
    int symbols = used(codes->symbol_bits, IMS__SYMBOLS, IMS__SYMBOL_LENGTH);
    int distances = used(codes->distance_bits, IMS__DISTANCES, 1);

    shorten(codes->symbol_bits, symbols, &lengths);
    shorten(codes->distance_bits, distances, &lengths);
    ims__bits_put(bits, (unsigned)is_last | DYNAMIC << 1, 3);
    ims__bits_put(bits, (unsigned)(symbols - IMS__SYMBOL_LENGTH), 5);
    ims__bits_put(bits, (unsigned)(distances - 1), 5);
    write_lengths(&lengths, bits);
}

void ims__store(const uint8_t *data, size_t size, bool is_last, struct ims__bits *bits)
{
    do {
        size_t part = size < IMS__STORED_MAX ? size : IMS__STORED_MAX;
        ims__bits_put(bits, (unsigned)(is_last && part == size) | STORED << 1, 3);
        ims__bits_align(bits);
        ims__bits_put(bits, part | (part ^ IMS__STORED_MAX) << 16, 32);
        ims__bits_flush(bits);
        memcpy(bits->at, data, part);
        bits->at += part;
        data += part;
        size -= part;
    } while (size > 0);
}
