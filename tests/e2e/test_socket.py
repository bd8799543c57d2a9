# SPDX-License-Identifier: MIT
"""What viewers may say on the WebSocket, and what a wrong word costs."""
import unittest

import msgpack

from support.daemon import DaemonCase
from support.viewer import Watcher, connect
from support.websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Closed, Refused

PING_MESSAGE = msgpack.packb({'type': 'ping', 'request': 77})


class Socket(DaemonCase):
    SOURCES = ('lab=test:lab', 'stack=test:stack')

    def setUp(self):
        super().setUp()
        self.watcher = Watcher(self.daemon, 'lab', width=64)
        self.enterContext(self.watcher)
        self.viewer = connect(self, self.daemon)

    def closed(self, *codes):
        end = self.viewer.socket.closed()
        self.assertIn(end.code, codes, end)
        self.assertTrue(end.reason)
        self.watcher.wait_more(2)
        return end.reason

    def error(self, code, kind, **keys):
        answer = self.viewer.request(kind, **keys)
        self.assertEqual((answer['type'], answer['code']), ('error', code), answer)
        self.assertNotIn('\n', answer['text'])
        self.assertEqual(self.viewer.request('ping')['type'], 'pong', 'the connection goes on')
        return answer['text']

    def pong(self):
        return self.viewer.wait(lambda m: m['type'] == 'pong' and m['request'] == 77)

    def test_the_server_picks_the_version_that_it_speaks(self):
        viewer = connect(self, self.daemon, protocols=('imshow.v9', 'imshow.v1'))
        self.assertEqual(viewer.socket.protocol, 'imshow.v1')

    def test_a_version_that_it_does_not_speak_is_refused(self):
        for protocols in (('imshow.v9',), (), ('http',), ('imshow.v1x', 'imshow')):
            with self.subTest(protocols=protocols), self.assertRaises((Refused, Closed)):
                connect(self, self.daemon, protocols=protocols)
        self.watcher.wait_more(2)

    def test_there_is_no_socket_at_other_paths(self):
        for path in ('/', '/api/v1/streams', '/healthz', '/ws2', '/push', '/push/x/y'):
            with self.subTest(path=path), self.assertRaises(Refused) as refused:
                connect(self, self.daemon, path=path)
            self.assertEqual(refused.exception.status, 404)

    def test_what_is_no_msgpack_map_closes_with_1007(self):
        for data in (b'\xc1', b'garbage', b'\x93\1\2\3', b'\xd4\1\2', PING_MESSAGE[:-1], b'',
                     PING_MESSAGE + b'\0', PING_MESSAGE * 2, b'\x82\xa4type\xa4ping\xa1a\xa1\xff'):
            with self.subTest(data=data):
                self.viewer = connect(self, self.daemon)
                self.viewer.socket.send(data)
                self.closed(1007)

    def test_a_text_message_is_refused(self):
        self.viewer.socket.send_frame(TEXT, b'{"type": "ping", "request": 1}')
        self.closed(1003, 1007)

    def test_a_message_over_the_bound_closes_with_1009(self):
        whole = msgpack.packb({'type': 'ping', 'request': 1, 'pad': bytes(70_000)})
        self.viewer.socket.send(whole)
        self.closed(1009)

    def test_a_message_over_the_bound_in_pieces_closes_with_1009(self):
        self.viewer.socket.send_frame(BINARY, b'\x81\xa1a\xc6\0\1\0\0', fin=False)
        try:
            for _ in range(80):
                self.viewer.socket.send_frame(CONTINUATION, bytes(1000), fin=False)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.closed(1009)

    def test_bombs_of_lists_close_with_1009(self):
        for data in (bytes.fromhex('dd0fffffff'), bytes.fromhex('dfffffffff'),
                     b'\x81\xa1a' + b'\x91' * 1000 + b'\0'):
            with self.subTest(data=data[:8]):
                self.viewer = connect(self, self.daemon)
                self.viewer.socket.send(data)
                self.closed(1009)

    def test_a_message_in_pieces_is_a_message(self):
        self.viewer.socket.send_frame(BINARY, PING_MESSAGE[:3], fin=False)
        self.viewer.socket.send_frame(CONTINUATION, b'', fin=False)
        self.viewer.socket.send_frame(PING, b'between')
        self.viewer.socket.send_frame(CONTINUATION, PING_MESSAGE[3:])
        self.assertEqual(self.pong()['type'], 'pong')

    def test_a_large_message_within_the_bound_is_taken(self):
        self.viewer.send({'type': 'ping', 'request': 77, 'pad': bytes(65_000)})
        self.assertEqual(self.pong()['type'], 'pong')

    def test_a_ping_of_the_socket_is_answered(self):
        self.viewer.socket.send_frame(PING, b'hello')
        while True:
            opcode, _, data = self.viewer.socket.receive_frame()
            if opcode == PONG:
                self.assertEqual(data, b'hello')
                return

    def test_a_close_is_answered(self):
        self.viewer.socket.send_frame(CLOSE, b'\x03\xe8bye')
        self.assertIn(self.viewer.socket.closed().code, (1000, None))
        self.watcher.wait_more(2)

    def test_frames_that_the_standard_forbids_cost_the_connection_alone(self):
        for first in (0x83, 0xf2, 0x0b):
            self.viewer = connect(self, self.daemon)
            self.viewer.socket.socket.sendall(bytes([first, 0x81, 1, 2, 3, 4, 5]))
            self.viewer.socket.closed()
        self.watcher.wait_more(2)

    def test_an_unknown_type_costs_nothing(self):
        for kind in ('dance', '', 'WATCH', 'picture'):
            self.error('unknown-type', kind)
        self.error('unknown-type', 5)

    def test_unknown_keys_are_ignored(self):
        answer = self.viewer.request('ping', color='red', nested={'a': [1, {'b': None}]})
        self.assertEqual(answer['type'], 'pong')

    def test_an_unknown_stream_is_an_error(self):
        self.assertIn('nobody', self.error('unknown-stream', 'watch', stream='nobody'))
        self.error('unknown-stream', 'watch', stream='x' * 5000)
        self.error('unknown-stream', 'watch', stream=7)
        self.error('unknown-stream', 'watch')

    def test_a_bad_view_key_is_named(self):
        bad = {'width': -1, 'height': 'tall', 'region': [1, 2], 'zmin': 'low', 'zmax': [1, 2],
               'codec': 'gif', 'quality': 0, 'level': 10, 'slice': 'first', 'transform': 'cubic',
               'contrast_rescaling': 'none', 'color_continuous_scale': 7, 'timeline': 'then'}
        self.viewer.watch('stack')
        for key, value in bad.items():
            with self.subTest(key=key):
                self.assertIn(key, self.error('bad-view', 'watch', stream='stack', **{key: value}))

    def test_what_does_not_fit_the_stream_is_a_bad_view(self):
        self.viewer.watch('stack')
        for keys in ({'slice': [32]}, {'slice': [0, 0]}, {'region': [200, 200, 300, 300]},
                     {'region': [5, 5, 4, 4]}, {'timeline': 3}, {'color_continuous_scale': 'Nope'}):
            with self.subTest(keys=keys):
                key = next(iter(keys))
                self.assertIn(key, self.error('bad-view', 'watch', stream='stack', **keys))

    def test_numbers_of_the_wrong_type_are_bad_messages(self):
        self.error('bad-message', 'hover', view='x', picture=1, seq=1, x=0, y=0)
        self.error('bad-message', 'hover', view=1)
        self.error('bad-message', 'unwatch', view='x')
        self.error('bad-message', 'unwatch')

    def test_an_acknowledgement_of_what_was_never_sent_is_an_error(self):
        view = self.viewer.watch('lab', width=128)['view']
        self.viewer.send({'type': 'ack', 'view': view, 'picture': 10**9})
        answer = self.viewer.wait(lambda m: m['type'] == 'error')
        self.assertEqual(answer['code'], 'bad-message')

    def test_late_words_about_a_view_that_ended_are_ignored(self):
        view = self.viewer.watch('lab', width=128)['view']
        picture = self.viewer.picture(view)
        self.viewer.send({'type': 'unwatch', 'view': view})
        self.viewer.ack(picture)
        self.viewer.send({'type': 'unwatch', 'view': view})
        self.assertEqual([m for m in self.viewer.sync() if m['type'] == 'error'], [])

    def test_more_views_than_there_may_be_are_refused(self):
        self.viewer.watch('lab', width=64)
        kinds = []
        for i in range(70):
            answer = self.viewer.ask_watch('lab', width=64, region=[0, 0, 100 + i, 100])
            kinds.append(answer['type'])
            if answer['type'] == 'error':
                self.assertEqual(answer['code'], 'too-many')
        self.assertGreater(kinds.count('watching'), 20)
        self.watcher.wait_more(2)


if __name__ == '__main__':
    unittest.main()
