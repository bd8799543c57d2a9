/* SPDX-License-Identifier: MIT */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

/*
 * Test data in JSON files: lists of cases, bytes written in hex.
 *
 *     struct vectors v = vectors_open("wire/viewer.json");   // below tests/, ends the program on failure
 *     for (size_t i = 0; i < v.count; i++) {
 *         struct vector_bytes b = vector_hex(ims_value_get(&v.cases[i], "bytes"));
 *         ...
 *         free(b.data);
 *     }
 *     vectors_close(&v);
 *
 * For tests only: what fails here is a broken test, so it says so and ends the program.
 */

#include <imshow/json.h>

struct vectors {
    struct ims_document *doc;
    const struct ims_value *cases;
    size_t count;
};
struct vectors vectors_open(const char *path);
void vectors_close(struct vectors *v);

/* Exactly as large as the bytes, so that a read past the end is seen by the sanitizer. */
struct vector_bytes {
    uint8_t *data;
    size_t size;
};
struct vector_bytes vector_file(const char *path);
struct vector_bytes vector_hex(const struct ims_value *text);
/* The text under `key` of a case, in a place that the next 4 calls leave alone. */
const char *vector_text(const struct ims_value *one, const char *key);
/* A number, or the texts "NaN", "Infinity", "-Infinity". */
double vector_number(const struct ims_value *v);

#endif
