/* SPDX-License-Identifier: MIT */
#include "slice.h"

#include <criterion/criterion.h>
#include <imshow/json.h>
#include <string.h>

/* u8, whose items count up. */
static struct ims_array counting(int ndim, const size_t *shape)
{
    struct ims_array a;
    cr_assert_eq(ims_array_create(IMS_U8, ndim, shape, &a, NULL), IMS_OK);
    for (size_t i = 0; i < ims_array_count(&a); i++)
        a.data[i] = (uint8_t)i;
    return a;
}

static enum ims_result take(int ndim, const size_t *shape, const char *params,
                            const char *indices, struct slice *out, struct ims_error *err)
{
    struct ims_array a = counting(ndim, shape);
    struct ims_document *doc;
    cr_assert_eq(ims_json_parse(params, strlen(params), &doc, NULL), IMS_OK);
    enum ims_result r = slice_take(&a, &doc->root, indices, out, err);
    ims_document_destroy(doc);
    ims_array_finish(&a);
    return r;
}

static void expect(int ndim, const size_t *shape, const char *params, const char *indices,
                   int ndim_left, uint8_t first)
{
    struct slice slice;
    struct ims_error err = {0};
    cr_assert_eq(take(ndim, shape, params, indices, &slice, &err), IMS_OK, "%s",
                 err.text);
    cr_assert_eq(slice.picture.ndim, ndim_left);
    cr_assert_eq(slice.picture.data[0], first);
    ims_array_finish(&slice.picture);
}

static const size_t stack[] = {2, 5, 6}, film[] = {2, 4, 5, 3};

Test(slice, leaves_a_picture_alone)
{
    expect(2, stack + 1, "{}", NULL, 2, 0);
    expect(3, film + 1, "{}", NULL, 3, 0);
}

Test(slice, takes_leading_axes_until_a_picture_is_left)
{
    expect(3, stack, "{}", "1", 2, 30);
    expect(4, film, "{}", "1", 3, 60);
    expect(4, film, "{}", NULL, 3, 0);
}

Test(slice, takes_the_axes_that_the_parameters_name)
{
    expect(3, stack, "{\"facet_col\": -1}", "4", 2, 4);
    expect(4, film, "{\"facet_col\": 3, \"animation_frame\": 0}", "1,2", 2, 62);
}

Test(slice, says_when_it_chose)
{
    struct slice slice;
    cr_assert_eq(take(3, stack, "{}", NULL, &slice, NULL), IMS_OK);
    cr_assert(slice.is_chosen_for_you);
    cr_assert_eq(slice.leading, 1);
    ims_array_finish(&slice.picture);
}

Test(slice, refuses_what_does_not_fit)
{
    static const struct {
        const char *params, *indices, *words;
    } cases[] = {
        {"{}", "2", "axis 0 has 2 items"},
        {"{}", "0,0", "2 numbers, 1 axes"},
        {"{}", "x", "give I or I,J"},
        {"{}", "-1", "give I or I,J"},
        {"{\"facet_col\": 3}", NULL, "facet_col: no such axis"},
        {"{\"facet_col\": 0, \"facet_row\": 0}", NULL, "no such axis"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice slice;
        struct ims_error err = {0};
        cr_assert_eq(take(3, stack, cases[i].params, cases[i].indices, &slice, &err),
                     IMS_ERR_INVALID);
        cr_assert_not_null(strstr(err.text, cases[i].words), "%s", err.text);
    }
}
