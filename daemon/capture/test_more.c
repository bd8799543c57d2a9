/* SPDX-License-Identifier: MIT */
/* test:clock, to be photographed beside a real one; test:spectrum, a waterfall in decibels. */
#include "test_pattern.h"

#include <imshow/text.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- clock: the time as text, and a hand that goes round once a second ---- */

static void draw_hand(struct test_scene *scene, double turn, uint8_t *out)
{
    double radius =
        0.36 * (double)(scene->height < scene->width ? scene->height : scene->width);
    double cx = (double)scene->width / 2, cy = (double)scene->height * 0.6;

    for (double r = 0; r < radius; r += 0.4) {
        long x = lround(cx + r * sin(turn)), y = lround(cy - r * cos(turn));
        if (x >= 0 && y >= 0 && (size_t)x < scene->width && (size_t)y < scene->height)
            memcpy(out + ((size_t)y * scene->width + (size_t)x) * 3, "\xff\xc8\x28", 3);
    }
}

/* The time of the frame's number since the first one, so that a number gives the same picture each time. */
void test_clock_draw(struct test_scene *scene, uint64_t n, void *out)
{
    double t = test_seconds(scene, n);
    uint64_t ms = (uint64_t)llround(t * 1000);
    char text[48];
    uint32_t scale = (uint32_t)(scene->width / (14 * IMS_TEXT_WIDTH)), w, h;
    const struct ims_canvas canvas = {out, (uint32_t)scene->width,
                                      (uint32_t)scene->height, scene->width * 3, 3};

    memset(out, 0x18, scene->bytes);
    snprintf(text, sizeof text, "%02u:%02u:%02u.%03u", (unsigned)(ms / 3600000 % 100),
             (unsigned)(ms / 60000 % 60), (unsigned)(ms / 1000 % 60),
             (unsigned)(ms % 1000));
    scale = scale > 0 ? scale : 1;
    ims_text_size(text, scale, &w, &h);
    draw_hand(scene, 2 * 3.14159265358979 * (t - floor(t)), out);
    ims_text_draw(&canvas, ((int64_t)scene->width - w) / 2, (int64_t)scene->height / 16,
                  text, scale, (const uint8_t[]){255, 255, 255});
}

/* ---- spectrum: rows are moments, the newest first; a tone that wanders, its overtone, a hum and noise ---- */

static double power_at(double f, double t)
{
    double tone = 0.3 + 0.12 * sin(0.7 * t), over = 2 * tone, hum = 0.05;
    double a = (f - tone) / 0.008, b = (f - over) / 0.012, c = (f - hum) / 0.004;
    double pulse = fmod(t, 4) < 0.3 ? 1e-7 : 0;
    return 1e-2 * exp(-a * a) + 1e-4 * exp(-b * b) + 1e-5 * exp(-c * c) + pulse;
}

void test_spectrum_draw(struct test_scene *scene, uint64_t n, void *out)
{
    float *o = out;
    for (size_t y = 0; y < scene->height; y++) {
        uint64_t moment =
            n + scene->height - y; /* a row keeps its values as it goes down */
        double t = test_seconds(scene, moment);
        for (size_t x = 0; x < scene->width; x++) {
            double f = ((double)x + 0.5) / (double)scene->width;
            double noise = test_random((uint32_t)moment, (uint32_t)x);
            double floor_power = 1e-9 * (0.2 - log(1 - noise));
            *o++ = (float)(10 * log10(power_at(f, t) + floor_power));
        }
    }
}
