/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_STREAM_H
#define CAPTURE_STREAM_H

/*
 * A named series of frames: the ring, the numbers, the state that viewers are shown.
 *
 *     struct ims_buffer *b;
 *     if (ims_pool_get(stream_pool(s), size, &b)) stream_dropped(s, STREAM_DROP_MEMORY);
 *     ...
 *     stream_publish(s, frame);          // gives it seq and epoch, consumes it, wakes the views
 *
 * Loop thread only. Above it, render and serve listen with stream_listen.
 */

#include "control.h"
#include "recipe.h"
#include "stream_stats.h"

#include <imshow/ring.h>

enum {
    STREAM_NAME_MAX = 64, /* bytes of a name, [A-Za-z0-9._-], first a letter or digit */
    STREAM_MAX = 256,     /* streams of one daemon */
};
/* Bytes of one frame at most. */
#define STREAM_FRAME_BYTES_MAX ((size_t)128 << 20)
/* Bytes of frames that a stream keeps, ring and pins together: STREAM_KEPT_BYTES, or four frames where
 * that is more, but never above STREAM_KEPT_BYTES_MAX. The newest frame stays in any case. streams_keep says another
 * number; where it is less, two frames. */
#define STREAM_KEPT_BYTES     ((size_t)16 << 20)
#define STREAM_KEPT_BYTES_MAX ((size_t)256 << 20)
/* Memory that waits for the next frames: so much, or one frame while they come, since to map and to clear fresh pages for
 * a large one costs more than to fill it. */
#define STREAM_IDLE_BYTES ((size_t)4 << 20)
enum { TIMELINES_MAX = 64 }; /* of the daemon, besides those that all see */
/* Frames of all timelines together, by the size of the frames when they are opened, and what their files take. */
#define TIMELINES_BYTES_MAX ((size_t)1 << 30)
enum {
    STREAM_RING_FRAMES = 32,
    STREAM_RING_FRAMES_MAX = 1024, /* while more is kept on purpose */
    STREAM_PINS_MAX = 64,
};

enum stream_state {
    STREAM_WAITING, /* no frame has come so far, or the source rests: `reason` says it */
    STREAM_LIVE,
    STREAM_LOST, /* the source is gone; `reason` says why and what is being done */
};
enum { STREAM_STATES = STREAM_LOST + 1 };
extern const char
    *const stream_state_names[STREAM_STATES]; /* "waiting", "live", "lost" */

struct stream;
struct streams; /* all streams of the daemon, by name */

/* A source's controls of which some have changed. */
struct stream_controls {
    const struct control_list *list;
    bool changed[CONTROLS_MAX]; /* by place in the list */
};

/* What a source was asked for and what it took; zeros: nothing was asked, or it does not say. */
struct stream_settled {
    uint32_t asked_width, asked_height, asked_fps;
    uint32_t width, height;
    double fps;
};

struct stream_listener {
    void (*on_frame)(struct stream_listener *, struct stream *);
    void (*on_state)(struct stream_listener *,
                     struct stream *); /* state, reason, epoch */
    /* the recipe was `old` until now */
    void (*on_figure)(struct stream_listener *, struct stream *,
                      const struct recipe *old);
    void (*on_controls)(struct stream_listener *, struct stream *,
                        const struct stream_controls *);
    void (*on_end)(struct stream_listener *,
                   struct stream *); /* the stream goes; unlisten, or be unlistened */
    struct stream_listener *prev, *next;
};

/* ---- the set ---- */
IMS_NODISCARD enum ims_result streams_create(struct streams **out);
/* What streams that are added from now on keep; STREAM_KEPT_BYTES_MAX at most. */
void streams_keep(struct streams *streams, size_t bytes);
void streams_destroy(struct streams *streams);
/* A new stream. Fails: INVALID (name), LIMIT (STREAM_MAX), NOMEM, INVALID when the name is in use. */
IMS_NODISCARD enum ims_result streams_add(struct streams *streams, const char *name,
                                          struct stream **out, struct ims_error *err);
/* One that nobody lists and nobody finds by name: of a timeline, whose number it has. Its news go to its own
 * listeners, but for those of its figure, which the set's hear as well. Fails: NOMEM. */
IMS_NODISCARD enum ims_result streams_add_unlisted(struct streams *streams,
                                                   const char *name, uint32_t timeline,
                                                   struct stream **out,
                                                   struct ims_error *err);
void streams_remove(struct streams *streams, struct stream *stream);
/* A number for a timeline whose frames and file take `bytes`. Fails: LIMIT (TIMELINES_MAX, TIMELINES_BYTES_MAX). */
IMS_NODISCARD enum ims_result streams_timeline_begin(struct streams *streams,
                                                     size_t bytes, uint32_t *number,
                                                     struct ims_error *err);
void streams_timeline_end(struct streams *streams, size_t bytes);
struct stream *streams_find(const struct streams *streams, const char *name);
struct stream *streams_first(const struct streams *streams); /* in order of making */
struct stream *stream_next(const struct stream *stream);
/* One listener of coming and going: on_state is called with a stream that is new or changed, on_end
 * with one that goes. */
void streams_listen(struct streams *streams, struct stream_listener *listener);
void streams_unlisten(struct streams *streams, struct stream_listener *listener);

/* INVALID, saying what a name may be, unless it is one. */
IMS_NODISCARD enum ims_result stream_name_check(const char *name, struct ims_error *err);

/* ---- one stream ---- */
const char *stream_name(const struct stream *stream);
/* Fails: as streams_add; a stream's own name is fine. */
IMS_NODISCARD enum ims_result stream_rename(struct stream *stream, const char *name,
                                            struct ims_error *err);
struct streams *stream_set(const struct stream *stream);
uint32_t stream_timeline(const struct stream *stream); /* 0: the one that all see */
enum stream_state stream_state(const struct stream *stream);
const char *stream_reason(const struct stream *stream); /* "" when live */
/* When it came into its state, by CLOCK_REALTIME as it goes now; a new reason is no new state. */
int64_t stream_since_us(const struct stream *stream);
uint32_t stream_epoch(const struct stream *stream);
struct ims_pool *stream_pool(struct stream *stream);
/* Bytes of the frames in the ring, and of all memory that is out for the stream's frames. */
size_t stream_ring_bytes(const struct stream *stream);
size_t stream_frame_bytes(const struct stream *stream);
double stream_fps(const struct stream
                      *stream); /* captured frames a second, of the last second or two */
/* References of the caller's, or NULL. `fresh` is the newest frame unless a newer one has been captured
 * and skipped while nobody watched: then the next one is worth the wait. */
struct ims_frame *stream_newest(const struct stream *stream);
struct ims_frame *stream_fresh(const struct stream *stream);
struct ims_frame *stream_find(struct stream *stream,
                              uint64_t seq); /* in the ring or pinned */
/* Keeps a frame that stands on somebody's screen findable after it left the ring. Counted by frame;
 * past the bounds the oldest pin gives way, and unpinning it then does nothing. */
void stream_pin(struct stream *stream, struct ims_frame *frame);
void stream_unpin(struct stream *stream, uint64_t seq);
/* Bounds the frames that are kept, ring and pins together (the newest stays): their memory is somebody's who
 * waits for it. 0: only bytes count. */
void stream_set_kept_frames(struct stream *stream, int frames);
/* 0: there is no such bound. Then a frame that is held on to is nobody's loss. */
int stream_kept_frames(const struct stream *stream);
/* Keeps so many bytes of frames more, or fewer when negative: for whoever will want what was before. All wishes
 * together count up to STREAM_KEPT_BYTES_MAX. */
void stream_keep_more(struct stream *stream, ptrdiff_t bytes);
/* The newest frames, at most `max`, that were captured at `since_us` or later, the oldest first: references of the
 * caller's. Returns how many. */
size_t stream_since(const struct stream *stream, int64_t since_us, struct ims_frame **out,
                    size_t max);
/* What the stream's figure is made of; never NULL; borrowed. */
struct recipe *stream_recipe(const struct stream *stream);
/* Takes a reference of its own and tells the listeners. */
void stream_set_recipe(struct stream *stream, struct recipe *recipe);

void stream_listen(struct stream *stream, struct stream_listener *listener);
void stream_unlisten(struct stream *stream, struct stream_listener *listener);
/* Watchers are counted: with none, sources need not copy and nothing is encoded. */
void stream_watch(struct stream *stream);
void stream_unwatch(struct stream *stream);
bool stream_is_watched(const struct stream *stream);
uint32_t stream_watchers(const struct stream *stream);
/* Who is told when the first watcher comes and the last one goes: the stream's source. NULL: nobody. */
void stream_on_watched(struct stream *stream,
                       void (*on_watched)(void *user, bool watched), void *user);
/* What frames come from, as users wrote it ("v4l2:/dev/video0", "push"); for showing. */
void stream_set_origin(struct stream *stream, const char *origin);
const char *stream_origin(const struct stream *stream);

/* JPEG quality where a viewer asks for none; 0: the daemon's. */
void stream_set_quality(struct stream *stream, int quality);
int stream_quality(const struct stream *stream);

/* Who makes the stream's frames; NULL: nobody whom the daemon can ask. Borrowed, for showing and controls. */
struct source;
void stream_set_source(struct stream *stream, struct source *source);
struct source *stream_source(const struct stream *stream);
/* The recording that the stream is played from, and which of its streams it is; NULL: of none. Borrowed. */
struct recording;
void stream_set_recording(struct stream *stream, struct recording *recording,
                          size_t track);
struct recording *stream_recording(const struct stream *stream, size_t *track);
const struct stream_settled *stream_settled(const struct stream *stream);

/* ---- for sources ---- */
/* Consumes the frame and numbers it. `left_out`: how many frames the source had between the one published
 * last and this one, lost, dropped or skipped, which the number jumps over; the source knows, since it
 * counts frames as they come and not as jobs end. */
void stream_publish(struct stream *stream, struct ims_frame *frame, uint64_t left_out);
/* Counts a frame that was captured but not kept because nobody watches. */
void stream_skip(struct stream *stream);
void stream_set_lost(struct stream *stream, const char *reason);
/* The source rests while nobody watches, and starts again for the first viewer. */
void stream_set_idle(struct stream *stream, const char *reason);
void stream_set_settled(struct stream *stream, const struct stream_settled *settled);
void stream_tell_controls(struct stream *stream, const struct stream_controls *controls);
int64_t stream_now_us(void);  /* CLOCK_REALTIME */
int64_t stream_mono_ns(void); /* CLOCK_MONOTONIC */

#endif
