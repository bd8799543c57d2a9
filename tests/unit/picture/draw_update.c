/* SPDX-License-Identifier: MIT */
/* The picture that goes on: whoever skips at random has at rest what one has who never skipped. */
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/jpeg.h>
#include <imshow/png.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 200, HEIGHT = 140, VIEWERS = 3, STEPS = 12 };

/* What a client makes of what it is sent: the pixels, `unit` bytes each. */
struct screen {
    uint8_t pixels[WIDTH * HEIGHT * 4];
    uint64_t picture;
    int skips; /* it takes one picture of so many, at random */
};

static size_t decode(const struct ims_picture *p, struct ims_array *out)
{
    enum ims_result r;
    if (p->codec == IMS_CODEC_PNG)
        r = ims_png_decode(p->data, p->size, 1 << 26, out, NULL);
    else
        r = ims_jpeg_decode(p->data, p->size, 1 << 26, out, NULL);
    cr_assert_eq(r, IMS_OK);
    return out->ndim == 3 ? out->shape[2] : 1;
}

static void paint(struct screen *screen, const struct ims_picture *p,
                  const uint8_t *pixels, size_t unit)
{
    if (!p->tile) {
        memcpy(screen->pixels, pixels, unit * WIDTH * HEIGHT);
        return;
    }
    for (uint32_t i = 0; i < p->tile_count; i++) {
        size_t left = p->tile * (p->tiles[4 * i] + 256u * p->tiles[4 * i + 1]);
        size_t top = p->tile * (p->tiles[4 * i + 2] + 256u * p->tiles[4 * i + 3]);
        for (size_t y = 0; y < p->tile && top + y < HEIGHT; y++) {
            size_t count = WIDTH - left < p->tile ? WIDTH - left : p->tile;
            memcpy(screen->pixels + unit * ((top + y) * WIDTH + left),
                   pixels + unit * ((i * p->tile + y) * p->tile), unit * count);
        }
    }
}

static void show(struct screen *screen, struct ims_drawer *drawer,
                 const struct ims_view_spec *spec, uint64_t number)
{
    struct ims_picture p;
    struct ims_array a = {0};
    if (screen->picture == number)
        return;
    cr_assert_eq(ims_draw_since(drawer, spec, screen->picture, spec->quality, &p, NULL),
                 IMS_OK);
    if (p.codec == IMS_CODEC_RAW) {
        paint(screen, &p, p.data,
              p.size / ((p.tile ? p.tile_count * p.tile * p.tile : WIDTH * HEIGHT)));
    } else {
        size_t unit = decode(&p, &a);
        paint(screen, &p, a.data, unit);
    }
    ims_array_finish(&a);
    screen->picture = number;
}

/* A scene in which a few things move, drift or jump. */
static void change(struct ims_array *a, unsigned *seed, bool with_extremes)
{
    size_t item = ims_dtype_size(a->dtype), bytes = ims_array_count(a) * item;
    int kind = rand_r(seed) % 6;
    size_t at = (size_t)rand_r(seed) % (bytes - 600);
    if (kind < 3) { /* a spot */
        for (size_t i = 0; i < 60; i++)
            a->data[at + i * item] = (uint8_t)rand_r(seed);
    } else if (kind == 3) { /* a slow drift of all */
        for (size_t i = 0; i < bytes; i += item)
            a->data[i] = (uint8_t)(a->data[i] + (a->data[i] < 250));
    } else if (kind == 4 && with_extremes) { /* limits that jump */
        a->data[at / item * item + item - 1] = (uint8_t)rand_r(seed);
    }
}

static struct ims_frame *copy_frame(const struct ims_array *a, uint64_t seq)
{
    struct ims_array copy = array_of(a->dtype, a->ndim, a->shape);
    memcpy(copy.data, a->data, ims_array_count(a) * ims_dtype_size(a->dtype));
    struct ims_frame *f = frame_of(&copy);
    f->seq = seq;
    return f;
}

struct history {
    enum ims_codec codec;
    enum ims_dtype dtype;
    int ndim;
    bool minmax; /* limits of each frame */
};

/* Screens of viewers who skip, after a scene that came to rest, beside one who never did. */
static void run_history(const struct history *h, unsigned seed, double *worst)
{
    static struct screen screens[VIEWERS];
    const size_t shape[] = {HEIGHT, WIDTH, 3};
    struct ims_array scene = array_of(h->dtype, h->ndim, shape);
    struct ims_drawer *drawer;
    struct ims_view_spec spec = ims_view_spec_default();
    uint64_t number = 0;
    memset(screens, 0, sizeof screens);
    fill_random(&scene, seed);
    cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
    spec.codec = h->codec;
    if (h->minmax)
        spec.limits.kind = IMS_LIMITS_MINMAX;
    for (int step = 0; step < STEPS; step++) {
        if (step)
            change(&scene, &seed, h->minmax);
        struct ims_frame *f = copy_frame(&scene, (uint64_t)step + 1);
        struct ims_draw_news news;
        struct ims_error err = {0};
        if (step == 0)
            cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
        struct ims_draw_update update = {.number = number + 1};
        cr_assert_eq(ims_draw_update(drawer, f, &spec, &update, &news, &err), IMS_OK,
                     "%s", err.text);
        number += news.changed;
        ims_frame_unref(&f);
        for (int v = 0; v < VIEWERS; v++)
            if (step == STEPS - 1 || rand_r(&seed) % (1 + 2 * v) == 0)
                show(&screens[v], drawer, &spec, number);
    }
    size_t bytes = sizeof screens[0].pixels;
    for (int v = 1; v < VIEWERS; v++)
        for (size_t i = 0; i < bytes; i++)
            *worst = fmax(*worst, abs(screens[v].pixels[i] - screens[0].pixels[i]));
    ims_drawer_destroy(drawer);
    ims_array_finish(&scene);
}

static double run_histories(struct history h, unsigned count)
{
    double worst = 0;
    for (unsigned seed = 1; seed <= count; seed++)
        run_history(&h, seed, &worst);
    return worst;
}

Test(draw_update, viewers_who_skip_come_to_the_same_raw_items, .timeout = 300)
{
    cr_assert_eq(run_histories((struct history){IMS_CODEC_RAW, IMS_U8, 2, false}, 250),
                 0);
    cr_assert_eq(run_histories((struct history){IMS_CODEC_RAW, IMS_U16, 2, true}, 250),
                 0);
}

Test(draw_update, viewers_who_skip_come_to_the_same_palette_picture, .timeout = 300)
{
    cr_assert_eq(run_histories((struct history){IMS_CODEC_PNG, IMS_U8, 2, false}, 150),
                 0);
    cr_assert_eq(run_histories((struct history){IMS_CODEC_PNG, IMS_U16, 2, true}, 150),
                 0);
}

Test(draw_update, viewers_who_skip_come_to_the_same_colours, .timeout = 300)
{
    cr_assert_eq(run_histories((struct history){IMS_CODEC_PNG, IMS_U8, 3, false}, 100),
                 0);
}

/* Random dots are what JPEG is worst at: tiles apart and together differ at their edges, where decoders
 * interpolate colours across them, but never by what a change makes. */
Test(draw_update, viewers_who_skip_come_to_nearly_the_same_jpeg, .timeout = 300)
{
    static struct screen skipping, whole;
    double sum = 0;
    for (unsigned seed = 1; seed <= 100; seed++) {
        const size_t shape[] = {HEIGHT, WIDTH, 3};
        struct ims_array scene = array_of(IMS_U8, 3, shape);
        struct ims_drawer *drawer, *fresh;
        struct ims_view_spec spec = ims_view_spec_default();
        struct ims_draw_news news;
        unsigned state = seed;
        uint64_t number = 0;
        spec.codec = IMS_CODEC_JPEG;
        skipping.picture = whole.picture = 0;
        cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
        cr_assert_eq(ims_drawer_create(&fresh), IMS_OK);
        for (size_t i = 0; i < WIDTH * HEIGHT * 3; i++) /* a soft scene */
            scene.data[i] = (uint8_t)(128 + 80 * sin((double)i / 3 / 40 + seed) *
                                                cos((double)(i / 3 / WIDTH) / 25));
        for (int step = 0; step < STEPS; step++) {
            if (step)
                change(&scene, &state, false);
            struct ims_frame *f = copy_frame(&scene, (uint64_t)step + 1);
            cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
            cr_assert_eq(ims_draw_update(drawer, f, &spec,
                                         &(struct ims_draw_update){.number = number + 1},
                                         &news, NULL),
                         IMS_OK);
            number += news.changed;
            if (step == STEPS - 1 || rand_r(&state) % 3 == 0)
                show(&skipping, drawer, &spec, number);
            if (step == STEPS - 1) {
                cr_assert_eq(ims_draw_update(fresh, f, &spec,
                                             &(struct ims_draw_update){.number = 1},
                                             &news, NULL),
                             IMS_OK);
                show(&whole, fresh, &spec, 1);
            }
            ims_frame_unref(&f);
        }
        double distance = 0;
        for (size_t i = 0; i < WIDTH * HEIGHT * 3; i++)
            distance += abs(skipping.pixels[i] - whole.pixels[i]);
        sum += distance / (WIDTH * HEIGHT * 3);
        cr_assert_lt(distance / (WIDTH * HEIGHT * 3), 4, "history %u", seed);
        ims_drawer_destroy(drawer);
        ims_drawer_destroy(fresh);
        ims_array_finish(&scene);
    }
    cr_assert_lt(sum / 100, 2.5);
}

Test(draw_update, a_refined_picture_is_the_frame_itself_but_for_the_codec)
{
    const size_t shape[] = {HEIGHT, WIDTH, 3};
    struct ims_array scene = array_of(IMS_U8, 3, shape);
    struct ims_drawer *drawer;
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_draw_news news;
    spec.codec = IMS_CODEC_JPEG;
    memset(scene.data, 100, WIDTH * HEIGHT * 3);
    cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
    static struct screen screen;
    for (uint64_t number = 1; number <= 3; number++) {
        struct ims_frame *f = copy_frame(&scene, number);
        cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
        struct ims_draw_update update = {.number = number, .refine = number == 3};
        cr_assert_eq(ims_draw_update(drawer, f, &spec, &update, &news, NULL), IMS_OK);
        ims_frame_unref(&f);
        cr_assert_eq(news.changed, number != 2, "two levels of drift are noise");
        cr_assert_eq(news.refined, number == 3);
        memset(scene.data, 102, WIDTH * HEIGHT * 3);
    }
    show(&screen, drawer, &spec, 3);
    for (size_t i = 0; i < WIDTH * HEIGHT * 3; i++)
        cr_assert_leq(abs(screen.pixels[i] - 102), 1);
    ims_drawer_destroy(drawer);
    ims_array_finish(&scene);
}

Test(draw_update, says_so_when_nothing_was_drawn)
{
    struct ims_drawer *drawer;
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_picture p;
    struct ims_error err = {0};
    cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
    cr_assert_eq(ims_draw_since(drawer, &spec, 0, 80, &p, &err), IMS_ERR_INVALID);
    cr_assert(err.text[0]);
    ims_drawer_destroy(drawer);
}

/* ---- a camera's YUYV, which is converted by bands ---- */

static struct ims_array decoded(const struct ims_picture *p)
{
    struct ims_array a = {0};
    cr_assert_eq(ims_jpeg_decode(p->data, p->size, 1 << 26, &a, NULL), IMS_OK);
    return a;
}

/* The kept picture, after an update that begins, changes or refines it, and the frame drawn by itself. */
static void check_yuyv(struct ims_drawer *drawer, struct ims_frame *frame,
                       const struct ims_view_spec *spec, uint64_t number)
{
    struct ims_drawer *whole;
    struct ims_picture p;
    cr_assert_eq(ims_drawer_create(&whole), IMS_OK);
    cr_assert_eq(ims_draw_since(drawer, spec, 0, spec->quality, &p, NULL), IMS_OK);
    struct ims_array got = decoded(&p);
    cr_assert_eq(ims_draw(whole, frame, spec, &p, NULL), IMS_OK);
    struct ims_array want = decoded(&p);
    cr_assert_geq(psnr(&got, &want), 60, "picture %d: %g dB", (int)number,
                  psnr(&got, &want));
    ims_array_finish(&got);
    ims_array_finish(&want);
    ims_drawer_destroy(whole);
}

Test(draw_update, keeps_of_a_camera_what_a_picture_of_the_frame_alone_shows)
{
    static const uint32_t sizes[][2] = {
        {200, 140}, {199, 129}, {1, 1}, {64, 192}, {9, 65}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct ims_drawer *drawer;
        struct ims_view_spec spec = ims_view_spec_default();
        spec.codec = IMS_CODEC_JPEG;
        cr_assert_eq(ims_drawer_create(&drawer), IMS_OK);
        for (uint64_t number = 1; number <= 3; number++) {
            struct ims_frame *f = yuyv_frame(sizes[i][0], sizes[i][1], 6);
            struct ims_draw_news news;
            struct ims_draw_update update = {
                .number = number, .refine = number == 3, .refined = 1};
            size_t last = (size_t)f->stride * (f->height - 1);
            if (number > 1) /* something moves in the last row of tiles */
                memset(f->buffer->data + last, 250, ((size_t)f->width + 1) / 2 * 4);
            if (number >
                2) /* and drifts by less than noise, which the refining takes over */
                for (size_t k = 0; k < ((size_t)f->width + 1) / 2 * 4; k++)
                    f->buffer->data[last + k] -= 2;
            cr_assert_eq(ims_view_spec_settle(&spec, f, NULL), IMS_OK);
            cr_assert_eq(ims_draw_update(drawer, f, &spec, &update, &news, NULL), IMS_OK);
            cr_assert(news.changed, "%ux%u, picture %d", f->width, f->height,
                      (int)number);
            cr_assert_eq(news.refined, number == 3);
            check_yuyv(drawer, f, &spec, number);
            ims_frame_unref(&f);
        }
        ims_drawer_destroy(drawer);
    }
}
