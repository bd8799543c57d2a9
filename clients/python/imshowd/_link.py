# SPDX-License-Identifier: MIT
"""A connection to the daemon: bytes out in parts, messages in, never longer than a deadline.

    link = connect(address, '/push/photo', deadline)     # raises ConnectionLost
    link.send([memoryview(head), memoryview(data)], deadline)
    for message in link.receive(deadline): ...           # waits for one at least; none: the time is over
    for message in link.receive(None): ...               # those that are there

One thread at a time.
"""
from __future__ import annotations

import array
import select
import socket
import time
from typing import Any, Optional, Sequence

from . import _wire
from ._address import Address
from ._errors import ConnectionLost

RECEIVE_BYTES = 64 * 1024
PARTS_AT_ONCE = 64 # of one sendmsg; a message here has fewer


def now() -> float:
    return time.monotonic()


class Link:
    """Messages back to back: a Unix socket, or TCP."""

    def __init__(self, sock: socket.socket, where: str):
        self.socket = sock
        self.where = where
        self.inbox = _wire.Inbox()
        self.ended: Optional[ConnectionLost] = None # after this no message comes any more
        sock.setblocking(False)

    def close(self) -> None:
        self.socket.close()

    @property
    def has_memory(self) -> bool:
        """Whether descriptors can be sent."""
        return self.socket.family == socket.AF_UNIX

    def wait(self, events: int, deadline: float) -> bool:
        poll = select.poll()
        poll.register(self.socket, events)
        return bool(poll.poll(max(0, (deadline - now()) * 1000)))

    def can_send(self) -> bool:
        return self.wait(select.POLLOUT, 0)

    def send(self, parts: Sequence[memoryview], deadline: float, fds: Sequence[int] = ()) -> None:
        """All of it, or ConnectionLost: a part of a message leaves nothing to go on with."""
        rest = [part.cast('B') for part in parts if part.nbytes]
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))] if fds else []
        while rest:
            try:
                sent = self.socket.sendmsg(rest[:PARTS_AT_ONCE], rights)
            except BlockingIOError:
                if not self.wait(select.POLLOUT, deadline):
                    raise ConnectionLost(f'{self.where}: takes nothing any more') from None
                continue
            except OSError as error:
                raise ConnectionLost(f'{self.where}: {error.strerror}') from error
            rights = []
            while rest and sent >= rest[0].nbytes:
                sent -= rest.pop(0).nbytes
            if sent:
                rest[0] = rest[0][sent:]

    def receive(self, deadline: Optional[float]) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while not self.ended:
            try:
                data = self.socket.recv(RECEIVE_BYTES)
            except BlockingIOError:
                if messages or deadline is None or not self.wait(select.POLLIN, deadline):
                    break
                continue
            except OSError as error:
                self.ended = ConnectionLost(f'{self.where}: {error.strerror}')
                break
            try:
                messages += self.inbox.feed(self.take(data))
            except ValueError as error:
                self.ended = ConnectionLost(f'{self.where}: {error}; is that imshowd?')
            if not data:
                self.ended = self.ended or ConnectionLost(f'{self.where}: the daemon has gone')
        return messages

    def take(self, data: bytes) -> bytes:
        """What of the bytes of the socket is of messages."""
        return data


def open_socket(address: Address, deadline: float) -> socket.socket:
    seconds = max(0.01, deadline - now())
    if address.kind != 'unix':
        sock = socket.create_connection((address.host, address.port), seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.settimeout(seconds)
        sock.connect(address.host)
    except OSError:
        sock.close()
        raise
    return sock


def remedy(address: Address) -> str:
    if address.kind == 'unix':
        return f'start it with: imshowd --push-unix {address.host}'
    if address.kind == 'tcp':
        return f'start it with: imshowd --push-tcp {address.host}:{address.port}'
    return f'start it with: imshowd --port {address.port}'


def connect(address: Address, path: str, deadline: float) -> Link:
    """`path` is the route of a WebSocket; the other kinds have none."""
    where = str(address)
    try:
        sock = open_socket(address, deadline)
    except OSError as error:
        raise ConnectionLost(f'{where}: {error.strerror or error}; is imshowd running? '
                             f'{remedy(address)}') from error
    try:
        if address.is_web:
            from ._websocket import WebLink # only those who need it pay for it
            return WebLink(sock, address, address.path + path, deadline)
        return Link(sock, where)
    except BaseException:
        sock.close()
        raise
