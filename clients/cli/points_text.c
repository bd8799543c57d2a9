/* SPDX-License-Identifier: MIT */
#include "points_text.h"

#include "pace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum ims_result points_text_open(const char *path, struct points_text *out,
                                 struct ims_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;

    out->path = is_stdin ? "stdin" : path;
    out->line = out->have = out->columns = out->count = 0;
    out->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0)
        return ims_fail(err, IMS_ERR_IO, "%s: %s", path, strerror(errno));
    return IMS_OK;
}

void points_text_close(struct points_text *text)
{
    if (text->fd >= 0)
        close(text->fd);
    text->fd = -1;
}

static enum ims_result fail_line(const struct points_text *t, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID,
                    "%s: line %llu: %s numbers are wanted, parted by commas or spaces",
                    t->path, (unsigned long long)t->line,
                    t->columns == 0   ? "two or three"
                    : t->columns == 2 ? "two"
                                      : "three");
}

/* How many numbers the line has, at most four; 0 when something else is in it. */
static size_t read_numbers(char *line, double out[4])
{
    static const char between[] = ", ;\t\r";
    size_t n = 0;

    for (char *at = line + strspn(line, between), *end; *at && n < 4; n++) {
        out[n] = strtod(at, &end);
        if (end == at || (*end && !strchr(between, *end)))
            return 0;
        at = end + strspn(end, between);
    }
    return n;
}

static enum ims_result take_line(struct points_text *t, char *line, struct ims_error *err)
{
    double v[4];

    t->line++;
    if (line[strspn(line, " \t\r")] == '\0' || line[0] == '#')
        return IMS_OK;
    size_t n = read_numbers(line, v);
    if (n == 0 && t->line == 1) /* names of the columns */
        return IMS_OK;
    if (n < 2 || n > 3 || (t->columns && n != t->columns))
        return fail_line(t, err);
    t->columns = n;
    memcpy(t->rows + t->count * n, v, n * sizeof *v);
    t->count++;
    return IMS_OK;
}

/* The whole lines that are there; at the end of the input the last one may lack its newline. */
static enum ims_result take_lines(struct points_text *t, bool at_end,
                                  struct ims_error *err)
{
    char *at = t->bytes;
    enum ims_result r = IMS_OK;

    if (at_end && t->have)
        t->bytes[t->have++] = '\n';
    for (char *end; !r && (end = memchr(at, '\n', t->have - (size_t)(at - t->bytes)));
         at = end + 1) {
        *end = '\0';
        r = take_line(t, at, err);
    }
    t->have -= (size_t)(at - t->bytes);
    memmove(t->bytes, at, t->have);
    return r;
}

enum ims_result points_text_next(struct points_text *text, struct ims_error *err)
{
    text->count = 0;
    while (text->count == 0 && !pace_is_interrupted()) {
        if (text->have == POINTS_TEXT_BYTES)
            return ims_fail(err, IMS_ERR_LIMIT, "%s: line %llu is longer than %d bytes",
                            text->path, (unsigned long long)text->line + 1,
                            POINTS_TEXT_BYTES);
        ssize_t n =
            read(text->fd, text->bytes + text->have, POINTS_TEXT_BYTES - text->have);
        if (n < 0 && errno != EINTR)
            return ims_fail(err, IMS_ERR_IO, "%s: %s", text->path, strerror(errno));
        if (n > 0)
            text->have += (size_t)n;
        enum ims_result r = take_lines(text, n == 0, err);
        if (r || n == 0)
            return r;
    }
    return IMS_OK;
}
