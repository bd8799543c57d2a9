/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic(struct cam *) cams[FD_MAX]; /* by descriptor */

struct cam *cam_of(int fd)
{
    return fd >= 0 && fd < FD_MAX ? cams[fd] : NULL;
}

static bool open_descriptors(struct cam *cam, const char *path, int flags)
{
    struct stat st;
    int ends[2];
    cam->lock_fd = real_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (cam->lock_fd < 0 || real_fstat(cam->lock_fd, &st))
        return false;
    cam->inode = st.st_ino;
    cam->memory_fd = memfd_create("fakecam", MFD_CLOEXEC);
    if (cam->memory_fd < 0 || pipe2(ends, O_CLOEXEC | (flags & O_NONBLOCK)))
        return false;
    cam->fd = ends[0];
    cam->wake_fd = ends[1];
    errno = EMFILE;
    return cam->fd < FD_MAX && !fcntl(cam->wake_fd, F_SETFL, O_NONBLOCK);
}

static void close_descriptors(struct cam *cam)
{
    const int fds[] = {cam->gone ? -1 : cam->wake_fd, cam->memory_fd, cam->lock_fd};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            real_close(fds[i]);
}

static void init_lock(struct cam *cam)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&cam->mutex, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&cam->changed, &attr);
    pthread_condattr_destroy(&attr);
}

int cam_open(const char *path, int flags)
{
    struct cam *cam = calloc(1, sizeof *cam);
    if (!cam)
        return -1;
    cam->fd = cam->wake_fd = cam->memory_fd = cam->lock_fd = -1;
    cam->index = device_index(path);
    snprintf(cam->path, sizeof cam->path, "%s", path);
    errno = forced_error(cam, "open");
    if (errno || !open_descriptors(cam, path, flags))
        goto fail;
    errno = EINVAL;
    if (!offer_read(cam)) {
        fprintf(stderr, "fakecam: FAKECAM_FORMATS, _SIZES or _FPS says nothing usable\n");
        goto fail;
    }
    cam->fps = cam->rates[0];
    offer_settle(cam,
                 &(struct v4l2_pix_format){.width = (uint32_t)cam->sizes[0].width,
                                           .height = (uint32_t)cam->sizes[0].height},
                 true);
    init_lock(cam);
    cams[cam->fd] = cam;
    return cam->fd;

fail:;
    int error = errno;
    if (cam->fd >= 0)
        real_close(cam->fd);
    close_descriptors(cam);
    free(cam);
    errno = error;
    return -1;
}

void cam_close(struct cam *cam)
{
    cams[cam->fd] = NULL;
    pthread_mutex_lock(&cam->mutex);
    camera_stream_off(cam);
    buffers_request(cam, 0);
    pthread_mutex_unlock(&cam->mutex);
    close_descriptors(cam);
    pthread_cond_destroy(&cam->changed);
    pthread_mutex_destroy(&cam->mutex);
    free(cam);
}
