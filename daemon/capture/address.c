/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <string.h>

bool address_next(const char **at, struct address_pair *out)
{
    const char *pair = *at + 1;
    if (!**at || !*pair)
        return false;
    size_t size = strcspn(pair, "&");
    size_t name_size = strcspn(pair, "=&");
    size_t head = name_size + (pair[name_size] == '=');
    *out = (struct address_pair){.name = pair,
                                 .value = pair + head,
                                 .name_size = name_size,
                                 .value_size = size - head};
    *at = pair + size;
    return true;
}
