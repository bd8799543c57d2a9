/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "test data: %s: %s\n", what, why);
    exit(1);
}

struct vector_bytes vector_file(const char *path)
{
    struct vector_bytes bytes = {0};
    char full[4096];

    snprintf(full, sizeof full, "%s/%s", TESTS_DIR, path);
    FILE *file = fopen(full, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        give_up(full, "cannot be opened");
    const long size = ftell(file);
    rewind(file);
    bytes.size = (size_t)size;
    bytes.data = malloc(bytes.size ? bytes.size : 1);
    if (!bytes.data || fread(bytes.data, 1, bytes.size, file) != bytes.size)
        give_up(full, "cannot be read");
    fclose(file);
    return bytes;
}

struct vectors vectors_open(const char *path)
{
    struct vectors v = {0};
    struct ims_error err = {0};
    struct vector_bytes text = vector_file(path);

    if (ims_json_parse((const char *)text.data, text.size, &v.doc, &err))
        give_up(path, err.text);
    if (v.doc->root.kind != IMS_LIST || v.doc->root.as.list.count == 0)
        give_up(path, "no list of cases");
    v.cases = v.doc->root.as.list.items;
    v.count = v.doc->root.as.list.count;
    free(text.data);
    return v;
}

void vectors_close(struct vectors *v)
{
    ims_document_destroy(v->doc);
    *v = (struct vectors){0};
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

struct vector_bytes vector_hex(const struct ims_value *text)
{
    struct vector_bytes bytes;

    if (!text || text->kind != IMS_TEXT || text->as.text.size % 2)
        give_up("hex", "is missing or has an odd length");
    bytes.size = text->as.text.size / 2;
    bytes.data = malloc(bytes.size ? bytes.size : 1);
    if (!bytes.data)
        give_up("hex", "no memory");
    for (size_t i = 0; i < bytes.size; i++)
        bytes.data[i] = (uint8_t)(hex_digit(text->as.text.data[2 * i]) << 4 |
                                  hex_digit(text->as.text.data[2 * i + 1]));
    return bytes;
}

const char *vector_text(const struct ims_value *one, const char *key)
{
    static char places[4][256];
    static unsigned next;
    char *place = places[next++ % 4];

    if (!ims_value_as_text(ims_value_get(one, key), place, sizeof places[0]))
        give_up(key, "is missing or too long");
    return place;
}

double vector_number(const struct ims_value *v)
{
    double number = 0;

    if (ims_value_is_text(v, "NaN"))
        return NAN;
    if (ims_value_is_text(v, "Infinity"))
        return INFINITY;
    if (ims_value_is_text(v, "-Infinity"))
        return -INFINITY;
    if (!ims_value_as_f64(v, &number))
        give_up("number", "is none");
    return number;
}
