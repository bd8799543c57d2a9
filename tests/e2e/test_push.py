# SPDX-License-Identifier: MIT
"""Frames by the push socket: what is taken, and who owns a name."""
import unittest
from pathlib import Path

import numpy as np

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

DTYPES = ('|b1', '|u1', '|i1', '<u2', '>u2', '<i2', '>i2', '<u4', '>u4', '<i4', '>i4',
          '<u8', '>u8', '<i8', '>i8', '<f2', '>f2', '<f4', '>f4', '<f8', '>f8')


class Push(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def pusher(self, name=None, **hello):
        return Pusher(self, self.push_path, name, **hello)

    def frame(self, name):
        return np.load(self.npy(name))

    def npy(self, name):
        path = Path(self.folder) / 'frame.npy'
        answer = self.daemon.get(f'/streams/{name}/frame.npy')
        self.assertEqual(answer.status, 200, answer.body)
        path.write_bytes(answer.body)
        return path

    def error_of(self, pusher, code):
        answer = pusher.answer()
        self.assertEqual((answer['type'], answer['code']), ('error', code), answer)
        self.assertNotIn('\n', answer['text'])
        self.assertIsNone(pusher.answer(), 'the daemon closes behind an error')
        return answer['text']

    def test_every_dtype_in_either_byte_order_comes_out_as_it_went_in(self):
        viewer = connect(self, self.daemon)
        for number, dtype in enumerate(DTYPES):
            with self.subTest(dtype=dtype):
                name = f'dtype{number}'
                array = np.array([[0, 1, 5], [77, 100, 127]]).astype(dtype)
                self.pusher(name).push(array)
                viewer.until_state(name, 'live')
                got = self.frame(name)
                np.testing.assert_array_equal(got, array)
                self.assertEqual(got.dtype, array.dtype.newbyteorder('<'))

    def test_dimensions_up_to_eight_are_taken(self):
        viewer = connect(self, self.daemon)
        for shape in ((4, 5), (2, 4, 5), (2, 4, 5, 3), (2, 1, 2, 1, 2, 1, 4, 5)):
            name = f'dims{len(shape)}'
            array = np.arange(np.prod(shape), dtype='<i4').reshape(shape)
            self.pusher(name).push(array)
            viewer.until_state(name, 'live')
            np.testing.assert_array_equal(self.frame(name), array)

    def test_frames_back_to_back_all_count(self):
        pusher, viewer = self.pusher('many'), connect(self, self.daemon)
        for number in range(300):
            pusher.push(np.full((8, 8), number, '<u2'))
        viewer.watch('many', codec='raw')
        last = viewer.picture(test=lambda p: p['seq'] == 300)
        self.assertEqual(last['data'], np.full((8, 8), 299, '<u2').tobytes())
        self.assertEqual(self.daemon.stream('many')['captured'], 300)

    def test_a_frame_that_comes_byte_by_byte_is_a_frame(self):
        import msgpack
        pusher, viewer = self.pusher('slow'), connect(self, self.daemon)
        array = np.arange(6, dtype='u1').reshape(2, 3)
        whole = msgpack.packb({'data': array.tobytes(), 'dtype': '|u1', 'shape': [2, 3]})
        for i in range(len(whole)):
            pusher.send_bytes(whole[i:i + 1])
        viewer.until_state('slow', 'live')
        np.testing.assert_array_equal(self.frame('slow'), array)

    def test_parameters_of_the_hello_show_in_the_figure(self):
        pusher = self.pusher('params', params={'title': 'Warm', 'zmin': 3, 'zmax': 9,
                                               'color_continuous_scale': 'Viridis_r'})
        pusher.push(np.arange(12, dtype='<f4').reshape(3, 4))
        viewer = connect(self, self.daemon)
        watching = viewer.watch('params', codec='raw')
        layout = watching['figure']['layout']
        self.assertEqual(layout['title']['text'], 'Warm')
        self.assertEqual(layout['coloraxis']['colorscale'][0][1], '#fde725')
        self.assertEqual(viewer.picture()['limits'], [3, 9])

    def test_labels_of_the_hello_name_the_axes(self):
        labelled = {'dims': ['lat', 'lon'], 'attrs': {'long_name': 'heat', 'units': 'K'},
                    'coords': {'lon': {'dims': ['lon'], 'attrs': {}, 'data': [10.0, 20.0, 30.0]},
                               'lat': {'dims': ['lat'], 'attrs': {}, 'data': [1.0, 2.0]}},
                    'name': 'heat'}
        self.pusher('labels', labelled=labelled).push(np.zeros((2, 3), '<f4'))
        layout = connect(self, self.daemon).watch('labels')['figure']['layout']
        self.assertEqual((layout['xaxis']['title']['text'], layout['yaxis']['title']['text']),
                         ('lon', 'lat'))

    def test_a_name_in_use_is_refused(self):
        owner = self.pusher('mine')
        owner.push(np.zeros((2, 2), 'u1'))
        second = self.pusher()
        second.send({'type': 'hello', 'version': 1, 'name': 'mine'})
        self.assertIn('takeover', self.error_of(second, 'name-in-use'))
        owner.push(np.ones((2, 2), 'u1'))
        viewer = connect(self, self.daemon)
        viewer.watch('mine', codec='raw')
        viewer.picture(test=lambda p: p['seq'] == 2)

    def test_the_name_of_a_source_is_refused_even_to_a_takeover(self):
        pusher = self.pusher()
        pusher.send({'type': 'hello', 'version': 1, 'name': 'lab', 'takeover': True})
        self.error_of(pusher, 'name-in-use')

    def test_a_takeover_tells_and_closes_the_older_one(self):
        older = self.pusher('taken')
        older.push(np.full((2, 2), 1, 'u1'))
        viewer = connect(self, self.daemon)
        viewer.watch('taken', codec='raw')
        newer = self.pusher('taken', takeover=True)
        self.error_of(older, 'refused')
        newer.push(np.full((2, 2), 2, 'u1'))
        picture = viewer.picture(test=lambda p: p['seq'] == 2)
        self.assertEqual(picture['data'], b'\2\2\2\2')

    def test_a_stream_is_lost_with_its_pusher_and_lives_when_it_returns(self):
        pusher, viewer = self.pusher('gone'), connect(self, self.daemon)
        pusher.push(np.full((2, 2), 1, 'u1'))
        view = viewer.watch('gone', codec='raw')['view']
        viewer.ack(viewer.picture())
        pusher.close()
        self.assertIn('pusher', viewer.until_state('gone', 'lost')['reason'])
        again = self.pusher('gone')
        again.push(np.full((2, 2), 2, 'u1'))
        viewer.until_state('gone', 'live')
        picture = viewer.picture(view)
        self.assertEqual((picture['seq'], picture['epoch'], picture['data']), (2, 1, b'\2\2\2\2'))

    def test_a_change_of_shape_begins_an_epoch_and_ends_the_views(self):
        pusher, viewer = self.pusher('shape'), connect(self, self.daemon)
        for epoch, array in enumerate((np.zeros((2, 3), 'u1'), np.zeros((3, 2), 'u1'),
                                       np.zeros((3, 2), '<u2')), 1):
            pusher.push(array)
            if epoch > 1:
                ended = viewer.wait(lambda m: m['type'] == 'ended')
                self.assertEqual((ended['view'], bool(ended['reason'])), (view, True))
            watching = viewer.watch('shape', codec='raw')
            view = watching['view']
            self.assertEqual((watching['epoch'], watching['shape'], watching['dtype']),
                             (epoch, list(array.shape), array.dtype.str))
            picture = viewer.picture(view)
            self.assertEqual((picture['epoch'], picture['dtype']), (epoch, array.dtype.str))
            viewer.ack(picture)

    def test_names_are_bounded_to_what_a_path_may_hold(self):
        for name in ('', '../up', 'a b', '-x', 'a/b', 'x' * 65, 'ü'):
            pusher = self.pusher()
            pusher.send({'type': 'hello', 'version': 1, 'name': name})
            answer = pusher.answer()
            self.assertEqual(answer['type'], 'error', name)
            self.assertIsNone(pusher.answer())

    def test_another_version_is_refused(self):
        pusher = self.pusher()
        pusher.send({'type': 'hello', 'version': 2, 'name': 'future'})
        self.assertIn('version 1', self.error_of(pusher, 'bad-message'))


if __name__ == '__main__':
    unittest.main()
