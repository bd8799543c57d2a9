/* SPDX-License-Identifier: MIT */
#include <imshow/pnm.h>

#include <string.h>

/* Samples come one by one, whatever the form; what a form does not know stays unused. */
struct reader {
    const struct ims_pnm_head *head;
    const uint8_t *data;
    size_t size, at;
    struct ims_error *err;
};

static enum ims_result cut(struct reader *r)
{
    return ims_fail(r->err, IMS_ERR_TRUNCATED, "PNM: ends within its pixels");
}

/* Blanks and comments between the numbers of a plain file. */
static void skip_blanks(struct reader *r)
{
    bool comment = false;
    for (; r->at < r->size; r->at++) {
        uint8_t c = r->data[r->at];
        comment = c == '#' || (comment && c != '\n');
        if (!comment && c != ' ' && !(c >= '\t' && c <= '\r'))
            return;
    }
}

static bool is_digit(const struct reader *r)
{
    return r->at < r->size && r->data[r->at] >= '0' && r->data[r->at] <= '9';
}

/* A plain bitmap's digits need no blanks between them. */
static enum ims_result read_plain(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;
    skip_blanks(r);
    if (r->at == r->size)
        return cut(r);
    if (!is_digit(r))
        return ims_fail(r->err, IMS_ERR_INVALID, "PNM: a sample is no number");
    if (r->head->kind == '1') {
        *out = (uint32_t)(r->data[r->at++] - '0');
        return IMS_OK;
    }
    for (; is_digit(r) && v <= 65535; r->at++)
        v = v * 10 + (uint32_t)(r->data[r->at] - '0');
    *out = v;
    return IMS_OK;
}

static void read_binary_row(struct reader *r, size_t count, uint16_t *row)
{
    const uint8_t *p = r->data + r->at;
    if (r->head->kind == '4') {
        for (size_t i = 0; i < count; i++)
            row[i] = (uint16_t)(p[i / 8] >> (7 - i % 8) & 1);
        r->at += (count + 7) / 8;
    } else if (r->head->greatest > 255) {
        for (size_t i = 0; i < count; i++)
            row[i] = (uint16_t)(p[2 * i] << 8 | p[2 * i + 1]);
        r->at += 2 * count;
    } else {
        for (size_t i = 0; i < count; i++)
            row[i] = p[i];
        r->at += count;
    }
}

static enum ims_result read_row(struct reader *r, size_t count, uint16_t *row)
{
    if (r->head->data_bytes) {
        read_binary_row(r, count, row);
        return IMS_OK;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t v;
        enum ims_result result = read_plain(r, &v);
        if (result)
            return result;
        row[i] = (uint16_t)(v > 65535 ? 65535 : v);
        if (v > 65535)
            return ims_fail(r->err, IMS_ERR_INVALID, "PNM: a sample above 65535");
    }
    return IMS_OK;
}

/* ---- samples into the array ---- */

/* In a bitmap (not in a PAM) 1 is black. */
static uint16_t widen(const struct ims_pnm_head *head, uint16_t v)
{
    if (head->kind == '1' || head->kind == '4')
        return v ? 0 : 255;
    if (head->greatest > 255)
        return v;
    return (uint16_t)((v * 255u + head->greatest / 2) / head->greatest);
}

/* Grey and alpha become R, G, B and alpha. */
static size_t place_of(uint32_t samples, size_t i)
{
    return samples == 2 ? i / 2 * 4 + (i % 2 ? 3 : 0) : i;
}

static void put(struct ims_array *array, size_t at, uint16_t v)
{
    if (array->dtype == IMS_U8)
        array->data[at] = (uint8_t)v;
    else
        memcpy(array->data + 2 * at, &v, 2);
}

static enum ims_result put_row(const struct reader *r, const uint16_t *row, size_t first,
                               size_t count, struct ims_array *array)
{
    uint32_t samples = r->head->samples;
    for (size_t i = 0; i < count; i++) {
        if (row[i] > r->head->greatest)
            return ims_fail(r->err, IMS_ERR_INVALID,
                            "PNM: a sample of %u, the greatest is said to be %u", row[i],
                            r->head->greatest);
        uint16_t v = widen(r->head, row[i]);
        size_t at = place_of(samples, first + i);
        put(array, at, v);
        for (size_t j = 1; samples == 2 && i % 2 == 0 && j < 3; j++)
            put(array, at + j, v);
    }
    return IMS_OK;
}

/* Rows in pieces of whole pixels, so that no row's size needs memory of its own. */
static enum ims_result read_pixels(struct reader *r, struct ims_array *array)
{
    enum { CHUNK = 3072 }; /* a multiple of 1, 2, 3, 4 and of a bitmap's 8 */
    uint16_t chunk[CHUNK];
    size_t width = (size_t)r->head->width * r->head->samples;
    enum ims_result result = IMS_OK;
    for (size_t y = 0; !result && y < r->head->height; y++)
        for (size_t x = 0, n; !result && x < width; x += n) {
            n = width - x < CHUNK ? width - x : CHUNK;
            result = read_row(r, n, chunk);
            if (!result)
                result = put_row(r, chunk, y * width + x, n, array);
        }
    return result;
}

/* A PFM's last row stands first. */
static enum ims_result read_floats(struct reader *r, struct ims_array *array)
{
    size_t count = (size_t)r->head->width * r->head->samples, height = r->head->height;
    for (size_t y = 0; y < height; y++)
        memcpy(array->data + (height - 1 - y) * count * 4,
               r->data + r->at + y * count * 4, count * 4);
    if (r->head->is_little_endian != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__))
        ims_swap_bytes(array->data, count * height, 4);
    return IMS_OK;
}

/* A plain file has at least a digit for each sample of a bitmap, a digit and a blank for another. */
static size_t least_bytes(const struct ims_pnm_head *head, size_t samples)
{
    if (head->data_bytes)
        return head->data_bytes;
    return head->kind == '1' ? samples : 2 * samples - 1;
}

static enum ims_result make_array(const struct reader *r, size_t max_bytes,
                                  struct ims_array *out)
{
    const struct ims_pnm_head *head = r->head;
    size_t channels = head->samples == 2 ? 4 : head->samples, bytes;
    size_t shape[3] = {head->height, head->width, channels};
    int ndim = channels == 1 ? 2 : 3;
    if (!ims_shape_bytes(head->dtype, ndim, shape, &bytes) || bytes > max_bytes)
        return ims_fail(r->err, IMS_ERR_LIMIT,
                        "PNM: %ux%u pixels are more than %zu bytes", head->width,
                        head->height, max_bytes);
    size_t samples = (size_t)head->width * head->height * head->samples;
    if (r->at > r->size || r->size - r->at < least_bytes(head, samples))
        return ims_fail(r->err, IMS_ERR_TRUNCATED, "PNM: ends within its pixels");
    return ims_array_create(head->dtype, ndim, shape, out, r->err);
}

enum ims_result ims_pnm_decode(const uint8_t *data, size_t size, size_t max_bytes,
                               struct ims_array *out, struct ims_error *err)
{
    struct ims_pnm_head head;
    enum ims_result result = ims_pnm_head_read(data, size, &head, err);
    if (result)
        return result;
    struct reader r = {&head, data, size, head.data_offset, err};
    struct ims_array array;
    result = make_array(&r, max_bytes, &array);
    if (result)
        return result;
    result = head.dtype == IMS_F32 ? read_floats(&r, &array) : read_pixels(&r, &array);
    if (result)
        ims_array_finish(&array);
    else
        *out = array;
    return result;
}
