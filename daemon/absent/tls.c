/* SPDX-License-Identifier: MIT */
/* A build without TLS: the options that name a certificate are refused before anybody asks for one here. */
#include "../serve/certificate.h"

enum ims_result certificate_check(const struct certificate *c, struct ims_error *err)
{
    return ims_fail(err, IMS_ERR_INVALID, "%s: there is no TLS in this build", c->cert);
}

bool certificate_has_changed(struct certificate *c)
{
    (void)c;
    return false;
}
