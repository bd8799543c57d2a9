/* SPDX-License-Identifier: MIT */
/* Frames of a stream whose coordinates are uneven: where their pixels stand. */
#include "stream_private.h"

#include <string.h>

static bool is_array(const struct ims_frame *frame)
{
    return frame->pixel_format == IMS_PIX_ARRAY && !frame->mosaic;
}

/* The coordinates are surely those of the frame before. */
static bool is_placed_alike(const struct ims_frame *last, const struct ims_frame *frame)
{
    const struct ims_array *a = &last->array, *b = &frame->array;
    return is_array(last) && a->labels == b->labels && a->ndim == b->ndim &&
           memcmp(a->shape, b->shape, (size_t)a->ndim * sizeof a->shape[0]) == 0;
}

/* A frame's own labels may be newer than the recipe's. */
static enum ims_result find_places(const struct stream *stream,
                                   const struct ims_frame *frame, struct ims_places **out)
{
    if (frame->array.labels)
        return ims_figure_places(frame, recipe_params(stream->recipe), out, NULL);
    return recipe_places(stream->recipe, frame, out);
}

/* What cannot be placed stands in pixels; whoever asks for its figure hears why. */
void stream__place(struct stream *stream, struct ims_frame *frame)
{
    struct ims_frame *last = stream_newest(stream);
    if (last && is_array(frame) && is_placed_alike(last, frame))
        frame->places = last->places ? ims_places_ref(last->places) : NULL;
    else if (is_array(frame) && find_places(stream, frame, &frame->places))
        frame->places = NULL;
    ims_frame_unref(&last);
}

static struct ims_frame *copy_with(const struct ims_frame *frame,
                                   struct ims_places *places)
{
    struct ims_frame *copy;
    if (ims_frame_create(&copy))
        return NULL;
    *copy = *frame;
    copy->array = ims_array_ref(&frame->array);
    copy->meta = frame->meta ? ims_buffer_ref(frame->meta) : NULL;
    copy->places = places ? ims_places_ref(places) : NULL;
    return copy;
}

void stream__place_newest(struct stream *stream)
{
    struct ims_frame *frame = stream_newest(stream), *copy = NULL;
    struct ims_places *places = NULL;
    if (frame && is_array(frame) && !recipe_places(stream->recipe, frame, &places) &&
        !ims_places_equal(places, frame->places))
        copy = copy_with(frame, places);
    if (copy)
        stream__show_again(stream, copy);
    ims_places_unref(&places);
    ims_frame_unref(&frame);
}
