/* SPDX-License-Identifier: MIT */
/* Bytes of an MCAP file on their way out. */
#include "mcap_writer.h"

#include <errno.h>
#include <libdeflate.h>
#include <unistd.h>

struct ims__unit ims__unit_begin(struct ims_mcap_writer *w)
{
    return (struct ims__unit){w, w->bytes, 0, w->result};
}

void ims__unit_emit_bare(struct ims__unit *unit, const void *data, size_t size)
{
    struct ims_mcap_writer *w = unit->writer;

    if (unit->result || size == 0)
        return;
    unit->result = w->output.write(w->output.user, data, size, &w->error);
    unit->bytes += size;
}

void ims__unit_emit(struct ims__unit *unit, const void *data, size_t size)
{
    if (size)
        unit->crc = libdeflate_crc32(unit->crc, data, size);
    ims__unit_emit_bare(unit, data, size);
}

static enum ims_result fail_sticky(struct ims_mcap_writer *w, enum ims_result r,
                                   struct ims_error *err)
{
    if (!w->result)
        w->result = r;
    return ims_fail(err, w->result, "%s",
                    w->error.text[0] ? w->error.text : ims_result_name(w->result));
}

enum ims_result ims__unit_end(struct ims__unit *unit, struct ims_error *err)
{
    struct ims_mcap_writer *w = unit->writer;

    if (unit->result)
        return fail_sticky(w, unit->result, err);
    w->crc = ims__crc_join(w->crc, unit->crc, unit->bytes - w->bytes);
    w->bytes = unit->bytes;
    return IMS_OK;
}

/* Writes what `small` holds. */
enum ims_result ims__writer_small(struct ims_mcap_writer *w, struct ims_error *err)
{
    struct ims__unit unit = ims__unit_begin(w);

    if (w->small.result) {
        const enum ims_result r = w->small.result;
        w->small.result = IMS_OK;
        return ims_fail(err, r, "no memory for a record");
    }
    ims__unit_emit(&unit, w->small.data, w->small.size);
    return ims__unit_end(&unit, err);
}

enum ims_result ims__writer_check(struct ims_mcap_writer *w, struct ims_error *err)
{
    if (w->result)
        return fail_sticky(w, w->result, err);
    return w->is_finished ? ims_fail(err, IMS_ERR_INVALID, "the recording is finished")
                          : IMS_OK;
}

static enum ims_result write_fd(void *user, const void *data, size_t size,
                                struct ims_error *err)
{
    const uint8_t *at = data;

    while (size) {
        const ssize_t n = write((int)(intptr_t)user, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ims_fail(err, IMS_ERR_IO, "cannot write the recording: %s",
                            n < 0 ? strerror(errno) : "nothing was taken");
        at += n;
        size -= (size_t)n;
    }
    return IMS_OK;
}

struct ims_mcap_output ims_mcap_output_fd(int fd)
{
    return (struct ims_mcap_output){write_fd, (void *)(intptr_t)fd};
}
