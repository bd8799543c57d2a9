/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LOG_BYTES = LOG_RECORDS * sizeof(struct log_record) };

void log_open(struct cam *cam)
{
    const char *path = setting(cam, "LOG");
    int fd = path ? real_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0644) : -1;
    if (fd < 0)
        return;
    void *p = MAP_FAILED;
    if (!ftruncate(fd, LOG_BYTES))
        p = real_mmap(NULL, LOG_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    cam->log = p == MAP_FAILED ? NULL : p;
    real_close(fd);
}

void log_close(struct cam *cam)
{
    if (cam->log)
        munmap(cam->log, LOG_BYTES);
    cam->log = NULL;
}

void log_frame(struct cam *cam, uint32_t seq, int64_t ns)
{
    if (!cam->log)
        return;
    struct log_record *r = &cam->log[seq % LOG_RECORDS];
    r->ns = ns;
    atomic_thread_fence(
        memory_order_release); /* a reader that sees the number sees the time */
    r->number = (uint64_t)seq + 1;
}
