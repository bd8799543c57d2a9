/* SPDX-License-Identifier: MIT */

/*
 * Times of JPEGs of libimshow beside libjpeg-turbo's plain API by scan lines, for tests/bench/jpeg.
 *
 *     bench_jpeg INPUT.npy QUALITY COUNT WHAT [OUT.jpg]
 *
 * INPUT is YUYV, (height, 2 * width) u8, full range. WHAT is
 *     ours      YUYV to bytes by ims_jpeg_encode_yuyv, 4:2:0
 *     lines     YUYV to bytes by jpeg_write_scanlines, as ustreamer's CPU encoder does, 4:2:0
 *     bands     the picture that a view keeps, in bands, encoded whole
 *     changed   the same where one band in `BANDS_APART` changed: only those are encoded, then all are joined
 *     parts     the same bands by two threads, as a view does with a large picture; the second is started for each picture
 *     422 444 grey       planes to bytes, ours;
 *     lines-422 lines-444 lines-grey     the same pixels by scan lines
 *
 * Prints one JSON object: bytes, peak memory of the first run, milliseconds of the thread of each run; of parts, what
 * it takes when a core is idle for each thread: the longer one's own time, and the joining. The first file is written to OUT.jpg.
 */

#include "../../lib/picture/jpeg_bands.h"
#include "bench.h"

#include <imshow/npy.h>

#include <pthread.h>
#include <stdlib.h>
/* jpeglib.h wants size_t and FILE */
#include <jpeglib.h>

enum { INPUT_BYTES_MAX = 1 << 28, COUNT_MAX = 10000, BANDS_APART = 8 };

struct bench {
    struct ims_array yuyv;
    uint32_t width, height;
    int quality;
    struct ims_jpeg_encoder *encoder;
    uint8_t *memory; /* planes at full size, Y Cb Cr */
    struct ims_planes planes;
    struct ims__jpeg_bands bands;
    struct ims__jpeg_coder coder, second;
    double part_ms[2]; /* parts: the threads' own */
    uint8_t *line;
    unsigned char *lines_out;
    unsigned long lines_capacity;
    const uint8_t *out;
    size_t size;
    int run;
};

static void must(enum ims_result r, const struct ims_error *err)
{
    if (r == IMS_OK)
        return;
    fprintf(stderr, "bench_jpeg: %s\n", *err->text ? err->text : ims_result_name(r));
    exit(1);
}

static void read_array(const char *path, struct ims_array *out)
{
    struct ims_bytes bytes = {.limit = INPUT_BYTES_MAX};
    struct ims_error err = {.text = "the input cannot be read"};
    FILE *file = fopen(path, "rb");
    char chunk[1 << 16];
    must(file ? IMS_OK : IMS_ERR_IO, &err);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        ims_bytes_append(&bytes, chunk, n);
    fclose(file);
    must(bytes.result, &err);
    must(ims_npy_read(bytes.data, bytes.size, INPUT_BYTES_MAX, out, &err), &err);
    ims_bytes_finish(&bytes);
}

/* ---- planes, made before the clock starts ---- */

static void make_planes(struct bench *b, enum ims_chroma chroma)
{
    bool wide = chroma == IMS_CHROMA_444, low = chroma == IMS_CHROMA_420;
    size_t w = b->width, h = b->height, cw = wide ? w : w / 2, ch = low ? h / 2 : h;
    uint8_t *y = b->memory, *u = y + w * h, *v = u + w * h;

    for (size_t r = 0; r < h; r++)
        for (size_t c = 0; c < w; c++)
            y[r * w + c] = b->yuyv.data[r * 2 * w + 2 * c];
    for (size_t r = 0; r < ch; r++)
        for (size_t c = 0; c < cw; c++) {
            const uint8_t *pair =
                b->yuyv.data + (low ? 2 * r : r) * 2 * w + 4 * (wide ? c / 2 : c);
            const uint8_t *below = pair + (low ? 2 * w : 0);
            u[r * cw + c] = (uint8_t)((pair[1] + below[1] + 1) / 2);
            v[r * cw + c] = (uint8_t)((pair[3] + below[3] + 1) / 2);
        }
    b->planes = (struct ims_planes){
        .width = b->width,
        .height = b->height,
        .chroma = chroma,
        .plane = {y, u, v},
        .stride = {(int)w, (int)cw, (int)cw},
    };
}

/* ---- ours ---- */

static void run_ours(struct bench *b)
{
    struct ims_error err = {0};
    must(ims_jpeg_encode_yuyv(b->encoder, b->yuyv.data, b->width, b->height,
                              (size_t)2 * b->width, b->quality, &b->out, &b->size, &err),
         &err);
}

static void run_planes(struct bench *b)
{
    struct ims_error err = {0};
    must(ims_jpeg_encode(b->encoder, &b->planes, b->quality, &b->out, &b->size, &err),
         &err);
}

static void encode_bands(struct bench *b, uint32_t step)
{
    struct ims_error err = {0};
    must(ims__jpeg_bands_reserve(&b->bands, &b->planes, b->quality, &err), &err);
    for (uint32_t i = 0; i < b->bands.count; i += step)
        must(ims__jpeg_band_encode(&b->bands, &b->coder, i, &b->planes, &err), &err);
    must(ims__jpeg_bands_join(&b->bands, &b->out, &b->size, &err), &err);
}

static void run_bands(struct bench *b)
{
    encode_bands(b, 1);
}

static void run_changed(struct bench *b)
{
    encode_bands(b, b->run++ ? BANDS_APART : 1);
}

/* Every other band. */
static void encode_part(struct bench *b, struct ims__jpeg_coder *coder, uint32_t from)
{
    struct ims_error err = {0};
    double start = bench_cpu_ms();
    for (uint32_t i = from; i < b->bands.count; i += 2)
        must(ims__jpeg_band_encode(&b->bands, coder, i, &b->planes, &err), &err);
    b->part_ms[from] = bench_cpu_ms() - start;
}

static void *encode_second(void *user)
{
    struct bench *b = user;
    encode_part(b, &b->second, 1);
    return NULL;
}

static void run_parts(struct bench *b)
{
    struct ims_error err = {.text = "no thread"};
    pthread_t thread;
    must(ims__jpeg_bands_reserve(&b->bands, &b->planes, b->quality, &err), &err);
    must(pthread_create(&thread, NULL, encode_second, b) ? IMS_ERR_NOMEM : IMS_OK, &err);
    encode_part(b, &b->coder, 0);
    pthread_join(thread, NULL);
    must(ims__jpeg_bands_join(&b->bands, &b->out, &b->size, &err), &err);
}

/* ---- scan lines ---- */

/* What ustreamer does with YUYV: a row is spread to three samples a pixel, libjpeg takes them apart again and halves the
 * colours. */
static void spread_row(const struct bench *b, uint32_t row, bool is_grey)
{
    const uint8_t *yuyv = b->yuyv.data + (size_t)row * 2 * b->width;
    uint8_t *to = b->line;
    for (uint32_t x = 0; x < b->width; x++) {
        const uint8_t *pair = yuyv + (size_t)(x / 2) * 4;
        *to++ = pair[(x & 1) * 2];
        if (is_grey)
            continue;
        *to++ = pair[1];
        *to++ = pair[3];
    }
}

static void run_lines(struct bench *b, enum ims_chroma chroma)
{
    bool is_grey = chroma == IMS_CHROMA_GREY;
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned long size = b->lines_capacity;
    jpeg_mem_dest(&jpeg, &b->lines_out, &size);
    jpeg.image_width = b->width;
    jpeg.image_height = b->height;
    jpeg.input_components = is_grey ? 1 : 3;
    jpeg.in_color_space = is_grey ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, b->quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = chroma == IMS_CHROMA_444 || is_grey ? 1 : 2;
    jpeg.comp_info[0].v_samp_factor = chroma == IMS_CHROMA_420 ? 2 : 1;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        spread_row(b, jpeg.next_scanline, is_grey);
        jpeg_write_scanlines(&jpeg, &(JSAMPROW){b->line}, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    b->out = b->lines_out;
    b->size = size;
}

static void run_lines_420(struct bench *b)
{
    run_lines(b, IMS_CHROMA_420);
}

static void run_lines_422(struct bench *b)
{
    run_lines(b, IMS_CHROMA_422);
}

static void run_lines_444(struct bench *b)
{
    run_lines(b, IMS_CHROMA_444);
}

static void run_lines_grey(struct bench *b)
{
    run_lines(b, IMS_CHROMA_GREY);
}

/* ---- the run ---- */

static const struct what {
    const char *name;
    enum ims_chroma chroma;
    void (*run)(struct bench *);
} whats[] = {
    {"ours", IMS_CHROMA_420, run_ours},
    {"lines", IMS_CHROMA_420, run_lines_420},
    {"bands", IMS_CHROMA_420, run_bands},
    {"changed", IMS_CHROMA_420, run_changed},
    {"parts", IMS_CHROMA_420, run_parts},
    {"422", IMS_CHROMA_422, run_planes},
    {"444", IMS_CHROMA_444, run_planes},
    {"grey", IMS_CHROMA_GREY, run_planes},
    {"lines-422", IMS_CHROMA_422, run_lines_422},
    {"lines-444", IMS_CHROMA_444, run_lines_444},
    {"lines-grey", IMS_CHROMA_GREY, run_lines_grey},
};

static const struct what *find(const char *name)
{
    for (size_t i = 0; i < sizeof whats / sizeof whats[0]; i++)
        if (strcmp(whats[i].name, name) == 0)
            return &whats[i];
    return NULL;
}

static void prepare(struct bench *b, const char *path)
{
    struct ims_error err = {.text = "the input is no YUYV of even sides"};
    read_array(path, &b->yuyv);
    if (b->yuyv.dtype != IMS_U8 || b->yuyv.ndim != 2 || b->yuyv.shape[1] % 4 ||
        b->yuyv.shape[0] % 2)
        must(IMS_ERR_INVALID, &err);
    b->width = (uint32_t)b->yuyv.shape[1] / 2;
    b->height = (uint32_t)b->yuyv.shape[0];
    b->memory = malloc((size_t)3 * b->width * b->height);
    b->line = malloc((size_t)3 * b->width);
    b->lines_capacity = (unsigned long)3 * b->width * b->height;
    b->lines_out = malloc(b->lines_capacity);
    if (!b->memory || !b->line || !b->lines_out || ims_jpeg_encoder_create(&b->encoder))
        must(IMS_ERR_NOMEM, &err);
}

static void finish(struct bench *b)
{
    ims__jpeg_bands_finish(&b->bands);
    ims__jpeg_coder_finish(&b->coder);
    ims__jpeg_coder_finish(&b->second);
    ims_jpeg_encoder_destroy(b->encoder);
    ims_array_finish(&b->yuyv);
    free(b->memory);
    free(b->line);
    free(b->lines_out);
}

static void save(const struct bench *b, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(b->out, 1, b->size, file) != b->size || fclose(file)) {
        fprintf(stderr, "bench_jpeg: %s: cannot be written\n", path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    const struct what *what = argc >= 5 ? find(argv[4]) : NULL;
    long count = what ? strtol(argv[3], NULL, 10) : 0;
    struct bench b = {0};
    if (!what || argc > 6 || count < 0 || count > COUNT_MAX) {
        fprintf(stderr, "usage: bench_jpeg INPUT.npy QUALITY COUNT WHAT [OUT.jpg]\n");
        return 2;
    }
    b.quality = (int)strtol(argv[2], NULL, 10);
    prepare(&b, argv[1]);
    make_planes(&b, what->chroma);
    long before = bench_memory_begin();
    what->run(&b);
    printf("{\"bytes\": %zu, \"peak_bytes\": %ld, \"ms\": [", b.size,
           bench_memory_peak(before));
    if (argc == 6)
        save(&b, argv[5]);
    for (long i = 0; i < count; i++) {
        double start = bench_cpu_ms();
        what->run(&b);
        double waited = b.part_ms[1] > b.part_ms[0] ? b.part_ms[1] - b.part_ms[0] : 0;
        printf("%s%.4f", i ? ", " : "", bench_cpu_ms() - start + waited);
    }
    printf("]}\n");
    finish(&b);
    return 0;
}
