/* SPDX-License-Identifier: MIT */
#include "params.h"

#include "../picture/rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ims__is_number(const struct ims_value *v)
{
    return v &&
           (v->kind == IMS_INTEGER || v->kind == IMS_UNSIGNED || v->kind == IMS_REAL);
}

bool ims__is_truthy(const struct ims_value *v)
{
    if (ims_value_is_null(v))
        return false;
    switch (v->kind) {
    case IMS_BOOLEAN: return v->as.boolean;
    case IMS_INTEGER: return v->as.integer != 0;
    case IMS_REAL: return v->as.real != 0;
    case IMS_TEXT: return v->as.text.size > 0;
    case IMS_BYTES: return v->as.bytes.size > 0;
    case IMS_LIST: return v->as.list.count > 0;
    case IMS_MAP: return v->as.map.count > 0;
    default: return true;
    }
}

/* Reads the text back in the type that it shall be told apart in. */
static bool reads_back(const char *text, double v, enum ims_dtype dtype)
{
    double back = strtod(text, NULL);
    if (dtype == IMS_F32)
        back = (double)strtof(text, NULL);
    else if (dtype == IMS_F16)
        back = (double)ims_f16_to_f32(ims__f64_to_f16(back));
    return back == v;
}

/* Python writes 1e+16 and 5e-05 with an exponent, all between in plain digits, and says ".0". */
static int format_real(double v, enum ims_dtype dtype, char out[32])
{
    if (!isfinite(v))
        return snprintf(out, 32, "%s", isnan(v) ? "nan" : v > 0 ? "inf" : "-inf");
    int digits = 1;
    do
        snprintf(out, 32, "%.*e", digits - 1, v);
    while (!reads_back(out, v, dtype) && ++digits < 18);
    long exponent = strtol(strchr(out, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= 16)
        return (int)strlen(out);
    double shortest = strtod(out, NULL);
    int decimals = digits - 1 - (int)exponent;
    return snprintf(out, 32, "%.*f", decimals > 0 ? decimals : 1, shortest);
}

int ims__format_as(const struct ims_value *v, enum ims_dtype dtype, char out[32])
{
    switch (v->kind) {
    case IMS_INTEGER: return snprintf(out, 32, "%" PRId64, v->as.integer);
    case IMS_UNSIGNED: return snprintf(out, 32, "%" PRIu64, v->as.unsigned_integer);
    case IMS_REAL: return format_real(v->as.real, dtype, out);
    default: return snprintf(out, 32, "?");
    }
}

int ims__format_number(const struct ims_value *v, char out[32])
{
    return ims__format_as(v, IMS_F64, out);
}
