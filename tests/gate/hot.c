/* SPDX-License-Identifier: MIT */

/*
 * Runs one of the library's hot loops, for test_instructions.py.
 *
 *     hot_loops NAME
 *
 * The loop runs once, and once more within hot_run, which callgrind counts: without what comes but once.
 */

#include "../../lib/picture/tiles.h"

#include <imshow/jpeg.h>
#include <imshow/limits.h>
#include <imshow/png.h>
#include <imshow/scale.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1920, HEIGHT = 1080, SIDE = 1024 };

struct hot {
    struct ims_array input;
    uint8_t *indices;
    struct ims__tiles tiles;
    struct ims__surface surface;
    struct ims_jpeg_encoder *encoder;
};

static void must(enum ims_result r)
{
    if (r == IMS_OK)
        return;
    fprintf(stderr, "hot_loops: %s\n", ims_result_name(r));
    exit(1);
}

/* A slope with two bits of noise, for every type. */
static void fill(struct ims_array *a)
{
    size_t count = ims_array_count(a),
           row = a->shape[1] * (a->ndim == 3 ? a->shape[2] : 1);
    uint32_t state = 7;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        uint32_t v = (uint32_t)(i % row / 8 + i / row / 4 + (state >> 30));
        if (a->dtype == IMS_U8)
            a->data[i] = (uint8_t)v;
        else if (a->dtype == IMS_U16)
            ((uint16_t *)(void *)a->data)[i] = (uint16_t)(v * 40);
        else
            ((float *)(void *)a->data)[i] = (float)v;
    }
}

static void run_jpeg(struct hot *h)
{
    const uint8_t *out;
    size_t size;
    must(ims_jpeg_encode_yuyv(h->encoder, h->input.data, WIDTH, HEIGHT, (size_t)2 * WIDTH,
                              80, &out, &size, NULL));
}

static void run_png(struct hot *h)
{
    struct ims_bytes out = {0};
    struct ims_png_image image = {.width = WIDTH,
                                  .height = HEIGHT,
                                  .kind = IMS_PNG_RGB,
                                  .bits = 8,
                                  .pixels = h->input.data,
                                  .stride = (size_t)3 * WIDTH};
    must(ims_png_encode(&image, 4, &out, NULL));
    ims_bytes_finish(&out);
}

static void run_index(struct hot *h)
{
    double lo = 0, hi = 1;
    if (!ims_minmax(&h->input, &lo, &hi))
        exit(1);
    struct ims_index_map map = ims_index_map(h->input.dtype, lo, hi);
    ims_index_plane(&map, &h->input, h->indices, SIDE);
}

static void compare(struct hot *h, uint32_t noise)
{
    if (!h->tiles.memory) {
        size_t row = h->input.shape[1] * h->input.shape[2];
        h->surface = (struct ims__surface){.width = WIDTH,
                                           .height = HEIGHT,
                                           .plane_count = 1,
                                           .plane = {{.data = h->input.data,
                                                      .stride = row,
                                                      .row_bytes = row,
                                                      .rows = HEIGHT,
                                                      .unit = h->input.shape[2],
                                                      .unit_width = 1}}};
        must(ims__tiles_reserve(&h->tiles, &h->surface, NULL));
        ims__tiles_replace(&h->tiles, &h->surface, 1);
    }
    if (ims__tiles_update(&h->tiles, &h->surface, noise, 2) > 0)
        exit(1);
}

static void run_tiles(struct hot *h)
{
    compare(h, 0);
}

static void run_noise(struct hot *h)
{
    compare(h, 4);
}

static void run_scale(struct hot *h)
{
    struct ims_array out;
    uint32_t side = h->input.dtype == IMS_U8 ? SIDE / 2 : SIDE * 2 / 3;
    must(ims_scale(&h->input, side, side, &out, NULL));
    ims_array_finish(&out);
}

static const struct loop {
    const char *name;
    enum ims_dtype dtype;
    size_t height, width, channels; /* channels 0: two dimensions */
    void (*run)(struct hot *);
} loops[] = {
    {"jpeg_yuyv", IMS_U8, HEIGHT, WIDTH, 2, run_jpeg},
    {"png_rgb_level_4", IMS_U8, HEIGHT, WIDTH, 3, run_png},
    {"colour_u16", IMS_U16, SIDE, SIDE, 0, run_index},
    {"colour_f32", IMS_F32, SIDE, SIDE, 0, run_index},
    {"tiles_rgb", IMS_U8, HEIGHT, WIDTH, 3, run_tiles},
    {"tiles_noise", IMS_U8, HEIGHT, WIDTH, 1, run_noise},
    {"half_rgb", IMS_U8, SIDE, SIDE, 3, run_scale},
    {"area_f32", IMS_F32, SIDE, SIDE, 0, run_scale},
};

__attribute__((noinline, noclone)) static void hot_run(const struct loop *loop,
                                                       struct hot *h)
{
    loop->run(h);
    __asm__ volatile("" : : : "memory"); /* no tail call: callgrind sees its end */
}

static void run(const struct loop *loop)
{
    struct hot h = {0};
    size_t shape[] = {loop->height, loop->width, loop->channels};
    must(ims_array_create(loop->dtype, loop->channels ? 3 : 2, shape, &h.input, NULL));
    fill(&h.input);
    h.indices = malloc((size_t)SIDE * SIDE);
    if (!h.indices || ims_jpeg_encoder_create(&h.encoder))
        must(IMS_ERR_NOMEM);
    loop->run(&h);
    hot_run(loop, &h);
    ims_jpeg_encoder_destroy(h.encoder);
    ims__tiles_finish(&h.tiles);
    ims_array_finish(&h.input);
    free(h.indices);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof loops / sizeof loops[0]; i++)
        if (strcmp(loops[i].name, argv[1]) == 0) {
            run(&loops[i]);
            return 0;
        }
    fprintf(stderr, "usage: hot_loops NAME\n");
    return 2;
}
