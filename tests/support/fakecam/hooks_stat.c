/* SPDX-License-Identifier: MIT */
/* A character device to those who ask: v4l2-ctl does, then looks its number up in /sys. */
#include "fakecam.h"
#include "real.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { VIDEO_MAJOR = 81 };

static void disguise(struct stat *st, int index)
{
    if (index < 0)
        return;
    st->st_mode = S_IFCHR | 0660;
    st->st_rdev = makedev(VIDEO_MAJOR, (unsigned)(MINOR_FIRST + index));
}

static void disguise64(struct stat64 *st, int index)
{
    if (index < 0)
        return;
    st->st_mode = S_IFCHR | 0660;
    st->st_rdev = makedev(VIDEO_MAJOR, (unsigned)(MINOR_FIRST + index));
}

static int index_of(int fd)
{
    const struct cam *cam = cam_of(fd);
    return cam ? cam->index : -1;
}

int stat(const char *path, struct stat *st)
{
    int r = real_stat(path, st);
    if (!r)
        disguise(st, device_index(path));
    return r;
}

int stat64(const char *path, struct stat64 *st)
{
    int r = real_stat64(path, st);
    if (!r)
        disguise64(st, device_index(path));
    return r;
}

int lstat(const char *path, struct stat *st)
{
    int r = real_lstat(path, st);
    if (!r)
        disguise(st, device_index(path));
    return r;
}

int lstat64(const char *path, struct stat64 *st)
{
    int r = real_lstat64(path, st);
    if (!r)
        disguise64(st, device_index(path));
    return r;
}

int fstat(int fd, struct stat *st)
{
    int r = real_fstat(fd, st);
    if (!r)
        disguise(st, index_of(fd));
    return r;
}

int fstat64(int fd, struct stat64 *st)
{
    int r = real_fstat64(fd, st);
    if (!r)
        disguise64(st, index_of(fd));
    return r;
}

/* What ThreadSanitizer makes of a program's fstat. */
int __fxstat(int version, int fd, struct stat *st);

int __fxstat(int version, int fd, struct stat *st)
{
    (void)version;
    int r = real_fstat(fd, st);
    if (!r)
        disguise(st, index_of(fd));
    return r;
}

/* The files in /sys that programs look a camera up in. */
static FILE *sys_file(const char *path)
{
    static const char head[] = "/sys/dev/char/81:";
    char *end = NULL;
    if (strncmp(path, head, sizeof head - 1) != 0)
        return NULL;
    unsigned long minor = strtoul(path + sizeof head - 1, &end, 10);
    if (minor < MINOR_FIRST || minor >= MINOR_FIRST + LIST_MAX)
        return NULL;
    const struct cam cam = {.index = (int)(minor - MINOR_FIRST)};
    const char *serial = setting(&cam, "SERIAL");
    bool is_serial = serial && strcmp(end, "/device/../serial") == 0;
    FILE *f = is_serial || strcmp(end, "/uevent") == 0 ? tmpfile() : NULL;
    if (f && is_serial)
        fprintf(f, "%s\n", serial);
    else if (f)
        fprintf(f, "MAJOR=81\nMINOR=%lu\nDEVNAME=video%lu\n", minor, minor);
    if (f)
        rewind(f);
    return f;
}

FILE *fopen(const char *path, const char *mode)
{
    FILE *f = sys_file(path);
    return f ? f : real_fopen(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    FILE *f = sys_file(path);
    return f ? f : real_fopen(path, mode);
}
