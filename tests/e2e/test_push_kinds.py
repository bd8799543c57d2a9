# SPDX-License-Identifier: MIT
"""What else a pusher may be: TCP, a WebSocket, pictures of other kinds than msgpack; and what comes with frames."""
import io
import socket
import unittest

import msgpack
import numpy as np
from PIL import Image

from support.daemon import DaemonCase, until
from support.pusher import Pusher
from support.viewer import connect
from support.websocket import Closed, Refused, WebSocket

ARRAY = np.arange(12, dtype='<u2').reshape(3, 4)
LABELS = {'dims': ['lat', 'lon'], 'attrs': {}, 'name': None,
          'coords': {'lat': {'dims': ['lat'], 'attrs': {}, 'data': [1.0, 2.0, 3.0]}}}


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def image(kind, value, size=(16, 12)):
    out = io.BytesIO()
    Image.new('RGB', size, (value, 90, 40)).save(out, kind)
    return out.getvalue()


def y4m(frames):
    head = b'YUV4MPEG2 W4 H2 F25:1 Cmono\n'
    return head + b''.join(b'FRAME\n' + bytes([f] * 8) for f in range(frames))


def multipart(pictures):
    return b''.join(b'--seam\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n'
                    % (len(p), p) for p in pictures) + b'--seam--\r\n'


class Kinds(DaemonCase):
    SOURCES = ('--push-tcp', '127.0.0.1:0', 'lab=test:lab')

    def captured(self, name, count):
        def is_there():
            answer = self.daemon.get(f'/api/v1/streams/{name}')
            return answer.status == 200 and answer.json()['captured'] >= count
        until(is_there, f'{count} frames of {name}')
        self.assertEqual(self.daemon.stream(name)['captured'], count)

    def frame(self, name):
        return np.load(io.BytesIO(self.daemon.get(f'/streams/{name}/frame.npy').body))

    def pusher(self, name, **hello):
        return Pusher(self, self.push_path, name, **hello)

    def test_a_pusher_on_tcp(self):
        host, port = self.daemon.logged(r'taken on tcp://(\S+):(\d+)').groups()
        with socket.create_connection((host, int(port))) as s:
            for message in ({'type': 'hello', 'version': 1, 'name': 'tcp'},
                            {'data': ARRAY.tobytes(), 'dtype': '<u2', 'shape': [3, 4]}):
                s.sendall(msgpack.packb(message))
            self.captured('tcp', 1)
            np.testing.assert_array_equal(self.frame('tcp'), ARRAY)
            s.sendall(b'\xc1')
            data = b''
            while part := s.recv(4096):
                data += part
            *_, error = msgpack.Unpacker(io.BytesIO(data))
            self.assertEqual((error['type'], error['code']), ('error', 'bad-message'))

    def test_a_pusher_by_websocket_in_pieces_cut_anywhere(self):
        ws = WebSocket(self.daemon.host, self.daemon.port, '/push/ws')
        self.addCleanup(ws.close)
        data = msgpack.packb({'type': 'hello', 'version': 1, 'pace': 'credit'})
        big = np.arange(300_000, dtype='<u4').reshape(500, 600)
        data += msgpack.packb({'data': big.tobytes(), 'dtype': '<u4', 'shape': [500, 600]})
        for at in range(0, len(data), 70_001):
            ws.send(data[at:at + 70_001])
        self.assertEqual(msgpack.unpackb(ws.receive())['name'], 'ws')
        self.assertEqual(msgpack.unpackb(ws.receive()), {'type': 'credit', 'frames': 1})
        np.testing.assert_array_equal(self.frame('ws'), big)
        ws.send(b'\xc1')
        error, end = msgpack.unpackb(ws.receive()), ws.closed()
        self.assertEqual(error['code'], 'bad-message')
        self.assertEqual((end.code, end.reason), (1008, error['text']))

    def test_pictures_by_websocket_need_no_hello(self):
        ws = WebSocket(self.daemon.host, self.daemon.port, '/push/wsnpy')
        self.addCleanup(ws.close)
        for number in range(5):
            ws.send(npy(ARRAY + number))
        self.captured('wsnpy', 5)
        np.testing.assert_array_equal(self.frame('wsnpy'), ARRAY + 4)

    def test_a_frame_that_is_no_picture_ends_a_websocket_with_1008_and_why(self):
        ws = WebSocket(self.daemon.host, self.daemon.port, '/push/wsflat')
        self.addCleanup(ws.close)
        ws.send(npy(np.arange(12)))
        error, end = msgpack.unpackb(ws.receive()), ws.closed()
        self.assertEqual((error['code'], end.code, end.reason), ('bad-frame', 1008, error['text'][:123]))

    def test_a_page_of_elsewhere_pushes_nothing(self):
        with self.assertRaises(Refused):
            WebSocket(self.daemon.host, self.daemon.port, '/push/evil',
                      headers={'Origin': 'http://evil.example'})

    def test_the_name_of_the_path_and_of_the_hello_must_agree(self):
        ws = WebSocket(self.daemon.host, self.daemon.port, '/push/one')
        self.addCleanup(ws.close)
        ws.send(msgpack.packb({'type': 'hello', 'version': 1, 'name': 'two'}))
        self.assertEqual(msgpack.unpackb(ws.receive())['code'], 'bad-message')
        with self.assertRaises(Closed):
            ws.receive()

    def test_other_bytes_behind_a_hello(self):
        kinds = {'npy': npy(ARRAY) * 3, 'y4m': y4m(3), 'png': image('PNG', 7) * 3,
                 'jpeg': image('JPEG', 7) * 3,
                 'multipart': multipart([image('JPEG', 7)] * 3)}
        for name, data in kinds.items():
            with self.subTest(kind=name):
                self.pusher(f'kind-{name}').send_bytes(data)
                self.captured(f'kind-{name}', 3)

    def test_raw_frames_by_the_hellos_word(self):
        self.pusher('raw', raw={'dtype': '>u2', 'shape': [3, 4]}).send_bytes(
            ARRAY.astype('>u2').tobytes() * 4)
        self.captured('raw', 4)
        np.testing.assert_array_equal(self.frame('raw'), ARRAY)
        self.pusher('yuyv', raw={'pixel_format': 'YUYV', 'width': 4, 'height': 2}).send_bytes(
            bytes([128] * 16) * 2)
        self.captured('yuyv', 2)

    def test_without_a_hello_the_first_free_name_is_taken(self):
        first, second = Pusher(self, self.push_path), Pusher(self, self.push_path)
        first.send_bytes(npy(ARRAY))
        self.captured('push', 1)
        second.send_bytes(npy(ARRAY))
        self.captured('push-2', 1)
        first.close()
        until(lambda: self.daemon.stream('push')['state'] == 'lost', 'it has gone')
        Pusher(self, self.push_path).send_bytes(npy(ARRAY))
        self.captured('push', 2)

    def test_a_broken_picture_costs_its_sender(self):
        pusher = self.pusher('broken')
        picture = bytearray(image('PNG', 3))
        picture[45:50] = bytes(5)
        pusher.send_bytes(picture)
        answer = pusher.answer()
        self.assertEqual((answer['type'], answer['code']), ('error', 'bad-frame'), answer)

    def test_a_body_of_several_frames_is_as_many(self):
        for name, body in (('posty4m', y4m(7)), ('postparts', multipart([image('JPEG', 9)] * 7))):
            answer = self.daemon.http('POST', f'/push/{name}', body=body).json()
            self.assertEqual((answer['name'], answer['seq'], answer['frames']), (name, 7, 7))

    def test_meta_of_a_frame_is_in_the_hover_of_that_very_frame(self):
        pusher, viewer = self.pusher('meta'), connect(self, self.daemon)
        pusher.push(ARRAY, meta={'temperature': 21.5, 'at': [1, 2]})
        viewer.watch('meta')
        first = viewer.picture()
        pusher.push(ARRAY + 1)
        self.assertEqual(viewer.hover(first, 0, 0)['meta'], {'temperature': 21.5, 'at': [1, 2]})
        viewer.ack(first)
        self.assertNotIn('meta', viewer.hover(viewer.picture(), 0, 0))

    def test_meta_that_is_no_short_map_is_refused(self):
        for meta in ([1], {'a': {'b': 1}}, {'a': 'x' * 5000}, {str(i): i for i in range(33)}):
            pusher = self.pusher(f'badmeta{len(str(meta))}')
            pusher.push(ARRAY, meta=meta)
            answer = pusher.answer()
            self.assertEqual(answer['code'], 'bad-frame')
            self.assertIn('meta', answer['text'])

    def test_labels_of_a_frame_are_the_streams_from_there_on(self):
        pusher, viewer = self.pusher('label', labelled=LABELS), connect(self, self.daemon)
        pusher.push(ARRAY)
        viewer.watch('label')
        later = {**LABELS, 'coords': {'lat': {'dims': ['lat'], 'attrs': {},
                                              'data': [5.0, 6.0, 7.0]}}}
        pusher.push(ARRAY, labelled=LABELS)
        pusher.push(ARRAY, labelled=later)
        patch = viewer.wait(lambda m: m['type'] == 'patch')
        self.assertIn('place', str(patch['patch']))
        pusher.push(ARRAY, labelled={**LABELS, 'dims': ['a', 'b', 'c']})
        self.assertEqual(pusher.answer()['code'], 'bad-frame')

    def test_a_producers_clock_may_jump(self):
        pusher = self.pusher('clock')
        for time_us in (10**15, 5, -10**12, 2**62, 0):
            pusher.push(ARRAY, time_us=time_us)
        self.captured('clock', 5)


if __name__ == '__main__':
    unittest.main()
