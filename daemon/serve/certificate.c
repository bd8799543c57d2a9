/* SPDX-License-Identifier: MIT */
#include "certificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

static const char *reason(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_last_error());
    return text ? text : "unknown";
}

static enum ims_result load(SSL_CTX *ctx, const struct certificate *c,
                            struct ims_error *err)
{
    if (SSL_CTX_use_certificate_chain_file(ctx, c->cert) != 1)
        return ims_fail(err, IMS_ERR_INVALID, "%.120s: no certificate in PEM: %s",
                        c->cert, reason());
    if (SSL_CTX_use_PrivateKey_file(ctx, c->key, SSL_FILETYPE_PEM) != 1)
        return ims_fail(err, IMS_ERR_INVALID, "%.120s: not the key of %.120s: %s", c->key,
                        c->cert, reason());
    return IMS_OK;
}

enum ims_result certificate_check(const struct certificate *c, struct ims_error *err)
{
    ERR_clear_error();
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    enum ims_result result =
        ctx ? load(ctx, c, err) : ims_fail(err, IMS_ERR_NOMEM, "no memory for TLS");
    SSL_CTX_free(ctx);
    ERR_clear_error(); /* libwebsockets takes what it finds there for its own */
    return result;
}

bool certificate_has_changed(struct certificate *c)
{
    const char *const paths[2] = {c->cert, c->key};
    bool has_changed = false;
    struct stat st;
    for (int i = 0; i < 2; i++) {
        if (stat(paths[i], &st))
            continue;
        has_changed |= c->seen[i].inode != st.st_ino ||
                       c->seen[i].seconds != st.st_mtim.tv_sec ||
                       c->seen[i].nanoseconds != st.st_mtim.tv_nsec;
        c->seen[i].inode = st.st_ino;
        c->seen[i].seconds = st.st_mtim.tv_sec;
        c->seen[i].nanoseconds = st.st_mtim.tv_nsec;
    }
    return has_changed;
}
