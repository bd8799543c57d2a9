/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64, LINE_SHOWN = 80 };

/* A line, of which what has been read is gone. */
struct line {
    const char *at, *end;
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == ':';
}

static bool skip(struct line *line, char c)
{
    bool is = line->at < line->end && *line->at == c;
    line->at += is ? 1 : 0;
    return is;
}

static bool read_name(struct line *line, char *out, size_t room)
{
    const char *start = line->at;
    while (line->at < line->end && is_name(*line->at))
        line->at++;
    size_t size = (size_t)(line->at - start);
    if (size == 0 || size >= room)
        return false;
    memcpy(out, start, size);
    out[size] = 0;
    return true;
}

/* What comes from the network must not steer the terminal. */
static char printable(char c)
{
    if (c < ' ' || c > '~')
        return '?';
    return c;
}

/* Between quotes; a backslash stands before what would end it. */
static bool read_quoted(struct line *line, char *out, size_t room)
{
    size_t size = 0;
    if (!skip(line, '"'))
        return false;
    while (line->at < line->end && *line->at != '"') {
        if (*line->at == '\\')
            line->at++;
        if (line->at == line->end || size + 1 >= room)
            return false;
        out[size++] = printable(*line->at++);
    }
    out[size] = 0;
    return skip(line, '"');
}

static bool read_labels(struct line *line, struct sample *out)
{
    out->label_count = 0;
    if (!skip(line, '{'))
        return true;
    while (!skip(line, '}')) {
        int i = out->label_count++;
        if (i == SAMPLE_LABELS_MAX || (i > 0 && !skip(line, ',')) ||
            !read_name(line, out->labels[i].name, sizeof out->labels[i].name) ||
            !skip(line, '=') ||
            !read_quoted(line, out->labels[i].value, sizeof out->labels[i].value))
            return false;
    }
    return true;
}

static bool read_value(struct line *line, double *out)
{
    char text[NUMBER_MAX], *end;
    size_t size = (size_t)(line->end - line->at);
    if (size == 0 || size >= sizeof text)
        return false;
    memcpy(text, line->at, size);
    text[size] = 0;
    *out = strtod(text, &end);
    return end != text && *end == 0;
}

static bool read_sample(struct line line, struct sample *out)
{
    return read_name(&line, out->name, sizeof out->name) && read_labels(&line, out) &&
           skip(&line, ' ') && read_value(&line, &out->value);
}

const char *sample_label(const struct sample *sample, const char *name)
{
    for (int i = 0; i < sample->label_count; i++)
        if (strcmp(sample->labels[i].name, name) == 0)
            return sample->labels[i].value;
    return "";
}

static enum ims_result fail(struct line line, size_t number, struct ims_error *err)
{
    char shown[LINE_SHOWN + 1];
    size_t size = 0;
    for (; line.at < line.end && size < LINE_SHOWN; line.at++)
        shown[size++] = printable(*line.at);
    shown[size] = 0;
    return ims_fail(err, IMS_ERR_INVALID,
                    "the answer is none of imshowd's: line %zu is no sample: %s", number,
                    shown);
}

enum ims_result samples_read(const char *text, size_t size,
                             void (*on_sample)(void *user, const struct sample *sample),
                             void *user, struct ims_error *err)
{
    struct sample sample;
    const char *end = text + size;
    size_t number = 0;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        struct line line = {text, newline ? newline : end};
        number++;
        text = newline ? newline + 1 : end;
        if (line.at == line.end || *line.at == '#')
            continue;
        if (!read_sample(line, &sample))
            return fail(line, number, err);
        on_sample(user, &sample);
    }
    return IMS_OK;
}
