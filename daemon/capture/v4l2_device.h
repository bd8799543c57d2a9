/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_DEVICE_H
#define CAPTURE_V4L2_DEVICE_H

/*
 * One capture device with its mapped buffers: the kernel's side of the camera, without loop or stream.
 *
 *     struct v4l2_device d;
 *     if (v4l2_device_open(&d, "/dev/video0", &settings, &err)) ...   // streams from here on
 *     struct v4l2_buffer b;
 *     if (v4l2_device_dequeue(&d, &b) == 0)
 *         ... d.map[b.index].data ..., v4l2_device_queue(&d, b.index);
 *     v4l2_device_close(&d);
 *
 * Loop thread; mapped memory may be read by a job as long as its buffer is not queued again.
 */

#include "source.h"
#include "v4l2_format.h"

enum { V4L2_BUFFERS_MAX = 32, V4L2_BUFFERS_DEFAULT = 4 };

struct v4l2_device {
    int fd; /* -1: none */
    struct v4l2_form form;
    uint32_t interval_ms; /* between frames; 0: the driver does not say */
    uint32_t count;       /* mapped buffers */
    struct {
        const uint8_t *data;
        size_t size;
    } map[V4L2_BUFFERS_MAX];
};

/* Opens, settles format, size and rate, maps and queues the buffers and starts to stream. Nothing is left
 * open on failure. Fails: IO, UNSUPPORTED, LIMIT, with the remedy. */
IMS_NODISCARD enum ims_result v4l2_device_open(struct v4l2_device *device,
                                               const char *path,
                                               const struct source_settings *settings,
                                               struct ims_error *err);
/* The next filled buffer, without waiting. Returns 0 or an errno: EAGAIN when there is none. */
IMS_NODISCARD int v4l2_device_dequeue(const struct v4l2_device *device,
                                      struct v4l2_buffer *out);
/* Gives a buffer back. That a device refuses it shows at the next dequeue, or by the frames that no
 * longer come. */
void v4l2_device_queue(const struct v4l2_device *device, uint32_t index);
void v4l2_device_stop(const struct v4l2_device *device);
/* Unmaps, frees the driver's buffers and closes; a device that is not open is fine. */
void v4l2_device_close(struct v4l2_device *device);

/* What an errno means for the user of this device, and what to do. Static text. */
const char *v4l2_error_text(int error);
/* ioctl(2), again after a signal. Returns 0 or an errno. */
int v4l2_ioctl(int fd, unsigned long request, void *arg);
/* Opens a device that can capture by mapped buffers. Returns the descriptor, or -1 with the reason. */
int v4l2_open_capture(const char *path, struct ims_error *err);

#endif
