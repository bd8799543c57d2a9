/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/view.h>
#include <string.h>

TestSuite(view);

static enum ims_result parse(const char *json, struct ims_view_spec *spec,
                             struct ims_error *err)
{
    struct ims_document *doc;

    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK, "%s", json);
    enum ims_result r = ims_view_spec_parse(&doc->root, spec, err);
    ims_document_destroy(doc);
    return r;
}

static struct ims_view_spec parsed(const char *json)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_error err = {0};

    cr_assert_eq(parse(json, &spec, &err), IMS_OK, "%s", err.text);
    return spec;
}

Test(view, every_key_of_a_watch_message_is_read)
{
    struct ims_view_spec s = parsed(
        "{\"timeline\": 3, \"slice\": [4, 0], \"region\": [-0.5, 1, 20.5, 30],"
        " \"width\": 640, \"height\": 480, \"contrast_rescaling\": \"minmax\","
        " \"transform\": \"linear\", \"color_continuous_scale\": \"viridis_r\","
        " \"codec\": \"png\", \"quality\": 55, \"level\": 0, \"type\": \"watch\"}");

    cr_assert_eq(s.timeline, 3);
    cr_assert(s.slice_count == 2 && s.slice[0] == 4 && s.slice[1] == 0);
    cr_assert(s.has_region && s.region[0] == -0.5 && s.region[3] == 30);
    cr_assert(s.width == 640 && s.height == 480);
    cr_assert_eq(s.limits.kind, IMS_LIMITS_MINMAX);
    cr_assert_str_eq(s.colorscale, "viridis_r");
    cr_assert(s.codec == IMS_CODEC_PNG && s.quality == 55 && s.level == 0);
}

Test(view, nulls_and_absent_keys_leave_the_defaults)
{
    struct ims_view_spec s = parsed("{\"width\": null, \"zmin\": null, \"codec\": null}");
    struct ims_view_spec d = ims_view_spec_default();

    cr_assert(ims_view_spec_equal(&s, &d));
    cr_assert_eq(d.level, -1);
}

Test(view, limits_are_numbers_or_vectors_joined_to_one_length)
{
    struct ims_view_spec s = parsed("{\"zmin\": 5, \"zmax\": [7.5]}");

    cr_assert(s.limits.channels == 1 && s.limits.lo[0] == 5 && s.limits.hi[0] == 7.5);
    s = parsed("{\"zmin\": [50, 0, 1], \"zmax\": 200}");
    cr_assert(s.limits.channels == 3 && s.limits.lo[2] == 1 && s.limits.hi[2] == 200);
    s = parsed("{\"zmin\": [1, 2, 3], \"zmax\": [10, 20, 30, 40]}");
    cr_assert(s.limits.channels == 4 && s.limits.lo[3] == 0 && s.limits.hi[3] == 40);
    s = parsed("{\"zmax\": 9}");
    cr_assert(!s.limits.has_lo && s.limits.has_hi && s.limits.hi[0] == 9);
}

Test(view, wrong_values_are_refused_and_named)
{
    static const char *const bad[][2] = {
        {"{\"timeline\": -1}", "timeline"},
        {"{\"slice\": 3}", "slice"},
        {"{\"slice\": [0.5]}", "slice"},
        {"{\"slice\": [0,0,0,0,0,0,0,0,0]}", "slice"},
        {"{\"region\": [0, 1, 2]}", "region"},
        {"{\"region\": [0, 1, 2, \"a\"]}", "region"},
        {"{\"width\": 4294967296}", "width"},
        {"{\"height\": \"tall\"}", "height"},
        {"{\"contrast_rescaling\": \"max\"}", "contrast_rescaling"},
        {"{\"zmin\": [1, 2]}", "zmin"},
        {"{\"zmin\": []}", "zmin"},
        {"{\"zmax\": \"NaN\"}", "zmax"},
        {"{\"zmax\": {}}", "zmax"},
        {"{\"transform\": \"cubic\"}", "transform"},
        {"{\"color_continuous_scale\": 5}", "color_continuous_scale"},
        {"{\"color_continuous_scale\": \"0123456789012345678901234567890123456789\"}",
         "color_continuous_scale"},
        {"{\"codec\": \"gif\"}", "codec"},
        {"{\"quality\": 0}", "quality"},
        {"{\"quality\": 101}", "quality"},
        {"{\"level\": 10}", "level"},
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct ims_view_spec spec = {.width = 7}, before = spec;
        struct ims_error err = {0};
        cr_assert_eq(parse(bad[i][0], &spec, &err), IMS_ERR_INVALID, "%s", bad[i][0]);
        cr_assert_eq(strncmp(err.text, bad[i][1], strlen(bad[i][1])), 0, "%s", err.text);
        cr_assert(ims_view_spec_equal(&spec, &before));
    }
}

Test(view, each_field_counts_in_the_comparison)
{
    const struct ims_view_spec a = parsed("{\"width\": 100, \"slice\": [1], \"zmin\": 3,"
                                          " \"region\": [0, 0, 5, 5]}");
    struct ims_view_spec b = a;

    cr_assert(ims_view_spec_equal(&a, &b));
    b.slice[5] = 9; /* beyond the count */
    cr_assert(ims_view_spec_equal(&a, &b));
#define DIFFERS(change)                                                                  \
    b = a;                                                                               \
    b.change;                                                                            \
    cr_assert_not(ims_view_spec_equal(&a, &b), #change)
    DIFFERS(timeline = 1);
    DIFFERS(slice[0] = 2);
    DIFFERS(slice_count = 0);
    DIFFERS(has_region = false);
    DIFFERS(region[2] = 6);
    DIFFERS(width = 99);
    DIFFERS(height = 99);
    DIFFERS(limits.lo[0] = 4);
    DIFFERS(limits.has_hi = true);
    DIFFERS(limits.kind = IMS_LIMITS_MINMAX);
    DIFFERS(colorscale[0] = 'x');
    DIFFERS(codec = IMS_CODEC_RAW);
    DIFFERS(quality = 3);
    DIFFERS(level = 3);
}

Test(view, codecs_have_the_names_of_the_protocol)
{
    cr_assert_str_eq(ims_codec_name(IMS_CODEC_AUTO), "auto");
    cr_assert_str_eq(ims_codec_name(IMS_CODEC_JPEG), "jpeg");
    cr_assert_str_eq(ims_codec_name(IMS_CODEC_PNG), "png");
    cr_assert_str_eq(ims_codec_name(IMS_CODEC_RAW), "raw");
    cr_assert_str_eq(ims_codec_name(IMS_CODEC_PASSTHROUGH), "passthrough");
}
