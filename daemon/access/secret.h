/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_SECRET_H
#define ACCESS_SECRET_H

/*
 * Random keys, their hashes, passwords, and comparing without telling by time where two differ.
 *
 *     char token[SECRET_TOKEN_ROOM];
 *     if (secret_token(token, &err)) ...                     // "imt_" and 256 random bits
 *     secret_hash(token, strlen(token), hash);               // what is kept of it
 *
 * Tokens are random, so that a plain SHA-256 of them is enough; passwords are not, and get yescrypt, which is slow
 * by intention: password_matches is for a thread of the pool. No state; any thread.
 */

#include <imshow/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SECRET_BYTES = 32,
    SECRET_TEXT_ROOM = 44,    /* base64url of SECRET_BYTES, and the ending zero */
    SECRET_TOKEN_ROOM = 48,   /* "imt_" before it */
    PASSWORD_BYTES_MAX = 256, /* of what somebody types */
    PASSWORD_HASH_ROOM = 128, /* "$y$j9T$...", and the ending zero */
};

/* Fails: IO when the system has no random bytes. */
IMS_NODISCARD enum ims_result secret_random(void *out, size_t size,
                                            struct ims_error *err);
IMS_NODISCARD enum ims_result secret_token(char out[SECRET_TOKEN_ROOM],
                                           struct ims_error *err);
/* SHA-256. */
void secret_hash(const void *data, size_t size, uint8_t out[SECRET_BYTES]);
/* HMAC-SHA256. */
void secret_sign(const uint8_t key[SECRET_BYTES], const void *data, size_t size,
                 uint8_t out[SECRET_BYTES]);
/* Takes as long for unequal bytes as for equal ones. */
bool secret_equal(const void *a, const void *b, size_t size);

/* base64url without padding. */
void secret_text(const uint8_t secret[SECRET_BYTES], char out[SECRET_TEXT_ROOM]);
/* False when it is no such text. */
bool secret_parse(const char *text, uint8_t out[SECRET_BYTES]);
/* The SHA-256 in base64 with padding, as a Content-Security-Policy has it. */
void secret_hash_base64(const void *data, size_t size, char out[SECRET_TEXT_ROOM + 1]);
/* base64 in either alphabet, padding or none; the number of bytes, -1 when it is none or does not fit. */
int secret_unbase64(const char *text, size_t size, uint8_t *out, size_t room);

/* yescrypt at libxcrypt's own cost. Fails: INVALID (empty or too long), IO, NOMEM. */
IMS_NODISCARD enum ims_result
password_hash(const char *password, char out[PASSWORD_HASH_ROOM], struct ims_error *err);
/* Slow. False also when there is no memory for it. */
bool password_matches(const char *password, const char *hash);
/* Whether libxcrypt can verify it, and would still make hashes of its kind. */
bool password_is_hash(const char *hash);

#endif
