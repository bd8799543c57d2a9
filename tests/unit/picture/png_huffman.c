/* SPDX-License-Identifier: MIT */
#include "../../../lib/picture/png_block.h"
#include "picture.h"

#include <criterion/criterion.h>

TestSuite(png_huffman);

/* The code is full: neither a bit pattern that means nothing nor one that means two symbols. */
static void check_full(const uint8_t *length, int symbols, int limit)
{
    uint32_t used = 0;

    for (int i = 0; i < symbols; i++) {
        cr_assert_leq(length[i], limit);
        used += length[i] ? 1U << (limit - length[i]) : 0;
    }
    cr_assert_eq(used, 1U << limit);
}

static uint64_t cost(const uint32_t *count, const uint8_t *length, int symbols)
{
    uint64_t sum = 0;

    for (int i = 0; i < symbols; i++)
        sum += (uint64_t)count[i] * length[i];
    return sum;
}

/* Huffman's sum by its definition: what the two rarest weigh is paid once for each joining. */
static uint64_t least_cost(const uint32_t *count, int symbols)
{
    uint64_t weight[IMS__HUFFMAN_SYMBOLS_MAX], sum = 0;
    int n = 0;

    for (int i = 0; i < symbols; i++)
        if (count[i])
            weight[n++] = count[i];
    for (; n > 1; n--) {
        for (int k = 0; k < 2; k++) /* the two least to the end */
            for (int i = 0; i < n - 1 - k; i++)
                if (weight[i] < weight[n - 1 - k]) {
                    uint64_t swap = weight[i];
                    weight[i] = weight[n - 1 - k];
                    weight[n - 1 - k] = swap;
                }
        weight[n - 2] += weight[n - 1];
        sum += weight[n - 2];
    }
    return sum;
}

Test(png_huffman, lengths_are_the_shortest_where_the_limit_allows)
{
    uint32_t count[286] = {0}, state = 3;
    uint8_t length[286];

    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 286; i++)
            count[i] = next_random(&state) % 5 ? 100 + next_random(&state) % 900 : 0;
        ims__huffman_lengths(count, 286, 15, length);
        check_full(length, 286, 15);
        cr_assert_eq(cost(count, length, 286), least_cost(count, 286));
    }
}

Test(png_huffman, counts_that_grow_fast_stay_below_the_limit)
{
    uint32_t count[32];
    uint8_t length[32];

    for (int i = 0; i < 32;
         i++) /* each as much as all before it: Huffman's tree is a line */
        count[i] = i < 2 ? 1 : 1U << (i < 30 ? i - 1 : 28);
    for (int limit = 5; limit <= 15; limit++) {
        ims__huffman_lengths(count, 32, limit, length);
        check_full(length, 32, limit);
        for (int i = 1; i < 32; i++)
            cr_assert_leq(length[i], length[i - 1]);
    }
}

Test(png_huffman, a_code_has_two_symbols_at_least)
{
    uint32_t none[30] = {0}, one[30] = {[17] = 5};
    uint8_t length[30];

    ims__huffman_lengths(none, 30, 15, length);
    check_full(length, 30, 15);
    ims__huffman_lengths(one, 30, 15, length);
    check_full(length, 30, 15);
    cr_assert_eq(length[17], 1);
}

Test(png_huffman, codes_are_those_of_the_specification_s_example)
{
    /* RFC 1951, section 3.2.2: ABCDEFGH of lengths 3 3 3 3 3 2 4 4; bits reversed here. */
    static const uint8_t length[8] = {3, 3, 3, 3, 3, 2, 4, 4};
    static const uint16_t right[8] = {2, 6, 1, 5, 3, 0, 7, 15};
    uint16_t code[8];

    ims__huffman_codes(length, 8, code);
    cr_assert_arr_eq(code, right, sizeof(code));
}

Test(png_huffman, lengths_and_distances_have_the_specification_s_numbers)
{
    /* RFC 1951, section 3.2.5: the first length and distance of each number. */
    static const unsigned lengths[29] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                         15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                         67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const unsigned distances[31] = {
        1,    2,    3,    4,    5,    7,     9,     13,    17,   25,   33,
        49,   65,   97,   129,  193,  257,   385,   513,   769,  1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577, 32769};

    for (unsigned n = 3, s = 0; n <= 258; n++) {
        s += s < 28 && n == lengths[s + 1];
        cr_assert_eq(ims__length_symbol(n), s, "%u", n);
    }
    for (unsigned d = 1, s = 0; d <= 32768; d++) {
        s += d == distances[s + 1];
        cr_assert_eq(ims__distance_symbol(d), s, "%u", d);
    }
}
