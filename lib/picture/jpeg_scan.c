/* SPDX-License-Identifier: MIT */
/*
 * The marker segments of a JPEG (ITU-T T.81, annex B), without decoding:
 *
 *     FF D8 | FF Cx len .. | FF DA len .. entropy-coded bytes | ... | FF D9
 *
 * Before a marker any number of FF bytes may stand. In entropy-coded bytes FF 00 is a stuffed FF, and
 * FF D0..D7 (restart) belong to them; every other marker ends the scan. Every step goes forward, so that
 * hostile bytes cost one pass.
 */
#include <imshow/jpeg.h>
#include <string.h>

enum {
    SOF0 = 0xc0,
    DHT = 0xc4,
    JPG = 0xc8,
    DAC = 0xcc,
    SOF15 = 0xcf,
    RST0 = 0xd0,
    RST7 = 0xd7,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    TEM = 0x01,
};

struct walk {
    const uint8_t *data;
    size_t size, at;
};

struct segment {
    int marker;
    const uint8_t *body; /* behind the length; NULL for markers that stand alone */
    size_t size;
};

enum step { STEP_SEGMENT, STEP_TRUNCATED, STEP_BAD };

static bool stands_alone(int marker)
{
    return marker == TEM || (marker >= RST0 && marker <= EOI);
}

static enum step take_marker(struct walk *w, int *marker)
{
    if (w->at >= w->size)
        return STEP_TRUNCATED;
    if (w->data[w->at] != 0xff)
        return STEP_BAD;
    while (w->at < w->size && w->data[w->at] == 0xff)
        w->at++;
    if (w->at >= w->size)
        return STEP_TRUNCATED;
    *marker = w->data[w->at++];
    return *marker == 0 ? STEP_BAD : STEP_SEGMENT;
}

static enum step take_segment(struct walk *w, struct segment *out)
{
    enum step s = take_marker(w, &out->marker);

    out->body = NULL;
    out->size = 0;
    if (s != STEP_SEGMENT || stands_alone(out->marker))
        return s;
    if (w->size - w->at < 2)
        return STEP_TRUNCATED;
    size_t length = (size_t)w->data[w->at] << 8 | w->data[w->at + 1];
    if (length < 2)
        return STEP_BAD;
    if (length > w->size - w->at)
        return STEP_TRUNCATED;
    out->body = w->data + w->at + 2;
    out->size = length - 2;
    w->at += length;
    return STEP_SEGMENT;
}

/* To the marker that ends the scan; the end of the data if there is none. */
static void skip_entropy(struct walk *w)
{
    while (w->at < w->size) {
        const uint8_t *ff = memchr(w->data + w->at, 0xff, w->size - w->at);
        if (ff == NULL || ff + 1 == w->data + w->size) {
            w->at = w->size;
            return;
        }
        w->at = (size_t)(ff - w->data);
        if (ff[1] != 0 && ff[1] != 0xff && !(ff[1] >= RST0 && ff[1] <= RST7))
            return;
        w->at += ff[1] == 0xff ? 1 : 2; /* a fill byte: the next FF may begin a marker */
    }
}

static bool begins(const uint8_t *data, size_t size)
{
    return size >= 2 && data[0] == 0xff && data[1] == SOI;
}

size_t ims_jpeg_length(const uint8_t *data, size_t size)
{
    struct walk w = {data, size, 2};
    struct segment s;

    if (!begins(data, size))
        return 0;
    while (take_segment(&w, &s) == STEP_SEGMENT) {
        if (s.marker == EOI)
            return w.at;
        if (s.marker == SOI)
            return 0;
        if (s.marker == SOS)
            skip_entropy(&w);
    }
    return 0;
}

static bool is_frame_header(int marker)
{
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG &&
           marker != DAC;
}

/* precision, height (2), width (2), components */
static enum ims_result read_frame_header(const struct segment *s, uint32_t *width,
                                         uint32_t *height, int *components,
                                         struct ims_error *err)
{
    if (s->size < 6)
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: the frame header is too short");
    uint32_t h = (uint32_t)s->body[1] << 8 | s->body[2];
    uint32_t w = (uint32_t)s->body[3] << 8 | s->body[4];
    if (w == 0 || h == 0 || s->body[5] == 0)
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: %ux%u pixels of %u components", w, h,
                        s->body[5]);
    *width = w;
    *height = h;
    *components = s->body[5];
    return IMS_OK;
}

enum ims_result ims_jpeg_head(const uint8_t *data, size_t size, uint32_t *width,
                              uint32_t *height, int *components, struct ims_error *err)
{
    struct walk w = {data, size, 2};
    struct segment s;
    enum step step;

    if (size < 2)
        return ims_fail(err, IMS_ERR_TRUNCATED, "JPEG: %zu bytes are no picture", size);
    if (!begins(data, size))
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: does not begin with FF D8");
    while ((step = take_segment(&w, &s)) == STEP_SEGMENT) {
        if (is_frame_header(s.marker))
            return read_frame_header(&s, width, height, components, err);
        if (s.marker == SOS || s.marker == EOI || s.marker == SOI)
            return ims_fail(err, IMS_ERR_INVALID,
                            "JPEG: no frame header before marker %02x",
                            (unsigned)s.marker);
    }
    if (step == STEP_TRUNCATED)
        return ims_fail(err, IMS_ERR_TRUNCATED, "JPEG: ends within its head");
    return ims_fail(err, IMS_ERR_INVALID, "JPEG: no marker at byte %zu", w.at);
}
