/* SPDX-License-Identifier: MIT */
#include "tape.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000000000 };

static struct ims_mcap_writer *begin(struct tape *tape, size_t chunk_bytes)
{
    struct ims_mcap_output output = tape_output(tape);
    struct ims_mcap_settings settings = {.chunk_bytes = chunk_bytes};
    struct ims_mcap_writer *w;

    cr_assert(ims_mcap_writer_create(&output, &settings, &w, NULL) == IMS_OK);
    return w;
}

static uint16_t add_channel(struct ims_mcap_writer *w, const char *topic, bool zstd)
{
    const struct ims_mcap_pair pairs[] = {{"stream", "lab"}, {"epoch", "1"}};
    uint16_t schema = 0, id = 0;

    cr_assert(ims_mcap_writer_schema(w, &(struct ims_mcap_schema){.name = "test.Bytes"},
                                     &schema, NULL) == IMS_OK);
    cr_assert(ims_mcap_writer_channel(w,
                                      &(struct ims_mcap_channel){.schema = schema,
                                                                 .topic = topic,
                                                                 .encoding = "msgpack",
                                                                 .pairs = pairs,
                                                                 .pair_count = 2,
                                                                 .zstd = zstd},
                                      &id, NULL) == IMS_OK);
    return id;
}

static enum ims_result put(struct ims_mcap_writer *w, uint16_t channel, uint64_t log_ns,
                           const void *data, size_t size)
{
    const struct ims_mcap_part part = {data, size};

    return ims_mcap_writer_put(
        w,
        &(struct ims_mcap_put){
            .channel = channel, .log_ns = log_ns, .parts = &part, .part_count = 1},
        NULL);
}

static struct ims_mcap_reader *open_tape(const struct tape *tape)
{
    struct ims_mcap_input input = tape_input(tape);
    struct ims_error err = {0};
    struct ims_mcap_reader *r;

    cr_assert(ims_mcap_reader_open(&input, NULL, &r, &err) == IMS_OK, "%s", err.text);
    return r;
}

static struct ims_mcap_cursor *all_of(struct ims_mcap_reader *r)
{
    struct ims_mcap_cursor *c;
    size_t count;
    const struct ims_mcap_channel *channels = ims_mcap_reader_channels(r, &count);
    uint16_t ids[8];

    for (size_t i = 0; i < count; i++)
        ids[i] = channels[i].id;
    cr_assert(ims_mcap_cursor_create(r, ids, count, &c, NULL) == IMS_OK);
    return c;
}

/* 100 messages of 100 numbers each, every third on channel b, 10 ms apart. */
static void write_hundred(struct tape *tape, size_t chunk_bytes, bool finish)
{
    struct ims_mcap_writer *w = begin(tape, chunk_bytes);
    const uint16_t a = add_channel(w, "/a", false), b = add_channel(w, "/b", true);

    for (uint32_t i = 0; i < 100; i++) {
        uint32_t data[100] = {i};
        cr_assert(put(w, i % 3 ? a : b, SECOND + i * 10000000ull, data, sizeof data) ==
                  IMS_OK);
    }
    cr_assert((finish ? ims_mcap_writer_finish(w, NULL)
                      : ims_mcap_writer_flush(w, NULL)) == IMS_OK);
    ims_mcap_writer_destroy(w);
}

static void check_hundred(struct ims_mcap_reader *r)
{
    struct ims_mcap_cursor *c = all_of(r);
    struct ims_mcap_message m;

    cr_assert(ims_mcap_cursor_count(c) == 100);
    for (uint32_t step = 0; step < 200; step++) { /* forwards, then backwards */
        const uint32_t i = step < 100 ? step : 199 - step;
        uint32_t number;
        cr_assert(ims_mcap_cursor_read(c, i, &m, NULL) == IMS_OK);
        cr_assert(m.size == 400);
        memcpy(&number, m.data, 4);
        cr_assert(number == i && m.log_ns == SECOND + i * 10000000ull &&
                  m.publish_ns == m.log_ns);
    }
    ims_mcap_cursor_destroy(c);
}

Test(mcap, messages_come_back_in_order_forwards_and_backwards)
{
    struct tape tape = {0};

    write_hundred(&tape, 2000, true);
    struct ims_mcap_reader *r = open_tape(&tape);
    cr_assert(ims_mcap_reader_has_summary(r));
    const struct ims_mcap_counts *counts = ims_mcap_reader_counts(r);
    cr_assert(counts->messages == 100 && counts->channels == 2 && counts->schemas == 1);
    cr_assert(counts->chunks > 10 && counts->start_ns == SECOND &&
              counts->end_ns == SECOND + 990000000ull);
    check_hundred(r);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, a_channel_has_its_topic_schema_metadata_and_count)
{
    struct tape tape = {0};
    size_t count;

    write_hundred(&tape, 0, true);
    struct ims_mcap_reader *r = open_tape(&tape);
    const struct ims_mcap_channel *channels = ims_mcap_reader_channels(r, &count);
    cr_assert(count == 2);
    cr_assert_str_eq(channels[1].topic, "/b");
    cr_assert_str_eq(channels[1].encoding, "msgpack");
    cr_assert(channels[1].pair_count == 2 && channels[1].messages == 34);
    cr_assert_str_eq(channels[1].pairs[0].value, "lab");
    cr_assert_str_eq(ims_mcap_reader_schema(r, channels[0].schema)->name, "test.Bytes");
    cr_assert(ims_mcap_reader_schema(r, 77) == NULL);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, some_channels_are_a_list_of_their_own)
{
    struct tape tape = {0};
    struct ims_mcap_cursor *c;
    struct ims_mcap_message m;
    uint64_t log_ns;

    write_hundred(&tape, 2000, true);
    struct ims_mcap_reader *r = open_tape(&tape);
    cr_assert(ims_mcap_cursor_create(r, (uint16_t[]){2}, 1, &c, NULL) == IMS_OK);
    cr_assert(ims_mcap_cursor_count(c) == 34);
    for (uint32_t i = 0; i < 34; i++) {
        cr_assert(ims_mcap_cursor_read(c, i, &m, NULL) == IMS_OK);
        cr_assert(m.channel == 2 && m.data[0] == 3 * i);
        cr_assert(ims_mcap_cursor_time(c, i, &log_ns, NULL, NULL) == IMS_OK);
        cr_assert(log_ns == m.log_ns);
    }
    cr_assert(ims_mcap_cursor_read(c, 34, &m, NULL) == IMS_ERR_INVALID);
    ims_mcap_cursor_destroy(c);
    cr_assert(ims_mcap_cursor_create(r, (uint16_t[]){9}, 1, &c, NULL) == IMS_ERR_INVALID);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, a_time_finds_the_newest_message_at_or_before_it)
{
    struct tape tape = {0};
    uint64_t n;

    write_hundred(&tape, 2000, true);
    struct ims_mcap_reader *r = open_tape(&tape);
    struct ims_mcap_cursor *c = all_of(r);
    for (uint64_t i = 0; i < 100; i++) {
        const uint64_t at = SECOND + i * 10000000ull;
        cr_assert(ims_mcap_cursor_find(c, at, &n, NULL) == IMS_OK && n == i + 1);
        cr_assert(ims_mcap_cursor_find(c, at - 1, &n, NULL) == IMS_OK && n == i);
        cr_assert(ims_mcap_cursor_find(c, at + 1, &n, NULL) == IMS_OK && n == i + 1);
    }
    cr_assert(ims_mcap_cursor_find(c, 0, &n, NULL) == IMS_OK && n == 0);
    cr_assert(ims_mcap_cursor_find(c, UINT64_MAX, &n, NULL) == IMS_OK && n == 100);
    ims_mcap_cursor_destroy(c);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, without_a_summary_a_file_is_scanned)
{
    struct tape tape = {0};

    write_hundred(&tape, 2000, false);
    struct ims_mcap_reader *r = open_tape(&tape);
    cr_assert(!ims_mcap_reader_has_summary(r));
    check_hundred(r);
    ims_mcap_reader_close(r);
    /* With a torn chunk at its end: what is whole is read. */
    tape.bytes.size -= 50;
    r = open_tape(&tape);
    cr_assert(ims_mcap_reader_counts(r)->messages > 90);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, a_file_is_read_while_it_is_written)
{
    struct tape tape = {0};
    struct ims_mcap_writer *w = begin(&tape, 1000);
    const uint16_t a = add_channel(w, "/a", false);
    struct ims_mcap_reader *r;
    struct ims_bytes snapshot = {0};
    uint32_t data[25] = {0};

    for (uint32_t round = 1; round <= 3; round++) {
        for (uint32_t i = 0; i < 20; i++)
            cr_assert(put(w, a, SECOND, data, sizeof data) == IMS_OK);
        cr_assert(ims_mcap_writer_flush(w, NULL) == IMS_OK);
        snapshot.size = 0;
        cr_assert(ims_mcap_writer_snapshot(w, &snapshot) == IMS_OK);
        struct ims_mcap_input input = tape_input(&tape);
        cr_assert(ims_mcap_reader_open_running(&input, NULL, snapshot.data, snapshot.size,
                                               &r, NULL) == IMS_OK);
        struct ims_mcap_cursor *c = all_of(r);
        struct ims_mcap_message m;
        cr_assert(ims_mcap_cursor_count(c) == 20ull * round);
        cr_assert(ims_mcap_cursor_read(c, 20ull * round - 1, &m, NULL) == IMS_OK);
        ims_mcap_cursor_destroy(c);
        ims_mcap_reader_close(r);
    }
    ims_bytes_finish(&snapshot);
    ims_mcap_writer_destroy(w);
    tape_finish(&tape);
}

Test(mcap, log_times_never_run_backwards)
{
    struct tape tape = {0};
    struct ims_mcap_writer *w = begin(&tape, 0);
    const uint16_t a = add_channel(w, "/a", false);
    struct ims_mcap_counts counts;
    uint64_t clamped;

    cr_assert(put(w, a, 5ull * SECOND, "a", 1) == IMS_OK);
    cr_assert(put(w, a, 3ull * SECOND, "b", 1) == IMS_OK);
    cr_assert(put(w, a, 7ull * SECOND, "c", 1) == IMS_OK);
    cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_counts(w, &counts, &clamped, NULL);
    cr_assert(clamped == 1 && counts.messages == 3);
    cr_assert(counts.start_ns == 5ull * SECOND && counts.end_ns == 7ull * SECOND);
    cr_assert(counts.chunks == 2, "a chunk spans one second at most");
    cr_assert(put(w, a, 8ull * SECOND, "d", 1) == IMS_ERR_INVALID, "it is finished");
    ims_mcap_writer_destroy(w);
    tape_finish(&tape);
}

Test(mcap, chunks_are_compressed_where_their_channels_want_it)
{
    const size_t size = 3 << 20; /* larger than a chunk, and smaller ones */
    uint8_t *data = calloc(1, size);

    for (int zstd = 0; zstd < 2; zstd++) {
        struct tape tape = {0};
        struct ims_mcap_writer *w = begin(&tape, 0);
        const uint16_t a = add_channel(w, "/a", zstd);
        struct ims_mcap_message m;

        cr_assert(put(w, a, 1, data, size) == IMS_OK);
        for (uint64_t i = 0; i < 4; i++)
            cr_assert(put(w, a, 2 + i, data, size / 8) == IMS_OK);
        cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
        ims_mcap_writer_destroy(w);
        cr_assert(zstd ? tape.bytes.size < size / 10 : tape.bytes.size > size);
        struct ims_mcap_reader *r = open_tape(&tape);
        struct ims_mcap_cursor *c = all_of(r);
        cr_assert(ims_mcap_cursor_read(c, 0, &m, NULL) == IMS_OK);
        cr_assert(m.size == size && memcmp(m.data, data, size) == 0);
        cr_assert(ims_mcap_cursor_read(c, 4, &m, NULL) == IMS_OK && m.size == size / 8);
        ims_mcap_cursor_destroy(c);
        ims_mcap_reader_close(r);
        tape_finish(&tape);
    }
    free(data);
}

Test(mcap, attachments_and_metadata_come_back)
{
    const struct ims_mcap_pair pairs[] = {{"host", "bench"}, {"note", "ü"}};
    const struct ims_mcap_pair *got;
    struct tape tape = {0};
    struct ims_mcap_writer *w = begin(&tape, 0);
    struct ims_bytes out = {0};
    size_t count;

    cr_assert(ims_mcap_writer_metadata(w, "imshow", pairs, 1, NULL) == IMS_OK);
    cr_assert(ims_mcap_writer_metadata(w, "imshow", pairs, 2, NULL) == IMS_OK);
    cr_assert(ims_mcap_writer_attach(
                  w,
                  &(struct ims_mcap_attachment){.log_ns = 7,
                                                .name = "thumb.jpg",
                                                .media_type = "image/jpeg",
                                                .data = (const uint8_t *)"hello",
                                                .size = 5},
                  NULL) == IMS_OK);
    cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_destroy(w);
    struct ims_mcap_reader *r = open_tape(&tape);
    const struct ims_mcap_attachment *attachments =
        ims_mcap_reader_attachments(r, &count);
    cr_assert(count == 1 && attachments[0].size == 5 && attachments[0].log_ns == 7);
    cr_assert_str_eq(attachments[0].media_type, "image/jpeg");
    cr_assert(ims_mcap_reader_attached(r, 0, &out, NULL) == IMS_OK);
    cr_assert(out.size == 5 && memcmp(out.data, "hello", 5) == 0);
    cr_assert(ims_mcap_reader_metadata(r, "imshow", &got, &count, NULL) == IMS_OK);
    cr_assert(count == 2, "the last one of that name");
    cr_assert_str_eq(got[1].value, "ü");
    cr_assert(ims_mcap_reader_metadata(r, "other", &got, &count, NULL) == IMS_OK);
    cr_assert(count == 0 && got == NULL);
    ims_mcap_reader_close(r);
    ims_bytes_finish(&out);
    tape_finish(&tape);
}

Test(mcap, an_error_of_the_output_sticks_until_the_caller_cuts_back)
{
    struct tape tape = {.room = 5000};
    struct ims_mcap_writer *w = begin(&tape, 1000);
    const uint16_t a = add_channel(w, "/a", false);
    struct ims_error err = {0};
    struct ims_mcap_counts counts;
    uint64_t lost;
    char data[300] = "x";
    enum ims_result r = IMS_OK;

    for (uint64_t i = 0; i < 100 && !r; i++)
        r = put(w, a, SECOND + i, data, sizeof data);
    cr_assert(r == IMS_ERR_IO);
    cr_assert(ims_mcap_writer_flush(w, &err) == IMS_ERR_IO);
    cr_assert_str_eq(err.text, "the tape is full");
    tape.bytes.size = (size_t)ims_mcap_writer_bytes(w);
    tape.room = 0;
    ims_mcap_writer_resume(w);
    cr_assert(put(w, a, SECOND + 200, data, sizeof data) == IMS_OK);
    cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_counts(w, &counts, NULL, &lost);
    cr_assert(lost > 0 && lost < 6);
    ims_mcap_writer_destroy(w);
    struct ims_mcap_reader *reader = open_tape(&tape);
    cr_assert(ims_mcap_reader_has_summary(reader));
    cr_assert(ims_mcap_reader_counts(reader)->messages == counts.messages);
    cr_assert(ims_mcap_reader_counts(reader)->end_ns == SECOND + 200);
    ims_mcap_reader_close(reader);
    tape_finish(&tape);
}

/* A chunk with what is behind it has no place of its own: two files' chunks make one file. */
Test(mcap, chunks_whose_times_overlap_are_read_in_order)
{
    struct tape even = {0}, odd = {0};
    struct ims_mcap_message m;
    uint64_t n;

    for (int side = 0; side < 2; side++) {
        struct tape *tape = side ? &odd : &even;
        struct ims_mcap_writer *w = begin(tape, 0);
        const uint16_t a = add_channel(w, "/a", false);
        const size_t head = tape->bytes.size;
        for (uint8_t i = 0; i < 10; i++) {
            const uint8_t value = (uint8_t)(2 * i + side);
            cr_assert(put(w, a, 1000u + value, &value, 1) == IMS_OK);
        }
        cr_assert(ims_mcap_writer_flush(w, NULL) == IMS_OK);
        if (side)
            ims_bytes_append(&even.bytes, odd.bytes.data + head, odd.bytes.size - head);
        ims_mcap_writer_destroy(w);
    }
    struct ims_mcap_reader *r = open_tape(&even);
    struct ims_mcap_cursor *c = all_of(r);
    cr_assert(ims_mcap_cursor_count(c) == 20);
    for (uint8_t i = 0; i < 20; i++) {
        cr_assert(ims_mcap_cursor_read(c, i, &m, NULL) == IMS_OK);
        cr_assert(m.data[0] == i);
        cr_assert(ims_mcap_cursor_find(c, 1000u + i, &n, NULL) == IMS_OK && n == i + 1u);
    }
    ims_mcap_cursor_destroy(c);
    ims_mcap_reader_close(r);
    tape_finish(&even);
    tape_finish(&odd);
}

Test(mcap, what_is_no_recording_is_refused_with_a_reason)
{
    const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"", 0},
        {"\x89PNG\r\n\x1a\n................", 24},
        {"\x89MCAP0\r\n", 8},
        {"\x89MCAP0\r\n\x01\xff\xff\xff\xff\xff\xff\xff\xff", 17},
        {"\x89MCAP0\r\n\x06\x00\x00\x00\x00\x00\x00\x00\x00", 17},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tape tape = {0};
        struct ims_error err = {0};
        struct ims_mcap_reader *r;
        ims_bytes_append(&tape.bytes, cases[i].bytes, cases[i].size);
        struct ims_mcap_input input = tape_input(&tape);
        cr_assert(ims_mcap_reader_open(&input, NULL, &r, &err) != IMS_OK, "case %zu", i);
        cr_assert(err.text[0] != '\0');
        tape_finish(&tape);
    }
}

Test(mcap, a_chunk_above_the_readers_bound_is_refused_before_memory_is_taken)
{
    const struct ims_mcap_reader_settings settings = {.chunk_bytes_max = 1 << 20};
    const size_t size = 3 << 20;
    uint8_t *data = calloc(1, size);

    for (int zstd = 0; zstd < 2; zstd++) { /* as stored, and as unpacked */
        struct tape tape = {0};
        struct ims_mcap_writer *w = begin(&tape, 0);
        const uint16_t a = add_channel(w, "/a", zstd);
        struct ims_error err = {0};
        struct ims_mcap_reader *r;
        struct ims_mcap_message m;

        cr_assert(put(w, a, 1, data, size) == IMS_OK && put(w, a, 2, "x", 1) == IMS_OK);
        cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
        ims_mcap_writer_destroy(w);
        const struct ims_mcap_input input = tape_input(&tape);
        cr_assert(ims_mcap_reader_open(&input, &settings, &r, NULL) == IMS_OK);
        struct ims_mcap_cursor *c = all_of(r);
        cr_assert(ims_mcap_cursor_read(c, 0, &m, &err) == IMS_ERR_LIMIT);
        cr_assert(strstr(err.text, "at most 1048576") != NULL);
        cr_assert(ims_mcap_cursor_read(c, 1, &m, NULL) == IMS_OK, "the others are read");
        ims_mcap_cursor_destroy(c);
        ims_mcap_reader_close(r);
        tape_finish(&tape);
    }
    free(data);
}

Test(mcap, a_broken_chunk_leaves_the_others_readable)
{
    struct tape tape = {0};
    struct ims_mcap_message m;
    struct ims_error err = {0};
    int broken = 0;

    write_hundred(&tape, 2000, true);
    tape.bytes.data[10000] ^= 1;
    struct ims_mcap_reader *r = open_tape(&tape);
    struct ims_mcap_cursor *c = all_of(r);
    for (uint64_t i = 0; i < 100; i++)
        broken += ims_mcap_cursor_read(c, i, &m, &err) == IMS_ERR_INVALID;
    cr_assert(broken > 0 && broken < 10);
    cr_assert(strstr(err.text, "CRC") != NULL);
    ims_mcap_cursor_destroy(c);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, what_cannot_be_written_is_refused_and_costs_nothing_else)
{
    struct tape tape = {0};
    struct ims_mcap_writer *w = begin(&tape, 0);
    const uint16_t a = add_channel(w, "/a", false);
    const struct ims_mcap_part huge[2] = {{"x", IMS_MCAP_MESSAGE_BYTES_MAX}, {"x", 1}};
    uint16_t id;

    cr_assert(put(w, 7, 1, "x", 1) == IMS_ERR_INVALID);
    cr_assert(ims_mcap_writer_put(
                  w, &(struct ims_mcap_put){.channel = a, .parts = huge, .part_count = 2},
                  NULL) == IMS_ERR_LIMIT);
    cr_assert(
        ims_mcap_writer_channel(
            w, &(struct ims_mcap_channel){.schema = 9, .topic = "/x", .encoding = "json"},
            &id, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_mcap_writer_channel(
                  w, &(struct ims_mcap_channel){.topic = "/\xff", .encoding = "json"},
                  &id, NULL) == IMS_ERR_INVALID);
    cr_assert(put(w, a, 1, "x", 1) == IMS_OK);
    cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_destroy(w);
    struct ims_mcap_reader *r = open_tape(&tape);
    cr_assert(ims_mcap_reader_counts(r)->messages == 1);
    ims_mcap_reader_close(r);
    tape_finish(&tape);
}

Test(mcap, tells_what_a_reader_takes)
{
    struct tape small = {0}, large = {0};

    write_hundred(&small, 2000, true);
    write_hundred(&large, 0, true);
    struct ims_mcap_reader *r = open_tape(&small), *s = open_tape(&large);
    const uint64_t chunk = 100 * 400;
    cr_expect_geq(ims_mcap_reader_memory(r), 3 * 2000);
    cr_expect_lt(ims_mcap_reader_memory(r), 30000);
    cr_expect_geq(ims_mcap_reader_memory(s), 2 * chunk,
                  "two chunks, each of all messages");
    ims_mcap_reader_close(r);
    ims_mcap_reader_close(s);
    tape_finish(&small);
    tape_finish(&large);
}
