/* SPDX-License-Identifier: MIT */
#include <imshow/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The fewest digits that read back to the same double. 15 always survive text -> double -> text, 17
 * always double -> text -> double, so that only three lengths need be tried; doubles below the normal
 * range have fewer digits and start at one. printf and strtod round correctly; their decimal point may
 * be a locale's, which is why digits are taken out and the point is set here.
 */
struct decimal {
    char digits[20];     /* without point; the first one is not zero */
    int count, exponent; /* d.ddd times 10^exponent */
};

static void take_digits(const char *text, struct decimal *d)
{
    d->count = 0;
    for (; *text != 'e'; text++)
        if (*text >= '0' && *text <= '9')
            d->digits[d->count++] = *text;
    d->exponent = (int)strtol(text + 1, NULL, 10);
    while (d->count > 1 && d->digits[d->count - 1] == '0')
        d->count--;
}

static struct decimal shortest(double v)
{
    struct decimal d;
    char text[40];

    for (int digits = v < 0x1p-1022 ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, v);
        if (strtod(text, NULL) == v)
            break;
    }
    take_digits(text, &d);
    return d;
}

static char *put_zeros(char *at, int count)
{
    for (; count > 0; count--)
        *at++ = '0';
    return at;
}

static char *put_digits(char *at, const struct decimal *d, int from, int to)
{
    for (int i = from; i < to; i++)
        *at++ = (char)(i < d->count ? d->digits[i] : '0');
    return at;
}

/* 0.00012, 120.0, 1.25 */
static char *put_fixed(char *at, const struct decimal *d)
{
    if (d->exponent < 0) {
        *at++ = '0';
        *at++ = '.';
        at = put_zeros(at, -d->exponent - 1);
        return put_digits(at, d, 0, d->count);
    }
    at = put_digits(at, d, 0, d->exponent + 1);
    *at++ = '.';
    if (d->count <= d->exponent + 1)
        *at++ = '0';
    return put_digits(at, d, d->exponent + 1, d->count);
}

/* 1e+16, 1.5e-07 */
static char *put_scientific(char *at, const struct decimal *d)
{
    *at++ = d->digits[0];
    if (d->count > 1) {
        *at++ = '.';
        at = put_digits(at, d, 1, d->count);
    }
    return at + snprintf(at, 8, "e%c%02d", d->exponent < 0 ? '-' : '+', abs(d->exponent));
}

static int copy_word(const char *word, char out[32])
{
    const size_t size = strlen(word);

    memcpy(out, word, size + 1);
    return (int)size;
}

int ims_format_f64(double v, char out[32])
{
    char *at = out;

    if (isnan(v))
        return copy_word("NaN", out);
    if (isinf(v))
        return copy_word(v < 0 ? "-Infinity" : "Infinity", out);
    if (v == 0)
        return copy_word(signbit(v) ? "-0.0" : "0.0", out);
    const struct decimal d = shortest(fabs(v));
    if (v < 0)
        *at++ = '-';
    at = d.exponent >= -4 && d.exponent < 16 ? put_fixed(at, &d) : put_scientific(at, &d);
    *at = '\0';
    return (int)(at - out);
}
