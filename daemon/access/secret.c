/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* The shortest that libxcrypt still makes for new passwords has 60 characters ($2b$). */
enum { PASSWORD_HASH_LEAST = 60 };

static_assert(PASSWORD_HASH_ROOM <= CRYPT_OUTPUT_SIZE, "libxcrypt's own room is larger");

enum ims_result secret_random(void *out, size_t size, struct ims_error *err)
{
    uint8_t *at = out;
    while (size) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ims_fail(err, IMS_ERR_IO, "no random bytes: %s", strerror(errno));
        at += got;
        size -= (size_t)got;
    }
    return IMS_OK;
}

enum ims_result secret_token(char out[SECRET_TOKEN_ROOM], struct ims_error *err)
{
    uint8_t secret[SECRET_BYTES];
    enum ims_result result = secret_random(secret, sizeof secret, err);
    if (result)
        return result;
    snprintf(out, SECRET_TOKEN_ROOM, "imt_");
    secret_text(secret, out + 4);
    return IMS_OK;
}

void secret_hash(const void *data, size_t size, uint8_t out[SECRET_BYTES])
{
    if (!EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL))
        abort(); /* only without memory: a hash that was not made must match nothing */
}

void secret_sign(const uint8_t key[SECRET_BYTES], const void *data, size_t size,
                 uint8_t out[SECRET_BYTES])
{
    unsigned length = SECRET_BYTES;
    if (!HMAC(EVP_sha256(), key, SECRET_BYTES, data, size, out, &length))
        abort();
}

bool secret_equal(const void *a, const void *b, size_t size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}

/* ---- base64 ---- */

void secret_text(const uint8_t secret[SECRET_BYTES], char out[SECRET_TEXT_ROOM])
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < SECRET_BYTES; i++) {
        bits = bits << 8 | secret[i];
        for (have += 8; have >= 6; have -= 6)
            *out++ = digits[bits >> (have - 6) & 63];
    }
    *out++ = digits[bits << (6 - have) & 63];
    *out = 0;
}

void secret_hash_base64(const void *data, size_t size, char out[SECRET_TEXT_ROOM + 1])
{
    uint8_t hash[SECRET_BYTES];
    secret_hash(data, size, hash);
    secret_text(hash, out);
    for (char *c = out; *c; c++) {
        if (*c == '-')
            *c = '+';
        else if (*c == '_')
            *c = '/';
    }
    memcpy(out + SECRET_TEXT_ROOM - 1, "=", 2);
}

static int digit_of(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}

int secret_unbase64(const char *text, size_t size, uint8_t *out, size_t room)
{
    unsigned bits = 0, have = 0;
    size_t count = 0;
    while (size && text[size - 1] == '=')
        size--;
    for (size_t i = 0; i < size; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0)
            return -1;
        bits = bits << 6 | (unsigned)digit;
        have += 6;
        if (have < 8)
            continue;
        if (count == room)
            return -1;
        have -= 8;
        out[count++] = (uint8_t)(bits >> have);
    }
    return (int)count;
}

/* Written again, since the last digit has bits to spare: a secret has one text, not four. */
bool secret_parse(const char *text, uint8_t out[SECRET_BYTES])
{
    char again[SECRET_TEXT_ROOM];
    if (strlen(text) != SECRET_TEXT_ROOM - 1 ||
        secret_unbase64(text, SECRET_TEXT_ROOM - 1, out, SECRET_BYTES) != SECRET_BYTES)
        return false;
    secret_text(out, again);
    return strcmp(again, text) == 0;
}

/* ---- passwords ---- */

/* libxcrypt's scratch is 32 kB, and knows the password afterwards. */
static bool crypt_into(const char *password, const char *setting,
                       char out[PASSWORD_HASH_ROOM])
{
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data)
        return false;
    const char *made = crypt_rn(password, setting, data, sizeof *data);
    bool is_made = made && strlen(made) < PASSWORD_HASH_ROOM;
    if (is_made)
        memcpy(out, made, strlen(made) + 1);
    OPENSSL_cleanse(data, sizeof *data);
    free(data);
    return is_made;
}

enum ims_result password_hash(const char *password, char out[PASSWORD_HASH_ROOM],
                              struct ims_error *err)
{
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (!*password || strlen(password) > PASSWORD_BYTES_MAX)
        return ims_fail(err, IMS_ERR_INVALID, "a password has 1 to %d bytes",
                        PASSWORD_BYTES_MAX);
    if (!crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof setting))
        return ims_fail(err, IMS_ERR_IO, "libxcrypt makes no salt: %s", strerror(errno));
    if (!crypt_into(password, setting, out))
        return ims_fail(err, IMS_ERR_NOMEM, "no memory to hash the password");
    return IMS_OK;
}

bool password_matches(const char *password, const char *hash)
{
    char made[PASSWORD_HASH_ROOM] = "";
    size_t size = strlen(hash);
    return crypt_into(password, hash, made) && strlen(made) == size &&
           secret_equal(made, hash, size);
}

bool password_is_hash(const char *hash)
{
    /* a setting alone, as crypt(3) takes it, is no hash */
    return strlen(hash) >= PASSWORD_HASH_LEAST && crypt_checksalt(hash) == CRYPT_SALT_OK;
}
