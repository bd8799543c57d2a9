/* SPDX-License-Identifier: MIT */
#ifndef SERVE_NOTICE_H
#define SERVE_NOTICE_H

/*
 * A picture that tells why there is none: the last one dimmed, or plain grey, with the words on it. For those
 * who can be told in no other way (stream.mjpg).
 *
 *     struct notice *n = notice_draw(hub, last, 640, 480, "no signal", on_notice, me);
 *     ... on_notice(me, jpeg) on the loop, `jpeg` borrowed, NULL when there was no memory
 *     notice_abandon(&n);                // instead: on_notice will not come
 *
 * Loop thread; drawn on the pool.
 */

#include "../render/picture.h"
#include "hub.h"

enum { NOTICE_SIDE_MAX = 4096, NOTICE_TEXT_MAX = 512 };

struct notice;

/* `last` is a JPEG picture that is shown dimmed, or NULL: then the notice has this size, at most NOTICE_SIDE_MAX a
 * side. NULL: no memory. */
struct notice *notice_draw(struct hub *hub, struct picture *last, uint32_t width,
                           uint32_t height, const char *text,
                           void (*on_done)(void *user, struct ims_buffer *jpeg),
                           void *user);
void notice_abandon(struct notice **notice); /* NULL inside is fine */

#endif
