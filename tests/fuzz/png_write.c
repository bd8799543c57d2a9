/* SPDX-License-Identifier: MIT */
/* Any pixels come back from our writer at every level. The first four bytes say kind, level, width and strips; the
 * rest are pixels, repeated so often as byte five says, so that long matches occur. */
#include "fuzz.h"

#include "../../lib/picture/png_impl.h"

#include <string.h>

enum { HEAD = 5, MAX_BYTES = 1 << 20 };

static const struct {
    enum ims_png_kind kind;
    int bits, bytes; /* of a pixel */
} kinds[] = {{IMS_PNG_GREY, 8, 1},  {IMS_PNG_RGB, 8, 3},  {IMS_PNG_RGBA, 8, 4},
             {IMS_PNG_GREY, 16, 2}, {IMS_PNG_RGB, 16, 6}, {IMS_PNG_PALETTE, 8, 1}};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static uint8_t palette[256][3]; /* index i is the colour i, 255 - i, i / 2 */

static void check_pixels(const struct ims_png_image *image, const struct ims_array *a)
{
    size_t count = (size_t)image->width * image->height;

    fuzz_check(a->shape[0] == image->height && a->shape[1] == image->width);
    if (image->kind != IMS_PNG_PALETTE) {
        fuzz_check(!memcmp(a->data, image->pixels, image->stride * image->height));
        return;
    }
    for (size_t i = 0; i < count; i++)
        fuzz_check(!memcmp(a->data + 3 * i, palette[image->pixels[i]], 3));
}

static void check_round_trip(const struct ims_png_image *image, int level, int strips)
{
    struct ims__png_worker worker = {0};
    struct ims__png_piece pieces[IMS__PNG_STRIPS_MAX] = {0};
    struct ims__png_plan plan;
    struct ims_bytes out = {0};
    struct ims_array again;

    fuzz_check(ims__png_begin(&worker, image, level, strips, &plan, NULL) == IMS_OK);
    for (int k = 0; k < plan.strips; k++)
        fuzz_check(ims__png_strip(&worker, &plan, k, &pieces[k], NULL) == IMS_OK);
    fuzz_check(ims__png_join(&plan, pieces, &out, NULL) == IMS_OK);
    fuzz_check(ims_png_decode(out.data, out.size, 4 * MAX_BYTES, &again, NULL) == IMS_OK);
    check_pixels(image, &again);
    ims_array_finish(&again);
    for (int k = 0; k < plan.strips; k++)
        ims_bytes_finish(&pieces[k].bytes);
    ims_bytes_finish(&out);
    ims__png_worker_finish(&worker);
}

static void check(const uint8_t *head, const uint8_t *data, size_t size)
{
    int kind = head[0] % KINDS;
    size_t row = (size_t)(1 + head[2]) * (size_t)kinds[kind].bytes;
    size_t rows = size * (1 + (size_t)head[4]) / row;
    uint8_t *pixels = rows > 0 && rows * row <= MAX_BYTES ? malloc(rows * row) : NULL;

    if (pixels == NULL)
        return;
    for (size_t i = 0; i < rows * row; i++)
        pixels[i] = data[i % size];
    struct ims_png_image image = {.width = 1U + head[2],
                                  .height = (uint32_t)rows,
                                  .kind = kinds[kind].kind,
                                  .bits = kinds[kind].bits,
                                  .pixels = pixels,
                                  .stride = row,
                                  .palette = (const uint8_t(*)[3])palette,
                                  .palette_size = 256};
    check_round_trip(&image, head[1] % 10, 1 + head[3] % 8);
    free(pixels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int i = 0; i < 256; i++) {
        palette[i][0] = (uint8_t)i;
        palette[i][1] = (uint8_t)(255 - i);
        palette[i][2] = (uint8_t)(i / 2);
    }
    if (size > HEAD)
        check(data, data + HEAD, size - HEAD);
    return 0;
}
