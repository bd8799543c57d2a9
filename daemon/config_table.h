/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

/*
 * The one table of what can be set: it gives the flags and --help, the keys of the configuration file, and by
 * docs/config/make.py the page docs/config.md and the manual page.
 *
 *     const struct config_section *section = config_section_named("server");
 *     struct config_found found;
 *     if (config_find(section, "port", &found)) ...
 *     if (!config_read(found.row, "8080", (char *)&options + found.base, &texts, why)) ...
 *
 * A new option is a row, a new section a list of rows and a row of config_sections[]. Pure, any thread.
 */

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_WHY_BYTES = 200 };

enum config_type {
    CONFIG_FLAG,      /* bool; in files yes or no */
    CONFIG_TEXT,      /* char * */
    CONFIG_NUMBER,    /* uint32_t */
    CONFIG_SIZE,      /* two uint32_t, width and height */
    CONFIG_FORMAT,    /* uint32_t, a V4L2 FourCC */
    CONFIG_HOST_PORT, /* struct config_address */
    CONFIG_LEVEL,     /* enum log_level */
    CONFIG_LOG,       /* enum log_format */
    CONFIG_SOURCE,    /* char *, with secrets filled in */
    CONFIG_MAP,       /* char *, JSON's text of a map */
    CONFIG_LIST,      /* char *, JSON's text of a list */
};

/* Where a row may be said: on the command line, in a file, or both. */
enum { CONFIG_ON_LINE = 1, CONFIG_IN_FILE = 2 };

struct config_row {
    const char *letter; /* "": none */
    const char *name;
    const char *value; /* what --help calls the value; NULL for flags */
    enum config_type type;
    int places;
    bool is_live;  /* a reload applies it; else it waits for a restart */
    size_t offset; /* in the group's struct */
    long least, most;
    const char
        *standard; /* the value where none is given, as users read it; "" for none */
    const char *help;
};

/* Rows that belong to one struct. */
struct config_group {
    const struct config_row *rows;
    size_t count;
    size_t base; /* where that struct lies in the section's */
};

enum { CONFIG_GROUPS = 2 };

struct config_section {
    const char *name;
    const char *argument; /* "NAME": [stream NAME]; NULL: none */
    const char *help;
    struct config_group groups[CONFIG_GROUPS];
};

/* Those without an argument set struct options and have the command line's options too; stream sets struct
 * options_stream. Ended by a NULL name. */
extern const struct config_section config_sections[];

struct config_found {
    const struct config_row *row;
    size_t base; /* add it to the section's struct */
};

const struct config_section *config_section_named(const char *name);
/* False: the section has no such row. `size` bytes of the name. */
bool config_find(const struct config_section *section, const char *name, size_t size,
                 struct config_found *out);
bool config_find_letter(const struct config_section *section, char letter,
                        struct config_found *out);
/* The same in all sections without an argument. */
bool config_find_option(const char *name, size_t size, struct config_found *out);
bool config_find_option_letter(char letter, struct config_found *out);
/* The sections whose key it is, "[server] or [stream NAME]". False: it is nowhere's. */
bool config_find_homes(const char *key, char out[CONFIG_WHY_BYTES]);
/* The section's key, the option and the section whose name takes the fewest changes; never NULL. */
const char *config_nearest(const struct config_section *section, const char *name);
const char *config_nearest_option(const char *name);
const char *config_nearest_section(const char *name);

/* Texts that live as long as the options that point to them. */
struct config_texts {
    struct config_text *first;
};
/* NULL: no memory. */
char *config_texts_keep(struct config_texts *texts, const char *text, size_t size);
void config_texts_finish(struct config_texts *texts);

/* Checks and stores one value in the row's struct at `base`. False: `why` says what is wanted; nothing is stored. */
bool config_read(const struct config_row *row, const char *value, void *base,
                 struct config_texts *texts, char why[CONFIG_WHY_BYTES]);

#endif
