/* SPDX-License-Identifier: MIT */
#include "record/folder.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scene {
    char root[64], path[128];
    struct folder *folder;
};

static void setup(struct scene *s)
{
    struct ims_error err = {0};
    snprintf(s->root, sizeof s->root, "/tmp/imshow-folder-XXXXXX");
    cr_assert(mkdtemp(s->root) != NULL);
    snprintf(s->path, sizeof s->path, "%s/a/b/recordings", s->root);
    cr_assert_eq(folder_open(s->path, &s->folder, &err), IMS_OK, "%s", err.text);
}

static void teardown(struct scene *s)
{
    char command[200];
    folder_unref(&s->folder);
    snprintf(command, sizeof command, "rm -rf %s", s->root);
    cr_assert_eq(system(command), 0);
}

static void make(const struct scene *s, const char *name, unsigned from,
                 const char *expected)
{
    char made[128] = "";
    int fd;
    struct ims_error err = {0};
    cr_assert_eq(folder_make(s->folder, name, &from, made, sizeof made, &fd, &err),
                 IMS_OK, "%s", err.text);
    cr_assert_str_eq(made, expected);
    cr_assert_eq(write(fd, "x", 1), 1);
    close(fd);
}

Test(folder, is_made_with_all_that_is_above_it)
{
    struct scene s;
    struct stat st;
    uint64_t left, all;
    setup(&s);
    cr_assert(stat(s.path, &st) == 0 && S_ISDIR(st.st_mode));
    cr_assert(folder_space(s.folder, &left, &all) && left <= all && all > 0);
    teardown(&s);
}

Test(folder, belongs_to_one_at_a_time)
{
    struct scene s;
    struct folder *other = NULL;
    struct ims_error err = {0};
    setup(&s);
    cr_assert_eq(folder_open(s.path, &other, &err), IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "another imshowd records there"), "%s", err.text);
    struct folder *mine = folder_ref(s.folder);
    folder_unref(&mine);
    cr_assert_eq(folder_open(s.path, &other, NULL), IMS_ERR_INVALID,
                 "a reference is left");
    folder_unref(&s.folder);
    cr_assert_eq(folder_open(s.path, &s.folder, NULL), IMS_OK);
    teardown(&s);
}

Test(folder, writes_nothing_over)
{
    struct scene s;
    setup(&s);
    make(&s, "door", 1, "door");
    make(&s, "door", 1, "door-2");
    make(&s, "door", 1, "door-3");
    make(&s, "door", 7, "door-7");
    cr_assert(folder_has(s.folder, "door-2") && !folder_has(s.folder, "door-4"));
    teardown(&s);
}

Test(folder, opens_nothing_outside_of_itself_and_no_link)
{
    static const char *const names[] = {"..", ".",     "../x", "a/b", "/etc/passwd",
                                        "",   ".lock", "a\nb", "a b", "\xc3\xa9"};
    struct scene s;
    char path[256];
    int fd = -1;
    struct ims_error err = {0};
    setup(&s);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_assert_eq(folder_file(s.folder, names[i], O_RDONLY, &fd, NULL, NULL),
                     IMS_ERR_INVALID, "'%s'", names[i]);
    snprintf(path, sizeof path, "%s/link.mcap", s.path);
    cr_assert_eq(symlink("/etc/passwd", path), 0);
    cr_assert_eq(folder_file(s.folder, "link", O_RDONLY, &fd, NULL, &err),
                 IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "link"), "%s", err.text);
    snprintf(path, sizeof path, "%s/sub.mcap", s.path);
    cr_assert_eq(mkdir(path, 0755), 0);
    cr_assert_eq(folder_file(s.folder, "sub", O_RDONLY, &fd, NULL, NULL),
                 IMS_ERR_INVALID);
    snprintf(path, sizeof path, "%s/pipe.mcap", s.path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(folder_file(s.folder, "pipe", O_RDONLY, &fd, NULL, NULL),
                 IMS_ERR_INVALID);
    teardown(&s);
}

Test(folder, renames_and_deletes_by_name_alone)
{
    struct scene s;
    bool is_missing = false;
    int fd;
    struct ims_error err = {0};
    setup(&s);
    make(&s, "door", 1, "door");
    make(&s, "yard", 1, "yard");
    cr_assert_eq(folder_rename(s.folder, "door", "yard", &err), IMS_ERR_INVALID);
    cr_assert(strstr(err.text, "already"), "%s", err.text);
    cr_assert_eq(folder_rename(s.folder, "door", "../door", NULL), IMS_ERR_INVALID);
    cr_assert_eq(folder_rename(s.folder, "nothing", "gate", NULL), IMS_ERR_INVALID);
    cr_assert_eq(folder_rename(s.folder, "door", "gate", NULL), IMS_OK);
    cr_assert(folder_has(s.folder, "gate") && !folder_has(s.folder, "door"));
    cr_assert_eq(folder_file(s.folder, "door", O_RDONLY, &fd, &is_missing, NULL),
                 IMS_ERR_INVALID);
    cr_assert(is_missing);
    cr_assert_eq(folder_remove(s.folder, "../a", NULL), IMS_ERR_INVALID);
    cr_assert_eq(folder_remove(s.folder, "gate", NULL), IMS_OK);
    cr_assert_eq(folder_remove(s.folder, "gate", NULL), IMS_ERR_INVALID);
    teardown(&s);
}

static void count(void *user, const char *name)
{
    int *counted = user;
    *counted += strcmp(name, "door") == 0 || strcmp(name, "yard") == 0 ? 1 : 100;
}

Test(folder, lists_recordings_alone)
{
    struct scene s;
    char path[256];
    int counted = 0;
    setup(&s);
    make(&s, "door", 1, "door");
    make(&s, "yard", 1, "yard");
    snprintf(path, sizeof path, "%s/notes.txt", s.path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    folder_list(s.folder, count, &counted);
    cr_assert_eq(counted, 2);
    teardown(&s);
}
