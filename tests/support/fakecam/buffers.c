/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { IDLE_FLAGS = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_MAPPED };

static void release(struct cam *cam)
{
    if (cam->memory)
        munmap(cam->memory, cam->buffer_count * cam->span);
    cam->memory = NULL;
    cam->buffer_count = 0;
}

static int allocate(struct cam *cam, uint32_t count)
{
    size_t bytes = count * cam->span;
    if (ftruncate(cam->memory_fd, (off_t)bytes))
        return ENOMEM;
    void *p =
        real_mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, cam->memory_fd, 0);
    if (p == MAP_FAILED)
        return ENOMEM;
    cam->memory = p;
    cam->buffer_count = count;
    for (uint32_t i = 0; i < count; i++)
        cam->buffers[i] = (struct v4l2_buffer){
            .index = i,
            .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
            .memory = V4L2_MEMORY_MMAP,
            .field = V4L2_FIELD_NONE,
            .length = (uint32_t)cam->image_bytes,
            .m.offset = (uint32_t)(i * cam->span),
            .flags = IDLE_FLAGS,
        };
    return 0;
}

/* The lock on the placeholder makes the device busy for a second program. */
int buffers_request(struct cam *cam, uint32_t count)
{
    if (cam->streaming || flock(cam->lock_fd, LOCK_EX | LOCK_NB))
        return EBUSY;
    release(cam);
    if (count)
        return allocate(cam, count);
    flock(cam->lock_fd, LOCK_UN);
    return 0;
}

int buffers_queue(struct cam *cam, struct v4l2_buffer *buffer)
{
    struct v4l2_buffer *own = &cam->buffers[buffer->index];
    if (buffer->memory != V4L2_MEMORY_MMAP ||
        own->flags & (V4L2_BUF_FLAG_QUEUED | V4L2_BUF_FLAG_DONE))
        return EINVAL;
    own->flags |= V4L2_BUF_FLAG_QUEUED;
    buffer->flags = own->flags;
    cam->queued[cam->queued_count++] = buffer->index;
    return 0;
}

void buffers_reset(struct cam *cam)
{
    cam->queued_count = cam->done_count = 0;
    for (uint32_t i = 0; i < cam->buffer_count; i++)
        cam->buffers[i].flags = IDLE_FLAGS;
}
