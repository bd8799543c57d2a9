# SPDX-License-Identifier: MIT
"""Every route, who may ask, and what a wrong question costs."""
import io
import os
import re
import resource
import socket
import unittest

import numpy as np
from PIL import Image

from support.daemon import ROOT, DaemonCase, until
from support.pusher import Pusher
from support.recorder import start, stop, until_item, until_session
from support.viewer import connect
from support.websocket import Refused

ROUTES = re.findall(r'\{"(/[^"]*)", METHOD_(\w+), \w+, (\w+)',
                    (ROOT / 'daemon/serve/routes.c').read_text(encoding='utf-8'))

ENDLESS = 4 << 20  # bytes: none of these answers is so large
ENDLESS_ROUTES = ('/stream', '/streams/NAME/stream.mjpg')


def path_of(pattern):
    return pattern.replace('/assets/NAME', '/assets/page.js').replace('NAME', 'lab')


class Http(DaemonCase):
    SOURCES = ('lab=test:lab', 'thermal=test:thermal', 'stack=test:stack')

    def raw(self, text):
        """Sends these bytes; all that comes until the server closes."""
        with socket.create_connection((self.daemon.host, self.daemon.port), timeout=60) as s:
            s.sendall(text if isinstance(text, bytes) else text.encode())
            s.shutdown(socket.SHUT_WR)
            got = b''
            while len(got) < ENDLESS and (data := s.recv(65536)):
                got += data
        self.assertLess(len(got), ENDLESS, 'an answer without end')
        return got

    def begin(self, path, rcvbuf=0, daemon=None):
        """An answer without end: its head, and the socket as a file."""
        s = socket.socket()
        self.addCleanup(s.close)
        s.settimeout(60)
        if rcvbuf:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        daemon = daemon or self.daemon
        s.connect((daemon.host, daemon.port))
        s.sendall(f'GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
        file = s.makefile('rb')
        self.addCleanup(file.close)
        return self.head(file), file

    def head(self, file):
        lines = []
        while line := file.readline().strip():
            lines.append(line.decode())
        return lines

    def refused(self, answer, *statuses):
        self.assertIn(answer.status, statuses, answer.body)
        self.assertEqual(answer.headers['content-type'], 'application/json')
        error = answer.json()['error']
        self.assertTrue(error)
        self.assertNotIn('\n', error)
        return error

    def test_the_table_has_the_routes_that_are_promised(self):
        paths = {pattern for pattern, _, _ in ROUTES}
        self.assertLessEqual({'/', '/ws', '/push/NAME', '/api/v1/streams', '/healthz',
                              '/api/v1/streams/NAME', '/streams/NAME/figure.json',
                              '/streams/NAME/frame.npy', '/streams/NAME/snapshot.jpg',
                              '/streams/NAME/snapshot.png', '/streams/NAME/stream.mjpg'}, paths)

    def test_every_route_answers_get_and_head(self):
        start(self.daemon, ['lab'], name='lab')  # for the routes of recordings
        until_session(self.daemon, 'lab', lambda s: s['frames'] > 0, 'a frame')
        stop(self.daemon, 'lab')
        until_item(self.daemon, 'lab')
        for pattern, method, is_socket in ROUTES:
            if method != 'GET' or is_socket == 'true' or pattern in ENDLESS_ROUTES:
                continue
            with self.subTest(pattern=pattern):
                got = self.daemon.get(path_of(pattern), Accept_Encoding='gzip')
                self.assertEqual(got.status, 200, got.body)
                self.assertEqual(int(got.headers['content-length']), len(got.body))
                self.assertGreater(len(got.body), 2)
                self.assertEqual(got.headers['x-content-type-options'], 'nosniff')
                head = self.daemon.http('HEAD', path_of(pattern), {'Accept-Encoding': 'gzip'})
                self.assertEqual((head.status, head.body), (200, b''))
                self.assertEqual(head.headers['content-type'], got.headers['content-type'])

    def test_every_route_refuses_other_methods_and_strangers(self):
        methods = {(pattern, method) for pattern, method, _ in ROUTES}
        for pattern, method, _ in ROUTES:
            path = path_of(pattern)
            with self.subTest(pattern=pattern):
                if (pattern, 'DELETE') not in methods:
                    other = self.daemon.http('DELETE', path)
                    self.assertIn(other.status, (403, 404, 405), other.body)
                wrong = {'GET', 'POST'} - {m for p, m in methods if p == pattern}
                for other in wrong:
                    self.refused(self.daemon.http(other, path, body=b'x'), 405)
                foreign = {'Origin': 'http://evil.example'}
                self.refused(self.daemon.http(method, path, foreign, b'x'), 403)
                self.refused(self.daemon.http(method, path, {'Host': 'evil.example'}, b'x'), 403)

    def test_only_its_own_pages_are_an_origin(self):
        host = f'127.0.0.1:{self.daemon.port}'
        for origin, status in ((f'http://{host}', 200), (f'https://{host}', 200),
                               (f'http://localhost:{self.daemon.port}', 403), ('null', 403),
                               (f'http://{host}.evil.example', 403), ('http://127.0.0.1:1', 403),
                               (host, 403), ('file://', 403)):
            got = self.daemon.get('/api/v1/streams', Host=host, Origin=origin)
            self.assertEqual(got.status, status, origin)

    def test_only_names_of_its_own_are_a_host(self):
        for host, status in (('localhost', 200), ('127.0.0.1', 200), ('[::1]:80', 200),
                             ('192.168.7.9:8080', 200), (socket.gethostname(), 200),
                             ('rebound.example', 403), ('localhost.evil.example', 403),
                             ('127.0.0.1.nip.io', 403), ('[::1', 403), ('', 403)):
            self.assertEqual(self.daemon.get('/healthz', Host=host).status, status, host)

    def test_a_request_without_a_host_is_refused(self):
        self.assertRegex(self.raw('GET /healthz HTTP/1.1\r\n\r\n'), b'^HTTP/1.1 40[03]')

    def test_what_is_not_there_is_404(self):
        for path in ('/nothing', '/api', '/api/v1/streams/nobody', '/streams/nobody/frame.npy',
                     '/streams/lab/', '/streams//frame.npy', '/assets/nothing.js', '/push/', '/ws/x',
                     '/streams/lab/frame.npy/', '/streams/' + 'x' * 500 + '/frame.npy'):
            with self.subTest(path=path):
                self.refused(self.daemon.get(path), 404)

    def test_no_path_leads_out_of_the_table(self):
        for path in ('/assets/../../../../etc/passwd', '/assets/..%2f..%2fetc%2fpasswd',
                     '/%2e%2e/%2e%2e/etc/passwd', '/assets/%00', '//etc/passwd', '/assets/%2e%2e',
                     '/streams/..%2f..%2fetc/frame.npy', '/streams/%ff%fe/frame.npy', '/%',
                     '/assets/page.js%00.html', '/streams/lab%0d%0aX-Evil:1/frame.npy'):
            with self.subTest(path=path):
                got = self.raw(f'GET {path} HTTP/1.1\r\nHost: localhost\r\n'
                               'Accept-Encoding: gzip\r\nConnection: close\r\n\r\n')
                self.assertNotIn(b'root:', got)
                self.assertNotIn(b'\r\nX-Evil', got)
                self.assertRegex(got, rb'^(HTTP/1.[01] (200|400|403|404) |$)')
        self.assertEqual(self.daemon.get('/healthz').body, b'ok\n')

    def test_requests_that_are_none_cost_the_connection_alone(self):
        for data in (b'\0\1\2\3\r\n\r\n', b'GET\r\n\r\n', b'GET /healthz\r\n\r\n', b'\r\n' * 50,
                     b'GET / HTTP/1.1\r\n' + b'A: b\r\n' * 5000 + b'\r\n',
                     b'GET /' + b'x' * 20000 + b' HTTP/1.1\r\nHost: localhost\r\n\r\n',
                     b'GET /?' + b'a=1&' * 4000 + b' HTTP/1.1\r\nHost: localhost\r\n\r\n',
                     b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', b'\x16\x03\x01\x02\x00\x01\x00'):
            with self.subTest(data=data[:30]):
                try:
                    self.assertNotIn(b'HTTP/1.1 200', self.raw(data))
                except ConnectionResetError:
                    pass
        self.assertEqual(self.daemon.get('/healthz').body, b'ok\n')

    def test_requests_one_behind_the_other_are_answered_in_order(self):
        one = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
        two = 'GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n'
        last = one.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
        with socket.create_connection((self.daemon.host, self.daemon.port), timeout=60) as s:
            s.sendall((one + two + one + last).encode())
            got = b''
            while got.count(b'HTTP/1.1 ') < 4 or got.count(b'ok\n') < 3:
                data = s.recv(65536)
                self.assertTrue(data, got)
                got += data
        self.assertEqual(re.findall(rb'HTTP/1.1 (\d+)', got), [b'200', b'404', b'200', b'200'])

    def test_junk_in_the_query_is_400_with_one_line(self):
        for query in ('width=abc', 'width=-1', 'width=1e99', 'quality=0', 'quality=101', 'level=10',
                      'region=1', 'region=[5,5,5,5]', 'zmin=x', 'zmax=[1,2]', 'slice=9',
                      'color_continuous_scale=Nope', 'width=1&width=2', 'contrast_rescaling=no',
                      '&'.join(f'a{i}=1' for i in range(40)), 'region=' + '[' * 100):
            with self.subTest(query=query[:40]):
                self.refused(self.daemon.get(f'/streams/thermal/snapshot.png?{query}'), 400)

    def test_snapshots_decode_at_the_width_that_is_asked_for(self):
        for name, kind in (('snapshot.jpg', 'JPEG'), ('snapshot.png', 'PNG')):
            for query, size in (('', (640, 480)), ('?width=320', (320, 240)),
                                ('?region=[-0.5,-0.5,99.5,49.5]', (100, 50))):
                got = self.daemon.get(f'/streams/lab/{name}{query}')
                self.assertEqual(got.status, 200, got.body)
                self.assertEqual(got.headers['content-type'], f'image/{kind.lower()}')
                self.assertRegex(got.headers['x-timestamp'], r'^\d{10}\.\d{6}$')
                self.assertGreater(int(got.headers['x-sequence']), 0)
                picture = Image.open(io.BytesIO(got.body))
                self.assertEqual((picture.format, picture.size), (kind, size))
                picture.load()

    def test_a_snapshot_is_of_the_newest_frame(self):
        for _ in range(4):
            before = self.daemon.stream('lab')['captured']
            got = self.daemon.get('/streams/lab/snapshot.jpg')
            # The last one may have been counted only, while the one before it was being drawn.
            self.assertGreaterEqual(int(got.headers['x-sequence']), before - 1)

    def test_a_snapshot_of_a_slice_shows_that_slice(self):
        one, two = (self.daemon.get(f'/streams/stack/snapshot.png?slice=[{i}]') for i in (0, 16))
        self.assertNotEqual(one.body, two.body)
        self.refused(self.daemon.get('/streams/stack/snapshot.png?slice=[32]'), 400)

    def test_mjpeg_is_well_formed_multipart(self):
        head, file = self.begin('/streams/lab/stream.mjpg?width=160')
        self.assertTrue(head[0].startswith('HTTP/1.1 200 '))
        self.assertIn('Content-Type: multipart/x-mixed-replace;boundary=boundarydonotcross', head)
        times = []
        self.assertEqual(file.readline(), b'--boundarydonotcross\r\n')
        for _ in range(10):
            fields = dict(line.split(': ', 1) for line in self.head(file))
            self.assertEqual(fields['Content-Type'], 'image/jpeg')
            times.append(fields['X-Timestamp'])
            picture = Image.open(io.BytesIO(file.read(int(fields['Content-Length']))))
            self.assertEqual(picture.size, (160, 120))
            picture.load()
            self.assertEqual(file.readline() + file.readline(), b'\r\n--boundarydonotcross\r\n')
        self.assertEqual(times, sorted(set(times)))

    def test_mjpeg_reaches_a_slow_reader_whole(self):
        # More parts than go in one call, and more bytes than a socket takes at once.
        daemon = self.start('--push-unix', f'{self.folder}/push')
        pusher = Pusher(self, f'{self.folder}/push', 'slow')
        noise = np.random.default_rng(1).integers(0, 256, (1800, 1800, 3), 'u1')
        pusher.push(noise)
        _, file = self.begin('/streams/slow/stream.mjpg?quality=100', 32768, daemon)
        for picture in noise, 255 - noise:
            pusher.push(picture)
            self.assertEqual(file.readline(), b'--boundarydonotcross\r\n')
            fields = dict(line.split(': ', 1) for line in self.head(file))
            got = file.read(int(fields['Content-Length']))
            self.assertGreater(len(got), 64 * 61440)
            away = np.asarray(Image.open(io.BytesIO(got))).astype(int) - picture
            self.assertLess(np.abs(away[..., 1]).mean(), 40)  # colours share their chroma; what is foreign is 85 away
            self.assertEqual(file.readline(), b'\r\n')

    def test_head_of_mjpeg_ends(self):
        got = self.raw('HEAD /streams/lab/stream.mjpg HTTP/1.1\r\nHost: localhost\r\n'
                       'Connection: close\r\n\r\n')
        self.assertTrue(got.endswith(b'\r\n\r\n'), got[-100:])
        self.assertIn(b'multipart/x-mixed-replace', got)

    def test_frame_npy_is_the_frame_of_the_stream(self):
        for name, shape, dtype in (('thermal', (240, 320), '<u2'), ('lab', (480, 640, 3), '|u1'),
                                   ('stack', (32, 128, 128), '<u2')):
            got = self.daemon.get(f'/streams/{name}/frame.npy')
            array = np.load(io.BytesIO(got.body))
            self.assertEqual((array.shape, array.dtype.str), (shape, dtype))
            self.assertGreater(array.std(), 0)

    def test_the_page_is_sent_once_and_then_known(self):
        for path in ('/', '/assets/page.js'):
            first = self.daemon.get(path, Accept_Encoding='gzip')
            tag = first.headers['etag']
            again = self.daemon.get(path, Accept_Encoding='gzip', If_None_Match=tag)
            self.assertEqual((again.status, again.body, again.headers['etag']), (304, b'', tag))
            other = self.daemon.get(path, Accept_Encoding='gzip', If_None_Match='"other"')
            self.assertEqual((other.status, other.body), (200, first.body))
            self.assertIn("default-src 'none'", first.headers['content-security-policy'])

    def test_connections_beyond_the_descriptors_are_turned_away(self):
        daemon = self.start('lab=test:lab')
        used = len(os.listdir(f'/proc/{daemon.process.pid}/fd'))
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (used + 10, used + 10))
        crowd = [socket.create_connection((daemon.host, daemon.port), timeout=60)
                 for _ in range(30)]
        self.assertEqual(crowd[-1].recv(1), b'', 'closed, and not left waiting')
        for s in crowd:
            s.close()

        def served():
            try:
                return daemon.get('/healthz').status == 200
            except OSError:
                return False
        until(served, 'it serves again')

    def test_the_list_of_streams_is_that_of_the_socket(self):
        listed = self.daemon.get('/api/v1/streams').json()['streams']
        viewer = connect(self, self.daemon)
        told = viewer.wait(lambda m: m['type'] == 'streams')['streams']
        self.assertEqual([sorted(s) for s in listed], [sorted(s) for s in told])
        names = [s['name'] for s in listed]
        self.assertEqual(names, ['lab', 'thermal', 'stack'])

    def test_a_socket_of_a_foreign_page_is_refused(self):
        for headers in ({'Origin': 'http://evil.example'}, {'Host': 'evil.example'},
                        {'Origin': 'null'}):
            with self.assertRaises(Refused) as refused:
                connect(self, self.daemon, headers=headers)
            self.assertEqual(refused.exception.status, 403)


if __name__ == '__main__':
    unittest.main()
