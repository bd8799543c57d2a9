# SPDX-License-Identifier: MIT
"""ffmpeg | imshow push NAME -: live streams go on as they come, and end cleanly."""
import io
import os
import subprocess
import unittest

import numpy as np
from PIL import Image

from support.daemon import BUILD, DaemonCase, until
from support.pusher import Pusher
from support.viewer import connect

SOURCE = 'ffmpeg -v error -re -f lavfi -i testsrc2=s=320x240:r=20:d='


class PushLive(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def push(self, name, form, *options, seconds=2, http=False):
        """Runs the pair to its end; returns what a viewer saw and how it ended."""
        server = self.daemon.url if http else f'unix:{self.push_path}'
        viewer = connect(self, self.daemon)
        ffmpeg = subprocess.Popen((SOURCE + f'{seconds} {form} -').split(), stdout=subprocess.PIPE)
        imshow = subprocess.Popen([f'{BUILD}/bin/imshow', 'push', '--server', server, *options, name, '-'],
                                  stdin=ffmpeg.stdout, stderr=subprocess.PIPE, text=True)
        ffmpeg.stdout.close()
        self.addCleanup(imshow.stderr.close)
        view = viewer.watch(name)['view']
        first = viewer.picture(view)
        viewer.ack(first)
        second = viewer.picture(view)
        self.assertGreater(second['seq'], first['seq'])
        _, text = imshow.communicate(timeout=60)
        self.assertEqual((imshow.returncode, ffmpeg.wait(60), text), (0, 0, ''), form)
        return self.daemon.stream(name)

    def test_forms_of_ffmpeg_by_the_unix_socket(self):
        for name, form, dtype in (('y4m', '-f yuv4mpegpipe', 'YU12'), ('jpeg', '-f mjpeg', 'MJPG'),
                                  ('parts', '-f mpjpeg', 'MJPG'),
                                  ('png', '-f image2pipe -c:v png', '|u1')):
            stream = self.push(name, form)
            self.assertEqual(stream['shape'], [240, 320, 3])
            if dtype:
                self.assertEqual(stream['dtype'], dtype)

    def test_the_colours_of_a_film_are_those_of_ffmpeg(self):
        # Bars: flat places, whose colours do not hang on how chroma is brought to full size.
        bars = 'ffmpeg -v error -f lavfi -i smptehdbars=s=320x240:r=5:d=1 -frames:v 1 -pix_fmt yuv420p '
        for name, more in (('limited', ''), ('full', '-vf scale=out_range=full -color_range pc ')):
            film = subprocess.run((bars + more + '-f yuv4mpegpipe -strict -1 -').split(),
                                  capture_output=True, check=True).stdout
            self.assertEqual(b'COLORRANGE=FULL' in film, name == 'full')
            rgb = subprocess.run(['ffmpeg', '-v', 'error', '-f', 'yuv4mpegpipe', '-i', '-', '-sws_flags',
                                  'accurate_rnd+full_chroma_int', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
                                 input=film, capture_output=True, check=True).stdout
            want = np.frombuffer(rgb, 'u1').reshape(240, 320, 3).astype(int)
            self.assertEqual(self.imshow(name, '-', data=film).returncode, 0)
            got = np.asarray(Image.open(io.BytesIO(
                self.daemon.get(f'/streams/{name}/snapshot.png').body)).convert('RGB')).astype(int)
            around = [np.roll(want, s, a) for s in (-3, 3) for a in (0, 1)]
            flat = np.all([np.all(r == want, -1) for r in around], 0)
            self.assertGreater(flat.mean(), 0.5)
            self.assertLessEqual(np.abs(got - want)[flat].max(), 2, name)

    def test_raw_pictures_of_a_camera_and_of_numpy(self):
        size = ('--size', '320x240')
        self.assertEqual(self.push('yuyv', '-f rawvideo -pix_fmt yuyv422', '--pixel-format', 'YUYV',
                                   *size)['dtype'], 'YUYV')
        self.assertEqual(self.push('deep', '-f rawvideo -pix_fmt gray16le', '--pixel-format', 'Y16 ',
                                   *size)['dtype'], '<u2')
        self.assertEqual(self.push('rgb', '-f rawvideo -pix_fmt rgb24', '--dtype', 'uint8', '--shape',
                                   '240,320,3')['shape'], [240, 320, 3])

    def test_raw_pictures_in_every_layout_of_cameras(self):
        for name, ffmpeg in (('NV12', 'nv12'), ('UYVY', 'uyvy422'), ('RGB565', 'rgb565le'),
                             ('SRGGB8', 'gray'), ('Y16_BE', 'gray16be')):
            data = subprocess.run(['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'color=red:s=64x48:r=3:d=1',
                                   '-vf', 'scale=out_range=full', '-f', 'rawvideo', '-pix_fmt', ffmpeg, '-'],
                                  capture_output=True, check=True).stdout
            if name == 'SRGGB8':  # which ffmpeg reads and does not write
                mosaic = np.zeros((3, 48, 64), 'u1')
                mosaic[:, ::2, ::2] = 255
                data = mosaic.tobytes()
            pusher = Pusher(self, self.push_path, f'raw-{name}',
                            raw={'pixel_format': name, 'width': 64, 'height': 48})
            pusher.send_bytes(data)
            stream = until(lambda: (s := self.daemon.stream(f'raw-{name}'))['captured'] == 3 and s, name)
            self.assertEqual((stream['shape'][:2], stream['broken']), ([48, 64], 0))
            if name != 'Y16_BE':
                png = self.daemon.get(f'/streams/raw-{name}/snapshot.png').body
                red, green, blue = np.asarray(Image.open(io.BytesIO(png)).convert('RGB'))[24, 32].astype(int)
                self.assertTrue(red > 240 and green < 15 and blue < 15, (name, red, green, blue))
        for name in ('MJPEG', 'NV12M', 'FOO'):
            answer = Pusher(self, self.push_path).hello('x', raw={'pixel_format': name, 'width': 64, 'height': 48})
            self.assertEqual(answer['type'], 'error', answer)

    def test_jpeg_by_http(self):
        self.assertEqual(self.push('post', '-f mjpeg', http=True)['shape'], [240, 320, 3])

    def imshow(self, *args, data=b''):
        return subprocess.run([f'{BUILD}/bin/imshow', 'push', *args], input=data, capture_output=True,
                              env={**os.environ, 'IMSHOW_SERVER': f'unix:{self.push_path}'}, timeout=60)

    def test_a_stream_that_is_cut_is_an_error_of_one_line(self):
        for data in (b'\xff\xd8\xff', b'\x89PNG', b'--b\r\nContent-Length: 9\r\n\r\nabc'):
            ended = self.imshow('cut', '-', data=data)
            self.assertEqual((ended.returncode, ended.stderr.count(b'\n')), (1, 1), ended.stderr)
            self.assertIn(b'stdin', ended.stderr)

    def test_a_pixel_format_wants_a_size(self):
        ended = self.imshow('raw', '-', '--pixel-format', 'YUYV')
        self.assertEqual(ended.returncode, 2)
        self.assertIn(b'WxH', ended.stderr)

    def test_one_picture_on_stdin_is_shown_too(self):
        out = io.BytesIO()
        Image.fromarray(np.full((4, 6, 3), 77, 'u1')).save(out, 'PNG')
        self.assertEqual(self.imshow('one', '-', data=out.getvalue()).returncode, 0)
        self.assertEqual(self.daemon.stream('one')['shape'], [4, 6, 3])


if __name__ == '__main__':
    unittest.main()
