# SPDX-License-Identifier: MIT
"""The figure of a pushed array is the one that px.imshow makes, and PATCH changes it for everyone."""
import json
import sys
import unittest
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from support.daemon import DaemonCase
from support.viewer import connect
from test_post import npy

GOLDEN = Path(__file__).resolve().parent.parent / 'golden'
sys.path.insert(0, str(GOLDEN))
import compare  # noqa: E402

QUERY_MAX = 1500


def plain(value):
    """A case's parameter as the wire has it."""
    if isinstance(value, dict) and 'ndarray' in value:
        return {'dtype': value['ndarray']['dtype'], 'data': value['ndarray']['values']}
    if isinstance(value, dict) and 'datetime' in value:
        return value['datetime']
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def array_cases():
    for path in sorted((GOLDEN / 'imshow').iterdir()):
        if not path.is_dir():
            continue
        case = json.loads((path / 'case.json').read_text(encoding='utf-8'))
        if case['call'] == 'imshow' and case['input'].get('kind') == 'ndarray':
            yield path, case


class Golden(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def change(self, name, **what):
        return self.daemon.http('PATCH', f'/api/v1/streams/{name}', body=json.dumps(what).encode())

    def figure(self, name, body, case):
        """The figure as the daemon gives it, or the answer that refused it."""
        params = {key: plain(value) for key, value in case['params'].items()}
        query = urlencode({key: json.dumps(value) for key, value in params.items()})
        late = len(query) > QUERY_MAX
        path = f'/push/{name}' + ('' if late or not query else '?' + query)
        answer = self.daemon.http('POST', path, body=body)
        if answer.status == 200 and late:
            answer = self.change(name, params=params)
        if answer.status == 200 and case.get('ops'):
            answer = self.change(name, ops=case['ops'])
        if answer.status == 200:
            answer = self.daemon.get(f'/streams/{name}/figure.json')
        return answer

    def test_every_array_of_the_golden_set(self):
        count = 0
        for path, case in array_cases():
            if any(token in json.dumps(case.get('ops', [])) for token in ('$input:', '$input[')):
                continue  # these names are bound by programs, not by the daemon
            if 0 in case['input']['shape']:
                continue  # a frame without pixels is no frame
            with self.subTest(case=case['id']):
                answer = self.figure(path.name, (path / case['input']['file']).read_bytes(), case)
                if case['expect'] == 'error':
                    self.assertEqual(answer.status, 400, answer.body[:300])
                    continue
                self.assertEqual(answer.status, 200, answer.body[:300])
                want = json.loads((path / 'figure.json').read_text(encoding='utf-8'))
                template = case.get('compare', {}).get('template', 'presence')
                self.assertEqual(compare.compare(want, answer.json(), template=template), [])
                count += 1
        self.assertGreater(count, 100)


class Patch(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def setUp(self):
        super().setUp()
        self.daemon.http('POST', '/push/a?title=old', body=npy(np.arange(12, dtype='u2').reshape(3, 4)))

    def change(self, status=200, **what):
        answer = self.daemon.http('PATCH', '/api/v1/streams/a', body=json.dumps(what).encode())
        self.assertEqual(answer.status, status, answer.body)
        return answer.json()

    def title(self):
        return self.daemon.get('/streams/a/figure.json').json()['layout']['title']['text']

    def test_a_title_reaches_the_viewers_as_a_patch(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('a')['view']
        self.change(params={'title': 'new'})
        patch = viewer.wait(lambda m: m['type'] == 'patch', 'a patch')
        self.assertEqual(patch['view'], view)
        self.assertEqual(patch['patch'], [[['layout', 'title', 'text'], 'new']])
        self.assertEqual(self.title(), 'new')

    def test_other_limits_are_another_view(self):
        viewer = connect(self, self.daemon)
        view = viewer.watch('a')['view']
        self.change(params={'zmin': 3})
        ended = viewer.wait(lambda m: m['type'] == 'ended', 'the end of the view')
        self.assertEqual(ended['view'], view)
        self.assertEqual(viewer.watch('a')['spec']['zmin'], 3)

    def test_null_takes_a_parameter_away_and_the_others_stay(self):
        told = self.change(params={'zmin': 1, 'aspect': 'auto'})
        self.assertEqual(told['params'], {'title': 'old', 'zmin': 1, 'aspect': 'auto'})
        told = self.change(params={'zmin': None})
        self.assertEqual(told['params'], {'title': 'old', 'aspect': 'auto'})

    def test_a_labelled_volume_may_be_pushed_unsliced_or_sliced(self):
        self.daemon.http('POST', '/push/volume', body=npy(np.zeros((3, 4, 5), 'f4')))
        for what in ({'labelled': {'dims': ['t', 'y', 'x'], 'coords': {}, 'attrs': {}}},
                     {'params': {'facet_col': 't'}}):
            answer = self.daemon.http('PATCH', '/api/v1/streams/volume',
                                      body=json.dumps(what).encode())
            self.assertEqual(answer.status, 200, answer.body)
        figure = self.daemon.get('/streams/volume/figure.json').json()
        self.assertEqual(len(figure['data']), 3)
        self.assertEqual(figure['layout']['xaxis']['title']['text'], 'x')

    def test_ops_replace_each_other(self):
        self.change(ops=[{'op': 'update_layout', 'args': {'title': 'by op'}}])
        self.assertEqual(self.title(), 'by op')
        self.change(ops=[])
        self.assertEqual(self.title(), 'old')

    def test_a_mistake_changes_nothing(self):
        for what in ({'params': {'title': 'bad', 'zmin': 'low'}}, {'params': {'title': 'bad', 'nope': 1}},
                     {'params': [1]}, {'params': {'title': 'bad', 'x': [1, 2, 3]}},
                     {'params': {'title': 'bad'}, 'ops': [{'op': 'dance'}]},
                     {'params': {'title': 'bad'}, 'ops': {}},
                     {'params': {'title': 'bad'}, 'labelled': {'dims': ['a']}}):
            with self.subTest(what=what):
                self.assertTrue(self.change(400, **what)['error'])
                self.assertEqual(self.title(), 'old')

    def test_what_is_no_json_or_no_stream_is_refused(self):
        for body in (b'', b'{', b'[1]', b'nonsense'):
            answer = self.daemon.http('PATCH', '/api/v1/streams/a', body=body)
            self.assertEqual(answer.status, 400, body)
        answer = self.daemon.http('PATCH', '/api/v1/streams/none', body=b'{}')
        self.assertEqual(answer.status, 404)

    def test_a_foreign_page_changes_nothing(self):
        answer = self.daemon.http('PATCH', '/api/v1/streams/a', body=b'{"params":{"title":"bad"}}',
                                  headers={'Origin': 'http://evil.example'})
        self.assertEqual(answer.status, 403)
        self.assertEqual(self.title(), 'old')


if __name__ == '__main__':
    unittest.main()
