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
#include "jpeg_impl.h"

#include <imshow/jpeg.h>
#include <string.h>

static bool stands_alone(int marker)
{
    return marker == TEM || (marker >= RST0 && marker <= EOI);
}

/* Fill bytes that were stepped over are not looked at again: of a marker that is cut the last FF stays. */
static enum ims__jpeg_step take_marker(struct ims__jpeg_walk *w, int *marker)
{
    if (w->at < w->size && w->data[w->at] != 0xff)
        return STEP_BAD;
    while (w->at + 1 < w->size && w->data[w->at + 1] == 0xff)
        w->at++;
    if (w->at + 1 >= w->size)
        return STEP_TRUNCATED;
    *marker = w->data[w->at + 1];
    if (*marker == 0)
        return STEP_BAD;
    w->at += 2;
    return STEP_SEGMENT;
}

static enum ims__jpeg_step take_body(struct ims__jpeg_walk *w,
                                     struct ims__jpeg_segment *out)
{
    if (w->size - w->at < 2)
        return STEP_TRUNCATED;
    size_t length = (size_t)w->data[w->at] << 8 | w->data[w->at + 1];
    if (length < 2)
        return STEP_BAD;
    if (length > w->size - w->at) {
        w->need = w->at + length;
        return STEP_TRUNCATED;
    }
    out->body = w->data + w->at + 2;
    out->size = length - 2;
    w->at += length;
    return STEP_SEGMENT;
}

enum ims__jpeg_step ims__jpeg_take_segment(struct ims__jpeg_walk *w,
                                           struct ims__jpeg_segment *out)
{
    enum ims__jpeg_step step = take_marker(w, &out->marker);

    out->body = NULL;
    out->size = 0;
    if (step != STEP_SEGMENT || stands_alone(out->marker))
        return step;
    step = take_body(w, out);
    if (step == STEP_TRUNCATED)
        w->at -= 2;
    return step;
}

/* To the marker that ends the scan, and true; false at the end of the data, or at an FF that ends them. */
static bool skip_entropy(struct ims__jpeg_walk *w)
{
    while (w->at < w->size) {
        const uint8_t *ff = memchr(w->data + w->at, 0xff, w->size - w->at);
        w->at = ff ? (size_t)(ff - w->data) : w->size;
        if (ff == NULL || w->at + 1 == w->size)
            return false;
        if (ff[1] != 0 && ff[1] != 0xff && !(ff[1] >= RST0 && ff[1] <= RST7))
            return true;
        w->at += ff[1] == 0xff ? 1 : 2; /* a fill byte: the next FF may begin a marker */
    }
    return false;
}

static bool begins(const uint8_t *data, size_t size)
{
    return size >= 2 && data[0] == 0xff && data[1] == SOI;
}

/* One marker; OK behind the end marker. */
static enum ims__jpeg_step walk_segment(struct ims__jpeg_walk *w, bool *in_scan,
                                        bool *ends)
{
    struct ims__jpeg_segment s;
    enum ims__jpeg_step step = ims__jpeg_take_segment(w, &s);

    if (step != STEP_SEGMENT)
        return step;
    *ends = s.marker == EOI;
    *in_scan = s.marker == SOS;
    return s.marker == SOI ? STEP_BAD : STEP_SEGMENT;
}

enum ims_result ims_jpeg_walk(const uint8_t *data, size_t size, struct ims_jpeg_place *at,
                              size_t *need, struct ims_error *err)
{
    struct ims__jpeg_walk w = {
        .data = data, .size = size, .at = at->at, .need = size + 1};
    enum ims__jpeg_step step = STEP_SEGMENT;
    bool in_scan = at->in_scan, ends = false;

    if (w.at == 0 && size < 2) {
        *need = 2;
        return ims_fail(err, IMS_ERR_TRUNCATED, "JPEG: %zu bytes are no picture", size);
    }
    if (w.at == 0 && !begins(data, size))
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: does not begin with FF D8");
    if (w.at == 0)
        w.at = 2;
    while (step == STEP_SEGMENT && !ends) {
        if (in_scan && !skip_entropy(&w))
            step = STEP_TRUNCATED;
        else
            step = walk_segment(&w, &in_scan, &ends);
    }
    *at = (struct ims_jpeg_place){w.at, in_scan};
    *need = ends ? w.at : w.need;
    if (step == STEP_BAD)
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: no marker at byte %zu", w.at);
    if (step == STEP_TRUNCATED)
        return ims_fail(err, IMS_ERR_TRUNCATED, "JPEG: ends before its end marker");
    return IMS_OK;
}

size_t ims_jpeg_length(const uint8_t *data, size_t size)
{
    struct ims_jpeg_place at = {0};
    size_t length = 0;

    return ims_jpeg_walk(data, size, &at, &length, NULL) ? 0 : length;
}

static bool is_frame_header(int marker)
{
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG &&
           marker != DAC;
}

/* precision, height (2), width (2), components */
static enum ims_result read_frame_header(const struct ims__jpeg_segment *s,
                                         uint32_t *width, uint32_t *height,
                                         int *components, struct ims_error *err)
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
    struct ims__jpeg_walk w = {.data = data, .size = size, .at = 2};
    struct ims__jpeg_segment s;
    enum ims__jpeg_step step;

    if (size < 2)
        return ims_fail(err, IMS_ERR_TRUNCATED, "JPEG: %zu bytes are no picture", size);
    if (!begins(data, size))
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: does not begin with FF D8");
    while ((step = ims__jpeg_take_segment(&w, &s)) == STEP_SEGMENT) {
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
