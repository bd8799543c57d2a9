/* SPDX-License-Identifier: MIT */
#include "usbcam.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The size of the JPEG at `at`, told by its end marker: files of the test hold none inside of a picture. 0: none. */
static size_t picture_size(const struct footage *f, size_t at)
{
    for (size_t i = at; i + 1 < f->size; i++)
        if (f->bytes[i] == 0xff && f->bytes[i + 1] == 0xd9)
            return i + 2 - at;
    return 0;
}

static void check(const struct footage *f, const char *path)
{
    size_t count = 0;
    for (size_t at = 0, size; (size = picture_size(f, at)); at += size, count++)
        if (size > JPEG_BYTES_MAX) {
            fprintf(stderr, "usbcam: %s: a JPEG of %zu bytes, at most %d\n", path, size,
                    JPEG_BYTES_MAX);
            exit(1);
        }
    if (!count) {
        fprintf(stderr, "usbcam: %s: no whole JPEG in it\n", path);
        exit(1);
    }
}

void footage_open(struct footage *f, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) || !st.st_size) {
        fprintf(stderr, "usbcam: %s: cannot be read, or is empty\n", path);
        exit(1);
    }
    f->size = (size_t)st.st_size;
    f->bytes = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (f->bytes == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    check(f, path);
}

size_t footage_next(struct footage *f, uint8_t *out)
{
    size_t size = picture_size(f, f->at);
    if (!size) {
        f->at = 0;
        size = picture_size(f, 0);
    }
    memcpy(out, f->bytes + f->at, size);
    f->at += size;
    return size;
}

size_t footage_draw_yuyv(unsigned number, uint8_t *out)
{
    memset(out, 128, YUYV_BYTES);
    for (size_t i = 0; i < YUYV_BYTES; i += 2)
        out[i] = (uint8_t)(i / 2 + number * 4);
    return YUYV_BYTES;
}
