# SPDX-License-Identifier: MIT
"""vivid's test pattern in each pixel format, by the single-planar and the multi-planar API.

frame.npy and snapshot.png both show the pattern that the driver drew: bars of full colours, or a grey ramp.
"""
import io

import numpy as np
from PIL import Image
from rig.controls import controls_set
from rig.vivid import BARS, BOTH, PLANES, RAMP, WEBCAM, VividCase, source
from support.viewer import connect

WIDTH, HEIGHT = 320, 180
# What a full scale value may be off by: the rounding of limited-range YUV, the steps of five bits.
COLOURS = {'YUYV': 4, 'UYVY': 4, 'YVYU': 4, 'VYUY': 4, 'NV12': 4, 'NV21': 4, 'NV16': 4,
           'YU12': 4, 'YV12': 4, 'RGB3': 0, 'BGR3': 0, 'RGBP': 7, 'XR24': 0}
PLANAR = {'NM12': 4, 'NM21': 4, 'NM16': 4, 'YM12': 4, 'YM21': 4}
GREYS = {'GREY': 8, 'Y10 ': 10, 'Y12 ': 12, 'Y16 ': 16}
MOSAICS = {'RGGB': 8, 'GRBG': 8, 'GBRG': 8, 'BA81': 8, 'RG10': 10, 'RG12': 12, 'RG16': 16}
# V4L2's names, which the API has, where they are not the code's four letters.
NAMES = {'YU12': 'YUV420', 'YV12': 'YVU420', 'RGB3': 'RGB24', 'BGR3': 'BGR24', 'RGBP': 'RGB565',
         'XR24': 'XBGR32', 'NM12': 'NV12M', 'NM21': 'NV21M', 'NM16': 'NV16M', 'YM12': 'YUV420M',
         'YM21': 'YVU420M'}
ORDERS = {'RG': 'RGGB', 'GR': 'GRBG', 'GB': 'GBRG', 'BA': 'BGGR'}


def npy(daemon, stream):
    got = daemon.get(f'/streams/{stream}/frame.npy')
    assert got.status == 200, got.body
    return np.load(io.BytesIO(got.body))


def png(daemon, stream, mode):
    got = daemon.get(f'/streams/{stream}/snapshot.png')
    assert got.status == 200, got.body
    return np.asarray(Image.open(io.BytesIO(got.body)).convert(mode))


def bar(i, margin=6):
    """The columns of bar `i`, without those where two bars may mix."""
    return slice(i * WIDTH // 8 + margin, (i + 1) * WIDTH // 8 - margin)


def deep(grey, bits):
    """What vivid makes of 8 bits: shifted; 16 bits of 255 are all ones."""
    value = grey.astype('u2') << (bits - 8)
    return np.where(grey == 255, 0xffff, value) if bits == 16 else value


class Formats(VividCase):
    DEVICES = BOTH

    def cameras(self, fourcc, *names):
        devices = {'single': WEBCAM, 'multi': PLANES}
        return self.start('-m', fourcc, '-r', f'{WIDTH}x{HEIGHT}', '-f', 10,
                          *(source(name, devices[name]) for name in names))

    def assert_bars(self, pixels, tolerance):
        self.assertEqual(pixels.shape, (HEIGHT, WIDTH, 3))
        for i, colour in enumerate(BARS):
            off = np.abs(pixels[4:-4, bar(i)].astype(int) - colour).max(axis=(0, 1))
            self.assertLessEqual(off.max(), tolerance, f'bar {i} of {colour}: off by {off}')

    def colours(self, fourcc, tolerance, names):
        daemon = self.cameras(fourcc, *names)
        for name in names:
            with self.subTest(api=name):
                self.assert_live(daemon, name)
                self.assert_bars(npy(daemon, name), tolerance)
                self.assert_bars(png(daemon, name, 'RGB'), tolerance)
                self.assertEqual(daemon.stream(name)['camera']['format'], NAMES.get(fourcc, fourcc))

    def greys(self, fourcc, bits):
        for device in BOTH:
            controls_set(device, test_pattern=RAMP)
        daemon = self.cameras(fourcc, 'single', 'multi')
        for name in ('single', 'multi'):
            with self.subTest(api=name):
                self.assert_live(daemon, name)
                frame = npy(daemon, name)
                self.assertEqual((frame.shape, frame.dtype.str),
                                 ((HEIGHT, WIDTH), '|u1' if bits == 8 else '<u2'))
                self.assert_ramp(frame, bits)
                self.assertEqual(daemon.stream(name)['camera']['format'], fourcc.strip())
                shown = png(daemon, name, 'L')
                self.assertTrue((np.diff(shown[90].astype(int)) >= 0).all(), shown[90])
                self.assertGreater(int(shown[90, -1]) - int(shown[90, 0]), 180)

    def assert_ramp(self, frame, bits):
        """Every row is the same ramp over nearly all greys, each shifted as vivid does."""
        np.testing.assert_array_equal(frame, np.tile(frame[:1], (HEIGHT, 1)))
        grey = (frame[0] >> (bits - 8)).astype('u1')
        np.testing.assert_array_equal(frame[0], deep(grey, bits))
        steps = np.diff(grey.astype(int))
        self.assertTrue(((steps >= 0) & (steps <= 2)).all(), grey)
        self.assertGreater(int(grey[-1]) - int(grey[0]), 180)

    def mosaic(self, fourcc, bits):
        daemon = self.cameras(fourcc, 'single', 'multi')
        order, top = ORDERS[fourcc[:2]], (1 << bits) - 1
        for name in ('single', 'multi'):
            with self.subTest(api=name):
                self.assert_live(daemon, name)
                self.assert_sites(npy(daemon, name), order, top)
                self.assertEqual(daemon.stream(name)['camera']['mosaic'], order)
                self.assert_bars(png(daemon, name, 'RGB'), 4)

    def assert_sites(self, frame, order, top):
        """Each site of the 2x2 pattern has its colour's part of the bar."""
        self.assertEqual(frame.shape, (HEIGHT, WIDTH))
        for i, colour in enumerate(BARS):
            for site, letter in enumerate(order):
                seen = frame[4 + site // 2:-4:2, bar(i)][:, site % 2::2]
                wanted = top if colour['RGB'.index(letter)] else 0
                off = np.abs(seen.astype(int) - wanted).max()
                self.assertLessEqual(off, top // 64, f'bar {i} of {colour}, site {site} ({letter})')

    def test_a_format_in_planes_is_taken_in_one_where_the_driver_has_but_that(self):
        daemon = self.cameras('NM12', 'single')
        self.assert_live(daemon, 'single')
        self.assert_bars(npy(daemon, 'single'), 4)
        self.assertEqual(daemon.stream('single')['camera']['format'], 'NV12')

    def test_a_format_that_the_driver_has_not_is_told_with_those_that_it_has(self):
        daemon = self.cameras('MJPG', 'single')
        reason = connect(self, daemon).until_state('single', 'lost')['reason']
        self.assertIn('no format MJPG', reason)
        self.assertIn('NV12', reason)


def add_cases():
    def add(fourcc, what, *args):
        def case(self):
            getattr(self, what)(fourcc, *args)
        setattr(Formats, f'test_{what}_of_{fourcc.strip()}', case)

    for fourcc, tolerance in COLOURS.items():
        add(fourcc, 'colours', tolerance, ('single', 'multi'))
    for fourcc, tolerance in PLANAR.items():
        add(fourcc, 'colours', tolerance, ('multi',))
    for fourcc, bits in GREYS.items():
        add(fourcc, 'greys', bits)
    for fourcc, bits in MOSAICS.items():
        add(fourcc, 'mosaic', bits)


add_cases()
