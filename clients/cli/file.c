/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "pace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 16 };

static enum ims_result fail(const char *path, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_IO, "%s: %s", path,
                    pace_is_interrupted() ? "interrupted" : strerror(errno));
}

static enum ims_result read_all(int fd, const char *path, size_t most,
                                struct ims_bytes *out, struct ims_error *err)
{
    for (size_t got = 0;;) {
        uint8_t chunk[CHUNK_BYTES];
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0)
            return fail(path, err);
        if (n == 0)
            return IMS_OK;
        got += (size_t)n;
        if (got > most)
            return ims_fail(err, IMS_ERR_LIMIT, "%s: more than %zu bytes", path, most);
        ims_bytes_append(out, chunk, (size_t)n);
        if (out->result)
            return ims_fail(err, out->result, "%s: out of memory", path);
    }
}

enum ims_result file_read(const char *path, size_t most, struct ims_bytes *out,
                          struct ims_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(path, err);
    enum ims_result r = read_all(fd, path, most, out, err);
    close(fd);
    return r;
}

/* ---- out ---- */

static enum ims_result write_all(int fd, const char *path, const void *data, size_t size,
                                 struct ims_error *err)
{
    const char *at = data;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && (errno != EINTR || pace_is_interrupted()))
            return fail(path, err);
        at += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return IMS_OK;
}

/* mkstemp's files are for their owner alone; this one is to be what open() would have made. */
static void give_mode(int fd, const char *path)
{
    struct stat old;
    mode_t mask = umask(0);
    umask(mask);
    bool replaces = stat(path, &old) == 0;
    (void)fchmod(fd, replaces ? old.st_mode & 0777 : 0666 & ~mask);
}

enum ims_result file_out_begin(const char *path, struct file_out *out,
                               struct ims_error *err)
{
    *out = (struct file_out){.path = path, .fd = STDOUT_FILENO};
    if (strcmp(path, "-") == 0) {
        out->path = "stdout";
        return IMS_OK;
    }
    if (asprintf(&out->beside, "%s.XXXXXX", path) < 0) {
        out->beside = NULL;
        return ims_fail(err, IMS_ERR_NOMEM, "out of memory");
    }
    out->fd = mkostemp(out->beside, O_CLOEXEC);
    if (out->fd < 0) {
        free(out->beside);
        return fail(path, err);
    }
    give_mode(out->fd, path);
    return IMS_OK;
}

enum ims_result file_out_put(struct file_out *out, const void *data, size_t size,
                             struct ims_error *err)
{
    return write_all(out->fd, out->path, data, size, err);
}

enum ims_result file_out_end(struct file_out *out, enum ims_result result,
                             struct ims_error *err)
{
    enum ims_result r = result;
    if (!out->beside)
        return r;
    if (close(out->fd) != 0 && !r)
        r = fail(out->path, err);
    if (!r && pace_is_interrupted())
        r = fail(out->path, err);
    if (!r && rename(out->beside, out->path) != 0)
        r = fail(out->path, err);
    if (r)
        (void)unlink(out->beside);
    free(out->beside);
    return r;
}

enum ims_result file_write(const char *path, const void *data, size_t size,
                           struct ims_error *err)
{
    struct file_out out;
    enum ims_result r = file_out_begin(path, &out, err);
    return r ? r : file_out_end(&out, file_out_put(&out, data, size, err), err);
}
