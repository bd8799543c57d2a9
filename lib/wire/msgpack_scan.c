/* SPDX-License-Identifier: MIT */
/*
 * One pass over the heads of a msgpack value, without memory and without recursion: texts and bins are
 * stepped over whatever their length, so that a frame of 100 MB that arrives in pieces costs a few heads a
 * piece. `need` counts at least one byte for each value that is still due, so a long list is asked for as a
 * whole and not looked at again after every byte.
 */
#include <imshow/wire.h>
#include <inttypes.h>

struct head {
    size_t size;     /* bytes of the head itself */
    uint64_t body;   /* bytes of text or bin, or of a number, behind it */
    uint64_t values; /* keys and values inside of it */
    bool is_open;    /* a list or a map */
};

struct scan {
    const uint8_t *data;
    size_t size, max_bytes, at;
    uint64_t values; /* seen or announced so far */
    uint64_t due;    /* announced, not seen yet */
    int depth;
    uint64_t open[IMS_WIRE_DEPTH]; /* values due in each open list or map */
    size_t
        body_at; /* where the text or bin begins that the bytes break off in; 0: in none */
    struct ims_error *err;
};

/* How a head that starts with byte 0xc0 and up reads: bytes of its length field, what the length means. */
enum meaning { UNUSED, NUMBER, BODY, LIST, MAP };
static const struct {
    uint8_t meaning, bytes;
} heads[32] = {
    /* c0 */ {NUMBER, 0},
    {UNUSED, 0},
    {NUMBER, 0},
    {NUMBER, 0},
    /* c4 bin */ {BODY, 1},
    {BODY, 2},
    {BODY, 4},
    /* c7 ext */ {UNUSED, 0},
    {UNUSED, 0},
    {UNUSED, 0},
    /* ca float */ {NUMBER, 4},
    {NUMBER, 8},
    /* cc uint */ {NUMBER, 1},
    {NUMBER, 2},
    {NUMBER, 4},
    {NUMBER, 8},
    /* d0 int */ {NUMBER, 1},
    {NUMBER, 2},
    {NUMBER, 4},
    {NUMBER, 8},
    /* d4 fixext */ {UNUSED, 0},
    {UNUSED, 0},
    {UNUSED, 0},
    {UNUSED, 0},
    {UNUSED, 0},
    /* d9 str */ {BODY, 1},
    {BODY, 2},
    {BODY, 4},
    /* dc list */ {LIST, 2},
    {LIST, 4},
    /* de map */ {MAP, 2},
    {MAP, 4},
};

static struct head fix_head(uint8_t first)
{
    if (first >= 0xa0 && first < 0xc0)
        return (struct head){.size = 1, .body = first & 31};
    if (first >= 0x90 && first < 0xa0)
        return (struct head){.size = 1, .values = first & 15, .is_open = true};
    if (first >= 0x80 && first < 0x90)
        return (struct head){
            .size = 1, .values = (first & 15) * (uint64_t)2, .is_open = true};
    return (struct head){.size = 1};
}

static uint64_t read_length(const uint8_t *data, size_t bytes)
{
    uint64_t length = 0;

    for (size_t i = 0; i < bytes; i++)
        length = length << 8 | data[i];
    return length;
}

/* TRUNCATED: `out->size` bytes are wanted for the head. */
static enum ims_result read_head(const uint8_t *data, size_t size, struct head *out)
{
    if (data[0] < 0xc0 || data[0] >= 0xe0) {
        *out = fix_head(data[0]);
        return IMS_OK;
    }
    const enum meaning meaning = heads[data[0] - 0xc0].meaning;
    const size_t bytes = heads[data[0] - 0xc0].bytes;
    if (meaning == UNUSED)
        return IMS_ERR_INVALID;
    *out = (struct head){.size = 1 + bytes, .is_open = meaning == LIST || meaning == MAP};
    if (size < 1 + bytes)
        return IMS_ERR_TRUNCATED;
    if (meaning == NUMBER)
        return IMS_OK;
    const uint64_t length = read_length(data + 1, bytes);
    if (meaning == BODY)
        out->body = length;
    else
        out->values = meaning == MAP ? 2 * length : length;
    return IMS_OK;
}

/* What is wanted in all, at the least: up to `at`, and a byte for each value due. */
static enum ims_result check_need(struct scan *s, uint64_t need)
{
    if (need > s->max_bytes)
        return ims_fail(s->err, IMS_ERR_LIMIT,
                        "msgpack: a message of at least %" PRIu64 " bytes, at most %zu",
                        need, s->max_bytes);
    return IMS_OK;
}

static enum ims_result enter(struct scan *s, uint64_t values)
{
    if (s->depth == IMS_WIRE_DEPTH)
        return ims_fail(s->err, IMS_ERR_LIMIT, "msgpack: nests deeper than %d",
                        IMS_WIRE_DEPTH);
    if (values > IMS_WIRE_ITEMS || s->values + values > IMS_WIRE_ITEMS)
        return ims_fail(s->err, IMS_ERR_LIMIT, "msgpack: %" PRIu64 " values, at most %d",
                        (s->values + values), IMS_WIRE_ITEMS);
    s->values += values;
    s->due += values;
    s->open[s->depth++] = values;
    return IMS_OK;
}

/* Steps over one head and its body; TRUNCATED sets `need`. */
static enum ims_result step(struct scan *s, size_t *need)
{
    struct head head = {.size = 1};
    enum ims_result r = s->at == s->size
                            ? IMS_ERR_TRUNCATED
                            : read_head(s->data + s->at, s->size - s->at, &head);

    if (r == IMS_ERR_INVALID)
        return ims_fail(s->err, r,
                        "msgpack: byte 0x%02x at %zu begins no value of this protocol",
                        s->data[s->at], s->at);
    /* `due` still counts this value: its own byte stands for the head's first. */
    const uint64_t wanted = (uint64_t)s->at + head.size + head.body + s->due - 1;
    if (check_need(s, wanted + head.values))
        return IMS_ERR_LIMIT;
    if (r || head.body > s->size - s->at - head.size) {
        *need = (size_t)(wanted + head.values);
        s->body_at = r ? 0 : s->at + head.size;
        return IMS_ERR_TRUNCATED;
    }
    s->at += head.size + (size_t)head.body;
    s->due--;
    if (s->depth)
        s->open[s->depth - 1]--;
    return head.is_open ? enter(s, head.values) : IMS_OK;
}

/* Up to the end of the first value; what is wanted for it goes to `need` when it breaks off. */
static enum ims_result scan_value(struct scan *s, size_t *need)
{
    s->values = s->due = 1;
    while (s->due) {
        enum ims_result r = step(s, need);
        if (r)
            return r;
        while (s->depth && s->open[s->depth - 1] == 0)
            s->depth--;
    }
    *need = s->at;
    return IMS_OK;
}

enum ims_result ims_msgpack_scan(const uint8_t *data, size_t size, size_t max_bytes,
                                 size_t *need, struct ims_error *err)
{
    struct scan s = {.data = data, .size = size, .max_bytes = max_bytes, .err = err};

    return scan_value(&s, need);
}

size_t ims_msgpack_payload(const uint8_t *data, size_t size)
{
    struct scan s = {.data = data, .size = size, .max_bytes = SIZE_MAX};
    size_t need;

    return scan_value(&s, &need) == IMS_ERR_TRUNCATED ? s.body_at : 0;
}
