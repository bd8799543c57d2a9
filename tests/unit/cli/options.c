/* SPDX-License-Identifier: MIT */
#include "options.h"
#include "px_params.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <stdlib.h>
#include <string.h>

struct target {
    const char *text;
    double number;
    bool flag;
    struct px_params px;
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

/* ---- px.imshow's parameters ---- */

static struct px_params px_of(char *words[WORDS_MAX], int count)
{
    struct option_row px_rows[PX_PARAMS_COUNT + 1] = {0};
    struct target target = {0};
    struct option_args args;
    px_params_rows(offsetof(struct target, px), px_rows);
    cr_assert_eq(options_parse(px_rows, count, words, &target, &args, NULL), IMS_OK);
    return target.px;
}

Test(px_params, read_values_as_json_or_bare_text)
{
    char *words[WORDS_MAX] = {"--zmin",  "[50, 0, 0]",        "--color-continuous-scale",
                              "Viridis", "--title=5 o'clock", "--origin=null"};
    struct px_params px = px_of(words, 6);
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);
    px_params_put(&px, &sink);
    ims_bytes_append(&out, "", 1);
    cr_assert_str_eq(
        (char *)out.data,
        "{\"zmin\":[50,0,0],\"color_continuous_scale\":\"Viridis\",\"origin\":null,"
        "\"title\":\"5 o'clock\"}");
    ims_bytes_finish(&out);
}

Test(px_params, are_all_known_to_the_library)
{
    struct px_params px = {0};
    for (size_t i = 0; i < PX_PARAMS_COUNT; i++)
        px.text[i] = strcmp(px_params_name(i), "labels") == 0 ? "{}" : "1";
    struct ims_error err = {0};
    cr_assert_eq(px_params_check(&px, &err), IMS_OK, "%s", err.text);
}
