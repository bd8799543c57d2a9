/* SPDX-License-Identifier: MIT */
/* A small picture of a recording: a frame of its first stream, some way in, drawn by a chore of the library. */
#include "recording_access.h"

#include <fcntl.h>
#include <imshow/draw.h>
#include <imshow/record.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 320, QUALITY = 75, TENTH = 10, ETAG_MAX = 80, HEADERS_MAX = 200 };

struct drawing {
    struct chore chore; /* first */
    struct exchange *x; /* NULL: the client has gone */
    char name[RECORDING_NAME_MAX + 1], etag[ETAG_MAX];
    struct ims_buffer *jpeg;
    struct ims_error err;
};

/* ---- on the chore's thread ---- */

/* What viewers saw of the stream, if the recording knows. */
static struct ims_view_spec spec_of(struct ims_record_reader *reader, size_t stream)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_document *doc = NULL;
    struct recipe *recipe = NULL;
    if (ims_record_reader_stream(reader, stream)->counts[IMS_RECORD_FIGURE] &&
        ims_record_reader_value(reader, stream, IMS_RECORD_FIGURE, 0, &doc, NULL) ==
            IMS_OK &&
        recipe_create(NULL, &doc->root, &recipe, NULL) == IMS_OK)
        recipe_view_defaults(recipe, &spec);
    recipe_unref(&recipe);
    ims_document_destroy(doc);
    spec.codec = IMS_CODEC_JPEG;
    spec.width = spec.height = SIDE;
    spec.quality = QUALITY;
    return spec;
}

static enum ims_result draw_frame(struct drawing *drawing, struct ims_frame *frame,
                                  const struct ims_view_spec *spec)
{
    struct ims_drawer *drawer;
    struct ims_picture picture;
    enum ims_result result = ims_drawer_create(&drawer);
    if (result)
        return result;
    result = ims_draw(drawer, frame, spec, &picture, &drawing->err);
    if (result == IMS_OK)
        result = ims_buffer_create(picture.size, &drawing->jpeg);
    if (result == IMS_OK)
        memcpy(drawing->jpeg->data, picture.data, picture.size);
    ims_drawer_destroy(drawer);
    return result;
}

static enum ims_result draw_first(struct drawing *drawing,
                                  struct ims_record_reader *reader)
{
    struct ims_frame *frame = NULL;
    size_t stream = 0, count = ims_record_reader_streams(reader);
    while (stream < count && ims_record_reader_stream(reader, stream)->frames == 0)
        stream++;
    if (stream == count)
        return ims_fail(&drawing->err, IMS_ERR_INVALID, "this recording has no frames");
    uint64_t number = ims_record_reader_stream(reader, stream)->frames / TENTH;
    enum ims_result result =
        ims_record_reader_frame(reader, stream, number, &frame, &drawing->err);
    if (result)
        return result;
    struct ims_view_spec spec = spec_of(reader, stream);
    result = draw_frame(drawing, frame, &spec);
    if (result) { /* parameters that do not fit this frame */
        spec = ims_view_spec_default();
        spec.codec = IMS_CODEC_JPEG;
        spec.width = spec.height = SIDE;
        result = draw_frame(drawing, frame, &spec);
    }
    ims_frame_unref(&frame);
    return result;
}

static void do_draw(struct chore *chore, const struct folder *folder)
{
    struct drawing *drawing = (struct drawing *)chore;
    struct ims_mcap_input input;
    struct ims_record_reader *reader = NULL;
    int fd = -1;
    enum ims_result result =
        folder_file(folder, drawing->name, O_RDONLY, &fd, NULL, &drawing->err);
    if (result)
        return;
    result = ims_mcap_input_fd(fd, &input, &drawing->err);
    if (result == IMS_OK)
        result = ims_record_reader_open(&input, NULL, &reader, &drawing->err);
    if (result == IMS_OK)
        result = draw_first(drawing, reader);
    if (result)
        ims_error_set(&drawing->err, "no memory for the picture");
    ims_record_reader_close(reader);
    close(fd);
}

/* ---- on the loop ---- */

static void forget(struct chore *chore)
{
    struct drawing *drawing = (struct drawing *)chore;
    ims_buffer_unref(&drawing->jpeg);
    free(drawing);
}

static void on_done(struct chore *chore)
{
    struct drawing *drawing = (struct drawing *)chore;
    struct exchange *x = drawing->x;
    char headers[HEADERS_MAX];
    if (x) {
        x->state = NULL;
        x->on_close = NULL;
        snprintf(headers, sizeof headers, "Cache-Control: no-cache\r\nETag: %s\r\n",
                 drawing->etag);
        if (drawing->jpeg) {
            exchange_reply(x, 200, "image/jpeg", drawing->jpeg, headers);
            drawing->jpeg = NULL;
        } else {
            exchange_error(x, 404, drawing->err.text);
        }
    }
    forget(chore);
}

static void on_close(struct exchange *x)
{
    struct drawing *drawing = x->state;
    drawing->x = NULL;
}

static void start(struct exchange *x, struct library *library, const struct item *item,
                  const char *etag)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    if (drawing) {
        drawing->chore = (struct chore){do_draw, on_done, forget, NULL};
        drawing->x = x;
        memcpy(drawing->name, item->name, sizeof drawing->name);
        snprintf(drawing->etag, sizeof drawing->etag, "%s", etag);
        x->state = drawing;
        x->on_close = on_close;
        if (library_do(library, &drawing->chore))
            return;
        x->state = NULL;
        x->on_close = NULL;
        free(drawing);
    }
    exchange_error(x, 503, "too much is being done with recordings: try again");
}

void route_recording_picture(struct exchange *x)
{
    struct library *library = recordings_library(x->server->parts.recordings);
    const struct item *item = library_item(library, x->argument);
    char etag[ETAG_MAX];
    if (!recording_allowed(x))
        return;
    if (!item) {
        recording_fail_missing(x);
        return;
    }
    snprintf(etag, sizeof etag, "\"%" PRIx64 "-%" PRIx64 "\"", item->bytes,
             (uint64_t)item->changed_ns);
    if (strcmp(x->etag, etag) == 0)
        exchange_reply_static(x, 304, "image/jpeg", "", 0, "Cache-Control: no-cache\r\n");
    else
        start(x, library, item, etag);
}
