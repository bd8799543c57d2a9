/* SPDX-License-Identifier: MIT */
#include "capture/dir_choice.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct dir_stamp stamp(const char *name, int64_t mtime_ns, uint64_t size)
{
    struct dir_stamp s = {.mtime_ns = mtime_ns, .size = size, .inode = 1};
    snprintf(s.name, sizeof s.name, "%s", name);
    return s;
}

/* A look that sees these; the name of what is whole and new, or "". */
static const char *look(struct dir_choice *c, const struct dir_stamp *seen, size_t count)
{
    static struct dir_stamp found;
    bool waits;
    for (size_t i = 0; i < count; i++)
        dir_choice_offer(c, &seen[i]);
    return dir_choice_settle(c, &found, &waits) ? found.name : "";
}

Test(dir_choice, takes_a_file_whose_size_and_time_stand_still)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp s = stamp("a.png", 10, 100), found;
    bool waits = false;
    dir_choice_offer(&c, &s);
    cr_expect_not(dir_choice_settle(&c, &found, &waits));
    cr_expect(waits, "it may be whole by the next look");
    s.size = 200;
    cr_expect_str_eq(look(&c, &s, 1), "", "it has grown");
    cr_expect_str_eq(look(&c, &s, 1), "a.png");
    dir_choice_shown(&c, &s);
    cr_expect_str_eq(look(&c, &s, 1), "");
    cr_expect_str_eq(look(&c, &s, 1), "", "once");
}

Test(dir_choice, takes_an_older_whole_file_while_the_newest_is_always_a_new_one)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp seen[] = {stamp("1", 1, 1), stamp("2", 2, 1), stamp("3", 3, 1)};
    look(&c, seen, 2);
    cr_expect_str_eq(look(&c, seen, 3), "2");
}

Test(dir_choice, remembers_the_newest_of_more_than_it_has_room_for)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp seen[3 * DIR_OFFERS];
    for (size_t i = 0; i < 3 * DIR_OFFERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "%zu", i);
        seen[i] = stamp(name, (int64_t)(i * 7 % (3 * DIR_OFFERS)), 1);
    }
    look(&c, seen, 3 * DIR_OFFERS);
    cr_expect_eq(c.before_count, DIR_OFFERS);
    for (size_t i = 0; i < DIR_OFFERS; i++)
        cr_expect_eq(c.before[i].mtime_ns, (int64_t)(3 * DIR_OFFERS - 1 - i));
}

Test(dir_choice, counts_numbers_in_names_as_numbers)
{
    struct dir_choice c = {.order = DIR_BY_NAME};
    struct dir_stamp seen[] = {stamp("shot_9", 9, 1), stamp("shot_10", 1, 1),
                               stamp("shot_1", 99, 1)};
    look(&c, seen, 3);
    cr_expect_str_eq(look(&c, seen, 3), "shot_10");
}

Test(dir_choice, never_goes_back_behind_what_was_shown)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp newest = stamp("b", 20, 1), moved_in = stamp("c", 10, 1);
    struct dir_stamp seen[] = {newest, moved_in};
    dir_choice_shown(&c, &newest);
    dir_choice_shown(&c, &moved_in); /* an event told of it */
    look(&c, seen, 2);
    cr_expect_str_eq(look(&c, seen, 2), "");
}

Test(dir_choice, takes_a_file_that_was_written_anew_even_with_an_older_time)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp first = stamp("latest", 20, 1), second = stamp("latest", 10, 1);
    dir_choice_shown(&c, &first);
    look(&c, &second, 1);
    cr_expect_str_eq(look(&c, &second, 1), "latest");
    dir_choice_shown(&c, &second);
    look(&c, &second, 1);
    cr_expect_str_eq(look(&c, &second, 1), "");
}

Test(dir_choice, passes_over_what_is_no_picture_until_it_changes)
{
    struct dir_choice c = {.order = DIR_BY_MTIME};
    struct dir_stamp seen[] = {stamp("good", 1, 1), stamp("torn", 2, 1)};
    look(&c, seen, 2);
    cr_expect_str_eq(look(&c, seen, 2), "torn");
    dir_choice_refuse(&c, &seen[1]);
    cr_expect_str_eq(look(&c, seen, 2), "good");
    dir_choice_shown(&c, &seen[0]);
    cr_expect_str_eq(look(&c, seen, 2), "");
    seen[1].size = 2;
    look(&c, seen, 2);
    cr_expect_str_eq(look(&c, seen, 2), "torn");
}

Test(dir_choice, comes_to_an_end_in_a_folder_of_nothing_but_foreign_files)
{
    struct dir_choice c = {.order = DIR_BY_NAME};
    struct dir_stamp seen[40], found;
    bool waits;
    size_t refused = 0;
    for (size_t i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "%zu", i);
        seen[i] = stamp(name, 1, 1);
    }
    for (int round = 0; round < 100; round++) {
        for (size_t i = 0; i < 40; i++)
            dir_choice_offer(&c, &seen[i]);
        if (!dir_choice_settle(&c, &found, &waits))
            continue;
        dir_choice_refuse(&c, &found);
        refused++;
    }
    cr_expect(refused > DIR_REFUSED && refused <= DIR_REFUSED + 1, "%zu", refused);
}

/* ---- addresses ---- */

Test(dir_address, reads_its_keys)
{
    struct dir_address a;
    cr_assert_eq(dir_address_parse("/data", &a, NULL), IMS_OK);
    cr_expect_str_eq(a.path, "/data");
    cr_expect(a.order == DIR_BY_MTIME && !a.replay && a.fps == 0 && !a.pattern[0]);
    cr_assert_eq(
        dir_address_parse("a b?pattern=*.png&order=name&fps=25&replay=1", &a, NULL),
        IMS_OK);
    cr_expect_str_eq(a.path, "a b");
    cr_expect_str_eq(a.pattern, "*.png");
    cr_expect(a.order == DIR_BY_NAME && a.replay && a.fps == 25);
}

Test(dir_address, refuses_with_what_may_be)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "name a folder"},       {"?fps=1", "name a folder"},
        {"/x?fps=", "1 to 1000"},    {"/x?fps=1001", "1 to 1000"},
        {"/x?fps=-1", "1 to 1000"},  {"/x?order=", "order=mtime"},
        {"/x?replay=2", "replay=1"}, {"/x?pattern=a/b", "pattern=*.png"},
        {"/x?pattern", "*.png"},     {"/x?fsp=1", "no such key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dir_address a;
        struct ims_error err = {0};
        cr_expect_eq(dir_address_parse(cases[i].text, &a, &err), IMS_ERR_INVALID);
        cr_expect(strstr(err.text, cases[i].words), "%s: %s", cases[i].text, err.text);
    }
    char longest[DIR_PATH_MAX + 1];
    memset(longest, 'x', DIR_PATH_MAX);
    longest[DIR_PATH_MAX] = '\0';
    struct dir_address a;
    cr_expect_eq(dir_address_parse(longest, &a, NULL), IMS_ERR_INVALID);
    cr_expect_eq(dir_address_parse(longest + 1, &a, NULL), IMS_OK);
}

Test(dir_address, takes_names_that_are_finished)
{
    struct dir_address any, some;
    cr_assert_eq(dir_address_parse("/x", &any, NULL), IMS_OK);
    cr_assert_eq(dir_address_parse("/x?pattern=cam[12]_*", &some, NULL), IMS_OK);
    cr_expect(dir_address_takes(&any, "a.png") && dir_address_takes(&any, "A.JPG"));
    cr_expect_not(dir_address_takes(&any, ".a.png"));
    cr_expect_not(dir_address_takes(&any, "a.png.tmp"));
    cr_expect_not(dir_address_takes(&any, "a.png~"));
    cr_expect_not(dir_address_takes(&any, "a.txt"));
    cr_expect_not(dir_address_takes(&any, ".png"));
    cr_expect(dir_address_takes(&some, "cam1_0001"));
    cr_expect_not(dir_address_takes(&some, "cam3_0001"));
    cr_expect_not(dir_address_takes(&some, "cam1_0001.part"));
}
