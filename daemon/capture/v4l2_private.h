/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_V4L2_PRIVATE_H
#define CAPTURE_V4L2_PRIVATE_H

/* What v4l2.c (life), v4l2_frames.c (buffers up to the stream) and v4l2_turn.c (controls) share. Loop thread. */

#include "../work.h"
#include "errand.h"
#include "source.h"
#include "stream.h"
#include "v4l2_copy.h"
#include "v4l2_session.h"

enum {
    V4L2_STALL_MS = 5000,
    V4L2_WARM_UP_FRAMES =
        5, /* left out after a rest, while exposure and white balance settle */
    V4L2_ANSWER_MS =
        2000, /* each so often it is looked whether an errand has come back */
    V4L2_ANSWERS_MISSED = 3, /* after so many the driver is said not to answer */
    V4L2_UNLIKE_MAX =
        5, /* a scene that moves is compared with the frame before every 1 << 5 frames */
    V4L2_REQUESTS_MAX = 16, /* wishes for controls that wait */
    V4L2_EVENTS_MAX = 64,   /* taken in one turn of the loop */
};

/* A frame that still lies in the driver's memory. */
struct shot {
    struct v4l2_filled filled;
    int64_t time_us, grab_ns;
    uint64_t number; /* of the frame, see struct v4l2 */
};

enum v4l2_errand {
    ERRAND_OPEN,
    ERRAND_BEGIN,
    ERRAND_RENEW,
    ERRAND_END,
    ERRAND_CLOSE,
    ERRAND_CONTROL
};

struct v4l2 {
    struct source *source;
    struct v4l2_session *session; /* stays between a stop and the next start */

    struct errand *errand; /* under way; NULL: none */
    enum v4l2_errand errand_kind;
    int answers_missed;
    uv_timer_t patience;
    uv_poll_t poll;
    uv_timer_t watchdog, idle;
    int open_handles; /* poll, watchdog, idle */
    bool has_poll;

    bool stopping;          /* stop was called */
    bool streaming;         /* frames come */
    bool resting, renewing; /* wished for: no more frames, or frames of another signal */
    int warm_up;            /* frames still to be left out */

    bool
        has_waiting; /* `waiting` is the newest frame, taken when the copy under way has ended */
    struct shot waiting;

    bool copying; /* `work`, `copy` and `copied` belong to the job */
    struct work work;
    struct v4l2_copy copy;
    struct shot copied;

    struct ims_buffer
        *last;  /* the picture that went up last, of this form; in the ring as well */
    int unlike; /* so often in a row it was not the one before; up to V4L2_UNLIKE_MAX */
    int alone;  /* frames to come that are not compared */

    bool has_shown;  /* a frame went up since the start: viewers know the form */
    bool has_broken; /* the frames since `broken_since_ms` were all broken */
    uint64_t broken_since_ms;
    bool has_sequence;
    uint32_t sequence;  /* the driver's last */
    uint64_t number;    /* frames since the start, lost ones included */
    uint64_t published; /* the number of the one that went up last; 0: none */

    struct control_request
        *requests; /* those that wait, the first under way if `serving` */
    int request_count;
    bool serving;
    bool refresh; /* the driver said that controls have changed beyond what it told */
    char warned[sizeof((struct ims_error *)0)
                    ->text]; /* the last warning that was logged */
};

/* v4l2.c: does what is due next, if nothing is under way. */
void v4l2__advance(struct v4l2 *v);
void v4l2__lose(struct v4l2 *v, int error);
void v4l2__errand(struct v4l2 *v, enum v4l2_errand kind);

/* v4l2_frames.c */
/* All that is filled now; false: the source has been lost over it. */
bool v4l2__take_frames(struct v4l2 *v, bool is_broken);
void v4l2__forget_frames(struct v4l2 *v);

/* v4l2_turn.c */
/* Whether there were any. */
bool v4l2__take_events(struct v4l2 *v);
/* Takes over the list that an errand read, and tells what is another now. */
void v4l2__take_controls(struct v4l2 *v);
/* The first request's answer. */
void v4l2__answer(struct v4l2 *v);
void v4l2__answer_all(struct v4l2 *v, enum ims_result result, const char *why);
const struct control_list *v4l2__controls(struct source *source);
IMS_NODISCARD enum ims_result v4l2__control(struct source *source,
                                            struct control_request *request,
                                            struct ims_error *err);

#endif
