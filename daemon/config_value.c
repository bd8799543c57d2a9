/* SPDX-License-Identifier: MIT */
#include "config_table.h"

#include "build.h"
#include "config_credential.h"
#include "log.h"
#include "options.h"
#include "options_formats.h"

#include <errno.h>
#include <imshow/json.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

struct config_text {
    struct config_text *next;
    char bytes[];
};

char *config_texts_keep(struct config_texts *texts, const char *text, size_t size)
{
    struct config_text *kept = calloc(1, sizeof *kept + size + 1);
    if (!kept)
        return NULL;
    memcpy(kept->bytes, text, size);
    kept->next = texts->first;
    texts->first = kept;
    return kept->bytes;
}

void config_texts_finish(struct config_texts *texts)
{
    while (texts->first) {
        struct config_text *text = texts->first;
        texts->first = text->next;
        free(text);
    }
}

/* ---- values ---- */

static bool wanted(char why[CONFIG_WHY_BYTES], const char *what)
{
    snprintf(why, CONFIG_WHY_BYTES, "%.*s", CONFIG_WHY_BYTES - 1, what);
    return false;
}

static bool keep(struct config_texts *texts, const char *text, size_t size, char **out,
                 char why[CONFIG_WHY_BYTES])
{
    char *kept = config_texts_keep(texts, text, size);
    if (!kept)
        return wanted(why, "no memory");
    *out = kept;
    return true;
}

static bool read_flag(const char *value, bool *out, char why[CONFIG_WHY_BYTES])
{
    static const struct {
        const char *name;
        bool is;
    } words[] = {{"yes", true}, {"no", false},  {"true", true}, {"false", false},
                 {"on", true},  {"off", false}, {"1", true},    {"0", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, value) == 0) {
            *out = words[i].is;
            return true;
        }
    }
    return wanted(why, "give yes or no");
}

static bool read_text(const char *value, struct config_texts *texts, char **out,
                      char why[CONFIG_WHY_BYTES])
{
    size_t size = strlen(value);
    if (size >= 2 && value[0] == '"' && value[size - 1] == '"')
        return wanted(why, "give it without quotes");
    return keep(texts, value, size, out, why);
}

static bool read_number(const struct config_row *row, const char *value, uint32_t *out,
                        char why[CONFIG_WHY_BYTES])
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (!*value || *end || errno || number < row->least || number > row->most) {
        snprintf(why, CONFIG_WHY_BYTES, "give a number from %ld to %ld", row->least,
                 row->most);
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

/* A side of "WxH" up to `end`; 0 when it is none. */
static uint32_t read_side(const struct config_row *row, const char **at, char end)
{
    char *stop;
    long side = strtol(*at, &stop, 10);
    if (stop == *at || *stop != end || side < row->least || side > row->most)
        return 0;
    *at = stop + 1;
    return (uint32_t)side;
}

static bool read_size(const struct config_row *row, const char *value, uint32_t out[2],
                      char why[CONFIG_WHY_BYTES])
{
    const char *at = value;
    uint32_t width = read_side(row, &at, 'x');
    uint32_t height = width ? read_side(row, &at, 0) : 0;
    if (!height)
        return wanted(why, "give WIDTHxHEIGHT, such as 1280x720");
    out[0] = width;
    out[1] = height;
    return true;
}

static bool read_format(const char *value, uint32_t *out, char why[CONFIG_WHY_BYTES])
{
    uint32_t code = pixel_format_named(value);
    if (!code)
        return wanted(
            why, "give a pixel format of V4L2, such as YUYV; imshowd --help lists them");
    *out = code;
    return true;
}

/* "127.0.0.1:9000", "localhost:0", "[::1]:9000". */
static bool read_host_port(const struct config_row *row, const char *value,
                           struct config_texts *texts, struct config_address *out,
                           char why[CONFIG_WHY_BYTES])
{
    const char *colon = strrchr(value, ':');
    bool is_bracketed = colon && colon - value > 2 && value[0] == '[' && colon[-1] == ']';
    size_t size = colon ? (size_t)(colon - value) : 0;
    uint32_t port = 0;
    if (size == 0 || !read_number(row, colon + 1, &port, why))
        return wanted(why, "give HOST:PORT, such as 127.0.0.1:9000");
    const char *host = is_bracketed ? value + 1 : value;
    if (!keep(texts, host, is_bracketed ? size - 2 : size, &out->host, why))
        return false;
    out->port = port;
    return true;
}

static bool read_level(const char *value, enum log_level *out, char why[CONFIG_WHY_BYTES])
{
    return log_level_parse(value, out) ||
           wanted(why, "give error, warning, info or debug");
}

static bool read_log(const char *value, enum log_format *out, char why[CONFIG_WHY_BYTES])
{
    return log_format_parse(value, out) ||
           wanted(why, "give auto, text, journal or json");
}

/* What the figure makes of it is not looked at. */
static bool read_json(const struct config_row *row, const char *value,
                      struct config_texts *texts, char **out, char why[CONFIG_WHY_BYTES])
{
    struct ims_error err = {0};
    struct ims_document *doc = NULL;
    if (ims_json_parse(value, strlen(value), &doc, &err))
        return wanted(why, err.text);
    bool is_kind = doc->root.kind == (row->type == CONFIG_MAP ? IMS_MAP : IMS_LIST);
    ims_document_destroy(doc);
    if (!is_kind)
        return wanted(why, row->type == CONFIG_MAP ? "give a map as JSON, in { and }"
                                                   : "give a list as JSON, in [ and ]");
    return keep(texts, value, strlen(value), out, why);
}

bool config_read(const struct config_row *row, const char *value, void *base,
                 struct config_texts *texts, char why[CONFIG_WHY_BYTES])
{
    void *at = (char *)base + row->offset;
    const struct feature *missing = build_missing(row->name);
    if (missing) {
        snprintf(why, CONFIG_WHY_BYTES, "there is no %s in this build (CMake's %s)",
                 missing->name, missing->option);
        return false;
    }
    switch (row->type) {
    case CONFIG_FLAG: return read_flag(value, at, why);
    case CONFIG_TEXT: return read_text(value, texts, at, why);
    case CONFIG_NUMBER: return read_number(row, value, at, why);
    case CONFIG_SIZE: return read_size(row, value, at, why);
    case CONFIG_FORMAT: return read_format(value, at, why);
    case CONFIG_HOST_PORT: return read_host_port(row, value, texts, at, why);
    case CONFIG_LEVEL: return read_level(value, at, why);
    case CONFIG_LOG: return read_log(value, at, why);
    case CONFIG_SOURCE: return config_credentials_fill(value, texts, at, why);
    case CONFIG_MAP:
    case CONFIG_LIST: return read_json(row, value, texts, at, why);
    }
    return false;
}
