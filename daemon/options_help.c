/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "options_formats.h"

static void print_row(const struct config_row *row, FILE *file)
{
    char left[64], letter[8] = "    ";
    if (row->letter[0])
        snprintf(letter, sizeof letter, "-%s, ", row->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name, row->value ? " " : "",
             row->value ? row->value : "");
    bool has_standard = row->standard[0] && row->type != CONFIG_FLAG;
    fprintf(file, "  %-28s %s%s%s%s\n", left, row->help, has_standard ? " (" : "",
            has_standard ? row->standard : "", has_standard ? ")" : "");
}

static void print_section(const struct config_section *section, FILE *file)
{
    fprintf(file, "\nOptions, in a file under [%s]:\n", section->name);
    for (int g = CONFIG_GROUPS - 1; g >= 0; g--)
        for (size_t i = 0; i < section->groups[g].count; i++)
            print_row(&section->groups[g].rows[i], file);
}

void options_print_help(FILE *file)
{
    fputs("usage: imshowd [options] [[NAME=]SOURCE ...]\n"
          "Shows live frames in any browser, as plotly figures that move.\n",
          file);
    for (const struct config_section *s = config_sections; s->name; s++)
        if (!s->argument)
            print_section(s, file);
    fputs("\nAll but --device, --config, --check-config, --version and --help may stand "
          "in the file,\n"
          "under the section that is told here; each stream has a section there: "
          "docs/config.md, imshowd(8).\n"
          "SIGHUP reads it again. Exit codes: 0, 1 failure, 2 usage, 78 bad "
          "configuration.\n"
          "\nPixel formats of cameras, by V4L2's name or code; without -m the first kind "
          "that "
          "there is:\n",
          file);
    pixel_formats_print(file, "  ");
}
