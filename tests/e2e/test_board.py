# SPDX-License-Identifier: MIT
"""A daemon on a small board: what it takes is what it finds there."""
import os
import re
import unittest

import numpy

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import Watcher


class Board(DaemonCase):
    def told(self, daemon):
        return daemon.logged(r'board: processors: (\d+), memory: (\d+) MB; workers: (\d+), ring: (\d+) MB')

    def test_one_processor_is_one_worker_that_does_it_all(self):
        one = str(min(os.sched_getaffinity(0)))
        daemon = self.start('lab=test:lab', prefix=('taskset', '-c', one))
        self.assertEqual((self.told(daemon)[1], self.told(daemon)[3]), ('1', '1'))
        with Watcher(daemon, 'lab', codec='jpeg') as first, Watcher(daemon, 'lab', codec='png') as second:
            first.wait_more(5)
            second.wait_more(5)

    def test_workers_that_are_said_are_taken(self):
        daemon = self.start('--workers', '3', '--ring', '5', 'lab=test:lab')
        self.assertEqual((self.told(daemon)[3], self.told(daemon)[4]), ('3', '5'))

    def ring_bytes(self, daemon):
        return int(re.search(r'^imshowd_stream_ring_bytes{stream="big"} (\d+)', daemon.get('/metrics').body.decode(), re.M)[1])

    def test_a_small_ring_keeps_few_frames(self):
        """Frames of 2.25 MB, each of them seen: 5 MB hold the newest and what is on the screen, 16 MB more."""
        kept = {}
        for ring_mb in 5, 16:
            push = f'{self.folder}/push-{ring_mb}'
            daemon = self.start('--ring', ring_mb, '--push-unix', push)
            pusher = Pusher(self, push, 'big')
            pusher.push(numpy.zeros((768, 1024, 3), 'u1'))
            with Watcher(daemon, 'big', codec='jpeg') as watcher:
                for value in range(1, 9):
                    watcher.wait_count(value)
                    pusher.push(numpy.full((768, 1024, 3), 20 * value, 'u1'))
                watcher.wait_count(9)
                kept[ring_mb] = self.ring_bytes(daemon)
        self.assertLessEqual(kept[5], 5 << 20)
        self.assertGreater(kept[5], 0)
        self.assertLessEqual(kept[16], 16 << 20)
        self.assertGreater(kept[16], 5 << 20)


if __name__ == '__main__':
    unittest.main()
