/* SPDX-License-Identifier: MIT */
/* The functions of the C library that a V4L2 program calls, put in their place by LD_PRELOAD. */
#include "fakecam.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int hook_openat(int dir, const char *path, int flags, mode_t mode)
{
    if (!(flags & O_CREAT) && device_index(path) >= 0)
        return cam_open(path, flags);
    return real_openat(dir, path, flags, mode);
}

/* The mode is there only with these flags; reading it otherwise would read what nobody passed. */
static bool takes_mode(int flags)
{
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

int open(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = takes_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return hook_openat(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = takes_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return hook_openat(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = takes_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return hook_openat(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = takes_mode(flags) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return hook_openat(dir, path, flags | O_LARGEFILE, mode);
}

/* What programs built with _FORTIFY_SOURCE call. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dir, const char *path, int flags);
int __openat64_2(int dir, const char *path, int flags);

int __open_2(const char *path, int flags)
{
    return hook_openat(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return hook_openat(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

int __openat_2(int dir, const char *path, int flags)
{
    return hook_openat(dir, path, flags, 0);
}

int __openat64_2(int dir, const char *path, int flags)
{
    return hook_openat(dir, path, flags | O_LARGEFILE, 0);
}

int close(int fd)
{
    struct cam *cam = cam_of(fd);
    if (cam)
        cam_close(cam);
    return real_close(fd);
}

ssize_t read(int fd, void *buf, size_t size)
{
    if (!cam_of(fd))
        return real_read(fd, buf, size);
    errno = EINVAL; /* no read() I/O, as a device without V4L2_CAP_READWRITE */
    return -1;
}

/* The kernel answers a bad pointer with EFAULT, and v4l2-compliance tries; a page that is not mapped
 * is found without touching it. */
static bool is_mapped(void *arg, size_t size)
{
    unsigned char pages[8];
    size_t off = (uintptr_t)arg & 4095;
    /* a sandbox may refuse the question itself */
    return !mincore((char *)arg - off, off + size, pages) || errno != ENOMEM;
}

static int cam_ioctl(struct cam *cam, unsigned long request, void *arg)
{
    long long nowhere[64] = {
        0}; /* stands in for a bad pointer: ENOTTY goes before EFAULT */
    bool good = is_mapped(arg, _IOC_SIZE(request));
    ioctl_hang(cam, request);
    pthread_mutex_lock(&cam->mutex);
    int error = camera_is_present(cam) ? ioctl_forced_error(cam, request) : ENODEV;
    if (!error)
        error = camera_ioctl(cam, request, good ? arg : nowhere);
    pthread_mutex_unlock(&cam->mutex);
    if (!good && error != ENODEV && error != ENOTTY)
        error = EFAULT;
    return error;
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    va_start(list, request);
    void *arg = va_arg(list, void *);
    va_end(list);
    struct cam *cam = cam_of(fd);
    request &= 0xffffffffUL; /* some programs pass an int, whose sign was extended */
    if (!cam || _IOC_TYPE(request) != 'V')
        return real_ioctl(fd, request, arg);
    int error = cam_ioctl(cam, request, arg);
    if (!error)
        return 0;
    errno = error;
    return -1;
}

static int memory_of(int fd, int flags)
{
    struct cam *cam = flags & MAP_ANONYMOUS ? NULL : cam_of(fd);
    return cam ? cam->memory_fd : fd;
}

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
    return real_mmap(at, size, prot, flags, memory_of(fd, flags), offset);
}

void *mmap64(void *at, size_t size, int prot, int flags, int fd, off64_t offset)
{
    return real_mmap(at, size, prot, flags, memory_of(fd, flags), offset);
}
