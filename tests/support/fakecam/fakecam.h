/* SPDX-License-Identifier: MIT */
#ifndef FAKECAM_H
#define FAKECAM_H

/*
 * A V4L2 capture device in user space, for programs that must not be changed to be tested.
 *
 *     touch /tmp/cam0
 *     FAKECAM_DEVICE=/tmp/cam0 LD_PRELOAD=libfakecam.so v4l2-ctl -d /tmp/cam0 --all
 *
 * The descriptor that a program gets is the read end of a pipe with one byte for each filled buffer, so
 * poll, select and epoll work on it; the buffers lie in a memfd; a thread plays the camera while it
 * streams. A device exists while its placeholder file exists. README.md has the environment variables.
 *
 * A struct cam belongs to its descriptor. `mutex` guards what is marked so; the rest is set at open.
 */

#include <linux/videodev2.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    FD_MAX = 4096,
    BUFFER_MAX = 32,
    LIST_MAX = 16,
    MINOR_FIRST = 200,
    BAR_ROWS = 16, /* rows that carry the sequence number */
    LOG_RECORDS = 65536,
    SIDE_BYTES = 256, /* of a file beside a device */
};

/* What follows the rows of luma. */
enum chroma {
    CHROMA_NONE,
    CHROMA_PAIRS_420,  /* U and V in turn, half the rows */
    CHROMA_PAIRS_422,  /* the same for each row */
    CHROMA_PLANES_420, /* one plane behind the other */
};
/* What stands there without footage (image.c). */
enum fill {
    FILL_JPEG,
    FILL_LUMA, /* every byte of a pixel */
    FILL_YUYV,
    FILL_YVYU,
    FILL_UYVY,
    FILL_VYUY,
    FILL_DEEP, /* 16-bit words */
    FILL_DEEP_BE,
    FILL_BYTES,
};
struct pixel_format {
    const char *name, *description;
    uint32_t fourcc;
    uint8_t group_pixels, group_bytes; /* a row is whole groups; 0: compressed */
    enum chroma chroma;
    enum fill fill;
    int bits; /* significant ones of a sample */
};
enum { FORMAT_COUNT = 65 };
extern const struct pixel_format pixel_formats[FORMAT_COUNT];
/* Bytes of pixels in a row; 0: compressed. */
uint32_t format_row(const struct pixel_format *format, uint32_t width);
/* Bytes of a picture whose rows are `stride` apart. */
uint32_t format_bytes(const struct pixel_format *format, uint32_t stride, uint32_t width,
                      uint32_t height);

struct size {
    int width, height;
};

enum fault_kind {
    FAULT_UNPLUG,
    FAULT_DROP,
    FAULT_STALL,
    FAULT_ERROR,
    FAULT_SHORT,
    FAULT_EMPTY,
    FAULT_CORRUPT,
    FAULT_GARBAGE,
    FAULT_EIO,
    FAULT_COUNT,
};

/* "short%10": every 10th frame; "short@10": frame 10, counted from 0. */
struct fault {
    char mark; /* '@', '%' or 0: never */
    uint32_t n;
};

/* One entry of the side file that FAKECAM_LOG names, at sequence % LOG_RECORDS. */
struct log_record {
    uint64_t number; /* the sequence number plus one; 0: not written */
    int64_t ns; /* CLOCK_MONOTONIC when the program could first have seen the frame */
};

struct cam {
    int fd, wake_fd, memory_fd, lock_fd, index;
    char path[256];
    ino_t inode;
    const struct pixel_format *offered[FORMAT_COUNT];
    int format_count;
    struct size sizes[LIST_MAX];
    int size_count;
    struct size step; /* not 0: any size from sizes[0] to sizes[1] in such steps */
    int rates[LIST_MAX];
    int rate_count;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex from here on */
    const struct pixel_format *format;
    struct size size;
    int fps;
    size_t stride, image_bytes,
        span; /* bytesperline, sizeimage; the same in whole pages */
    uint8_t *memory;
    struct v4l2_buffer buffers[BUFFER_MAX];
    uint32_t buffer_count;
    uint32_t queued[BUFFER_MAX], done[BUFFER_MAX];
    uint32_t queued_count, done_count;
    bool streaming, gone, stalled, io_error;
    pthread_t thread;
    /* the camera thread's own while it streams */
    uint32_t seq;
    struct fault faults[FAULT_COUNT];
    uint8_t *footage; /* the mapped file that is played; NULL: a pattern */
    size_t footage_bytes, footage_at;
    bool stamped, prerendered;
    uint32_t rendered;      /* the buffers that hold their picture, by bits */
    struct log_record *log; /* NULL: none */
};

/* settings.c: the environment */
int device_index(const char *path); /* -1: not one of ours */
/* FAKECAM<index>_KEY, else FAKECAM_KEY, else NULL. */
const char *setting(const struct cam *cam, const char *key);
/* The number behind KEY and one of `marks` in "a=1,b=2"; -1: none. */
long list_number(const char *list, const char *key, const char *marks, char *mark);
/* What the file with this ending beside the device says, as "DEVICE.fault", else the setting; "" for neither. */
const char *side_setting(const struct cam *cam, const char *ending, const char *key,
                         char room[SIDE_BYTES]);
void faults_read(struct cam *cam);
/* The errno that FAKECAM_FAIL or DEVICE.fail has for "open" or an ioctl; 0: none. */
int forced_error(const struct cam *cam, const char *call);
bool fault_is_due(const struct cam *cam, enum fault_kind kind);

/* offer.c: formats, sizes, rates */
bool offer_read(struct cam *cam);
bool offer_has(const struct cam *cam, uint32_t fourcc, struct size size);
/* The nearest that is offered goes into `pix`, and into the camera when `apply` says so. */
void offer_settle(struct cam *cam, struct v4l2_pix_format *pix, bool apply);
int offer_rate(const struct cam *cam, int wanted);

/* image.c, jpeg.c: what the camera sees */
void image_open(struct cam *cam); /* at STREAMON */
void image_close(struct cam *cam);
/* Fills one frame into buffer number `buffer`, at most image_bytes; returns its length. */
size_t image_fill(struct cam *cam, uint32_t buffer, uint8_t *out, int64_t now_ns);
uint8_t image_luma(const struct cam *cam, int x, int y);
/* The length of the first JPEG picture in `data`; 0: there is none. */
size_t jpeg_length(const uint8_t *data, size_t size);
/* The pattern as a grey JPEG of flat 8x8 blocks. */
size_t jpeg_pattern(const struct cam *cam, uint8_t *out, size_t room);

/* camera.c: frames in time. All return 0 or an errno and want the mutex held. */
bool camera_is_present(struct cam *cam);
int camera_stream_on(struct cam *cam);
int camera_stream_off(struct cam *cam);
int camera_dequeue(struct cam *cam, struct v4l2_buffer *buffer);

/* buffers.c */
int buffers_request(struct cam *cam, uint32_t count);
int buffers_queue(struct cam *cam, struct v4l2_buffer *buffer);
void buffers_reset(struct cam *cam);

/* log.c */
void log_open(struct cam *cam);
void log_close(struct cam *cam);
void log_frame(struct cam *cam, uint32_t seq, int64_t ns);

/* controls.c: 0 or an errno */
int control_query(struct v4l2_queryctrl *query);
int control_menu(struct v4l2_querymenu *menu);
int control_get(const struct cam *cam, uint32_t id, int32_t *value);
int control_try(uint32_t id, int32_t value);
int control_set(const struct cam *cam, uint32_t id, int32_t value);

/* ioctl.c: 0 or an errno, with the mutex held */
int camera_ioctl(struct cam *cam, unsigned long request, void *arg);
int ioctl_forced_error(const struct cam *cam, unsigned long request);
/* Without the mutex: does not return while FAKECAM_HANG names this call and the file beside the device is there. */
void ioctl_hang(const struct cam *cam, unsigned long request);

/* device.c: descriptors */
struct cam *cam_of(int fd);
int cam_open(const char *path, int flags); /* a descriptor, or -1 with errno */
void cam_close(struct cam *cam);           /* all but cam->fd itself */

int64_t mono_ns(void);

#endif
