/* SPDX-License-Identifier: MIT */
#ifndef LWS_MEND_H
#define LWS_MEND_H

/*
 * What libwebsockets 4.1 does wrong, set right from outside: it calls some of its public functions by their names, so
 * that the program's own take their place. docs/adr/0026 and 0030 tell why.
 *
 *     if (!lws_mend_works()) ...      // a library that is linked with -Bsymbolic calls its own
 *     lws_mend_body_follows(wsi);     // in LWS_CALLBACK_HTTP, last
 */

#include <stdbool.h>

struct lws;

/* Whether the library calls the functions of this file. Without them deadlines cost time, and a request with a body
 * that waits behind another is read from freed memory: then no connection may have two requests. */
bool lws_mend_works(void);

/* The head of a request has been taken, and 0 will be returned: if a body follows it, libwebsockets is kept from taking
 * the head for the body's beginning. On the loop's thread. */
void lws_mend_body_follows(struct lws *wsi);

#endif
