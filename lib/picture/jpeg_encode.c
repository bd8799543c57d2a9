/* SPDX-License-Identifier: MIT */
#include "jpeg_bands.h"
#include "yuv.h"

#include <imshow/jpeg.h>
#include <limits.h>
#include <stdlib.h>
#include <turbojpeg.h>

struct ims_jpeg_encoder {
    tjhandle tj;
    uint8_t *out;
    size_t capacity;
    struct ims__i420 i420; /* scratch of the conversions */
};

enum ims_result ims_jpeg_encoder_create(struct ims_jpeg_encoder **out)
{
    struct ims_jpeg_encoder *enc = calloc(1, sizeof(*enc));

    if (enc == NULL)
        return IMS_ERR_NOMEM;
    enc->tj = tjInitCompress();
    if (enc->tj == NULL) {
        free(enc);
        return IMS_ERR_NOMEM;
    }
    *out = enc;
    return IMS_OK;
}

void ims_jpeg_encoder_destroy(struct ims_jpeg_encoder *enc)
{
    if (enc == NULL)
        return;
    (void)tjDestroy(enc->tj);
    ims__i420_finish(&enc->i420);
    free(enc->out);
    free(enc);
}

static const int subsampling[] = {
    [IMS_CHROMA_GREY] = TJSAMP_GRAY,
    [IMS_CHROMA_420] = TJSAMP_420,
    [IMS_CHROMA_422] = TJSAMP_422,
    [IMS_CHROMA_444] = TJSAMP_444,
};

enum ims_result ims__jpeg_check(const struct ims_planes *p, int quality,
                                struct ims_error *err)
{
    if (quality < 1 || quality > 100)
        return ims_fail(err, IMS_ERR_INVALID, "quality %d is outside 1..100", quality);
    if (p->width == 0 || p->height == 0)
        return ims_fail(err, IMS_ERR_INVALID, "a JPEG of %ux%u has no pixels", p->width,
                        p->height);
    if (p->width > IMS_JPEG_MAX_SIDE || p->height > IMS_JPEG_MAX_SIDE)
        return ims_fail(
            err, IMS_ERR_LIMIT,
            "%ux%u is more than JPEG's %d pixels a side; ask for a smaller width",
            p->width, p->height, IMS_JPEG_MAX_SIDE);
    for (int i = 0; i < (p->chroma == IMS_CHROMA_GREY ? 1 : 3); i++)
        if (p->plane[i] == NULL ||
            p->stride[i] < tjPlaneWidth(i, (int)p->width, subsampling[p->chroma]))
            return ims_fail(err, IMS_ERR_INVALID, "plane %d is shorter than its rows", i);
    return IMS_OK;
}

/* tjBufSize is the most that a JPEG of this size can need: with TJFLAG_NOREALLOC TurboJPEG then neither
 * allocates nor overruns. */
static enum ims_result reserve(struct ims_jpeg_encoder *enc, const struct ims_planes *p,
                               struct ims_error *err)
{
    unsigned long need = tjBufSize((int)p->width, (int)p->height, subsampling[p->chroma]);

    if (need == (unsigned long)-1)
        return ims_fail(err, IMS_ERR_LIMIT, "%ux%u is too large for a JPEG", p->width,
                        p->height);
    if (need <= enc->capacity)
        return IMS_OK;
    free(enc->out);
    enc->capacity = 0;
    enc->out = malloc(need);
    if (enc->out == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a JPEG of %ux%u", p->width,
                        p->height);
    enc->capacity = need;
    return IMS_OK;
}

enum ims_result ims_jpeg_encode(struct ims_jpeg_encoder *enc,
                                const struct ims_planes *planes, int quality,
                                const uint8_t **out, size_t *out_size,
                                struct ims_error *err)
{
    const uint8_t *plane[3] = {planes->plane[0], planes->plane[1], planes->plane[2]};
    unsigned long size;
    enum ims_result r = ims__jpeg_check(planes, quality, err);

    if (!r)
        r = reserve(enc, planes, err);
    if (r)
        return r;
    size = enc->capacity;
    if (tjCompressFromYUVPlanes(enc->tj, plane, (int)planes->width, planes->stride,
                                (int)planes->height, subsampling[planes->chroma],
                                &enc->out, &size, quality,
                                TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC))
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: %s", tjGetErrorStr2(enc->tj));
    *out = enc->out;
    *out_size = size;
    return IMS_OK;
}

static enum ims_result check_rows(size_t stride, size_t row_bytes, struct ims_error *err)
{
    if (stride < row_bytes || stride > INT_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a stride of %zu bytes for rows of %zu",
                        stride, row_bytes);
    return IMS_OK;
}

enum ims_result ims_jpeg_encode_yuyv(struct ims_jpeg_encoder *enc, const uint8_t *yuyv,
                                     uint32_t width, uint32_t height, size_t stride,
                                     int quality, const uint8_t **out, size_t *out_size,
                                     struct ims_error *err)
{
    enum ims_result r = check_rows(stride, ims__yuyv_row_bytes(width), err);

    if (!r)
        r = ims__i420_reserve(&enc->i420, width, height, err);
    if (r)
        return r;
    ims__i420_from_yuyv(&enc->i420, yuyv, stride);
    return ims_jpeg_encode(enc, &enc->i420.planes, quality, out, out_size, err);
}

enum ims_result ims_jpeg_encode_rgb(struct ims_jpeg_encoder *enc, const uint8_t *rgb,
                                    int channels, uint32_t width, uint32_t height,
                                    size_t stride, int quality, const uint8_t **out,
                                    size_t *out_size, struct ims_error *err)
{
    enum ims_result r;

    if (channels != 3 && channels != 4)
        return ims_fail(err, IMS_ERR_INVALID, "a JPEG of %d channels", channels);
    r = check_rows(stride, (size_t)width * (size_t)channels, err);
    if (!r)
        r = ims__i420_reserve(&enc->i420, width, height, err);
    if (r)
        return r;
    ims__i420_from_rgb(&enc->i420, rgb, channels, stride);
    return ims_jpeg_encode(enc, &enc->i420.planes, quality, out, out_size, err);
}
