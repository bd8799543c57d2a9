/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <imshow/colorscale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 64, NEAREST = 3 };

/* Edits (insert, drop, change, letter case aside) from `a` to `b`, for names up to NAME_MAX_BYTES. */
static int distance(const char *a, const char *b)
{
    int row[NAME_MAX_BYTES + 1];
    size_t n = strlen(b);

    for (size_t j = 0; j <= n; j++)
        row[j] = (int)j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = (int)i + 1;
        for (size_t j = 0; j < n; j++) {
            bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[j]);
            int change = diagonal + (same ? 0 : 1);
            int gap = 1 + (row[j] < row[j + 1] ? row[j] : row[j + 1]);
            diagonal = row[j + 1];
            row[j + 1] = change < gap ? change : gap;
        }
    }
    return row[n];
}

/* The names nearest to `name`, the nearest first. */
static void nearest(const char *name, const char *best[NEAREST])
{
    int score[NEAREST];

    for (int i = 0; i < NEAREST; i++) {
        best[i] = "";
        score[i] = 1 << 20;
    }
    for (const struct ims_colorscale *s = ims_colorscales; s->name != NULL; s++) {
        int d = distance(name, s->name), at = NEAREST;
        while (at > 0 && d < score[at - 1])
            at--;
        for (int i = NEAREST - 1; i > at; i--) {
            best[i] = best[i - 1];
            score[i] = score[i - 1];
        }
        if (at < NEAREST) {
            best[at] = s->name;
            score[at] = d;
        }
    }
}

static enum ims_result refuse(const char *name, struct ims_error *err)
{
    const char *best[NEAREST];

    if (strlen(name) >= NAME_MAX_BYTES)
        return ims_fail(err, IMS_ERR_INVALID,
                        "color_continuous_scale: the name is longer than any scale's");
    nearest(name, best);
    return ims_fail(
        err, IMS_ERR_INVALID,
        "color_continuous_scale: no scale is named '%s'; nearest are %s, %s, %s "
        "(and each with _r, reversed)",
        name, best[0], best[1], best[2]);
}

enum ims_result ims_colorscale_find(const char *name, const struct ims_colorscale **scale,
                                    bool *reversed, struct ims_error *err)
{
    size_t length = strlen(name);
    bool turned = length > 2 && strcasecmp(name + length - 2, "_r") == 0;

    if (turned)
        length -= 2;
    for (const struct ims_colorscale *s = ims_colorscales; s->name != NULL; s++) {
        if (strlen(s->name) == length && strncasecmp(s->name, name, length) == 0) {
            *scale = s;
            *reversed = turned;
            return IMS_OK;
        }
    }
    return refuse(name, err);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex(const char *text, uint8_t rgb[3])
{
    size_t length = strlen(text), step = length / 3;
    int v[6];

    if (length != 3 && length != 6)
        return false;
    for (size_t i = 0; i < length; i++) {
        v[i] = hex_digit(text[i]);
        if (v[i] < 0)
            return false;
    }
    for (size_t i = 0; i < 3; i++)
        rgb[i] = (uint8_t)(v[i * step] * 16 + v[i * step + step - 1]);
    return true;
}

/* Digits with at most one point, no sign, no exponent: strtod would also take "inf" and follow the
 * process's locale. */
static bool parse_decimal(const char **text, double *out)
{
    const char *p = *text;
    double v = 0, place = 0;
    int digits = 0;

    for (; isdigit((unsigned char)*p) || (*p == '.' && place == 0); p++) {
        if (*p == '.') {
            place = 1;
            continue;
        }
        digits++;
        v = v * 10 + (*p - '0');
        place *= 10;
    }
    *text = p;
    *out = place > 0 ? v / place : v;
    return digits > 0;
}

static void skip_blanks(const char **text)
{
    *text += strspn(*text, " \t");
}

static bool parse_rgb(const char *text, uint8_t rgb[3])
{
    uint8_t out[3];

    for (int i = 0; i < 3; i++) {
        double v;
        skip_blanks(&text);
        if (!parse_decimal(&text, &v) || v > 255)
            return false;
        out[i] = (uint8_t)floor(v + 0.5);
        skip_blanks(&text);
        if (*text++ != (i < 2 ? ',' : ')'))
            return false;
    }
    skip_blanks(&text);
    if (*text != '\0')
        return false;
    memcpy(rgb, out, sizeof(out));
    return true;
}

bool ims_color_parse(const char *text, uint8_t rgb[3])
{
    skip_blanks(&text);
    if (*text == '#')
        return parse_hex(text + 1, rgb);
    return strncasecmp(text, "rgb(", 4) == 0 && parse_rgb(text + 4, rgb);
}

static void stop_color(const struct ims_colorscale *scale, bool reversed, int at,
                       uint8_t rgb[3])
{
    /* The built-in scales hold nothing but colours that parse; a test walks them all. */
    if (!ims_color_parse(scale->colors[reversed ? scale->count - 1 - at : at], rgb))
        memset(rgb, 0, 3);
}

void ims_colorscale_table(const struct ims_colorscale *scale, bool reversed, int n,
                          uint8_t (*rgb)[3])
{
    int parts = scale->count - 1;

    for (int i = 0; i < n; i++) {
        /* In integers: stop = i * parts / (n - 1), the rest being the share of the next stop. Rounding
         * half up is exact that way. */
        int whole = n > 1 ? n - 1 : 1;
        int at = i * parts / whole, share = i * parts % whole;
        uint8_t a[3], b[3];

        stop_color(scale, reversed, at, a);
        stop_color(scale, reversed, at < parts ? at + 1 : at, b);
        for (int c = 0; c < 3; c++) {
            int sum = a[c] * (whole - share) + b[c] * share;
            rgb[i][c] = (uint8_t)((2 * sum + whole) / (2 * whole));
        }
    }
}
