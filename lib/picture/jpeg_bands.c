/* SPDX-License-Identifier: MIT */
/*
 * TurboJPEG encodes each band as a picture of its own; what follows its scan header is the band:
 *
 *     SOI APP0 DQT.. SOF0 DHT.. | DRI | SOS | band 0 | RST0 | band 1 | RST1 | .. | EOI
 *     ------- from band 0 -----   ours        the height in SOF0 is that of the whole
 */
#include "jpeg_bands.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

enum { SOF0 = 0xc0, SOS = 0xda, EOI = 0xd9, RST0 = 0xd0, DRI_BYTES = 6 };

static const int subsampling[] = {
    [IMS_CHROMA_GREY] = TJSAMP_GRAY,
    [IMS_CHROMA_420] = TJSAMP_420,
    [IMS_CHROMA_422] = TJSAMP_422,
    [IMS_CHROMA_444] = TJSAMP_444,
};

void ims__jpeg_coder_finish(struct ims__jpeg_coder *coder)
{
    if (coder->tj)
        (void)tjDestroy(coder->tj);
    free(coder->scratch);
    *coder = (struct ims__jpeg_coder){0};
}

static uint32_t band_height(const struct ims__jpeg_bands *b, uint32_t index)
{
    uint32_t left = b->height - index * IMS__JPEG_BAND_ROWS;

    return left < IMS__JPEG_BAND_ROWS ? left : IMS__JPEG_BAND_ROWS;
}

/* ---- memory ---- */

static void forget(struct ims__jpeg_bands *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        free(b->band[i].data);
    free(b->band);
    b->band = NULL;
    b->count = 0;
    b->head_size = b->scan_size = 0;
}

void ims__jpeg_bands_finish(struct ims__jpeg_bands *b)
{
    forget(b);
    free(b->out);
    *b = (struct ims__jpeg_bands){0};
}

enum ims_result ims__jpeg_bands_reserve(struct ims__jpeg_bands *b,
                                        const struct ims_planes *planes, int quality,
                                        struct ims_error *err)
{
    enum ims_result r = ims__jpeg_check(planes, quality, err);

    if (r)
        return r;
    if (b->band && b->width == planes->width && b->height == planes->height &&
        b->chroma == planes->chroma && b->quality == quality)
        return IMS_OK;
    forget(b);
    uint32_t count = (planes->height + IMS__JPEG_BAND_ROWS - 1) / IMS__JPEG_BAND_ROWS;
    b->band = calloc(count, sizeof *b->band);
    if (!b->band)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for the bands of a JPEG");
    b->count = count;
    b->width = planes->width;
    b->height = planes->height;
    b->chroma = planes->chroma;
    b->quality = quality;
    return IMS_OK;
}

static bool grow(uint8_t **data, size_t *capacity, size_t need)
{
    if (need <= *capacity)
        return true;
    free(*data);
    *capacity = 0;
    *data = malloc(need);
    if (*data)
        *capacity = need;
    return *data != NULL;
}

/* ---- heads ---- */

static size_t read_u16(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void put_u16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Where the scan begins (`sos` at its marker, `data` behind its header); TurboJPEG's own output, so
 * segments follow one another. */
static bool find_scan(const uint8_t *jpeg, size_t size, size_t *sof, size_t *sos,
                      size_t *data)
{
    size_t at = 2;

    *sof = 0;
    while (at + 4 <= size && jpeg[at] == 0xff) {
        size_t length = read_u16(jpeg + at + 2);
        if (jpeg[at + 1] == SOF0)
            *sof = at;
        if (jpeg[at + 1] == SOS) {
            *sos = at;
            *data = at + 2 + length;
            return *sof && *data + 2 <= size;
        }
        at += 2 + length;
    }
    return false;
}

/* MCUs between two markers: those of a band. */
static uint32_t restart_interval(const struct ims__jpeg_bands *b)
{
    int samp = subsampling[b->chroma];
    uint32_t wide = (uint32_t)tjMCUWidth[samp], high = (uint32_t)tjMCUHeight[samp];

    return (b->width + wide - 1) / wide * (IMS__JPEG_BAND_ROWS / high);
}

static bool keep_heads(struct ims__jpeg_bands *b, const uint8_t *jpeg, size_t sof,
                       size_t sos, size_t data)
{
    if (sos + DRI_BYTES > sizeof b->head || data - sos > sizeof b->scan ||
        restart_interval(b) > UINT16_MAX)
        return false;
    memcpy(b->head, jpeg, sos);
    put_u16(b->head + sof + 5, b->height);
    memcpy(b->head + sos, (const uint8_t[]){0xff, 0xdd, 0, 4}, 4);
    put_u16(b->head + sos + 4, restart_interval(b));
    b->head_size = sos + DRI_BYTES;
    memcpy(b->scan, jpeg + sos, data - sos);
    b->scan_size = data - sos;
    return true;
}

/* ---- bands ---- */

/* TurboJPEG's picture of one band in the coder's scratch; its length, 0: failed. */
static size_t compress(const struct ims__jpeg_bands *b, struct ims__jpeg_coder *coder,
                       uint32_t index, const struct ims_planes *planes)
{
    int samp = subsampling[b->chroma];
    size_t y = (size_t)index * IMS__JPEG_BAND_ROWS;
    size_t chroma_y = b->chroma == IMS_CHROMA_420 ? y / 2 : y;
    const uint8_t *plane[3] = {planes->plane[0] + y * (size_t)planes->stride[0]};
    unsigned long size = tjBufSize((int)b->width, (int)band_height(b, index), samp);

    for (int i = 1; i < 3 && b->chroma != IMS_CHROMA_GREY; i++)
        plane[i] = planes->plane[i] + chroma_y * (size_t)planes->stride[i];
    if (!coder->tj)
        coder->tj = tjInitCompress();
    if (!coder->tj || !grow(&coder->scratch, &coder->capacity, size))
        return 0;
    if (tjCompressFromYUVPlanes(coder->tj, plane, (int)b->width, planes->stride,
                                (int)band_height(b, index), samp, &coder->scratch, &size,
                                b->quality, TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC))
        return 0;
    return size;
}

enum ims_result ims__jpeg_band_encode(struct ims__jpeg_bands *b,
                                      struct ims__jpeg_coder *coder, uint32_t index,
                                      const struct ims_planes *planes,
                                      struct ims_error *err)
{
    struct ims__jpeg_band *band = &b->band[index];
    size_t size = compress(b, coder, index, planes), sof, sos, data;

    if (size == 0)
        return ims_fail(err, IMS_ERR_NOMEM, "JPEG: a band of %ux%u: %s", b->width,
                        band_height(b, index),
                        coder->tj ? tjGetErrorStr2(coder->tj) : "no memory");
    if (!find_scan(coder->scratch, size, &sof, &sos, &data) ||
        (index == 0 && !keep_heads(b, coder->scratch, sof, sos, data)))
        return ims_fail(err, IMS_ERR_LIMIT, "JPEG: %u pixels are too wide for bands",
                        b->width);
    size_t bytes = size - data - 2; /* without EOI */
    if (!grow(&band->data, &band->capacity, bytes)) {
        band->size = 0;
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a band of %zu bytes", bytes);
    }
    memcpy(band->data, coder->scratch + data, bytes);
    band->size = bytes;
    return IMS_OK;
}

/* ---- the whole ---- */

static uint8_t *append(uint8_t *at, const void *data, size_t size)
{
    memcpy(at, data, size);
    return at + size;
}

enum ims_result ims__jpeg_bands_join(struct ims__jpeg_bands *b, const uint8_t **out,
                                     size_t *size, struct ims_error *err)
{
    size_t total = b->head_size + b->scan_size + 2;

    for (uint32_t i = 0; i < b->count; i++)
        total += b->band[i].size + 2;
    if (!grow(&b->out, &b->capacity, total))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a JPEG of %zu bytes", total);
    uint8_t *at = append(b->out, b->head, b->head_size);
    at = append(at, b->scan, b->scan_size);
    for (uint32_t i = 0; i < b->count; i++) {
        at = append(at, b->band[i].data, b->band[i].size);
        uint8_t end = (uint8_t)(i + 1 < b->count ? RST0 + i % 8 : EOI);
        at = append(at, (const uint8_t[]){0xff, end}, 2);
    }
    *out = b->out;
    *size = (size_t)(at - b->out);
    return IMS_OK;
}
