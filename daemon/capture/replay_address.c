/* SPDX-License-Identifier: MIT */
#include "replay_address.h"

#include "address.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 40 };

bool replay_speed_is_valid(double speed)
{
    double magnitude = fabs(speed); /* false for NaN */
    return magnitude >= REPLAY_SPEED_MIN && magnitude <= REPLAY_SPEED_MAX;
}

static bool read_loop(const char *value, struct replay_address *out)
{
    out->loop = value[0] == '1';
    return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

static bool read_speed(const char *value, struct replay_address *out)
{
    char *end;
    out->speed = strtod(value, &end);
    return value[0] && !*end && replay_speed_is_valid(out->speed);
}

static const struct key {
    const char *name;
    bool (*read)(const char *value, struct replay_address *out);
    const char *remedy;
} keys[] = {
    {"loop", read_loop, "give loop=1 or loop=0"},
    {"speed", read_speed, "give a number from 0.1 to 16, or below 0 for backwards"},
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static enum ims_result read_pair(const struct address_pair *pair,
                                 struct replay_address *out, struct ims_error *err)
{
    char value[VALUE_MAX + 1];
    for (const struct key *k = keys; k < keys + KEY_COUNT; k++) {
        if (strlen(k->name) != pair->name_size ||
            memcmp(k->name, pair->name, pair->name_size) != 0)
            continue;
        snprintf(value, sizeof value, "%.*s", (int)pair->value_size, pair->value);
        if (k->read(value, out))
            return IMS_OK;
        return ims_fail(err, IMS_ERR_INVALID, "source replay: %s=%s: %s", k->name, value,
                        k->remedy);
    }
    return ims_fail(err, IMS_ERR_INVALID,
                    "source replay: '%.*s': there is no such key: loop= and speed= are",
                    (int)(pair->name_size < 40 ? pair->name_size : 40), pair->name);
}

enum ims_result replay_address_parse(const char *text, struct replay_address *out,
                                     struct ims_error *err)
{
    struct replay_address a = {.loop = true, .speed = 1};
    size_t size = strcspn(text, "?");
    enum ims_result result = IMS_OK;
    if (size == 0 || size >= sizeof a.path)
        return ims_fail(err, IMS_ERR_INVALID,
                        "source 'replay:%.60s': name a file by less than %d bytes, as "
                        "replay:/data/night.mcap",
                        text, REPLAY_PATH_MAX);
    memcpy(a.path, text, size);
    const char *at = text + size;
    struct address_pair pair;
    while (result == IMS_OK && address_next(&at, &pair))
        result = read_pair(&pair, &a, err);
    if (result == IMS_OK)
        *out = a;
    return result;
}
