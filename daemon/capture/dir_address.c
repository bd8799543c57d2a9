/* SPDX-License-Identifier: MIT */
#include "dir_address.h"

#include "address.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- reading ---- */

static bool read_pattern(const char *value, struct dir_address *out)
{
    if (!value[0] || strchr(value, '/') || strlen(value) >= sizeof out->pattern)
        return false;
    snprintf(out->pattern, sizeof out->pattern, "%s", value);
    return true;
}

static bool read_order(const char *value, struct dir_address *out)
{
    out->order = strcmp(value, "name") == 0 ? DIR_BY_NAME : DIR_BY_MTIME;
    return strcmp(value, "name") == 0 || strcmp(value, "mtime") == 0;
}

static bool read_fps(const char *value, struct dir_address *out)
{
    char *end;
    errno = 0;
    unsigned long fps = strtoul(value, &end, 10);
    out->fps = (uint32_t)fps;
    return isdigit((unsigned char)value[0]) && !*end && !errno && fps > 0 &&
           fps <= DIR_FPS_MAX;
}

static bool read_replay(const char *value, struct dir_address *out)
{
    out->replay = value[0] == '1';
    return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

static const struct key {
    const char *name;
    bool (*read)(const char *value, struct dir_address *out);
    const char *remedy;
} keys[] = {
    {"pattern", read_pattern,
     "give one for names as the shell has them, as pattern=*.png"},
    {"order", read_order, "give order=mtime or order=name"},
    {"fps", read_fps, "give a number from 1 to 1000"},
    {"replay", read_replay, "give replay=1 or replay=0"},
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static enum ims_result read_pair(const struct address_pair *pair, struct dir_address *out,
                                 struct ims_error *err)
{
    char value[DIR_PATTERN_MAX + 1];
    for (const struct key *k = keys; k < keys + KEY_COUNT; k++) {
        if (strlen(k->name) != pair->name_size ||
            memcmp(k->name, pair->name, pair->name_size) != 0)
            continue;
        snprintf(value, sizeof value, "%.*s", (int)pair->value_size, pair->value);
        if (k->read(value, out))
            return IMS_OK;
        return ims_fail(err, IMS_ERR_INVALID, "source dir: %s=%.40s: %s", k->name, value,
                        k->remedy);
    }
    return ims_fail(
        err, IMS_ERR_INVALID,
        "source dir: '%.*s': there is no such key: pattern=, order=, fps= and "
        "replay= are",
        (int)(pair->name_size < 40 ? pair->name_size : 40), pair->name);
}

enum ims_result dir_address_parse(const char *text, struct dir_address *out,
                                  struct ims_error *err)
{
    struct dir_address a = {.order = DIR_BY_MTIME};
    size_t size = strcspn(text, "?");
    enum ims_result result = IMS_OK;
    if (size == 0 || size >= sizeof a.path)
        return ims_fail(err, IMS_ERR_INVALID,
                        "source 'dir:%.60s': name a folder of less than %d bytes, as "
                        "dir:/data/shots",
                        text, DIR_PATH_MAX);
    memcpy(a.path, text, size);
    const char *at = text + size;
    struct address_pair pair;
    while (result == IMS_OK && address_next(&at, &pair))
        result = read_pair(&pair, &a, err);
    if (result == IMS_OK)
        *out = a;
    return result;
}

/* ---- names ---- */

static bool ends_in_one_of(const char *name, const char *const *ends)
{
    size_t size = strlen(name);
    for (; *ends; ends++) {
        size_t end = strlen(*ends);
        if (size > end && strcasecmp(name + size - end, *ends) == 0)
            return true;
    }
    return false;
}

bool dir_address_takes(const struct dir_address *address, const char *name)
{
    static const char *const unfinished[] = {"~",           ".tmp",      ".temp",
                                             ".part",       ".filepart", ".swp",
                                             ".crdownload", ".partial",  NULL};
    static const char *const pictures[] = {".png",  ".jpg", ".jpeg", ".npy", ".tif",
                                           ".tiff", ".pnm", ".pbm",  ".pgm", ".ppm",
                                           ".pam",  ".pfm", NULL};
    if (name[0] == '.' || ends_in_one_of(name, unfinished))
        return false;
    if (address->pattern[0])
        return fnmatch(address->pattern, name, 0) == 0;
    return ends_in_one_of(name, pictures);
}
