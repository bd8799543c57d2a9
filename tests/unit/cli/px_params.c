/* SPDX-License-Identifier: MIT */
#include "px_params.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct target {
    struct px_params px;
};

static struct px_params px_of(char **words, int count)
{
    struct option_row rows[PX_ROWS_COUNT + 1] = {0};
    struct target target = {0};
    struct option_args args;
    px_params_rows(offsetof(struct target, px), rows);
    cr_assert_eq(options_parse(rows, count, words, &target, &args, NULL), IMS_OK);
    return target.px;
}

static void expect_map(const struct px_params *px, const char *json)
{
    struct px_call call;
    struct ims_error err = {0};
    cr_assert_eq(px_params_read(px, &call, &err), IMS_OK, "%s", err.text);
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    ims_put_value(&sink, &call.map->root);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq((char *)out.data, json);
    ims_bytes_finish(&out);
    px_call_finish(&call);
}

/* A file that holds the text; the caller unlinks it. */
static void write_file(char path[32], const char *text)
{
    strcpy(path, "/tmp/imshow-px-XXXXXX");
    int fd = mkstemp(path);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

Test(px_params, read_values_as_json_or_bare_text)
{
    char *words[] = {"--zmin",  "[50, 0, 0]",        "--color-continuous-scale",
                     "Viridis", "--title=5 o'clock", "--origin=null"};
    struct px_params px = px_of(words, 6);
    expect_map(
        &px, "{\"zmin\":[50,0,0],\"color_continuous_scale\":\"Viridis\",\"origin\":null,"
             "\"title\":\"5 o'clock\"}");
}

Test(px_params, put_an_option_before_the_files_value)
{
    char path[32], argument[64];
    write_file(path, "{\"zmin\": 1, \"zmax\": 9}");
    snprintf(argument, sizeof argument, "--params=%s", path);
    char *words[] = {argument, "--zmin=5"};
    struct px_params px = px_of(words, 2);
    expect_map(&px, "{\"zmax\":9,\"zmin\":5}");
    unlink(path);
}

Test(px_params, read_labels_from_a_file)
{
    char path[32], argument[64];
    write_file(path, "{\"dims\": [\"lat\", \"lon\"], \"coords\": {}, \"attrs\": {}}");
    snprintf(argument, sizeof argument, "--labelled=%s", path);
    char *words[] = {argument};
    struct px_params px = px_of(words, 1);
    struct px_call call;
    cr_assert_eq(px_params_read(&px, &call, NULL), IMS_OK);
    cr_assert_str_eq(call.labels->dims[1].name, "lon");
    px_call_finish(&call);
    unlink(path);
}

static void refuse(const char *option, const char *text, const char *words)
{
    char path[32], argument[64];
    write_file(path, text);
    snprintf(argument, sizeof argument, "--%s=%s", option, path);
    char *arguments[] = {argument};
    struct px_params px = px_of(arguments, 1);
    struct px_call call;
    struct ims_error err = {0};
    cr_assert_neq(px_params_read(&px, &call, &err), IMS_OK);
    cr_assert_not_null(strstr(err.text, words), "%s", err.text);
    unlink(path);
}

Test(px_params, name_the_file_that_is_wrong)
{
    refuse("params", "{\"zmin\": }", "--params: /tmp/imshow-px-");
    refuse("params", "[1, 2]", "--params: give a JSON object, {...}");
    refuse("params", "{\"zmim\": 1}", "zmim");
    refuse("labelled", "{\"dims\": 5}", "--labelled: /tmp/imshow-px-");
}

Test(px_params, are_all_known_to_the_library)
{
    struct option_row rows[PX_ROWS_COUNT + 1] = {0};
    px_params_rows(0, rows);
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++) {
        struct px_params px = {0};
        struct px_call call = {0};
        struct ims_error err = {0};
        px.text[i] = "null";
        cr_assert_eq(px_params_read(&px, &call, &err), IMS_OK, "%s: %s", rows[i].name,
                     err.text);
        px_call_finish(&call);
        cr_assert_str_eq(px_params_row(0, rows[i].name).name, rows[i].name);
    }
}

Test(px_params, lie_over_those_that_a_figure_has_already)
{
    char *words[] = {"--zmin", "3", "--title", "mine"};
    struct px_params px = px_of(words, 4);
    struct ims_document *base;
    struct px_call call;
    const char *text =
        "{\"title\": \"its own\", \"zmax\": 9, \"color_continuous_scale\": \"Viridis\"}";
    cr_assert_eq(ims_json_parse(text, strlen(text), &base, NULL), IMS_OK);
    px_params_default(&px, "animation-frame", "0");
    px_params_default(&px, "title", "another");
    cr_assert_eq(px_params_read_over(&px, &base->root, &call, NULL), IMS_OK);
    ims_document_destroy(base); /* the call has all that it needs */
    const struct ims_value *map = &call.map->root;
    int64_t zmin = 0, axis = 7;
    cr_expect_eq(map->as.map.count, 5);
    cr_expect(ims_value_is_text(ims_value_get(map, "title"), "mine"));
    cr_expect(ims_value_is_text(ims_value_get(map, "color_continuous_scale"), "Viridis"));
    cr_expect(ims_value_as_i64(ims_value_get(map, "zmin"), &zmin) && zmin == 3);
    cr_expect(ims_value_as_i64(ims_value_get(map, "animation_frame"), &axis) &&
              axis == 0);
    px_call_finish(&call);
}
