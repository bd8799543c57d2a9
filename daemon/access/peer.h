/* SPDX-License-Identifier: MIT */
#ifndef ACCESS_PEER_H
#define ACCESS_PEER_H

/*
 * Who is at the other end of a connected socket.
 *
 *     struct access_caller who;
 *     peer_caller(gate, fd, &who);
 */

#include "gate.h"

/* By address; on a Unix socket by the user whose program it is, as the kernel says (SO_PEERCRED). */
void peer_caller(struct gate *gate, int fd, struct access_caller *out);

struct peer_name {
    char text[ACCESS_ADDRESS_TEXT_ROOM];
};
/* For the log: "192.0.2.7", or "a Unix socket". */
struct peer_name peer_name(const struct access_address *address);
struct peer_name peer_name_at(int fd);

#endif
