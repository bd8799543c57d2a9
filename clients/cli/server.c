/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static enum ims_result check(const struct server *s, struct ims_error *err)
{
    if (s->unix_path && !*s->unix_path)
        return ims_fail(err, IMS_ERR_INVALID,
                        "--server unix: wants a path, as in unix:/run/x");
    if (s->unix_path && strlen(s->unix_path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return ims_fail(err, IMS_ERR_INVALID,
                        "--server %.60s...: a socket's path is shorter", s->base);
    if (!s->unix_path && strncmp(s->base, "http://", 7) != 0 &&
        strncmp(s->base, "https://", 8) != 0)
        return ims_fail(err, IMS_ERR_INVALID,
                        "--server %.60s: give http://HOST:PORT, or unix:/PATH to push",
                        s->base);
    return IMS_OK;
}

enum ims_result server_resolve(const char *given, const char *environment,
                               struct server *out, struct ims_error *err)
{
    const char *text = given && *given               ? given
                       : environment && *environment ? environment
                                                     : SERVER_DEFAULT;
    struct server s = {0};
    bool has_scheme = strstr(text, "://") || strncmp(text, "unix:", 5) == 0;
    int n = snprintf(s.base, sizeof s.base, "%s%s", has_scheme ? "" : "http://", text);
    if (n < 0 || (size_t)n >= sizeof s.base)
        return ims_fail(err, IMS_ERR_INVALID, "--server: longer than %zu characters",
                        sizeof s.base - 1);
    bool is_unix = strncmp(s.base, "unix:", 5) == 0;
    while (!is_unix && n > 0 && s.base[n - 1] == '/')
        s.base[--n] = 0;
    *out = s;
    out->unix_path = is_unix ? out->base + 5 : NULL;
    return check(out, err);
}

static enum ims_result read_line(const char *path, char *out, size_t room,
                                 struct ims_error *err)
{
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(out, (int)room, file);
    if (file)
        fclose(file);
    if (!is_read)
        return ims_fail(err, IMS_ERR_IO, "--token-file %.120s: %s", path,
                        file ? "nothing stands in it" : strerror(errno));
    out[strcspn(out, "\r\n")] = 0;
    return IMS_OK;
}

enum ims_result server_token(const char *file, const char *environment,
                             struct server *server, struct ims_error *err)
{
    char text[TOKEN_ROOM + 2] = "";
    if (file && *file) {
        enum ims_result r = read_line(file, text, sizeof text, err);
        if (r)
            return r;
    } else if (environment) {
        snprintf(text, sizeof text, "%s", environment);
    }
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c > '~')
            return ims_fail(err, IMS_ERR_INVALID,
                            "the token is none that imshow access gave");
    if (strlen(text) >= TOKEN_ROOM)
        return ims_fail(err, IMS_ERR_INVALID, "the token is longer than %d characters",
                        TOKEN_ROOM - 1);
    memcpy(server->token, text, strlen(text) + 1);
    return IMS_OK;
}
