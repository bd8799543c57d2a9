# SPDX-License-Identifier: MIT
"""An HDMI input: the picture has the size of its signal, and the daemon follows a signal that goes, comes and changes."""
import re

from rig.controls import controls_list, controls_set
from rig.system import run
from rig.vivid import HDMI, VividCase, source
from support.viewer import connect

# dv_timings_signal_mode
CURRENT, NO_SIGNAL, NO_LOCK, OUT_OF_RANGE, SELECTED = range(5)


def timings(width, height):
    """The index in the menu of the first progressive signal of this size."""
    menu = controls_list(HDMI)['dv_timings']['menu']
    return next(i for i, name in menu.items() if re.match(rf'{width}x{height}p', name))


class Timings(VividCase):
    DEVICES = (HDMI,)
    MOVES = True

    def setUp(self):
        super().setUp()
        self.select(640, 480)

    def select(self, width, height):
        controls_set(HDMI, dv_timings=timings(width, height))
        controls_set(HDMI, dv_timings_signal_mode=SELECTED)

    def watched(self):
        daemon = self.start('-m', 'YUYV', source('hdmi', HDMI))
        viewer = connect(self, daemon)
        return daemon, viewer, viewer.watch('hdmi', codec='jpeg', width=160)

    def test_the_size_is_that_of_the_signal(self):
        self.select(720, 480)
        _, viewer, watching = self.watched()
        self.assertEqual(watching['shape'], [480, 720, 3])
        viewer.ack(viewer.picture())

    def test_a_signal_that_goes_is_lost_and_live_when_it_comes(self):
        _, viewer, watching = self.watched()
        viewer.ack(viewer.picture())
        for mode in (NO_SIGNAL, NO_LOCK, OUT_OF_RANGE):
            with self.subTest(mode=mode):
                controls_set(HDMI, dv_timings_signal_mode=mode)
                viewer.until_state('hdmi', 'lost', 'signal')
                controls_set(HDMI, dv_timings_signal_mode=SELECTED)
                viewer.until_state('hdmi', 'live')
                viewer.ack(viewer.picture(watching['view']))

    def test_another_signal_is_another_epoch(self):
        daemon, viewer, watching = self.watched()
        self.assertEqual(watching['shape'], [480, 640, 3])
        self.select(800, 600)
        ended = viewer.wait(lambda m: m['type'] == 'ended' and m['view'] == watching['view'],
                            'the end of the view')
        self.assertTrue(ended['reason'])
        again = viewer.watch('hdmi', codec='jpeg', width=160)
        self.assertEqual(again['shape'], [600, 800, 3])
        self.assertGreater(again['epoch'], watching['epoch'])
        self.assertIn('800/600', run('v4l2-ctl', '-d', HDMI, '-V'))
        self.assertEqual(daemon.stream('hdmi')['state'], 'live')
