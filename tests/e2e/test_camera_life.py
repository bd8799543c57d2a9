# SPDX-License-Identifier: MIT
"""A camera's life: hanging drivers, faults and what is said of them, rest, names, notices in the picture."""
import io
import re
import unittest
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from PIL import Image

from support.camera import Camera
from support.daemon import DaemonCase, until
from support.faults import FAULTS
from support.viewer import connect


class Life(DaemonCase):
    def camera(self, **settings):
        return Camera(self.folder, **{'sizes': '160x120', 'formats': 'GREY', **settings})

    def two(self, first, **settings):
        """One daemon with two cameras; the settings of the first begin with 0_."""
        paths = [Path(self.folder, name) for name in ('video8', 'video9')]
        for path in paths:
            path.touch()
        camera = self.camera(**settings)
        env = {**camera.env(), 'FAKECAM_DEVICE': ':'.join(map(str, paths)),
               **{f'FAKECAM0_{k.upper()}': v for k, v in first.items()}}
        return paths, self.start(f'one=v4l2:{paths[0]}', f'two=v4l2:{paths[1]}', env=env)

    def test_a_driver_that_hangs_is_told_and_hurts_no_other_camera(self):
        hang = Path(self.folder, 'video8.hang')
        hang.touch()
        _, daemon = self.two({'hang': 'STREAMON'})
        viewer = connect(self, daemon)
        viewer.until_state('one', 'lost', 'does not answer')
        view = viewer.watch('two', codec='raw')['view']
        for _ in range(5):
            viewer.ack(viewer.picture(view))
        hang.unlink()
        viewer.until_state('one', 'live')

    def test_a_driver_that_hangs_for_ever_does_not_hold_up_the_end(self):
        hang = Path(self.folder, 'video8.hang')
        hang.touch()
        _, daemon = self.two({'hang': 'S_FMT'})
        connect(self, daemon).until_state('two', 'live')
        daemon.stop()
        self.assertIn('given up', daemon.log)

    def test_a_camera_that_goes_takes_no_other_with_it(self):
        paths, daemon = self.two({})
        viewer = connect(self, daemon)
        viewer.until_state('one', 'live')
        view = viewer.watch('two', codec='raw')['view']
        for _ in range(3):
            paths[0].unlink()
            viewer.until_state('one', 'lost')
            viewer.ack(viewer.picture(view))
            paths[0].touch()
            viewer.until_state('one', 'live')
            viewer.ack(viewer.picture(view))

    def test_each_fault_is_told_and_the_camera_comes_back(self):
        for name, settings, reason in FAULTS:
            with self.subTest(fault=name):
                camera = self.camera(**settings)
                daemon = self.start(camera.source('cam'), env=camera.env())
                viewer = connect(self, daemon)
                if reason:
                    viewer.until_state('cam', 'lost', reason)
                    self.assertIn(reason, daemon.stream('cam')['reason'])
                    if name == 'unplug':
                        camera.plug()
                    if 'fault' in settings:
                        viewer.until_state('cam', 'live')
                else:
                    viewer.watch('cam')
                    if reason == '':
                        until(lambda d=daemon: d.stream('cam')['broken'] > 1, 'broken frames')
                    viewer.ack(viewer.picture())
                daemon.stop()

    def test_a_camera_that_gives_only_broken_pictures_says_so_and_comes_back(self):
        paths, daemon = self.two({'formats': 'MJPEG'})
        viewer = connect(self, daemon)
        viewer.watch('one')
        sides = [Path(f'{path}.fault') for path in paths]
        for side, fault in zip(sides, ('garbage%1', 'error%1')):  # seen in the picture; told
            side.write_text(fault)
        for name, side in zip(('one', 'two'), sides):
            viewer.until_state(name, 'lost', 'only broken pictures')
            side.unlink()
        for name in 'one', 'two':
            viewer.until_state(name, 'live')

    def test_a_camera_is_found_by_name_bus_and_serial_under_any_number(self):
        for address in ('name=Fake Camera 0', 'bus=platform:fakecam-0', 'serial=S-123'):
            with self.subTest(address=address):
                camera = self.camera(serial='S-123')
                daemon = self.start(f'cam=v4l2:{address}?folder={self.folder}', env=camera.env())
                connect(self, daemon).until_state('cam', 'live')
                daemon.stop()  # which had the camera for itself
        daemon = self.start(f'cam=v4l2:name=Other?folder={self.folder}', env=camera.env())
        connect(self, daemon).until_state('cam', 'lost', "'Fake Camera 0'")

    def test_the_address_has_options_of_its_own_and_the_api_tells_what_became_of_them(self):
        camera = self.camera(sizes='160x120,320x240', fps='30,15')
        daemon = self.start('-r', '160x120', f'{camera.source("cam")}?width=300&height=250&fps=16',
                            env=camera.env())
        connect(self, daemon).until_state('cam', 'live')
        stream = daemon.stream('cam')
        self.assertEqual(stream['asked'], {'width': 300, 'height': 250, 'fps': 16})
        self.assertEqual(stream['got'], {'width': 320, 'height': 240, 'fps': 15})
        daemon.logged(r'gives GREY, 320x240 at 15 fps; asked were 300x250 at 16')

    def test_any_size_of_a_range_in_steps_is_taken_and_others_become_the_nearest(self):
        camera = self.camera(sizes='64x48-640x480/16x8')
        daemon = self.start(f'{camera.source("cam")}?width=330&height=206', env=camera.env())
        connect(self, daemon).until_state('cam', 'live')
        got = daemon.stream('cam')['got']
        self.assertEqual((got['width'], got['height']), (336, 208))

    def test_a_camera_that_nobody_watches_rests_and_starts_for_the_first_viewer(self):
        camera = self.camera()
        daemon = self.start('--idle-stop', '1', camera.source('cam'), env=camera.env())
        viewer = connect(self, daemon)
        viewer.until_state('cam', 'waiting', 'idle')
        at_rest = daemon.stream('cam')['captured']
        seq = int(daemon.get('/streams/cam/snapshot.png').headers['x-sequence'])
        self.assertGreater(seq, 5, 'the first frames after a rest are left out')
        self.assertGreater(daemon.stream('cam')['captured'], at_rest)
        viewer.until_state('cam', 'waiting', 'idle')
        answer = viewer.ask_watch('cam', codec='raw')
        self.assertEqual(answer['type'], 'watching', answer)
        viewer.picture(test=lambda p: p['seq'] > seq)

    @staticmethod
    def parts(response):
        """The pictures of a multipart answer, as they come."""
        while True:
            head = b''
            while not head.endswith(b'\r\n\r\n'):
                byte = response.read(1)
                if not byte:
                    return
                head += byte
            size = int(re.search(rb'Content-Length: (\d+)', head)[1])
            yield Image.open(io.BytesIO(response.read(size))).convert('L')

    def open_mjpeg(self, daemon):
        connection = HTTPConnection(daemon.host, daemon.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request('GET', '/streams/cam/stream.mjpg')
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        return self.parts(response)

    def test_a_lost_stream_says_so_in_its_motion_jpeg_and_goes_on_when_it_is_back(self):
        camera = self.camera(sizes='640x480')
        daemon = self.start(camera.source('cam'), env=camera.env())
        connect(self, daemon).until_state('cam', 'live')
        parts = self.open_mjpeg(daemon)
        live = np.asarray(next(parts)).mean()
        camera.unplug()
        notice = next(p for p in parts if np.asarray(p).mean() < live * 0.6)
        self.assertEqual(notice.size, (640, 480))
        next(p for p in parts if np.asarray(p).mean() < live * 0.6)  # it comes again
        self.assertGreater((np.asarray(notice) > 200).sum(), 500, 'letters')
        self.assertEqual(daemon.get('/streams/cam/snapshot.jpg').status, 503)
        camera.plug()
        next(p for p in parts if np.asarray(p).mean() > live * 0.8)

    def test_a_stream_that_never_was_has_a_plain_notice(self):
        camera = Camera(self.folder, plugged=False, sizes='640x480', formats='GREY')
        daemon = self.start(camera.source('cam'), env=camera.env())
        connect(self, daemon).until_state('cam', 'lost')
        parts = self.open_mjpeg(daemon)
        notice = np.asarray(next(parts))
        self.assertEqual(notice.shape, (480, 640))
        self.assertLess(abs(int(np.median(notice)) - 40), 6)
        self.assertGreater((notice > 200).sum(), 500)
        camera.plug()
        next(p for p in parts if np.asarray(p).mean() > 90)


if __name__ == '__main__':
    unittest.main()
