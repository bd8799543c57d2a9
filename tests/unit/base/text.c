/* SPDX-License-Identifier: MIT */
#include "../../../lib/base/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(utf8, accepts_what_is_valid)
{
    const char *valid[] = {"",           "abc",    "µ",          "\u20ac",
                           "\U0001f600", "\uffff", "\U0010ffff", "a\u00e9b"};

    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
        cr_assert(ims__utf8_valid(valid[i], strlen(valid[i])), "%s", valid[i]);
}

Test(utf8, refuses_what_is_not)
{
    const char *invalid[] = {"\x80",
                             "\xc3",
                             "\xc0\xaf",
                             "\xc1\xbf",
                             "\xe0\x80\x80",
                             "\xed\xa0\x80",
                             "\xf0\x80\x80\x80",
                             "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80",
                             "\xff",
                             "\xe2\x82",
                             "a\xe2\x28\xa1"};

    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
        cr_assert_not(ims__utf8_valid(invalid[i], strlen(invalid[i])), "case %zu", i);
}

/* RFC 4648, section 10. */
Test(base64, writes_the_vectors_of_its_standard)
{
    const char *vectors[][2] = {{"", ""},
                                {"f", "Zg=="},
                                {"fo", "Zm8="},
                                {"foo", "Zm9v"},
                                {"foob", "Zm9vYg=="},
                                {"fooba", "Zm9vYmE="},
                                {"foobar", "Zm9vYmFy"},
                                {"\xff\xfe\xfb\xf0", "//778A=="}};
    char out[16];

    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const size_t size = strlen(vectors[i][0]);
        cr_assert_eq(ims__base64_size(size), strlen(vectors[i][1]));
        ims__base64((const uint8_t *)vectors[i][0], size, out);
        cr_assert_eq(memcmp(out, vectors[i][1], ims__base64_size(size)), 0, "case %zu",
                     i);
    }
}

Test(base64, encodes_bytes_that_lie_at_the_end_of_its_own_output)
{
    for (size_t size = 0; size < 200; size++) {
        const size_t text_size = ims__base64_size(size);
        uint8_t *data = malloc(size + 1);
        char *apart = malloc(text_size + 1), *place = malloc(text_size + 1);
        for (size_t i = 0; i < size; i++)
            data[i] = (uint8_t)(i * 37 + size);
        ims__base64(data, size, apart);
        memcpy(place + text_size - size, data, size);
        ims__base64((uint8_t *)place + text_size - size, size, place);
        cr_assert_eq(memcmp(apart, place, text_size), 0, "size %zu", size);
        free(data);
        free(apart);
        free(place);
    }
}
