/* SPDX-License-Identifier: MIT */
/*
 * A disk that fails or is slow, before a program: LD_PRELOAD. It stands before write, fdatasync and openat, of files
 * that end in ".mcap" alone. What it does stands in the file that DISKFAULT names, read again at every call, so that a
 * test breaks and mends the disk while the program runs; one fault a line, none while the file is empty or missing:
 *
 *     write 5              errno of every write from now on
 *     fdatasync 5          likewise
 *     openat 30            of files that are made
 *     slow 800             milliseconds that each fdatasync takes
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static void *next(const char *name, _Atomic(void *) *slot)
{
    void *f = atomic_load_explicit(slot, memory_order_relaxed);
    if (!f) {
        f = dlsym(RTLD_NEXT, name);
        if (!f)
            abort();
        atomic_store_explicit(slot, f, memory_order_relaxed);
    }
    return f;
}

static int real_openat(int dir, const char *path, int flags, mode_t mode)
{
    static _Atomic(void *) slot;
    int (*f)(int, const char *, int, ...) = next("openat", &slot);
    return f(dir, path, flags, mode);
}

static ssize_t real_write(int fd, const void *data, size_t size)
{
    static _Atomic(void *) slot;
    ssize_t (*f)(int, const void *, size_t) = next("write", &slot);
    return f(fd, data, size);
}

static int real_fdatasync(int fd)
{
    static _Atomic(void *) slot;
    int (*f)(int) = next("fdatasync", &slot);
    return f(fd);
}

static int is_recording(const char *path)
{
    size_t size = strlen(path);
    return size > 5 && strcmp(path + size - 5, ".mcap") == 0;
}

static int is_recording_fd(int fd)
{
    char link[40], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return 0;
    path[size] = 0;
    return is_recording(path);
}

/* The number behind `what` in the file of faults; 0: none. */
static int fault(const char *what)
{
    char text[256];
    const char *path = getenv("DISKFAULT");
    int fd = path ? real_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0) : -1;
    if (fd < 0)
        return 0;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    text[size > 0 ? size : 0] = 0;
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t length = strlen(what);
        if (strncmp(line, what, length) == 0 && line[length] == ' ')
            return atoi(line + length);
        if (!*line)
            break;
    }
    return 0;
}

static int fail(const char *what)
{
    int error = fault(what);
    if (error)
        errno = error;
    return error;
}

ssize_t write(int fd, const void *data, size_t size)
{
    return is_recording_fd(fd) && fail("write") ? -1 : real_write(fd, data, size);
}

int fdatasync(int fd)
{
    if (!is_recording_fd(fd))
        return real_fdatasync(fd);
    int ms = fault("slow");
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    if (ms)
        nanosleep(&pause, NULL);
    return fail("fdatasync") ? -1 : real_fdatasync(fd);
}

static int hooked_openat(int dir, const char *path, int flags, va_list args)
{
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
    if (flags & O_CREAT && is_recording(path) && fail("openat"))
        return -1;
    return real_openat(dir, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = hooked_openat(dir, path, flags, args);
    va_end(args);
    return fd;
}

int openat64(int dir, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = hooked_openat(dir, path, flags | O_LARGEFILE, args);
    va_end(args);
    return fd;
}
