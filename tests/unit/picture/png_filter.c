/* SPDX-License-Identifier: MIT */
/* The filters beside the specification's words, done the slow way. */
#include "../../../lib/picture/png_impl.h"
#include "picture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(png_filter);

/* PNG specification, section 9.4. */
static int paeth_predictor(int a, int b, int c)
{
    int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

    if (pa <= pb && pa <= pc)
        return a;
    return pb <= pc ? b : c;
}

static uint8_t expected(int filter, int x, int a, int b, int c)
{
    int guess = filter == IMS__PNG_SUB       ? a
                : filter == IMS__PNG_UP      ? b
                : filter == IMS__PNG_AVERAGE ? (a + b) / 2
                : filter == IMS__PNG_PAETH   ? paeth_predictor(a, b, c)
                                             : 0;

    return (uint8_t)(x - guess);
}

static void check_row(const uint8_t *out, int filter, const uint8_t *row,
                      const uint8_t *above, size_t n, size_t pixel)
{
    cr_assert_eq(out[0], filter);
    for (size_t i = 0; i < n; i++) {
        bool first = i < pixel;
        uint8_t right = expected(filter, row[i], first ? 0 : row[i - pixel], above[i],
                                 first ? 0 : above[i - pixel]);
        cr_assert_eq(out[1 + i], right, "filter %d, pixel %zu, byte %zu of %zu", filter,
                     pixel, i, n);
    }
}

/* Bytes of a narrow or the whole range, so that ties occur too. */
static void fill(uint8_t *bytes, size_t n, uint32_t *state, int bits)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(next_random(state) >> (32 - bits));
}

Test(png_filter, every_filter_is_the_specification_s_for_any_row)
{
    static const size_t sizes[] = {1, 2, 7, 31, 32, 33, 64, 127, 300};
    uint32_t state = 5;

    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
        for (size_t pixel = 1; pixel <= 6; pixel++)
            for (int bits = 1; bits <= 8; bits += 1) {
                size_t n = sizes[s] * pixel;
                uint8_t *row = malloc(n), *above = malloc(n), *scratch = malloc(2 * n);
                uint8_t *out = malloc(n + 1);
                fill(row, n, &state, bits);
                fill(above, n, &state, bits);
                for (int f = 0; f < IMS__PNG_FILTERS; f++) {
                    ims__png_filter_row((enum ims__png_filter)f, row, above, n, pixel,
                                        scratch, out);
                    check_row(out, f, row, above, n, pixel);
                }
                ims__png_filter_row(IMS__PNG_BEST, row, above, n, pixel, scratch, out);
                check_row(out, out[0], row, above, n, pixel);
                free(row), free(above), free(scratch), free(out);
            }
}

Test(png_filter, the_best_is_the_one_with_the_least_sum)
{
    uint8_t row[64], above[64], scratch[128], out[65];

    for (int i = 0; i < 64; i++)
        row[i] = (uint8_t)(7 * i), above[i] = (uint8_t)(i * i);
    ims__png_filter_row(IMS__PNG_BEST, row, above, 64, 1, scratch, out);
    cr_assert_eq(out[0], IMS__PNG_SUB);
    memcpy(above, row, 64);
    ims__png_filter_row(IMS__PNG_BEST, row, above, 64, 1, scratch, out);
    cr_assert_eq(out[0], IMS__PNG_UP);
}

static uint64_t sum_of(const uint8_t *v, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)abs((int8_t)v[i]);
    return sum;
}

Test(png_filter, the_best_has_the_least_sum_in_rows_of_any_length)
{
    uint8_t row[260], above[260], scratch[520], out[261], other[261];
    uint32_t state = 11;

    for (size_t n = 1; n <= 260; n += 1 + n / 40)
        for (int bits = 1; bits <= 8; bits += 7) {
            fill(row, n, &state, bits);
            fill(above, n, &state, bits);
            if (memcmp(row, above, n) == 0)
                continue; /* zeros, without a look */
            ims__png_filter_row(IMS__PNG_BEST, row, above, n, 1, scratch, out);
            for (int f = 0; f < IMS__PNG_FILTERS; f++) {
                ims__png_filter_row((enum ims__png_filter)f, row, above, n, 1, scratch,
                                    other);
                uint64_t best = sum_of(out + 1, n), sum = sum_of(other + 1, n);
                cr_assert(f < out[0] ? sum > best : sum >= best,
                          "%zu bytes: filter %d has %llu, filter %d %llu", n, out[0],
                          (unsigned long long)best, f, (unsigned long long)sum);
            }
        }
}
