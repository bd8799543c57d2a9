/* SPDX-License-Identifier: MIT */
#include "measure.h"

#include <imshow/draw.h>
#include <math.h>
#include <stdlib.h>

/* ---- mean ---- */

struct sum {
    double sum;
    uint64_t count;
};

/* The common types without a call for each item; whole numbers are always finite. */
static void add_u8(struct sum *s, const uint8_t *at, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += at[i];
    s->sum += (double)sum;
    s->count += n;
}

static void add_u16(struct sum *s, const uint16_t *at, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += at[i];
    s->sum += (double)sum;
    s->count += n;
}

static void add_any(struct sum *s, enum ims_dtype dtype, const uint8_t *at, size_t n)
{
    size_t size = ims_dtype_size(dtype);
    for (size_t i = 0; i < n; i++) {
        double v = ims_item_f64(dtype, at + i * size);
        if (!isfinite(v))
            continue;
        s->sum += v;
        s->count++;
    }
}

static bool mean_of(const struct ims_array *array, double *out)
{
    struct sum s = {0};
    size_t n = ims_array_count(array);
    if (array->dtype == IMS_U8)
        add_u8(&s, array->data, n);
    else if (array->dtype == IMS_U16)
        add_u16(&s, (const uint16_t *)(const void *)array->data, n);
    else
        add_any(&s, array->dtype, array->data, n);
    if (s.count)
        *out = s.sum / (double)s.count;
    return s.count > 0;
}

/* ---- what has changed ---- */

/* Even steps through all items. */
static size_t sample(const struct ims_array *array, float *out)
{
    size_t n = ims_array_count(array), size = ims_dtype_size(array->dtype);
    size_t count = n < MEASURE_SAMPLES ? n : MEASURE_SAMPLES;
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)((double)i * (double)n / (double)count);
        out[i] = (float)ims_item_f64(array->dtype, array->data + at * size);
    }
    return count;
}

static float noise_of(enum ims_dtype dtype, const float *samples, size_t count)
{
    float lo = INFINITY, hi = -INFINITY;
    if (dtype == IMS_U8)
        return (float)(255 * MEASURE_NOISE);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(samples[i]))
            continue;
        lo = fminf(lo, samples[i]);
        hi = fmaxf(hi, samples[i]);
    }
    return hi > lo ? (hi - lo) * (float)MEASURE_NOISE : 0;
}

static bool changed_of(struct measure *m, const struct ims_array *array, double *out)
{
    if (!m->before)
        m->before = calloc(MEASURE_SAMPLES, sizeof *m->before);
    if (!m->now)
        m->now = malloc(MEASURE_SAMPLES * sizeof *m->now);
    if (!m->before || !m->now)
        return false;
    size_t count = sample(array, m->now), changed = 0;
    float noise = noise_of(array->dtype, m->now, count);
    bool can_tell = count && count == m->count;
    for (size_t i = 0; can_tell && i < count; i++)
        changed += fabsf(m->now[i] - m->before[i]) > noise;
    float *before = m->before;
    m->before = m->now;
    m->now = before;
    m->count = count;
    if (can_tell)
        *out = (double)changed / (double)count;
    return can_tell;
}

/* ---- the whole ---- */

static bool measure_array(struct measure *m, const struct ims_array *array, double *out)
{
    double lo;
    switch (m->trigger) {
    case TRIGGER_MEAN: return mean_of(array, out);
    case TRIGGER_MAXIMUM: return ims_minmax(array, &lo, out);
    case TRIGGER_CHANGED: return changed_of(m, array, out);
    default: return false;
    }
}

bool measure_frame(struct measure *measure, struct ims_frame *frame, double *out)
{
    struct ims_array whole, ordered;
    if (ims_frame_to_array(frame, &whole, NULL))
        return false;
    bool has = ims_array_c_ordered(&whole, &ordered, NULL) == IMS_OK;
    ims_array_finish(&whole);
    if (!has)
        return false;
    has = measure_array(measure, &ordered, out);
    ims_array_finish(&ordered);
    return has;
}

void measure_finish(struct measure *measure)
{
    free(measure->before);
    free(measure->now);
    *measure = (struct measure){.trigger = measure->trigger};
}
