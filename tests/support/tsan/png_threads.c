/* SPDX-License-Identifier: MIT */
/* Several threads code the strips of one picture, each with a worker of its own; joined they are the picture. */
#include "check.h"

#include "../../../lib/picture/png_impl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, STRIPS = 9, WIDTH = 211, HEIGHT = 640, ROW = WIDTH * 3 };

struct shared {
    struct ims__png_plan plan;
    struct ims__png_piece pieces[STRIPS];
    atomic_int next;
};

static void *work(void *user)
{
    struct shared *s = user;
    struct ims__png_worker worker = {0};

    for (int k; (k = atomic_fetch_add(&s->next, 1)) < s->plan.strips;)
        check(ims__png_strip(&worker, &s->plan, k, &s->pieces[k], NULL) == IMS_OK,
              "a strip failed");
    ims__png_worker_finish(&worker);
    return NULL;
}

static void code_strips(struct shared *s)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        check(pthread_create(&threads[i], NULL, work, s) == 0, "no thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void check_picture(const struct ims_bytes *png, const uint8_t *pixels)
{
    struct ims_array a;

    check(ims_png_decode(png->data, png->size, ROW * HEIGHT, &a, NULL) == IMS_OK,
          "no PNG");
    check(memcmp(a.data, pixels, ROW * HEIGHT) == 0, "other pixels");
    ims_array_finish(&a);
}

static void run(int level, const uint8_t *pixels)
{
    struct shared s = {0};
    struct ims__png_worker worker = {0};
    struct ims_bytes out = {0};
    struct ims_png_image image = {.width = WIDTH,
                                  .height = HEIGHT,
                                  .kind = IMS_PNG_RGB,
                                  .bits = 8,
                                  .pixels = pixels,
                                  .stride = ROW};

    check(ims__png_begin(&worker, &image, level, STRIPS, &s.plan, NULL) == IMS_OK,
          "no plan");
    code_strips(&s);
    check(ims__png_join(&s.plan, s.pieces, &out, NULL) == IMS_OK, "not joined");
    check_picture(&out, pixels);
    for (int i = 0; i < STRIPS; i++)
        ims_bytes_finish(&s.pieces[i].bytes);
    ims_bytes_finish(&out);
    ims__png_worker_finish(&worker);
}

int main(void)
{
    uint8_t *pixels = malloc(ROW * HEIGHT);

    check(pixels != NULL, "no memory");
    for (size_t i = 0; i < ROW * HEIGHT; i++)
        pixels[i] = (uint8_t)(i % ROW / 5 + i / ROW + (i * i >> 13 & 3));
    for (int level = 0; level <= 9; level++)
        run(level, pixels);
    free(pixels);
    return 0;
}
