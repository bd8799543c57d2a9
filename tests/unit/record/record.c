/* SPDX-License-Identifier: MIT */
#include "sample.h"
#include "tape.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/record.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <string.h>

static struct ims_record_writer *begin(struct tape *tape)
{
    struct ims_mcap_output output = tape_output(tape);
    struct ims_record_writer *w;

    cr_assert(ims_record_writer_create(&output, NULL, &w, NULL) == IMS_OK);
    return w;
}

static void end(struct ims_record_writer *w)
{
    struct ims_error err = {0};

    cr_assert(ims_mcap_writer_finish(ims_record_writer_mcap(w), &err) == IMS_OK, "%s",
              err.text);
    ims_record_writer_destroy(w);
}

static struct ims_record_reader *open_tape(const struct tape *tape)
{
    struct ims_mcap_input input = tape_input(tape);
    struct ims_error err = {0};
    struct ims_record_reader *r;

    cr_assert(ims_record_reader_open(&input, NULL, &r, &err) == IMS_OK, "%s", err.text);
    return r;
}

static void put_map(struct ims_record_writer *w, enum ims_record_kind kind,
                    const char *stream, int64_t time_us, const char *json)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_msgpack_sink(&out);
    struct ims_document *doc;
    struct ims_error err = {0};

    cr_assert(ims_json_parse(json, strlen(json), &doc, NULL) == IMS_OK);
    ims_put_value(&sink, &doc->root);
    cr_assert(ims_record_writer_put(w, kind, stream, time_us, out.data, out.size, &err) ==
                  IMS_OK,
              "%s", err.text);
    ims_document_destroy(doc);
    ims_bytes_finish(&out);
}

Test(record, every_kind_of_frame_comes_back_bit_by_bit)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    const size_t count = sample_count();
    struct ims_frame *f, *got;
    struct ims_error err = {0};
    char name[32];

    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < count; i++) {
            f = sample_frame(i, round);
            snprintf(name, sizeof name, "sample-%zu", i);
            cr_assert(ims_record_writer_frame(w, name, f, &err) == IMS_OK, "%zu: %s", i,
                      err.text);
            ims_frame_unref(&f);
        }
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    cr_assert(ims_record_reader_streams(r) == count);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < count; i++) {
            f = sample_frame(i, round);
            snprintf(name, sizeof name, "sample-%zu", i);
            const size_t s = ims_record_reader_named(r, name);
            cr_assert(s == i && ims_record_reader_stream(r, s)->frames == 2);
            cr_assert(ims_record_reader_frame(r, s, round, &got, &err) == IMS_OK,
                      "%zu: %s", i, err.text);
            cr_assert(sample_same(f, got), "sample %zu", i);
            ims_frame_unref(&f);
            ims_frame_unref(&got);
        }
    ims_record_reader_close(r);
    tape_finish(&tape);
}

Test(record, a_new_epoch_is_a_new_channel_and_frames_are_numbered_through)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    struct ims_frame *f;

    for (uint32_t i = 0; i < 9; i++) {
        f = sample_frame(i / 3, i);
        f->epoch = 1 + i / 3;
        f->time_us = 1000000 + 1000 * (int64_t)i;
        cr_assert(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK);
        ims_frame_unref(&f);
    }
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    const struct ims_record_stream *s = ims_record_reader_stream(r, 0);
    cr_assert(s->epochs == 3 && s->frames == 9);
    cr_assert(s->first_us == 1000000 && s->last_us == 1008000);
    for (uint64_t i = 9; i-- > 0;) {
        uint64_t n;
        int64_t at;
        cr_assert(ims_record_reader_frame(r, 0, i, &f, NULL) == IMS_OK);
        cr_assert(f->epoch == 1 + i / 3 && f->time_us == 1000000 + 1000 * (int64_t)i);
        cr_assert(ims_record_reader_time(r, 0, IMS_RECORD_FRAMES, i, &at, NULL) ==
                  IMS_OK);
        cr_assert(at == f->time_us);
        cr_assert(ims_record_reader_find(r, 0, IMS_RECORD_FRAMES, at, &n, NULL) ==
                  IMS_OK);
        cr_assert(n == i + 1);
        ims_frame_unref(&f);
    }
    ims_record_reader_close(r);
    tape_finish(&tape);
}

Test(record, a_clock_that_is_set_back_keeps_the_frames_own_times)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    const int64_t times[] = {5000000, 3000000, 6000000};
    struct ims_frame *f;
    int64_t at;

    for (uint32_t i = 0; i < 3; i++) {
        f = sample_frame(0, i);
        f->time_us = times[i];
        cr_assert(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK);
        ims_frame_unref(&f);
    }
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert(ims_record_reader_frame(r, 0, i, &f, NULL) == IMS_OK);
        cr_assert(f->time_us == times[i]);
        ims_frame_unref(&f);
    }
    cr_assert(ims_record_reader_time(r, 0, IMS_RECORD_FRAMES, 1, &at, NULL) == IMS_OK);
    cr_assert(at == 5000000, "in the order of the file");
    ims_record_reader_close(r);
    tape_finish(&tape);
}

Test(record, labels_are_written_when_they_change_and_found_from_any_frame)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    struct ims_frame *f, *got;
    size_t labelled = 0;

    while (!sample_labels(labelled))
        labelled++;
    for (uint32_t i = 0; i < 20; i++) {
        f = sample_frame(labelled, i < 10 ? 0 : 1);
        f->seq = i;
        cr_assert(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK);
        ims_frame_unref(&f);
    }
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    const struct ims_mcap_channel *channels;
    size_t count;
    channels = ims_mcap_reader_channels(ims_record_reader_mcap(r), &count);
    cr_assert(count == 2);
    cr_assert_str_eq(channels[0].topic, "/lab/labels");
    cr_assert(channels[0].messages == 2);
    for (uint32_t i = 20; i-- > 0;) {
        f = sample_frame(labelled, i < 10 ? 0 : 1);
        f->seq = i;
        cr_assert(ims_record_reader_frame(r, 0, i, &got, NULL) == IMS_OK);
        cr_assert(sample_same(f, got));
        ims_frame_unref(&f);
        ims_frame_unref(&got);
    }
    ims_record_reader_close(r);
    tape_finish(&tape);
}

Test(record, figures_controls_statistics_and_markers_are_trees_by_time)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    struct ims_document *doc;
    uint64_t n;
    double zmin;

    put_map(w, IMS_RECORD_FIGURE, "lab", 1000000,
            "{\"params\": {\"zmin\": 1, \"title\": \"\"}}");
    put_map(w, IMS_RECORD_CONTROLS, "lab", 1100000, "{\"gain\": [1, 2.5, null, true]}");
    put_map(w, IMS_RECORD_MARKERS, NULL, 1200000, "{\"text\": \"the lamp is on\"}");
    put_map(w, IMS_RECORD_FIGURE, "lab", 2000000, "{\"params\": {\"zmin\": 2}}");
    put_map(w, IMS_RECORD_STATISTICS, NULL, 2100000, "{\"dropped\": 7}");
    put_map(w, IMS_RECORD_STATE, "lab", 2200000, "{\"state\": \"lost\"}");
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    cr_assert(ims_record_reader_streams(r) == 1);
    cr_assert(ims_record_reader_stream(r, 0)->counts[IMS_RECORD_FIGURE] == 2);
    cr_assert(ims_record_reader_stream(r, IMS_RECORD_WHOLE)->counts[IMS_RECORD_MARKERS] ==
              1);
    cr_assert(ims_record_reader_find(r, 0, IMS_RECORD_FIGURE, 1500000, &n, NULL) ==
              IMS_OK);
    cr_assert(n == 1);
    cr_assert(ims_record_reader_value(r, 0, IMS_RECORD_FIGURE, 0, &doc, NULL) == IMS_OK);
    struct ims_document *other;
    cr_assert(ims_record_reader_value(r, IMS_RECORD_WHOLE, IMS_RECORD_MARKERS, 0, &other,
                                      NULL) == IMS_OK);
    ims_record_reader_close(r); /* trees live on */
    const struct ims_value *params = ims_value_get(&doc->root, "params");
    cr_assert(ims_value_as_f64(ims_value_get(params, "zmin"), &zmin) && zmin == 1);
    cr_assert(ims_value_is_text(ims_value_get(params, "title"), ""));
    cr_assert(ims_value_is_text(ims_value_get(&other->root, "text"), "the lamp is on"));
    ims_document_destroy(doc);
    ims_document_destroy(other);
    tape_finish(&tape);
}

Test(record, what_cannot_be_recorded_is_refused_and_the_rest_goes_on)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    struct ims_frame *f = sample_frame(0, 0);
    struct ims_frame *none;

    cr_assert(ims_frame_create(&none) == IMS_OK);
    none->pixel_format = IMS_PIX_YUYV;
    cr_assert(ims_record_writer_frame(w, "lab", none, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_writer_frame(w, "../lab", f, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_writer_frame(w, "", f, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_writer_put(w, IMS_RECORD_MARKERS, NULL, 0,
                                    (const uint8_t *)"\x81\xa1", 2,
                                    NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_writer_put(w, IMS_RECORD_MARKERS, NULL, 0,
                                    (const uint8_t *)"\x01", 1, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK);
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    cr_assert(ims_record_reader_streams(r) == 1);
    cr_assert(ims_record_reader_frame(r, 0, 1, &none, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_record_reader_frame(r, 1, 0, &none, NULL) == IMS_ERR_INVALID);
    ims_record_reader_close(r);
    ims_frame_unref(&f);
    ims_frame_unref(&none);
    tape_finish(&tape);
}

Test(record, places_tell_forms_apart_and_are_not_kept)
{
    struct tape tape = {0};
    struct ims_record_writer *w = begin(&tape);
    struct ims_frame *f;

    for (int i = 0; i < 6; i++) {
        const double x[] = {0, 1, 3, 6, 10, 15};
        f = sample_frame(0, (uint64_t)i);
        if (i < 3)
            cr_assert(ims_places_create(x, 5, NULL, 0, &f->places) == IMS_OK);
        cr_assert(ims_record_writer_frame(w, "lab", f, NULL) == IMS_OK);
        ims_frame_unref(&f);
    }
    end(w);
    struct ims_record_reader *r = open_tape(&tape);
    cr_assert(ims_record_reader_stream(r, 0)->epochs == 2);
    cr_assert(ims_record_reader_frame(r, 0, 0, &f, NULL) == IMS_OK);
    cr_assert(f->places == NULL);
    ims_frame_unref(&f);
    ims_record_reader_close(r);
    tape_finish(&tape);
}
