# SPDX-License-Identifier: MIT
"""A pusher on the Unix socket (docs/protocol.md section 9).

    pusher = Pusher(self, path, 'photo', params={'zmin': 0})    # hello and ready; closed with the test
    pusher.push(array)
    pusher.send_bytes(b'garbage')
    pusher.answer()                     # the next message; None when the daemon has closed
"""
import socket

import msgpack
import numpy as np

TIMEOUT_S = 180


class Pusher:
    def __init__(self, case, path, name=None, **hello):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(TIMEOUT_S)
        self.socket.connect(path)
        case.addCleanup(self.socket.close)
        self.unpacker = msgpack.Unpacker()
        if name is not None:
            answer = self.hello(name, **hello)
            assert answer == {'type': 'ready', 'name': name, 'version': 1}, answer

    def send_bytes(self, data):
        self.socket.sendall(data)

    def send(self, message):
        self.send_bytes(msgpack.packb(message))

    def hello(self, name, **keys):
        self.send({'type': 'hello', 'version': 1, 'name': name, **keys})
        return self.answer()

    def push(self, array, **keys):
        """Any array: big-endian ones as they are, and in C order."""
        array = np.asarray(array)
        self.send({'data': array.tobytes(), 'dtype': array.dtype.str, 'shape': list(array.shape),
                   **keys})

    def answer(self):
        while True:
            for message in self.unpacker:
                return message
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self.unpacker.feed(data)

    def close(self):
        self.socket.close()
