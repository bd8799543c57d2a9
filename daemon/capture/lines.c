/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include "stream.h"

#include <stdio.h>
#include <string.h>

void lines_init(struct lines *lines, void (*on_line)(void *user, const char *line),
                void *user)
{
    *lines = (struct lines){.on_line = on_line, .user = user};
}

const char *lines_last(const struct lines *lines)
{
    return lines->last;
}

static void tell_left_out(struct lines *lines)
{
    char text[64];
    snprintf(text, sizeof text, "(%u more lines are left out)", lines->left_out);
    lines->on_line(lines->user, text);
}

static void end_line(struct lines *lines)
{
    int64_t now_ms = stream_mono_ns() / 1000000;
    lines->line[lines->size] = '\0';
    lines->size = 0;
    if (lines->line[0] == '\0')
        return;
    memcpy(lines->last, lines->line, sizeof lines->last);
    if (now_ms - lines->since_ms >= LINES_EVERY_MS) {
        if (lines->left_out)
            tell_left_out(lines);
        lines->since_ms = now_ms;
        lines->count = lines->left_out = 0;
    }
    if (lines->count++ < LINES_BURST)
        lines->on_line(lines->user, lines->line);
    else
        lines->left_out++;
}

void lines_take(struct lines *lines, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n' || c == '\r') /* progress lines end in a carriage return */
            end_line(lines);
        else if (lines->size < LINES_BYTES)
            lines->line[lines->size++] = c < ' ' || c == 0x7f ? '?' : (char)c;
    }
}
