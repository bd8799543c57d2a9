/* SPDX-License-Identifier: MIT */
#include "v4l2.h"

#include "v4l2_device.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

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
        struct v4l2_device device;
        int n =
            snprintf(path.text, sizeof path.text, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (found == room || n >= (int)sizeof path.text ||
            v4l2_device_open(&device, path.text, NULL))
            continue;
        v4l2_device_close(&device);
        out[found++] = path;
    }
    free(entries);
    return found;
}

/* The interface of a USB camera is the video device's parent, and the camera that one's. */
void v4l2_serial(int fd, char *out, size_t size)
{
    char path[96];
    struct stat st;
    out[0] = 0;
    if (fstat(fd, &st) || !S_ISCHR(st.st_mode))
        return;
    snprintf(path, sizeof path, "/sys/dev/char/%u:%u/device/../serial", major(st.st_rdev),
             minor(st.st_rdev));
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    if (!fgets(out, (int)size, file))
        out[0] = 0;
    out[strcspn(out, "\n")] = 0;
    fclose(file);
}

/* What the camera is called in the way that the address calls it. */
static void name_of(const struct v4l2_device *device, enum v4l2_by by, char *out,
                    size_t size)
{
    if (by == V4L2_BY_SERIAL)
        v4l2_serial(device->fd, out, size);
    else
        snprintf(out, size, "%s", by == V4L2_BY_NAME ? device->card : device->bus);
}

static const char *kind_of(enum v4l2_by by)
{
    return by == V4L2_BY_SERIAL ? "serial number" : by == V4L2_BY_NAME ? "name" : "bus";
}

enum ims_result v4l2_resolve(const struct v4l2_address *address, struct v4l2_path *out,
                             struct ims_error *err)
{
    char known[160] = "";
    struct v4l2_path paths[V4L2_DEVICES_MAX];
    if (address->by == V4L2_BY_PATH) {
        snprintf(out->text, sizeof out->text, "%s", address->text);
        return IMS_OK;
    }
    size_t count = v4l2_find(address->folder, paths, V4L2_DEVICES_MAX);
    for (size_t i = 0; i < count; i++) {
        char name[128] = "";
        struct v4l2_device device;
        if (v4l2_device_open(&device, paths[i].text, NULL))
            continue;
        name_of(&device, address->by, name, sizeof name);
        v4l2_device_close(&device);
        if (strcmp(name, address->text) == 0) {
            *out = paths[i];
            return IMS_OK;
        }
        size_t used = strlen(known);
        if (name[0] && used + 48 < sizeof known)
            snprintf(known + used, sizeof known - used, "%s'%.40s'", used ? ", " : "",
                     name);
    }
    return ims_fail(err, IMS_ERR_IO,
                    "no camera with the %s '%.60s': plug it in; there are: %s",
                    kind_of(address->by), address->text, known[0] ? known : "none");
}
