/* SPDX-License-Identifier: MIT */
/* Requests on endpoint 0 (UVC 1.0, section 4): descriptors, probe and commit, brightness and contrast. */
#include "usbcam.h"

#include <errno.h>
#include <string.h>

enum {
    SET_CUR = 0x01,
    GET_CUR = 0x81,
    GET_MIN = 0x82,
    GET_MAX = 0x83,
    GET_RES = 0x84,
    GET_LEN = 0x85,
    GET_INFO = 0x86,
    GET_DEF = 0x87,
    GET_AND_SET = 3, /* GET_INFO's answer */
    GET_DESCRIPTOR = 6,
    CLASS = 0x20,
    KIND = 0x60,
    COMMIT = 2,
    STREAMING = 1,           /* an interface's number */
    PROCESSING_UNIT = 0x200, /* unit 2 of interface 0 */
    BRIGHTNESS = 2,
    CONTRAST = 3,
};

struct request {
    uint8_t kind, code;
    uint16_t value, index;
    uint32_t bytes;
};

/* What goes back; `data` NULL with bytes 0 answers a request without data. */
struct answer {
    int status;
    const uint8_t *data;
    uint32_t bytes;
    uint8_t small[4];
};

static void set_small(struct answer *a, uint32_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        a->small[i] = (uint8_t)(value >> (8 * i));
    a->data = a->small;
    a->bytes = bytes;
}

static uint32_t load32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void store32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

uint8_t control_format(const struct control *c)
{
    return c->probe[2];
}

uint32_t control_interval_100ns(const struct control *c)
{
    return load32(c->probe + 4);
}

/* Whatever the host asks for becomes something that the camera has. */
static void settle_probe(struct control *c)
{
    bool yuyv = control_format(c) == YUYV_FORMAT;
    bool slow = control_interval_100ns(c) > (FAST_100NS + SLOW_100NS) / 2;
    c->probe[2] = yuyv ? YUYV_FORMAT : JPEG_FORMAT;
    c->probe[3] = 1;
    store32(c->probe + 4, slow ? SLOW_100NS : FAST_100NS);
    store32(c->probe + 18, yuyv ? YUYV_BYTES : JPEG_BYTES_MAX);
    store32(c->probe + 22, PAYLOAD_BYTES_MAX);
}

void control_init(struct control *c, const char *serial)
{
    *c = (struct control){.serial = serial};
    c->value[BRIGHTNESS] = 128;
    c->value[CONTRAST] = 50;
    settle_probe(c);
}

static void set_probe(struct control *c, const struct request *r, const uint8_t *data,
                      struct answer *a)
{
    bool commit = r->value >> 8 == COMMIT;
    if (commit && c->refuse_commit) {
        a->status = -EPIPE;
        return;
    }
    memcpy(c->probe, data, r->bytes < sizeof c->probe ? r->bytes : sizeof c->probe);
    settle_probe(c);
    c->committed |= commit;
}

static void answer_streaming(struct control *c, const struct request *r,
                             const uint8_t *data, struct answer *a)
{
    switch (r->code) {
    case SET_CUR: set_probe(c, r, data, a); break;
    case GET_LEN: set_small(a, sizeof c->probe, 2); break;
    case GET_INFO: set_small(a, GET_AND_SET, 1); break;
    default: a->data = c->probe; a->bytes = sizeof c->probe;
    }
}

static void answer_unit(struct control *c, const struct request *r, const uint8_t *data,
                        struct answer *a)
{
    int selector = r->value >> 8;
    if (selector != BRIGHTNESS && selector != CONTRAST) {
        a->status = -EPIPE;
        return;
    }
    switch (r->code) {
    case SET_CUR: c->value[selector] = data[0] | data[1] << 8; break;
    case GET_CUR: set_small(a, (uint32_t)c->value[selector], 2); break;
    case GET_MIN: set_small(a, 0, 2); break;
    case GET_MAX: set_small(a, selector == BRIGHTNESS ? 255 : 100, 2); break;
    case GET_RES: set_small(a, 1, 2); break;
    case GET_DEF: set_small(a, selector == BRIGHTNESS ? 128 : 50, 2); break;
    case GET_LEN: set_small(a, 2, 2); break;
    case GET_INFO: set_small(a, GET_AND_SET, 1); break;
    default: a->status = -EPIPE;
    }
}

static void answer_class(struct control *c, const struct request *r, const uint8_t *data,
                         struct answer *a)
{
    if ((r->index & 0xff) == STREAMING)
        answer_streaming(c, r, data, a);
    else if (r->index == PROCESSING_UNIT)
        answer_unit(c, r, data, a);
    else
        a->status = -EPIPE;
}

static void answer_standard(const struct control *c, const struct request *r,
                            struct answer *a)
{
    if (r->kind != USB_IN)
        set_small(a, 0,
                  r->kind & USB_IN ? 2 : 0); /* status words; SET_… need no answer */
    else if (r->code == GET_DESCRIPTOR) {
        a->data = device_descriptor(r->value, c->serial, &a->bytes);
        a->status = a->data ? 0 : -EPIPE;
    } else
        set_small(a, 0, 2);
}

bool control_answer(struct control *c, int fd, const struct urb *urb)
{
    const uint8_t *s = urb->setup;
    struct request r = {s[0], s[1], (uint16_t)(s[2] | s[3] << 8),
                        (uint16_t)(s[4] | s[5] << 8), urb->bytes};
    struct answer a = {0};
    c->committed = false;
    if ((r.kind & KIND) == CLASS)
        answer_class(c, &r, urb->data, &a);
    else
        answer_standard(c, &r, &a);
    if (!(r.kind & USB_IN)) {
        wire_complete(fd, urb->number, a.status, NULL, 0, urb->bytes);
        return c->committed;
    }
    uint32_t bytes = a.status ? 0 : a.bytes < urb->bytes ? a.bytes : urb->bytes;
    wire_complete(fd, urb->number, a.status, a.data, bytes, bytes);
    return false;
}
