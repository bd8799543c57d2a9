/* SPDX-License-Identifier: MIT */
/* Recordings, timed; each prints one line of JSON.
 *
 *     record write FILE PIXELS FRAMES      raw u16 frames of the file PIXELS, fdatasync each second and at the end
 *     record sparse FILE FRAMES            zeros of 1 MiB a frame, as holes
 *     record seek FILE COUNT               random times: the frame at each, from an open reader
 *     record recover FILE                  the end of FILE is cut off first
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/record.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH = 1024, HEIGHT = 512, FRAME_BYTES = 2 * WIDTH * HEIGHT, PERIOD_US = 40000 };

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "record: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_s(void)
{
    return bench_now_ms(CLOCK_MONOTONIC) / 1e3;
}

static int open_file(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC, 0666);

    must(fd >= 0, path);
    return fd;
}

static struct ims_frame *frame_over(uint8_t *pixels, uint64_t seq)
{
    struct ims_frame *f;

    must(ims_frame_create(&f) == IMS_OK, "memory");
    f->array = (struct ims_array){.dtype = IMS_U16,
                                  .ndim = 2,
                                  .shape = {HEIGHT, WIDTH},
                                  .strides = {2 * (ptrdiff_t)WIDTH, 2},
                                  .data = pixels};
    f->seq = seq;
    f->epoch = 1;
    f->time_us = 1700000000000000 + PERIOD_US * (int64_t)seq;
    return f;
}

static uint64_t write_frames(struct ims_record_writer *w, uint8_t *pixels, size_t size,
                             uint64_t frames, int sync_fd)
{
    const uint64_t different = size / FRAME_BYTES;
    double synced = now_s();

    for (uint64_t i = 0; i < frames; i++) {
        struct ims_frame *f = frame_over(pixels + i % different * FRAME_BYTES, i);
        must(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK, "writing");
        ims_frame_unref(&f);
        if (sync_fd >= 0 && now_s() - synced >= 1) {
            must(fdatasync(sync_fd) == 0, "fdatasync");
            synced = now_s();
        }
    }
    return frames * FRAME_BYTES;
}

static int write_file(const char *path, const char *pixels_path, uint64_t frames)
{
    const int from = open_file(pixels_path, O_RDONLY);
    const int fd = open_file(path, O_RDWR | O_CREAT | O_TRUNC);
    const struct ims_mcap_output output = ims_mcap_output_fd(fd);
    const struct ims_record_settings settings = {.no_zstd = true};
    struct ims_record_writer *w = NULL;
    struct stat st;

    must(fstat(from, &st) == 0 && st.st_size >= FRAME_BYTES, "pixels");
    uint8_t *pixels = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, from, 0);
    must(pixels != MAP_FAILED, "pixels");
    const double start = now_s(), cpu = bench_now_ms(CLOCK_PROCESS_CPUTIME_ID);
    must(ims_record_writer_create(&output, &settings, &w, NULL) == IMS_OK, "writing");
    const uint64_t bytes = write_frames(w, pixels, (size_t)st.st_size, frames, fd);
    must(ims_mcap_writer_finish(ims_record_writer_mcap(w), NULL) == IMS_OK, "writing");
    must(fdatasync(fd) == 0, "fdatasync");
    printf("{\"bytes\": %llu, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
           (unsigned long long)bytes, now_s() - start,
           (bench_now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e3);
    ims_record_writer_destroy(w);
    munmap(pixels, (size_t)st.st_size);
    close(from);
    close(fd);
    return 0;
}

/* Zeros become a hole: a file that is as long as one of 10 GB, and takes no room. */
static enum ims_result write_sparse(void *user, const void *data, size_t size,
                                    struct ims_error *err)
{
    const int fd = (int)(intptr_t)user;
    const uint8_t *bytes = data;
    const bool zeros =
        size >= 4096 && bytes[0] == 0 && !memcmp(bytes, bytes + 1, size - 1);

    (void)err;
    if (zeros)
        return lseek(fd, (off_t)size, SEEK_CUR) < 0 ? IMS_ERR_IO : IMS_OK;
    return write(fd, data, size) == (ssize_t)size ? IMS_OK : IMS_ERR_IO;
}

static int write_holes(const char *path, uint64_t frames)
{
    const int fd = open_file(path, O_RDWR | O_CREAT | O_TRUNC);
    const struct ims_mcap_output output = {write_sparse, (void *)(intptr_t)fd};
    const struct ims_record_settings settings = {.no_zstd = true};
    struct ims_record_writer *w = NULL;
    uint8_t *pixels = calloc(1, FRAME_BYTES);

    must(pixels && ims_record_writer_create(&output, &settings, &w, NULL) == IMS_OK,
         "writing");
    (void)write_frames(w, pixels, FRAME_BYTES, frames, -1);
    must(ims_mcap_writer_finish(ims_record_writer_mcap(w), NULL) == IMS_OK, "writing");
    printf("{\"bytes\": %llu}\n",
           (unsigned long long)ims_mcap_writer_bytes(ims_record_writer_mcap(w)));
    ims_record_writer_destroy(w);
    free(pixels);
    close(fd);
    return 0;
}

static int seek(const char *path, uint64_t count)
{
    const int fd = open_file(path, O_RDONLY);
    struct ims_mcap_input input;
    struct ims_record_reader *r = NULL;
    uint64_t state = 1;

    const double start = now_s();
    must(ims_mcap_input_fd(fd, &input, NULL) == IMS_OK &&
             ims_record_reader_open(&input, NULL, &r, NULL) == IMS_OK,
         "reading");
    const double opened = now_s() - start;
    const struct ims_record_stream *s = ims_record_reader_stream(r, 0);
    printf("{\"open_ms\": %.3f, \"bytes\": %llu, \"frames\": %llu, \"seek_ms\": [",
           opened * 1e3, (unsigned long long)input.bytes, (unsigned long long)s->frames);
    for (uint64_t i = 0; i < count; i++) {
        struct ims_frame *f = NULL;
        uint64_t n;
        state = state * 6364136223846793005u + 1442695040888963407u;
        const int64_t span = s->last_us - s->first_us + 1;
        const int64_t at = s->first_us + (int64_t)((state >> 11) % (uint64_t)span);
        const double before = now_s(), cpu = bench_cpu_ms();
        must(ims_record_reader_find(r, 0, IMS_RECORD_FRAMES, at, &n, NULL) == IMS_OK &&
                 n > 0 && ims_record_reader_frame(r, 0, n - 1, &f, NULL) == IMS_OK,
             "reading");
        printf(i ? ", [%.4f, %.4f]" : "[%.4f, %.4f]", (now_s() - before) * 1e3,
               bench_cpu_ms() - cpu);
        must(f->time_us <= at && f->time_us > at - PERIOD_US, "the wrong frame");
        ims_frame_unref(&f);
    }
    printf("]}\n");
    ims_record_reader_close(r);
    close(fd);
    return 0;
}

static int recover(const char *path)
{
    const int fd = open_file(path, O_RDWR);
    struct ims_mcap_mended mended;
    struct stat st;

    must(fstat(fd, &st) == 0 && ftruncate(fd, st.st_size - 1000000) == 0, "cutting");
    const double start = now_s();
    must(ims_mcap_recover(fd, false, &mended, NULL) == IMS_OK, "recovering");
    printf("{\"bytes\": %llu, \"ms\": %.3f, \"messages\": %llu, \"cut\": %llu}\n",
           (unsigned long long)mended.bytes_before, (now_s() - start) * 1e3,
           (unsigned long long)mended.counts.messages,
           (unsigned long long)mended.bytes_cut);
    close(fd);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "write") == 0)
        return write_file(argv[2], argv[3], strtoull(argv[4], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "sparse") == 0)
        return write_holes(argv[2], strtoull(argv[3], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "seek") == 0)
        return seek(argv[2], strtoull(argv[3], NULL, 10));
    if (argc == 3 && strcmp(argv[1], "recover") == 0)
        return recover(argv[2]);
    fprintf(stderr, "usage: record write|sparse|seek|recover FILE …\n");
    return 2;
}
