/* SPDX-License-Identifier: MIT */
/* The picture that goes on: kept by the drawer, told apart by tiles, numbered when it changes. */
#include "draw_impl.h"

#include <string.h>

/* Lossy pictures are compared with what was sent, and this much apart on average is noise: a sensor's of two
 * or three levels stays below it, whatever it is that moves does not. */
enum { NOISE = 4 };

/* What the colour bar says. */
static bool same_colours(const struct ims_picture *a, const struct ims_picture *b)
{
    if (a->limits.channels != b->limits.channels || a->level_count != b->level_count)
        return false;
    for (int i = 0; i < a->limits.channels; i++)
        if (a->limits.lo[i] != b->limits.lo[i] || a->limits.hi[i] != b->limits.hi[i])
            return false;
    for (int i = 0; i < a->level_count; i++)
        if (a->levels[i] != b->levels[i])
            return false;
    return true;
}

static bool same_place(const struct ims_picture *a, const struct ims_picture *b)
{
    return a->codec == b->codec && a->width == b->width && a->height == b->height &&
           memcmp(a->region, b->region, sizeof a->region) == 0;
}

static void keep_head(struct ims__kept *kept, const struct ims__painting *painting,
                      const struct ims_picture *head)
{
    kept->painting = *painting;
    kept->painting.surface = kept->tiles.kept;
    kept->head = *head;
    kept->has_picture = true;
}

/* A camera's JPEG: the same bytes are the same picture, more is not looked for. */
static void update_direct(struct ims__kept *kept, const struct ims__painting *painting,
                          struct ims_frame *frame, const struct ims_picture *head,
                          struct ims_draw_news *news)
{
    news->changed = !kept->has_picture || kept->painting.size != painting->size ||
                    memcmp(kept->painting.data, painting->data, painting->size) != 0;
    if (!news->changed)
        return;
    ims_frame_unref(&kept->frame);
    kept->frame = ims_frame_ref(frame);
    kept->painting = *painting;
    kept->head = *head;
    kept->has_picture = true;
}

/* When the limits move every tile is another: raw items are coloured by the client with the limits of their
 * picture, and a viewer with half of its tiles under other limits than the colour bar tells sees what is not there. */
static bool is_all_new(const struct ims__kept *kept, const struct ims__painting *painting,
                       const struct ims_picture *head)
{
    return !kept->has_picture || kept->painting.kind != painting->kind ||
           !same_place(&kept->head, head) || !same_colours(&kept->head, head);
}

static enum ims_result update_tiles(struct ims_drawer *d, const struct ims_picture *head,
                                    const struct ims_draw_update *update,
                                    struct ims_draw_news *news, struct ims_error *err)
{
    struct ims__kept *kept = &d->kept;
    const struct ims__surface *surface = &d->painting.surface;
    uint32_t noise = d->painting.kind == IMS__PAINT_PLANES ? NOISE : 0;
    bool all = is_all_new(kept, &d->painting, head);
    enum ims_result r = ims__tiles_reserve(&kept->tiles, surface, err);

    if (r)
        return r;
    if (all)
        ims__tiles_replace(&kept->tiles, surface, update->number);
    news->changed =
        all || ims__tiles_update(&kept->tiles, surface, noise, update->number) > 0;
    if (!news->changed && update->refine) {
        news->changed =
            ims__tiles_refine(&kept->tiles, surface, update->refined, update->number) > 0;
        news->refined = news->changed;
    }
    keep_head(kept, &d->painting, head);
    return IMS_OK;
}

enum ims_result ims_draw_update(struct ims_drawer *drawer, struct ims_frame *frame,
                                const struct ims_view_spec *spec,
                                const struct ims_draw_update *update,
                                struct ims_draw_news *out, struct ims_error *err)
{
    struct ims_view_spec settled = *spec;
    struct ims_picture head;
    struct ims_draw_news news = {0};
    enum ims_result r = ims__paint(drawer, frame, &settled, &head, err);

    drawer->parts.count = 0;
    if (!r && drawer->painting.kind == IMS__PAINT_DIRECT)
        update_direct(&drawer->kept, &drawer->painting, frame, &head, &news);
    else if (!r)
        r = update_tiles(drawer, &head, update, &news, err);
    if (!r)
        *out = news;
    return r;
}

/* Most of a picture costs as much as all of it, which serves every client. */
bool ims__is_whole(const struct ims__kept *kept, uint64_t base, uint32_t *count)
{
    bool direct = kept->painting.kind == IMS__PAINT_DIRECT;

    *count = base && !direct ? ims__tiles_since(&kept->tiles, base) : 0;
    return *count == 0 || *count > IMS_DRAW_TILES_MAX ||
           2 * *count > kept->tiles.columns * kept->tiles.rows;
}

enum ims_result ims_draw_since(struct ims_drawer *drawer,
                               const struct ims_view_spec *spec, uint64_t base,
                               int quality, struct ims_picture *out,
                               struct ims_error *err)
{
    struct ims__kept *kept = &drawer->kept;
    struct ims_picture picture = kept->head;
    enum ims_result r;

    if (!kept->has_picture)
        return ims_fail(err, IMS_ERR_INVALID, "no picture has been drawn so far");
    uint32_t count;
    if (ims__is_whole(kept, base, &count))
        r = ims__encode_kept(drawer, spec, quality, &picture, err);
    else
        r = ims__encode_tiles(drawer, spec, base, count, quality, &picture, err);
    if (!r)
        *out = picture;
    return r;
}
