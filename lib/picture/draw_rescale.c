/* SPDX-License-Identifier: MIT */
/*
 * px.imshow's way from a sample to a byte, in the working type T: f16, f32 or f64 where the samples are
 * of that type, f64 for integers. Every operation rounds to T, hi - lo is formed in f64 first:
 *
 *     v = min(max(v, T(lo)), T(hi))
 *     lo != hi:  v = (v - T(lo)) / T(hi - lo) * T(255) + T(0)       else v = min(max(v, 0), 255)
 *     byte = v cut toward zero; NaN is 0
 */
#include "clones.h"
#include "draw_impl.h"
#include "rows.h"

#include <math.h>

/* f32 holds twice the digits of f16 and two more, and f64 those of f32: computing one operation there and
 * rounding is the same as computing it in T. */
static double round_to(enum ims_dtype dtype, double v)
{
    if (dtype == IMS_F16)
        return (double)ims_f16_to_f32(ims__f64_to_f16(v));
    return dtype == IMS_F32 ? (double)(float)v : v;
}

static uint8_t rescale(enum ims_dtype t, double v, double lo, double hi)
{
    double low = round_to(t, lo), high = round_to(t, hi);

    if (isnan(v) || isnan(lo) || isnan(hi))
        return 0;
    v = v < low ? low : v;
    v = v > high ? high : v;
    if (lo != hi) {
        v = round_to(t, round_to(t, v - low) / round_to(t, hi - lo));
        v = round_to(t, v * 255);
    }
    /* Limits that meet in T give 0/0. */
    return isnan(v) ? 0 : (uint8_t)fmin(fmax(v, 0), 255);
}

/* 8-bit samples have 256 answers. */
static void rescale_u8(const struct ims_array *pixels, const struct ims_limits *limits,
                       uint8_t *out)
{
    size_t channels = pixels->shape[2], count = ims_array_count(pixels);
    uint8_t table[4][256];

    for (size_t c = 0; c < channels; c++)
        for (int v = 0; v < 256; v++)
            table[c][v] = rescale(IMS_U8, v, limits->lo[c], limits->hi[c]);
    for (size_t i = 0, c = 0; i < count; i++, c = c + 1 < channels ? c + 1 : 0)
        out[i] = table[c][pixels->data[i]];
}

/* The same operations as rescale() in f64 has, of values that are no NaN and limits that differ: a loop that
 * vectorises, since mosaics come by here. */
IMS__CLONES
static void rescale_words(const uint16_t *in, size_t count, double lo, double hi,
                          uint8_t *out)
{
    double range = hi - lo;

    for (size_t i = 0; i < count; i++) {
        double v = in[i];
        v = v < lo ? lo : v;
        v = v > hi ? hi : v;
        out[i] = (uint8_t)(int)((v - lo) / range * 255);
    }
}

static bool is_one_range(const struct ims_array *pixels, const struct ims_limits *limits)
{
    if (pixels->dtype != IMS_U16 || !(limits->lo[0] < limits->hi[0]) ||
        isinf(limits->hi[0] - limits->lo[0]))
        return false;
    for (size_t c = 1; c < pixels->shape[2]; c++)
        if (limits->lo[c] != limits->lo[0] || limits->hi[c] != limits->hi[0])
            return false;
    return true;
}

void ims__rescale_to_bytes(const struct ims_array *pixels,
                           const struct ims_limits *limits, uint8_t *out)
{
    size_t channels = pixels->shape[2], count = ims_array_count(pixels);
    size_t item = ims_dtype_size(pixels->dtype);
    double v[IMS__CHUNK];

    if (pixels->dtype == IMS_U8) {
        rescale_u8(pixels, limits, out);
        return;
    }
    if (is_one_range(pixels, limits)) {
        rescale_words((const uint16_t *)(const void *)pixels->data, count, limits->lo[0],
                      limits->hi[0], out);
        return;
    }
    for (size_t at = 0, n; at < count; at += n) {
        n = count - at < IMS__CHUNK ? count - at : IMS__CHUNK;
        ims__load_f64(pixels->dtype, pixels->data + at * item, (ptrdiff_t)item, n, v);
        for (size_t i = 0; i < n; i++) {
            size_t c = (at + i) % channels;
            out[at + i] = rescale(pixels->dtype, v[i], limits->lo[c], limits->hi[c]);
        }
    }
}
