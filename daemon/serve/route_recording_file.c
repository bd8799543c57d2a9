/* SPDX-License-Identifier: MIT */
/*
 * A recording as a file: whole, in parts (Range), or what is there of one that is being written. It is opened and read
 * by errands, a piece at a time, so that a slow disk holds up nobody but who asked.
 */
#include "range.h"
#include "recording_access.h"

#include "../capture/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 1 << 20, WRITE_BYTES = 64 << 10, HEADERS_MAX = 512 };

struct download {
    struct server *server;
    struct exchange *x;
    struct errand *errand; /* NULL: the pieces are the loop's */
    struct folder *folder;
    char name[ROUTE_ARGUMENT_MAX];
    int fd;
    bool is_missing;
    struct ims_error err;
    struct stat st;
    uint64_t offset, left; /* of the file, not read so far */
    uint8_t *piece;
    size_t filled, written; /* of the piece */
};

static void download_free(void *user)
{
    struct download *d = user;
    if (d->fd >= 0)
        close(d->fd);
    folder_unref(&d->folder);
    free(d->piece);
    free(d);
}

/* ---- on the errand's thread ---- */

static void do_open(void *user)
{
    struct download *d = user;
    if (folder_file(d->folder, d->name, O_RDONLY, &d->fd, &d->is_missing, &d->err))
        return;
    if (fstat(d->fd, &d->st))
        ims_error_set(&d->err, "recording '%.100s': %s", d->name, strerror(errno));
}

static void do_read(void *user)
{
    struct download *d = user;
    size_t want = d->left < PIECE_BYTES ? (size_t)d->left : PIECE_BYTES;
    ssize_t n = pread(d->fd, d->piece, want, (off_t)d->offset);
    d->filled = n > 0 ? (size_t)n : 0;
    d->written = 0;
}

/* ---- on the loop ---- */

static void finish(struct download *d)
{
    d->server->downloads--;
    download_free(d);
}

static void on_close(struct exchange *x)
{
    struct download *d = x->state;
    d->server->downloads--;
    if (d->errand)
        errand_abandon(&d->errand);
    else
        download_free(d);
}

/* The file was cut, or the disk fails: what was promised cannot be kept. */
static void break_off(struct download *d)
{
    struct exchange *x = d->x;
    x->state = NULL;
    x->on_close = NULL;
    x->on_writable = NULL;
    finish(d);
    exchange_end(x);
}

static void on_read(void *user)
{
    struct download *d = user;
    d->errand = NULL;
    d->offset += d->filled;
    d->left -= d->filled;
    if (d->filled == 0)
        break_off(d);
    else
        exchange_want_write(d->x);
}

static void read_piece(struct download *d)
{
    if (errand_start(d->server->loop, do_read, on_read, download_free, d, &d->errand))
        break_off(d);
}

static void on_writable(struct exchange *x)
{
    struct download *d = x->state;
    if (d->errand || d->written == d->filled) /* the piece is the thread's meanwhile */
        return;
    size_t size = d->filled - d->written;
    size = size < WRITE_BYTES ? size : WRITE_BYTES;
    bool is_last = d->left == 0 && d->written + size == d->filled;
    if (is_last)
        x->state = NULL; /* with the last byte the answer is over */
    bool is_well = exchange_write(x, d->piece + d->written, size);
    d->written += size;
    if (is_last && is_well)
        finish(d);
    else if (is_last)
        x->state = d;
    else if (d->written < d->filled)
        exchange_want_write(x);
    else
        read_piece(d);
}

static void begin(struct download *d)
{
    struct exchange *x = d->x;
    uint64_t bytes = (uint64_t)d->st.st_size, first = 0, size = bytes;
    char headers[HEADERS_MAX];
    enum range_result range = range_read(x->range, bytes, &first, &size);
    int n = snprintf(headers, sizeof headers,
                     "Accept-Ranges: bytes\r\nCache-Control: no-cache\r\n"
                     "Content-Disposition: attachment; filename=\"%s.mcap\"\r\n",
                     d->name);
    if (range == RANGE_PART)
        snprintf(headers + n, sizeof headers - (size_t)n,
                 "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64 "\r\n", first,
                 first + size - 1, bytes);
    d->offset = first;
    d->left = size;
    d->piece = malloc(PIECE_BYTES);
    if (range == RANGE_OUTSIDE || !d->piece) {
        x->state = NULL;
        x->on_close = NULL;
        finish(d);
        exchange_error(x, range == RANGE_OUTSIDE ? 416 : 503,
                       range == RANGE_OUTSIDE ? "the range begins behind the end"
                                              : "no memory for the file");
        return;
    }
    bool is_empty = x->method == METHOD_HEAD || size == 0;
    if (is_empty) {
        x->state = NULL;
        finish(d);
    } else {
        x->on_writable = on_writable;
    }
    exchange_begin_sized(x, range == RANGE_PART ? 206 : 200, "application/octet-stream",
                         size, headers);
    if (!is_empty)
        read_piece(d);
}

static void on_opened(void *user)
{
    struct download *d = user;
    struct exchange *x = d->x;
    d->errand = NULL;
    if (!*d->err.text) {
        begin(d);
        return;
    }
    struct ims_error err = d->err;
    int status = d->is_missing ? 404 : 400;
    x->state = NULL;
    x->on_close = NULL;
    finish(d);
    exchange_error(x, status, err.text);
}

static struct download *download_create(struct exchange *x, struct folder *folder)
{
    struct download *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->server = x->server;
    d->x = x;
    d->folder = folder_ref(folder);
    d->fd = -1;
    snprintf(d->name, sizeof d->name, "%s", x->argument);
    if (errand_start(x->server->loop, do_open, on_opened, download_free, d, &d->errand) ==
        IMS_OK)
        return d;
    download_free(d);
    return NULL;
}

void route_recording_file(struct exchange *x)
{
    struct library *library = recordings_library(x->server->parts.recordings);
    struct folder *folder = library_folder(library);
    struct ims_error err = {0};
    if (recording_name_check(x->argument, &err) || !folder) {
        exchange_error(x, 404, *err.text ? err.text : "there are no recordings");
        return;
    }
    if (!recording_allowed(x))
        return;
    struct download *d =
        x->server->downloads < SERVER_DOWNLOADS_MAX ? download_create(x, folder) : NULL;
    if (!d) {
        exchange_error(x, 503, "too many downloads at once: try again");
        return;
    }
    x->server->downloads++;
    x->state = d;
    x->on_close = on_close;
}
