# SPDX-License-Identifier: MIT
"""A WebSocket client (RFC 6455) that can also misbehave.

    socket = WebSocket('127.0.0.1', port)
    socket.send(b'...')             # one binary message
    socket.receive()                # the next whole message; raises Closed with code and reason
"""
import base64
import hashlib
import os
import socket
import struct
import time

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
TIMEOUT_S = 180


class Refused(Exception):
    """The handshake's answer was no: status and the head's text."""

    def __init__(self, status, head):
        super().__init__(f'{status}: {head}')
        self.status = status


class Closed(Exception):
    """The server closed: code None when it sent no close frame."""

    def __init__(self, code=None, reason=''):
        super().__init__(f'{code} {reason}')
        self.code, self.reason = code, reason


class WebSocket:
    def __init__(self, host, port, path='/ws', protocols=('imshow.v1',), headers=(), rcvbuf=0,
                 context=None):
        self.buffer = bytearray()
        self.socket = socket.socket()
        self.socket.settimeout(TIMEOUT_S)
        if rcvbuf:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        try:
            self.socket.connect((host, port))
            if context:
                self.socket = context.wrap_socket(self.socket)
            self.protocol = self._shake_hands(host, port, path, protocols, dict(headers))
        except BaseException:
            self.socket.close()
            raise

    def _shake_hands(self, host, port, path, protocols, headers):
        key = base64.b64encode(os.urandom(16)).decode()
        head = {'Host': f'{host}:{port}', 'Upgrade': 'websocket', 'Connection': 'Upgrade',
                'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': '13'}
        if protocols:
            head['Sec-WebSocket-Protocol'] = ', '.join(protocols)
        lines = [f'GET {path} HTTP/1.1', *(f'{k}: {v}' for k, v in {**head, **headers}.items())]
        self.socket.sendall('\r\n'.join([*lines, '', '']).encode())
        while b'\r\n\r\n' not in self.buffer:
            self._read_some()
        answer, _, rest = bytes(self.buffer).partition(b'\r\n\r\n')
        self.buffer = bytearray(rest)
        first, *fields = answer.decode('latin1').split('\r\n')
        status = int(first.split()[1])
        if status != 101:
            raise Refused(status, answer.decode('latin1'))
        fields = {k.strip().lower(): v.strip() for k, _, v in (f.partition(':') for f in fields)}
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        assert fields['sec-websocket-accept'] == accept, fields
        return fields.get('sec-websocket-protocol')

    def _read_some(self):
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionResetError:
            data = b''
        if not data:
            raise Closed()
        self.buffer += data

    def _take(self, size):
        while len(self.buffer) < size:
            self._read_some()
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def send_frame(self, opcode, data, fin=True):
        mask = os.urandom(4)
        first, size = opcode | (0x80 if fin else 0), len(data)
        if size < 126:
            head = struct.pack('>BB', first, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack('>BBH', first, 0x80 | 126, size)
        else:
            head = struct.pack('>BBQ', first, 0x80 | 127, size)
        pattern = (mask * (size // 4 + 1))[:size]
        masked = int.from_bytes(data, 'big') ^ int.from_bytes(pattern, 'big')
        self.socket.sendall(head + mask + masked.to_bytes(size, 'big'))

    def send(self, data):
        self.send_frame(BINARY, data)

    def receive_frame(self):
        first, second = self._take(2)
        assert not second & 0x80, 'a server does not mask'
        size = second & 0x7f
        if size > 125:
            size = int.from_bytes(self._take(2 if size == 126 else 8), 'big')
        return first & 0x0f, bool(first & 0x80), self._take(size)

    def receive(self):
        """Answers pings on its way. A message of the protocol is always binary."""
        message, end = b'', time.monotonic() + TIMEOUT_S
        while True:
            if time.monotonic() > end:  # pings alone keep a socket from timing out
                raise TimeoutError('no message')
            opcode, fin, data = self.receive_frame()
            if opcode == PING:
                self.send_frame(PONG, data)
            elif opcode == CLOSE:
                code = int.from_bytes(data[:2], 'big') if data else None
                raise Closed(code, data[2:].decode())
            elif opcode in (BINARY, CONTINUATION):
                message += data
                if fin:
                    return message

    def closed(self):
        """Reads until the server closes; its code and reason."""
        while True:
            try:
                self.receive()
            except Closed as end:
                return end

    def close(self):
        self.socket.close()
