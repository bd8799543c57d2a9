/* SPDX-License-Identifier: MIT */
/* What the daemon says, in the bytes of the wire vectors and in hostile ones. */
#include "../../support/vectors.h"

#include <push_private.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PARSE(text) parse(text, sizeof(text) - 1)

static struct push_answer parse(const void *bytes, size_t size)
{
    struct push_answer answer;
    cr_assert_eq(ims__push_answer_parse(bytes, size, &answer), (ssize_t)size);
    return answer;
}

Test(push_answer, is_read_out_of_maps_of_every_head)
{
    struct push_answer a = PARSE("\x82\xa4type\xa5ready\xa7"
                                 "credits\x02");
    cr_assert_eq(a.type, ANSWER_READY);
    cr_assert_eq(a.credits, 2);
    a = PARSE("\xdf\0\0\0\x02\xa4type\xa6"
              "credit\xa4slot\xcc\x03");
    cr_assert_eq(a.type, ANSWER_CREDIT);
    cr_assert_eq(a.slot, 3);
    cr_assert_eq(a.frames, -1);
}

Test(push_answer, keeps_the_words_of_an_error)
{
    struct push_answer a = PARSE("\x83\xa4type\xa5"
                                 "error\xa4"
                                 "code\xa9"
                                 "bad-frame\xa4text\xa2no");
    cr_assert_eq(a.type, ANSWER_ERROR);
    cr_assert_str_eq(a.error.code, "bad-frame");
    cr_assert_str_eq(a.error.text, "no");
}

Test(push_answer, passes_over_what_a_later_version_may_say)
{
    struct push_answer a = PARSE("\x84\xa1x\x92\x81\xa1y\x91\x07\xc0\xa4slot\x91\x05"
                                 "\xa1z\xcb\0\0\0\0\0\0\0\0\xa4type\xa4pool");
    cr_assert_eq(a.type, ANSWER_POOL);
    cr_assert_eq(a.slot, -1, "a list is no number");
}

Test(push_answer, waits_for_the_rest_of_a_message)
{
    static const char whole[] = "\x82\xa4type\xa6"
                                "credit\xa6"
                                "frames\x01";
    struct push_answer answer;
    for (size_t size = 0; size < sizeof whole - 1; size++)
        cr_assert_eq(ims__push_answer_parse((const uint8_t *)whole, size, &answer), 0);
    answer = parse(whole, sizeof whole - 1);
    cr_assert_eq(answer.frames, 1);
}

Test(push_answer, refuses_what_is_no_map_and_what_never_ends)
{
    static const char *const wrong[] = {"\xc1", "\x07", "\x91\x01", "HTTP/1.1 400"};
    static uint8_t endless[ANSWER_BYTES_MAX];
    struct push_answer answer;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_assert_eq(
            ims__push_answer_parse((const uint8_t *)wrong[i], strlen(wrong[i]), &answer),
            -1);
    memcpy(endless, "\xdf\xff\xff\xff\xff", 5);
    cr_assert_eq(ims__push_answer_parse(endless, sizeof endless, &answer), -1);
}

/* Each message that a pusher is answered, as the vectors have it. */
Test(push_answer, reads_the_vectors)
{
    struct vectors v = vectors_open("wire/push.json");
    int count = 0;
    for (size_t i = 0; i < v.count; i++) {
        const char *name = vector_text(&v.cases[i], "name");
        if (strncmp(name, "ready", 5) && strncmp(name, "error", 5) &&
            strncmp(name, "credit", 6))
            continue;
        struct vector_bytes row = vector_hex(ims_value_get(&v.cases[i], "bytes"));
        struct push_answer answer = parse(row.data, row.size);
        cr_assert_neq(answer.type, ANSWER_OTHER, "%s", name);
        free(row.data);
        count++;
    }
    cr_assert_gt(count, 1);
    vectors_close(&v);
}
