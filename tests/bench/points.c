/* SPDX-License-Identifier: MIT */

/*
 * Times points in memory to a grid, for tests/bench/points.
 *
 *     bench_points X.npy Y.npy LEAST GREATEST SIDE COUNT OUT.bin
 *
 * Adds all points to a count of SIDE x SIDE bins, LEAST to GREATEST in both axes, reads it and writes its items to
 * OUT.bin; then adds and reads COUNT times more, as a stream does whose grid stands, and prints the milliseconds of the
 * processor of each as a JSON list.
 */

#include <imshow/npy.h>
#include <imshow/raster.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_INPUT = 1 << 30, MAX_COUNT = 1000 };

static enum ims_result read_array(const char *path, struct ims_array *out,
                                  struct ims_error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return ims_fail(err, IMS_ERR_IO, "%s: cannot be read", path);
    struct ims_bytes bytes = {.limit = MAX_INPUT};
    char chunk[1 << 16];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(&bytes, chunk, n);
    fclose(file);
    enum ims_result r = bytes.result;
    if (!r)
        r = ims_npy_read(bytes.data, bytes.size, MAX_INPUT, out, err);
    ims_bytes_finish(&bytes);
    return r;
}

static double processor_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* other work disturbs it less */
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum ims_result run(struct ims_raster *raster, const struct ims_points *points,
                           double *ms, struct ims_array *out, struct ims_error *err)
{
    double start = processor_ms();
    ims_raster_add(raster, points, 0);
    enum ims_result r = ims_raster_read(raster, 0, out, err);
    *ms = processor_ms() - start;
    return r;
}

static enum ims_result save(const char *path, const struct ims_array *grid,
                            struct ims_error *err)
{
    FILE *file = fopen(path, "wb");
    size_t count = ims_array_count(grid);
    if (!file)
        return ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
    size_t done = fwrite(grid->data, ims_dtype_size(grid->dtype), count, file);
    int closed = fclose(file);
    return done == count && closed == 0
               ? IMS_OK
               : ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
}

static enum ims_result run_all(struct ims_raster *raster, const struct ims_points *points,
                               long count, const char *path, struct ims_error *err)
{
    enum ims_result r = IMS_OK;
    for (long i = 0; !r && i <= count; i++) {
        struct ims_array grid = {0};
        double ms = 0;
        r = run(raster, points, &ms, &grid, err);
        if (!r && i == 0)
            r = save(path, &grid, err);
        else if (!r)
            printf("%s%.4f", i > 1 ? ", " : "[", ms);
        ims_array_finish(&grid);
    }
    puts("]");
    return r;
}

static enum ims_result bench(char **argv, struct ims_error *err)
{
    struct ims_array x = {0}, y = {0};
    struct ims_raster *raster = NULL;
    double least = strtod(argv[3], NULL), greatest = strtod(argv[4], NULL);
    uint32_t side = (uint32_t)strtoul(argv[5], NULL, 10);
    long count = strtol(argv[6], NULL, 10);
    struct ims_raster_options options = {.x_range = {least, greatest},
                                         .y_range = {least, greatest},
                                         .width = side,
                                         .height = side};
    enum ims_result r = read_array(argv[1], &x, err);
    if (!r)
        r = read_array(argv[2], &y, err);
    if (!r && (x.dtype != y.dtype || !ims_dtype_is_float(x.dtype) ||
               ims_array_count(&x) != ims_array_count(&y) || count > MAX_COUNT))
        r = ims_fail(err, IMS_ERR_INVALID, "x and y differ in form, or COUNT is large");
    if (!r)
        r = ims_raster_create(&options, &raster, err);
    if (!r)
        r = run_all(
            raster,
            &(struct ims_points){
                .dtype = x.dtype, .count = ims_array_count(&x), .x = x.data, .y = y.data},
            count, argv[7], err);
    ims_raster_destroy(raster);
    ims_array_finish(&x);
    ims_array_finish(&y);
    return r;
}

int main(int argc, char **argv)
{
    struct ims_error err = {0};
    if (argc != 8) {
        fprintf(stderr, "usage: %s X.npy Y.npy LEAST GREATEST SIDE COUNT OUT.bin\n",
                argv[0]);
        return 2;
    }
    if (bench(argv, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
