/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TWIN_H
#define TESTS_TWIN_H

/*
 * The readable twin of a message in tests/wire/: JSON, where {"$bin": "hex"} stands for bytes.
 *
 *     cr_assert(twin_equals(twin, &doc->root));
 *     twin_put(&sink, twin);
 */

#include <imshow/sink.h>
#include <imshow/value.h>

/* An integer equals only an integer, a real only a real; keys stand in the same order. */
bool twin_equals(const struct ims_value *twin, const struct ims_value *value);
void twin_put(struct ims_sink *sink, const struct ims_value *twin);

#endif
