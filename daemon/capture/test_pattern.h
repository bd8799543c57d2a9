/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_TEST_PATTERN_H
#define CAPTURE_TEST_PATTERN_H

/*
 * Pictures that are computed: what `test:NAME` shows. The same frame number gives the same picture.
 *
 *     const struct test_pattern *p = test_pattern_find("lab");
 *     struct test_scene scene;
 *     if (test_scene_init(&scene, p, 0, 0, 0, &err)) ...      // zeros: the pattern's own form
 *     p->draw(&scene, n, buffer->data);                       // any thread, one at a time
 *     test_scene_finish(&scene);
 *
 * A new pattern is a row of test_patterns[] and the functions that it names.
 */

#include <imshow/array.h>

struct test_scene;

struct test_pattern {
    const char *name, *summary;
    enum ims_dtype dtype;
    int ndim;
    size_t shape[3]; /* unless the command line says otherwise */
    int height_axis; /* the axis that -r's height sets; the next one is the width */
    uint32_t fps;
    const char *quantity, *units; /* of the values; NULL: no labels */
    /* Optional. Of the two axes: names, units, the first coordinate and the way to the next, for the pattern's
     * own size only. */
    struct test_axis {
        const char *name, *units;
        double first, step;
    } axes[2];

    /* Optional. Bytes that `draw` needs beside its output, filled once by `prepare`. */
    size_t (*scratch)(const struct test_scene *scene);
    void (*prepare)(struct test_scene *scene);
    /* Required. Frame `n` of the scene into a C-ordered array. */
    void (*draw)(struct test_scene *scene, uint64_t n, void *out);
};

extern const struct test_pattern test_patterns[]; /* ended by a NULL name */

struct test_scene {
    const struct test_pattern *pattern;
    size_t shape[3];
    size_t width, height;
    size_t bytes; /* of a frame */
    uint32_t fps;
    void *scratch;
};

enum { TEST_SIDE_MAX = 8192, TEST_FPS_MAX = 240 };

const struct test_pattern *test_pattern_find(const char *name); /* NULL: none */
/* Zero takes the pattern's own. Fails: LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result test_scene_init(struct test_scene *scene,
                                              const struct test_pattern *pattern,
                                              uint32_t width, uint32_t height,
                                              uint32_t fps, struct ims_error *err);
/* A zeroed scene is fine. */
void test_scene_finish(struct test_scene *scene);
/* The labels of the pattern's values; *out is NULL where it has none. Fails: NOMEM. */
IMS_NODISCARD enum ims_result test_pattern_labels(const struct test_scene *scene,
                                                  struct ims_labels **out,
                                                  struct ims_error *err);

/* ---- for the patterns ---- */

/* A hash of all bits of its argument, the same on every machine. */
uint32_t test_hash(uint32_t x);
/* From 0 up to but not with 1, by `seed` and `k`. */
double test_random(uint32_t seed, uint32_t k);
/* `count` values around 0 with a standard deviation of 32, as good as normal. */
void test_noise_fill(int8_t *out, size_t count, uint32_t seed);
/* Where frame `n`'s noise of row `y` begins in a table that is TEST_NOISE_SPAN longer than a row. */
enum { TEST_NOISE_SPAN = 1 << 14 };
size_t test_noise_start(uint64_t n, size_t y);
double test_seconds(const struct test_scene *scene, uint64_t n);
/* exp(-((i - center) / radius)^2) for i below `count`. */
void test_bell(float *out, size_t count, double center, double radius);

size_t test_lab_scratch(const struct test_scene *scene);
void test_lab_prepare(struct test_scene *scene);
void test_lab_draw(struct test_scene *scene, uint64_t n, void *out);

size_t test_thermal_scratch(const struct test_scene *scene);
void test_thermal_prepare(struct test_scene *scene);
void test_thermal_draw(struct test_scene *scene, uint64_t n, void *out);

size_t test_stack_scratch(const struct test_scene *scene);
void test_stack_prepare(struct test_scene *scene);
void test_stack_draw(struct test_scene *scene, uint64_t n, void *out);

void test_bars_draw(struct test_scene *scene, uint64_t n, void *out);
void test_gradient_draw(struct test_scene *scene, uint64_t n, void *out);
void test_noise_draw(struct test_scene *scene, uint64_t n, void *out);
void test_clock_draw(struct test_scene *scene, uint64_t n, void *out);
void test_spectrum_draw(struct test_scene *scene, uint64_t n, void *out);

#endif
