# SPDX-License-Identifier: MIT
"""The newest picture goes to whoever keeps up, and nobody holds up anybody."""
import contextlib
import os
import time
import unittest

import msgpack
import numpy as np

from support.camera import Camera
from support.daemon import BUILD, DaemonCase, is_sanitized, until
from support.pusher import Pusher
from support.viewer import Watcher, connect

# Of each of the others, while one does not read: far more than the sockets between hold for it.
STALL_PICTURES = 200
RELEASE = os.environ.get('IMSHOWD_RELEASE')


def numbered(number, shape=(32, 32)):
    return np.full(shape, number, '<u2')


class Pacing(DaemonCase):
    SOURCES = ('lab=test:lab', 'thermal=test:thermal')

    def test_a_client_that_never_acknowledges_gets_two_pictures_and_then_the_newest(self):
        pusher = Pusher(self, self.push_path, 'paced')
        pusher.push(numbered(1))
        viewer = connect(self, self.daemon)
        watching = viewer.watch('paced', codec='raw')
        first = viewer.picture()
        for number in range(2, 200):
            pusher.push(numbered(number))
        second = viewer.picture()
        self.assertLess(first['seq'], second['seq'])
        until(lambda: self.daemon.stream('paced')['captured'] == 199, 'all frames taken')
        self.assertEqual([m for m in viewer.sync() if m['type'] == 'picture'], [])
        viewer.ack(first)
        # What was drawn meanwhile, if anything, and then the newest.
        third = viewer.picture()
        viewer.ack(second)
        viewer.ack(third)
        newest = third if third['seq'] == 199 else viewer.picture()
        self.assertEqual((newest['seq'], newest['view']), (199, watching['view']))
        self.assertEqual(newest['data'], numbered(199).tobytes())
        self.assertLessEqual(newest['picture'], 4)

    def test_an_acknowledgement_brings_the_newest_and_not_what_was_missed(self):
        viewer = connect(self, self.daemon)
        viewer.watch('lab', width=64)
        first, second = viewer.picture(), viewer.picture()
        before = self.daemon.stream('lab')['captured']
        until(lambda: self.daemon.stream('lab')['captured'] >= before + 30, 'a second of frames')
        self.assertEqual([m for m in viewer.sync() if m['type'] == 'picture'], [])
        viewer.ack(first)
        viewer.ack(second)
        self.assertEqual(viewer.picture()['picture'], second['picture'] + 1)
        self.assertGreater(viewer.picture()['seq'], before + 25)

    def test_acknowledging_the_later_of_two_acknowledges_both(self):
        viewer = connect(self, self.daemon)
        viewer.watch('lab', width=64)
        _, second = viewer.picture(), viewer.picture()
        viewer.ack(second)
        viewer.picture()
        viewer.picture()

    def test_a_rate_that_is_pinned_is_kept(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('thermal', width=64, rate_max=4)['view']
        viewer.ack(viewer.picture(view))
        start = time.monotonic()
        for _ in range(6):
            viewer.ack(viewer.picture(view))
        # Begun 250 ms apart; the first may have come late.
        self.assertGreater(time.monotonic() - start, 1.2)

    def test_a_client_beside_the_daemon_is_never_reduced(self):
        viewer = connect(self, self.daemon)
        watching = viewer.watch('lab', adapt=True)
        self.assertEqual(watching['rung'], 0)
        for _ in range(40):
            viewer.ack(viewer.picture(watching['view']))
        self.assertNotIn('adapted', viewer.messages)

    def test_bounds_out_of_range_are_refused(self):
        viewer = connect(self, self.daemon)
        for keys, word in (({'quality_min': 0}, 'quality_min'), ({'scale_max': 0.5}, 'scale_max'),
                           ({'rate_max': 'fast'}, 'rate_max'), ({'adapt': 3}, 'adapt')):
            answer = viewer.ask_watch('lab', **keys)
            self.assertEqual(answer['code'], 'bad-view')
            self.assertIn(word, answer['text'])

    def test_a_client_that_asks_and_never_reads_is_closed(self):
        """For its unread answers; or, where the kernel drops both ways because the full receive buffer
        is that small (seen on Linux 6.18), for its silence."""
        viewer = connect(self, self.daemon, rcvbuf=4096)
        viewer.watch('thermal', width=64)
        viewer.socket.socket.settimeout(5)
        ping = msgpack.packb({'type': 'ping', 'request': 1})
        with Watcher(self.daemon, 'lab', width=64) as other:
            with contextlib.suppress(ConnectionError, TimeoutError):
                for number in range(2_000_000):
                    viewer.socket.send(ping)
                    if number % 10_000 == 0:
                        other.wait_more(1)
            until(lambda: self.daemon.stream('thermal')['watchers'] == 0, 'it is closed')
            other.wait_more(1)

    def test_fifty_clients_of_one_view_cost_one_encoding_a_frame(self):
        with contextlib.ExitStack() as stack:
            watchers = [stack.enter_context(Watcher(self.daemon, 'thermal', codec='png', width=80))
                        for _ in range(50)]
            self.assertEqual(len({w.view for w in watchers}), 1)
            for watcher in watchers:
                watcher.wait_more(1)
            before = self.daemon.stream('thermal')
            for watcher in watchers:
                watcher.wait_more(5)
            after = self.daemon.stream('thermal')
        encodes = after['encodes'] - before['encodes']
        self.assertGreaterEqual(encodes, 4)
        self.assertLessEqual(encodes, after['published'] - before['published'] + 2)

    def test_nothing_is_encoded_for_nobody(self):
        def is_idle():
            before = self.daemon.stream('lab')
            until(lambda: self.daemon.stream('lab')['captured'] > before['captured'] + 20, 'frames come')
            after = self.daemon.stream('lab')
            return (after['encodes'], after['published']) == (before['encodes'], before['published'])

        until(lambda: self.daemon.stream('lab')['watchers'] == 0, 'nobody watches lab')
        # The job of the last one who watched may still be on its way.
        until(is_idle, 'frames come and none is drawn')


class Stalled(DaemonCase):
    """A client that stops reading, before a camera of 1280x720 at 30 frames a second. On the release
    build, if there is one: memory is bounded to the megabyte only without a sanitizer."""

    build = RELEASE or BUILD

    def test_a_client_that_does_not_read_costs_the_others_nothing(self):
        camera = Camera(self.folder, formats='YUYV', sizes='1280x720', fps='30')
        daemon = self.start(camera.source('cam'), env=camera.env(self.build), build=self.build)
        stalled = connect(self, daemon, rcvbuf=4096)
        stalled.watch('cam', codec='jpeg', quality=95)
        stalled.ack(stalled.picture())
        with Watcher(daemon, 'cam', codec='jpeg', width=320) as one, \
                Watcher(daemon, 'cam', codec='jpeg', width=320) as two:
            one.wait_count(60)  # what the daemon keeps by design is there
            memory = daemon.rss_kb()
            for watcher in (one, two):
                watcher.wait_more(STALL_PICTURES)
            grown = daemon.rss_kb() - memory
        if not is_sanitized(self.build):
            self.assertLess(grown, 2048, 'kB')
        newest = daemon.stream('cam')['captured']
        for _ in range(4):
            late = stalled.picture()
            stalled.ack(late)
        self.assertGreaterEqual(late['seq'], newest)


if __name__ == '__main__':
    unittest.main()
