/* SPDX-License-Identifier: MIT */
/* What a viewer's link takes: rungs of size and quality, and when to change them. */
#include "serve/pace.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

enum { MS = 1000000 };

static struct pace pace_open(void)
{
    struct pace pace = {.bounds = pace_bounds_default()};
    pace.bounds.adapt = true;
    return pace;
}

/* Acknowledged pictures, one every 100 ms. */
static int64_t note(struct pace *pace, int64_t now_ns, int count, int64_t excess_ms,
                    uint64_t bytes)
{
    for (int i = 0; i < count; i++) {
        now_ns += (int64_t)100 * MS;
        pace_note(pace, &(struct pace_sample){.now_ns = now_ns,
                                              .excess_ns = excess_ms * MS,
                                              .bytes = bytes,
                                              .own_bytes = bytes / 2});
    }
    return now_ns;
}

static enum ims_result parse(const char *json, struct pace_bounds *bounds,
                             struct ims_error *err)
{
    struct ims_document *doc;
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK);
    enum ims_result result = pace_bounds_parse(&doc->root, bounds, err);
    ims_document_destroy(doc);
    return result;
}

Test(pace, nobody_is_reduced_who_did_not_ask_for_it)
{
    struct pace_bounds bounds = pace_bounds_default();
    cr_assert_eq(parse("{}", &bounds, NULL), IMS_OK);
    cr_assert_not(bounds.adapt);
    cr_assert_eq(bounds.rate_max, 0);
}

Test(pace, a_viewer_pins_its_bounds)
{
    struct pace_bounds bounds = pace_bounds_default();
    cr_assert_eq(parse("{\"adapt\":true,\"quality_min\":70,\"scale_max\":1.5,"
                       "\"rate_max\":12.5}",
                       &bounds, NULL),
                 IMS_OK);
    cr_assert(bounds.adapt);
    cr_assert_eq(bounds.quality_min, 70);
    cr_assert_eq(bounds.scale_max, 1.5);
    cr_assert_eq(bounds.rate_max, 12.5);
}

Test(pace, a_bound_out_of_range_is_refused_by_its_name)
{
    static const char *const bad[][2] = {
        {"{\"adapt\":1}", "adapt"},           {"{\"quality_min\":0}", "quality_min"},
        {"{\"quality_min\":101}", "quality"}, {"{\"scale_max\":0.5}", "scale_max"},
        {"{\"scale_max\":\"2\"}", "scale"},   {"{\"rate_max\":0}", "rate_max"},
        {"{\"rate_max\":-1}", "rate_max"},    {"{\"adapt\":\"yes\"}", "adapt"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pace_bounds bounds = pace_bounds_default();
        struct ims_error err = {0};
        cr_assert_eq(parse(bad[i][0], &bounds, &err), IMS_ERR_INVALID, "%s", bad[i][0]);
        cr_assert_not_null(strstr(err.text, bad[i][1]), "%s", err.text);
        cr_assert_not(bounds.adapt);
    }
}

Test(pace, auto_leaves_raw_and_the_cameras_own_jpeg)
{
    struct pace_bounds bounds = pace_bounds_default();
    struct ims_view_spec asked = ims_view_spec_default(), out;
    struct ims_view_spec raw = {.codec = IMS_CODEC_RAW, .width = 640, .height = 480};
    struct ims_view_spec own = {
        .codec = IMS_CODEC_PASSTHROUGH, .width = 640, .height = 480};
    cr_assert(pace_spec(&bounds, &asked, &raw, 1, &out));
    cr_assert_eq(out.codec, IMS_CODEC_PNG);
    cr_assert_eq(out.width, 640);
    cr_assert(pace_spec(&bounds, &asked, &own, 1, &out));
    cr_assert_eq(out.codec, IMS_CODEC_JPEG);
    cr_assert_eq(out.quality, 65);
    asked.codec = IMS_CODEC_RAW;
    cr_assert(pace_spec(&bounds, &asked, &raw, 3, &out));
    cr_assert_eq(out.codec, IMS_CODEC_RAW, "a codec that is asked for stays");
    cr_assert_eq(out.width, 320);
}

Test(pace, each_rung_costs_less_than_the_one_before_and_none_leaves_the_bounds)
{
    struct pace_bounds bounds = pace_bounds_default();
    struct ims_view_spec asked = ims_view_spec_default(), out;
    struct ims_view_spec settled = {
        .codec = IMS_CODEC_JPEG, .quality = 80, .width = 1280, .height = 720};
    double cost = pace_cost(&settled);
    int count = 0;
    for (int r = 1; pace_spec(&bounds, &asked, &settled, r, &out); r++, count++) {
        cr_assert_lt(pace_cost(&out), cost);
        cr_assert_geq(out.quality, 40);
        cost = pace_cost(&out);
    }
    cr_assert_eq(count, PACE_RUNGS - 1);
    bounds.scale_max = 2;
    bounds.quality_min = 75;
    for (int r = 1; pace_spec(&bounds, &asked, &settled, r, &out); r++) {
        cr_assert_geq(out.width, 640);
        cr_assert_eq(out.quality, 75);
    }
    settled.quality = 30;
    cr_assert(pace_spec(&bounds, &asked, &settled, 1, &out));
    cr_assert_eq(out.quality, 30, "never better than asked");
}

Test(pace, a_small_picture_is_not_made_smaller)
{
    struct pace_bounds bounds = pace_bounds_default();
    struct ims_view_spec asked = ims_view_spec_default(), out;
    struct ims_view_spec settled = {.codec = IMS_CODEC_RAW, .width = 60, .height = 40};
    cr_assert(pace_spec(&bounds, &asked, &settled, 1, &out));
    cr_assert_not(pace_spec(&bounds, &asked, &settled, 2, &out));
}

Test(pace, pictures_that_are_all_late_call_for_their_share)
{
    struct pace pace = pace_open();
    double share = 0;
    note(&pace, 0, 2, 480, 100000);
    cr_assert_not(pace_is_late(&pace, &share), "too few to tell");
    note(&pace, 0, 1, 480, 100000);
    cr_assert(pace_is_late(&pace, &share));
    cr_assert_float_eq(share, 0.25, 1e-9);
}

Test(pace, one_that_came_in_time_says_that_it_was_not_the_link)
{
    struct pace pace = pace_open();
    double share;
    note(&pace, 0, 5, 900, 100000);
    note(&pace, 0, 1, 20, 100000);
    cr_assert_not(pace_is_late(&pace, &share));
}

Test(pace, who_takes_megabytes_a_second_is_not_late)
{
    struct pace pace = pace_open();
    double share;
    note(&pace, 0, PACE_SAMPLES, 500, 3 << 20);
    cr_assert_not(pace_is_late(&pace, &share));
}

Test(pace, a_picture_that_hangs_is_given_up_before_it_is_through)
{
    double share;
    cr_assert(pace_is_stuck(2 << 20, 60000, (int64_t)300 * MS, &share));
    cr_assert_lt(share, 0.01);
    cr_assert_not(pace_is_stuck(2 << 20, 60000, (int64_t)100 * MS, &share), "too early");
    cr_assert_not(pace_is_stuck(200000, 100000, (int64_t)300 * MS, &share), "soon there");
    cr_assert_not(pace_is_stuck(64 << 20, 8 << 20, (int64_t)800 * MS, &share), "fast");
}

Test(pace, room_for_more_is_taken_after_a_while_and_not_on_the_edge)
{
    struct pace pace = pace_open();
    pace_moved(&pace, 3, 0);
    int64_t now = note(&pace, 0, 6, 50, 20000);
    cr_assert_not(pace_has_room(&pace, 1.8, now), "too early");
    now = note(&pace, (int64_t)PACE_HOLD_MS * MS, 6, 50, 20000);
    cr_assert(pace_has_room(&pace, 1.8, now));
    cr_assert_not(pace_has_room(&pace, 2.1, now));
}

Test(pace, a_step_up_that_did_not_last_makes_the_next_wait_twice_as_long)
{
    struct pace pace = pace_open();
    int64_t now = 0;
    pace_moved(&pace, 3, now);
    cr_assert_eq(pace.hold_ms, PACE_HOLD_MS);
    for (int i = 1; i < 9; i++) {
        pace_moved(&pace, 2, now += (int64_t)1000 * MS);
        pace_moved(&pace, 3, now += (int64_t)1000 * MS);
        int64_t twice = (int64_t)PACE_HOLD_MS << i;
        cr_assert_eq(pace.hold_ms, twice < PACE_HOLD_MAX_MS ? twice : PACE_HOLD_MAX_MS);
    }
    pace_moved(&pace, 2, now += (int64_t)1000 * MS);
    pace_moved(&pace, 3, now += (int64_t)60000 * MS);
    cr_assert_eq(pace.hold_ms, PACE_HOLD_MS);
}

Test(pace, at_rest_a_better_picture_may_take_its_time)
{
    struct pace pace = pace_open();
    pace_moved(&pace, 3, 0);
    cr_assert_not(pace_has_room_at_rest(&pace, 1, (int64_t)1 << 40), "nothing is known");
    int64_t now = note(&pace, (int64_t)PACE_HOLD_MS * MS, 3, 100, 25000);
    cr_assert(pace_has_room_at_rest(&pace, 300000, now));
    cr_assert_not(pace_has_room_at_rest(&pace, 500000, now));
}

Test(pace, the_rung_above_is_as_large_as_it_was_seen)
{
    struct pace pace = pace_open();
    pace_moved(&pace, 1, 0);
    int64_t now = note(&pace, 0, 3, 400, 200000);
    pace_moved(&pace, 2, now);
    now = note(&pace, now, 3, 40, 20000);
    cr_assert_eq(pace_factor_up(&pace, 2.5, now), 10);
    cr_assert_eq(pace_factor_up(&pace, 12, now), 12);
    now += (int64_t)PACE_HOLD_MAX_MS * MS;
    cr_assert_eq(pace_factor_up(&pace, 2.5, now), 2.5, "the scene may be another by now");
}

Test(pace, what_a_link_takes_is_remembered_from_when_it_was_late)
{
    struct pace pace = pace_open();
    pace_moved(&pace, 1, 0);
    int64_t now = note(&pace, 0, 3, 400, 100000); /* 250 kB/s */
    pace_moved(&pace, 2, now);
    now = note(&pace, now + (int64_t)PACE_HOLD_MS * MS, 6, 10, 40000);
    cr_assert(pace_has_room(&pace, 1.4, now), "28 kB");
    cr_assert_not(pace_has_room(&pace, 1.6, now), "32 kB take longer than is aimed at");
    pace.link_ns -= (int64_t)PACE_HOLD_MAX_MS * MS;
    cr_assert(pace_has_room(&pace, 1.6, now), "it may be another by now");
}
