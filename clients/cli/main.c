/* SPDX-License-Identifier: MIT */

/*
 * imshow: figures of files, and frames to imshowd and back, from the command line.
 *
 * Exit status: 0 done (a push that Ctrl-C ends is done), 1 failed, 2 wrong use.
 */

#include "command.h"

#include <string.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const struct command *const commands[] = {
    &command_figure,  &command_push, &command_points,   &command_get,
    &command_streams, &command_top,  &command_controls, &command_access,
    &command_record,  &command_info, &command_recover,  &command_replay,
    &command_export};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *file)
{
    fputs("usage: imshow COMMAND ...\nFigures of files; frames to imshowd and "
          "back.\n\nCommands:\n",
          file);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", commands[i]->name, commands[i]->usage);
        fprintf(file, "  %-24s %s\n", left, commands[i]->summary);
    }
    fputs("\nimshow COMMAND --help says more; imshow --version prints the version.\n",
          file);
}

static void print_command_help(const struct command *command)
{
    printf("usage: imshow %s %s%s[options]\nimshow %s %s.\n\nOptions:\n", command->name,
           command->usage, *command->usage ? " " : "", command->name, command->summary);
    command->print_options(stdout);
}

static const struct command *find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool asks(int argc, char **argv, const char *letter, const char *word)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], letter) == 0 || strcmp(argv[i], word) == 0)
            return true;
    return false;
}

/* px.imshow's own words may have several lines; an error has one. */
static void say(const char *name, const char *text)
{
    fprintf(stderr, "imshow %s: ", name);
    for (; *text; text++)
        fputc(*text == '\n' ? ' ' : *text, stderr);
    fputc('\n', stderr);
}

static int run(const struct command *command, int argc, char **argv)
{
    bool is_usage = false;
    struct ims_error err = {0};
    enum ims_result r = command->run(argc, argv, &is_usage, &err);
    if (!r)
        return EXIT_DONE;
    say(command->name, *err.text ? err.text : ims_result_name(r));
    return is_usage ? EXIT_USAGE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const struct command *command = find(argv[1]);
    if (command && asks(argc - 2, argv + 2, "-h", "--help")) {
        print_command_help(command);
        return EXIT_DONE;
    }
    if (command)
        return run(command, argc - 2, argv + 2);
    if (asks(1, argv + 1, "-h", "--help")) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (asks(1, argv + 1, "-V", "--version")) {
        puts("imshow " IMSHOW_VERSION);
        return EXIT_DONE;
    }
    fprintf(stderr, "imshow: '%.60s': no such command; see imshow --help\n", argv[1]);
    return EXIT_USAGE;
}
