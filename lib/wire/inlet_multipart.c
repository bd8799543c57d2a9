/* SPDX-License-Identifier: MIT */
/*
 * multipart/x-mixed-replace, as cameras send it (RFC 2046, section 5.1, and what they make of it):
 *
 *     --boundary CRLF | Content-Type: image/jpeg CRLF Content-Length: 1234 CRLF CRLF | picture | CRLF --boundary ...
 *
 * The first line says the boundary, since what headers say of it differs by a "--" often enough. A part
 * without a length ends where its picture ends: waiting for the next boundary would show it a frame late.
 */
#include "inlet_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum part { PART_BOUNDARY, PART_HEADERS, PART_BODY, PART_EPILOGUE };

bool ims__inlet_multipart_may_end(const struct ims_inlet *in)
{
    return in->own.part != PART_BODY;
}

/* ---- the boundary ---- */

static bool ends_line(uint8_t c)
{
    return c == '\r' || c == '\n';
}

/* The first line, whole: "--" and a text. */
static enum ims_result learn_boundary(struct ims_inlet *in, struct ims__look *look)
{
    size_t n = 0, most = IMS_INLET_BOUNDARY_BYTES;

    while (n < look->size && n < most && !ends_line(look->data[n]))
        n++;
    if (n == most)
        return ims_fail(look->err, IMS_ERR_LIMIT,
                        "multipart: a boundary of more than %zu bytes", most);
    if (n == look->size)
        return ims__look_want(look, look->size + 1);
    if (n < 3 || memcmp(look->data, "--", 2) != 0)
        return ims_fail(look->err, IMS_ERR_INVALID,
                        "multipart: begins with no boundary: a line of -- and a text");
    memcpy(in->own.boundary, look->data, n);
    in->own.boundary_size = n;
    return IMS_OK;
}

static size_t blank_bytes(const uint8_t *data, size_t size)
{
    size_t n = 0;

    while (n < size && ends_line(data[n]))
        n++;
    return n;
}

/* The line with the boundary, which stands at the front: "--" behind it ends the stream. */
static enum ims_result take_boundary(struct ims_inlet *in, struct ims__look *look)
{
    size_t n = in->own.boundary_size;
    size_t most = look->size < n + IMS_INLET_BOUNDARY_BYTES
                      ? look->size
                      : n + IMS_INLET_BOUNDARY_BYTES;
    const uint8_t *newline = memchr(look->data + n, '\n', most - n);

    if (most - n >= 2 && memcmp(look->data + n, "--", 2) == 0) {
        in->own.part = PART_EPILOGUE;
        return ims__look_drop(look, n + 2);
    }
    if (!newline && most == n + IMS_INLET_BOUNDARY_BYTES)
        return ims_fail(look->err, IMS_ERR_LIMIT,
                        "multipart: a line of more than %zu bytes at a boundary", most);
    if (!newline)
        return ims__look_want(look, look->size + 1);
    in->own.part = PART_HEADERS;
    return ims__look_drop(look, (size_t)(newline - look->data) + 1);
}

/* What stands before a boundary is dropped, up to what may be the boundary's begin. */
static enum ims_result step_boundary(struct ims_inlet *in, struct ims__look *look)
{
    size_t blank = blank_bytes(look->data, look->size);

    if (blank)
        return ims__inlet_skip(in, look, blank);
    if (in->own.boundary_size == 0) {
        enum ims_result r = learn_boundary(in, look);
        if (r)
            return r;
    }
    if (look->size < in->own.boundary_size)
        return ims__look_want(look, in->own.boundary_size);
    const uint8_t *found =
        memmem(look->data, look->size, in->own.boundary, in->own.boundary_size);
    if (found == look->data)
        return take_boundary(in, look);
    return ims__inlet_skip(in, look,
                           found ? (size_t)(found - look->data)
                                 : look->size - in->own.boundary_size + 1);
}

/* ---- the headers ---- */

/* The value of a header that begins the line, or NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);

    if (strncasecmp(line, name, n) != 0 || line[n] != ':')
        return NULL;
    return line + n + 1 + strspn(line + n + 1, " \t");
}

static enum ims_result read_length(struct ims_inlet *in, const char *value,
                                   struct ims_error *err)
{
    char *end;
    unsigned long long length = strtoull(value, &end, 10);

    if (*value < '0' || *value > '9' || (*end && !strchr(" \t", *end)))
        return ims_fail(err, IMS_ERR_INVALID, "multipart: Content-Length is '%.40s'",
                        value);
    if (length > in->max_bytes)
        return ims_fail(err, IMS_ERR_LIMIT,
                        "multipart: a part of %.20s bytes, at most %zu", value,
                        in->max_bytes);
    in->own.length = (size_t)length;
    return IMS_OK;
}

/* Seconds since 1970 with a fraction; what is none is left alone. */
static void read_timestamp(struct ims_inlet *in, const char *value)
{
    double seconds = strtod(value, NULL);

    if (seconds > 0 && seconds < 1e11)
        in->own.time_us = (int64_t)(seconds * 1e6 + 0.5);
}

static enum ims_result read_header(struct ims_inlet *in, const char *line,
                                   struct ims_error *err)
{
    const char *value = value_of(line, "X-Timestamp");

    if (value)
        read_timestamp(in, value);
    value = value_of(line, "Content-Length");
    return value ? read_length(in, value, err) : IMS_OK;
}

/* Bytes up to and with the empty line; 0: it is not there. */
static size_t headers_bytes(const uint8_t *data, size_t size)
{
    size_t start = 0;

    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n')
            continue;
        if (i == start || (i == start + 1 && data[start] == '\r'))
            return i + 1;
        start = i + 1;
    }
    return 0;
}

static enum ims_result step_headers(struct ims_inlet *in, struct ims__look *look)
{
    char text[IMS_INLET_HEAD_BYTES + 1], *rest = NULL;
    size_t most = look->size < IMS_INLET_HEAD_BYTES ? look->size : IMS_INLET_HEAD_BYTES;
    size_t size = headers_bytes(look->data, most);

    if (size == 0 && most == IMS_INLET_HEAD_BYTES)
        return ims_fail(look->err, IMS_ERR_LIMIT,
                        "multipart: more than %d bytes of headers", IMS_INLET_HEAD_BYTES);
    if (size == 0)
        return ims__look_want(look, look->size + 1);
    memcpy(text, look->data, size);
    text[size] = '\0';
    in->own.length = SIZE_MAX;
    in->own.time_us = 0;
    for (char *line = strtok_r(text, "\r\n", &rest); line;
         line = strtok_r(NULL, "\r\n", &rest)) {
        enum ims_result r = read_header(in, line, look->err);
        if (r)
            return r;
    }
    in->own.part = in->own.length ? PART_BODY : PART_BOUNDARY;
    return ims__look_drop(look, size);
}

/* ---- the body ---- */

static enum ims_result tell_part(struct ims__look *look, enum ims_inlet_kind *kind)
{
    struct ims__look part = {.data = look->data, .size = look->size};
    enum ims_result r = ims__inlet_tell(&part, kind);

    if (r == IMS_ERR_TRUNCATED)
        return ims__look_want(look, part.need);
    if (!r && (*kind == IMS_INLET_JPEG || *kind == IMS_INLET_PNG ||
               *kind == IMS_INLET_NPY || *kind == IMS_INLET_PNM))
        return IMS_OK;
    return ims_fail(
        look->err, IMS_ERR_INVALID,
        "multipart: a part is no JPEG, PNG, npy or PNM: it begins with 0x%02x",
        look->data[0]);
}

static enum ims_result step_body(struct ims_inlet *in, struct ims__look *look)
{
    enum ims_inlet_kind kind = IMS_INLET_NONE;

    if (in->own.length != SIZE_MAX && look->size < in->own.length)
        return ims__look_want(look, in->own.length);
    enum ims_result r = tell_part(look, &kind);
    if (!r && in->own.length != SIZE_MAX)
        r = ims__look_found(look, kind, 0, in->own.length);
    else if (!r)
        r = ims__inlet_step(in, look, kind);
    if (r == IMS_OK && look->piece->kind != IMS_INLET_NONE) {
        look->piece->time_us = in->own.time_us;
        in->own.part = PART_BOUNDARY;
    }
    return r;
}

enum ims_result ims__inlet_step_multipart(struct ims_inlet *in, struct ims__look *look)
{
    switch ((enum part)in->own.part) {
    case PART_BOUNDARY: return step_boundary(in, look);
    case PART_HEADERS: return step_headers(in, look);
    case PART_BODY: return step_body(in, look);
    case PART_EPILOGUE: break;
    }
    return ims__look_drop(look, look->size);
}
