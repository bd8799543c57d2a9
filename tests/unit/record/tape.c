/* SPDX-License-Identifier: MIT */
#include "tape.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ims_result write_tape(void *user, const void *data, size_t size,
                                  struct ims_error *err)
{
    struct tape *tape = user;

    if (tape->room && tape->bytes.size + size > tape->room) {
        /* As write(2) does: what fits is taken. */
        ims_bytes_append(&tape->bytes, data, tape->room - tape->bytes.size);
        return ims_fail(err, IMS_ERR_IO, "the tape is full");
    }
    ims_bytes_append(&tape->bytes, data, size);
    return tape->bytes.result;
}

struct ims_mcap_output tape_output(struct tape *tape)
{
    return (struct ims_mcap_output){write_tape, tape};
}

static enum ims_result read_tape(void *user, uint64_t offset, void *data, size_t size,
                                 struct ims_error *err)
{
    const struct tape *tape = user;

    if (offset > tape->bytes.size || size > tape->bytes.size - offset)
        return ims_fail(err, IMS_ERR_IO, "asked for bytes that are not there");
    memcpy(data, tape->bytes.data + offset, size);
    return IMS_OK;
}

struct ims_mcap_input tape_input(const struct tape *tape)
{
    return (struct ims_mcap_input){read_tape, (void *)(uintptr_t)tape, tape->bytes.size};
}

void tape_finish(struct tape *tape)
{
    ims_bytes_finish(&tape->bytes);
}

int tape_file(const struct tape *tape)
{
    const int fd = memfd_create("tape", MFD_CLOEXEC);

    if (fd < 0 ||
        pwrite(fd, tape->bytes.data, tape->bytes.size, 0) != (ssize_t)tape->bytes.size)
        abort();
    return fd;
}

void tape_load(struct tape *tape, int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        abort();
    tape->bytes.size = 0;
    uint8_t *at = ims_bytes_extend(&tape->bytes, (size_t)st.st_size);
    if (!at || pread(fd, at, (size_t)st.st_size, 0) != st.st_size)
        abort();
}

uint32_t tape_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}
