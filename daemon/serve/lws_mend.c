/* SPDX-License-Identifier: MIT */
#include "lws_mend.h"

#include <dlfcn.h>
#include <libwebsockets.h>
#include <stdint.h>
#include <stdlib.h>

/* ---- deadlines ---- */

/* The library's own walks its list of deadlines from the soonest on, past those of all connections, several times a
 * request: with thousands of them the loop did little else. Nearly all deadlines are SERVE_IDLE_TIMEOUT_S away, the
 * latest of all, and the others near, so the list is walked from both ends. Those that are equal stay in the order of
 * their coming. */
void lws_dll2_add_sorted(lws_dll2_t *d, lws_dll2_owner_t *own,
                         int (*compare)(const lws_dll2_t *d, const lws_dll2_t *i))
{
    struct lws_dll2 *late = own->tail, *soon = own->head;
    while (late && compare(late, d) > 0 && compare(soon, d) <= 0) {
        late = late->prev;
        soon = soon->next;
    }
    if (late && compare(late, d) > 0)
        lws_dll2_add_before(d, soon); /* the first that is later */
    else if (late && late->next)
        lws_dll2_add_before(d, late->next);
    else if (late)
        lws_dll2_add_tail(d, own);
    else
        lws_dll2_add_head(d, own);
}

/* ---- a body behind a head that waited ---- */

enum {
    WSI_BYTES_MAX = 8192
}; /* of the library's private struct, which has the list that it asks for */

/* The connection whose head was taken just now; what comes next of it is the question below. */
static const struct lws *head_of;
static unsigned long calls;

static size_t own_next_segment_len(struct lws_buflist **head, uint8_t **buf)
{
    static size_t (*own)(struct lws_buflist * *head, uint8_t * *buf);
    if (!own)
        *(void **)&own = dlsym(RTLD_NEXT, "lws_buflist_next_segment_len");
    if (!own)
        abort(); /* not the library that this was linked with */
    return own(head, buf);
}

/* Bytes that came while a request was being answered wait in a list; their head is parsed where it lies. Having parsed
 * it, the library asks for the bytes of that list, to feed them as the body: they still begin with the head, and it
 * frees them under the parser, which goes on behind the head. There are none, it is told: the parser feeds the rest. */
size_t lws_buflist_next_segment_len(struct lws_buflist **head, uint8_t **buf)
{
    calls++;
    bool is_asked_too_soon =
        buf && head_of && (uintptr_t)head - (uintptr_t)head_of < WSI_BYTES_MAX;
    if (!is_asked_too_soon)
        return own_next_segment_len(head, buf);
    head_of = NULL;
    *buf = NULL;
    return 0;
}

/* As the library finds out: only then it asks. */
static bool has_body(struct lws *wsi)
{
    char length[32];
    if (lws_hdr_copy(wsi, length, sizeof length, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0)
        return strtoll(length, NULL, 10) > 0;
    return lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0 ||
           lws_hdr_total_length(wsi, WSI_TOKEN_PATCH_URI) > 0 ||
           lws_hdr_total_length(wsi, WSI_TOKEN_PUT_URI) > 0;
}

void lws_mend_body_follows(struct lws *wsi)
{
    head_of = has_body(wsi) ? wsi : NULL;
}

bool lws_mend_works(void)
{
    struct lws_buflist *list = NULL;
    const uint8_t byte = 0;
    unsigned long before = calls;
    int first = lws_buflist_append_segment(&list, &byte, 1);
    int second = lws_buflist_append_segment(&list, &byte, 1);
    if (first >= 0 && second >= 0)
        lws_buflist_use_segment(&list, 1); /* asks for the length of the second */
    lws_buflist_destroy_all_segments(&list);
    return calls > before;
}
