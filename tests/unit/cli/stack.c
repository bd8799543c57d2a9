/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct ims_array row_of(uint8_t a, uint8_t b)
{
    struct ims_array array;
    cr_assert_eq(ims_array_create(IMS_U8, 1, (size_t[]){2}, &array, NULL), IMS_OK);
    memcpy(array.data, (uint8_t[]){a, b}, 2);
    return array;
}

static void add(struct stack *stack, struct ims_array array)
{
    struct ims_error err = {0};
    cr_assert_eq(stack_add(stack, &array, "it", &err), IMS_OK, "%s", err.text);
}

Test(stack, leaves_a_single_array_as_it_is)
{
    struct stack stack = {0};
    struct ims_array out;
    add(&stack, row_of(1, 2));
    cr_assert_eq(stack_finish(&stack, &out, NULL), IMS_OK);
    cr_assert_eq(out.ndim, 1);
    cr_assert_arr_eq(out.data, ((uint8_t[]){1, 2}), 2);
    ims_array_finish(&out);
}

Test(stack, makes_a_first_axis_of_several)
{
    struct stack stack = {0};
    struct ims_array out;
    for (uint8_t i = 0; i < 3; i++)
        add(&stack, row_of(i, 9));
    cr_assert_eq(stack_finish(&stack, &out, NULL), IMS_OK);
    cr_assert_eq(out.ndim, 2);
    cr_assert_eq(out.shape[0], 3);
    cr_assert_arr_eq(out.data, ((uint8_t[]){0, 9, 1, 9, 2, 9}), 6);
    ims_array_finish(&out);
}

Test(stack, names_the_odd_one)
{
    struct stack stack = {0};
    struct ims_array odd;
    struct ims_error err = {0};
    add(&stack, row_of(1, 2));
    cr_assert_eq(ims_array_create(IMS_F32, 1, (size_t[]){3}, &odd, NULL), IMS_OK);
    cr_assert_eq(stack_add(&stack, &odd, "b.npy", &err), IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "b.npy is (3) float32, those before it are (2) uint8");
    cr_assert_null(odd.buffer, "it is consumed");
    stack_drop(&stack);
}

Test(stack, has_no_ninth_dimension)
{
    struct stack stack = {0};
    struct ims_array a, out;
    const size_t shape[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(ims_array_create(IMS_U8, 8, shape, &a, NULL), IMS_OK);
        add(&stack, a);
    }
    cr_assert_eq(stack_finish(&stack, &out, NULL), IMS_ERR_LIMIT);
}

/* A file that is gone from its folder already, read through /dev/fd. */
static FILE *file_of(const char *text, size_t size, char path[32])
{
    FILE *file = tmpfile();
    cr_assert_eq(fwrite(text, 1, size, file), size);
    fflush(file);
    rewind(file);
    snprintf(path, 32, "/dev/fd/%d", fileno(file));
    return file;
}

static const char film[] = "YUV4MPEG2 W2 H1 Cmono\nFRAME\n\x10\xeb"
                           "FRAME\n\xeb\x10"
                           "FRAME\n\x10\x10";

static enum ims_result load(size_t size, uint64_t frames, struct ims_array *out,
                            struct ims_error *err)
{
    char path[32], *paths[] = {path};
    static const struct raw raw = {0};
    FILE *file = file_of(film, size, path);
    enum ims_result r =
        stack_load(&(struct option_args){1, paths}, &raw, frames, out, err);
    fclose(file);
    return r;
}

Test(stack, loads_the_frames_of_a_film)
{
    struct ims_array a;
    cr_assert_eq(load(sizeof film - 1, 0, &a, NULL), IMS_OK);
    cr_assert_eq(a.ndim, 3);
    cr_assert_arr_eq(a.data, ((uint8_t[]){0, 255, 255, 0, 0, 0}), 6);
    ims_array_finish(&a);
    cr_assert_eq(load(sizeof film - 1, 2, &a, NULL), IMS_OK);
    cr_assert_eq(a.shape[0], 2);
    ims_array_finish(&a);
    cr_assert_eq(load(sizeof film - 1, 1, &a, NULL), IMS_OK);
    cr_assert_eq(a.ndim, 2, "one frame is a picture");
    ims_array_finish(&a);
}

Test(stack, tells_every_cut_of_a_film)
{
    for (size_t size = 9; size < sizeof film - 1; size++) {
        struct ims_array a = {0};
        struct ims_error err = {0};
        if (load(size, 0, &a, &err))
            cr_assert(*err.text);
        else
            cr_assert(size == 30 || size == 38, "%zu", size); /* behind a whole frame */
        ims_array_finish(&a);
    }
}
