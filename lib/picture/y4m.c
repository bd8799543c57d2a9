/* SPDX-License-Identifier: MIT */
#include <imshow/y4m.h>

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096, SIDE_MAX = 32768, MAGIC = 9, FRAME = 5 };

bool ims_y4m_is(const uint8_t *data, size_t size)
{
    return size >= MAGIC && memcmp(data, "YUV4MPEG2", MAGIC) == 0;
}

/* ---- the two kinds of line ---- */

static bool ends_word(uint8_t c)
{
    return c == ' ' || c == '\n';
}

static enum ims_result line_bytes(const uint8_t *data, size_t size, size_t *out,
                                  struct ims_error *err)
{
    size_t looked = size < LINE_MAX_BYTES ? size : LINE_MAX_BYTES;
    const uint8_t *newline = looked ? memchr(data, '\n', looked) : NULL;
    if (!newline && looked == LINE_MAX_BYTES)
        return ims_fail(err, IMS_ERR_LIMIT, "y4m: a line of more than %d bytes",
                        LINE_MAX_BYTES);
    if (!newline)
        return ims_fail(err, IMS_ERR_TRUNCATED, "y4m: ends within a line");
    *out = (size_t)(newline - data) + 1;
    return IMS_OK;
}

enum ims_result ims_y4m_frame_head(const uint8_t *data, size_t size, size_t *out,
                                   struct ims_error *err)
{
    if (size < FRAME + 1)
        return ims_fail(err, IMS_ERR_TRUNCATED, "y4m: ends before a frame");
    if (memcmp(data, "FRAME", FRAME) != 0 || !ends_word(data[FRAME]))
        return ims_fail(err, IMS_ERR_INVALID, "y4m: no FRAME where one should begin");
    return line_bytes(data, size, out, err);
}

/* ---- the head's fields ---- */

static enum ims_result read_side(const char *field, uint32_t *out, struct ims_error *err)
{
    char *end;
    unsigned long v = strtoul(field + 1, &end, 10);
    if (field[1] < '0' || field[1] > '9' || *end || v == 0)
        return ims_fail(err, IMS_ERR_INVALID, "y4m: a side is '%.40s'", field);
    if (v > SIDE_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "y4m: a side is %.40s, at most %d", field + 1,
                        SIDE_MAX);
    *out = (uint32_t)v;
    return IMS_OK;
}

static enum ims_result read_space(const char *name, struct ims_y4m_head *head,
                                  struct ims_error *err)
{
    static const struct {
        const char *name;
        int x, y;
        bool is_grey;
    } spaces[] = {
        {"420", 1, 1, false},      {"420jpeg", 1, 1, false}, {"420mpeg2", 1, 1, false},
        {"420paldv", 1, 1, false}, {"422", 1, 0, false},     {"444", 0, 0, false},
        {"mono", 0, 0, true},
    };
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (strcmp(name, spaces[i].name) == 0) {
            head->chroma_shift_x = spaces[i].x;
            head->chroma_shift_y = spaces[i].y;
            head->is_grey = spaces[i].is_grey;
            return IMS_OK;
        }
    return ims_fail(
        err, IMS_ERR_UNSUPPORTED,
        "y4m: colour space '%.40s'; 420, 422, 444 and mono of 8 bits are read", name);
}

static double read_rate(const char *text)
{
    char *end;
    double count = strtod(text, &end);
    double per = *end == ':' ? strtod(end + 1, NULL) : 1;
    double fps = per > 0 ? count / per : 0;
    return fps > 0 && fps <= 10000 ? fps : 0;
}

static enum ims_result read_field(const char *field, struct ims_y4m_head *head,
                                  struct ims_error *err)
{
    switch (field[0]) {
    case 'W': return read_side(field, &head->width, err);
    case 'H': return read_side(field, &head->height, err);
    case 'C': return read_space(field + 1, head, err);
    case 'F': head->fps = read_rate(field + 1); return IMS_OK;
    case 'X':
        head->is_full_range |= strcmp(field, "XCOLORRANGE=FULL") == 0;
        return IMS_OK;
    default: return IMS_OK; /* interlacing, pixel aspect, what is yet to come */
    }
}

static enum ims_result read_fields(char *line, struct ims_y4m_head *head,
                                   struct ims_error *err)
{
    char *rest = NULL;
    for (char *field = strtok_r(line, " \n", &rest); field;
         field = strtok_r(NULL, " \n", &rest)) {
        enum ims_result r = read_field(field, head, err);
        if (r)
            return r;
    }
    if (!head->width || !head->height)
        return ims_fail(err, IMS_ERR_INVALID, "y4m: the head wants W and H");
    return IMS_OK;
}

/* Sides are at most 2^15: three planes stay below 2^32, whatever the machine. */
static size_t bytes_of_frame(const struct ims_y4m_head *head)
{
    size_t x = (head->width + (1u << head->chroma_shift_x) - 1) >> head->chroma_shift_x;
    size_t y = (head->height + (1u << head->chroma_shift_y) - 1) >> head->chroma_shift_y;
    size_t luma = (size_t)head->width * head->height;
    return head->is_grey ? luma : luma + 2 * x * y;
}

enum ims_result ims_y4m_head_read(const uint8_t *data, size_t size,
                                  struct ims_y4m_head *out, struct ims_error *err)
{
    size_t bytes = 0;
    char line[LINE_MAX_BYTES];
    enum ims_result r = line_bytes(data, size, &bytes, err);
    if (r)
        return r;
    if (!ims_y4m_is(data, size) || !ends_word(data[MAGIC]) || memchr(data, '\0', bytes))
        return ims_fail(err, IMS_ERR_INVALID, "y4m: does not begin with YUV4MPEG2");
    memcpy(line, data + MAGIC, bytes - MAGIC);
    line[bytes - MAGIC] = '\0';
    struct ims_y4m_head head = {.chroma_shift_x = 1, .chroma_shift_y = 1};
    r = read_fields(line, &head, err);
    if (r)
        return r;
    head.head_bytes = bytes;
    head.frame_bytes = bytes_of_frame(&head);
    *out = head;
    return IMS_OK;
}

/* ---- colours ---- */

/* ITU-R BT.601, 16 bits of fraction. */
struct matrix {
    int black, y, v_red, u_green, v_green, u_blue;
};
static const struct matrix limited = {16, 76309, 104597, 25675, 53279, 132201};
static const struct matrix full = {0, 65536, 91881, 22554, 46802, 116130};

static uint8_t to_byte(int fixed)
{
    int v = (fixed + (1 << 15)) >> 16;
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void grey_to_bytes(const struct matrix *m, const uint8_t *luma, size_t count,
                          uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = to_byte((luma[i] - m->black) * m->y);
}

static void row_to_rgb(const struct matrix *m, const uint8_t *luma, const uint8_t *u_row,
                       const uint8_t *v_row, int shift, uint32_t width, uint8_t *rgb)
{
    for (uint32_t x = 0; x < width; x++, rgb += 3) {
        int y = (luma[x] - m->black) * m->y;
        int u = u_row[x >> shift] - 128, v = v_row[x >> shift] - 128;
        rgb[0] = to_byte(y + m->v_red * v);
        rgb[1] = to_byte(y - m->u_green * u - m->v_green * v);
        rgb[2] = to_byte(y + m->u_blue * u);
    }
}

static void planes_to_rgb(const struct ims_y4m_head *head, const struct matrix *m,
                          const uint8_t *planes, uint8_t *rgb)
{
    size_t width = head->width, luma = width * head->height;
    size_t stride = (width + (1u << head->chroma_shift_x) - 1) >> head->chroma_shift_x;
    const uint8_t *u = planes + luma, *v = u + (head->frame_bytes - luma) / 2;
    for (size_t y = 0; y < head->height; y++) {
        size_t at = (y >> head->chroma_shift_y) * stride;
        row_to_rgb(m, planes + y * width, u + at, v + at, head->chroma_shift_x,
                   head->width, rgb + y * width * 3);
    }
}

enum ims_result ims_y4m_frame_decode(const struct ims_y4m_head *head,
                                     const uint8_t *planes, struct ims_array *out,
                                     struct ims_error *err)
{
    const struct matrix *m = head->is_full_range ? &full : &limited;
    size_t shape[3] = {head->height, head->width, 3};
    struct ims_array array;
    enum ims_result r =
        ims_array_create(IMS_U8, head->is_grey ? 2 : 3, shape, &array, err);
    if (r)
        return r;
    if (head->is_grey)
        grey_to_bytes(m, planes, (size_t)head->width * head->height, array.data);
    else
        planes_to_rgb(head, m, planes, array.data);
    *out = array;
    return IMS_OK;
}

/* ---- planes that stay planes ---- */

bool ims_y4m_has_planes(const struct ims_y4m_head *head)
{
    return !head->is_grey && head->chroma_shift_x == 1 && head->chroma_shift_y == 1;
}

/* Limited range has `range` steps, from `from` on, which becomes `to`. */
static void widen(const uint8_t *in, size_t count, int range, int from, int to,
                  uint8_t *out)
{
    uint8_t wide[256];
    for (int v = 0; v < 256; v++)
        wide[v] = to_byte((v - from) * (255 * 65536 / range) + to * 65536);
    for (size_t i = 0; i < count; i++)
        out[i] = wide[in[i]];
}

void ims_y4m_frame_planes(const struct ims_y4m_head *head, const uint8_t *planes,
                          uint8_t *out)
{
    size_t luma = (size_t)head->width * head->height;
    if (head->is_full_range) {
        memcpy(out, planes, head->frame_bytes);
        return;
    }
    widen(planes, luma, 219, 16, 0, out);
    widen(planes + luma, head->frame_bytes - luma, 224, 128, 128, out + luma);
}
