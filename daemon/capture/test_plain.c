/* SPDX-License-Identifier: MIT */
/* test:bars, test:gradient, test:noise: plain pictures for plain questions. */
#include "test_pattern.h"

#include <math.h>
#include <string.h>

void test_bars_draw(struct test_scene *scene, uint64_t n, void *out)
{
    static const uint8_t colors[8][3] = {
        {255, 255, 255}, {255, 255, 0}, {0, 255, 255}, {0, 255, 0},
        {255, 0, 255},   {255, 0, 0},   {0, 0, 255},   {0, 0, 0},
    };
    uint8_t *o = out;
    size_t size = scene->width * 3;
    for (size_t x = 0; x < scene->width; x++)
        memcpy(o + 3 * x, colors[((x + n) * 8 / scene->width) % 8], 3);
    for (size_t y = 1; y < scene->height; y++)
        memcpy(o + y * size, o, size);
}

/* A sum of waves in x and in y, so that a row costs no sine. */
void test_gradient_draw(struct test_scene *scene, uint64_t n, void *out)
{
    float *o = out;
    double t = test_seconds(scene, n);
    for (size_t y = 0; y < scene->height; y++) {
        double v = (double)y / (double)scene->height;
        float wave = (float)(0.5 * sin(6.2832 * (2 * v + 0.15 * t)));
        for (size_t x = 0; x < scene->width; x++) {
            float u = (float)x / (float)scene->width - (float)(0.1 * t - floor(0.1 * t));
            u -= floorf(u);
            *o++ = wave +
                   (u < 0.5F ? 2 * u - 0.5F : 1.5F - 2 * u); /* a triangle, also +-0.5 */
        }
    }
}

void test_noise_draw(struct test_scene *scene, uint64_t n, void *out)
{
    uint8_t *o = out;
    uint32_t seed = test_hash((uint32_t)n);
    for (size_t i = 0; i < scene->bytes; i++)
        o[i] = (uint8_t)test_hash(seed + (uint32_t)i);
}
