/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "options_formats.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum option_type {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_SIZE,
    OPTION_FORMAT,
    OPTION_HOST_PORT
};

struct option_row {
    const char *letter;       /* "": none */
    const char *name, *value; /* value: what --help calls it; NULL for flags */
    enum option_type type;
    size_t offset;
    long least, most;
    const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row rows[] = {
    {"d", "device", "PATH", OPTION_TEXT, AT(device), 0, 0,
     "a camera, the same as v4l2:PATH"},
    {"r", "resolution", "WxH", OPTION_SIZE, AT(capture.width), 1, 16384,
     "ask sources for this size (the driver's nearest is taken)"},
    {"m", "format", "NAME", OPTION_FORMAT, AT(capture.pixel_format), 0, 0,
     "ask cameras for this pixel format, below (the cheapest to show)"},
    {"f", "desired-fps", "N", OPTION_NUMBER, AT(capture.fps), 1, 1000,
     "ask sources for this many frames a second"},
    {"b", "buffers", "N", OPTION_NUMBER, AT(capture.buffers), 2, 32,
     "mapped buffers a camera (4)"},
    {"", "idle-stop", "SECONDS", OPTION_NUMBER, AT(capture.idle_stop_s), 0, 86400,
     "stop a camera that nobody has watched for so long (0: never)"},
    {"", "state-dir", "PATH", OPTION_TEXT, AT(capture.state_dir), 0, 0,
     "what is kept between runs: controls that users set ($STATE_DIRECTORY, else "
     "$XDG_STATE_HOME/imshowd, else ~/.local/state/imshowd)"},
    {"w", "workers", "N", OPTION_NUMBER, AT(workers), 1, 64,
     "threads that scale, colour and encode (one a core)"},
    {"q", "quality", "N", OPTION_NUMBER, AT(quality), 1, 100,
     "JPEG quality where a viewer asks for none (80)"},
    {"s", "host", "ADDRESS", OPTION_TEXT, AT(host), 0, 0, "listen here (127.0.0.1)"},
    {"p", "port", "N", OPTION_NUMBER, AT(port), 0, 65535,
     "listen on this port (8080); 0: any free one"},
    {"U", "unix", "PATH", OPTION_TEXT, AT(unix_path), 0, 0,
     "HTTP on this Unix socket instead"},
    {"", "push-unix", "PATH", OPTION_TEXT, AT(push_unix), 0, 0,
     "take pushed frames on this Unix socket (msgpack, docs/protocol.md)"},
    {"", "push-tcp", "HOST:PORT", OPTION_HOST_PORT, AT(push_tcp_host), 0, 65535,
     "the same on TCP, on loopback unless --insecure; port 0: any free one"},
    {"", "insecure", NULL, OPTION_FLAG, AT(insecure), 0, 0,
     "allow to listen off loopback: anybody there may watch and push"},
    {"", "log-level", "LEVEL", OPTION_TEXT, AT(log_level_name), 0, 0,
     "error, warning, info (default) or debug"},
    {"", "version", NULL, OPTION_FLAG, AT(version), 0, 0, "print the version"},
    {"h", "help", NULL, OPTION_FLAG, AT(help), 0, 0, "print this"},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* ---- help ---- */

void options_print_help(FILE *file)
{
    fputs("usage: imshowd [options] [[NAME=]SOURCE ...]\n"
          "Shows live frames in any browser, as plotly figures that move.\n\nOptions:\n",
          file);
    for (int i = 0; i < ROW_COUNT; i++) {
        char left[64], letter[8] = "    ";
        if (rows[i].letter[0])
            snprintf(letter, sizeof letter, "-%s, ", rows[i].letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, rows[i].name,
                 rows[i].value ? " " : "", rows[i].value ? rows[i].value : "");
        fprintf(file, "  %-28s %s\n", left, rows[i].help);
    }
    fputs("\nPixel formats of cameras, by V4L2's name or code; without -m the first kind "
          "that "
          "there is:\n",
          file);
    pixel_formats_print(file, "  ");
}

/* ---- values ---- */

static enum ims_result fail_value(const struct option_row *row, const char *value,
                                  const char *why, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "option --%s: '%.60s': %s", row->name, value,
                    why);
}

static enum ims_result read_number(const struct option_row *row, const char *value,
                                   long *out, struct ims_error *err)
{
    char *end, why[80];
    errno = 0;
    long number = strtol(value, &end, 10);
    if (*value && !*end && !errno && number >= row->least && number <= row->most) {
        *out = number;
        return IMS_OK;
    }
    snprintf(why, sizeof why, "give a number from %ld to %ld", row->least, row->most);
    return fail_value(row, value, why, err);
}

/* Where a number goes: the settings of capture are 32 bits wide, the others long. */
static void store_number(const struct option_row *row, struct options *options,
                         long number)
{
    void *at = (char *)options + row->offset;
    if (row->offset < AT(capture) + sizeof options->capture)
        *(uint32_t *)at = (uint32_t)number;
    else
        *(long *)at = number;
}

/* A side of "WxH" up to `end`; 0 when it is none. */
static uint32_t read_side(const struct option_row *row, const char **at, char end)
{
    char *stop;
    long side = strtol(*at, &stop, 10);
    if (stop == *at || *stop != end || side < row->least || side > row->most)
        return 0;
    *at = stop + 1;
    return (uint32_t)side;
}

static enum ims_result read_size(const struct option_row *row, const char *value,
                                 struct options *options, struct ims_error *err)
{
    const char *at = value;
    uint32_t width = read_side(row, &at, 'x');
    uint32_t height = width ? read_side(row, &at, 0) : 0;
    if (!height)
        return fail_value(row, value, "give WIDTHxHEIGHT, such as 1280x720", err);
    options->capture.width = width;
    options->capture.height = height;
    return IMS_OK;
}

static enum ims_result read_format(const struct option_row *row, const char *value,
                                   struct options *options, struct ims_error *err)
{
    uint32_t code = pixel_format_named(value);
    if (!code)
        return fail_value(row, value,
                          "give a pixel format of V4L2, such as YUYV; --help lists them",
                          err);
    options->capture.pixel_format = code;
    return IMS_OK;
}

/* "127.0.0.1:9000", "localhost:0", "[::1]:9000". Said twice, the later one counts. */
static enum ims_result read_host_port(const struct option_row *row, const char *value,
                                      struct options *options, struct ims_error *err)
{
    const char *colon = strrchr(value, ':');
    bool is_bracketed = colon && colon - value > 2 && value[0] == '[' && colon[-1] == ']';
    size_t size = colon ? (size_t)(colon - value) : 0;
    long port = 0;
    if (size == 0 || read_number(row, colon + 1, &port, NULL))
        return fail_value(row, value, "give HOST:PORT, such as 127.0.0.1:9000", err);
    char *host = is_bracketed ? strndup(value + 1, size - 2) : strndup(value, size);
    if (!host)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory");
    free(options->push_tcp_host);
    options->push_tcp_host = host;
    options->push_tcp_port = port;
    return IMS_OK;
}

static enum ims_result store(const struct option_row *row, const char *value,
                             struct options *options, struct ims_error *err)
{
    long number = 0; /* gcc -O3 does not see that a failed read is not stored */
    enum ims_result result;
    switch (row->type) {
    case OPTION_FLAG: *(bool *)((char *)options + row->offset) = true; return IMS_OK;
    case OPTION_TEXT:
        *(const char **)((char *)options + row->offset) = value;
        return IMS_OK;
    case OPTION_NUMBER:
        result = read_number(row, value, &number, err);
        if (result == IMS_OK)
            store_number(row, options, number);
        return result;
    case OPTION_SIZE: return read_size(row, value, options, err);
    case OPTION_FORMAT: return read_format(row, value, options, err);
    case OPTION_HOST_PORT: return read_host_port(row, value, options, err);
    }
    return IMS_OK;
}

/* ---- the walk ---- */

/* Shared letters at the beginning: enough to name what was probably meant. */
static const char *nearest_name(const char *name)
{
    const char *best = "help";
    size_t best_size = 0;
    for (int i = 0; i < ROW_COUNT; i++) {
        size_t size = 0;
        while (name[size] && rows[i].name[size] == name[size])
            size++;
        if (size > best_size) {
            best_size = size;
            best = rows[i].name;
        }
    }
    return best;
}

static const struct option_row *row_named(const char *name, size_t size)
{
    for (int i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].name) == size && memcmp(rows[i].name, name, size) == 0)
            return &rows[i];
    return NULL;
}

static const struct option_row *row_lettered(char letter)
{
    for (int i = 0; i < ROW_COUNT; i++)
        if (rows[i].letter[0] == letter)
            return &rows[i];
    return NULL;
}

/* "--name value", "--name=value", "-x value", "-xvalue"; moves *i past a value of its own. */
static enum ims_result read_option(int argc, char **argv, int *i, struct options *options,
                                   struct ims_error *err)
{
    const char *arg = argv[*i], *value = NULL;
    bool is_long = arg[1] == '-';
    size_t size = is_long ? strcspn(arg + 2, "=") : 1;
    const struct option_row *row =
        is_long ? row_named(arg + 2, size) : row_lettered(arg[1]);
    if (!row)
        return ims_fail(err, IMS_ERR_INVALID,
                        "unknown option '%.60s': did you mean --%s? --help lists all",
                        arg, nearest_name(is_long ? arg + 2 : arg + 1));
    if (is_long && arg[2 + size] == '=')
        value = arg + 2 + size + 1;
    else if (!is_long && arg[2])
        value = arg + 2;
    if (row->type == OPTION_FLAG)
        return value ? fail_value(row, value, "this option takes no value", err)
                     : store(row, NULL, options, err);
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    if (!value)
        return ims_fail(err, IMS_ERR_INVALID, "option --%s needs a value: %s", row->name,
                        row->value);
    return store(row, value, options, err);
}

static char *own(struct options *options, char *text)
{
    if (text)
        options->owned[options->owned_count++] = text;
    return text;
}

/* A name has no colon and stands before the first '='; "exec:a=b" has none. */
static enum ims_result add_source(const char *arg, struct options *options,
                                  struct ims_error *err)
{
    if (options->source_count == OPTIONS_SOURCES_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "more than %d sources", OPTIONS_SOURCES_MAX);
    struct options_source *source = &options->sources[options->source_count++];
    size_t size = strcspn(arg, "=:");
    source->uri = arg;
    if (arg[size] == '=') {
        source->uri = arg + size + 1;
        source->name = own(options, strndup(arg, size));
    }
    return IMS_OK;
}

static enum ims_result add_device(struct options *options, struct ims_error *err)
{
    char *uri = NULL;
    if (!options->device)
        return IMS_OK;
    if (asprintf(&uri, "v4l2:%s", options->device) < 0)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory");
    if (options->source_count == OPTIONS_SOURCES_MAX) {
        free(uri);
        return ims_fail(err, IMS_ERR_LIMIT, "more than %d sources", OPTIONS_SOURCES_MAX);
    }
    options->sources[options->source_count++] =
        (struct options_source){.uri = own(options, uri)};
    return IMS_OK;
}

/* systemd names one folder or several, by colons: the first is ours. */
static enum ims_result find_state_dir(struct options *options, struct ims_error *err)
{
    const char *given = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int n = 0;
    if (options->capture.state_dir)
        return IMS_OK;
    if (given && *given)
        n = asprintf(&path, "%.*s", (int)strcspn(given, ":"), given);
    else if (state && *state == '/')
        n = asprintf(&path, "%s/imshowd", state);
    else if (home && *home == '/')
        n = asprintf(&path, "%s/.local/state/imshowd", home);
    if (n < 0)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory");
    options->state_dir = path;
    options->capture.state_dir = path;
    return IMS_OK;
}

static enum ims_result parse_all(int argc, char **argv, struct options *options,
                                 struct ims_error *err)
{
    enum ims_result result = IMS_OK;
    bool only_sources = false;
    for (int i = 1; i < argc && result == IMS_OK; i++) {
        if (!only_sources && strcmp(argv[i], "--") == 0)
            only_sources = true;
        else if (!only_sources && argv[i][0] == '-' && argv[i][1])
            result = read_option(argc, argv, &i, options, err);
        else
            result = add_source(argv[i], options, err);
    }
    if (result == IMS_OK)
        result = add_device(options, err);
    if (result == IMS_OK)
        result = find_state_dir(options, err);
    if (result == IMS_OK && options->log_level_name &&
        !log_level_parse(options->log_level_name, &options->log_level))
        result =
            ims_fail(err, IMS_ERR_INVALID,
                     "option --log-level: '%.40s': give error, warning, info or debug",
                     options->log_level_name);
    return result;
}

enum ims_result options_parse(int argc, char **argv, struct options *out,
                              struct ims_error *err)
{
    struct options options = {
        .host = "127.0.0.1", .port = 8080, .log_level = LOG_LEVEL_INFO};
    enum ims_result result = parse_all(argc, argv, &options, err);
    if (result)
        options_finish(&options);
    else
        *out = options;
    return result;
}

void options_finish(struct options *options)
{
    for (int i = 0; i < options->owned_count; i++)
        free(options->owned[i]);
    options->owned_count = 0;
    free(options->state_dir);
    options->state_dir = NULL;
    free(options->push_tcp_host);
    options->push_tcp_host = NULL;
}
