# SPDX-License-Identifier: MIT
"""Transforms of the colour scale: in snapshots, in views, and as a stream's default."""
import io
import json
import unittest

import numpy as np
from PIL import Image

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

COUNTS = (2.0 ** np.arange(16)).astype('<u2').reshape(4, 4)  # one colour a doubling, when it is log
GRAY = {'color_continuous_scale': 'gray'}


class Transform(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def pushed(self, name, array=COUNTS, **hello):
        Pusher(self, self.push_path, name, params=GRAY, takeover=True, **hello).push(array)
        viewer = connect(self, self.daemon)
        viewer.until_state(name, 'live')
        return viewer

    def greys(self, name, query=''):
        answer = self.daemon.get(f'/streams/{name}/snapshot.png{query}')
        self.assertEqual(answer.status, 200, answer.body)
        return np.asarray(Image.open(io.BytesIO(answer.body)).convert('L')).astype(int).reshape(-1)

    def colored(self, places):
        """The greys of these places on the scale, which are not even themselves."""
        self.pushed('ramp', np.arange(256, dtype='u1').reshape(16, 16))
        return self.greys('ramp')[np.floor(np.asarray(places) * 255 + 0.5).astype(int)]

    def test_a_snapshot_is_larger_than_its_frame_only_where_that_is_asked_for(self):
        self.pushed('few', np.array([[0, 200], [100, 100]], 'u1'))
        self.assertEqual(len(self.greys('few', '?width=8')), 4)
        nearest = self.greys('few', '?width=8&interpolation=nearest').reshape(8, 8)
        self.assertTrue((nearest == self.greys('few').reshape(2, 2).repeat(4, 0).repeat(4, 1)).all())
        mixed = self.greys('few', '?width=8&interpolation=bilinear').reshape(8, 8)
        self.pushed('ramp', np.arange(256, dtype='u1').reshape(16, 16))
        ramp = self.greys('ramp')
        self.assertEqual(mixed[0].tolist(), ramp[[0, 0, 25, 75, 125, 175, 200, 200]].tolist())
        self.assertEqual(mixed[7].tolist(), ramp[[100] * 8].tolist())
        self.assertEqual(self.daemon.get('/streams/few/snapshot.png?interpolation=cubic').status, 400)
        for name, size in (('lab', (1280, 960)), ('few', (64, 64))):
            answer = self.daemon.get(f'/streams/{name}/snapshot.jpg?width={size[0]}&interpolation=bilinear')
            self.assertEqual(Image.open(io.BytesIO(answer.body)).size, size)

    def patch(self, name, change):
        return self.daemon.http('PATCH', f'/api/v1/streams/{name}', body=json.dumps(change).encode(),
                                headers={'Content-Type': 'application/json'})

    def test_log_spreads_decades_evenly_where_linear_hides_them(self):
        self.pushed('log')
        linear, log = self.greys('log'), self.greys('log', '?transform=log')
        self.assertLess(linear[8], 5)
        np.testing.assert_array_equal(log, self.colored(np.arange(16) / 15))

    def test_every_transform_is_the_formula_of_the_protocol(self):
        u = (COUNTS.reshape(-1).astype(float) - 1) / (2 ** 15 - 1)
        self.pushed('all')
        for query, place in (('sqrt', np.sqrt(u)), ('gamma', u ** (1 / 2.2)), ('gamma&gamma=0.3', u ** 0.3),
                             ('asinh', np.arcsinh(u * 10) / np.arcsinh(10)),
                             ('equalize', np.arange(16) / 15)):
            with self.subTest(transform=query):
                got = self.greys('all', '?transform=' + query)
                np.testing.assert_array_equal(got, self.colored(place))

    def test_a_default_by_the_hello_or_by_patch_is_everyones(self):
        self.pushed('default', view={'transform': 'log'})
        log = self.greys('default')
        np.testing.assert_array_equal(log, self.greys('default', '?transform=log'))
        self.assertEqual(self.patch('default', {'view': {'transform': 'gamma', 'gamma': 2}}).status, 200)
        np.testing.assert_array_equal(self.greys('default'), self.greys('default', '?transform=gamma&gamma=2'))
        answer = self.patch('default', {'params': {'title': 'kept'}})
        self.assertEqual(answer.json()['view'], {'transform': 'gamma', 'gamma': 2})
        self.assertEqual(self.patch('default', {'view': None}).status, 200)
        self.assertLess(self.greys('default')[8], 5)

    def test_what_is_no_default_of_a_stream_is_refused(self):
        self.pushed('refused')
        for view, word in (({'transform': 'cube'}, 'transform'), ({'gamma': 0}, 'gamma'),
                           ({'width': 3}, 'width'), ([], 'map')):
            with self.subTest(view=view):
                answer = self.patch('refused', {'view': view})
                self.assertEqual(answer.status, 400)
                self.assertIn(word, answer.body.decode())

    def test_a_view_says_its_transform_and_what_its_colours_mean(self):
        viewer = self.pushed('viewed')
        watching = viewer.watch('viewed', transform='log')
        self.assertEqual((watching['spec']['transform'], watching['spec']['codec']), ('log', 'png'))
        picture = viewer.picture(watching['view'])
        self.assertEqual(picture['limits'], [1, 2 ** 15])
        np.testing.assert_allclose(picture['levels'], 2.0 ** (np.arange(9) / 8 * 15), rtol=0.01)

    def test_raw_never_has_a_transform(self):
        viewer = self.pushed('raw')
        viewer.send({'type': 'watch', 'request': 9, 'stream': 'raw', 'transform': 'sqrt', 'codec': 'raw'})
        answer = viewer.wait(lambda m: m['type'] == 'error')
        self.assertEqual((answer['code'], answer['request']), ('bad-view', 9))
        self.assertIn('png', answer['text'])


if __name__ == '__main__':
    unittest.main()
