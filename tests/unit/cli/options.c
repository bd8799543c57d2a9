/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct target {
    const char *text;
    double number;
    bool flag;
};

static const struct option_row rows[] = {
    {'t', OPTION_TEXT, "text", "T", offsetof(struct target, text), 0, 0, "a text"},
    {0, OPTION_NUMBER, "number", "N", offsetof(struct target, number), -1, 9.5,
     "a number"},
    {'f', OPTION_FLAG, "flag", NULL, offsetof(struct target, flag), 0, 0, "a flag"},
    {0},
};

struct parsed {
    enum ims_result result;
    struct target target;
    struct option_args args;
    struct ims_error err;
};

enum { WORDS_MAX = 8 };

/* Parses words, of which NULL is the end. */
static struct parsed parse(char *words[WORDS_MAX])
{
    struct parsed p = {0};
    int count = 0;
    while (count < WORDS_MAX && words[count])
        count++;
    p.result = options_parse(rows, count, words, &p.target, &p.args, &p.err);
    return p;
}

Test(options, take_values_apart_and_after_an_equals_sign)
{
    char *words[WORDS_MAX] = {"--text", "a=b", "--number=2.5", "-f"};
    struct parsed p = parse(words);
    cr_assert_eq(p.result, IMS_OK, "%s", p.err.text);
    cr_assert_str_eq(p.target.text, "a=b");
    cr_assert_eq(p.target.number, 2.5);
    cr_assert(p.target.flag);
    cr_assert_eq(p.args.count, 0);
}

Test(options, leave_arguments_in_their_order)
{
    char *words[WORDS_MAX] = {"one", "-t", "x", "-", "--", "-t"};
    struct parsed p = parse(words);
    cr_assert_eq(p.result, IMS_OK, "%s", p.err.text);
    cr_assert_eq(p.args.count, 3);
    cr_assert_str_eq(p.args.values[0], "one");
    cr_assert_str_eq(p.args.values[1], "-");
    cr_assert_str_eq(p.args.values[2], "-t", "after -- nothing is an option");
}

Test(options, take_a_negative_number_as_a_value)
{
    char *words[WORDS_MAX] = {"--number", "-0.5"};
    cr_assert_eq(parse(words).target.number, -0.5);
}

Test(options, name_what_is_wrong)
{
    static const struct {
        char *words[WORDS_MAX];
        const char *text;
    } cases[] = {
        {{"--tex", "x"}, "--tex: there is no such option; see --help"},
        {{"-x"}, "-x: there is no such option; see --help"},
        {{"-tf"}, "-tf: there is no such option; see --help"},
        {{"--text"}, "--text wants a value: T"},
        {{"--flag=1"}, "--flag takes no value"},
        {{"--number", "10"}, "--number '10': give a number from -1 to 9.5"},
        {{"--number", "2x"}, "--number '2x': give a number from -1 to 9.5"},
        {{"--number", "nan"}, "--number 'nan': give a number from -1 to 9.5"},
        {{"--number="}, "--number '': give a number from -1 to 9.5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *words[WORDS_MAX];
        memcpy(words, cases[i].words, sizeof words);
        struct parsed p = parse(words);
        cr_assert_eq(p.result, IMS_ERR_INVALID);
        cr_assert_str_eq(p.err.text, cases[i].text);
    }
}

Test(options, print_a_line_for_each_row)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    options_print(rows, file);
    fclose(file);
    for (size_t i = 0; rows[i].name; i++) {
        cr_assert_not_null(strstr(text, rows[i].name));
        cr_assert_not_null(strstr(text, rows[i].help));
    }
    cr_assert_not_null(strstr(text, "-f, --flag"));
    free(text);
}

Test(options, keep_every_use_of_a_list_in_order)
{
    static const struct option_row list_rows[] = {
        {0, OPTION_GROUP, "Heading", NULL, 0, 0, 0, "imshow ..."},
        {0, OPTION_LIST, "add", "A", 0, 0, 0, "adds"},
        {0, OPTION_LIST, "set", "S", 0, 0, 0, "sets"},
        {0},
    };
    struct option_list list = {0};
    struct option_args args;
    char *words[] = {"--add", "1", "--set=2", "x", "--add=3"};
    cr_assert_eq(options_parse(list_rows, 5, words, &list, &args, NULL), IMS_OK);
    cr_assert_eq(list.count, 3);
    cr_assert_str_eq(list.items[1].name, "set");
    cr_assert_str_eq(list.items[2].value, "3");
    char *heading[] = {"--Heading"};
    cr_assert_eq(options_parse(list_rows, 1, heading, &list, &args, NULL),
                 IMS_ERR_INVALID);
}

Test(options, bound_a_list)
{
    static const struct option_row list_rows[] = {
        {'a', OPTION_LIST, "add", "A", 0, 0, 0, "adds"}, {0}};
    struct option_list list = {.count = OPTION_LIST_MAX - 1};
    struct option_args args;
    struct ims_error err = {0};
    char *words[] = {"-a", "1", "-a", "2"};
    cr_assert_eq(options_parse(list_rows, 4, words, &list, &args, &err), IMS_ERR_LIMIT);
    cr_assert_str_eq(err.text, "--add: at most 512 of them");
}
