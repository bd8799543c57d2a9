# SPDX-License-Identifier: MIT
"""Points by the push socket: what is gathered equals NumPy's histogram2d; what is refused, and what is not."""
import base64
import io
import json
import subprocess
import unittest
from pathlib import Path

import numpy as np

from support.daemon import BUILD, DaemonCase, until
from support.pusher import Pusher
from support.viewer import connect

UNIT = {'x_range': [0, 1], 'y_range': [-2, 2], 'width': 40, 'height': 30}


def batch(x, y, value=None, dtype='<f8'):
    keys = {'x': x, 'y': y} | ({} if value is None else {'value': value})
    return {key: np.asarray(v).astype(dtype).tobytes() for key, v in keys.items()} | {'dtype': dtype}


def histogram(x, y, points=None, **keys):
    points = points or UNIT
    return np.histogram2d(y, x, bins=[points['height'], points['width']],
                          range=[points['y_range'], points['x_range']], **keys)[0]


class Points(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def pusher(self, name, **points):
        return Pusher(self, self.push_path, name, points=UNIT | {'fps': 60} | points)

    def grid(self, name):
        answer = self.daemon.get(f'/streams/{name}/frame.npy')
        return np.load(io.BytesIO(answer.body)) if answer.status == 200 else None

    def until_grid(self, name, want):
        """The grid is published a little later than the batch that it shows."""
        def is_there():
            got = self.grid(name)
            return got is not None and got.shape == want.shape and np.array_equal(got, want, equal_nan=True)
        until(is_there, f'{name} to equal NumPy')

    def test_counts_equal_histogram2d_over_many_batches_of_either_type(self):
        random = np.random.default_rng(3)
        for dtype in ('<f4', '<f8'):
            with self.subTest(dtype=dtype):
                name = 'count' + dtype[1:]
                x, y = random.uniform(-0.1, 1.1, 50000), random.normal(0, 1, 50000)
                x, y = x.astype(dtype).astype('f8'), y.astype(dtype).astype('f8')
                x[:40] = np.linspace(0, 1, 41)[1:].astype(dtype)
                pusher = self.pusher(name)
                for part in np.array_split(np.arange(len(x)), 13):
                    pusher.send(batch(x[part], y[part], dtype=dtype))
                self.until_grid(name, histogram(x, y).astype('u4'))
                self.assertEqual(self.grid(name).dtype, np.dtype('<u4'))

    def test_values_are_summed_averaged_and_compared(self):
        random = np.random.default_rng(4)
        x, y, v = random.uniform(0, 1, 9000), random.uniform(-2, 2, 9000), random.normal(0, 1, 9000)
        count, total = histogram(x, y), histogram(x, y, weights=v)
        with np.errstate(invalid='ignore'):
            wants = {'sum': total, 'mean': total / count}
        cells = (np.minimum(((y + 2) / 4 * 30).astype(int), 29), np.minimum((x * 40).astype(int), 39))
        for agg, reduce in (('min', np.fmin), ('max', np.fmax)):
            wants[agg] = np.full((30, 40), np.nan)
            reduce.at(wants[agg], cells, v)
        wants['last'] = np.full((30, 40), np.nan)
        wants['last'][cells] = v
        for agg, want in wants.items():
            with self.subTest(agg=agg):
                self.pusher(agg, agg=agg).send(batch(x, y, v))
                self.until_grid(agg, want)

    def test_what_was_pushed_last_is_shown_though_its_pusher_goes_at_once(self):
        x = np.linspace(0, 1, 7)
        pusher = self.pusher('gone', fps=0.1)
        for _ in range(5):
            pusher.send(batch(x, x))
        pusher.close()
        self.until_grid('gone', 5 * histogram(x, x).astype('u4'))
        until(lambda: self.daemon.stream('gone')['state'] == 'lost', 'the stream to be lost')

    def test_a_batch_that_takes_longer_than_the_next_frame_is_away_is_shown_too(self):
        x = np.full(1_000_000, 0.5)
        for fps in (6, 12, 24, 48):  # one of them is due while the second batch is added, whatever the machine
            pusher = self.pusher(f'long{fps}', fps=fps)
            for _ in range(2):
                pusher.send(batch(x, x, dtype='<f4'))
            self.until_grid(f'long{fps}', 2 * histogram(x, x).astype('u4'))

    def test_points_outside_and_nan_are_told_with_the_grid_that_lacks_them(self):
        x, y = [0.5, 0.5, -0.1, 1.1, np.nan, 0.5, 1], [0, 2, 0, 0, 0, np.inf, -2]
        pusher = self.pusher('outside')
        for batches in (1, 2):
            pusher.send(batch(x, y))
            self.until_grid('outside', (batches * histogram(x[:2] + x[6:], y[:2] + y[6:])).astype('u4'))
            meta = self.daemon.get('/streams/outside/frame.npy').headers['x-meta']
            self.assertEqual(json.loads(meta), {'outside': 4 * batches})
        viewer = connect(self, self.daemon)
        viewer.watch('outside', codec='png')
        value = viewer.hover(viewer.picture(), 20, 15)
        self.assertEqual((value['value'], value['meta']), (2, {'outside': 8}))

    def test_the_figure_has_the_middles_of_the_bins_as_coordinates(self):
        self.pusher('axes', width=4, height=2).send(batch([0.1], [0]))
        until(lambda: self.grid('axes') is not None, 'a frame')
        trace = self.daemon.get('/streams/axes/figure.json').json()['data'][0]
        x, y = (np.frombuffer(base64.b64decode(trace[key]['bdata'])) for key in 'xy')
        self.assertEqual((x.tolist(), y.tolist()), ([0.125, 0.375, 0.625, 0.875], [-1, 1]))

    def test_a_hello_that_asks_for_what_cannot_be_is_refused_by_name(self):
        for points, word in (({'x_range': [1, 0]}, 'x_range'), ({'agg': 'mode'}, 'agg'),
                             ({'width': 100000}, 'width'), ({'fps': 0}, 'fps'),
                             ({'window_s': 1, 'decay_s': 1}, 'only one'), ({'y_range': None}, 'y_range')):
            with self.subTest(points=points):
                pusher = Pusher(self, self.push_path)
                answer = pusher.hello('refused', points=UNIT | points)
                self.assertEqual((answer['type'], answer['code']), ('error', 'bad-message'), answer)
                self.assertIn(word, answer['text'])
                self.assertIsNone(pusher.answer())

    def test_a_bad_batch_costs_its_sender_and_loses_nothing(self):
        x = [0.5]
        good = batch(x, x)
        for number, (bad, word) in enumerate((
                (good | {'y': b''}, 'y has 0'), (good | {'dtype': '<i4'}, 'dtype'),
                (good | {'x': b'1234567', 'y': b'1234567'}, 'whole number'),
                ({'x': good['x'], 'dtype': '<f8'}, 'y is missing'))):
            with self.subTest(word=word):
                name = f'bad{number}'
                pusher = self.pusher(name)
                pusher.send(good)
                pusher.send(bad)
                answer = pusher.answer()
                self.assertEqual((answer['type'], answer['code']), ('error', 'bad-frame'), answer)
                self.assertIn(word, answer['text'])
                self.until_grid(name, histogram(x, x).astype('u4'))

    def test_an_aggregation_of_values_wants_values(self):
        pusher = self.pusher('valueless', agg='max')
        pusher.send(batch([0.5], [0.5]))
        self.assertIn('value is missing', pusher.answer()['text'])

    def points_by_command(self, *args, text=None):
        done = subprocess.run(
            [str(BUILD / 'bin/imshow'), 'points', *args, '--server', 'unix:' + self.push_path,
             '--x-range', '[0,1]', '--y-range', '[-2,2]', '--bins-x', '40', '--bins-y', '30'],
            input=text, capture_output=True, text=True, timeout=180, check=False)
        return done.returncode, done.stderr

    def test_the_command_pushes_arrays_and_text(self):
        random = np.random.default_rng(5)
        x, y, v = random.uniform(0, 1, 40000), random.uniform(-2, 2, 40000), random.normal(0, 1, 40000)
        path = Path(self.folder) / 'points.npy'
        np.save(path, np.stack([x, y], 1))
        self.assertEqual(self.points_by_command('bynpy', str(path)), (0, ''))
        self.until_grid('bynpy', histogram(x, y).astype('u4'))
        rows = ''.join(f'{a!r}, {b!r};{c!r}\n' for a, b, c in zip(x.tolist(), y.tolist(), v.tolist()))
        got = self.points_by_command('bytext', '-', '--csv', '--agg', 'sum', text='x,y,v\n\n# sums\n' + rows[:-1])
        self.assertEqual(got, (0, ''))
        self.until_grid('bytext', histogram(x, y, weights=v))

    def test_the_command_names_the_line_that_is_no_point(self):
        code, said = self.points_by_command('badtext', '-', '--csv', text='1 2\n3 4\n5 six\n')
        self.assertEqual(code, 1)
        self.assertEqual(said, 'imshow points: stdin: line 3: two numbers are wanted, parted by commas or spaces\n')
        code, said = self.points_by_command('badagg', '-', '--csv', '--agg', 'mode', text='')
        self.assertEqual(code, 1)
        self.assertIn('agg must be', said)

    def test_another_pusher_may_take_the_name_over_while_points_come(self):
        first = self.pusher('taken')
        first.send(batch([0.5] * 100000, [0] * 100000))
        second = Pusher(self, self.push_path, 'taken', takeover=True)
        self.assertEqual(first.answer()['code'], 'refused')
        second.push(np.eye(3, dtype='u1'))
        self.until_grid('taken', np.eye(3, dtype='u1'))


if __name__ == '__main__':
    unittest.main()
