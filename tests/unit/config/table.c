/* SPDX-License-Identifier: MIT */
#include "config_table.h"
#include "options.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct config_section *section(const char *name)
{
    const struct config_section *s = config_section_named(name);
    cr_assert_not_null(s);
    return s;
}

static void each_row(void (*check)(const struct config_section *s,
                                   const struct config_row *row))
{
    for (const struct config_section *s = config_sections; s->name; s++)
        for (int g = 0; g < CONFIG_GROUPS; g++)
            for (size_t i = 0; i < s->groups[g].count; i++)
                check(s, &s->groups[g].rows[i]);
}

static void check_row(const struct config_section *s, const struct config_row *row)
{
    struct config_found found;
    cr_assert(config_find(s, row->name, strlen(row->name), &found));
    cr_assert_eq(found.row, row, "%s stands twice in [%s]", row->name, s->name);
    cr_assert(s->argument || config_find_option(row->name, strlen(row->name), &found));
    cr_assert_eq(found.row, row, "--%s stands in two sections", row->name);
    cr_assert(row->places, "%s can be said nowhere", row->name);
    cr_assert(strlen(row->help) > 5, "%s has no help", row->name);
    cr_assert_eq(!row->value, row->type == CONFIG_FLAG, "%s", row->name);
    if (row->letter[0]) {
        cr_assert(config_find_letter(s, row->letter[0], &found));
        cr_assert_eq(found.row, row, "-%s stands twice", row->letter);
    }
}

Test(table, has_each_row_once_and_whole)
{
    each_row(check_row);
}

Test(table, finds_no_row_of_another_section_or_name)
{
    struct config_found found;
    cr_assert_not(config_find(section("stream"), "port", 4, &found));
    cr_assert_not(config_find(section("server"), "por", 3, &found));
    cr_assert_not(config_find(section("server"), "ports", 5, &found));
    cr_assert_not(config_find_letter(section("server"), 'Z', &found));
    cr_assert_null(config_section_named("servers"));
}

Test(table, names_what_was_probably_meant)
{
    static const char *const pairs[][2] = {{"prot", "port"},
                                           {"qualty", "quality"},
                                           {"desired_fps", "desired-fps"},
                                           {"loglevel", "log-level"},
                                           {"pushunix", "push-unix"},
                                           {"hsot", "host"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        cr_assert_str_eq(config_nearest(section("server"), pairs[i][0]), pairs[i][1]);
    cr_assert_str_eq(config_nearest_section("strem"), "stream");
    char huge[1000];
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    cr_assert_not_null(config_nearest(section("server"), huge));
}

Test(table, knows_the_options_of_all_sections_and_where_a_key_belongs)
{
    struct config_found found;
    char homes[CONFIG_WHY_BYTES] = "";
    cr_assert(config_find_option("access", 6, &found));
    cr_assert(config_find_option("recordings", 10, &found));
    cr_assert(config_find_option_letter('p', &found));
    cr_assert_not(config_find_option("params", 6, &found));
    cr_assert_str_eq(config_nearest_option("recodrings"), "recordings");
    cr_assert(config_find_homes("insecure", homes));
    cr_assert_str_eq(homes, "[access]");
    cr_assert(config_find_homes("quality", homes));
    cr_assert_str_eq(homes, "[server] or [stream NAME]");
    cr_assert_not(config_find_homes("config", homes));
    cr_assert_not(config_find_homes("nothing", homes));
}

/* Reads one option's value into fresh options. */
static bool reads(const char *key, const char *value, struct options *out)
{
    char why[CONFIG_WHY_BYTES] = "";
    struct config_found found;
    cr_assert(config_find_option(key, strlen(key), &found));
    bool is_read =
        config_read(found.row, value, (char *)out + found.base, &out->texts, why);
    cr_assert_eq(is_read, !why[0], "%s = %s: %s", key, value, why);
    return is_read;
}

Test(table, reads_each_type)
{
    struct options o = {0};
    cr_assert(reads("port", "0", &o) && o.port == 0);
    cr_assert(reads("port", "65535", &o) && o.port == 65535);
    cr_assert(reads("resolution", "640x480", &o) && o.capture.width == 640 &&
              o.capture.height == 480);
    cr_assert(reads("format", "YUYV", &o) && o.capture.pixel_format == 0x56595559);
    cr_assert(reads("push-tcp", "[::1]:9000", &o) && o.push_tcp.port == 9000);
    cr_assert_str_eq(o.push_tcp.host, "::1");
    cr_assert(reads("host", "localhost", &o));
    cr_assert_str_eq(o.host, "localhost");
    cr_assert(reads("insecure", "yes", &o) && o.insecure);
    cr_assert(reads("insecure", "off", &o) && !o.insecure);
    cr_assert(reads("log-level", "debug", &o) && o.log_level == LOG_LEVEL_DEBUG);
    options_finish(&o);
}

Test(table, refuses_what_is_no_value_and_stores_nothing)
{
    static const char *const pairs[][2] = {
        {"port", "65536"},     {"port", "-1"},
        {"port", ""},          {"port", "80 "},
        {"port", "0x50"},      {"port", "99999999999999999999"},
        {"resolution", "640"}, {"resolution", "640x"},
        {"resolution", "0x0"}, {"resolution", "640x480x3"},
        {"format", "XX"},      {"push-tcp", "9000"},
        {"push-tcp", ":9000"}, {"push-tcp", "h:"},
        {"insecure", "maybe"}, {"log-level", "loud"},
        {"host", "\"::1\""}};
    struct options o = {.port = 1}, before = o;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        cr_assert_not(reads(pairs[i][0], pairs[i][1], &o));
    cr_assert_eq(memcmp(&o, &before, sizeof o), 0);
}
