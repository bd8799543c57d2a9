/* SPDX-License-Identifier: MIT */
/*
 * The head of an .npy file: magic, version, and a Python dict literal with exactly the keys descr,
 * fortran_order and shape. The literal is read by hand: it is all of Python that is needed.
 */
#include <imshow/npy.h>
#include <string.h>

enum { HEADER_MAX = 65536, TEXT_MAX = 32 };

struct reader {
    const char *at, *end;
    struct ims_error *err;
};

static enum ims_result malformed(struct reader *r, const char *what)
{
    return ims_fail(r->err, IMS_ERR_INVALID, "npy: malformed header: %s", what);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end &&
           (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

static bool accept(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool accept_word(struct reader *r, const char *word)
{
    const size_t size = strlen(word);

    skip_blanks(r);
    if ((size_t)(r->end - r->at) < size || memcmp(r->at, word, size) != 0)
        return false;
    r->at += size;
    return true;
}

/* A quoted text without escapes: neither the keys nor a type string have any. */
static enum ims_result read_text(struct reader *r, char out[TEXT_MAX])
{
    skip_blanks(r);
    if (r->at == r->end || (*r->at != '\'' && *r->at != '"'))
        return malformed(r, "a text is missing");
    const char quote = *r->at++;
    const char *close = memchr(r->at, quote, (size_t)(r->end - r->at));
    if (!close)
        return malformed(r, "a text does not end");
    const size_t size = (size_t)(close - r->at);
    if (size >= TEXT_MAX || memchr(r->at, 0, size))
        return malformed(r, "a text is too long");
    memcpy(out, r->at, size);
    out[size] = '\0';
    r->at = close + 1;
    return IMS_OK;
}

static enum ims_result read_descr(struct reader *r, struct ims_npy_head *head)
{
    char text[TEXT_MAX];

    skip_blanks(r);
    if (r->at < r->end && (*r->at == '[' || *r->at == '('))
        return ims_fail(r->err, IMS_ERR_UNSUPPORTED,
                        "npy: structured types are not supported");
    enum ims_result result = read_text(r, text);
    return result ? result : ims_dtype_parse(text, &head->dtype, &head->swapped, r->err);
}

static enum ims_result read_order(struct reader *r, struct ims_npy_head *head)
{
    if (accept_word(r, "True"))
        head->fortran_order = true;
    else if (accept_word(r, "False"))
        head->fortran_order = false;
    else
        return malformed(r, "fortran_order is neither True nor False");
    return IMS_OK;
}

static enum ims_result read_length(struct reader *r, size_t *out)
{
    size_t value = 0;

    skip_blanks(r);
    if (r->at == r->end || *r->at < '0' || *r->at > '9')
        return malformed(r, "a length in shape is no number");
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
        if (__builtin_mul_overflow(value, (size_t)10, &value) ||
            __builtin_add_overflow(value, (size_t)(*r->at - '0'), &value))
            return ims_fail(r->err, IMS_ERR_LIMIT, "npy: a length in shape overflows");
    accept(r, 'L'); /* Python 2 wrote its long integers so */
    *out = value;
    return IMS_OK;
}

static enum ims_result read_shape(struct reader *r, struct ims_npy_head *head)
{
    if (!accept(r, '('))
        return malformed(r, "shape is not a tuple");
    head->ndim = 0;
    while (!accept(r, ')')) {
        if (head->ndim == IMS_MAX_DIMS)
            return ims_fail(r->err, IMS_ERR_LIMIT, "npy: more than %d dimensions",
                            IMS_MAX_DIMS);
        enum ims_result result = read_length(r, &head->shape[head->ndim]);
        if (result)
            return result;
        head->ndim++;
        if (accept(r, ','))
            continue;
        if (!accept(r, ')') || head->ndim == 1) /* "(7)" is a number, not a tuple */
            return malformed(r, "shape is not a tuple");
        break;
    }
    return IMS_OK;
}

static const struct {
    const char *key;
    enum ims_result (*read)(struct reader *, struct ims_npy_head *);
} entries[] = {
    {"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

static enum ims_result read_entry(struct reader *r, struct ims_npy_head *head,
                                  unsigned *seen)
{
    char key[TEXT_MAX];
    enum ims_result result = read_text(r, key);

    if (result)
        return result;
    if (!accept(r, ':'))
        return malformed(r, "a colon is missing");
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (strcmp(key, entries[i].key) != 0)
            continue;
        if (*seen & 1u << i)
            return malformed(r, "a key stands twice");
        *seen |= 1u << i;
        return entries[i].read(r, head);
    }
    return malformed(r, "an unknown key");
}

static enum ims_result read_dict(struct reader *r, struct ims_npy_head *head)
{
    unsigned seen = 0;

    if (!accept(r, '{'))
        return malformed(r, "it is not a dict");
    while (!accept(r, '}')) {
        enum ims_result result = read_entry(r, head, &seen);
        if (result)
            return result;
        if (accept(r, ','))
            continue;
        if (!accept(r, '}'))
            return malformed(r, "a comma is missing");
        break;
    }
    skip_blanks(r);
    if (r->at != r->end)
        return malformed(r, "something stands behind the dict");
    if (seen != (1u << ENTRIES) - 1)
        return malformed(r, "descr, fortran_order or shape is missing");
    return IMS_OK;
}

/* Where the dict begins and how long it is. */
static enum ims_result read_prelude(const uint8_t *data, size_t size, size_t *start,
                                    size_t *length, struct ims_error *err)
{
    static const char magic[] = "\x93NUMPY";
    const size_t known = size < 6 ? size : 6;

    if (memcmp(data, magic, known) != 0)
        return ims_fail(err, IMS_ERR_INVALID, "npy: the magic bytes are missing");
    if (size < 8)
        return ims_fail(err, IMS_ERR_TRUNCATED, "npy: the header is cut");
    if (data[6] < 1 || data[6] > 3 || data[7] != 0)
        return ims_fail(err, IMS_ERR_UNSUPPORTED, "npy: version %d.%d is not supported",
                        data[6], data[7]);
    *start = data[6] == 1 ? 10 : 12;
    if (size < *start)
        return ims_fail(err, IMS_ERR_TRUNCATED, "npy: the header is cut");
    *length = (size_t)data[8] | (size_t)data[9] << 8;
    if (data[6] > 1)
        *length |= (size_t)data[10] << 16 | (size_t)data[11] << 24;
    if (*length > HEADER_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "npy: a header of %zu bytes, at most %d",
                        *length, HEADER_MAX);
    if (size - *start < *length)
        return ims_fail(err, IMS_ERR_TRUNCATED, "npy: the header is cut");
    return IMS_OK;
}

enum ims_result ims_npy_head_read(const uint8_t *data, size_t size,
                                  struct ims_npy_head *out, struct ims_error *err)
{
    struct ims_npy_head head = {0};
    size_t start = 0, length = 0;
    enum ims_result result = read_prelude(data, size, &start, &length, err);

    if (result)
        return result;
    struct reader reader = {(const char *)data + start,
                            (const char *)data + start + length, err};
    result = read_dict(&reader, &head);
    if (result)
        return result;
    if (!ims_shape_bytes(head.dtype, head.ndim, head.shape, &head.data_bytes))
        return ims_fail(err, IMS_ERR_LIMIT, "npy: the array's size overflows");
    head.data_offset = start + length;
    *out = head;
    return IMS_OK;
}
