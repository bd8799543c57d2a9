/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 34 };

/* One option as it stands in argv. */
struct word {
    const char *name; /* after the dashes */
    size_t name_size;
    const char *value; /* after "=", else NULL */
};

static struct word split(const char *text)
{
    size_t size = strcspn(text, "=");
    return (struct word){text, size, text[size] ? text + size + 1 : NULL};
}

static const struct option_row *find(const struct option_row *rows, const char *arg,
                                     struct word *word)
{
    bool is_long = arg[1] == '-';
    *word = split(arg + (is_long ? 2 : 1));
    for (; rows->name; rows++) {
        if (rows->type == OPTION_GROUP)
            continue;
        if (is_long && strlen(rows->name) == word->name_size &&
            memcmp(rows->name, word->name, word->name_size) == 0)
            return rows;
        if (!is_long && word->name_size == 1 && rows->letter == word->name[0])
            return rows;
    }
    return NULL;
}

static enum ims_result store_number(const struct option_row *row, const char *value,
                                    double *at, struct ims_error *err)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= row->least && number <= row->most))
        return ims_fail(err, IMS_ERR_INVALID, "--%s '%.60s': give a number from %g to %g",
                        row->name, value, row->least, row->most);
    *at = number;
    return IMS_OK;
}

static enum ims_result store_item(const struct option_row *row, const char *value,
                                  struct option_list *list, struct ims_error *err)
{
    if (list->count == OPTION_LIST_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "--%s: at most %d of them", row->name,
                        OPTION_LIST_MAX);
    list->items[list->count].name = row->name;
    list->items[list->count++].value = value;
    return IMS_OK;
}

static enum ims_result store(const struct option_row *row, const char *value,
                             void *target, struct ims_error *err)
{
    char *at = (char *)target + row->offset;
    switch (row->type) {
    case OPTION_FLAG: *(bool *)at = true; return IMS_OK;
    case OPTION_TEXT: *(const char **)(void *)at = value; return IMS_OK;
    case OPTION_LIST:
        return store_item(row, value, (struct option_list *)(void *)at, err);
    default: return store_number(row, value, (double *)(void *)at, err);
    }
}

/* Reads the option at argv[*at] and steps to its value if that stands apart. */
static enum ims_result read_option(const struct option_row *rows, int argc, char **argv,
                                   int *at, void *target, struct ims_error *err)
{
    struct word word;
    const struct option_row *row = find(rows, argv[*at], &word);
    if (!row)
        return ims_fail(err, IMS_ERR_INVALID,
                        "%.60s: there is no such option; see --help", argv[*at]);
    if (row->type == OPTION_FLAG && word.value)
        return ims_fail(err, IMS_ERR_INVALID, "--%s takes no value", row->name);
    if (row->type != OPTION_FLAG && !word.value) {
        if (*at + 1 >= argc)
            return ims_fail(err, IMS_ERR_INVALID, "--%s wants a value: %s", row->name,
                            row->value);
        word.value = argv[++*at];
    }
    return store(row, word.value, target, err);
}

enum ims_result options_parse(const struct option_row *rows, int argc, char **argv,
                              void *target, struct option_args *args,
                              struct ims_error *err)
{
    int count = 0;
    bool ended = false;
    if (argc > OPTIONS_ARGS_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "%d arguments, at most %d", argc,
                        OPTIONS_ARGS_MAX);
    for (int i = 0; i < argc; i++) {
        bool is_option = !ended && argv[i][0] == '-' && argv[i][1];
        if (!is_option) {
            argv[count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            ended = true;
        } else {
            enum ims_result r = read_option(rows, argc, argv, &i, target, err);
            if (r)
                return r;
        }
    }
    *args = (struct option_args){count, argv};
    return IMS_OK;
}

static void print_row(const struct option_row *row, FILE *file)
{
    char left[80], letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(left, sizeof left, "%s--%s %s", letter, row->name,
             row->value ? row->value : "");
    fprintf(file, "  %-*s %s\n", HELP_COLUMN, left, row->help);
}

void options_print(const struct option_row *rows, FILE *file)
{
    for (; rows->name; rows++)
        if (rows->type == OPTION_GROUP)
            fprintf(file, "\n%s\n  example: %s\n", rows->name, rows->help);
        else
            print_row(rows, file);
}
