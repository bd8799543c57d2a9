/* SPDX-License-Identifier: MIT */
#include "config_credential.h"

#include <ctype.h>
#include <errno.h>
#include <imshow/sink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK "@credential:"
enum { MARK_SIZE = sizeof MARK - 1, SOURCE_BYTES_MAX = 64 * 1024 };

static bool read_file(const char *path, const char *name,
                      char out[CONFIG_CREDENTIAL_BYTES], char why[CONFIG_WHY_BYTES])
{
    FILE *file = fopen(path, "re");
    if (!file) {
        snprintf(why, CONFIG_WHY_BYTES,
                 "no credential '%s': %s: see LoadCredential=", name, strerror(errno));
        return false;
    }
    size_t size = fread(out, 1, CONFIG_CREDENTIAL_BYTES, file);
    bool is_bad = ferror(file) || size == CONFIG_CREDENTIAL_BYTES;
    fclose(file);
    while (!is_bad && size && strchr("\r\n", out[size - 1]))
        size--;
    for (size_t i = 0; i < size && !is_bad; i++)
        is_bad = (unsigned char)out[i] < ' ';
    if (is_bad || size == 0) {
        snprintf(why, CONFIG_WHY_BYTES,
                 "credential '%s' is not one line of text of 1 to %d bytes", name,
                 CONFIG_CREDENTIAL_BYTES - 1);
        return false;
    }
    out[size] = 0;
    return true;
}

bool config_credential_read(const char *name, char out[CONFIG_CREDENTIAL_BYTES],
                            char why[CONFIG_WHY_BYTES])
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char *path = NULL;
    if (!folder || !*folder) {
        snprintf(why, CONFIG_WHY_BYTES,
                 "no credential '%s': $CREDENTIALS_DIRECTORY is not set; systemd sets it "
                 "for LoadCredential=",
                 name);
        return false;
    }
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        snprintf(why, CONFIG_WHY_BYTES, "no memory");
        return false;
    }
    bool is_read = read_file(path, name, out, why);
    free(path);
    return is_read;
}

/* A name has no slash and does not begin with a dot, so that it stays in the folder. */
static size_t name_at(const char *text, char name[CONFIG_CREDENTIAL_NAME + 1])
{
    size_t size = 0;
    while (size < CONFIG_CREDENTIAL_NAME && text[size] &&
           (isalnum((unsigned char)text[size]) || strchr("._-", text[size])))
        size++;
    memcpy(name, text, size);
    name[size] = 0;
    return name[0] == '.' ? 0 : size;
}

static void put_encoded(struct ims_bytes *out, const char *secret)
{
    for (; *secret; secret++) {
        if (isalnum((unsigned char)*secret) || strchr("._~-", *secret))
            ims_bytes_append(out, (const uint8_t *)secret, 1);
        else
            ims_bytes_printf(out, "%%%02X", (unsigned char)*secret);
    }
}

static bool fill(const char *value, struct ims_bytes *out, char why[CONFIG_WHY_BYTES])
{
    char name[CONFIG_CREDENTIAL_NAME + 1], secret[CONFIG_CREDENTIAL_BYTES];
    bool is_whole = false, is_url = strstr(value, "://") != NULL;
    for (const char *mark; (mark = strstr(value, MARK)); value = mark) {
        ims_bytes_append(out, (const uint8_t *)value, (size_t)(mark - value));
        size_t size = name_at(mark + MARK_SIZE, name);
        if (size == 0) {
            snprintf(why, CONFIG_WHY_BYTES,
                     "a credential's name is letters, digits, '.', '_' and '-'");
            return false;
        }
        if (!config_credential_read(name, secret, why))
            return false;
        is_whole = out->size == 0 && !mark[MARK_SIZE + size];
        if (is_url && !is_whole)
            put_encoded(out, secret);
        else
            ims_bytes_append(out, (const uint8_t *)secret, strlen(secret));
        mark += MARK_SIZE + size;
    }
    ims_bytes_append(out, (const uint8_t *)value, strlen(value));
    explicit_bzero(secret, sizeof secret);
    return true;
}

bool config_credentials_fill(const char *value, struct config_texts *texts, char **out,
                             char why[CONFIG_WHY_BYTES])
{
    struct ims_bytes text = {.limit = SOURCE_BYTES_MAX};
    if (strstr(value, MARK) && strncmp(value, "exec:", 5) == 0) {
        snprintf(why, CONFIG_WHY_BYTES,
                 "a program's line takes no secrets: let it read "
                 "\"$CREDENTIALS_DIRECTORY/NAME\" itself");
        return false;
    }
    bool is_filled = fill(value, &text, why);
    char *kept = NULL;
    if (is_filled && text.result)
        snprintf(why, CONFIG_WHY_BYTES, "longer than %d bytes", SOURCE_BYTES_MAX);
    else if (is_filled &&
             !(kept = config_texts_keep(texts, (char *)text.data, text.size)))
        snprintf(why, CONFIG_WHY_BYTES, "no memory");
    if (kept)
        *out = kept;
    if (text.data)
        explicit_bzero(text.data, text.size);
    ims_bytes_finish(&text);
    return kept != NULL;
}
