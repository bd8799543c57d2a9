/* SPDX-License-Identifier: MIT */
#include "config_table.h"

#include "options.h"

#include <stdio.h>
#include <string.h>

enum { BOTH = CONFIG_ON_LINE | CONFIG_IN_FILE };

#define AT(member)      offsetof(struct options, member)
#define STREAM(member)  offsetof(struct options_stream, member)
#define CAPTURE(member) offsetof(struct source_settings, member)
#define COUNT(rows)     (sizeof(rows) / sizeof((rows)[0]))

/* What sources are asked for: of all streams in [server], of one in its own section. */
static const struct config_row capture_rows[] = {
    {"r", "resolution", "WxH", CONFIG_SIZE, BOTH, true, CAPTURE(width), 1, 16384, "",
     "ask sources for this size (the driver's nearest is taken)"},
    {"m", "format", "NAME", CONFIG_FORMAT, BOTH, true, CAPTURE(pixel_format), 0, 0, "",
     "ask cameras for this pixel format, below (the cheapest to show)"},
    {"f", "desired-fps", "N", CONFIG_NUMBER, BOTH, true, CAPTURE(fps), 1, 1000, "",
     "ask sources for this many frames a second"},
    {"b", "buffers", "N", CONFIG_NUMBER, BOTH, true, CAPTURE(buffers), 2, 32, "4",
     "mapped buffers a camera"},
    {"", "idle-stop", "SECONDS", CONFIG_NUMBER, BOTH, true, CAPTURE(idle_stop_s), 0,
     86400, "0", "stop a camera that nobody has watched for so long; 0: never"},
};

static const struct config_row server_rows[] = {
    {"d", "device", "PATH", CONFIG_TEXT, CONFIG_ON_LINE, false, AT(device), 0, 0, "",
     "a camera, the same as v4l2:PATH"},
    {"", "state-dir", "PATH", CONFIG_TEXT, BOTH, false, AT(capture.state_dir), 0, 0, "",
     "what is kept between runs: controls that users set ($STATE_DIRECTORY, else "
     "$XDG_STATE_HOME/imshowd, else ~/.local/state/imshowd)"},
    {"w", "workers", "N", CONFIG_NUMBER, BOTH, false, AT(workers), 1, 64, "one a core",
     "threads that scale, colour and encode"},
    {"", "ring", "MB", CONFIG_NUMBER, BOTH, false, AT(ring_mb), 1, 256,
     "16, less with little memory",
     "frames that a stream keeps; but four of them in any case, two where this is less "
     "than "
     "16"},
    {"q", "quality", "N", CONFIG_NUMBER, BOTH, true, AT(quality), 1, 100, "80",
     "JPEG quality where a viewer asks for none"},
    {"s", "host", "ADDRESS", CONFIG_TEXT, BOTH, false, AT(host), 0, 0, "127.0.0.1",
     "listen here"},
    {"p", "port", "N", CONFIG_NUMBER, BOTH, false, AT(port), 0, 65535, "8080",
     "listen on this port; 0: any free one"},
    {"U", "unix", "PATH", CONFIG_TEXT, BOTH, false, AT(unix_path), 0, 0, "",
     "HTTP on this Unix socket instead"},
    {"", "connections", "N", CONFIG_NUMBER, BOTH, false, AT(connections), 16, 100000,
     "10000, fewer with little memory", "at most so many at once to HTTP and WebSockets"},
    {"", "push-unix", "PATH", CONFIG_TEXT, BOTH, false, AT(push_unix), 0, 0, "",
     "take pushed frames on this Unix socket (msgpack, docs/protocol.md)"},
    {"", "push-tcp", "HOST:PORT", CONFIG_HOST_PORT, BOTH, false, AT(push_tcp), 0, 65535,
     "",
     "the same on TCP, on loopback unless there are access rules or --insecure; port 0: "
     "any free one"},
    {"", "tls-cert", "FILE", CONFIG_TEXT, BOTH, false, AT(tls_cert), 0, 0, "",
     "HTTPS by this certificate and its chain (PEM); a renewed file is seen by itself"},
    {"", "tls-key", "FILE", CONFIG_TEXT, BOTH, false, AT(tls_key), 0, 0, "",
     "the certificate's key (PEM)"},
    {"", "log-level", "LEVEL", CONFIG_LEVEL, BOTH, true, AT(log_level), 0, 0, "info",
     "error, warning, info or debug"},
    {"", "log-format", "FORM", CONFIG_LOG, BOTH, true, AT(log_format), 0, 0, "auto",
     "what lines of the log look like: text, journal (a priority in front), json (an "
     "object a "
     "line), or auto: journal where stderr leads there, else text"},
    {"", "config", "FILE", CONFIG_TEXT, CONFIG_ON_LINE, false, AT(config), 0, 0,
     OPTIONS_CONFIG_PATH, "read this file, and conf.d/*.conf beside it"},
    {"", "check-config", NULL, CONFIG_FLAG, CONFIG_ON_LINE, false, AT(check_config), 0, 0,
     "", "say what is wrong with the configuration, or nothing, and end"},
    {"", "version", NULL, CONFIG_FLAG, CONFIG_ON_LINE, false, AT(version), 0, 0, "",
     "print the version"},
    {"h", "help", NULL, CONFIG_FLAG, CONFIG_ON_LINE, false, AT(help), 0, 0, "",
     "print this"},
};

static const struct config_row access_rows[] = {
    {"", "access", "FILE", CONFIG_TEXT, BOTH, false, AT(access), 0, 0, "",
     "who may do what, as imshow access writes it (access in the state folder); while it "
     "has no rule whoever reaches the daemon may do everything"},
    {"", "allow-origin", "ORIGINS", CONFIG_TEXT, BOTH, false, AT(allow_origin), 0, 0, "",
     "pages of these origins may ask too, and the daemon answers to their host names: "
     "https://lab.example, several by blanks"},
    {"", "insecure", NULL, CONFIG_FLAG, BOTH, false, AT(insecure), 0, 0, "no",
     "allow to listen off loopback without access rules: anybody there may watch and "
     "push"},
};

static const struct config_row recording_rows[] = {
    {"", "recordings", "DIR", CONFIG_TEXT, BOTH, false, AT(recordings), 0, 0, "",
     "the folder of recordings (recordings in the state folder)"},
    {"", "recordings-reserve", "MB", CONFIG_NUMBER, BOTH, false,
     AT(recordings_reserve_mb), 0, 1 << 30, "256",
     "recordings are held while less than this is free on the disk"},
    {"", "recordings-queue", "MB", CONFIG_NUMBER, BOTH, false, AT(recordings_queue_mb), 1,
     2000, "96, less with little memory",
     "frames that may wait for the disk before some are left out"},
    {"", "recordings-days", "N", CONFIG_NUMBER, BOTH, false, AT(recordings_days), 0,
     100000, "0", "delete recordings that are older; 0: none"},
    {"", "recordings-mb", "MB", CONFIG_NUMBER, BOTH, false, AT(recordings_mb), 0, 1 << 30,
     "0", "delete the oldest while all together are larger; 0: none"},
    {"", "recordings-free", "MB", CONFIG_NUMBER, BOTH, false, AT(recordings_free_mb), 0,
     1 << 30, "0", "delete the oldest while less than this is free on the disk; 0: none"},
    {"", "record", "PLANS", CONFIG_TEXT, BOTH, false, AT(record), 0, 0, "",
     "what is recorded from the start, a ; between, such as "
     "door,yard?schedule=mon-fri 08:00-18:00&every_s=5 (docs/protocol.md section 13)"},
};

static const struct config_row stream_rows[] = {
    {"", "source", "SOURCE", CONFIG_SOURCE, CONFIG_IN_FILE, true, STREAM(source), 0, 0,
     "",
     "where its frames come from, as on the command line; @credential:NAME stands for "
     "a secret"},
    {"", "quality", "N", CONFIG_NUMBER, CONFIG_IN_FILE, true, STREAM(quality), 1, 100, "",
     "JPEG quality where a viewer asks for none ([server]'s)"},
    {"", "params", "MAP", CONFIG_MAP, CONFIG_IN_FILE, true,
     STREAM(figure[OPTIONS_PARAMS]), 0, 0, "",
     "px.imshow's parameters as JSON, such as {\"zmin\": 0, \"zmax\": 4095}"},
    {"", "labelled", "MAP", CONFIG_MAP, CONFIG_IN_FILE, true,
     STREAM(figure[OPTIONS_LABELLED]), 0, 0, "",
     "names, coordinates and units of the axes, as xarray's DataArray.to_dict() has "
     "them"},
    {"", "ops", "LIST", CONFIG_LIST, CONFIG_IN_FILE, true, STREAM(figure[OPTIONS_OPS]), 0,
     0, "", "changes to the figure in order, such as [{\"op\": \"add_shape\", ...}]"},
    {"", "view", "MAP", CONFIG_MAP, CONFIG_IN_FILE, true, STREAM(figure[OPTIONS_VIEW]), 0,
     0, "",
     "what viewers see who ask for nothing: {\"transform\": \"log\"}, with \"gamma\""},
};

const struct config_section config_sections[] = {
    {"server",
     NULL,
     "the daemon itself, and what holds for all streams",
     {{server_rows, COUNT(server_rows), 0},
      {capture_rows, COUNT(capture_rows), AT(capture)}}},
    {"access", NULL, "who may do what", {{access_rows, COUNT(access_rows), 0}}},
    {"recording",
     NULL,
     "where recordings lie, how many, and what is recorded from the start",
     {{recording_rows, COUNT(recording_rows), 0}}},
    {"stream",
     "NAME",
     "one stream; what it does not say is as in [server]",
     {{stream_rows, COUNT(stream_rows), 0},
      {capture_rows, COUNT(capture_rows), STREAM(capture)}}},
    {.name = NULL},
};

/* ---- finding ---- */

const struct config_section *config_section_named(const char *name)
{
    for (const struct config_section *s = config_sections; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

bool config_find(const struct config_section *section, const char *name, size_t size,
                 struct config_found *out)
{
    for (int g = 0; g < CONFIG_GROUPS; g++) {
        const struct config_group *group = &section->groups[g];
        for (size_t i = 0; i < group->count; i++) {
            const struct config_row *row = &group->rows[i];
            if (strlen(row->name) != size || memcmp(row->name, name, size) != 0)
                continue;
            *out = (struct config_found){row, group->base};
            return true;
        }
    }
    return false;
}

bool config_find_letter(const struct config_section *section, char letter,
                        struct config_found *out)
{
    for (int g = 0; g < CONFIG_GROUPS; g++) {
        const struct config_group *group = &section->groups[g];
        for (size_t i = 0; letter && i < group->count; i++) {
            if (group->rows[i].letter[0] != letter)
                continue;
            *out = (struct config_found){&group->rows[i], group->base};
            return true;
        }
    }
    return false;
}

/* Of the next section whose struct is struct options, after `section`; NULL begins. */
static const struct config_section *next_of_line(const struct config_section *section)
{
    const struct config_section *s = section ? section + 1 : config_sections;
    while (s->name && s->argument)
        s++;
    return s->name ? s : NULL;
}

bool config_find_option(const char *name, size_t size, struct config_found *out)
{
    const struct config_section *s = next_of_line(NULL);
    while (s && !config_find(s, name, size, out))
        s = next_of_line(s);
    return s;
}

bool config_find_option_letter(char letter, struct config_found *out)
{
    const struct config_section *s = next_of_line(NULL);
    while (s && !config_find_letter(s, letter, out))
        s = next_of_line(s);
    return s;
}

bool config_find_homes(const char *key, char out[CONFIG_WHY_BYTES])
{
    struct config_found found;
    size_t size = 0;
    for (const struct config_section *s = config_sections; s->name; s++) {
        if (!config_find(s, key, strlen(key), &found) ||
            !(found.row->places & CONFIG_IN_FILE) || size >= CONFIG_WHY_BYTES)
            continue;
        size += (size_t)snprintf(out + size, CONFIG_WHY_BYTES - size, "%s[%s%s%s]",
                                 size ? " or " : "", s->name, s->argument ? " " : "",
                                 s->argument ? s->argument : "");
    }
    return size > 0;
}

/* ---- what was meant ---- */

enum { NEAREST_SIZE = 32 };

static size_t least3(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many letters must be put in, taken out or changed (Levenshtein), of the first NEAREST_SIZE. */
static size_t changes(const char *from, const char *to)
{
    size_t row[NEAREST_SIZE + 1], from_size = strnlen(from, NEAREST_SIZE),
                                  to_size = strnlen(to, NEAREST_SIZE);
    for (size_t j = 0; j <= to_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= from_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= to_size; j++) {
            size_t above = row[j];
            row[j] =
                least3(above + 1, row[j - 1] + 1, diagonal + (from[i - 1] != to[j - 1]));
            diagonal = above;
        }
    }
    return row[to_size];
}

/* Moves `best` to a row of the section that takes fewer changes. */
static void find_nearer(const struct config_section *section, const char *name, int place,
                        const char **best, size_t *best_changes)
{
    for (int g = 0; g < CONFIG_GROUPS; g++) {
        for (size_t i = 0; i < section->groups[g].count; i++) {
            const struct config_row *row = &section->groups[g].rows[i];
            size_t n = row->places & place ? changes(name, row->name) : SIZE_MAX;
            if (n < *best_changes) {
                *best_changes = n;
                *best = row->name;
            }
        }
    }
}

const char *config_nearest(const struct config_section *section, const char *name)
{
    const char *best = "";
    size_t best_changes = SIZE_MAX;
    find_nearer(section, name, CONFIG_IN_FILE, &best, &best_changes);
    return best;
}

const char *config_nearest_option(const char *name)
{
    const char *best = "";
    size_t best_changes = SIZE_MAX;
    for (const struct config_section *s = next_of_line(NULL); s; s = next_of_line(s))
        find_nearer(s, name, CONFIG_ON_LINE, &best, &best_changes);
    return best;
}

const char *config_nearest_section(const char *name)
{
    const struct config_section *best = config_sections;
    for (const struct config_section *s = config_sections; s->name; s++)
        if (changes(name, s->name) < changes(name, best->name))
            best = s;
    return best->name;
}
