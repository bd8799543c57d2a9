/* SPDX-License-Identifier: MIT */
#include "record/plan.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdio.h>
#include <string.h>

static enum ims_result parse(const char *json, struct plan *out, struct ims_error *err)
{
    struct ims_document *doc;
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK, "%s", json);
    enum ims_result result = plan_parse(&doc->root, out, err);
    ims_document_destroy(doc);
    return result;
}

static struct plan good(const char *json)
{
    struct plan plan;
    struct ims_error err = {0};
    cr_assert_eq(parse(json, &plan, &err), IMS_OK, "%s: %s", json, err.text);
    return plan;
}

Test(plan, needs_nothing_but_streams)
{
    struct plan plan = good("{\"streams\": [\"door\", \"yard\"]}");
    cr_assert_eq(plan.stream_count, 2);
    cr_assert_str_eq(plan.streams[1], "yard");
    cr_assert(!*plan.name && !plan.trigger && !plan.schedule.is_set);
    cr_assert(plan.every_s == 0 && plan.duration_s == 0 && plan.part_bytes == 0);
    cr_assert_eq(good("{\"streams\": \"door\"}").stream_count, 1);
}

Test(plan, has_all_keys)
{
    struct plan plan =
        good("{\"streams\": [\"a\"], \"name\": \"night-1\", \"every_s\": 2.5, "
             "\"duration_s\": 60,"
             " \"part_s\": 3600, \"part_bytes\": 1e9, \"schedule\": \"22:00-06:00\","
             " \"trigger\": \"changed\", \"limit\": 0.05, \"pre_s\": 3, \"post_s\": 20}");
    cr_assert_str_eq(plan.name, "night-1");
    cr_assert(plan.every_s == 2.5 && plan.duration_s == 60 && plan.part_s == 3600);
    cr_assert_eq(plan.part_bytes, 1000000000);
    cr_assert(plan.schedule.is_set && plan.trigger == TRIGGER_CHANGED);
    cr_assert(plan.limit == 0.05 && plan.pre_s == 3 && plan.post_s == 20);
}

Test(plan, of_a_trigger_has_time_before_and_after)
{
    struct plan plan = good("{\"streams\": [\"a\"], \"trigger\": \"call\"}");
    cr_assert(plan.pre_s == 5 && plan.post_s == 10);
    plan = good("{\"streams\": [\"a\"], \"trigger\": \"call\", \"pre_s\": 0}");
    cr_assert(plan.pre_s == 0);
}

Test(plan, says_which_key_is_wrong)
{
    static const struct {
        const char *json, *words;
    } bad[] = {
        {"[]", "give a map"},
        {"{}", "streams"},
        {"{\"streams\": []}", "streams"},
        {"{\"streams\": [\"../etc\"]}", "stream name"},
        {"{\"streams\": [7]}", "streams"},
        {"{\"streams\": [\"a\", \"a\"]}", "twice"},
        {"{\"streams\": [\"a\"], \"name\": \"../x\"}", "recording name"},
        {"{\"streams\": [\"a\"], \"name\": \".hidden\"}", "recording name"},
        {"{\"streams\": [\"a\"], \"name\": \"a/b\"}", "recording name"},
        {"{\"streams\": [\"a\"], \"name\": \"\"}", "recording name"},
        {"{\"streams\": [\"a\"], \"every_s\": -1}", "every_s"},
        {"{\"streams\": [\"a\"], \"every_s\": \"often\"}", "every_s"},
        {"{\"streams\": [\"a\"], \"part_bytes\": 10}", "part_bytes"},
        {"{\"streams\": [\"a\"], \"part_s\": 0.01}", "part_s"},
        {"{\"streams\": [\"a\"], \"schedule\": \"noon\"}", "schedule"},
        {"{\"streams\": [\"a\"], \"trigger\": \"wish\"}", "trigger"},
        {"{\"streams\": [\"a\"], \"trigger\": \"mean\"}", "limit"},
        {"{\"streams\": [\"a\"], \"limit\": 3}", "limit"},
        {"{\"streams\": [\"a\"], \"trigger\": \"changed\", \"limit\": 2}", "limit"},
        {"{\"streams\": [\"a\"], \"pre_s\": 3}", "trigger"},
        {"{\"streams\": [\"a\"], \"fps\": 3}", "unknown key 'fps'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct plan plan;
        struct ims_error err = {0};
        cr_assert_eq(parse(bad[i].json, &plan, &err), IMS_ERR_INVALID, "%s", bad[i].json);
        cr_assert(strstr(err.text, bad[i].words), "%s: %s", bad[i].json, err.text);
    }
}

Test(plan, of_a_command_line_is_the_same)
{
    struct plan plan;
    struct ims_error err = {0};
    cr_assert_eq(
        plan_parse_text("door,yard?every_s=5&schedule=mon-fri 08:00-18:00&name=day",
                        &plan, &err),
        IMS_OK, "%s", err.text);
    cr_assert_eq(plan.stream_count, 2);
    cr_assert_str_eq(plan.streams[0], "door");
    cr_assert_str_eq(plan.schedule.text, "mon-fri 08:00-18:00");
    cr_assert_str_eq(plan.name, "day");
    cr_assert(plan.every_s == 5);
    cr_assert_eq(plan_parse_text("door", &plan, &err), IMS_OK);
    static const char *const bad[] = {
        "",         "?",    "door?", "door?every_s",
        "door?x=1", "a,,b", "a,",    "door?every_s=1&every_s=2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_neq(plan_parse_text(bad[i], &plan, NULL), IMS_OK, "'%s'", bad[i]);
}

Test(plan, writes_the_keys_that_were_given)
{
    struct plan plan =
        good("{\"streams\": [\"a\"], \"trigger\": \"mean\", \"limit\": 100.5,"
             " \"part_bytes\": 2000000}");
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_map(&sink, IMS_COUNT_LATER);
    plan_put(&plan, &sink);
    ims_put_end(&sink);
    ims_bytes_append(&out, "", 1);
    cr_assert(strstr((char *)out.data, "\"trigger\""), "%s", (char *)out.data);
    cr_assert(strstr((char *)out.data, "100.5"), "%s", (char *)out.data);
    cr_assert(strstr((char *)out.data, "2000000"), "%s", (char *)out.data);
    cr_assert(!strstr((char *)out.data, "schedule"), "%s", (char *)out.data);
    ims_bytes_finish(&out);
}
