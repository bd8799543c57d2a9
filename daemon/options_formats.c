/* SPDX-License-Identifier: MIT */
#include "options_formats.h"

#include <linux/videodev2.h>
#include <stdbool.h>
#include <string.h>

/* In the order in which capture prefers them (capture/v4l2_kind.h). */
static const struct {
    const char *name;
    uint32_t code;
} formats[] = {
    {"MJPEG", V4L2_PIX_FMT_MJPEG},       {"JPEG", V4L2_PIX_FMT_JPEG},
    {"NV12", V4L2_PIX_FMT_NV12},         {"NV21", V4L2_PIX_FMT_NV21},
    {"NV12M", V4L2_PIX_FMT_NV12M},       {"NV21M", V4L2_PIX_FMT_NV21M},
    {"YUV420", V4L2_PIX_FMT_YUV420},     {"YVU420", V4L2_PIX_FMT_YVU420},
    {"YUV420M", V4L2_PIX_FMT_YUV420M},   {"YVU420M", V4L2_PIX_FMT_YVU420M},
    {"YUYV", V4L2_PIX_FMT_YUYV},         {"YVYU", V4L2_PIX_FMT_YVYU},
    {"UYVY", V4L2_PIX_FMT_UYVY},         {"VYUY", V4L2_PIX_FMT_VYUY},
    {"NV16", V4L2_PIX_FMT_NV16},         {"NV61", V4L2_PIX_FMT_NV61},
    {"NV16M", V4L2_PIX_FMT_NV16M},       {"NV61M", V4L2_PIX_FMT_NV61M},
    {"RGB24", V4L2_PIX_FMT_RGB24},       {"BGR24", V4L2_PIX_FMT_BGR24},
    {"RGB565", V4L2_PIX_FMT_RGB565},     {"RGB565X", V4L2_PIX_FMT_RGB565X},
    {"XBGR32", V4L2_PIX_FMT_XBGR32},     {"ABGR32", V4L2_PIX_FMT_ABGR32},
    {"BGR32", V4L2_PIX_FMT_BGR32},       {"XRGB32", V4L2_PIX_FMT_XRGB32},
    {"ARGB32", V4L2_PIX_FMT_ARGB32},     {"RGB32", V4L2_PIX_FMT_RGB32},
    {"RGBX32", V4L2_PIX_FMT_RGBX32},     {"RGBA32", V4L2_PIX_FMT_RGBA32},
    {"BGRX32", V4L2_PIX_FMT_BGRX32},     {"BGRA32", V4L2_PIX_FMT_BGRA32},
    {"SRGGB8", V4L2_PIX_FMT_SRGGB8},     {"SGRBG8", V4L2_PIX_FMT_SGRBG8},
    {"SGBRG8", V4L2_PIX_FMT_SGBRG8},     {"SBGGR8", V4L2_PIX_FMT_SBGGR8},
    {"SRGGB10", V4L2_PIX_FMT_SRGGB10},   {"SGRBG10", V4L2_PIX_FMT_SGRBG10},
    {"SGBRG10", V4L2_PIX_FMT_SGBRG10},   {"SBGGR10", V4L2_PIX_FMT_SBGGR10},
    {"SRGGB10P", V4L2_PIX_FMT_SRGGB10P}, {"SGRBG10P", V4L2_PIX_FMT_SGRBG10P},
    {"SGBRG10P", V4L2_PIX_FMT_SGBRG10P}, {"SBGGR10P", V4L2_PIX_FMT_SBGGR10P},
    {"SRGGB12", V4L2_PIX_FMT_SRGGB12},   {"SGRBG12", V4L2_PIX_FMT_SGRBG12},
    {"SGBRG12", V4L2_PIX_FMT_SGBRG12},   {"SBGGR12", V4L2_PIX_FMT_SBGGR12},
    {"SRGGB12P", V4L2_PIX_FMT_SRGGB12P}, {"SGRBG12P", V4L2_PIX_FMT_SGRBG12P},
    {"SGBRG12P", V4L2_PIX_FMT_SGBRG12P}, {"SBGGR12P", V4L2_PIX_FMT_SBGGR12P},
    {"SRGGB14", V4L2_PIX_FMT_SRGGB14},   {"SGRBG14", V4L2_PIX_FMT_SGRBG14},
    {"SGBRG14", V4L2_PIX_FMT_SGBRG14},   {"SBGGR14", V4L2_PIX_FMT_SBGGR14},
    {"SRGGB16", V4L2_PIX_FMT_SRGGB16},   {"SGRBG16", V4L2_PIX_FMT_SGRBG16},
    {"SGBRG16", V4L2_PIX_FMT_SGBRG16},   {"SBGGR16", V4L2_PIX_FMT_SBGGR16},
    {"GREY", V4L2_PIX_FMT_GREY},         {"Y10", V4L2_PIX_FMT_Y10},
    {"Y12", V4L2_PIX_FMT_Y12},           {"Y14", V4L2_PIX_FMT_Y14},
    {"Y16", V4L2_PIX_FMT_Y16},           {"Y16_BE", V4L2_PIX_FMT_Y16_BE},
    {"Y10BPACK", V4L2_PIX_FMT_Y10BPACK}, {"Y10P", V4L2_PIX_FMT_Y10P},
    {"Y12P", V4L2_PIX_FMT_Y12P},
};
enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static uint32_t code_of(const char letters[4])
{
    const unsigned char *c = (const unsigned char *)letters;
    return v4l2_fourcc(c[0], c[1], c[2], c[3]);
}

uint32_t pixel_format_named(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return formats[i].code;
    if (strlen(name) != 4)
        return 0;
    uint32_t code = code_of(name);
    return pixel_format_name(code) ? code : 0;
}

const char *pixel_format_name(uint32_t code)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].code == code)
            return formats[i].name;
    return NULL;
}

void pixel_formats_print(FILE *file, const char *indent)
{
    enum { COLUMNS = 90 };
    size_t at = COLUMNS;
    for (int i = 0; i < FORMAT_COUNT; i++) {
        size_t size = strlen(formats[i].name) + 1;
        bool is_full = at + size > COLUMNS;
        if (is_full)
            at = strlen(indent);
        fprintf(file, "%s%s%s", is_full && i ? "\n" : "", is_full ? indent : " ",
                formats[i].name);
        at += size;
    }
    fputs("\n", file);
}
