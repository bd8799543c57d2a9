/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void read_address(const struct sockaddr_storage *from, struct access_address *out)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (from->ss_family == AF_INET) {
        memcpy(out->bytes, mapped, sizeof mapped);
        memcpy(out->bytes + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    } else if (from->ss_family == AF_INET6) {
        memcpy(out->bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    }
    out->is_known = from->ss_family == AF_INET || from->ss_family == AF_INET6;
}

static struct access_address address_at(int fd)
{
    struct access_address address = {0};
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    if (getpeername(fd, (struct sockaddr *)&from, &size) == 0)
        read_address(&from, &address);
    return address;
}

void peer_caller(struct gate *gate, int fd, struct access_caller *out)
{
    struct access_address address = address_at(fd);
    struct ucred user;
    socklen_t user_size = sizeof user;
    gate_caller(&address, out);
    if (!address.is_known &&
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &user_size) == 0)
        (void)gate_show_peer(gate, out, user.uid);
}

struct peer_name peer_name(const struct access_address *address)
{
    struct peer_name name;
    snprintf(name.text, sizeof name.text, "a Unix socket");
    if (address->is_known)
        access_address_text(address, name.text);
    return name;
}

struct peer_name peer_name_at(int fd)
{
    struct access_address address = address_at(fd);
    return peer_name(&address);
}
