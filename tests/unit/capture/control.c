/* SPDX-License-Identifier: MIT */
#include "capture/control.h"
#include "capture/control_store.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct control_list *some(void)
{
    struct control_list *list = control_list_create();
    cr_assert(list);
    list->items[0] = (struct control){.id = 1,
                                      .type = CONTROL_INTEGER,
                                      .name = "gain",
                                      .minimum = -10,
                                      .maximum = 90,
                                      .step = 20,
                                      .initial = 10};
    list->items[1] = (struct control){.id = 2,
                                      .type = CONTROL_INTEGER64,
                                      .name = "wide",
                                      .minimum = INT64_MIN,
                                      .maximum = INT64_MAX,
                                      .step = 3};
    list->items[2] = (struct control){.id = 3, .type = CONTROL_BUTTON, .name = "press"};
    list->items[3] = (struct control){
        .id = 4, .type = CONTROL_STRING, .name = "text", .minimum = 1, .maximum = 4};
    list->items[4] = (struct control){
        .id = 5, .type = CONTROL_INTEGER, .name = "fixed", .flags = CONTROL_READ_ONLY};
    list->count = 5;
    return list;
}

static enum ims_result read_json(const char *json, struct control_changes **out,
                                 struct ims_error *err)
{
    struct control_list *list = some();
    struct ims_document *doc;
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK);
    enum ims_result result = control_changes_parse(list, &doc->root, out, err);
    ims_document_destroy(doc);
    control_list_unref(&list);
    return result;
}

Test(control, takes_what_lies_in_its_range_and_on_a_step)
{
    static const char *const good[] = {"{\"gain\": -10}",
                                       "{\"gain\": 90}",
                                       "{\"gain\": null}",
                                       "{\"press\": true}",
                                       "{\"text\": \"a\"}",
                                       "{\"press\": 1}",
                                       "{}",
                                       "{\"wide\": -9223372036854775808}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct control_changes *changes = NULL;
        struct ims_error err = {0};
        cr_expect_eq(read_json(good[i], &changes, &err), IMS_OK, "%s: %s", good[i],
                     err.text);
        free(changes);
    }
}

Test(control, refuses_the_rest_in_words)
{
    static const struct {
        const char *json, *word;
    } bad[] = {
        {"{\"gain\": 91}", "-10 to 90"},
        {"{\"gain\": 0}", "steps of 20"},
        {"{\"gain\": \"much\"}", "'much'"},
        {"{\"gain\": [1]}", "a list"},
        {"{\"gain\": true}", "true"},
        {"{\"press\": 0}", "give 1"},
        {"{\"press\": null}", "give 1"},
        {"{\"text\": \"\"}", "1 to 4"},
        {"{\"text\": \"abcde\"}", "1 to 4"},
        {"{\"fixed\": 1}", "only be read"},
        {"{\"gian\": 1}", "no control 'gian'"},
        {"{\"wide\": 9223372036854775808}", "wide"},
        {"[]", "a map"},
        {"{\"gain\": 10, \"x\": 1}", "'x'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct control_changes *changes = NULL;
        struct ims_error err = {0};
        cr_expect_eq(read_json(bad[i].json, &changes, &err), IMS_ERR_INVALID, "%s",
                     bad[i].json);
        cr_expect_null(changes);
        cr_expect(strstr(err.text, bad[i].word), "%s: %s", bad[i].json, err.text);
    }
}

Test(control, is_named_as_v4l2_ctl_names_it)
{
    char name[CONTROL_NAME_MAX];
    control_name_of("White Balance, Automatic", name);
    cr_expect_str_eq(name, "white_balance_automatic");
    control_name_of("  50/60 Hz (auto) ", name);
    cr_expect_str_eq(name, "50_60_hz_auto");
    control_name_of("", name);
    cr_expect_str_eq(name, "");
}

Test(control_store, keeps_what_was_set_and_forgets_defaults)
{
    char folder[] = "/tmp/controls-XXXXXX", path[256];
    struct ims_error err = {0};
    struct control_changes *changes = NULL;
    static struct control_store store, again;
    cr_assert(mkdtemp(folder));
    store.folder = again.folder = folder;
    cr_assert(control_store_name(&store, "My/Cam", "../serial"));
    cr_assert(control_store_name(&again, "My/Cam", "../serial"));
    cr_assert_not(strchr(store.id, '/'), "%s", store.id);
    cr_assert_eq(
        read_json("{\"gain\": 30, \"press\": 1, \"text\": \"abc\"}", &changes, &err),
        IMS_OK);
    control_store_merge(&store, changes);
    control_store_save(&store, &err);
    control_store_load(&again, &err);
    cr_assert_str_eq(err.text, "");
    cr_assert_eq(again.saved.count, 2, "a button is not kept");
    cr_expect_eq(again.saved.items[0].value, 30);
    cr_expect_str_eq(again.saved.items[1].text, "abc");
    free(changes);
    cr_assert_eq(read_json("{\"gain\": null}", &changes, &err), IMS_OK);
    control_store_merge(&store, changes);
    free(changes);
    cr_expect_eq(store.saved.count, 1);
    snprintf(path, sizeof path, "%s/controls/%s.json", folder, store.id);
    struct stat st, later;
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    control_store_save(&again, &err); /* says what is there: nothing is written */
    cr_assert_eq(stat(path, &later), 0);
    cr_expect_eq(later.st_ino, st.st_ino);
    control_store_save(&store, &err);
    cr_assert_eq(stat(path, &later), 0);
    cr_expect_neq(later.st_ino, st.st_ino);
    unlink(path);
    snprintf(path, sizeof path, "%s/controls", folder);
    rmdir(path);
    rmdir(folder);
}
