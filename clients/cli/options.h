/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * Options by table: one row gives the flag, its check and its line of --help.
 *
 *     struct mine { const char *server; double fps; bool loop; };
 *     static const struct option_row rows[] = {
 *         {0, OPTION_TEXT, "server", "URL", offsetof(struct mine, server), 0, 0, "where imshowd is"},
 *         {0, OPTION_NUMBER, "fps", "F", offsetof(struct mine, fps), 0.01, 1000, "frames a second"},
 *         {0, OPTION_FLAG, "loop", NULL, offsetof(struct mine, loop), 0, 0, "begin again"},
 *         {0},
 *     };
 *     if (options_parse(rows, argc, argv, &mine, &args, &err)) ...
 *
 * "--name value", "--name=value", "-n value"; "--" ends the options and "-" alone is an argument.
 * Texts point into argv.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum option_type {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_NUMBER, /* double, from least to most */
    OPTION_LIST,   /* struct option_list: every use is kept, in order */
    OPTION_GROUP,  /* no option: the heading of those that follow, `help` is an example */
};

enum { OPTION_LIST_MAX = 512 };

/* Several rows may share one list, so that it holds their order. */
struct option_list {
    int count;
    struct {
        const char *name, *value;
    } items[OPTION_LIST_MAX];
};

/* A table ends with a row without a name. */
struct option_row {
    char letter; /* 0: none */
    enum option_type type;
    const char *name;  /* without dashes */
    const char *value; /* what --help calls it; NULL for flags */
    size_t offset;     /* of the member in the caller's struct */
    double least, most;
    const char *help;
};

enum { OPTIONS_ARGS_MAX = 4096 };

/* What is left when the options are gone, in order. */
struct option_args {
    int count;
    char **values; /* within argv, which is reordered for it */
};

/* Reads argv[0] to argv[argc - 1]. Fails: INVALID with the option and what it wants, LIMIT. */
IMS_NODISCARD enum ims_result options_parse(const struct option_row *rows, int argc,
                                            char **argv, void *target,
                                            struct option_args *args,
                                            struct ims_error *err);
void options_print(const struct option_row *rows, FILE *file);

#endif
