/* SPDX-License-Identifier: MIT */
#include <imshow/png.h>
#include <spng.h>
#include <string.h>

enum {
    MAX_SIDE = 1 << 24,
    CHUNK_BYTES = 1 << 22, /* of what is not pixels: texts, profiles */
    CACHE_BYTES = 1 << 23,
};

static uint32_t big_endian(const uint8_t b[4])
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* True when the chunks lead to a whole IEND: libspng is content without its checksum. */
static bool has_end(const uint8_t *data, size_t size)
{
    size_t at = 8; /* behind the signature, which libspng checks */

    while (at <= size && size - at >= 12) {
        size_t length = big_endian(data + at);
        if (length > size - at - 12)
            return false;
        if (memcmp(data + at + 4, "IEND", 4) == 0)
            return true;
        at += length + 12;
    }
    return false;
}

/* What libspng shall decode to, and the array that this makes. */
struct form {
    int format;
    bool transparency; /* tRNS becomes an alpha channel */
    enum ims_dtype dtype;
    int samples;
};

static enum ims_result fail(struct ims_error *err, int code)
{
    switch (code) {
    case SPNG_EMEM: return ims_fail(err, IMS_ERR_NOMEM, "no memory for a PNG");
    case SPNG_EUSER_WIDTH:
    case SPNG_EUSER_HEIGHT:
    case SPNG_ECHUNK_LIMITS:
        return ims_fail(err, IMS_ERR_LIMIT, "PNG: %s", spng_strerror(code));
    case SPNG_IO_EOF:
    case SPNG_EOF:
    case SPNG_EIDAT_TOO_SHORT:
        return ims_fail(err, IMS_ERR_TRUNCATED, "PNG: ends too early (%s)",
                        spng_strerror(code));
    default: return ims_fail(err, IMS_ERR_INVALID, "PNG: %s", spng_strerror(code));
    }
}

static int set_up(spng_ctx *png, const uint8_t *data, size_t size)
{
    int r = spng_set_image_limits(png, MAX_SIDE, MAX_SIDE);

    if (!r)
        r = spng_set_chunk_limits(png, CHUNK_BYTES, CACHE_BYTES);
    if (!r)
        r = spng_set_crc_action(png, SPNG_CRC_ERROR, SPNG_CRC_ERROR);
    return r ? r : spng_set_png_buffer(png, data, size);
}

static struct form form_of(const struct spng_ihdr *ihdr, bool has_trns)
{
    bool wide = ihdr->bit_depth == 16;
    bool alpha = has_trns || ihdr->color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                 ihdr->color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
    enum ims_dtype dtype = wide ? IMS_U16 : IMS_U8;

    if (alpha)
        return (struct form){wide ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8, has_trns, dtype, 4};
    if (ihdr->color_type == SPNG_COLOR_TYPE_GRAYSCALE)
        return (struct form){wide ? SPNG_FMT_PNG : SPNG_FMT_G8, false, dtype, 1};
    return (struct form){wide ? SPNG_FMT_PNG : SPNG_FMT_RGB8, false, dtype, 3};
}

static enum ims_result make_array(const struct form *form, const struct spng_ihdr *ihdr,
                                  size_t max_bytes, struct ims_array *out,
                                  struct ims_error *err)
{
    size_t shape[3] = {ihdr->height, ihdr->width, (size_t)form->samples}, bytes;
    int ndim = form->samples == 1 ? 2 : 3;

    if (!ims_shape_bytes(form->dtype, ndim, shape, &bytes) || bytes > max_bytes)
        return ims_fail(err, IMS_ERR_LIMIT, "PNG: %ux%u pixels are more than %zu bytes",
                        ihdr->width, ihdr->height, max_bytes);
    return ims_array_create(form->dtype, ndim, shape, out, err);
}

/* The pixels, then the chunks behind them: a file without its end is no whole file. */
static int read_pixels(spng_ctx *png, const struct form *form, struct ims_array *array)
{
    size_t bytes = ims_array_count(array) * ims_dtype_size(array->dtype);
    int r = spng_decode_image(png, array->data, bytes, form->format,
                              form->transparency ? SPNG_DECODE_TRNS : 0);

    return r ? r : spng_decode_chunks(png);
}

static enum ims_result decode(spng_ctx *png, size_t max_bytes, struct ims_array *out,
                              struct ims_error *err)
{
    struct spng_ihdr ihdr;
    struct spng_trns trns;
    struct ims_array array = {0};
    enum ims_result r;
    int code = spng_get_ihdr(png, &ihdr);

    if (code)
        return fail(err, code);
    code = spng_get_trns(png, &trns); /* reads up to the pixels */
    if (code != 0 && code != SPNG_ECHUNKAVAIL)
        return fail(err, code);
    struct form form = form_of(&ihdr, code == 0);
    r = make_array(&form, &ihdr, max_bytes, &array, err);
    if (r)
        return r;
    code = read_pixels(png, &form, &array);
    if (code) {
        ims_array_finish(&array);
        return fail(err, code);
    }
    *out = array;
    return IMS_OK;
}

enum ims_result ims_png_decode(const uint8_t *data, size_t size, size_t max_bytes,
                               struct ims_array *out, struct ims_error *err)
{
    spng_ctx *png = spng_ctx_new(0);
    struct ims_array array = {0};
    enum ims_result r;

    if (png == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a PNG decoder");
    int code = set_up(png, data, size);
    r = code ? fail(err, code) : decode(png, max_bytes, &array, err);
    if (!r && !has_end(data, size))
        r = ims_fail(err, IMS_ERR_TRUNCATED, "PNG: ends before its IEND chunk does");
    if (r)
        ims_array_finish(&array);
    else
        *out = array;
    spng_ctx_free(png);
    return r;
}
