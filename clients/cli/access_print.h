/* SPDX-License-Identifier: MIT */
#ifndef CLI_ACCESS_PRINT_H
#define CLI_ACCESS_PRINT_H

/* Access rules as a table for people: a line a grant.
 *
 *     access_print(&rules, now_s, stdout);
 */

#include "access/rules.h"

#include <stdio.h>

void access_print(const struct access_rules *rules, int64_t now_s, FILE *file);

#endif
