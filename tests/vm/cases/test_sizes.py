# SPDX-License-Identifier: MIT
"""Sizes and rates: what was asked for, or the driver's nearest, which v4l2-ctl confirms while the daemon streams."""
import re

from rig.system import run
from rig.vivid import PLANES, SVIDEO, WEBCAM, VividCase, source
from support.viewer import connect


def driver_size(device):
    found = re.search(r'Width/Height\s*: (\d+)/(\d+)', run('v4l2-ctl', '-d', device, '-V'))
    return int(found[1]), int(found[2])


def driver_fps(device):
    return float(re.search(r'Frames per second: ([\d.]+)', run('v4l2-ctl', '-d', device, '-P'))[1])


class Sizes(VividCase):
    DEVICES = (WEBCAM, PLANES, SVIDEO)

    def check(self, device, options, see):
        """What `see` says of a daemon's watched stream while it runs."""
        daemon = self.start(*options, source('cam', device))
        self.assert_live(daemon)
        seen = see(connect(self, daemon).watch('cam'))
        daemon.stop()
        return seen

    def size(self, device, asked):
        def see(watching):
            height, width, _ = watching['shape']
            self.assertEqual((width, height), driver_size(device))
            return width, height
        return self.check(device, ('-r', asked), see)

    def test_each_discrete_size_is_taken_as_asked(self):
        for size in ((320, 180), (640, 360), (640, 480), (1280, 720)):
            for device in (WEBCAM, PLANES):
                with self.subTest(size=size, device=device):
                    self.assertEqual(self.size(device, '{}x{}'.format(*size)), size)

    def test_the_nearest_discrete_size_is_taken(self):
        for asked, got in (('330x200', (320, 180)), ('1200x700', (1280, 720))):
            with self.subTest(asked=asked):
                self.assertEqual(self.size(WEBCAM, asked), got)

    def test_any_size_of_a_stepwise_range_is_taken(self):
        # vivid tells too few bytes for 4:2:0 where a width is not a multiple of four
        for size in ((400, 300), (324, 226)):
            with self.subTest(size=size):
                self.assertEqual(self.size(SVIDEO, '{}x{}'.format(*size)), size)

    def test_rates_are_taken_as_asked_or_the_nearest(self):
        for asked, got in ((10, 10), (24, 25), (30, 30)):
            with self.subTest(asked=asked):
                seen = self.check(WEBCAM, ('-r', '320x180', '-f', asked),
                                  lambda _: driver_fps(WEBCAM))
                self.assertAlmostEqual(seen, got, 2)
