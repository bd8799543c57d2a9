# SPDX-License-Identifier: MIT
"""vivid's own faults: what the daemon says, what it counts, and that it shows frames again."""
from rig.controls import controls_set
from rig.vivid import BOTH, PLANES, WEBCAM, VividCase, bind, is_open, source, unbind
from support.daemon import until
from support.viewer import Watcher, connect


class Faults(VividCase):
    DEVICES = BOTH
    MOVES = True

    def watched(self, device=WEBCAM):
        daemon = self.start('-m', 'YUYV', '-r', '320x180', '-f', 25, source('cam', device))
        self.assert_live(daemon)
        viewer = connect(self, daemon)
        view = viewer.watch('cam', codec='jpeg')['view']
        viewer.ack(viewer.picture(view))
        return daemon, viewer, view

    def assert_frames(self, viewer, view, count=3):
        """So many more pictures, in order."""
        seqs = [m['seq'] for m in viewer.inbox if m['type'] == 'picture']
        for _ in range(count + len(seqs)):
            picture = viewer.picture(view)
            viewer.ack(picture)
            seqs.append(picture['seq'])
        self.assertEqual(seqs[-count:], sorted(set(seqs[-count:])))

    def assert_lost_and_live(self, viewer, view, reason):
        viewer.until_state('cam', 'lost', reason)
        viewer.until_state('cam', 'live')
        self.assert_frames(viewer, view)

    def test_dropped_buffers_are_counted_lost_and_the_rest_arrives(self):
        daemon, viewer, view = self.watched()
        controls_set(WEBCAM, percentage_of_dropped_buffers=40)
        before = daemon.stream('cam')['lost']
        until(lambda: (self.assert_frames(viewer, view),
                       daemon.stream('cam')['lost'] >= before + 10)[1], 'ten lost frames')

    def test_a_buffer_with_the_error_flag_is_counted_broken_and_not_shown(self):
        daemon, viewer, view = self.watched()
        for n in range(1, 4):
            controls_set(WEBCAM, inject_v4l2_buf_flag_error=1)
            until(lambda least=n: (self.assert_frames(viewer, view, 1),
                                   daemon.stream('cam')['broken'] >= least)[1], f'{n} broken frames')
        self.assertEqual(daemon.stream('cam')['broken'], 3)
        self.assertEqual(daemon.stream('cam')['state'], 'live')

    def test_a_buffer_that_the_driver_refuses_costs_no_stream(self):
        _, viewer, view = self.watched()
        controls_set(WEBCAM, inject_vidioc_qbuf_error=1)
        self.assert_frames(viewer, view, 30)

    def test_a_fatal_streaming_error_loses_the_camera_and_it_comes_back(self):
        for device in BOTH:
            with self.subTest(device=device):
                daemon, viewer, view = self.watched(device)
                controls_set(device, inject_fatal_streaming_error=1)
                self.assert_lost_and_live(viewer, view, 'I/O error')
                daemon.stop()

    def test_a_start_that_the_driver_refuses_is_told_and_tried_again(self):
        for step in ('reqbufs', 'qbuf', 'streamon'):
            with self.subTest(step=step):
                daemon, viewer, view = self.watched()
                controls_set(WEBCAM, inject_fatal_streaming_error=1,
                             **{f'inject_vidioc_{step}_error': 1})
                viewer.until_state('cam', 'lost', 'I/O error')
                viewer.until_state('cam', 'lost', 'Invalid argument')
                viewer.until_state('cam', 'live')
                self.assert_frames(viewer, view)
                daemon.stop()

    def test_a_disconnect_loses_one_camera_of_two_and_it_comes_back(self):
        daemon = self.start('-m', 'YUYV', '-r', '320x180', '-f', 25,
                            source('cam', WEBCAM), source('other', PLANES))
        self.assert_live(daemon, 'other')
        viewer = connect(self, daemon)
        with Watcher(daemon, 'cam', codec='jpeg') as one, Watcher(daemon, 'other', codec='png') as other:
            for _ in range(2):
                one.wait_more()
                controls_set(WEBCAM, disconnect=1)
                viewer.until_state('cam', 'lost', 'the camera is gone')
                other.wait_more(5)
                viewer.until_state('cam', 'live')
                one.wait_more()
        self.assertEqual(daemon.stream('other')['state'], 'live')

    def test_devices_unbound_under_load_are_lost_and_live_when_bound_again(self):
        daemon = self.start('-m', 'YUYV', '-r', '320x180', '-f', 25, 'pattern=test:bars',
                            source('cam', WEBCAM), source('other', PLANES))
        self.assert_live(daemon, 'other')
        viewer = connect(self, daemon)
        with Watcher(daemon, 'cam', codec='jpeg') as one, Watcher(daemon, 'cam', codec='png'), \
                Watcher(daemon, 'other', codec='jpeg') as other, Watcher(daemon, 'pattern') as pattern:
            for _ in range(3):
                one.wait_more()
                other.wait_more()
                unbind()
                viewer.until_state('cam', 'lost', 'plug')
                viewer.until_state('other', 'lost', 'plug')
                pattern.wait_more(5)
                until(lambda: not is_open(daemon, '/dev/video'), 'the devices closed')
                bind()
                viewer.until_state('cam', 'live')
                viewer.until_state('other', 'live')
        self.assertEqual(daemon.get('/healthz').status, 200)

    def test_a_camera_that_another_program_streams_from_is_in_use(self):
        first = self.start('-r', '320x180', source('cam', WEBCAM))
        connect(self, first).until_state('cam', 'live')
        second = self.start('-r', '320x180', source('cam', WEBCAM))
        viewer = connect(self, second)
        viewer.until_state('cam', 'lost', 'in use by another program')
        first.stop()
        viewer.until_state('cam', 'live')
