# SPDX-License-Identifier: MIT
"""A WebSocket client (RFC 6455): the least that a pusher needs."""
from __future__ import annotations

import base64
import hashlib
import os
import socket
import struct
from typing import Callable, Sequence, TypeVar

import numpy as np

from . import _wire
from ._address import Address, authorization, trust
from ._errors import ConnectionLost, ServerError
from ._link import Link, now

T = TypeVar('T')

GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10
CHUNK_BYTES = 1 << 20 # masked and sent at once
HEAD_BYTES_MAX = 16 * 1024 # of the handshake's answer
CONTROL_BYTES_MAX = 125


class Secure:
    """A TLS socket with the calls that a link makes: one that takes parts, and BlockingIOError where ssl has errors of its own."""

    def __init__(self, sock: socket.socket, address: Address, deadline: float):
        sock.settimeout(max(0.01, deadline - now()))
        try:
            self.socket = trust().wrap_socket(sock, server_hostname=address.host)
        except OSError as error: # what ssl raises is one
            sock.close()
            raise ConnectionLost(f'{address}: {error}') from error
        self.family = sock.family
        self.fileno, self.close = self.socket.fileno, self.socket.close
        self.settimeout, self.setblocking = self.socket.settimeout, self.socket.setblocking
        self.sendall = self.socket.sendall

    def sendmsg(self, parts: Sequence[memoryview], _rights: Sequence[object]) -> int:
        return self._try(lambda: self.socket.send(parts[0]))

    def recv(self, size: int) -> bytes:
        return self._try(lambda: self.socket.recv(size))

    @staticmethod
    def _try(call: Callable[[], T]) -> T:
        import ssl
        try:
            return call()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError() from None


class WebLink(Link):
    """Messages are cut into frames of at most `CHUNK_BYTES`; the daemon puts them together."""

    def __init__(self, sock: socket.socket, address: Address, path: str, deadline: float):
        if address.kind == 'https':
            sock = Secure(sock, address, deadline) # type: ignore[assignment]
        sock.settimeout(max(0.01, deadline - now()))
        self.pending = bytearray(shake_hands(sock, address, path))
        super().__init__(sock, str(address))

    def send(self, parts: Sequence[memoryview], deadline: float, fds: Sequence[int] = ()) -> None:
        for part in parts:
            data = part.cast('B')
            for at in range(0, data.nbytes, CHUNK_BYTES):
                self.send_frame(BINARY, data[at:at + CHUNK_BYTES], deadline)

    def send_frame(self, kind: int, data: memoryview, deadline: float) -> None:
        mask = os.urandom(4)
        super().send([memoryview(frame_head(kind, data.nbytes) + mask),
                      masked(data, mask)], deadline)

    def take(self, data: bytes) -> bytes:
        self.pending += data
        whole = bytearray()
        while True:
            frame = parse_frame(self.pending)
            if frame is None:
                return bytes(whole)
            kind, payload, size = frame
            del self.pending[:size]
            if kind == PING:
                self.send_frame(PONG, memoryview(payload), now() + 1)
            elif kind == CLOSE:
                reason = payload[2:].decode('utf-8', 'replace')
                self.ended = ConnectionLost(f'{self.where}: {reason or "the daemon closed"}')
            elif kind < CLOSE:
                whole += payload


def frame_head(kind: int, size: int) -> bytes:
    first = 0x80 | kind
    if size <= CONTROL_BYTES_MAX:
        return struct.pack('>BB', first, 0x80 | size)
    if size < 1 << 16:
        return struct.pack('>BBH', first, 0x80 | 126, size)
    return struct.pack('>BBQ', first, 0x80 | 127, size)


def masked(data: memoryview, mask: bytes) -> memoryview:
    """A copy with every fourth byte changed by one of the mask's, by words where they are whole."""
    source = np.frombuffer(data, np.uint8)
    result = np.empty(-(-len(source) // 4), np.uint32)
    result.view(np.uint8)[:len(source)] = source
    result ^= np.frombuffer(mask, np.uint32)
    return result.view(np.uint8)[:len(source)].data


def parse_frame(data: bytearray) -> 'tuple[int, bytes, int] | None':
    """Kind, payload and length of the first frame; None until it is whole."""
    if len(data) < 2:
        return None
    size, at = data[1] & 0x7f, 2
    if size > CONTROL_BYTES_MAX:
        width = 2 if size == 126 else 8
        if len(data) < 2 + width:
            return None
        size, at = int.from_bytes(data[2:2 + width], 'big'), 2 + width
    if size > _wire.ANSWER_BYTES_MAX or data[1] & 0x80:
        raise ValueError('a strange WebSocket frame')
    return (data[0] & 15, bytes(data[at:at + size]), at + size) if len(data) >= at + size else None


def shake_hands(sock: socket.socket, address: Address, path: str) -> bytes:
    """Returns the bytes that came behind the answer. Raises ServerError when it is no."""
    key = base64.b64encode(os.urandom(16)).decode()
    host = address.web.split('://')[1].partition('/')[0]
    lines = [f'GET {path} HTTP/1.1', f'Host: {host}', 'Upgrade: websocket', 'Connection: Upgrade',
             f'Sec-WebSocket-Key: {key}', 'Sec-WebSocket-Version: 13',
             f'Sec-WebSocket-Protocol: {_wire.SUBPROTOCOL}',
             *(f'{name}: {value}' for name, value in authorization().items()), '', '']
    try:
        sock.sendall('\r\n'.join(lines).encode())
        head, rest = read_head(sock)
    except OSError as error:
        raise ConnectionLost(f'{address}: {error.strerror or error}') from error
    status, *fields = head.decode('latin1').split('\r\n')
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    values = {name.strip().lower(): value.strip() for name, _, value in
              (field.partition(':') for field in fields)}
    code = status.split(' ')[1:2]
    if code != ['101'] or values.get('sec-websocket-accept') != accept:
        raise ServerError(f'http-{code[0] if code else ""}',
                          f'{address}{path}: no push by WebSocket here: {status}')
    return rest


def read_head(sock: socket.socket) -> 'tuple[bytes, bytes]':
    data = b''
    while b'\r\n\r\n' not in data and len(data) < HEAD_BYTES_MAX:
        more = sock.recv(4096)
        if not more:
            break
        data += more
    head, _, rest = data.partition(b'\r\n\r\n')
    return head, rest
