/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/json.h>
#include <imshow/raster.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

TestSuite(raster);

static const struct ims_raster_options unit = {
    .x_range = {0, 1}, .y_range = {0, 1}, .width = 4, .height = 2};

static struct ims_raster *make(const struct ims_raster_options *o)
{
    struct ims_raster *r;
    struct ims_error err = {0};
    cr_assert_eq(ims_raster_create(o, &r, &err), IMS_OK, "%s", err.text);
    return r;
}

static void add(struct ims_raster *r, double x, double y, double value, int64_t now_us)
{
    ims_raster_add(r,
                   &(struct ims_points){
                       .dtype = IMS_F64, .count = 1, .x = &x, .y = &y, .value = &value},
                   now_us);
}

static double cell(struct ims_raster *r, int64_t now_us, size_t row, size_t column)
{
    struct ims_array a;
    cr_assert_eq(ims_raster_read(r, now_us, &a, NULL), IMS_OK);
    double v = ims_item_f64(a.dtype, ims_array_at(&a, (size_t[]){row, column}));
    ims_array_finish(&a);
    return v;
}

/* ---- the bins ---- */

/* numpy's way: the edges by linspace, then how many of them are not above the value. */
static long bin_by_search(double lo, double hi, long bins, double v)
{
    double step = (hi - lo) / (double)bins;
    long at = -1;
    if (!(v >= lo && v <= hi))
        return -1;
    for (long i = 0; i < bins; i++)
        if (v >= (double)i * step + lo)
            at = i;
    return at;
}

static void check_edges(double lo, double hi, uint32_t bins)
{
    struct ims_raster_options o = {
        .x_range = {lo, hi}, .y_range = {0, 1}, .width = bins, .height = 1};
    struct ims_raster *r = make(&o);
    uint32_t *want = calloc(bins, sizeof *want);
    double step = (hi - lo) / bins;

    for (long i = 0; i <= (long)bins; i++) {
        double e = (double)i * step + lo;
        const double near[] = {e, nextafter(e, -INFINITY), nextafter(e, INFINITY),
                               i == (long)bins ? hi : e + step / 2};
        for (int k = 0; k < 4; k++) {
            long at = bin_by_search(lo, hi, bins, near[k]);
            add(r, near[k], 0.5, 0, 0);
            if (at >= 0)
                want[at]++;
        }
    }
    for (uint32_t i = 0; i < bins; i++)
        cr_assert_eq(cell(r, 0, 0, i), want[i], "%g..%g, bin %u of %u", lo, hi, i, bins);
    free(want);
    ims_raster_destroy(r);
}

Test(raster, edges_fall_as_histogram2d_has_them)
{
    check_edges(0, 1, 10);
    check_edges(-0.1, 0.7, 7);
    check_edges(-1e6, 1e-3, 33);
    check_edges(1e15, 1e15 + 64, 9);
    check_edges(-3, 1e300, 5);
    check_edges(0.1, 0.3, 97);
}

Test(raster, rows_are_y_and_columns_are_x)
{
    struct ims_raster *r = make(&unit);
    add(r, 0.9, 0.1, 0, 0);
    cr_assert_eq(cell(r, 0, 0, 3), 1);
    cr_assert_eq(cell(r, 0, 1, 3), 0);
    ims_raster_destroy(r);
}

Test(raster, what_is_outside_or_no_number_is_counted_and_left_out)
{
    struct ims_raster_options o = unit;
    o.agg = IMS_RASTER_SUM;
    struct ims_raster *r = make(&o);
    const double odd[] = {-0.001, 1.001, NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 5; i++) {
        add(r, odd[i], 0.5, 1, 0);
        add(r, 0.5, odd[i], 1, 0);
    }
    add(r, 0.5, 0.5, NAN, 0);
    add(r, 0.5, 0.5, INFINITY, 0);
    add(r, 0.5, 0.5, 3, 0);
    cr_assert_eq(ims_raster_outside(r), 12);
    cr_assert_eq(ims_raster_added(r), 13);
    cr_assert_eq(cell(r, 0, 1, 2), 3);
    cr_assert_eq(cell(r, 0, 0, 0), 0);
    ims_raster_destroy(r);
}

Test(raster, items_may_lie_at_any_address_and_in_either_precision)
{
    struct ims_raster *r = make(&unit);
    float x[3] = {0.1F, 0.4F, 0.9F}, y[3] = {0.1F, 0.6F, 1.0F};
    uint8_t bytes[2][sizeof x + 1];
    memcpy(bytes[0] + 1, x, sizeof x);
    memcpy(bytes[1] + 1, y, sizeof y);
    ims_raster_add(
        r,
        &(struct ims_points){
            .dtype = IMS_F32, .count = 3, .x = bytes[0] + 1, .y = bytes[1] + 1},
        0);
    cr_assert_eq(cell(r, 0, 0, 0), 1);
    cr_assert_eq(cell(r, 0, 1, 1), 1);
    cr_assert_eq(cell(r, 0, 1, 3), 1);
    ims_raster_destroy(r);
}

/* ---- the aggregations ---- */

struct kept {
    uint32_t count;
    double sum, least, greatest, last;
};

static double want_of(enum ims_raster_agg agg, const struct kept *k)
{
    switch (agg) {
    case IMS_RASTER_COUNT: return k->count;
    case IMS_RASTER_SUM: return k->sum;
    case IMS_RASTER_MEAN: return k->count ? k->sum / k->count : NAN;
    case IMS_RASTER_MIN: return k->count ? k->least : NAN;
    case IMS_RASTER_MAX: return k->count ? k->greatest : NAN;
    default: return k->count ? k->last : NAN;
    }
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_agg(enum ims_raster_agg agg)
{
    enum { POINTS = 5000, SIDE = 20 };
    struct ims_raster_options o = {
        .x_range = {-1, 1}, .y_range = {0, 3}, .width = SIDE, .height = SIDE, .agg = agg};
    struct ims_raster *r = make(&o);
    static double x[POINTS], y[POINTS], v[POINTS];
    struct kept kept[SIDE][SIDE] = {0};
    srandom(7);
    for (int i = 0; i < POINTS; i++) {
        x[i] = (double)random() / RAND_MAX * 2.2 - 1.1;
        y[i] = (double)random() / RAND_MAX * 1.5;
        v[i] = (double)random() / RAND_MAX - 0.5;
        long cx = bin_by_search(-1, 1, SIDE, x[i]), cy = bin_by_search(0, 3, SIDE, y[i]);
        if (cx < 0 || cy < 0)
            continue;
        struct kept *k = &kept[cy][cx];
        k->least = k->count ? fmin(k->least, v[i]) : v[i];
        k->greatest = k->count ? fmax(k->greatest, v[i]) : v[i];
        k->sum += v[i];
        k->last = v[i];
        k->count++;
    }
    ims_raster_add(r,
                   &(struct ims_points){
                       .dtype = IMS_F64, .count = POINTS, .x = x, .y = y, .value = v},
                   0);
    for (size_t row = 0; row < SIDE; row++)
        for (size_t column = 0; column < SIDE; column++)
            cr_assert(same(cell(r, 0, row, column), want_of(agg, &kept[row][column])),
                      "%s at %zu, %zu", ims_raster_agg_name(agg), row, column);
    ims_raster_destroy(r);
}

Test(raster, every_aggregation_equals_the_plain_sum_of_its_points)
{
    for (int agg = 0; agg < IMS_RASTER_AGG_COUNT; agg++)
        check_agg((enum ims_raster_agg)agg);
}

/* ---- time ---- */

Test(raster, no_point_counts_for_longer_than_the_window)
{
    struct ims_raster_options o = unit;
    o.window_s = 16;
    struct ims_raster *r = make(&o);
    for (int64_t t = 0; t < 100; t++) {
        add(r, 0.1, 0.1, 0, t * 1000000);
        int64_t want = t < 15 ? t + 1 : 16; /* one a slice, and a slice a second */
        cr_assert_eq(cell(r, t * 1000000 + 999999, 0, 0), (double)want, "after %d s",
                     (int)t);
    }
    cr_assert_eq(cell(r, 99000000 + 15000000, 0, 0), 1);
    cr_assert_eq(cell(r, 99000000 + 16000000, 0, 0), 0);
    ims_raster_destroy(r);
}

Test(raster, a_window_knows_least_greatest_mean_and_last_of_what_is_left)
{
    static const struct {
        enum ims_raster_agg agg;
        double all, later;
    } rows[] = {{IMS_RASTER_MIN, -3, 2},
                {IMS_RASTER_MAX, 7, 7},
                {IMS_RASTER_MEAN, 2, 4.5},
                {IMS_RASTER_SUM, 6, 9},
                {IMS_RASTER_LAST, 2, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ims_raster_options o = unit;
        o.window_s = 16;
        o.agg = rows[i].agg;
        struct ims_raster *r = make(&o);
        add(r, 0.1, 0.1, -3, 500000);
        add(r, 0.1, 0.1, 7, 8000000);
        add(r, 0.1, 0.1, 2, 9000000);
        cr_assert_eq(cell(r, 10000000, 0, 0), rows[i].all);
        cr_assert_eq(cell(r, 17000000, 0, 0), rows[i].later);
        double gone = cell(r, 60000000, 0, 0);
        cr_assert(rows[i].agg == IMS_RASTER_SUM ? gone == 0 : isnan(gone));
        ims_raster_destroy(r);
    }
}

Test(raster, decay_fades_to_1_over_e_and_forgets_nothing_by_rounding)
{
    struct ims_raster_options o = unit;
    o.decay_s = 2;
    struct ims_raster *r = make(&o);
    double want = 0;
    for (int t = 0; t < 200; t++) { /* past where all cells shrink at once */
        want = want * exp(-0.5) + 1;
        add(r, 0.1, 0.1, 0, (int64_t)t * 1000000);
    }
    cr_assert_float_eq(cell(r, 199000000, 0, 0), want, 1e-12 * want);
    cr_assert_float_eq(cell(r, 201000000, 0, 0), want / exp(1), 1e-12 * want);
    cr_assert_eq(cell(r, INT64_C(1000000000000000), 0, 0), 0);
    ims_raster_destroy(r);
}

Test(raster, a_mean_that_fades_leans_to_what_came_last)
{
    struct ims_raster_options o = unit;
    o.decay_s = 1;
    o.agg = IMS_RASTER_MEAN;
    struct ims_raster *r = make(&o);
    add(r, 0.1, 0.1, 10, 0);
    add(r, 0.1, 0.1, 20, 1000000);
    double w = exp(-1);
    cr_assert_float_eq(cell(r, 5000000, 0, 0), (10 * w + 20) / (w + 1), 1e-12);
    cr_assert(isnan(cell(r, 5000000, 1, 1)));
    ims_raster_destroy(r);
}

Test(raster, a_clock_that_runs_backwards_stands_still)
{
    struct ims_raster_options o = unit;
    o.window_s = 16;
    struct ims_raster *r = make(&o);
    add(r, 0.1, 0.1, 0, 5000000);
    add(r, 0.1, 0.1, 0, -5000000);
    cr_assert_eq(cell(r, 0, 0, 0), 2);
    ims_raster_destroy(r);
}

/* ---- labels, bounds ---- */

Test(raster, the_grid_names_its_axes_and_the_middles_of_its_bins)
{
    struct ims_raster *r = make(&unit);
    struct ims_array a;
    cr_assert_eq(ims_raster_read(r, 0, &a, NULL), IMS_OK);
    cr_assert_str_eq(a.labels->name, "count");
    cr_assert_str_eq(a.labels->dims[0].name, "y");
    cr_assert_str_eq(a.labels->dims[1].name, "x");
    cr_assert_eq(((const double *)(const void *)a.labels->dims[1].coords.data)[1], 0.375);
    cr_assert_eq(((const double *)(const void *)a.labels->dims[0].coords.data)[1], 0.75);
    cr_assert_eq(ims_labels_fit(a.labels, a.ndim, a.shape, NULL), IMS_OK);
    ims_array_finish(&a);
    ims_raster_destroy(r);
}

static void refused(const char *json, const char *word)
{
    struct ims_document *doc;
    struct ims_raster_options o;
    struct ims_raster *r;
    struct ims_error err = {0};
    cr_assert_eq(ims_json_parse(json, strlen(json), &doc, NULL), IMS_OK, "%s", json);
    enum ims_result result = ims_raster_options_parse(&doc->root, &o, &err);
    if (!result)
        result = ims_raster_create(&o, &r, &err);
    ims_document_destroy(doc);
    cr_assert(result == IMS_ERR_INVALID || result == IMS_ERR_LIMIT, "%s", json);
    cr_assert(strstr(err.text, word), "\"%s\" says nothing of %s", err.text, word);
}

#define RANGES "\"x_range\": [0, 1], \"y_range\": [0, 1]"

Test(raster, what_cannot_be_made_is_refused_by_name)
{
    refused("[]", "x_range");
    refused("{\"x_range\": [0, 1]}", "y_range");
    refused("{\"x_range\": [1, 0], \"y_range\": [0, 1]}", "x_range");
    refused("{\"x_range\": [0, 1], \"y_range\": [3, 3]}", "y_range");
    refused("{\"x_range\": [1e15, 1000000000000001], \"y_range\": [0, 1]}", "x_range");
    refused("{\"x_range\": [-1.7e308, 1.7e308], \"y_range\": [0, 1]}", "x_range");
    refused("{" RANGES ", \"width\": 0}", "width");
    refused("{" RANGES ", \"height\": 8193}", "height");
    refused("{" RANGES ", \"width\": 8192, \"height\": 8192, \"agg\": \"mean\"}",
            "bytes");
    refused("{" RANGES ", \"width\": 4096, \"height\": 4096, \"window_s\": 1}",
            "decay_s for window_s");
    refused("{" RANGES ", \"agg\": \"median\"}", "agg");
    refused("{" RANGES ", \"window_s\": -1}", "window_s");
    refused("{" RANGES ", \"decay_s\": 1e10}", "decay_s");
    refused("{" RANGES ", \"window_s\": 1, \"decay_s\": 1}", "only one");
    refused("{" RANGES ", \"decay_s\": 1, \"agg\": \"max\"}", "window_s");
    refused("{" RANGES ", \"window_s\": \"long\"}", "window_s");
}

Test(raster, defaults_are_a_count_of_512_by_512)
{
    struct ims_document *doc;
    struct ims_raster_options o;
    const char json[] = "{" RANGES ", \"color\": 3}";
    cr_assert_eq(ims_json_parse(json, sizeof json - 1, &doc, NULL), IMS_OK);
    cr_assert_eq(ims_raster_options_parse(&doc->root, &o, NULL), IMS_OK);
    ims_document_destroy(doc);
    cr_assert_eq(o.width, 512);
    cr_assert_eq(o.height, 512);
    cr_assert_eq(o.agg, IMS_RASTER_COUNT);
    cr_assert_eq(o.window_s, 0);
    struct ims_raster *r = make(&o);
    struct ims_array a;
    cr_assert_eq(ims_raster_read(r, 0, &a, NULL), IMS_OK);
    cr_assert_eq(a.dtype, IMS_U32);
    ims_array_finish(&a);
    ims_raster_destroy(r);
}
