/* SPDX-License-Identifier: MIT */
#ifndef IMS_SINK_IMPL_H
#define IMS_SINK_IMPL_H

/*
 * What the sink's own files share.
 *
 *     char *text = ims__put_ascii(sink, size);
 *     if (text)
 *         memset(text, 'A', size);       // before anything else is put
 */

#include <imshow/sink.h>

/* A text whose `size` ASCII characters the caller fills in at once; NULL when the sink has failed. */
char *ims__put_ascii(struct ims_sink *sink, size_t size);

#endif
