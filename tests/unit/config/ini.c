/* SPDX-License-Identifier: MIT */
#include "config_ini.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* "LINE section/name key=value;" of each item. */
struct seen {
    char text[1000];
};

static enum ims_result on_item(void *user, const struct config_ini_item *item,
                               struct ims_error *err)
{
    struct seen *seen = user;
    size_t used = strlen(seen->text);
    (void)err;
    snprintf(seen->text + used, sizeof seen->text - used, "%d %s/%s %s=%s;", item->line,
             item->section, item->name, item->key ? item->key : "",
             item->value ? item->value : "");
    return IMS_OK;
}

static void reads(const char *text, const char *expected)
{
    struct ims_error err = {0};
    struct seen seen = {0};
    char copy[1000];
    snprintf(copy, sizeof copy, "%s", text);
    cr_assert_eq(config_ini_parse(copy, "f", on_item, &seen, &err), IMS_OK, "%s: %s",
                 text, err.text);
    cr_assert_str_eq(seen.text, expected);
}

static void refuses(const char *text, const char *expected)
{
    struct ims_error err = {0};
    struct seen seen = {0};
    char copy[1000];
    snprintf(copy, sizeof copy, "%s", text);
    cr_assert_eq(config_ini_parse(copy, "f", on_item, &seen, &err), IMS_ERR_INVALID, "%s",
                 text);
    cr_assert_eq(strncmp(err.text, expected, strlen(expected)), 0, "%s", err.text);
}

Test(ini, tells_sections_and_keys_with_their_lines)
{
    reads("", "");
    reads("# a\n; b\n\n[server]\nport = 80\n  host=::1  \n[ stream  door ]\nsource = x\n",
          "4 server/ =;5 server/ port=80;6 server/ host=::1;7 stream/door =;8 "
          "stream/door source=x;");
    reads("\xef\xbb\xbf[a]\r\nb = c\r\n", "1 a/ =;2 a/ b=c;");
}

Test(ini, keeps_what_commands_and_urls_hold)
{
    reads("[a]\nb = sh -c 'x; y' # z = 1\n", "1 a/ =;2 a/ b=sh -c 'x; y' # z = 1;");
    reads("[a]\nb = http://u:p@h/?q=1&r=[2]\n", "1 a/ =;2 a/ b=http://u:p@h/?q=1&r=[2];");
}

Test(ini, joins_the_lines_of_a_bracketed_value)
{
    reads("[a]\nb = {\"c\": [1,\n  2], \n\"d\": \"}\"\n}\nc = 1\n",
          "1 a/ =;2 a/ b={\"c\": [1,\n  2], \n\"d\": \"}\"\n};6 a/ c=1;");
    reads("[a]\nb = [\"\\\"]\"]\nc = [::1]:9\n",
          "1 a/ =;2 a/ b=[\"\\\"]\"];3 a/ c=[::1]:9;");
}

Test(ini, names_the_line_of_what_has_no_form)
{
    refuses("[a]\n\nwords\n", "f:3: neither");
    refuses("[a]\n= 1\n", "f:2: neither");
    refuses("[a]\na b = 1\n", "f:2: neither");
    refuses("a = 1\n", "f:1: stands before any section");
    refuses("[a\n", "f:1: a section is");
    refuses("[a] b\n", "f:1: a section is");
    refuses("[a]\nb = \x01", "f:2: a control character");
}

Test(ini, tells_a_value_that_is_cut)
{
    refuses("[a]\nb = {\n\"c\": 1\n", "f:2: the value is not closed");
    refuses("[a]\nb = {\"c\": \"}\n", "f:2: the value is not closed");
    refuses("[a]\nb = {\n\x02}", "f:3: a control character");
}

static const char whole[] = "# what a lab has\n"
                            "[server]\n"
                            "port = 80\n"
                            "\n"
                            "[stream door]\n"
                            "source = test:lab\n"
                            "params = {\"zmin\": 0,\n"
                            "          \"title\": \"a } b\"}\n"
                            "quality = 7\n";

/* The line that the text of so many bytes ends in. */
static int lines_of(size_t size)
{
    int lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += whole[i] == '\n';
    return lines;
}

/* Where a text may end and be one: behind these lines. */
static bool may_end_behind(int line)
{
    return line == 1 || line == 3 || line == 4 || line == 6 || line == 8 || line == 9;
}

Test(ini, tells_a_file_that_is_cut_wherever_that_can_be_seen)
{
    for (size_t size = 1; size < sizeof whole; size++) {
        char cut[sizeof whole], place[16];
        snprintf(cut, sizeof cut, "%.*s", (int)size, whole);
        bool is_line = cut[size - 1] == '\n';
        int line = lines_of(size) - is_line;
        struct ims_error err = {0};
        struct seen seen = {0};
        bool is_taken = config_ini_parse(cut, "f", on_item, &seen, &err) == IMS_OK;
        cr_assert_eq(is_taken, is_line && may_end_behind(line), "%zu: %s", size,
                     err.text);
        snprintf(place, sizeof place, "f:%d:", line);
        bool is_placed = strncmp(err.text, place, strlen(place)) == 0 ||
                         (line == 8 && strncmp(err.text, "f:7:", 4) == 0); /* its begin */
        cr_assert(is_taken || is_placed, "%zu: %s", size, err.text);
        cr_assert(is_taken || strstr(err.text, "is the file whole"), "%s", err.text);
    }
}
