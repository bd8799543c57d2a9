/* SPDX-License-Identifier: MIT */
#include "serve/dropin.h"
#include "serve/query.h"

#include <criterion/criterion.h>

static struct ims_document *query_of(const char *parameter, const char *other)
{
    struct ims_document *doc = NULL;
    struct query query;
    query_begin(&query);
    query_add(&query, parameter);
    if (other)
        query_add(&query, other);
    cr_assert_eq(query_end(&query, &doc, NULL), IMS_OK);
    return doc;
}

static const char *path_with(const char *path, const char *parameter)
{
    struct ims_document *doc = query_of(parameter, NULL);
    const char *to = dropin_path(path, &doc->root);
    ims_document_destroy(doc);
    return to;
}

Test(dropin, actions_of_mjpg_streamer_are_paths)
{
    cr_assert_str_eq(path_with("/", "action=stream"), "/stream");
    cr_assert_str_eq(path_with("/", "action=snapshot"), "/snapshot");
    cr_assert_str_eq(path_with("/", "action=command"), "/");
    cr_assert_str_eq(path_with("/", "action=5"), "/");
    cr_assert_str_eq(path_with("/healthz", "action=stream"), "/healthz");
}

static struct dropin_wish wish_of(const char *parameter)
{
    struct ims_document *doc = query_of(parameter, NULL);
    struct dropin_wish wish = dropin_wish(&doc->root);
    ims_document_destroy(doc);
    return wish;
}

Test(dropin, a_wish_is_on_for_1_and_true)
{
    cr_assert(wish_of("extra_headers=1").extra_headers);
    cr_assert(wish_of("zero_data=true").zero_data);
    cr_assert_not(wish_of("zero_data=0").zero_data);
    cr_assert_not(wish_of("dual_final_frames=false").dual_final_frames);
    cr_assert_not(wish_of("advance_headers=maybe").advance_headers);
}

Test(dropin, a_key_is_what_a_cookie_may_hold_or_nothing)
{
    cr_assert_str_eq(wish_of("key=me_1-X").key, "me_1-X");
    cr_assert_str_eq(wish_of("key=17").key, "17");
    cr_assert_str_eq(wish_of("key=a b").key, "");
    cr_assert_str_eq(wish_of("key=a;b").key, "");
    cr_assert_str_eq(wish_of("key=0123456789012345678901234567890123456").key, "");
}

Test(dropin, parameters_of_a_view_are_not_counted)
{
    struct ims_document *doc = query_of("key=a", "width=3");
    cr_assert_eq(dropin_count(&doc->root), 1);
    ims_document_destroy(doc);
}

Test(dropin, readers_have_the_rate_of_the_last_whole_second)
{
    struct dropin_reader *list = NULL;
    struct dropin_reader one = {.id = 1}, two = {.id = 2};
    dropin_reader_add(&list, &one);
    dropin_reader_add(&list, &two);
    for (uint64_t ms = 10000; ms < 11000; ms += 100)
        dropin_reader_count(&one, ms);
    cr_assert_eq(dropin_reader_fps(&one, 10999), 0);
    cr_assert_eq(dropin_reader_fps(&one, 11500), 10);
    dropin_reader_count(&one, 11500);
    cr_assert_eq(dropin_reader_fps(&one, 11600), 10);
    cr_assert_eq(dropin_reader_fps(&one, 13000), 0);
    dropin_reader_remove(&one);
    dropin_reader_remove(&one);
    cr_assert_eq(list, &two);
    cr_assert_null(two.next);
    dropin_reader_remove(&two);
    cr_assert_null(list);
}
