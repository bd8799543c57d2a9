/* SPDX-License-Identifier: MIT */
#include <imshow/text.h>

#include <criterion/criterion.h>
#include <string.h>

enum { W = 40, H = 30 };

static uint8_t pixels[H * W * 4];

static struct ims_canvas blank(int channels)
{
    memset(pixels, 0, sizeof pixels);
    return (struct ims_canvas){pixels, W, H, (size_t)W * (size_t)channels, channels};
}

static int count_set(void)
{
    int count = 0;
    for (size_t i = 0; i < sizeof pixels; i++)
        count += pixels[i] != 0;
    return count;
}

Test(text, tells_its_box)
{
    uint32_t w, h;
    ims_text_size("abc", 1, &w, &h);
    cr_assert_eq(w, 24);
    cr_assert_eq(h, 13);
    ims_text_size("abc\nd\xc2\xb5", 2, &w, &h);
    cr_assert_eq(w, 48);
    cr_assert_eq(h, 52);
    ims_text_size("", 3, &w, &h);
    cr_assert_eq(w, 0);
}

Test(text, draws_a_dash_as_one_row)
{
    struct ims_canvas canvas = blank(1);
    ims_text_draw(&canvas, 0, 0, "-", 1, &(uint8_t){200});
    int rows = 0;
    for (int y = 0; y < 13; y++) {
        int row = 0;
        for (int x = 0; x < 8; x++)
            row += pixels[y * W + x] == 200;
        rows += row > 0;
        cr_assert(row == 0 || row >= 5, "a dash is one row of pixels");
    }
    cr_assert_eq(rows, 1);
}

Test(text, magnifies_each_pixel_to_a_square)
{
    struct ims_canvas canvas = blank(1);
    ims_text_draw(&canvas, 0, 0, "A", 1, &(uint8_t){255});
    int once = count_set();
    canvas = blank(1);
    ims_text_draw(&canvas, 0, 0, "A", 2, &(uint8_t){255});
    cr_assert_gt(once, 10);
    cr_assert_eq(count_set(), 4 * once);
}

Test(text, writes_three_channels_and_leaves_alpha)
{
    struct ims_canvas canvas = blank(4);
    ims_text_draw(&canvas, 0, 0, "A", 1, (uint8_t[]){1, 2, 3});
    for (size_t i = 0; i < (size_t)W * H; i++) {
        cr_assert_eq(pixels[4 * i + 3], 0);
        cr_assert(!pixels[4 * i] || memcmp(pixels + 4 * i, "\1\2\3", 3) == 0);
    }
}

Test(text, is_clipped_on_every_side)
{
    struct ims_canvas canvas = blank(1);
    canvas.width = canvas.height = 10; /* what lies beyond belongs to others */
    canvas.data = pixels + 5 * W + 5;
    for (int64_t y = -20; y <= 20; y++)
        for (int64_t x = -40; x <= 40; x++)
            ims_text_draw(&canvas, x, y, "#@\n#", 3, &(uint8_t){255});
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            if (x < 5 || x >= 15 || y < 5 || y >= 15)
                cr_assert_eq(pixels[y * W + x], 0, "%d, %d", x, y);
    cr_assert_gt(count_set(), 50);
}

Test(text, may_lie_as_far_away_as_it_likes)
{
    const int64_t places[] = {INT64_MIN,  INT64_MIN / 2, -(int64_t)UINT32_MAX,
                              UINT32_MAX, INT64_MAX / 2, INT64_MAX};
    struct ims_canvas canvas = blank(1);
    for (size_t i = 0; i < 6; i++) {
        ims_text_draw(&canvas, places[i], 0, "far", UINT32_MAX, &(uint8_t){255});
        ims_text_draw(&canvas, 0, places[i], "far\naway", UINT32_MAX, &(uint8_t){255});
    }
    cr_assert_eq(count_set(), 0);
}

Test(text, marks_what_it_cannot_draw)
{
    static uint8_t mark[sizeof pixels];
    struct ims_canvas canvas = blank(1);
    ims_text_draw(&canvas, 0, 0, "\xef\xbf\xbd", 1, &(uint8_t){255});
    memcpy(mark, pixels, sizeof mark);
    const char *const unknown[] = {"\xff", "\xf0\x9f\x98\x80", "\xe4\xb8\xad", "\x01"};
    for (size_t i = 0; i < 4; i++) {
        canvas = blank(1);
        ims_text_draw(&canvas, 0, 0, unknown[i], 1, &(uint8_t){255});
        cr_assert_arr_eq(pixels, mark, sizeof mark);
    }
}

Test(text, knows_letters_beyond_ascii)
{
    const char *const known[] = {"\xc2\xb5", "\xc2\xb0", "\xc3\x84", "\xce\xa9",
                                 "\xe2\x86\x92"};
    for (size_t i = 0; i < 5; i++) {
        struct ims_canvas canvas = blank(1);
        ims_text_draw(&canvas, 0, 0, "\xef\xbf\xbd", 1, &(uint8_t){255});
        int mark = count_set();
        canvas = blank(1);
        ims_text_draw(&canvas, 0, 0, known[i], 1, &(uint8_t){255});
        cr_assert(count_set() > 0 && count_set() != mark, "%s", known[i]);
    }
}
