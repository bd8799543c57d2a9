/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_ADDRESS_H
#define CAPTURE_ADDRESS_H

/*
 * The options behind a source's address, "?key=value&key=value": one loop for all kinds that take some.
 *
 *     const char *at = text + strcspn(text, "?");
 *     struct address_pair pair;
 *     while (address_next(&at, &pair)) ...     // pair.name, pair.value: within text, not ended by 0
 *
 * No memory of its own; any thread.
 */

#include <stdbool.h>
#include <stddef.h>

struct address_pair {
    const char *name, *value; /* the value is empty where there is no '=' */
    size_t name_size, value_size;
};

/* False at the end. `at` stands at the '?' or '&' before the pair, and is moved behind it. */
bool address_next(const char **at, struct address_pair *out);

#endif
