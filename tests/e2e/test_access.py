# SPDX-License-Identifier: MIT
"""Access rules: who may do what, on every route, every message and every push socket."""
import io
import json
import os
import re
import socket
import threading
import time
import unittest

import msgpack
import numpy as np
from PIL import Image

from support.access import AccessCase, basic, bearer, table
from support.daemon import WAIT_S, until
from support.pusher import Pusher
from support.viewer import Viewer
from support.websocket import Closed, Refused, WebSocket

RIGHTS = ('view', 'push', 'control', 'record', 'admin')
FRAME = np.arange(12, dtype='u1').reshape(3, 4)


def npy_bytes(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def ask(daemon, route, name, headers=None, query=''):
    """The status that a route answers; of a socket's handshake."""
    path = route.path(name) + query
    if route.is_socket:
        try:
            WebSocket(daemon.host, daemon.port, path, headers=(headers or {}).items()).close()
            return 101
        except Refused as refused:
            return refused.status
    body = b'{}' if route.method in ('POST', 'PATCH') else None
    if not route.is_endless:
        return daemon.http(route.method, path, headers, body).status
    with socket.create_connection((daemon.host, daemon.port), WAIT_S) as own:  # an answer without end
        lines = [f'GET {path} HTTP/1.1', f'Host: {daemon.host}:{daemon.port}',
                 *(f'{k}: {v}' for k, v in (headers or {}).items())]
        own.sendall('\r\n'.join([*lines, '', '']).encode())
        return int(own.makefile('rb').readline().split()[1])


class EveryRoute(AccessCase):
    """Each row of the table is asked by everybody who may not, and by somebody who may."""

    def test_every_route_is_refused_to_whoever_lacks_its_right_on_its_stream(self):
        tokens = {right: self.rules.token(f'all-{right}', right) for right in RIGHTS}
        elsewhere = {right: self.rules.token(f'else-{right}', right, 'other') for right in RIGHTS}
        far = {right: self.rules.token(f'far-{right}', right, '*', '--from', '192.0.2.0/24')
               for right in RIGHTS}
        daemon = self.serve()
        until(lambda: all(daemon.http('GET', f'/api/v1/streams/{name}', bearer(tokens['view'])).json()
                          ['state'] == 'live' for name in ('lab', 'other')), 'live')
        for route in table():
            name = 'index.html' if route.pattern.startswith('/assets') else 'lab'
            with self.subTest(route=route.pattern, method=route.method):
                if route.right == 'none':
                    self.assertEqual(route.rule, 'PUBLIC')
                    self.assertNotIn(ask(daemon, route, name), (401, 403), 'public')
                    continue
                self.assertEqual(ask(daemon, route, name), 401, 'nobody')
                self.assertEqual(ask(daemon, route, name, bearer('imt_' + 'A' * 43)), 401, 'a wrong token')
                self.assertEqual(ask(daemon, route, name, {'Cookie': 'imshow_session_'
                                 f'{daemon.port}={"A" * 43}'}), 401, 'no session')
                self.assertIn(ask(daemon, route, name, bearer(far[route.right])), (403, 404), 'from afar')
                for right in RIGHTS:
                    if right not in (route.right, 'admin'):
                        self.assertIn(ask(daemon, route, name, bearer(tokens[right])), (403, 404), right)
                if route.is_of_stream:
                    for token in (elsewhere[route.right], elsewhere['admin']):
                        status = ask(daemon, route, name, bearer(token))
                        self.assertEqual(status, 403 if route.right == 'push' else 404, 'elsewhere')
                # A pattern has no controls, and there is no recording of this name.
                is_absent = route.pattern.endswith('/controls') or route.rule == 'RECORDING'
                no = (401, 403) if is_absent else (401, 403, 404)
                for token in (tokens[route.right], tokens['admin']):
                    self.assertNotIn(ask(daemon, route, name, bearer(token)), no, 'who may')
        self.assertFalse([line for line in daemon.log.splitlines() if 'imt_' in line], 'a token in the log')

    def test_a_stream_that_one_may_not_view_answers_as_one_that_is_not_there(self):
        token = self.rules.token('t', 'view', 'other')
        daemon = self.serve()
        for route in table():
            if route.is_of_stream and not route.is_socket and route.right != 'push':
                with self.subTest(route=route.pattern, method=route.method):
                    there, absent = (daemon.http(route.method, route.path(name), bearer(token), b'{}')
                                     for name in ('lab', 'nothing'))
                    self.assertEqual((there.status, there.body, there.headers.get('content-type')),
                                     (absent.status, absent.body, absent.headers.get('content-type')))
        names = [s['name'] for s in daemon.http('GET', '/api/v1/streams', bearer(token)).json()['streams']]
        self.assertEqual(names, ['other'])

    def test_the_first_stream_is_the_first_that_one_may_view(self):
        token = self.rules.token('t', 'view', 'other')
        daemon = self.serve()
        until(lambda: daemon.http('GET', '/api/v1/streams/other', bearer(token)).json()['state'] == 'live', 'live')
        for path in '/state', '/state?action=stream':
            self.assertEqual(daemon.http('GET', path, bearer(token)).json()['result']['instance_id'], 'other')
        sizes = [Image.open(io.BytesIO(daemon.http('GET', path, bearer(token)).body)).size
                 for path in ('/snapshot', '/?action=snapshot', '/streams/other/snapshot.jpg')]
        self.assertEqual(len(set(sizes)), 1)
        self.assertEqual(daemon.get('/snapshot').status, 401)

    def test_a_recording_needs_the_right_on_all_of_its_streams(self):
        admin, one = self.rules.token('a', 'admin'), self.rules.token('o', 'view,record', 'other')
        viewer = self.rules.token('v', 'view')
        daemon = self.serve()
        api = '/api/v1/recordings'

        def ask_for(token, method, path, body=b'{}'):
            return daemon.http(method, path, bearer(token), body if method in ('POST', 'PATCH') else None)
        for name, streams in (('both', ['lab', 'other']), ('mine', ['other'])):
            body = json.dumps({'streams': streams, 'name': name}).encode()
            self.assertEqual(ask_for(viewer, 'POST', api, body).status, 403)
            self.assertEqual(ask_for(one, 'POST', api, body).status, 404 if name == 'both' else 201)
            if name == 'both':
                self.assertEqual(ask_for(admin, 'POST', api, body).status, 201)
        self.assertEqual(ask_for(one, 'POST', f'{api}/both/stop').status, 404)
        self.assertEqual(ask_for(viewer, 'POST', f'{api}/both/stop').status, 403)
        seen = ask_for(one, 'GET', api).json()
        self.assertEqual([s['name'] for s in seen['sessions']], ['mine'])
        for token, name in ((admin, 'both'), (one, 'mine')):
            until(lambda t=token, n=name: ask_for(t, 'GET', f'{api}/{n}').json()['session']['frames'] > 0, 'a frame')
            self.assertEqual(ask_for(token, 'POST', f'{api}/{name}/stop').status, 200)
        until(lambda: [r['state'] for r in ask_for(admin, 'GET', api).json()['recordings']] == ['finished'] * 2, 'both')
        self.assertEqual([r['name'] for r in ask_for(one, 'GET', api).json()['recordings']], ['mine'])
        for path in (f'{api}/both', '/recordings/both.mcap', '/recordings/both.jpg'):
            self.assertEqual(ask_for(one, 'GET', path).status, 404, path)
            self.assertEqual(ask_for(viewer, 'GET', path).status, 200, path)
        for token, status in ((one, 404), (viewer, 403), (admin, 200)):
            self.assertEqual(ask_for(token, 'DELETE', f'{api}/both').status, status)

    def test_paths_with_tricks_reach_nothing(self):
        token = self.rules.token('t', 'view', 'other')
        daemon = self.serve()
        tricks = ('//{0}', '/x/..{0}', '/./{0}', '{0}/', '{0}/.', '{0}%00', '{0}%2f..', '{0};a',
                  '/%2e%2e{0}', '{0}%0d%0aX: y', '{0}#', '/other/..{0}', '{0}\\..')
        for route in table():
            for trick in tricks:
                path = trick.format(route.path('lab'))
                with self.subTest(path=path), \
                        socket.create_connection((daemon.host, daemon.port), WAIT_S) as own:
                    own.sendall(f'{route.method} {path} HTTP/1.1\r\nHost: {daemon.host}\r\n'
                                f'Authorization: Bearer {token}\r\nContent-Length: 2\r\n'
                                'Connection: close\r\n\r\n{}'.encode())
                    answer = own.makefile('rb').read(1 << 16)  # some have no end
                    if answer:  # or the connection was closed
                        status = int(answer.split()[1])
                        # a path that means another one is that one, with the rights that it needs
                        self.assertTrue(400 <= status < 500 or b'"lab"' not in answer, answer[:400])
                        if route.is_of_stream and status == 200:
                            self.assertIn(b'{"streams":[{"name":"other"', answer)
        self.assertEqual(daemon.get('/healthz').status, 200)


class Messages(AccessCase):
    def test_a_viewer_sees_and_watches_what_he_may_and_nothing_else(self):
        token = self.rules.token('t', 'view', 'lab')
        daemon = self.serve()
        viewer = self.viewer(daemon, token)
        streams = viewer.wait(lambda m: m['type'] == 'streams')['streams']
        self.assertEqual([s['name'] for s in streams], ['lab'])
        answers = {name: viewer.ask_watch(name) for name in ('other', 'nothing')}
        for name, answer in answers.items():
            self.assertEqual((answer['type'], answer['code']), ('error', 'unknown-stream'))
            self.assertEqual(answer['text'].replace(name, '?'), answers['other']['text'].replace('other', '?'))
        view = viewer.watch('lab')['view']
        picture = viewer.picture(view)
        self.assertEqual(viewer.hover(picture, 1, 1)['type'], 'value')

    def test_what_is_taken_away_ends_at_once(self):
        token = self.rules.token('t', 'view', 'lab')
        both = self.rules.token('both', 'view', '*')
        daemon = self.serve()
        lost, kept = self.viewer(daemon, token), self.viewer(daemon, both)
        view = lost.watch('lab')['view']
        kept_view = kept.watch('lab')['view']
        lost.ack(lost.picture(view))
        mjpeg = socket.create_connection((daemon.host, daemon.port), WAIT_S)
        self.addCleanup(mjpeg.close)
        mjpeg.sendall(f'GET /streams/lab/stream.mjpg HTTP/1.1\r\nHost: {daemon.host}\r\n'
                      f'Authorization: Bearer {token}\r\n\r\n'.encode())
        self.assertIn(b'200', mjpeg.makefile('rb').readline())
        self.rules.revoke('token', 't')
        with self.assertRaises(Closed) as closed:
            while True:
                lost.read()
        self.assertEqual(closed.exception.code, 1008)
        self.assertIn('log in', closed.exception.reason)
        while mjpeg.recv(1 << 16):
            pass
        kept.ack(kept.picture(kept_view))
        kept.ack(kept.picture(kept_view))

    def test_a_stream_that_is_taken_away_ends_its_view_alone(self):
        token = self.rules.token('t', 'view', 'lab')
        self.rules.token('t', 'view', 'other')
        daemon = self.serve()
        viewer = self.viewer(daemon, token)
        view, other = viewer.watch('lab')['view'], viewer.watch('other')['view']
        viewer.ack(viewer.picture(other))
        text = self.rules.path.read_text().replace('"streams":"lab"', '"streams":"labs"')
        self.rules.path.write_text(text)
        ended = viewer.wait(lambda m: m['type'] == 'ended')
        self.assertEqual(ended['view'], view)
        viewer.ack(viewer.picture(other))
        viewer.wait(lambda m: m['type'] == 'streams' and [s['name'] for s in m['streams']] == ['other'])

    def test_a_new_right_is_told_to_who_is_there(self):
        token = self.rules.token('t', 'view', 'lab')
        daemon = self.serve()
        viewer = self.viewer(daemon, token)
        viewer.watch('lab')
        self.rules.token('t', 'view', 'other')
        viewer.wait(lambda m: m['type'] == 'streams' and
                    sorted(s['name'] for s in m['streams']) == ['lab', 'other'])
        self.assertNotEqual(viewer.ask_watch('other').get('code'), 'unknown-stream')

    def test_an_expired_token_ends_what_it_began(self):
        self.rules.token('stays', 'view')
        token = self.rules.token('t', 'view', '*', '--expires', '2s')
        daemon = self.serve()
        viewer = self.viewer(daemon, token)
        with self.assertRaises(Closed) as closed:
            while True:
                viewer.read()
        self.assertEqual(closed.exception.code, 1008)
        self.assertEqual(daemon.http('GET', '/', bearer(token)).status, 401)

    def test_connections_of_the_time_before_the_first_rule_are_closed(self):
        daemon = self.serve()
        viewer = Viewer(daemon)
        self.addCleanup(viewer.close)
        viewer.watch('lab')
        self.rules.token('t', 'view')
        with self.assertRaises(Closed):
            while True:
                viewer.read()
        self.assertEqual(daemon.get('/').status, 401)


class Pushing(AccessCase):
    def tcp(self, daemon, name, **hello):
        address = re.search(r'tcp://([\d.]+):(\d+)', daemon.logged(r'taken on tcp://\S+')[0])
        own = socket.create_connection((address[1], int(address[2])), WAIT_S)
        self.addCleanup(own.close)
        own.sendall(msgpack.packb({'type': 'hello', 'version': 1, 'name': name, **hello}))
        unpacker = msgpack.Unpacker()
        data = own.recv(1 << 16)
        unpacker.feed(data)
        return own, next(iter(unpacker))

    def test_tcp_takes_a_token_in_the_hello(self):
        token = self.rules.token('p', 'push', 'p-*')
        view = self.rules.token('v', 'view')
        daemon = self.serve('--push-tcp', '127.0.0.1:0')
        for name, hello in (('p-1', {}), ('p-1', {'token': view}), ('q', {'token': token}),
                            ('p-1', {'token': 'imt_' + 'A' * 43}), ('lab', {'token': token})):
            with self.subTest(name=name, hello=hello):
                self.assertEqual(self.tcp(daemon, name, **hello)[1]['code'], 'refused')
        _, answer = self.tcp(daemon, 'p-1', token=token)
        self.assertEqual(answer['type'], 'ready')
        names = [s['name'] for s in daemon.http('GET', '/api/v1/streams', bearer(view)).json()['streams']]
        self.assertEqual(sorted(names), ['lab', 'other', 'p-1'])

    def test_other_bytes_without_a_hello_are_nobodys(self):
        self.rules.token('p', 'push')
        path = f'{self.folder}/push'
        daemon = self.serve('--push-unix', path)
        pusher = Pusher(self, path)
        pusher.send_bytes(npy_bytes(FRAME))
        self.assertEqual(pusher.answer()['code'], 'refused')
        self.assertEqual(daemon.get('/healthz').status, 200)

    def test_a_user_of_this_machine_is_known_on_the_unix_socket(self):
        path = f'{self.folder}/push'
        self.rules.add('peer', 'me', 'push', 'p-*', '--uid', os.getuid())
        view = self.rules.token('v', 'view')
        daemon = self.serve('--push-unix', path)
        Pusher(self, path, 'p-1').push(FRAME)
        until(lambda: daemon.http('GET', '/streams/p-1/frame.npy', bearer(view)).status == 200, 'the frame')
        self.assertEqual(Pusher(self, path).hello('q')['code'], 'refused')

    def test_a_user_of_another_number_is_not(self):
        path = f'{self.folder}/push'
        self.rules.add('peer', 'other', 'push', '*', '--uid', os.getuid() + 1)
        self.serve('--push-unix', path)
        self.assertEqual(Pusher(self, path).hello('p')['code'], 'refused')

    def test_a_websocket_shows_its_token_in_the_handshake(self):
        token = self.rules.token('p', 'push', 'p-*')
        daemon = self.serve()
        for name, headers, status in (('p-1', {}, 401), ('q', bearer(token), 403),
                                      ('p-1', basic('x', 'y'), 401)):
            with self.assertRaises(Refused) as refused:
                WebSocket(daemon.host, daemon.port, f'/push/{name}', headers=headers.items())
            self.assertEqual(refused.exception.status, status)
        for headers in (bearer(token), basic('token', token)):
            own = WebSocket(daemon.host, daemon.port, '/push/p-1', headers=headers.items())
            own.send(msgpack.packb({'type': 'hello', 'version': 1, 'name': 'p-1', 'takeover': True}))
            self.assertEqual(msgpack.unpackb(own.receive())['type'], 'ready')
            own.close()

    def test_a_pusher_whose_token_is_revoked_is_told_and_closed(self):
        token = self.rules.token('p', 'push', 'p-*')
        self.rules.token('v', 'view')
        path = f'{self.folder}/push'
        self.serve('--push-unix', path)
        pusher = Pusher(self, path, 'p-1', token=token)
        pusher.push(FRAME)
        self.rules.revoke('token', 'p')
        self.assertEqual(pusher.answer()['code'], 'refused')
        self.assertIsNone(pusher.answer())


class Links(AccessCase):
    def test_a_link_shows_its_stream_until_it_expires(self):
        self.rules.token('t', 'view')
        link = self.rules.link('lab', '--expires', '1h')
        daemon = self.serve()
        for file in ('snapshot.jpg', 'snapshot.png', 'frame.npy', 'figure.json', 'figure.html'):
            self.assertEqual(daemon.get(f'/streams/lab/{file}{link}').status, 200, file)
        self.assertEqual(daemon.get(f'/streams/lab/snapshot.jpg{link}&region=[0,0,9,9]').status, 200)
        self.assertEqual(daemon.get(f'/streams/other/snapshot.jpg{link}').status, 401, 'another stream')
        self.assertEqual(daemon.http('POST', f'/push/lab{link}', body=b'x').status, 403)
        self.assertEqual(daemon.http('PATCH', f'/api/v1/streams/lab{link}', body=b'{}').status, 403)

    def test_forged_and_expired_links_are_refused(self):
        self.rules.token('t', 'view')
        good, old = self.rules.link('lab'), self.rules.link('lab', '--expires', '1s')
        daemon = self.serve()
        exp = int(re.search(r'exp=(\d+)', good)[1])
        sig = re.search(r'sig=([\w-]+)', good)[1]
        for bad in (good.replace(f'exp={exp}', f'exp={exp + 1}'), good.replace(sig, sig[:-1]),
                    good.replace(sig, sig.swapcase()), good.replace(sig, ''), f'?sig={sig}', f'?exp={exp}&sig=',
                    good.replace(f'exp={exp}', 'exp=1e99'), good.replace(f'exp={exp}', 'exp=-1'),
                    f'{good}&sig={sig}', f'{good}&region=[0,0,1]', f'{good}&region=7'):
            with self.subTest(link=bad):
                self.assertIn(daemon.get(f'/streams/lab/snapshot.jpg{bad}').status, (400, 401))
        until(lambda: daemon.get(f'/streams/lab/snapshot.jpg{old}').status == 401, 'it expires')
        self.assertEqual(daemon.get(f'/streams/lab/snapshot.jpg{good}').status, 200)

    def test_links_die_with_their_key(self):
        self.rules.token('t', 'view')
        link = self.rules.link('lab')
        daemon = self.serve()
        self.assertEqual(daemon.get(f'/streams/lab/snapshot.jpg{link}').status, 200)
        self.rules.path.write_text(re.sub(r'"link_key":"[^"]*"', f'"link_key":"{"A" * 43}"',
                                          self.rules.path.read_text()))
        until(lambda: daemon.get(f'/streams/lab/snapshot.jpg{link}').status == 401, 'the key changes')

    def test_a_link_for_a_region_shows_nothing_else(self):
        self.rules.token('t', 'view')
        link = self.rules.link('lab', '--region', '[0,0,99,49]')
        daemon = self.serve()
        picture = daemon.get(f'/streams/lab/snapshot.png{link}')
        self.assertEqual(picture.status, 200)
        self.assertEqual(tuple(int.from_bytes(picture.body[i:i + 4], 'big') for i in (16, 20)), (100, 50))
        wider = link.replace('99.0', '199.0')
        self.assertNotEqual(wider, link)
        for path in (f'/streams/lab/snapshot.png{wider}', f'/streams/lab/snapshot.png{link.split("&region")[0]}'):
            self.assertEqual(daemon.get(path).status, 401, path)
        for path in (f'/streams/lab/frame.npy{link}', f'/{link}&stream=lab', f'/api/v1/streams{link}&stream=lab',
                     f'/streams/lab/figure.json{link}'):
            self.assertIn(daemon.get(path).status, (401, 403, 404), path)

    def test_the_page_by_link_gets_a_session_for_that_stream_alone(self):
        self.rules.token('t', 'view')
        link = self.rules.link('lab')
        daemon = self.serve()
        page = daemon.http('GET', f'/{link}&stream=lab', {'Accept-Encoding': 'gzip'})
        self.assertEqual(page.status, 200)
        session = {'Cookie': page.headers['set-cookie'].split(';')[0]}
        viewer = Viewer(daemon, headers=session.items())
        self.addCleanup(viewer.close)
        self.assertEqual([s['name'] for s in viewer.wait(lambda m: m['type'] == 'streams')['streams']], ['lab'])
        self.assertEqual(viewer.ask_watch('other')['code'], 'unknown-stream')
        self.assertEqual(daemon.http('GET', '/streams/other/frame.npy', session).status, 404)
        self.assertEqual(daemon.http('PATCH', '/api/v1/streams/lab', session, b'{}').status, 403)

    def test_an_admin_makes_links_for_his_streams(self):
        admin = self.rules.token('a', 'admin', 'lab')
        daemon = self.serve()
        made = daemon.http('POST', '/api/v1/links', bearer(admin),
                           b'{"stream": "lab", "expires_in_s": 60, "region": [0, 0, 9, 9]}').json()
        self.assertEqual(daemon.get(f'/streams/lab/snapshot.jpg{made["query"]}').status, 200)
        self.assertAlmostEqual(made['expires_s'], time.time() + 60, delta=50)
        for body, status in ((b'{"stream": "other"}', 403), (b'{"stream": "lab", "expires_in_s": 0}', 400),
                             (b'{"stream": "lab*"}', 400), (b'{"stream": "lab", "region": [1]}', 400),
                             (b'[]', 400), (b'{', 400), (b'{"stream": "lab", "expires_in_s": 1e12}', 400)):
            self.assertEqual(daemon.http('POST', '/api/v1/links', bearer(admin), body).status, status, body)


class File(AccessCase):
    def test_anyone_may_what_is_given_to_anyone(self):
        self.rules.add('anyone', 'guests', 'view', 'lab')
        daemon = self.serve()
        self.assertEqual(daemon.get('/streams/lab/snapshot.jpg').status, 200)
        self.assertEqual(daemon.get('/streams/other/snapshot.jpg').status, 401)
        self.assertEqual(daemon.http('GET', '/streams/lab/snapshot.jpg', bearer('imt_x')).status, 401)
        self.assertEqual(daemon.http('GET', '/', {'Accept-Encoding': 'gzip'}).status, 200)
        viewer = Viewer(daemon)
        self.addCleanup(viewer.close)
        self.assertEqual([s['name'] for s in viewer.wait(lambda m: m['type'] == 'streams')['streams']], ['lab'])

    def test_loopback_is_no_way_round_the_rules(self):
        self.rules.token('t', 'view', '*', '--from', '127.0.0.0/8')
        daemon = self.start('--host', '0.0.0.0', '--access', self.rules.path, 'lab=test:lab')
        daemon.host = '127.0.0.1'
        self.assertEqual(daemon.get('/').status, 401)

    def test_without_a_rule_left_a_daemon_that_is_exposed_is_shut(self):
        token = self.rules.token('t', 'view')
        daemon = self.start('--host', '0.0.0.0', '--access', self.rules.path, 'lab=test:lab')
        daemon.host = '127.0.0.1'
        self.assertEqual(daemon.http('GET', '/api/v1/streams', bearer(token)).status, 200)
        self.rules.revoke('token', 't')
        daemon.logged('no rule is left: nobody may come in')
        self.assertEqual(daemon.http('GET', '/api/v1/streams', bearer(token)).status, 401)
        self.assertEqual(daemon.get('/api/v1/streams').status, 401)

    def test_a_broken_file_ends_the_start_and_leaves_a_running_daemon_as_it_is(self):
        token = self.rules.token('t', 'view')
        daemon = self.serve()
        good = self.rules.path.read_text()
        for bad in (good[:-20], good.replace('"view"', '"veiw"'), '[]', ''):
            self.rules.path.write_text(bad)
            daemon.logged('the rules stay as they were')
            daemon.log = ''
            self.assertEqual(daemon.http('GET', '/api/v1/streams', bearer(token)).status, 200)
            self.assertEqual(daemon.get('/api/v1/streams').status, 401)
        self.rules.path.unlink()
        self.assertEqual(daemon.http('GET', '/api/v1/streams', bearer(token)).status, 200)
        self.assertEqual(daemon.get('/api/v1/streams').status, 401)

    def test_the_command_shows_no_secret_and_takes_none_from_its_arguments(self):
        self.rules.user('ann', 's3cret', 'view,control', 'lab*', '--from', '10.0.0.0/8,::1', '--expires', '30d')
        token = self.rules.token('press', 'push')
        shown = self.rules.run('list')
        self.assertRegex(shown, r'user +ann +\d{4}-\d\d-\d\d \d\d:\d\dZ +view,control +lab\* +10.0.0.0/8,::1/128')
        self.assertRegex(shown, r'token +press +never +push +\* +anywhere')
        text = self.rules.path.read_text()
        for secret in ('s3cret', token):
            self.assertNotIn(secret, shown + text)
        self.assertEqual(self.rules.path.stat().st_mode & 0o777, 0o600)

    def test_the_command_says_what_is_wrong(self):
        self.rules.token('t', 'view')
        for args, stdin, code, word in (
                (('add', 'user', 'ann'), '', 1, 'password'), (('add', 'user', 'ann'), '\n', 1, 'empty'),
                (('add', 'user', 'ann'), 'a' * 400, 1, 'at most'), (('add', 'god', 'x'), '', 1, 'user, token'),
                (('add', 'token', 'a/b'), '', 1, 'letters'), (('add', 'token', 'a', '--rights', 'x'), '', 1, 'view'),
                (('add', 'token', 'a', '--from', '1.2.3'), '', 1, 'range'), (('add', 'peer', 'p'), '', 1, '--uid'),
                (('add', 'token', 'a', '--expires', '1y'), '', 1, '12h'), (('revoke', 'token', 'x'), '', 1, 'no token'),
                (('add', 'token', 'a', '--streams', 'a/b'), '', 1, '*'), (('link', 'l*'), '', 1, 'one stream'),
                (('link', 'lab', '--region', '[1]'), '', 1, 'region'), (('link', 'lab', '--expires', '9999d'), '', 1, ''),
                ((), '', 2, 'add'), (('add', 'token'), '', 2, 'KIND NAME'), (('forget',), '', 2, 'revoke')):
            with self.subTest(args=args):
                done = self.rules.run(*args, stdin=stdin, check=False)
                self.assertEqual((done.returncode, done.stderr.count('\n')), (code, 1), done)
                self.assertIn(word, done.stderr)

    def test_two_commands_at_once_lose_nothing(self):
        threads = [threading.Thread(target=self.rules.token, args=(f't{i}', 'view')) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(re.findall('^token', self.rules.run('list'), re.M)), 8)


if __name__ == '__main__':
    unittest.main()
