/* SPDX-License-Identifier: MIT */
/* Files for other readers: samples write FOLDER makes them and says on stdout, as JSON, what is in them; samples read
 * FILE says what this library finds in a file; samples seeds FOLDER makes those of tests/fuzz. tests/e2e/mcap.test.mjs runs both. */
#include "sample.h"
#include "tape.h"

#include <fcntl.h>
#include <imshow/json.h>
#include <imshow/record.h>
#include <imshow/wire.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TORN = 40 };

static void must(enum ims_result r, const struct ims_error *err)
{
    if (r == IMS_OK)
        return;
    fprintf(stderr, "samples: %s\n", err->text[0] ? err->text : ims_result_name(r));
    exit(1);
}

static void put_key_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_key_u64(struct ims_sink *sink, const char *key, uint64_t v)
{
    ims_put_key(sink, key);
    ims_put_u64(sink, v);
}

static void put_key_hex(struct ims_sink *sink, const char *key, const uint8_t *data,
                        size_t size)
{
    struct ims_bytes hex = {0};

    for (size_t i = 0; i < size; i++)
        ims_bytes_printf(&hex, "%02x", data[i]);
    ims_put_key(sink, key);
    ims_put_text_n(sink, (const char *)hex.data, hex.size);
    ims_bytes_finish(&hex);
}

/* ---- what is in a frame ---- */

static void put_frame(struct ims_sink *sink, const struct ims_frame *f)
{
    const struct ims_array *a = &f->array;

    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_u64(sink, "seq", f->seq);
    put_key_u64(sink, "time_us", (uint64_t)f->time_us);
    put_key_u64(sink, "source_time_us", (uint64_t)f->source_time_us);
    put_key_u64(sink, "mosaic", f->mosaic);
    if (f->pixel_format) {
        put_key_u64(sink, "width", f->width);
        put_key_u64(sink, "height", f->height);
        put_key_u64(sink, "stride", f->stride);
        put_key_hex(sink, "data", f->buffer->data, f->size);
    } else {
        put_key_text(sink, "dtype", ims_dtype_str(a->dtype));
        ims_put_key(sink, "shape");
        ims_put_list(sink, (size_t)a->ndim);
        for (int i = 0; i < a->ndim; i++)
            ims_put_u64(sink, a->shape[i]);
        ims_put_end(sink);
        put_key_hex(sink, "data", a->data, ims_array_count(a) * ims_dtype_size(a->dtype));
    }
    ims_put_end(sink);
}

/* ---- writing ---- */

struct file {
    struct ims_record_writer *writer;
    int fd;
    char path[512];
};

static struct file create(const char *folder, const char *name)
{
    struct file file;
    struct ims_error err = {0};

    snprintf(file.path, sizeof file.path, "%s/%s.mcap", folder, name);
    file.fd = open(file.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    struct ims_mcap_output output = ims_mcap_output_fd(file.fd);
    must(ims_record_writer_create(&output, NULL, &file.writer, &err), &err);
    return file;
}

static void finish(struct file *file)
{
    struct ims_error err = {0};

    must(ims_mcap_writer_finish(ims_record_writer_mcap(file->writer), &err), &err);
    ims_record_writer_destroy(file->writer);
    close(file->fd);
}

static void put_map(struct file *file, enum ims_record_kind kind, const char *stream,
                    int64_t time_us)
{
    static const uint8_t map[] = {0x81, 0xa4, 't', 'e', 'x', 't', 0xa2, 'o', 'k'};
    struct ims_error err = {0};

    must(
        ims_record_writer_put(file->writer, kind, stream, time_us, map, sizeof map, &err),
        &err);
}

/* Every kind of frame and of map, a name with each; what the frames are goes to stdout. */
static void write_kinds(const char *folder, struct ims_sink *sink)
{
    struct file file = create(folder, "kinds");
    struct ims_mcap_writer *mcap = ims_record_writer_mcap(file.writer);
    const struct ims_mcap_pair pairs[] = {{"host", "bench"}};
    struct ims_error err = {0};

    ims_put_map(sink, IMS_COUNT_LATER);
    for (size_t kind = 0; kind < sample_count(); kind++) {
        char name[32];
        snprintf(name, sizeof name, "sample-%zu", kind);
        ims_put_key(sink, name);
        ims_put_list(sink, 3);
        for (uint64_t i = 0; i < 3; i++) {
            struct ims_frame *f = sample_frame(kind, i);
            must(ims_record_writer_frame(file.writer, name, f, &err), &err);
            put_frame(sink, f);
            ims_frame_unref(&f);
        }
        ims_put_end(sink);
    }
    ims_put_end(sink);
    for (int kind = IMS_RECORD_FIGURE; kind < IMS_RECORD_KINDS; kind++) {
        put_map(&file, (enum ims_record_kind)kind, "sample-0", 1700000001000000);
        put_map(&file, (enum ims_record_kind)kind, NULL, 1700000003000000);
    }
    must(ims_mcap_writer_metadata(mcap, "imshow", pairs, 1, &err), &err);
    must(ims_mcap_writer_attach(
             mcap,
             &(struct ims_mcap_attachment){.log_ns = 5,
                                           .name = "note.txt",
                                           .media_type = "text/plain",
                                           .data = (const uint8_t *)"hi",
                                           .size = 2},
             &err),
         &err);
    finish(&file);
}

/* Frames above the size of a chunk, some that compress and some that do not, and small ones between them. */
static void write_large(const char *folder)
{
    struct file file = create(folder, "large");
    struct ims_error err = {0};
    uint32_t state = 5;

    for (uint64_t i = 0; i < 6; i++) {
        struct ims_frame *f, *small = sample_frame(i, i);
        must(ims_frame_create(&f), &err);
        must(ims_array_create(IMS_U16, 2, (size_t[]){900, 800}, &f->array, &err), &err);
        memset(f->array.data, (int)i, (size_t)2 * 900 * 800);
        for (size_t k = 0; k < (size_t)2 * 900 * 800 && i % 2; k++)
            f->array.data[k] = (uint8_t)(tape_random(&state) >> 12);
        f->seq = i;
        small->time_us = f->time_us = 1700000000000000 + 1000 * (int64_t)i;
        must(ims_record_writer_frame(file.writer, "large", f, &err), &err);
        must(ims_record_writer_frame(file.writer, "small", small, &err), &err);
        ims_frame_unref(&f);
        ims_frame_unref(&small);
    }
    finish(&file);
}

/* One file, damaged in many ways and recovered. */
static void write_torn(const char *folder)
{
    struct tape whole = {0}, tape = {0};
    struct ims_mcap_output output = tape_output(&whole);
    struct ims_record_settings settings = {.mcap = {.chunk_bytes = 4096}};
    struct ims_record_writer *w;
    struct ims_error err = {0};
    struct ims_mcap_mended mended;
    uint32_t state = 9;

    must(ims_record_writer_create(&output, &settings, &w, &err), &err);
    for (uint64_t i = 0; i < 300; i++) {
        struct ims_frame *f = sample_frame(i % 23, i / 23);
        char name[32];
        snprintf(name, sizeof name, "sample-%d", (int)(i % 23));
        must(ims_record_writer_frame(w, name, f, &err), &err);
        ims_frame_unref(&f);
    }
    must(ims_mcap_writer_finish(ims_record_writer_mcap(w), &err), &err);
    ims_record_writer_destroy(w);
    for (int i = 0; i < TORN; i++) {
        char path[512];
        const size_t at = 8 + tape_random(&state) % (whole.bytes.size - 8);
        tape.bytes.size = 0;
        ims_bytes_append(&tape.bytes, whole.bytes.data, i % 3 ? at : whole.bytes.size);
        if (i % 3 == 0)
            tape.bytes.data[at] ^= (uint8_t)(1u << i % 8);
        if (i % 3 == 1)
            memset(ims_bytes_extend(&tape.bytes, 3000), 0, 3000);
        snprintf(path, sizeof path, "%s/torn-%d.mcap", folder, i);
        const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (write(fd, tape.bytes.data, tape.bytes.size) != (ssize_t)tape.bytes.size)
            exit(1);
        must(ims_mcap_recover(fd, true, &mended, &err), &err);
        close(fd);
    }
    tape_finish(&whole);
    tape_finish(&tape);
}

static void write_all(const char *folder, struct ims_sink *sink)
{
    struct file empty = create(folder, "empty");

    finish(&empty);
    write_kinds(folder, sink);
    write_large(folder);
    write_torn(folder);
}

/* Small ones for the fuzzer: images, arrays with labels and maps; one chunk of each compression; one without its end. */
static void write_seeds(const char *folder)
{
    static const size_t kinds[] = {0, 1, 12, 22, 23, 25, 26, 28};
    static const char *const names[] = {"images", "arrays", "torn"};

    for (int i = 0; i < 3; i++) {
        struct file file = create(folder, names[i]);
        struct ims_error err = {0};
        for (size_t k = i == 1 ? 5 : 0; k < (i == 1 ? 8 : 5); k++) {
            struct ims_frame *f = sample_frame(kinds[k], k);
            must(ims_record_writer_frame(file.writer, k % 2 ? "a" : "b", f, &err), &err);
            ims_frame_unref(&f);
        }
        put_map(&file, IMS_RECORD_FIGURE, "a", 1700000001000000);
        put_map(&file, IMS_RECORD_MARKERS, NULL, 1700000004000000);
        must(ims_mcap_writer_metadata(ims_record_writer_mcap(file.writer), "imshow", NULL,
                                      0, &err),
             &err);
        if (i < 2) {
            finish(&file);
            continue;
        }
        must(ims_mcap_writer_flush(ims_record_writer_mcap(file.writer), &err), &err);
        ims_record_writer_destroy(file.writer);
        close(file.fd);
    }
}

/* ---- reading ---- */

static void put_stream(struct ims_record_reader *r, size_t i, struct ims_sink *sink)
{
    const struct ims_record_stream *s = ims_record_reader_stream(r, i);

    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_text(sink, "name", s->name);
    put_key_text(sink, "topic", s->topic);
    ims_put_key(sink, "frames");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (uint64_t n = 0; n < s->frames; n++) {
        struct ims_error err = {0};
        struct ims_frame *f;
        if (ims_record_reader_frame(r, i, n, &f, &err)) {
            ims_put_text(sink, err.text);
            continue;
        }
        put_frame(sink, f);
        ims_frame_unref(&f);
    }
    ims_put_end(sink);
    ims_put_end(sink);
}

static void read_all(const char *path, struct ims_sink *sink)
{
    struct ims_mcap_input input;
    struct ims_record_reader *r;
    struct ims_error err = {0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    must(ims_mcap_input_fd(fd, &input, &err), &err);
    must(ims_record_reader_open(&input, NULL, &r, &err), &err);
    ims_put_map(sink, IMS_COUNT_LATER);
    put_key_text(sink, "library", ims_mcap_reader_library(ims_record_reader_mcap(r)));
    ims_put_key(sink, "streams");
    ims_put_list(sink, ims_record_reader_streams(r));
    for (size_t i = 0; i < ims_record_reader_streams(r); i++)
        put_stream(r, i, sink);
    ims_put_end(sink);
    ims_put_end(sink);
    ims_record_reader_close(r);
    close(fd);
}

int main(int argc, char **argv)
{
    struct ims_bytes out = {0};
    struct ims_sink sink = ims_json_sink(&out);

    if (argc == 3 && strcmp(argv[1], "write") == 0)
        write_all(argv[2], &sink);
    else if (argc == 3 && strcmp(argv[1], "seeds") == 0)
        write_seeds(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "read") == 0)
        read_all(argv[2], &sink);
    else
        return 2;
    const bool ok = !out.result &&
                    (out.size == 0 || fwrite(out.data, 1, out.size, stdout) == out.size);
    ims_bytes_finish(&out);
    return ok ? 0 : 1;
}
