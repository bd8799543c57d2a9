/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include "rescale.h"

#include <imshow/jpeg.h>
#include <imshow/png.h>

enum { FIGURE_JPEG_QUALITY = 75 }; /* what Pillow writes unasked */

static int channels_of(const struct ims_array *a)
{
    return a->ndim == 2 ? 1 : (int)a->shape[2];
}

static enum ims_result take_level(const struct ims_figure_params *params, int *out,
                                  struct ims_error *err)
{
    const struct ims_value *v = ims__param(params, "binary_compression_level");
    int64_t level = IMS_PNG_LEVEL_DEFAULT;
    if (v && (!ims_value_as_i64(v, &level) || level < 0 || level > 9))
        return ims_fail(err, IMS_ERR_INVALID,
                        "compression level must be between 0 and 9.");
    *out = (int)level;
    return IMS_OK;
}

static enum ims_result check_shape(const struct ims_array *a, struct ims_error *err)
{
    if (a->ndim != 2 && (a->ndim != 3 || (a->shape[2] != 3 && a->shape[2] != 4)))
        return ims_fail(err, IMS_ERR_INVALID, "Invalid image shape");
    if (a->shape[0] == 0 || a->shape[1] == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a picture has one pixel or more");
    if (a->shape[0] > UINT32_MAX || a->shape[1] > UINT32_MAX)
        return ims_fail(err, IMS_ERR_LIMIT, "a picture's side is at most %u", UINT32_MAX);
    return IMS_OK;
}

enum ims_result ims__encoding_resolve(const struct ims_figure_params *params,
                                      const struct ims_array *array,
                                      struct ims__encoding *out, struct ims_error *err)
{
    struct ims__encoding e;
    enum ims_result r = take_level(params, &e.level, err);
    if (!r)
        r = check_shape(array, err);
    if (r)
        return r;
    e.is_jpeg = ims__param_is(params, "binary_format", "jpg") ||
                ims__param_is(params, "binary_format", "jpeg");
    bool is_png = !ims__param(params, "binary_format") ||
                  ims__param_is(params, "binary_format", "png");
    bool is_pil = !ims__param(params, "binary_backend") ||
                  ims__param_is(params, "binary_backend", "auto") ||
                  ims__param_is(params, "binary_backend", "pil");
    if (!is_png && !is_pil)
        return ims_fail(err, IMS_ERR_INVALID,
                        "jpg binary strings are only available with PIL backend");
    if (e.is_jpeg && channels_of(array) == 4)
        return ims_fail(err, IMS_ERR_INVALID, "cannot write mode RGBA as JPEG");
    if (e.is_jpeg &&
        (array->shape[0] > IMS_JPEG_MAX_SIDE || array->shape[1] > IMS_JPEG_MAX_SIDE))
        return ims_fail(err, IMS_ERR_LIMIT, "a JPEG's side is at most %d",
                        IMS_JPEG_MAX_SIDE);
    *out = e;
    return IMS_OK;
}

static enum ims_result encode_png(const struct ims_array *a, int level,
                                  struct ims_bytes *out, struct ims_error *err)
{
    int channels = channels_of(a);
    struct ims_png_image image = {
        .width = (uint32_t)a->shape[1],
        .height = (uint32_t)a->shape[0],
        .kind = channels == 1   ? IMS_PNG_GREY
                : channels == 3 ? IMS_PNG_RGB
                                : IMS_PNG_RGBA,
        .bits = 8,
        .pixels = a->data,
        .stride = a->shape[1] * (size_t)channels,
    };
    return ims_png_encode(&image, level, out, err);
}

static enum ims_result encode_jpeg_with(struct ims_jpeg_encoder *encoder,
                                        const struct ims_array *a, const uint8_t **data,
                                        size_t *size, struct ims_error *err)
{
    uint32_t width = (uint32_t)a->shape[1], height = (uint32_t)a->shape[0];
    if (a->ndim == 3)
        return ims_jpeg_encode_rgb(encoder, a->data, 3, width, height, 3 * (size_t)width,
                                   FIGURE_JPEG_QUALITY, data, size, err);
    struct ims_planes planes = {
        .width = width,
        .height = height,
        .chroma = IMS_CHROMA_GREY,
        .plane = {a->data},
        .stride = {(int)width},
    };
    return ims_jpeg_encode(encoder, &planes, FIGURE_JPEG_QUALITY, data, size, err);
}

static enum ims_result encode_jpeg(const struct ims_array *a, struct ims_bytes *out,
                                   struct ims_error *err)
{
    struct ims_jpeg_encoder *encoder;
    enum ims_result r = ims_jpeg_encoder_create(&encoder);
    if (r)
        return r;
    const uint8_t *data = NULL;
    size_t size = 0;
    r = encode_jpeg_with(encoder, a, &data, &size, err);
    if (!r) {
        ims_bytes_append(out, data, size);
        r = out->result;
    }
    ims_jpeg_encoder_destroy(encoder);
    return r;
}

enum ims_result ims__picture_encode(const struct ims__picture *picture,
                                    struct ims_bytes *out, struct ims_error *err)
{
    struct ims_array samples;
    enum ims_result r =
        picture->has_limits
            ? ims__rescale(picture->array, picture->lo, picture->hi, &samples, err)
            : ims_array_c_ordered(picture->array, &samples, err);
    if (r)
        return r;
    r = picture->encoding.is_jpeg
            ? encode_jpeg(&samples, out, err)
            : encode_png(&samples, picture->encoding.level, out, err);
    ims_array_finish(&samples);
    return r;
}
