/* SPDX-License-Identifier: MIT */
#include "fakecam.h"
#include "real.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int device_index(const char *path)
{
    const char *list = getenv("FAKECAM_DEVICE");
    if (!list)
        list = "/dev/video-fake";
    if (!path || !*path)
        return -1;
    for (int i = 0; i < LIST_MAX && *list; i++) {
        size_t n = strcspn(list, ":");
        if (n == strlen(path) && !memcmp(list, path, n))
            return i;
        list += n + (list[n] == ':');
    }
    return -1;
}

const char *setting(const struct cam *cam, const char *key)
{
    char name[64];
    snprintf(name, sizeof name, "FAKECAM%d_%s", cam->index, key);
    const char *own = getenv(name);
    if (own)
        return own;
    snprintf(name, sizeof name, "FAKECAM_%s", key);
    return getenv(name);
}

/* Read at each use, so that what it says holds from the moment that it is there. */
const char *side_setting(const struct cam *cam, const char *ending, const char *key,
                         char room[SIDE_BYTES])
{
    char path[sizeof cam->path + 16];
    snprintf(path, sizeof path, "%s.%s", cam->path, ending);
    int fd = real_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        const char *fixed = setting(cam, key);
        return fixed ? fixed : "";
    }
    ssize_t size = real_read(fd, room, SIDE_BYTES - 1);
    real_close(fd);
    room[size > 0 ? size : 0] = 0;
    return room;
}

long list_number(const char *list, const char *key, const char *marks, char *mark)
{
    size_t n = strlen(key);
    while (list && *list) {
        if (!strncmp(list, key, n) && list[n] && strchr(marks, list[n])) {
            *mark = list[n];
            return strtol(list + n + 1, NULL, 10);
        }
        list += strcspn(list, ",");
        list += *list == ',';
    }
    return -1;
}

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_UNPLUG] = "unplug",   [FAULT_DROP] = "drop",       [FAULT_STALL] = "stall",
    [FAULT_ERROR] = "error",     [FAULT_SHORT] = "short",     [FAULT_EMPTY] = "empty",
    [FAULT_CORRUPT] = "corrupt", [FAULT_GARBAGE] = "garbage", [FAULT_EIO] = "eio",
};

void faults_read(struct cam *cam)
{
    char room[SIDE_BYTES];
    const char *list = side_setting(cam, "fault", "FAULT", room);
    for (int i = 0; i < FAULT_COUNT; i++) {
        char mark = 0;
        long n = list_number(list, fault_names[i], "@%", &mark);
        cam->faults[i] = (struct fault){0};
        if (n >= 0 && n < INT32_MAX)
            cam->faults[i] = (struct fault){.mark = mark, .n = (uint32_t)n};
    }
}

int forced_error(const struct cam *cam, const char *call)
{
    char mark, room[SIDE_BYTES];
    long error = list_number(side_setting(cam, "fail", "FAIL", room), call, "=", &mark);
    return error > 0 && error < 4096 ? (int)error : 0;
}

bool fault_is_due(const struct cam *cam, enum fault_kind kind)
{
    const struct fault *f = &cam->faults[kind];
    if (f->mark == '@')
        return cam->seq == f->n;
    return f->mark == '%' && f->n && cam->seq % f->n == f->n - 1;
}
