# SPDX-License-Identifier: MIT
"""Cameras by V4L2: the fake one comes, shows its formats, breaks, goes and comes again."""
import fcntl
import io
import re
import unittest

import numpy as np
from PIL import Image

from support.camera import Camera, bits_of, y16
from support.daemon import DaemonCase, until
from support.viewer import connect


class Cameras(DaemonCase):
    def before(self, *options, plugged=True, **settings):
        camera = Camera(self.folder, plugged, **{'sizes': '320x240', **settings})
        daemon = self.start(*options, camera.source('cam'), env=camera.env())
        return camera, daemon, connect(self, daemon)

    def test_sixty_frames_of_720p_arrive_in_order(self):
        _, daemon, viewer = self.before(formats='YUYV', sizes='1280x720', fps='30')
        watching = viewer.watch('cam', codec='jpeg', width=320)
        self.assertEqual((watching['shape'], watching['dtype']), ([720, 1280, 3], 'YUYV'))
        seqs = []
        for _ in range(60):
            picture = viewer.picture()
            viewer.ack(picture)
            seqs.append(picture['seq'])
        self.assertEqual(seqs, sorted(set(seqs)))
        self.assertGreaterEqual(daemon.stream('cam')['captured'], 60)
        self.assertEqual(Image.open(io.BytesIO(picture['data'])).size, (320, 180))

    def test_yuyv_shows_the_luma_that_the_camera_drew(self):
        _, _, viewer = self.before(formats='YUYV')
        viewer.watch('cam', codec='png')
        for _ in range(3):
            picture = viewer.picture()
            viewer.ack(picture)
            pixels = np.asarray(Image.open(io.BytesIO(picture['data'])).convert('L'))
            bits = bits_of(pixels, 320)
            # The stream counts from 1, the driver from 0; frames before the first are none.
            self.assertEqual(bits, picture['seq'] - 1)

    def test_mjpeg_passes_through_unchanged(self):
        _, daemon, viewer = self.before(formats='MJPEG')
        viewer.watch('cam', codec='passthrough')
        for _ in range(5):
            picture = viewer.picture()
            self.assertEqual(picture['codec'], 'passthrough')
            pixels = np.asarray(Image.open(io.BytesIO(picture['data'])))
            seq = bits_of(pixels if pixels.ndim == 2 else pixels[..., 0], 320)
            self.assertEqual(seq, picture['seq'] - 1)
            x, y = 104, 120  # the upper left pixel of a block
            self.assertEqual(pixels.reshape(240, 320, -1)[y, x, 0], (x + y + 4 * seq) & 0xff)
            viewer.ack(picture)
        self.assertEqual(daemon.stream('cam')['dtype'], 'MJPG')

    def test_mjpeg_footage_arrives_byte_for_byte(self):
        footage = []
        for shade in range(6):
            file = io.BytesIO()
            noise = np.random.default_rng(shade).integers(0, 256, (240, 320, 3), 'u1')
            Image.fromarray(noise).save(file, 'JPEG', quality=70)
            footage.append(file.getvalue())
        path = f'{self.folder}/footage.mjpg'
        with open(path, 'wb') as file:
            file.write(b''.join(footage))
        _, daemon, viewer = self.before(formats='MJPEG', mjpeg=path)
        viewer.watch('cam', codec='passthrough')
        for _ in range(6):
            picture = viewer.picture()
            self.assertIn(picture['data'], footage)
            viewer.ack(picture)
        self.assertIn(daemon.get('/streams/cam/snapshot.jpg').body, footage)

    def test_grey_is_a_scalar_stream_of_bytes(self):
        _, _, viewer = self.before(formats='GREY')
        watching = viewer.watch('cam', codec='raw')
        self.assertEqual((watching['dtype'], watching['shape']), ('|u1', [240, 320]))
        picture = viewer.picture()
        pixels = np.frombuffer(picture['data'], 'u1').reshape(240, 320)
        seq = bits_of(pixels, 320)
        yy, xx = np.mgrid[16:240, 0:320]
        np.testing.assert_array_equal(pixels[16:], (xx + yy + 4 * seq) & 0xff)
        self.assertEqual(viewer.hover(picture, 9, 99)['value'], pixels[99, 9])

    def test_sixteen_bits_are_exact_in_npy_and_raw(self):
        _, daemon, viewer = self.before(formats='Y16')
        yy, xx = np.mgrid[0:240, 0:320]
        frame = np.load(io.BytesIO(daemon.get('/streams/cam/frame.npy').body))
        self.assertEqual(frame.dtype.str, '<u2')
        np.testing.assert_array_equal(frame, (y16(xx, yy, 0) + int(frame[0, 0])) & 0xffff)
        viewer.watch('cam', codec='raw')
        picture = viewer.picture()
        values = np.frombuffer(picture['data'], '<u2').reshape(240, 320)
        np.testing.assert_array_equal(values, y16(xx, yy, picture['seq'] - 1))
        self.assertEqual(viewer.hover(picture, 11, 22)['value'], values[22, 11])

    def test_mjpeg_over_http_is_the_camera(self):
        _, daemon, _ = self.before(formats='YUYV')
        got = daemon.get('/streams/cam/snapshot.jpg?width=160')
        self.assertEqual(Image.open(io.BytesIO(got.body)).size, (160, 120))

    def test_options_choose_size_and_format(self):
        _, _, viewer = self.before('-r', '640x480', '-m', 'GREY', '-f', '15', '-b', '3',
                                   formats='YUYV,GREY', sizes='320x240,640x480', fps='30,15')
        self.assertEqual(viewer.watch('cam')['shape'], [480, 640])

    def test_lost_frames_are_counted_and_jump(self):
        _, daemon, viewer = self.before(formats='GREY', fault='drop%5')
        viewer.watch('cam', codec='raw')
        until(lambda: (viewer.ack(viewer.picture()), daemon.stream('cam')['lost'] >= 3)[1],
              'three lost frames')
        picture = viewer.picture(test=lambda p: p['seq'] > 8)
        pixels = np.frombuffer(picture['data'], 'u1').reshape(240, 320)
        self.assertEqual(bits_of(pixels, 320), picture['seq'] - 1)

    def test_broken_frames_are_counted_and_never_shown(self):
        for fault in ('short%3', 'error%3', 'empty%3'):
            with self.subTest(fault=fault):
                _, daemon, viewer = self.before(formats='GREY', fault=fault)
                viewer.watch('cam', codec='raw')
                while daemon.stream('cam')['broken'] < 3:
                    picture = viewer.picture()
                    self.assertEqual(picture['size'], 320 * 240)
                    viewer.ack(picture)
                daemon.stop()

    def test_jpegs_that_are_garbage_cost_themselves(self):
        _, daemon, viewer = self.before(formats='MJPEG', fault='garbage%3')
        viewer.watch('cam', codec='jpeg', width=160)
        while daemon.stream('cam')['broken'] < 3:
            picture = viewer.picture()
            Image.open(io.BytesIO(picture['data'])).load()
            viewer.ack(picture)

    def test_a_missing_camera_is_lost_until_it_is_plugged_in(self):
        camera, daemon, viewer = self.before(plugged=False, formats='GREY')
        self.assertIn('plug', viewer.until_state('cam', 'lost')['reason'])
        self.assertEqual(daemon.get('/healthz').status, 200)
        camera.plug()
        viewer.until_state('cam', 'live')
        viewer.watch('cam', codec='raw')
        viewer.picture()

    def test_a_camera_that_is_pulled_and_plugged_again_comes_back(self):
        camera, _, viewer = self.before(formats='GREY')
        view = viewer.watch('cam', codec='raw')['view']
        viewer.ack(viewer.picture())
        for _ in range(2):
            camera.unplug()
            self.assertIn('plug it in', viewer.until_state('cam', 'lost')['reason'])
            camera.plug()
            viewer.until_state('cam', 'live')
            seen = [m['seq'] for m in viewer.inbox if m['type'] == 'picture']
            viewer.ack(viewer.picture(view, lambda p, least=max(seen, default=0): p['seq'] > least))

    def test_a_camera_of_another_form_ends_the_views(self):
        camera, _, viewer = self.before(formats='GREY', fault='eio@20')
        viewer.watch('cam', codec='raw')
        self.assertIn('I/O error', viewer.until_state('cam', 'lost')['reason'])
        self.assertTrue(camera.device.exists())

    def test_a_camera_in_use_says_so_and_comes_when_it_is_free(self):
        camera = Camera(self.folder, formats='GREY', sizes='320x240')
        with open(camera.device, 'rb') as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            daemon = self.start(camera.source('cam'), env=camera.env())
            viewer = connect(self, daemon)
            viewer.until_state('cam', 'lost', 'in use by another program')
        viewer.until_state('cam', 'live')

    def test_a_camera_without_a_format_to_show_says_what_it_offers(self):
        _, _, viewer = self.before(formats='YUV24')
        reason = viewer.until_state('cam', 'lost')['reason']
        self.assertIn('YUV3', reason)
        self.assertIn('YUYV', reason)

    def test_a_format_that_the_camera_has_not_is_told(self):
        _, _, viewer = self.before('-m', 'YUYV', formats='GREY')
        self.assertIn('GREY', viewer.until_state('cam', 'lost')['reason'])

    def test_what_is_no_camera_is_told(self):
        daemon = self.start('cam=v4l2:/dev/null')
        viewer = connect(self, daemon)
        self.assertIn('captures no video', viewer.until_state('cam', 'lost')['reason'])

    def test_a_lost_camera_answers_snapshots_with_the_reason(self):
        daemon = self.start('cam=v4l2:/no/such/camera')
        connect(self, daemon).until_state('cam', 'lost')
        for name in ('snapshot.jpg', 'snapshot.png'):
            got = daemon.get(f'/streams/cam/{name}')
            self.assertEqual(got.status, 503)
            self.assertTrue(re.search('no such device', got.json()['error']))


if __name__ == '__main__':
    unittest.main()
