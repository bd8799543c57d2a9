# SPDX-License-Identifier: MIT
"""What programs read: which frame it is, what its producer said of it, and the next one when it comes."""
import base64
import io
import threading
import unittest

import numpy as np
from support.daemon import DaemonCase, until
from support.pusher import Pusher

PICTURE = np.arange(12, dtype='<u2').reshape(3, 4)


class Read(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def taken(self, name, count):
        """Until the daemon has so many frames."""
        for seq in range(count):
            self.assertEqual(self.daemon.get(f'/streams/{name}/frame.npy?after={seq}').status, 200)

    def test_a_frame_says_its_number_and_time_and_what_its_producer_said(self):
        pusher = Pusher(self, self.push_path, 'said')
        meta = {'run': 'grün\n', 'gain': 2, 'offsets': [1, 2.5]}
        pusher.push(PICTURE, time_us=1700000000123456, meta=meta)
        for leaf in ('frame.npy', 'figure.json', 'figure.html'):
            got = self.daemon.get(f'/streams/said/{leaf}')
            self.assertEqual(got.status, 200)
            self.assertEqual(got.headers['x-seq'], '1')
            self.assertEqual(got.headers['x-epoch'], '1')
            self.assertEqual(got.headers['x-source-timestamp'], '1700000000.123456')
            self.assertRegex(got.headers['x-timestamp'], r'^\d+\.\d{6}$')
            self.assertEqual(got.headers['x-meta'].encode('latin1').decode(),
                             '{"run":"grün\\n","gain":2,"offsets":[1,2.5]}')
        self.assertIn('script-src', got.headers['content-security-policy'])

    def test_the_longest_metadata_comes_whole(self):
        pusher = Pusher(self, self.push_path, 'long')
        pusher.push(PICTURE, meta={'text': '\x01' * 4000})
        got = self.daemon.get('/streams/long/frame.npy')
        self.assertEqual(got.headers['x-meta'], '{"text":"' + '\\u0001' * 4000 + '"}')

    def test_a_frame_without_metadata_has_no_header_of_it(self):
        got = self.daemon.get('/streams/lab/frame.npy')
        self.assertNotIn('x-meta', got.headers)
        self.assertNotIn('x-source-timestamp', got.headers)

    def test_after_waits_for_another_frame_than_that(self):
        pusher = Pusher(self, self.push_path, 'next')
        pusher.push(PICTURE)
        self.taken('next', 1)
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(self.daemon.get('/streams/next/frame.npy?after=1')))
        asking.start()
        until(lambda: self.daemon.stream('next')['watchers'] or not asking.is_alive(), 'a waiting client')
        pusher.push(PICTURE + 1)
        asking.join()
        self.assertEqual(answers[0].headers['x-seq'], '2')
        np.testing.assert_array_equal(np.load(io.BytesIO(answers[0].body)), PICTURE + 1)
        self.assertEqual(self.daemon.get('/streams/next/figure.json?after=77').headers['x-seq'], '2',
                         'a number of another life of the stream is no reason to wait')

    def test_after_wants_a_number(self):
        for value in ('-1', 'x', '1.5', '[1]'):
            got = self.daemon.get(f'/streams/lab/frame.npy?after={value}')
            self.assertEqual((got.status, got.json()['error']),
                             (400, 'after: give the number of the frame that you have'))

    def test_a_stream_has_its_figure_as_it_was_given(self):
        x = np.linspace(0, 1, 4)
        labelled = {'dims': ['y', 'x'], 'coords': {'x': {'dtype': '<f8', 'data': x.tobytes()}}}
        pusher = Pusher(self, self.push_path, 'figured', params={'zmin': 0}, labelled=labelled,
                        ops=[{'op': 'update_layout', 'args': {'title': {'text': 'T'}}}])
        pusher.push(PICTURE)
        figure = self.daemon.stream('figured')['figure']
        self.assertEqual(figure['params'], {'zmin': 0})
        self.assertEqual(figure['ops'][0]['op'], 'update_layout')
        data = base64.b64decode(figure['labelled']['coords']['x']['data'])
        np.testing.assert_array_equal(np.frombuffer(data), x)


if __name__ == '__main__':
    unittest.main()
