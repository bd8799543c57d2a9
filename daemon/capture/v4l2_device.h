/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_DEVICE_H
#define CAPTURE_V4L2_DEVICE_H

/*
 * One capture device with its mapped buffers: the kernel's side of the camera, without loop or stream.
 *
 *     struct v4l2_device d;
 *     if (v4l2_device_open(&d, "/dev/video0", &err)) ...
 *     if (v4l2_device_begin(&d, &address, &err)) ...                  // streams from here on
 *     struct v4l2_filled b;
 *     if (v4l2_device_dequeue(&d, &b) == 0)
 *         ... d.map[b.index].plane[0].data ..., v4l2_device_queue(&d, b.index);
 *     v4l2_device_end(&d), v4l2_device_close(&d);
 *
 * open, begin, end and close may hang in a driver: they belong into an errand. Buffers go in and out on the
 * loop thread; mapped memory may be read by a job as long as its buffer is not queued again.
 */

#include "v4l2_address.h"
#include "v4l2_format.h"

enum { V4L2_BUFFERS_MAX = 32, V4L2_BUFFERS_DEFAULT = 4 };

struct v4l2_device {
    int fd;        /* -1: none */
    uint32_t type; /* of its buffers: single- or multi-planar capture */
    char path[V4L2_ADDRESS_MAX];
    char card[32], bus[32]; /* what the driver calls the camera, and where it is */
    struct v4l2_form form;
    double fps;            /* 0: the driver does not say */
    uint32_t interval_ms;  /* between frames; 0: the driver does not say */
    struct v4l2_part crop; /* what the driver took of the sensor; no width: not asked */
    bool has_timings;      /* follows a signal (HDMI, SDI), which may change */
    uint32_t count;        /* mapped buffers */
    struct v4l2_mapping {
        struct {
            const uint8_t *data;
            size_t size;
        } plane[V4L2_FORM_PLANES];
    } map[V4L2_BUFFERS_MAX];
};

/* A filled buffer. */
struct v4l2_filled {
    uint32_t index, flags, sequence;
    int64_t stamp_ns; /* the driver's time of capture */
    size_t from[V4L2_FORM_PLANES],
        used[V4L2_FORM_PLANES]; /* where the bytes lie, how many */
};

/* Opens a device that can capture by mapped buffers. Fails: IO, UNSUPPORTED, with the remedy. */
IMS_NODISCARD enum ims_result v4l2_device_open(struct v4l2_device *device,
                                               const char *path, struct ims_error *err);
/* Follows the signal if there is one to follow, settles crop, format, size and rate, maps and queues the
 * buffers and starts to stream. On failure it is as before. Fails: IO, UNSUPPORTED, LIMIT, with the remedy. */
IMS_NODISCARD enum ims_result v4l2_device_begin(struct v4l2_device *device,
                                                const struct v4l2_address *address,
                                                struct ims_error *err);
/* Stops streaming and frees the buffers, so that others may have the camera; it stays open. */
void v4l2_device_end(struct v4l2_device *device);
/* Ends and closes; a device that is not open is fine. */
void v4l2_device_close(struct v4l2_device *device);

/* The next filled buffer, without waiting. Returns 0 or an errno: EAGAIN when there is none. */
IMS_NODISCARD int v4l2_device_dequeue(const struct v4l2_device *device,
                                      struct v4l2_filled *out);
/* Gives a buffer back. That a device refuses it shows at the next dequeue, or by the frames that no
 * longer come. */
void v4l2_device_queue(const struct v4l2_device *device, uint32_t index);

/* What an errno means for the user of this device, and what to do. Static text. */
const char *v4l2_error_text(int error);
/* ioctl(2), again after a signal. Returns 0 or an errno. */
int v4l2_ioctl(int fd, unsigned long request, void *arg);

/* v4l2_negotiate.c: the part of begin before there are buffers. */
IMS_NODISCARD enum ims_result v4l2_negotiate(struct v4l2_device *device,
                                             const struct v4l2_address *address,
                                             struct ims_error *err);
/* A failure at the device: "/dev/video0: WHAT" and the errno's text. */
IMS_NODISCARD enum ims_result v4l2_fail(struct ims_error *err,
                                        const struct v4l2_device *device,
                                        const char *what, int error);

#endif
