/* SPDX-License-Identifier: MIT */
/*
 * The one file that knows libtiff. Its global handlers and its FILE-like functions are not used: each handle
 * has its own error handler and reads from memory.
 */
#include "tiff_samples.h"

#include <imshow/tiff.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

enum {
    TABLE_BYTES = 1 << 24
}; /* what libtiff may take at once for tags beside the pixels */

struct file {
    const uint8_t *data;
    toff_t size, at;
    char first[160]; /* libtiff's first error; empty: none */
    TIFF *tiff;
    size_t max_bytes;
    struct ims_error *err;
};

bool ims_tiff_is(const uint8_t *data, size_t size)
{
    return size >= 4 && (memcmp(data, "II*\0", 4) == 0 || memcmp(data, "MM\0*", 4) == 0 ||
                         memcmp(data, "II+\0", 4) == 0 || memcmp(data, "MM\0+", 4) == 0);
}

/* ---- the file in memory ---- */

static tmsize_t on_read(thandle_t handle, void *out, tmsize_t size)
{
    struct file *f = handle;
    toff_t left = f->at < f->size ? f->size - f->at : 0;
    size_t n = (toff_t)size < left ? (size_t)size : (size_t)left;
    if (n)
        memcpy(out, f->data + f->at, n);
    f->at += n;
    return (tmsize_t)n;
}

static tmsize_t on_write(thandle_t handle, void *data, tmsize_t size)
{
    (void)handle, (void)data, (void)size;
    return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int from)
{
    struct file *f = handle;
    f->at = offset + (from == SEEK_CUR ? f->at : from == SEEK_END ? f->size : 0);
    return f->at;
}

static int on_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t on_size(thandle_t handle)
{
    return ((struct file *)handle)->size;
}

static int on_error(TIFF *tiff, void *user, const char *module, const char *fmt,
                    va_list args)
{
    struct file *f = user;
    (void)tiff, (void)module;
    if (!*f->first)
        vsnprintf(f->first, sizeof f->first, fmt, args);
    for (char *c = f->first; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return 1; /* said: the global handler is not asked */
}

static int on_warning(TIFF *tiff, void *user, const char *module, const char *fmt,
                      va_list args)
{
    (void)tiff, (void)user, (void)module, (void)fmt, (void)args;
    return 1;
}

static enum ims_result fail(struct file *f, const char *otherwise)
{
    return ims_fail(f->err, IMS_ERR_INVALID, "TIFF: %s",
                    *f->first ? f->first : otherwise);
}

static enum ims_result open_tiff(struct file *f)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return ims_fail(f->err, IMS_ERR_NOMEM, "no memory for a TIFF decoder");
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, f);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, f);
    size_t most = f->max_bytes < PTRDIFF_MAX - TABLE_BYTES ? f->max_bytes : 0;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)(most + TABLE_BYTES));
    f->tiff = TIFFClientOpenExt("memory", "rm", f, on_read, on_write, on_seek, on_close,
                                on_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    return f->tiff ? IMS_OK : fail(f, "no TIFF");
}

/* ---- the form of a page ---- */

static uint16_t short_tag(struct file *f, uint32_t tag)
{
    uint16_t v = 0;
    TIFFGetFieldDefaulted(f->tiff, tag, &v);
    return v;
}

static enum ims_result find_dtype(struct file *f, struct ims__tiff_form *form)
{
    static const struct {
        uint16_t format, bits;
        enum ims_dtype dtype;
    } types[] = {
        {SAMPLEFORMAT_UINT, 1, IMS_U8},     {SAMPLEFORMAT_UINT, 2, IMS_U8},
        {SAMPLEFORMAT_UINT, 4, IMS_U8},     {SAMPLEFORMAT_UINT, 8, IMS_U8},
        {SAMPLEFORMAT_UINT, 16, IMS_U16},   {SAMPLEFORMAT_UINT, 32, IMS_U32},
        {SAMPLEFORMAT_UINT, 64, IMS_U64},   {SAMPLEFORMAT_INT, 8, IMS_I8},
        {SAMPLEFORMAT_INT, 16, IMS_I16},    {SAMPLEFORMAT_INT, 32, IMS_I32},
        {SAMPLEFORMAT_INT, 64, IMS_I64},    {SAMPLEFORMAT_IEEEFP, 16, IMS_F16},
        {SAMPLEFORMAT_IEEEFP, 32, IMS_F32}, {SAMPLEFORMAT_IEEEFP, 64, IMS_F64},
    };
    uint16_t format = short_tag(f, TIFFTAG_SAMPLEFORMAT);
    if (format == SAMPLEFORMAT_VOID)
        format = SAMPLEFORMAT_UINT;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].format == format && types[i].bits == form->bits) {
            form->dtype = types[i].dtype;
            return IMS_OK;
        }
    return ims_fail(f->err, IMS_ERR_UNSUPPORTED,
                    "TIFF: samples of %u bits in format %u are not read", form->bits,
                    format);
}

/* Palettes of 8 bits a colour are about, written where 16 belong. */
static enum ims_result read_palette(struct file *f, struct ims__tiff_form *form)
{
    uint16_t *map[3], greatest = 0;
    if (form->bits > 8 || form->samples != 1 || form->dtype != IMS_U8 ||
        !TIFFGetField(f->tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]))
        return fail(f, "a palette that does not fit");
    size_t count = (size_t)1 << form->bits;
    for (size_t i = 0; i < count * 3; i++)
        if (map[i % 3][i / 3] > greatest)
            greatest = map[i % 3][i / 3];
    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < 3; c++)
            form->palette[i][c] = (uint8_t)(map[c][i] >> (greatest > 255 ? 8 : 0));
    form->meaning = IMS__TIFF_PALETTE;
    return IMS_OK;
}

/* What the numbers mean. JPEG's YCbCr is turned into RGB by its codec. */
static enum ims_result read_meaning(struct file *f, struct ims__tiff_form *form)
{
    uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    TIFFGetField(f->tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    bool is_unsigned =
        !ims_dtype_is_float(form->dtype) && !ims_dtype_is_signed(form->dtype);
    switch (photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_RGB: return IMS_OK;
    case PHOTOMETRIC_MINISWHITE:
        form->meaning = is_unsigned ? IMS__TIFF_WHITE_IS_ZERO : IMS__TIFF_PLAIN;
        return IMS_OK;
    case PHOTOMETRIC_PALETTE: return read_palette(f, form);
    default: break;
    }
    if (photometric == PHOTOMETRIC_YCBCR && !form->is_planar &&
        short_tag(f, TIFFTAG_COMPRESSION) == COMPRESSION_JPEG &&
        TIFFSetField(f->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB))
        return IMS_OK;
    return ims_fail(f->err, IMS_ERR_UNSUPPORTED,
                    "TIFF: colours of photometric interpretation %u are not read",
                    photometric);
}

static enum ims_result read_form(struct file *f, struct ims__tiff_form *out)
{
    struct ims__tiff_form form = {
        .bits = short_tag(f, TIFFTAG_BITSPERSAMPLE),
        .samples = short_tag(f, TIFFTAG_SAMPLESPERPIXEL),
    };
    if (!TIFFGetField(f->tiff, TIFFTAG_IMAGEWIDTH, &form.width) ||
        !TIFFGetField(f->tiff, TIFFTAG_IMAGELENGTH, &form.height) || !form.width ||
        !form.height || !form.samples)
        return fail(f, "a page without pixels");
    if (form.samples > IMS_TIFF_MAX_SAMPLES)
        return ims_fail(f->err, IMS_ERR_LIMIT, "TIFF: %u samples a pixel, at most %d",
                        form.samples, IMS_TIFF_MAX_SAMPLES);
    form.is_planar =
        form.samples > 1 && short_tag(f, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE;
    enum ims_result r = find_dtype(f, &form);
    if (!r)
        r = read_meaning(f, &form);
    if (!r)
        *out = form;
    return r;
}

static bool is_beside(struct file *f)
{
    uint32_t kind = 0;
    TIFFGetField(f->tiff, TIFFTAG_SUBFILETYPE, &kind);
    return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
}

static bool is_alike(const struct ims__tiff_form *a, const struct ims__tiff_form *b)
{
    return a->width == b->width && a->height == b->height && a->dtype == b->dtype &&
           ims__tiff_items(a) == ims__tiff_items(b);
}

/* False at the end, and where a page cannot be read: then `first` says why. */
static bool go_on(struct file *f)
{
    *f->first = '\0'; /* a tag that is odd costs no page */
    return TIFFReadDirectory(f->tiff);
}

/* The first page's form, and how many there are of it. */
static enum ims_result survey(struct file *f, struct ims__tiff_form *form, size_t *pages)
{
    do {
        struct ims__tiff_form page = {0};
        if (is_beside(f))
            continue;
        if (*pages == IMS_TIFF_MAX_PAGES)
            return ims_fail(f->err, IMS_ERR_LIMIT, "TIFF: more than %d pages",
                            IMS_TIFF_MAX_PAGES);
        enum ims_result r = read_form(f, &page);
        if (r)
            return r;
        if ((*pages)++ == 0)
            *form = page;
        else if (!is_alike(form, &page))
            return ims_fail(f->err, IMS_ERR_INVALID,
                            "TIFF: page %zu is of another size or type than the first",
                            *pages);
    } while (go_on(f));
    return *pages > 0 && !*f->first ? IMS_OK : fail(f, "no page with pixels");
}

/* ---- pixels ---- */

/* A strip or a tile: where it lies and what a row of it holds. */
struct block {
    uint32_t x, y, width, height;
    size_t plane;
};

static void put_block(const struct ims__tiff_form *form, const struct block *b,
                      const uint8_t *bytes, uint8_t *page)
{
    size_t pixel = ims__tiff_items(form) * ims_dtype_size(form->dtype);
    size_t stride = ims__tiff_row_bytes(form, b->width);
    uint32_t right = form->width - b->x, below = form->height - b->y;
    uint32_t width = b->width < right ? b->width : right;
    uint32_t height = b->height < below ? b->height : below;
    for (uint32_t row = 0; row < height; row++)
        ims__tiff_put_row(form, bytes + row * stride, b->plane, width,
                          page + ((size_t)(b->y + row) * form->width + b->x) * pixel);
}

static uint32_t long_tag(struct file *f, uint32_t tag)
{
    uint32_t v = 0;
    TIFFGetFieldDefaulted(f->tiff, tag, &v);
    return v;
}

/* Memory for one strip or tile of `b`, whose rows all lie within it. */
static enum ims_result make_room(struct file *f, const struct ims__tiff_form *form,
                                 const struct block *b, size_t said, uint8_t **out)
{
    size_t want;
    if (!b->width || !b->height ||
        __builtin_mul_overflow(ims__tiff_row_bytes(form, b->width), (size_t)b->height,
                               &want) ||
        want > f->max_bytes || said > f->max_bytes)
        return ims_fail(f->err, IMS_ERR_LIMIT,
                        "TIFF: strips or tiles of more than %zu bytes", f->max_bytes);
    if (said < want) /* subsampled, or packed in a way that is not ours */
        return ims_fail(f->err, IMS_ERR_UNSUPPORTED, "TIFF: strips of %zu bytes, not %zu",
                        said, want);
    *out = calloc(1, said);
    return *out ? IMS_OK
                : ims_fail(f->err, IMS_ERR_NOMEM, "no memory for a TIFF's strip");
}

static enum ims_result read_strips(struct file *f, const struct ims__tiff_form *form,
                                   uint8_t *page)
{
    uint32_t rows = long_tag(f, TIFFTAG_ROWSPERSTRIP);
    struct block b = {0, 0, form->width, rows < form->height ? rows : form->height, 0};
    size_t planes = form->is_planar ? form->samples : 1;
    tmsize_t size = TIFFStripSize(f->tiff);
    uint8_t *bytes = NULL;
    enum ims_result r = make_room(f, form, &b, size > 0 ? (size_t)size : 0, &bytes);
    uint32_t strip = 0;
    for (b.plane = 0; !r && b.plane < planes; b.plane++)
        for (b.y = 0; !r && b.y < form->height; strip++) {
            if (TIFFReadEncodedStrip(f->tiff, strip, bytes, size) < 0)
                r = fail(f, "a strip cannot be read");
            else
                put_block(form, &b, bytes, page);
            b.y = b.height < form->height - b.y ? b.y + b.height : form->height;
        }
    free(bytes);
    return r;
}

static enum ims_result read_tile(struct file *f, const struct ims__tiff_form *form,
                                 const struct block *b, uint8_t *bytes, uint8_t *page)
{
    if (TIFFReadTile(f->tiff, bytes, b->x, b->y, 0, (uint16_t)b->plane) < 0)
        return fail(f, "a tile cannot be read");
    put_block(form, b, bytes, page);
    return IMS_OK;
}

static enum ims_result read_tiles(struct file *f, const struct ims__tiff_form *form,
                                  uint8_t *page)
{
    struct block b = {0, 0, long_tag(f, TIFFTAG_TILEWIDTH),
                      long_tag(f, TIFFTAG_TILELENGTH), 0};
    size_t planes = form->is_planar ? form->samples : 1;
    tmsize_t size = TIFFTileSize(f->tiff);
    uint8_t *bytes = NULL;
    enum ims_result r = make_room(f, form, &b, size > 0 ? (size_t)size : 0, &bytes);
    for (b.plane = 0; !r && b.plane < planes; b.plane++)
        for (uint64_t y = 0; !r && y < form->height; y += b.height)
            for (uint64_t x = 0; !r && x < form->width; x += b.width) {
                b.x = (uint32_t)x;
                b.y = (uint32_t)y;
                r = read_tile(f, form, &b, bytes, page);
            }
    free(bytes);
    return r;
}

static enum ims_result read_page(struct file *f, uint8_t *page)
{
    struct ims__tiff_form form = {
        0}; /* its own: pages may differ in how they are stored */
    enum ims_result r = read_form(f, &form);
    if (r)
        return r;
    return TIFFIsTiled(f->tiff) ? read_tiles(f, &form, page)
                                : read_strips(f, &form, page);
}

static enum ims_result read_pages(struct file *f, size_t pages, size_t page_bytes,
                                  uint8_t *page)
{
    if (!TIFFSetDirectory(f->tiff, 0))
        return fail(f, "the first page cannot be read again");
    do {
        if (is_beside(f))
            continue;
        enum ims_result r = read_page(f, page);
        if (r || --pages == 0)
            return r;
        page += page_bytes;
    } while (go_on(f));
    return fail(f, "a page cannot be read again");
}

static enum ims_result decode(struct file *f, struct ims_array *out)
{
    struct ims__tiff_form form = {0};
    size_t pages = 0, bytes;
    enum ims_result r = survey(f, &form, &pages);
    if (r)
        return r;
    size_t shape[4] = {pages, form.height, form.width, ims__tiff_items(&form)};
    int first = pages == 1, ndim = 3 - first + (shape[3] > 1);
    if (!ims_shape_bytes(form.dtype, ndim, shape + first, &bytes) || bytes > f->max_bytes)
        return ims_fail(f->err, IMS_ERR_LIMIT,
                        "TIFF: %zu pages of %ux%u pixels are more than %zu bytes", pages,
                        form.width, form.height, f->max_bytes);
    struct ims_array array;
    r = ims_array_create(form.dtype, ndim, shape + first, &array, f->err);
    if (r)
        return r;
    r = read_pages(f, pages, bytes / pages, array.data);
    if (r)
        ims_array_finish(&array);
    else
        *out = array;
    return r;
}

enum ims_result ims_tiff_decode(const uint8_t *data, size_t size, size_t max_bytes,
                                struct ims_array *out, struct ims_error *err)
{
    struct file f = {.data = data, .size = size, .max_bytes = max_bytes, .err = err};
    enum ims_result r = open_tiff(&f);
    if (r)
        return r;
    r = decode(&f, out);
    TIFFClose(f.tiff);
    return r;
}
