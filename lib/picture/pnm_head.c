/* SPDX-License-Identifier: MIT */
#include <imshow/pnm.h>

#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 1 << 16, SIDE_MAX = 1 << 24, WORD = 32 };

/* Words of the head: what is not blank, comments from # to the line's end left out. */
struct reader {
    const uint8_t *data;
    size_t size, at;
    struct ims_error *err;
};

static enum ims_result cut(struct reader *r)
{
    if (r->size >= HEAD_MAX)
        return ims_fail(r->err, IMS_ERR_LIMIT, "PNM: a head of more than %d bytes",
                        HEAD_MAX);
    return ims_fail(r->err, IMS_ERR_TRUNCATED, "PNM: ends within its head");
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->size && (is_blank(r->data[r->at]) || r->data[r->at] == '#')) {
        bool comment = r->data[r->at] == '#';
        while (comment && r->at < r->size && r->data[r->at] != '\n')
            r->at++;
        r->at += r->at < r->size;
    }
}

/* The next word; it is whole only when something stands behind it. */
static enum ims_result read_word(struct reader *r, char word[WORD])
{
    size_t n = 0;
    skip_blanks(r);
    while (r->at < r->size && !is_blank(r->data[r->at])) {
        if (n == WORD - 1)
            return ims_fail(r->err, IMS_ERR_INVALID,
                            "PNM: a word of the head is too long");
        word[n++] = (char)r->data[r->at++];
    }
    if (r->at == r->size)
        return cut(r);
    word[n] = '\0';
    return IMS_OK;
}

static enum ims_result read_number(struct reader *r, const char *what, uint32_t least,
                                   uint32_t most, uint32_t *out)
{
    char word[WORD] = "";
    enum ims_result result = read_word(r, word);
    if (result)
        return result;
    uint64_t v = 0;
    size_t n = strspn(word, "0123456789");
    for (size_t i = 0; i < n && v <= most; i++)
        v = v * 10 + (uint64_t)(word[i] - '0');
    if (n == 0 || word[n] || v < least)
        return ims_fail(r->err, IMS_ERR_INVALID, "PNM: %s is '%s'", what, word);
    if (v > most)
        return ims_fail(r->err, IMS_ERR_LIMIT, "PNM: %s is %s, at most %u", what, word,
                        most);
    *out = (uint32_t)v;
    return IMS_OK;
}

static enum ims_result read_sides(struct reader *r, struct ims_pnm_head *head)
{
    enum ims_result result = read_number(r, "the width", 1, SIDE_MAX, &head->width);
    return result ? result : read_number(r, "the height", 1, SIDE_MAX, &head->height);
}

/* The sign of the scale says the byte order. */
static enum ims_result read_scale(struct reader *r, struct ims_pnm_head *head)
{
    char word[WORD] = "", *end;
    enum ims_result result = read_word(r, word);
    if (result)
        return result;
    double scale = strtod(word, &end);
    if (end == word || *end || !(scale < 0 || scale > 0))
        return ims_fail(r->err, IMS_ERR_INVALID, "PFM: the scale is '%s'", word);
    head->is_little_endian = scale < 0;
    return IMS_OK;
}

static void skip_line(struct reader *r)
{
    while (r->at < r->size && r->data[r->at] != '\n')
        r->at++;
}

/* One line of a PAM's head, by its first word; `*ends` behind ENDHDR. */
static enum ims_result read_pam_line(struct reader *r, struct ims_pnm_head *head,
                                     bool *ends)
{
    char word[WORD] = "";
    enum ims_result result = read_word(r, word);
    if (result)
        return result;
    *ends = strcmp(word, "ENDHDR") == 0;
    if (strcmp(word, "WIDTH") == 0)
        return read_number(r, "the width", 1, SIDE_MAX, &head->width);
    if (strcmp(word, "HEIGHT") == 0)
        return read_number(r, "the height", 1, SIDE_MAX, &head->height);
    if (strcmp(word, "DEPTH") == 0)
        return read_number(r, "the depth", 1, SIDE_MAX, &head->samples);
    if (strcmp(word, "MAXVAL") == 0)
        return read_number(r, "the greatest value", 1, 65535, &head->greatest);
    if (!*ends && strcmp(word, "TUPLTYPE") != 0)
        return ims_fail(r->err, IMS_ERR_INVALID, "PAM: '%s' is no key of its head", word);
    if (!*ends)
        skip_line(r);
    return IMS_OK;
}

static enum ims_result read_pam(struct reader *r, struct ims_pnm_head *head)
{
    bool ends = false;
    head->samples = 0;
    while (!ends) {
        enum ims_result result = read_pam_line(r, head, &ends);
        if (result)
            return result;
    }
    if (!head->width || !head->height || !head->samples || !head->greatest)
        return ims_fail(r->err, IMS_ERR_INVALID,
                        "PAM: the head wants WIDTH, HEIGHT, DEPTH and MAXVAL");
    if (head->samples > 4)
        return ims_fail(r->err, IMS_ERR_UNSUPPORTED, "PAM: %u samples a pixel, at most 4",
                        head->samples);
    return IMS_OK;
}

static enum ims_result read_fields(struct reader *r, struct ims_pnm_head *head)
{
    if (head->kind == '7')
        return read_pam(r, head);
    head->samples = strchr("36F", head->kind) ? 3 : 1;
    enum ims_result result = read_sides(r, head);
    if (result)
        return result;
    if (strchr("fF", head->kind))
        return read_scale(r, head);
    head->greatest = 1;
    return strchr("14", head->kind)
               ? IMS_OK
               : read_number(r, "the greatest value", 1, 65535, &head->greatest);
}

static size_t bytes_of_row(const struct ims_pnm_head *head)
{
    size_t samples = (size_t)head->width * head->samples;
    if (head->kind == '4')
        return (samples + 7) / 8;
    return samples * (strchr("fF", head->kind) ? 4 : head->greatest > 255 ? 2 : 1);
}

bool ims_pnm_is(const uint8_t *data, size_t size)
{
    return size >= 2 && data[0] == 'P' && data[1] && strchr("1234567fF", data[1]);
}

enum ims_result ims_pnm_head_read(const uint8_t *data, size_t size,
                                  struct ims_pnm_head *out, struct ims_error *err)
{
    struct reader r = {data, size < HEAD_MAX ? size : HEAD_MAX, 2, err};
    if (size < 3)
        return cut(&r);
    if (!ims_pnm_is(data, size) || !(is_blank(data[2]) || data[2] == '#'))
        return ims_fail(err, IMS_ERR_INVALID,
                        "PNM: does not begin with P1 to P7, Pf or PF");
    struct ims_pnm_head head = {.kind = (char)data[1]};
    enum ims_result result = read_fields(&r, &head);
    if (result)
        return result;
    head.dtype = strchr("fF", head.kind) ? IMS_F32
                 : head.greatest > 255   ? IMS_U16
                                         : IMS_U8;
    head.data_offset = r.at + 1; /* one blank ends the head */
    if (!strchr("123", head.kind) &&
        __builtin_mul_overflow(bytes_of_row(&head), (size_t)head.height,
                               &head.data_bytes))
        return ims_fail(err, IMS_ERR_LIMIT, "PNM: %ux%u pixels are more than the memory",
                        head.width, head.height);
    *out = head;
    return IMS_OK;
}
