/* SPDX-License-Identifier: MIT */
#include "config_ini.h"

#include <ctype.h>
#include <string.h>

struct reader {
    char *at; /* the rest of the text */
    const char *file;
    int line;    /* of the line that is read */
    bool is_cut; /* that line has no end */
    int bare;    /* the section's line, while nothing stands below it */
    const char *section, *name;
    enum ims_result (*on_item)(void *user, const struct config_ini_item *item,
                               struct ims_error *err);
    void *user;
};

static enum ims_result fail_at(const struct reader *r, int line, const char *why,
                               struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "%s:%d: %s", r->file, line, why);
}

/* A file that is being written, or was written half: in the middle of a line that shows. */
static enum ims_result fail_cut(const struct reader *r, struct ims_error *err)
{
    return fail_at(r, r->line,
                   "the line has no end: is the file whole? Its last line ends with a "
                   "newline too",
                   err);
}

static char *skip_blanks(char *text)
{
    return text + strspn(text, " \t\r");
}

static void trim_end(char *text)
{
    size_t size = strlen(text);
    while (size && strchr(" \t\r\n", text[size - 1]))
        text[--size] = 0;
}

/* Cuts the next line off the rest; NULL at the end. */
static char *next_line(struct reader *r)
{
    if (!*r->at)
        return NULL;
    char *line = r->at;
    size_t size = strcspn(line, "\n");
    r->is_cut = !line[size];
    r->at = line + size + (line[size] ? 1 : 0);
    line[size] = 0;
    r->line++;
    return line;
}

static bool has_control(const char *line)
{
    for (; *line; line++)
        if ((unsigned char)*line < ' ' && *line != '\t' && *line != '\r')
            return true;
    return false;
}

/* ---- values ---- */

struct nesting {
    int depth;
    bool in_text;
};

/* Brackets outside of JSON's texts; what stands in the wrong order is JSON's to find. */
static void nest(struct nesting *n, const char *text)
{
    for (; *text; text++) {
        if (n->in_text && *text == '\\' && text[1])
            text++;
        else if (*text == '"')
            n->in_text = !n->in_text;
        else if (!n->in_text && strchr("{[", *text))
            n->depth++;
        else if (!n->in_text && strchr("}]", *text))
            n->depth--;
    }
}

/* Lines are joined in place: the zero byte that cut them is a line's end again. */
static enum ims_result close_value(struct reader *r, char *value, int line,
                                   struct ims_error *err)
{
    struct nesting n = {0};
    if (*value != '{' && *value != '[')
        return IMS_OK;
    nest(&n, value);
    while (n.depth > 0) {
        char *more = next_line(r);
        if (!more)
            return fail_at(
                r, line, "the value is not closed: is the file whole, up to its } or ]?",
                err);
        if (has_control(more))
            return fail_at(r, r->line, "a control character", err);
        more[-1] = '\n';
        nest(&n, more);
    }
    return r->is_cut ? fail_cut(r, err) : IMS_OK;
}

/* ---- lines ---- */

static enum ims_result read_section(struct reader *r, char *text, struct ims_error *err)
{
    char *end = strchr(text, ']');
    if (!end || *skip_blanks(end + 1))
        return fail_at(r, r->line, "a section is [server] or [stream NAME]", err);
    *end = 0;
    text = skip_blanks(text + 1);
    trim_end(text);
    char *name = text + strcspn(text, " \t");
    if (*name)
        *name++ = 0;
    r->section = text;
    r->name = skip_blanks(name);
    r->bare = r->line;
    const struct config_ini_item item = {
        .section = r->section, .name = r->name, .line = r->line};
    return r->on_item(r->user, &item, err);
}

static size_t key_size(const char *text)
{
    size_t size = 0;
    while (isalnum((unsigned char)text[size]) || text[size] == '-' || text[size] == '_')
        size++;
    return size;
}

static enum ims_result read_key(struct reader *r, char *text, struct ims_error *err)
{
    int line = r->line;
    size_t size = key_size(text);
    char *equals = skip_blanks(text + size);
    if (size == 0 || *equals != '=')
        return fail_at(r, line, "neither [section] nor key = value nor # comment", err);
    if (!r->section)
        return fail_at(r, line, "stands before any section: [server] or [stream NAME]",
                       err);
    char *value = skip_blanks(equals + 1);
    enum ims_result result = close_value(r, value, line, err);
    if (result)
        return result;
    text[size] = 0;
    trim_end(value);
    const struct config_ini_item item = {.section = r->section,
                                         .name = r->name,
                                         .key = text,
                                         .value = value,
                                         .line = line};
    return r->on_item(r->user, &item, err);
}

static enum ims_result read_line(struct reader *r, char *line, struct ims_error *err)
{
    if (has_control(line))
        return fail_at(r, r->line, "a control character", err);
    char *text = skip_blanks(line);
    if (r->is_cut)
        return fail_cut(r, err);
    if (!*text)
        return IMS_OK;
    r->bare = 0;
    if (*text == '#' || *text == ';')
        return IMS_OK;
    return *text == '[' ? read_section(r, text, err) : read_key(r, text, err);
}

enum ims_result config_ini_parse(
    char *text, const char *file,
    enum ims_result (*on_item)(void *user, const struct config_ini_item *item,
                               struct ims_error *err),
    void *user, struct ims_error *err)
{
    struct reader r = {.at = text, .file = file, .on_item = on_item, .user = user};
    enum ims_result result = IMS_OK;
    if (strncmp(r.at, "\xef\xbb\xbf", 3) == 0) /* some editors begin with it */
        r.at += 3;
    for (char *line; result == IMS_OK && (line = next_line(&r));)
        result = read_line(&r, line, err);
    if (result == IMS_OK && r.bare)
        result = fail_at(&r, r.bare, "nothing stands in this section: is the file whole?",
                         err);
    return result;
}
