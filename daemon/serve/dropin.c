/* SPDX-License-Identifier: MIT */
#include "dropin.h"

#include <stdio.h>
#include <string.h>

/* ---- paths and parameters ---- */

const char *dropin_path(const char *path, const struct ims_value *query)
{
    char action[16];
    if (strcmp(path, "/") != 0 ||
        !ims_value_as_text(ims_value_get(query, "action"), action, sizeof action))
        return path;
    if (strcmp(action, "stream") == 0)
        return "/stream";
    return strcmp(action, "snapshot") == 0 ? "/snapshot" : path;
}

void dropin_name(const struct streams *streams, const struct gate *gate,
                 const struct access_caller *who, char out[ROUTE_ARGUMENT_MAX])
{
    const struct stream *s = streams_first(streams);
    while (s && gate_is_on(gate) && !gate_may(gate, who, RIGHT_VIEW, stream_name(s)))
        s = stream_next(s);
    snprintf(out, ROUTE_ARGUMENT_MAX, "%s", s ? stream_name(s) : "");
}

static const char *const keys[] = {
    "action",   "key", "extra_headers", "advance_headers", "dual_final_frames",
    "zero_data"};

size_t dropin_count(const struct ims_value *query)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        count += ims_value_get(query, keys[i]) != NULL;
    return count;
}

/* 1 and true, as ustreamer reads them. */
static bool is_on(const struct ims_value *query, const char *key)
{
    bool on = false;
    uint64_t number = 0;
    const struct ims_value *v = ims_value_get(query, key);
    return v && (ims_value_as_bool(v, &on) ? on : ims_value_as_u64(v, &number) && number);
}

static void read_key(const struct ims_value *query, char out[DROPIN_KEY_MAX + 1])
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    uint64_t number;
    const struct ims_value *v = ims_value_get(query, "key");
    out[0] = 0;
    if (v && ims_value_as_u64(v, &number))
        snprintf(out, DROPIN_KEY_MAX + 1, "%llu", (unsigned long long)number);
    else if (!v || !ims_value_as_text(v, out, DROPIN_KEY_MAX + 1))
        out[0] = 0;
    if (out[strspn(out, allowed)])
        out[0] = 0; /* it becomes a cookie */
}

struct dropin_wish dropin_wish(const struct ims_value *query)
{
    struct dropin_wish wish = {
        .extra_headers = is_on(query, "extra_headers"),
        .advance_headers = is_on(query, "advance_headers"),
        .dual_final_frames = is_on(query, "dual_final_frames"),
        .zero_data = is_on(query, "zero_data"),
    };
    read_key(query, wish.key);
    return wish;
}

/* ---- readers ---- */

void dropin_reader_add(struct dropin_reader **list, struct dropin_reader *reader)
{
    reader->next = *list;
    reader->at = list;
    if (reader->next)
        reader->next->at = &reader->next;
    *list = reader;
}

void dropin_reader_remove(struct dropin_reader *reader)
{
    if (!reader->at)
        return;
    *reader->at = reader->next;
    if (reader->next)
        reader->next->at = reader->at;
    reader->at = NULL;
}

void dropin_reader_count(struct dropin_reader *reader, uint64_t now_ms)
{
    uint64_t second = now_ms / 1000;
    if (second != reader->second)
        reader->fps = second == reader->second + 1 ? reader->count : 0;
    reader->count = second == reader->second ? reader->count + 1 : 1;
    reader->second = second;
}

uint32_t dropin_reader_fps(const struct dropin_reader *reader, uint64_t now_ms)
{
    uint64_t second = now_ms / 1000;
    if (second == reader->second)
        return reader->fps;
    return second == reader->second + 1 ? reader->count : 0;
}
