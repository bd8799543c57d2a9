/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { CHROMA_U = 96, CHROMA_V = 160, PADDING = 0xa5, STAMP_BYTES = 64 };

uint8_t image_luma(const struct cam *cam, int x, int y)
{
    if (y < BAR_ROWS)
        return cam->seq >> (15 - x * 16 / cam->size.width) & 1 ? 235 : 16;
    return (uint8_t)((uint32_t)x + (uint32_t)y + 4 * cam->seq);
}

/* Where Y0, U and V lie in a group of four bytes; Y1 stands two behind Y0. Chroma is not neutral, so that a test
 * sees when U and V are exchanged. */
static void packed_row(const struct cam *cam, int y, const uint8_t at[3], uint8_t *out)
{
    uint8_t u = y < BAR_ROWS ? 128 : CHROMA_U, v = y < BAR_ROWS ? 128 : CHROMA_V;
    for (int x = 0; x < cam->size.width; x += 2, out += 4) {
        out[at[0]] = image_luma(cam, x, y);
        out[at[0] + 2] = image_luma(cam, x + 1 < cam->size.width ? x + 1 : x, y);
        out[at[1]] = u;
        out[at[2]] = v;
    }
}

static void grey_row(const struct cam *cam, int y, int channels, uint8_t *out)
{
    for (int x = 0; x < cam->size.width; x++)
        for (int c = 0; c < channels; c++)
            *out++ = image_luma(cam, x, y);
}

/* No bars here: every pixel follows the formula. */
static void deep_row(const struct cam *cam, int y, bool is_big, uint8_t *out)
{
    uint32_t start = (uint32_t)y * 131 + cam->seq * 1009;
    uint32_t mask = (1U << cam->format->bits) - 1;
    for (uint32_t x = 0; x < (uint32_t)cam->size.width; x++, out += 2) {
        uint32_t v = (start + x * 7) & mask;
        out[is_big] = (uint8_t)v; /* what is not called BE is little-endian everywhere */
        out[!is_big] = (uint8_t)(v >> 8);
    }
}

static void byte_row(const struct cam *cam, int y, uint8_t *out)
{
    uint32_t count = format_row(cam->format, (uint32_t)cam->size.width);
    for (uint32_t i = 0; i < count; i++)
        out[i] = (uint8_t)(7 * i + 131 * (uint32_t)y + 11 * cam->seq);
}

static void pattern_row(const struct cam *cam, int y, uint8_t *out)
{
    switch (cam->format->fill) {
    case FILL_YUYV: packed_row(cam, y, (uint8_t[]){0, 1, 3}, out); break;
    case FILL_YVYU: packed_row(cam, y, (uint8_t[]){0, 3, 1}, out); break;
    case FILL_UYVY: packed_row(cam, y, (uint8_t[]){1, 0, 2}, out); break;
    case FILL_VYUY: packed_row(cam, y, (uint8_t[]){1, 2, 0}, out); break;
    case FILL_DEEP: deep_row(cam, y, false, out); break;
    case FILL_DEEP_BE: deep_row(cam, y, true, out); break;
    case FILL_BYTES: byte_row(cam, y, out); break;
    default: grey_row(cam, y, cam->format->group_bytes, out); break;
    }
}

static size_t pattern(const struct cam *cam, uint8_t *out)
{
    if (!cam->format->group_pixels)
        return jpeg_pattern(cam, out, cam->image_bytes);
    size_t rows = (size_t)cam->size.height;
    memset(out, PADDING, rows * cam->stride);
    for (size_t y = 0; y < rows; y++)
        pattern_row(cam, (int)y, out + y * cam->stride);
    memset(out + rows * cam->stride, 128, cam->image_bytes - rows * cam->stride);
    return cam->image_bytes;
}

/* The next picture of the footage, which starts over at its end; 0: it holds none. */
static const uint8_t *next_picture(struct cam *cam, size_t *size)
{
    for (int round = 0; round < 2; round++) {
        const uint8_t *p = cam->footage + cam->footage_at;
        size_t left = cam->footage_bytes - cam->footage_at;
        size_t n = cam->image_bytes;
        if (!cam->format->group_pixels)
            n = jpeg_length(p, left);
        if (n && n <= left) {
            cam->footage_at += n;
            *size = n;
            return p;
        }
        cam->footage_at = 0;
    }
    return NULL;
}

/* A COM segment behind the start marker; returns the length of the whole picture. */
static size_t copy_stamped(struct cam *cam, const uint8_t *jpeg, size_t size,
                           int64_t now_ns, uint8_t *out)
{
    char text[STAMP_BYTES - 6];
    int n = snprintf(text, sizeof text, "seq=%u t=%lld", cam->seq, (long long)now_ns);
    size_t length = (size_t)n;
    memcpy(out, (uint8_t[]){0xff, 0xd8, 0xff, 0xfe, 0, (uint8_t)(length + 2)}, 6);
    memcpy(out + 6, text, length);
    memcpy(out + 6 + length, jpeg + 2, size - 2);
    return size + 4 + length;
}

/* The frame's number over raw footage. */
static void draw_bars(const struct cam *cam, uint8_t *out)
{
    if (!cam->stamped || !cam->format->group_pixels || cam->format->fill == FILL_DEEP ||
        cam->format->fill == FILL_DEEP_BE || cam->format->fill == FILL_BYTES)
        return;
    for (int y = 0; y < BAR_ROWS && y < cam->size.height; y++)
        pattern_row(cam, y, out + (size_t)y * cam->stride);
}

/* A buffer that holds its picture already gets its number alone: a camera that costs nothing. */
static bool is_rendered(struct cam *cam, uint32_t buffer)
{
    uint32_t bit = 1U << buffer;
    bool is = cam->prerendered && cam->format->group_pixels && cam->rendered & bit;
    cam->rendered |= bit;
    return is;
}

size_t image_fill(struct cam *cam, uint32_t buffer, uint8_t *out, int64_t now_ns)
{
    if (is_rendered(cam, buffer)) {
        draw_bars(cam, out);
        return cam->image_bytes;
    }
    if (!cam->footage)
        return pattern(cam, out);
    size_t size = 0;
    const uint8_t *picture = next_picture(cam, &size);
    if (!picture)
        return 0;
    bool stamp = !cam->format->group_pixels && cam->stamped;
    if (stamp && size >= 4 && size + STAMP_BYTES <= cam->image_bytes)
        return copy_stamped(cam, picture, size, now_ns, out);
    if (size > cam->image_bytes)
        size = cam->image_bytes;
    memcpy(out, picture, size);
    draw_bars(cam, out);
    return size;
}

/* "%s" in the file's name stands for WIDTHxHEIGHT. */
static bool footage_path(const struct cam *cam, char *out, size_t room)
{
    const char *name = setting(cam, cam->format->name);
    if (!name)
        return false;
    const char *mark = strstr(name, "%s");
    if (mark)
        snprintf(out, room, "%.*s%dx%d%s", (int)(mark - name), name, cam->size.width,
                 cam->size.height, mark + 2);
    else
        snprintf(out, room, "%s", name);
    return true;
}

void image_open(struct cam *cam)
{
    char path[512];
    image_close(cam);
    cam->stamped = setting(cam, "STAMP") != NULL;
    cam->prerendered = setting(cam, "PRERENDERED") != NULL;
    cam->rendered = 0;
    int fd = -1;
    if (footage_path(cam, path, sizeof path))
        fd = real_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    struct stat st;
    if (!real_fstat(fd, &st) && st.st_size > 0) {
        void *p = real_mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        cam->footage = p == MAP_FAILED ? NULL : p;
        cam->footage_bytes = (size_t)st.st_size;
    }
    real_close(fd);
}

void image_close(struct cam *cam)
{
    if (cam->footage)
        munmap(cam->footage, cam->footage_bytes);
    cam->footage = NULL;
    cam->footage_at = 0;
}
