/* SPDX-License-Identifier: MIT */
/* Any bytes as a recording: it opens or is refused with a reason, all that it says it has can be asked for, and what
 * recovery leaves is whole. */
#include "fuzz.h"

#include <imshow/record.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FRAMES_MAX = 200, CHUNK_MAX = 1 << 20 };

struct bytes {
    const uint8_t *data;
    size_t size;
};

static enum ims_result read_bytes(void *user, uint64_t offset, void *data, size_t size,
                                  struct ims_error *err)
{
    const struct bytes *bytes = user;

    (void)err;
    fuzz_check(offset <= bytes->size && size <= bytes->size - offset);
    memcpy(data, bytes->data + offset, size);
    return IMS_OK;
}

static void read_frames(struct ims_record_reader *r, size_t stream)
{
    const uint64_t frames = ims_record_reader_stream(r, stream)->frames;
    struct ims_frame *frame;
    struct ims_extent extent;
    int64_t at;
    uint64_t n;

    for (uint64_t i = 0; i < frames && i < FRAMES_MAX; i++) {
        struct ims_error err = {0};
        if (ims_record_reader_time(r, stream, IMS_RECORD_FRAMES, i, &at, NULL) ==
                IMS_OK &&
            ims_record_reader_find(r, stream, IMS_RECORD_FRAMES, at, &n, NULL) == IMS_OK)
            fuzz_check(n <= frames);
        if (ims_record_reader_frame(r, stream, i, &frame, &err)) {
            fuzz_check(err.text[0] != '\0');
            continue;
        }
        if (ims_frame_extent(frame, &extent, NULL) == IMS_OK)
            fuzz_check(extent.width > 0 && extent.height > 0);
        ims_frame_unref(&frame);
    }
}

static void read_values(struct ims_record_reader *r, size_t stream)
{
    const struct ims_record_stream *s = ims_record_reader_stream(r, stream);
    struct ims_document *doc;

    for (int kind = IMS_RECORD_FIGURE; kind < IMS_RECORD_KINDS; kind++)
        for (uint64_t i = 0; i < s->counts[kind] && i < FRAMES_MAX; i++)
            if (ims_record_reader_value(r, stream, (enum ims_record_kind)kind, i, &doc,
                                        NULL) == IMS_OK)
                ims_document_destroy(doc);
}

static void read_extras(struct ims_mcap_reader *r)
{
    const struct ims_mcap_pair *pairs;
    struct ims_bytes out = {.limit = CHUNK_MAX};
    size_t count;

    (void)ims_mcap_reader_attachments(r, &count);
    for (size_t i = 0; i < count; i++)
        if (ims_mcap_reader_attached(r, i, &out, NULL) == IMS_OK)
            fuzz_check(out.result == IMS_OK);
    if (ims_mcap_reader_metadata(r, "imshow", &pairs, &count, NULL) == IMS_OK)
        fuzz_check(count == 0 || pairs != NULL);
    ims_bytes_finish(&out);
}

static bool read_all(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    const struct ims_mcap_input input = {read_bytes, &bytes, size};
    const struct ims_mcap_reader_settings settings = {.chunk_bytes_max = CHUNK_MAX};
    struct ims_record_reader *r;
    struct ims_error err = {0};

    if (ims_record_reader_open(&input, &settings, &r, &err)) {
        fuzz_check(err.text[0] != '\0');
        return false;
    }
    for (size_t i = 0; i < ims_record_reader_streams(r); i++) {
        read_frames(r, i);
        read_values(r, i);
    }
    read_values(r, IMS_RECORD_WHOLE);
    read_extras(ims_record_reader_mcap(r));
    ims_record_reader_close(r);
    return true;
}

static void recover(const uint8_t *data, size_t size)
{
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    struct ims_mcap_mended mended, again;

    fuzz_check(fd >= 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
    if (ims_mcap_recover(fd, true, &mended, NULL) == IMS_OK) {
        fuzz_check(ims_mcap_recover(fd, false, &again, NULL) == IMS_OK);
        fuzz_check(again.was_whole && again.counts.messages == mended.counts.messages);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)read_all(data, size);
    recover(data, size);
    return 0;
}
