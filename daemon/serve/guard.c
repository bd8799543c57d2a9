/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* ---- other origins ---- */

/* The size of the origin at `text`, up to the next blank; its host begins at *host. 0: it is none. */
static size_t origin_at(const char *text, size_t *host)
{
    size_t size = strcspn(text, " ");
    *host = strncmp(text, "http://", 7) == 0    ? 7
            : strncmp(text, "https://", 8) == 0 ? 8
                                                : 0;
    if (*host == 0 || size <= *host || size >= GUARD_HOST_MAX)
        return 0;
    return memchr(text + *host, '/', size - *host) ? 0 : size;
}

enum ims_result guard_check_origins(const char *allowed, struct ims_error *err)
{
    size_t host, size = 0;
    for (const char *at = allowed ? allowed : ""; *at; at += size) {
        at += strspn(at, " ");
        size = origin_at(at, &host);
        if (!size && *at)
            return ims_fail(
                err, IMS_ERR_INVALID,
                "allow-origin: '%.80s': give https://HOST or http://HOST:PORT", at);
    }
    return IMS_OK;
}

/* Whether an allowed origin, or only its host and port, is `text`. */
static bool is_allowed(const struct guard *guard, const char *text, bool only_host)
{
    size_t host, size;
    for (const char *at = guard->allowed ? guard->allowed : ""; *at; at += size) {
        at += strspn(at, " ");
        size = origin_at(at, &host);
        if (!size)
            return false;
        size_t skip = only_host ? host : 0;
        if (strlen(text) == size - skip && strncasecmp(text, at + skip, size - skip) == 0)
            return true;
    }
    return false;
}

bool guard_allows(const struct guard *guard, const char *origin)
{
    return is_allowed(guard, origin, false);
}

void guard_init(struct guard *guard, const char *allowed)
{
    guard->allowed = allowed;
    if (gethostname(guard->own_name, sizeof guard->own_name))
        guard->own_name[0] = 0;
    guard->own_name[sizeof guard->own_name - 1] = 0;
}

/* The name part of "name:port", "[::1]:port"; false when that is malformed or too long. */
static bool host_name(const char *host, char out[GUARD_HOST_MAX])
{
    const char *start = host, *end;
    if (*host == '[') {
        start = host + 1;
        end = strchr(start, ']');
        if (!end || (end[1] && end[1] != ':'))
            return false;
    } else {
        end = host + strcspn(host, ":");
    }
    size_t size = (size_t)(end - start);
    if (size == 0 || size >= GUARD_HOST_MAX)
        return false;
    memcpy(out, start, size);
    out[size] = 0;
    return true;
}

static bool is_address(const char *name)
{
    unsigned char scratch[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, name, scratch) == 1 ||
           inet_pton(AF_INET6, name, scratch) == 1;
}

static bool is_own_name(const struct guard *guard, const char *name)
{
    size_t size = strlen(guard->own_name);
    if (size == 0 || strncasecmp(name, guard->own_name, size) != 0)
        return false;
    return name[size] == 0 || strcasecmp(name + size, ".local") == 0;
}

static bool host_is_ours(const struct guard *guard, const char *host)
{
    char name[GUARD_HOST_MAX];
    return host_name(host, name) &&
           (is_address(name) || strcasecmp(name, "localhost") == 0 ||
            is_own_name(guard, name) || is_allowed(guard, host, true));
}

static bool origin_is_host(const char *origin, const char *host)
{
    const char *rest = strncmp(origin, "http://", 7) == 0    ? origin + 7
                       : strncmp(origin, "https://", 8) == 0 ? origin + 8
                                                             : NULL;
    return rest && strcasecmp(rest, host) == 0;
}

const char *guard_check(const struct guard *guard, const char *host, const char *origin)
{
    if (!host_is_ours(guard, host))
        return "the Host header must be an IP address, localhost or this machine's name";
    if (origin[0] && !origin_is_host(origin, host) && !guard_allows(guard, origin))
        return "requests from pages of another origin are refused";
    return NULL;
}

bool guard_is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    if (inet_pton(AF_INET6, address, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(address, "localhost") == 0;
}
