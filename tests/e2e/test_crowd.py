# SPDX-License-Identifier: MIT
"""Many connections that want nothing, some that want too much: nobody else is kept from anything."""
import re
import socket
import unittest

import msgpack

from support.daemon import WAIT_S, DaemonCase, until
from support.viewer import Viewer, Watcher, connect
from support.websocket import Closed, Refused, WebSocket

EACH = 100   # of silent connections, of half heads, of viewers who never watch
PINGS = 5000 # of one viewer, in one go


class Crowd(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def silent(self, text=b'', daemon=None):
        daemon = daemon or self.daemon
        own = socket.create_connection((daemon.host, daemon.port), WAIT_S)
        self.addCleanup(own.close)
        own.sendall(text)
        return own

    def test_whoever_wants_nothing_keeps_nobody_from_anything(self):
        idle = [self.silent() for _ in range(EACH)]
        slow = [self.silent(b'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ') for _ in range(EACH)]
        viewers = [connect(self, self.daemon) for _ in range(EACH)]
        with Watcher(self.daemon, 'lab', codec='jpeg') as watcher:
            watcher.wait_more(5)
        for viewer in viewers:
            viewer.until_state('lab', 'live')
        for own in slow:  # the rest of the head: it is answered as any other
            own.sendall(b'x\r\n\r\n')
        for own in slow:
            self.assertIn(b' 200 ', own.makefile('rb').readline())
        for own in idle:
            own.sendall(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
        for own in idle:
            self.assertIn(b' 200 ', own.makefile('rb').readline())

    def test_a_flood_of_messages_is_answered_while_others_watch(self):
        flood = connect(self, self.daemon)
        message = msgpack.packb({'type': 'ping', 'request': 1})
        with Watcher(self.daemon, 'lab', codec='jpeg') as watcher:
            watcher.wait_more(1)
            for i in range(PINGS):
                flood.socket.send(message)
                if i % 100 == 99: # what is not read is bounded, and ends the connection
                    for _ in range(100):
                        flood.wait(lambda m: m['type'] == 'pong')
            watcher.wait_more(5)
        self.assertEqual(flood.request('ping')['type'], 'pong')

    def test_a_burst_is_answered_whole_and_in_order(self):
        flood = connect(self, self.daemon)
        frames = bytearray()
        for number in range(1000):
            message = msgpack.packb({'type': 'ping', 'request': number})
            frames += bytes([0x82, 0x80 | len(message), 0, 0, 0, 0]) + message
        flood.socket.socket.sendall(frames)
        for number in range(1000):
            self.assertEqual(flood.wait(lambda m: m['type'] == 'pong')['request'], number)

    def test_past_the_bound_the_longest_silent_gives_way(self):
        daemon = self.start('--connections', '16', 'lab=test:lab')
        silent = [self.silent(daemon=daemon) for _ in range(16)]
        viewers = [connect(self, daemon) for _ in range(8)]
        for own in silent[:8]:
            self.assertIn(b' 503 ', own.makefile('rb').readline())
        for viewer in viewers:
            viewer.until_state('lab', 'live')
        self.assertEqual(daemon.get('/healthz').status, 200)  # the ninth silent one has gone for it
        daemon.logged(r'client 127\.0\.0\.1: there are as many as may be, 16')

    def test_when_all_are_busy_newcomers_are_told(self):
        daemon = self.start('--connections', '16', 'lab=test:lab')
        viewers = [connect(self, daemon) for _ in range(16)]
        for viewer in viewers:
            viewer.until_state('lab', 'live')
        with self.assertRaises(Refused) as refused:
            WebSocket(daemon.host, daemon.port)
        self.assertEqual(refused.exception.status, 503)
        viewers[0].close()
        until(lambda: self.has_room(daemon), 'room for another')

    def has_room(self, daemon):
        try:
            Viewer(daemon).close()
        except (Refused, Closed):
            return False
        return True

    def test_descriptors_are_raised_to_what_is_asked_for(self):
        daemon = self.start('--connections', '2000', 'lab=test:lab',
                            prefix=('prlimit', '--nofile=1024:4096'))
        with open(f'/proc/{daemon.process.pid}/limits', encoding='ascii') as file:
            soft = int(re.search(r'Max open files\s+(\d+)', file.read())[1])
        self.assertEqual(soft, 2000 + 512)

    def test_fewer_descriptors_than_connections_are_told_and_bound_them(self):
        daemon = self.start('--connections', '2000', 'lab=test:lab',
                            prefix=('prlimit', '--nofile=128:128'))
        daemon.logged(r'connections: 2000 were asked for, 64 may be')
        for _ in range(80):
            self.silent(daemon=daemon)
        self.assertEqual(daemon.get('/healthz').status, 200)


if __name__ == '__main__':
    unittest.main()
