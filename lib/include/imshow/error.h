/* SPDX-License-Identifier: MIT */
#ifndef IMS_ERROR_H
#define IMS_ERROR_H

/*
 * What went wrong, by value, and in words.
 *
 * Every function that can fail returns an enum ims_result, IMS_OK being zero; outputs come last and
 * are untouched on failure. Where words help, the caller may hand in a struct ims_error, which keeps
 * the first detailed text:
 *
 *     struct ims_error err = {0};
 *     if (ims_npy_read(bytes, size, &array, &err))
 *         fprintf(stderr, "%s\n", err.text);
 *
 * NULL is accepted for every struct ims_error pointer. No global, no thread-local state.
 */

#ifdef __cplusplus
extern "C" {
#endif

enum ims_result {
    IMS_OK = 0,
    IMS_ERR_NOMEM = -1,       /* out of memory */
    IMS_ERR_INVALID = -2,     /* an argument or an input that means nothing */
    IMS_ERR_UNSUPPORTED = -3, /* meaningful, but not done here */
    IMS_ERR_LIMIT = -4,       /* larger, deeper or longer than a stated bound */
    IMS_ERR_TRUNCATED = -5,   /* the input ends too early */
    IMS_ERR_IO = -6,          /* the system refused */
};

struct ims_error {
    char text[320]; /* one line, no newline at its end; empty: none */
};

#define IMS_NODISCARD        __attribute__((warn_unused_result))
#define IMS_PRINTF(at, from) __attribute__((format(printf, at, from)))

/* Keeps the text if err is not NULL and still empty; returns code, so that callers write
 * `return ims_fail(err, IMS_ERR_INVALID, "...")`. Longer texts are cut. */
enum ims_result ims_fail(struct ims_error *err, enum ims_result code, const char *fmt,
                         ...) IMS_PRINTF(3, 4);

/* A short name such as "out of memory". Static text, never NULL. */
const char *ims_result_name(enum ims_result code);

#ifdef __cplusplus
}
#endif
#endif
