/* SPDX-License-Identifier: MIT */
/* test:thermal, the raw counts of an infrared camera: a room of about 29000 counts, people who walk
 * through it, a cup that stays hot, and the sensor's own stripes and noise. */
#include "test_pattern.h"

#include <math.h>

enum { PEOPLE = 3, WARM_MAX = 16, SEED = 23, ROOM = 28900, CUP = 1900 };

struct thermal {
    float *x, *y, *row;
    int8_t *noise;
};

size_t test_thermal_scratch(const struct test_scene *scene)
{
    size_t floats = WARM_MAX * (scene->width + scene->height) + scene->width;
    return sizeof(struct thermal) + floats * sizeof(float) + scene->width +
           TEST_NOISE_SPAN;
}

/* A warm thing: a bell in x times a bell in y. */
struct warm {
    double x, y, rx, ry, counts;
};

void test_thermal_prepare(struct test_scene *scene)
{
    struct thermal *th = scene->scratch;
    th->x = (float *)(th + 1);
    th->y = th->x + WARM_MAX * scene->width;
    th->row = th->y + WARM_MAX * scene->height;
    th->noise = (int8_t *)(th->row + scene->width);
    test_noise_fill(th->noise, scene->width + TEST_NOISE_SPAN, SEED);
}

/* Head, trunk and two arms that swing, in parts of the picture. */
static int add_person(struct warm *out, double x, double size, double step)
{
    double feet = 0.62 + 0.02 * fabs(sin(step));
    out[0] = (struct warm){x, feet - 0.36 * size, 0.045 * size, 0.085 * size, 1150};
    out[1] = (struct warm){x, feet, 0.085 * size, 0.26 * size, 760};
    out[2] =
        (struct warm){x - 0.09 * size * sin(step), feet, 0.035 * size, 0.15 * size, 520};
    out[3] =
        (struct warm){x + 0.09 * size * sin(step), feet, 0.035 * size, 0.15 * size, 520};
    return 4;
}

static int place_all(double t, struct warm out[WARM_MAX])
{
    int count = 0;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        double pace = 0.05 + 0.04 * test_random(SEED, i);
        double way = t * pace + test_random(SEED + 1, i);
        double x = (way - floor(way)) * 1.4 - 0.2;
        double size = 0.75 + 0.4 * test_random(SEED + 2, i);
        count += add_person(out + count, i & 1 ? 1 - x : x, size, t * 40 * pace);
    }
    out[count++] = (struct warm){0.84, 0.80, 0.022, 0.05, CUP};
    out[count++] =
        (struct warm){0.84, 0.70 + 0.01 * sin(3 * t), 0.03, 0.06, 180}; /* its steam */
    out[count++] = (struct warm){0.15, 0.25, 0.16, 0.14, -420};         /* a window */
    return count;
}

static void light_row(const struct thermal *th, size_t width, size_t height, size_t y,
                      const struct warm *warm, int count)
{
    for (size_t x = 0; x < width; x++) /* the floor is cooler than the ceiling */
        th->row[x] = ROOM + 260.0F * (1 - (float)y / (float)height);
    for (int i = 0; i < count; i++) {
        float counts = (float)warm[i].counts * th->y[(size_t)i * height + y];
        const float *bell = th->x + (size_t)i * width;
        for (size_t x = 0; fabsf(counts) > 0.5F && x < width; x++)
            th->row[x] += counts * bell[x];
    }
}

void test_thermal_draw(struct test_scene *scene, uint64_t n, void *out)
{
    const struct thermal *th = scene->scratch;
    const size_t w = scene->width, h = scene->height;
    struct warm warm[WARM_MAX];
    int count = place_all(test_seconds(scene, n), warm);
    for (size_t i = 0; i < (size_t)count; i++) {
        test_bell(th->x + i * w, w, warm[i].x * (double)w, warm[i].rx * (double)w);
        test_bell(th->y + i * h, h, warm[i].y * (double)h, warm[i].ry * (double)h);
    }
    uint16_t *o = out;
    for (size_t y = 0; y < h; y++) {
        const int8_t *noise = th->noise + test_noise_start(n, y);
        light_row(th, w, h, y, warm, count);
        for (size_t x = 0; x < w; x++) {
            int stripe =
                th->noise[x] / 6; /* each column of the sensor has its own offset */
            *o++ = (uint16_t)((int)th->row[x] + stripe + noise[x] / 4);
        }
    }
}
