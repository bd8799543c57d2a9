/* SPDX-License-Identifier: MIT */
#include "real.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A library without the function that we stand before cannot be played in: there is nobody to tell. */
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

int real_openat(int dir, const char *path, int flags, mode_t mode)
{
    static _Atomic(void *) slot;
    int (*f)(int, const char *, int, ...) = next("openat", &slot);
    return f(dir, path, flags, mode);
}

int real_close(int fd)
{
    static _Atomic(void *) slot;
    int (*f)(int) = next("close", &slot);
    return f(fd);
}

ssize_t real_read(int fd, void *buf, size_t size)
{
    static _Atomic(void *) slot;
    ssize_t (*f)(int, void *, size_t) = next("read", &slot);
    return f(fd, buf, size);
}

int real_ioctl(int fd, unsigned long request, void *arg)
{
    static _Atomic(void *) slot;
    int (*f)(int, unsigned long, ...) = next("ioctl", &slot);
    return f(fd, request, arg);
}

void *real_mmap(void *at, size_t size, int prot, int flags, int fd, off64_t offset)
{
    static _Atomic(void *) slot;
    void *(*f)(void *, size_t, int, int, int, off64_t) = next("mmap64", &slot);
    return f(at, size, prot, flags, fd, offset);
}

FILE *real_fopen(const char *path, const char *mode)
{
    static _Atomic(void *) slot;
    FILE *(*f)(const char *, const char *) = next("fopen64", &slot);
    return f(path, mode);
}

int real_stat(const char *path, struct stat *st)
{
    static _Atomic(void *) slot;
    int (*f)(const char *, struct stat *) = next("stat", &slot);
    return f(path, st);
}

int real_stat64(const char *path, struct stat64 *st)
{
    static _Atomic(void *) slot;
    int (*f)(const char *, struct stat64 *) = next("stat64", &slot);
    return f(path, st);
}

int real_lstat(const char *path, struct stat *st)
{
    static _Atomic(void *) slot;
    int (*f)(const char *, struct stat *) = next("lstat", &slot);
    return f(path, st);
}

int real_lstat64(const char *path, struct stat64 *st)
{
    static _Atomic(void *) slot;
    int (*f)(const char *, struct stat64 *) = next("lstat64", &slot);
    return f(path, st);
}

int real_fstat(int fd, struct stat *st)
{
    static _Atomic(void *) slot;
    int (*f)(int, struct stat *) = next("fstat", &slot);
    return f(fd, st);
}

int real_fstat64(int fd, struct stat64 *st)
{
    static _Atomic(void *) slot;
    int (*f)(int, struct stat64 *) = next("fstat64", &slot);
    return f(fd, st);
}
