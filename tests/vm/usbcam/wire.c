/* SPDX-License-Identifier: MIT */
/* USB/IP (Documentation/usb/usbip_protocol.rst): heads of 48 bytes in network order. */
#include "usbcam.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CMD_SUBMIT = 1,
    RET_SUBMIT = 3,
    RET_UNLINK = 4,
    HIGH_SPEED = 3,
    FIRST_DEVICE =
        0x10000, /* the bus number in the upper half; the port makes it unique */
    NO_ISOCHRONOUS = 0xffffffff,
};

struct head {
    uint32_t command, number, device, direction, endpoint;
    union {
        struct {
            uint32_t flags, bytes, first, packets, interval;
            uint8_t setup[8];
        } submit;
        struct {
            uint32_t status, bytes, first, packets, errors, unused[2];
        } answer;
        uint32_t unlink;
    } as;
};
_Static_assert(sizeof(struct head) == 48, "the protocol's head");

#define ATTACH "/sys/devices/platform/vhci_hcd.0/attach"

static void gone(void)
{
    fprintf(stderr, "usbcam: unplugged by the host\n");
    exit(0);
}

static void send_all(int fd, const void *data, size_t size)
{
    const char *p = data;
    while (size) {
        ssize_t n = send(fd, p, size, MSG_NOSIGNAL);
        if (n <= 0)
            gone();
        p += n;
        size -= (size_t)n;
    }
}

static void receive_all(int fd, void *data, size_t size)
{
    char *p = data;
    while (size) {
        ssize_t n = recv(fd, p, size, 0);
        if (n <= 0)
            gone();
        p += n;
        size -= (size_t)n;
    }
}

int wire_attach(int port)
{
    int pair[2];
    FILE *attach = fopen(ATTACH, "w");
    if (!attach || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) {
        perror("usbcam: load vhci-hcd and run as root: " ATTACH);
        exit(1);
    }
    int wrote = fprintf(attach, "%d %d %d %d", port, pair[1], FIRST_DEVICE + port + 1,
                        HIGH_SPEED);
    if (wrote < 0 || fclose(attach)) {
        perror("usbcam: choose another port: attach");
        exit(1);
    }
    close(pair[1]);
    return pair[0];
}

static void receive_submitted(int fd, const struct head *h, struct urb *out)
{
    out->in = ntohl(h->direction);
    out->endpoint = ntohl(h->endpoint);
    out->bytes = ntohl(h->as.submit.bytes);
    memcpy(out->setup, h->as.submit.setup, sizeof out->setup);
    if (out->in)
        return;
    if (out->bytes > sizeof out->data) {
        fprintf(stderr, "usbcam: a request of %u bytes\n", out->bytes);
        exit(1);
    }
    receive_all(fd, out->data, out->bytes);
}

bool wire_receive(int fd, struct urb *out)
{
    struct head h;
    receive_all(fd, &h, sizeof h);
    out->number = ntohl(h.number);
    out->taken_back = ntohl(h.as.unlink);
    bool submitted = ntohl(h.command) == CMD_SUBMIT;
    if (submitted)
        receive_submitted(fd, &h, out);
    return submitted;
}

void wire_complete(int fd, uint32_t number, int status, const void *data, uint32_t bytes,
                   uint32_t done_bytes)
{
    struct head h = {.command = htonl(RET_SUBMIT), .number = htonl(number)};
    h.as.answer.status = htonl((uint32_t)status);
    h.as.answer.bytes = htonl(done_bytes);
    h.as.answer.packets = htonl(NO_ISOCHRONOUS);
    send_all(fd, &h, sizeof h);
    send_all(fd, data, bytes);
}

void wire_unlinked(int fd, const struct urb *word, bool was_waiting)
{
    struct head h = {.command = htonl(RET_UNLINK), .number = htonl(word->number)};
    h.as.answer.status = htonl(was_waiting ? (uint32_t)-ECONNRESET : 0);
    send_all(fd, &h, sizeof h);
}
