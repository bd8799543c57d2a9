/* SPDX-License-Identifier: MIT */
/* test:lab, cells under a dark-field microscope: they drift, turn and pulse over a dim field, with the
 * noise of photons that are counted. */
#include "test_pattern.h"

#include <math.h>
#include <string.h>

enum { CELLS = 44, PROFILE = 256, CHANNELS = 3, SEED = 11 };

enum cell_kind { CELL_ROUND, CELL_SPECK, CELL_BLURRED, CELL_KINDS };

static const struct kind {
    double radius_min, radius_max; /* parts of the field's height */
    double speed;                  /* field heights a second */
    double light;
    uint8_t color[CHANNELS];
} kinds[CELL_KINDS] = {
    [CELL_ROUND] = {0.038, 0.068, 0.012, 0.75, {120, 235, 205}},
    [CELL_SPECK] = {0.010, 0.020, 0.050, 1.00, {255, 196, 110}},
    [CELL_BLURRED] = {0.090, 0.150, 0.006, 0.22, {90, 130, 215}},
};

/* A cell at one moment. */
struct cell {
    double x, y, radius;
    double xx, xy, yy;        /* (distance / radius)^2 = xx dx^2 + xy dx dy + yy dy^2 */
    uint32_t color[CHANNELS]; /* at the profile's brightest, 0..255 */
    const uint8_t *profile;
};

struct lab {
    uint8_t profiles[CELL_KINDS][PROFILE]; /* light by (distance / radius)^2 */
    uint8_t deviation[256];                /* of the noise at a light, sixteenths */
    int8_t *noise;
    uint8_t *field; /* what the cells swim in */
};

static size_t row_size(const struct test_scene *scene)
{
    return scene->width * CHANNELS;
}

size_t test_lab_scratch(const struct test_scene *scene)
{
    return sizeof(struct lab) + row_size(scene) + TEST_NOISE_SPAN + scene->bytes;
}

/* ---- once ---- */

static double bell(double x)
{
    return exp(-x * x);
}

static double profile_light(int kind, double r)
{
    double edge = r < 1 ? 1 - r * r * r * r : 0;
    switch (kind) {
    case CELL_ROUND: /* membrane, body, nucleus */
        return edge * (0.85 * bell((r - 0.8) / 0.13) + 0.18 + 0.75 * bell(r / 0.27));
    case CELL_SPECK: return edge * bell(r / 0.5);
    default: return edge * edge;
    }
}

static void fill_tables(struct lab *lab)
{
    for (int k = 0; k < CELL_KINDS; k++)
        for (int i = 0; i < PROFILE; i++) {
            double light = profile_light(k, sqrt((i + 0.5) / PROFILE));
            lab->profiles[k][i] = (uint8_t)(light > 1 ? 255 : 255 * light);
        }
    for (int v = 0; v < 256; v++) /* a dark floor, then the root of the light */
        lab->deviation[v] = (uint8_t)(16 * (1.2 + 0.45 * sqrt(v)));
}

/* The lamp's light falls off towards the edges. */
static void fill_field(const struct test_scene *scene, uint8_t *field)
{
    static const double color[CHANNELS] = {9, 15, 26};
    for (size_t y = 0; y < scene->height; y++)
        for (size_t x = 0; x < scene->width; x++) {
            double dx = (double)x / (double)scene->width - 0.52;
            double dy = (double)y / (double)scene->height - 0.46;
            double light = 1.5 * exp(-3.2 * (dx * dx + dy * dy));
            for (int c = 0; c < CHANNELS; c++)
                *field++ = (uint8_t)(color[c] * light);
        }
}

void test_lab_prepare(struct test_scene *scene)
{
    struct lab *lab = scene->scratch;
    lab->noise = (int8_t *)(lab + 1);
    lab->field = (uint8_t *)lab->noise + row_size(scene) + TEST_NOISE_SPAN;
    fill_tables(lab);
    test_noise_fill(lab->noise, row_size(scene) + TEST_NOISE_SPAN, SEED);
    fill_field(scene, lab->field);
}

/* ---- a frame ---- */

static double wrap(double x, double size)
{
    return x - floor(x / size) * size;
}

static double between(double lo, double hi, uint32_t cell, uint32_t what)
{
    return lo + (hi - lo) * test_random(SEED + 1 + cell, what);
}

static enum cell_kind kind_of(uint32_t i)
{
    return i % 4 == 3 ? CELL_BLURRED : i % 4 == 1 ? CELL_SPECK : CELL_ROUND;
}

/* A path is a slow drift that comes back at the other side, with two wobbles on it. */
static void place(const struct test_scene *scene, uint32_t i, double t, struct cell *cell)
{
    const struct kind *kind = &kinds[kind_of(i)];
    double w = (double)scene->width, h = (double)scene->height;
    double r = h * between(kind->radius_min, kind->radius_max, i, 0);
    double way = between(0, 6.2832, i, 1), speed = h * kind->speed;
    double wobble = r * (kind_of(i) == CELL_SPECK ? 2.5 : 0.4);
    double x = w * between(0, 1, i, 2) + t * speed * cos(way) +
               wobble * sin(t * between(0.3, 1.1, i, 3) + way);
    double y = h * between(0, 1, i, 4) + t * speed * sin(way) +
               wobble * sin(t * between(0.4, 1.3, i, 5));
    cell->radius = r;
    cell->x = wrap(x + 2 * r, w + 4 * r) - 2 * r;
    cell->y = wrap(y + 2 * r, h + 4 * r) - 2 * r;
}

static void shape(uint32_t i, double t, struct cell *cell)
{
    double turn = between(0, 6.2832, i, 6) + t * between(-0.5, 0.5, i, 7);
    double a = 1 / (cell->radius * (1 - between(0, 0.25, i, 8))), b = 1 / cell->radius;
    double c = cos(turn), s = sin(turn);
    cell->xx = a * a * c * c + b * b * s * s;
    cell->yy = a * a * s * s + b * b * c * c;
    cell->xy = 2 * c * s * (a * a - b * b);
}

static void light(const struct lab *lab, uint32_t i, double t, struct cell *cell)
{
    enum cell_kind k = kind_of(i);
    double pulse = 1 + 0.25 * sin(t * between(0.8, 2.5, i, 9) + between(0, 6, i, 10));
    double light = kinds[k].light * between(0.7, 1, i, 11) * pulse;
    for (int c = 0; c < CHANNELS; c++)
        cell->color[c] = (uint32_t)(kinds[k].color[c] * light);
    cell->profile = lab->profiles[k];
}

static void add_light(const struct cell *cell, uint8_t profile, uint8_t *pixel)
{
    for (int c = 0; c < CHANNELS; c++) {
        uint32_t v = pixel[c] + (cell->color[c] * profile >> 8);
        pixel[c] = (uint8_t)(v < 255 ? v : 255);
    }
}

static void add_cell(const struct cell *cell, size_t width, double dy, uint8_t *row)
{
    long first = (long)ceil(cell->x - cell->radius),
         last = (long)(cell->x + cell->radius);
    long end = (long)width - 1 < last ? (long)width - 1 : last;
    for (long x = first > 0 ? first : 0; x <= end; x++) {
        double dx = (double)x - cell->x;
        int d = (int)(PROFILE *
                      (cell->xx * dx * dx + cell->xy * dx * dy + cell->yy * dy * dy));
        if (d < PROFILE)
            add_light(cell, cell->profile[d], row + CHANNELS * (size_t)x);
    }
}

static void add_noise(const struct lab *lab, const int8_t *noise, size_t size,
                      uint8_t *row)
{
    for (size_t i = 0; i < size; i++) {
        int v = row[i] + ((noise[i] * lab->deviation[row[i]]) >> 9);
        row[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

void test_lab_draw(struct test_scene *scene, uint64_t n, void *out)
{
    const struct lab *lab = scene->scratch;
    struct cell cells[CELLS];
    double t = test_seconds(scene, n);
    size_t size = row_size(scene);
    for (uint32_t i = 0; i < CELLS; i++) {
        place(scene, i, t, &cells[i]);
        shape(i, t, &cells[i]);
        light(lab, i, t, &cells[i]);
    }
    for (size_t y = 0; y < scene->height; y++) {
        uint8_t *row = (uint8_t *)out + y * size;
        memcpy(row, lab->field + y * size, size);
        for (int i = 0; i < CELLS; i++) {
            double dy = (double)y - cells[i].y;
            if (fabs(dy) < cells[i].radius)
                add_cell(&cells[i], scene->width, dy, row);
        }
        add_noise(lab, lab->noise + test_noise_start(n, y), size, row);
    }
}
