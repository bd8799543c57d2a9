/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * A command of imshow: a const table, so that main knows none by name.
 *
 *     { "get", "NAME -o OUT", "saves ...", print_options, run }
 *
 * `run` gets what stands behind the command's name and fills `err` when it fails: INVALID before
 * anything was done is a wrong use (exit status 2), said by *is_usage.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stdio.h>

struct command {
    const char *name, *usage, *summary;
    void (*print_options)(FILE *file);
    enum ims_result (*run)(int argc, char **argv, bool *is_usage, struct ims_error *err);
};

extern const struct command command_figure, command_push, command_points, command_get,
    command_streams, command_top, command_controls, command_access, command_record,
    command_info, command_recover, command_replay, command_export;

#endif
