# SPDX-License-Identifier: MIT
"""Floods of messages and bytes that unpack to far more, without access rules and with them: they are answered or
closed, told in the log in a bounded number of lines, and others go on watching."""
import gzip
import io
import re
import socket
import struct
import threading
import unittest
import zipfile
import zlib

import msgpack
import numpy as np

from support.access import AccessCase, bearer
from support.daemon import WAIT_S, until
from support.viewer import Viewer, Watcher
from support.websocket import BINARY, CONTINUATION, Closed, WebSocket

MOST_LINES = 30     # of one kind and source, within ten seconds
MEMORY_KB = 700 << 10  # what all bombs together may take of it; a sanitizer keeps 256 MB of what is freed


def frame(data, first=0x80 | BINARY):
    """As a client sends it, with a mask of zeros."""
    size = len(data)
    head = struct.pack('>BB', first, 0x80 | size) if size < 126 else struct.pack('>BBH', first, 0x80 | 126, size)
    return head + bytes(4) + data


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(width, height, rows):
    """Grey, 8 bits; `rows` are compressed already."""
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 0, 0, 0, 0)) +
            chunk(b'IDAT', rows) + chunk(b'IEND', b''))


def zeros(size, wbits=15):
    packer, packed = zlib.compressobj(1, wbits=wbits), bytearray()
    for _ in range(size >> 20):
        packed += packer.compress(bytes(1 << 20))
    return bytes(packed + packer.flush())


def jpeg_of_size(width, height):
    """The head of a JPEG whose pixels never come."""
    size = struct.pack('>BHHB', 8, height, width, 1) + b'\x01\x11\x00'
    return b'\xff\xd8\xff\xc0' + struct.pack('>H', len(size) + 2) + size + b'\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00' + bytes(99) + b'\xff\xd9'


def npz():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as file:
        file.writestr('arr_0.npy', bytes(32 << 20))
    return out.getvalue()


class Stream(threading.Thread):
    """Sends the same bytes over and over and reads what comes, until it is closed or told to stop."""

    def __init__(self, own, data):
        super().__init__(daemon=True)
        self.own, self.data = own, data
        self.sent = self.read = 0
        self.reader = threading.Thread(target=self._read, daemon=True)

    def _read(self):
        try:
            while data := self.own.recv(1 << 16):
                self.read += len(data)
        except OSError:
            pass

    def run(self):
        self.reader.start()
        try:
            while True:
                self.sent += self.own.send(self.data)
        except OSError:
            pass

    def stop(self):
        try:
            self.own.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join()
        self.reader.join()


class Floods(AccessCase):
    RULES = False

    def setUp(self):
        super().setUp()
        self.headers = {}
        options = ()
        if self.RULES:
            self.headers = bearer(self.rules.token('all', 'view,push,control'))
            options = ('--access', self.rules.path)
        self.push_path = f'{self.folder}/push'
        self.daemon = self.start('lab=test:lab', '--log-format', 'json', '--push-unix', self.push_path, *options)

    def socket(self, path='/ws', **more):
        own = WebSocket(self.daemon.host, self.daemon.port, path, headers={**self.headers, **more}.items())
        self.addCleanup(own.close)
        return own

    def watcher(self):
        return Watcher(self.daemon, 'lab', headers=self.headers)

    def flood(self, own, data):
        stream = Stream(own.socket, data)
        stream.start()
        self.addCleanup(stream.stop)
        return stream

    def lines(self, pattern):
        return re.findall(rf'"client":"[^"]*".*{pattern}.*', self.daemon.log)

    def outlasted(self, floods, at_least):
        """Others go on while floods do."""
        with self.watcher() as watcher:
            until(lambda: all(f.sent > at_least for f in floods), 'the floods run')
            watcher.wait_more(5)
            for flood in floods:
                self.assertTrue(flood.is_alive(), 'it goes on')
        for flood in floods:
            flood.stop()

    def test_viewers_who_ask_for_much_without_end_are_served_in_their_turn(self):
        asked = b''.join(frame(msgpack.packb(m)) for m in (
            {'type': 'watch', 'stream': 'lab', 'request': 1, 'width': 64},
            {'type': 'hover', 'request': 2, 'view': 1, 'picture': 1, 'seq': 1, 'x': 1, 'y': 1},
            {'type': 'unwatch', 'view': 1}, {'type': 'dance'}, {'type': 'watch', 'stream': 'nobody'},
            {'type': 'ping', 'request': 3}, {'type': 'watch', 'stream': 'lab', 'codec': 'gif'}))
        floods = [self.flood(self.socket(), asked) for _ in range(4)]
        self.outlasted(floods, 20 * len(asked))
        self.assertTrue(all(f.read > 0 for f in floods))

    def test_pieces_of_messages_that_never_end_are_no_way_around_it(self):
        floods = []
        for _ in range(4):
            own = self.socket()
            own.send_frame(BINARY, b'\x81', fin=False)
            floods.append(self.flood(own, frame(b'', CONTINUATION) * 1000))
        self.outlasted(floods, 20_000)

    def test_what_is_not_read_ends_the_connection_and_is_told(self):
        own = WebSocket(self.daemon.host, self.daemon.port, headers=self.headers.items(), rcvbuf=8192)
        self.addCleanup(own.close)
        asked = frame(msgpack.packb({'type': 'watch', 'stream': 'lab', 'request': 1, 'width': 64})) * 1000
        with self.watcher() as watcher:
            with self.assertRaises(OSError):
                while True:
                    own.socket.sendall(asked)
            watcher.wait_more(3)
        self.assertTrue(self.lines('too many unread messages'))

    def test_a_pusher_of_tiny_frames_disturbs_nobody_and_is_bounded(self):
        tiny = msgpack.packb({'data': b'x', 'dtype': '|u1', 'shape': [1, 1]})
        own = self.socket('/push/tiny')
        own.send(msgpack.packb({'type': 'hello', 'version': 1, 'name': 'tiny'}))
        floods = [self.flood(own, frame(tiny) * 1000)]
        if not self.RULES:
            local = socket.socket(socket.AF_UNIX)
            self.addCleanup(local.close)
            local.connect(self.push_path)
            local.sendall(msgpack.packb({'type': 'hello', 'version': 1, 'name': 'local'}))
            floods.append(Stream(local, tiny * 1000))
            floods[-1].start()
            self.addCleanup(floods[-1].stop)
        self.outlasted(floods, 100_000)

    def test_wrong_messages_from_ever_new_connections_are_a_few_lines(self):
        with self.watcher() as watcher:
            for i in range(200):
                own = self.socket()
                own.send(b'\xc1 no msgpack')
                self.assertEqual(own.closed().code, 1007)
                own.close()
            watcher.wait_more(3)
        self.daemon.stop()
        said = self.lines('closed with 1007')
        told = [line for line in said if 'left_out' in line]
        self.assertLessEqual(len(said) - len(told), MOST_LINES * (len(told) + 1))
        self.assertTrue(told)

    def test_compressed_messages_are_not_agreed_on_and_not_unpacked(self):
        bomb = zeros(16 << 20, wbits=-15)[:60_000]
        with self.watcher() as watcher:
            for path in ('/ws', '/push/zip'):
                own = self.socket(path, **{'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits'})
                before = self.daemon.rss_kb()
                with self.assertRaises((Closed, OSError)):
                    while True:
                        own.socket.sendall(frame(bomb, 0xc0 | BINARY))  # RSV1: compressed
                        own.receive()
                self.assertLess(self.daemon.rss_kb() - before, MEMORY_KB)
            watcher.wait_more(3)

    def test_bombs_that_are_posted_are_refused_and_take_no_memory(self):
        first = self.daemon.rss_kb()
        grey = png(30_000, 100_000, zeros(64 << 20))
        bombs = {
            'gzip of an npy': (gzip.compress(bytes(64 << 20)), (415,)),
            'npz': (npz(), (415,)),
            'PNG of many pixels': (grey, (400, 413)),
            'PNG of a lie': (png(8, 8, zeros(64 << 20)), (200, 400)),
            'PNG with a text of gigabytes': (png(1, 1, zlib.compress(bytes(2))).replace(
                b'IDAT', b'zTXt') + chunk(b'IEND', b''), (400,)),
            'JPEG of many pixels': (jpeg_of_size(65_500, 65_500), (400, 413)),
            'npy of many values': (b'\x93NUMPY\x01\x00\x76\x00' + (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }".ljust(0x75) + '\n').encode(), (400, 413)),
            'y4m of many pixels': (b'YUV4MPEG2 W60000 H60000 F25:1\nFRAME\n' + bytes(999), (400, 413)),
        }
        with self.watcher() as watcher:
            for name, (body, statuses) in bombs.items():
                with self.subTest(bomb=name):
                    answer = self.daemon.http('POST', '/push/bomb', {**self.headers, 'Content-Encoding': 'gzip'}
                                              if 'gzip' in name else self.headers, body)
                    self.assertIn(answer.status, statuses, answer.body)
                    if answer.status != 200:
                        self.assertRegex(answer.json()['error'], r'\A.+\Z')
            threads = [threading.Thread(target=self.daemon.http, args=('POST', '/push/bomb', self.headers, grey))
                       for _ in range(8)]
            for thread in threads:
                thread.start()
            watcher.wait_more(3)
            for thread in threads:
                thread.join(WAIT_S)
        self.assertLess(self.peak_kb() - first, MEMORY_KB)
        self.assertTrue(self.lines('/push/bomb: 4'))

    def peak_kb(self):
        with open(f'/proc/{self.daemon.process.pid}/status', encoding='ascii') as file:
            return int(re.search(r'VmHWM:\s+(\d+) kB', file.read())[1])

    def test_bombs_that_are_pushed_by_websocket_close_it_with_1008(self):
        with self.watcher() as watcher:
            for bomb in (png(30_000, 100_000, zeros(16 << 20)), jpeg_of_size(65_500, 65_500), gzip.compress(bytes(1 << 20))):
                own = self.socket('/push/bomb')
                try:
                    for at in range(0, len(bomb), 60_000):
                        own.send(bomb[at:at + 60_000])
                except OSError:
                    pass
                self.assertIn(own.closed().code, (1008, None))
            watcher.wait_more(3)
        self.assertTrue(re.search(r'"area":"push".*"client":"127.0.0.1","message":"the pusher is sent away', self.daemon.log))

    def test_a_good_frame_is_taken_after_all_of_it(self):
        out = io.BytesIO()
        np.save(out, np.ones((4, 4), 'u1'))
        for body in (b'\x93NUMPY', b'', out.getvalue()[:-1]):
            self.assertEqual(self.daemon.http('POST', '/push/good', self.headers, body).status, 415 if not body else 400)
        self.assertEqual(self.daemon.http('POST', '/push/good', self.headers, out.getvalue()).status, 200)
        viewer = Viewer(self.daemon, headers=self.headers)
        self.addCleanup(viewer.close)
        viewer.watch('good')


class FloodsWithRules(Floods):
    RULES = True

    def test_who_may_not_push_is_refused_before_the_body_is_looked_at(self):
        weak = bearer(self.rules.token('weak', 'view'))
        until(lambda: self.daemon.http('GET', '/api/v1/session', weak).json()['may_view'], 'the new rule')
        body = png(30_000, 100_000, zeros(64 << 20))
        for headers, status in ((weak, 403), ({}, 401), (bearer('imt_' + 'A' * 43), 401)):
            try:
                self.assertEqual(self.daemon.http('POST', '/push/bomb', headers, body).status, status)
            except ConnectionError:
                pass  # it was answered and closed while the body was on its way
        self.assertEqual([s['name'] for s in self.daemon.http('GET', '/api/v1/streams', self.headers).json()['streams']], ['lab'])


if __name__ == '__main__':
    unittest.main()
