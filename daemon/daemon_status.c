/* SPDX-License-Identifier: MIT */
/* What `systemctl status` shows of the daemon. */
#include "daemon_private.h"

#include "serve/client.h"

#include <stdio.h>
#include <string.h>

static void put_status(const struct daemon *daemon, char *out, size_t size)
{
    int count = 0, live = 0;
    double fps = 0;
    for (const struct stream *s = streams_first(daemon->streams); s; s = stream_next(s)) {
        count++;
        live += stream_state(s) == STREAM_LIVE;
        fps += stream_fps(s);
    }
    int viewers = hub_viewers(daemon->hub);
    snprintf(out, size, "%d stream%s, %d live, %d viewer%s, %.0f frames/s%s%s", count,
             count == 1 ? "" : "s", live, viewers, viewers == 1 ? "" : "s", fps,
             daemon->mistake[0] ? "; not reloaded: " : "", daemon->mistake);
}

static void on_tick(void *user)
{
    struct daemon *daemon = user;
    char status[sizeof daemon->status];
    put_status(daemon, status, sizeof status);
    if (strcmp(status, daemon->status) == 0)
        return;
    snprintf(daemon->status, sizeof daemon->status, "%s", status);
    systemd_notify(&daemon->systemd, "STATUS=%s", status);
}

void status_start(struct daemon *daemon)
{
    systemd_notify(&daemon->systemd, "READY=1");
    watchdog_start(&daemon->watchdog, daemon->loop, &daemon->systemd, on_tick, daemon);
}

void status_stop(struct daemon *daemon)
{
    systemd_notify(&daemon->systemd, "STOPPING=1\nSTATUS=stopping");
    watchdog_stop(&daemon->watchdog);
}
