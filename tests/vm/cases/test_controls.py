# SPDX-License-Identifier: MIT
"""Controls: the daemon's list is v4l2-ctl's, what one sets the other sees, and the picture shows it."""
import io
import json

import numpy as np
from rig.controls import controls_get, controls_list, controls_set
from rig.vivid import WEBCAM, VividCase, source
from support.daemon import until
from support.viewer import connect

# v4l2-ctl's words for the daemon's.
TYPES = {'integer': 'int', 'boolean': 'bool', 'menu': 'menu', 'integer-menu': 'intmenu',
         'button': 'button', 'integer64': 'int64', 'bitmask': 'bitmask', 'string': 'str'}
DEFAULTS = {'brightness': 128, 'contrast': 128, 'hue': 0, 'gain_automatic': 1, 'menu': 3,
            'integer_32_bits': 0, 'integer_menu': 4, 'horizontal_flip': 0}


class Controls(VividCase):
    def setUp(self):
        super().setUp()
        controls_set(WEBCAM, **DEFAULTS)
        self.camera = self.start('-r', '320x180', '-f', 10, '-m', 'YUYV', source('cam', WEBCAM))
        self.viewer = connect(self, self.camera)
        self.viewer.until_state('cam', 'live')

    def list(self):
        got = self.camera.get('/api/v1/streams/cam/controls')
        self.assertEqual(got.status, 200, got.body)
        return {c['name']: c for c in got.json()['controls']}

    def patch(self, **values):
        return self.camera.http('PATCH', '/api/v1/streams/cam/controls',
                                {'Content-Type': 'application/json'}, json.dumps(values).encode())

    def assert_refused(self, name, values):
        before = self.list()
        got = self.patch(**values)
        self.assertEqual(got.status, 400, got.body)
        self.assertIn(name, got.json()['error'])
        self.assertEqual({k: v['value'] for k, v in before.items() if k in DEFAULTS},
                         {k: v['value'] for k, v in self.list().items() if k in DEFAULTS})

    def test_the_list_is_that_of_v4l2_ctl(self):
        driver = {k: v for k, v in controls_list(WEBCAM).items() if v['type'] in TYPES.values()}
        listed = self.list()
        self.assertEqual(set(listed), set(driver))
        for name, control in listed.items():
            with self.subTest(control=name):
                self.assertEqual(control['id'], driver[name]['id'])
                self.assertEqual(TYPES[control['type']], driver[name]['type'])

    def test_ranges_and_defaults_are_those_of_v4l2_ctl(self):
        driver = controls_list(WEBCAM)
        for name, control in self.list().items():
            if control['type'] not in ('integer', 'integer64'):
                continue
            with self.subTest(control=name):
                wanted = {key: int(driver[name][key]) for key in ('min', 'max', 'step', 'default')}
                # beyond what a JavaScript number holds a value may be text
                got = {'min': int(control['minimum']), 'max': int(control['maximum']),
                       'step': int(control['step']), 'default': int(control['default'])}
                self.assertEqual(got, wanted)

    def test_menus_are_those_of_v4l2_ctl(self):
        driver = controls_list(WEBCAM)
        menus = {name: c['menu'] for name, c in self.list().items()
                 if c['type'] in ('menu', 'integer-menu')}
        self.assertGreater(len(menus), 8)
        for name, menu in menus.items():
            with self.subTest(control=name):
                self.assertEqual({item['index']: str(item['name']) for item in menu},
                                 driver[name]['menu'])

    def test_flags_are_told(self):
        listed = self.list()
        self.assertIn('write-only', listed['disconnect']['flags'])
        self.assertIn('read-only', listed['read_only_integer_32_bits']['flags'])
        self.assertTrue({'inactive', 'volatile'} <= set(listed['gain']['flags']))
        self.assertNotIn('inactive', listed['brightness']['flags'])

    def test_what_is_set_reaches_the_driver(self):
        values = {'brightness': 100, 'hue': -7, 'menu': 4, 'integer_menu': 5,
                  'integer_32_bits': -2000000000}
        got = self.patch(**values)
        self.assertEqual(got.status, 200, got.body)
        answered = {c['name']: c['value'] for c in got.json()['controls']}
        for name, value in values.items():
            self.assertEqual(answered[name], value, name)
            self.assertEqual(controls_get(WEBCAM, name), value, name)

    def test_a_control_that_another_sets_free_is_no_longer_inactive(self):
        self.assertEqual(self.patch(gain_automatic=0).status, 200)
        self.assertNotIn('inactive', self.list()['gain']['flags'])
        self.assertEqual(self.patch(gain=33).status, 200)
        self.assertEqual(controls_get(WEBCAM, 'gain'), 33)

    def test_what_another_program_sets_is_seen(self):
        controls_set(WEBCAM, contrast=77)
        until(lambda: self.list()['contrast']['value'] == 77, 'the contrast that v4l2-ctl set')

    def test_viewers_are_told_of_a_change(self):
        self.viewer.watch('cam')
        controls_set(WEBCAM, contrast=55)
        self.viewer.wait(lambda m: m['type'] == 'controls' and m['stream'] == 'cam'
                         and m['changed'].get('contrast') == 55, 'the new contrast')

    def test_the_picture_becomes_brighter(self):
        def level():
            got = self.camera.get('/streams/cam/frame.npy')
            return int(np.load(io.BytesIO(got.body))[90, -10].mean())  # the black bar
        self.assertLess(level(), 10)
        self.assertEqual(self.patch(brightness=255).status, 200)
        until(lambda: level() > 60, 'a black bar that is no longer black')

    def test_mistakes_are_refused_by_name_and_change_nothing(self):
        for name, value in (('brightness', 256), ('brightness', 'much'), ('menu', 2),
                            ('read_only_integer_32_bits', 3), ('no_such_control', 1)):
            with self.subTest(name=name, value=value):
                self.assert_refused(name, {'contrast': 99, name: value})

    def test_what_is_no_map_of_controls_is_refused(self):
        for body in (b'[1]', b'{"brightness": {}}', b'{', b''):
            with self.subTest(body=body):
                got = self.camera.http('PATCH', '/api/v1/streams/cam/controls',
                                       {'Content-Type': 'application/json'}, body)
                self.assertEqual(got.status, 400, got.body)
