/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Texts are Python's repr(). */
static const struct {
    double value;
    const char *text;
} cases[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {100.0, "100.0"},
    {1e15, "1000000000000000.0"},
    {1e16, "1e+16"},
    {1.5e16, "1.5e+16"},
    {123456789012345680.0, "1.2345678901234568e+17"},
    {9007199254740993.0, "9007199254740992.0"},
    {0.0001, "0.0001"},
    {0.00001, "1e-05"},
    {1.25e-7, "1.25e-07"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {2.0 / 3, "0.6666666666666666"},
    {(double)0.1f, "0.10000000149011612"},
    {5e-324, "5e-324"},
    {1.5e-323, "1.5e-323"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {2.225073858507201e-308, "2.225073858507201e-308"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {1e100, "1e+100"},
    {123.456, "123.456"},
    {1e22, "1e+22"},
    {2251799813685248.5, "2251799813685248.5"},
    {299792458.0, "299792458.0"},
    {-273.15, "-273.15"},
    {1e-300, "1e-300"},
    {12345678901234567.0, "1.2345678901234568e+16"},
};

Test(number, is_written_as_python_writes_it)
{
    char text[32];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int length = ims_format_f64(cases[i].value, text);
        cr_assert_str_eq(text, cases[i].text);
        cr_assert_eq((size_t)length, strlen(text));
    }
    ims_format_f64(NAN, text);
    cr_assert_str_eq(text, "NaN");
    ims_format_f64(-INFINITY, text);
    cr_assert_str_eq(text, "-Infinity");
}

/* Bit patterns from a fixed generator: every kind of double. */
Test(number, reads_back_to_the_same_double)
{
    uint64_t state = 88172645463325252u;
    char text[32];

    for (int i = 0; i < 100000; i++) {
        double v;
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        memcpy(&v, &state, sizeof v);
        if (!isfinite(v))
            continue;
        const int length = ims_format_f64(v, text);
        cr_assert(length > 0 && length < 32 && strlen(text) == (size_t)length);
        const double back = strtod(text, NULL);
        cr_assert_eq(memcmp(&back, &v, sizeof v), 0, "%s", text);
    }
}

Test(number, has_a_point_in_every_locale)
{
    char text[32];

    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        cr_skip_test("no German locale here");
    ims_format_f64(1.5, text);
    setlocale(LC_NUMERIC, "C");
    cr_assert_str_eq(text, "1.5");
}
