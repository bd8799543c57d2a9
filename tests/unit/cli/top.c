/* SPDX-License-Identifier: MIT */
#include "samples.h"
#include "top_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- samples ---- */

static void on_last(void *user, const struct sample *sample)
{
    *(struct sample *)user = *sample;
}

static enum ims_result read_text(const char *text, struct sample *out,
                                 struct ims_error *err)
{
    return samples_read(text, strlen(text), on_last, out, err);
}

Test(samples, are_read_with_their_labels)
{
    struct sample s = {.label_count = -1};
    cr_assert_eq(read_text("# HELP a x\n\na{b=\"c\\\"\\\\\",d_1=\"\"} 1.5\n", &s, NULL),
                 0);
    cr_assert_str_eq(s.name, "a");
    cr_assert_str_eq(sample_label(&s, "b"), "c\"\\");
    cr_assert_str_eq(sample_label(&s, "d_1"), "");
    cr_assert_str_eq(sample_label(&s, "e"), "");
    cr_assert_eq(s.value, 1.5);
    cr_assert_eq(read_text("b:_9 +Inf", &s, NULL), 0);
    cr_assert_eq(s.label_count, 0);
    cr_assert(isinf(s.value));
}

Test(samples, do_not_steer_the_terminal)
{
    struct sample s;
    cr_assert_eq(read_text("a{b=\"\033[2J\xc3\xa9\"} 1\n", &s, NULL), 0);
    cr_assert_str_eq(sample_label(&s, "b"), "?[2J??");
}

Test(samples, that_are_none_are_refused_by_their_line)
{
    static const char *const bad[] = {"a",        "a ",
                                      "{} 1",     "a{b} 1",
                                      "a{b=c} 1", "a{b=\"c} 1",
                                      "-",        "a{b=\"c\" 1",
                                      "a{b=\"\\", "a{=\"c\"} 1",
                                      "a{,} 1",   "a 1 2",
                                      "a x",      "a{b=\"c\"d=\"e\"} 1",
                                      "<html>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        struct sample s;
        struct ims_error err = {0};
        snprintf(text, sizeof text, "ok 1\n%s\n", bad[i]);
        cr_expect_eq(read_text(text, &s, &err), IMS_ERR_INVALID, "%s", bad[i]);
        cr_expect(strstr(err.text, "line 2"), "%s", err.text);
    }
}

Test(samples, are_bounded)
{
    char text[4096] = "a{";
    struct sample s;
    for (int i = 0; i <= SAMPLE_LABELS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%sl%d=\"x\"",
                 i ? "," : "", i);
    strcat(text, "} 1\n");
    cr_assert_eq(read_text(text, &s, NULL), IMS_ERR_INVALID);
    memset(text, 'n', SAMPLE_NAME_MAX + 1);
    strcpy(text + SAMPLE_NAME_MAX + 1, " 1\n");
    cr_assert_eq(read_text(text, &s, NULL), IMS_ERR_INVALID);
}

/* ---- readings and the table ---- */

static struct top_reading *reading(int64_t at_ns, const char *text)
{
    struct top_reading *r = calloc(1, sizeof *r);
    struct ims_error err = {0};
    cr_assert_eq(top_reading_take(r, text, strlen(text), at_ns, &err), 0, "%s", err.text);
    return r;
}

#define LAB(state, frames, fast, slow)                                                   \
    "imshowd_build_info{version=\"1.2\"} 1\n"                                            \
    "imshowd_stream_state{stream=\"lab\",state=\"" state "\"} 1\n"                       \
    "imshowd_stream_width_pixels{stream=\"lab\"} 640\n"                                  \
    "imshowd_stream_height_pixels{stream=\"lab\"} 480\n"                                 \
    "imshowd_frames_captured_total{stream=\"lab\"} " frames "\n"                         \
    "imshowd_frames_dropped_total{stream=\"lab\",reason=\"lost\"} 3\n"                   \
    "imshowd_frames_dropped_total{stream=\"lab\",reason=\"busy\"} 4\n"                   \
    "imshowd_frames_dropped_total{stream=\"lab\",reason=\"broken\"} 5\n"                 \
    "imshowd_sent_bytes_total{stream=\"lab\",via=\"websocket\"} " frames "000\n"         \
    "imshowd_stage_duration_seconds_bucket{stream=\"lab\",stage=\"draw\",le=\"9\"} 1\n"  \
    "imshowd_stage_duration_seconds_bucket{stream=\"lab\",stage=\"total\",le=\"0.01\"}"  \
    " " fast "\n"                                                                        \
    "imshowd_stage_duration_seconds_bucket{stream=\"lab\",stage=\"total\",le=\"0.02\"}"  \
    " " slow "\n"                                                                        \
    "imshowd_stage_duration_seconds_bucket{stream=\"lab\",stage=\"total\",le=\"+Inf\"}"  \
    " " slow "\n"
#define DAEMON(cpu)                                                                      \
    "imshowd_clients{kind=\"viewer\"} 1\nimshowd_clients{kind=\"mjpeg\"} 2\n"            \
    "imshowd_clients{kind=\"pusher\"} 0\nimshowd_jobs{state=\"waiting\"} 6\n"            \
    "process_cpu_seconds_total " cpu "\nprocess_resident_memory_bytes 45e6\n"

Test(top, latencies_are_of_the_time_in_between)
{
    struct top_reading *a = reading(1, LAB("live", "100", "100", "100"));
    struct top_reading *b = reading(2, LAB("live", "200", "150", "200"));
    const struct top_stream *was = &a->streams[0], *is = &b->streams[0];
    cr_expect_float_eq(top_latency(was, is, 0.5), 0.01, 1e-9);
    cr_expect_float_eq(top_latency(was, is, 0.95), 0.019, 1e-9);
    cr_expect_float_eq(top_latency(NULL, is, 0.25), 0.01 * 50 / 150, 1e-9);
    cr_expect(isnan(top_latency(is, is, 0.5)), "nothing went out");
    free(a);
    free(b);
}

static void expect_table(const struct top_page *page, const struct top_reading *before,
                         const struct top_reading *now, const char *text)
{
    struct ims_bytes out = {0};
    top_table_put(page, before, now, &out);
    ims_bytes_append(&out, "", 1);
    cr_assert_eq(out.result, 0);
    cr_expect_str_eq((char *)out.data, text);
    ims_bytes_finish(&out);
}

static const struct top_page page = {.server = "http://h"};

Test(top, rates_are_of_the_time_in_between)
{
    struct top_reading *a = reading(1, LAB("live", "100", "100", "100") DAEMON("1"));
    struct top_reading *b =
        reading(2000000001, LAB("live", "160", "150", "200") DAEMON("1.5"));
    struct top_reading *none = calloc(1, sizeof *none);
    a->start_s = b->start_s = 1e12; /* has not come */
    expect_table(
        &page, a, b,
        "http://h: imshowd 1.2; CPU 25 %, memory 45 MB, 6 jobs waiting\n"
        "1 stream, 1 live; 1 viewer, 2 of motion JPEG, 0 pushers\n"
        "NAME   STATE        SIZE    FPS  ENC/S  SENT/S VIEWS P50/MS P95/MS  DROP  LOST\n"
        "lab    live      640x480   30.0    0.0   30 kB     0     10     19     9     "
        "3\n");
    b->start_s += 1; /* another daemon */
    expect_table(
        &page, a, b,
        "http://h: imshowd 1.2; CPU - %, memory 45 MB, 6 jobs waiting\n"
        "1 stream, 1 live; 1 viewer, 2 of motion JPEG, 0 pushers\n"
        "NAME   STATE        SIZE    FPS  ENC/S  SENT/S VIEWS P50/MS P95/MS  DROP  LOST\n"
        "lab    live      640x480      -      -       -     0      -      -     9     "
        "3\n");
    free(a);
    free(b);
    free(none);
}

Test(top, says_nothing_of_rates_at_the_beginning_and_of_a_stream_that_counts_anew)
{
    struct top_reading *none = calloc(1, sizeof *none);
    struct top_reading *a = reading(1, LAB("live", "100", "100", "100"));
    struct top_reading *b = reading(2, LAB("lost", "7", "0", "0"));
    const char *text =
        "http://h: imshowd 1.2\n1 stream, 0 live\n"
        "NAME   STATE        SIZE    FPS  ENC/S  SENT/S VIEWS P50/MS P95/MS  DROP  LOST\n"
        "lab    lost      640x480      -      -       -     0      -      -     9     "
        "3\n";
    expect_table(&page, none, b, text);
    expect_table(&page, a, b, text);
    free(a);
    free(b);
    free(none);
}

Test(top, fits_what_there_is_room_for)
{
    struct top_reading *none = calloc(1, sizeof *none);
    char text[20000] = "imshowd_build_info{version=\"1\"} 1\n";
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "imshowd_stream_width_pixels{stream=\"%0*d\"} 1\n", i % 2 ? 60 : 3, i);
    struct top_reading *r = reading(1, text);
    for (int rows = 1; rows <= 110; rows += 3) {
        struct ims_bytes out = {0};
        const struct top_page small = {
            .server = "http://h", .columns = 20, .rows = rows, .note = "n"};
        int lines = 0, width = 0, widest = 0;
        top_table_put(&small, none, r, &out);
        for (size_t i = 0; i < out.size; i++) {
            lines += out.data[i] == '\n';
            width = out.data[i] == '\n' ? 0 : width + 1;
            widest = width > widest ? width : widest;
        }
        cr_expect_leq(lines, rows > 5 ? rows : 5);
        cr_expect(rows < 6 || rows > 103 || lines == rows, "%d of %d", lines, rows);
        cr_expect_leq(widest, 20);
        ims_bytes_finish(&out);
    }
    free(r);
    free(none);
}

Test(top, counts_the_streams_that_it_has_no_room_for)
{
    size_t room = 64 * (TOP_STREAMS_MAX + 4);
    char *text = calloc(1, room);
    strcpy(text, "imshowd_build_info{version=\"1\"} 1\n");
    for (int i = 0; i < TOP_STREAMS_MAX + 3; i++)
        snprintf(text + strlen(text), room - strlen(text),
                 "imshowd_stream_width_pixels{stream=\"s%d\"} 1\n", i);
    struct top_reading *r = reading(1, text);
    cr_assert_eq(r->stream_count, TOP_STREAMS_MAX);
    cr_assert_eq(r->left_out, 3);
    free(r);
    free(text);
}

Test(top, an_answer_of_something_else_is_refused)
{
    struct top_reading *r = calloc(1, sizeof *r);
    struct ims_error err = {0};
    cr_assert_eq(top_reading_take(r, "up 1\n", 5, 1, &err), IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "none of imshowd's"));
    free(r);
}
