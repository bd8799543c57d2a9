/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include <string.h>

/* A character beyond ASCII is taken for a letter: labels are words, and units such as µ and Å. */

struct text {
    const char *at;
    size_t size;
};

static bool is_blank(struct text t, size_t i)
{
    return i < t.size && t.at[i] == ' ';
}

static bool is_letter(struct text t, size_t i)
{
    if (i >= t.size)
        return false;
    unsigned char c = (unsigned char)t.at[i];
    return c >= 0x80 || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(struct text t, size_t i)
{
    return is_letter(t, i) || (i < t.size && t.at[i] >= '0' && t.at[i] <= '9');
}

static bool is_word_or_mark(struct text t, size_t i)
{
    return is_word(t, i) || (i < t.size && t.at[i] && strchr("!\"'&.,?", t.at[i]));
}

static bool is_hyphen(struct text t, size_t i)
{
    return i < t.size && t.at[i] == '-';
}

/* Bytes of one character, and characters of some bytes. */
static size_t char_size(struct text t, size_t i)
{
    size_t end = i + 1;
    while (end < t.size && ((unsigned char)t.at[end] & 0xC0) == 0x80)
        end++;
    return end - i;
}

static size_t chars_of(struct text t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.size; i += char_size(t, i))
        n++;
    return n;
}

static size_t bytes_of_chars(struct text t, size_t chars)
{
    size_t i = 0;
    for (; chars && i < t.size; chars--)
        i += char_size(t, i);
    return i;
}

/* ---- words ---- */

/* The end of a run of two or more hyphens from `i` on that a word follows; 0: there is none. */
static size_t dash_end(struct text t, size_t i)
{
    size_t end = i;
    while (is_hyphen(t, end))
        end++;
    return end - i >= 2 && is_word(t, end) ? end : 0;
}

/* Where the character before `i` starts; text.size, which holds none, before the first one. */
static size_t before(struct text t, size_t i)
{
    if (i == 0 || i > t.size)
        return t.size;
    do
        i--;
    while (i > 0 && ((unsigned char)t.at[i] & 0xC0) == 0x80);
    return i;
}

/* True when a word may be cut after the hyphen at `i`: after two letters, or after letter, hyphen,
 * letter; and before a letter that a letter follows, with or without a hyphen between. */
static bool is_cut(struct text t, size_t i)
{
    size_t one = before(t, i), two = before(t, one);
    if (!is_hyphen(t, i) || !is_letter(t, one))
        return false;
    if (!is_letter(t, two) && !(is_hyphen(t, two) && is_letter(t, before(t, two))))
        return false;
    if (!is_letter(t, i + 1))
        return false;
    size_t next = i + 1 + char_size(t, i + 1);
    return is_letter(t, is_hyphen(t, next) ? next + 1 : next);
}

/* Where the chunk that starts at `i` ends: a run of blanks, a dash, or a word or a part of one. */
static size_t chunk_end(struct text t, size_t i)
{
    size_t end = i;
    if (is_blank(t, i)) {
        while (is_blank(t, end))
            end++;
        return end;
    }
    if (i > 0 && is_word_or_mark(t, i - 1) && (end = dash_end(t, i)))
        return end;
    for (end = i + 1; end < t.size && !is_blank(t, end); end++) {
        if (is_cut(t, end))
            return end + 1;
        if (is_word_or_mark(t, end - 1) && dash_end(t, end))
            return end;
    }
    return end;
}

/* ---- lines ---- */

struct wrapper {
    struct text text;
    size_t at, end; /* the chunk that is next; at == text.size: none is left */
    size_t width;
    bool cut_words;
};

static struct text next_chunk(const struct wrapper *w)
{
    return (struct text){w->text.at + w->at, w->end - w->at};
}

static void take(struct wrapper *w, size_t bytes)
{
    w->at += bytes;
    if (w->at == w->end && w->at < w->text.size)
        w->end = chunk_end(w->text, w->at);
}

/* How much of a word that is longer than a line goes on this one, of which `left` characters are
 * free: up to its last hyphen there, if that has something else before it. */
static size_t cut_size(struct text word, size_t left)
{
    size_t size = bytes_of_chars(word, left);
    for (size_t i = size; i-- > 1;) {
        if (word.at[i] != '-')
            continue;
        for (size_t k = 0; k < i; k++)
            if (word.at[k] != '-')
                return i + 1;
        break;
    }
    return size;
}

/* Takes the chunks of one line; returns its bytes. */
static struct text take_line(struct wrapper *w, bool is_first)
{
    if (!is_first && is_blank(w->text, w->at))
        take(w, w->end - w->at);
    size_t from = w->at, last = from, used = 0, chars;
    while (w->at < w->text.size && used + (chars = chars_of(next_chunk(w))) <= w->width) {
        last = w->at;
        used += chars;
        take(w, w->end - w->at);
    }
    if (w->at < w->text.size && chars_of(next_chunk(w)) > w->width) {
        if (w->cut_words) {
            last = w->at;
            take(w, cut_size(next_chunk(w), w->width - used));
        } else if (w->at == from) {
            take(w, w->end - w->at);
        }
    }
    size_t end = last < w->at && is_blank(w->text, last) ? last : w->at;
    return (struct text){w->text.at + from, end - from};
}

static void wrap_blanks(struct text text, size_t width, bool cut_words, const char *joint,
                        struct ims_bytes *out)
{
    struct wrapper w = {.text = text, .width = width, .cut_words = cut_words};
    if (text.size)
        w.end = chunk_end(text, 0);
    bool is_first = true;
    while (w.at < text.size) {
        struct text line = take_line(&w, is_first);
        if (!line.size)
            continue;
        if (!is_first)
            ims_bytes_append(out, joint, strlen(joint));
        ims_bytes_append(out, line.at, line.size);
        is_first = false;
    }
}

/* Tabs reach to the next multiple of eight; all other white space of ASCII is one blank. */
static void put_blanks(const char *text, size_t size, struct ims_bytes *out)
{
    static const char eight[] = "        ";
    size_t column = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '\t') {
            ims_bytes_append(out, eight, 8 - column % 8);
            column += 8 - column % 8;
            continue;
        }
        bool ends_line = c == '\n' || c == '\r';
        ims_bytes_append(out, ends_line || c == '\v' || c == '\f' ? " " : &c, 1);
        if (ends_line)
            column = 0;
        else if (((unsigned char)c & 0xC0) != 0x80)
            column++;
    }
}

void ims__wrap(const char *text, size_t size, size_t width, bool cut_words,
               const char *joint, struct ims_bytes *out)
{
    struct ims_bytes blanks = {0};
    put_blanks(text, size, &blanks);
    if (!blanks.result)
        wrap_blanks((struct text){(const char *)blanks.data, blanks.size}, width,
                    cut_words, joint, out);
    else if (!out->result)
        out->result = blanks.result;
    ims_bytes_finish(&blanks);
}
