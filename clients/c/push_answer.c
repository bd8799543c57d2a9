/* SPDX-License-Identifier: MIT */
/* The daemon's messages: maps of texts and small numbers. Values of other kinds are passed over. */
#include "push_private.h"

#include <string.h>

struct cursor {
    const uint8_t *at, *end;
    bool is_short, is_wrong;
};

struct value {
    enum { VALUE_OTHER, VALUE_TEXT, VALUE_NUMBER } kind;
    const char *text;
    size_t size;
    int64_t number;
};

static uint64_t take(struct cursor *c, int size)
{
    uint64_t value = 0;
    if (c->is_wrong || c->end - c->at < size) {
        c->is_short = true;
        return 0;
    }
    for (int i = 0; i < size; i++)
        value = value << 8 | *c->at++;
    return value;
}

static const char *take_bytes(struct cursor *c, uint64_t size)
{
    const char *bytes = (const char *)c->at;
    if (c->is_short || (uint64_t)(c->end - c->at) < size) {
        c->is_short = true;
        return NULL;
    }
    c->at += size;
    return bytes;
}

static void text_value(struct cursor *c, uint64_t size, struct value *out)
{
    if (size > ANSWER_BYTES_MAX) {
        c->is_wrong = true;
        return;
    }
    out->kind = VALUE_TEXT;
    out->text = take_bytes(c, size);
    out->size = (size_t)size;
}

static void number_value(uint64_t number, struct value *out)
{
    if (number > INT64_MAX)
        return;
    out->kind = VALUE_NUMBER;
    out->number = (int64_t)number;
}

static void sized_value(struct cursor *c, uint8_t type, struct value *out)
{
    switch (type) {
    case 0xc0: /* nil, false, true */
    case 0xc2:
    case 0xc3: break;
    case 0xc4: (void)take_bytes(c, take(c, 1)); break;
    case 0xcb: (void)take(c, 8); break;
    case 0xcc: number_value(take(c, 1), out); break;
    case 0xcd: number_value(take(c, 2), out); break;
    case 0xce: number_value(take(c, 4), out); break;
    case 0xcf: number_value(take(c, 8), out); break;
    case 0xd0: (void)take(c, 1); break; /* negative ones: none is meant for us */
    case 0xd1: (void)take(c, 2); break;
    case 0xd2: (void)take(c, 4); break;
    case 0xd3: (void)take(c, 8); break;
    case 0xd9: text_value(c, take(c, 1), out); break;
    case 0xda: text_value(c, take(c, 2), out); break;
    default: c->is_wrong = true;
    }
}

/* How many values follow the type's byte of a list or a map; -1: it is of neither. */
static int64_t container_count(struct cursor *c, uint8_t type)
{
    if (type >= 0x80 && type < 0x90)
        return 2 * (int64_t)(type & 15);
    if (type >= 0x90 && type < 0xa0)
        return type & 15;
    if (type < 0xdc || type > 0xdf)
        return -1;
    int64_t count = (int64_t)take(c, type & 1 ? 4 : 2);
    return type >= 0xde ? 2 * count : count;
}

static void scalar_value(struct cursor *c, uint8_t type, struct value *out)
{
    if (type < 0x80)
        number_value(type, out);
    else if (type < 0xc0)
        text_value(c, type & 31, out);
    else if (type < 0xe0)
        sized_value(c, type, out);
}

/* Lists and maps, of a later version, are passed over with what they hold: `left` counts what is still to come,
 * so that nothing here recurses. */
static struct value read_value(struct cursor *c)
{
    struct value value = {VALUE_OTHER, NULL, 0, 0}, inner;
    int64_t left = 1;
    for (bool is_first = true; left > 0 && !c->is_short && !c->is_wrong; left--) {
        uint8_t type = (uint8_t)take(c, 1);
        int64_t count = c->is_short ? 0 : container_count(c, type);
        if (count >= 0)
            left += count;
        else
            scalar_value(c, type, is_first ? &value : &inner);
        is_first = false;
    }
    return value;
}

static bool is_text(const struct value *value, const char *text)
{
    return value->kind == VALUE_TEXT && value->text && value->size == strlen(text) &&
           memcmp(value->text, text, value->size) == 0;
}

static void copy_text(const struct value *value, char *out, size_t capacity)
{
    if (value->kind != VALUE_TEXT || !value->text)
        return;
    size_t size = value->size < capacity ? value->size : capacity - 1;
    memcpy(out, value->text, size);
    out[size] = 0;
}

static enum answer_type type_of(const struct value *value)
{
    static const struct {
        const char *name;
        enum answer_type type;
    } types[] = {{"ready", ANSWER_READY},
                 {"credit", ANSWER_CREDIT},
                 {"pool", ANSWER_POOL},
                 {"error", ANSWER_ERROR}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (is_text(value, types[i].name))
            return types[i].type;
    return ANSWER_OTHER;
}

static void take_entry(const struct value *key, const struct value *value,
                       struct push_answer *out)
{
    if (is_text(key, "type"))
        out->type = type_of(value);
    else if (is_text(key, "code"))
        copy_text(value, out->error.code, sizeof out->error.code);
    else if (is_text(key, "text"))
        copy_text(value, out->error.text, sizeof out->error.text);
    else if (value->kind != VALUE_NUMBER)
        return;
    else if (is_text(key, "credits"))
        out->credits = value->number;
    else if (is_text(key, "frames"))
        out->frames = value->number;
    else if (is_text(key, "slot"))
        out->slot = value->number;
}

static bool is_map(const uint8_t *data)
{
    return (*data >= 0x80 && *data < 0x90) || *data == 0xde || *data == 0xdf;
}

ssize_t ims__push_answer_parse(const uint8_t *data, size_t size, struct push_answer *out)
{
    struct cursor c = {data, data + size, false, false};
    *out = (struct push_answer){.credits = -1, .frames = -1, .slot = -1};
    if (size == 0)
        return 0;
    int64_t left = is_map(data) ? container_count(&c, (uint8_t)take(&c, 1)) : -1;
    c.is_wrong |= left < 0;
    for (; left > 0 && !c.is_short && !c.is_wrong; left -= 2) {
        struct value key = read_value(&c), value = read_value(&c);
        if (!c.is_short && !c.is_wrong)
            take_entry(&key, &value, out);
    }
    if (c.is_wrong || (c.is_short && size >= ANSWER_BYTES_MAX))
        return -1;
    return c.is_short ? 0 : (ssize_t)(c.at - data);
}
