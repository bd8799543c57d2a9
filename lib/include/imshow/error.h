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

/* Keeps the text if err is not NULL and still empty. Longer texts are cut, control characters become
 * '?', so that what a stranger sent cannot forge a second line. */
void ims_error_set(struct ims_error *err, const char *fmt, ...) IMS_PRINTF(2, 3);

/* Sets the text and is `code`, so that callers write `return ims_fail(err, IMS_ERR_INVALID, "...")`. A
 * macro, so that compilers and analyzers see which result it is. */
#define ims_fail(err, code, ...) (ims_error_set((err), __VA_ARGS__), ims__code(code))
static inline enum ims_result ims__code(enum ims_result code)
{
    return code;
}

/* A short name such as "out of memory". Static text, never NULL. */
const char *ims_result_name(enum ims_result code);

#ifdef __cplusplus
}
#endif
#endif
