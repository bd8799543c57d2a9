/* SPDX-License-Identifier: MIT */
#include "usbcam.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct camera {
    int fd;
    struct control control;
    struct payload payload;
    bool committed;    /* the host wants frames */
    int64_t due_100ns; /* when the next frame begins */
    uint32_t waiting_count;
    struct {
        uint32_t number, bytes;
    } waiting[URBS_MAX]; /* of the stream, in order */
};

static int64_t now_100ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 10000000 + t.tv_nsec / 100;
}

static bool take_out(struct camera *c, uint32_t number)
{
    for (uint32_t i = 0; i < c->waiting_count; i++)
        if (c->waiting[i].number == number) {
            memmove(c->waiting + i, c->waiting + i + 1,
                    (--c->waiting_count - i) * sizeof *c->waiting);
            return true;
        }
    return false;
}

static void wait_for_frame(struct camera *c, const struct urb *urb)
{
    if (c->waiting_count == URBS_MAX || urb->bytes <= 2) {
        fprintf(stderr, "usbcam: more URBs than %d, or one too small\n", URBS_MAX);
        exit(1);
    }
    c->waiting[c->waiting_count].number = urb->number;
    c->waiting[c->waiting_count++].bytes =
        urb->bytes < PAYLOAD_BYTES_MAX ? urb->bytes : PAYLOAD_BYTES_MAX;
}

static void receive(struct camera *c)
{
    static struct urb urb;
    if (!wire_receive(c->fd, &urb))
        wire_unlinked(c->fd, &urb, take_out(c, urb.taken_back));
    else if (urb.endpoint)
        wait_for_frame(c, &urb);
    else if (control_answer(&c->control, c->fd, &urb)) {
        c->committed = true;
        payload_restart(&c->payload);
    }
}

static bool may_begin(const struct camera *c)
{
    return c->committed && c->waiting_count && !c->payload.busy &&
           !fault_holds(c->payload.faults, "stall", c->payload.number);
}

/* A camera that is late does not hurry afterwards. */
static void begin_frame(struct camera *c, int64_t now)
{
    int64_t interval = control_interval_100ns(&c->control);
    c->due_100ns = (c->due_100ns + interval > now ? c->due_100ns : now) + interval;
    payload_begin(&c->payload, control_format(&c->control));
}

static void send_frame(struct camera *c)
{
    static uint8_t bytes[PAYLOAD_BYTES_MAX];
    while (c->payload.busy && c->waiting_count) {
        uint32_t number = c->waiting[0].number;
        uint32_t size = payload_fill(&c->payload, bytes, c->waiting[0].bytes);
        take_out(c, number);
        wire_complete(c->fd, number, 0, bytes, size, size);
    }
}

/* Milliseconds until there is something to send; -1: not before the host says something. */
static int patience_ms(const struct camera *c)
{
    if (!may_begin(c))
        return -1;
    int64_t left = c->due_100ns - now_100ns();
    return left > 0 ? (int)((left + 9999) / 10000) : 0;
}

static void run(struct camera *c)
{
    for (;;) {
        int64_t now = now_100ns();
        if (may_begin(c) && now >= c->due_100ns)
            begin_frame(c, now);
        send_frame(c);
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        if (poll(&p, 1, patience_ms(c)) > 0)
            receive(c);
    }
}

int main(int argc, char **argv)
{
    static struct camera camera;
    if (argc < 4) {
        fprintf(stderr, "usage: usbcam PORT SERIAL FILE [FAULT...]\n");
        return 2;
    }
    char **faults = argv + 4;
    fault_check(faults);
    camera.payload.faults = faults;
    footage_open(&camera.payload.footage, argv[3]);
    control_init(&camera.control, argv[2]);
    camera.control.refuse_commit = fault_holds(faults, "nocommit", 0);
    camera.fd = wire_attach((int)strtol(argv[1], NULL, 10));
    run(&camera);
}
