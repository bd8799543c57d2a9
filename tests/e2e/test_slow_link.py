# SPDX-License-Identifier: MIT
"""A viewer on a slow link gets smaller and coarser pictures in time, and one beside the daemon loses nothing."""
import os
import statistics
import threading
import time
import unittest

import numpy as np

from support.daemon import BUILD, DaemonCase, until
from support.pusher import Pusher
from support.slow_link import SlowLink
from support.viewer import Viewer
from support.websocket import Closed

RELEASE = os.environ.get('IMSHOWD_RELEASE')
WINDOW_S = 6
WINDOWS = 15  # until one of them is as it must be: other work may hold up this machine
HOVER_EVERY_S = 0.4


class Sight(threading.Thread):
    """Watches, acknowledges, hovers now and then, and notes when what came."""

    def __init__(self, viewer, stream, **keys):
        super().__init__(daemon=True)
        self.viewer = viewer
        self.lock = threading.Lock()
        self.watching = viewer.watch(stream, **keys)
        self.view, self.spec, self.rung = (self.watching[k] for k in ('view', 'spec', 'rung'))
        self.pictures, self.hovers, self.moves = [], [], []
        self.asked = {}
        self.hovered = 0
        self.started = time.monotonic()
        self.last = b''
        self.error = None
        self.ending = False
        self.start()

    def run(self):
        try:
            while True:
                message = self.viewer.read()
                if message:
                    with self.lock:
                        self.take(message)
        except (Closed, OSError, AssertionError, KeyError) as error:
            self.error = None if self.ending else error

    def take(self, message):
        now = time.monotonic()
        kind = message['type']
        if kind == 'adapted' and message['view'] == self.view:
            self.view, self.spec, self.rung = (message[k] for k in ('to', 'spec', 'rung'))
            self.moves.append((now, self.rung))
        elif kind == 'picture':
            late = time.time() - message['time_us'] / 1e6
            self.pictures.append((now, late, message['size']))
            self.last = message['data']
            self.viewer.ack(message)
            if now - self.hovered > HOVER_EVERY_S:
                self.hovered = now
                self.asked[len(self.asked)] = now
                self.viewer.send({'type': 'hover', 'request': 1000 + len(self.asked) - 1,
                                  'view': message['view'], 'picture': message['picture'],
                                  'seq': message['seq'], 'x': 3, 'y': 3})
        elif kind in ('value', 'gone'):
            self.hovers.append((now, now - self.asked[message['request'] - 1000], kind))

    def window(self, start):
        """What came since then."""
        with self.lock:
            assert self.error is None, self.error
            pictures = [p for p in self.pictures if p[0] >= start]
            hovers = [h for h in self.hovers if h[0] >= start]
            late = sorted(p[1] for p in pictures)
            return {
                'rate': len(pictures) / (time.monotonic() - start),
                'late_p95': late[int(len(late) * 0.95)] if late else 99,
                'late_p50': statistics.median(late) if late else 99,
                'hover_max': max((h[1] for h in hovers), default=99),
                'gone': sum(h[2] == 'gone' for h in hovers),
                'bytes': statistics.median(p[2] for p in pictures) if pictures else 0,
                'rung': self.rung,
                'size': (self.spec['width'], self.spec['height']),
            }

    def end(self):
        self.ending = True
        self.viewer.close()


class Camera(threading.Thread):
    """Pushes colour pictures in which all moves, with a sensor's grain: well over 100 kB each as JPEG."""

    def __init__(self, case, path, fps=20, size=(540, 960)):
        super().__init__(daemon=True)
        random = np.random.default_rng(1)
        rows, columns = np.mgrid[:size[0], :size[1]]
        waves = np.stack([np.sin(columns / k) * np.cos(rows / (k + 4)) for k in (21, 13, 34)], axis=2)
        scene = np.clip(128 + 70 * waves + random.normal(0, 9, (*size, 3)), 0, 255).astype('|u1')
        self.frames = [np.roll(scene, 24 * i, axis=1) for i in range(8)]
        self.pusher = Pusher(case, path, 'cam')
        self.interval, self.ended = 1 / fps, threading.Event()
        self.pusher.push(self.frames[0])
        case.addCleanup(self.end)
        self.start()

    def run(self):
        count = 0
        while not self.ended.wait(self.interval):
            count += 1
            self.pusher.push(self.frames[count % len(self.frames)])

    def end(self):
        self.ended.set()
        self.join()


class SlowLinkTest(DaemonCase):
    build = RELEASE or BUILD

    def watch(self, make, stream, **keys):
        sight = make(lambda: Sight(Viewer(keys.pop('at')), stream, **keys))
        self.addCleanup(sight.end)
        return sight

    def open(self, *args):
        link = SlowLink(self, rate='2mbit', delay_s=0.05)
        daemon = self.start('--insecure', '--host', link.server_address, *args, build=self.build,
                            prefix=link.server_prefix)
        return link, daemon, link.relay(daemon.port)

    def open_camera(self):
        path = f'{self.folder}/push'
        opened = self.open('--push-unix', path)
        Camera(self, path)
        return opened

    def check(self, link, daemon, relay):
        slow = self.watch(link.far, 'cam', at=relay, adapt=True)
        near = self.watch(link.near, 'cam', at=daemon, adapt=True)
        full = dict(near.spec)
        seen = []
        for _ in range(WINDOWS):
            start = time.monotonic()
            before = link.near(lambda: daemon.stream('cam'))['captured']
            threading.Event().wait(WINDOW_S)
            after = link.near(lambda: daemon.stream('cam'))['captured']
            far, here = slow.window(start), near.window(start)
            seen.append((far, here, (after - before) / WINDOW_S))
            in_time = far['rate'] >= 5 and far['late_p95'] <= 0.7 and far['hover_max'] <= 0.4
            if in_time and here['rate'] >= 0.9 * (after - before) / WINDOW_S:
                break
        else:
            self.fail('\n'.join(map(str, seen)))
        if os.environ.get('SLOW_LINK_FIGURES'):
            print(*seen, [(m[0] - slow.started, m[1]) for m in slow.moves], sep='\n')
        self.assertGreater(far['rung'], 0)
        self.assertEqual(far['gone'], 0)
        self.assertEqual((near.moves, near.rung, near.spec), ([], 0, full))

    def test_a_camera_comes_in_time_over_two_megabits(self):
        self.check(*self.open_camera())

    def test_counts_that_would_go_raw_come_in_time_over_two_megabits(self):
        self.check(*self.open('-r', '800x600', '-f', 15, 'cam=test:thermal'))

    def test_a_viewer_that_pins_its_bounds_is_reduced_within_them(self):
        link, _, relay = self.open_camera()
        pinned = self.watch(link.far, 'cam', at=relay, adapt=True, scale_max=1.5, quality_min=62)
        until(lambda: pinned.rung > 0 and len(pinned.pictures) > 10, 'less than was asked for')
        plain = link.far(lambda: Viewer(relay))
        self.addCleanup(plain.close)
        watching = plain.watch('cam')
        self.assertNotIn('rung', watching)
        for _ in range(4):
            plain.ack(plain.picture(watching['view']))
        self.assertNotIn('adapted', plain.messages)
        with pinned.lock:
            self.assertGreaterEqual(pinned.spec['width'], 640)
            self.assertGreaterEqual(pinned.spec['quality'], 62)

    def test_what_comes_to_rest_comes_in_full_in_the_end(self):
        path = f'{self.folder}/push'
        link, daemon, relay = self.open('--push-unix', path)
        pusher = Pusher(self, path, 'counts')
        random = np.random.default_rng(1)
        noise = [random.integers(0, 65536, (240, 320), '<u2') for _ in range(4)]
        pusher.push(noise[0])
        until(lambda: link.near(lambda: daemon.get('/api/v1/streams/counts')).status == 200, 'a stream')
        slow = self.watch(link.far, 'counts', at=relay, adapt=True)
        self.assertEqual((slow.spec['codec'], slow.rung), ('raw', 0))

        def is_reduced():
            for frame in noise:
                pusher.push(frame)
            return slow.rung > 0 and len(slow.pictures) > 5

        until(is_reduced, 'less than was asked for')
        pusher.push(noise[3])
        until(lambda: slow.rung == 0 and slow.last == noise[3].tobytes(), 'all of the last frame')


if __name__ == '__main__':
    unittest.main()
