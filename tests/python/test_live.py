# SPDX-License-Identifier: MIT
"""Pushing: what arrives is what was given, over every door, and what becomes of mistakes and losses."""
import socket
import threading
import unittest
import warnings

import numpy as np
from base import WAIT_S, ClientCase
from support.daemon import until

import imshowd

PICTURE = np.arange(48 * 64, dtype='<u2').reshape(48, 64)
LARGE = np.arange(480 * 640, dtype='<u2').reshape(480, 640) # worth a slot


class Frames(ClientCase):
    def test_what_arrives_is_what_was_given_over_every_door(self):
        for i, server in enumerate((self.unix, self.tcp, self.web)):
            for array in (PICTURE, LARGE, np.zeros((600, 700, 3), 'u1') + 7):
                with self.subTest(server=server, shape=array.shape):
                    live = self.imshow(array, name=f'door{i}', server=server)
                    for step in range(1, 9):
                        self.assertTrue(live.update(array + array.dtype.type(step)) or True)
                        live.wait()
                    np.testing.assert_array_equal(self.read(f'door{i}').values, array + array.dtype.type(8))
                    self.assertEqual((live.sent, live.dropped), (9, 0))
                    live.close()

    def test_every_type_order_and_layout_of_numpy_arrives(self):
        whole = np.arange(40000).reshape(200, 200) % 100
        forms = [whole.astype(t) for t in '? i1 u1 <i2 >i2 <u2 >u2 <i4 >u4 <i8 >u8 <f2 >f2 <f4 >f4 <f8 >f8'.split()]
        forms += [np.asfortranarray(whole), whole[::2, ::-3], whole.T, whole[5:6], np.longdouble(whole),
                  np.broadcast_to(np.float32(3), (300, 300))]
        live = self.imshow(whole, name='forms', pace='wait')
        for array in forms:
            with self.subTest(dtype=array.dtype.str, strides=array.strides):
                self.assertTrue(live.update(array))
                self.assertTrue(live.wait())
                got = self.read('forms').values
                np.testing.assert_array_equal(got, array)
                self.assertEqual(got.dtype.kind, array.dtype.kind)

    def test_lists_masked_arrays_and_pictures_are_arrays(self):
        from PIL import Image
        masked = np.ma.masked_greater(PICTURE, 5)
        image = Image.fromarray(np.arange(300, dtype='u1').reshape(10, 10, 3))
        for given, wanted in (([[1, 2], [3, 4]], [[1, 2], [3, 4]]), (masked, PICTURE),
                              (image, np.asarray(image)), ([[1, None]], [[1, np.nan]])):
            live = self.imshow(given, name='given')
            np.testing.assert_array_equal(self.read('given').values, wanted)
            live.close()

    def test_what_is_no_picture_costs_no_connection(self):
        live = self.imshow(PICTURE, name='picky')
        for wrong in ('text', [['a']], np.zeros((2, 2), 'c8'), np.zeros(3, 'M8[s]'), [[1, 2], [object()]]):
            with self.subTest(given=str(wrong)), self.assertRaises((TypeError, ValueError)):
                live.update(wrong)
        with self.assertRaisesRegex(ValueError, '128 MiB'):
            live.update(np.broadcast_to(np.uint8(0), (20000, 20000)))
        with self.assertRaisesRegex(ValueError, 'meta: at most 32 keys'):
            live.update(PICTURE, meta={str(i): i for i in range(33)})
        self.assertTrue(live.update(PICTURE))

    def test_time_and_metadata_travel_with_their_frame(self):
        live = self.imshow(PICTURE, name='meta', time=np.datetime64('2024-01-01T00:00:00.5'),
                           meta={'gain': np.float32(0.5), 'run': 'µ', 'pair': (1, 2)})
        got = self.read('meta')
        self.assertEqual((got.source_time, got.meta), (1704067200.5, {'gain': 0.5, 'run': 'µ', 'pair': [1, 2]}))
        live.update(PICTURE, time=1700000000)
        live.wait()
        self.assertEqual(self.read('meta').source_time, 1700000000.0)

    def test_without_a_credit_a_frame_is_dropped_or_waited_with(self):
        live = self.imshow(LARGE, name='credit')
        session = live._session
        session.wait_taken(1e18)
        session.credits = 0 # as after two frames that the daemon has not taken
        self.assertFalse(live.update(LARGE))
        self.assertEqual((live.sent, live.dropped, live.error), (1, 1, None))
        session.credits = 2
        self.assertTrue(live.update(LARGE))

    def test_more_frames_than_slots_go_by_shared_memory(self):
        live = self.imshow(LARGE, name='slots', pace='wait')
        self.assertIsNotNone(live._session.pool)
        for step in range(40):
            self.assertTrue(live.update(LARGE + np.uint16(step)))
        live.wait()
        np.testing.assert_array_equal(self.read('slots').values, LARGE + np.uint16(39))
        larger = np.zeros((1000, 1000), 'u2')
        self.assertTrue(live.update(larger), 'by the socket: a slot is too small')
        live.wait()
        self.assertEqual(self.read('slots').values.shape, (1000, 1000))

    def test_threads_may_share_a_stream(self):
        live = self.imshow(PICTURE, name='shared', pace='wait')
        def push():
            for _ in range(25):
                live.update(PICTURE)
        threads = [threading.Thread(target=push) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(live.wait())
        self.assertEqual((live.sent, self.read('shared').seq), (101, 101))


class Figures(ClientCase):
    def test_changes_reach_the_figure_over_every_door(self):
        for i, server in enumerate((self.unix, self.tcp, self.web)):
            with self.subTest(server=server):
                live = self.imshow(PICTURE, name=f'ops{i}', server=server, title='A', zmin=0)
                live.update_layout(title_text='B').add_shape(type='rect', x0=1, y0=1, x1=5, y1=4)
                live.add_annotation(x=3, y=2, text='here').update_xaxes(title_text='columns')
                live.update_yaxes({'showgrid': False}).update_traces(name='pixels')
                live.add_trace({'type': 'scatter', 'x': np.arange(3), 'y': [1, 2, 3]})
                self.assertTrue(live.update(PICTURE))
                self.assertTrue(live.wait())
                figure = imshowd.figure(f'ops{i}', self.web, timeout=WAIT_S)
                layout = figure['layout']
                self.assertEqual((layout['title']['text'], layout['shapes'][0]['x1'],
                                  layout['annotations'][0]['text'], layout['xaxis']['title']['text'],
                                  layout['yaxis']['showgrid'], figure['data'][0]['name'], figure['data'][1]['type']),
                                 ('B', 5, 'here', 'columns', False, 'pixels', 'scatter'))

    def test_a_change_that_is_refused_changes_nothing(self):
        live = self.imshow(PICTURE, name='refused', server=self.web)
        with self.assertRaises(imshowd.ServerError) as caught:
            live.add_shape(type='rect', row=7, col=7)
        self.assertIn('http-400', caught.exception.code)
        self.assertTrue(live.update(PICTURE))
        self.assertTrue(live.wait())


class Mistakes(ClientCase):
    def test_the_daemons_words_are_the_exceptions(self):
        for keys, words in (({'color_continuous_scale': 'Nope'}, "no scale is named 'Nope'"),
                            ({'x': [1, 2]}, 'x'), ({'name': ''}, 'name')):
            with self.subTest(keys=keys), self.assertRaisesRegex(imshowd.ServerError, words):
                self.imshow(PICTURE, **{'name': 'wrong', **keys})

    def test_a_name_in_use_is_refused_unless_it_is_taken_over(self):
        first = self.imshow(PICTURE, name='owned')
        with self.assertRaises(imshowd.ServerError) as caught:
            self.imshow(PICTURE, name='owned')
        self.assertEqual(caught.exception.code, 'name-in-use')
        second = self.imshow(PICTURE, name='owned', takeover=True)
        def told():
            try:
                first.update(PICTURE)
            except imshowd.TakenOver:
                return True
            return False
        until(told, 'the first is told')
        with self.assertRaises(imshowd.TakenOver):
            first.update(PICTURE)
        self.assertTrue(second.update(PICTURE))

    def test_no_daemon_is_an_error_that_names_the_remedy(self):
        with self.assertRaisesRegex(imshowd.ConnectionLost, 'imshowd --push-unix /nowhere/at/all'):
            imshowd.imshow(PICTURE, server='unix:/nowhere/at/all')
        live = imshowd.imshow(PICTURE, server='unix:/nowhere/at/all', on_error='ignore')
        self.assertEqual((live.update(PICTURE), live.sent, live.dropped), (False, 0, 1))
        live.close()

    def test_arguments_that_cannot_be_are_told_at_once(self):
        for keys in ({'pace': 'fast'}, {'on_error': 'maybe'}, {'server': 'ftp://x'}, {'server': 'tcp:x'},
                     {'server': 'http://h:99999'}):
            with self.subTest(keys=keys), self.assertRaises(ValueError):
                imshowd.imshow(PICTURE, **keys)

    def test_a_server_that_is_another_is_told_from_ours(self):
        listener = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listener.close)
        def answer():
            peer = listener.accept()[0]
            peer.recv(4096)
            peer.sendall(b'220 mail.example ESMTP\r\n')
            peer.close()
        thread = threading.Thread(target=answer)
        thread.start()
        with self.assertRaisesRegex(imshowd.ConnectionLost, 'is that imshowd'):
            imshowd.imshow(PICTURE, server=f'tcp:127.0.0.1:{listener.getsockname()[1]}', timeout=WAIT_S)
        thread.join()


class Losses(ClientCase):
    def test_a_daemon_that_comes_back_is_found_again_with_figure_and_labels(self):
        path = f'{self.folder}/push'
        daemon = self.start('--push-unix', path)
        live = self.imshow(PICTURE, name='again', server=f'unix:{path}', on_error='warn', title='T')
        live.update_layout(title_text='changed')
        live.update(PICTURE, labelled={'dims': ['row', 'column']})
        daemon.stop()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            until(lambda: not live.update(PICTURE) and live.error, 'the loss')
            for _ in range(5):
                self.assertFalse(live.update(PICTURE))
        self.assertEqual(len(caught), 1, 'one warning a loss')
        self.assertEqual(caught[0].filename, __file__)
        daemon = self.start('--push-unix', path)
        until(lambda: live.update(PICTURE), 'the daemon is found again')
        live.wait()
        figure = imshowd.figure('again', daemon.url, timeout=WAIT_S)
        self.assertEqual(figure['layout']['title']['text'], 'changed')
        self.assertEqual(figure['layout']['xaxis']['title']['text'], 'column')
        self.assertIsNone(live.error)
        live.close()

    def test_closing_ends_it(self):
        with self.imshow(PICTURE, name='closed') as live:
            self.assertIn('closed', repr(live))
            self.assertIn('/#/closed', live.url)
            self.assertIn('stream.mjpg', live._repr_html_())
        with self.assertRaisesRegex(imshowd.Error, 'closed'):
            live.update(PICTURE)
        until(lambda: self.daemon.stream('closed')['state'] == 'lost', 'the stream is lost')


if __name__ == '__main__':
    unittest.main()
