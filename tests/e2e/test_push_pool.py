# SPDX-License-Identifier: MIT
"""Frames in memory that both sides map: slots and their credits, and what a pusher may do wrong with them."""
import os
import socket
import unittest
from pathlib import Path

import msgpack
import numpy as np

from support.daemon import DaemonCase, until
from support.pool import SEALS, Pool, memfd, send_with
from support.pusher import Pusher
from support.viewer import Watcher, connect

SIZE = 1 << 16


def full(value, shape=(32, 48)):
    return np.full(shape, value, '<u2')


class PushPool(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def descriptors(self):
        return len(os.listdir(f'/proc/{self.daemon.process.pid}/fd'))

    def maps(self):
        text = Path(f'/proc/{self.daemon.process.pid}/maps').read_text(encoding='utf-8')
        return text.count('memfd:slot')

    def pool(self, name, slots=4, size=SIZE, **hello):
        return Pool(self, self.push_path, name, slots, size, **hello)

    def refused(self, pusher, code):
        answer = pusher.answer()
        while answer and answer['type'] != 'error':
            answer = pusher.answer()
        self.assertEqual((answer['type'], answer['code']), ('error', code), answer)
        self.assertNotIn('\n', answer['text'])
        self.assertIsNone(pusher.answer())
        self.assertEqual(self.daemon.get('/healthz').status, 200)
        return answer['text']

    def bad_pool(self, fds, code='bad-pool', **keys):
        pusher = Pusher(self, self.push_path, self._testMethodName[-60:])
        send_with(pusher, {'type': 'pool', 'slots': len(fds), **keys}, fds)
        text = self.refused(pusher, code)
        pusher.close()
        return text

    def test_a_frame_in_a_slot_is_the_picture(self):
        pool, viewer = self.pool('slots'), connect(self, self.daemon)
        array = np.arange(32 * 48, dtype='<u2').reshape(32, 48)
        pool.push(array, time_us=5, meta={'lamp': 'on'})
        viewer.watch('slots', codec='raw')
        picture = viewer.picture()
        self.assertEqual(picture['data'], array.tobytes())
        value = viewer.hover(picture, 7, 3)
        self.assertEqual((value['value'], value['meta']), (3 * 48 + 7, {'lamp': 'on'}))

    def test_slots_come_back_for_ever_whoever_watches(self):
        for slots in (2, 3, 6):
            with self.subTest(slots=slots):
                name = f'back{slots}'
                pool = self.pool(name, slots)
                pool.push(full(0))
                with Watcher(self.daemon, name) as watcher:
                    for number in range(1, 200):
                        pool.push(full(number))
                    self.assertEqual(self.daemon.stream(name)['captured'], 200)
                    until(lambda: pool.push(full(1)) is None or watcher.pictures, 'a picture')

    def test_a_viewer_that_acknowledges_nothing_starves_no_pusher(self):
        pool, viewer = self.pool('still', 3), connect(self, self.daemon)
        pool.push(full(0))
        viewer.watch('still', codec='raw')
        first = viewer.picture()
        for number in range(1, 50):
            pool.push(full(number))
        self.assertEqual(viewer.hover(first, 0, 0)['type'], 'gone')

    def test_the_daemon_keeps_two_slots_less_than_there_are(self):
        pool = self.pool('keeps', 6)
        for number in range(6):
            pool.push(full(number))
        pool.credit()
        pool.credit()
        self.assertEqual(pool.free, {0, 1})

    def test_a_slot_is_not_the_pushers_before_its_credit(self):
        pool = self.pool('early')
        slot = pool.push(full(1))
        pool.name(slot, full(2))
        self.assertIn('credit', self.refused(pool.pusher, 'bad-frame'))

    def test_a_slot_that_is_not_there_or_too_small(self):
        for slot, array in ((4, full(1)), (2**32 - 1, full(1)), (0, full(1, (512, 512)))):
            with self.subTest(slot=slot):
                pool = self.pool(f'small{slot}')
                pool.name(slot, array)
                self.refused(pool.pusher, 'bad-frame')

    def test_a_slot_without_a_pool_and_items_of_the_other_byte_order(self):
        pusher = Pusher(self, self.push_path, 'poolless')
        pusher.send({'slot': 0, 'dtype': '<u2', 'shape': [2, 2]})
        self.assertIn('no pool', self.refused(pusher, 'bad-frame'))
        pool = self.pool('swapped')
        pool.name(0, np.zeros((2, 2), '>u2'))
        self.assertIn('byte order', self.refused(pool.pusher, 'bad-frame'))

    def test_a_sealed_slot_cannot_shrink_under_the_daemon(self):
        pool = self.pool('sealed')
        slot = pool.push(full(1))
        for size in (0, SIZE - 1, SIZE + 1):
            with self.assertRaises(PermissionError):
                os.ftruncate(pool.fds[slot], size)

    def test_a_slot_may_be_torn_by_its_producer_and_nothing_else(self):
        pool = self.pool('torn', size=1 << 20)
        shape, rng = (512, 512), np.random.default_rng(1)
        pool.push(np.zeros(shape, '<f4'))
        with Watcher(self.daemon, 'torn', codec='png') as watcher:
            def torn():
                slot = pool.push(rng.normal(size=shape).astype('<f4'))
                for _ in range(3):
                    pool.maps[slot][:] = rng.bytes(1 << 20)
                return len(watcher.pictures) > 5
            until(torn, 'pictures')
        self.assertEqual(self.daemon.get('/healthz').status, 200)

    def test_descriptors_that_are_no_sealed_memory_are_refused(self):
        good = memfd(self, SIZE)
        plain = os.open(Path(self.folder) / 'file', os.O_RDWR | os.O_CREAT)
        self.addCleanup(os.close, plain)
        null = os.open('/dev/null', os.O_RDWR)
        self.addCleanup(os.close, null)
        for bad in (memfd(self, SIZE, seals=0), memfd(self, SIZE, seals=SEALS & 2),
                    memfd(self, 0), memfd(self, (128 << 20) + 1), plain, null):
            self.assertIn('slot 1', self.bad_pool([good, bad]))

    def test_a_wrong_number_of_descriptors_is_refused(self):
        fd = memfd(self, SIZE)
        self.bad_pool([])
        self.bad_pool([fd])
        self.bad_pool([fd] * 3, slots=4)
        self.bad_pool([fd] * 3, slots=2)
        self.bad_pool([fd] * 3, slots='3')
        self.bad_pool([fd] * 17)
        self.bad_pool([fd] * 100)

    def test_more_bytes_than_a_pool_may_have_are_refused(self):
        fd = memfd(self, 100 << 20)
        self.assertIn('more than', self.bad_pool([fd] * 3))

    def test_a_second_pool_is_refused(self):
        pool = self.pool('second')
        send_with(pool.pusher, {'type': 'pool', 'slots': 4}, pool.fds)
        self.refused(pool.pusher, 'bad-pool')

    def test_descriptors_that_nobody_asked_for_close_the_connection(self):
        fd = memfd(self, SIZE)
        frame = {'data': bytes(4), 'dtype': '|u1', 'shape': [2, 2]}
        pusher = Pusher(self, self.push_path, 'strays')
        send_with(pusher, frame, [fd, fd])
        self.refused(pusher, 'bad-pool')

    def test_a_pool_in_one_go_with_the_hello_and_in_pieces(self):
        fds = [memfd(self, SIZE) for _ in range(3)]
        hello = msgpack.packb({'type': 'hello', 'version': 1, 'name': 'onego'})
        message = msgpack.packb({'type': 'pool', 'slots': 3})
        pusher = Pusher(self, self.push_path)
        socket.send_fds(pusher.socket, [hello + message[:4]], fds)
        self.assertEqual(pusher.answer()['type'], 'ready')
        pusher.send_bytes(message[4:])
        self.assertEqual(pusher.answer(), {'type': 'pool', 'slots': 3})

    def test_no_descriptor_and_no_mapping_is_left_behind(self):
        def quiet():
            return self.descriptors() <= before  # those of the test before may have been open

        Pusher(self, self.push_path, 'warm').close()
        before = self.descriptors()
        fd = memfd(self, SIZE)
        for number in range(10):
            self.bad_pool([fd] * 20)
            self.bad_pool([fd, fd, fd], slots=5)
            pool = self.pool(f'left{number}')
            pool.push(full(number))
            pool.pusher.close()
        until(quiet, 'as many descriptors as before')
        until(lambda: self.maps() <= 12 + 10, 'only slots that are shown are mapped')

    def test_a_frame_outlives_its_pusher(self):
        pool, viewer = self.pool('outlives'), connect(self, self.daemon)
        pool.push(full(77))
        viewer.until_state('outlives', 'live')
        pool.pusher.close()
        viewer.until_state('outlives', 'lost')
        answer = self.daemon.get('/streams/outlives/frame.npy')
        self.assertEqual(answer.body[-full(77).nbytes:], full(77).tobytes())

    def test_a_form_may_change_from_slot_to_slot(self):
        pool, viewer = self.pool('forms'), connect(self, self.daemon)
        for epoch, array in enumerate((full(1), full(2, (16, 16)), np.ones((8, 8, 3), 'u1')), 1):
            pool.push(array)
            until(lambda: self.daemon.stream('forms')['epoch'] == epoch, 'a new epoch')
        viewer.watch('forms')
        viewer.picture()

    def test_a_pool_ends_with_the_daemon_while_its_frames_are_shown(self):
        own = self.start('--push-unix', f'{self.folder}/own')
        pool = Pool(self, f'{self.folder}/own', 'ends', 4, SIZE)
        with Watcher(own, 'lab', width=8):
            for number in range(20):
                pool.push(full(number))
        own.stop()


class Credits(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def test_each_frame_gives_its_credit_back(self):
        pusher = Pusher(self, self.push_path)
        ready = pusher.hello('paced', pace='credit')
        self.assertEqual((ready['type'], ready['credits']), ('ready', 2))
        for number in range(50):
            pusher.push(full(number))
            self.assertEqual(pusher.answer(), {'type': 'credit', 'frames': 1})
        self.assertEqual(self.daemon.stream('paced')['captured'], 50)

    def test_a_pace_that_is_not_known_is_refused(self):
        answer = Pusher(self, self.push_path).hello('hasty', pace='fast')
        self.assertEqual((answer['type'], answer['code']), ('error', 'bad-message'))

    def test_a_pusher_that_reads_none_of_its_credits_costs_itself(self):
        pusher = Pusher(self, self.push_path)
        self.assertEqual(pusher.hello('deaf', pace='credit')['type'], 'ready')
        with self.assertRaises((BrokenPipeError, ConnectionResetError)):
            while True:
                pusher.push(np.zeros((1, 1), 'u1'))
        self.assertEqual(self.daemon.get('/healthz').status, 200)


if __name__ == '__main__':
    unittest.main()
