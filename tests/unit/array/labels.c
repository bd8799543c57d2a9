/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/array.h>
#include <imshow/json.h>
#include <math.h>
#include <string.h>

static enum ims_result parse(const char *json, struct ims_labels **out,
                             struct ims_error *err)
{
    struct ims_document *doc;

    cr_assert(ims_json_parse(json, strlen(json), &doc, err) == IMS_OK, "%s", err->text);
    enum ims_result r = ims_labels_parse(&doc->root, out, err);
    ims_document_destroy(doc);
    return r;
}

/* What xarray 2023's to_dict() gives for a DataArray, less its data. */
static const char field[] =
    "{\"dims\": [\"time\", \"lat\", \"kind\"], \"name\": \"air\", \"attrs\": {\"units\": "
    "\"K\", "
    "\"long_name\": \"air temperature\", \"levels\": [1, 2], \"precision\": 2},"
    "\"coords\": {\"time\": {\"dims\": [\"time\"], \"attrs\": {}, \"data\": [0, 6]}, "
    "\"lat\": {\"dims\": [\"lat\"], \"attrs\": {\"units\": \"degrees_north\"}, \"data\": "
    "[75.0, null, 70]},"
    "\"kind\": {\"dims\": [\"kind\"], \"attrs\": {}, \"data\": [\"a\", \"b\"]}, "
    "\"height\": {\"dims\": [], \"attrs\": {}, \"data\": 2.0}}}";

static double coord(const struct ims_dim *dim, size_t i)
{
    return ims_item_f64(dim->coords.dtype, ims_array_at(&dim->coords, &i));
}

Test(labels, are_read_from_the_form_of_to_dict)
{
    struct ims_labels *l;
    struct ims_error err = {0};

    cr_assert(parse(field, &l, &err) == IMS_OK, "%s", err.text);
    cr_assert_str_eq(l->name, "air");
    cr_assert_str_eq(l->long_name, "air temperature");
    cr_assert_str_eq(l->units, "K");
    cr_assert_eq(l->ndim, 3);
    cr_assert_str_eq(l->dims[0].name, "time");
    cr_assert(l->dims[0].coords.dtype == IMS_I64 && coord(&l->dims[0], 1) == 6);
    cr_assert_str_eq(l->dims[1].units, "degrees_north");
    cr_assert(l->dims[1].coords.dtype == IMS_F64 && coord(&l->dims[1], 0) == 75);
    cr_assert(isnan(coord(&l->dims[1], 1)), "null is a gap");
    cr_assert(l->dims[2].coords.ndim == 0 && !strcmp(l->dims[2].texts[1], "b"));
    ims_labels_unref(&l);
    cr_assert_null(l);
}

Test(labels, fit_only_their_own_shape)
{
    struct ims_labels *l;
    struct ims_error err = {0};

    cr_assert(parse(field, &l, &err) == IMS_OK);
    cr_assert(ims_labels_fit(l, 3, (size_t[]){2, 3, 2}, &err) == IMS_OK);
    cr_assert(ims_labels_fit(l, 2, (size_t[]){2, 3}, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_labels_fit(l, 3, (size_t[]){2, 3, 3}, NULL) == IMS_ERR_INVALID);
    cr_assert(ims_labels_fit(l, 3, (size_t[]){2, 4, 2}, &err) == IMS_ERR_INVALID);
    cr_assert_str_eq(err.text, "dimension \"lat\" has 3 coordinates and length 4");
    ims_labels_unref(&l);
}

Test(labels, without_coordinates_fit_any_length)
{
    struct ims_labels *l;
    struct ims_error err = {0};

    cr_assert(parse("{\"dims\": [\"y\", null]}", &l, &err) == IMS_OK, "%s", err.text);
    cr_assert(ims_labels_fit(l, 2, (size_t[]){7, 9}, &err) == IMS_OK);
    cr_assert(l->dims[1].name == NULL && l->name == NULL);
    ims_labels_unref(&l);
}

Test(labels, lose_the_dimension_of_a_slice)
{
    struct ims_labels *l;
    struct ims_error err = {0};
    struct ims_array a, plane;

    cr_assert(parse(field, &l, &err) == IMS_OK);
    cr_assert(ims_array_create(IMS_U8, 3, (size_t[]){2, 3, 2}, &a, NULL) == IMS_OK);
    a.labels = l;
    cr_assert(ims_array_slice(&a, 1, 0, &plane, NULL) == IMS_OK);
    ims_array_finish(&a);
    cr_assert_eq(plane.labels->ndim, 2);
    cr_assert_str_eq(plane.labels->name, "air");
    cr_assert_str_eq(plane.labels->dims[0].name, "time");
    cr_assert_eq(coord(&plane.labels->dims[0], 1), 6);
    cr_assert_str_eq(plane.labels->dims[1].texts[0], "a");
    ims_array_finish(&plane);
}

Test(labels, that_mean_nothing_are_refused_with_their_place)
{
    const char *bad[] = {
        "{}",
        "[]",
        "{\"dims\": \"y\"}",
        "{\"dims\": [1]}",
        "{\"dims\": [\"y\"], \"coords\": {\"y\": {\"data\": 3}}}",
        "{\"dims\": [\"y\"], \"coords\": {\"y\": {\"data\": [1, \"a\"]}}}",
        "{\"dims\": [\"y\"], \"coords\": {\"y\": {\"data\": [\"a\", 1]}}}",
        "{\"dims\": [\"y\"], \"coords\": {\"y\": {\"data\": [[1]]}}}"};
    struct ims_labels *l = NULL;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ims_error err = {0};
        cr_assert(parse(bad[i], &l, &err) == IMS_ERR_INVALID, "case %zu", i);
        cr_assert_eq(strncmp(err.text, "labelled: ", 10), 0, "%s", err.text);
        cr_assert_null(l);
    }
    struct ims_error err = {0};
    cr_assert(parse("{\"dims\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
                    &l, &err) == IMS_ERR_LIMIT);
}

Test(labels, a_stack_has_the_time_before_the_names_of_its_arrays)
{
    struct ims_labels *l, *stack;
    struct ims_array times;
    const size_t count = 3, shape[] = {3, 2, 3, 2};
    cr_assert_eq(parse(field, &l, NULL), IMS_OK);
    cr_assert_eq(ims_array_create(IMS_I64, 1, &count, &times, NULL), IMS_OK);
    memset(times.data, 0, 3 * sizeof(int64_t));
    cr_assert_eq(ims_labels_stack(l, "moment", &times, &stack), IMS_OK);
    ims_array_finish(&times);
    ims_labels_unref(&l);
    cr_assert_eq(stack->ndim, 4);
    cr_expect_str_eq(stack->dims[0].name, "moment");
    cr_expect_eq(stack->dims[0].dates, IMS_DATE_US);
    cr_expect_str_eq(stack->dims[1].name, "time");
    cr_expect_str_eq(stack->dims[3].texts[1], "b");
    cr_expect_str_eq(stack->units, "K");
    cr_expect_str_eq(stack->long_name, "air temperature");
    cr_expect_eq(ims_labels_fit(stack, 4, shape, NULL), IMS_OK);
    ims_labels_unref(&stack);
}
