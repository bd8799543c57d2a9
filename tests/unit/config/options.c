/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/imshowd-unit-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/imshowd.conf", folder);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(options, .init = setup, .fini = teardown);

static void put(const char *name, const char *text)
{
    char file_path[256];
    snprintf(file_path, sizeof file_path, "%s/%s", folder, name);
    FILE *file = fopen(file_path, "w");
    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0);
    fclose(file);
}

static enum ims_result load(char *extra, struct options *out, struct ims_error *err)
{
    char *argv[] = {(char[]){"imshowd"}, (char[]){"--config"}, path, extra, NULL};
    static char *kept[5];
    struct options line;
    memcpy(kept, argv, sizeof kept);
    cr_assert_eq(options_parse(extra ? 4 : 3, kept, &line, err), IMS_OK, "%s", err->text);
    enum ims_result result = options_load(&line, out, err);
    options_finish(&line);
    return result;
}

static void loads(const char *text, char *extra, struct options *out)
{
    struct ims_error err = {0};
    put("imshowd.conf", text);
    cr_assert_eq(load(extra, out, &err), IMS_OK, "%s", err.text);
}

static void refuses(const char *text, const char *line_and_why)
{
    struct ims_error err = {0};
    struct options options;
    char expected[256];
    put("imshowd.conf", text);
    snprintf(expected, sizeof expected, "%s:%s", path, line_and_why);
    cr_assert_neq(load(NULL, &options, &err), IMS_OK, "%s", text);
    cr_assert_eq(strncmp(err.text, expected, strlen(expected)), 0, "%s", err.text);
}

Test(options, take_the_file_over_what_holds_and_the_line_over_the_file)
{
    struct options o;
    char line[] = "--quality=50";
    loads("[server]\nport = 81\nquality = 70\n", NULL, &o);
    cr_assert(o.port == 81 && o.quality == 70 && o.log_level == LOG_LEVEL_INFO);
    options_finish(&o);
    loads("[server]\nport = 81\nquality = 70\n", line, &o);
    cr_assert(o.port == 81 && o.quality == 50);
    options_finish(&o);
}

Test(options, read_the_folder_by_name_and_only_what_ends_in_conf)
{
    struct options o;
    char sub[128];
    snprintf(sub, sizeof sub, "%s/conf.d", folder);
    cr_assert_eq(mkdir(sub, 0700), 0);
    put("conf.d/20-b.conf", "[server]\nport = 3\n");
    put("conf.d/10-a.conf", "[server]\nport = 2\nquality = 9\n");
    put("conf.d/90-c.conf~", "nonsense");
    put("conf.d/.hidden.conf", "nonsense");
    loads("[server]\nport = 1\n", NULL, &o);
    cr_assert(o.port == 3 && o.quality == 9);
    options_finish(&o);
}

Test(options, give_a_stream_what_the_server_says_unless_it_says_else)
{
    struct options o;
    loads("[stream a]\nsource = test:lab\ndesired-fps = 5\nidle-stop = 0\n"
          "params = {\"zmin\": 1}\n[stream b]\nsource = test:bars\n"
          "[server]\nresolution = 64x48\ndesired-fps = 9\nidle-stop = 60\n",
          NULL, &o);
    cr_assert_eq(o.stream_count, 2);
    cr_assert_str_eq(o.streams[0].name, "a");
    cr_assert(o.streams[0].capture.fps == 5 && o.streams[0].capture.width == 64 &&
              o.streams[0].capture.idle_stop_s == 0);
    cr_assert_str_eq(o.streams[0].figure[OPTIONS_PARAMS], "{\"zmin\": 1}");
    cr_assert(o.streams[1].capture.fps == 9 && o.streams[1].capture.idle_stop_s == 60);
    cr_assert_null(o.streams[1].figure[OPTIONS_PARAMS]);
    options_finish(&o);
}

Test(options, let_the_line_give_a_section_its_source)
{
    struct options o;
    char line[] = "a=test:bars";
    loads("[stream a]\nsource = test:lab\nquality = 3\n", line, &o);
    cr_assert(o.stream_count == 1 && o.streams[0].quality == 3);
    cr_assert_str_eq(o.streams[0].source, "test:bars");
    options_finish(&o);
    loads("[stream a]\nquality = 3\n", line, &o);
    cr_assert_eq(o.stream_count, 1);
    options_finish(&o);
}

Test(options, name_the_place_of_each_mistake)
{
    refuses("[server]\nprot = 1\n",
            "2: [server].prot: there is no such key: did you mean "
            "port?");
    refuses("[server]\nport = x\n", "2: [server].port: x: give a number");
    refuses("[serve]\n", "1: [serve]: there is no such section: did you mean [server]?");
    refuses("[server x]\n", "1: [server x]: this section takes no name");
    refuses("[stream]\n", "1: [stream]: give it a name");
    refuses("[stream a]\nquality = 3\n", "1: [stream a]: a source is missing");
    refuses("[stream a]\n", "1: nothing stands in this section: is the file whole?");
    refuses("[server]\naccess = /f\n",
            "2: [server].access: stands in the wrong section: it belongs to [access]");
    refuses("[access]\nquality = 3\n",
            "2: [access].quality: stands in the wrong section: "
            "it belongs to [server] or [stream NAME]");
    refuses("[recording]\nrecordnigs = d\n",
            "2: [recording].recordnigs: there is no such key: did you mean recordings?");
    refuses("[server]\nport = 1\nport = 1\n", "3: [server].port: 1: line 2 has it too");
    refuses("[server]\nconfig = a\n", "2: [server].config: is said on the command line");
    refuses("[server]\nhost =\n", "2: [server].host: : a value is missing");
    refuses("[stream a]\nsource = test:lab\nparams = [1]\n",
            "3: [stream a].params: [1]: give a map");
    refuses("[stream a]\nsource = test:lab\nops = {}\n", "3: [stream a].ops: {}: give a "
                                                         "list");
    refuses("[stream a]\nsource = test:lab\nview = {x}\n",
            "3: [stream a].view: {x}: JSON");
}

Test(options, fill_secrets_in_and_show_none)
{
    struct options o;
    put("word", "p@ss/word\n");
    put("whole", "http://u:p@h/x");
    put("lines", "a\nb\n");
    loads("[stream a]\nsource = http://ann:@credential:word@h/v\n"
          "[stream b]\nsource = @credential:whole\n",
          NULL, &o);
    cr_assert_str_eq(o.streams[0].source, "http://ann:p%40ss%2Fword@h/v");
    cr_assert_str_eq(o.streams[1].source, "http://u:p@h/x");
    options_finish(&o);
    refuses("[stream a]\nsource = http://x:@credential:gone@h/\n",
            "2: [stream a].source: (not shown): no credential 'gone'");
    refuses("[stream a]\nsource = @credential:lines\n",
            "2: [stream a].source: (not shown): credential 'lines' is not one line");
    refuses("[stream a]\nsource = @credential:../word\n",
            "2: [stream a].source: (not shown): a credential's name");
    refuses("[stream a]\nsource = exec:curl @credential:word\n",
            "2: [stream a].source: (not shown): a program's line takes no secrets");
}

Test(options, refuse_files_that_cannot_be_read)
{
    struct ims_error err = {0};
    struct options o;
    cr_assert_neq(load(NULL, &o, &err), IMS_OK);
    cr_assert_not_null(strstr(err.text, "No such file"));
    cr_assert_eq(mkfifo(path, 0600), 0);
    err = (struct ims_error){0};
    cr_assert_neq(load(NULL, &o, &err), IMS_OK);
    cr_assert_not_null(strstr(err.text, "cannot be read"));
}

static int kept_count;
static char kept_keys[200];

static void on_kept(const char *section, const char *key)
{
    kept_count++;
    snprintf(kept_keys + strlen(kept_keys), 40, "%s.%s ", section, key);
}

Test(options, keep_what_only_a_restart_changes)
{
    struct options running, next;
    struct ims_error err = {0};
    loads("[server]\nport = 1\nhost = ::1\npush-tcp = localhost:7\nquality = 5\n", NULL,
          &running);
    loads("[server]\nport = 2\nquality = 6\n[access]\ninsecure = yes\n", NULL, &next);
    cr_assert_eq(options_keep_running(&running, &next, on_kept, &err), IMS_OK);
    options_finish(&running);
    cr_assert_eq(kept_count, 4, "%s", kept_keys);
    cr_assert_str_eq(kept_keys,
                     "server.host server.port server.push-tcp access.insecure ");
    cr_assert(next.port == 1 && next.quality == 6 && !next.insecure);
    cr_assert(next.push_tcp.port == 7);
    cr_assert_str_eq(next.push_tcp.host, "localhost");
    cr_assert_str_eq(next.host, "::1");
    options_finish(&next);
}
