# SPDX-License-Identifier: MIT
"""imshow export: parts of recordings as animations, arrays, films, pictures and recordings."""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from support.daemon import BUILD, DaemonCase
from support.recording import EVERY_US, START_US, figure, marker, record, repeat, stream
from test_replay import counts, stack_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'golden'))
import compare  # noqa: E402

np.bool = bool  # plotly 5.4 asks for the name that NumPy 1.24 took away
import plotly.express as px  # noqa: E402
import xarray  # noqa: E402

COUNT = 12


class Export(DaemonCase):
    def run_it(self, path, out, *options, status=0):
        command = [BUILD / 'bin/imshow', 'export', path, '-o', f'{self.folder}/{out}', *options]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              check=False, env={**os.environ, 'PATH': '/usr/bin:/bin'})
        self.assertEqual(done.returncode, status, done.stderr)
        if status:
            self.assertEqual(done.stderr.count('\n'), 1, done.stderr)
            return done.stderr
        return f'{self.folder}/{out}'

    def recording(self, *parts, name='night'):
        return record(f'{self.folder}/{name}.mcap', *parts)

    def json(self, path, *options):
        return json.loads(Path(self.run_it(path, 'out.json', *options)).read_text(encoding='utf-8'))

    def same_as(self, figure, wanted):
        found = compare.compare(json.loads(wanted.to_json()), figure)
        # plotly.py 6, which we equal, says so where a scale is given; 5.4 does not.
        self.assertEqual([f for f in found if not f[0].endswith('.autocolorscale')], [])

    # ---- figures

    def test_the_json_is_that_of_px_imshow_for_the_same_stack(self):
        stack = stack_of('u2', (6, 8))
        path = self.recording(stream('lab', stack))
        self.same_as(self.json(path), px.imshow(stack, animation_frame=0))
        self.same_as(self.json(path, '--from', '#2', '--to', '#9', '--every', '3'),
                     px.imshow(stack[2:10:3], animation_frame=0))

    def test_options_lie_over_what_was_recorded(self):
        stack = stack_of('f4', (6, 8))
        path = self.recording(stream('lab', stack), figure('lab', {
            'params': {'title': 'A night', 'color_continuous_scale': 'Viridis', 'zmin': -1},
            'ops': [{'op': 'update_layout', 'args': {'font': {'size': 17}}}]}))
        wanted = px.imshow(stack, animation_frame=0, title='Mine', color_continuous_scale='Viridis',
                           zmin=-1, zmax=2)
        wanted.update_layout(font_size=17, width=333)
        self.same_as(self.json(path, '--title', 'Mine', '--zmax', '2', '--update-layout',
                               '{"width": 333}'), wanted)

    def test_colour_is_a_film_of_pictures(self):
        stack = stack_of('u1', (5, 7, 3))
        path = self.recording(stream('lab', stack))
        self.same_as(self.json(path), px.imshow(stack, animation_frame=0))

    def test_labels_get_the_time_before_them(self):
        stack = stack_of('f8', (2, 3), count=3)
        labelled = {'dims': ['y', 'x'], 'name': 'temperature', 'attrs': {},
                    'coords': {'y': {'dims': ['y'], 'attrs': {}, 'data': [10.0, 20.0]},
                               'x': {'dims': ['x'], 'attrs': {}, 'data': [1.0, 2.0, 4.0]}}}
        path = self.recording(stream('lab', stack, every_us=1_000_000),
                              figure('lab', {'labelled': labelled}))
        got = self.json(path)
        times = (START_US + 1_000_000 * np.arange(3)).astype('datetime64[us]')
        array = xarray.DataArray(stack, dims=('time', 'y', 'x'), name='temperature', coords={
            'time': times, 'y': [10.0, 20.0], 'x': [1.0, 2.0, 4.0]})
        wanted = json.loads(px.imshow(array, animation_frame='time').to_json())
        self.assertEqual(got['layout']['sliders'][0]['currentvalue'],
                         wanted['layout']['sliders'][0]['currentvalue'])
        self.assertEqual(len(got['frames']), 3)
        self.assertTrue(got['frames'][1]['name'].startswith('2023-11-14T22:13:21'), got['frames'][1]['name'])
        self.assertEqual(got['layout']['xaxis']['title'], wanted['layout']['xaxis']['title'])

    def test_a_single_frame_is_a_figure_without_a_slider(self):
        stack = stack_of('u1', (5, 7))
        path = self.recording(stream('lab', stack))
        self.same_as(self.json(path, '--from', '#4', '--to', '#4'), px.imshow(stack[4]))

    # ---- arrays, films, pictures

    def test_the_stack_is_what_was_recorded(self):
        for dtype in ('b1', 'u2', 'i8', 'f2', 'f4'):
            stack = stack_of(dtype, (4, 5))
            path = self.recording(stream('lab', stack))
            got = np.load(self.run_it(path, 'out.npy'))
            self.assertEqual(got.dtype, stack.dtype)
            self.assertTrue(np.array_equal(got, stack), dtype)

    def test_from_to_and_every(self):
        stack = counts()
        path = self.recording(stream('lab', stack))
        second = EVERY_US / 1e6
        for options, wanted in (
                (['--from', '#3'], stack[3:]), (['--to', '#3'], stack[:4]),
                (['--from', 2 * second, '--to', 5 * second], stack[2:6]),
                (['--from', second / 2, '--to', 1.5 * second], stack[1:2]),
                (['--every', '5'], stack[::5]), (['--every', '100'], stack[:1]),
                (['--from', '2023-11-14T22:13:20.4', '--every', '1'], stack[10:]),
                (['--from', '-3', '--to', '1e6'], stack)):
            got = np.load(self.run_it(path, 'out.npy', *map(str, options)))
            self.assertTrue(np.array_equal(got, wanted), (options, got[:, 0, 0]))

    def test_a_film_has_the_pictures_of_the_figure(self):
        stack = counts(5, (4, 6)) * 1000
        path = self.recording(stream('lab', stack))
        out = self.run_it(path, 'out.y4m', '--color-continuous-scale', '["black", "white"]')
        head, rest = Path(out).read_bytes().split(b'\n', 1)
        self.assertEqual(head, b'YUV4MPEG2 W6 H4 F1000000:40000 Ip A1:1 C444 XCOLORRANGE=FULL')
        frames = np.frombuffer(rest.replace(b'FRAME\n', b''), 'u1').reshape(5, 3, 4, 6)
        for i, level in enumerate((0, 64, 128, 191, 255)):
            self.assertLessEqual(abs(int(frames[i, 0, 2, 3]) - level), 1, i)
            self.assertTrue(np.all(frames[i, 1:] == 128), 'grey has no colour')
        color = np.zeros((2, 2, 2, 3), 'u1') + np.array([200, 30, 90], 'u1')
        film = self.run_it(self.recording(stream('c', color), name='c'), 'color.y4m')
        back = f'{self.folder}/back.npy'
        subprocess.run([BUILD / 'bin/imshow', 'figure', film, '-o', f'{self.folder}/b.png', '--slice', '0'],
                       check=True)
        picture = np.asarray(Image.open(f'{self.folder}/b.png').convert('RGB')).astype(int)
        self.assertLessEqual(np.abs(picture - [200, 30, 90]).max(), 2, back)

    def test_a_picture_is_the_frame_at_from(self):
        stack = stack_of('u1', (5, 7, 3))
        path = self.recording(stream('lab', stack))
        picture = Image.open(self.run_it(path, 'out.png', '--from', '#6')).convert('RGB')
        self.assertTrue(np.array_equal(np.asarray(picture), stack[6]))

    # ---- cuts

    def test_a_cut_holds_the_same_frames_figures_and_markers(self):
        lab, heat = stack_of('u2', (4, 5)), stack_of('f4', (3, 3), seed=2)
        path = self.recording(
            stream('lab', lab), stream('heat', heat), figure('lab', {'params': {'title': 'one'}}),
            figure('lab', {'params': {'title': 'two'}}, us=6 * EVERY_US), marker(5 * EVERY_US, 'lamp on'))
        second = EVERY_US / 1e6
        cut = self.run_it(path, 'cut.mcap', '--from', str(3 * second), '--to', str(8 * second))
        for name, stack in (('lab', lab), ('heat', heat)):
            got = np.load(self.run_it(cut, 'out.npy', '--stream', name))
            self.assertTrue(np.array_equal(got, stack[3:9]), name)
        daemon = self.start(f'replay:{cut}')
        viewer_title = [daemon_title(self, daemon, i) for i in range(6)]
        self.assertEqual(viewer_title, ['one'] * 3 + ['two'] * 3)
        one = self.run_it(path, 'one.mcap', '--stream', 'heat', '--every', '4')
        got = np.load(self.run_it(one, 'out.npy'))
        self.assertTrue(np.array_equal(got, heat[::4]))

    # ---- what is refused

    def test_what_is_too_long_is_refused_with_the_numbers_and_the_remedy(self):
        path = self.recording(repeat('lab', np.zeros((8192, 8192), 'u1'), 9))
        said = self.run_it(path, 'out.html', status=1)
        self.assertIn('9 frames of 64.0 MiB are more than 512 MiB: take less with --every 2', said)
        self.assertFalse(os.path.exists(f'{self.folder}/out.html'))

    def test_mistakes_are_named_with_what_there_is(self):
        path = self.recording(stream('lab', counts()), stream('heat', counts()))
        for options, status, words in (
                (['out.npy'], 1, 'choose by --stream: lab, heat'),
                (['out.npy', '--stream', 'x'], 1, "no stream 'x'; it has lab, heat"),
                (['out.npy', '--stream', 'lab', '--from', 'noon'], 1, "--from 'noon'"),
                (['out.npy', '--stream', 'lab', '--from', '#12'], 1, 'has 12 frames'),
                (['out.npy', '--stream', 'lab', '--from', '99'], 1, 'it goes from 2023-11-14T22:13:20'),
                (['cut.mcap', '--from', '#2'], 1, 'give --stream'),
                (['out.gif'], 2, 'ends in .html'),
                (['out.json', '--stream', 'lab', '--zmin', '"x"'], 1, 'zmin')):
            said = self.run_it(path, *options, status=status)
            self.assertIn(words, said)
        self.assertIn('No such file', self.run_it(f'{self.folder}/none.mcap', 'out.npy', status=1))
        torn = Path(f'{self.folder}/torn.mcap')
        torn.write_bytes(b'no recording at all')
        self.assertIn('torn.mcap', self.run_it(torn, 'out.npy', status=1))

    def test_frames_of_another_form_are_told(self):
        path = self.recording(stream('lab', counts(3)), stream('late', counts(1)))
        mixed = self.recording(stream('lab', counts(3), every_us=10), stream('lab', counts(2, (9, 9))),
                               name='mixed')
        self.assertIn('export the parts one by one', self.run_it(mixed, 'out.npy', status=1))
        self.assertFalse(os.path.exists(f'{self.folder}/out.npy'), path)


def daemon_title(case, daemon, i):
    from support.daemon import until
    until(lambda: daemon.get('/api/v1/streams/cut-lab').status == 200 and
          daemon.stream('cut-lab')['state'] == 'live', 'the cut is played')
    answer = daemon.get(f'/streams/cut-lab/figure.json?frame={i}')
    case.assertEqual(answer.status, 200, answer.body)
    return answer.json()['layout']['title']['text']


class ReplayCommand(DaemonCase):
    def test_imshow_replay_serves_the_recording(self):
        path = record(f'{self.folder}/night.mcap', stream('lab', counts()))
        process = subprocess.Popen([str(BUILD / 'bin/imshow'), 'replay', path, '--once'],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            url = None
            for line in process.stdout:
                if 'listening on http' in line:
                    url = line.split('listening on ')[1].split()[0]
                if 'stream night: live' in line:
                    break
            self.assertRegex(url, r'^http://127\.0\.0\.1:\d+$')
        finally:
            process.terminate()
            process.stdout.read()
            self.assertEqual(process.wait(), 0)
            process.stdout.close()

    def test_mistakes_are_told_before_anything_is_served(self):
        for words, status in (([], 2), ([f'{self.folder}/none.mcap'], 1), ([self.folder], 1),
                              (['x.mcap', '--speed', '0'], 2)):
            done = subprocess.run([str(BUILD / 'bin/imshow'), 'replay', *words], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(done.stderr.count('\n'), 1, done.stderr)


if __name__ == '__main__':
    unittest.main()
