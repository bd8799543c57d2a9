/* SPDX-License-Identifier: MIT */
/* Prints the option table, a row a line and its fields parted by tabs, for docs/config/make.py. */
#include "config_table.h"

#include <stdio.h>

int main(void)
{
    for (const struct config_section *s = config_sections; s->name; s++) {
        printf("section\t%s\t%s\t%s\n", s->name, s->argument ? s->argument : "", s->help);
        for (int g = CONFIG_GROUPS - 1; g >= 0; g--) {
            for (size_t i = 0; i < s->groups[g].count; i++) {
                const struct config_row *r = &s->groups[g].rows[i];
                printf("row\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", r->name, r->letter,
                       r->value ? r->value : "", r->places, r->is_live, r->standard,
                       r->help);
            }
        }
    }
    return 0;
}
