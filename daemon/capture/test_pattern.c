/* SPDX-License-Identifier: MIT */
#include "test_pattern.h"

#include "stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct test_pattern test_patterns[] = {
    {
        .name = "lab",
        .summary = "cells under a dark-field microscope, colour",
        .dtype = IMS_U8,
        .ndim = 3,
        .shape = {480, 640, 3},
        .fps = 30,
        .scratch = test_lab_scratch,
        .prepare = test_lab_prepare,
        .draw = test_lab_draw,
    },
    {
        .name = "thermal",
        .summary = "raw counts of an infrared camera, 16 bits",
        .dtype = IMS_U16,
        .ndim = 2,
        .shape = {240, 320},
        .fps = 15,
        .quantity = "signal",
        .units = "counts",
        .scratch = test_thermal_scratch,
        .prepare = test_thermal_prepare,
        .draw = test_thermal_draw,
    },
    {
        .name = "stack",
        .summary = "a volume of 32 slices, 16 bits, slowly changing",
        .dtype = IMS_U16,
        .ndim = 3,
        .shape = {32, 128, 128},
        .height_axis = 1,
        .fps = 2,
        .quantity = "fluorescence",
        .units = "photons",
        .scratch = test_stack_scratch,
        .prepare = test_stack_prepare,
        .draw = test_stack_draw,
    },
    {
        .name = "bars",
        .summary = "colour bars that move",
        .dtype = IMS_U8,
        .ndim = 3,
        .shape = {480, 640, 3},
        .fps = 30,
        .draw = test_bars_draw,
    },
    {
        .name = "gradient",
        .summary = "waves, 32-bit floats from -1 to 1",
        .dtype = IMS_F32,
        .ndim = 2,
        .shape = {240, 320},
        .fps = 15,
        .quantity = "amplitude",
        .draw = test_gradient_draw,
    },
    {
        .name = "noise",
        .summary = "what no codec can make smaller, 8 bits",
        .dtype = IMS_U8,
        .ndim = 2,
        .shape = {480, 640},
        .fps = 30,
        .draw = test_noise_draw,
    },
    {
        .name = "clock",
        .summary = "the time since the start, in milliseconds, and a hand, for latency",
        .dtype = IMS_U8,
        .ndim = 3,
        .shape = {360, 480, 3},
        .fps = 30,
        .draw = test_clock_draw,
    },
    {
        .name = "spectrum",
        .summary = "a waterfall of a receiver, 32-bit floats in dB",
        .dtype = IMS_F32,
        .ndim = 2,
        .shape = {200, 512},
        .fps = 10,
        .quantity = "power",
        .units = "dB",
        .axes = {{"age", "s", 0, 0.1}, {"frequency", "kHz", 0.046875, 0.09375}},
        .draw = test_spectrum_draw,
    },
    {0},
};

const struct test_pattern *test_pattern_find(const char *name)
{
    for (const struct test_pattern *p = test_patterns; p->name; p++)
        if (!strcmp(p->name, name))
            return p;
    return NULL;
}

/* ---- scenes ---- */

static enum ims_result set_form(struct test_scene *s, uint32_t width, uint32_t height,
                                uint32_t fps, struct ims_error *err)
{
    const struct test_pattern *p = s->pattern;
    memcpy(s->shape, p->shape, sizeof s->shape);
    if (height)
        s->shape[p->height_axis] = height;
    if (width)
        s->shape[p->height_axis + 1] = width;
    s->height = s->shape[p->height_axis];
    s->width = s->shape[p->height_axis + 1];
    s->fps = fps ? fps : p->fps;
    if (s->width > TEST_SIDE_MAX || s->height > TEST_SIDE_MAX || s->fps > TEST_FPS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "test:%s: at most %dx%d pixels, %d frames a second", p->name,
                        TEST_SIDE_MAX, TEST_SIDE_MAX, TEST_FPS_MAX);
    if (!ims_shape_bytes(p->dtype, p->ndim, s->shape, &s->bytes) ||
        s->bytes > STREAM_FRAME_BYTES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "test:%s: %zux%zu is more than %zu bytes a frame", p->name,
                        s->width, s->height, STREAM_FRAME_BYTES_MAX);
    return IMS_OK;
}

enum ims_result test_scene_init(struct test_scene *scene,
                                const struct test_pattern *pattern, uint32_t width,
                                uint32_t height, uint32_t fps, struct ims_error *err)
{
    struct test_scene s = {.pattern = pattern};
    enum ims_result result = set_form(&s, width, height, fps, err);
    if (result)
        return result;
    if (pattern->scratch) {
        s.scratch = malloc(pattern->scratch(&s));
        if (!s.scratch)
            return ims_fail(err, IMS_ERR_NOMEM, "test:%s: out of memory", pattern->name);
        pattern->prepare(&s);
    }
    *scene = s;
    return IMS_OK;
}

void test_scene_finish(struct test_scene *scene)
{
    free(scene->scratch);
    *scene = (struct test_scene){0};
}

/* ---- labels ---- */

static struct ims_value text_value(const char *text)
{
    return (struct ims_value){.kind = IMS_TEXT, .as.text = {text, strlen(text)}};
}

/* {"attrs": {"units"}, "data": [...]}, within the rooms that the caller has. */
enum { AXIS_COORDS_MAX = 512 };
struct axis_room {
    struct ims_value data[AXIS_COORDS_MAX];
    struct ims_entry attrs[1], keys[2];
};

static struct ims_value axis_value(const struct test_axis *axis, size_t count,
                                   struct axis_room *room)
{
    for (size_t i = 0; i < count; i++)
        room->data[i] = (struct ims_value){
            .kind = IMS_REAL, .as.real = axis->first + (double)i * axis->step};
    room->attrs[0] = (struct ims_entry){"units", 5, text_value(axis->units)};
    room->keys[0] =
        (struct ims_entry){"attrs", 5, {.kind = IMS_MAP, .as.map = {room->attrs, 1}}};
    room->keys[1] =
        (struct ims_entry){"data", 4, {.kind = IMS_LIST, .as.list = {room->data, count}}};
    return (struct ims_value){.kind = IMS_MAP, .as.map = {room->keys, 2}};
}

/* A pattern with names of its axes; one of another size keeps the names and counts its pixels. */
static enum ims_result axes_labels(const struct test_scene *scene,
                                   struct ims_labels **out, struct ims_error *err)
{
    const struct test_pattern *p = scene->pattern;
    struct axis_room rooms[2];
    struct ims_entry coords[2];
    struct ims_value names[2];
    for (size_t i = 0; i < 2; i++) {
        bool is_own = scene->shape[i] == p->shape[i] && p->shape[i] <= AXIS_COORDS_MAX;
        names[i] = text_value(p->axes[i].name);
        coords[i] = (struct ims_entry){
            p->axes[i].name, strlen(p->axes[i].name),
            axis_value(&p->axes[i], is_own ? p->shape[i] : 0, &rooms[i])};
        if (!is_own) /* units of seconds or kilohertz would be wrong */
            coords[i].value.as.map.count = 0;
    }
    const struct ims_entry attrs[] = {{"units", 5, text_value(p->units)}};
    const struct ims_entry keys[] = {
        {"dims", 4, {.kind = IMS_LIST, .as.list = {names, 2}}},
        {"coords", 6, {.kind = IMS_MAP, .as.map = {coords, 2}}},
        {"name", 4, text_value(p->quantity)},
        {"attrs", 5, {.kind = IMS_MAP, .as.map = {attrs, 1}}},
    };
    return ims_labels_parse(&(struct ims_value){.kind = IMS_MAP, .as.map = {keys, 4}},
                            out, err);
}

enum ims_result test_pattern_labels(const struct test_scene *scene,
                                    struct ims_labels **out, struct ims_error *err)
{
    const struct test_pattern *pattern = scene->pattern;
    struct ims_labels *none = NULL;
    if (!pattern->quantity) {
        *out = none;
        return IMS_OK;
    }
    if (pattern->axes[0].name)
        return axes_labels(scene, out, err);
    const struct ims_value no_names[3] = {{.kind = IMS_NULL}};
    const struct ims_entry attrs[] = {
        {"units", 5, pattern->units ? text_value(pattern->units) : no_names[0]}};
    const struct ims_entry keys[] = {
        {"dims", 4, {.kind = IMS_LIST, .as.list = {no_names, (size_t)pattern->ndim}}},
        {"name", 4, text_value(pattern->quantity)},
        {"attrs", 5, {.kind = IMS_MAP, .as.map = {attrs, 1}}},
    };
    return ims_labels_parse(&(struct ims_value){.kind = IMS_MAP, .as.map = {keys, 3}},
                            out, err);
}

/* ---- what patterns are made of ---- */

uint32_t test_hash(uint32_t x) /* Chris Wellons' lowbias32 */
{
    x ^= x >> 16;
    x *= 0x7feb352dU;
    x ^= x >> 15;
    x *= 0x846ca68bU;
    return x ^ x >> 16;
}

double test_random(uint32_t seed, uint32_t k)
{
    return test_hash(seed * 0x9e3779b9U + k) / 4294967296.0;
}

void test_noise_fill(int8_t *out, size_t count, uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t h = test_hash(seed * 0x9e3779b9U + (uint32_t)i);
        int sum =
            (int)(h & 255) + (int)(h >> 8 & 255) + (int)(h >> 16 & 255) + (int)(h >> 24);
        out[i] =
            (int8_t)((sum - 510) * 7 / 32); /* four even ones have a deviation of 148 */
    }
}

size_t test_noise_start(uint64_t n, size_t y)
{
    return test_hash(test_hash((uint32_t)n) + (uint32_t)y) % TEST_NOISE_SPAN;
}

double test_seconds(const struct test_scene *scene, uint64_t n)
{
    return (double)n / scene->fps;
}

void test_bell(float *out, size_t count, double center, double radius)
{
    for (size_t i = 0; i < count; i++) {
        double d = ((double)i - center) / radius;
        out[i] = d * d < 30 ? (float)exp(-d * d) : 0;
    }
}
