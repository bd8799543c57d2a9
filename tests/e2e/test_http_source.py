# SPDX-License-Identifier: MIT
"""http:// sources: cameras that stream, cameras that answer one picture, and those that misbehave."""
import subprocess
import unittest

from support.daemon import DaemonCase, program, until
from support.http_camera import HttpCamera, picture
from support.viewer import connect


class HttpSource(DaemonCase):
    def setUp(self):
        super().setUp()
        self.camera = HttpCamera(self)

    def source(self, path, user=''):
        return f'c=http://{user}{self.camera.address}/{path}'

    def watch(self, path, *options, user=''):
        daemon = self.start(*options, self.source(path, user))
        viewer = connect(self, daemon)
        return daemon, viewer, viewer.watch('c')['view']

    def lost(self, path, reason, user=''):
        daemon = self.start(self.source(path, user))
        viewer = connect(self, daemon)
        return daemon, viewer.until_state('c', 'lost', reason)['reason']

    def test_multipart_streams_with_and_without_lengths(self):
        for path, dtype in (('parts', 'MJPG'), ('bare', 'MJPG'), ('png', '|u1'), ('moved', 'MJPG')):
            daemon, viewer, view = self.watch(path)
            first = viewer.picture(view)
            viewer.ack(first)
            self.assertGreater(viewer.picture(view)['seq'], first['seq'], path)
            self.assertEqual((daemon.stream('c')['dtype'], daemon.stream('c')['shape']),
                             (dtype, [48, 64, 3]), path)

    def test_a_single_picture_is_asked_for_again_and_not_sent_again(self):
        daemon, viewer, view = self.watch('still', '--desired-fps', '50')
        first = viewer.picture(view)
        viewer.ack(first)
        until(lambda: self.camera.unchanged > 3, 'answers 304')
        self.assertEqual(daemon.stream('c')['captured'], 1)
        self.camera.still = picture(200)
        self.assertEqual(viewer.picture(view)['seq'], 2)

    def test_credentials_are_sent_and_never_shown(self):
        for path in ('basic', 'digest'):
            daemon, viewer, view = self.watch(path, user='ann:s3cret@')
            viewer.picture(view)
            shown = daemon.get('/api/v1/streams').body.decode() + daemon.log
            self.assertNotIn('s3cret', shown)
            self.assertNotIn('ann', shown)
            self.assertEqual(daemon.stream('c')['source'], f'http://{self.camera.address}/{path}')

    def test_a_name_made_of_the_url_has_no_credentials(self):
        daemon = self.start(f'http://ann:s3c@ret@{self.camera.address}', 'http://h/a/cam.mjpg?pw=s3c')
        names = [s['name'] for s in daemon.get('/api/v1/streams').json()['streams']]
        self.assertEqual(names, [self.camera.address.replace(':', '-'), 'cam.mjpg'])

    def test_without_credentials_the_reason_says_what_is_wanted(self):
        self.lost('basic', 'wants a user and a password')
        self.lost('basic', '401', user='ann:wrong@')

    def test_a_stream_that_ends_begins_again(self):
        daemon = self.start(self.source('short'))
        viewer = connect(self, daemon)
        viewer.until_state('c', 'lost', 'the camera ended its stream')
        viewer.until_state('c', 'live')
        self.assertGreater(len(self.camera.asked), 1)

    def test_what_is_no_camera_is_told_apart(self):
        self.lost('text', 'of type text/html is neither a stream nor a picture')
        self.lost('empty', 'the answer is empty')
        self.lost('gone', '404')
        self.lost('cut', 'the answer was cut')

    def test_redirects_end_and_stay_with_http(self):
        self.lost('round', 'redirects')
        self.assertLessEqual(len(self.camera.asked), 2 * 6)
        self.lost('file', 'rotocol')

    def test_headers_and_bodies_are_bounded(self):
        self.lost('headers', 'bytes of headers')
        self.lost('huge', 'at most')

    def test_a_camera_that_hangs_is_given_up(self):
        self.lost('hang', 'too slow')

    def test_a_camera_that_is_not_there_is_asked_again(self):
        daemon = self.start('c=http://127.0.0.1:1/')
        viewer = connect(self, daemon)
        viewer.until_state('c', 'lost', 'connect')

    def test_stopping_while_it_streams_hangs_or_resolves_is_clean(self):
        daemon = self.start(self.source('parts'), f'h=http://{self.camera.address}/hang',
                            'n=http://no.such.host.invalid/')
        connect(self, daemon).watch('c')
        daemon.stop()

    def test_a_url_without_a_host_is_a_usage_error(self):
        for url in ('http:', 'http:/x', 'http:///x'):
            ended = subprocess.run([program(), url], capture_output=True, text=True, timeout=60)
            self.assertEqual(ended.returncode, 2, url)
            self.assertIn('http://HOST/', ended.stderr)


if __name__ == '__main__':
    unittest.main()
