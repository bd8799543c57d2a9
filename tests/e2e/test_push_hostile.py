# SPDX-License-Identifier: MIT
"""What must cost its sender the connection and nobody else anything: each on the push socket while a
viewer of another stream goes on."""
import struct
import unittest

import msgpack
import numpy as np

from support.daemon import DaemonCase, until
from support.pusher import Pusher
from support.viewer import Watcher

GOOD = {'data': bytes(12), 'dtype': '<u2', 'shape': [2, 3]}
NESTED = b'\x81\xa1a' + b'\x91' * 100_000 + b'\xc0'


class Hostile(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def setUp(self):
        super().setUp()
        self.watcher = Watcher(self.daemon, 'lab', width=64)
        self.enterContext(self.watcher)
        self.number = 0

    def others_go_on(self):
        self.watcher.wait_more(2)
        self.assertEqual(self.daemon.get('/healthz').status, 200)

    def pusher(self, named=True):
        self.number += 1
        return Pusher(self, self.push_path, f'{self._testMethodName}{self.number}'[-60:] if named
                      else None)

    def refused(self, pusher, code):
        answer = pusher.answer()
        self.assertIsNotNone(answer, 'an error is sent before the connection closes')
        self.assertEqual((answer['type'], answer['code']), ('error', code), answer)
        self.assertTrue(answer['text'])
        self.assertNotIn('\n', answer['text'])
        self.assertIsNone(pusher.answer())
        self.others_go_on()
        return answer['text']

    def bad_frame(self, code='bad-frame', **keys):
        pusher = self.pusher()
        pusher.send({k: v for k, v in {**GOOD, **keys}.items() if v is not ...})
        return self.refused(pusher, code)

    def bad_bytes(self, data, named=False):
        pusher = self.pusher(named)
        pusher.send_bytes(data)
        return self.refused(pusher, 'bad-message')

    def test_a_dtype_that_numpy_does_not_know(self):
        for dtype in ('<u3', 'u2;rm -rf', '', '<' * 200, 'O', '<U5', '<c16', 'é', '|V8', 7, None):
            with self.subTest(dtype=dtype):
                self.bad_frame(dtype=dtype)

    def test_a_shape_that_does_not_fit_the_data(self):
        for shape in ([2, 4], [6], [], [0, 3], [3, -2], [2.5, 2], '23', [[2, 3]], {'a': 1},
                      [1] * 9, [2, 3, None]):
            with self.subTest(shape=shape):
                self.bad_frame(shape=shape)

    def test_a_shape_of_gigabytes(self):
        for shape in ([2**31, 2**31], [2**63, 2**63], [2**64 - 1, 2], [65536] * 4, [2**40, 1]):
            with self.subTest(shape=shape):
                before = self.daemon.rss_kb()
                self.bad_frame(shape=shape)
                self.assertLess(self.daemon.rss_kb() - before, 100_000)

    def test_a_frame_whose_parts_are_missing_or_of_another_type(self):
        for keys in ({'dtype': ...}, {'shape': ...}, {'data': [1, 2]}, {'data': 'text'},
                     {'data': None}, {'time_us': 'now'}):
            with self.subTest(keys=keys):
                self.bad_frame(**keys)
        self.bad_frame('bad-message', data=...)

    def test_an_empty_frame(self):
        self.bad_frame(data=b'', shape=[0, 0])
        self.bad_frame(data=b'', shape=[])

    def test_lengths_that_are_lies(self):
        self.bad_bytes(bytes.fromhex('dd0fffffff'))
        text = self.bad_bytes(bytes.fromhex('dfffffffff'))
        self.assertIn('at most', text)
        self.bad_bytes(bytes.fromhex('c6ffffffff'))
        self.bad_bytes(bytes.fromhex('81a4646174') + b'a' + bytes.fromhex('c6ffffffff'), named=True)

    def test_a_map_of_many_small_values(self):
        bomb = b'\xdf' + struct.pack('>I', 1_000_000) + b'\xa1a\x00' * 1000
        self.bad_bytes(bomb)

    def test_deep_nesting(self):
        self.bad_bytes(NESTED)
        self.bad_bytes(NESTED, named=True)

    def test_what_is_no_msgpack_map(self):
        for data in (b'GET / HTTP/1.1\r\n\r\n', b'\xc1', b'\xc0', b'\x93\1\2\3', b'\xd4\1\2',
                     b'\x80', b'\x81\1\2', msgpack.packb([GOOD])):
            with self.subTest(data=data):
                self.bad_bytes(data)

    def test_text_that_is_no_utf8(self):
        self.bad_bytes(b'\x82\xa4type\xa5hello\xa4name\xa3\xff\xfe\xfd')

    def test_a_frame_before_the_hello(self):
        pusher = self.pusher(named=False)
        pusher.send(GOOD)
        self.assertIn('hello', self.refused(pusher, 'bad-message'))

    def test_a_second_hello(self):
        pusher = self.pusher()
        pusher.send({'type': 'hello', 'version': 1, 'name': 'again'})
        self.refused(pusher, 'bad-message')

    def test_parameters_that_px_imshow_does_not_know(self):
        for params in ({'zmim': 1}, [1], 'x'):
            with self.subTest(params=params):
                pusher = self.pusher(named=False)
                pusher.send({'type': 'hello', 'version': 1, 'name': 'p', 'params': params})
                self.refused(pusher, 'bad-message')

    def test_parameters_that_do_not_fit_the_frame(self):
        for params in ({'zmin': 'low'}, {'x': [1, 2, 3, 4, 5]}, {'color_continuous_scale': 'Nope'}):
            with self.subTest(params=params):
                pusher = self.pusher(named=False)
                self.assertEqual(pusher.hello('misfit', params=params)['type'], 'ready')
                pusher.send(GOOD)
                self.refused(pusher, 'bad-frame')

    def test_labels_that_do_not_fit_the_frame(self):
        pusher = self.pusher(named=False)
        answer = pusher.hello('unfit', labelled={
            'dims': ['y', 'x'], 'attrs': {}, 'name': None,
            'coords': {'x': {'dims': ['x'], 'attrs': {}, 'data': [1.0, 2.0]}}})
        self.assertEqual(answer['type'], 'ready')
        pusher.send(GOOD)
        self.refused(pusher, 'bad-frame')

    def test_a_message_that_ends_half_way(self):
        for data in (msgpack.packb(GOOD)[:-3], b'\x84', b'\xdf\0', b'\xc6\0\x10\0\0abc'):
            pusher = self.pusher()
            pusher.send_bytes(data)
            pusher.close()
        self.others_go_on()

    def test_a_pusher_that_reads_nothing_and_goes(self):
        for _ in range(20):
            pusher = self.pusher(named=False)
            pusher.send_bytes(b'\xc1' * 1000)
            pusher.close()
        self.others_go_on()

    def test_more_connections_than_there_may_be(self):
        crowd = [self.pusher(named=False) for _ in range(80)]
        turned_away = crowd[-1].answer()
        self.assertTrue(turned_away is None or turned_away['type'] == 'error')
        self.others_go_on()
        for pusher in crowd:
            pusher.close()

        def admitted():
            try:
                late = Pusher(self, self.push_path)
                return (late.hello('late', takeover=True) or {}).get('type') == 'ready'
            except BrokenPipeError:
                return False
        until(admitted, 'there is room again')

    def test_a_good_frame_behind_a_bad_neighbour(self):
        bad, good = self.pusher(), self.pusher()
        bad.send_bytes(b'\xc1')
        good.push(np.ones((4, 4), 'u1'))
        self.refused(bad, 'bad-message')
        good.push(np.ones((4, 4), 'u1'))
        self.others_go_on()


if __name__ == '__main__':
    unittest.main()
