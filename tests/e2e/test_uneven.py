# SPDX-License-Identifier: MIT
"""Scalar streams whose coordinates are not evenly spaced stand at them (docs/protocol.md sections 4 and 5)."""
import io
import json
import urllib.request

import numpy as np
from PIL import Image

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

X = [0, 1, 10, 100]
EDGES = np.array([-0.5, 0.5, 5.5, 55, 145])  # plotly's, half way between


class Uneven(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def patch(self, name, body):
        request = urllib.request.Request(f'{self.daemon.url}/api/v1/streams/{name}', method='PATCH',
                                         data=json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(answer.status, 200)

    def expect_columns(self, picture, edges):
        """Each column of the picture has the colour of the cell under its middle; the cells' colours differ."""
        image = np.asarray(Image.open(io.BytesIO(picture['data'])).convert('RGB'))
        self.assertEqual(image.shape[1], picture['width'])
        at = edges[0] + (edges[-1] - edges[0]) * (np.arange(image.shape[1]) + 0.5) / image.shape[1]
        cells = np.searchsorted(edges, at, side='right') - 1
        colours = [image[0, cells == i] for i in range(len(edges) - 1)]
        for own in colours:
            self.assertTrue((own == own[0]).all())
        self.assertEqual(len({tuple(own[0]) for own in colours}), len(colours))

    def test_pictures_regions_and_values(self):
        array = np.array([[1, 2, 4, 7], [3, 5, 6, 8]], '<f4')
        pusher = Pusher(self, self.push_path, 'uneven', params={'x': X})
        pusher.push(array)
        viewer = connect(self, self.daemon)
        watching = viewer.watch('uneven', width=900, height=300)
        self.assertEqual(watching['figure']['layout']['meta']['coords'], {'x': X})
        self.assertEqual(watching['figure']['layout']['xaxis']['range'], [-0.5, 145])
        picture = viewer.picture(watching['view'])
        self.assertEqual((picture['width'], picture['height'], picture['region']),
                         (1024, 2, [-0.5, -0.5, 3.5, 1.5]))
        self.expect_columns(picture, EDGES)
        for y in range(2):
            for x in range(4):
                self.assertEqual(viewer.hover(picture, x, y)['value'], array[y, x])
        zoomed = viewer.watch('uneven', width=900, region=[0.6, -0.5, 2.4, 1.5])
        picture = viewer.picture(zoomed['view'])
        self.assertEqual(picture['region'], [0.5, -0.5, 2.5, 1.5])
        self.expect_columns(picture, EDGES[1:4])

    def test_coordinates_that_come_later_move_the_picture(self):
        pusher = Pusher(self, self.push_path, 'later')
        pusher.push(np.array([[1, 2, 3, 4]], '<u2'))
        viewer = connect(self, self.daemon)
        even = viewer.watch('later', codec='png')
        self.assertEqual(viewer.picture(even['view'])['width'], 4)
        self.patch('later', {'params': {'x': X}})
        viewer.wait(lambda m: m['type'] == 'ended' and m['view'] == even['view'], 'another form')
        uneven = viewer.watch('later', codec='png')
        picture = viewer.picture(uneven['view'])
        self.expect_columns(picture, EDGES)
        viewer.ack(picture)
        # The same axes, other places: the view goes on.
        self.patch('later', {'params': {'x': [0, 1, 10, 30]}})
        moved = viewer.picture(uneven['view'], lambda p: p['picture'] > picture['picture'])
        newcomer = connect(self, self.daemon)
        whole = newcomer.picture(newcomer.watch('later', codec='png')['view'])
        self.assertEqual((whole['base'], whole['view']), (0, uneven['view']))
        self.expect_columns(whole, np.array([-0.5, 0.5, 5.5, 20, 40]))
        patch = viewer.wait(lambda m: m['type'] == 'patch', 'a patch')
        self.assertIn([['layout', 'meta', 'coords', 'x'], [0, 1, 10, 30]], patch['patch'])
        pusher.push(np.array([[4, 3, 2, 1]], '<u2'))
        viewer.ack(moved)
        self.assertEqual(viewer.hover(viewer.picture(uneven['view']), 3, 0)['value'], 1)

    def test_a_frame_brings_its_own(self):
        labelled = {'dims': ['y', 'x'], 'coords': {'x': {'dims': ['x'], 'data': X}}}
        moved = {'dims': ['y', 'x'], 'coords': {'x': {'dims': ['x'], 'data': [0, 50, 60, 61]}}}
        pusher = Pusher(self, self.push_path, 'own', labelled=labelled)
        pusher.push(np.array([[1, 2, 3, 4]], '<u2'))
        viewer = connect(self, self.daemon)
        view = viewer.watch('own')['view']
        picture = viewer.picture(view)
        self.expect_columns(picture, EDGES)
        viewer.ack(picture)
        pusher.push(np.array([[1, 2, 3, 4]], '<u2'), labelled=moved)
        picture = viewer.picture(view, lambda p: p['picture'] > picture['picture'])
        self.expect_columns(picture, np.array([-25, 25, 55, 60.5, 61.5]))
