/* SPDX-License-Identifier: MIT */
#include "v4l2_address.h"

#include "address.h"

#include "options_formats.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum key_type { KEY_NUMBER, KEY_FORMAT, KEY_CROP, KEY_TEXT };

static const struct key {
    const char *name;
    enum key_type type;
    size_t offset;
    uint32_t least, most;
} keys[] = {
    {"width", KEY_NUMBER, offsetof(struct v4l2_address, settings.width), 1, 16384},
    {"height", KEY_NUMBER, offsetof(struct v4l2_address, settings.height), 1, 16384},
    {"format", KEY_FORMAT, offsetof(struct v4l2_address, settings.pixel_format), 0, 0},
    {"fps", KEY_NUMBER, offsetof(struct v4l2_address, settings.fps), 1, 1000},
    {"crop", KEY_CROP, offsetof(struct v4l2_address, crop), 0, 16384},
    {"buffers", KEY_NUMBER, offsetof(struct v4l2_address, settings.buffers), 2, 32},
    {"idle_stop", KEY_NUMBER, offsetof(struct v4l2_address, settings.idle_stop_s), 0,
     86400},
    {"folder", KEY_TEXT, offsetof(struct v4l2_address, folder), 0, 0},
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static const char *const kinds[] = {
    [V4L2_BY_SERIAL] = "serial=", [V4L2_BY_NAME] = "name=", [V4L2_BY_BUS] = "bus="};

/* ---- values ---- */

/* A number up to `end`, or to the end of the text when `end` is 0. */
static bool read_number(const char **at, char end, uint32_t least, uint32_t most,
                        uint32_t *out)
{
    char *stop;
    errno = 0;
    unsigned long number = strtoul(*at, &stop, 10);
    if (!isdigit((unsigned char)**at) || *stop != end || errno || number < least ||
        number > most)
        return false;
    *at = stop + (end != 0);
    *out = (uint32_t)number;
    return true;
}

static bool read_crop(const char *value, const struct key *key, struct v4l2_address *out)
{
    uint32_t x, y, width, height;
    if (!read_number(&value, ',', 0, key->most, &x) ||
        !read_number(&value, ',', 0, key->most, &y) ||
        !read_number(&value, ',', 1, key->most, &width) ||
        !read_number(&value, 0, 1, key->most, &height))
        return false;
    out->crop = (struct v4l2_part){(int32_t)x, (int32_t)y, width, height};
    out->has_crop = true;
    return true;
}

static bool read_value(const struct key *key, const char *value, struct v4l2_address *out)
{
    void *at = (char *)out + key->offset;
    switch (key->type) {
    case KEY_NUMBER: return read_number(&value, 0, key->least, key->most, at);
    case KEY_CROP: return read_crop(value, key, out);
    case KEY_FORMAT:
        *(uint32_t *)at = pixel_format_named(value);
        return *(uint32_t *)at != 0;
    case KEY_TEXT:
        snprintf(at, V4L2_ADDRESS_MAX, "%s", value);
        return value[0] == '/' && strlen(value) < V4L2_ADDRESS_MAX;
    }
    return false;
}

static enum ims_result fail_value(const struct key *key, const char *value,
                                  struct ims_error *err)
{
    switch (key->type) {
    case KEY_NUMBER:
        return ims_fail(err, IMS_ERR_INVALID,
                        "source v4l2: %s=%.40s: give a number from %u to %u", key->name,
                        value, key->least, key->most);
    case KEY_CROP:
        return ims_fail(err, IMS_ERR_INVALID,
                        "source v4l2: crop=%.40s: give X,Y,WIDTH,HEIGHT in pixels, as "
                        "crop=0,0,320,240",
                        value);
    case KEY_FORMAT:
        return ims_fail(err, IMS_ERR_INVALID,
                        "source v4l2: format=%.40s: give a pixel format of V4L2, as "
                        "format=YUYV; imshowd --help lists them",
                        value);
    case KEY_TEXT: break;
    }
    return ims_fail(err, IMS_ERR_INVALID, "source v4l2: %s=%.40s: give a whole path",
                    key->name, value);
}

/* ---- keys ---- */

/* Letters that two names share at their beginning and in all, enough to tell what was meant. */
static size_t likeness(const char *a, size_t size, const char *b)
{
    size_t same = 0, shared = 0;
    while (same < size && b[same] == a[same])
        same++;
    for (size_t i = 0; i < size; i++)
        shared += strchr(b, a[i]) != NULL;
    return 4 * same + shared;
}

static const char *nearest_key(const char *name, size_t size)
{
    const struct key *best = keys;
    for (const struct key *k = keys; k < keys + KEY_COUNT; k++)
        if (likeness(name, size, k->name) > likeness(name, size, best->name))
            best = k;
    return best->name;
}

static const struct key *find_key(const char *name, size_t size)
{
    for (const struct key *k = keys; k < keys + KEY_COUNT; k++)
        if (strlen(k->name) == size && memcmp(k->name, name, size) == 0)
            return k;
    return NULL;
}

static enum ims_result read_pair(const struct address_pair *pair,
                                 struct v4l2_address *out, struct ims_error *err)
{
    char value[V4L2_ADDRESS_MAX];
    const struct key *key = find_key(pair->name, pair->name_size);
    if (!key)
        return ims_fail(err, IMS_ERR_INVALID,
                        "source v4l2: '%.*s': there is no such key: did you mean %s=?",
                        (int)(pair->name_size < 40 ? pair->name_size : 40), pair->name,
                        nearest_key(pair->name, pair->name_size));
    snprintf(value, sizeof value, "%.*s", (int)pair->value_size, pair->value);
    return read_value(key, value, out) ? IMS_OK : fail_value(key, value, err);
}

/* ---- the whole ---- */

static void read_kind(const char *text, size_t size, struct v4l2_address *out)
{
    for (enum v4l2_by by = V4L2_BY_SERIAL; by <= V4L2_BY_BUS; by++) {
        size_t head = strlen(kinds[by]);
        if (size <= head || memcmp(text, kinds[by], head) != 0)
            continue;
        out->by = by;
        snprintf(out->text, sizeof out->text, "%.*s", (int)(size - head), text + head);
        return;
    }
    out->by = V4L2_BY_PATH;
    snprintf(out->text, sizeof out->text, "%.*s", (int)size, text);
}

enum ims_result v4l2_address_parse(const char *text, const struct source_settings *common,
                                   struct v4l2_address *out, struct ims_error *err)
{
    struct v4l2_address a = {.settings = *common, .folder = "/dev"};
    size_t size = strcspn(text, "?");
    enum ims_result result = IMS_OK;
    if (size < V4L2_ADDRESS_MAX)
        read_kind(text, size, &a);
    if (!a.text[0] || (a.by == V4L2_BY_PATH && a.text[0] != '/'))
        return ims_fail(err, IMS_ERR_INVALID,
                        "source 'v4l2:%.100s': name a device by its whole path, as "
                        "v4l2:/dev/video0, or by serial=, name= or bus=",
                        text);
    const char *at = text + size;
    struct address_pair pair;
    while (result == IMS_OK && address_next(&at, &pair))
        result = read_pair(&pair, &a, err);
    if (result == IMS_OK)
        *out = a;
    return result;
}
