/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CREDENTIAL_H
#define CONFIG_CREDENTIAL_H

/*
 * Secrets that stand in no configuration file: systemd puts each into a file of $CREDENTIALS_DIRECTORY
 * (LoadCredential=, LoadCredentialEncrypted=), and a value names it.
 *
 *     source = http://ann:@credential:yard-password@camera.lan/video.mjpg
 *     source = @credential:yard-source
 *
 * Read when the configuration is: at the start and at each reload.
 */

#include "config_table.h"

enum { CONFIG_CREDENTIAL_BYTES = 4096, CONFIG_CREDENTIAL_NAME = 64 };

/* The text of a credential, without the line's end that files have. False: `why`. Keep the text from logs. */
bool config_credential_read(const char *name, char out[CONFIG_CREDENTIAL_BYTES],
                            char why[CONFIG_WHY_BYTES]);

/* Puts secrets in the place of each @credential:NAME (letters, digits, '.', '_', '-') of a source. A part of a URL
 * gets them percent-encoded; one that is the whole value is taken as it is. exec: takes none, since its program
 * can read the files itself and a shell would read what they hold. */
bool config_credentials_fill(const char *value, struct config_texts *texts, char **out,
                             char why[CONFIG_WHY_BYTES]);

#endif
