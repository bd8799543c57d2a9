/* SPDX-License-Identifier: MIT */
/* The rules on the disk. */
#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <imshow/json.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing ---- */

static void put_text(struct ims_sink *sink, const char *key, const char *text)
{
    ims_put_key(sink, key);
    ims_put_text(sink, text);
}

static void put_secret(struct ims_sink *sink, const char *key,
                       const uint8_t secret[SECRET_BYTES])
{
    char text[SECRET_TEXT_ROOM];
    secret_text(secret, text);
    put_text(sink, key, text);
}

static void put_grant(struct ims_sink *sink, const struct access_grant *grant)
{
    char text[ACCESS_RANGE_TEXT_ROOM];
    ims_put_map(sink, IMS_COUNT_LATER);
    ims_put_key(sink, "rights");
    ims_put_list(sink, IMS_COUNT_LATER);
    for (int right = RIGHT_VIEW; right < RIGHT_COUNT; right++)
        if (grant->rights & 1u << right)
            ims_put_text(sink, access_right_names[right]);
    ims_put_end(sink);
    put_text(sink, "streams", grant->streams);
    if (grant->range_count) {
        ims_put_key(sink, "from");
        ims_put_list(sink, (size_t)grant->range_count);
        for (int i = 0; i < grant->range_count; i++) {
            access_range_text(&grant->ranges[i], text);
            ims_put_text(sink, text);
        }
        ims_put_end(sink);
    }
    ims_put_end(sink);
}

static void put_principal(struct ims_sink *sink, const struct access_principal *p)
{
    ims_put_map(sink, IMS_COUNT_LATER);
    put_text(sink, "kind", access_kind_names[p->kind]);
    put_text(sink, "name", p->name);
    if (p->kind == ACCESS_USER)
        put_text(sink, "password", p->password);
    if (p->kind == ACCESS_TOKEN)
        put_secret(sink, "sha256", p->hash);
    if (p->kind == ACCESS_PEER) {
        ims_put_key(sink, "uid");
        ims_put_u64(sink, p->uid);
    }
    if (p->expires_s) {
        ims_put_key(sink, "expires_s");
        ims_put_i64(sink, p->expires_s);
    }
    ims_put_key(sink, "grants");
    ims_put_list(sink, (size_t)p->grant_count);
    for (int i = 0; i < p->grant_count; i++)
        put_grant(sink, &p->grants[i]);
    ims_put_end(sink);
    ims_put_end(sink);
}

void access_rules_write(const struct access_rules *rules, struct ims_bytes *out)
{
    struct ims_sink sink = ims_json_sink(out);
    ims_put_map(&sink, IMS_COUNT_LATER);
    ims_put_key(&sink, "version");
    ims_put_u64(&sink, 1);
    if (rules->has_link_key)
        put_secret(&sink, "link_key", rules->link_key);
    ims_put_key(&sink, "principals");
    ims_put_list(&sink, (size_t)rules->count);
    for (int i = 0; i < rules->count; i++)
        put_principal(&sink, &rules->items[i]);
    ims_put_end(&sink);
    ims_put_end(&sink);
    ims_bytes_append(out, "\n", 1);
}

static enum ims_result fail_file(const char *path, const char *what,
                                 struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_IO, "%.160s: %s: %s", path, what, strerror(errno));
}

static bool write_whole(int fd, const struct ims_bytes *text)
{
    for (size_t at = 0; at < text->size;) {
        ssize_t n = write(fd, text->data + at, text->size - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

/* The new name is on the disk only when its folder is. */
static void sync_folder(char *path)
{
    int fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static enum ims_result replace(const char *path, char *temporary,
                               const struct ims_bytes *text, struct ims_error *err)
{
    int fd = mkostemp(temporary, O_CLOEXEC); /* 0600 by itself */
    if (fd < 0)
        return fail_file(path, "cannot be written", err);
    bool is_written = write_whole(fd, text);
    is_written = close(fd) == 0 && is_written;
    if (is_written && rename(temporary, path) == 0) {
        sync_folder(temporary);
        return IMS_OK;
    }
    enum ims_result result = fail_file(path, "cannot be written", err);
    unlink(temporary);
    return result;
}

enum ims_result access_rules_save(const char *path, const struct access_rules *rules,
                                  struct ims_error *err)
{
    char temporary[PATH_MAX];
    struct ims_bytes text = {.limit = ACCESS_FILE_BYTES_MAX};
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return ims_fail(err, IMS_ERR_INVALID, "the access file's path is too long");
    access_rules_write(rules, &text);
    enum ims_result result =
        text.result ? ims_fail(err, text.result, "no memory for the access rules")
                    : replace(path, temporary, &text, err);
    ims_bytes_finish(&text);
    return result;
}

/* ---- reading ---- */

static enum ims_result read_whole(int fd, const char *path, struct ims_bytes *out,
                                  struct ims_error *err)
{
    struct stat st;
    if (fstat(fd, &st))
        return fail_file(path, "cannot be read", err);
    if (!S_ISREG(st.st_mode))
        return ims_fail(err, IMS_ERR_INVALID, "%.160s: this is no file", path);
    if (st.st_mode & (S_IWGRP | S_IWOTH))
        return ims_fail(err, IMS_ERR_INVALID,
                        "%.160s: others than its owner may write it: chmod 600", path);
    while (!out->result) {
        uint8_t *at = ims_bytes_extend(out, 4096);
        ssize_t n = at ? read(fd, at, 4096) : 0;
        if (n < 0)
            return fail_file(path, "cannot be read", err);
        if (!at)
            break;
        out->size -= 4096 - (size_t)n;
        if (n == 0)
            break;
    }
    ims_bytes_append(out, "", 1); /* the ending zero, no part of the text */
    if (out->result)
        return ims_fail(err, out->result, "%.160s: larger than %d bytes", path,
                        ACCESS_FILE_BYTES_MAX);
    out->size--;
    return IMS_OK;
}

enum ims_result access_rules_load(const char *path, struct access_rules *out,
                                  struct ims_error *err)
{
    struct ims_error why = {0};
    struct ims_bytes text = {.limit = ACCESS_FILE_BYTES_MAX};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        *out = (struct access_rules){.is_blank = true};
        return IMS_OK;
    }
    if (fd < 0)
        return fail_file(path, "cannot be read", err);
    enum ims_result result = read_whole(fd, path, &text, err);
    if (result == IMS_OK) {
        result = access_rules_parse((const char *)text.data, text.size, out, &why);
        if (result)
            ims_error_set(err, "%.120s: %s", path, why.text);
    }
    close(fd);
    ims_bytes_finish(&text);
    return result;
}
