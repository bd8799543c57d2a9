/* SPDX-License-Identifier: MIT */
#include "notice.h"

#include "../work.h"

#include <imshow/jpeg.h>
#include <imshow/text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUALITY = 70,
    LETTERS_A_LINE = 36, /* at the least: the scale is chosen so */
    GROUND = 40,         /* grey, where there is no last picture */
};
#define PIXELS_MAX ((size_t)NOTICE_SIDE_MAX * NOTICE_SIDE_MAX * 3)

struct notice {
    struct work work;
    struct hub *hub;
    struct picture *last; /* NULL: none; its reference is the loop's */
    uint32_t width, height;
    char text[NOTICE_TEXT_MAX];
    struct ims_buffer *jpeg;
    void (*on_done)(void *user, struct ims_buffer *jpeg); /* NULL: abandoned */
    void *user;
};

/* ---- on the pool ---- */

/* Breaks at the blanks, so that no line has more than `columns` letters; bytes are counted, which is never too
 * few. */
static void wrap(char *text, size_t columns)
{
    size_t start = 0, blank = 0;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == ' ')
            blank = i;
        if (i - start >= columns && blank > start) {
            text[blank] = '\n';
            start = blank + 1;
        }
    }
}

static void write_text(const struct ims_canvas *canvas, char *text)
{
    static const uint8_t white[] = {255, 255, 255}, black[] = {0, 0, 0};
    uint32_t scale = canvas->width / (LETTERS_A_LINE * IMS_TEXT_WIDTH), w, h;
    if (scale == 0)
        scale = 1;
    wrap(text, canvas->width / (IMS_TEXT_WIDTH * scale));
    ims_text_size(text, scale, &w, &h);
    int64_t x = ((int64_t)canvas->width - w) / 2, y = ((int64_t)canvas->height - h) / 2;
    if (x < 0)
        x = 0;
    ims_text_draw(canvas, x + scale, y + scale, text, scale, black);
    ims_text_draw(canvas, x, y, text, scale, white);
}

/* RGB of the last picture, a third as bright. */
static void dim(const struct ims_array *from, uint8_t *out)
{
    size_t count = from->shape[0] * from->shape[1];
    size_t step = from->ndim == 3 ? 3 : 1;
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < 3; c++)
            out[3 * i + c] = from->data[i * step + (step == 3 ? c : 0)] / 3;
}

static uint8_t *dimmed_last(struct notice *n)
{
    struct ims_array array;
    uint8_t *jpeg = malloc(n->last->head.size ? n->last->head.size : 1);
    size_t at = 0;
    for (uint32_t i = 0; jpeg && i < n->last->piece_count; i++) {
        memcpy(jpeg + at, n->last->pieces[i].payload, n->last->pieces[i].payload_size);
        at += n->last->pieces[i].payload_size;
    }
    enum ims_result result =
        jpeg ? ims_jpeg_decode(jpeg, at, PIXELS_MAX, &array, NULL) : IMS_ERR_NOMEM;
    free(jpeg);
    if (result)
        return NULL;
    n->width = (uint32_t)array.shape[1];
    n->height = (uint32_t)array.shape[0];
    uint8_t *pixels = malloc((size_t)n->width * n->height * 3);
    if (pixels)
        dim(&array, pixels);
    ims_array_finish(&array);
    return pixels;
}

static uint8_t *plain(const struct notice *n)
{
    size_t size = (size_t)n->width * n->height * 3;
    uint8_t *pixels = malloc(size);
    if (pixels)
        memset(pixels, GROUND, size);
    return pixels;
}

static void encode(struct notice *n, const uint8_t *pixels)
{
    struct ims_jpeg_encoder *encoder;
    const uint8_t *jpeg;
    size_t size;
    if (ims_jpeg_encoder_create(&encoder))
        return;
    if (!ims_jpeg_encode_rgb(encoder, pixels, 3, n->width, n->height,
                             (size_t)n->width * 3, QUALITY, &jpeg, &size, NULL) &&
        !ims_buffer_create(size, &n->jpeg))
        memcpy(n->jpeg->data, jpeg, size);
    ims_jpeg_encoder_destroy(encoder);
}

static void do_draw(struct work *work)
{
    struct notice *n = work->data;
    uint8_t *pixels = n->last ? dimmed_last(n) : NULL;
    if (!pixels)
        pixels = plain(n);
    if (!pixels)
        return;
    const struct ims_canvas canvas = {pixels, n->width, n->height, (size_t)n->width * 3,
                                      3};
    write_text(&canvas, n->text);
    encode(n, pixels);
    free(pixels);
}

/* ---- on the loop ---- */

static void on_drawn(struct work *work, int status)
{
    struct notice *n = work->data;
    struct hub *hub = n->hub;
    (void)status;
    if (n->on_done)
        n->on_done(n->user, n->jpeg);
    picture_unref(&n->last);
    ims_buffer_unref(&n->jpeg);
    free(n);
    hub_job_done(hub);
}

static uint32_t side(uint32_t px, uint32_t otherwise)
{
    return px == 0 ? otherwise : px > NOTICE_SIDE_MAX ? NOTICE_SIDE_MAX : px;
}

struct notice *notice_draw(struct hub *hub, struct picture *last, uint32_t width,
                           uint32_t height, const char *text,
                           void (*on_done)(void *user, struct ims_buffer *jpeg),
                           void *user)
{
    struct notice *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->work.data = n;
    n->work.kind = WORK_ANSWER;
    n->hub = hub;
    n->last = last ? picture_ref(last) : NULL;
    n->width = side(width, 640);
    n->height = side(height, 480);
    n->on_done = on_done;
    n->user = user;
    snprintf(n->text, sizeof n->text, "%s", text);
    hub->jobs++;
    if (work_queue(hub->loop, &n->work, do_draw, on_drawn) == 0)
        return n;
    hub->jobs--;
    picture_unref(&n->last);
    free(n);
    return NULL;
}

void notice_abandon(struct notice **notice)
{
    if (*notice)
        (*notice)->on_done = NULL;
    *notice = NULL;
}
