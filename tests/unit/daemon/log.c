/* SPDX-License-Identifier: MIT */
#include "log_limit.h"
#include "log_line.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

/* ---- lines ---- */

static const char *line_of(enum log_format format, const struct log_record *record)
{
    static char line[LOG_LINE_BYTES + 1];
    size_t size = log_line_make(format, record, line);
    cr_assert_leq(size, LOG_LINE_BYTES);
    line[size] = 0;
    cr_assert_eq(strlen(line), size, "there is a zero in it");
    cr_assert_eq(line[size - 1], '\n');
    cr_assert_eq(strchr(line, '\n'), line + size - 1, "more than one line");
    return line;
}

static struct log_record record_of(const char *stream, const char *message)
{
    return (struct log_record){
        .level = LOG_LEVEL_WARNING,
        .about = {.area = "stream", .stream = stream},
        .message = message,
        .time = {1767323045, 678901234},
        .uptime = {12, 34567890},
    };
}

Test(log_line, says_level_time_subject_and_what_happened)
{
    struct log_record r = record_of("door", "lost: no such device");
    cr_assert_str_eq(line_of(LOG_FORMAT_TEXT, &r),
                     "warning 12.034 stream door: lost: no such device\n");
    cr_assert_str_eq(line_of(LOG_FORMAT_JOURNAL, &r),
                     "<4>stream door: lost: no such device\n");
    cr_assert_str_eq(line_of(LOG_FORMAT_JSON, &r),
                     "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"warning\","
                     "\"area\":\"stream\",\"stream\":\"door\","
                     "\"message\":\"lost: no such device\"}\n");
}

Test(log_line, tells_what_it_stands_for_and_what_was_lost_before_it)
{
    struct log_record r = record_of(NULL, "held");
    r.about.client = "192.0.2.7";
    r.left_out = 12;
    r.lost = 3;
    const char *line = line_of(LOG_FORMAT_JSON, &r);
    cr_assert(strstr(line, ",\"client\":\"192.0.2.7\",\"message\":\"held\","
                           "\"left_out\":12,\"lost\":3}\n"),
              "%s", line);
    cr_assert_str_eq(line_of(LOG_FORMAT_JOURNAL, &r),
                     "<4>stream 192.0.2.7: held (3 lines before this one were not taken "
                     "and are lost)\n");
}

Test(log_line, escapes_what_would_forge_a_line_or_steer_a_terminal)
{
    struct log_record r =
        record_of("a\nb", "\x1b[2J \xc2\x9b \xff \xc3\xa4 \xe2\x82\xac");
    cr_assert_str_eq(line_of(LOG_FORMAT_JOURNAL, &r),
                     "<4>stream a\\x0ab: \\x1b[2J \\u009b \\xff \xc3\xa4 \xe2\x82\xac\n");
}

static const char *text_of(const struct ims_value *map, const char *key, char *out,
                           size_t room)
{
    cr_assert(ims_value_as_text(ims_value_get(map, key), out, room), "%s", key);
    return out;
}

/* Parsed by the library's own reader, which is strict. */
static void is_one_object(const struct log_record *r)
{
    char text[LOG_LINE_BYTES];
    struct ims_document *doc;
    struct ims_error err = {0};
    const char *line = line_of(LOG_FORMAT_JSON, r);
    cr_assert_eq(ims_json_parse(line, strlen(line), &doc, &err), IMS_OK, "%s in %s",
                 err.text, line);
    cr_assert_eq(doc->root.kind, IMS_MAP);
    cr_assert_str_eq(text_of(&doc->root, "area", text, sizeof text), "stream");
    text_of(&doc->root, "message", text, sizeof text);
    ims_document_destroy(doc);
}

Test(log_line, is_one_object_whatever_bytes_are_in_a_name)
{
    char name[4] = {0}, message[LOG_MESSAGE_BYTES];
    for (unsigned a = 1; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            name[0] = (char)a;
            name[1] = (char)b;
            name[2] = b ? '\x80' : 0;
            struct log_record r = record_of(name, "x");
            is_one_object(&r);
        }
    }
    for (unsigned a = 1; a < 256;
         a++) { /* as long as can be, and each byte six in JSON */
        memset(message, (int)a, sizeof message);
        message[sizeof message - 1] = 0;
        struct log_record r = record_of(message, message);
        r.about.client = r.about.recording = message;
        r.left_out = r.lost = UINT64_MAX;
        is_one_object(&r);
    }
}

Test(log_line, keeps_a_message_whole_that_fits)
{
    char message[LOG_MESSAGE_BYTES], found[LOG_LINE_BYTES];
    struct ims_document *doc;
    struct ims_error err = {0};
    memset(message, '"', sizeof message);
    message[sizeof message - 1] = 0;
    struct log_record r = record_of("door", message);
    const char *line = line_of(LOG_FORMAT_JSON, &r);
    cr_assert_eq(ims_json_parse(line, strlen(line), &doc, &err), IMS_OK);
    cr_assert_str_eq(text_of(&doc->root, "message", found, sizeof found), message);
    ims_document_destroy(doc);
}

/* ---- what repeats ---- */

static struct log_counter told[1000];
static int told_count;

static void on_tell(const struct log_counter *counter)
{
    cr_assert_lt(told_count, 1000);
    told[told_count++] = *counter;
}

static struct log_limit limit_of_test(void)
{
    told_count = 0;
    return (struct log_limit){.tell = on_tell};
}

static int written(struct log_limit *limit, const char *kind, const char *stream,
                   int times, uint64_t now_ms)
{
    struct log_about about = {.area = "stream", .stream = stream};
    int count = 0;
    for (int i = 0; i < times; i++) {
        struct log_counter *c =
            log_limit_take(limit, kind, LOG_LEVEL_INFO, &about, now_ms);
        if (c)
            log_limit_like(limit, c, "the first");
        count += c != NULL;
    }
    return count;
}

Test(log_limit, lets_a_source_say_so_much_and_tells_how_much_more_it_would_have_said)
{
    struct log_limit limit = limit_of_test();
    cr_assert_eq(written(&limit, "k", "door", 1000, 5), LOG_LIMIT_SOURCE);
    cr_assert_eq(written(&limit, "k", "yard", 3, 5), 3, "others are not held back");
    cr_assert_eq(written(&limit, "other", "door", 3, 5), 3, "nor other lines");
    log_limit_tick(&limit, LOG_LIMIT_MS + 4);
    cr_assert_eq(told_count, 0, "its time is not over");
    log_limit_tick(&limit, LOG_LIMIT_MS + 5);
    cr_assert_eq(told_count, 1);
    cr_assert_eq(told[0].left_out, 1000 - LOG_LIMIT_SOURCE);
    cr_assert_str_eq(told[0].names[0], "door");
    cr_assert_str_eq(told[0].like, "the first");
    cr_assert_eq(written(&limit, "k", "door", 1000, LOG_LIMIT_MS + 5), LOG_LIMIT_SOURCE,
                 "a new time");
}

Test(log_limit, tells_with_the_next_line_when_nobody_ticks)
{
    struct log_limit limit = limit_of_test();
    written(&limit, "k", NULL, LOG_LIMIT_SOURCE + 7, 0);
    cr_assert_eq(written(&limit, "k", NULL, 1, LOG_LIMIT_MS), 1);
    cr_assert_eq(told_count, 1);
    cr_assert_eq(told[0].left_out, 7);
}

Test(log_limit, bounds_many_sources_of_many_kinds_together)
{
    static const char *const kinds[] = {"a", "b", "c", "d", "e"};
    struct log_limit limit = limit_of_test();
    unsigned long long sum = 0;
    int count = 0;
    char name[16];
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "s%d", i / 5);
        count += written(&limit, kinds[i % 5], name, 1, 1);
    }
    cr_assert_eq(count, 5 * LOG_LIMIT_KIND);
    log_limit_tick(&limit, UINT64_MAX);
    for (int i = 0; i < told_count; i++)
        sum += told[i].left_out;
    cr_assert_eq(sum + (unsigned)count, 20000, "each line is written or told");
    cr_assert_eq(told_count, 5);
    cr_assert_str_eq(told[0].like, "the first", "of all its sources");
}

Test(log_limit, does_not_let_one_source_use_up_its_kind)
{
    struct log_limit limit = limit_of_test();
    written(&limit, "k", "loud", 100000, 1);
    cr_assert_eq(written(&limit, "k", "quiet", 5, 2), 5);
}
