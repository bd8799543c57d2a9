/* SPDX-License-Identifier: MIT */
#include "record/measure.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static struct ims_frame *frame_of(enum ims_dtype dtype, size_t rows, size_t columns)
{
    struct ims_frame *frame;
    cr_assert_eq(ims_frame_create(&frame), IMS_OK);
    cr_assert_eq(
        ims_array_create(dtype, 2, (size_t[]){rows, columns}, &frame->array, NULL),
        IMS_OK);
    memset(frame->array.data, 0, rows * columns * ims_dtype_size(dtype));
    return frame;
}

static double value_of(struct measure *m, struct ims_frame *frame)
{
    double value = -1;
    cr_assert(measure_frame(m, frame, &value));
    return value;
}

Test(measure, mean_and_maximum_are_of_the_values_at_full_depth)
{
    struct measure mean = {.trigger = TRIGGER_MEAN}, most = {.trigger = TRIGGER_MAXIMUM};
    struct ims_frame *frame = frame_of(IMS_U16, 2, 2);
    uint16_t *at = (uint16_t *)(void *)frame->array.data;
    at[0] = 60000, at[3] = 4;
    cr_assert_eq(value_of(&mean, frame), 15001);
    cr_assert_eq(value_of(&most, frame), 60000);
    ims_frame_unref(&frame);
    frame = frame_of(IMS_U8, 3, 1);
    frame->array.data[1] = 30;
    cr_assert_eq(value_of(&mean, frame), 10);
    ims_frame_unref(&frame);
}

Test(measure, what_is_not_finite_is_left_out)
{
    struct measure mean = {.trigger = TRIGGER_MEAN}, most = {.trigger = TRIGGER_MAXIMUM};
    struct ims_frame *frame = frame_of(IMS_F32, 1, 4);
    float *at = (float *)(void *)frame->array.data;
    double value;
    at[0] = NAN, at[1] = INFINITY, at[2] = 3, at[3] = 5;
    cr_assert_eq(value_of(&mean, frame), 4);
    cr_assert_eq(value_of(&most, frame), 5);
    at[2] = at[3] = NAN;
    at[1] = NAN;
    cr_assert(!measure_frame(&mean, frame, &value), "nothing can be said of it");
    ims_frame_unref(&frame);
}

Test(measure, tells_the_share_that_changed_beyond_noise)
{
    struct measure m = {.trigger = TRIGGER_CHANGED};
    struct ims_frame *frame = frame_of(IMS_U8, 100, 100);
    double value;
    cr_assert(!measure_frame(&m, frame, &value), "a first frame has none before it");
    for (size_t i = 0; i < 10000; i++)
        frame->array.data[i] = 10; /* noise */
    cr_assert_eq(value_of(&m, frame), 0);
    memset(frame->array.data, 200, 2500);
    cr_assert_float_eq(value_of(&m, frame), 0.25, 1e-9);
    cr_assert_eq(value_of(&m, frame), 0, "and then it stands");
    ims_frame_unref(&frame);
    frame = frame_of(IMS_U8, 50, 50);
    cr_assert(!measure_frame(&m, frame, &value), "another form cannot be compared");
    ims_frame_unref(&frame);
    measure_finish(&m);
}

Test(measure, of_deep_values_noise_is_a_share_of_what_they_span)
{
    struct measure m = {.trigger = TRIGGER_CHANGED};
    struct ims_frame *frame = frame_of(IMS_U16, 10, 10);
    uint16_t *at = (uint16_t *)(void *)frame->array.data;
    double value;
    at[0] = 1000;
    cr_assert(!measure_frame(&m, frame, &value));
    for (size_t i = 50; i < 100; i++)
        at[i] = 50;
    cr_assert_eq(value_of(&m, frame), 0);
    for (size_t i = 50; i < 100; i++)
        at[i] = 200;
    cr_assert_float_eq(value_of(&m, frame), 0.5, 1e-9);
    ims_frame_unref(&frame);
    measure_finish(&m);
}
