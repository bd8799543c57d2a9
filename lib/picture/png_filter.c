/* SPDX-License-Identifier: MIT */
/*
 * Each filter subtracts a guess from every byte (PNG specification, section 9). On the writing side no
 * byte depends on a filtered one, so that every loop is one the compiler can spread over wide registers.
 */
#include "clones.h"
#include "png_impl.h"

#include <string.h>

#ifdef __x86_64__
#include <emmintrin.h>
#endif

IMS__CLONES
static void filter_sub(const uint8_t *restrict row, size_t n, size_t pixel,
                       uint8_t *restrict out)
{
    memcpy(out, row, pixel);
    for (size_t i = pixel; i < n; i++)
        out[i] = (uint8_t)(row[i] - row[i - pixel]);
}

IMS__CLONES
static void filter_up(const uint8_t *restrict row, const uint8_t *restrict above,
                      size_t n, uint8_t *restrict out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(row[i] - above[i]);
}

/* Half the sum, without its ninth bit. */
static inline uint8_t mean(uint8_t a, uint8_t b)
{
    return (uint8_t)((a & b) + ((uint8_t)(a ^ b) >> 1));
}

IMS__CLONES
static void filter_average(const uint8_t *restrict row, const uint8_t *restrict above,
                           size_t n, size_t pixel, uint8_t *restrict out)
{
    for (size_t i = 0; i < pixel; i++)
        out[i] = (uint8_t)(row[i] - above[i] / 2);
    for (size_t i = pixel; i < n; i++)
        out[i] = (uint8_t)(row[i] - mean(row[i - pixel], above[i]));
}

static inline uint8_t distance(uint8_t a, uint8_t b)
{
    uint8_t more = a > b ? a : b, less = a > b ? b : a;

    return (uint8_t)(more - less);
}

/* The one of left, above and upper left that is nearest to left + above - upper left. All in bytes, of which a
 * register holds twice as many as of anything wider: when left and above lie on one side of the corner, the
 * corner is never nearest, and else its distance is the difference of the other two. */
static inline uint8_t paeth(uint8_t left, uint8_t up, uint8_t corner)
{
    uint8_t to_left = distance(up, corner), to_up = distance(left, corner);
    uint8_t left_is_more = left > corner ? 255 : 0, up_is_more = up > corner ? 255 : 0;
    uint8_t between = distance(to_left, to_up);
    uint8_t to_corner = left_is_more == up_is_more ? 255 : between;
    uint8_t up_or_corner = to_up <= to_corner ? up : corner;
    uint8_t nearest = to_up < to_corner ? to_up : to_corner;

    return to_left <= nearest ? left : up_or_corner;
}

IMS__CLONES
static void filter_paeth(const uint8_t *restrict row, const uint8_t *restrict above,
                         size_t n, size_t pixel, uint8_t *restrict out)
{
    for (size_t i = 0; i < pixel; i++)
        out[i] = (uint8_t)(row[i] - above[i]);
    for (size_t i = pixel; i < n; i++)
        out[i] = (uint8_t)(row[i] - paeth(row[i - pixel], above[i], above[i - pixel]));
}

static uint64_t sum_plain(const uint8_t *v, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i] < 128 ? v[i] : 256U - v[i];
    return sum;
}

#ifdef __x86_64__

/* Compilers widen each byte to 32 bits for that. The lesser of a byte and its negative is what it is as a signed one
 * without its sign, and one instruction sums eight of them; every x86-64 has both. */
static uint64_t sum_of_absolutes(const uint8_t *v, size_t n)
{
    const __m128i zero = _mm_setzero_si128();
    __m128i sum = zero;
    size_t i = 0;

    for (; i + 16 <= n; i += 16) {
        __m128i bytes = _mm_loadu_si128((const void *)(v + i));
        bytes = _mm_min_epu8(bytes, _mm_sub_epi8(zero, bytes));
        sum = _mm_add_epi64(sum, _mm_sad_epu8(bytes, zero));
    }
    sum = _mm_add_epi64(sum, _mm_unpackhi_epi64(sum, sum));
    return (uint64_t)_mm_cvtsi128_si64(sum) + sum_plain(v + i, n - i);
}

#else

static uint64_t sum_of_absolutes(const uint8_t *v, size_t n)
{
    return sum_plain(v, n);
}

#endif

static void apply(enum ims__png_filter filter, const uint8_t *row, const uint8_t *above,
                  size_t n, size_t pixel, uint8_t *out)
{
    switch (filter) {
    case IMS__PNG_SUB: filter_sub(row, n, pixel, out); break;
    case IMS__PNG_UP: filter_up(row, above, n, out); break;
    case IMS__PNG_AVERAGE: filter_average(row, above, n, pixel, out); break;
    case IMS__PNG_PAETH: filter_paeth(row, above, n, pixel, out); break;
    default: memcpy(out, row, n); break;
    }
}

/* Filters into the two halves of the scratch in turn, so that the best so far is never overwritten. */
static void filter_best(const uint8_t *row, const uint8_t *above, size_t n, size_t pixel,
                        uint8_t *scratch, uint8_t *out)
{
    uint8_t *best = scratch, *next = scratch + n;
    uint64_t least = UINT64_MAX;

    for (int f = 0; f < IMS__PNG_FILTERS; f++) {
        apply((enum ims__png_filter)f, row, above, n, pixel, next);
        uint64_t sum = sum_of_absolutes(next, n);
        if (sum < least) {
            uint8_t *swap = best;
            best = next;
            next = swap;
            least = sum;
            out[0] = (uint8_t)f;
        }
    }
    memcpy(out + 1, best, n);
}

void ims__png_filter_row(enum ims__png_filter filter, const uint8_t *row,
                         const uint8_t *above, size_t n, size_t pixel, uint8_t *scratch,
                         uint8_t *out)
{
    if (filter == IMS__PNG_BEST && memcmp(row, above, n) == 0) {
        /* Flat ground and still text: nothing beats a row of zeros, and nothing is as cheap. */
        out[0] = IMS__PNG_UP;
        memset(out + 1, 0, n);
        return;
    }
    if (filter == IMS__PNG_BEST) {
        filter_best(row, above, n, pixel, scratch, out);
        return;
    }
    out[0] = (uint8_t)filter;
    apply(filter, row, above, n, pixel, out + 1);
}
