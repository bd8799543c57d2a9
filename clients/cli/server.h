/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVER_H
#define CLI_SERVER_H

/*
 * Where imshowd is: --server, else IMSHOW_SERVER, else http://127.0.0.1:8080.
 *
 *     struct server server;
 *     if (server_resolve(given, getenv("IMSHOW_SERVER"), &server, &err)) ...
 *     if (server_token(token_file, getenv("IMSHOW_TOKEN"), &server, &err)) ...
 *     if (server.unix_path) ...                   // "unix:/path": a push socket
 */

#include <imshow/error.h>

#define SERVER_DEFAULT "http://127.0.0.1:8080"

enum { TOKEN_ROOM = 256 };
#define TOKEN_FILE_HELP "whose first line shows who you are (IMSHOW_TOKEN): imshow access"

struct server {
    char base[512];         /* "http://host:port", no slash at its end */
    const char *unix_path;  /* points into base; NULL: HTTP */
    char token[TOKEN_ROOM]; /* what shows who we are; "": nothing */
};

/* `given` and `environment` may be NULL or empty. Fails: INVALID. */
IMS_NODISCARD enum ims_result server_resolve(const char *given, const char *environment,
                                             struct server *out, struct ims_error *err);

/* The first line of the file, else the environment's text; both may be NULL or empty. Fails: IO, INVALID. */
IMS_NODISCARD enum ims_result server_token(const char *file, const char *environment,
                                           struct server *server, struct ims_error *err);

#endif
