/* SPDX-License-Identifier: MIT */
/* test:stack, a volume from a confocal microscope: nuclei that drift and glow, slice behind slice. */
#include "test_pattern.h"

#include <math.h>

enum { NUCLEI = 14, SEED = 37, DARK = 110 };

struct stack {
    float *x, *y, *z, *row;
    int8_t *noise;
};

static size_t depth_of(const struct test_scene *scene)
{
    return scene->shape[0];
}

size_t test_stack_scratch(const struct test_scene *scene)
{
    size_t lines = scene->width + scene->height + depth_of(scene);
    return sizeof(struct stack) + (NUCLEI * lines + scene->width) * sizeof(float) +
           scene->width + TEST_NOISE_SPAN;
}

void test_stack_prepare(struct test_scene *scene)
{
    struct stack *s = scene->scratch;
    s->x = (float *)(s + 1);
    s->y = s->x + NUCLEI * scene->width;
    s->z = s->y + NUCLEI * scene->height;
    s->row = s->z + NUCLEI * depth_of(scene);
    s->noise = (int8_t *)(s->row + scene->width);
    test_noise_fill(s->noise, scene->width + TEST_NOISE_SPAN, SEED);
}

static double drift(uint32_t i, uint32_t axis, double t)
{
    double start = 0.12 + 0.76 * test_random(SEED + axis, i);
    return start + 0.06 * sin(t * (0.1 + 0.2 * test_random(SEED + 3 + axis, i)) + i);
}

static void place(const struct test_scene *scene, const struct stack *s, double t)
{
    const size_t w = scene->width, h = scene->height, d = depth_of(scene);
    for (uint32_t i = 0; i < NUCLEI; i++) {
        double r = 0.05 + 0.06 * test_random(SEED + 7, i);
        double glow = 1500 + 2200 * test_random(SEED + 8, i);
        glow *= 1 + 0.4 * sin(t * (0.3 + 0.5 * test_random(SEED + 9, i)) + i);
        test_bell(s->x + i * w, w, drift(i, 0, t) * (double)w, r * (double)w);
        test_bell(s->y + i * h, h, drift(i, 1, t) * (double)h, r * (double)h);
        test_bell(s->z + i * d, d, drift(i, 2, t) * (double)d, 1.6 * r * (double)d);
        for (size_t z = 0; z < d; z++)
            s->z[i * d + z] *= (float)glow;
    }
}

static void light_row(const struct test_scene *scene, const struct stack *s, size_t z,
                      size_t y)
{
    const size_t w = scene->width, h = scene->height, d = depth_of(scene);
    for (size_t x = 0; x < w; x++)
        s->row[x] = DARK;
    for (size_t i = 0; i < NUCLEI; i++) {
        float light = s->z[i * d + z] * s->y[i * h + y];
        const float *bell = s->x + i * w;
        for (size_t x = 0; light > 0.5F && x < w; x++)
            s->row[x] += light * bell[x];
    }
}

void test_stack_draw(struct test_scene *scene, uint64_t n, void *out)
{
    const struct stack *s = scene->scratch;
    uint16_t *o = out;
    place(scene, s, test_seconds(scene, n));
    for (size_t z = 0; z < depth_of(scene); z++)
        for (size_t y = 0; y < scene->height; y++) {
            const int8_t *noise = s->noise + test_noise_start(n, z * scene->height + y);
            light_row(scene, s, z, y);
            for (size_t x = 0; x < scene->width; x++) {
                /* photons: the deviation is the root of their number */
                float v = s->row[x] + sqrtf(s->row[x]) * (float)noise[x] / 32;
                *o++ = (uint16_t)(v > 0 ? v : 0);
            }
        }
}
