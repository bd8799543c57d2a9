/* SPDX-License-Identifier: MIT */
#include "twin.h"

#include "../../support/vectors.h"

#include <stdlib.h>
#include <string.h>

static const struct ims_value *bin_of(const struct ims_value *twin)
{
    return twin->kind == IMS_MAP && twin->as.map.count == 1 ? ims_value_get(twin, "$bin")
                                                            : NULL;
}

static bool bytes_equal(const struct ims_value *hex, const struct ims_value *value)
{
    struct vector_bytes bytes = vector_hex(hex);
    const bool equal = value->kind == IMS_BYTES && value->as.bytes.size == bytes.size &&
                       !memcmp(value->as.bytes.data, bytes.data, bytes.size);

    free(bytes.data);
    return equal;
}

static bool lists_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.list.count != b->as.list.count)
        return false;
    for (size_t i = 0; i < a->as.list.count; i++)
        if (!twin_equals(&a->as.list.items[i], &b->as.list.items[i]))
            return false;
    return true;
}

static bool maps_equal(const struct ims_value *a, const struct ims_value *b)
{
    if (a->as.map.count != b->as.map.count)
        return false;
    for (size_t i = 0; i < a->as.map.count; i++) {
        const struct ims_entry *x = &a->as.map.entries[i], *y = &b->as.map.entries[i];
        if (x->key_size != y->key_size || memcmp(x->key, y->key, x->key_size) != 0 ||
            !twin_equals(&x->value, &y->value))
            return false;
    }
    return true;
}

bool twin_equals(const struct ims_value *twin, const struct ims_value *value)
{
    const struct ims_value *bin = bin_of(twin);

    if (bin)
        return bytes_equal(bin, value);
    if (twin->kind != value->kind)
        return false;
    switch (twin->kind) {
    case IMS_NULL: return true;
    case IMS_BOOLEAN: return twin->as.boolean == value->as.boolean;
    case IMS_INTEGER: return twin->as.integer == value->as.integer;
    case IMS_UNSIGNED: return twin->as.unsigned_integer == value->as.unsigned_integer;
    case IMS_REAL: return !memcmp(&twin->as.real, &value->as.real, sizeof(double));
    case IMS_TEXT:
        return twin->as.text.size == value->as.text.size &&
               !memcmp(twin->as.text.data, value->as.text.data, value->as.text.size);
    case IMS_LIST: return lists_equal(twin, value);
    case IMS_MAP: return maps_equal(twin, value);
    case IMS_BYTES: break; /* JSON has none */
    }
    return false;
}

static void put_bin(struct ims_sink *sink, const struct ims_value *hex)
{
    struct vector_bytes bytes = vector_hex(hex);

    ims_put_bytes(sink, NULL, bytes.data, bytes.size);
    free(bytes.data);
}

void twin_put(struct ims_sink *sink, const struct ims_value *twin)
{
    if (bin_of(twin)) {
        put_bin(sink, bin_of(twin));
    } else if (twin->kind == IMS_LIST) {
        ims_put_list(sink, twin->as.list.count);
        for (size_t i = 0; i < twin->as.list.count; i++)
            twin_put(sink, &twin->as.list.items[i]);
        ims_put_end(sink);
    } else if (twin->kind == IMS_MAP) {
        ims_put_map(sink, twin->as.map.count);
        for (size_t i = 0; i < twin->as.map.count; i++) {
            const struct ims_entry *e = &twin->as.map.entries[i];
            ims_put_key_n(sink, e->key, e->key_size);
            twin_put(sink, &e->value);
        }
        ims_put_end(sink);
    } else {
        ims_put_value(sink, twin);
    }
}
