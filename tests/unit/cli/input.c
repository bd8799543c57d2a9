/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <criterion/criterion.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct raw no_raw = {0};

/* A file that is gone from its folder already, read through /dev/fd. */
struct file {
    FILE *stream;
    char path[32];
};

static struct file file_of(const void *data, size_t size)
{
    struct file file = {.stream = tmpfile()};
    cr_assert_eq(fwrite(data, 1, size, file.stream), size);
    fflush(file.stream);
    rewind(file.stream);
    snprintf(file.path, sizeof file.path, "/dev/fd/%d", fileno(file.stream));
    return file;
}

/* Appends an npy file of one (1, 3) u8 array. */
static void put_npy(struct ims_bytes *out, uint8_t first)
{
    struct ims_array a;
    cr_assert_eq(ims_array_create(IMS_U8, 2, (size_t[]){1, 3}, &a, NULL), IMS_OK);
    memcpy(a.data, (uint8_t[]){first, 2, 3}, 3);
    cr_assert_eq(ims_npy_write(&a, out), IMS_OK);
    ims_array_finish(&a);
}

/* Reads all frames; returns how many, with the first items in `first`. */
static int read_all(const struct file *file, const struct raw *raw, uint8_t first[8],
                    enum ims_result *result, struct ims_error *err)
{
    struct input input;
    int count = 0;
    cr_assert_eq(input_open(file->path, raw, &input, err), IMS_OK, "%s", err->text);
    struct ims_array a;
    while (!(*result = input_next(&input, &a, err)) && a.buffer && count < 8) {
        first[count++] = a.data[0];
        ims_array_finish(&a);
    }
    input_close(&input);
    fclose(file->stream);
    return count;
}

Test(input, gives_every_npy_of_a_file_that_holds_many)
{
    struct ims_bytes bytes = {0};
    for (uint8_t i = 0; i < 3; i++)
        put_npy(&bytes, (uint8_t)(7 + i));
    struct file file = file_of(bytes.data, bytes.size);
    uint8_t first[8];
    enum ims_result r;
    struct ims_error err = {0};
    cr_assert_eq(read_all(&file, &no_raw, first, &r, &err), 3);
    cr_assert_eq(r, IMS_OK, "%s", err.text);
    cr_assert_eq(first[2], 9);
    ims_bytes_finish(&bytes);
}

Test(input, gives_raw_frames_in_the_machines_byte_order)
{
    struct raw raw;
    cr_assert_eq(raw_parse(">u2", "1,2", &raw, NULL), IMS_OK);
    struct file file = file_of("\0\5\0\6\0\7\0\10", 8);
    uint8_t first[8];
    enum ims_result r;
    struct ims_error err = {0};
    cr_assert_eq(read_all(&file, &raw, first, &r, &err), 2);
    cr_assert_eq(r, IMS_OK, "%s", err.text);
    cr_assert_eq(first[0], 5);
    cr_assert_eq(first[1], 7);
}

Test(input, tells_a_frame_that_is_cut_short)
{
    struct raw raw;
    cr_assert_eq(raw_parse("uint8", "2,2", &raw, NULL), IMS_OK);
    struct file file = file_of("123456", 6);
    uint8_t first[8];
    enum ims_result r;
    struct ims_error err = {0};
    cr_assert_eq(read_all(&file, &raw, first, &r, &err), 1);
    cr_assert_eq(r, IMS_ERR_TRUNCATED);
    cr_assert_not_null(strstr(err.text, "ends within a frame: 2 bytes of 4"));
}

Test(input, tells_every_cut_of_an_npy)
{
    struct ims_bytes bytes = {0};
    put_npy(&bytes, 1);
    for (size_t size = 0; size < bytes.size; size++) {
        struct file file = file_of(bytes.data, size);
        uint8_t first[8];
        enum ims_result r;
        struct ims_error err = {0};
        cr_assert_eq(read_all(&file, &no_raw, first, &r, &err), 0);
        cr_assert_neq(r, IMS_OK, "%zu bytes", size);
        cr_assert_not_null(strstr(err.text, file.path), "%s", err.text);
    }
    ims_bytes_finish(&bytes);
}

Test(input, decodes_a_png)
{
    static const uint8_t pixels[] = {42, 1, 2, 3, 4, 5};
    struct ims_png_image image = {.width = 3,
                                  .height = 2,
                                  .kind = IMS_PNG_GREY,
                                  .bits = 8,
                                  .pixels = pixels,
                                  .stride = 3};
    struct ims_bytes bytes = {0};
    cr_assert_eq(ims_png_encode(&image, 4, &bytes, NULL), IMS_OK);
    struct file file = file_of(bytes.data, bytes.size);
    uint8_t first[8];
    enum ims_result r;
    struct ims_error err = {0};
    cr_assert_eq(read_all(&file, &no_raw, first, &r, &err), 1);
    cr_assert_eq(r, IMS_OK, "%s", err.text);
    cr_assert_eq(first[0], 42);
    ims_bytes_finish(&bytes);
}

Test(input, says_how_to_push_what_it_does_not_know)
{
    struct file file = file_of("GIF89a,", 7);
    uint8_t first[8];
    enum ims_result r;
    struct ims_error err = {0};
    cr_assert_eq(read_all(&file, &no_raw, first, &r, &err), 0);
    cr_assert_eq(r, IMS_ERR_INVALID);
    cr_assert_not_null(strstr(err.text, "give --dtype and --shape"));
}

Test(input, names_a_file_that_is_not_there)
{
    struct input input;
    struct ims_error err = {0};
    cr_assert_eq(input_open("/nowhere/x.npy", &no_raw, &input, &err), IMS_ERR_IO);
    cr_assert_str_eq(err.text, "/nowhere/x.npy: No such file or directory");
}
