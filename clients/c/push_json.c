/* SPDX-License-Identifier: MIT */
/* From JSON (RFC 8259) to msgpack in one walk. How many items a list or map has is known at its end only, so
 * that each is written into bytes of its own first. */
#include "push_private.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *begin, *at;
    int depth;
    locale_t locale; /* C's: numbers are read the same in every program */
    const char *what;
    struct ims_push_error *err;
    enum ims_push_result result;
};

static void fail(struct reader *r, const char *why)
{
    if (r->result)
        return;
    r->result = ims__push_fail(r->err, IMS_PUSH_INVALID, "%s: byte %zu: %s", r->what,
                               (size_t)(r->at - r->begin), why);
}

static void skip_space(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')
        r->at++;
}

/* ---- texts ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of \uXXXX; UINT32_MAX when there are none. */
static uint32_t read_unit(struct reader *r)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*r->at);
        if (digit < 0)
            return UINT32_MAX;
        unit = unit << 4 | (uint32_t)digit;
        r->at++;
    }
    return unit;
}

static uint32_t read_code_point(struct reader *r)
{
    uint32_t high = read_unit(r), low;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || r->at[0] != '\\' || r->at[1] != 'u')
        return UINT32_MAX;
    r->at += 2;
    low = read_unit(r);
    if (low < 0xdc00 || low > 0xdfff)
        return UINT32_MAX;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static void add_code_point(struct push_bytes *text, uint32_t code)
{
    uint8_t utf8[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, code >>= 6)
        utf8[i] = (uint8_t)(0x80 | (code & 0x3f));
    utf8[0] = (uint8_t)(first[size - 1] | code);
    ims__push_bytes_add(text, utf8, size);
}

static void read_escape(struct reader *r, struct push_bytes *text)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *letter = *r->at ? strchr(letters, *r->at) : NULL;
    uint32_t code = UINT32_MAX;
    if (letter) {
        ims__push_bytes_add(text, &meant[letter - letters], 1);
        r->at++;
        return;
    }
    if (*r->at == 'u') {
        r->at++;
        code = read_code_point(r);
    }
    if (code == UINT32_MAX)
        fail(r, "a backslash that is no escape");
    else
        add_code_point(text, code);
}

static void read_text(struct reader *r, struct push_bytes *out)
{
    struct push_bytes text = {.limit = out->limit};
    r->at++; /* the quote */
    while (!r->result && *r->at != '"') {
        size_t plain = strcspn(r->at, "\"\\");
        for (size_t i = 0; i < plain; i++)
            if ((unsigned char)r->at[i] < 0x20)
                plain = i;
        ims__push_bytes_add(&text, r->at, plain);
        r->at += plain;
        if (*r->at == '\\') {
            r->at++;
            read_escape(r, &text);
        } else if (*r->at != '"') {
            fail(r, *r->at ? "a control character in a text" : "a text without an end");
        }
    }
    if (!r->result)
        r->at++;
    if (text.result)
        out->result = text.result;
    else
        ims__push_put_text(out, text.data ? (const char *)text.data : "", text.size);
    ims__push_bytes_finish(&text);
}

/* ---- numbers and words ---- */

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

/* The length of a number by JSON's grammar, 0: it is none. */
static size_t number_size(const char *text, bool *is_whole)
{
    const char *at = text + (*text == '-');
    size_t whole = digits(at);
    if (whole == 0 || (whole > 1 && *at == '0'))
        return 0;
    at += whole;
    *is_whole = true;
    if (*at == '.') {
        if (!digits(at + 1))
            return 0;
        at += 1 + digits(at + 1);
        *is_whole = false;
    }
    if (*at == 'e' || *at == 'E') {
        at += 1 + (at[1] == '+' || at[1] == '-');
        if (!digits(at))
            return 0;
        at += digits(at);
        *is_whole = false;
    }
    return (size_t)(at - text);
}

static void read_number(struct reader *r, struct push_bytes *out)
{
    bool is_whole = false;
    size_t size = number_size(r->at, &is_whole);
    if (size == 0) {
        fail(r, "a value is wanted");
        return;
    }
    errno = 0;
    if (is_whole && *r->at == '-') {
        long long value = strtoll(r->at, NULL, 10);
        if (errno == 0)
            ims__push_put_integer(out, value);
    } else if (is_whole) {
        unsigned long long value = strtoull(r->at, NULL, 10);
        if (errno == 0)
            ims__push_put_unsigned(out, value);
    }
    if (!is_whole || errno)
        ims__push_put_real(out, strtod_l(r->at, NULL, r->locale));
    r->at += size;
}

static bool read_word(struct reader *r, const char *word)
{
    size_t size = strlen(word);
    if (strncmp(r->at, word, size) != 0)
        return false;
    r->at += size;
    return true;
}

static void read_value(struct reader *r, struct push_bytes *out);

/* ---- lists and maps ---- */

static void read_key(struct reader *r, struct push_bytes *out)
{
    if (*r->at != '"') {
        fail(r, "a key in quotes is wanted");
        return;
    }
    read_text(r, out);
    skip_space(r);
    if (*r->at == ':')
        r->at++;
    else
        fail(r, "a colon is wanted");
}

static uint32_t read_items(struct reader *r, struct push_bytes *items, bool is_map)
{
    const char end = is_map ? '}' : ']';
    uint32_t count = 0;
    r->at++; /* the bracket */
    skip_space(r);
    for (bool is_first = true; !r->result && !items->result && *r->at != end;
         is_first = false) {
        if (!is_first && *r->at++ != ',') {
            r->at--;
            fail(r, "a comma or the closing bracket is wanted");
            break;
        }
        skip_space(r);
        if (is_map)
            read_key(r, items);
        read_value(r, items);
        skip_space(r);
        count++;
    }
    if (!r->result && !items->result)
        r->at++;
    return count;
}

static void read_bracket(struct reader *r, struct push_bytes *out)
{
    struct push_bytes items = {.limit = out->limit - out->size};
    bool is_map = *r->at == '{';
    if (++r->depth > JSON_DEPTH_MAX) {
        fail(r, "nested too deep");
        return;
    }
    uint32_t count = read_items(r, &items, is_map);
    r->depth--;
    if (is_map)
        ims__push_put_map(out, count);
    else
        ims__push_put_list(out, count);
    if (items.result)
        out->result = items.result;
    ims__push_bytes_add(out, items.data, items.size);
    ims__push_bytes_finish(&items);
}

static void read_value(struct reader *r, struct push_bytes *out)
{
    if (r->result || out->result)
        return;
    skip_space(r);
    if (*r->at == '{' || *r->at == '[')
        read_bracket(r, out);
    else if (*r->at == '"')
        read_text(r, out);
    else if (read_word(r, "null"))
        ims__push_put_null(out);
    else if (read_word(r, "true"))
        ims__push_put_bool(out, true);
    else if (read_word(r, "false"))
        ims__push_put_bool(out, false);
    else
        read_number(r, out);
}

enum ims_push_result ims__push_put_json(struct push_bytes *out, const char *json,
                                        char first, const char *what,
                                        struct ims_push_error *err)
{
    struct reader r = {.begin = json, .at = json, .what = what, .err = err};
    skip_space(&r);
    if (*r.at != first) {
        fail(&r, first == '{' ? "a JSON object is wanted" : "a JSON list is wanted");
        return r.result;
    }
    r.locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!r.locale)
        return ims__push_fail(err, IMS_PUSH_NOMEM, "no memory for %s", what);
    read_value(&r, out);
    skip_space(&r);
    if (*r.at && !out->result)
        fail(&r, "more behind the value");
    freelocale(r.locale);
    if (!r.result && out->result)
        r.result =
            ims__push_fail(err, out->result, "%s: longer than %zu bytes, or no memory",
                           what, out->limit);
    return r.result;
}
