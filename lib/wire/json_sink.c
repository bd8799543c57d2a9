/* SPDX-License-Identifier: MIT */
#include "../base/text.h"

#include <imshow/json.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void put(struct ims_sink *sink, const char *text)
{
    ims_bytes_append(sink->out, text, strlen(text));
}

static void put_null(struct ims_sink *sink)
{
    put(sink, "null");
}

static void put_boolean(struct ims_sink *sink, bool v)
{
    put(sink, v ? "true" : "false");
}

static void put_i64(struct ims_sink *sink, int64_t v)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, v);
    put(sink, text);
}

static void put_u64(struct ims_sink *sink, uint64_t v)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRIu64, v);
    put(sink, text);
}

static void put_f64(struct ims_sink *sink, double v)
{
    char text[32];

    if (!isfinite(v)) {
        put_null(sink);
        return;
    }
    ims_bytes_append(sink->out, text, (size_t)ims_format_f64(v, text));
}

/* '<' and '>' are escaped as plotly.py does, so that a text cannot end the script element that it is put
 * into. Bytes that are no UTF-8 become U+FFFD: a device may call itself anything. */
static void put_escaped(struct ims_sink *sink, unsigned char c, bool valid)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *found = c ? strchr(from, c) : NULL;
    char text[8];

    if (!valid)
        snprintf(text, sizeof text, "\\ufffd");
    else if (found)
        snprintf(text, sizeof text, "\\%c", to[found - from]);
    else
        snprintf(text, sizeof text, "\\u%04x", c);
    put(sink, text);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != 0x7f;
}

static void put_quoted(struct ims_sink *sink, const char *text, size_t size)
{
    size_t from = 0,
           at = 0; /* text[from..at) needs no escape and goes out in one piece */

    put(sink, "\"");
    while (at < size) {
        const size_t length = ims__utf8_char(text + at, size - at);
        if (length > 1 || (length == 1 && is_plain((unsigned char)text[at]))) {
            at += length;
            continue;
        }
        ims_bytes_append(sink->out, text + from, at - from);
        put_escaped(sink, (unsigned char)text[at], length == 1);
        from = ++at;
    }
    if (at > from)
        ims_bytes_append(sink->out, text + from, at - from);
    put(sink, "\"");
}

static char *put_ascii(struct ims_sink *sink, size_t size)
{
    if (size > SIZE_MAX - 2) {
        sink->out->result = IMS_ERR_LIMIT;
        return NULL;
    }
    uint8_t *place = ims_bytes_extend(sink->out, size + 2);
    if (!place)
        return NULL;
    place[0] = place[size + 1] = '"';
    return (char *)place + 1;
}

static void put_bytes(struct ims_sink *sink, const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX / 2) {
        sink->out->result = IMS_ERR_LIMIT;
        return;
    }
    char *place = put_ascii(sink, ims__base64_size(size));
    if (place)
        ims__base64(data, size, place);
}

static void open_level(struct ims_sink *sink, size_t count)
{
    (void)count;
    put(sink, sink->level[sink->depth - 1].is_map ? "{" : "[");
}

static void close_level(struct ims_sink *sink)
{
    put(sink, sink->level[sink->depth - 1].is_map ? "}" : "]");
}

static void put_key(struct ims_sink *sink, const char *key, size_t size)
{
    put_quoted(sink, key, size);
    put(sink, ":");
}

static void separate(struct ims_sink *sink)
{
    if (sink->level[sink->depth - 1].count)
        put(sink, ",");
}

static const struct ims_sink_impl json = {
    .null = put_null,
    .boolean = put_boolean,
    .i64 = put_i64,
    .u64 = put_u64,
    .f64 = put_f64,
    .text = put_quoted,
    .ascii = put_ascii,
    .bytes = put_bytes,
    .open = open_level,
    .close = close_level,
    .key = put_key,
    .separate = separate,
};

struct ims_sink ims_json_sink(struct ims_bytes *out)
{
    return (struct ims_sink){.impl = &json, .out = out};
}
