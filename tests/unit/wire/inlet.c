/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/inlet.h>
#include <imshow/jpeg.h>
#include <imshow/npy.h>
#include <imshow/png.h>
#include <stdlib.h>
#include <string.h>

TestSuite(inlet);

enum { MAX = 1 << 20 };

/* ---- streams to read ---- */

static void add(struct ims_bytes *out, const char *text)
{
    ims_bytes_append(out, text, strlen(text));
}

static const uint8_t pixels[48] = {1, 2, 3, 40, 50, 60, 7, 8, 9, 200, 210, 220};

static void add_npy(struct ims_bytes *out)
{
    struct ims_array a;
    cr_assert_eq(ims_array_create(IMS_U16, 2, (size_t[]){3, 4}, &a, NULL), IMS_OK);
    memcpy(a.data, pixels, 24);
    cr_assert_eq(ims_npy_write(&a, out), IMS_OK);
    ims_array_finish(&a);
}

static void add_png(struct ims_bytes *out)
{
    struct ims_png_image image = {.width = 4,
                                  .height = 4,
                                  .kind = IMS_PNG_RGB,
                                  .bits = 8,
                                  .pixels = pixels,
                                  .stride = 12};
    cr_assert_eq(ims_png_encode(&image, 4, out, NULL), IMS_OK);
}

static void add_jpeg(struct ims_bytes *out)
{
    struct ims_jpeg_encoder *enc;
    const uint8_t *data;
    size_t size;
    cr_assert_eq(ims_jpeg_encoder_create(&enc), IMS_OK);
    cr_assert_eq(ims_jpeg_encode_rgb(enc, pixels, 3, 4, 4, 12, 80, &data, &size, NULL),
                 IMS_OK);
    ims_bytes_append(out, data, size);
    ims_jpeg_encoder_destroy(enc);
}

static void add_y4m_frame(struct ims_bytes *out)
{
    add(out, "FRAME Ix\n");
    ims_bytes_append(out, pixels, 24); /* 4 x 4, 4:2:0 */
}

static void add_part(struct ims_bytes *out, bool has_length,
                     void (*body)(struct ims_bytes *))
{
    struct ims_bytes data = {0};
    body(&data);
    add(out,
        "--the boundary\r\nContent-Type: image/any\r\nX-Timestamp: 1700000000.25\r\n");
    if (has_length)
        ims_bytes_printf(out, "content-length: %zu\r\n", data.size);
    add(out, "\r\n");
    ims_bytes_append(out, data.data, data.size);
    add(out, "\r\n");
    ims_bytes_finish(&data);
}

/* ---- reading them ---- */

struct told {
    enum ims_inlet_kind kinds[8];
    size_t sizes[8];
    int count;
    enum ims_result end;
    struct ims_error err;
};

/* Feeds `step` bytes at a time, in memory of just the size that has arrived, and holds the inlet to its
 * word: need is more than there is, or no more than there is. */
static struct told read_all(struct ims_inlet in, const struct ims_bytes *stream,
                            size_t step)
{
    struct told told = {0};
    size_t at = 0, have = 0;
    for (;;) {
        struct ims_inlet_piece piece = {0};
        size_t need = 0;
        uint8_t *data = malloc(have ? have : 1);
        memcpy(data, stream->data + at, have);
        told.end = ims_inlet_next(&in, data, have, &piece, &need, &told.err);
        if (told.end == IMS_OK && piece.kind != IMS_INLET_NONE) {
            cr_assert(piece.data >= data && piece.data + piece.size <= data + need);
            cr_assert_lt(told.count, 8);
            told.kinds[told.count] = piece.kind;
            told.sizes[told.count++] = piece.size;
        }
        free(data);
        if (told.end && told.end != IMS_ERR_TRUNCATED)
            return told;
        if (told.end == IMS_OK) {
            cr_assert(need > 0 && need <= have);
            at += need;
            have -= need;
            continue;
        }
        cr_assert_gt(need, have);
        if (at + have == stream->size)
            break;
        have += step < stream->size - at - have ? step : stream->size - at - have;
    }
    told.end = ims_inlet_end(&in, have, &told.err);
    return told;
}

static void expect(struct ims_inlet in, struct ims_bytes *stream, int count,
                   enum ims_inlet_kind kind)
{
    in.max_bytes = MAX;
    for (size_t step = 1; step <= stream->size; step++) {
        struct told told = read_all(in, stream, step);
        cr_assert_eq(told.end, IMS_OK, "%zu bytes at a time: %s", step, told.err.text);
        cr_assert_eq(told.count, count, "%zu bytes at a time", step);
        for (int i = 0; i < count; i++) {
            cr_assert_eq(told.kinds[i], kind);
            cr_assert_eq(told.sizes[i], told.sizes[0]);
        }
    }
    ims_bytes_finish(stream);
}

/* ---- each kind, cut at every place ---- */

Test(inlet, npy_files_follow_each_other)
{
    struct ims_bytes s = {0};
    for (int i = 0; i < 3; i++)
        add_npy(&s);
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_NPY);
}

Test(inlet, pngs_follow_each_other)
{
    struct ims_bytes s = {0};
    for (int i = 0; i < 3; i++)
        add_png(&s);
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_PNG);
}

Test(inlet, jpegs_follow_each_other_with_padding_between)
{
    struct ims_bytes s = {0};
    add_jpeg(&s);
    ims_bytes_append(&s, "\0\0\0\0", 4);
    add_jpeg(&s);
    add(&s, "\r\n\xff\xff\xff");
    add_jpeg(&s);
    ims_bytes_append(&s, "\0\0", 2);
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_JPEG);
}

Test(inlet, a_y4m_has_one_head_and_frames)
{
    struct ims_bytes s = {0};
    add(&s, "YUV4MPEG2 W4 H4 F25:1 Ip C420jpeg\n");
    for (int i = 0; i < 3; i++)
        add_y4m_frame(&s);
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_Y4M);
}

Test(inlet, binary_netpbm_pictures_follow_each_other)
{
    struct ims_bytes s = {0};
    for (int i = 0; i < 3; i++) {
        add(&s, "P6\n# of 4\n4 4\n255\n");
        ims_bytes_append(&s, pixels, 48);
    }
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_PNM);
}

Test(inlet, msgpack_maps_are_given_as_they_are)
{
    struct ims_bytes s = {0};
    for (int i = 0; i < 3; i++)
        ims_bytes_append(&s,
                         "\x82\xa1"
                         "a\x01\xa1"
                         "b\xc4\x03xyz",
                         11);
    expect((struct ims_inlet){0}, &s, 3, IMS_INLET_MSGPACK);
}

Test(inlet, raw_frames_are_cut_by_their_description)
{
    struct ims_bytes s = {0};
    struct ims_inlet in = {
        .raw = {.pixel_format = IMS_PIX_YUYV, .width = 4, .height = 2}};
    cr_assert_eq(ims_inlet_raw_settle(&in.raw, MAX, NULL), IMS_OK);
    ims_bytes_append(&s, pixels, 48);
    expect(in, &s, 3, IMS_INLET_RAW);
}

static void expect_parts(bool has_length, void (*body)(struct ims_bytes *),
                         enum ims_inlet_kind kind, const char *before, const char *behind)
{
    struct ims_bytes s = {0};
    add(&s, before);
    for (int i = 0; i < 3; i++)
        add_part(&s, has_length, body);
    add(&s, behind);
    expect((struct ims_inlet){0}, &s, 3, kind);
}

Test(inlet, multipart_parts_are_cut_by_their_length_or_their_picture)
{
    for (int has_length = 0; has_length < 2; has_length++) {
        expect_parts(has_length, add_jpeg, IMS_INLET_JPEG, "", "");
        expect_parts(has_length, add_jpeg, IMS_INLET_JPEG, "\r\n", "--the boundary\r\n");
        expect_parts(has_length, add_png, IMS_INLET_PNG, "", "--the boundary--\r\nbye");
        expect_parts(has_length, add_npy, IMS_INLET_NPY, "", "--the boundary\r\n");
    }
}

Test(inlet, a_picture_of_a_part_without_a_length_is_there_before_the_next_boundary)
{
    struct ims_bytes s = {0};
    struct ims_inlet in = {.max_bytes = MAX};
    add_part(&s, false, add_jpeg);
    s.size -= 2; /* not even the line's end behind it */
    struct told told = read_all(in, &s, s.size);
    cr_assert_eq(told.count, 1);
    ims_bytes_finish(&s);
}

Test(inlet, a_part_brings_its_time)
{
    struct ims_bytes s = {0};
    struct ims_inlet in = {.max_bytes = MAX};
    struct ims_inlet_piece piece = {0};
    size_t at = 0, need = 0;
    add_part(&s, true, add_jpeg);
    while (piece.kind == IMS_INLET_NONE) {
        cr_assert_eq(ims_inlet_next(&in, s.data + at, s.size - at, &piece, &need, NULL),
                     IMS_OK);
        at += need;
    }
    cr_assert_eq(piece.time_us, 1700000000250000);
    ims_bytes_finish(&s);
}

/* ---- what is known is asked for as a whole ---- */

static size_t need_of(struct ims_inlet *in, const void *data, size_t size)
{
    struct ims_inlet_piece piece;
    size_t need = 0;
    cr_assert_eq(ims_inlet_next(in, data, size, &piece, &need, NULL), IMS_ERR_TRUNCATED);
    return need;
}

Test(inlet, a_frame_whose_head_is_there_is_asked_for_as_a_whole)
{
    struct ims_bytes s = {0};
    struct ims_inlet in = {.max_bytes = MAX};
    add_npy(&s);
    cr_assert_eq(need_of(&in, s.data, 12), s.size - 24);
    cr_assert_eq(need_of(&in, s.data, s.size - 24), s.size);
    in = (struct ims_inlet){.max_bytes = MAX};
    cr_assert_eq(need_of(&in, "P5 100 50 255\n", 14), 14 + 5000);
    ims_bytes_finish(&s);
}

/* ---- hostile and broken ones ---- */

static struct told told_of(const void *data, size_t size, size_t max_bytes)
{
    struct ims_bytes s = {0};
    ims_bytes_append(&s, data, size);
    struct told told = read_all((struct ims_inlet){.max_bytes = max_bytes}, &s, size);
    for (size_t step = 1; step < size; step++) {
        struct told other =
            read_all((struct ims_inlet){.max_bytes = max_bytes}, &s, step);
        cr_assert_eq(other.end, told.end, "%zu bytes at a time: %s", step,
                     other.err.text);
    }
    ims_bytes_finish(&s);
    return told;
}

#define EXPECT_ERROR(bytes, max, code, words)                                            \
    do {                                                                                 \
        struct told told_ = told_of(bytes, sizeof(bytes) - 1, max);                      \
        cr_expect_eq(told_.end, code, "%s: %s", #bytes, told_.err.text);                 \
        cr_expect_not_null(strstr(told_.err.text, words), "%s", told_.err.text);         \
    } while (0)

Test(inlet, refuses_what_has_no_known_form)
{
    EXPECT_ERROR("GET / HTTP/1.1\r\n\r\n", MAX, IMS_ERR_INVALID, "begins no form");
    EXPECT_ERROR("\x93NUMPX\1\0\0\0\0\0", MAX, IMS_ERR_INVALID, "npy");
    EXPECT_ERROR("\x89PNGxxxxxxxxxxxxxxxxxxxxxxx", MAX, IMS_ERR_INVALID, "PNG");
    EXPECT_ERROR("\xff\xd8xyz", MAX, IMS_ERR_INVALID, "JPEG");
    EXPECT_ERROR("\xff\xd8\xff\xd8\xff\xd9", MAX, IMS_ERR_INVALID, "JPEG");
    EXPECT_ERROR("YUV4MPEG3 W4 H4\n", MAX, IMS_ERR_INVALID, "y4m");
    EXPECT_ERROR("YUV4MPEG2 W4 H4\nFRUME\n", MAX, IMS_ERR_INVALID, "FRAME");
    EXPECT_ERROR("P3 1 1 255\n1 2 3\n", MAX, IMS_ERR_UNSUPPORTED, "P6");
    EXPECT_ERROR("-x\r\n", MAX, IMS_ERR_INVALID, "boundary");
    EXPECT_ERROR("--b\r\n\r\nhello\r\n", MAX, IMS_ERR_INVALID, "no JPEG");
    EXPECT_ERROR("--b\r\nContent-Length: -5\r\n\r\n", MAX, IMS_ERR_INVALID,
                 "Content-Length");
}

Test(inlet, refuses_a_frame_above_the_bound_before_it_is_waited_for)
{
    EXPECT_ERROR("P5 1000 1000 255\n", 999999, IMS_ERR_LIMIT, "at most 999999");
    EXPECT_ERROR("YUV4MPEG2 W32768 H32768 C444\n", MAX, IMS_ERR_LIMIT, "y4m");
    EXPECT_ERROR("\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIDATxxxxxxxxxxxxxx", MAX,
                 IMS_ERR_LIMIT, "PNG");
    EXPECT_ERROR("--b\r\nContent-Length: 99999999999999999999999\r\n\r\n", MAX,
                 IMS_ERR_LIMIT, "multipart");
    EXPECT_ERROR("\xff\xd8\xff\xda\0\2abcdefgh", 10, IMS_ERR_LIMIT, "JPEG");
    EXPECT_ERROR("\x81\xa1"
                 "a\xc6\xff\xff\xff\xff",
                 MAX, IMS_ERR_LIMIT, "msgpack");
}

static struct told told_of_run(const char *head, char fill, size_t count)
{
    struct ims_bytes s = {0};
    add(&s, head);
    memset(ims_bytes_extend(&s, count), fill, count);
    struct told told = read_all((struct ims_inlet){.max_bytes = MAX}, &s, 1000);
    ims_bytes_finish(&s);
    return told;
}

Test(inlet, bounds_heads_boundaries_and_what_stands_between_frames)
{
    cr_expect_eq(told_of_run("YUV4MPEG2 W4 H4 X", 'a', 9000).end, IMS_ERR_LIMIT);
    cr_expect_eq(told_of_run("P5 #", 'a', 9000).end, IMS_ERR_LIMIT);
    cr_expect_eq(told_of_run("--", 'b', 9000).end, IMS_ERR_LIMIT);
    cr_expect_eq(told_of_run("--b\r\nA: ", 'a', 9000).end, IMS_ERR_LIMIT);
    cr_expect_eq(told_of_run("--b\r\n\r\n\xff\xd8\xff\xd9", 'a', 90000).end,
                 IMS_ERR_LIMIT);
    cr_expect_eq(told_of_run("\xff\xd8\xff\xd9", 0, 90000).end, IMS_ERR_LIMIT);
}

Test(inlet, a_stream_that_ends_within_a_frame_says_so)
{
    EXPECT_ERROR("YUV4MPEG2 W4 H4\nFRAME\n123", MAX, IMS_ERR_TRUNCATED,
                 "9 bytes of at least 30");
    EXPECT_ERROR("--b\r\nContent-Length: 5\r\n\r\n", MAX, IMS_ERR_TRUNCATED, "multipart");
    EXPECT_ERROR("\xff\xd8\xff", MAX, IMS_ERR_TRUNCATED, "JPEG");
    EXPECT_ERROR("\x89", MAX, IMS_ERR_TRUNCATED, "no known form");
}

/* ---- to frames ---- */

static struct ims_frame *frame_of(struct ims_inlet in, struct ims_bytes *s)
{
    struct ims_inlet_piece piece = {0};
    struct ims_error err = {0};
    struct ims_frame *frame = NULL;
    size_t at = 0, need = 0;
    in.max_bytes = MAX;
    while (piece.kind == IMS_INLET_NONE) {
        cr_assert_eq(ims_inlet_next(&in, s->data + at, s->size - at, &piece, &need, &err),
                     IMS_OK, "%s", err.text);
        at += need;
    }
    cr_assert_eq(ims_inlet_frame(&piece, MAX, NULL, &frame, &err), IMS_OK, "%s",
                 err.text);
    ims_bytes_finish(s);
    return frame;
}

static void expect_array(struct ims_inlet in, struct ims_bytes *s, enum ims_dtype dtype,
                         int ndim, const size_t *shape, const void *values, size_t size)
{
    struct ims_frame *f = frame_of(in, s);
    cr_assert_eq(f->pixel_format, IMS_PIX_ARRAY);
    cr_assert_eq(f->array.dtype, dtype);
    cr_assert_eq(f->array.ndim, ndim);
    cr_assert_arr_eq(f->array.shape, shape, (size_t)ndim * sizeof *shape);
    cr_assert_arr_eq(f->array.data, values, size);
    ims_frame_unref(&f);
}

Test(inlet, npy_png_and_pnm_become_arrays_of_their_values)
{
    struct ims_bytes npy = {0}, png = {0}, pnm = {0};
    add_npy(&npy);
    expect_array((struct ims_inlet){0}, &npy, IMS_U16, 2, (size_t[]){3, 4}, pixels, 24);
    add_png(&png);
    expect_array((struct ims_inlet){0}, &png, IMS_U8, 3, (size_t[]){4, 4, 3}, pixels, 48);
    add(&pnm, "P5 4 3 255\n");
    ims_bytes_append(&pnm, pixels, 12);
    expect_array((struct ims_inlet){0}, &pnm, IMS_U8, 2, (size_t[]){3, 4}, pixels, 12);
}

Test(inlet, a_jpeg_stays_compressed)
{
    struct ims_bytes s = {0}, same = {0};
    add_jpeg(&s);
    add_jpeg(&same);
    struct ims_frame *f = frame_of((struct ims_inlet){0}, &s);
    cr_assert_eq(f->pixel_format, IMS_PIX_MJPEG);
    cr_assert(f->width == 4 && f->height == 4 && f->size == same.size);
    cr_assert_arr_eq(f->buffer->data, same.data, same.size);
    ims_frame_unref(&f);
    ims_bytes_finish(&same);
}

static struct ims_inlet raw_inlet(const char *format, uint32_t width, uint32_t height)
{
    struct ims_inlet in = {.raw = {.width = width, .height = height}};
    memcpy(&in.raw.pixel_format, format, 4);
    cr_assert_eq(ims_inlet_raw_settle(&in.raw, MAX, NULL), IMS_OK);
    return in;
}

Test(inlet, raw_frames_become_what_their_format_says)
{
    struct ims_bytes s = {0};
    static const uint8_t rgb[6] = {3, 2, 1, 60, 50, 40}, big[4] = {2, 1, 40, 3};
    ims_bytes_append(&s, pixels, 16);
    struct ims_frame *f = frame_of(raw_inlet("YUYV", 4, 2), &s);
    cr_assert(f->pixel_format == IMS_PIX_YUYV && f->stride == 8 && f->size == 16);
    ims_frame_unref(&f);
    ims_bytes_append(&s, pixels, 6);
    expect_array(raw_inlet("BGR3", 2, 1), &s, IMS_U8, 3, (size_t[]){1, 2, 3}, rgb, 6);
    ims_bytes_append(&s, pixels, 4);
    expect_array(raw_inlet("Y16 ", 2, 1), &s, IMS_U16, 2, (size_t[]){1, 2}, pixels, 4);
    struct ims_inlet in = {
        .raw = {.dtype = IMS_U16, .swapped = true, .ndim = 2, .shape = {1, 2}}};
    cr_assert_eq(ims_inlet_raw_settle(&in.raw, MAX, NULL), IMS_OK);
    ims_bytes_append(&s, pixels, 4);
    expect_array(in, &s, IMS_U16, 2, (size_t[]){1, 2}, big, 4);
}

Test(inlet, a_description_that_means_nothing_is_refused)
{
    struct ims_inlet_raw odd = {.pixel_format = IMS_PIX_YUYV, .width = 3, .height = 2},
                         none = {.pixel_format = IMS_PIX_YUYV},
                         strange = {.pixel_format = 1, .width = 2, .height = 2},
                         large = {.dtype = IMS_F64, .ndim = 2, .shape = {1000, 1000}},
                         empty = {.dtype = IMS_F64, .ndim = 2, .shape = {0, 1000}};
    cr_expect_eq(ims_inlet_raw_settle(&odd, MAX, NULL), IMS_ERR_INVALID);
    cr_expect_eq(ims_inlet_raw_settle(&none, MAX, NULL), IMS_ERR_INVALID);
    cr_expect_eq(ims_inlet_raw_settle(&strange, MAX, NULL), IMS_ERR_UNSUPPORTED);
    cr_expect_eq(ims_inlet_raw_settle(&large, MAX, NULL), IMS_ERR_LIMIT);
    cr_expect_eq(ims_inlet_raw_settle(&empty, MAX, NULL), IMS_ERR_INVALID);
}

Test(inlet_frame, a_film_of_420_stays_so_in_full_range)
{
    /* 3 x 1: three of luma, then two of each chroma */
    static const uint8_t planes[] = {16, 126, 235, 16, 240, 128, 129};
    static const uint8_t wide[] = {0, 128, 255, 1, 255, 128, 129};
    struct ims_inlet_piece piece = {
        .kind = IMS_INLET_Y4M,
        .data = planes,
        .size = sizeof planes,
        .y4m = {.width = 3,
                .height = 1,
                .chroma_shift_x = 1,
                .chroma_shift_y = 1,
                .frame_bytes = sizeof planes},
    };
    for (int full = 0; full < 2; full++) {
        struct ims_frame *frame = NULL;
        piece.y4m.is_full_range = full;
        cr_assert_eq(ims_inlet_frame(&piece, MAX, NULL, &frame, NULL), IMS_OK);
        cr_expect_eq(frame->pixel_format, IMS_PIX_YUV420);
        cr_expect(frame->width == 3 && frame->height == 1 && frame->stride == 3);
        cr_expect_arr_eq(frame->buffer->data, full ? planes : wide, sizeof planes);
        ims_frame_unref(&frame);
    }
    cr_expect_eq(ims_inlet_frame(&piece, 6, NULL, &(struct ims_frame *){NULL}, NULL),
                 IMS_ERR_LIMIT);
}
