/* SPDX-License-Identifier: MIT */
#include "log_line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int priority; /* syslog's, for journald */
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", 3},
    [LOG_LEVEL_WARNING] = {"warning", 4},
    [LOG_LEVEL_INFO] = {"info", 6},
    [LOG_LEVEL_DEBUG] = {"debug", 7},
};

const char *log_level_name(enum log_level level)
{
    return levels[level].name;
}

/* ---- a line that is being written ---- */

enum { TAIL_BYTES = 80 }; /* kept for what ends the object, and for the newline */

struct line {
    char *bytes;
    size_t size, room;
};

/* All of it, or nothing: an escape is never cut. */
static void put(struct line *line, const char *text, size_t size)
{
    if (line->size + size > line->room)
        return;
    memcpy(line->bytes + line->size, text, size);
    line->size += size;
}

__attribute__((format(printf, 2, 3))) static void put_f(struct line *line,
                                                        const char *fmt, ...)
{
    char text[128];
    va_list args;
    va_start(args, fmt);
    int size = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    put(line, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

static bool is_tail(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* Bytes of the character at `s` by Unicode's table 3-7; 0: they are none. A zero ends the text, and is no tail. */
static size_t character(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if (!is_tail(s[i]))
            return 0;
    bool is_bad = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
                  (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f);
    return is_bad ? 0 : length;
}

/* The controls of Unicode's first and second rows: a terminal would act on them. */
static bool is_control(const unsigned char *s, size_t length)
{
    return (length == 1 && (s[0] < ' ' || s[0] == 0x7f)) ||
           (length == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

static void put_plain(struct line *line, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t length = character(s);
        bool is_shown = length && !is_control(s, length);
        if (is_shown)
            put(line, (const char *)s, length);
        else if (length == 2)
            put_f(line, "\\u%04x", s[1]);
        else
            put_f(line, "\\x%02x", *s);
        s += length ? length : 1;
    }
}

static void put_json(struct line *line, const char *text)
{
    put(line, "\"", 1);
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t length = character(s);
        if (length == 0)
            put(line, "\\ufffd", 6);
        else if (is_control(s, length))
            put_f(line, "\\u%04x", length == 2 ? s[1] : s[0]);
        else if (*s == '"' || *s == '\\')
            put_f(line, "\\%c", *s);
        else
            put(line, (const char *)s, length);
        s += length ? length : 1;
    }
}

/* ---- text and journal ---- */

static void put_name(struct line *line, const char *name)
{
    if (!name)
        return;
    put(line, " ", 1);
    put_plain(line, name);
}

static void make_text(struct line *line, const struct log_record *r)
{
    put_plain(line, r->about.area);
    put_name(line, r->about.stream);
    put_name(line, r->about.recording);
    put_name(line, r->about.client);
    put(line, ": ", 2);
    put_plain(line, r->message);
    line->room += TAIL_BYTES - 1;
    if (r->lost)
        put_f(line, " (%" PRIu64 " lines before this one were not taken and are lost)",
              r->lost);
}

static void make_plain(struct line *line, const struct log_record *r)
{
    put_f(line, "%7s %lld.%03ld ", levels[r->level].name, (long long)r->uptime.tv_sec,
          r->uptime.tv_nsec / 1000000);
    make_text(line, r);
}

static void make_journal(struct line *line, const struct log_record *r)
{
    put_f(line, "<%d>", levels[r->level].priority);
    make_text(line, r);
}

/* ---- JSON ---- */

static void put_time(struct line *line, struct timespec time)
{
    struct tm tm;
    char text[32];
    gmtime_r(&time.tv_sec, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    put_f(line, "{\"time\":\"%s.%03ldZ\"", text, time.tv_nsec / 1000000);
}

/* The text is cut where the room ends, its closing quote is not. */
static void put_member(struct line *line, const char *key, const char *text, size_t room)
{
    if (!text)
        return;
    put_f(line, ",\"%s\":", key);
    size_t whole = line->room;
    if (whole - line->size > room)
        line->room = line->size + room;
    put_json(line, text);
    line->room = whole + 1;
    put(line, "\"", 1);
    line->room = whole;
}

static void make_json(struct line *line, const struct log_record *r)
{
    enum { NAME_ROOM = 400 };
    put_time(line, r->time);
    put_member(line, "level", levels[r->level].name, NAME_ROOM);
    put_member(line, "area", r->about.area, NAME_ROOM);
    put_member(line, "stream", r->about.stream, NAME_ROOM);
    put_member(line, "recording", r->about.recording, NAME_ROOM);
    put_member(line, "client", r->about.client, NAME_ROOM);
    put_member(line, "message", r->message, LOG_LINE_BYTES);
    line->room += TAIL_BYTES - 1;
    if (r->left_out)
        put_f(line, ",\"left_out\":%" PRIu64, r->left_out);
    if (r->lost)
        put_f(line, ",\"lost\":%" PRIu64, r->lost);
    put(line, "}", 1);
}

size_t log_line_make(enum log_format format, const struct log_record *record,
                     char out[LOG_LINE_BYTES])
{
    struct line line = {.bytes = out, .room = LOG_LINE_BYTES - TAIL_BYTES};
    switch (format) {
    case LOG_FORMAT_JSON: make_json(&line, record); break;
    case LOG_FORMAT_JOURNAL: make_journal(&line, record); break;
    case LOG_FORMAT_AUTO:
    case LOG_FORMAT_TEXT: make_plain(&line, record); break;
    }
    out[line.size++] = '\n';
    return line.size;
}
