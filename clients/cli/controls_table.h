/* SPDX-License-Identifier: MIT */
#ifndef CLI_CONTROLS_TABLE_H
#define CLI_CONTROLS_TABLE_H

/*
 * The server's list of a stream's controls, for people.
 *
 *     controls_table_print(&doc->root, stdout)      // {"controls": [...]}
 *
 * One control a line, its menu below it, in groups by class.
 */

#include <imshow/error.h>
#include <imshow/value.h>
#include <stdio.h>

/* Fails: INVALID when it is no such list. */
IMS_NODISCARD enum ims_result controls_table_print(const struct ims_value *answer,
                                                   FILE *file, struct ims_error *err);

#endif
