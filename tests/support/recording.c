/* SPDX-License-Identifier: MIT */
/*
 * Makes a recording of npy stacks, for tests that replay one:
 *
 *     recording OUT.mcap START_US stream NAME EVERY_US STACK.npy [figure NAME US FILE.json] [marker US TEXT] ...
 *
 * Item i of a stack (its first axis) is a frame at START_US + i * EVERY_US; all in order of time. A figure and a
 * marker stand at START_US + US. "jpeg NAME EVERY_US WIDTH HEIGHT FILE.jpg ..." up to the next word is a camera's
 * stream, "repeat NAME EVERY_US COUNT FRAME.npy" one frame so many times.
 */
#include <fcntl.h>
#include <imshow/json.h>
#include <imshow/npy.h>
#include <imshow/record.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS_MAX = 4096 };

struct event {
    int64_t time_us;
    const char *stream;
    const char *path;       /* of a figure, or of a JPEG */
    const char *text;       /* of a marker */
    struct ims_array array; /* a frame */
    int order;              /* as it was given */
    enum ims_record_kind kind;
    uint32_t width, height; /* of a JPEG */
};

static struct event events[EVENTS_MAX];
static int event_count;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "recording: %s: %s\n", what, why);
    exit(1);
}

static void check(enum ims_result result, const struct ims_error *err, const char *what)
{
    if (result)
        fail(what, *err->text ? err->text : ims_result_name(result));
}

static struct ims_bytes read_file(const char *path)
{
    struct ims_bytes bytes = {0};
    uint8_t chunk[65536];
    FILE *file = fopen(path, "rb");
    size_t size;
    if (!file)
        fail(path, "cannot be opened");
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        ims_bytes_append(&bytes, chunk, size);
    fclose(file);
    return bytes;
}

static struct event *add(const char *stream, enum ims_record_kind kind, int64_t time_us)
{
    if (event_count == EVENTS_MAX)
        fail("events", "too many");
    struct event *e = &events[event_count];
    *e = (struct event){
        .time_us = time_us, .order = event_count++, .stream = stream, .kind = kind};
    return e;
}

static void add_stack(const char *name, int64_t start_us, int64_t every_us,
                      const char *path)
{
    struct ims_bytes bytes = read_file(path);
    struct ims_array stack;
    struct ims_error err = {0};
    check(ims_npy_read(bytes.data, bytes.size, SIZE_MAX, &stack, &err), &err, path);
    for (size_t i = 0; i < stack.shape[0]; i++) {
        struct event *e = add(name, IMS_RECORD_FRAMES, start_us + (int64_t)i * every_us);
        check(ims_array_slice(&stack, 0, i, &e->array, &err), &err, path);
    }
    ims_array_finish(&stack);
    ims_bytes_finish(&bytes);
}

static void add_repeated(const char *name, int64_t start_us, int64_t every_us,
                         int64_t count, const char *path)
{
    struct ims_bytes bytes = read_file(path);
    struct ims_array array;
    struct ims_error err = {0};
    check(ims_npy_read(bytes.data, bytes.size, SIZE_MAX, &array, &err), &err, path);
    for (int64_t i = 0; i < count; i++)
        add(name, IMS_RECORD_FRAMES, start_us + i * every_us)->array =
            ims_array_ref(&array);
    ims_array_finish(&array);
    ims_bytes_finish(&bytes);
}

static int by_time(const void *a, const void *b)
{
    const struct event *s = a, *t = b;
    if (s->time_us != t->time_us)
        return s->time_us < t->time_us ? -1 : 1;
    return s->order - t->order;
}

/* ---- writing ---- */

static void put_frame(struct ims_record_writer *writer, struct event *e, uint64_t seq)
{
    struct ims_frame *frame;
    struct ims_error err = {0};
    check(ims_frame_create(&frame), &err, "frame");
    frame->seq = seq;
    frame->epoch = 1;
    frame->time_us = e->time_us;
    if (e->path) {
        struct ims_bytes jpeg = read_file(e->path);
        frame->pixel_format = IMS_PIX_MJPEG;
        frame->camera_format = IMS_PIX_MJPEG;
        frame->width = e->width;
        frame->height = e->height;
        frame->size = jpeg.size;
        check(ims_buffer_wrap(jpeg.data, jpeg.size, free, jpeg.data, &frame->buffer),
              &err, e->path);
    } else {
        check(ims_array_c_ordered(&e->array, &frame->array, &err), &err, "frame");
        ims_array_finish(&e->array);
    }
    check(ims_record_writer_frame(writer, e->stream, frame, &err), &err, e->stream);
    ims_frame_unref(&frame);
}

static void put_map(struct ims_record_writer *writer, const struct event *e)
{
    struct ims_bytes map = {0}, json = {0};
    struct ims_sink sink = ims_msgpack_sink(&map);
    struct ims_error err = {0};
    if (e->path) {
        struct ims_document *doc;
        json = read_file(e->path);
        check(ims_json_parse((const char *)json.data, json.size, &doc, &err), &err,
              e->path);
        ims_put_value(&sink, &doc->root);
        ims_document_destroy(doc);
    } else {
        ims_put_map(&sink, 1);
        ims_put_key(&sink, "text");
        ims_put_text(&sink, e->text);
        ims_put_end(&sink);
    }
    check(ims_record_writer_put(writer, e->kind, e->stream, e->time_us, map.data,
                                map.size, &err),
          &err, "map");
    ims_bytes_finish(&map);
    ims_bytes_finish(&json);
}

static void write_all(const char *path)
{
    struct ims_record_writer *writer;
    struct ims_error err = {0};
    int fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0666);
    struct ims_mcap_output output = ims_mcap_output_fd(fd);
    if (fd < 0)
        fail(path, "cannot be written");
    check(ims_record_writer_create(&output, NULL, &writer, &err), &err, path);
    qsort(events, (size_t)event_count, sizeof events[0], by_time);
    for (int i = 0; i < event_count; i++)
        if (events[i].kind == IMS_RECORD_FRAMES)
            put_frame(writer, &events[i], (uint64_t)i + 1);
        else
            put_map(writer, &events[i]);
    check(ims_mcap_writer_finish(ims_record_writer_mcap(writer), &err), &err, path);
    ims_record_writer_destroy(writer);
    close(fd);
}

/* ---- what was asked ---- */

static int64_t number(const char *text)
{
    char *end;
    long long v = strtoll(text, &end, 10);
    if (!*text || *end)
        fail(text, "is no number");
    return v;
}

static int take_jpegs(int argc, char **argv, int64_t start_us)
{
    int i = 4;
    for (; i < argc && strchr(argv[i], '.'); i++) {
        struct event *e =
            add(argv[0], IMS_RECORD_FRAMES, start_us + (i - 4) * number(argv[1]));
        e->width = (uint32_t)number(argv[2]);
        e->height = (uint32_t)number(argv[3]);
        e->path = argv[i];
    }
    return i;
}

/* How many words of it were taken. */
static int take(int argc, char **argv, int64_t start_us)
{
    const char *word = argv[0];
    if (argc > 3 && strcmp(word, "stream") == 0) {
        add_stack(argv[1], start_us, number(argv[2]), argv[3]);
        return 4;
    }
    if (argc > 4 && strcmp(word, "repeat") == 0) {
        add_repeated(argv[1], start_us, number(argv[2]), number(argv[3]), argv[4]);
        return 5;
    }
    if (argc > 3 && strcmp(word, "figure") == 0) {
        add(argv[1], IMS_RECORD_FIGURE, start_us + number(argv[2]))->path = argv[3];
        return 4;
    }
    if (argc > 2 && strcmp(word, "marker") == 0) {
        add(NULL, IMS_RECORD_MARKERS, start_us + number(argv[1]))->text = argv[2];
        return 3;
    }
    if (argc > 5 && strcmp(word, "jpeg") == 0)
        return 1 + take_jpegs(argc - 1, argv + 1, start_us);
    fail(word, "is not understood");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        fail("usage", "recording OUT.mcap START_US stream NAME EVERY_US STACK.npy ...");
    int64_t start_us = number(argv[2]);
    for (int i = 3; i < argc;)
        i += take(argc - i, argv + i, start_us);
    write_all(argv[1]);
    return 0;
}
