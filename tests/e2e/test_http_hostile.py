# SPDX-License-Identifier: MIT
"""Requests that are too large, or never end, on every route: they cost their sender the connection and nobody else anything."""
import io
import select
import socket
import threading
import time
import unittest

import numpy as np

from support.access import table
from support.daemon import WAIT_S, DaemonCase

PATIENCE_S = 90  # more than the daemon has for a request's head


class Hostile(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def connect(self):
        own = socket.create_connection((self.daemon.host, self.daemon.port), WAIT_S)
        self.addCleanup(own.close)
        return own

    def ended(self, own):
        """The answer's status, or 0, once the daemon has closed or answered."""
        try:
            line = own.makefile('rb').readline()
        except ConnectionError:
            return 0
        return int(line.split()[1]) if line else 0

    def test_heads_that_are_too_large_are_refused_on_every_route(self):
        for route in table():
            path = route.path('lab')
            for head in (f'{path}?{"a" * 70000}', path + '/' + 'b' * 70000):
                own = self.connect()
                try:
                    own.sendall(f'{route.method} {head} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
                except ConnectionError:
                    pass
                self.assertIn(self.ended(own), (0, 400, 403, 404, 413, 414, 431), route.pattern)
            own = self.connect()
            try:
                own.sendall(f'{route.method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {"c" * 70000}\r\n\r\n'.encode())
            except ConnectionError:
                pass
            self.ended(own)
        self.assertEqual(self.daemon.get('/healthz').status, 200)
        self.daemon.logged(r'client 127\.0\.0\.1: the head of its request has more than \d+ bytes')

    def test_a_body_behind_a_head_that_waited_is_that_body(self):
        get = b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
        for side in (20, 40, 200):
            frame = np.arange(side * side, dtype='<u2').reshape(side, side)
            body = io.BytesIO()
            np.save(body, frame)
            head = b'POST /push/waited HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n' % body.tell()
            data = get + head + body.getvalue()
            own = self.connect()
            own.sendall(data[:3000])  # the GET, the head, some of the body: in one piece
            answers = b''
            while b'ok\n' not in answers:
                answers += own.recv(4096)
            own.sendall(data[3000:])
            while answers.count(b'HTTP/1.1 200') < 2 or not answers.rstrip().endswith(b'}'):
                more = own.recv(4096)
                self.assertTrue(more, answers)
                answers += more
            got = np.load(io.BytesIO(self.daemon.get('/streams/waited/frame.npy').body))
            np.testing.assert_array_equal(got, frame)

    def test_a_request_behind_a_body_that_is_not_answered_so_far_costs_its_connection_alone(self):
        head = b'POST /push/behind HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n'
        for count in 2, 3, 50:
            own = self.connect()
            own.sendall((head + b'none') * count)
            self.ended(own)
            self.assertEqual(self.daemon.get('/healthz').status, 200)

    def test_a_head_that_never_ends_is_given_up_while_others_are_served(self):
        slow = [self.connect() for _ in range(100)]
        for own in slow:
            own.sendall(b'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
        answers = set()
        over, end = threading.Event(), time.monotonic() + PATIENCE_S
        waiting = set(slow)
        while waiting and time.monotonic() < end:
            self.assertEqual(self.daemon.get('/healthz').status, 200)
            for own in list(waiting):
                try:
                    if select.select([own], [], [], 0)[0]:
                        answers.add(own.recv(4096)[:12])
                        waiting.remove(own)
                    else:
                        own.sendall(b'x')
                except ConnectionError:
                    waiting.remove(own)
            over.wait(1)  # a byte a second: this is the pace of the attack
        self.assertFalse(waiting, 'connections that trickle for ever')
        self.assertEqual(answers, {b'HTTP/1.1 408'})
        self.daemon.logged(r'client 127\.0\.0\.1: no whole request came in 30 s')


if __name__ == '__main__':
    unittest.main()
