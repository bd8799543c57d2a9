/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/tiff.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

TestSuite(tiff);

enum { W = 37, H = 21, MOST = 1 << 20 };

/* How a page is written; the pixels are pixel() of their place. */
struct page {
    uint16_t bits, format, samples, planar, compression, photometric;
    uint32_t tile;   /* 0: strips of 4 rows */
    uint32_t kind;   /* of sub-file */
    uint32_t height; /* 0: H */
};

struct bytes {
    uint8_t *data;
    size_t size;
};

static uint64_t pixel(size_t page, size_t y, size_t x, size_t sample)
{
    return page * 1000 + y * 100 + x * 3 + sample * 7 + 1;
}

/* One sample in the form of the page, into `out`. */
static size_t put(const struct page *p, uint64_t v, uint8_t *out)
{
    float f = (float)v;
    double d = (double)v;
    const void *from = p->format == SAMPLEFORMAT_IEEEFP
                           ? (p->bits == 32 ? (const void *)&f : (const void *)&d)
                           : (const void *)&v;
    memcpy(out, from, p->bits / 8); /* little-endian machines */
    return p->bits / 8;
}

static void write_strips(TIFF *t, const struct page *p, size_t number, uint32_t height)
{
    uint8_t row[W * 4 * 8];
    int planes = p->planar == PLANARCONFIG_SEPARATE ? p->samples : 1;
    TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 4);
    for (int plane = 0; plane < planes; plane++)
        for (uint32_t y = 0; y < height; y++) {
            size_t at = 0;
            for (size_t x = 0; x < W; x++)
                for (int s = 0; s < (planes > 1 ? 1 : p->samples); s++)
                    at += put(p, pixel(number, y, x, (size_t)(s + plane)), row + at);
            cr_assert_eq(TIFFWriteScanline(t, row, y, (uint16_t)plane), 1);
        }
}

static void write_tiles(TIFF *t, const struct page *p, size_t number)
{
    uint8_t *tile = calloc(p->tile * p->tile, p->samples * p->bits / 8u);
    TIFFSetField(t, TIFFTAG_TILEWIDTH, p->tile);
    TIFFSetField(t, TIFFTAG_TILELENGTH, p->tile);
    for (uint32_t y = 0; y < H; y += p->tile)
        for (uint32_t x = 0; x < W; x += p->tile) {
            size_t at = 0;
            for (uint32_t i = 0; i < p->tile * p->tile; i++)
                for (uint32_t s = 0; s < p->samples; s++)
                    at += put(p, pixel(number, y + i / p->tile, x + i % p->tile, s),
                              tile + at);
            cr_assert_geq(TIFFWriteTile(t, tile, x, y, 0, 0), 0);
        }
    free(tile);
}

static void write_page(TIFF *t, const struct page *p, size_t number)
{
    uint32_t height = p->height ? p->height : H;
    TIFFSetField(t, TIFFTAG_IMAGEWIDTH, W);
    TIFFSetField(t, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, p->bits);
    TIFFSetField(t, TIFFTAG_SAMPLEFORMAT, p->format ? p->format : SAMPLEFORMAT_UINT);
    TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, p->samples);
    TIFFSetField(t, TIFFTAG_PLANARCONFIG, p->planar ? p->planar : PLANARCONFIG_CONTIG);
    TIFFSetField(t, TIFFTAG_COMPRESSION,
                 p->compression ? p->compression : COMPRESSION_NONE);
    TIFFSetField(t, TIFFTAG_PHOTOMETRIC, p->photometric);
    TIFFSetField(t, TIFFTAG_SUBFILETYPE, p->kind);
    if (p->tile)
        write_tiles(t, p, number);
    else
        write_strips(t, p, number, height);
    cr_assert_eq(TIFFWriteDirectory(t), 1);
}

static struct bytes write_file(const struct page *pages, size_t count, const char *mode)
{
    char path[] = "/tmp/imshow-tiff-XXXXXX";
    int fd = mkstemp(path);
    TIFF *t = TIFFOpen(path, mode);
    cr_assert_not_null(t);
    for (size_t i = 0; i < count; i++)
        write_page(t, &pages[i], i);
    TIFFClose(t);
    struct bytes b = {.size = (size_t)lseek(fd, 0, SEEK_END)};
    b.data = malloc(b.size);
    cr_assert_eq(pread(fd, b.data, b.size, 0), (ssize_t)b.size);
    close(fd);
    unlink(path);
    return b;
}

static struct ims_array decode(const struct bytes *b)
{
    struct ims_error err = {0};
    struct ims_array a = {0};
    cr_assert_eq(ims_tiff_decode(b->data, b->size, MOST, &a, &err), IMS_OK, "%s",
                 err.text);
    return a;
}

/* Every item against pixel(), as it looks in the array's type. */
static void check_items(const struct page *p, const struct ims_array *a, size_t pages)
{
    uint8_t *at = a->data, want[8];
    for (size_t n = 0; n < pages; n++)
        for (size_t i = 0; i < (size_t)W * H * p->samples; i++) {
            size_t place = i / p->samples;
            size_t size = put(p, pixel(n, place / W, place % W, i % p->samples), want);
            cr_assert_arr_eq(at, want, size, "page %zu, item %zu", n, i);
            at += size;
        }
}

static void check(struct page p, const char *mode, enum ims_dtype dtype)
{
    struct bytes b = write_file(&p, 1, mode);
    struct ims_array a = decode(&b);
    cr_assert_eq(a.dtype, dtype);
    cr_assert_eq(a.ndim, p.samples > 1 ? 3 : 2);
    cr_assert_eq(a.shape[0], H);
    cr_assert_eq(a.shape[1], W);
    check_items(&p, &a, 1);
    ims_array_finish(&a);
    free(b.data);
}

enum {
    GREY = PHOTOMETRIC_MINISBLACK,
    COLOUR = PHOTOMETRIC_RGB,
    FLOAT = SAMPLEFORMAT_IEEEFP
};

Test(tiff, reads_every_width_of_integers_and_floats)
{
    check((struct page){.bits = 8, .samples = 1, .photometric = GREY}, "w", IMS_U8);
    check((struct page){.bits = 16, .samples = 1, .photometric = GREY}, "w", IMS_U16);
    check((struct page){.bits = 32, .samples = 1, .photometric = GREY}, "w", IMS_U32);
    check(
        (struct page){
            .bits = 16, .format = SAMPLEFORMAT_INT, .samples = 1, .photometric = GREY},
        "w", IMS_I16);
    check((struct page){.bits = 32, .format = FLOAT, .samples = 1, .photometric = GREY},
          "w", IMS_F32);
    check((struct page){.bits = 64, .format = FLOAT, .samples = 1, .photometric = GREY},
          "w", IMS_F64);
}

Test(tiff, reads_both_byte_orders_and_BigTIFF)
{
    struct page p = {.bits = 16, .samples = 3, .photometric = COLOUR};
    check(p, "wl", IMS_U16);
    check(p, "wb", IMS_U16);
    check(p, "w8", IMS_U16);
}

Test(tiff, reads_tiles_planes_and_compression)
{
    struct page p = {.bits = 8, .samples = 3, .photometric = COLOUR, .tile = 16};
    check(p, "w", IMS_U8);
    p.tile = 0;
    p.planar = PLANARCONFIG_SEPARATE;
    check(p, "w", IMS_U8);
    p.compression = COMPRESSION_LZW;
    check(p, "w", IMS_U8);
    p.planar = 0;
    p.compression = COMPRESSION_ADOBE_DEFLATE;
    check(p, "w", IMS_U8);
}

Test(tiff, makes_pages_the_first_axis_and_leaves_previews_out)
{
    struct page page = {.bits = 16, .samples = 1, .photometric = GREY}, pages[3];
    pages[0] = pages[1] = pages[2] = page;
    pages[2].kind = FILETYPE_REDUCEDIMAGE;
    pages[2].height = 5;
    struct bytes b = write_file(pages, 3, "w");
    struct ims_array a = decode(&b);
    cr_assert_eq(a.ndim, 3);
    cr_assert_eq(a.shape[0], 2);
    check_items(&page, &a, 2);
    ims_array_finish(&a);
    free(b.data);
}

Test(tiff, turns_white_is_zero_round)
{
    struct page p = {.bits = 8, .samples = 1, .photometric = PHOTOMETRIC_MINISWHITE};
    struct bytes b = write_file(&p, 1, "w");
    struct ims_array a = decode(&b);
    cr_assert_eq(a.data[0], 255 - 1);
    cr_assert_eq(a.data[1], 255 - 4);
    ims_array_finish(&a);
    free(b.data);
}

static void refuse(const struct bytes *b, size_t most, enum ims_result result,
                   const char *words)
{
    struct ims_error err = {0};
    struct ims_array a;
    cr_assert_eq(ims_tiff_decode(b->data, b->size, most, &a, &err), result, "%s",
                 err.text);
    cr_assert_not_null(strstr(err.text, words), "%s", err.text);
}

Test(tiff, names_the_page_that_is_not_like_the_first)
{
    struct page page = {.bits = 8, .samples = 1, .photometric = GREY}, pages[3];
    pages[0] = pages[1] = pages[2] = page;
    pages[2].height = 5;
    struct bytes b = write_file(pages, 3, "w");
    refuse(&b, MOST, IMS_ERR_INVALID, "page 3");
    free(b.data);
}

Test(tiff, refuses_more_pixels_than_it_may_take)
{
    struct page p = {.bits = 8, .samples = 1, .photometric = GREY};
    struct bytes b = write_file(&p, 1, "w");
    refuse(&b, W * H - 1, IMS_ERR_LIMIT, "more than");
    free(b.data);
}

/* The lengths of strips stand last and can be told from the rest: without them the pixels are right. */
Test(tiff, tells_every_cut_or_gives_the_right_pixels)
{
    struct page p = {.bits = 8, .samples = 1, .photometric = GREY};
    struct bytes b = write_file(&p, 1, "w");
    for (size_t size = 0; size < b.size - 1; size++) {
        struct ims_array a = {0};
        struct ims_error err = {0};
        uint8_t *cut = malloc(size ? size : 1);
        memcpy(cut, b.data, size);
        if (ims_tiff_decode(cut, size, MOST, &a, &err))
            cr_assert(*err.text, "%zu of %zu bytes", size, b.size);
        else
            check_items(&p, &a, 1);
        cr_assert(size > W * H || !a.buffer);
        ims_array_finish(&a);
        free(cut);
    }
    free(b.data);
}

Test(tiff, knows_its_first_bytes)
{
    cr_assert(ims_tiff_is((const uint8_t *)"II*\0", 4));
    cr_assert(ims_tiff_is((const uint8_t *)"MM\0*", 4));
    cr_assert(ims_tiff_is((const uint8_t *)"MM\0+", 4));
    cr_assert_not(ims_tiff_is((const uint8_t *)"II*", 3));
    cr_assert_not(ims_tiff_is((const uint8_t *)"\x89PNG", 4));
}
