# SPDX-License-Identifier: MIT
"""SIGTERM while everything is at work: the loop closes clean, whatever was under way."""
import contextlib
import socket
import unittest

import numpy as np

from support.camera import Camera
from support.daemon import DaemonCase, until
from support.pusher import Pusher
from support.viewer import Viewer, Watcher, connect


class Stop(DaemonCase):
    def crowd(self, daemon, stack, streams):
        """Viewers that keep up, that never acknowledge, and that do not read."""
        watchers = []
        for stream in streams:
            for keys in ({'codec': 'jpeg'}, {'codec': 'png', 'width': 100}):
                watchers.append(stack.enter_context(Watcher(daemon, stream, **keys)))
            lazy = connect(self, daemon, rcvbuf=4096)
            lazy.watch(stream, codec='png', level=1)
        for watcher in watchers:
            watcher.wait_more(2)
        for watcher in watchers:
            watcher.ending = True  # it may lose its connection from here on
        return watchers

    def test_under_load_with_every_kind_of_client(self):
        camera = Camera(self.folder, formats='MJPEG', sizes='640x480')
        path = f'{self.folder}/push'
        daemon = self.start('--push-unix', path, 'lab=test:lab', 'thermal=test:thermal',
                            camera.source('cam'), env=camera.env())
        pusher = Pusher(self, path, 'pushed')
        for number in range(30):
            pusher.push(np.full((200, 300), number, '<u2'))
        half = Pusher(self, path)
        half.send_bytes(b'\x84\xa4data\xc6\0\1\0\0half')
        with contextlib.ExitStack() as stack:
            self.crowd(daemon, stack, ('lab', 'thermal', 'cam'))
            for head in ('GET /streams/lab/stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n',
                         'POST /push/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nab',
                         'GET /streams/stack/frame', ''):
                s = stack.enter_context(socket.create_connection((daemon.host, daemon.port)))
                s.sendall(head.encode())
            daemon.stop()

    def test_while_hovers_and_frames_are_on_the_pool(self):
        camera = Camera(self.folder, formats='MJPEG', sizes='1280x720')
        daemon = self.start(camera.source('cam'), 'stack=test:stack', env=camera.env())
        viewer = connect(self, daemon)
        viewer.watch('cam', codec='jpeg', quality=95)
        viewer.watch('stack', codec='png', level=9)
        picture = viewer.picture()
        requests = []
        for name in ('frame.npy', 'figure.json', 'snapshot.png?level=9', 'snapshot.jpg'):
            s = socket.create_connection((daemon.host, daemon.port))
            self.addCleanup(s.close)
            s.sendall(f'GET /streams/cam/{name} HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
            requests.append(s)
        for x in range(20):
            viewer.send({'type': 'hover', 'request': x, 'view': picture['view'], 'seq':
                         picture['seq'], 'picture': picture['picture'], 'x': x, 'y': x})
        daemon.stop()

    def test_while_a_camera_is_missing_or_going(self):
        for plugged in (False, True):
            camera = Camera(self.folder, plugged, formats='GREY', sizes='320x240')
            daemon = self.start(camera.source('cam'), env=camera.env())
            if plugged:
                viewer = connect(self, daemon)
                viewer.watch('cam', codec='raw')
                viewer.picture()
                camera.unplug()
            else:
                daemon.logged('no such device')
            daemon.stop()

    def test_clients_that_come_and_go_leave_nothing(self):
        daemon = self.start('lab=test:lab')
        for number in range(40):
            viewer = Viewer(daemon)
            if number % 3:
                viewer.watch('lab', codec='png', width=100 + 20 * number)
            if number % 3 == 2:
                viewer.picture()
            viewer.close()
        until(lambda: daemon.stream('lab')['watchers'] == 0, 'nobody watches any more')
        with Watcher(daemon, 'lab', width=64) as watcher:
            watcher.wait_more(3)

    def test_at_once_after_its_start(self):
        for _ in range(3):
            self.start('lab=test:lab', 'stack=test:stack').stop()


if __name__ == '__main__':
    unittest.main()
