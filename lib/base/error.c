/* SPDX-License-Identifier: MIT */
#include <imshow/error.h>
#include <stdarg.h>
#include <stdio.h>

/* Texts quote what a stranger sent; a line break in it must not forge a second log line. */
static void keep_to_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void ims_error_set(struct ims_error *err, const char *fmt, ...)
{
    if (!err || err->text[0])
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    keep_to_one_line(err->text);
}

const char *ims_result_name(enum ims_result code)
{
    switch (code) {
    case IMS_OK: return "ok";
    case IMS_ERR_NOMEM: return "out of memory";
    case IMS_ERR_INVALID: return "invalid";
    case IMS_ERR_UNSUPPORTED: return "unsupported";
    case IMS_ERR_LIMIT: return "over a limit";
    case IMS_ERR_TRUNCATED: return "truncated";
    case IMS_ERR_IO: return "input/output error";
    }
    return "unknown error";
}
