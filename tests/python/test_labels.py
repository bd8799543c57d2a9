# SPDX-License-Identifier: MIT
"""Names, coordinates, units and dates: the figure is that which px.imshow makes of the same object."""
import json
import subprocess
import sys
import unittest

import numpy as np
import pandas as pd
import xarray as xr
from base import ROOT, ClientCase

import imshowd

np.bool = bool  # plotly 5.4 asks for the name that NumPy 1.24 took away
import plotly.express as px  # noqa: E402

DATES = pd.date_range('2024-03-01', periods=5)
VALUES = np.arange(20.0).reshape(5, 4)


def weather(**keys):
    return xr.DataArray(VALUES, dims=['date', 'depth'], name='t', **{
        'coords': {'date': DATES, 'depth': ('depth', [0.0, 1.5, 3.0, 4.5], {'units': 'm'})},
        'attrs': {'long_name': 'Temperature', 'units': '°C'}, **keys})


class Labels(ClientCase):
    def same(self, given, name, **params):
        """The figure at the daemon beside Python's."""
        live = self.imshow(given, name=name, **params)
        ours, theirs = f'{self.folder}/ours.json', f'{self.folder}/theirs.json'
        with open(ours, 'w', encoding='utf-8') as file:
            json.dump(imshowd.figure(name, self.web), file)
        with open(theirs, 'w', encoding='utf-8') as file:
            file.write(px.imshow(given, **params).to_json())
        got = subprocess.run([sys.executable, '-B', str(ROOT / 'tests/golden/compare.py'), theirs, ours],
                             capture_output=True, text=True)
        self.assertEqual(got.returncode, 0, got.stdout + got.stderr)
        live.close()

    def test_arrays_of_xarray_are_labelled_as_px_imshow_does(self):
        arrays = {'all': weather(), 'no-attrs': weather(attrs={}), 'no-name': weather(attrs={}).rename(None),
                  'standard-name': weather(attrs={'standard_name': 'sst', 'unit': 'K'}),
                  'whole-numbers': weather(coords={'date': [3, 2, 1, 0, -1], 'depth': [1, 2, 3, 4]}),
                  'texts': weather(coords={'date': list('abcde'), 'depth': [1, 2, 3, 4]}),
                  'transposed': weather().T, 'cut': weather()[1:4, ::2], 'u2': weather().astype('u2')}
        for name, array in arrays.items():
            with self.subTest(name):
                self.same(array, name)

    def test_parameters_go_with_labels(self):
        self.same(weather(), 'params', labels={'color': 'Warmth'}, zmin=3, origin='lower', title='W',
                  aspect='equal')
        self.same(VALUES, 'coords', x=np.linspace(0, 1, 4), y=list('abcde'))
        self.same(VALUES, 'dates', x=np.array(['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04'], 'M8[D]'))
        self.same(VALUES, 'plain')

    def test_tables_of_pandas_are_labelled_as_px_imshow_does(self):
        tables = {'numbers': pd.DataFrame(VALUES), 'texts': pd.DataFrame(VALUES, list('abcde'), list('wxyz')),
                  'named': pd.DataFrame(VALUES, pd.Index(range(5), name='row'), pd.Index(list('wxyz'), name='col')),
                  'whole': pd.DataFrame(VALUES.astype('i4'))}
        for name, table in tables.items():
            with self.subTest(name):
                self.same(table, f'table-{name}')

    def test_labels_that_change_with_a_frame_change_the_figure(self):
        live = self.imshow(weather(), name='moving')
        later = weather(coords={'date': DATES + pd.Timedelta('7D'), 'depth': [0.0, 1.5, 3.0, 4.5]})
        self.assertTrue(live.update(later))
        live.wait()
        got = self.read('moving').to_xarray()
        self.assertEqual(str(got.date.values[0])[:10], '2024-03-08')
        self.assertTrue(live.update(VALUES[:, ::-1]))
        live.wait()
        self.assertEqual(self.read('moving').to_xarray().dims, ('date', 'depth'), 'a plain array keeps them')

    def test_a_table_of_more_levels_is_refused_by_name(self):
        index = pd.MultiIndex.from_product([['a'], range(5)])
        with self.assertRaisesRegex(TypeError, 'index has 2 levels'):
            self.imshow(pd.DataFrame(VALUES, index), name='levels')


class Back(ClientCase):
    def test_what_is_read_is_the_array_that_was_pushed(self):
        live = self.imshow(weather(), name='back')
        frame = self.read('back')
        self.assertTrue(frame.to_xarray().identical(weather().assign_coords(
            date=('date', DATES), depth=('depth', [0.0, 1.5, 3.0, 4.5], {'units': 'm'}))))
        live.close()
        table = pd.DataFrame(VALUES, list('abcde'), pd.Index([1, 2, 3, 4], name='col'))
        self.imshow(table, name='back-table')
        got = self.read('back-table').to_xarray()
        self.assertEqual((list(got.coords['row'].values), list(got.coords['col'].values)), (list('abcde'), [1, 2, 3, 4]))

    def test_frames_come_one_after_the_other_each_newest_and_exact(self):
        live = self.imshow(VALUES, name='frames')
        seen = []
        for frame in imshowd.frames('frames', self.web):
            seen.append((frame.seq, frame.values[0, 0]))
            if len(seen) == 6:
                break
            live.update(VALUES + len(seen))
        self.assertEqual(seen, [(i + 1, float(i)) for i in range(6)])

    def test_reading_what_is_not_there_says_so(self):
        with self.assertRaisesRegex(imshowd.ServerError, "no stream 'nobody'"):
            imshowd.read('nobody', self.web)
        with self.assertRaises(imshowd.ConnectionLost):
            imshowd.read('lab', 'http://127.0.0.1:1')
        self.assertIn('lab', [s['name'] for s in imshowd.streams(self.web)])


class Points(ClientCase):
    def test_points_are_counted_as_numpy_counts_them(self):
        random = np.random.default_rng(3)
        x, y = random.normal(size=(2, 5000))
        with imshowd.points(x[:4000], y[:4000], x_range=(-2, 2), y_range=(-1, 1), width=32, height=16,
                            name='points', server=self.unix, on_error='raise') as points:
            self.assertTrue(points.add(x[4000:], y[4000:]))
            self.assertEqual((points.sent, points.dropped), (5000, 0))
        want = np.histogram2d(y, x, bins=(16, 32), range=((-1, 1), (-2, 2)))[0]
        for frame in imshowd.frames('points', self.web):
            if frame.values.sum() == want.sum():
                break
        np.testing.assert_array_equal(frame.values, want)

    def test_values_are_aggregated_and_mistakes_told(self):
        with imshowd.points([0.5, 0.5], [0.5, 0.5], [2, 4], agg='mean', x_range=(0, 1), y_range=(0, 1), width=1,
                            height=1, name='mean', server=self.web, on_error='raise'):
            pass
        self.assertEqual(self.read('mean').values[0, 0], 3)
        for keys, error in (({'agg': 'median'}, ValueError), ({'agg': 'sum'}, ValueError), ({'colour': 1}, TypeError),
                            ({'x_range': None}, ValueError)):
            with self.subTest(keys=keys), self.assertRaises(error):
                imshowd.points([1.0], [1.0], **{'x_range': (0, 1), 'y_range': (0, 1), 'server': self.unix, **keys})
        with self.assertRaisesRegex(imshowd.ServerError, 'width'):
            imshowd.points([1.0], [1.0], x_range=(0, 1), y_range=(0, 1), width=0, server=self.unix)


if __name__ == '__main__':
    unittest.main()
