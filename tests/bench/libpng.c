/* SPDX-License-Identifier: MIT */

/*
 * The size and time that libpng has for a PNG, for tests/bench/png.
 *
 *     bench_libpng INPUT.npy LEVEL COUNT
 *
 * INPUT is (h, w, 3) u8. Prints one JSON object: the bytes, and milliseconds, passed and of the thread, of each run.
 */

#include <imshow/npy.h>
#include <imshow/sink.h>

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { INPUT_BYTES_MAX = 1 << 28, COUNT_MAX = 10000 };

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum ims_result read_array(const char *path, struct ims_array *out)
{
    struct ims_bytes bytes = {.limit = INPUT_BYTES_MAX};
    FILE *file = fopen(path, "rb");
    char chunk[1 << 16];
    if (!file)
        return IMS_ERR_IO;
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(&bytes, chunk, n);
    fclose(file);
    enum ims_result r = bytes.result;
    if (!r)
        r = ims_npy_read(bytes.data, bytes.size, INPUT_BYTES_MAX, out, NULL);
    ims_bytes_finish(&bytes);
    return r;
}

static void append(png_structp png, png_bytep data, size_t size)
{
    ims_bytes_append(png_get_io_ptr(png), data, size);
}

static void flush(png_structp png)
{
    (void)png;
}

/* libpng's own filters and strategy; without a handler of ours an error ends the program. */
static void encode(const struct ims_array *a, int level, struct ims_bytes *out)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info)
        exit(1);
    png_set_write_fn(png, out, append, flush);
    png_set_compression_level(png, level);
    png_set_IHDR(png, info, (png_uint_32)a->shape[1], (png_uint_32)a->shape[0], 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (size_t y = 0; y < a->shape[0]; y++)
        png_write_row(png, a->data + y * a->shape[1] * 3);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
}

int main(int argc, char **argv)
{
    long count = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    struct ims_array array = {0};
    size_t size = 0;
    if (count < 1 || count > COUNT_MAX || read_array(argv[1], &array) ||
        array.ndim != 3 || array.shape[2] != 3 || array.dtype != IMS_U8) {
        fprintf(stderr, "usage: bench_libpng INPUT.npy LEVEL COUNT\n");
        return 2;
    }
    printf("{\"ms\": [");
    for (long i = 0; i < count; i++) {
        struct ims_bytes out = {0};
        double start = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
        encode(&array, (int)strtol(argv[2], NULL, 10), &out);
        cpu = now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu;
        printf("%s[%.4f, %.4f]", i ? ", " : "", now_ms(CLOCK_MONOTONIC) - start, cpu);
        size = out.size;
        ims_bytes_finish(&out);
    }
    printf("], \"bytes\": %zu}\n", size);
    ims_array_finish(&array);
    return 0;
}
