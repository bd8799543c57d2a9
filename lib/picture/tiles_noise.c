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

enum {
    ROWS = 8, /* that the fast path takes; the last of a picture may be fewer */
    FOUR_BYTES = 4 * IMS__BLOCK_BYTES,
};

/* One instruction sums the differences of eight bytes, which no compiler finds in the plain loop: it unrolls that
 * first. All rows of two blocks at once, whose sums never leave their registers; row after row, with the sums in memory,
 * takes an eighth longer, and so does to ask for memory ahead. */
__attribute__((target("avx2"))) static inline __m256i
two_blocks(const struct ims__stripe *s, size_t x)
{
    const uint8_t *a = s->a + x, *b = s->b + x;
    __m256i sum = _mm256_setzero_si256();

    for (size_t y = 0; y < ROWS; y++)
        sum = _mm256_add_epi64(
            sum,
            _mm256_sad_epu8(_mm256_loadu_si256((const void *)(a + y * s->a_stride)),
                            _mm256_loadu_si256((const void *)(b + y * s->b_stride))));
    return sum;
}

__attribute__((target("avx2"))) static void
fours_of_blocks(const struct ims__stripe *s, size_t x, size_t fours, uint32_t *sums)
{
    const __m256i in_order = _mm256_setr_epi32(0, 4, 2, 6, 0, 4, 2, 6);

    for (size_t i = 0; i < fours; i++, x += FOUR_BYTES, sums += 4) {
        __m256i p = two_blocks(s, x), q = two_blocks(s, x + FOUR_BYTES / 2);
        /* the halves of each block: those of blocks 0 and 2, then 1 and 3 */
        __m256i sum =
            _mm256_add_epi64(_mm256_unpacklo_epi64(p, q), _mm256_unpackhi_epi64(p, q));
        sum = _mm256_permutevar8x32_epi32(sum, in_order);
        _mm_storeu_si128((void *)sums, _mm256_castsi256_si128(sum));
    }
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

    if (__builtin_cpu_supports("avx2") && s->rows == ROWS && x < s->bytes) {
        size_t fours = (s->bytes - x) / FOUR_BYTES;
        fours = fours < max / 4 ? fours : max / 4;
        fours_of_blocks(s, x, fours, sums);
        x += FOUR_BYTES * fours;
        n = 4 * fours;
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
