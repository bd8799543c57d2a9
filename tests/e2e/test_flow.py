# SPDX-License-Identifier: MIT
"""What a viewer is told and sent, on the built-in streams and on pushed ones."""
import io
import unittest

import numpy as np
from PIL import Image

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

PART_BYTES = 61440


def image_of(picture):
    return Image.open(io.BytesIO(picture['data']))


def array_of(picture):
    return np.frombuffer(picture['data'], picture['dtype']).reshape(
        picture['height'], picture['width'])


class Flow(DaemonCase):
    SOURCES = ('lab=test:lab', 'thermal=test:thermal', 'stack=test:stack')

    def push(self, name, array, **hello):
        pusher = Pusher(self, self.push_path, name, **hello)
        pusher.push(array)
        return pusher

    def test_a_connection_begins_with_hello_and_the_streams(self):
        viewer = connect(self, self.daemon)
        hello, streams = viewer.read(), viewer.read()
        self.assertEqual((hello['type'], hello['version'], hello['window']), ('hello', 1, 2))
        self.assertTrue(hello['server'].startswith('imshowd '))
        self.assertGreater(hello['time_us'], 1_700_000_000_000_000)
        self.assertEqual(streams['type'], 'streams')
        names = {s['name']: s for s in streams['streams']}
        self.assertEqual(names['thermal']['source'], 'test:thermal')
        for key in ('state', 'reason', 'epoch', 'shape', 'dtype', 'fps', 'watchers', 'captured',
                    'lost', 'encodes'):
            self.assertIn(key, names['lab'])

    def test_watching_says_what_was_settled(self):
        viewer = connect(self, self.daemon)
        watching = viewer.watch('thermal', width=100)
        self.assertEqual((watching['stream'], watching['dtype'], watching['shape']),
                         ('thermal', '<u2', [240, 320]))
        self.assertEqual((watching['frame_width'], watching['frame_height']), (320, 240))
        self.assertEqual((watching['spec']['width'], watching['spec']['height']), (107, 80))
        self.assertEqual(len(watching['colors']), 3 * 256)
        self.assertIs(watching['gap'], False)
        self.assertEqual(watching['figure']['data'], [])
        self.assertIn('colorscale', watching['figure']['layout']['coloraxis'])

    def test_lab_comes_as_jpeg_in_rising_pictures(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('lab', codec='jpeg', width=320)['view']
        pictures = []
        for _ in range(5):
            pictures.append(viewer.picture(view))
            viewer.ack(pictures[-1])
        for picture in pictures:
            self.assertEqual((picture['codec'], picture['epoch']), ('jpeg', 1))
            self.assertEqual(picture['region'], [-0.5, -0.5, 639.5, 479.5])
            self.assertEqual((picture['width'], picture['height']), (320, 240))
            count = len(picture.get('tiles', b'')) // 4
            size = (64, 64 * count) if picture['base'] else (320, 240)
            self.assertEqual(image_of(picture).size, size)
            image_of(picture).load()
        self.assertEqual(pictures[0]['base'], 0)
        for key in ('picture', 'seq', 'time_us'):
            values = [p[key] for p in pictures]
            self.assertEqual(values, sorted(set(values)), key)

    def test_raw_thermal_has_the_limits_of_its_own_pixels(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('thermal', codec='raw')['view']
        for _ in range(3):
            picture = viewer.picture(view)
            values = array_of(picture)
            self.assertEqual((picture['dtype'], values.shape), ('<u2', (240, 320)))
            self.assertEqual(picture['limits'], [values.min(), values.max()])
            for x, y in ((0, 0), (319, 239), (17, 101)):
                answer = viewer.hover(picture, x, y)
                self.assertEqual((answer['seq'], answer['value']),
                                 (picture['seq'], values[y, x]))
            viewer.ack(picture)

    def test_each_slice_of_a_stack_is_a_view_of_its_own(self):
        viewer = connect(self, self.daemon)
        views = {i: viewer.watch('stack', codec='raw', slice=[i]) for i in (0, 5, 31)}
        self.assertEqual(len({w['view'] for w in views.values()}), 3)
        for i, watching in views.items():
            self.assertEqual(watching['spec']['slice'], [i])
            picture = viewer.picture(watching['view'])
            self.assertEqual(array_of(picture).shape, (128, 128))
            self.assertEqual(viewer.hover(picture, 60, 70)['value'], array_of(picture)[70, 60])

    def test_a_pushed_stack_gives_the_slice_that_was_asked_for(self):
        stack = np.arange(2 * 3 * 8 * 9, dtype='<u2').reshape(2, 3, 8, 9)
        self.push('slices', stack)
        viewer = connect(self, self.daemon)
        for at in ((0, 0), (1, 2)):
            view = viewer.watch('slices', codec='raw', slice=list(at))['view']
            np.testing.assert_array_equal(array_of(viewer.picture(view)), stack[at])

    def test_a_region_is_cut_to_whole_pixels(self):
        values = np.arange(40 * 50, dtype='<u2').reshape(40, 50)
        self.push('cut', values)
        viewer = connect(self, self.daemon)
        watching = viewer.watch('cut', codec='raw', region=[9.7, 4.5, 19.5, 14.6])
        picture = viewer.picture(watching['view'])
        self.assertEqual(picture['region'], [9.5, 4.5, 19.5, 15.5])
        np.testing.assert_array_equal(array_of(picture), values[5:16, 10:20])

    def test_a_large_picture_comes_in_parts_and_is_exact(self):
        values = np.random.default_rng(1).integers(0, 65536, (1000, 1000), 'u2')
        self.push('large', values)
        viewer = connect(self, self.daemon)
        picture = viewer.picture(viewer.watch('large', codec='raw')['view'])
        np.testing.assert_array_equal(array_of(picture), values)
        self.assertEqual(picture['parts'], -(-2_000_000 // PART_BYTES))
        self.assertEqual(picture['pieces'][:-1], [PART_BYTES] * (picture['parts'] - 1))

    def test_a_large_png_comes_in_parts_and_decodes(self):
        values = np.random.default_rng(2).integers(0, 256, (600, 500, 3), 'u1')
        self.push('colours', values)
        viewer = connect(self, self.daemon)
        picture = viewer.picture(viewer.watch('colours', codec='png')['view'])
        self.assertGreater(picture['parts'], 3)
        np.testing.assert_array_equal(np.asarray(image_of(picture).convert('RGB')), values)

    def test_a_pong_passes_between_the_parts_of_a_picture(self):
        # More than the kernel keeps for a reader that does not read: most parts are still to be sent.
        values = np.random.default_rng(3).integers(0, 65536, (3000, 3000), 'u2')
        self.push('huge', values)
        viewer = connect(self, self.daemon, rcvbuf=4096)
        viewer.watch('huge', codec='raw')
        while viewer.messages[-1] != 'picture':
            viewer.read()
        self.assertEqual(viewer.request('ping')['type'], 'pong')
        self.assertTrue(viewer.partial, 'the picture was whole before the pong')
        np.testing.assert_array_equal(array_of(viewer.picture()), values)

    def test_equal_views_share_their_number_and_others_do_not(self):
        one, two = connect(self, self.daemon), connect(self, self.daemon)
        view = one.watch('lab', width=160)['view']
        self.assertEqual(two.watch('lab', width=160)['view'], view)
        self.assertEqual(two.watch('lab', width=159)['view'], view, 'the ladder rounds up')
        self.assertEqual(two.watch('lab', width=160, level=7)['view'], view, 'no key of JPEG')
        self.assertNotEqual(two.watch('lab', width=320)['view'], view)
        self.assertNotEqual(two.watch('lab', width=160, quality=30)['view'], view)

    def test_unwatch_ends_a_view_and_its_pictures(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('lab', width=80)['view']
        other = viewer.watch('lab', width=64)['view']
        viewer.ack(viewer.picture(view))
        viewer.send({'type': 'unwatch', 'view': view})
        # What was on its way before the pong; the other view's pictures are taken below.
        viewer.inbox = [m for m in viewer.sync() if m.get('view') == other]
        for _ in range(10):
            picture = viewer.picture()
            self.assertEqual(picture['view'], other)
            viewer.ack(picture)

    def test_pictures_are_made_only_while_somebody_watches(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('stack', codec='jpeg')['view']
        self.assertEqual(self.daemon.stream('stack')['watchers'], 1)
        viewer.picture(view)
        viewer.send({'type': 'unwatch', 'view': view})
        viewer.sync()
        self.assertEqual(self.daemon.stream('stack')['watchers'], 0)


if __name__ == '__main__':
    unittest.main()
