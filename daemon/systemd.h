/* SPDX-License-Identifier: MIT */
#ifndef SYSTEMD_H
#define SYSTEMD_H

/*
 * What systemd hands to a service and wants to hear of it: sockets that listen already, readiness, signs of life.
 *
 *     struct systemd systemd;
 *     systemd_open(&systemd);                                 // whether or not there is a systemd
 *     if (systemd_take_sockets(&systemd, &err)) ...
 *     systemd_notify(&systemd, "READY=1\nSTATUS=%d streams", count);
 *     systemd_close(&systemd);
 *
 * By its documented protocols, without its library: docs/adr/0023-systemd-without-its-library.md. Loop thread only.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stdint.h>

enum { SYSTEMD_HTTP_MAX = 8, SYSTEMD_PUSH_MAX = 2 };

struct systemd {
    int notify_fd;        /* -1: nobody wants to hear */
    uint64_t watchdog_us; /* a sign of life is wanted at least that often; 0: never */
    int http[SYSTEMD_HTTP_MAX],
        push[SYSTEMD_PUSH_MAX]; /* sockets that were handed over */
    int http_count, push_count;
};

/* Reads the environment and takes it away, so that programs that are started do not speak for the daemon. */
void systemd_open(struct systemd *systemd);
/* Sockets by their names (FileDescriptorName=, else the unit's): one that begins with "push" or "imshowd-push" takes
 * pushed frames, any other HTTP. The descriptors are the caller's. Fails: LIMIT. */
IMS_NODISCARD enum ims_result systemd_take_sockets(struct systemd *systemd,
                                                   struct ims_error *err);
/* Lines of KEY=VALUE; what cannot be told is not. */
void systemd_notify(const struct systemd *systemd, const char *fmt, ...) IMS_PRINTF(2, 3);
void systemd_close(struct systemd *systemd);

#endif
