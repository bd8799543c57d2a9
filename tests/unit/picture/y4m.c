/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <imshow/y4m.h>
#include <stdlib.h>
#include <string.h>

TestSuite(y4m);

static struct ims_y4m_head head_of(const char *line)
{
    struct ims_error err = {0};
    struct ims_y4m_head head = {0};
    cr_assert_eq(ims_y4m_head_read((const uint8_t *)line, strlen(line), &head, &err),
                 IMS_OK, "%s", err.text);
    return head;
}

static void refuse(const char *line, enum ims_result result, const char *words)
{
    struct ims_error err = {0};
    struct ims_y4m_head head;
    cr_assert_eq(ims_y4m_head_read((const uint8_t *)line, strlen(line), &head, &err),
                 result);
    cr_assert_not_null(strstr(err.text, words), "%s", err.text);
}

/* The first pixel of a frame of one luma and one chroma value. */
static void expect_colour(const char *line, uint8_t y, uint8_t u, uint8_t v,
                          const uint8_t *rgb)
{
    struct ims_y4m_head head = head_of(line);
    size_t luma = (size_t)head.width * head.height,
           chroma = (head.frame_bytes - luma) / 2;
    uint8_t planes[64];
    struct ims_array a;
    cr_assert_leq(head.frame_bytes, sizeof planes);
    memset(planes, y, luma);
    memset(planes + luma, u, chroma);
    memset(planes + luma + chroma, v, chroma);
    cr_assert_eq(ims_y4m_frame_decode(&head, planes, &a, NULL), IMS_OK);
    for (size_t i = 0; i < luma; i++)
        cr_assert_arr_eq(a.data + i * 3, rgb, 3, "%s: %u %u %u", line, a.data[i * 3],
                         a.data[i * 3 + 1], a.data[i * 3 + 2]);
    ims_array_finish(&a);
}

Test(y4m, knows_how_large_a_frame_is)
{
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3\n").frame_bytes, 15 + 2 * 3 * 2);
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3 C420jpeg\n").frame_bytes, 15 + 2 * 3 * 2);
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3 C422\n").frame_bytes, 15 + 2 * 3 * 3);
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3 C444\n").frame_bytes, 45);
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3 Cmono\n").frame_bytes, 15);
    cr_assert_eq(head_of("YUV4MPEG2 W5 H3 F30000:1001 Ip A1:1 XYSCSS=420\n").head_bytes,
                 47);
    cr_assert_float_eq(head_of("YUV4MPEG2 W5 H3 F30000:1001\n").fps, 29.97, 0.001);
}

Test(y4m, gives_the_colours_of_BT601)
{
    expect_colour("YUV4MPEG2 W4 H2 C444\n", 16, 128, 128, (uint8_t[]){0, 0, 0});
    expect_colour("YUV4MPEG2 W4 H2 C420jpeg\n", 235, 128, 128,
                  (uint8_t[]){255, 255, 255});
    expect_colour("YUV4MPEG2 W5 H3 C420\n", 81, 90, 240, (uint8_t[]){254, 0, 0});
    expect_colour("YUV4MPEG2 W5 H3 C422\n", 145, 54, 34, (uint8_t[]){0, 255, 1});
    expect_colour("YUV4MPEG2 W4 H2 C444 XCOLORRANGE=FULL\n", 76, 85, 255,
                  (uint8_t[]){254, 0, 0});
}

Test(y4m, gives_each_pixel_the_chroma_that_covers_it)
{
    struct ims_y4m_head head = head_of("YUV4MPEG2 W3 H3 C420 XCOLORRANGE=FULL\n");
    uint8_t planes[9 + 4 + 4] = {0};
    struct ims_array a;
    memset(planes + 9, 128, 8);
    planes[9 + 3] = 228; /* blue, the corner below on the right */
    cr_assert_eq(ims_y4m_frame_decode(&head, planes, &a, NULL), IMS_OK);
    for (size_t i = 0; i < 9; i++)
        cr_assert_eq(a.data[i * 3 + 2], i == 8 ? 177 : 0);
    ims_array_finish(&a);
}

Test(y4m, makes_mono_grey)
{
    struct ims_y4m_head head = head_of("YUV4MPEG2 W2 H1 Cmono\n");
    struct ims_array a;
    cr_assert_eq(ims_y4m_frame_decode(&head, (uint8_t[]){16, 235}, &a, NULL), IMS_OK);
    cr_assert_eq(a.ndim, 2);
    cr_assert_arr_eq(a.data, ((uint8_t[]){0, 255}), 2);
    ims_array_finish(&a);
}

Test(y4m, finds_the_planes_behind_the_frame_line)
{
    size_t line = 0;
    cr_assert_eq(ims_y4m_frame_head((const uint8_t *)"FRAME\nx", 7, &line, NULL), IMS_OK);
    cr_assert_eq(line, 6);
    cr_assert_eq(ims_y4m_frame_head((const uint8_t *)"FRAME Ip\n", 9, &line, NULL),
                 IMS_OK);
    cr_assert_eq(line, 9);
    cr_assert_eq(ims_y4m_frame_head((const uint8_t *)"FRAME Ip", 8, &line, NULL),
                 IMS_ERR_TRUNCATED);
    cr_assert_eq(ims_y4m_frame_head((const uint8_t *)"FRAMES\n", 7, &line, NULL),
                 IMS_ERR_INVALID);
}

Test(y4m, refuses_what_it_cannot_read)
{
    refuse("YUV4MPEG2 W5 H3", IMS_ERR_TRUNCATED, "within a line");
    refuse("YUV4MPEG2 W5\n", IMS_ERR_INVALID, "wants W and H");
    refuse("YUV4MPEG2 W0 H1\n", IMS_ERR_INVALID, "a side is 'W0'");
    refuse("YUV4MPEG2 W99999999999 H1\n", IMS_ERR_LIMIT, "99999999999");
    refuse("YUV4MPEG2 W5 H3 C420p10\n", IMS_ERR_UNSUPPORTED, "'420p10'");
    refuse("YUV4MPEG3 W5 H3\n", IMS_ERR_INVALID, "does not begin");
    char *line = calloc(1, 5001);
    memset(line, 'x', 5000);
    refuse(line, IMS_ERR_LIMIT, "4096 bytes");
    free(line);
}
