/* SPDX-License-Identifier: MIT */
/* What is encoded in parts, in any order, is what is encoded at once. */
#include "../../../lib/picture/draw_impl.h"
#include "picture.h"

#include <criterion/criterion.h>
#include <imshow/draw.h>
#include <imshow/png.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 2052, HEIGHT = 2051, BYTES_MAX = 1 << 26 };

struct twins {
    struct ims_drawer *one, *parts;
    struct ims_view_spec spec;
    uint64_t number;
};

static void twins_init(struct twins *t, enum ims_codec codec)
{
    *t = (struct twins){.spec = ims_view_spec_default()};
    t->spec.codec = codec;
    cr_assert_eq(ims_drawer_create(&t->one), IMS_OK);
    cr_assert_eq(ims_drawer_create(&t->parts), IMS_OK);
}

static void twins_finish(struct twins *t)
{
    ims_drawer_destroy(t->one);
    ims_drawer_destroy(t->parts);
}

static void twins_update(struct twins *t, struct ims_frame *f)
{
    struct ims_draw_update update = {.number = ++t->number};
    struct ims_draw_news news;
    cr_assert_eq(ims_view_spec_settle(&t->spec, f, NULL), IMS_OK);
    cr_assert_eq(ims_draw_update(t->one, f, &t->spec, &update, &news, NULL), IMS_OK);
    cr_assert_eq(ims_draw_update(t->parts, f, &t->spec, &update, &news, NULL), IMS_OK);
    cr_assert(news.changed);
}

static struct ims_picture since(struct ims_drawer *drawer,
                                const struct ims_view_spec *spec, uint64_t base)
{
    struct ims_picture p;
    cr_assert_eq(ims_draw_since(drawer, spec, base, spec->quality, &p, NULL), IMS_OK);
    return p;
}

static struct ims_array decoded(const struct ims_picture *p)
{
    struct ims_array a = {0};
    if (p->codec == IMS_CODEC_PNG)
        cr_assert_eq(ims_png_decode(p->data, p->size, BYTES_MAX, &a, NULL), IMS_OK);
    else
        cr_assert_eq(ims_jpeg_decode(p->data, p->size, BYTES_MAX, &a, NULL), IMS_OK);
    return a;
}

static void assert_same(const struct twins *t)
{
    struct ims_picture a = since(t->one, &t->spec, 0), b = since(t->parts, &t->spec, 0);
    struct ims_array x = decoded(&a), y = decoded(&b);
    cr_assert_eq(b.tile, 0);
    cr_assert_eq(ims_array_count(&x), ims_array_count(&y));
    cr_assert_arr_eq(x.data, y.data, ims_array_count(&x));
    if (a.codec == IMS_CODEC_JPEG) { /* of the same bands */
        cr_assert_eq(a.size, b.size);
        cr_assert_arr_eq(a.data, b.data, a.size);
    }
    ims_array_finish(&x);
    ims_array_finish(&y);
}

static struct ims_frame *colour(uint32_t width, uint32_t height)
{
    struct ims_array a = smooth_colour(width, height, 3);
    return frame_of(&a);
}

static struct ims_frame *scalars(void)
{
    struct ims_array a = array_of(IMS_U8, 2, (size_t[]){HEIGHT, WIDTH});
    fill_random(&a, 3);
    memset(a.data, 7, (size_t)WIDTH * HEIGHT / 2);
    return frame_of(&a);
}

/* Which parts are encoded beforehand, and in which order; what is missing is done at the end. */
static const struct {
    int count, part[2];
} orders[] = {{2, {1, 0}}, {1, {0}}, {1, {1}}};

static void check_orders(enum ims_codec codec, struct ims_frame *f)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct twins t;
        twins_init(&t, codec);
        twins_update(&t, f);
        cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, t.spec.quality), 2);
        for (int k = 0; k < orders[i].count; k++)
            ims_draw_part(t.parts, orders[i].part[k]);
        assert_same(&t);
        twins_finish(&t);
    }
    ims_frame_unref(&f);
}

Test(draw_parts, of_a_jpeg_make_the_same_bytes_in_any_order)
{
    check_orders(IMS_CODEC_JPEG, colour(WIDTH, HEIGHT));
}

Test(draw_parts, of_a_png_make_the_same_pixels_in_any_order)
{
    check_orders(IMS_CODEC_PNG, colour(WIDTH, HEIGHT));
    check_orders(IMS_CODEC_PNG, scalars());
}

Test(draw_parts, are_not_made_of_what_is_small_or_changed_little)
{
    struct twins t;
    struct ims_frame *small = colour(640, 480), *large = colour(WIDTH, HEIGHT);
    twins_init(&t, IMS_CODEC_JPEG);
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, 80), 0, "nothing was drawn");
    twins_update(&t, small);
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, 80), 0);
    twins_finish(&t);
    twins_init(&t, IMS_CODEC_JPEG);
    twins_update(&t, large);
    (void)since(t.parts, &t.spec, 0);
    memset(large->array.data, 250, (size_t)WIDTH * 3 * 20);
    twins_update(&t, large);
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 1, 80), 0, "tiles for who has it");
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, 80), 0, "a band for who has not");
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, 92), 2, "another quality is new");
    twins_finish(&t);
    ims_frame_unref(&small);
    ims_frame_unref(&large);
}

Test(draw_parts, of_an_older_picture_are_never_shown)
{
    struct twins t;
    struct ims_frame *f = scalars();
    twins_init(&t, IMS_CODEC_PNG);
    twins_update(&t, f);
    cr_assert_eq(ims_draw_parts(t.parts, &t.spec, 0, 80), 2);
    ims_draw_part(t.parts, 0);
    ims_draw_part(t.parts, 1);
    memset(f->array.data, 90, (size_t)WIDTH * HEIGHT);
    f->array.data[0] = 0;
    f->array.data[1] = 255;
    twins_update(&t, f);
    assert_same(&t);
    twins_finish(&t);
    ims_frame_unref(&f);
}

/* Noise, which no codec makes smaller, in the greatest forms: whole, as tiles and in parts. */
static void check_bytes(struct ims_array *noise, enum ims_codec codec, uint32_t width)
{
    struct ims_frame *f = frame_of(noise);
    struct twins t;
    struct ims_picture p;
    unsigned seed = 1;
    twins_init(&t, codec);
    t.spec.quality = 100;
    t.spec.width = width;
    uint64_t sent = 0;
    for (int i = 0; i < 3; i++) {
        size_t bytes = ims_array_count(&f->array) * ims_dtype_size(f->array.dtype);
        for (size_t k = 0; k < bytes / (i == 1 ? 3 : 1); k++)
            f->array.data[k] = (uint8_t)rand_r(&seed);
        twins_update(&t, f);
        if (i != 1) {
            int parts = ims_draw_parts(t.parts, &t.spec, 0, 100);
            for (int k = 0; k < parts; k++)
                ims_draw_part(t.parts, k);
        }
        p = since(t.parts, &t.spec, i == 1 ? 1 : 0);
        sent = p.size > sent ? p.size : sent;
    }
    uint64_t most = ims_draw_bytes_max(&t.spec, f);
    uint64_t held = ims__drawer_bytes(t.parts) + sent;
    cr_expect_leq(held, most, "%s of %u: %llu of %llu bytes", ims_codec_name(codec),
                  width, (unsigned long long)held, (unsigned long long)most);
    cr_expect_geq(4 * held, most, "%s: the bound is far off: %llu of %llu",
                  ims_codec_name(codec), (unsigned long long)held,
                  (unsigned long long)most);
    twins_finish(&t);
    ims_frame_unref(&f);
}

Test(draw_bytes, are_bounded_before_a_picture_is_drawn)
{
    static const struct {
        enum ims_dtype dtype;
        size_t channels;
        enum ims_codec codec;
    } cases[] = {{IMS_U8, 3, IMS_CODEC_JPEG},  {IMS_U8, 3, IMS_CODEC_PNG},
                 {IMS_U8, 4, IMS_CODEC_PNG},   {IMS_U16, 0, IMS_CODEC_PNG},
                 {IMS_U16, 0, IMS_CODEC_JPEG}, {IMS_U16, 0, IMS_CODEC_RAW},
                 {IMS_F32, 0, IMS_CODEC_RAW},  {IMS_U16, 3, IMS_CODEC_PNG}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint32_t width = 1200; width > 300; width /= 2) {
            struct ims_array a;
            size_t shape[3] = {1100, 1200, cases[i].channels};
            cr_assert_eq(ims_array_create(cases[i].dtype, cases[i].channels ? 3 : 2,
                                          shape, &a, NULL),
                         IMS_OK);
            check_bytes(&a, cases[i].codec, width);
        }
}
