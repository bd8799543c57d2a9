/* SPDX-License-Identifier: MIT */
#include "tiles_noise.h"

#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

static uint32_t distance(const struct ims__stripe *s, size_t x, size_t bytes)
{
    uint32_t sum = 0;

    for (size_t y = 0; y < s->rows; y++) {
        const uint8_t *a = s->a + y * s->a_stride + x, *b = s->b + y * s->b_stride + x;
        for (size_t i = 0; i < bytes; i++)
            sum += (uint32_t)abs(a[i] - b[i]);
    }
    return sum;
}

size_t ims__block_distances_plain(const struct ims__stripe *s, size_t from,
                                  uint32_t *sums, size_t max)
{
    size_t n = 0;

    for (size_t x = from; x < s->bytes && n < max; x += IMS__BLOCK_BYTES, n++) {
        size_t left = s->bytes - x;
        sums[n] = distance(s, x, left < IMS__BLOCK_BYTES ? left : IMS__BLOCK_BYTES);
    }
    return n;
}

#ifdef __x86_64__

enum { BLOCKS = 256 }; /* of a row at a time: their sums stay in the nearest cache */

/* One instruction sums the differences of eight bytes, which no compiler finds in the plain loop: it unrolls that
 * first. Row after row, as memory lies: block after block it takes half as long again. Two blocks a step. */
__attribute__((target("avx2"))) static void add_row(const uint8_t *a, const uint8_t *b,
                                                    size_t pairs, uint64_t *sums)
{
    for (size_t i = 0; i < pairs; i++, a += 32, b += 32, sums += 4) {
        __m256i differ = _mm256_sad_epu8(_mm256_loadu_si256((const void *)a),
                                         _mm256_loadu_si256((const void *)b));
        __m256i sum = _mm256_loadu_si256((const void *)sums);
        _mm256_storeu_si256((void *)sums, _mm256_add_epi64(sum, differ));
    }
}

static void pair_distances(const struct ims__stripe *s, size_t x, size_t pairs,
                           uint32_t *sums)
{
    _Alignas(32) uint64_t halves[2 * BLOCKS];

    memset(halves, 0, 4 * pairs * sizeof(*halves));
    for (size_t y = 0; y < s->rows; y++)
        add_row(s->a + y * s->a_stride + x, s->b + y * s->b_stride + x, pairs, halves);
    for (size_t i = 0; i < 2 * pairs; i++)
        sums[i] = (uint32_t)(halves[2 * i] + halves[2 * i + 1]);
}

/* Every x86-64 has this one. */
static uint32_t one_distance(const struct ims__stripe *s, size_t x)
{
    const uint8_t *a = s->a + x, *b = s->b + x;
    __m128i sum = _mm_setzero_si128();

    for (size_t y = 0; y < s->rows; y++, a += s->a_stride, b += s->b_stride)
        sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_loadu_si128((const void *)a),
                                              _mm_loadu_si128((const void *)b)));
    return (uint32_t)_mm_cvtsi128_si32(sum) +
           (uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
}

size_t ims__block_distances(const struct ims__stripe *s, size_t from, uint32_t *sums,
                            size_t max)
{
    size_t n = 0, x = from;

    while (__builtin_cpu_supports("avx2") && x + 32 <= s->bytes && n + 2 <= max) {
        size_t pairs = (s->bytes - x) / 32;
        pairs = pairs < (max - n) / 2 ? pairs : (max - n) / 2;
        pairs = pairs < BLOCKS / 2 ? pairs : BLOCKS / 2;
        pair_distances(s, x, pairs, sums + n);
        x += 32 * pairs;
        n += 2 * pairs;
    }
    for (; x + IMS__BLOCK_BYTES <= s->bytes && n < max; x += IMS__BLOCK_BYTES)
        sums[n++] = one_distance(s, x);
    return n + ims__block_distances_plain(s, x, sums + n, max - n);
}

#else

size_t ims__block_distances(const struct ims__stripe *s, size_t from, uint32_t *sums,
                            size_t max)
{
    return ims__block_distances_plain(s, from, sums, max);
}

#endif
