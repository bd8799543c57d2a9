/* SPDX-License-Identifier: MIT */
#include "v4l2.h"

#include "v4l2_device.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_video(const struct dirent *entry)
{
    size_t digits = strncmp(entry->d_name, "video", 5) ? 0 : strlen(entry->d_name + 5);
    return digits > 0 && strspn(entry->d_name + 5, "0123456789") == digits;
}

size_t v4l2_find(const char *folder, struct v4l2_path *out, size_t room)
{
    struct dirent **entries = NULL;
    size_t found = 0;
    int count = scandir(folder, &entries, is_video, versionsort);
    for (int i = 0; i < count; i++) {
        struct v4l2_path path;
        int n =
            snprintf(path.text, sizeof path.text, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (found == room || n >= (int)sizeof path.text)
            continue;
        int fd = v4l2_open_capture(path.text, NULL);
        if (fd < 0)
            continue;
        close(fd);
        out[found++] = path;
    }
    free(entries);
    return found;
}
