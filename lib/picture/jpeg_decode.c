/* SPDX-License-Identifier: MIT */
#include <imshow/jpeg.h>
#include <turbojpeg.h>

struct head {
    int width, height;
    bool grey;
};

static enum ims_result read_head(tjhandle tj, const uint8_t *data, size_t size,
                                 struct head *out, struct ims_error *err)
{
    int subsamp, colorspace;

    if (tjDecompressHeader3(tj, data, size, &out->width, &out->height, &subsamp,
                            &colorspace) < 0)
        return ims_fail(err, IMS_ERR_INVALID, "JPEG: %s", tjGetErrorStr2(tj));
    if (colorspace == TJCS_CMYK || colorspace == TJCS_YCCK)
        return ims_fail(err, IMS_ERR_UNSUPPORTED,
                        "JPEG: CMYK pictures are not read; convert it to RGB");
    out->grey = colorspace == TJCS_GRAY;
    return IMS_OK;
}

/* Overflow of the product is left to ims_shape_bytes. */
static enum ims_result make_array(const struct head *head, size_t max_bytes,
                                  struct ims_array *out, struct ims_error *err)
{
    size_t shape[3] = {(size_t)head->height, (size_t)head->width, 3}, bytes;
    int ndim = head->grey ? 2 : 3;

    if (!ims_shape_bytes(IMS_U8, ndim, shape, &bytes) || bytes > max_bytes)
        return ims_fail(err, IMS_ERR_LIMIT, "JPEG: %dx%d pixels are more than %zu bytes",
                        head->width, head->height, max_bytes);
    return ims_array_create(IMS_U8, ndim, shape, out, err);
}

/* Warnings are failures: what libjpeg warns of (a missing end, spoilt codes) it paints over in grey. */
static enum ims_result read_pixels(tjhandle tj, const uint8_t *data, size_t size,
                                   const struct head *head, struct ims_array *array,
                                   struct ims_error *err)
{
    int flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;

    if (tjDecompress2(tj, data, size, array->data, head->width, 0, head->height,
                      head->grey ? TJPF_GRAY : TJPF_RGB, flags) == 0)
        return IMS_OK;
    return ims_fail(
        err, ims_jpeg_length(data, size) == 0 ? IMS_ERR_TRUNCATED : IMS_ERR_INVALID,
        "JPEG: %s", tjGetErrorStr2(tj));
}

static enum ims_result decode(tjhandle tj, const uint8_t *data, size_t size,
                              size_t max_bytes, struct ims_array *out,
                              struct ims_error *err)
{
    struct head head;
    struct ims_array array = {0};
    enum ims_result r = read_head(tj, data, size, &head, err);

    if (!r)
        r = make_array(&head, max_bytes, &array, err);
    if (r)
        return r;
    r = read_pixels(tj, data, size, &head, &array, err);
    if (r)
        ims_array_finish(&array);
    else
        *out = array;
    return r;
}

enum ims_result ims_jpeg_decode(const uint8_t *data, size_t size, size_t max_bytes,
                                struct ims_array *out, struct ims_error *err)
{
    uint32_t width, height;
    int components;
    enum ims_result r = ims_jpeg_head(data, size, &width, &height, &components, err);

    if (r)
        return r;
    tjhandle tj = tjInitDecompress();
    if (tj == NULL)
        return ims_fail(err, IMS_ERR_NOMEM, "no memory for a JPEG decoder");
    r = decode(tj, data, size, max_bytes, out, err);
    (void)tjDestroy(tj);
    return r;
}
