# SPDX-License-Identifier: MIT
"""A USB camera before the real uvcvideo driver: its JPEGs arrive unchanged, it is pulled and plugged, and it fails."""
import io

import numpy as np
from PIL import Image
from rig.controls import controls_get
from rig.system import write
from rig.usb import HEIGHT, WIDTH, UsbCamera, jpegs, uvc_load
from support.daemon import DaemonCase, until
from support.viewer import connect

NODROP = '/sys/module/uvcvideo/parameters/nodrop'


class Usb(DaemonCase):
    @classmethod
    def setUpClass(cls):
        cls.footage = jpegs()
        super().setUpClass()

    def plug(self, *faults, serial='one'):
        return UsbCamera(self, self.footage, *faults, serial=serial)

    def assert_passes(self, viewer, view, count=3):
        """So many pictures of the camera's own bytes, in order."""
        seqs = []
        for _ in range(count):
            picture = viewer.picture(view)
            self.assertEqual(picture['codec'], 'passthrough')
            self.assertIn(picture['data'], self.footage)
            seqs.append(picture['seq'])
            viewer.ack(picture)
        self.assertEqual(seqs, sorted(set(seqs)))

    def test_mjpeg_passes_through_byte_for_byte(self):
        camera = self.plug()
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        viewer = connect(self, daemon)
        watching = viewer.watch('cam', codec='passthrough')
        self.assertEqual((watching['shape'], watching['dtype']), ([HEIGHT, WIDTH, 3], 'MJPG'))
        self.assert_passes(viewer, watching['view'], 10)
        self.assertIn(daemon.get('/streams/cam/snapshot.jpg').body, self.footage)
        self.assertEqual(daemon.stream('cam')['broken'], 0)

    def test_yuyv_shows_the_moving_ramp(self):
        camera = self.plug()
        daemon = self.start('-m', 'YUYV', camera.source('cam'))
        body = daemon.get('/streams/cam/snapshot.png').body
        row = np.asarray(Image.open(io.BytesIO(body)).convert('L'))
        self.assertEqual(row.shape, (240, 320))
        steps = np.diff(row[100].astype(int))
        self.assertGreaterEqual(int(((steps >= 0) & (steps <= 2)).sum()), 316, row[100])

    def test_a_camera_that_is_pulled_and_plugged_again_comes_back(self):
        camera = self.plug()
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        viewer = connect(self, daemon)
        view = viewer.watch('cam', codec='passthrough')['view']
        self.assert_passes(viewer, view)
        for _ in range(2):
            camera.unplug()
            self.assertRegex(viewer.until_state('cam', 'lost')['reason'], 'plug')
            device, camera = camera.device, self.plug()
            self.assertEqual(camera.device, device)
            viewer.until_state('cam', 'live')
            self.assert_passes(viewer, view)

    def test_the_loss_of_one_camera_does_not_hurt_the_others(self):
        cameras = {serial: self.plug(serial=serial) for serial in ('one', 'two', 'three')}
        daemon = self.start('-m', 'MJPG', *(c.source(s) for s, c in cameras.items()))
        viewer = connect(self, daemon)
        views = {s: viewer.watch(s, codec='passthrough')['view'] for s in cameras}
        for view in views.values():
            self.assert_passes(viewer, view)
        cameras['two'].unplug()
        viewer.until_state('two', 'lost')
        for serial in ('one', 'three'):
            self.assert_passes(viewer, views[serial], 10)
            self.assertEqual(daemon.stream(serial)['state'], 'live')
        self.plug(serial='two')
        viewer.until_state('two', 'live')
        self.assert_passes(viewer, views['two'])

    def until_counted(self, counter, *faults):
        """Three frames count as such while the others pass."""
        camera = self.plug(*faults)
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        viewer = connect(self, daemon)
        view = viewer.watch('cam', codec='passthrough')['view']
        until(lambda: (self.assert_passes(viewer, view, 1), daemon.stream('cam')[counter] >= 3)[1],
              f'three {counter} frames')

    def test_frames_with_the_error_bit_that_the_driver_drops_are_counted_lost(self):
        self.until_counted('lost', 'err%3')

    def test_frames_with_the_error_bit_that_the_driver_delivers_are_counted_broken(self):
        uvc_load()
        write(NODROP, '1')
        self.addCleanup(write, NODROP, '0')
        self.until_counted('broken', 'err%3')

    def test_halved_jpegs_are_counted_broken(self):
        self.until_counted('broken', 'short%3')

    def test_a_camera_that_falls_silent_is_lost_and_tried_again(self):
        camera = self.plug('stall@8')
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        viewer = connect(self, daemon)
        view = viewer.watch('cam', codec='passthrough')['view']
        self.assert_passes(viewer, view, 1)
        viewer.until_state('cam', 'lost', 'no frame for')
        viewer.until_state('cam', 'live')

    def test_a_camera_that_pulls_itself_out_is_lost(self):
        camera = self.plug('unplug@200')
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        viewer = connect(self, daemon)
        view = viewer.watch('cam', codec='passthrough')['view']
        self.assert_passes(viewer, view, 1)
        viewer.until_state('cam', 'lost', 'plug')
        camera.wait_end()

    def test_a_camera_that_refuses_to_start_says_so(self):
        camera = self.plug('nocommit')
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        reason = connect(self, daemon).until_state('cam', 'lost')['reason']
        self.assertIn(camera.device, reason)

    def test_controls_reach_the_camera(self):
        camera = self.plug()
        daemon = self.start('-m', 'MJPG', camera.source('cam'))
        connect(self, daemon).until_state('cam', 'live')
        got = daemon.http('PATCH', '/api/v1/streams/cam/controls',
                          {'Content-Type': 'application/json'}, b'{"brightness": 200, "contrast": 7}')
        self.assertEqual(got.status, 200, got.body)
        values = {c['name']: c['value'] for c in got.json()['controls']}
        self.assertEqual((values['brightness'], values['contrast']), (200, 7))
        self.assertEqual(controls_get(camera.device, 'brightness'), 200)
        self.assertEqual(controls_get(camera.device, 'contrast'), 7)
