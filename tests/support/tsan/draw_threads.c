/* SPDX-License-Identifier: MIT */
/* Two threads encode the parts of one picture after the other; each decodes to what one thread makes of it. */
#include "check.h"

#include <imshow/draw.h>
#include <imshow/jpeg.h>
#include <imshow/png.h>

#include <pthread.h>
#include <string.h>

enum { WIDTH = 2048, HEIGHT = 2050, PICTURES = 2, BYTES = WIDTH * HEIGHT * 3 };

struct part {
    struct ims_drawer *drawer;
    int index;
};

static void *work(void *user)
{
    const struct part *part = user;

    ims_draw_part(part->drawer, part->index);
    return NULL;
}

static void encode_parts(struct ims_drawer *drawer, int parts)
{
    pthread_t threads[IMS_DRAW_PARTS_MAX];
    struct part part[IMS_DRAW_PARTS_MAX];

    for (int i = 0; i < parts; i++) {
        part[i] = (struct part){drawer, i};
        check(pthread_create(&threads[i], NULL, work, &part[i]) == 0, "no thread");
    }
    for (int i = 0; i < parts; i++)
        pthread_join(threads[i], NULL);
}

static struct ims_frame *make_frame(uint64_t seq)
{
    struct ims_frame *f;

    check(ims_frame_create(&f) == IMS_OK, "no frame");
    check(ims_array_create(IMS_U8, 3, (size_t[]){HEIGHT, WIDTH, 3}, &f->array, NULL) ==
              IMS_OK,
          "no array");
    for (size_t i = 0; i < BYTES; i++)
        f->array.data[i] = (uint8_t)(seq * 40 + i % (WIDTH * 3) / 20 + (i * i >> 13 & 3));
    f->seq = seq;
    return f;
}

static struct ims_array decode(const struct ims_picture *p)
{
    struct ims_array a;
    enum ims_result r = p->codec == IMS_CODEC_PNG
                            ? ims_png_decode(p->data, p->size, BYTES, &a, NULL)
                            : ims_jpeg_decode(p->data, p->size, BYTES, &a, NULL);

    check(r == IMS_OK, "no picture");
    return a;
}

static struct ims_array draw(struct ims_drawer *drawer, struct ims_frame *frame,
                             const struct ims_view_spec *spec, bool in_parts)
{
    struct ims_draw_update update = {.number = frame->seq};
    struct ims_draw_news news;
    struct ims_picture p;

    check(ims_draw_update(drawer, frame, spec, &update, &news, NULL) == IMS_OK,
          "not drawn");
    if (in_parts) {
        int parts = ims_draw_parts(drawer, spec, 0, spec->quality);
        check(parts == 2, "not in two parts");
        encode_parts(drawer, parts);
    }
    check(ims_draw_since(drawer, spec, 0, spec->quality, &p, NULL) == IMS_OK,
          "not encoded");
    return decode(&p);
}

static void run(enum ims_codec codec)
{
    struct ims_view_spec spec = ims_view_spec_default();
    struct ims_drawer *one, *two;

    spec.codec = codec;
    spec.level = 1;
    check(ims_drawer_create(&one) == IMS_OK && ims_drawer_create(&two) == IMS_OK,
          "no drawer");
    for (uint64_t seq = 1; seq <= (codec == IMS_CODEC_JPEG ? PICTURES : 1); seq++) {
        struct ims_frame *frame = make_frame(seq);
        check(ims_view_spec_settle(&spec, frame, NULL) == IMS_OK, "no view");
        struct ims_array a = frame->array; /* a PNG's pixels are the frame's */
        if (codec == IMS_CODEC_JPEG)
            a = draw(one, frame, &spec, false);
        struct ims_array b = draw(two, frame, &spec, true);
        check(memcmp(a.data, b.data, BYTES) == 0, "other pixels");
        if (codec == IMS_CODEC_JPEG)
            ims_array_finish(&a);
        ims_array_finish(&b);
        ims_frame_unref(&frame);
    }
    ims_drawer_destroy(one);
    ims_drawer_destroy(two);
}

int main(void)
{
    run(IMS_CODEC_JPEG);
    run(IMS_CODEC_PNG);
    return 0;
}
