/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/frame.h>
#include <string.h>

static struct ims_frame *array_frame(enum ims_dtype dtype, int ndim, const size_t *shape)
{
    struct ims_frame *f;

    cr_assert(ims_frame_create(&f) == IMS_OK);
    cr_assert(ims_array_create(dtype, ndim, shape, &f->array, NULL) == IMS_OK);
    return f;
}

static struct ims_frame *camera_frame(enum ims_pixel_format format, uint32_t w,
                                      uint32_t h)
{
    struct ims_frame *f;

    cr_assert(ims_frame_create(&f) == IMS_OK);
    f->pixel_format = format;
    f->width = w, f->height = h;
    return f;
}

Test(frame, is_seen_as_px_imshow_reads_its_shape)
{
    const struct {
        int ndim;
        size_t shape[6];
        struct ims_extent extent;
    } cases[] = {
        {2, {480, 640}, {640, 480, 1, 0, false}},
        {2, {3, 4}, {4, 3, 1, 0, false}},
        {3, {480, 640, 3}, {640, 480, 3, 0, false}},
        {3, {480, 640, 4}, {640, 480, 4, 0, false}},
        {3, {10, 48, 64}, {64, 48, 1, 1, false}},
        {3, {4, 48, 1}, {1, 48, 1, 1, false}},
        {4, {7, 48, 64, 3}, {64, 48, 3, 1, false}},
        {4, {7, 8, 48, 64}, {64, 48, 1, 2, false}},
        {5, {6, 7, 48, 64, 4}, {64, 48, 4, 2, false}},
        {5, {5, 6, 7, 48, 64}, {64, 48, 1, 3, false}},
        {2, {16384, 1}, {1, 16384, 1, 0, false}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ims_frame *f = array_frame(IMS_U8, cases[i].ndim, cases[i].shape);
        struct ims_extent e;
        cr_assert(ims_frame_extent(f, &e, NULL) == IMS_OK, "case %zu", i);
        cr_assert(e.width == cases[i].extent.width &&
                      e.height == cases[i].extent.height &&
                      e.channels == cases[i].extent.channels &&
                      e.slice_axes == cases[i].extent.slice_axes && !e.compressed,
                  "case %zu", i);
        ims_frame_unref(&f);
    }
}

Test(frame, that_is_no_picture_is_refused_with_its_shape)
{
    const struct {
        int ndim;
        size_t shape[4];
        enum ims_result result;
    } cases[] = {{0, {0}, IMS_ERR_INVALID},       {1, {5}, IMS_ERR_INVALID},
                 {2, {0, 5}, IMS_ERR_INVALID},    {2, {5, 0}, IMS_ERR_INVALID},
                 {3, {0, 5, 5}, IMS_ERR_INVALID}, {3, {5, 0, 3}, IMS_ERR_INVALID},
                 {2, {16385, 1}, IMS_ERR_LIMIT},  {3, {1, 16385, 3}, IMS_ERR_LIMIT}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ims_frame *f = array_frame(IMS_U8, cases[i].ndim, cases[i].shape);
        struct ims_extent e = {.width = 77};
        struct ims_error err = {0};
        cr_assert(ims_frame_extent(f, &e, &err) == cases[i].result, "case %zu", i);
        cr_assert(e.width == 77 && err.text[0], "case %zu", i);
        ims_frame_unref(&f);
    }
    struct ims_frame *f = array_frame(IMS_U8, 1, (size_t[]){5});
    struct ims_extent e;
    struct ims_error err = {0};
    cr_assert(ims_frame_extent(f, &e, &err) == IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "(5,)") != NULL, "%s", err.text);
    ims_frame_unref(&f);
}

Test(frame, of_a_camera_has_three_channels)
{
    struct ims_frame *yuyv = camera_frame(IMS_PIX_YUYV, 640, 480);
    struct ims_frame *mjpeg = camera_frame(IMS_PIX_MJPEG, 1280, 720);
    struct ims_frame *empty = camera_frame(IMS_PIX_YUYV, 0, 480);
    struct ims_extent e;

    cr_assert(ims_frame_extent(yuyv, &e, NULL) == IMS_OK);
    cr_assert(e.width == 640 && e.height == 480 && e.channels == 3 && !e.compressed);
    cr_assert(ims_frame_extent(mjpeg, &e, NULL) == IMS_OK);
    cr_assert(e.width == 1280 && e.height == 720 && e.channels == 3 && e.compressed);
    cr_assert(ims_frame_extent(empty, &e, NULL) == IMS_ERR_INVALID);
    ims_frame_unref(&yuyv);
    ims_frame_unref(&mjpeg);
    ims_frame_unref(&empty);
}

Test(frame, has_the_form_of_another_when_shape_and_type_agree)
{
    struct ims_frame *a = array_frame(IMS_U16, 2, (size_t[]){4, 5});
    struct ims_frame *b = array_frame(IMS_U16, 2, (size_t[]){4, 5});
    struct ims_frame *others[] = {array_frame(IMS_I16, 2, (size_t[]){4, 5}),
                                  array_frame(IMS_U16, 2, (size_t[]){5, 4}),
                                  array_frame(IMS_U16, 3, (size_t[]){4, 5, 1}),
                                  camera_frame(IMS_PIX_YUYV, 5, 4)};

    cr_assert(ims_frame_same_form(a, b));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        cr_assert_not(ims_frame_same_form(a, others[i]), "case %zu", i);
        ims_frame_unref(&others[i]);
    }
    struct ims_frame *c = camera_frame(IMS_PIX_YUYV, 5, 4),
                     *d = camera_frame(IMS_PIX_MJPEG, 5, 4);
    struct ims_frame *e = camera_frame(IMS_PIX_YUYV, 5, 4);
    cr_assert(ims_frame_same_form(c, e) && !ims_frame_same_form(c, d));
    ims_frame_unref(&a), ims_frame_unref(&b), ims_frame_unref(&c);
    ims_frame_unref(&d), ims_frame_unref(&e);
}

Test(frame, is_known_to_show_the_same_over_the_same_bytes_at_the_same_places)
{
    struct ims_frame *a = array_frame(IMS_U16, 2, (size_t[]){4, 5}), *b, *c;
    struct ims_frame *copy = array_frame(IMS_U16, 2, (size_t[]){4, 5});
    double edges[] = {0, 1, 2, 4, 8, 16};

    cr_assert(ims_frame_create(&b) == IMS_OK && ims_frame_create(&c) == IMS_OK);
    b->array = ims_array_ref(&a->array);
    c->array = ims_array_ref(&a->array);
    cr_assert(ims_places_create(edges, 5, NULL, 0, &c->places) == IMS_OK);
    memset(a->array.data, 0, 40);
    memset(copy->array.data, 0, 40);
    cr_assert(ims_frame_same_pixels(a, b));
    cr_assert_not(ims_frame_same_pixels(a, c));
    cr_assert_not(ims_frame_same_pixels(a, copy), "nobody has looked");
    b->array.data += 2;
    b->array.shape[1] = 4;
    cr_assert_not(ims_frame_same_pixels(a, b));
    struct ims_frame *d = camera_frame(IMS_PIX_YUYV, 5, 4),
                     *e = camera_frame(IMS_PIX_YUYV, 5, 4);
    cr_assert_not(ims_frame_same_pixels(d, e), "neither has any");
    cr_assert(ims_buffer_create(96, &d->buffer) == IMS_OK);
    e->buffer = ims_buffer_ref(d->buffer);
    cr_assert(ims_frame_same_pixels(d, e));
    e->stride = 12;
    cr_assert_not(ims_frame_same_pixels(d, e));
    ims_frame_unref(&a), ims_frame_unref(&b), ims_frame_unref(&c);
    ims_frame_unref(&copy), ims_frame_unref(&d), ims_frame_unref(&e);
}

static void note(void *user)
{
    ++*(int *)user;
}

Test(frame, frees_its_pixels_with_the_last_reference)
{
    uint8_t pixels[12];
    int released = 0;
    struct ims_frame *f, *g;

    cr_assert(ims_frame_create(&f) == IMS_OK);
    cr_assert(ims_buffer_wrap(pixels, sizeof pixels, note, &released, &f->buffer) ==
              IMS_OK);
    f->pixel_format = IMS_PIX_MJPEG;
    cr_assert_eq(ims_frame_bytes(f), 12);
    g = ims_frame_ref(f);
    ims_frame_unref(&f);
    cr_assert(f == NULL && released == 0);
    ims_frame_unref(&g);
    cr_assert_eq(released, 1);
    ims_frame_unref(&g);
}

Test(frame, counts_the_whole_buffer_that_a_slice_keeps_alive)
{
    struct ims_frame *f = array_frame(IMS_U16, 3, (size_t[]){10, 4, 5});
    struct ims_array plane;

    cr_assert(ims_array_slice(&f->array, 0, 3, &plane, NULL) == IMS_OK);
    ims_array_finish(&f->array);
    f->array = plane;
    cr_assert_eq(ims_frame_bytes(f), 400);
    ims_frame_unref(&f);
}
