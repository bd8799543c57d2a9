/* SPDX-License-Identifier: MIT */
#include "../../../lib/picture/jpeg_bands.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A picture with detail everywhere, planes as the form wants them. */
static struct ims_planes make(uint32_t width, uint32_t height, enum ims_chroma chroma,
                              uint8_t *memory, unsigned seed)
{
    struct ims_planes p = {.width = width, .height = height, .chroma = chroma};
    size_t even = (width + 1) / 2 * 2, rows = (height + 1) / 2 * 2;
    for (size_t i = 0; i < 3 * even * rows; i++)
        memory[i] = (uint8_t)(i * i / 977 + (size_t)rand_r(&seed) % 9);
    for (int i = 0; i < 3; i++) {
        p.plane[i] = memory + (size_t)i * even * rows;
        p.stride[i] = (int)even;
    }
    return p;
}

static void encode_bands(struct ims__jpeg_bands *bands, const struct ims_planes *planes,
                         uint32_t from, uint32_t to, const uint8_t **out, size_t *size)
{
    struct ims__jpeg_coder coder = {0};
    struct ims_error err = {0};
    cr_assert_eq(ims__jpeg_bands_reserve(bands, planes, 80, &err), IMS_OK, "%s",
                 err.text);
    for (uint32_t i = from; i < to && i < bands->count; i++)
        cr_assert_eq(ims__jpeg_band_encode(bands, &coder, i, planes, &err), IMS_OK, "%s",
                     err.text);
    cr_assert_eq(ims__jpeg_bands_join(bands, out, size, &err), IMS_OK);
    ims__jpeg_coder_finish(&coder);
}

static struct ims_array decode(const uint8_t *data, size_t size)
{
    struct ims_array array;
    struct ims_error err = {0};
    cr_assert_eq(ims_jpeg_decode(data, size, 1 << 26, &array, &err), IMS_OK, "%s",
                 err.text);
    return array;
}

static void assert_same_picture(const uint8_t *a, size_t a_size, const uint8_t *b,
                                size_t b_size)
{
    struct ims_array x = decode(a, a_size), y = decode(b, b_size);
    cr_assert_eq(ims_array_count(&x), ims_array_count(&y));
    cr_assert_arr_eq(x.data, y.data, ims_array_count(&x));
    ims_array_finish(&x);
    ims_array_finish(&y);
}

static void assert_equals_one_encode(uint32_t width, uint32_t height,
                                     enum ims_chroma chroma)
{
    uint8_t *memory = malloc(3 * (size_t)(width + 1) * (height + 1));
    struct ims_planes planes = make(width, height, chroma, memory, 1);
    struct ims__jpeg_bands bands = {0};
    struct ims_jpeg_encoder *enc;
    const uint8_t *joined, *whole;
    size_t joined_size, whole_size;
    cr_assert_eq(ims_jpeg_encoder_create(&enc), IMS_OK);
    encode_bands(&bands, &planes, 0, UINT32_MAX, &joined, &joined_size);
    cr_assert_eq(ims_jpeg_encode(enc, &planes, 80, &whole, &whole_size, NULL), IMS_OK);
    assert_same_picture(joined, joined_size, whole, whole_size);
    cr_assert_eq(ims_jpeg_length(joined, joined_size), joined_size);
    ims_jpeg_encoder_destroy(enc);
    ims__jpeg_bands_finish(&bands);
    free(memory);
}

Test(jpeg_bands, decode_to_what_one_encode_gives_at_any_size_and_subsampling)
{
    static const uint32_t sizes[][2] = {{1, 1},   {7, 64},    {16, 65},  {64, 63},
                                        {65, 64}, {200, 128}, {33, 700}, {640, 360}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int chroma = IMS_CHROMA_GREY; chroma <= IMS_CHROMA_444; chroma++)
            assert_equals_one_encode(sizes[i][0], sizes[i][1], (enum ims_chroma)chroma);
}

Test(jpeg_bands, a_band_that_changed_is_encoded_alone)
{
    static uint8_t memory[3 * 320 * 300];
    struct ims_planes planes = make(320, 300, IMS_CHROMA_420, memory, 2);
    struct ims__jpeg_bands bands = {0}, fresh = {0};
    const uint8_t *joined, *whole;
    size_t joined_size, whole_size;
    encode_bands(&bands, &planes, 0, UINT32_MAX, &joined, &joined_size);
    memset(memory + 130 * 320, 200, 320); /* a row of band 2 */
    encode_bands(&bands, &planes, 2, 3, &joined, &joined_size);
    encode_bands(&fresh, &planes, 0, UINT32_MAX, &whole, &whole_size);
    cr_assert_eq(joined_size, whole_size);
    cr_assert_arr_eq(joined, whole, whole_size);
    ims__jpeg_bands_finish(&bands);
    ims__jpeg_bands_finish(&fresh);
}

Test(jpeg_bands, another_quality_or_size_forgets_what_was_encoded)
{
    static uint8_t memory[3 * 128 * 130];
    struct ims_planes planes = make(128, 130, IMS_CHROMA_422, memory, 3);
    struct ims__jpeg_bands bands = {0};
    const uint8_t *out;
    size_t size;
    encode_bands(&bands, &planes, 0, UINT32_MAX, &out, &size);
    cr_assert_eq(ims__jpeg_bands_reserve(&bands, &planes, 81, NULL), IMS_OK);
    cr_assert_eq(bands.band[0].size, 0);
    planes.height = 64;
    cr_assert_eq(ims__jpeg_bands_reserve(&bands, &planes, 81, NULL), IMS_OK);
    cr_assert_eq(bands.count, 1);
    ims__jpeg_bands_finish(&bands);
}

Test(jpeg_bands, what_no_jpeg_can_be_is_refused)
{
    static uint8_t memory[64];
    struct ims_planes planes = {
        .width = 4, .height = 4, .plane = {memory}, .stride = {4}};
    struct ims__jpeg_bands bands = {0};
    struct ims_error err = {0};
    cr_assert_eq(ims__jpeg_bands_reserve(&bands, &planes, 0, &err), IMS_ERR_INVALID);
    planes.stride[0] = 3;
    cr_assert_eq(ims__jpeg_bands_reserve(&bands, &planes, 80, &err), IMS_ERR_INVALID);
    planes.width = 0;
    cr_assert_eq(ims__jpeg_bands_reserve(&bands, &planes, 80, &err), IMS_ERR_INVALID);
}
