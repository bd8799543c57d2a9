/* SPDX-License-Identifier: MIT */
#include "fakecam.h"

/* clang-format off */
const struct pixel_format pixel_formats[FORMAT_COUNT] = {
    {"MJPEG", "Motion-JPEG", V4L2_PIX_FMT_MJPEG, 0, 0, CHROMA_NONE, FILL_JPEG, 8},
    {"JPEG", "JFIF JPEG", V4L2_PIX_FMT_JPEG, 0, 0, CHROMA_NONE, FILL_JPEG, 8},
    {"YUYV", "YUYV 4:2:2", V4L2_PIX_FMT_YUYV, 2, 4, CHROMA_NONE, FILL_YUYV, 8},
    {"YVYU", "YVYU 4:2:2", V4L2_PIX_FMT_YVYU, 2, 4, CHROMA_NONE, FILL_YVYU, 8},
    {"UYVY", "UYVY 4:2:2", V4L2_PIX_FMT_UYVY, 2, 4, CHROMA_NONE, FILL_UYVY, 8},
    {"VYUY", "VYUY 4:2:2", V4L2_PIX_FMT_VYUY, 2, 4, CHROMA_NONE, FILL_VYUY, 8},
    {"GREY", "8-bit Greyscale", V4L2_PIX_FMT_GREY, 1, 1, CHROMA_NONE, FILL_LUMA, 8},
    {"Y10", "10-bit Greyscale", V4L2_PIX_FMT_Y10, 1, 2, CHROMA_NONE, FILL_DEEP, 10},
    {"Y12", "12-bit Greyscale", V4L2_PIX_FMT_Y12, 1, 2, CHROMA_NONE, FILL_DEEP, 12},
    {"Y14", "14-bit Greyscale", V4L2_PIX_FMT_Y14, 1, 2, CHROMA_NONE, FILL_DEEP, 14},
    {"Y16", "16-bit Greyscale", V4L2_PIX_FMT_Y16, 1, 2, CHROMA_NONE, FILL_DEEP, 16},
    {"Y16_BE", "16-bit Greyscale BE", V4L2_PIX_FMT_Y16_BE, 1, 2, CHROMA_NONE, FILL_DEEP_BE, 16},
    {"Y10BPACK", "10-bit Greyscale (Packed)", V4L2_PIX_FMT_Y10BPACK, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"Y10P", "10-bit Greyscale (MIPI Packed)", V4L2_PIX_FMT_Y10P, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"Y12P", "12-bit Greyscale (MIPI Packed)", v4l2_fourcc('Y', '1', '2', 'P'), 2, 3, CHROMA_NONE, FILL_BYTES, 12},
    {"RGB24", "24-bit RGB 8-8-8", V4L2_PIX_FMT_RGB24, 1, 3, CHROMA_NONE, FILL_LUMA, 8},
    {"BGR24", "24-bit BGR 8-8-8", V4L2_PIX_FMT_BGR24, 1, 3, CHROMA_NONE, FILL_LUMA, 8},
    {"XBGR32", "32-bit XBGR32", V4L2_PIX_FMT_XBGR32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"ABGR32", "32-bit ABGR32", V4L2_PIX_FMT_ABGR32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"BGR32", "32-bit BGR32", V4L2_PIX_FMT_BGR32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"XRGB32", "32-bit XRGB32", V4L2_PIX_FMT_XRGB32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"ARGB32", "32-bit ARGB32", V4L2_PIX_FMT_ARGB32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"RGB32", "32-bit RGB32", V4L2_PIX_FMT_RGB32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"RGBX32", "32-bit RGBX32", V4L2_PIX_FMT_RGBX32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"RGBA32", "32-bit RGBA32", V4L2_PIX_FMT_RGBA32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"BGRX32", "32-bit BGRX32", V4L2_PIX_FMT_BGRX32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"BGRA32", "32-bit BGRA32", V4L2_PIX_FMT_BGRA32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"YUV24", "24-bit A/XYUV 8-8-8-8", V4L2_PIX_FMT_YUV24, 1, 3, CHROMA_NONE, FILL_LUMA, 8},
    {"YUV32", "32-bit A/XYUV 8-8-8-8", V4L2_PIX_FMT_YUV32, 1, 4, CHROMA_NONE, FILL_LUMA, 8},
    {"RGB565", "16-bit RGB 5-6-5", V4L2_PIX_FMT_RGB565, 1, 2, CHROMA_NONE, FILL_BYTES, 8},
    {"RGB565X", "16-bit RGB 5-6-5 BE", V4L2_PIX_FMT_RGB565X, 1, 2, CHROMA_NONE, FILL_BYTES, 8},
    {"NV12", "Y/UV 4:2:0", V4L2_PIX_FMT_NV12, 1, 1, CHROMA_PAIRS_420, FILL_LUMA, 8},
    {"NV21", "Y/VU 4:2:0", V4L2_PIX_FMT_NV21, 1, 1, CHROMA_PAIRS_420, FILL_LUMA, 8},
    {"NV16", "Y/UV 4:2:2", V4L2_PIX_FMT_NV16, 1, 1, CHROMA_PAIRS_422, FILL_LUMA, 8},
    {"NV61", "Y/VU 4:2:2", V4L2_PIX_FMT_NV61, 1, 1, CHROMA_PAIRS_422, FILL_LUMA, 8},
    {"YUV420", "Planar YUV 4:2:0", V4L2_PIX_FMT_YUV420, 1, 1, CHROMA_PLANES_420, FILL_LUMA, 8},
    {"YVU420", "Planar YVU 4:2:0", V4L2_PIX_FMT_YVU420, 1, 1, CHROMA_PLANES_420, FILL_LUMA, 8},
    {"SRGGB8", "8-bit Bayer RGGB", V4L2_PIX_FMT_SRGGB8, 1, 1, CHROMA_NONE, FILL_LUMA, 8},
    {"SRGGB10", "10-bit Bayer RGGB", V4L2_PIX_FMT_SRGGB10, 1, 2, CHROMA_NONE, FILL_DEEP, 10},
    {"SRGGB12", "12-bit Bayer RGGB", V4L2_PIX_FMT_SRGGB12, 1, 2, CHROMA_NONE, FILL_DEEP, 12},
    {"SRGGB14", "14-bit Bayer RGGB", V4L2_PIX_FMT_SRGGB14, 1, 2, CHROMA_NONE, FILL_DEEP, 14},
    {"SRGGB16", "16-bit Bayer RGGB", V4L2_PIX_FMT_SRGGB16, 1, 2, CHROMA_NONE, FILL_DEEP, 16},
    {"SRGGB10P", "10-bit Bayer RGGB Packed", V4L2_PIX_FMT_SRGGB10P, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"SRGGB12P", "12-bit Bayer RGGB Packed", V4L2_PIX_FMT_SRGGB12P, 2, 3, CHROMA_NONE, FILL_BYTES, 12},
    {"SGRBG8", "8-bit Bayer GRBG", V4L2_PIX_FMT_SGRBG8, 1, 1, CHROMA_NONE, FILL_LUMA, 8},
    {"SGRBG10", "10-bit Bayer GRBG", V4L2_PIX_FMT_SGRBG10, 1, 2, CHROMA_NONE, FILL_DEEP, 10},
    {"SGRBG12", "12-bit Bayer GRBG", V4L2_PIX_FMT_SGRBG12, 1, 2, CHROMA_NONE, FILL_DEEP, 12},
    {"SGRBG14", "14-bit Bayer GRBG", V4L2_PIX_FMT_SGRBG14, 1, 2, CHROMA_NONE, FILL_DEEP, 14},
    {"SGRBG16", "16-bit Bayer GRBG", V4L2_PIX_FMT_SGRBG16, 1, 2, CHROMA_NONE, FILL_DEEP, 16},
    {"SGRBG10P", "10-bit Bayer GRBG Packed", V4L2_PIX_FMT_SGRBG10P, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"SGRBG12P", "12-bit Bayer GRBG Packed", V4L2_PIX_FMT_SGRBG12P, 2, 3, CHROMA_NONE, FILL_BYTES, 12},
    {"SGBRG8", "8-bit Bayer GBRG", V4L2_PIX_FMT_SGBRG8, 1, 1, CHROMA_NONE, FILL_LUMA, 8},
    {"SGBRG10", "10-bit Bayer GBRG", V4L2_PIX_FMT_SGBRG10, 1, 2, CHROMA_NONE, FILL_DEEP, 10},
    {"SGBRG12", "12-bit Bayer GBRG", V4L2_PIX_FMT_SGBRG12, 1, 2, CHROMA_NONE, FILL_DEEP, 12},
    {"SGBRG14", "14-bit Bayer GBRG", V4L2_PIX_FMT_SGBRG14, 1, 2, CHROMA_NONE, FILL_DEEP, 14},
    {"SGBRG16", "16-bit Bayer GBRG", V4L2_PIX_FMT_SGBRG16, 1, 2, CHROMA_NONE, FILL_DEEP, 16},
    {"SGBRG10P", "10-bit Bayer GBRG Packed", V4L2_PIX_FMT_SGBRG10P, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"SGBRG12P", "12-bit Bayer GBRG Packed", V4L2_PIX_FMT_SGBRG12P, 2, 3, CHROMA_NONE, FILL_BYTES, 12},
    {"SBGGR8", "8-bit Bayer BGGR", V4L2_PIX_FMT_SBGGR8, 1, 1, CHROMA_NONE, FILL_LUMA, 8},
    {"SBGGR10", "10-bit Bayer BGGR", V4L2_PIX_FMT_SBGGR10, 1, 2, CHROMA_NONE, FILL_DEEP, 10},
    {"SBGGR12", "12-bit Bayer BGGR", V4L2_PIX_FMT_SBGGR12, 1, 2, CHROMA_NONE, FILL_DEEP, 12},
    {"SBGGR14", "14-bit Bayer BGGR", V4L2_PIX_FMT_SBGGR14, 1, 2, CHROMA_NONE, FILL_DEEP, 14},
    {"SBGGR16", "16-bit Bayer BGGR", V4L2_PIX_FMT_SBGGR16, 1, 2, CHROMA_NONE, FILL_DEEP, 16},
    {"SBGGR10P", "10-bit Bayer BGGR Packed", V4L2_PIX_FMT_SBGGR10P, 4, 5, CHROMA_NONE, FILL_BYTES, 10},
    {"SBGGR12P", "12-bit Bayer BGGR Packed", V4L2_PIX_FMT_SBGGR12P, 2, 3, CHROMA_NONE, FILL_BYTES, 12},
};
/* clang-format on */

static uint32_t up(uint32_t n, uint32_t d)
{
    return (n + d - 1) / d;
}

uint32_t format_row(const struct pixel_format *format, uint32_t width)
{
    return format->group_pixels ? up(width, format->group_pixels) * format->group_bytes
                                : 0;
}

/* Rows of chroma follow those of luma, as the kernel's v4l2_fill_pixfmt lays them. */
uint32_t format_bytes(const struct pixel_format *format, uint32_t stride, uint32_t width,
                      uint32_t height)
{
    switch (format->chroma) {
    case CHROMA_PAIRS_420: return stride * height + up(stride, 2) * 2 * up(height, 2);
    case CHROMA_PAIRS_422: return stride * height + up(stride, 2) * 2 * height;
    case CHROMA_PLANES_420: return stride * height + up(stride, 2) * up(height, 2) * 2;
    default: return stride ? stride * height : width * height * 2 + 4096;
    }
}
