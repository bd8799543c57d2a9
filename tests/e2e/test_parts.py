# SPDX-License-Identifier: MIT
"""Pictures so large that two threads encode them together: the same as by one."""
import io
import re

import numpy as np
from PIL import Image

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

SHAPE = (1760, 1800, 3)  # above the bounds of JPEG and PNG


def scene():
    y, x = np.mgrid[:SHAPE[0], :SHAPE[1]]
    smooth = np.stack([x % 251, y % 241, (x + y) % 239], -1)
    return (smooth + np.random.default_rng(1).integers(0, 3, SHAPE)).astype('u1')


def parted(daemon):
    return int(re.search(r'^imshowd_encodes_parted_total (\d+)', daemon.get('/metrics').body.decode(), re.M)[1])


class Parts(DaemonCase):
    def draw(self, workers):
        """The first picture by each codec, and how many went in parts."""
        push = f'{self.folder}/push-{workers}'
        daemon = self.start('--push-unix', push, '--workers', str(workers))
        Pusher(self, push, 'large').push(scene())
        pictures = {}
        for codec in ('png', 'jpeg'):
            viewer = connect(self, daemon)
            viewer.watch('large', codec=codec)
            pictures[codec] = viewer.picture()['data']
        return pictures, parted(daemon)

    def test_a_large_picture_is_the_same_by_two_threads_as_by_one(self):
        one, none = self.draw(1)
        two, both = self.draw(3)
        self.assertEqual(none, 0)
        self.assertGreaterEqual(both, 2)
        self.assertTrue((np.asarray(Image.open(io.BytesIO(two['png']))) == scene()).all())
        self.assertTrue((np.asarray(Image.open(io.BytesIO(one['png']))) == scene()).all())
        decoded = [np.asarray(Image.open(io.BytesIO(p['jpeg']))) for p in (one, two)]
        self.assertTrue((decoded[0] == decoded[1]).all())
        self.assertEqual(decoded[0].shape, SHAPE)
