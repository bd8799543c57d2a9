/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { NS = 1000000000 };

int64_t mono_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

bool camera_is_present(struct cam *cam)
{
    struct stat st;
    if (!cam->gone && (real_stat(cam->path, &st) || st.st_ino != cam->inode)) {
        cam->gone = true;
        real_close(cam->wake_fd); /* POLLHUP on the program's end */
        pthread_cond_broadcast(&cam->changed);
    }
    return !cam->gone;
}

static void wake(struct cam *cam)
{
    /* The pipe holds more bytes than there are buffers; when it is broken, the program is leaving. */
    ssize_t n = write(cam->wake_fd, "", 1);
    (void)n;
    pthread_cond_broadcast(&cam->changed);
}

static uint32_t pop(uint32_t *list, uint32_t *count)
{
    uint32_t first = list[0];
    memmove(list, list + 1, --*count * sizeof *list);
    return first;
}

static size_t shoot(struct cam *cam, uint32_t buffer, int64_t now)
{
    uint8_t *out = cam->memory + buffer * cam->span;
    size_t size = image_fill(cam, buffer, out, now);
    if (fault_is_due(cam, FAULT_CORRUPT))
        for (size_t k = size / 2; k < size / 2 + 200 && k < size; k++)
            out[k] = (uint8_t)(k * 151);
    if (fault_is_due(cam, FAULT_GARBAGE))
        memset(out, 0x55, size);
    if (fault_is_due(cam, FAULT_EMPTY))
        return 0;
    return fault_is_due(cam, FAULT_SHORT) ? size / 2 : size;
}

/* One frame into the oldest queued buffer. The mutex is let go while pixels are written, so that the
 * program's calls do not wait for them; the buffer belongs to this thread meanwhile. */
static void expose(struct cam *cam)
{
    uint32_t i = pop(cam->queued, &cam->queued_count);
    int64_t now = mono_ns();
    pthread_mutex_unlock(&cam->mutex);
    size_t size = shoot(cam, i, now);
    pthread_mutex_lock(&cam->mutex);

    struct v4l2_buffer *b = &cam->buffers[i];
    b->bytesused = (uint32_t)size;
    b->sequence = cam->seq;
    b->timestamp = (struct timeval){now / NS, now % NS / 1000};
    b->flags =
        V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_DONE;
    if (fault_is_due(cam, FAULT_ERROR))
        b->flags |= V4L2_BUF_FLAG_ERROR;
    cam->done[cam->done_count++] = i;
    log_frame(cam, cam->seq, mono_ns());
    cam->seq++;
    wake(cam);
}

static void tick(struct cam *cam)
{
    faults_read(cam);
    if (fault_is_due(cam, FAULT_UNPLUG))
        unlink(cam->path);
    cam->stalled |= fault_is_due(cam, FAULT_STALL);
    cam->io_error |= fault_is_due(cam, FAULT_EIO);
    if (!camera_is_present(cam) || cam->stalled)
        return;
    if (cam->io_error)
        wake(cam);
    else if (fault_is_due(cam, FAULT_DROP) || !cam->queued_count)
        cam->seq++; /* no buffer to fill: the frame is lost, as in a real driver */
    else
        expose(cam);
}

static void *play(void *user)
{
    struct cam *cam = user;
    pthread_setname_np(pthread_self(),
                       "fakecam"); /* what it costs is not the program's */
    pthread_mutex_lock(&cam->mutex);
    int64_t due = mono_ns();
    while (cam->streaming && !cam->gone) {
        due += NS / cam->fps;
        const struct timespec at = {due / NS, due % NS};
        int waited = 0;
        while (cam->streaming && waited != ETIMEDOUT)
            waited = pthread_cond_timedwait(&cam->changed, &cam->mutex, &at);
        if (cam->streaming)
            tick(cam);
    }
    pthread_mutex_unlock(&cam->mutex);
    return NULL;
}

int camera_stream_on(struct cam *cam)
{
    if (cam->streaming)
        return 0;
    if (!cam->buffer_count)
        return EINVAL;
    image_open(cam);
    log_open(cam);
    cam->seq = 0;
    cam->streaming = true;
    if (pthread_create(&cam->thread, NULL, play, cam)) {
        cam->streaming = false;
        return EINVAL;
    }
    return 0;
}

static void drain_pipe(int fd)
{
    int pending = 0;
    char bytes[64];
    while (!real_ioctl(fd, FIONREAD, &pending) && pending > 0)
        if (real_read(fd, bytes, sizeof bytes) <= 0)
            break;
}

int camera_stream_off(struct cam *cam)
{
    if (cam->streaming) {
        cam->streaming = false;
        pthread_cond_broadcast(&cam->changed);
        pthread_mutex_unlock(&cam->mutex);
        pthread_join(cam->thread, NULL);
        pthread_mutex_lock(&cam->mutex);
        image_close(cam);
        log_close(cam);
    }
    cam->stalled = cam->io_error = false;
    drain_pipe(cam->fd);
    buffers_reset(cam);
    return 0;
}

int camera_dequeue(struct cam *cam, struct v4l2_buffer *buffer)
{
    char byte;
    bool wait = !(fcntl(cam->fd, F_GETFL) & O_NONBLOCK);
    while (cam->streaming && !cam->done_count && !cam->gone && !cam->io_error) {
        if (!wait)
            return EAGAIN;
        pthread_cond_wait(&cam->changed, &cam->mutex);
    }
    if (cam->gone)
        return ENODEV;
    if (cam->io_error)
        return EIO;
    if (!cam->streaming)
        return EINVAL;
    ssize_t n = real_read(cam->fd, &byte, 1);
    (void)n; /* its byte is there: written before the buffer was counted as done */
    struct v4l2_buffer *own = &cam->buffers[pop(cam->done, &cam->done_count)];
    own->flags &= ~(uint32_t)V4L2_BUF_FLAG_DONE;
    *buffer = *own;
    return 0;
}
