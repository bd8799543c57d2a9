# SPDX-License-Identifier: MIT
"""docs/openapi.yaml tells every route, what right it takes, and every field of what it answers: no more and no less."""
import json
import re
import unittest

import jsonschema
import numpy as np

from support.access import AccessCase, basic, bearer, table
from support.camera import Cameras
from support.daemon import ROOT, DaemonCase, until
from support.openapi import Spec, walk
from support.pusher import Pusher
from support.recorder import until_session
from support.recording import marker, record, stream

API = '/api/v1/recordings'


class Document(unittest.TestCase):
    def setUp(self):
        self.spec = Spec()

    def test_every_route_is_in_it_with_its_right_and_it_has_no_other(self):
        routes = {(route.pattern, route.method): route.right for route in table()}
        self.assertEqual({key: op['x-right'] for key, op in self.spec.operations().items()}, routes)

    def test_it_is_whole(self):
        """References lead somewhere, names in paths are parameters, schemas are schemas."""
        for path, node in walk(self.spec.document):
            with self.subTest(path='/'.join(map(str, path))):
                if '$ref' in node:
                    self.spec.resolve(node)
                if 'schema' in node:
                    jsonschema.Draft202012Validator.check_schema(node['schema'])
        for name, schema in self.spec.document['components']['schemas'].items():
            with self.subTest(schema=name):
                jsonschema.Draft202012Validator.check_schema(schema)
        for path, item in self.spec.document['paths'].items():
            declared = {self.spec.resolve(p)['name'] for p in item.get('parameters', ())}
            self.assertEqual(declared, set(re.findall(r'\{(\w+)\}', path)), path)

    def test_every_operation_says_what_it_does_and_what_a_mistake_gets(self):
        for key, operation in self.spec.operations().items():
            with self.subTest(operation=key):
                self.assertTrue(operation['summary'].endswith('.'))
                self.assertTrue(any(s[0] in '123' for s in operation['responses']), 'a good answer')
                mistake = self.spec.resolve(operation['responses'].get('default') or {})
                self.assertEqual(mistake['content']['application/json']['schema'],
                                 {'$ref': '#/components/schemas/Error'})
                self.assertEqual('401' in operation['responses'],
                                 operation['x-right'] != 'none' or key == ('/login', 'POST'))

    def test_snapshots_take_the_view_keys_of_the_protocol(self):
        text = (ROOT / 'docs/protocol.md').read_text(encoding='utf-8')
        rows = re.findall(r'^\| (`.*?) \|', text[text.index('## 3.'):text.index('**Adapting.**')], re.M)
        keys = {key for row in rows for key in re.findall(r'`(\w+)`', row)} - {'timeline', 'codec'}
        for path in ('/streams/{name}/snapshot.jpg', '/streams/{name}/snapshot.png', '/snapshot'):
            told = {self.spec.resolve(p)['name'] for p in self.spec.operation('GET', path.format(name='x'))['parameters']}
            self.assertEqual(told - {'after', 't', 'frame'}, keys, path)

    def test_answers_have_no_room_for_fields_that_are_not_told(self):
        """An object is closed, or says in words why it is open."""
        for where, schema in self.spec.answer_schemas().values():
            if schema.get('type') == 'object':
                with self.subTest(schema=where):
                    self.assertIn('additionalProperties', schema)
                    is_closed = schema['additionalProperties'] is False
                    self.assertTrue(is_closed or schema.get('description') or where == 'Op')


class Answers(DaemonCase):
    """One daemon that has one of each; what it says is kept in self.spec."""

    def setUp(self):
        super().setUp()
        self.spec = Spec()

    def ask(self, method, path, body=None, status=200, headers=None):
        """The answer, which is as described."""
        data = None
        if isinstance(body, bytes):
            data = body
        elif body is not None:
            self.spec.check_request(method, path, body)
            data = json.dumps(body).encode()
        answer = self.daemon.http(method, path, headers, data)
        self.assertEqual(answer.status, status, answer.body)
        self.spec.check(method, path, answer)
        return answer

    def begin(self):
        cameras = Cameras(self.folder, sizes='64x48', fps=15)
        cameras.add('yuyv', formats='YUYV')
        cameras.add('bayer', formats='SRGGB10')
        night = record(f'{self.folder}/night.mcap', stream('old', np.ones((5, 4, 4), 'u1')), marker(100, 'lamp on'))
        self.daemon = self.start(
            'lab=test:lab', *cameras.sources(), f'night=replay:{night}', '--recordings', f'{self.folder}/recordings',
            '--push-unix', f'{self.folder}/push', env=cameras.env())
        self.pusher = Pusher(
            self, f'{self.folder}/push', 'photo', params={'zmin': 0},
            labelled={'dims': ['y', 'x'], 'name': 'heat', 'attrs': {'units': 'K'},
                      'coords': {'x': {'dims': ['x'], 'attrs': {}, 'data': [1.0, 2.0, 4.0]}}},
            ops=[{'op': 'update_layout', 'args': {'title': 'x'}}], view={'transform': 'gamma', 'gamma': 0.5})
        self.pusher.push(np.ones((2, 3), 'u1'), time_us=1, meta={'lens': 7})

    def streams(self):
        for name in ('lab', 'photo', 'yuyv', 'bayer'):
            self.ask('GET', f'/streams/{name}/snapshot.jpg?width=32')  # waits for the first frame
        listed = self.ask('GET', '/api/v1/streams').json()['streams']
        self.assertGreaterEqual({s['name'] for s in listed}, {'lab', 'photo', 'yuyv', 'bayer', 'night'})
        for name in ('lab', 'photo', 'yuyv', 'bayer', 'night'):
            self.ask('GET', f'/api/v1/streams/{name}')
        self.ask('GET', '/api/v1/streams/yuyv/controls')
        self.ask('PATCH', '/api/v1/streams/yuyv/controls', {'brightness': 100, 'contrast': None})
        self.ask('PATCH', '/api/v1/streams/yuyv/controls', {'brightness': 10**6}, 400)
        self.ask('PATCH', '/api/v1/streams/photo', {'params': {'title': 'Heat'}, 'view': {'transform': 'log'}})
        self.ask('PATCH', '/api/v1/streams/photo', {'params': {'zmim': 1}}, 400)
        npy = self.ask('GET', '/streams/photo/frame.npy')
        self.assertEqual(json.loads(npy.headers['x-meta']), {'lens': 7})
        self.ask('POST', '/push/posted?time_us=5', npy.body)
        self.ask('POST', '/push/posted', b'what is this?', 415)

    def pictures(self):
        for what in ('snapshot.png', 'frame.npy', 'figure.json', 'figure.html'):
            self.ask('GET', f'/streams/lab/{what}')
        self.ask('GET', '/streams/night/frame.npy?frame=2')
        self.ask('GET', '/streams/night/frame.npy?frame=99', status=400)
        self.ask('GET', '/streams/lab/snapshot.jpg?width=x', status=400)
        for path in ('/', '/assets/index.html', '/login', '/healthz', '/metrics', '/snapshot', '/?action=snapshot',
                     '/api/v1/session'):
            self.ask('GET', path)
        for name in re.findall(r'/assets/[\w.-]+', self.daemon.get('/').body.decode()):
            self.ask('GET', name)
        for path in ('/stream?key=mine', '/?action=stream', '/streams/lab/stream.mjpg'):
            connection = self.daemon.connection()
            connection.request('GET', path)
            response = connection.getresponse()
            described = self.spec.operation('GET', path)['responses']['200']['content']
            self.assertIn(response.getheader('content-type'), described)
            response.read(1000)
            if 'key' in path:
                self.ask('GET', '/state')
            connection.close()

    def recordings(self):
        self.ask('POST', API, {'streams': ['lab'], 'name': 'one', 'duration_s': 600, 'part_s': 300}, 201)
        self.ask('POST', API, {'streams': 'lab', 'name': 'armed', 'trigger': 'mean', 'limit': 1e9, 'pre_s': 1,
                               'post_s': 1, 'every_s': 1, 'part_bytes': 10**9}, 201)
        self.ask('POST', API, {'streams': 'lab', 'name': 'planned', 'schedule': '08:00-18:00'}, 201)
        until_session(self.daemon, 'one', lambda s: s['frames'] > 3, 'frames')
        self.ask('POST', f'{API}/one/marker', {'text': 'here'})
        self.ask('POST', f'{API}/armed/trigger', {})
        self.ask('POST', f'{API}/one/trigger', {}, 409)
        self.ask('GET', '/api/v1/streams/lab')
        self.ask('GET', f'{API}/one')
        self.ask('GET', API)
        for name in ('one', 'armed', 'planned'):
            self.ask('POST', f'{API}/{name}/stop', {})
        until(lambda: self.daemon.get(f'{API}/one').json().get('state') == 'finished', 'the file')
        self.assertTrue(self.ask('GET', f'{API}/one').json()['markers'])
        self.ask('POST', API, {'streams': ['lab'], 'name': 'one'}, 409)
        self.ask('POST', API, {'streams': ['nobody']}, 404)
        self.ask('GET', '/recordings/one.mcap')
        self.ask('GET', '/recordings/one.mcap', headers={'Range': 'bytes=0-9'}, status=206)
        self.ask('GET', '/recordings/one.mcap', headers={'Range': 'bytes=999999999-'}, status=416)
        picture = self.ask('GET', '/recordings/one.jpg')
        self.ask('GET', '/recordings/one.jpg', headers={'If-None-Match': picture.headers['etag']}, status=304)
        self.ask('GET', API)
        self.ask('PATCH', f'{API}/one', {'name': 'two'})
        self.ask('DELETE', f'{API}/two')
        self.ask('DELETE', f'{API}/two', status=404)

    def test_each_is_as_described_and_every_field_that_is_described_comes(self):
        self.begin()
        self.streams()
        self.pictures()
        self.recordings()
        self.assertEqual(self.spec.unseen(), ['Link.expires_s', 'Link.query', 'Link.stream'])  # Rights asks for it

    def test_mistakes_are_as_described_on_every_route(self):
        self.daemon = self.start('lab=test:lab')
        for route in table():
            path = route.path('no-such-thing')
            with self.subTest(route=route.pattern, method=route.method):
                for headers, status in (({'Host': 'elsewhere.example'}, 403),
                                        ({'Origin': 'http://elsewhere.example'}, 403)):
                    self.ask(route.method, path, b'{}' if route.method in ('POST', 'PATCH') else None, status, headers)
                if route.method in ('POST', 'PATCH'):
                    connection = self.daemon.connection()
                    connection.putrequest(route.method, path)
                    connection.putheader('Content-Length', str(1 << 40))
                    connection.endheaders()
                    self.assertEqual(connection.getresponse().status, 413)
                    connection.close()
                if route.is_of_stream and not route.is_socket and route.right != 'push':
                    self.ask(route.method, path, b'{}' if route.method == 'PATCH' else None, 404)


class Rights(AccessCase):
    def test_who_may_not_gets_what_is_described_and_who_may_a_session_and_links(self):
        spec = Spec()
        self.rules.user('ann', 'x', 'view')
        token, admin = self.rules.token('far', 'view', 'other'), self.rules.token('root', 'admin')
        daemon = self.serve()
        for route in table():
            body = b'{}' if route.method in ('POST', 'PATCH') else None
            if route.right == 'none' or route.is_socket:
                continue
            path = route.path('lab' if route.is_of_stream else 'x')
            with self.subTest(route=route.pattern, method=route.method):
                for headers, statuses in (({}, (401,)), ({'Accept': 'text/html'}, (401,)),
                                          (bearer(token) if route.is_of_stream or body else {}, (401, 403, 404))):
                    answer = daemon.http(route.method, path, headers, body)
                    self.assertIn(answer.status, statuses)
                    spec.check(route.method, path, answer)
        form = {'Content-Type': 'application/x-www-form-urlencoded'}
        spec.check('POST', '/login', daemon.http('POST', '/login', form, b'name=ann&password=wrong'))
        spec.check('POST', '/login', daemon.http('POST', '/login', form, b'name=ann'))
        came = daemon.http('POST', '/login', form, b'name=ann&password=x')
        spec.check('POST', '/login', came)
        cookie = {'Cookie': came.headers['set-cookie'].partition(';')[0]}
        self.assertRegex(cookie['Cookie'], spec.document['components']['securitySchemes']['session']['name'].replace('PORT', r'\d+'))
        spec.check('GET', '/api/v1/session', daemon.http('GET', '/api/v1/session', cookie))
        spec.check('POST', '/logout', daemon.http('POST', '/logout', cookie, b'x'))
        spec.check('GET', '/api/v1/streams', daemon.get('/api/v1/streams', **basic('ann', 'x')))
        wish = {'stream': 'lab', 'expires_in_s': 60, 'region': [0, 0, 9, 9]}
        spec.check_request('POST', '/api/v1/links', wish)
        link = daemon.http('POST', '/api/v1/links', bearer(admin), json.dumps(wish).encode())
        self.assertEqual(link.status, 200, link.body)
        spec.check('POST', '/api/v1/links', link)
        spec.check('POST', '/api/v1/links', daemon.http('POST', '/api/v1/links', bearer(admin), b'{"stream": 7}'))
        self.assertFalse([name for name in spec.unseen() if name.startswith(('Link.', 'WhoYouAre.'))])


if __name__ == '__main__':
    unittest.main()
