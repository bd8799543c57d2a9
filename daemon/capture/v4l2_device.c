/* SPDX-License-Identifier: MIT */
#include "v4l2_device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int v4l2_ioctl(int fd, unsigned long request, void *arg)
{
    int r;
    do
        r = ioctl(fd, request, arg);
    while (r < 0 && errno == EINTR);
    return r < 0 ? errno : 0;
}

const char *v4l2_error_text(int error)
{
    switch (error) {
    case ENOENT:
    case ENXIO: return "no such device: plug the camera in, or name another";
    case ENODEV: return "the camera is gone: plug it in again";
    case EBUSY: return "in use by another program: end that one";
    case EACCES: return "no permission: put the daemon's user into the group video";
    case EPERM: /* of a control group or a filter, which rights of files have nothing to do with */
        return "not allowed to this service: its DeviceAllow= has to name the device";
    case EIO: return "the camera reports an I/O error: check cable and power";
    case ENOSPC:
        return "the USB bus has no room: lower resolution or rate, or use another port";
    case ENOMEM:
        return "out of memory for the driver's buffers: use fewer or smaller ones";
    case ENOLINK: return "no signal: check the cable and what sends";
    case ENOLCK: return "the signal is unstable: check the cable and what sends";
    default: return strerror(error);
    }
}

enum ims_result v4l2_fail(struct ims_error *err, const struct v4l2_device *device,
                          const char *what, int error)
{
    return ims_fail(err, IMS_ERR_IO, "%.160s: %s%s", device->path, what,
                    v4l2_error_text(error));
}

/* ---- opening ---- */

static bool is_multiplanar(const struct v4l2_device *device)
{
    return device->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
}

static void keep_names(struct v4l2_device *device, const struct v4l2_capability *cap)
{
    snprintf(device->card, sizeof device->card, "%.31s", (const char *)cap->card);
    snprintf(device->bus, sizeof device->bus, "%.31s", (const char *)cap->bus_info);
}

static enum ims_result query(struct v4l2_device *device, struct ims_error *err)
{
    struct v4l2_capability cap = {0};
    int error = v4l2_ioctl(device->fd, VIDIOC_QUERYCAP, &cap);
    if (error && error != ENOTTY && error != EINVAL)
        return v4l2_fail(err, device, "", error);
    uint32_t caps =
        cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
    uint32_t captures = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE;
    if (error || !(caps & captures) || !(caps & V4L2_CAP_STREAMING))
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "%.160s: captures no video: name a capture device, as listed by "
                        "v4l2-ctl --list-devices",
                        device->path);
    device->type = caps & V4L2_CAP_VIDEO_CAPTURE ? V4L2_BUF_TYPE_VIDEO_CAPTURE
                                                 : V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
    keep_names(device, &cap);
    return IMS_OK;
}

enum ims_result v4l2_device_open(struct v4l2_device *device, const char *path,
                                 struct ims_error *err)
{
    *device = (struct v4l2_device){.fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)};
    int error = errno;
    snprintf(device->path, sizeof device->path, "%s", path);
    if (device->fd < 0)
        return v4l2_fail(err, device, "", error);
    enum ims_result result = query(device, err);
    if (result)
        v4l2_device_close(device);
    return result;
}

/* ---- buffers ---- */

/* A buffer for an ioctl, with room for the planes of either API. */
struct request {
    struct v4l2_buffer buffer;
    struct v4l2_plane planes[V4L2_FORM_PLANES];
};

static struct v4l2_buffer *request_init(struct request *r,
                                        const struct v4l2_device *device, uint32_t index)
{
    *r = (struct request){
        .buffer = {.type = device->type, .memory = V4L2_MEMORY_MMAP, .index = index}};
    if (is_multiplanar(device)) {
        r->buffer.m.planes = r->planes;
        r->buffer.length = V4L2_FORM_PLANES;
    }
    return &r->buffer;
}

static int map_plane(struct v4l2_device *device, uint32_t index, uint32_t plane,
                     uint32_t size, uint32_t offset)
{
    void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, device->fd, (off_t)offset);
    if (p == MAP_FAILED)
        return errno;
    device->map[index].plane[plane].data = p;
    device->map[index].plane[plane].size = size;
    return 0;
}

static int map_one(struct v4l2_device *device, uint32_t index)
{
    struct request r;
    struct v4l2_buffer *b = request_init(&r, device, index);
    int error = v4l2_ioctl(device->fd, VIDIOC_QUERYBUF, b);
    if (error)
        return error;
    device->count = index + 1;
    if (!is_multiplanar(device))
        error = map_plane(device, index, 0, b->length, b->m.offset);
    else if (b->length > V4L2_FORM_PLANES || b->length < device->form.plane_count)
        error = EIO; /* not the planes that were negotiated */
    for (uint32_t i = 0; is_multiplanar(device) && !error && i < b->length; i++)
        error = map_plane(device, index, i, r.planes[i].length, r.planes[i].m.mem_offset);
    return error ? error
                 : v4l2_ioctl(device->fd, VIDIOC_QBUF, request_init(&r, device, index));
}

static int map_buffers(struct v4l2_device *device, uint32_t wanted)
{
    struct v4l2_requestbuffers r = {.type = device->type, .memory = V4L2_MEMORY_MMAP};
    r.count = wanted ? wanted : V4L2_BUFFERS_DEFAULT;
    if (r.count > V4L2_BUFFERS_MAX)
        r.count = V4L2_BUFFERS_MAX;
    int error = v4l2_ioctl(device->fd, VIDIOC_REQBUFS, &r);
    if (!error && !r.count)
        return ENOMEM;
    /* a driver may give more than was asked for; those beyond the bound are left alone */
    for (uint32_t i = 0; !error && i < r.count && i < V4L2_BUFFERS_MAX; i++)
        error = map_one(device, i);
    return error;
}

static void unmap(struct v4l2_mapping *map)
{
    for (int i = 0; i < V4L2_FORM_PLANES; i++)
        if (map->plane[i].data)
            munmap((void *)map->plane[i].data, map->plane[i].size);
    *map = (struct v4l2_mapping){0};
}

static void unmap_buffers(struct v4l2_device *device)
{
    for (uint32_t i = 0; i < device->count; i++)
        unmap(&device->map[i]);
    device->count = 0;
    struct v4l2_requestbuffers none = {.type = device->type, .memory = V4L2_MEMORY_MMAP};
    (void)v4l2_ioctl(device->fd, VIDIOC_REQBUFS, &none);
}

enum ims_result v4l2_device_begin(struct v4l2_device *device,
                                  const struct v4l2_address *address,
                                  struct ims_error *err)
{
    enum ims_result result = v4l2_negotiate(device, address, err);
    if (result)
        return result;
    int type = (int)device->type, error = map_buffers(device, address->settings.buffers);
    if (!error)
        error = v4l2_ioctl(device->fd, VIDIOC_STREAMON, &type);
    if (!error)
        return IMS_OK;
    unmap_buffers(device);
    return v4l2_fail(err, device, "", error);
}

void v4l2_device_end(struct v4l2_device *device)
{
    int type = (int)device->type;
    if (device->count == 0)
        return;
    (void)v4l2_ioctl(device->fd, VIDIOC_STREAMOFF, &type);
    unmap_buffers(device);
}

void v4l2_device_close(struct v4l2_device *device)
{
    if (device->fd < 0)
        return;
    v4l2_device_end(device);
    close(device->fd);
    device->fd = -1;
}

/* ---- filled ones ---- */

static void read_planes(const struct v4l2_device *device, const struct request *r,
                        struct v4l2_filled *out)
{
    if (!is_multiplanar(device)) {
        out->used[0] = r->buffer.bytesused;
        return;
    }
    for (uint32_t i = 0; i < device->form.plane_count; i++) {
        const struct v4l2_plane *p = &r->planes[i];
        out->from[i] = p->data_offset;
        out->used[i] = p->bytesused > p->data_offset ? p->bytesused - p->data_offset : 0;
    }
}

int v4l2_device_dequeue(const struct v4l2_device *device, struct v4l2_filled *out)
{
    struct request r;
    struct v4l2_buffer *b = request_init(&r, device, 0);
    int error = v4l2_ioctl(device->fd, VIDIOC_DQBUF, b);
    if (error)
        return error;
    if (b->index >= device->count)
        return EIO;
    *out = (struct v4l2_filled){
        .index = b->index,
        .flags = b->flags,
        .sequence = b->sequence,
        .stamp_ns =
            (int64_t)b->timestamp.tv_sec * 1000000000 + b->timestamp.tv_usec * 1000,
    };
    read_planes(device, &r, out);
    return 0;
}

void v4l2_device_queue(const struct v4l2_device *device, uint32_t index)
{
    struct request r;
    (void)v4l2_ioctl(device->fd, VIDIOC_QBUF, request_init(&r, device, index));
}
