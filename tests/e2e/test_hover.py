# SPDX-License-Identifier: MIT
"""The value under the pointer: of the very frame that was asked for, at full depth, or `gone`."""
import io
import unittest

import numpy as np
from PIL import Image

from support.camera import Camera, y16
from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect


class Hover(DaemonCase):
    SOURCES = ('thermal=test:thermal',)

    def shown(self, name, array, **keys):
        """A viewer and its picture of a pushed array."""
        pusher = Pusher(self, self.push_path, name)
        pusher.push(array)
        viewer = connect(self, self.daemon)
        viewer.watch(name, **keys)
        return pusher, viewer, viewer.picture()

    def values_of(self, name, array):
        _, viewer, picture = self.shown(name, array)
        height, width = array.shape[:2]
        return [viewer.hover(picture, x, y)['value'] for y in range(height) for x in range(width)]

    def test_sixteen_bits_are_exact_whatever_the_picture_was(self):
        array = np.array([[0, 1, 255], [256, 4711, 65535]], '<u2')
        _, viewer, picture = self.shown('sixteen', array, codec='jpeg', quality=1, width=2)
        got = [viewer.hover(picture, x, y)['value'] for y in range(2) for x in range(3)]
        self.assertEqual(got, array.ravel().tolist())

    def test_the_answer_repeats_what_was_asked(self):
        _, viewer, picture = self.shown('repeat', np.zeros((3, 4), 'u1'))
        answer = viewer.hover(picture, 3, 2)
        self.assertEqual({k: answer[k] for k in ('type', 'view', 'seq', 'x', 'y', 'value')},
                         {'type': 'value', 'view': picture['view'], 'seq': picture['seq'],
                          'x': 3, 'y': 2, 'value': 0})

    def test_integers_that_javascript_cannot_hold_travel_as_text(self):
        array = np.array([[2**53, -2**53, 2**53 + 1, -2**53 - 1, 2**63 - 1, -2**63, 7]], '<i8')
        self.assertEqual(self.values_of('long', array),
                         [2**53, -2**53, '9007199254740993', '-9007199254740993',
                          '9223372036854775807', '-9223372036854775808', 7])
        array = np.array([[2**53, 2**53 + 1, 2**64 - 1, 0]], '<u8')
        self.assertEqual(self.values_of('ulong', array),
                         [2**53, '9007199254740993', '18446744073709551615', 0])

    def test_what_is_not_finite_travels_as_text(self):
        array = np.array([[np.nan, np.inf, -np.inf, 0.1, -2.5]], '<f8')
        self.assertEqual(self.values_of('gaps', array),
                         ['NaN', 'Infinity', '-Infinity', 0.1, -2.5])

    def test_single_floats_are_exact_and_booleans_as_px_imshow_reads_them(self):
        array = np.array([[0.1, 16777216, -1e-30]], '<f4')
        self.assertEqual(self.values_of('single', array), array.ravel().tolist())
        self.assertEqual(self.values_of('truth', np.array([[True, False]])), [255, 0])

    def test_colour_gives_a_list(self):
        array = np.arange(2 * 2 * 3, dtype='u1').reshape(2, 2, 3)
        self.assertEqual(self.values_of('rgb', array), array.reshape(-1, 3).tolist())
        array = np.arange(1 * 2 * 4, dtype='u1').reshape(1, 2, 4)
        self.assertEqual(self.values_of('rgba', array), array.reshape(-1, 4).tolist())

    def test_a_place_outside_of_the_frame_is_an_error(self):
        _, viewer, picture = self.shown('bounds', np.zeros((3, 4), 'u1'))
        for x, y in ((4, 0), (0, 3), (2**31, 2**31)):
            self.assertEqual(viewer.hover(picture, x, y)['type'], 'error', (x, y))

    def test_an_unknown_view_or_frame_is_gone(self):
        _, viewer, picture = self.shown('lost', np.zeros((3, 4), 'u1'))
        self.assertEqual(viewer.hover({**picture, 'view': 9999}, 0, 0)['type'], 'gone')
        self.assertEqual(viewer.hover({**picture, 'seq': 9999}, 0, 0)['type'], 'gone')

    def test_it_is_never_the_value_of_another_frame(self):
        """Every pixel of a frame is its number, and far more frames come than are kept."""
        pusher, viewer, picture = self.shown('storm', np.full((700, 800), 1, '<u2'), codec='raw')
        answers = []
        for number in range(2, 260):
            pusher.push(np.full((700, 800), number, '<u2'))
            if number % 4 == 0:
                answers.append((picture['seq'], viewer.hover(picture, 799, 699)))
            if number % 50 == 0:
                viewer.ack(picture)
                picture = viewer.picture()
        kinds = {answer['type'] for _, answer in answers}
        self.assertLessEqual(kinds, {'value', 'gone'})
        self.assertIn('value', kinds)
        for seq, answer in answers:
            if answer['type'] == 'value':
                self.assertEqual((answer['seq'], answer['value']), (seq, seq))

    def test_the_frame_on_the_screen_stays_while_others_are_skipped(self):
        pusher, viewer, picture = self.shown('still', np.full((50, 60), 1, '<u2'), codec='raw')
        viewer.ack(picture)
        for number in range(2, 100):
            pusher.push(np.full((50, 60), number, '<u2'))
        self.assertEqual(viewer.hover(picture, 0, 0)['value'], 1)

    def test_a_slice_is_looked_up_in_its_own_plane(self):
        stack = np.arange(3 * 4 * 5, dtype='<u2').reshape(3, 4, 5)
        _, viewer, picture = self.shown('planes', stack, slice=[2])
        self.assertEqual(viewer.hover(picture, 4, 3)['value'], stack[2, 3, 4])


class CameraHover(DaemonCase):
    def shown(self, formats, **keys):
        camera = Camera(self.folder, formats=formats, sizes='320x240', fps='30')
        daemon = self.start(camera.source('cam'), env=camera.env())
        viewer = connect(self, daemon)
        viewer.watch('cam', **keys)
        return viewer, viewer.picture()

    def test_mjpeg_gives_the_decoded_colour_while_frames_fly_by(self):
        viewer, picture = self.shown('MJPEG', codec='passthrough')
        for _ in range(10):
            pixels = np.asarray(Image.open(io.BytesIO(picture['data'])).convert('RGB'))
            for x, y in ((0, 8), (100, 100), (319, 239)):
                answer = viewer.hover(picture, x, y)
                self.assertEqual((answer['type'], answer['seq']), ('value', picture['seq']))
                self.assertEqual(answer['value'], pixels[y, x].tolist())
            viewer.ack(picture)
            picture = viewer.picture()

    def test_yuyv_gives_the_colour_of_the_lossless_picture(self):
        viewer, picture = self.shown('YUYV', codec='png')
        for _ in range(3):
            pixels = np.asarray(Image.open(io.BytesIO(picture['data'])).convert('RGB')).astype(int)
            for x, y in ((5, 2), (100, 100), (319, 239)):
                answer = viewer.hover(picture, x, y)
                self.assertEqual((answer['type'], len(answer['value'])), ('value', 3))
                off = np.abs(np.array(answer['value']) - pixels[y, x]).max()
                self.assertLessEqual(off, 1, (answer['value'], pixels[y, x]))
            viewer.ack(picture)
            picture = viewer.picture()

    def test_sixteen_bits_of_a_camera_are_exact(self):
        viewer, picture = self.shown('Y16', codec='jpeg')
        base = viewer.hover(picture, 0, 0)['value']
        for x, y in ((1, 0), (0, 1), (319, 239), (77, 200)):
            self.assertEqual(viewer.hover(picture, x, y)['value'], (base + y16(x, y, 0)) & 0xffff)


if __name__ == '__main__':
    unittest.main()
