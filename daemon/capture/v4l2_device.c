/* SPDX-License-Identifier: MIT */
#include "v4l2_device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CAPTURE = V4L2_BUF_TYPE_VIDEO_CAPTURE };

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
    case EACCES:
    case EPERM: return "no permission: put the daemon's user into the group video";
    case EIO: return "the camera reports an I/O error: check cable and power";
    case ENOSPC:
        return "the USB bus has no room: lower resolution or rate, or use another port";
    case ENOMEM:
        return "out of memory for the driver's buffers: use fewer or smaller ones";
    default: return strerror(error);
    }
}

static enum ims_result fail_errno(struct ims_error *err, const char *path,
                                  const char *what, int error)
{
    return ims_fail(err, IMS_ERR_IO, "%.160s: %s%s", path, what, v4l2_error_text(error));
}

/* ---- opening and format ---- */

int v4l2_open_capture(const char *path, struct ims_error *err)
{
    struct v4l2_capability cap = {0};
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        (void)fail_errno(err, path, "", errno);
        return -1;
    }
    int error = v4l2_ioctl(fd, VIDIOC_QUERYCAP, &cap);
    uint32_t caps =
        cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
    bool captures = caps & V4L2_CAP_VIDEO_CAPTURE && caps & V4L2_CAP_STREAMING;
    if (!error && captures)
        return fd;
    if (error && error != ENOTTY && error != EINVAL)
        (void)fail_errno(err, path, "", error);
    else
        (void)ims_fail(err, IMS_ERR_UNSUPPORTED,
                       "%.160s: captures no video: name a capture device, as listed by "
                       "v4l2-ctl --list-devices",
                       path);
    close(fd);
    return -1;
}

static size_t list_formats(int fd, uint32_t *out, size_t room)
{
    size_t count = 0;
    struct v4l2_fmtdesc d = {.type = CAPTURE};
    while (count < room && !v4l2_ioctl(fd, VIDIOC_ENUM_FMT, &d)) {
        out[count] = d.pixelformat;
        d = (struct v4l2_fmtdesc){.type = CAPTURE, .index = (uint32_t)++count};
    }
    return count;
}

static enum ims_result fail_format(const char *path, uint32_t wanted,
                                   const uint32_t *offered, size_t count,
                                   struct ims_error *err)
{
    char names[100] = "";
    for (size_t i = 0, used = 0; i < count && used + 7 < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 v4l2_fourcc_name(offered[i]).text);
    return ims_fail(
        err, IMS_ERR_UNSUPPORTED,
        "%.120s: no format %s: the camera offers %s, of which YUYV, GREY, Y16 and "
        "MJPG can be shown",
        path, wanted ? v4l2_fourcc_name(wanted).text : "to show", count ? names : "none");
}

static enum ims_result settle_format(struct v4l2_device *device, const char *path,
                                     const struct source_settings *settings,
                                     struct ims_error *err)
{
    uint32_t offered[V4L2_FORMATS_MAX];
    size_t count = list_formats(device->fd, offered, V4L2_FORMATS_MAX);
    uint32_t fourcc = v4l2_format_choose(settings->pixel_format, offered, count);
    if (!fourcc)
        return fail_format(path, settings->pixel_format, offered, count, err);

    struct v4l2_format f = {.type = CAPTURE};
    int error = v4l2_ioctl(device->fd, VIDIOC_G_FMT, &f);
    if (!error) {
        f.fmt.pix = (struct v4l2_pix_format){
            .width = settings->width ? settings->width : f.fmt.pix.width,
            .height = settings->height ? settings->height : f.fmt.pix.height,
            .pixelformat = fourcc,
            .field = V4L2_FIELD_NONE,
        };
        error = v4l2_ioctl(device->fd, VIDIOC_S_FMT, &f);
    }
    if (error)
        return fail_errno(err, path, "set format: ", error);
    struct ims_error why = {0};
    enum ims_result result = v4l2_form_check(&f.fmt.pix, &device->form, &why);
    return result ? ims_fail(err, result, "%.120s: %s", path, why.text) : IMS_OK;
}

/* Not every driver can be asked for a rate; then it keeps its own. */
static void settle_rate(struct v4l2_device *device, uint32_t fps)
{
    struct v4l2_streamparm p = {.type = CAPTURE};
    p.parm.capture.timeperframe = (struct v4l2_fract){1, fps};
    if (fps)
        (void)v4l2_ioctl(device->fd, VIDIOC_S_PARM, &p);
    p = (struct v4l2_streamparm){.type = CAPTURE};
    device->interval_ms = 0;
    if (v4l2_ioctl(device->fd, VIDIOC_G_PARM, &p))
        return;
    struct v4l2_fract t = p.parm.capture.timeperframe;
    uint64_t ms = t.denominator ? (uint64_t)t.numerator * 1000 / t.denominator : 0;
    device->interval_ms = ms < 3600000 ? (uint32_t)ms : 0;
}

/* ---- buffers ---- */

static int map_one(struct v4l2_device *device, uint32_t index)
{
    struct v4l2_buffer b = {.type = CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = index};
    int error = v4l2_ioctl(device->fd, VIDIOC_QUERYBUF, &b);
    if (error)
        return error;
    void *p = mmap(NULL, b.length, PROT_READ, MAP_SHARED, device->fd, (off_t)b.m.offset);
    if (p == MAP_FAILED)
        return errno;
    device->map[index].data = p;
    device->map[index].size = b.length;
    device->count = index + 1;
    return v4l2_ioctl(device->fd, VIDIOC_QBUF, &b);
}

static int map_buffers(struct v4l2_device *device, uint32_t wanted)
{
    struct v4l2_requestbuffers r = {.type = CAPTURE, .memory = V4L2_MEMORY_MMAP};
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

enum ims_result v4l2_device_open(struct v4l2_device *device, const char *path,
                                 const struct source_settings *settings,
                                 struct ims_error *err)
{
    *device = (struct v4l2_device){.fd = v4l2_open_capture(path, err)};
    if (device->fd < 0)
        return IMS_ERR_IO;
    enum ims_result result = settle_format(device, path, settings, err);
    if (result)
        goto fail;
    settle_rate(device, settings->fps);
    int type = CAPTURE, error = map_buffers(device, settings->buffers);
    if (!error)
        error = v4l2_ioctl(device->fd, VIDIOC_STREAMON, &type);
    if (!error)
        return IMS_OK;
    result = fail_errno(err, path, "", error);
fail:
    v4l2_device_close(device);
    return result;
}

int v4l2_device_dequeue(const struct v4l2_device *device, struct v4l2_buffer *out)
{
    *out = (struct v4l2_buffer){.type = CAPTURE, .memory = V4L2_MEMORY_MMAP};
    int error = v4l2_ioctl(device->fd, VIDIOC_DQBUF, out);
    return !error && out->index >= device->count ? EIO : error;
}

void v4l2_device_queue(const struct v4l2_device *device, uint32_t index)
{
    struct v4l2_buffer b = {.type = CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = index};
    (void)v4l2_ioctl(device->fd, VIDIOC_QBUF, &b);
}

void v4l2_device_stop(const struct v4l2_device *device)
{
    int type = CAPTURE;
    (void)v4l2_ioctl(device->fd, VIDIOC_STREAMOFF, &type);
}

void v4l2_device_close(struct v4l2_device *device)
{
    if (device->fd < 0)
        return;
    for (uint32_t i = 0; i < device->count; i++)
        munmap((void *)device->map[i].data, device->map[i].size);
    struct v4l2_requestbuffers none = {.type = CAPTURE, .memory = V4L2_MEMORY_MMAP};
    (void)v4l2_ioctl(device->fd, VIDIOC_REQBUFS, &none);
    close(device->fd);
    *device = (struct v4l2_device){.fd = -1};
}
