/* SPDX-License-Identifier: MIT */
#include "tape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { MESSAGES = 400, MESSAGE_BYTES = 120 };

/* Message i holds its number and bytes that follow from it. */
static void fill(uint8_t data[MESSAGE_BYTES], uint32_t i)
{
    uint32_t state = i + 1;

    memcpy(data, &i, 4);
    for (size_t k = 4; k < MESSAGE_BYTES; k++)
        data[k] = (uint8_t)tape_random(&state);
}

/* `ends` gets where each message's chunk ends in the file. */
static void record(struct tape *tape, uint64_t ends[MESSAGES], bool finish)
{
    struct ims_mcap_output output = tape_output(tape);
    struct ims_mcap_settings settings = {.chunk_bytes = 1500};
    struct ims_mcap_writer *w;
    uint16_t channels[2];
    uint8_t data[MESSAGE_BYTES];
    uint32_t first = 0;

    cr_assert(ims_mcap_writer_create(&output, &settings, &w, NULL) == IMS_OK);
    for (int i = 0; i < 2; i++)
        cr_assert(
            ims_mcap_writer_channel(w,
                                    &(struct ims_mcap_channel){.topic = i ? "/b" : "/a",
                                                               .encoding = "msgpack",
                                                               .zstd = i == 1},
                                    &channels[i], NULL) == IMS_OK);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        fill(data, i);
        if (i % 100 > 80) /* some chunks do compress */
            memset(data + 4, 7, MESSAGE_BYTES - 4);
        const struct ims_mcap_part part = {data, sizeof data};
        cr_assert(
            ims_mcap_writer_put(w,
                                &(struct ims_mcap_put){.channel = channels[i % 100 > 80],
                                                       .sequence = i,
                                                       .log_ns = 1000000ull * (i + 1),
                                                       .parts = &part,
                                                       .part_count = 1},
                                NULL) == IMS_OK);
        if (i % 90 == 50)
            cr_assert(ims_mcap_writer_metadata(w, "note", NULL, 0, NULL) == IMS_OK);
        if (i + 1 == MESSAGES)
            cr_assert(ims_mcap_writer_flush(w, NULL) == IMS_OK);
        if (ims_mcap_writer_pending_ns(w) == 0)
            while (first <= i)
                ends[first++] = tape->bytes.size;
    }
    if (finish)
        cr_assert(ims_mcap_writer_finish(w, NULL) == IMS_OK);
    ims_mcap_writer_destroy(w);
}

/* Reads all messages, each whole and its own; says which are there. */
static uint64_t read_all(const struct tape *tape, bool there[MESSAGES])
{
    struct ims_mcap_input input = tape_input(tape);
    struct ims_mcap_reader *r;
    struct ims_mcap_cursor *c;
    struct ims_mcap_message m;
    struct ims_error err = {0};
    uint16_t ids[2];
    size_t count;
    uint8_t data[MESSAGE_BYTES];

    memset(there, 0, MESSAGES * sizeof there[0]);
    cr_assert(ims_mcap_reader_open(&input, NULL, &r, &err) == IMS_OK, "%s", err.text);
    cr_assert(ims_mcap_reader_has_summary(r));
    const struct ims_mcap_channel *channels = ims_mcap_reader_channels(r, &count);
    cr_assert(count <= 2);
    for (size_t i = 0; i < count; i++)
        ids[i] = channels[i].id;
    cr_assert(ims_mcap_cursor_create(r, ids, count, &c, NULL) == IMS_OK);
    const uint64_t total = ims_mcap_cursor_count(c);
    cr_assert(total == ims_mcap_reader_counts(r)->messages);
    for (uint64_t n = 0; n < total; n++) {
        cr_assert(ims_mcap_cursor_read(c, n, &m, &err) == IMS_OK, "%s", err.text);
        cr_assert(m.size == MESSAGE_BYTES && m.sequence < MESSAGES);
        fill(data, m.sequence);
        if (m.sequence % 100 > 80)
            memset(data + 4, 7, MESSAGE_BYTES - 4);
        cr_assert(memcmp(data, m.data, sizeof data) == 0);
        there[m.sequence] = true;
    }
    ims_mcap_cursor_destroy(c);
    ims_mcap_reader_close(r);
    return total;
}

/* Recovers and loads what it makes; a second, thorough look must find nothing more to do. */
static struct ims_mcap_mended recover(struct tape *tape, bool thorough)
{
    struct ims_mcap_mended mended, again;
    struct ims_error err = {0};
    const int fd = tape_file(tape);

    cr_assert(ims_mcap_recover(fd, thorough, &mended, &err) == IMS_OK, "%s", err.text);
    cr_assert(ims_mcap_recover(fd, true, &again, &err) == IMS_OK, "%s", err.text);
    cr_assert(again.was_whole);
    tape_load(tape, fd);
    close(fd);
    return mended;
}

Test(recover, a_file_that_is_whole_is_left_alone)
{
    struct tape tape = {0}, before = {0};
    uint64_t ends[MESSAGES];

    for (int thorough = 0; thorough < 2; thorough++) {
        record(&tape, ends, true);
        ims_bytes_append(&before.bytes, tape.bytes.data, tape.bytes.size);
        struct ims_mcap_mended mended = recover(&tape, thorough);
        cr_assert(mended.was_whole && mended.counts.messages == MESSAGES);
        cr_assert(tape.bytes.size == before.bytes.size &&
                  memcmp(tape.bytes.data, before.bytes.data, tape.bytes.size) == 0);
        tape_finish(&tape);
        tape_finish(&before);
    }
}

Test(recover, a_file_without_its_end_gets_one)
{
    struct tape tape = {0};
    uint64_t ends[MESSAGES];
    bool there[MESSAGES];

    record(&tape, ends, false);
    struct ims_mcap_mended mended = recover(&tape, false);
    cr_assert(!mended.was_whole && mended.damaged == 0 && mended.bytes_cut == 0);
    cr_assert(mended.counts.metadata == 4);
    cr_assert(read_all(&tape, there) == MESSAGES);
    tape_finish(&tape);
}

Test(recover, a_cut_anywhere_keeps_every_whole_chunk)
{
    struct tape whole = {0}, tape = {0};
    uint64_t ends[MESSAGES];
    bool there[MESSAGES];
    uint32_t state = 1;

    record(&whole, ends, true);
    for (int round = 0; round < 120; round++) {
        const size_t cut = 8 + tape_random(&state) % (whole.bytes.size - 8);
        tape.bytes.size = 0;
        ims_bytes_append(&tape.bytes, whole.bytes.data, cut);
        if (round % 2) /* a file system that had given out the length, but no bytes */
            memset(ims_bytes_extend(&tape.bytes, 5000), 0, 5000);
        (void)recover(&tape, false);
        (void)read_all(&tape, there);
        for (uint32_t i = 0; i < MESSAGES; i++)
            cr_assert(there[i] || ends[i] > cut, "round %d, message %u", round, i);
    }
    tape_finish(&whole);
    tape_finish(&tape);
}

Test(recover, a_flipped_bit_costs_one_chunk_at_most)
{
    struct tape whole = {0}, tape = {0};
    uint64_t ends[MESSAGES];
    bool there[MESSAGES];
    uint32_t state = 2;

    for (int finished = 0; finished < 2; finished++) {
        record(&whole, ends, finished);
        for (int round = 0; round < 200; round++) {
            const size_t at = 8 + tape_random(&state) % (whole.bytes.size - 8);
            tape.bytes.size = 0;
            ims_bytes_append(&tape.bytes, whole.bytes.data, whole.bytes.size);
            tape.bytes.data[at] ^= (uint8_t)(1u << tape_random(&state) % 8);
            (void)recover(&tape, true);
            (void)read_all(&tape, there);
            uint64_t start = 0;
            for (uint32_t i = 0; i < MESSAGES; i++) {
                start = i && ends[i] != ends[i - 1] ? ends[i - 1] : start;
                cr_assert(there[i] || (at >= start && at < ends[i]),
                          "round %d, byte %zu, message %u of %zu..%zu", round, at, i,
                          (size_t)start, (size_t)ends[i]);
            }
        }
        tape_finish(&whole);
        tape_finish(&tape);
    }
}

Test(recover, zeros_in_the_middle_cost_what_they_cover)
{
    struct tape tape = {0};
    uint64_t ends[MESSAGES];
    bool there[MESSAGES];

    record(&tape, ends, true);
    memset(tape.bytes.data + 8000, 0, 8192);
    struct ims_mcap_mended mended = recover(&tape, true);
    cr_assert(mended.damaged == 1);
    (void)read_all(&tape, there);
    for (uint32_t i = 0; i < MESSAGES; i++)
        cr_assert(there[i] || (ends[i] > 8000 && ends[i] < 8000 + 8192 + 4000));
    tape_finish(&tape);
}

Test(recover, a_broken_header_is_written_anew)
{
    struct tape tape = {0};
    uint64_t ends[MESSAGES];
    bool there[MESSAGES];

    record(&tape, ends, true);
    tape.bytes.data[8] = 0x55;
    (void)recover(&tape, true);
    cr_assert(read_all(&tape, there) == MESSAGES);
    tape.bytes.size = 11;
    struct ims_mcap_mended mended = recover(&tape, true);
    cr_assert(mended.counts.messages == 0);
    tape_finish(&tape);
}

Test(recover, what_is_no_recording_is_not_touched)
{
    struct tape tape = {0};
    struct ims_mcap_mended mended;
    struct ims_error err = {0};

    ims_bytes_append(&tape.bytes, "an important letter", 19);
    int fd = tape_file(&tape);
    cr_assert(ims_mcap_recover(fd, true, &mended, &err) == IMS_ERR_INVALID);
    cr_assert(err.text[0] != '\0');
    tape_load(&tape, fd);
    cr_assert(tape.bytes.size == 19 && memcmp(tape.bytes.data, "an important", 12) == 0);
    close(fd);
    tape.bytes.size = 0;
    fd = tape_file(&tape);
    cr_assert(ims_mcap_recover(fd, false, &mended, NULL) == IMS_ERR_INVALID);
    close(fd);
    tape_finish(&tape);
}

Test(recover, a_file_that_is_being_written_is_refused)
{
    struct tape tape = {0};
    uint64_t ends[MESSAGES];
    struct ims_mcap_mended mended;
    struct ims_error err = {0};
    char path[64];

    record(&tape, ends, false);
    const int fd = tape_file(&tape);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    FILE *writer = fopen(path, "r+");
    cr_assert(writer && flock(fileno(writer), LOCK_EX) == 0);
    cr_assert(ims_mcap_recover(fd, false, &mended, &err) == IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "being written") != NULL);
    fclose(writer);
    cr_assert(ims_mcap_recover(fd, false, &mended, &err) == IMS_OK);
    close(fd);
    tape_finish(&tape);
}
