/* SPDX-License-Identifier: MIT */
#include "png_huffman.h"

#include <stdbool.h>
#include <string.h>

/* What occurs, the rarest first. */
struct leaves {
    uint32_t count[IMS__HUFFMAN_SYMBOLS_MAX];
    uint16_t symbol[IMS__HUFFMAN_SYMBOLS_MAX];
    int size;
};

static void add_leaf(struct leaves *leaves, uint32_t count, int symbol)
{
    leaves->count[leaves->size] = count;
    leaves->symbol[leaves->size++] = (uint16_t)symbol;
}

static void collect(const uint32_t *count, int symbols, struct leaves *out)
{
    out->size = 0;
    for (int i = 0; i < symbols; i++)
        if (count[i] > 0)
            add_leaf(out, count[i], i);
    for (int i = 0; i < symbols && out->size < 2; i++)
        if (count[i] == 0)
            add_leaf(out, 1, i);
}

/* One pass of a radix sort; which are 8 bits of the count. */
static void sort_pass(const struct leaves *from, int shift, struct leaves *to)
{
    int start[257] = {0};

    for (int i = 0; i < from->size; i++)
        start[(from->count[i] >> shift & 255) + 1]++;
    for (int i = 0; i < 256; i++)
        start[i + 1] += start[i];
    for (int i = 0; i < from->size; i++) {
        int at = start[from->count[i] >> shift & 255]++;
        to->count[at] = from->count[i];
        to->symbol[at] = from->symbol[i];
    }
    to->size = from->size;
}

/* A general sort costs several times the rest of making a code. */
static void sort(struct leaves *leaves)
{
    struct leaves other;
    uint32_t most = 0;

    for (int i = 0; i < leaves->size; i++)
        most |= leaves->count[i];
    for (int shift = 0; shift < 32 && most >> shift > 0; shift += 16) {
        sort_pass(leaves, shift, &other);
        sort_pass(&other, shift + 8, leaves);
    }
}

/* Huffman's tree: nodes 0..n-1 are the leaves, the others are made in the order of their weight, so that two
 * queues, each sorted by itself, give the two lightest. */
struct tree {
    uint32_t weight[2 * IMS__HUFFMAN_SYMBOLS_MAX];
    uint16_t parent[2 * IMS__HUFFMAN_SYMBOLS_MAX];
    int leaf, leaves, inner, made;
};

static int lightest(struct tree *t)
{
    bool is_leaf = t->leaf < t->leaves &&
                   (t->inner == t->made || t->weight[t->leaf] <= t->weight[t->inner]);

    return is_leaf ? t->leaf++ : t->inner++;
}

static void grow(struct tree *t)
{
    while (t->made < 2 * t->leaves - 1) {
        int a = lightest(t), b = lightest(t);
        t->weight[t->made] = t->weight[a] + t->weight[b];
        t->parent[a] = t->parent[b] = (uint16_t)t->made++;
    }
}

/* How many leaves lie how deep; those below `limit` are counted at it. */
static void count_depths(const struct leaves *leaves, int limit,
                         int counts[IMS__HUFFMAN_LENGTH_MAX + 1])
{
    struct tree t = {.leaves = leaves->size, .inner = leaves->size, .made = leaves->size};
    uint16_t depth[2 * IMS__HUFFMAN_SYMBOLS_MAX];

    memcpy(t.weight, leaves->count, (size_t)leaves->size * sizeof(t.weight[0]));
    grow(&t);
    depth[t.made - 1] = 0;
    for (int i = t.made - 2; i >= 0; i--) {
        depth[i] = (uint16_t)(depth[t.parent[i]] + 1);
        if (i < leaves->size)
            counts[depth[i] < limit ? depth[i] : limit]++;
    }
}

/* Leaves that were lifted to the limit take more than the code has: each step lowers one above them by a
 * level and hangs one of theirs beside it, until the sum of 2^-length is 1 again. */
static void make_room(int limit, int counts[IMS__HUFFMAN_LENGTH_MAX + 1])
{
    uint32_t used = 0;

    for (int i = 1; i <= limit; i++)
        used += (uint32_t)counts[i] << (limit - i);
    for (; used > 1U << limit; used--) {
        int from = limit - 1;
        while (counts[from] == 0)
            from--;
        counts[from]--;
        counts[from + 1] += 2;
        counts[limit]--;
    }
}

void ims__huffman_lengths(const uint32_t *count, int symbols, int limit, uint8_t *length)
{
    struct leaves leaves;
    int counts[IMS__HUFFMAN_LENGTH_MAX + 1] = {0}, next = 0;

    collect(count, symbols, &leaves);
    sort(&leaves);
    count_depths(&leaves, limit, counts);
    make_room(limit, counts);
    memset(length, 0, (size_t)symbols);
    for (int bits = limit; bits > 0; bits--)
        for (int i = 0; i < counts[bits]; i++)
            length[leaves.symbol[next++]] = (uint8_t)bits;
}

static uint16_t reverse(unsigned code, int length)
{
    unsigned out = 0;

    for (int i = 0; i < length; i++, code >>= 1)
        out = out << 1 | (code & 1);
    return (uint16_t)out;
}

void ims__huffman_codes(const uint8_t *length, int symbols, uint16_t *code)
{
    unsigned next[IMS__HUFFMAN_LENGTH_MAX + 2] = {0};

    for (int i = 0; i < symbols; i++)
        next[length[i] + 1]++;
    next[1] = 0; /* what does not occur takes no room */
    for (int bits = 1; bits <= IMS__HUFFMAN_LENGTH_MAX; bits++)
        next[bits + 1] = 2 * (next[bits] + next[bits + 1]);
    for (int i = 0; i < symbols; i++)
        code[i] = length[i] ? reverse(next[length[i]]++, length[i]) : 0;
}
