/* SPDX-License-Identifier: MIT */
/* Any bytes as a message of a recording whose container is right: a frame by each schema, by us and by others, labels, or a
 * map. The first byte says which. What is read as a frame of ours is written again, and must come back. */
#include "fuzz.h"

#include <imshow/record.h>
#include <string.h>

struct memory {
    struct ims_bytes bytes;
};

static enum ims_result write_memory(void *user, const void *data, size_t size,
                                    struct ims_error *err)
{
    struct memory *memory = user;

    (void)err;
    ims_bytes_append(&memory->bytes, data, size);
    return memory->bytes.result;
}

static enum ims_result read_memory(void *user, uint64_t offset, void *data, size_t size,
                                   struct ims_error *err)
{
    const struct memory *memory = user;

    (void)err;
    memcpy(data, memory->bytes.data + offset, size);
    return IMS_OK;
}

static const struct row {
    const char *schema, *encoding, *kind;
} rows[] = {
    {"foxglove.CompressedImage", "protobuf", "frames"},
    {"foxglove.RawImage", "protobuf", "frames"},
    {"imshow.Array", "msgpack", "frames"},
    {"imshow.Labels", "msgpack", "labels"},
    {"imshow.Figure", "msgpack", "figure"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* An array whose labels are message 0 of the stream: {"seq": 1, "time_us": 1, "labels": 0, "dtype": "|u1", "shape":
 * [2, 2], "data": bin}. */
static const uint8_t labelled[] = "\x86\xa3seq\x01\xa7time_us\x01\xa6labels\x00\xa5"
                                  "dtype\xa3|u1\xa5shape\x92\x02\x02\xa4"
                                  "data\xc4\x04"
                                  "abcd";

static void put(struct ims_mcap_writer *w, size_t row, bool foreign, unsigned extras,
                const void *data, size_t size)
{
    static const char *const mosaics[] = {"", "RGGB", "BGGR", "?"};
    const struct ims_mcap_pair pairs[] = {{"imshow.kind", rows[row].kind},
                                          {"imshow.stream", "lab"},
                                          {"imshow.epoch", "3"},
                                          {"imshow.width", "6"},
                                          {"imshow.height", "4"},
                                          {"imshow.bits", extras & 1 ? "12" : "900"},
                                          {"imshow.mosaic", mosaics[extras]}};
    struct ims_mcap_channel channel = {.topic = "/lab",
                                       .encoding = rows[row].encoding,
                                       .pairs = foreign ? NULL : pairs,
                                       .pair_count = foreign ? 0 : 7};
    const struct ims_mcap_part part = {data, size};
    struct ims_mcap_put message = {.log_ns = 1000, .parts = &part, .part_count = 1};

    fuzz_check(ims_mcap_writer_schema(w,
                                      &(struct ims_mcap_schema){.name = rows[row].schema},
                                      &channel.schema, NULL) == IMS_OK &&
               ims_mcap_writer_channel(w, &channel, &message.channel, NULL) == IMS_OK &&
               ims_mcap_writer_put(w, &message, NULL) == IMS_OK);
}

static struct ims_record_reader *open_memory(struct memory *memory)
{
    const struct ims_mcap_input input = {read_memory, memory, memory->bytes.size};
    struct ims_record_reader *r;

    fuzz_check(ims_record_reader_open(&input, NULL, &r, NULL) == IMS_OK);
    return r;
}

/* The frame written by us and read again is the same in everything that its form tells, and in its bytes. */
static void check_again(const struct ims_frame *frame)
{
    struct memory memory = {0};
    const struct ims_mcap_output output = {write_memory, &memory};
    struct ims_record_writer *w;
    struct ims_frame *again;

    fuzz_check(ims_record_writer_create(&output, NULL, &w, NULL) == IMS_OK &&
               ims_record_writer_frame(w, "lab", frame, NULL) == IMS_OK &&
               ims_mcap_writer_finish(ims_record_writer_mcap(w), NULL) == IMS_OK);
    ims_record_writer_destroy(w);
    struct ims_record_reader *r = open_memory(&memory);
    fuzz_check(ims_record_reader_frame(r, 0, 0, &again, NULL) == IMS_OK &&
               ims_frame_same_form(frame, again) && frame->seq == again->seq &&
               frame->time_us == again->time_us && frame->size == again->size);
    if (frame->pixel_format)
        fuzz_check(memcmp(frame->buffer->data, again->buffer->data, frame->size) == 0);
    else if (ims_array_count(&frame->array))
        fuzz_check(memcmp(frame->array.data, again->array.data,
                          ims_array_count(&frame->array) *
                              ims_dtype_size(frame->array.dtype)) == 0);
    ims_frame_unref(&again);
    ims_record_reader_close(r);
    ims_bytes_finish(&memory.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory memory = {0};
    const struct ims_mcap_output output = {write_memory, &memory};
    struct ims_error err = {0};
    struct ims_mcap_writer *w;
    struct ims_frame *frame;
    struct ims_document *doc;

    if (size == 0)
        return 0;
    const size_t row = data[0] % ROWS;
    const bool foreign = row < 2 && data[0] & 0x80;
    fuzz_check(ims_mcap_writer_create(&output, NULL, &w, NULL) == IMS_OK);
    put(w, row, foreign, data[0] >> 5 & 3, data + 1, size - 1);
    if (row == 3)
        put(w, 2, false, 0, labelled, sizeof labelled - 1);
    fuzz_check(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_destroy(w);
    struct ims_record_reader *r = open_memory(&memory);
    if (row == 4) {
        if (ims_record_reader_value(r, 0, IMS_RECORD_FIGURE, 0, &doc, &err) == IMS_OK)
            ims_document_destroy(doc);
        else
            fuzz_check(err.text[0] != '\0');
    } else if (ims_record_reader_frame(r, 0, 0, &frame, &err) == IMS_OK) {
        check_again(frame);
        ims_frame_unref(&frame);
    } else {
        fuzz_check(err.text[0] != '\0');
    }
    ims_record_reader_close(r);
    ims_bytes_finish(&memory.bytes);
    return 0;
}
