/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_RULES_H
#define ACCESS_RULES_H

/*
 * Who may do what to which stream, from where: a plain tree that one file holds (docs/access.md).
 *
 *     struct access_rules rules = {0};
 *     if (access_rules_load("/var/lib/imshowd/access", &rules, &err)) ...
 *     const struct access_principal *p = access_rules_token(&rules, "imt_...");
 *     if (p && access_may(p, &address, RIGHT_VIEW, "lab")) ...
 *     access_rules_finish(&rules);
 *
 * imshowd reads the file, `imshow access` reads and writes it. Without any principal nothing is said: whoever reaches
 * the daemon may do everything. No loop, no state; any thread.
 */

#include "secret.h"

#include <imshow/sink.h>

enum right {
    RIGHT_NONE,
    RIGHT_VIEW,
    RIGHT_PUSH,
    RIGHT_CONTROL,
    RIGHT_RECORD,
    RIGHT_ADMIN
};
enum { RIGHT_COUNT = 6 };

enum {
    ACCESS_NAME_MAX = 64,
    ACCESS_PATTERN_MAX = 64,
    ACCESS_RANGES_MAX = 8,  /* of a grant */
    ACCESS_GRANTS_MAX = 16, /* of a principal */
    ACCESS_PRINCIPALS_MAX = 256,
    ACCESS_FILE_BYTES_MAX = 4 << 20,
};

/* An address of either family: IPv4 is kept as ::ffff:a.b.c.d. */
struct access_address {
    bool is_known; /* false: a Unix socket, which is in no range */
    uint8_t bytes[16];
};

struct access_range {
    uint8_t bytes[16];
    int bits; /* of 128 that must be equal */
};

struct access_grant {
    unsigned rights;                      /* bits 1 << enum right */
    char streams[ACCESS_PATTERN_MAX + 1]; /* '*' any characters, '?' one */
    struct access_range ranges[ACCESS_RANGES_MAX];
    int range_count; /* 0: from anywhere */
};

enum access_kind {
    ACCESS_USER,  /* has a password */
    ACCESS_TOKEN, /* a program's key */
    ACCESS_PEER,  /* a user of this machine, on Unix sockets */
    ACCESS_ANYONE /* whoever comes, without showing anything */
};

struct access_principal {
    enum access_kind kind;
    char name[ACCESS_NAME_MAX + 1];
    char password[PASSWORD_HASH_ROOM]; /* of a user: libxcrypt's hash */
    uint8_t hash[SECRET_BYTES];        /* of a token: its SHA-256 */
    uint32_t uid;                      /* of a peer */
    int64_t expires_s;                 /* seconds since 1970; 0: never */
    struct access_grant grants[ACCESS_GRANTS_MAX];
    int grant_count;
};

struct access_rules {
    struct access_principal *items;
    int count;
    bool has_link_key;
    bool is_blank; /* there is no file, or no text in it, not even that there are none */
    uint8_t link_key[SECRET_BYTES]; /* signs links */
};

/* ---- asking ---- */

bool access_pattern_matches(const char *pattern, const char *name);
bool access_range_has(const struct access_range *range,
                      const struct access_address *address);
/* Whether a grant gives the right on this stream; `stream` NULL: on any. RIGHT_ADMIN includes the others. */
bool access_may(const struct access_principal *principal,
                const struct access_address *address, enum right right,
                const char *stream);
/* NULL: there is none, or it has expired by `now_s`. A token is compared with all that there are. */
const struct access_principal *access_rules_token(const struct access_rules *rules,
                                                  const char *token, int64_t now_s);
const struct access_principal *access_rules_named(const struct access_rules *rules,
                                                  enum access_kind kind,
                                                  const char *name);
const struct access_principal *access_rules_peer(const struct access_rules *rules,
                                                 uint32_t uid);
bool access_is_expired(const struct access_principal *principal, int64_t now_s);
/* What tells a principal from a later one of the same name: whoever was let in by another secret is out. */
void access_mark(const struct access_principal *principal, uint8_t out[SECRET_BYTES]);

/* ---- words ---- */

extern const char *const access_right_names[RIGHT_COUNT]; /* "none", "view", ... */
extern const char *const access_kind_names[4]; /* "user", "token", "peer", "anyone" */
/* "10.0.0.0/8", "::1". Fails: INVALID. */
IMS_NODISCARD enum ims_result
access_range_parse(const char *text, struct access_range *out, struct ims_error *err);
enum { ACCESS_RANGE_TEXT_ROOM = 56 };
void access_range_text(const struct access_range *range,
                       char out[ACCESS_RANGE_TEXT_ROOM]);
/* A text without `/`; IPv6 with a zone is taken without it. */
bool access_address_parse(const char *text, struct access_address *out);
enum { ACCESS_ADDRESS_TEXT_ROOM = 46 };
void access_address_text(const struct access_address *address,
                         char out[ACCESS_ADDRESS_TEXT_ROOM]);
/* Letters, digits and ._-@, at most ACCESS_NAME_MAX. Fails: INVALID. */
IMS_NODISCARD enum ims_result access_name_check(const char *name, struct ims_error *err);
/* What may stand in a stream's name, '*' and '?'. Fails: INVALID. */
IMS_NODISCARD enum ims_result access_pattern_check(const char *pattern,
                                                   struct ims_error *err);

/* ---- the file ---- */

/* Strict: an unknown key or a wrong value fails with where it stands. Fails: INVALID, LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result access_rules_parse(const char *text, size_t size,
                                                 struct access_rules *out,
                                                 struct ims_error *err);
void access_rules_write(const struct access_rules *rules, struct ims_bytes *out);
/* A file that is not there is one without rules. Fails: as access_rules_parse, IO, INVALID when others than its owner may write it. */
IMS_NODISCARD enum ims_result
access_rules_load(const char *path, struct access_rules *out, struct ims_error *err);
/* By a temporary file beside it, mode 0600, on the disk before it takes the place. Fails: IO, NOMEM. */
IMS_NODISCARD enum ims_result access_rules_save(const char *path,
                                                const struct access_rules *rules,
                                                struct ims_error *err);
/* Room for one principal more, zeroed. Fails: LIMIT, NOMEM. */
IMS_NODISCARD enum ims_result access_rules_add(struct access_rules *rules,
                                               struct access_principal **out,
                                               struct ims_error *err);
void access_rules_remove(struct access_rules *rules, int at);
void access_rules_finish(struct access_rules *rules);

#endif
