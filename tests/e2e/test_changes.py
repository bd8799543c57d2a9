# SPDX-License-Identifier: MIT
"""Pictures that go on: changed tiles, still scenes, and finer ones at rest (docs/protocol.md section 5)."""
import io
import random

import numpy as np
from PIL import Image

from support.daemon import DaemonCase
from support.pusher import Pusher
from support.viewer import connect

SHAPE = (300, 420)


def tiles_of(picture):
    side = picture['tile']
    places = np.frombuffer(picture['tiles'], '<u2').reshape(-1, 2)
    return [(i, int(column) * side, int(row) * side, side) for i, (column, row) in enumerate(places)]


def pixels_of(picture, count):
    """The pixels that a picture carries, of `count` rows."""
    if picture['codec'] == 'raw':
        width = picture['tile'] if picture['base'] else picture['width']
        return np.frombuffer(picture['data'], picture['dtype']).reshape(count, width)
    return np.asarray(Image.open(io.BytesIO(picture['data'])))


class Screen:
    """What a viewer has on screen after the pictures that it applied."""

    def __init__(self):
        self.pixels = None
        self.picture = 0

    def apply(self, picture):
        if picture['base'] == 0:
            self.pixels = np.array(pixels_of(picture, picture['height']))
        else:
            assert picture['base'] == self.picture, (picture['base'], self.picture)
            tiles = tiles_of(picture)
            atlas = pixels_of(picture, picture['tile'] * len(tiles))
            for i, x, y, side in tiles:
                inside = self.pixels[y:y + side, x:x + side]
                inside[...] = atlas[i * side:i * side + inside.shape[0], :inside.shape[1]]
        self.picture = picture['picture']


class Changes(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def push_scene(self, name, **hello):
        pusher = Pusher(self, self.push_path, name, **hello)
        scene = np.zeros(SHAPE, 'u1')
        scene[:] = np.arange(SHAPE[1]) % 200
        pusher.push(scene)
        return pusher, scene

    def test_a_viewer_gets_the_tiles_that_changed(self):
        for codec in ('raw', 'png', 'jpeg'):
            with self.subTest(codec):
                pusher, scene = self.push_scene(f'tiles-{codec}')
                viewer = connect(self, self.daemon)
                viewer.watch(f'tiles-{codec}', codec=codec)
                first = viewer.picture()
                viewer.ack(first)
                scene[130:140, 200:210] = 255
                pusher.push(scene)
                second = viewer.picture()
                self.assertEqual((second['base'], second['picture'], second['tile']), (1, 2, 64))
                self.assertEqual([(x, y) for _, x, y, _ in tiles_of(second)], [(192, 128)])
                self.assertLess(second['size'], first['size'])

    def test_viewers_that_skip_at_random_have_the_same_picture_at_rest(self):
        pusher, scene = self.push_scene('skipped')
        chance = random.Random(7)
        viewers = []
        for _ in range(4):
            viewer = connect(self, self.daemon)
            viewers.append((viewer, viewer.watch('skipped', codec='png')['view'], Screen(), []))
        for _ in range(60):
            y, x = chance.randrange(SHAPE[0] - 9), chance.randrange(SHAPE[1] - 9)
            scene[y:y + 9, x:x + 9] = chance.randrange(256)
            pusher.push(scene)
            for viewer, view, screen, waiting in viewers:
                waiting += [m for m in viewer.sync() if m['type'] == 'picture']
                viewer.inbox = [m for m in viewer.inbox if m['type'] != 'picture']
                if waiting and chance.random() < 0.4:
                    for picture in waiting:
                        screen.apply(picture)
                        viewer.ack(picture)
                    waiting.clear()
        last = self.daemon.stream('skipped')['captured']
        for viewer, view, screen, waiting in viewers:
            while waiting or screen.pixels is None or self.shown(screen) != scene.tobytes():
                picture = waiting.pop(0) if waiting else viewer.picture(view)
                screen.apply(picture)
                viewer.ack(picture)
            self.assertEqual(self.shown(screen), scene.tobytes())
        self.assertEqual(last, 61)

    @staticmethod
    def shown(screen):
        return screen.pixels.astype('u1').tobytes()

    def test_a_still_scene_costs_no_picture_and_says_that_it_holds(self):
        pusher, scene = self.push_scene('still')
        viewer = connect(self, self.daemon)
        view = viewer.watch('still', codec='png')['view']
        first = viewer.picture()
        viewer.ack(first)
        encodes = self.daemon.stream('still')['encodes']
        seq = first['seq']
        for _ in range(3):
            advance = None
            while advance is None:
                pusher.push(scene)
                found = [m for m in viewer.sync() if m['type'] == 'advance' and m['seq'] > seq]
                advance = found[-1] if found else None
                viewer.inbox = [m for m in viewer.inbox if m['type'] != 'advance']
            self.assertEqual((advance['view'], advance['picture']), (view, first['picture']))
            seq = advance['seq']
        self.assertNotIn('picture', viewer.messages[viewer.messages.index('advance'):])
        self.assertEqual(self.daemon.stream('still')['encodes'], encodes)
        answer = viewer.hover({**first, 'seq': seq}, 7, 5)
        self.assertEqual((answer['type'], answer['seq'], answer['value']), ('value', seq, 7))

    def test_a_lossy_picture_is_drawn_finer_once_it_rests(self):
        dots = np.random.default_rng(1).integers(0, 255, (75, 105))
        scene = dots.repeat(4, 0).repeat(4, 1).astype('u1')
        Pusher(self, self.push_path, 'rest').push(np.dstack([scene] * 3))
        viewer = connect(self, self.daemon)
        viewer.watch('rest', codec='jpeg', quality=30)
        screen = Screen()
        coarse = viewer.picture()
        screen.apply(coarse)
        before = np.abs(screen.pixels[..., 0].astype(int) - scene).mean()
        viewer.ack(coarse)
        fine = viewer.picture()  # though no frame came
        screen.apply(fine)
        after = np.abs(screen.pixels[..., 0].astype(int) - scene).mean()
        self.assertLess(after, before / 2)
        self.assertEqual((fine['picture'], fine['seq']), (2, coarse['seq']))

    def test_limits_that_move_make_every_tile_new(self):
        pusher, scene = self.push_scene('limits')
        viewer = connect(self, self.daemon)
        viewer.watch('limits', codec='raw', contrast_rescaling='minmax')
        viewer.ack(viewer.picture())
        scene[0, 0] = 250
        pusher.push(scene)
        second = viewer.picture()
        self.assertEqual((second['base'], second['limits']), (0, [0.0, 250.0]))

    def test_motion_jpeg_and_snapshots_are_whole_whatever_others_get(self):
        pusher, scene = self.push_scene('whole')
        viewer = connect(self, self.daemon)
        viewer.watch('whole', codec='png')
        viewer.ack(viewer.picture())
        scene[9, 9] = 255
        pusher.push(scene)
        self.assertEqual(viewer.picture()['base'], 1)
        picture = Image.open(io.BytesIO(self.daemon.get('/streams/whole/snapshot.png').body))
        self.assertEqual(np.asarray(picture).tobytes(), scene.tobytes())
