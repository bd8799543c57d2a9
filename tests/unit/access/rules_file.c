/* SPDX-License-Identifier: MIT */
#include "access/rules.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[80];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/imshow-access-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/access", folder);
}

static void teardown(void)
{
    unlink(path);
    cr_assert_eq(rmdir(folder), 0, "something is left in the folder");
}

TestSuite(rules_file, .init = setup, .fini = teardown);

Test(rules_file, that_is_not_there_has_no_rules)
{
    struct access_rules rules = {.count = 7};
    cr_assert_eq(access_rules_load(path, &rules, NULL), IMS_OK);
    cr_assert_eq(rules.count, 0);
}

Test(rules_file, is_its_owners_alone_and_leaves_nothing_beside_it)
{
    struct access_rules rules = {0}, again;
    struct access_principal *p;
    struct stat st;
    cr_assert_eq(access_rules_add(&rules, &p, NULL), IMS_OK);
    p->kind = ACCESS_ANYONE;
    snprintf(p->name, sizeof p->name, "all");
    for (int i = 0; i < 2; i++)
        cr_assert_eq(access_rules_save(path, &rules, NULL), IMS_OK);
    cr_assert_eq(stat(path, &st), 0);
    cr_assert_eq(st.st_mode & 0777, 0600);
    cr_assert_eq(access_rules_load(path, &again, NULL), IMS_OK);
    cr_assert_eq(again.count, 1);
    cr_assert_str_eq(again.items[0].name, "all");
    access_rules_finish(&rules);
    access_rules_finish(&again);
}

Test(rules_file, that_others_may_write_is_refused)
{
    struct access_rules rules;
    struct ims_error err = {0};
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    cr_assert_eq(fchmod(fd, 0622), 0);
    close(fd);
    cr_assert_eq(access_rules_load(path, &rules, &err), IMS_ERR_INVALID);
    cr_assert_not_null(strstr(err.text, "chmod 600"));
}

Test(rules_file, that_is_too_long_is_refused)
{
    struct access_rules rules;
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    cr_assert_eq(ftruncate(fd, ACCESS_FILE_BYTES_MAX + 1), 0);
    close(fd);
    cr_assert_eq(access_rules_load(path, &rules, NULL), IMS_ERR_LIMIT);
}

Test(rules_file, in_a_folder_that_is_not_there_is_not_written)
{
    struct access_rules rules = {0};
    cr_assert_eq(access_rules_save("/tmp/no/such/folder/access", &rules, NULL),
                 IMS_ERR_IO);
}

Test(rules_file, holds_so_many_and_no_more)
{
    struct access_rules rules = {0};
    struct access_principal *p;
    for (int i = 0; i < ACCESS_PRINCIPALS_MAX; i++)
        cr_assert_eq(access_rules_add(&rules, &p, NULL), IMS_OK);
    cr_assert_eq(access_rules_add(&rules, &p, NULL), IMS_ERR_LIMIT);
    access_rules_finish(&rules);
}
