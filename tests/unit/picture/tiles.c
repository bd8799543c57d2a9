/* SPDX-License-Identifier: MIT */
#include "../../../lib/picture/tiles.h"
#include "../../../lib/picture/tiles_noise.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 150, HEIGHT = 131 }; /* three tiles each way, the last ones narrow */

static struct ims__surface rgb_surface(const uint8_t *pixels, size_t stride)
{
    return (struct ims__surface){
        .width = WIDTH,
        .height = HEIGHT,
        .plane_count = 1,
        .plane = {{pixels, stride, 3 * WIDTH, HEIGHT, 3, 1, 0}},
    };
}

static struct ims__surface yuv_surface(const uint8_t *pixels)
{
    size_t chroma_width = (WIDTH + 1) / 2, chroma_height = (HEIGHT + 1) / 2;
    const uint8_t *u = pixels + WIDTH * HEIGHT, *v = u + chroma_width * chroma_height;
    uint32_t rows = (uint32_t)chroma_height;
    return (struct ims__surface){
        .width = WIDTH,
        .height = HEIGHT,
        .plane_count = 3,
        .plane = {{pixels, WIDTH, WIDTH, HEIGHT, 1, 1, 0},
                  {u, chroma_width, chroma_width, rows, 1, 1, 1},
                  {v, chroma_width, chroma_width, rows, 1, 1, 1}},
    };
}

static void fill(uint8_t *bytes, size_t n, unsigned seed)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(rand_r(&seed) >> 3);
}

static void reserve(struct ims__tiles *tiles, const struct ims__surface *surface)
{
    struct ims_error err = {0};
    cr_assert_eq(ims__tiles_reserve(tiles, surface, &err), IMS_OK, "%s", err.text);
}

Test(tiles, the_first_picture_is_all_new)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT];
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH);
    struct ims__tiles tiles = {0};
    reserve(&tiles, &surface);
    cr_assert_eq(ims__tiles_update(&tiles, &surface, 0, 1), 9);
    cr_assert_eq(ims__tiles_since(&tiles, 0), 9);
    cr_assert_eq(ims__tiles_since(&tiles, 1), 0);
    ims__tiles_finish(&tiles);
}

Test(tiles, a_changed_byte_changes_its_tile_alone_wherever_it_is)
{
    static uint8_t pixels[(3 * WIDTH + 7) * HEIGHT];
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH + 7);
    struct ims__tiles tiles = {0};
    fill(pixels, sizeof pixels, 1);
    reserve(&tiles, &surface);
    ims__tiles_update(&tiles, &surface, 0, 1);
    uint64_t number = 1;
    for (size_t y = 0; y < HEIGHT; y += 5)
        for (size_t x = 0; x < WIDTH; x += 7) {
            pixels[y * (3 * WIDTH + 7) + 3 * x + 2] ^= 1;
            cr_assert_eq(ims__tiles_update(&tiles, &surface, 0, ++number), 1);
            cr_assert_eq(tiles.stamps[y / 64 * 3 + x / 64], number);
        }
    pixels[3 * WIDTH] ^= 1; /* behind a row: no pixel */
    cr_assert_eq(ims__tiles_update(&tiles, &surface, 0, ++number), 0);
    ims__tiles_finish(&tiles);
}

/* A viewer who applies what it is given has the kept picture, from whatever base. */
static void apply(const struct ims__tiles *tiles, uint64_t base, uint8_t *screen)
{
    uint32_t count = ims__tiles_since(tiles, base);
    uint8_t *atlas = malloc(ims__tiles_atlas_bytes(tiles, 0, count) + 1);
    uint8_t places[4 * 9];
    ims__tiles_gather(tiles, base, (uint8_t *const[3]){atlas}, places);
    for (uint32_t i = 0; i < count; i++)
        for (size_t y = 0; y < 64; y++)
            for (size_t x = 0; x < 64; x++) {
                size_t row = places[4 * i + 2] * 64 + y, column = places[4 * i] * 64 + x;
                if (row < HEIGHT && column < WIDTH)
                    memcpy(screen + (row * WIDTH + column) * 3,
                           atlas + ((i * 64 + y) * 64 + x) * 3, 3);
            }
    free(atlas);
}

Test(tiles, viewers_that_skip_at_random_come_to_the_same_picture)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT], screens[4][3 * WIDTH * HEIGHT];
    uint64_t bases[4] = {0};
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH);
    struct ims__tiles tiles = {0};
    unsigned seed = 5;
    reserve(&tiles, &surface);
    for (uint64_t number = 1; number <= 200; number++) {
        for (int i = rand_r(&seed) % 4; i > 0; i--)
            pixels[(size_t)rand_r(&seed) % sizeof pixels] = (uint8_t)rand_r(&seed);
        ims__tiles_update(&tiles, &surface, 0, number);
        for (int v = 0; v < 4; v++)
            if (number == 200 || rand_r(&seed) % (2 * v + 1) == 0) {
                apply(&tiles, bases[v], screens[v]);
                bases[v] = number;
            }
    }
    for (int v = 0; v < 4; v++)
        cr_assert_arr_eq(screens[v], pixels, sizeof pixels);
    ims__tiles_finish(&tiles);
}

Test(tiles, edge_tiles_repeat_their_last_row_and_pixel)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT], atlas[9 * 64 * 64 * 3], places[36];
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH);
    struct ims__tiles tiles = {0};
    fill(pixels, sizeof pixels, 2);
    reserve(&tiles, &surface);
    ims__tiles_update(&tiles, &surface, 0, 1);
    ims__tiles_gather(&tiles, 0, (uint8_t *const[3]){atlas}, places);
    const uint8_t *last = pixels + ((size_t)HEIGHT * WIDTH - 1) * 3;
    cr_assert_arr_eq(places + 32, ((uint8_t[]){2, 0, 2, 0}), 4);
    cr_assert_arr_eq(atlas + 8 * 64 * 64 * 3 + (2 * 64 + 21) * 3, last, 3);
    cr_assert_arr_eq(atlas + 8 * 64 * 64 * 3 + (2 * 64 + 63) * 3, last, 3);
    cr_assert_arr_eq(atlas + 9 * 64 * 64 * 3 - 3, last, 3);
    ims__tiles_finish(&tiles);
}

Test(tiles, noise_below_the_bound_is_no_change_and_drift_beyond_it_is)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT];
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH);
    struct ims__tiles tiles = {0};
    unsigned seed = 3;
    memset(pixels, 100, sizeof pixels);
    reserve(&tiles, &surface);
    ims__tiles_update(&tiles, &surface, 4, 1);
    for (uint64_t number = 2; number < 30; number++) {
        for (size_t i = 0; i < sizeof pixels; i++)
            pixels[i] = (uint8_t)(98 + rand_r(&seed) % 5);
        cr_assert_eq(ims__tiles_update(&tiles, &surface, 4, number), 0);
    }
    uint32_t changed = 0;
    for (uint8_t level = 100; level < 110; level++) { /* a little more each time */
        memset(pixels, level, sizeof pixels);
        changed += ims__tiles_update(&tiles, &surface, 4, 30u + level);
    }
    cr_assert_eq(changed, 9);
    ims__tiles_finish(&tiles);
}

Test(tiles, a_small_thing_that_moves_is_seen_above_the_noise)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT];
    struct ims__surface surface = rgb_surface(pixels, 3 * WIDTH);
    struct ims__tiles tiles = {0};
    memset(pixels, 100, sizeof pixels);
    reserve(&tiles, &surface);
    ims__tiles_update(&tiles, &surface, 4, 1);
    for (size_t y = 100; y < 104; y++) /* four by four pixels */
        memset(pixels + (y * WIDTH + 145) * 3, 220, 12);
    cr_assert_eq(ims__tiles_update(&tiles, &surface, 4, 2), 1);
    ims__tiles_finish(&tiles);
}

Test(tiles, planes_of_yuv_share_their_tiles)
{
    static uint8_t pixels[2 * WIDTH * HEIGHT], y[9 * 4096], u[9 * 1024], v[9 * 1024],
        places[36];
    struct ims__surface surface = yuv_surface(pixels);
    struct ims__tiles tiles = {0};
    fill(pixels, sizeof pixels, 4);
    reserve(&tiles, &surface);
    ims__tiles_update(&tiles, &surface, 0, 1);
    size_t chroma = (WIDTH + 1) / 2;
    pixels[WIDTH * HEIGHT + 40 * chroma + 33] ^= 1; /* u of the tile at 1, 1 */
    cr_assert_eq(ims__tiles_update(&tiles, &surface, 0, 2), 1);
    cr_assert_eq(tiles.stamps[4], 2);
    cr_assert_eq(ims__tiles_atlas_bytes(&tiles, 1, 1), 1024);
    ims__tiles_gather(&tiles, 1, (uint8_t *const[3]){y, u, v}, places);
    cr_assert_eq(y[0], pixels[64 * WIDTH + 64]);
    cr_assert_eq(u[8 * 32 + 1], pixels[WIDTH * HEIGHT + 40 * chroma + 33]);
    ims__tiles_finish(&tiles);
}

Test(tiles, another_form_starts_anew_and_an_impossible_one_is_refused)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT];
    struct ims__surface rgb = rgb_surface(pixels, 3 * WIDTH), yuv = yuv_surface(pixels);
    struct ims__tiles tiles = {0};
    struct ims_error err = {0};
    reserve(&tiles, &rgb);
    ims__tiles_update(&tiles, &rgb, 0, 7);
    reserve(&tiles, &yuv);
    cr_assert_eq(ims__tiles_update(&tiles, &yuv, 0, 8), 9);
    yuv.width = 20000;
    cr_assert_eq(ims__tiles_reserve(&tiles, &yuv, &err), IMS_ERR_LIMIT);
    cr_assert_eq(ims__tiles_since(&tiles, 7), 9, "what was there is kept");
    ims__tiles_finish(&tiles);
}

Test(tiles, every_way_to_sum_differences_gives_the_plain_sums)
{
    enum { STRIDE = 517, ROWS = 8, MAX = 40 };
    static uint8_t a[STRIDE * ROWS], b[STRIDE * ROWS];
    uint32_t fast[MAX], plain[MAX];

    for (size_t bytes = 1; bytes <= STRIDE; bytes += 1 + bytes / 7) {
        fill(a, sizeof a, (unsigned)bytes);
        fill(b, sizeof b, (unsigned)bytes + 1000);
        memset(a, 255, bytes % 3 ? 0 : sizeof a); /* as far apart as bytes are */
        memset(b, 0, bytes % 3 ? 0 : sizeof b);
        struct ims__stripe s = {a, b, STRIDE, STRIDE, bytes, 1 + bytes % ROWS};
        for (size_t from = 0; from < bytes; from += IMS__BLOCK_BYTES) {
            size_t n = ims__block_distances(&s, from, fast, MAX);
            cr_assert_eq(n, ims__block_distances_plain(&s, from, plain, MAX));
            cr_assert(memcmp(fast, plain, n * sizeof *fast) == 0, "%zu bytes from %zu",
                      bytes, from);
        }
        cr_assert_eq(ims__block_distances(&s, 0, fast, 3),
                     bytes > 32 ? 3 : (bytes + 15) / 16);
    }
}
