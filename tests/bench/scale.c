/* SPDX-License-Identifier: MIT */

/*
 * Times of scaling, colouring and comparing, each beside memcpy of as many bytes in the same run, for
 * tests/bench/scale.
 *
 *     bench_scale ROUNDS [CASE...]
 *
 * Prints one JSON object a case: the bytes of its larger side, and a list of [ours, memcpy] in milliseconds of the thread,
 * of runs that take turns.
 */

#include "../../lib/picture/tiles.h"
#include "bench.h"

#include <imshow/limits.h>
#include <imshow/scale.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { SIDE = 2048, ROUNDS_MAX = 10000, REPEATS = 4 };

struct bench {
    struct ims_array input;
    struct ims_array other; /* of the tiles: the picture before */
    uint8_t *from,
        *copy; /* what memcpy reads and writes: the larger of input and output */
    uint8_t *indices;
    struct ims__tiles tiles;
    struct ims__surface surface;
    size_t bytes;
};

struct bench_case {
    const char *name;
    enum ims_dtype dtype;
    size_t height, width, channels; /* channels 0: two dimensions */
    uint32_t out_width, out_height;
    void (*prepare)(struct bench *);
    void (*run)(struct bench *, const struct bench_case *);
};

static void must(enum ims_result r)
{
    if (r == IMS_OK)
        return;
    fprintf(stderr, "bench_scale: %s\n", ims_result_name(r));
    exit(1);
}

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* A slope with noise: no value stands twice beside itself, no branch is foreseen. */
static void fill(struct ims_array *a)
{
    size_t count = ims_array_count(a);
    uint32_t state = 7;
    for (size_t i = 0; i < count; i++) {
        double v = (double)(i % 4096) * 4 + next_random(&state) % 512;
        if (a->dtype == IMS_U8)
            a->data[i] = (uint8_t)((uint32_t)v >> 6);
        else if (a->dtype == IMS_U16)
            ((uint16_t *)(void *)a->data)[i] = (uint16_t)v;
        else if (a->dtype == IMS_F32)
            ((float *)(void *)a->data)[i] = (float)v;
        else
            ((double *)(void *)a->data)[i] = v;
    }
}

static void run_scale(struct bench *b, const struct bench_case *c)
{
    struct ims_array out;
    must(ims_scale(&b->input, c->out_width, c->out_height, &out, NULL));
    ims_array_finish(&out);
}

static void run_index(struct bench *b, const struct bench_case *c)
{
    struct ims_index_map map =
        ims_index_map(c->dtype, 0, c->dtype == IMS_U8 ? 200 : 17000);
    ims_index_plane(&map, &b->input, b->indices, c->width);
}

/* What a view does with each frame: its own limits first. */
static void run_colour(struct bench *b, const struct bench_case *c)
{
    double lo = 0, hi = 1;
    if (!ims_minmax(&b->input, &lo, &hi))
        exit(1);
    struct ims_index_map map = ims_index_map(c->dtype, lo, hi);
    ims_index_plane(&map, &b->input, b->indices, c->width);
}

static void run_minmax(struct bench *b, const struct bench_case *c)
{
    double lo, hi;
    (void)c;
    if (!ims_minmax(&b->input, &lo, &hi))
        exit(1);
}

/* The picture before and this one, which are equal: all of both is read. */
static void prepare_tiles(struct bench *b)
{
    size_t row = b->input.shape[1] * b->input.shape[2];
    b->surface = (struct ims__surface){.width = (uint32_t)b->input.shape[1],
                                       .height = (uint32_t)b->input.shape[0],
                                       .plane_count = 1,
                                       .plane = {{.data = b->input.data,
                                                  .stride = row,
                                                  .row_bytes = row,
                                                  .rows = (uint32_t)b->input.shape[0],
                                                  .unit = b->input.shape[2],
                                                  .unit_width = 1}}};
    must(ims__tiles_reserve(&b->tiles, &b->surface, NULL));
    ims__tiles_replace(&b->tiles, &b->surface, 1);
}

static void run_tiles(struct bench *b, const struct bench_case *c)
{
    (void)c;
    if (ims__tiles_update(&b->tiles, &b->surface, 0, 2) > 0)
        exit(1);
}

static void run_noisy_tiles(struct bench *b, const struct bench_case *c)
{
    (void)c;
    if (ims__tiles_update(&b->tiles, &b->surface, 4, 2) > 0)
        exit(1);
}

static const struct bench_case cases[] = {
    {"index-u8", IMS_U8, SIDE, SIDE, 0, 0, 0, NULL, run_index},
    {"index-u16", IMS_U16, SIDE, SIDE, 0, 0, 0, NULL, run_index},
    {"index-f32", IMS_F32, SIDE, SIDE, 0, 0, 0, NULL, run_index},
    {"index-f64", IMS_F64, SIDE, SIDE, 0, 0, 0, NULL, run_index},
    {"minmax-u16", IMS_U16, SIDE, SIDE, 0, 0, 0, NULL, run_minmax},
    {"minmax-f32", IMS_F32, SIDE, SIDE, 0, 0, 0, NULL, run_minmax},
    {"colour-u16", IMS_U16, SIDE, SIDE, 0, 0, 0, NULL, run_colour},
    {"colour-f32", IMS_F32, SIDE, SIDE, 0, 0, 0, NULL, run_colour},
    {"tiles-rgb", IMS_U8, 1080, 1920, 3, 0, 0, prepare_tiles, run_tiles},
    {"tiles-noise", IMS_U8, 1080, 1920, 1, 0, 0, prepare_tiles, run_noisy_tiles},
    {"tiles-noise-4k", IMS_U8, 2160, 3840, 1, 0, 0, prepare_tiles, run_noisy_tiles},
    {"half-rgb", IMS_U8, 1080, 1920, 3, 960, 540, NULL, run_scale},
    {"quarter-u8", IMS_U8, SIDE, SIDE, 0, SIDE / 4, SIDE / 4, NULL, run_scale},
    {"quarter-u16", IMS_U16, SIDE, SIDE, 0, SIDE / 4, SIDE / 4, NULL, run_scale},
    {"quarter-f32", IMS_F32, SIDE, SIDE, 0, SIDE / 4, SIDE / 4, NULL, run_scale},
    {"area-rgb", IMS_U8, 1080, 1920, 3, 1280, 720, NULL, run_scale},
    {"area-u8", IMS_U8, SIDE, SIDE, 0, 819, 819, NULL, run_scale},
    {"area-u16", IMS_U16, SIDE, SIDE, 0, 819, 819, NULL, run_scale},
    {"area-f32", IMS_F32, SIDE, SIDE, 0, 819, 819, NULL, run_scale},
    {"area-f64", IMS_F64, SIDE, SIDE, 0, 819, 819, NULL, run_scale},
    {"nearest-u8", IMS_U8, 512, 512, 0, SIDE, SIDE, NULL, run_scale},
    {"nearest-f32", IMS_F32, 512, 512, 0, SIDE, SIDE, NULL, run_scale},
};

static void prepare(struct bench *b, const struct bench_case *c)
{
    size_t shape[3] = {c->height, c->width, c->channels};
    must(ims_array_create(c->dtype, c->channels ? 3 : 2, shape, &b->input, NULL));
    fill(&b->input);
    size_t output =
        (size_t)c->out_width * c->out_height * (c->channels ? c->channels : 1);
    size_t items = ims_array_count(&b->input);
    b->bytes = (items > output ? items : output) * ims_dtype_size(c->dtype);
    b->from = malloc(b->bytes);
    b->copy = malloc(b->bytes);
    b->indices = malloc(c->height * c->width);
    if (!b->from || !b->copy || !b->indices)
        must(IMS_ERR_NOMEM);
    memset(b->from, 1, b->bytes);
    memset(b->copy, 1, b->bytes);
    memset(b->indices, 1, c->height * c->width);
    if (c->prepare)
        c->prepare(b);
}

static void finish(struct bench *b)
{
    ims__tiles_finish(&b->tiles);
    ims_array_finish(&b->input);
    free(b->from);
    free(b->copy);
    free(b->indices);
}

/* Both REPEATS times in a row: what the caches held before is neither's gain. */
static void run_round(struct bench *b, const struct bench_case *c, bool is_first)
{
    double start = bench_cpu_ms();
    for (int i = 0; i < REPEATS; i++)
        c->run(b, c);
    double ours = bench_cpu_ms() - start;
    start = bench_cpu_ms();
    for (int i = 0; i < REPEATS; i++) {
        memcpy(b->copy, b->from, b->bytes);
        __asm__ volatile("" : : "r"(b->copy) : "memory"); /* each of them */
    }
    double copy = bench_cpu_ms() - start;
    printf("%s[%.5f, %.5f]", is_first ? "" : ", ", ours / REPEATS, copy / REPEATS);
}

static void run_case(const struct bench_case *c, long rounds)
{
    struct bench b = {0};
    prepare(&b, c);
    long before = bench_memory_begin();
    c->run(&b, c);
    printf("{\"case\": \"%s\", \"bytes\": %zu, \"peak_bytes\": %ld, \"ms\": [", c->name,
           b.bytes, bench_memory_peak(before));
    for (long i = 0; i < rounds; i++)
        run_round(&b, c, i == 0);
    printf("]}\n");
    finish(&b);
}

static bool is_wanted(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return count == 0;
}

int main(int argc, char **argv)
{
    long rounds = argc >= 2 ? strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_scale ROUNDS [CASE...]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (is_wanted(cases[i].name, argv + 2, argc - 2))
            run_case(&cases[i], rounds);
    return 0;
}
