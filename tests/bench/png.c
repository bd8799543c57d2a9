/* SPDX-License-Identifier: MIT */

/*
 * Times PNGs of an array in memory, for tests/bench/png.
 *
 *     bench_png INPUT.npy LEVEL COUNT OUT.png [PALETTE.npy]
 *
 * INPUT is (h, w) or (h, w, 3), u8 or u16; with PALETTE, (n, 3) u8, it is indices. Prints one JSON object: milliseconds,
 * passed and of the thread, of each of COUNT runs after a first one, whose file is written to OUT.png, and how far the peak of
 * resident memory rose in that first run.
 */

#include "bench.h"

#include <imshow/npy.h>
#include <imshow/png.h>

#include <stdlib.h>

enum { MAX_INPUT = 1 << 28, MAX_COUNT = 10000 };

static enum ims_result read_array(const char *path, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_bytes bytes = {.limit = MAX_INPUT};
    FILE *file = fopen(path, "rb");
    char chunk[1 << 16];
    if (!file)
        return ims_fail(err, IMS_ERR_IO, "%s: cannot be read", path);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(&bytes, chunk, n);
    fclose(file);
    enum ims_result r = bytes.result;
    if (!r)
        r = ims_npy_read(bytes.data, bytes.size, MAX_INPUT, out, err);
    ims_bytes_finish(&bytes);
    return r;
}

static struct ims_png_image image_of(const struct ims_array *a,
                                     const struct ims_array *palette)
{
    size_t samples = a->ndim == 3 ? a->shape[2] : 1, item = ims_dtype_size(a->dtype);
    struct ims_png_image image = {
        .width = (uint32_t)a->shape[1],
        .height = (uint32_t)a->shape[0],
        .kind = samples == 3 ? IMS_PNG_RGB : IMS_PNG_GREY,
        .bits = (int)item * 8,
        .pixels = a->data,
        .stride = a->shape[1] * samples * item,
    };
    if (palette->data) {
        image.kind = IMS_PNG_PALETTE;
        image.palette = (const uint8_t(*)[3])palette->data;
        image.palette_size = (int)palette->shape[0];
    }
    return image;
}

static enum ims_result first_run(const struct ims_png_image *image, int level,
                                 const char *path, long *peak, struct ims_error *err)
{
    struct ims_bytes out = {0};
    long before = bench_memory_begin();
    enum ims_result r = ims_png_encode(image, level, &out, err);
    *peak = bench_memory_peak(before);
    FILE *file = r ? NULL : fopen(path, "wb");
    if (!r && (!file || fwrite(out.data, 1, out.size, file) != out.size))
        r = ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
    if (file && fclose(file) && !r)
        r = ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
    ims_bytes_finish(&out);
    return r;
}

static enum ims_result time_runs(const struct ims_png_image *image, int level, long count,
                                 long peak, struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    printf("{\"peak_bytes\": %ld, \"ms\": [", peak);
    for (long i = 0; !r && i < count; i++) {
        struct ims_bytes out = {0};
        double start = bench_now_ms(CLOCK_MONOTONIC),
               cpu = bench_now_ms(CLOCK_THREAD_CPUTIME_ID);
        r = ims_png_encode(image, level, &out, err);
        cpu = bench_now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu;
        printf("%s[%.4f, %.4f]", i ? ", " : "", bench_now_ms(CLOCK_MONOTONIC) - start,
               cpu);
        ims_bytes_finish(&out);
    }
    printf("]}\n");
    return r;
}

int main(int argc, char **argv)
{
    long count = argc >= 5 ? strtol(argv[3], NULL, 10) : 0;
    if (argc > 6 || count < 1 || count > MAX_COUNT) {
        fprintf(stderr, "usage: bench_png INPUT.npy LEVEL COUNT OUT.png [PALETTE.npy]\n");
        return 2;
    }
    struct ims_array array = {0}, palette = {0};
    struct ims_error err = {0};
    int level = (int)strtol(argv[2], NULL, 10);
    enum ims_result r = read_array(argv[1], &array, &err);
    if (!r && argc == 6)
        r = read_array(argv[5], &palette, &err);
    if (!r) {
        struct ims_png_image image = image_of(&array, &palette);
        long peak = 0;
        r = first_run(&image, level, argv[4], &peak, &err);
        if (!r)
            r = time_runs(&image, level, count, peak, &err);
    }
    if (r)
        fprintf(stderr, "bench_png: %s\n", *err.text ? err.text : ims_result_name(r));
    ims_array_finish(&array);
    ims_array_finish(&palette);
    return r ? 1 : 0;
}
