/* SPDX-License-Identifier: MIT */

/*
 * Times a figure from an array in memory to JSON text in memory, for tests/bench/figure.
 *
 *     bench_figure INPUT.npy PARAMS.json COUNT OUT.json
 *
 * Prints one JSON object: milliseconds, passed and of the processor, of each of COUNT runs after a first one, whose result is written
 * to OUT.json, and how far the peak of resident memory rose in that first run, the array being there.
 */

#include <imshow/figure.h>
#include <imshow/json.h>
#include <imshow/npy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_INPUT = 1 << 28, MAX_COUNT = 10000 };

static enum ims_result read_file(const char *path, struct ims_bytes *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return IMS_ERR_IO;
    out->limit = MAX_INPUT;
    char chunk[1 << 16];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(out, chunk, n);
    fclose(file);
    return out->result;
}

static enum ims_result read_array(const char *path, struct ims_array *out,
                                  struct ims_error *err)
{
    struct ims_bytes file = {0};
    enum ims_result r = read_file(path, &file);
    if (!r)
        r = ims_npy_read(file.data, file.size, MAX_INPUT, out, err);
    ims_bytes_finish(&file);
    return r;
}

static enum ims_result read_params(const char *path, struct ims_figure_params **out,
                                   struct ims_error *err)
{
    struct ims_bytes text = {0};
    struct ims_document *doc = NULL;
    enum ims_result r = read_file(path, &text);
    if (!r)
        r = ims_json_parse((const char *)text.data, text.size, &doc, err);
    if (!r)
        r = ims_figure_params_parse(&doc->root, out, err);
    ims_document_destroy(doc);
    ims_bytes_finish(&text);
    return r;
}

/* A line of /proc/self/status in bytes; 0 when there is none. */
static long status_bytes(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    if (file)
        fclose(file);
    return kib * 1024;
}

/* The kernel's peak starts again from what is resident now. */
static bool forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    bool ok = file && fputs("5", file) >= 0;
    if (file && fclose(file))
        ok = false;
    return ok;
}

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum ims_result write_figure(const struct ims_array *array,
                                    const struct ims_figure_params *params,
                                    struct ims_bytes *out, struct ims_error *err)
{
    struct ims_sink sink = ims_json_sink(out);
    enum ims_result r = ims_figure_write(array, params, &sink, err);
    return r ? r : out->result;
}

static enum ims_result first_run(const struct ims_array *array,
                                 const struct ims_figure_params *params, const char *path,
                                 long *peak, struct ims_error *err)
{
    struct ims_bytes out = {0};
    if (!forget_peak())
        return ims_fail(err, IMS_ERR_IO, "/proc/self/clear_refs cannot be written");
    long before = status_bytes("VmRSS:");
    enum ims_result r = write_figure(array, params, &out, err);
    *peak = status_bytes("VmHWM:") - before;
    FILE *file = r ? NULL : fopen(path, "wb");
    if (!r && (!file || fwrite(out.data, 1, out.size, file) != out.size))
        r = ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
    if (file && fclose(file) && !r)
        r = ims_fail(err, IMS_ERR_IO, "%s: cannot be written", path);
    ims_bytes_finish(&out);
    return r;
}

/* Prints [time, processor time] of each run. */
static enum ims_result time_runs(const struct ims_array *array,
                                 const struct ims_figure_params *params, long count,
                                 struct ims_error *err)
{
    printf("\"ms\": [");
    for (long i = 0; i < count; i++) {
        struct ims_bytes out = {0};
        double start = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        enum ims_result r = write_figure(array, params, &out, err);
        cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        double spent = now_ms(CLOCK_MONOTONIC) - start;
        ims_bytes_finish(&out);
        if (r)
            return r;
        printf("%s[%.4f, %.4f]", i ? ", " : "", spent, cpu);
    }
    printf("]");
    return IMS_OK;
}

int main(int argc, char **argv)
{
    long count = argc == 5 ? strtol(argv[3], NULL, 10) : 0;
    if (count < 1 || count > MAX_COUNT) {
        fprintf(stderr, "usage: bench_figure INPUT.npy PARAMS.json COUNT OUT.json\n");
        return 2;
    }
    struct ims_array array = {0};
    struct ims_figure_params *params = NULL;
    struct ims_error err = {0};
    long peak = 0;
    enum ims_result r = read_array(argv[1], &array, &err);
    if (!r)
        r = read_params(argv[2], &params, &err);
    if (!r)
        r = first_run(&array, params, argv[4], &peak, &err);
    if (!r) {
        printf("{\"peak_bytes\": %ld, ", peak);
        r = time_runs(&array, params, count, &err);
        printf("}\n");
    }
    if (r)
        fprintf(stderr, "bench_figure: %s\n", *err.text ? err.text : ims_result_name(r));
    ims_figure_params_unref(&params);
    ims_array_finish(&array);
    return r ? 1 : 0;
}
