# SPDX-License-Identifier: MIT
"""What clients of ustreamer and mjpg-streamer ask for, and real ones of them: curl, ffmpeg, OpenCV, mpv."""
import io
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from support.daemon import WAIT_S, DaemonCase, until
from support.pusher import Pusher

OPENCV = '''
import sys, cv2
film = cv2.VideoCapture(sys.argv[1])
good, picture = film.read()
assert good, 'no picture'
print(*picture.shape, *picture[0, 0])
'''


class Dropin(DaemonCase):
    SOURCES = ('lab=test:lab', 'thermal=test:thermal')

    def parts(self, path, count):
        """The first parts of an endless answer: heads as maps, and pictures; and the answer's own head."""
        curl = subprocess.Popen(['curl', '-sNi', '--max-time', str(WAIT_S), self.daemon.url + path],
                                stdout=subprocess.PIPE)
        self.addCleanup(curl.wait)
        self.addCleanup(curl.kill)
        self.addCleanup(curl.stdout.close)
        first, got = self.head(curl.stdout), []
        for _ in range(count):
            self.assertEqual(curl.stdout.readline(), b'--boundarydonotcross\r\n')
            fields = self.head(curl.stdout)
            got.append((fields, curl.stdout.read(int(fields['Content-Length']))))
            self.assertEqual(curl.stdout.readline(), b'\r\n')
        return first, got

    def head(self, file):
        lines = iter(lambda: file.readline().decode().strip(), '')
        return dict(line.partition(': ')[::2] for line in lines)

    def state(self):
        return self.daemon.get('/state').json()

    def test_the_old_paths_show_the_first_stream(self):
        for path in '/snapshot', '/?action=snapshot', '/?action=snapshot&n=1':
            answer = self.daemon.get(path)
            self.assertEqual((answer.status, answer.headers['content-type']), (200, 'image/jpeg'))
            self.assertEqual(Image.open(io.BytesIO(answer.body)).size, (640, 480))
        for path in '/stream', '/?action=stream', '/stream?advance_headers=1':
            _, ((_, picture), _) = self.parts(path, 2)
            self.assertEqual(Image.open(io.BytesIO(picture)).size, (640, 480))
        self.assertIn(b'<html', self.daemon.get('/?action=other').body)

    def test_ustreamers_parameters(self):
        first, parts = self.parts('/stream?key=me-1&extra_headers=1&zero_data=true', 3)
        self.assertIn('stream_client=me-1/', first['Set-Cookie'])
        for fields, picture in parts:
            self.assertEqual((picture, fields['X-UStreamer-Online'], fields['X-UStreamer-Width']),
                             (b'', 'true', '640'))
        reader = until(lambda: self.state()['result']['stream']['clients_stat'], 'it is counted')
        (wish,) = [r for r in reader.values() if r['key'] == 'me-1']
        self.assertEqual((wish['extra_headers'], wish['zero_data'], wish['dual_final_frames']),
                         (True, True, False))
        for key in 'a%0d%0aX:%20y', 'a%20b', 'a%3bb', 'x' * 37:
            first, _ = self.parts(f'/stream?key={key}', 1)
            self.assertNotIn('X', first)
            self.assertNotIn(first.get('Set-Cookie', '').partition('/')[0], ('stream_client=a b', 'stream_client=a;b'))

    def test_state_says_what_ustreamers_says(self):
        self.parts('/stream', 1)
        state = until(lambda: (s := self.state())['result']['source']['captured_fps'] and s, 'a rate')
        self.assertIs(state['ok'], True)
        result = state['result']
        self.assertEqual(set(result), {'instance_id', 'encoder', 'source', 'stream'})
        self.assertEqual(result['encoder'], {'type': 'CPU', 'quality': 80})
        self.assertEqual(result['source']['resolution'], {'width': 640, 'height': 480})
        self.assertIs(result['source']['online'], True)
        until(lambda: self.state()['result']['stream']['clients'] == 0 or
              self.state()['result']['stream']['queued_fps'] > 0, 'a reader that reads')

    def test_a_picture_that_rests_comes_twice_where_that_is_asked(self):
        pusher = Pusher(self, self.push_path, 'still')
        still = np.full((8, 8, 3), 9, 'u1')
        pusher.push(still)
        done = threading.Event()

        def push_on():
            while not done.wait(0.05):
                pusher.push(still)

        thread = threading.Thread(target=push_on)
        self.addCleanup(thread.join)
        self.addCleanup(done.set)
        thread.start()
        _, ((one, first), (two, second)) = self.parts('/streams/still/stream.mjpg?dual_final_frames=1', 2)
        self.assertEqual(first, second)
        self.assertLess(float(two['X-Timestamp']) - float(one['X-Timestamp']), 30)

    def test_ffmpeg_reads_both(self):
        for path in '/?action=stream', '/streams/lab/stream.mjpg':
            done = subprocess.run(
                ['ffmpeg', '-v', 'error', '-f', 'mpjpeg', '-i', self.daemon.url + path, '-frames:v', '3',
                 '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], capture_output=True, timeout=WAIT_S, check=False)
            self.assertEqual((done.returncode, len(done.stdout)), (0, 3 * 640 * 480), done.stderr)

    def test_opencv_reads_both(self):
        for path in '/?action=stream', '/streams/lab/stream.mjpg':
            done = subprocess.run(['/usr/bin/python3', '-c', OPENCV, self.daemon.url + path],
                                  capture_output=True, text=True, timeout=WAIT_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.split()[:3], ['480', '640', '3'])

    def test_mpv_plays_both(self):
        out = Path(tempfile.mkdtemp(dir=self.folder)) / 'out.raw'
        for path in '/?action=stream', '/streams/lab/stream.mjpg':
            done = subprocess.run(
                ['mpv', '--no-config', '--msg-level=all=error', '--frames=3', '--vf=format=gray', '--of=rawvideo',
                 '--ovc=rawvideo', f'--o={out}', self.daemon.url + path],
                capture_output=True, timeout=WAIT_S, check=False)
            self.assertEqual((done.returncode, out.stat().st_size), (0, 3 * 640 * 480), done.stdout + done.stderr)
            out.unlink()


if __name__ == '__main__':
    unittest.main()
