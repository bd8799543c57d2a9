/* SPDX-License-Identifier: MIT */
#ifndef USBCAM_H
#define USBCAM_H

/*
 * A USB camera in user space: it speaks USB/IP to the kernel's vhci_hcd, so that the real uvcvideo driver makes
 * a real /dev/videoN of it. MJPEG 640x480 comes from a file of JPEGs one behind the other, YUYV 320x240 is
 * drawn; brightness and contrast are controls. Ending the program unplugs the camera.
 *
 *     usbcam PORT SERIAL FILE [FAULT…]     // needs root, and the modules vhci-hcd and uvcvideo
 *
 *     wire      URBs from and to the kernel              footage   the frames
 *     device    who the camera is                        payload   a frame, cut into URBs
 *     control   requests on endpoint 0                   fault     what goes wrong when
 *
 * One thread; a broken pipe to the kernel ends the program.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    USB_IN = 0x80,
    JPEG_FORMAT = 1,
    YUYV_FORMAT = 2, /* by their numbers in the descriptors */
    JPEG_WIDTH = 640,
    JPEG_HEIGHT = 480,
    YUYV_WIDTH = 320,
    YUYV_HEIGHT = 240,
    JPEG_BYTES_MAX = JPEG_WIDTH * JPEG_HEIGHT * 2,
    YUYV_BYTES = YUYV_WIDTH * YUYV_HEIGHT * 2,
    PAYLOAD_BYTES_MAX = 16384,
    URBS_MAX = 64,
    CONTROL_BYTES_MAX = 4096,
    FAST_100NS = 333333, /* 30 and 15 frames a second, in UVC's unit */
    SLOW_100NS = 666666,
};

/* ---- wire.c ---- */

struct urb {
    uint32_t number, endpoint, bytes;
    uint32_t taken_back; /* the number of another one */
    bool in;
    uint8_t setup[8];
    uint8_t data[CONTROL_BYTES_MAX]; /* of a control request to the camera */
};

/* Plugs the camera into the port; high speed. Exits with a reason when that is refused. */
int wire_attach(int port);
/* Waits for the kernel's next word. True: an URB was submitted; false: an earlier one is taken back, which
 * wire_unlinked answers. */
bool wire_receive(int fd, struct urb *out);
/* Completes an URB: `status` 0 or -EPIPE; `data` only towards the host. */
void wire_complete(int fd, uint32_t number, int status, const void *data, uint32_t bytes,
                   uint32_t done_bytes);
void wire_unlinked(int fd, const struct urb *word, bool was_waiting);

/* ---- device.c ---- */

/* The descriptor that a GET_DESCRIPTOR's wValue asks for, its size in `bytes`; NULL: none such. */
const uint8_t *device_descriptor(uint16_t value, const char *serial, uint32_t *bytes);

/* ---- control.c ---- */

struct control {
    const char *serial;
    uint8_t probe[26]; /* the streaming parameters as UVC has them (1.0, 4.3.1.1) */
    int value[4];      /* by selector of the processing unit: 2 brightness, 3 contrast */
    bool refuse_commit;
    bool committed;
};

void control_init(struct control *c, const char *serial);
uint8_t control_format(const struct control *c);
uint32_t control_interval_100ns(const struct control *c);
/* Answers one request. True: the host has committed to a format, frames begin anew. */
bool control_answer(struct control *c, int fd, const struct urb *urb);

/* ---- footage.c ---- */

struct footage {
    const uint8_t *bytes;
    size_t size, at;
};

/* Maps the file; exits with a reason when it holds no whole JPEG or too large a one. */
void footage_open(struct footage *f, const char *path);
/* The next JPEG, again and again; at most JPEG_BYTES_MAX bytes into `out`. Returns its size. */
size_t footage_next(struct footage *f, uint8_t *out);
/* A grey ramp that moves; YUYV_BYTES into `out`. */
size_t footage_draw_yuyv(unsigned number, uint8_t *out);

/* ---- fault.c ---- */

/* `err%3` holds for each third frame, `stall@9` from frame 9 on, `nocommit` always. `faults` ends with NULL. */
bool fault_holds(char **faults, const char *kind, unsigned frame);
/* Exits with the remedy when one is unknown. */
void fault_check(char **faults);

/* ---- payload.c ---- */

struct payload {
    char **faults;
    struct footage footage;
    uint8_t frame[JPEG_BYTES_MAX];
    size_t size, at;
    unsigned number; /* frames so far */
    bool busy;       /* a frame is under way */
    uint8_t parity;
};

/* From the first frame on. */
void payload_restart(struct payload *p);
void payload_begin(struct payload *p, uint8_t format);
/* As much of the frame as fits an URB of so many bytes; returns the bytes that it completes with. */
uint32_t payload_fill(struct payload *p, uint8_t *out, uint32_t room);

#endif
